"""Cells of a municipality as linked tables: respondents first, then measure by measure."""

from collections.abc import Sequence

import polars as pl
import pytest

from pipeline.definitions.policy import PublicEdition
from pipeline.disclosure.atoms import crowd_of
from pipeline.disclosure.cells import CELL, RESPONDENTS
from pipeline.disclosure.linked_table import LinkedTable, Protection
from pipeline.disclosure.linked_tables import People, Table, add_complementary, measure_tables
from pipeline.disclosure.table_lines import placed_lines, respondent_lines, table_lines
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


def coverage(n_placed: int = 1_000) -> pl.DataFrame:
    """Of everyone; as a rule with more that have a place than the tables hold."""
    return pl.DataFrame({"wave": [2025], "grade": ["all"], "n_placed": [n_placed]}).cast(
        {"wave": pl.Int16}
    )


def protected() -> dict[tuple[str, str, str], tuple[str, bool]]:
    found = add_complementary(cells(), totals(), ANCESTORS, PUBLIC, "town", coverage=coverage())
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


@pytest.mark.parametrize("is_protected", [True, False])
def test_of_a_table_that_cannot_be_protected_nothing_is_shown(
    monkeypatch: pytest.MonkeyPatch, *, is_protected: bool
) -> None:
    def found(tables: Sequence[LinkedTable], **_: object) -> list[Protection]:
        return [
            Protection(
                is_hidden=table.is_primary,
                lower=table.lower,
                upper=table.upper,
                is_unprotected=~table.is_primary & (not is_protected),
                n_rounds=0,
            )
            for table in tables
        ]

    monkeypatch.setattr("pipeline.disclosure.linked_tables.protect_tables", found)
    told = protected()
    assert told["drank", "there", "boy"] == ("base", True)
    others = {value for key, value in told.items() if key[1:] != ("there", "boy")}
    # With the share goes its number; a number by itself is hidden by its reason.
    hidden = {("complementary", True), ("complementary", False)}
    assert others == ({("", False)} if is_protected else hidden)


@pytest.mark.parametrize(("n", "known"), [(123, (123, 127)), (1_000, (998, 1_002)), (29, (0, 29))])
def test_a_printed_number_with_a_place_is_known_as_far_as_rounding_goes(
    n: int, known: tuple[int, int]
) -> None:
    domains = crowd_of(totals(), ANCESTORS, "town").domains
    [line] = placed_lines(coverage(n), domains, "town", PUBLIC).to_dicts()
    assert (line["lower"], line["upper"]) == known


def measure_table(of: pl.DataFrame, public: PublicEdition = PUBLIC) -> Table:
    """The one measure's, of ``totals.cell``."""
    is_domain = pl.col("measure_id") == RESPONDENTS
    crowd = crowd_of(of, ANCESTORS, "town")
    placed = placed_lines(coverage(), crowd.domains, "town", public)
    crowds = {2025: People(crowd, placed)}
    every = cells()
    [made] = measure_tables(
        every.filter(~is_domain), every.filter(is_domain), crowds, public, "town"
    )
    return made


@pytest.mark.parametrize("is_crossed", [True, False])
def test_weighted_counts_are_sums_by_mean_weight(*, is_crossed: bool) -> None:
    weight = pl.when(area_id="here", cell_gender="girl").then(2).otherwise(1)
    weighted = totals().with_columns(pl.col("w_outcome_drank", "wy_outcome_drank") * weight)
    public = PUBLIC.model_copy(update={"crossed_breakdowns": is_crossed})
    lines, linked = measure_table(weighted, public)
    whole = {"area_id": "town", "grade": "all", "gender": "all"}
    [row] = lines.with_row_index("row").filter(**whole, what="k")["row"]
    # Of 183 the weighted share of 91 in 243; unweighted they are 71.
    assert linked.value[row] == 69
    assert linked.unknowns is not None
    assert (linked.atoms @ linked.unknowns)[row] == pytest.approx(183 * 91 / 243)
    [row] = lines.with_row_index("row").filter(**whole, what="n")["row"]
    assert (linked.value[row], set(linked.atoms[[row]].data)) == (183, {1.0})
    assert linked.balances is None or linked.balances @ linked.unknowns == pytest.approx(
        0, abs=1e-9
    )


