"""The command for whoever asks where a figure comes from."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline.commands.terminal import (
    SAMPLE,
    BuildOption,
    EditionOption,
    JsonOption,
    QuietOption,
    SiteOption,
    answer,
    built,
    document_edition,
)
from pipeline.definitions.fit import load_catalogue
from pipeline.errors import UsageError


def explain(
    figure: Annotated[
        str,
        typer.Argument(
            help="Area, wave and measure, e.g. norrsatra/2025/c_attach_low; grade and gender "
            "may follow: norrsatra/2025/c_attach_low/g8/girl."
        ),
    ],
    *,
    site: SiteOption = SAMPLE,
    edition: EditionOption = "public",
    build: BuildOption = None,
    release: Annotated[
        str | None,
        typer.Option(
            "--release",
            help="Reprint a release instead: current, its id, the build id at the end of a "
            "document, or its folder.",
        ),
    ] = None,
    releases: Annotated[
        Path | None,
        typer.Option("--releases", help="Folder of releases and ledger; default the site's."),
    ] = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Say where a figure comes from, and count it once more from the raw export."""
    # Imported here: `uppvaxt --help` must not wait for what reads exports.
    from pipeline.documents.figure_ids import parse_figure  # noqa: PLC0415
    from pipeline.release.explanation import explain as explained  # noqa: PLC0415
    from pipeline.release.released_explanation import explain_released, find_release  # noqa: PLC0415

    chosen_edition = document_edition(edition)
    if release and chosen_edition != "public":
        raise UsageError("--release and --edition internal: a release is public.")
    catalogue = load_catalogue(site)
    named = parse_figure(catalogue, figure)
    if release:
        said = explain_released(catalogue, find_release(releases or site, release), named)
    else:
        working_file = built(catalogue, build or site / "build", quiet=quiet)
        said = explained(catalogue, working_file, named, chosen_edition)
    width = max(len(heading) for heading in said.said)
    lines = [said.figure]
    for heading, texts in said.said.items():
        for place, text in enumerate([texts] if isinstance(texts, str) else texts):
            lines.append(f"{heading if not place else '':<{width}}  {text}")
    answer({"figure": said.figure, **said.said}, "\n".join(lines), as_json=as_json)
    if not said.agrees:
        raise typer.Exit(1)
