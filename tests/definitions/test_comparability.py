"""Figures of two waves are compared only where the questions were the same."""

from datetime import date

import pytest

from pipeline.definitions.catalogue import Catalogue, is_asked
from pipeline.definitions.comparability import Break, fieldwork_moved, measure_break
from pipeline.definitions.comparable import comparable_waves, norm_shares
from pipeline.definitions.flag_count import FlagCount
from pipeline.definitions.instrument import Instrument, Item
from pipeline.definitions.part import Label
from pipeline.definitions.wave import Columns
from tests.made_definitions import (
    ONE_TO_FOUR,
    made_catalogue,
    made_factor,
    made_flag_count,
    made_format,
    made_instrument,
    made_norm,
    made_wave,
)

FACTOR = made_factor("scale", ["first", "second"], min_answered=1)
EARLIER = made_instrument(dict.fromkeys(["first", "second"], ONE_TO_FOUR))


def later(items: tuple[Item, ...] = EARLIER.items) -> Instrument:
    """Another questionnaire version with these items."""
    return EARLIER.model_copy(update={"id": "later", "items": items})


def test_the_sample_instruments_differ_as_they_say(sample_catalogue: Catalogue) -> None:
    old, new = (sample_catalogue.instruments[f"ctc_se_{year}"] for year in (2021, 2023))
    before, after = ({item.id: item for item in each.items} for each in (old, new))
    shared = before.keys() & after.keys()
    assert before.keys() - after.keys() == {"f_caught_skip"}
    assert after.keys() - before.keys() == {"c_volunteer"}
    assert {i for i in shared if before[i].text != after[i].text} == {"s_interesting"}
    assert {i for i in shared if before[i].column != after[i].column} == {"s_safe"}
    assert {i for i in shared if before[i].format != after[i].format} == set()
    assert old.formats == new.formats
    assert (before["s_safe"].column, after["s_safe"].column) == ("q087", "s_trygg")


def test_what_breaks_between_the_sample_instruments(sample_catalogue: Catalogue) -> None:
    old, new = (sample_catalogue.instruments[f"ctc_se_{year}"] for year in (2021, 2023))
    measures = sample_catalogue.measures
    breaks = {each.id: found for each in measures if (found := measure_break(each, old, new))}
    # A renamed column (s_safe, in s_rew) is the same question.
    assert breaks == {
        "c_opp": Break("items_missing", 1),
        "f_manage_poor": Break("items_missing", 1),
        "s_commit_low": Break("wording_changed", 1),
        "many_risk_factors": Break("factors_changed", 2),
        "many_weak_protective": Break("factors_changed", 1),
    }


def test_the_same_questions_are_comparable() -> None:
    assert measure_break(FACTOR, EARLIER, EARLIER) is None
    assert measure_break(FACTOR, EARLIER, later()) is None


def test_a_question_left_out() -> None:
    assert measure_break(FACTOR, EARLIER, later(EARLIER.items[:1])) == Break("items_missing", 1)
    assert measure_break(FACTOR, later(EARLIER.items[:1]), EARLIER) == Break("items_missing", 1)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_question_reworded_in_either_language(language: str) -> None:
    text = Label.model_validate({"sv": "text", "en": "text"} | {language: "another text"})
    items = tuple(item.model_copy(update={"text": text}) for item in EARLIER.items)
    assert measure_break(FACTOR, EARLIER, later(items)) == Break("wording_changed", 2)


def test_options_changed() -> None:
    five = made_format("one_to_four", {1: 1, 2: 2, 3: 3, 4: 4, 5: 5})
    changed = later().model_copy(update={"formats": (five,)})
    assert measure_break(FACTOR, EARLIER, changed) == Break("options_changed", 2)


def test_questions_in_another_order() -> None:
    turned = later(tuple(reversed(EARLIER.items)))
    assert measure_break(FACTOR, EARLIER, turned) == Break("order_changed", 2)
    # A question between them belongs to something else.
    other = EARLIER.items[0].model_copy(update={"id": "other", "column": "other"})
    between = later((EARLIER.items[0], other, EARLIER.items[1]))
    assert measure_break(FACTOR, EARLIER, between) is None


def counted(*, min_flags_known: int = 2) -> FlagCount:
    """A count of three factors: one of each question, and one of the first again."""
    items = {"one": "first", "two": "second", "three": "first"}
    cutoffs = {(name, "g8"): 2.5 for name in items}
    catalogue = made_catalogue(
        EARLIER,
        factors=[made_factor(name, [item]) for name, item in items.items()],
        flag_counts=[made_flag_count("many", 2, min_flags_known)],
        norms=[made_norm(cutoffs)],
    )
    [count] = catalogue.flag_counts
    return count


