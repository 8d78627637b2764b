"""Documents take numbers from disclosure control alone: anything else is a type error."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import REPOSITORY

MINTS = {"Share", "Count", "Points"}

VIEW = """
from pipeline.disclosure.figure import Count, Published, Share
from pipeline.documents.participation_view import Group
from pipeline.documents.view import GradeBase, Step
share: float = 0.3721
n: int = 143
"""


@pytest.mark.parametrize(
    "line",
    [
        'Published("shown", share)',
        'Published("shown", Share(0.37), n=n)',
        'Step("opened", n)',
        'GradeBase("Grade 8", None, n, True)',
        'Group("All", False, None, None, share, False)',
    ],
)
def test_an_unprotected_number_is_a_type_error(line: str, tmp_path: Path) -> None:
    view = tmp_path / "view.py"
    view.write_text(VIEW + line, "utf-8")
    checked = subprocess.run(  # noqa: S603 - our own interpreter and text
        [sys.executable, "-m", "mypy", str(view)],
        cwd=REPOSITORY, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert checked.returncode == 1
    assert "Found 1 error" in checked.stdout
    assert "[arg-type]" in checked.stdout


def test_only_disclosure_control_gives_the_numbers_out() -> None:
    found = [
        f"{path.relative_to(REPOSITORY)}:{node.lineno}"
        for path in sorted((REPOSITORY / "pipeline").rglob("*.py"))
        if path.parent.name != "disclosure"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MINTS
    ]
    assert found == []
