"""Areas beside each other: the same measures of each, in the municipality's own order."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pipeline.definitions.areas import Area
from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.flag_count import MeasureDefinition
from pipeline.definitions.wave import Wave
from pipeline.disclosure.figure import Published
from pipeline.disclosure.publishable import Publishable
from pipeline.documents.figures import Figures
from pipeline.documents.view import DOMAINS, DomainId, Lang, MeasureKind
from pipeline.documents.wording import text_in

BesideKind = Literal["compare", "overview"]
"""Chosen areas, or all of the municipality's."""

MAX_NAME = 90
"""Letters of what areas are called together in a file's name. With the longest id of a site, and
with what is put around a name while its file is written, it stays below 200."""

_N_DIGITS = 16
"""Of the hash that stands for areas that are not named: 64 bits."""


@dataclass(frozen=True)
class AreaFigure:
    """One area's share of one measure."""

    label: str
    figure: Published


@dataclass(frozen=True)
class BesideMeasure:
    """A measure in each of the areas."""

    id: str
    label: str
    phrase: str
    kind: MeasureKind
    areas: tuple[AreaFigure, ...]


@dataclass(frozen=True)
class Beside:
    """The measures in each of the areas, factors by domain."""

    kind: BesideKind
    domains: tuple[tuple[DomainId, tuple[BesideMeasure, ...]], ...]
    """Risk factors first, then protective ones; without domains that are empty."""

    outcomes: tuple[BesideMeasure, ...]
    flag_counts: tuple[BesideMeasure, ...]


def beside_name(area_ids: Sequence[str]) -> str:
    """What areas are called together in a file's name; no two lists of areas share one.

    Args:
        area_ids: in the municipality's order.

    Returns:
        All ids, as in ``norrsatra-storvik``; where that is longer than ``MAX_NAME``, the first
        ones, how many areas there are and a hash of all ids, as in
        ``sandviken-norrsatra-26-0123456789abcdef``. No id begins with a digit.
    """
    whole = "-".join(area_ids)
    if len(whole) <= MAX_NAME:
        return whole
    digest = hashlib.sha256(whole.encode()).hexdigest()[:_N_DIGITS]
    ending = f"-{len(area_ids)}-{digest}"
    named = whole[: MAX_NAME - len(ending) + 1].rpartition("-")[0]
    return f"{named}{ending}"


def build_beside(
    publishable: Publishable,
    catalogue: Catalogue,
    areas: Sequence[Area],
    wave: Wave,
    *,
    lang: Lang,
    kind: BesideKind,
) -> Beside:
    """The areas beside each other in one wave.

    Args:
        publishable: figures that may be shown.
        catalogue: the site's definitions.
        areas: in the order in which they are shown.
        wave: one of the site's waves.
        lang: language of the document.
        kind: whether the areas were chosen.
    """
    figures = [(area.label, Figures(publishable, catalogue, area.id)) for area in areas]

    def of_areas(measure: MeasureDefinition, sort: MeasureKind) -> BesideMeasure:
        return BesideMeasure(
            measure.id,
            text_in(measure.label, lang),
            text_in(measure.phrase, lang),
            sort,
            tuple(AreaFigure(label, found.share(measure, wave)) for label, found in figures),
        )

    domains = (
        (
            domain,
            tuple(
                of_areas(factor, direction)
                for direction in ("risk", "protective")
                for factor in catalogue.factors
                if (factor.domain, factor.direction) == (domain, direction)
            ),
        )
        for domain in DOMAINS
    )
    return Beside(
        kind,
        tuple((domain, measures) for domain, measures in domains if measures),
        tuple(of_areas(outcome, "outcome") for outcome in catalogue.outcomes),
        tuple(of_areas(count, "flag_count") for count in catalogue.flag_counts),
    )
