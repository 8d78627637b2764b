"""The commands for those who review the method: norms, and how well scales measure."""

from typing import Annotated

import typer

from pipeline.definitions.fit import load_catalogue
from pipeline.definitions.lookup import find_norm, find_wave
from pipeline.documents.norm_text import cutoffs_text, with_cutoffs
from pipeline.documents.quality_text import quality_text
from pipeline.files import write_whole
from pipeline.terminal import SAMPLE, JsonOption, QuietOption, SiteOption, answer, teller

norms_app = typer.Typer(no_args_is_help=True, help="Cut-offs and where they come from.")


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
    from pipeline.build import derive_norm  # noqa: PLC0415 - SciPy is slow to load

    text = cutoffs_text(derive_norm(catalogue, definition, teller(quiet=quiet)))
    if write:
        write_whole(path, with_cutoffs(path.read_text("utf-8"), text))
        text = str(path)
    typer.echo(text)


def quality(
    *,
    site: SiteOption = SAMPLE,
    dif: Annotated[
        bool, typer.Option("--dif", help="Also test items across gender and grade.")
    ] = False,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Judge every scale in every wave: reliability, spread, and items that raise an alarm."""
    from pipeline.build import judge_scales  # noqa: PLC0415 - SciPy is slow to load

    judged = judge_scales(load_catalogue(site), teller(quiet=quiet), with_dif=dif)
    content = {name: frame.to_dicts() for name, frame in judged._asdict().items()}
    answer(content, quality_text(judged.scales, judged.alarms, judged.dif), as_json=as_json)
