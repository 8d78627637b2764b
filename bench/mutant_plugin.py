"""A plugin of pytest: notes which test or fixture runs, for ``coverage``, and how long it takes.

Loaded by ``-p bench.mutant_plugin``. With ``MUTANTS_NOTES`` set, it writes what it has noted there.
"""

import json
import os
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from coverage import Coverage
from hypothesis import Phase, settings

NOTES = "MUTANTS_NOTES"
FIXTURE = "fixture "
"""Begins the context of a fixture that several tests share; the others are part of their test."""

# Which example fails is all the same, so that no time goes into finding a smaller one.
settings.register_profile(
    "mutants",
    derandomize=True,
    deadline=None,
    database=None,
    phases=(Phase.explicit, Phase.generate),
)

_seconds: dict[str, float] = {}
_fixtures_of: dict[str, list[str]] = {}
_failed: list[str] = []


@contextmanager
def _noted(context: str) -> Iterator[None]:
    """Whatever runs within belongs to a context, but for what has one of its own."""
    coverage = Coverage.current()
    before, begun, others = _noted_now[-1], time.perf_counter(), sum(_seconds.values())
    _noted_now.append(context)
    if coverage is not None:
        coverage.switch_context(context)
    try:
        yield
    finally:
        within = sum(_seconds.values()) - others
        _seconds[context] = time.perf_counter() - begun - within
        _noted_now.pop()
        if coverage is not None:
            coverage.switch_context(before)


_noted_now = [""]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """A test, with the fixtures that are made for it alone."""
    with _noted(item.nodeid):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[object], request: pytest.FixtureRequest
) -> Generator[None, object, object]:
    """A fixture that several tests share."""
    if request.scope == "function":
        return (yield)
    with _noted(f"{FIXTURE}{fixturedef.baseid}::{fixturedef.argname}"):
        return (yield)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Note what each test asks for."""
    for item in items:
        _fixtures_of[item.nodeid] = [*getattr(item, "fixturenames", [])]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Note what cannot tell a mutant from the code."""
    if report.outcome != "passed":
        _failed.append(report.nodeid)


def pytest_sessionfinish() -> None:
    """Write down all that was noted."""
    if NOTES in os.environ:
        notes = {"seconds": _seconds, "fixtures": _fixtures_of, "not_passed": _failed}
        Path(os.environ[NOTES]).write_text(json.dumps(notes), "utf-8")
