"""Sums of which too little is hidden."""

import polars as pl

from pipeline.definitions.policy import PublicEdition
from pipeline.disclosure.narrow_lines import hide_narrow_lines
from pipeline.disclosure.primary import add_primary
from pipeline.disclosure.rounding import rounded
from tests.disclosure.made_cells import ANCESTORS, PUBLIC, cells

PARENTS = pl.DataFrame(
    [(2025, "here", "town"), (2025, "there", "town")],
    {"wave": pl.Int16, "area_id": pl.String, "parent_id": pl.String},
    orient="row",
)


def protected(text: str, public: PublicEdition = PUBLIC) -> dict[tuple[str, str], tuple[str, bool]]:
    """Reason and hides_n by area and gender."""
    base = public.round_counts
    found = add_primary(cells(text), ANCESTORS, public).with_columns(
        n_rounded=pl.col("n").map_batches(lambda n: pl.Series(rounded(n.to_numpy(), base))),
        k_rounded=pl.col("k").map_batches(lambda k: pl.Series(rounded(k.to_numpy(), base))),
        hides_n=pl.lit(value=False),
    )
    rows = hide_narrow_lines(found, PARENTS, public).iter_rows(named=True)
    return {(row["area_id"], row["gender"]): (row["reason"], row["hides_n"]) for row in rows}


def test_a_hidden_part_does_not_follow_from_the_others() -> None:
    # 100 - 50 - 40 is 10, give or take 6: 4 to 16 of the others, but 40 - 20 - 20 flagged: 0 to 6.
    found = protected("""
        gender | n   | k
        all    | 100 | 40
        girl   | 50  | 20
        boy    | 40  | 19
        other  | 10  | 1
    """)
    assert found["town", "all"] == ("", False)
    assert found["town", "other"] == ("base", False)
    # The smaller of the two is hidden, but how many boys answered may still be said.
    assert found["town", "boy"] == ("complementary", False)
    assert found["town", "girl"] == ("", False)


def test_where_rounding_leaves_enough_open_nothing_more_is_hidden() -> None:
    found = protected("""
        gender | n   | k
        all    | 100 | 45
        girl   | 40  | 15
        boy    | 35  | 15
        other  | 25  | 15
    """)
    assert {reason for reason, _ in found.values()} == {"", "base"}


def test_numbers_of_respondents_are_hidden_where_they_tell_too_much() -> None:
    found = protected("""
        gender | n  | k
        all    | 92 | 45
        girl   | 50 | 20
        boy    | 40 | 20
        other  | 2  | 2
    """)
    assert found["town", "boy"] == ("complementary", True)


def test_a_part_whose_share_is_not_shown_protects_no_other() -> None:
    # How many others answered is shown, and 40 - 20 - 20 flagged are 0 to 6.
    found = protected("""
        gender | n   | k  | is_sensitive
        all    | 131 | 41 | true
        girl   | 60  | 20 | true
        boy    | 40  | 20 | true
        other  | 31  | 1  | true
    """)
    assert found["town", "other"] == ("count", False)
    assert found["town", "boy"] == ("complementary", False)
    assert found["town", "girl"] == ("", False)


def test_areas_add_up_to_their_district() -> None:
    found = protected("""
        area_id | n   | k
        town    | 175 | 80
        here    | 150 | 70
        there   | 25  | 10
    """)
    # 25 give or take 4 respondents, and 10 give or take 4 flagged: wide enough.
    assert found["here", "all"] == ("", False)
    found = protected("area_id|n|k\ntown|175|72\nhere|150|68\nthere|25|4")
    assert found["here", "all"] == ("complementary", False)


def test_those_without_the_outcome_are_a_count_of_their_own() -> None:
    # 55 - 20 - 20 flagged are 15 give or take 6; but of 100 - 50 - 40 others are left -5, give or
    # take 12: 0 to 7.
    found = protected("""
        gender | n   | k
        all    | 102 | 53
        girl   | 48  | 18
        boy    | 38  | 20
        other  | 16  | 15
    """)
    assert found["town", "other"] == ("base", False)
    assert found["town", "boy"] == ("complementary", False)
    assert found["town", "girl"] == ("", False)


def test_what_is_not_rounded_leaves_nothing_open() -> None:
    # 45 - 15 - 15 flagged are 15, and no other number.
    text = "gender|n|k\nall|100|45\ngirl|40|15\nboy|35|15\nother|25|15"
    unrounded = PUBLIC.model_copy(update={"round_counts": 1})
    assert protected(text, unrounded)["town", "boy"] == ("complementary", True)
    assert protected(text)["town", "boy"] == ("", False)
