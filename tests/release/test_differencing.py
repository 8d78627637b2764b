"""Cells of two releases side by side, a case for each kind of reason and its boundary."""

from typing import Any

import polars as pl
import pytest

from pipeline.release.cells import CODED, HIDDEN, KEYS, SHOWN
from pipeline.release.differencing import hold_reasons

SCHEMA = {
    "wave": pl.Int64,
    "area_id": pl.String,
    "grade": pl.String,
    "gender": pl.String,
    "measure_id": pl.String,
    "n": pl.Int64,
    "k": pl.Int64,
    "rank": pl.Int8,
    "is_n_shown": pl.Boolean,
    "slack": pl.Int64,
    "figures": pl.String,
    "reason": pl.String,
}


def cells(*rows: tuple[str, int, int, int], wave: int = 2025, slack: int = 0) -> pl.DataFrame:
    """Cells of (area, n, k, rank); what is published of them are their rounded counts."""
    same = {"grade": "all", "gender": "all", "measure_id": "alcohol_30d", "reason": ""}
    return pl.DataFrame(
        [
            {"wave": wave, "area_id": area, "n": n, "k": k, "rank": rank, "slack": slack}
            | {"is_n_shown": rank > HIDDEN, "figures": _printed(n, k) if rank > HIDDEN else ""}
            | same
            for area, n, k, rank in rows
        ],
        SCHEMA,
    )


def _printed(n: int, k: int) -> str:
    return f"{(n + 2) // 5 * 5} {(k + 2) // 5 * 5}"


def reasons(new: pl.DataFrame, **earlier: pl.DataFrame) -> tuple[str, ...]:
    return hold_reasons(new, earlier, min_changed=10, root_area="kommun")


def test_nothing_earlier_nothing_against() -> None:
    assert reasons(cells(("kommun", 100, 30, SHOWN))) == ()


@pytest.mark.parametrize(
    ("n", "k", "is_held"),
    [
        (100, 30, False),
        (101, 30, True),
        (109, 30, True),
        (110, 30, False),
        (91, 30, True),
        (90, 30, False),
        # The same number of respondents, of whom some have another answer.
        (100, 31, True),
        (100, 39, True),
        (100, 40, False),
        (100, 20, False),
        # Ten more respondents, one of whom is flagged; nine of whom are not.
        (110, 31, True),
        (119, 40, True),
        (120, 40, False),
        (120, 45, True),
        # One respondent more, though many answer otherwise.
        (101, 50, True),
        (131, 31, True),
        (130, 59, True),
    ],
)
def test_a_shown_cell_changes_by_none_or_ten(n: int, k: int, is_held: bool) -> None:
    found = reasons(cells(("kommun", n, k, SHOWN)), a=cells(("kommun", 100, 30, SHOWN)))
    assert bool(found) == is_held


def test_what_is_coded_is_seen_less_than_what_is_shown_and_more_than_what_is_hidden() -> None:
    assert HIDDEN < CODED < SHOWN


def test_the_reason_says_what_but_not_how_much() -> None:
    old = cells(*((f"area_{each}", 100, 30, SHOWN) for each in "abcde"))
    new = cells(*((f"area_{each}", 97, 30, SHOWN) for each in "abcde"))
    assert reasons(new, abcd=old) == (
        "2025: 5 figures that release abcd has would change by fewer than 10 respondents: "
        "area_a all all alcohol_30d; area_b all all alcohol_30d; area_c all all alcohol_30d; "
        "and 2 more",
    )


@pytest.mark.parametrize("rank_old", [HIDDEN, CODED, SHOWN])
@pytest.mark.parametrize("rank", [HIDDEN, CODED, SHOWN])
def test_seen_in_either_is_enough(rank: int, rank_old: int) -> None:
    old, new = cells(("kommun", 100, 30, rank_old)), cells(("kommun", 99, 30, rank))
    found = [each for each in reasons(new, a=old) if "would change by fewer" in each]
    assert bool(found) == (rank > HIDDEN or rank_old > HIDDEN)


def test_a_number_shown_without_its_share_counts() -> None:
    old = cells(("kommun", 100, 3, HIDDEN)).with_columns(is_n_shown=pl.lit(value=True))
    assert reasons(cells(("kommun", 98, 3, HIDDEN)), a=old)
    # Who is flagged is hidden in both.
    flagged = cells(("kommun", 100, 4, HIDDEN)).with_columns(is_n_shown=pl.lit(value=True))
    assert reasons(flagged, a=old) == ()


