"""Two figures beside each other: a difference of what is printed, or nothing at all."""

import polars as pl
import pytest

from pipeline.disclosure.cells import CELL
from pipeline.disclosure.published_comparison import comparison_rows, funnel_rows, norm_percents
from tests.tables import table

TYPES = {
    "wave": pl.Int16, "earlier": pl.Int16, "code": pl.String, "reference": pl.String,
    "area_id": pl.String, "part": pl.String, "grade": pl.String, "gender": pl.String,
}  # fmt: skip
DEFAULTS = {
    "wave": 2025, "area_id": "here", "part": "area", "grade": "all", "gender": "all",
    "measure_id": "drank", "n": 100, "n_rounded": 100, "k_rounded": 20, "reason": "", "code": None,
    "hides_n": False, "percent": 20, "verdict": "higher",
}  # fmt: skip
NO_NORM = pl.DataFrame(
    schema=dict.fromkeys(["area_id", "grade", "gender", "measure_id"], pl.String)
    | {"wave": pl.Int16, "norm_percent": pl.Int64}
)
COMPARABLE = table(
    """
    measure_id | wave | earlier
    drank      | 2025 | 2023
    drank      | 2025 | 2021
    drank      | 2025 | 2019
    drank      | 2023 | 2021
    """,
    **TYPES,
)


def drawn(text: str, *names: str) -> pl.DataFrame:
    """Rows with what the text leaves out; an empty reason is none."""
    rows = table(text, **{name: TYPES[name] for name in TYPES if name in text})
    missing = [name for name in names if name not in rows.columns]
    return rows.with_columns(
        pl.lit(DEFAULTS[name], dtype=TYPES.get(name)).alias(name) for name in missing
    ).with_columns(pl.col("^reason$").cast(pl.String).fill_null(""))


def cells(text: str) -> pl.DataFrame:
    names = ("n", "n_rounded", "k_rounded", "reason", "code", "hides_n", "percent")
    return drawn(text, *CELL, *names)


def compared(
    kind: str,
    reference: str,
    sides: str,
    norm: pl.DataFrame = NO_NORM,
    withheld: tuple[str, ...] = (),
    *,
    weighted: tuple[int, ...] = (2025,),
) -> dict[str, object]:
    """The row of the first of the cells beside another."""
    both = cells(sides)
    comparison = both.head(1).select(
        *(name for name in CELL if name != "part"),
        kind=pl.lit(kind), reference=pl.lit(reference), verdict=pl.lit("higher"),
    )  # fmt: skip
    [row] = comparison_rows(
        comparison, both, COMPARABLE, norm, withheld, root_area="town", weighted=weighted
    ).to_dicts()
    return {name: row[name] for name in ("status", "verdict", "second_percent", "difference")}


SHOWN = {"status": "shown", "verdict": "higher", "second_percent": 25, "difference": -5}
WITHOUT_NUMBERS = SHOWN | {"second_percent": None, "difference": None}
SUPPRESSED = WITHOUT_NUMBERS | {"status": "suppressed", "verdict": "too_few"}


@pytest.mark.parametrize(
    ("kind", "reference", "sides"),
    [
        ("rest", "rest", ("part", "area", "rest")),
        ("gender", "boy", ("gender", "girl", "boy")),
        ("wave", "2023", ("wave", "2025", "2023")),
        ("trend", "2023", ("wave", "2025", "2023")),
    ],
)
@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        (("100 |       |       | 20", "100 |       |       | 25"), SHOWN),
        (("100 | count |       | 20", "100 |       |       | 25"), SUPPRESSED),
        (("100 |       |       | 20", "100 | count |       | 25"), SUPPRESSED),
        (("100 |       | below | 20", "100 |       |       | 25"), SHOWN | {"difference": None}),
        (("100 |       |       | 20", "100 |       | below | 25"), WITHOUT_NUMBERS),
        # Nobody has a value there: no side of anything.
        (("100 |       |       | 20", "  0 |       |       | 25"), SUPPRESSED),
        (("  0 |       |       | 20", "100 |       |       | 25"), SUPPRESSED),
    ],
)
def test_a_difference_is_of_two_printed_figures(
    kind: str,
    reference: str,
    sides: tuple[str, str, str],
    figures: tuple[str, str],
    expected: dict[str, object],
) -> None:
    column, *places = sides
    rows = [f"{place} | {figure}" for place, figure in zip(places, figures, strict=True)]
    text = "\n".join([f"{column} | n | reason | code | percent", *rows])
    assert compared(kind, reference, text) == expected


