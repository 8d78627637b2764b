"""Every rule within one file, broken once."""

from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from pipeline.definitions.areas import Areas
from pipeline.definitions.factor import Factor, Outcome
from pipeline.definitions.flag_count import FlagCountRule
from pipeline.definitions.instrument import Instrument, Item, ResponseFormat
from pipeline.definitions.norm import Norm
from pipeline.definitions.policy import Policy
from pipeline.definitions.screen import ScreenSet
from pipeline.definitions.site import Site
from pipeline.definitions.wave import CodedColumn, Wave

LABEL = {"sv": "text", "en": "text"}
SOURCED = {"source": "made up", "status": "found"}
CODES = [{"code": code, "label": LABEL} for code in (0, 1)]
FORMAT = {"id": "yes_no", "codes": CODES, **SOURCED}
ITEM = {"id": "first", "column": "q1", "format": "yes_no", "text": LABEL, **SOURCED}
SECOND = ITEM | {"id": "second", "column": "q2"}
INSTRUMENT = {"id": "short", "label": LABEL, "formats": [FORMAT], "items": [ITEM], **SOURCED}
LINK = {"problem": "violence", **SOURCED}
MEASURE = {
    "id": "scale",
    "label": LABEL,
    "label_status": "found",
    "phrase": LABEL,
    "min_answered": 1,
    **SOURCED,
}
FACTOR = MEASURE | {"domain": "school", "direction": "risk", "items": [{"id": "first"}]}
OUTCOME = MEASURE | {"problem": None, "items": [{"id": "first", "codes": [1]}]}
FLAG_COUNT = {
    "id": "many",
    "label": LABEL,
    "label_status": "found",
    "phrase": {"sv": "minst {at_least}", "en": "at least {at_least}"},
    "direction": "risk",
    "at_least": 2,
    "min_flags_known": 3,
    **SOURCED,
}
CUTOFF = {"factor": "scale", "grade": "g8", "cutoff": 2.5, "n": 9, "share_flagged": 0.4}
UPPER = {"side": "upper", "inclusive": True}
ROC = {"rule": "roc", "outcome": "it", "criterion": "youden", "ties": "fewer_flagged", "min_n": 10}
PERCENTILE = {"rule": "percentile", "share_past": 0.2, "hyndman_fan": 7}
NORM = {
    "id": "norm",
    "label": LABEL,
    "population": LABEL,
    "wave": 2021,
    "instrument": "short",
    "source": LABEL,
    "synthetic": True,
    "method": {"rule": "median_mad", "k": 0.15, "mad": "median"},
    "risk": UPPER,
    "protective": UPPER,
    "method_source": LABEL,
    "grades": ["g8"],
    "cutoffs": [CUTOFF],
}
ABOUT = {"id": "screen", "label": LABEL, **SOURCED}
COUNT = ABOUT | {
    "kind": "count_at_or_above",
    "items": ["first", "second"],
    "at_or_above": 3,
    "min_items": 1,
}
PAIR = {"narrower": "first", "wider": "second"}
EXCEEDS = ABOUT | {"kind": "exceeds", "pairs": [PAIR]}
AGES = {"grade": "g8", "youngest": 13, "oldest": 15}
AGE = ABOUT | {"kind": "age_for_grade", "item": "first", "ages": [AGES]}
SAME = ABOUT | {"kind": "same_code", "items": ["a", "b", "c", "d", "e"]}
PLACE = {"id": "all", "label": "All", "level": "town"}
LEVEL = {"id": "town", "label": LABEL}
AREAS = {"source": "made up", "levels": [LEVEL], "areas": [PLACE]}
PARENT = {"area": "all", "source": "made up", "status": "found"}
SITE = {
    "id": "somewhere",
    "label": LABEL,
    "synthetic": True,
    "root_area": "all",
    "grades": [{"id": "g8", "label": LABEL}],
    "factors": ["scale"],
    "design": {
        "stance": "sample",
        "degrees_of_freedom": "full",
        "lonely_psu": "fail",
        "interval": "logit",
        "source": "made up",
    },
}
CODED = {"column": "kon", "codes": [{"code": "1", "id": "girl"}], "missing": ["9"]}
WAVE = {
    "wave": 2025,
    "label": LABEL,
    "instrument": "short",
    "fieldwork_from": "2025-10-01",
    "fieldwork_to": "2025-10-31",
    "exports": [{"file": "a.csv"}],
    "columns": {"respondent": "id"},
    "min_answered_items": 1,
    "min_answered_source": "made up",
    "source": "made up",
}

