"""All files that the generator writes."""

from pathlib import Path
from tempfile import TemporaryDirectory

from data_sample.generator.assumptions import load_assumptions
from data_sample.generator.setting import Setting, setting_of
from data_sample.generator.spss import load_design_labels, write_sav
from data_sample.generator.supplier import coded_rows, enrolled_rows
from data_sample.generator.wave import AnsweredWave, draw_wave
from pipeline.definitions.areas import Areas
from pipeline.definitions.catalogue import load_shelf, load_waves
from pipeline.definitions.reading import load_definition
from pipeline.definitions.site import Site
from pipeline.definitions.wave import Wave

SITE = Path(__file__).resolve().parent.parent


def write_sample(folder: Path) -> list[Path]:
    """Write exports and enrolment of every wave below ``folder``.

    Returns:
        The files' paths within ``folder``.
    """
    assumptions = load_assumptions()
    site = load_definition(SITE / "site.yml", Site)
    areas = load_definition(SITE / "areas.yml", Areas)
    # Not the checked catalogue: the site's norm is derived from what is written here.
    shelf, waves = load_shelf(SITE), load_waves(SITE)
    written: list[Path] = []
    for wave in waves:
        setting = setting_of(wave, waves, shelf, site, assumptions)
        answered = draw_wave(setting)
        path = _path_of_export(wave)
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        rows = coded_rows(answered, setting, areas, wave)
        if path.suffix == ".csv":
            separator = wave.exports[0].separator
            rows.write_csv(folder / path, separator=separator, line_terminator="\n")
        else:
            instrument = shelf.instruments[wave.instrument]
            labels = load_design_labels(wave, site, areas)
            label = f"Elevenkät {wave.wave}, påhittade svar"
            write_sav(rows, folder / path, instrument, labels, label)
        written += [path, *_write_enrolled(folder, answered, setting, wave)]
    return written


def differing_files(site: Path) -> list[Path]:
    """Files of the sample that are missing or not what the generator writes now."""
    with TemporaryDirectory() as folder:
        fresh = Path(folder)
        return [
            path
            for path in write_sample(fresh)
            if not (site / path).is_file()
            or (site / path).read_bytes() != (fresh / path).read_bytes()
        ]


def _path_of_export(wave: Wave) -> Path:
    [export] = wave.exports
    return Path(export.file)


def _write_enrolled(
    folder: Path, answered: AnsweredWave, setting: Setting, wave: Wave
) -> list[Path]:
    if wave.enrolled is None:
        return []
    path = Path(wave.enrolled)
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    enrolled_rows(answered.enrolled, setting).write_csv(folder / path)
    return [path]
