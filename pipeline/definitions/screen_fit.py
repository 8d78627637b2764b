"""Screens that could never catch anyone, since their numbers are not those of the questions."""

from collections.abc import Iterator

from pipeline.definitions.instrument import Instrument, ResponseFormat
from pipeline.definitions.reading import nearest
from pipeline.definitions.screen import AgeForGrade, CodeIn, CountAtOrAbove, Exceeds, Screen
from pipeline.definitions.site import Site


def screen_misfits(screen: Screen, instrument: Instrument) -> Iterator[str]:
    """How a screen contradicts the response formats of the items it looks at."""
    formats = {item.id: instrument.format_of(item) for item in instrument.items}
    match screen:
        case CodeIn():
            yield from _codes_unknown(screen, formats, instrument.id)
        case CountAtOrAbove():
            yield from _out_of_reach(screen, formats, instrument.id)
        case Exceeds():
            yield from _formats_differ(screen, formats, instrument.id)


def screen_grades_unknown(screen: Screen, site: Site) -> Iterator[str]:
    """The grades of a screen that the site does not have, if one of the site's is not in it.

    A shared screen lists grades that a site need not have; with all of the site's own, none of
    its grades can be misspelt there.
    """
    grades = [grade.id for grade in site.grades]
    entries = screen.ages if isinstance(screen, AgeForGrade) else ()
    if not set(grades) - {entry.grade for entry in entries}:
        return
    for entry in entries:
        if entry.grade not in grades:
            near = nearest(entry.grade, grades)
            yield f"screen {screen.id}: grade {entry.grade!r} is not in site.yml{near}"


def _codes_unknown(
    screen: CodeIn, formats: dict[str, ResponseFormat], instrument_id: str
) -> Iterator[str]:
    if screen.item not in formats:
        return
    known = {option.code for option in formats[screen.item].codes}
    if unknown := sorted(set(screen.codes) - known):
        yield (
            f"screen {screen.id}: item {screen.item} has no codes {unknown} in "
            f"{instrument_id}; expected some of {sorted(known)}"
        )


def _out_of_reach(
    screen: CountAtOrAbove, formats: dict[str, ResponseFormat], instrument_id: str
) -> Iterator[str]:
    for item in screen.items:
        if item in formats and screen.at_or_above > formats[item].highest:
            yield (
                f"screen {screen.id}: item {item} never gives {screen.at_or_above} points in "
                f"{instrument_id}; expected at most {formats[item].highest}"
            )


def _formats_differ(
    screen: Exceeds, formats: dict[str, ResponseFormat], instrument_id: str
) -> Iterator[str]:
    for pair in screen.pairs:
        if not {pair.narrower, pair.wider} <= formats.keys():
            continue
        narrower, wider = formats[pair.narrower].id, formats[pair.wider].id
        if narrower != wider:
            yield (
                f"screen {screen.id}: {pair.narrower} and {pair.wider} have different formats in "
                f"{instrument_id} ({narrower}, {wider}); expected one"
            )