RAKED = WAVE | {
    "columns": {"respondent": "id", "gender": CODED},
    "enrolled": "n.csv",
    "raking": {"margins": ["gender"], "source": "made up"},
}


def raked(**changes: Any) -> dict[str, Any]:
    """A wave that is raked otherwise."""
    return RAKED | {"raking": {**RAKED["raking"], **changes}}  # type: ignore[dict-item]


def site_with(**changes: Any) -> dict[str, Any]:
    """A site with another design."""
    return SITE | {"design": {**SITE["design"], **changes}}  # type: ignore[dict-item]


WHOLE: list[tuple[type[BaseModel], dict[str, Any]]] = [
    (Instrument, INSTRUMENT),
    (Factor, FACTOR),
    (Outcome, OUTCOME),
    (FlagCountRule, FLAG_COUNT),
    (FlagCountRule, FLAG_COUNT | {"min_flags_known": 2}),
    (Norm, NORM),
    (Norm, NORM | {"method": PERCENTILE}),
    (Norm, NORM | {"method": PERCENTILE | {"hyndman_fan": 2}, "weighted": True}),
    (Norm, NORM | {"method": ROC, "against": ["it"], "per_grade": False}),
    (Norm, NORM | {"method": ROC | {"criterion": "min_specificity", "min_specificity": 0.8}}),
    *(
        (ScreenSet, {"id": "s", "label": LABEL, "screens": [s]})
        for s in (COUNT, EXCEEDS, AGE, SAME)
    ),
    (Areas, AREAS),
    (Site, SITE),
    (Wave, WAVE),
    (CodedColumn, CODED),
    (Policy, {"source": "made up"}),
]