@pytest.mark.parametrize(
    # Sixty times 27.9 of 70 are 23.91, times 27.3 of 70 are 23.4.
    ("weighed", "limits"), [(27.9, (23, 24, 24)), (27.3, (23, 23, 24))],
)  # fmt: skip
def test_what_is_printed_of_weighted_counts_holds_those_that_are_not_whole(
    weighed: float, limits: tuple[int, int, int]
) -> None:
    tenths = totals().with_columns(w_outcome_drank=pl.lit(70.0), wy_outcome_drank=pl.lit(weighed))
    unrounded = PUBLIC.model_copy(update={"round_counts": 1})
    lines, linked = measure_table(tenths, unrounded)
    [row] = lines.with_row_index("row").filter(
        area_id="here", grade="all", gender="girl", what="k"
    )["row"]
    assert (linked.lower[row], linked.value[row], linked.upper[row]) == limits


def test_a_measures_table_knows_which_lines_are_one_figure() -> None:
    made = measure_table(totals())
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
    # Unrounded, 60 less 52 are 8: whoever subtracts knows it. Less 53, they would be too few.
    unrounded = PUBLIC.model_copy(update={"round_counts": 1})
    for k, n_lines in ((52, 0), (53, 1)):
        exact = one.with_columns(k=pl.lit(k), k_rounded=pl.lit(k))
        assert table_lines(exact, unrounded, "town").filter(what="others").height == n_lines


def test_an_empty_group_looks_like_a_small_one() -> None:
    nobody = cells().with_columns(
        number=pl.lit(0),
        n=pl.when(gender="boy", area_id="there").then(0).otherwise("n"),
        k=pl.when(gender="boy", area_id="there").then(0).otherwise("k"),
    )
    lines = table_lines(nobody.filter(measure_id="drank"), PUBLIC, "town")
    of_nobody = lines.filter(gender="boy", area_id="there")
    assert of_nobody.filter("is_primary")["what"].sort().to_list() == ["k", "n", "others"]


def lines_of(**changes: object) -> dict[str, dict[str, object]]:
    """The lines of one cell, by what they count: 200 pupils of the town, 40 of them flagged."""
    one = (
        cells()
        .filter(measure_id="drank", area_id="town", gender="all")
        .with_columns(number=pl.lit(0), n=pl.lit(200), n_rounded=pl.lit(200))
        .with_columns(k=pl.lit(40), k_rounded=pl.lit(40))
        .with_columns(pl.lit(value).alias(name) for name, value in changes.items())
        .with_columns(pl.col(pl.Int32).cast(pl.Int64))
    )
    return {str(row["what"]): row for row in table_lines(one, PUBLIC, "town").to_dicts()}


def test_hiding_a_number_of_respondents_takes_twice_as_much_from_the_reader() -> None:
    lines = lines_of()
    assert {what: line["cost"] for what, line in lines.items()} == {"n": 400, "k": 200}
    assert all(line["may_hide"] and not line["is_primary"] for line in lines.values())
    hidden = lines_of(reason="count")
    assert {what: line["cost"] for what, line in hidden.items()} == {
        "n": 400,
        "k": 200,
        "others": 200,
    }


@pytest.mark.parametrize(
    ("changes", "secret", "printed"),
    [
        ({}, set(), {"n", "k"}),
        ({"reason": "count"}, {"k", "others"}, {"n"}),
        ({"reason": "complementary"}, {"k", "others"}, {"n"}),
        ({"reason": "complementary", "hides_n": True}, {"n", "k", "others"}, set()),
        ({"reason": "base"}, {"n", "k", "others"}, set()),
        ({"reason": "schools"}, {"n", "k", "others"}, set()),
        # How many are in the rest is printed nowhere: who has both others can work it out.
        ({"part": "rest"}, set(), {"k"}),
        ({"part": "rest", "reason": "count"}, {"k", "others"}, set()),
        # Nobody prints the rest beside a hidden area, so that nothing is to be found out.
        ({"part": "rest", "reason": "rest"}, set(), set()),
        ({"n": 0, "k": 0}, set(), set()),
        ({"n": 0, "k": 0, "reason": "base"}, {"n", "k", "others"}, set()),
        ({"part": "rest", "n": 0, "k": 0, "reason": "base"}, set(), set()),
    ],
)  # fmt: skip
def test_what_is_secret_and_what_is_printed(
    changes: dict[str, object], secret: set[str], printed: set[str]
) -> None:
    lines = lines_of(**changes)
    assert {what for what, line in lines.items() if line["is_primary"]} == secret
    assert {what for what, line in lines.items() if line["may_hide"]} == printed
    assert not any(line["is_coded"] for line in lines.values())


