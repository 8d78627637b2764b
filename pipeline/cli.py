"""The commands. Only this module and those it is made of talk to a person."""

import shutil
from pathlib import Path
from typing import Annotated

import typer

from pipeline import REPOSITORY, warehouse
from pipeline.commands.attack import attack
from pipeline.commands.documents import compare, overview, profile, profiles
from pipeline.commands.erasure import AS_TYPED, erase
from pipeline.commands.explain import explain
from pipeline.commands.method import participation, quality, sensitivity
from pipeline.commands.norms import norms_app
from pipeline.commands.operations import nightly, status
from pipeline.commands.releases import release, releases, rollback, verify
from pipeline.commands.research import research
from pipeline.commands.tables import comparisons, estimates
from pipeline.commands.terminal import (
    SAMPLE,
    JsonOption,
    OutOption,
    QuietOption,
    SiteOption,
    answer,
    built,
    leave,
    run,
)
from pipeline.commands.web import website
from pipeline.definitions.fit import load_catalogue
from pipeline.disclosure.publishable import read_publishable
from pipeline.documents.coverage import coverage_summary, coverage_text
from pipeline.errors import UsageError

# Pretty tracebacks show local variables, which here are people.
app = typer.Typer(
    help="Survey exports in, area profiles out.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.add_typer(norms_app, name="norms")
app.command()(profile)
app.command()(profiles)
app.command()(compare)
app.command()(overview)
app.command()(explain)
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
app.command("site")(website)


@app.command()
def build(
    site: SiteOption = SAMPLE,
    out: OutOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Read a site's exports and compute everything; print who answered."""
    catalogue = load_catalogue(site)
    path = built(catalogue, out or site / "build", quiet=quiet, is_anew=True)
    with warehouse.connect(path, read_only=True) as connection:
        # Who built it may know exactly who answered.
        publishable = read_publishable(connection, catalogue.policy, "internal")
    summary = coverage_summary(publishable, catalogue)
    content = {"database": str(path), "waves": summary}
    answer(content, f"{coverage_text(summary)}\n\n{path}", as_json=as_json)


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
