"""totals.domain_school: how many schools the respondents of a domain go to."""

from collections.abc import Callable

from tests.sql.conftest import Rows

RESPONDENTS = """
    wave | respondent_id | school_id | grade | gender | is_analysed
    2025 | one           | A         | g8    | girl   | true
    2025 | another       | A         | g8    | boy    | true
    2025 | elsewhere     | B         | g9    | girl   | true
    2025 | screened      | C         | g8    | girl   | false
    2025 | unplaced      | D         | g8    | girl   | true
    2025 | no_grade      | E         |       | girl   | true
    2023 | no_school     |           | g8    | girl   | true
"""
AREAS = """
    wave | respondent_id | area_id
    2025 | one           | norrsatra
    2025 | another       | norrsatra
    2025 | elsewhere     | norrsatra
    2025 | screened      | norrsatra
    2025 | no_grade      | norrsatra
    2023 | no_school     | norrsatra
"""
ANCESTORS = """
    wave | area_id   | ancestor_id
    2025 | norrsatra | norrsatra
    2025 | norrsatra | sandviken
    2025 | sandviken | sandviken
    2023 | norrsatra | norrsatra
"""
WAVES = """
    wave | root_area
    2025 | sandviken
    2023 | sandviken
"""


def test_schools_of_those_who_count_in_the_domain(run_model: Callable[..., Rows]) -> None:
    rows = run_model(
        "totals.domain_school",
        scores__respondent_factor=RESPONDENTS,
        staging__respondent_area=AREAS,
        ref__wave=WAVES,
        ref__area_ancestor=ANCESTORS,
    )
    n = {
        tuple(row[key] for key in ("wave", "area_id", "grade", "gender")): row["n_schools"]
        for row in rows
    }
    assert n[2025, "norrsatra", "g8", "all"] == 1
    assert n[2025, "norrsatra", "all", "all"] == 3
    assert n[2025, "norrsatra", "all", "boy"] == 1
    assert n[2025, "sandviken", "g8", "girl"] == 2
    assert n[2025, "sandviken", "all", "all"] == 4
    # Where no school is known, there is no number to be too few.
    assert n[2023, "norrsatra", "all", "all"] is None
    assert not any(key[2] is None or key[3] is None for key in n)
