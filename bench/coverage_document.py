"""The table of coverages as a Markdown document."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import polars as pl

from bench.coverage_setting import OTHERS_OF_SCHOOL, Setting

AIMED = 0.93
"""Coverage that the product's default is to reach in every cell of the main table."""

INTRODUCTION = """\
# How often the intervals of small areas hold the truth

`make coverage` wrote this page (seed {seed}).

A municipality is drawn again and again. Each of its schools has a share of its own around the
true one. {areas} areas of 15 to 60 pupils each have them in one to four schools, spread evenly;
{others} pupils of every school live elsewhere. The sums per school go into `compute_estimates`, as
those of a survey do, with the school as sampling unit. A cell is a share, a number of pupils and
of schools, and a correlation between two pupils of a school. Its coverage is how often the 95 %
interval held the true share: that an area's only school happens to be unlike others is part of
the error.

- **product**: what a site gets that says nothing else. An area with less than 8 degrees of freedom
  has an interval from a design effect pooled over the municipality.
- **own**: from the area's own schools, however few (`few_psus: {{interval: own}}`). An area in one
  school has none.
- **plain**: p ± 1.96 √(p (1 − p) / n), as if pupils were drawn one by one.

The correlations are 0.01, 0.02 and 0.05 (project_choice), and 0.10 and 0.20 as a hard case. Between
schools within 21 European countries, Shackleton et al. (2016, SSM - Population Health 2, 217-225)
found 0.01 to 0.21 for substance use and 0.01 to 0.07 for depressed mood and self-esteem.

Coverage is in %, mean width in percentage points. A coverage of 95 from 4,000 draws has a standard
error of 0.3, from 2,000 of 0.5, so that the lowest of many cells looks lower than it is.
"""


class Counted(NamedTuple):
    """A setting and ``count`` of it."""

    setting: Setting
    cells: pl.DataFrame

    @property
    def shares(self) -> pl.DataFrame:
        """Cells of shares."""
        return self.cells.filter(pl.col("share").is_not_null())

    @property
    def means(self) -> pl.DataFrame:
        """Cells of mean scores."""
        return self.cells.filter(pl.col("share").is_null())


def document(main: Counted, others: list[Counted], seed: int) -> str:
    """The whole page."""
    areas = len(main.setting.areas())
    lines = [
        INTRODUCTION.format(seed=seed, areas=areas, others=OTHERS_OF_SCHOOL),
        "## In short",
        "",
        *_summary(main, others),
        "",
        *_below(main, others),
        "",
        "## Shares, cell by cell",
        "",
        f"{main.setting.label}, {main.setting.replications:,} draws. Mean width in brackets; "
        "“none in” is the % of draws without an interval.",
    ]
    for (correlation,), cells in main.shares.group_by("correlation", maintain_order=True):
        lines += ["", f"### Correlation {correlation:.2f}", "", *_cells(cells)]
    return "\n".join([*lines, "", "## Mean scores", "", *_mean_cells(main.means), ""])


def _summary(main: Counted, others: list[Counted]) -> Iterator[str]:
    yield "| municipality | interval | cells | lowest | mean | cells under 93 % | mean width |"
    yield "|---|---|--:|--:|--:|--:|--:|"
    yield from (_summary_row(main, main.shares, method) for method in ("product", "own", "plain"))
    yield from (_summary_row(each, each.shares, "product") for each in others)


def _summary_row(counted: Counted, cells: pl.DataFrame, method: str) -> str:
    cells = cells.drop_nulls(f"{method}_coverage")
    coverage, width = cells[f"{method}_coverage"], cells[f"{method}_width"]
    numbers = [
        str(cells.height),
        _percent(coverage.min()),
        _percent(coverage.mean()),
        str((coverage < AIMED).sum()),
        _percent(width.mean()),
    ]
    return f"| {counted.setting.label} | {method} | {' | '.join(numbers)} |"


def _below(main: Counted, others: list[Counted]) -> Iterator[str]:
    """What the product's interval does not reach, cell by cell."""
    found = [
        f"- {each.setting.label}: {row['n']} pupils in {row['n_schools']}, share "
        f"{_percent(row['share'], 0)} %, correlation {row['correlation']:.2f}: "
        f"{_percent(row['product_coverage'])} %"
        for each in (main, *others)
        for row in each.shares.filter(pl.col("product_coverage") < AIMED).to_dicts()
    ]
    if not found:
        yield f"No cell of any municipality is under {_percent(AIMED, 0)} %."
        return
    yield f"Cells in which the product's interval covers less than {_percent(AIMED, 0)} %:"
    yield from ("", *found)


def _cells(cells: pl.DataFrame) -> Iterator[str]:
    yield "| share | pupils | schools | product | own | plain |"
    yield "|--:|--:|--:|--:|--:|--:|"
    for row in cells.to_dicts():
        answers = " | ".join(_answer(row, method) for method in ("product", "own", "plain"))
        share = _percent(row["share"], 0)
        yield f"| {share} % | {row['n']} | {row['n_schools']} | {answers} |"


def _mean_cells(cells: pl.DataFrame) -> Iterator[str]:
    yield "Scores are normal with a standard deviation of 1 point; widths are in points."
    yield ""
    yield "| correlation | pupils | schools | product | own |"
    yield "|--:|--:|--:|--:|--:|"
    for row in cells.to_dicts():
        answers = " | ".join(_answer(row, method, 1) for method in ("product", "own"))
        yield f"| {row['correlation']:.2f} | {row['n']} | {row['n_schools']} | {answers} |"


def _answer(row: dict[str, Any], method: str, unit: int = 100) -> str:
    if row[f"{method}_coverage"] is None:
        return "none"
    width = row[f"{method}_width"] * unit
    shown = f"{_percent(row[f'{method}_coverage'])} ({width:.{0 if unit > 1 else 2}f})"
    answered = row[f"{method}_answered"]
    return shown if answered == 1 else f"{shown}, none in {_percent(1 - answered)}"


def _percent(share: Any, decimals: int = 1) -> str:
    return f"{100 * share:.{decimals}f}"