def test_a_hidden_cell_counts_once_something_shown_moves() -> None:
    old = cells(("kommun", 100, 50, SHOWN), ("norr", 20, 5, HIDDEN))
    alone = cells(("kommun", 100, 50, SHOWN), ("norr", 19, 5, HIDDEN))
    assert reasons(alone, a=old) == ()
    beside = cells(("kommun", 130, 65, SHOWN), ("norr", 19, 5, HIDDEN))
    [found] = reasons(beside, a=old)
    assert "1 figure that release a has are hidden, but would change" in found
    # Also where it is not shown any longer.
    gone = cells(("kommun", 130, 50, HIDDEN), ("norr", 19, 5, HIDDEN))
    assert len(reasons(gone, a=old)) == len(reasons(gone[:1], a=old)) + 1


@pytest.mark.parametrize("is_old", [True, False])
def test_a_hidden_cell_counts_once_a_number_shown_without_its_share_moves(*, is_old: bool) -> None:
    """In either release: what is known of one is known of how far the other has moved."""
    old = cells(("kommun", 200, 60, HIDDEN), ("norr", 100, 30, HIDDEN))
    new = cells(("kommun", 240, 60, HIDDEN), ("norr", 103, 30, HIDDEN))
    assert reasons(new, a=old) == ()
    shows_n = (pl.col("area_id") == "kommun").alias("is_n_shown")
    pair = (new, old.with_columns(shows_n)) if is_old else (new.with_columns(shows_n), old)
    assert any("beside shown ones" in each for each in reasons(pair[0], a=pair[1]))


def test_the_rest_of_the_whole_counts() -> None:
    old = cells(("kommun", 300, 150, SHOWN), ("norr", 100, 50, SHOWN))
    # Twenty-five more in the area, and twenty more in all: five fewer outside it.
    new = cells(("kommun", 320, 160, SHOWN), ("norr", 125, 60, SHOWN))
    [found] = reasons(new, a=old)
    assert "outside norr" in found
    both = cells(("kommun", 320, 160, SHOWN), ("norr", 120, 60, SHOWN))
    assert reasons(both, a=old) == ()


def test_every_earlier_release_counts_not_the_last_alone() -> None:
    first, second = cells(("kommun", 100, 30, SHOWN)), cells(("kommun", 120, 40, SHOWN))
    new = cells(("kommun", 140, 50, SHOWN))
    assert reasons(new, first=first, second=second) == ()
    near_first = cells(("kommun", 105, 25, SHOWN))
    [found] = reasons(near_first, first=first, second=second)
    assert "release first" in found


def test_what_has_been_seen_tells_nothing_new() -> None:
    first, approved = cells(("kommun", 100, 30, SHOWN)), cells(("kommun", 99, 30, SHOWN))
    assert reasons(approved, first=first)
    assert reasons(approved, first=first, approved=approved) == ()


def test_other_waves_and_measures_are_other_people() -> None:
    old = cells(("kommun", 100, 30, SHOWN))
    # Beside what was there, whatever they are like.
    later = cells(("kommun", 99, 30, SHOWN), wave=2027)
    assert reasons(pl.concat([old, later]), a=old) == ()
    other = cells(("kommun", 99, 30, SHOWN)).with_columns(measure_id=pl.lit("cannabis_30d"))
    assert reasons(pl.concat([old, other]), a=old) == ()
    # Instead of it, if they are unlike.
    unlike = cells(("kommun", 140, 30, SHOWN), wave=2027)
    assert reasons(unlike, a=old) == ()
    rarer = cells(("kommun", 99, 19, SHOWN)).with_columns(measure_id=pl.lit("cannabis_30d"))
    assert reasons(rarer, a=old) == ()


PLACES = {"kommun": 300, "norr": 120, "soder": 90, "oster": 60, "vaster": 30}
FLAGGED = {"alcohol_30d": 3, "peers_drink": 2, "low_attachment": 5}
"""Measures, each with how many respondents there are to one that is flagged."""