BROKEN: list[tuple[type[BaseModel], dict[str, Any], str]] = [
    (ResponseFormat, FORMAT | {"codes": [*CODES, CODES[1]]}, r"yes_no: codes used more .*\[1\]"),
    (
        ResponseFormat,
        FORMAT | {"codes": [CODES[0], CODES[1] | {"points": 32_001}]},
        "less than or equal to 32000",
    ),
    (
        ResponseFormat,
        FORMAT | {"missing": [{"code": 1, "reason": "declined", "label": LABEL}]},
        r"format yes_no: codes used more than once: \[1\]",
    ),
    (ResponseFormat, FORMAT | {"codes": CODES[:1]}, "at least 2 items"),
    (
        ResponseFormat,
        FORMAT | {"codes": [{**code, "points": 3} for code in CODES]},
        "format yes_no: every code gives 3 points",
    ),
    (
        ResponseFormat,
        FORMAT | {"missing": [{"code": 9, "reason": "blank", "label": LABEL}]},
        "format yes_no: blank cannot be the reason of a missing code",
    ),
    (
        ResponseFormat,
        FORMAT | {"codes": [*CODES, {"code": 32_001, "label": LABEL}]},
        "less than or equal to 32000",
    ),
    (
        ResponseFormat,
        FORMAT | {"missing": [{"code": -32_001, "reason": "declined", "label": LABEL}]},
        "greater than or equal to -32000",
    ),
    (Item, ITEM | {"id": "First"}, "should match pattern"),
    (Item, ITEM | {"column": "  "}, "at least 1 character"),
    (Item, ITEM | {"status": "official"}, "'found', 'remembered', 'working_name'"),
    (
        Instrument,
        INSTRUMENT | {"items": [ITEM, SECOND | {"id": "first"}]},
        "items listed more than once: first",
    ),
    (
        Instrument,
        INSTRUMENT | {"items": [ITEM, SECOND | {"column": "q1"}]},
        "columns listed more than once: q1",
    ),
    (Instrument, INSTRUMENT | {"formats": [FORMAT] * 2}, "formats listed more than once: yes_no"),
    (
        Instrument,
        INSTRUMENT | {"not_asked": [{"item": "old", "reason": "long"}] * 2},
        "not_asked listed more than once: old",
    ),
    (
        Instrument,
        INSTRUMENT | {"items": [ITEM | {"format": "yesno"}]},
        "items use formats that are not listed: yesno",
    ),
    (
        Instrument,
        INSTRUMENT | {"formats": [FORMAT | {"tells": ["age", "first", "area", "aeg"]}]},
        "formats tell of what is no item, area, grade, gender or age: aeg ",
    ),
    (
        Instrument,
        INSTRUMENT | {"not_asked": [{"item": "first", "reason": "long"}]},
        "items are both asked and not_asked: first",
    ),
    *(
        (
            Instrument,
            INSTRUMENT | {"items": [ITEM | {"id": name}]},
            f"an id that is a column of its own: {name}",
        )
        for name in ("weight", "grade", "score_first", "caught_first", "is_scored")
    ),
    (Factor, FACTOR | {"items": [{"id": "first"}] * 2}, "items listed more than once: first"),
    (Factor, FACTOR | {"links": [LINK] * 2}, "problems linked more than once: violence"),
    (Factor, FACTOR | {"min_answered": 2}, "min_answered is 2 but there are only 1 items"),
    (Factor, FACTOR | {"min_answered": 0}, "greater than or equal to 1"),
    (Factor, FACTOR | {"items": []}, "at least 1 item"),
    (
        Outcome,
        OUTCOME | {"items": [{"id": "first", "codes": [1]}] * 2},
        "items listed more than once: first",
    ),
    (FlagCountRule, FLAG_COUNT | {"at_least": 1}, "greater than or equal to 2"),
    (FlagCountRule, FLAG_COUNT | {"at_least": None}, "valid integer"),
    (FlagCountRule, FLAG_COUNT | {"direction": "outcome"}, "'risk' or 'protective'"),
    (FlagCountRule, FLAG_COUNT | {"factors": ["scale"]}, "not permitted"),
    (
        FlagCountRule,
        FLAG_COUNT | {"at_least": 4},
        "min_flags_known is 3, below at_least 4: who cannot reach it would count as not reaching "
        "it; expected 4 or more",
    ),
    (
        FlagCountRule,
        FLAG_COUNT | {"phrase": {"sv": "minst {at_least}", "en": "at least two"}},
        "phrase.en: expected {at_least} in it, once",
    ),
    (
        FlagCountRule,
        FLAG_COUNT | {"phrase": {"sv": "minst {at_least} {at_least}", "en": "{at_least}"}},
        "phrase.sv: expected {at_least} in it, once",
    ),
    (Outcome, OUTCOME | {"min_reached": 2}, "min_reached is 2 but there are only 1 items"),
    (Outcome, OUTCOME | {"min_answered": 2}, "min_answered is 2 but there are only 1 items"),
    (Outcome, OUTCOME | {"items": [{"id": "first", "codes": []}]}, "at least 1 item"),
    (Norm, NORM | {"cutoffs": [CUTOFF] * 2}, "two cut-offs for the same .*: scale in g8"),
    (
        Norm,
        NORM | {"cutoffs": [CUTOFF | {"grade": "g9"}]},
        "cut-offs for grades that are not stated: g9",
    ),
    (Norm, NORM | {"cutoffs": [CUTOFF | {"cutoff": float("nan")}]}, "should be a finite number"),
    (Norm, NORM | {"cutoffs": [CUTOFF | {"share_flagged": 1.1}]}, "less than or equal to 1"),
    (
        Norm,
        NORM | {"method": {"rule": "median_mad", "k": float("inf"), "mad": "mean"}},
        "should be a finite number",
    ),
    (
        Norm,
        NORM | {"method": {"rule": "mean_sd", "k": 1, "mad": "mean"}},
        "'median_mad', 'percentile', 'roc'",
    ),
    (Norm, NORM | {"against": ["it", "it"]}, "against: outcomes listed more than once: it"),
    *(
        (Norm, NORM | {"method": method}, message)
        for method, message in (
            (PERCENTILE | {"share_past": 0}, "greater than 0"),
            (PERCENTILE | {"share_past": 1}, "less than 1"),
            (PERCENTILE | {"hyndman_fan": 3}, "should be 1, 2, 6, 7 or 8"),
            (PERCENTILE | {"k": 1}, "Extra inputs are not permitted"),
            (ROC | {"min_n": 9}, "greater than or equal to 10"),
            (ROC | {"ties": "lowest"}, "'fewer_flagged' or 'more_flagged'"),
            (ROC | {"criterion": "min_specificity"}, "is a number with criterion min_spec"),
            (ROC | {"min_specificity": 0.8}, "is a number with criterion min_spec"),
        )
    ),
    (
        Norm,
        NORM | {"method": PERCENTILE, "weighted": True},
        "definition 7 has no agreed meaning with weights; expected 1 or 2",
    ),
    *(
        (ScreenSet, {"id": "s", "label": LABEL, "screens": screens}, message)
        for screens, message in (
            ([COUNT, EXCEEDS], "screens listed more than once: screen"),
            ([COUNT | {"min_items": 3}], "min_items is 3 but there are only 2 items"),
            ([COUNT | {"items": ["a", "a"]}], "items listed more than once: a"),
            ([EXCEEDS | {"min_pairs": 2}], "min_pairs is 2 but there are only 1 pairs"),
            ([AGE | {"ages": [AGES, AGES]}], "grades listed more than once: g8"),
            ([AGE | {"ages": [AGES | {"youngest": 16}]}], "youngest is 16 but oldest is 15"),
            ([SAME | {"items": ["a", "b", "c", "d"]}], "at least 5 items"),
            ([SAME | {"items": ["a", "b", "c", "d", "d"]}], "items listed more than once: d"),
            ([COUNT | {"kind": "count_above"}], "expected tags: 'code_in', 'count_at_or_above'"),
            ([], "at least 1 item"),
        )
    ),
    (Areas, AREAS | {"areas": [PLACE, PLACE]}, "areas listed more than once: all"),
    (Areas, AREAS | {"levels": [LEVEL, LEVEL]}, "levels listed more than once: town"),
    (
        Areas,
        AREAS | {"areas": [PLACE | {"lies_in": [PARENT | {"area": "nowhere"}]}]},
        "areas or levels that are not listed: nowhere",
    ),
    (
        Areas,
        AREAS | {"areas": [PLACE | {"level": "village"}]},
        "areas or levels that are not listed: village",
    ),
    (
        Areas,
        AREAS
        | {
            "areas": [
                PLACE
                | {"codes": [{"code": "1", "valid_from": "2022-01-01", "valid_to": "2021-12-31"}]}
            ]
        },
        "valid_from 2022-01-01 is after valid_to 2021-12-31",
    ),
    # A number as it stands in an export is text: 07 and 7 are different codes.
    (Areas, AREAS | {"areas": [PLACE | {"codes": [{"code": 7}]}]}, "should be a valid string"),
    *(
        (Site, SITE | {what: values}, f"{what} listed more than once: a")
        for what, values in (
            ("factors", ["a", "a"]),
            ("outcomes", ["a", "a"]),
            ("norms", ["a", "a"]),
            ("grades", [{"id": "a", "label": LABEL}] * 2),
            ("genders", [{"id": "a", "label": LABEL}] * 2),
        )
    ),
    (Site, SITE | {"factors": []}, "neither factors nor outcomes are listed"),
    (Site, SITE | {"municipality_code": "21811"}, "should match pattern"),
    (Site, site_with(confidence=1), "less than 1"),
    (Site, site_with(confidence=0.5), "greater than 0.5"),
    (CodedColumn, CODED | {"missing": ["1"]}, "kon: codes used more than once: 1"),
    (CodedColumn, CODED | {"codes": []}, "at least 1 item"),
    (Wave, WAVE | {"fieldwork_to": "2025-09-30"}, "fieldwork_from is after fieldwork_to"),
    (Wave, WAVE | {"wave": 2024}, "wave 2024 is not a year of its fieldwork, 2025-10-01 to 2025-"),
    (Wave, WAVE | {"wave": 2026}, "wave 2026 is not a year of its fieldwork"),
    (Wave, WAVE | {"exports": [{"file": "a.csv"}] * 2}, r"exports listed .* once: a\.csv"),
    (Wave, WAVE | {"exports": []}, "at least 1 item"),
    (Wave, WAVE | {"exports": [{"file": "a.csv", "rows": -1}]}, "greater than or equal to 0"),
    (Wave, WAVE | {"exports": [{"file": "a.csv", "separator": "|"}]}, "',', ';' or 'tab'"),
    (Wave, WAVE | {"wave": 1989}, "greater than or equal to 1990"),
    (Wave, WAVE | {"columns": {}}, "Field required"),
    (
        Wave,
        WAVE | {"columns": {"respondent": "id", "weight": {"column": "w", "decimals": 13}}},
        "less than or equal to 12",
    ),
    (Wave, WAVE | {"columns": {"respondent": "id", "fpc": ["a", "b"]}}, "go together"),
    (Wave, RAKED | {"enrolled": None}, "raking needs enrolled"),
    (Wave, raked(margins=["school", "gender"]), "raking by school, which columns does not name"),
    (Wave, raked(margins=["gender", "gender"]), "margins listed more than once: gender"),
    (Wave, raked(margins=[]), "at least 1 item"),
    (Wave, raked(trim_above=1), "greater than 1"),
    (Wave, raked(tolerance=0.02), "less than or equal to 0.01"),
    (
        Wave,
        WAVE | {"columns": {"respondent": "id", "psu": ["a"], "unit": ["b"], "fpc": ["c"]}},
        "go together",
    ),
    (
        Wave,
        WAVE | {"columns": {"respondent": "id", "unit": ["a"], "fpc": ["b", "c"]}},
        "unit needs psu",
    ),
    (
        Wave,
        WAVE | {"columns": {"respondent": "id", "fpc": ["a", "b", "c"]}},
        "at most 2 items",
    ),
]


