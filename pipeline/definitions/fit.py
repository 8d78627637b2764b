"""Rules between files. All misfits of a site are found at once."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.definitions.areas import Areas
from pipeline.definitions.catalogue import (
    Catalogue,
    Shelf,
    ancestors_on,
    load_shelf,
    load_waves,
)
from pipeline.definitions.factor import Factor, Outcome
from pipeline.definitions.flag_count_fit import flag_count_misfits
from pipeline.definitions.instrument import Instrument, Item, ResponseFormat
from pipeline.definitions.label_fit import labels_misfit
from pipeline.definitions.norm_fit import norms_misfit, unknown_in_norm
from pipeline.definitions.part import repeated
from pipeline.definitions.policy import Policy
from pipeline.definitions.policy_fit import policy_misfits
from pipeline.definitions.reading import load_definition, nearest
from pipeline.definitions.screen import (
    AgeForGrade,
    CodeIn,
    CountAtOrAbove,
    Exceeds,
    SameCode,
    Screen,
)
from pipeline.definitions.screen_fit import screen_grades_unknown, screen_misfits
from pipeline.definitions.site import Site
from pipeline.definitions.wave import Wave
from pipeline.definitions.wave_fit import shared_exports, wave_misfits
from pipeline.errors import DefinitionError, UsageError

if TYPE_CHECKING:
    from pipeline.definitions.polygons import Polygons


def load_catalogue(folder: Path) -> Catalogue:
    """A site's definitions, checked against each other.

    Raises:
        UsageError: ``folder`` is not a site.
        DefinitionError: a file does not fit, or files do not fit together.
    """
    if not (folder / "site.yml").is_file():
        raise UsageError(f"{folder}: is not a site: it holds no site.yml.")
    site = load_definition(folder / "site.yml", Site)
    shelf = load_shelf(folder)
    waves = load_waves(folder)
    unknown = [
        *_unknown_names(site, shelf),
        *_unknown_instruments(waves, shelf),
        *(
            problem
            for name in site.norms
            if name in shelf.norms
            for problem in unknown_in_norm(shelf.norms[name], shelf)
        ),
    ]
    _refuse(folder, unknown)
    areas = load_definition(folder / "areas.yml", Areas)
    catalogue = Catalogue(
        folder=folder,
        site=site,
        areas=areas,
        policy=load_definition(folder / "policy.yml", Policy),
        waves=waves,
        instruments=shelf.instruments,
        factors=tuple(shelf.factors[factor] for factor in site.factors),
        outcomes=tuple(shelf.outcomes[outcome] for outcome in site.outcomes),
        flag_count_rules=tuple(shelf.flag_counts[rule] for rule in site.flag_counts),
        screens=shelf.screens[site.screens] if site.screens else None,
        norms=tuple(shelf.norms[norm] for norm in site.norms),
        polygons=_polygons(folder, site, areas),
    )
    _refuse(folder, list(misfits(catalogue)))
    return catalogue


def _polygons(folder: Path, site: Site, areas: Areas) -> "Polygons | None":
    if site.map is None:
        return None
    from pipeline.definitions.polygons import load_polygons  # noqa: PLC0415

    return load_polygons(folder, site.map, areas)


def misfits(catalogue: Catalogue) -> Iterator[str]:
    """Every way in which a site's files contradict each other, as sentences."""
    yield from _shared_names(catalogue)
    yield from labels_misfit(catalogue)
    yield from shared_exports(catalogue.waves)
    for wave in catalogue.waves:
        instrument = catalogue.instrument_of(wave)
        for factor in catalogue.factors:
            yield from _items_missing(f"factor {factor.id}", _ids(factor), instrument)
            yield from _formats_mixed(factor, instrument)
        for outcome in catalogue.outcomes:
            yield from _items_missing(f"outcome {outcome.id}", _ids(outcome), instrument)
            yield from _codes_unknown(outcome, instrument)
        for screen in catalogue.screens.screens if catalogue.screens else ():
            yield from _items_missing(f"screen {screen.id}", screen_items(screen), instrument)
            yield from screen_misfits(screen, instrument)
        yield from wave_misfits(wave, catalogue.site, instrument)
        yield from _areas_misplaced(catalogue, wave)
    yield from norms_misfit(catalogue)
    yield from flag_count_misfits(catalogue)
    yield from policy_misfits(catalogue)
    for screen in catalogue.screens.screens if catalogue.screens else ():
        yield from screen_grades_unknown(screen, catalogue.site)


