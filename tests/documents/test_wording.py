"""Numbers and texts as people read them."""

from datetime import date
from typing import get_args

import pytest

from pipeline.definitions import comparability, part
from pipeline.documents import wording
from pipeline.documents.map_view import Part
from pipeline.errors import DefinitionError

SV = wording.load_texts("sv")
EN = wording.load_texts("en")


@pytest.mark.parametrize(
    ("share", "whole"),
    [(0, 0), (0.004, 0), (0.005, 1), (0.285, 29), (0.125, 13), (0.384, 38), (1, 100)],
)
def test_a_share_becomes_whole_per_cent_halves_upwards(share: float, whole: int) -> None:
    assert wording.percent(share, "sv") == f"{whole}\u00a0%"
    assert wording.percent(share, "en") == f"{whole}%"


def test_an_interval_names_the_sign_once() -> None:
    assert wording.percent_range(0.455, 0.58, "sv") == "46–58\u00a0%"
    assert wording.percent_range(0.455, 0.58, "en") == "46–58%"


def test_thousands_do_not_break() -> None:
    assert wording.integer(1234567) == "1\u00a0234\u00a0567"
    assert wording.integer(999) == "999"


def test_decimals_have_a_comma_in_swedish() -> None:
    assert wording.decimal(0.15, "sv") == "0,15"
    assert wording.decimal(0.15, "en") == "0.15"


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        (date(2025, 10, 6), date(2025, 10, 6), "6\u00a0oktober 2025"),
        (date(2025, 10, 6), date(2025, 10, 24), "6–24\u00a0oktober 2025"),
        (date(2025, 10, 6), date(2025, 11, 3), "6\u00a0oktober – 3\u00a0november 2025"),
        (date(2025, 12, 8), date(2026, 1, 9), "8\u00a0december 2025 – 9\u00a0januari 2026"),
    ],
)
def test_a_period_repeats_only_what_differs(first: date, last: date, text: str) -> None:
    assert wording.period(first, last, "sv") == text


def test_a_listing_ends_with_and() -> None:
    assert wording.listing(("a", "b", "c"), SV) == "a, b och c"
    assert wording.listing(("a", "b"), EN) == "a and b"
    assert wording.listing(("a",), SV) == "a"


def test_both_locales_have_the_same_keys_and_placeholders() -> None:
    assert {key: wording.placeholders(text) for key, text in SV.items()} == {
        key: wording.placeholders(text) for key, text in EN.items()
    }


def test_a_plural_has_both_forms() -> None:
    forms = {key.rsplit("_", 1)[0] for key in SV if key.endswith(("_one", "_other"))}
    assert {f"{key}_{form}" for key in forms for form in ("one", "other")} <= set(SV)
    assert wording.say_number(SV, "who.included", 1, area="Norrby").startswith("1 elev från")
    assert wording.say_number(SV, "who.included", 2, area="Norrby").startswith("2 elever från")


def test_every_id_that_documents_put_into_words_has_a_text() -> None:
    breaks = {
        f"break.{each}_{form}"
        for each in get_args(comparability.Reason)
        for form in ("one", "other")
    }
    problems = {f"problem.{each}" for each in get_args(part.Problem)}
    statuses = {f"instrument.{each}" for each in get_args(part.Status)}
    parts = {f"part.{each}" for each in get_args(Part)}
    chosen = (
        parts | breaks | problems | statuses | {"break.fieldwork_moved", "refused.too_few_answers"}
    )
    prefixes = ("break.", "problem.", "instrument.", "refused.", "part.")
    assert {key for key in SV if key.startswith(prefixes)} == chosen


def test_a_text_that_does_not_exist_is_refused_with_the_nearest() -> None:
    with pytest.raises(DefinitionError, match=r"no text 'who\.headin'; nearest is 'who\.heading'"):
        wording.say(SV, "who.headin")


def test_placeholders_that_do_not_fit_are_refused() -> None:
    with pytest.raises(DefinitionError, match=r"reason.too_few: has .*min_base.* supplies \[\]"):
        wording.say(SV, "reason.too_few")


def test_a_value_is_escaped_and_never_a_placeholder() -> None:
    said = wording.say({"a": "<b> {area}"}, "a", area="<i>{area.__class__}")
    assert said == "&lt;b&gt; &lt;i&gt;{area.__class__}"


@pytest.mark.parametrize(
    ("name", "within"),
    [("Flickor", "flickor"), ("HBT", "HBT"), ("Årskurs 7", "årskurs 7"), ("X", "X"), ("", "")],
)
def test_a_name_within_a_sentence_begins_small_unless_it_is_an_abbreviation(
    name: str, within: str
) -> None:
    assert wording.midsentence(name) == within


def test_a_number_at_the_end_of_a_name_never_begins_a_line() -> None:
    assert wording.unbroken("Gymnasiet år 1") == "Gymnasiet år\u00a01"
    assert wording.unbroken("Klass 7 till 9") == "Klass 7 till\u00a09"
    assert wording.unbroken("Flickor") == "Flickor"
