"""totals.domain_psu and totals.domain: margins are what their cells add up to."""

from collections.abc import Callable

from tests.sql.conftest import Rows

ANCESTORS = """
    wave | area_id   | ancestor_id
    2025 | sandviken | sandviken
    2025 | omrade_1  | omrade_1
    2025 | omrade_1  | sandviken
    2025 | norrsatra | norrsatra
    2025 | norrsatra | omrade_1
    2025 | norrsatra | sandviken
    2025 | storvik   | storvik
    2025 | storvik   | sandviken
    2023 | storvik   | storvik
    2023 | storvik   | omrade_1
    2023 | storvik   | sandviken
"""
# Every n is a power of two, so that a sum tells which cells are in it.
CELLS = """
    wave | area_id   | cell_grade | cell_gender | stratum | psu | n_respondents | w_a | wy_a
    2025 | norrsatra | g8         | girl        | all     | 8A  | 1             | 10  | 1.5
    2025 | norrsatra | g8         | boy         | all     | 8A  | 2             | 20  | 2.5
    2025 | norrsatra | g9         | girl        | all     | 9A  | 4             | 40  | 4.5
    2025 | storvik   | g8         | girl        | all     | 8A  | 8             | 80  | 8.5
    2025 | norrsatra |            | girl        | all     | 8A  | 16            | 160 | 16.5
    2025 | norrsatra | g8         |             | all     | 8A  | 32            | 320 | 32.5
    2025 | sandviken | g8         | girl        | all     | 8A  | 64            | 640 | 64.5
    2025 | norrsatra | g8         | girl        | south   | 8A  | 128           | 1   | 0.5
    2023 | storvik   | g8         | girl        | all     | 8A  | 256           | 1   | 0.5
"""


def domain_psus(run_model: Callable[..., Rows]) -> dict[tuple[object, ...], int]:
    """n_respondents by domain, stratum and PSU."""
    rows = run_model("totals.domain_psu", totals__cell=CELLS, ref__area_ancestor=ANCESTORS)
    keys = ("wave", "area_id", "grade", "gender", "stratum", "psu")
    return {tuple(row[key] for key in keys): row["n_respondents"] for row in rows}


def test_margins_are_the_sums_of_their_cells(run_model: Callable[..., Rows]) -> None:
    n = domain_psus(run_model)
    assert n[2025, "norrsatra", "g8", "girl", "all", "8A"] == 1
    assert n[2025, "norrsatra", "g8", "all", "all", "8A"] == 1 + 2 + 32
    assert n[2025, "norrsatra", "all", "girl", "all", "8A"] == 1 + 16
    assert n[2025, "norrsatra", "all", "all", "all", "8A"] == 1 + 2 + 16 + 32
    assert n[2025, "norrsatra", "all", "all", "all", "9A"] == 4


def test_areas_hold_all_that_lies_in_them(run_model: Callable[..., Rows]) -> None:
    n = domain_psus(run_model)
    assert n[2025, "omrade_1", "g8", "girl", "all", "8A"] == 1
    assert n[2025, "sandviken", "g8", "girl", "all", "8A"] == 1 + 8 + 64
    assert n[2025, "storvik", "all", "all", "all", "8A"] == 8


def test_an_area_lies_where_it_lay_in_the_wave(run_model: Callable[..., Rows]) -> None:
    n = domain_psus(run_model)
    assert n[2023, "omrade_1", "all", "all", "all", "8A"] == 256
    assert n[2025, "omrade_1", "all", "all", "all", "8A"] == 1 + 2 + 16 + 32


def test_an_unknown_grade_or_gender_is_no_domain(run_model: Callable[..., Rows]) -> None:
    n = domain_psus(run_model)
    assert {key[2] for key in n} == {"g8", "g9", "all"}
    assert {key[3] for key in n} == {"girl", "boy", "all"}


def test_equal_psu_names_of_two_strata_are_two_psus(run_model: Callable[..., Rows]) -> None:
    n = domain_psus(run_model)
    assert n[2025, "norrsatra", "g8", "girl", "south", "8A"] == 128


def test_weights_and_values_are_added_as_counts_are(run_model: Callable[..., Rows]) -> None:
    rows = run_model("totals.domain_psu", totals__cell=CELLS, ref__area_ancestor=ANCESTORS)
    [row] = [
        row
        for row in rows
        if (row["wave"], row["area_id"], row["psu"], row["stratum"])
        == (2025, "norrsatra", "8A", "all")
        and (row["grade"], row["gender"]) == ("all", "all")
    ]
    assert (row["w_a"], row["wy_a"]) == (10 + 20 + 160 + 320, 1.5 + 2.5 + 16.5 + 32.5)


def test_a_domain_counts_all_of_its_psus(run_model: Callable[..., Rows]) -> None:
    rows = run_model(
        "totals.domain",
        totals__domain_psu="""
            wave | area_id | grade | gender | stratum | psu | n_respondents
            2025 | storvik | all   | all    | all     | 8A  | 3
            2025 | storvik | all   | all    | all     | 8B  | 4
            2025 | storvik | all   | all    | south   | 8A  | 5
            2025 | storvik | g8    | all    | all     | 8A  | 3
            2023 | storvik | all   | all    | all     | 8A  | 9
        """,
    )
    assert [(row["wave"], row["grade"], row["n_respondents"]) for row in rows] == [
        (2023, "all", 9),
        (2025, "all", 12),
        (2025, "g8", 3),
    ]
