"""Figures as tables: every estimate, every comparison."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

import polars as pl
import typer

from pipeline import warehouse
from pipeline.commands.terminal import (
    SAMPLE,
    BuildOption,
    EditionOption,
    JsonOption,
    QuietOption,
    SiteOption,
    WaveOption,
    answer,
    built,
    document_edition,
)
from pipeline.definitions.fit import load_catalogue
from pipeline.definitions.lookup import find_wave
from pipeline.definitions.policy import DocumentEdition
from pipeline.disclosure.publishable import read_rows
from pipeline.errors import UsageError

WRITERS: dict[str, Callable[[pl.DataFrame, Path], None]] = {
    ".csv": pl.DataFrame.write_csv,
    ".parquet": pl.DataFrame.write_parquet,
}


def estimates(
    out: Annotated[Path, typer.Option("--out", help="File to write, .csv or .parquet.")],
    *,
    site: SiteOption = SAMPLE,
    wave: WaveOption = None,
    edition: EditionOption = "public",
    build: BuildOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Write every estimate that may be shown, one row each."""
    n_rows = _write_rows(
        "estimates", out, site, wave, build, edition=document_edition(edition), quiet=quiet
    )
    answer({"estimates": str(out), "n_rows": n_rows}, str(out), as_json=as_json)


def comparisons(
    out: Annotated[Path, typer.Option("--out", help="File to write, .csv or .parquet.")],
    *,
    site: SiteOption = SAMPLE,
    wave: WaveOption = None,
    edition: EditionOption = "public",
    build: BuildOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Write every comparison that may be shown, with its verdict, one row each."""
    n_rows = _write_rows(
        "comparisons", out, site, wave, build, edition=document_edition(edition), quiet=quiet
    )
    answer({"comparisons": str(out), "n_rows": n_rows}, str(out), as_json=as_json)


def _write_rows(
    what: Literal["estimates", "comparisons"],
    out: Path,
    site: Path,
    year: int | None,
    build: Path | None,
    *,
    edition: DocumentEdition,
    quiet: bool,
) -> int:
    """Write the publishable rows of one wave, or of all; return how many there are."""
    if out.suffix not in WRITERS:
        raise UsageError(f"{out}: has the ending {out.suffix!r}; expected .csv or .parquet.")
    catalogue = load_catalogue(site)
    chosen = catalogue.waves if year is None else (find_wave(catalogue, year),)
    with warehouse.connect(
        built(catalogue, build or site / "build", quiet=quiet), read_only=True
    ) as connection:
        rows = read_rows(connection, catalogue.policy, edition, what)
    rows = rows.filter(pl.col("wave").is_in([each.wave for each in chosen]))
    out.parent.mkdir(parents=True, exist_ok=True)
    WRITERS[out.suffix](rows, out)
    return rows.height
