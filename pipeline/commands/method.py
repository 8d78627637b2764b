"""The commands for those who review the method: scales, who answered, what choices do."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline import warehouse
from pipeline.commands.terminal import (
    SAMPLE,
    BuildOption,
    JsonOption,
    QuietOption,
    SiteOption,
    WaveOption,
    answer,
    built,
    teller,
)
from pipeline.definitions.fit import load_catalogue
from pipeline.definitions.lookup import find_wave
from pipeline.disclosure.school_participation import read_school_participation
from pipeline.documents.participation_text import of_wave, participation_text
from pipeline.documents.quality_text import quality_text
from pipeline.documents.sensitivity_text import sensitivity_text
from pipeline.errors import UsageError
from pipeline.files import write_whole


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
    from pipeline.review import judge_scales  # noqa: PLC0415 - SciPy is slow to load

    judged = judge_scales(load_catalogue(site), teller(quiet=quiet), with_dif=dif)
    content = {name: frame.to_dicts() for name, frame in judged._asdict().items()}
    answer(content, quality_text(judged.scales, judged.alarms, judged.dif), as_json=as_json)


def sensitivity(
    *,
    site: SiteOption = SAMPLE,
    wave: Annotated[int | None, typer.Option("--wave", help="Year; default all.")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Also write every comparison, as .csv.")
    ] = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Set figures beside those under other rules for missing answers and screens.

    For internal use: two figures that differ by one respondent tell what that one answered.
    """
    if out and out.suffix != ".csv":
        raise UsageError(f"{out}: has the ending {out.suffix!r}; expected .csv.")
    catalogue = load_catalogue(site)
    waves = catalogue.waves if wave is None else (find_wave(catalogue, wave),)
    from pipeline.sensitivity import compute_sensitivity  # noqa: PLC0415 - SciPy is slow to load

    moves = compute_sensitivity(catalogue, waves, teller(quiet=quiet))
    if out:
        out.parent.mkdir(parents=True, exist_ok=True)
        write_whole(out, moves.write_csv())
    answer({"moves": moves.to_dicts()}, sensitivity_text(moves), as_json=as_json)


def participation(
    *,
    site: SiteOption = SAMPLE,
    wave: WaveOption = None,
    build: BuildOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Who answered by school, grade and gender, who is missing, and how weights were raked."""
    catalogue = load_catalogue(site)
    chosen = find_wave(catalogue, wave)
    path = built(catalogue, build or site / "build", quiet=quiet)
    with warehouse.connect(path, read_only=True) as connection:
        shown = of_wave(read_school_participation(connection, catalogue.policy), chosen.wave)
    content = {name: frame.to_dicts() for name, frame in shown._asdict().items()}
    text = participation_text(shown, catalogue, chosen)
    answer({"wave": chosen.wave, **content}, text, as_json=as_json)