@pytest.mark.parametrize(("model", "content"), WHOLE)
def test_the_whole_definitions_are_whole(model: type[BaseModel], content: dict[str, Any]) -> None:
    assert model.model_validate(content)


@pytest.mark.parametrize(("model", "content", "message"), BROKEN)
def test_a_broken_rule(model: type[BaseModel], content: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        model.model_validate(content)


@pytest.mark.parametrize(("model", "content"), WHOLE)
def test_unknown_keys_are_refused(model: type[BaseModel], content: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match=r"surprise\n *Extra inputs are not permitted"):
        model.model_validate(content | {"surprise": 1})


def test_a_definition_cannot_change_after_reading() -> None:
    policy = Policy(source="made up")
    with pytest.raises(ValidationError, match="Instance is frozen"):
        policy.source = "chosen"  # type: ignore[misc]


def test_points_are_the_code_unless_stated() -> None:
    years = ResponseFormat.model_validate(
        FORMAT | {"codes": [{"code": 1, "label": LABEL, "points": 12}, {"code": 2, "label": LABEL}]}
    )
    assert [option.score_points for option in years.codes] == [12, 2]
    assert (years.lowest, years.highest) == (2, 12)


@pytest.mark.parametrize(
    ("day", "holds"),
    [
        ("2021-12-31", False),
        ("2022-01-01", True),
        ("2023-06-30", True),
        ("2023-07-01", False),
    ],
)
def test_both_ends_of_a_validity_are_included(day: str, holds: bool) -> None:
    areas = Areas.model_validate(
        AREAS
        | {
            "areas": [
                PLACE
                | {"codes": [{"code": "1", "valid_from": "2022-01-01", "valid_to": "2023-06-30"}]}
            ]
        }
    )
    [code] = areas.areas[0].codes
    wave = Wave.model_validate(WAVE | {"fieldwork_from": day})
    assert code.holds_on(wave.fieldwork_from) is holds


@pytest.mark.parametrize(
    ("wave", "is_weighted"),
    [
        (WAVE, False),
        (RAKED, True),
        (WAVE | {"columns": {"respondent": "id", "weight": {"column": "w", "decimals": 2}}}, True),
    ],
)
def test_a_wave_is_weighted_by_its_export_or_by_raking(
    wave: dict[str, Any], is_weighted: bool
) -> None:
    assert Wave.model_validate(wave).is_weighted is is_weighted
