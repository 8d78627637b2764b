"""The commands about norms: derive one, show one, set two beside each other."""

import json
from typing import Annotated, Any

import polars as pl
import typer

from pipeline.commands.terminal import (
    SAMPLE,
    JsonOption,
    QuietOption,
    SiteOption,
    WaveOption,
    answer,
    teller,
)
from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.fit import load_catalogue
from pipeline.definitions.lookup import find_norm, find_wave
from pipeline.definitions.norm import Norm
from pipeline.documents.norm_table import comparison_text, gaps_text, norm_text, warnings_text
from pipeline.documents.norm_text import cutoffs_text, with_cutoffs
from pipeline.documents.norm_words import norm_source
from pipeline.errors import UsageError
from pipeline.files import write_whole

norms_app = typer.Typer(no_args_is_help=True, help="Cut-offs and where they come from.")

NormArgument = Annotated[str, typer.Argument(help="Id of a norm that is defined for the site.")]
CsvOption = Annotated[bool, typer.Option("--csv", help="Print the rows as CSV.")]


@norms_app.command("derive")
def derive(
    norm: NormArgument,
    site: SiteOption = SAMPLE,
    write: Annotated[bool, typer.Option("--write", help="Replace the file's cut-offs.")] = False,
    quiet: QuietOption = False,
) -> None:
    """Derive a norm's cut-offs from the site's wave of its year, by its own rule."""
    catalogue = load_catalogue(site)
    definition, path = find_norm(catalogue, norm)
    find_wave(catalogue, definition.wave)
    from pipeline.review import derive_norm  # noqa: PLC0415 - SciPy is slow to load

    derived = derive_norm(catalogue, definition, teller(quiet=quiet))
    text = cutoffs_text(derived.cutoffs)
    if write:
        write_whole(path, with_cutoffs(path.read_text("utf-8"), text))
        text = str(path)
    rows = _review(definition.model_copy(update={"cutoffs": derived.cutoffs}), catalogue)
    for notice in (*gaps_text(derived.gaps), *warnings_text(rows)):
        typer.echo(notice, err=True)
    typer.echo(text)


@norms_app.command("show")
def show(
    norm: NormArgument,
    *,
    site: SiteOption = SAMPLE,
    as_csv: CsvOption = False,
    as_json: JsonOption = False,
) -> None:
    """Print a norm: its source, its rule in words, and each cut-off with how well it works."""
    _refuse_two_forms(as_csv=as_csv, as_json=as_json)
    catalogue = load_catalogue(site)
    definition, _ = find_norm(catalogue, norm)
    rows = _review(definition, catalogue)
    if as_csv:
        _print_csv(_outcome_rows(rows))
        return
    about = json.loads(definition.model_dump_json(exclude={"cutoffs"}))
    text = norm_text(definition, norm_source(definition, catalogue, "en"), rows)
    answer(about | {"cutoffs": rows}, text, as_json=as_json)


@norms_app.command("compare")
def compare(
    first: NormArgument,
    second: NormArgument,
    *,
    site: SiteOption = SAMPLE,
    wave: WaveOption = None,
    as_csv: CsvOption = False,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Set two norms side by side, and whom each of them flags of a wave."""
    _refuse_two_forms(as_csv=as_csv, as_json=as_json)
    catalogue = load_catalogue(site)
    chosen = find_wave(catalogue, wave)
    if first == second:
        raise UsageError(f"norm {first!r} is named twice; name another to set beside it.")
    norms = (_with_cutoffs(catalogue, first), _with_cutoffs(catalogue, second))
    from pipeline.review import set_norms_beside  # noqa: PLC0415 - SciPy is slow to load

    rows = set_norms_beside(catalogue, norms, chosen, teller(quiet=quiet))
    if as_csv:
        _print_csv(rows)
        return
    content = {"first": first, "second": second, "wave": chosen.wave, "rows": rows.to_dicts()}
    answer(content, comparison_text(norms, chosen.wave, rows), as_json=as_json)


def _with_cutoffs(catalogue: Catalogue, norm_id: str) -> Norm:
    norm, _ = find_norm(catalogue, norm_id)
    if not norm.cutoffs:
        raise UsageError(
            f"norm {norm_id!r} has no cut-offs; derive them first: "
            f"uppvaxt norms derive {norm_id} --write"
        )
    return norm


def _review(norm: Norm, catalogue: Catalogue) -> list[dict[str, Any]]:
    from pipeline.analysis.norms.norm_review import review_norm  # noqa: PLC0415 - SciPy is slow to load

    return review_norm(norm, catalogue)


def _outcome_rows(rows: list[dict[str, Any]]) -> pl.DataFrame:
    """One row per cut-off and outcome; one with empty cells where there is no outcome."""
    flat = [
        {key: cell for key, cell in row.items() if key != "against"}
        | {"warnings": " ".join(row["warnings"])}
        | separation
        for row in rows
        for separation in row["against"] or [{}]
    ]
    return pl.DataFrame(flat, infer_schema_length=None)


def _print_csv(rows: pl.DataFrame) -> None:
    typer.echo(rows.write_csv(), nl=False)


def _refuse_two_forms(*, as_csv: bool, as_json: bool) -> None:
    if as_csv and as_json:
        raise UsageError("--csv and --json: expected one of them.")