def screen_items(screen: Screen) -> tuple[str, ...]:
    """Ids of the items a screen looks at."""
    match screen:
        case CodeIn() | AgeForGrade():
            return (screen.item,)
        case CountAtOrAbove() | SameCode():
            return screen.items
        case Exceeds():
            return tuple(item for pair in screen.pairs for item in (pair.narrower, pair.wider))


def _refuse(folder: Path, problems: list[str]) -> None:
    if problems:
        lines = [f"  {problem}" for problem in dict.fromkeys(problems)]
        raise DefinitionError("\n".join([f"{folder}: its files do not fit together:", *lines]))


def _ids(measure: Factor | Outcome) -> tuple[str, ...]:
    return tuple(item.id for item in measure.items)


def _unknown_names(site: Site, shelf: Shelf) -> Iterator[str]:
    for what, names, known in (
        ("factors", site.factors, list(shelf.factors)),
        ("outcomes", site.outcomes, list(shelf.outcomes)),
        ("flag_counts", site.flag_counts, list(shelf.flag_counts)),
        ("screens", (site.screens,) if site.screens else (), list(shelf.screens)),
        ("norms", site.norms, list(shelf.norms)),
    ):
        for name in names:
            if name not in known:
                yield f"site.yml: {what}: {name!r} is not defined{nearest(name, known)}"


def _unknown_instruments(waves: tuple[Wave, ...], shelf: Shelf) -> Iterator[str]:
    known = list(shelf.instruments)
    for wave in waves:
        if wave.instrument not in known:
            yield (
                f"waves/{wave.wave}.yml: instrument: {wave.instrument!r} is not defined"
                f"{nearest(wave.instrument, known)}"
            )


def _shared_names(catalogue: Catalogue) -> Iterator[str]:
    factors = {factor.id for factor in catalogue.factors}
    outcomes = {outcome.id for outcome in catalogue.outcomes}
    for outcome in catalogue.outcomes:
        if outcome.id in factors:
            yield f"{outcome.id}: is both a factor and an outcome"
    for rule in catalogue.flag_count_rules:
        if rule.id in factors | outcomes:
            what = "a factor" if rule.id in factors else "an outcome"
            yield f"{rule.id}: is both {what} and a count of flags"


def _items_missing(who: str, items: tuple[str, ...], instrument: Instrument) -> Iterator[str]:
    asked = [item.id for item in instrument.items]
    left_out = {gap.item for gap in instrument.not_asked}
    for item in items:
        if item not in asked and item not in left_out:
            yield (
                f"{who}: item {item!r} is not in instrument {instrument.id}"
                f"{nearest(item, asked)} (or list it there under not_asked)"
            )


def _asked(items: tuple[str, ...], instrument: Instrument) -> list[tuple[Item, ResponseFormat]]:
    return [
        (item, instrument.format_of(item)) for item in instrument.items if item.id in set(items)
    ]


def _formats_mixed(factor: Factor, instrument: Instrument) -> Iterator[str]:
    ranges = {(each.lowest, each.highest) for _, each in _asked(_ids(factor), instrument)}
    if factor.rescale == "none" and len(ranges) > 1:
        shown = ", ".join(f"{low} to {high}" for low, high in sorted(ranges))
        yield (
            f"factor {factor.id}: its items in {instrument.id} have different ranges ({shown}); "
            "expected one range, or rescale: minmax"
        )


def _codes_unknown(outcome: Outcome, instrument: Instrument) -> Iterator[str]:
    counted = {item.id: item.codes for item in outcome.items}
    for item, response_format in _asked(_ids(outcome), instrument):
        known = {option.code for option in response_format.codes}
        if unknown := sorted(set(counted[item.id]) - known):
            yield (
                f"outcome {outcome.id}: item {item.id} has no codes {unknown} in "
                f"{instrument.id}; expected some of {sorted(known)}"
            )


def _areas_misplaced(catalogue: Catalogue, wave: Wave) -> Iterator[str]:
    day = wave.fieldwork_from
    root = catalogue.site.root_area
    areas = catalogue.areas.areas
    if root not in {area.id for area in areas}:
        yield f"site.yml: root_area: {root!r} is not in areas.yml"
        return
    codes = [code.code for area in areas for code in area.codes if code.holds_on(day)]
    if again := repeated(codes):
        yield f"areas.yml: codes that name two areas on {day}: {', '.join(again)}"
    for area in areas:
        if len([parent for parent in area.lies_in if parent.holds_on(day)]) > 1:
            yield f"areas.yml: {area.id} lies in two areas on {day}"
        has_code = any(code.holds_on(day) for code in area.codes)
        if has_code and ancestors_on(catalogue.areas, area.id, day)[-1] != root:
            yield f"areas.yml: {area.id} has a code but does not lie in {root} on {day}"
