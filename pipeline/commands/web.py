"""The command that makes the pages for everyone."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from pipeline.commands.terminal import SAMPLE, JsonOption, QuietOption, SiteOption, answer, teller
from pipeline.definitions.fit import load_catalogue
from pipeline.documents.view import Lang
from pipeline.operations.writing import ANOTHER_FOLDER, writable

WEB = Path("build") / "web"
EXPECTED = {
    "contact": "is empty, and accessibility.html tells its readers so; expected where they turn.",
    "accessibility_assessment": "is empty, and accessibility.html tells its readers so; expected "
    "the day and the outcome of the municipality's own assessment.",
}
"""Keys of ``site.yml`` that the accessibility statement needs, and what is said without them."""

LANGS: dict[str, tuple[Lang, ...]] = {"sv": ("sv",), "en": ("en",), "both": ("sv", "en")}


def website(
    *,
    site: SiteOption = SAMPLE,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder of the pages; default <site>/build/web.")
    ] = None,
    releases: Annotated[
        Path | None,
        typer.Option("--releases", help="Folder of releases and ledger; default the site's."),
    ] = None,
    lang: Annotated[
        Literal["sv", "en", "both"], typer.Option("--lang", help="Language of the pages.")
    ] = "both",
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Make the pages for everyone from the current release; print their folder."""
    # Imported here: `uppvaxt --help` must not wait for DuckDB and Polars.
    from pipeline.web.website import make_website  # noqa: PLC0415

    catalogue = load_catalogue(site)
    teller(quiet=quiet)("Writing pages")
    folder = out or site / WEB
    # Pages are made beside the folder, and moved there.
    with writable(folder.parent, ANOTHER_FOLDER):
        made = make_website(catalogue, releases or site, folder, LANGS[lang])
    for key, what in EXPECTED.items():
        if getattr(catalogue.site, key) is None:
            typer.echo(f"uppvaxt: {site / 'site.yml'}: {key}: {what}", err=True)
    content = {"site": str(made.folder), "release": made.release_id, "pages": list(made.pages)}
    answer(content, str(made.folder), as_json=as_json)