def test_the_other_side_is_of_the_same_place_and_group() -> None:
    columns = "wave | area_id | part | grade | gender | percent"
    own = "2025 | here | area | g8 | girl | 20"
    rest = "2025 | here | rest | g8 | girl | 25"
    assert compared("rest", "rest", f"{columns}\n{own}\n{rest}") == SHOWN
    for here, elsewhere in (("2025", "2023"), ("here", "there"), ("g8", "g7"), ("girl", "boy")):
        sides = f"{columns}\n{own}\n{rest.replace(here, elsewhere)}"
        assert compared("rest", "rest", sides) == SUPPRESSED


def test_a_norm_is_known_to_everyone_and_needs_no_figure_of_the_area_s_but_its_own() -> None:
    norm = NO_NORM.vstack(
        pl.DataFrame([("here", "all", "all", "drank", 2025, 25)], NO_NORM.schema, orient="row")
    )
    for reason, expected in (("", SHOWN), ("count", SUPPRESSED)):
        assert compared("norm", "y2021", f"reason | percent\n{reason} | 20", norm) == expected
    sides = "reason | percent\n | 20"
    assert compared("norm", "y2021", sides, norm, ("smoked",)) == SHOWN
    assert compared("norm", "y2021", sides, norm, ("drank",)) == SUPPRESSED


@pytest.mark.parametrize(
    ("here", "town", "expected"),
    [
        # 100 of 600 that are left, whatever the rest's own rounded counts would give.
        ("400 | 200 | | | 50", "1000 | 300 | | | 30", (17, 33)),
        ("400 | 300 | | | 75", "1000 | 300 | | | 30", (0, 75)),
        ("400 | 305 | | | 76", "1000 | 300 | | | 30", (0, 76)),
        ("800 | 200 | | | 25", "1000 | 300 | | | 30", (50, -25)),
        ("805 | 200 | | | 25", "1000 | 300 | | | 30", (None, None)),
        ("400 | 200 | | below | 3", "1000 | 300 | | | 30", (None, None)),
        ("400 | 200 | | | 50", "1000 | 300 | | above | 97", (None, None)),
        ("400 | 200 | | | 50", "1000 | 300 | count | | 30", (None, None)),
    ],
)
def test_the_rest_is_worked_out_of_printed_numbers(
    here: str, town: str, expected: tuple[int | None, int | None]
) -> None:
    columns = "area_id | part | n_rounded | k_rounded | reason | code | percent"
    sides = f"{columns}\nhere | area | {here}\nhere | rest | 600 | 150 | | | 25"
    found = compared("rest", "rest", f"{sides}\ntown | area | {town}", weighted=())
    assert (found["second_percent"], found["difference"]) == expected
    assert (found["status"], found["verdict"]) == ("shown", "higher")


@pytest.mark.parametrize(
    ("hidden", "reference", "expected"),
    [
        ("2023 | area | count |", "2021", SUPPRESSED),
        ("2021 | area | count |", "2021", SUPPRESSED),
        # Before the trend begins, and the rest of the municipality: no part of it.
        ("2019 | area | count |", "2021", SHOWN),
        ("2023 | rest | count |", "2021", SHOWN),
        # A code is printed.
        ("2023 | area |       | below", "2021", SHOWN),
    ],
)
def test_a_trend_rests_on_every_wave_of_it(
    hidden: str, reference: str, expected: dict[str, object]
) -> None:
    shown = "wave | part | reason | code | percent\n2025 | area | | | 20\n"
    ends = "" if hidden.startswith("2021") else "2021 | area | | | 25\n"
    sides = f"{shown}{ends}{hidden} | 25"
    assert compared("trend", reference, sides) == expected
    # The same cells speak against nothing that is no trend.
    if not hidden.startswith("2021"):
        assert compared("wave", reference, sides) == SHOWN