def test_counts_are_compared_where_the_same_factors_were_asked_the_same_way() -> None:
    assert measure_break(counted(), EARLIER, later()) is None
    turned = later(tuple(reversed(EARLIER.items)))
    assert measure_break(counted(), EARLIER, turned) is None
    fewer = later(EARLIER.items[:1])
    assert measure_break(counted(), EARLIER, fewer) == Break("factors_missing", 1)
    assert measure_break(counted(), fewer, EARLIER) == Break("factors_missing", 1)
    text = Label(sv="text", en="another text")
    reworded = later((EARLIER.items[0].model_copy(update={"text": text}), EARLIER.items[1]))
    assert measure_break(counted(), EARLIER, reworded) == Break("factors_changed", 2)


def test_a_wave_with_too_few_factors_does_not_ask_the_count() -> None:
    fewer = later(EARLIER.items[:1])
    all_three = counted(min_flags_known=3)
    assert (is_asked(all_three, EARLIER), is_asked(all_three, fewer)) == (True, False)
    assert is_asked(counted(), fewer)
    assert measure_break(all_three, EARLIER, fewer) is None


def test_nothing_is_said_of_what_was_not_asked() -> None:
    of_other_items = made_instrument({"third": ONE_TO_FOUR}).model_copy(update={"id": "later"})
    assert measure_break(FACTOR, EARLIER, of_other_items) is None
    both = made_factor("scale", ["first", "second"], min_answered=2)
    assert measure_break(both, EARLIER, later(EARLIER.items[:1])) is None


@pytest.mark.parametrize(
    ("month", "is_moved"), [(9, False), (10, False), (11, False), (8, True), (12, True), (4, True)]
)
def test_fieldwork_in_another_season(month: int, is_moved: bool) -> None:
    autumn = made_wave(Columns(respondent=None), year=2023)
    moved = made_wave(Columns(respondent=None)).model_copy(
        update={"fieldwork_from": date(2025, month, 1)}
    )
    assert fieldwork_moved(autumn, moved) is is_moved


def test_december_and_january_are_neighbours() -> None:
    december, january = (
        made_wave(Columns(respondent=None)).model_copy(update={"fieldwork_from": day})
        for day in (date(2023, 12, 1), date(2025, 1, 31))
    )
    assert not fieldwork_moved(december, january)


def test_waves_that_the_sample_compares(sample_catalogue: Catalogue) -> None:
    table = comparable_waves(sample_catalogue)
    assert table.height == table.n_unique()
    pairs = {
        measure: set(rows.select("wave", "earlier").iter_rows())
        for (measure,), rows in table.group_by("measure_id")
    }
    assert pairs["c_disorg"] == pairs["alcohol_30d"] == {(2023, 2021), (2025, 2021), (2025, 2023)}
    # Asked otherwise in 2021.
    assert {measure for measure, found in pairs.items() if found == {(2025, 2023)}} == {
        "c_opp", "f_manage_poor", "s_commit_low", "many_risk_factors", "many_weak_protective",
    }  # fmt: skip


def test_another_season_is_another_wave(sample_catalogue: Catalogue) -> None:
    *earlier, last = sample_catalogue.waves
    spring = last.model_copy(update={"fieldwork_from": date(2025, 4, 1)})
    moved = comparable_waves(sample_catalogue._replace(waves=(*earlier, spring)))
    assert set(moved.select("wave", "earlier").iter_rows()) == {(2023, 2021)}


def test_norm_shares_are_of_waves_that_asked_what_the_norm_sample_was_asked(
    sample_catalogue: Catalogue,
) -> None:
    table = norm_shares(sample_catalogue)
    waves = {factor: set(rows["wave"]) for (factor,), rows in table.group_by("measure_id")}
    assert waves["c_disorg"] == {2021, 2023, 2025}
    assert waves["c_opp"] == waves["s_commit_low"] == {2021}
    [norm] = sample_catalogue.norms
    cut = next(cut for cut in norm.cutoffs if (cut.factor, cut.grade) == ("c_disorg", "g9"))
    [row] = table.filter(measure_id="c_disorg", grade="g9", wave=2025).to_dicts()
    assert (row["norm_id"], row["share_flagged"]) == (norm.id, cut.share_flagged)
