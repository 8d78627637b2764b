"""The product's answers beside R's, of every case and design. What is compared: README.md."""

from collections import Counter
from pathlib import Path

import pytest

from bench.oracle_cases import Case, CaseDesign, find_cases, load_case
from bench.oracle_checks import COUNTS, TOTALS, Check
from bench.oracle_run import design_checks, refusal_checks
from bench.oracle_site import groupings
from tests.oracle.promises import promised, promises

CASES = [load_case(folder) for folder in find_cases(Path(__file__).parent / "cases")]
DESIGNS = [CaseDesign(case, design) for case in CASES for design in case.designs]
SUBJECTS = (
    "scores",
    "counts",
    "sums",
    "estimates",
    "standard errors",
    "design effects",
    "intervals",
    "unseen variances",
    "refusals",
)


@pytest.fixture(scope="module", params=DESIGNS, ids=lambda chosen: chosen.id)
def compared(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[CaseDesign, list[Check]]:
    """A case taken the product's whole way, from its file to its estimates."""
    chosen: CaseDesign = request.param
    return chosen, list(design_checks(chosen, tmp_path_factory.mktemp("case")))


@pytest.mark.parametrize("subject", SUBJECTS)
def test_the_product_says_what_r_says(
    compared: tuple[CaseDesign, list[Check]], subject: str
) -> None:
    _, checks = compared
    assert [each for each in checks if each.subject == subject and not each.is_right] == []


def test_the_method_promises_no_closer_agreement(
    compared: tuple[CaseDesign, list[Check]],
) -> None:
    _, checks = compared
    assert [each for each in checks if each.difference > promised(each.subject)] == []


def test_the_method_has_a_promise_for_every_subject() -> None:
    assert set(SUBJECTS) <= set(promises())


def test_nothing_is_left_out(compared: tuple[CaseDesign, list[Check]]) -> None:
    chosen, checks = compared
    case, name = chosen.case, chosen.design["name"]
    n = Counter(each.subject for each in checks)
    rows = [row for row in case.domains if row["design"] == name]
    answered = [row for row in rows if not row["error"]]
    with_spread = [row for row in answered if not row["degenerate"] and int(row["df_valid"]) > 0]
    assert rows
    assert n["scores"] == 2 * len(case.data) * len(case.scales) * len(groupings(case))
    assert n["counts"] == len(COUNTS) * len(rows)
    assert n["sums"] == len(TOTALS) * len(rows)
    assert n["standard errors"] == len(with_spread)
    assert n["design effects"] == 2 * len(with_spread)
    n_shares = sum(row["stat"] == "prop" for row in with_spread)
    assert n["intervals"] == 9 * n_shares + 2 * (len(with_spread) - n_shares)
    assert n["refusals"] == (len(answered) < len(rows) and "only one PSU" in str(rows))
    assert set(n) <= set(SUBJECTS)


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.refusals], ids=lambda case: case.name
)
def test_what_r_refuses_is_refused_for_the_same_reason(case: Case, tmp_path: Path) -> None:
    checks = list(refusal_checks(case, tmp_path))
    assert len(checks) == len(case.errors) == 5
    assert [each for each in checks if not each.is_right] == []


def test_the_cases_hold_every_kind_of_degenerate_domain() -> None:
    kinds = {row["degenerate"] for case in CASES for row in case.domains}
    assert kinds == {"", "constant", "one_psu", "no_data"}


def test_the_cases_hold_every_kind_of_design() -> None:
    designs = [chosen.design for chosen in DESIGNS]
    assert {design["lonely_psu"] for design in designs} == {
        "fail",
        "certainty",
        "remove",
        "adjust",
        "average",
    }
    adjusted = {each["lonely_psu"] for each in designs if each["adjust_domain_lonely"]}
    assert adjusted == {"certainty", "adjust", "average"}
    assert {len(design["fpc"]) for design in designs} == {0, 1, 2}
    assert len(designs) == 29
