"""Whatever happens between releases, no two that are promoted unasked tell what a few answered."""

import tempfile
from collections import Counter
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from pipeline import REPOSITORY
from pipeline.definitions.fit import load_catalogue
from pipeline.release.decision import Outcome
from pipeline.release.publish import publish
from tests.conftest import silent
from tests.release.made_release import (
    GRADES,
    ROOT,
    Cell,
    Count,
    Pupil,
    Rules,
    count,
    some_pupils,
    write_working_file,
)

AREAS = ("norr", "soder", "oster")
FEW = range(1, 10)
NUMBERS = st.sampled_from([1, 2, 5, 9, 10, 20, 40, 100])


class Releases(RuleBasedStateMachine):
    """A site over the years: waves, erasures, corrections, areas, policies, releases."""

    n_by_state: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.out = Path(self.folder.name)
        catalogue = load_catalogue(REPOSITORY / "examples" / "new_site")
        site = catalogue.site.model_copy(update={"root_area": ROOT})
        self.catalogue = catalogue._replace(site=site)
        self.pupils: dict[int, Pupil] = {}
        self.areas: tuple[str, ...] = AREAS[:2]
        self.limits = Rules()
        self.promoted: dict[str, dict[Cell, Count]] = {}

    def teardown(self) -> None:
        for folder in (*self.out.rglob("*"), self.out):
            if folder.is_dir() and not folder.is_symlink():
                folder.chmod(0o755)
        self.folder.cleanup()

    @initialize()
    def first_wave(self) -> None:
        self.pupils = some_pupils(2021, norr=90, soder=150)
        self.release()

    @rule(sizes=st.tuples(*[st.sampled_from([20, 45, 80])] * 2))
    def add_wave(self, sizes: tuple[int, int]) -> None:
        wave = max((pupil.wave for pupil in self.pupils.values()), default=2019) + 2
        if wave < 2027:
            self.pupils |= some_pupils(wave, norr=sizes[0], soder=sizes[1])

    @rule(number=NUMBERS, every=st.integers(1, 4))
    def erase(self, number: int, every: int) -> None:
        for each in list(self.pupils)[::every][:number]:
            del self.pupils[each]

    @rule(number=NUMBERS, is_flagged=st.booleans(), grade=st.sampled_from(GRADES))
    def correct(self, number: int, is_flagged: bool, grade: str) -> None:
        for each in list(self.pupils)[:number]:
            changed = self.pupils[each]._replace(is_flagged=is_flagged, grade=grade)
            self.pupils[each] = changed

    @rule(number=NUMBERS, area=st.sampled_from(AREAS))
    def move(self, number: int, area: str) -> None:
        for each in list(self.pupils)[-number:]:
            self.pupils[each] = self.pupils[each]._replace(area=area)

    @rule(n_areas=st.integers(1, 3))
    def list_areas(self, n_areas: int) -> None:
        self.areas = AREAS[:n_areas]

    @rule(min_base=st.sampled_from([10, 30, 60]), min_count=st.sampled_from([5, 8, 15]))
    def change_policy(self, min_base: int, min_count: int) -> None:
        self.limits = Rules(min_base, min_count)

    @rule(nights=st.integers(1, 2))
    @precondition(lambda self: self.pupils)
    def nights(self, nights: int) -> None:
        for _ in range(nights):
            self.release()

    def release(self) -> None:
        cells = count(self.pupils, self.areas, self.limits)
        working_file = self.out / "working.duckdb"
        write_working_file(working_file, cells, self.limits)
        outcome = self.publish(working_file)
        Releases.n_by_state[outcome.state] += 1
        if outcome.state == "promoted":
            for earlier in self.promoted.values():
                require_nothing_told(earlier, cells)
            self.promoted[outcome.release_id] = cells

    def publish(self, working_file: Path) -> Outcome:
        return publish(self.catalogue, working_file, self.out, approval=None, progress=silent)


def require_nothing_told(one: dict[Cell, Count], other: dict[Cell, Count]) -> None:
    """Counted from the pupils themselves: no shown cell differs by a few, or was hidden before."""
    for cell in one.keys() & other.keys():
        before, after = one[cell], other[cell]
        if not (before.is_shown or after.is_shown):
            continue
        moves = (
            after.n - before.n,
            after.k - before.k,
            (after.n - after.k) - (before.n - before.k),
        )
        assert not any(abs(move) in FEW for move in moves), cell
        rest_before, rest_after = _rest(one, cell), _rest(other, cell)
        if before.is_shown and after.is_shown and rest_before and rest_after:
            assert abs(rest_after[0] - rest_before[0]) not in FEW, cell
            assert abs(rest_after[1] - rest_before[1]) not in FEW, cell


def _rest(cells: dict[Cell, Count], cell: Cell) -> tuple[int, int] | None:
    wave, area, grade = cell
    whole = cells[wave, ROOT, grade]
    if area == ROOT or not whole.is_shown:
        return None
    return whole.n - cells[cell].n, whole.k - cells[cell].k


@pytest.mark.usefixtures("few_files")
class TestReleases(Releases.TestCase):  # type: ignore[misc,valid-type]
    """25 sequences of up to 15 steps."""

    settings = settings(max_examples=25, stateful_step_count=15, deadline=None, derandomize=True)

    def runTest(self) -> None:  # noqa: N802 - the name is unittest's
        super().runTest()
        # A machine in which nothing is ever promoted, or held, would prove nothing.
        assert Releases.n_by_state["promoted"] >= 25
        assert Releases.n_by_state["held"] >= 10
