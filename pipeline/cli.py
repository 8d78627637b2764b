"""The commands: the only module that talks to a person."""

import json
import os
import shutil
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import polars as pl
import typer

from pipeline import REPOSITORY, warehouse
from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.fit import load_catalogue
from pipeline.definitions.lookup import find_area, find_norm, find_wave
from pipeline.definitions.site import Area
from pipeline.disclosure.publishable import Publishable, read_publishable
from pipeline.documents.coverage import coverage_summary, coverage_text
from pipeline.documents.norm_text import cutoffs_text, with_cutoffs
from pipeline.documents.profile import build_profile
from pipeline.documents.render import render_profile
from pipeline.documents.view import Lang
from pipeline.errors import UppvaxtError, UsageError
from pipeline.files import write_whole
from pipeline.fingerprint import DATABASE, built_from, fingerprint

# Pretty tracebacks show local variables, which here are people.
app = typer.Typer(
    help="Survey exports in, area profiles out.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
norms_app = typer.Typer(no_args_is_help=True, help="Cut-offs and where they come from.")
app.add_typer(norms_app, name="norms")


SiteOption = Annotated[Path, typer.Option("--site", help="The site's folder.")]
OutOption = Annotated[
    Path | None, typer.Option("--out", help="Folder for what is derived; default <site>/build.")
]
BuildOption = Annotated[
    Path | None, typer.Option("--build", help="Folder of the build; default <site>/build.")
]
WaveOption = Annotated[int | None, typer.Option("--wave", help="Year; default the latest.")]
LangOption = Annotated[Lang, typer.Option("--lang", help="Language of the document.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
QuietOption = Annotated[bool, typer.Option("--quiet", help="No progress on standard error.")]
SAMPLE = REPOSITORY / "data_sample"
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
    _answer(content, f"{coverage_text(summary)}\n\n{path}", as_json=as_json)


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
    _answer({"profile": written}, written, as_json=as_json)


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
    _answer({"profiles": written}, "\n".join(written), as_json=as_json)


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
    if out.suffix not in WRITERS:
        raise UsageError(f"{out}: has the ending {out.suffix!r}; expected .csv or .parquet.")
    catalogue = load_catalogue(site)
    chosen = catalogue.waves if wave is None else (find_wave(catalogue, wave),)
    rows = _publishable(catalogue, build or site / "build", quiet=quiet).estimates.filter(
        pl.col("wave").is_in([each.wave for each in chosen])
    )
    out.parent.mkdir(parents=True, exist_ok=True)
    WRITERS[out.suffix](rows, out)
    _answer({"estimates": str(out), "n_rows": rows.height}, str(out), as_json=as_json)


@app.command()
def areas(site: SiteOption = SAMPLE, as_json: JsonOption = False) -> None:
    """List the areas that profiles can be made of."""
    found = load_catalogue(site).areas.areas
    content = [{"area_id": area.id, "name": area.label, "level": area.level} for area in found]
    width = max(len(area.id) for area in found)
    lines = [f"{area.id:<{width}}  {area.label} ({area.level})" for area in found]
    _answer(content, "\n".join(lines), as_json=as_json)


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
    _answer({"site": str(folder)}, f"{folder}\n{steps}", as_json=as_json)


@norms_app.command("derive")
def derive(
    norm: Annotated[str, typer.Argument(help="Id of a norm that the site lists.")],
    site: SiteOption = SAMPLE,
    write: Annotated[bool, typer.Option("--write", help="Replace the file's cut-offs.")] = False,
    quiet: QuietOption = False,
) -> None:
    """Derive a norm's cut-offs from the site's wave of its year, by its own rule."""
    catalogue = load_catalogue(site)
    definition, path = find_norm(catalogue, norm)
    find_wave(catalogue, definition.wave)
    from pipeline.build import derive_norm  # noqa: PLC0415 - see _publishable

    text = cutoffs_text(derive_norm(catalogue, definition, _progress(quiet=quiet)))
    if write:
        write_whole(path, with_cutoffs(path.read_text("utf-8"), text))
        text = str(path)
    typer.echo(text)


def main() -> None:
    """Run the command line; report errors a person can act on without a traceback."""
    code = _run()
    sys.stdout.flush()
    sys.stderr.flush()
    # DuckDB 2.0.0 prints a harmless report of leaked types when the interpreter is torn down.
    os._exit(code)


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
    path = out / DATABASE
    if is_anew or built_from(path) != fingerprint(catalogue):
        # Imported here: a profile from a finished build must not wait for SciPy.
        from pipeline.build import build_site  # noqa: PLC0415

        build_site(catalogue, out, _progress(quiet=quiet))
    with warehouse.connect(path, read_only=True) as connection:
        return read_publishable(connection, catalogue.policy)


def _progress(*, quiet: bool) -> Callable[[str], None]:
    def say(sentence: str) -> None:
        if not quiet:
            typer.echo(f"{sentence} ...", err=True)

    return say


def _answer(content: Any, text: str, *, as_json: bool) -> None:
    typer.echo(json.dumps(content, ensure_ascii=False, indent=2) if as_json else text)


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