@pytest.mark.parametrize(
    ("verdict", "published"),
    [("higher", "higher"), ("lower", "lower"), ("no_detectable_difference", "no_difference"),
     ("too_few", "unknown")],
)  # fmt: skip
def test_verdicts_have_published_names(verdict: str, published: str) -> None:
    both = cells("part | percent\narea | 20\nrest | 25")
    comparison = both.head(1).select(
        *(name for name in CELL if name != "part"),
        kind=pl.lit("rest"), reference=pl.lit("rest"), verdict=pl.lit(verdict),
    )  # fmt: skip
    found = comparison_rows(comparison, both, COMPARABLE, NO_NORM, root_area="town")
    assert found["verdict"].item() == published


FUNNEL_CELLS = """
    area_id | part | grade | n_rounded | percent | reason | code
    town    | area | all   | 1000      | 50      |        |
    here    | area | all   | 100       | 39      |        |
    there   | area | all   | 100       | 38      |        |
    far     | area | all   | 100       | 33      |        |
    high    | area | all   | 100       | 66      |        |
    hidden  | area | all   | 100       | 40      | count  |
    coded   | area | all   | 100       | 1       |        | below
    """


def funnel(text: str = FUNNEL_CELLS, effect: float = 1.0) -> pl.DataFrame:
    found = cells(text)
    comparisons = found.filter(part="area").select(
        *(name for name in CELL if name != "part"),
        kind=pl.lit("rest"), funnel=pl.lit("within"), funnel_design_effect=pl.lit(effect),
    )  # fmt: skip
    return funnel_rows(comparisons.filter(pl.col("area_id") != "town"), found, "town")


def test_areas_stand_beside_binomial_limits_around_the_municipality() -> None:
    # Spiegelhalter (2005), A.1.1, by R's pbinom: r - (pbinom(r, n, p) - a) / dbinom(r, n, p) is
    # 39.68, 59.32, 34.12 and 64.88 of 100; then a whole per cent outwards.
    rows = {row["area_id"]: row for row in funnel().to_dicts()}
    assert set(rows) == {"here", "there", "far", "high"}
    here = rows["here"]
    assert [here[name] for name in ("percent", "lower_95", "upper_95")] == [50, 39, 60]
    assert (here["lower_998"], here["upper_998"]) == (34, 65)
    places = {area: row["place"] for area, row in rows.items()}
    # An area at a limit is within.
    assert places == {
        "here": "within", "there": "outside_95", "far": "outside_998", "high": "outside_998"
    }  # fmt: skip


def test_clustering_widens_a_funnel_by_the_published_effect() -> None:
    # 1.9 is published as 2: limits of 50 respondents, 17.53 and 31.47.
    [wide] = funnel(effect=1.9).filter(area_id="here").to_dicts()
    assert (wide["lower_95"], wide["upper_95"]) == (35, 63)
    assert wide == funnel(effect=2.0).filter(area_id="here").to_dicts()[0]


def test_without_a_figure_of_the_municipality_there_is_no_funnel() -> None:
    coded = FUNNEL_CELLS.replace("1000      | 50      |        |", "1000 | 50 | | above")
    assert funnel(coded).is_empty()
    nobody = FUNNEL_CELLS.replace("1000      | 50 ", "1000      | 0  ")
    assert funnel(nobody).is_empty()


NORM_SHARES = table(
    """
    measure_id | wave | grade | share_flagged
    drank      | 2025 | g7    | 0.10
    drank      | 2025 | g8    | 0.305
    """,
    wave=pl.Int16,
)


@pytest.mark.parametrize(
    ("g7", "g8", "percent"),
    [
        ("60 | false", "30 | false", 17),  # (60 x 0.1 + 30 x 0.305) / 90 = 0.168
        ("30 | false", "60 | false", 24),  # 0.2367
        ("60 | true", "30 | false", 31),  # only what is printed weighs; halves upwards
        ("60 | true", "30 | true", 20),  # alike: 0.2025
        ("0 | false", "0 | false", 20),
        ("1 | false", "0 | false", 10),
    ],
)
def test_a_norm_is_weighted_by_printed_grades(g7: str, g8: str, percent: int) -> None:
    found = cells(
        f"part | grade | n_rounded | hides_n\narea | all | 90 | false\n"
        f"area | g7 | {g7}\narea | g8 | {g8}\nrest | g7 | 500 | false\nrest | all | 500 | false"
    )
    rows = {
        row["grade"]: row["norm_percent"] for row in norm_percents(found, NORM_SHARES).to_dicts()
    }
    assert rows == {"all": percent, "g7": 10, "g8": 31}
