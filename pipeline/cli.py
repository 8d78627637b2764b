"""The commands. Only this module and those it is made of talk to a person."""

import shutil
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

import polars as pl
import typer

from pipeline import REPOSITORY, warehouse
from pipeline.commands.method import participation, quality, sensitivity
from pipeline.commands.norms import norms_app
from pipeline.commands.terminal import (
    SAMPLE,
    BuildOption,
    JsonOption,
    LangOption,
    OutOption,
    QuietOption,
    SiteOption,
    WaveOption,
    answer,
    built,
    leave,
)
from pipeline.definitions.areas import Area
from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.fit import load_catalogue
from pipeline.definitions.lookup import find_area, find_wave
from pipeline.disclosure.publishable import Publishable, read_publishable
from pipeline.documents.coverage import coverage_summary, coverage_text
from pipeline.documents.profile import build_profile
from pipeline.documents.render import render_profile
from pipeline.documents.view import Lang
from pipeline.errors import UppvaxtError, UsageError
from pipeline.files import write_whole
from pipeline.fingerprint import DATABASE

# Pretty tracebacks show local variables, which here are people.
app = typer.Typer(
    help="Survey exports in, area profiles out.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.add_typer(norms_app, name="norms")
app.command()(quality)
app.command()(sensitivity)
app.command()(participation)


WRITERS: dict[str, Callable[[pl.DataFrame, Path], None]] = {
    ".csv": pl.DataFrame.write_csv,
    ".parquet": pl.DataFrame.write_parquet,
}


@app.command()
def build(
    site: SiteOption = SAMPLE,
    out: OutOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Read a site's exports and compute everything; print who answered."""
    catalogue = load_catalogue(site)
    path = (out or site / "build") / DATABASE
    publishable = _publishable(catalogue, path.parent, quiet=quiet, is_anew=True)
    summary = coverage_summary(publishable, catalogue)
    content = {"database": str(path), "waves": summary}
    answer(content, f"{coverage_text(summary)}\n\n{path}", as_json=as_json)


@app.command()
def profile(
    area: Annotated[str, typer.Argument(help="Id or name of an area; see `uppvaxt areas`.")],
    *,
    site: SiteOption = SAMPLE,
    wave: WaveOption = None,
    lang: LangOption = "sv",
    out: OutOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Write the profile of one area; print its path."""
    catalogue = load_catalogue(site)
    chosen = find_area(catalogue, area)
    [written] = _write_profiles(catalogue, (chosen,), wave, lang, out, quiet=quiet)
    answer({"profile": written}, written, as_json=as_json)


@app.command()
def profiles(
    *,
    site: SiteOption = SAMPLE,
    wave: WaveOption = None,
    lang: LangOption = "sv",
    out: OutOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Write the profiles of all areas; print their paths."""
    catalogue = load_catalogue(site)
    written = _write_profiles(catalogue, catalogue.areas.areas, wave, lang, out, quiet=quiet)
    answer({"profiles": written}, "\n".join(written), as_json=as_json)


@app.command()
def estimates(
    out: Annotated[Path, typer.Option("--out", help="File to write, .csv or .parquet.")],
    *,
    site: SiteOption = SAMPLE,
    wave: WaveOption = None,
    build: BuildOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Write every estimate that may be shown, one row each."""
    n_rows = _write_rows("estimates", out, site, wave, build, quiet=quiet)
    answer({"estimates": str(out), "n_rows": n_rows}, str(out), as_json=as_json)


@app.command()
def comparisons(
    out: Annotated[Path, typer.Option("--out", help="File to write, .csv or .parquet.")],
    *,
    site: SiteOption = SAMPLE,
    wave: WaveOption = None,
    build: BuildOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Write every comparison that may be shown, with its verdict, one row each."""
    n_rows = _write_rows("comparisons", out, site, wave, build, quiet=quiet)
    answer({"comparisons": str(out), "n_rows": n_rows}, str(out), as_json=as_json)


@app.command()
def areas(site: SiteOption = SAMPLE, as_json: JsonOption = False) -> None:
    """List the areas that profiles can be made of."""
    found = load_catalogue(site).areas.areas
    content = [{"area_id": area.id, "name": area.label, "level": area.level} for area in found]
    width = max(len(area.id) for area in found)
    lines = [f"{area.id:<{width}}  {area.label} ({area.level})" for area in found]
    answer(content, "\n".join(lines), as_json=as_json)


@app.command("new-site")
def new_site(
    folder: Annotated[Path, typer.Argument(help="Folder to make.")],
    as_json: JsonOption = False,
) -> None:
    """Make a folder with a site to fill in."""
    if folder.exists():
        raise UsageError(f"{folder}: is there already; give the name of a new folder.")
    # Whoever tried the skeleton itself left a build folder in it.
    ignored = shutil.ignore_patterns("build", "__pycache__")
    shutil.copytree(REPOSITORY / "examples" / "new_site", folder, ignore=ignored)
    steps = f"Fill in its files as its README.md says, then: uppvaxt build --site {folder}"
    answer({"site": str(folder)}, f"{folder}\n{steps}", as_json=as_json)


def main() -> None:
    """Run the command line; report errors a person can act on without a traceback."""
    leave(_run())


def _run() -> int:
    """Exit code of the command in ``sys.argv``."""
    try:
        app()
    except SystemExit as done:
        return done.code if isinstance(done.code, int) else 1
    except UppvaxtError as error:
        typer.echo(f"uppvaxt: {error}", err=True)
        return error.exit_code
    except OSError as error:
        # Polars states the file in the message alone.
        what = f"{error.filename}: {error.strerror}" if error.filename else str(error)
        typer.echo(f"uppvaxt: {what}.", err=True)
        return 74
    except Exception as error:  # noqa: BLE001 - a bug; its message may hold answers
        traceback.print_tb(error.__traceback__)
        typer.echo(f"uppvaxt: this is a bug: {type(error).__name__} (see above).", err=True)
        return 70
    return 0


def _publishable(
    catalogue: Catalogue, out: Path, *, quiet: bool, is_anew: bool = False
) -> Publishable:
    """What the site may show; built first if anything behind it has changed, or if ``is_anew``."""
    path = built(catalogue, out, quiet=quiet, is_anew=is_anew)
    with warehouse.connect(path, read_only=True) as connection:
        return read_publishable(connection, catalogue.policy)


def _write_rows(
    what: Literal["estimates", "comparisons"],
    out: Path,
    site: Path,
    year: int | None,
    build: Path | None,
    *,
    quiet: bool,
) -> int:
    """Write the publishable rows of one wave, or of all; return how many there are."""
    if out.suffix not in WRITERS:
        raise UsageError(f"{out}: has the ending {out.suffix!r}; expected .csv or .parquet.")
    catalogue = load_catalogue(site)
    chosen = catalogue.waves if year is None else (find_wave(catalogue, year),)
    publishable = _publishable(catalogue, build or site / "build", quiet=quiet)
    rows: pl.DataFrame = getattr(publishable, what)
    rows = rows.filter(pl.col("wave").is_in([each.wave for each in chosen]))
    out.parent.mkdir(parents=True, exist_ok=True)
    WRITERS[out.suffix](rows, out)
    return rows.height


def _write_profiles(
    catalogue: Catalogue,
    areas: tuple[Area, ...],
    year: int | None,
    lang: Lang,
    out: Path | None,
    *,
    quiet: bool,
) -> list[str]:
    """Paths of the profiles, in the order of ``areas``; whatever they need is built first."""
    wave = find_wave(catalogue, year)
    folder = (out or catalogue.folder / "build") / "profiles"
    publishable = _publishable(catalogue, folder.parent, quiet=quiet)
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for area in areas:
        shown = build_profile(publishable, catalogue, area.id, wave, lang)
        document = folder / f"{catalogue.site.id}_{area.id}_{wave.wave}_{lang}.html"
        write_whole(document, render_profile(shown))
        written.append(str(document))
    return written
