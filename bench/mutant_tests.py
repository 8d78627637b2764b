"""Which tests run a line: measured once, then chosen for each mutant."""

import hashlib
import json
import shutil
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from coverage import CoverageData

from bench.mutant_kinds import Mutant
from bench.mutant_plugin import FIXTURE, NOTES
from bench.mutant_runs import OPTIONS, SCRATCH, run
from tests.made_once import SHARED

SOURCES = ("pipeline/disclosure", "pipeline/release")
TESTS = (
    *("tests/disclosure", "tests/release", "tests/attack", "tests/unit"),
    *("tests/oracle/test_presentation.py", "tests/oracle/test_suppression.py"),
)
ELSEWHERE = ("tests/release/test_kills.py", "tests/release/test_same_bytes.py")
"""They run the code in many processes of their own: nothing sees which lines, and it takes long."""


class Suite(NamedTuple):
    """What is known of all tests."""

    seconds: dict[str, float]
    """Of each test, and of each fixture that several share, by name."""

    fixtures: dict[str, list[str]]
    """Shared fixtures of each test that passes."""

    by_line: dict[str, dict[int, list[str]]]
    """Tests by module and line, through their fixtures too."""

    made_before: Path
    """Folder of the built sample: releases are made of it, and have no part in it."""

    def of(self, mutant: Mutant) -> set[str]:
        """Tests that run a mutant.

        What runs when a module is imported belongs to no test: those of the function around it
        are taken then, or else those of the module, or else those of the folder alike.
        """
        lines = self.by_line.get(str(mutant.path), {})
        for place in (mutant.statement, mutant.function):
            numbers = range(place.first, place.last + 1)
            if found := {test for line in numbers for test in lines.get(line, ())}:
                return found
        alike = f"tests/{mutant.path.parent.name}/"
        return {test for tests in lines.values() for test in tests} or {
            test for test in self.fixtures if test.startswith(alike)
        }

    def cost(self, tests: Iterable[str]) -> float:
        """Seconds that tests take, each shared fixture once."""
        tests = list(tests)
        shared = {fixture for test in tests for fixture in self.fixtures[test]}
        return sum(self.seconds[each] for each in [*tests, *shared])

    def quickest(self, tests: set[str], budget: float, *, but: Iterable[str] = ()) -> list[str]:
        """Tests for so many seconds, one at least: the files first that take least.

        Args:
            tests: to choose of.
            budget: seconds.
            but: some that have run before; without one that is left, none is taken.
        """
        by_file: dict[str, list[str]] = defaultdict(list)
        left = tests.difference(but)
        for test in sorted(left, key=lambda test: (self.seconds[test], test)):
            by_file[_file(test)].append(test)
        taken: list[str] = []
        for file in sorted(by_file, key=lambda file: (self.cost(by_file[file]), file)):
            for test in by_file[file]:
                if not taken or self.cost([*taken, test]) <= budget:
                    taken.append(test)
        return taken

    def with_the_sample(self) -> "Suite":
        """The same where the sample is not built anew."""
        free = {each: 0.0 for each in self.seconds if each.endswith("::sample_path")}
        return self._replace(seconds=self.seconds | free)


def tests_of(checkout: Path, cache: Path) -> Suite:
    """What is known of the tests; those of a file are run again if it or the code has changed.

    Args:
        checkout: the copy to measure in.
        cache: folder that what was measured is kept in.

    Raises:
        ValueError: tests fail in code without a mistake.
    """
    kept = cache / _fingerprint(checkout)
    kept.mkdir(parents=True, exist_ok=True)
    known = _read(kept / "tests.json")
    files = _test_files(checkout)
    if new := [file for file, digest in files.items() if known.files.get(file) != digest]:
        measured = _measured(checkout, kept, new)
        known = _joined(known, files, measured)
        (kept / "tests.json").write_text(json.dumps(known), "utf-8")
    by_line: dict[str, dict[int, list[str]]] = defaultdict(dict)
    for path, lines in known.lines.items():
        for line, contexts in lines.items():
            by_line[path][int(line)] = known.tests_in(contexts)
    return Suite(known.seconds, known.fixtures, dict(by_line), kept)


