"""The child process limits itself before it parses, and says nothing that a file says."""

import io
import json
import resource
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.ingest import parser

SENTINEL = "Zebra-4711"
ORDER = {
    "path": "a.csv",
    "wanted": ["id"],
    "parquet": "rows.parquet",
    "separator": ",",
    "encoding": "utf-8",
    "memory_bytes": 10_000,
    "cpu_seconds": 7,
}


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch) -> dict[int, tuple[int, int]]:
    """The limits that would be set, which must not be those of the test's own process."""
    found: dict[int, tuple[int, int]] = {}

    def forbidden(_: None) -> None:
        raise OSError

    monkeypatch.setattr("resource.setrlimit", found.__setitem__)
    monkeypatch.setattr("ctypes.CDLL", forbidden)
    return found


@pytest.fixture
def answer(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[[], dict[str, Any]]:
    """Runs the parser on the order; its report."""

    def answering() -> dict[str, Any]:
        monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(ORDER)))
        parser.main()
        [line] = capsys.readouterr().out.splitlines()
        report: dict[str, Any] = json.loads(line)
        return report

    return answering


def test_limits_are_set_before_anything_is_parsed(
    limits: dict[int, tuple[int, int]],
    answer: Callable[[], dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("resource.getrlimit", lambda _: (resource.RLIM_INFINITY,) * 2)
    monkeypatch.setattr(parser, "_parse", lambda _: {"limited": len(limits)})
    assert answer() == {"limited": 3}
    assert limits == {
        resource.RLIMIT_CORE: (0, 0),
        resource.RLIMIT_CPU: (7, 7),
        resource.RLIMIT_AS: (10_000, 10_000),
    }


def test_limits_already_lower_stay(
    limits: dict[int, tuple[int, int]],
    answer: Callable[[], dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("resource.getrlimit", lambda _: (5, 5))
    answer()
    assert limits[resource.RLIMIT_AS] == (5, 5)


@pytest.mark.usefixtures("limits")
@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (
            ValueError(f"no number: {SENTINEL}"),
            "is damaged, or is not what its ending says (ValueError)",
        ),
        (MemoryError(SENTINEL), "needs more memory than a survey export should"),
    ],
)
def test_what_a_library_says_stays_in_the_child(
    error: Exception,
    sentence: str,
    answer: Callable[[], dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def failing(_: dict[str, Any]) -> dict[str, Any]:
        raise error

    monkeypatch.setattr(parser, "_parse", failing)
    assert answer() == {"error": sentence}


@pytest.mark.usefixtures("limits")
def test_a_file_that_is_gone(
    answer: Callable[[], dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert answer() == {"error": "is damaged, or is not what its ending says (FileNotFoundError)"}
