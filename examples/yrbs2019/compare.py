"""CDC's printed figures beside the engine's, each with a verdict.

``python -m examples.yrbs2019.compare --estimates estimates.csv --published FOLDER``
"""

from collections import Counter
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Literal

import typer

from examples.yrbs2019.published import PublishedFigure, load_published, load_rows
from pipeline.errors import UppvaxtError, UsageError

Verdict = Literal["equal", "explained", "DIFFERS", "MISSING"]
Estimates = dict[tuple[str, str], dict[str, str]]
"""Rows of estimates of the whole country by variable (lower case) and gender."""

COUNTS = frozenset({"n", "df"})
"""Quantities that are not shares; CDC prints all others in percent."""

TOLERANCE = Decimal("1e-9")
"""Percentage points by which arithmetic with floats may miss half a digit."""

FULL_DESIGN_KG_UPPER = Decimal("7.995")
"""Upper Korn-Graubard limit of QN8, percent, with the full design's 37 degrees of freedom.

CDC prints 8.00, which R gives with the 33 of the PSUs that answered (8.001).
"""


def judge(figure: PublishedFigure, computed: Decimal | None) -> Verdict:
    """Whether a computed number is the printed one.

    Args:
        figure: what CDC printed.
        computed: in the figure's unit (percent or count); null if there is no such estimate.

    Returns:
        ``equal`` within half a unit of the last printed digit; ``explained`` for the one
        difference whose cause is known.
    """
    if computed is None:
        return "MISSING"
    half_a_digit = Decimal(1).scaleb(int(figure.printed.as_tuple().exponent)) / 2
    if abs(computed - figure.printed) <= half_a_digit + TOLERANCE:
        return "equal"
    rounded = computed.quantize(FULL_DESIGN_KG_UPPER, ROUND_HALF_UP)
    if (figure.variable, figure.quantity, rounded) == ("QN8", "kg_upper", FULL_DESIGN_KG_UPPER):
        return "explained"
    return "DIFFERS"


def computed_figure(figure: PublishedFigure, estimates: Estimates) -> Decimal | None:
    """The engine's number for a printed one, in the printed one's unit; null if it has none."""
    row = estimates.get((figure.variable.lower(), figure.gender), {})
    try:
        number = Decimal(row.get(figure.quantity, ""))
    except InvalidOperation:
        return None
    if not number.is_finite():
        return None
    return number if figure.quantity in COUNTS else number * 100


def load_estimates(path: Path) -> Estimates:
    """The shares of the whole country, all grades together.

    Raises:
        UsageError: the file cannot be read, lacks a column or repeats a row.
    """
    needed = {"wave", "area_id", "grade", "gender", "measure_id", "statistic", "estimate"}
    estimates: Estimates = {}
    for row in load_rows(path, needed):
        place = (row["wave"], row["area_id"], row["grade"], row["statistic"])
        if place != ("2019", "united_states", "all", "share"):
            continue
        # Outcomes are named after CDC's variable: qn8_seat_belt.
        key = (row["measure_id"].partition("_")[0], row["gender"])
        if key in estimates:
            raise UsageError(f"{path}: two rows for {key[0]}, gender {key[1]}; expected one.")
        estimates[key] = row
    return estimates


def compare(
    estimates_path: Annotated[Path, typer.Option("--estimates", help="Long estimates, CSV.")],
    published_folder: Annotated[Path, typer.Option("--published", help="CDC's tables.")],
) -> None:
    """Print every published figure with the computed one. Exit code 1 if any differs."""
    try:
        published, estimates = load_published(published_folder), load_estimates(estimates_path)
    except UppvaxtError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(error.exit_code) from None
    verdicts: Counter[Verdict] = Counter()
    typer.echo(_line("source", "variable", "gender", "quantity", "printed", "computed", "verdict"))
    for figure in published:
        computed = computed_figure(figure, estimates)
        verdict = judge(figure, computed)
        verdicts[verdict] += 1
        typer.echo(_row(figure, computed, verdict))
    _close(verdicts)
    if verdicts["DIFFERS"] or verdicts["MISSING"]:
        raise typer.Exit(1)


def _row(figure: PublishedFigure, computed: Decimal | None, verdict: Verdict) -> str:
    is_count = figure.quantity in COUNTS
    shown = "" if computed is None else f"{computed:.0f}" if is_count else f"{computed:.4f}"
    texts = [figure.source, figure.variable, figure.gender, figure.quantity]
    return _line(*texts, str(figure.printed), shown, verdict)


def _line(*cells: str) -> str:
    widths = (16, 9, 7, 12)
    texts = [f"{cell:<{width}}" for cell, width in zip(cells[:4], widths, strict=True)]
    return " ".join([*texts, f"{cells[4]:>8}", f"{cells[5]:>10}", f" {cells[6]}"])


def _close(verdicts: Counter[Verdict]) -> None:
    if verdicts["explained"]:
        typer.echo(
            "explained: QN8's upper Korn-Graubard limit. CDC's 8.00 has the 33 degrees of freedom "
            "of the PSUs that answered; 7.995 has the 37 of the full design, as in all other rows."
        )
    differ = verdicts["DIFFERS"] + verdicts["MISSING"]
    typer.echo(
        f"{verdicts.total()} figures: {verdicts['equal']} equal at the printed digit, "
        f"{verdicts['explained']} explained, {differ} differ"
    )


if __name__ == "__main__":
    typer.run(compare)