class _Known(NamedTuple):
    """What is kept between runs, as JSON."""

    files: dict[str, str]
    """SHA-256 of each test file."""

    seconds: dict[str, float]
    fixtures: dict[str, list[str]]
    lines: dict[str, dict[str, list[str]]]
    """Tests and shared fixtures by module and line."""

    def tests_in(self, contexts: Iterable[str]) -> list[str]:
        """Tests that pass, with those that use a fixture."""
        found = {each for each in contexts if each in self.fixtures}
        shared = set(contexts) - found
        found |= {test for test, uses in self.fixtures.items() if not shared.isdisjoint(uses)}
        return sorted(found)


def _read(path: Path) -> _Known:
    return _Known(*json.loads(path.read_text("utf-8"))) if path.exists() else _Known({}, {}, {}, {})


def _joined(old: _Known, files: dict[str, str], new: _Known) -> _Known:
    """What is known, without tests that have changed or are gone, and with those just measured."""
    fixtures = {
        test: uses
        for test, uses in old.fixtures.items()
        if old.files[_file(test)] == files.get(_file(test))
    }
    lines: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for each in (old, new):
        for path, of_path in each.lines.items():
            for line, contexts in of_path.items():
                lines[path][line] += contexts
    return _Known(files, old.seconds | new.seconds, fixtures | new.fixtures, lines)


def _file(test: str) -> str:
    return test.split("::", maxsplit=1)[0]


def _test_files(checkout: Path) -> dict[str, str]:
    names = [
        str(path.relative_to(checkout)) for path in sorted(checkout.rglob("tests/**/test_*.py"))
    ]
    return {
        name: hashlib.sha256((checkout / name).read_bytes()).hexdigest()
        for name in names
        if name.startswith(TESTS) and name not in ELSEWHERE
    }


def _fingerprint(checkout: Path) -> str:
    """Of everything but test files."""
    digest = hashlib.sha256()
    for path in sorted(checkout.rglob("*")):
        is_test = path.name.startswith("test_") or checkout / "bench" in path.parents
        if path.suffix in {".py", ".sql", ".yml", ".toml", ".lock"} and not is_test:
            digest.update(str(path.relative_to(checkout)).encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _measured(checkout: Path, kept: Path, files: list[str]) -> _Known:
    """Run test files once; the built sample is then in ``kept``, if they use it."""
    data, notes = kept / "lines", kept / "notes.json"
    data.unlink(missing_ok=True)
    measured = ["coverage", "run", f"--data-file={data}", f"--source={','.join(SOURCES)}"]
    done = run(
        checkout, [*measured, "-m", "pytest", *OPTIONS, *files], environment={NOTES: str(notes)}
    )
    if done.code != 0:
        raise ValueError(f"Tests fail without any mistake:\n{done.out[-3000:]}")
    sample = checkout / SCRATCH / f"{SHARED}sample"
    if sample.exists() and not (kept / sample.name).exists():
        shutil.move(sample, kept)
    noted = json.loads(notes.read_text("utf-8"))
    seconds: dict[str, float] = noted["seconds"]
    shared = [context for context in seconds if context.startswith(FIXTURE)]
    fixtures = {
        test: [each for each in shared if _uses(test, names, each)]
        for test, names in noted["fixtures"].items()
        if test in seconds and test not in noted["not_passed"]
    }
    return _Known({}, seconds, fixtures, _lines(checkout, data))


def _lines(checkout: Path, data: Path) -> dict[str, dict[str, list[str]]]:
    lines = CoverageData(str(data))
    lines.read()
    return {
        str(Path(file).relative_to(checkout)): {
            str(line): [each for each in contexts if each]
            for line, contexts in lines.contexts_by_lineno(file).items()
        }
        for file in lines.measured_files()
    }


def _uses(test: str, names: list[str], fixture: str) -> bool:
    place, _, name = fixture.removeprefix(FIXTURE).rpartition("::")
    return name in names and test.startswith(place)
