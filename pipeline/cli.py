"""The commands. Only this module and those it is made of talk to a person."""

import shutil
from pathlib import Path
from typing import Annotated

import typer

from pipeline import REPOSITORY, warehouse
from pipeline.commands.attack import attack
from pipeline.commands.erasure import AS_TYPED, erase
from pipeline.commands.method import participation, quality, sensitivity
from pipeline.commands.norms import norms_app
from pipeline.commands.operations import nightly, status
from pipeline.commands.releases import release, releases, rollback, verify
from pipeline.commands.research import research
from pipeline.commands.tables import comparisons, estimates
from pipeline.commands.terminal import (
    SAMPLE,
    EditionOption,
    JsonOption,
    LangOption,
    OutOption,
    QuietOption,
    SiteOption,
    WaveOption,
    answer,
    built,
    document_edition,
    leave,
    run,
)
from pipeline.definitions.areas import Area
from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.fit import load_catalogue
from pipeline.definitions.lookup import find_area, find_wave
from pipeline.definitions.policy import DocumentEdition
from pipeline.disclosure.publishable import Publishable, read_publishable
from pipeline.documents.coverage import coverage_summary, coverage_text
from pipeline.documents.profile import build_profile
from pipeline.documents.render import render_profile
from pipeline.documents.view import Lang
from pipeline.errors import UsageError
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
app.command()(estimates)
app.command()(comparisons)
app.command()(research)
app.command()(release)
app.command()(releases)
app.command()(verify)
app.command()(rollback)
app.command()(nightly)
app.command()(status)
app.command(context_settings=AS_TYPED)(erase)
app.command()(attack)


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
    # Who built it may know exactly who answered.
    publishable = _publishable(catalogue, path.parent, "internal", quiet=quiet, is_anew=True)
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
    edition: EditionOption = "public",
    out: OutOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Write the profile of one area; print its path."""
    chosen_edition = document_edition(edition)
    catalogue = load_catalogue(site)
    chosen = find_area(catalogue, area)
    [written] = _write_profiles(
        catalogue, (chosen,), wave, lang, out, edition=chosen_edition, quiet=quiet
    )
    answer({"profile": written}, written, as_json=as_json)


@app.command()
def profiles(
    *,
    site: SiteOption = SAMPLE,
    wave: WaveOption = None,
    lang: LangOption = "sv",
    edition: EditionOption = "public",
    out: OutOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Write the profiles of all areas; print their paths."""
    chosen_edition = document_edition(edition)
    catalogue = load_catalogue(site)
    written = _write_profiles(
        catalogue, catalogue.areas.areas, wave, lang, out, edition=chosen_edition, quiet=quiet
    )
    answer({"profiles": written}, "\n".join(written), as_json=as_json)


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
    """Run the command in ``sys.argv``, with all there are to choose from."""
    leave(run(app))


def _publishable(
    catalogue: Catalogue,
    out: Path,
    edition: DocumentEdition,
    *,
    quiet: bool,
    is_anew: bool = False,
) -> Publishable:
    """What the site may show; built first if anything behind it has changed, or if ``is_anew``."""
    path = built(catalogue, out, quiet=quiet, is_anew=is_anew)
    with warehouse.connect(path, read_only=True) as connection:
        return read_publishable(connection, catalogue.policy, edition)


def _write_profiles(
    catalogue: Catalogue,
    areas: tuple[Area, ...],
    year: int | None,
    lang: Lang,
    out: Path | None,
    *,
    edition: DocumentEdition,
    quiet: bool,
) -> list[str]:
    """Paths of the profiles, in the order of ``areas``; whatever they need is built first."""
    wave = find_wave(catalogue, year)
    folder = (out or catalogue.folder / "build") / "profiles"
    publishable = _publishable(catalogue, folder.parent, edition, quiet=quiet)
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for area in areas:
        shown = build_profile(publishable, catalogue, area.id, wave, lang)
        name = f"{catalogue.site.id}_{area.id}_{wave.wave}_{lang}_{edition}.html"
        document = folder / name
        write_whole(document, render_profile(shown))
        written.append(str(document))
    return written
