"""The commands: the only module that talks to a person."""

import json
import os
import shutil
import sys
import traceback
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from pipeline import REPOSITORY, warehouse
from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.fit import load_catalogue
from pipeline.definitions.lookup import find_area, find_norm, find_wave
from pipeline.definitions.site import Area, Wave
from pipeline.disclosure.publishable import Publishable, read_publishable
from pipeline.documents.coverage import coverage_summary, coverage_text
from pipeline.documents.norm_text import cutoffs_text
from pipeline.documents.profile import build_profile
from pipeline.documents.render import render_profile
from pipeline.errors import UppvaxtError, UsageError
from pipeline.fingerprint import DATABASE, built_from, fingerprint

# Pretty tracebacks show local variables, which here are people.
app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False)
norms_app = typer.Typer(no_args_is_help=True, help="Cut-offs and where they come from.")
app.add_typer(norms_app, name="norms")


class Language(StrEnum):
    """Language of a document."""

    sv = "sv"
    en = "en"


SiteOption = Annotated[Path, typer.Option("--site", help="The site's folder.")]
OutOption = Annotated[
    Path | None, typer.Option("--out", help="Folder for what is derived; default <site>/build.")
]
WaveOption = Annotated[int | None, typer.Option("--wave", help="Year; default the latest.")]
LangOption = Annotated[Language, typer.Option("--lang", help="Language of the document.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
QuietOption = Annotated[bool, typer.Option("--quiet", help="No progress on standard error.")]
SAMPLE = REPOSITORY / "data_sample"


@app.callback()
def _uppvaxt() -> None:
    """Survey exports in, area profiles out."""


@app.command()
def build(
    site: SiteOption = SAMPLE,
    out: OutOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Read a site's exports and compute everything; print who answered."""
    catalogue = load_catalogue(site)
    path = _build(catalogue, _out(site, out), _progress(quiet=quiet))
    summary = coverage_summary(_publishable(path, catalogue), catalogue)
    _answer(
        {"database": str(path), "waves": summary},
        f"{coverage_text(summary)}\n\n{path}",
        as_json=as_json,
    )


@app.command()
def profile(
    area: Annotated[str, typer.Argument(help="Id or name of an area; see `uppvaxt areas`.")],
    *,
    site: SiteOption = SAMPLE,
    wave: WaveOption = None,
    lang: LangOption = Language.sv,
    out: OutOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Write the profile of one area; print its path."""
    catalogue = load_catalogue(site)
    chosen, found_wave = find_area(catalogue, area), find_wave(catalogue, wave)
    path = _ensure_built(catalogue, _out(site, out), _progress(quiet=quiet))
    publishable = _publishable(path, catalogue)
    written = _write_profile(
        publishable, catalogue, chosen, wave=found_wave, lang=lang, out=_out(site, out)
    )
    _answer({"profile": str(written)}, str(written), as_json=as_json)


@app.command()
def profiles(
    *,
    site: SiteOption = SAMPLE,
    wave: WaveOption = None,
    lang: LangOption = Language.sv,
    out: OutOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Write the profiles of all areas; print their paths."""
    catalogue = load_catalogue(site)
    found_wave = find_wave(catalogue, wave)
    path = _ensure_built(catalogue, _out(site, out), _progress(quiet=quiet))
    publishable = _publishable(path, catalogue)
    written = [
        _write_profile(
            publishable, catalogue, area, wave=found_wave, lang=lang, out=_out(site, out)
        )
        for area in catalogue.areas.areas
    ]
    paths = [str(each) for each in written]
    _answer({"profiles": paths}, "\n".join(paths), as_json=as_json)


@app.command()
def estimates(
    out: Annotated[Path, typer.Option("--out", help="File to write, .csv or .parquet.")],
    *,
    site: SiteOption = SAMPLE,
    wave: WaveOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Write every estimate that may be shown, one row each."""
    if out.suffix not in (".csv", ".parquet"):
        raise UsageError(f"{out}: has the ending {out.suffix!r}; expected .csv or .parquet.")
    catalogue = load_catalogue(site)
    path = _ensure_built(catalogue, _out(site, None), _progress(quiet=quiet))
    rows = _publishable(path, catalogue).estimates
    if wave is not None:
        rows = rows.filter(wave=find_wave(catalogue, wave).wave)
    if out.suffix == ".csv":
        rows.write_csv(out)
    else:
        rows.write_parquet(out)
    _answer({"estimates": str(out), "n_rows": rows.height}, str(out), as_json=as_json)


@app.command()
def areas(site: SiteOption = SAMPLE, as_json: JsonOption = False) -> None:
    """List the areas that profiles can be made of."""
    catalogue = load_catalogue(site)
    listed = [
        {"area_id": area.id, "name": area.label, "level": area.level}
        for area in catalogue.areas.areas
    ]
    width = max(len(area["area_id"]) for area in listed)
    text = "\n".join(
        f"{area['area_id']:<{width}}  {area['name']} ({area['level']})" for area in listed
    )
    _answer(listed, text, as_json=as_json)


@app.command("new-site")
def new_site(
    folder: Annotated[Path, typer.Argument(help="Folder to make; its name becomes the site's id.")],
    as_json: JsonOption = False,
) -> None:
    """Make a folder with a site to fill in."""
    if folder.exists():
        raise UsageError(f"{folder}: is there already; give the name of a new folder.")
    shutil.copytree(REPOSITORY / "examples" / "new_site", folder)
    _answer(
        {"site": str(folder)},
        f"{folder}\nFill in its files in the order of {folder / 'README.md'}, then:\n"
        f"  uppvaxt build --site {folder}",
        as_json=as_json,
    )


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
    from pipeline.build import derive_norm  # noqa: PLC0415 - see _build

    text = cutoffs_text(derive_norm(catalogue, definition, _progress(quiet=quiet)))
    if not write:
        typer.echo(text)
        return
    before, _, _ = path.read_text("utf-8").partition("\ncutoffs:")
    path.write_text(f"{before}\n{text}\n", "utf-8")
    typer.echo(str(path))


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
        typer.echo(f"uppvaxt: {error.filename or 'a file'}: {error.strerror}.", err=True)
        return 74
    except Exception as error:  # noqa: BLE001 - a bug; its message may hold answers
        traceback.print_tb(error.__traceback__)
        typer.echo(f"uppvaxt: this is a bug: {type(error).__name__} (see above).", err=True)
        return 70
    return 0


def _out(site: Path, out: Path | None) -> Path:
    return out if out is not None else site / "build"


def _build(catalogue: Catalogue, out: Path, progress: Callable[[str], None]) -> Path:
    # Imported here: a profile from a finished build must not wait for SciPy.
    from pipeline.build import build_site  # noqa: PLC0415

    return build_site(catalogue, out, progress)


def _ensure_built(catalogue: Catalogue, out: Path, progress: Callable[[str], None]) -> Path:
    """The site's working file, built if there is none or anything behind it has changed."""
    path = out / DATABASE
    if built_from(path) == fingerprint(catalogue):
        return path
    return _build(catalogue, out, progress)


def _progress(*, quiet: bool) -> Callable[[str], None]:
    def say(sentence: str) -> None:
        if not quiet:
            typer.echo(f"{sentence} ...", err=True)

    return say


def _answer(content: Any, text: str, *, as_json: bool) -> None:
    typer.echo(json.dumps(content, ensure_ascii=False, indent=2) if as_json else text)


def _publishable(path: Path, catalogue: Catalogue) -> Publishable:
    with warehouse.connect(path, read_only=True) as connection:
        return read_publishable(connection, catalogue.policy)


def _write_profile(
    publishable: Publishable,
    catalogue: Catalogue,
    area: Area,
    *,
    wave: Wave,
    lang: Language,
    out: Path,
) -> Path:
    shown = build_profile(publishable, catalogue, area.id, wave, lang.value)
    folder = out / "profiles"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{catalogue.site.id}_{area.id}_{wave.wave}_{lang.value}.html"
    path.write_text(render_profile(shown), "utf-8")
    return path
