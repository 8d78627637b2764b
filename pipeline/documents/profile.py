"""Publishable estimates and definitions in, the profile of one area out, ready to be shown."""

from datetime import date
from typing import Any

from pipeline.definitions.areas import Area
from pipeline.definitions.catalogue import Catalogue, ancestors_on, parent_on
from pipeline.definitions.wave import Wave
from pipeline.disclosure.figure import NOBODY, Row, count_between, count_of
from pipeline.disclosure.publishable import Publishable
from pipeline.documents.differences import Differences
from pipeline.documents.figures import Figures
from pipeline.documents.map_view import AreaMap
from pipeline.documents.measures import Measures
from pipeline.documents.norm_words import norm_source
from pipeline.documents.participation import participation_of
from pipeline.documents.splits import Splits
from pipeline.documents.view import (
    DOMAINS,
    STEPS,
    Domain,
    GradeBase,
    Lang,
    Measure,
    Profile,
    Reason,
    Step,
)
from pipeline.documents.wording import load_texts, say, text_in

MAX_HIGHLIGHTS = 5
"""Factors named as strengths, and as concerns, at most: readers choose two to five."""


def build_profile(
    publishable: Publishable, catalogue: Catalogue, area_id: str, wave: Wave, lang: Lang
) -> Profile:
    """The profile of one area in one wave.

    Args:
        publishable: figures that may be shown.
        catalogue: the site's definitions.
        area_id: one of the site's areas.
        wave: one of the site's waves.
        lang: language of the document.
    """
    figures = Figures(publishable, catalogue, area_id)
    differences = Differences(publishable, catalogue, area_id, wave)
    splits = Splits(publishable, figures, differences, catalogue=catalogue, wave=wave, lang=lang)
    measures = Measures(
        figures,
        differences,
        splits,
        publishable.told_norms,
        catalogue=catalogue,
        wave=wave,
        lang=lang,
    )
    factors = [measures.factor(factor) for factor in catalogue.factors]
    outcomes = tuple(measures.outcome(outcome) for outcome in catalogue.outcomes)
    flag_counts = tuple(measures.flag_count(count) for count in catalogue.flag_counts)
    shown = (*factors, *flag_counts, *outcomes)
    figures_shown = [each.figure for measure in shown for each in measure.waves]
    design = catalogue.site.design
    return Profile(
        lang=lang,
        **_place(catalogue, area_id, wave, lang),
        **_survey(catalogue, wave, lang),
        **_participation(publishable, catalogue, area_id, wave, lang),
        participation=participation_of(publishable, catalogue, wave, lang),
        n_hidden=sum(figure.state in ("too_few", "suppressed") for figure in figures_shown),
        confidence=design.confidence,
        interval=design.interval,
        degrees_of_freedom=design.degrees_of_freedom,
        stance=design.stance,
        has_population_sizes=bool(wave.columns.fpc),
        adjustment=design.comparisons.adjustment,
        alpha=design.comparisons.alpha,
        power=design.comparisons.power,
        is_compared=not wave.columns.unit,
        concerns=_highlights(factors, is_concern=True),
        strengths=_highlights(factors, is_concern=False),
        domains=_domains(factors, catalogue),
        outcomes=outcomes,
        genders_not_shown=splits.genders_not_shown,
        flag_counts=flag_counts,
        norms=tuple(
            norm_source(norm, catalogue, lang, publishable.round_counts) for norm in catalogue.norms
        ),
        build_id=publishable.build_id,
    )


def _place(catalogue: Catalogue, area_id: str, wave: Wave, lang: Lang) -> dict[str, Any]:
    """What the profile says of the area itself."""
    site, day = catalogue.site, wave.fieldwork_from
    area = _area(catalogue, area_id)
    chain = [each for each in ancestors_on(catalogue.areas, area_id, day) if each != site.root_area]
    levels = {level.id: text_in(level.label, lang) for level in catalogue.areas.levels}
    return {
        "site_label": text_in(site.label, lang),
        "about": text_in(site.about, lang) if site.about else None,
        "synthetic": site.synthetic,
        "area_id": area_id,
        "area_label": area.label,
        "level_label": levels[area.level],
        "is_municipality": area_id == site.root_area,
        "municipality_label": _area(catalogue, site.root_area).label,
        "lies_in": tuple(_area(catalogue, each).label for each in chain if each != area_id),
        "lies_in_is_sample_data": any(
            parent.status == "sample_data"
            for each in chain
            for parent in _area(catalogue, each).lies_in
            if parent.holds_on(day)
        ),
        "contains": tuple(
            each.label for each in catalogue.areas.areas if parent_on(each, day) == area_id
        ),
        "map": _map(catalogue, area_id, day),
    }


