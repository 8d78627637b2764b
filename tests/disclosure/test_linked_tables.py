"""Cells of a municipality as linked tables: respondents first, then measure by measure."""

import polars as pl

from pipeline.definitions.policy import PublicEdition
from pipeline.disclosure.atoms import crowd_of
from pipeline.disclosure.cells import CELL, RESPONDENTS
from pipeline.disclosure.linked_tables import add_complementary, measure_tables
from pipeline.disclosure.table_lines import respondent_lines, table_lines
from tests.tables import table

PUBLIC = PublicEdition()
ANCESTORS = table(
    """
    area_id | ancestor_id
    town    | town
    here    | here
    here    | town
    there   | there
    there   | town
    """
).with_columns(wave=pl.lit(2025, pl.Int16))

PUPILS = table(
    """
    area_id | cell_gender | n_outcome_drank | wy_outcome_drank | n_respondents
    here    | girl        | 60              | 20               | 61
    here    | boy         | 50              | 20               | 52
    there   | girl        | 70              | 30               | 70
    there   | boy         | 3               | 1                | 4
    """
)
"""In one area nearly all are girls."""


def totals() -> pl.DataFrame:
    return PUPILS.with_columns(
        pl.col("wy_outcome_drank").cast(pl.Float64),
        wave=pl.lit(2025, pl.Int16),
        cell_grade=pl.lit("g8"),
        w_outcome_drank=pl.col("n_outcome_drank").cast(pl.Float64),
    )


def cells() -> pl.DataFrame:
    """As after the rules: what is too small has a reason."""
    found = []
    for measure, n, k in (
        (RESPONDENTS, "n_respondents", "n_respondents"),
        ("drank", "n_outcome_drank", "wy_outcome_drank"),
    ):
        counted = PUPILS.select("area_id", gender="cell_gender", n=n, k=pl.col(k))
        whole = counted.with_columns(area_id=pl.lit("town"))
        both = pl.concat([counted, whole])
        all_genders = both.with_columns(gender=pl.lit("all"))
        found.append(
            pl.concat([both, all_genders])
            .group_by("area_id", "gender")
            .agg(pl.col("n", "k").sum())
            .with_columns(measure_id=pl.lit(measure))
        )
    return (
        pl.concat(found)
        .with_columns(
            wave=pl.lit(2025, pl.Int16),
            part=pl.lit("area"),
            grade=pl.lit("all"),
            n_rounded=(pl.col("n") + 2) // 5 * 5,
            k_rounded=(pl.col("k") + 2) // 5 * 5,
            code=pl.lit(None, pl.String),
            is_missing=pl.lit(value=False),
            min_base=pl.lit(30),
            min_count=pl.lit(8),
            hides_n=pl.lit(value=False),
            reason=pl.when(pl.col("n") < 30).then(pl.lit("base")).otherwise(pl.lit("")),
        )
        .sort(CELL)
    )


def protected() -> dict[tuple[str, str, str], tuple[str, bool]]:
    found = add_complementary(cells(), totals(), ANCESTORS, PUBLIC, "town")
    return {
        (row["measure_id"], row["area_id"], row["gender"]): (row["reason"], row["hides_n"])
        for row in found.iter_rows(named=True)
    }


def test_a_number_of_respondents_that_follows_from_others_is_hidden_with_one_of_them() -> None:
    found = protected()
    assert found[RESPONDENTS, "there", "boy"][0] == "base"
    # 75 less 70, give or take 4: too near to 4.
    others = [
        found[RESPONDENTS, area, gender][0]
        for area in ("town", "here", "there")
        for gender in ("all", "girl", "boy")
    ]
    assert "complementary" in others
    assert found[RESPONDENTS, "town", "all"][0] == ""


def test_a_share_without_its_number_of_respondents_is_hidden() -> None:
    found = protected()
    without_base = [key for key, (_, hides_n) in found.items() if hides_n]
    assert any(key[0] == "drank" for key in without_base)
    assert all(found[key][0] for key in without_base)


def test_a_measures_table_knows_which_lines_are_one_figure() -> None:
    is_domain = pl.col("measure_id") == RESPONDENTS
    crowds = {2025: crowd_of(totals(), ANCESTORS, "town")}
    every = cells()
    [made] = measure_tables(
        every.filter(~is_domain), every.filter(is_domain), crowds, PUBLIC, "town"
    )
    figure, is_base = made.linked.figure, made.linked.is_base
    assert figure is not None
    assert is_base is not None
    lines = made.lines.with_columns(figure=pl.Series(figure), is_base=pl.Series(is_base))
    assert set(lines.filter("is_base")["what"]) == {"n", "respondents"}
    assert set(lines.filter(~pl.col("is_base"))["what"]) == {"k", "others"}
    assert lines.group_by("figure").agg(n=pl.struct(CELL).n_unique())["n"].unique().to_list() == [1]


def test_what_is_hidden_of_respondents_is_secret_in_every_measure() -> None:
    numbered = cells().with_columns(number=pl.lit(0))
    domains = numbered.filter(measure_id=RESPONDENTS)
    lines = respondent_lines(domains, PUBLIC)
    secret = lines.filter("is_primary").select("area_id", "gender").rows()
    assert secret == [("there", "boy")]
    assert lines.filter(pl.col("is_primary") & pl.col("may_hide")).is_empty()


def test_who_knows_the_rules_knows_that_shown_counts_are_not_small() -> None:
    numbered = cells().filter(measure_id="drank").with_columns(number=pl.lit(0))
    lines = table_lines(numbered, PUBLIC, "town")
    shown = lines.filter(~pl.col("is_primary"), pl.col("upper").is_null())
    assert shown.filter(what="n")["lower"].unique().to_list() == [30]
    assert shown.filter(what="k")["lower"].unique().to_list() == [8]


def test_enough_others_are_told_where_the_printed_numbers_leave_it_open() -> None:
    one = (
        cells()
        .filter(measure_id="drank", area_id="here", gender="girl")
        .with_columns(number=pl.lit(0), k=pl.lit(51), k_rounded=pl.lit(50))
    )
    [line] = table_lines(one, PUBLIC, "town").filter(what="others").to_dicts()
    # 60 less 50, give or take 4: at least 8 all the same, and 62 at most.
    assert (line["lower"], line["upper"], line["is_primary"]) == (8, 62, False)
    plain = one.with_columns(k=pl.lit(20), k_rounded=pl.lit(20))
    assert table_lines(plain, PUBLIC, "town").filter(what="others").is_empty()


def test_an_empty_group_looks_like_a_small_one() -> None:
    nobody = cells().with_columns(
        number=pl.lit(0),
        n=pl.when(gender="boy", area_id="there").then(0).otherwise("n"),
        k=pl.when(gender="boy", area_id="there").then(0).otherwise("k"),
    )
    lines = table_lines(nobody.filter(measure_id="drank"), PUBLIC, "town")
    of_nobody = lines.filter(gender="boy", area_id="there")
    assert of_nobody.filter("is_primary")["what"].sort().to_list() == ["k", "n", "others"]
