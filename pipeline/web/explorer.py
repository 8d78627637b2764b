"""The figures of a release as the explorer's script reads them: as they are, nothing computed."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.site import Classification
from pipeline.documents.view import DOMAINS, Lang
from pipeline.documents.wording import load_texts, text_in
from pipeline.web.behind import behind_of
from pipeline.web.breaks import breaks_of
from pipeline.web.place import Place, places_of
from pipeline.web.released import Released

ALL = "all"

GROUP = ("wave", "area_id", "grade", "gender")

MARKS = {"suppressed": "..", "no_answers": "-", "coded_below": "<", "coded_above": ">"}
"""What stands for a figure without a share."""

SAID_BY_SCRIPT = "web.live."
"""Begins the keys of texts that the script fills in."""

Choice = dict[str, str]
"""An id and its label."""


def explorer_data(released: Released, catalogue: Catalogue, lang: Lang) -> dict[str, Any]:
    """All that the explorer's script knows.

    Returns:
        ``figures`` has a list for each wave, area, grade and gender with rows in ``estimate``:
        their places in the lists of the same names, and a cell for each measure. A cell is
        ``[n, percent, lower, upper, unreliable]``, or one of ``MARKS`` with n, or without where
        that is not known either; null where the release has no row. What stands behind figures is
        ``behind_of``.
    """
    choices = choices_of(released, catalogue, lang)
    texts = load_texts(lang)
    return {
        "site": catalogue.site.id,
        "release": released.release_id,
        "edition": "public",
        "lang": lang,
        **choices,
        "limits": {
            side: int(released.policy[f"public.extreme_code.{side}"]) for side in ("below", "above")
        },
        "texts": {
            key.removeprefix(SAID_BY_SCRIPT): text
            for key, text in texts.items()
            if key.startswith(SAID_BY_SCRIPT)
        },
        "breaks": breaks_of(catalogue, lang),
        **behind_of(released, catalogue, lang),
        "figures": _figures(released.estimates, choices),
    }


def choices_of(released: Released, catalogue: Catalogue, lang: Lang) -> dict[str, list[Any]]:
    """What can be chosen, each in the order in which it is shown.

    Returns:
        ``waves``, newest first; ``areas``, ``grades``, ``genders`` and ``measures``.
    """
    rows = released.estimates
    texts = load_texts(lang)
    return {
        "waves": [str(wave) for wave in sorted(rows["wave"].unique(), reverse=True)],
        "areas": [_area(place) for place in places_of(released.areas, catalogue.areas)],
        "grades": _classes(
            rows["grade"], catalogue.site.grades, texts["web.explorer.all_grades"], lang
        ),
        "genders": _classes(
            rows["gender"], catalogue.site.genders, texts["web.explorer.all_genders"], lang
        ),
        "measures": _measures(released.measures, catalogue, lang),
    }


def _figures(rows: pl.DataFrame, choices: Mapping[str, list[Any]]) -> list[list[Any]]:
    places = [
        {name: number for number, name in enumerate(choices["waves"])},
        *(
            {each["id"]: number for number, each in enumerate(choices[name])}
            for name in ("areas", "grades", "genders")
        ),
    ]
    measures = {each["id"]: number for number, each in enumerate(choices["measures"])}
    groups: dict[tuple[int, ...], list[Any]] = {}
    for row in rows.iter_rows(named=True):
        key = tuple(place[str(row[column])] for place, column in zip(places, GROUP, strict=True))
        cells = groups.setdefault(key, [None] * len(measures))
        cells[measures[row["measure_id"]]] = _cell(row)
    return [[*key, groups[key]] for key in sorted(groups)]


def _cell(row: Mapping[str, Any]) -> str | list[Any]:
    status = row["status"]
    if status in MARKS:
        return MARKS[status] if row["n"] is None else [MARKS[status], row["n"]]
    numbers = [row[name] for name in ("n", "percent", "percent_lower", "percent_upper")]
    return [*numbers, int(bool(row["is_unreliable"]))]


def _area(place: Place) -> dict[str, Any]:
    return {"id": place.id, "label": place.label, "level": place.level, "depth": place.depth}


def _classes(
    column: pl.Series, classes: tuple[Classification, ...], everyone: str, lang: Lang
) -> list[Choice]:
    """The groups that figures are published of, all of them together first."""
    published = set(column.unique())
    listed = {each.id: text_in(each.label, lang) for each in classes}
    known = [each for each in listed if each in published]
    unknown = sorted(published - {ALL, *listed})
    found = [{"id": each, "label": listed.get(each, each)} for each in (*known, *unknown)]
    return [{"id": ALL, "label": everyone}, *found]


def _measures(rows: pl.DataFrame, catalogue: Catalogue, lang: Lang) -> list[Choice]:
    """Measures by domain, risk before protection, then counts of flags, outcomes; as published."""
    by_id = {row["measure_id"]: row for row in rows.iter_rows(named=True)}
    domains: dict[str, str] = {factor.id: factor.domain for factor in catalogue.factors}
    order = [
        factor.id
        for domain in DOMAINS
        for direction in ("risk", "protective")
        for factor in catalogue.factors
        if (factor.domain, factor.direction) == (domain, direction)
    ]
    counts = [count.id for count in catalogue.flag_counts]
    order += [*counts, *(outcome.id for outcome in catalogue.outcomes)]
    domains |= dict.fromkeys(counts, "flag_count")
    known = [each for each in order if each in by_id]
    return [
        {
            "id": each,
            "label": by_id[each][f"label_{lang}"],
            "kind": by_id[each]["kind"],
            "domain": domains.get(each, "outcome"),
        }
        for each in (*known, *sorted(set(by_id) - set(known)))
    ]