def _map(catalogue: Catalogue, area_id: str, day: date) -> AreaMap | None:
    if catalogue.polygons is None:
        return None
    from pipeline.documents.area_map import area_map  # noqa: PLC0415

    return area_map(catalogue, catalogue.polygons, area_id, day)


def _survey(catalogue: Catalogue, wave: Wave, lang: Lang) -> dict[str, Any]:
    """What the profile says of the fieldwork."""
    instrument = catalogue.instrument_of(wave)
    return {
        "wave": wave.wave,
        "wave_label": text_in(wave.label, lang),
        "earlier_waves": tuple(each.wave for each in catalogue.waves if each.wave < wave.wave),
        "fieldwork_from": wave.fieldwork_from,
        "fieldwork_to": wave.fieldwork_to,
        "is_weighted": wave.is_weighted,
        "has_own_weights": wave.columns.weight is not None,
        "instrument_label": text_in(instrument.label, lang),
        "instrument_status": str(say(load_texts(lang), f"instrument.{instrument.status}")),
    }


def _participation(
    publishable: Publishable, catalogue: Catalogue, area_id: str, wave: Wave, lang: Lang
) -> dict[str, Any]:
    """What the profile says of who answered."""
    coverage: dict[str, Row] = {
        row["grade"]: row
        for row in publishable.coverage.filter(wave=wave.wave).iter_rows(named=True)
    }
    everyone = coverage["all"]
    bases = {
        row["grade"]: count_of(row, "n_respondents")
        for row in publishable.domains.filter(
            wave=wave.wave, area_id=area_id, gender="all"
        ).iter_rows(named=True)
    }
    with_norm = {grade for norm in catalogue.norms for grade in norm.grades}
    return {
        "n_area": bases.get("all", NOBODY),
        "edition": publishable.edition,
        "min_base": publishable.min_base,
        "round_counts": publishable.round_counts,
        "ladder": tuple(Step(step, count_of(everyone, f"n_{step}")) for step in STEPS),
        "refused": _left_out(publishable, catalogue, wave, "refused", lang),
        "screened": _left_out(publishable, catalogue, wave, "screened", lang),
        "n_not_placed": count_between(
            count_of(everyone, "n_passed_screens"), count_of(everyone, "n_placed")
        ),
        "grades": tuple(
            GradeBase(
                label=text_in(grade.label, lang),
                n_area=bases.get(grade.id, NOBODY),
                n_municipality=count_of(coverage[grade.id], "n_passed_screens"),
                has_norm=grade.id in with_norm,
            )
            for grade in catalogue.site.grades
            if grade.id in coverage
        ),
    }


def _left_out(
    publishable: Publishable, catalogue: Catalogue, wave: Wave, stage: str, lang: Lang
) -> tuple[Reason, ...]:
    """Reasons in the order in which they are applied, those that met nobody as well."""
    counted = {
        row["reason"]: count_of(row, "n_respondents")
        for row in publishable.left_out.filter(wave=wave.wave, stage=stage).iter_rows(named=True)
    }
    if stage == "refused":
        texts = load_texts(lang)
        return tuple(
            Reason(str(say(texts, f"refused.{reason}")), n) for reason, n in counted.items()
        )
    return tuple(
        Reason(text_in(screen.label, lang), counted.get(screen.id, NOBODY))
        for screen in (catalogue.screens.screens if catalogue.screens else ())
    )


def _highlights(factors: list[Measure], *, is_concern: bool) -> tuple[Measure, ...]:
    """Factors that are found to differ from the norm, furthest first."""
    wanted = [
        measure
        for measure in factors
        if measure.against_norm.verdict
        == ("higher" if measure.more_is_worse == is_concern else "lower")
    ]
    return tuple(sorted(wanted, key=_nearness_to_norm)[:MAX_HIGHLIGHTS])


def _nearness_to_norm(measure: Measure) -> tuple[float, str]:
    """Sorts what lies furthest from the norm first."""
    share, norm = measure.area.share, measure.norm_share
    distance = 0.0 if share is None or norm is None else abs(share - norm)
    return -distance, measure.id


def _domains(factors: list[Measure], catalogue: Catalogue) -> tuple[Domain, ...]:
    by_id = {measure.id: measure for measure in factors}
    return tuple(
        Domain(
            domain,
            tuple(
                by_id[factor.id]
                for direction in ("risk", "protective")
                for factor in catalogue.factors
                if (factor.domain, factor.direction) == (domain, direction)
            ),
        )
        for domain in DOMAINS
        if any(factor.domain == domain for factor in catalogue.factors)
    )


def _area(catalogue: Catalogue, area_id: str) -> Area:
    return next(area for area in catalogue.areas.areas if area.id == area_id)