def site(wave: int = 2021, *, less: int = 0, **others: str) -> pl.DataFrame:
    """Cells of a wave, with so many respondents fewer in one area; some names replaced."""
    parts = [
        _measure(less, share, every).with_columns(
            wave=pl.lit(wave, pl.Int64), grade=pl.lit(grade), measure_id=pl.lit(measure)
        )
        for grade, share in (("all", 1), ("g7", 2))
        for measure, every in FLAGGED.items()
    ]
    everyone = pl.concat(parts[:: len(FLAGGED)]).with_columns(
        k=pl.lit(0, pl.Int64), measure_id=pl.lit("respondents")
    )
    return pl.concat([*parts, everyone]).with_columns(
        pl.col("area_id", "grade", "gender", "measure_id").replace(others)
    )


def _measure(less: int, share: int, every: int) -> pl.DataFrame:
    sizes = {area: n // share - less * (area in ("kommun", "norr")) for area, n in PLACES.items()}
    return cells(*[(area, n, n // every, SHOWN) for area, n in sizes.items()])


OTHER_AREAS = {each: f"{each}_2" for each in PLACES}


@pytest.mark.parametrize(
    ("renamed", "said"),
    [
        ({"wave": 2022}, "2022 looks like its 2021"),
        ({"peers_drink": "friends_drink"}, "friends_drink looks like its peers_drink"),
        (
            {"wave": 2022, "peers_drink": "friends_drink"},
            "2022 looks like its 2021 and friends_drink looks like its peers_drink",
        ),
        ({"wave": 2022, "norr": "nordost"}, "2022 looks like its 2021"),
        ({"wave": 2022, **OTHER_AREAS}, "2022 looks like its 2021"),
        ({"wave": 2022, "g7": "grade_7"}, "2022 looks like its 2021"),
        ({"wave": 2022, **{each: f"new_{each}" for each in FLAGGED}}, "2022 looks like its 2021"),
    ],
)
def test_another_name_hides_no_change(renamed: dict[str, Any], said: str) -> None:
    found = reasons(site(**renamed, less=3), a=site())
    assert any(f"release a has under another name ({said}) would" in each for each in found)
    # Approved, it is asked about no more.
    assert reasons(site(**renamed, less=3), a=site(), b=site(**renamed, less=3)) == ()


def test_names_of_groups_hide_no_change() -> None:
    old = site()
    renamings: list[dict[str, Any]] = [{"g7": "grade_7"}, {"norr": "nordost"}, OTHER_AREAS]
    for renamed in renamings:
        found = reasons(site(**renamed, less=3), a=old)
        assert any("would be new while others" in each for each in found), renamed


def test_three_answers_of_a_renamed_measure_are_held() -> None:
    new = site(peers_drink="friends_drink").with_columns(
        k=pl.col("k") - 3 * (pl.col("measure_id") == "friends_drink").cast(pl.Int64)
    )
    assert any(
        "friends_drink looks like its peers_drink" in each for each in reasons(new, a=site())
    )


@pytest.mark.parametrize("renamed", [{"wave": 2022}, {"peers_drink": "friends_drink"}])
def test_another_name_alone_says_nothing_new(renamed: dict[str, Any]) -> None:
    assert reasons(site(**renamed), a=site()) == ()
    # Also where what it is now was approved under the old name.
    assert reasons(site(**renamed, less=3), a=site(), b=site(less=3)) == ()
    assert reasons(site(**renamed, less=3), a=site()) != ()


def test_names_that_change_places_hide_no_change() -> None:
    swapped = site(less=3, peers_drink="alcohol_30d", alcohol_30d="peers_drink")
    found = reasons(swapped, a=site())
    assert any("peers_drink looks like its alcohol_30d" in each for each in found)
    # Every wave a year later, so that the next has the number of the last.
    waves = [site(2021), _half(site(2022))]
    later = [site(2022, less=3), _half(site(2023))]
    found = reasons(pl.concat(later), a=pl.concat(waves))
    assert any("2022 looks like its 2021" in each for each in found)


def test_a_wave_or_measure_that_is_really_new_follows() -> None:
    old = site()
    assert reasons(pl.concat([old, site(2023, less=3)]), a=old) == ()
    added = site().filter(measure_id="peers_drink").with_columns(measure_id=pl.lit("gambling"))
    assert reasons(pl.concat([old, added]), a=old) == ()
    # Instead of others, too, if the answers are other ones.
    assert reasons(_half(site(2023)), a=old) == ()
    rare = site(peers_drink="gambling").with_columns(
        k=pl.when(measure_id="gambling").then(pl.col("n") // 12).otherwise("k")
    )
    assert reasons(rare, a=old) == ()


def _half(wave: pl.DataFrame) -> pl.DataFrame:
    return wave.with_columns(pl.col("n", "k") // 2)


@pytest.mark.parametrize(
    ("old", "new", "is_held"),
    [
        (HIDDEN, SHOWN, True),
        (HIDDEN, CODED, True),
        (CODED, SHOWN, True),
        (SHOWN, HIDDEN, False),
        (SHOWN, CODED, False),
        (SHOWN, SHOWN, False),
    ],
)
def test_what_was_hidden_stays_hidden(old: int, new: int, is_held: bool) -> None:
    found = reasons(cells(("kommun", 100, 30, new)), a=cells(("kommun", 100, 30, old)))
    assert bool(found) == is_held
    assert all(" were hidden and would be shown" in each for each in found)


def test_a_number_that_was_hidden_stays_hidden() -> None:
    old = cells(("kommun", 100, 3, HIDDEN))
    new = old.with_columns(is_n_shown=pl.lit(value=True), figures=pl.lit("100"))
    assert any("were hidden" in each for each in reasons(new, a=old))


def test_a_new_area_must_not_push_out_what_was_shown() -> None:
    old = cells(("kommun", 300, 150, SHOWN), ("norr", 100, 50, SHOWN), ("soder", 90, 40, HIDDEN))
    added = ("oster", 110, 60, SHOWN)
    beside = cells(*[row[1:2] + row[5:8] for row in old.rows()], added)
    assert reasons(beside, a=old) == ()
    instead = cells(("kommun", 300, 150, SHOWN), ("norr", 100, 50, HIDDEN), added)
    assert any("would be new while others" in each for each in reasons(instead, a=old))
    gone = cells(("kommun", 300, 150, SHOWN), added)
    assert any("would be new while others" in each for each in reasons(gone, a=old))
    hidden_before = cells(("kommun", 300, 150, SHOWN), ("norr", 100, 50, SHOWN), added)
    assert reasons(hidden_before, a=old) == ()


def test_a_figure_changes_with_the_answers_alone() -> None:
    old = cells(("kommun", 100, 30, SHOWN))
    new = old.with_columns(figures=pl.lit("100 35"))
    [found] = reasons(new, a=old)
    assert " would change though the answers have not" in found


def test_rounded_counts_may_be_off_in_both_releases() -> None:
    old = cells(("kommun", 100, 0, SHOWN), slack=5)
    for n, is_held in ((105, True), (110, True), (115, False), (85, False), (90, True)):
        assert bool(reasons(cells(("kommun", n, 0, SHOWN), slack=5), a=old)) == is_held


def test_reasons_name_no_count_of_respondents() -> None:
    old = cells(("kommun", 777, 333, SHOWN), ("norr", 555, 222, SHOWN))
    new = cells(("kommun", 776, 332, SHOWN), ("norr", 554, 221, SHOWN))
    for each in reasons(new, a=old):
        assert not {"777", "333", "555", "222", "776", "332", "554", "221"} & set(each.split())


def test_keys_are_those_of_the_cells() -> None:
    assert list(SCHEMA)[:5] == list(KEYS)


def test_what_one_release_showed_is_no_news_beside_another_that_hid_it() -> None:
    shown = cells(("kommun", 200, 60, SHOWN), ("norr", 100, 30, SHOWN))
    hidden = cells(("kommun", 200, 60, SHOWN), ("norr", 100, 30, HIDDEN))
    assert reasons(shown, a=shown, b=hidden) == ()
    assert reasons(shown, b=hidden) != ()
    # So are figures that changed between two others, and changed back.
    other = shown.with_columns(figures=pl.lit("otherwise rounded"))
    assert reasons(shown, a=shown, b=other) == ()
    assert reasons(shown, b=other) != ()
    # And counts that moved by a few between them.
    moved = cells(("kommun", 203, 60, SHOWN), ("norr", 103, 30, SHOWN))
    assert reasons(shown, a=shown, b=moved) == ()
    assert reasons(shown, b=moved) != ()
