"""``python -m bench.oracle``: a line a case, and an error where a number differs."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from bench.oracle import compare
from pipeline import REPOSITORY

CASES = REPOSITORY / "tests" / "oracle" / "cases"
Change = Callable[[Path], object]


def run(folder: Path) -> Result:
    app = typer.Typer()
    app.command()(compare)
    return CliRunner().invoke(app, [str(folder)])


def copied(name: str, folder: Path) -> Path:
    """A case of its own to change."""
    return Path(shutil.copytree(CASES / name, folder / name))


def replaced(path: Path, before: str, after: str) -> None:
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), "utf-8")


def redesigned(path: Path, **choices: Any) -> None:
    settings = json.loads(path.read_text("utf-8"))
    settings["designs"][0] |= choices
    path.write_text(json.dumps(settings), "utf-8")


def test_cases_that_agree(tmp_path: Path) -> None:
    copied("c16_ids", tmp_path)
    copied("c11_tiny", tmp_path)
    outcome = run(tmp_path)
    lines = outcome.output.splitlines()
    checks = r"[\d,]+ checks, 0 failures, largest relative difference \d\.\de-1\d"
    assert re.fullmatch(rf"c11_tiny: {checks}", lines[0])
    assert re.fullmatch(rf"c16_ids: {checks}", lines[1])
    assert re.fullmatch(rf"2 cases: {checks}", lines[-1])
    assert outcome.exit_code == 0


def test_each_subject_has_a_line_of_its_own(tmp_path: Path) -> None:
    *_, total = lines = run(copied("c16_ids", tmp_path)).output.splitlines()
    subjects = [line.strip().split(": ") for line in lines[1:-1]]
    assert [subject for subject, _ in subjects] == [
        *("scores", "counts", "sums", "estimates", "standard errors", "design effects"),
        "intervals",
    ]
    numbers = [int(said.split(" checks")[0].replace(",", "")) for _, said in subjects]
    assert total.startswith(f"1 cases: {sum(numbers):,} checks, 0 failures")


def test_one_case_alone(tmp_path: Path) -> None:
    outcome = run(copied("c16_ids", tmp_path))
    assert outcome.output.splitlines()[-1].startswith("1 cases: 949 checks, 0 failures")


def test_a_number_that_differs(tmp_path: Path) -> None:
    case = copied("c16_ids", tmp_path)
    # The first standard error, in its eighth digit.
    rows = (case / "expected_domain.csv").read_text("utf-8").splitlines()
    cells = rows[1].split(",")
    column = rows[0].split(",").index("se")
    cells[column] = str(float(cells[column]) * (1 + 1e-8))
    (case / "expected_domain.csv").write_text("\n".join([rows[0], ",".join(cells), *rows[2:]]))
    outcome = run(tmp_path)
    lines = outcome.output.splitlines()
    assert lines[0] == "c16_ids: 949 checks, 1 failures, largest relative difference 1.0e-08"
    assert lines[1] == "    main s01 prop: se differs by 1e-08"
    assert outcome.exit_code == 1


def test_a_refusal_for_another_reason_is_a_failure(tmp_path: Path) -> None:
    case = copied("c14_zero_weights", tmp_path)
    replaced(case / "expected_errors.csv", "missing values in `weights'", "missing values in `id'")
    outcome = run(tmp_path)
    assert "1 failures" in outcome.output
    assert "na_weight x: refused" in outcome.output
    assert outcome.exit_code == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda case: (case / "design.json").unlink(), "design.json: is not there"),
        (lambda case: (case / "design.json").write_text("{"), "design.json: is not JSON"),
        (lambda case: (case / "design.json").write_text("{}"), "by is missing"),
        (lambda case: (case / "design.json").write_text("[]"), "design.json: is not an object"),
        (lambda case: (case / "data.csv").unlink(), "data.csv: is not there"),
        (lambda case: (case / "scales.csv").write_text("scale\n"), "scales.csv: lacks the columns"),
        (
            lambda case: (case / "expected_scores.csv").write_text("id,scale,score,at_risk\n"),
            "expected_scores.csv: holds no rows",
        ),
        (lambda case: replaced(case / "data.csv", "gender", "kon"), "lacks the columns gender"),
        (lambda case: replaced(case / "scales.csv", ">=", "<"), "neither >= nor >"),
        (lambda case: replaced(case / "data.csv", "school", "skola"), "refused: .* is missing"),
        (
            lambda case: redesigned(case / "design.json", ids=["school", "class", "id"], fpc="a"),
            "fpc has not one column for each stage",
        ),
        (lambda case: redesigned(case / "design.json", lonely_psu="mean"), "lonely_psu: Input"),
    ],
)
def test_a_case_that_cannot_be_compared_is_one_line(
    change: Change, said: str, tmp_path: Path
) -> None:
    change(copied("c16_ids", tmp_path))
    outcome = run(tmp_path)
    first, last = outcome.output.splitlines()
    assert re.match(rf"c16_ids: not compared: .*{said}", first)
    assert last.endswith("; 1 not compared")
    assert outcome.exit_code == 1


def test_no_folder(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        outcome = run(folder)
        assert "is not a folder of cases" in outcome.output
        assert outcome.exit_code == 2
