"""Rules between a wave, its site, its instrument and the other waves."""

from collections.abc import Iterator

from pipeline.definitions.instrument import Instrument
from pipeline.definitions.part import repeated
from pipeline.definitions.reading import nearest
from pipeline.definitions.site import Site
from pipeline.definitions.wave import CodedColumn, Wave


def wave_misfits(wave: Wave, site: Site, instrument: Instrument) -> Iterator[str]:
    """What a wave says against its site and its instrument, as sentences."""
    file, columns = f"waves/{wave.wave}.yml", wave.columns
    yield from _unknown_ids(f"{file}: grade", columns.grade, [each.id for each in site.grades])
    yield from _unknown_ids(f"{file}: gender", columns.gender, [each.id for each in site.genders])
    if wave.min_answered_items > len(instrument.items):
        yield (
            f"{file}: min_answered_items: {wave.min_answered_items} would refuse everyone; "
            f"{instrument.id} has {len(instrument.items)} items"
        )


def shared_exports(waves: tuple[Wave, ...]) -> Iterator[str]:
    """Files that stand in two waves, by their paths as written."""
    exports = [(export.folder, export.file) for wave in waves for export in wave.exports]
    for folder, file in repeated(exports):
        years = ", ".join(
            str(wave.wave)
            for wave in waves
            if (folder, file) in {(export.folder, export.file) for export in wave.exports}
        )
        yield f"waves: the export {file} is listed in more than one wave ({years}); expected one"


def _unknown_ids(where: str, column: CodedColumn | None, known: list[str]) -> Iterator[str]:
    for meaning in column.codes if column else ():
        if meaning.id not in known:
            yield f"{where}: {meaning.id!r} is not in site.yml{nearest(meaning.id, known)}"
