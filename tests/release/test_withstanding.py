"""What stops a release: what the attacker finds, and what he was blind to."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from pipeline.attack.figures import Finding
from pipeline.release.withstanding import attack_findings


def reported(**changes: object) -> SimpleNamespace:
    report = {
        "findings": (),
        "n_files": {"duckdb": 1, "html": 4, "pdf": 2, "docx": 0, "other": 1},
        "n_figures": {"duckdb": 90, "html": 40, "pdf": 20, "docx": 0, "other": 0},
    }
    return SimpleNamespace(**(report | changes))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"findings": (Finding("exact", "k is 7", "a.pdf"),)}, ["exact: k is 7 (a.pdf)"]),
        (
            {"n_figures": {"duckdb": 90, "html": 40, "pdf": 0}},
            ["unread: 2 files as pdf and no figure in any of them"],
        ),
        # Everything is hidden, so there is nothing to read in any form.
        ({"n_figures": {"duckdb": 0, "html": 0, "pdf": 0}}, []),
    ],
)
def test_a_reader_that_reads_nothing_is_a_finding(
    changes: dict[str, object], expected: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "pipeline.release.withstanding.attack_release", lambda _: reported(**changes)
    )
    assert attack_findings(Path("anywhere")) == expected