@pytest.mark.parametrize(("code", "what"), [("below", "k"), ("above", "others")])
def test_a_code_is_an_interval_from_nothing_to_what_it_may_stand_for(code: str, what: str) -> None:
    lines = lines_of(code=code)
    assert set(lines) == {"n", what}
    coded = lines[what]
    # Below 5 % of at most 202, and less than min_interval and one more: 0 to 8.
    assert (coded["lower"], coded["upper"], coded["is_coded"]) == (0, 8, True)
    assert (coded["may_hide"], coded["is_primary"], coded["cost"]) == (True, False, 200)
    # A hundred and fifty: 0 to 7 of at most 152.
    assert lines_of(code=code, n=150, n_rounded=150)[what]["upper"] == 7
    # Of 160 perhaps 162, of which 8 are below 5 %; of exactly 160 only 7 would be.
    assert lines_of(code=code, n=160, n_rounded=160)[what]["upper"] == 8


def test_that_nobody_has_a_value_is_said_of_the_municipality_once() -> None:
    nobody = {"n": 0, "k": 0, "n_rounded": 0, "k_rounded": 0, "is_missing": True}
    [line] = lines_of(**nobody).values()
    assert (line["what"], line["lower"], line["upper"]) == ("n", 0, 0)
    assert (line["may_hide"], line["is_primary"], line["is_coded"]) == (False, False, False)
    assert lines_of(**nobody, area_id="here") == {}
    assert lines_of(**nobody, part="rest") == {}


def test_respondents_are_lines_of_their_own() -> None:
    drawn = cells().filter(measure_id=RESPONDENTS, area_id="there").with_columns(number=pl.lit(0))
    asked = drawn.with_columns(
        n=pl.when(gender="all").then(0).otherwise("n"),
    )
    rows = {row["gender"]: row for row in respondent_lines(asked, PUBLIC).to_dicts()}
    assert {row["what"] for row in rows.values()} == {"respondents"}
    names = ("lower", "is_primary", "may_hide", "cost")
    assert {key: tuple(row[name] for name in names) for key, row in rows.items()} == {
        # A grade that was not asked is shown as empty.
        "all": (0, False, True, 0),
        "girl": (30, False, True, 70),
        "boy": (30, True, False, 4),
    }


@pytest.mark.parametrize(("n_placed", "is_told"), [(72, True), (1_000, False)])
def test_the_printed_number_with_a_known_area_is_a_sum_like_others(
    n_placed: int, *, is_told: bool
) -> None:
    everyone = {"here": 70, "there": 2, "town": 40}
    crowd = table(
        """
        area_id | cell_gender | n_respondents | n_outcome_drank
        here    | girl        | 70            | 0
        there   | girl        | 2             | 0
        town    | girl        | 40            | 0
        """
    ).with_columns(
        wave=pl.lit(2025, pl.Int16),
        cell_grade=pl.lit("g8"),
        w_outcome_drank=pl.lit(0.0),
        wy_outcome_drank=pl.lit(0.0),
    )
    like = cells().filter(measure_id=RESPONDENTS, gender="all").drop("n", "k", "reason")
    n = pl.col("area_id").replace_strict(everyone | {"town": 112}, return_dtype=pl.Int64)
    domains = like.with_columns(n=n, k=n, n_rounded=(n + 2) // 5 * 5, k_rounded=(n + 2) // 5 * 5)
    reason = pl.when(pl.col("n") < 30).then(pl.lit("base")).otherwise(pl.lit(""))
    found = add_complementary(
        domains.with_columns(reason=reason).select(cells().columns),
        crowd,
        ANCESTORS,
        PUBLIC,
        "town",
        coverage=coverage(n_placed),
    )
    reasons = {row["area_id"]: row["reason"] for row in found.iter_rows(named=True)}
    # 72 with a known area less 70 of here, give or take 4: too near to 2.
    assert reasons == {"there": "base", "here": "complementary" if is_told else "", "town": ""}
