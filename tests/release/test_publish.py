"""A release is promoted, held, approved, gone back from; and never half there."""

import fcntl
import json
import os
import shutil
import stat
from pathlib import Path

import pytest

from pipeline.definitions.catalogue import Catalogue
from pipeline.errors import BusyError, DisclosureError, UsageError
from pipeline.lock import LOCK_FILE
from pipeline.release.audit import DATABASE
from pipeline.release.decision import Approval
from pipeline.release.document_files import document_names
from pipeline.release.layout import Layout, current_id
from pipeline.release.ledger import read_ledger
from pipeline.release.publish import publish
from pipeline.release.verification import rollback, verify
from tests.release.conftest import Release
from tests.release.made_release import Pupil, Rules, some_pupils


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    """Where `release` puts things."""
    return Layout(tmp_path / "out")


PUPILS = some_pupils(norr=120, soder=150)
NEXT = PUPILS | some_pupils(2027, norr=120, soder=150)
ONE_LESS = dict(list(PUPILS.items())[1:])
REASON = "The municipality corrected the area of a class."


def decisions(layout: Layout) -> list[str]:
    return [line.entry.decision for line in read_ledger(layout)]


def modes(folder: Path) -> set[tuple[str, int]]:
    paths = [folder, *folder.rglob("*")]
    return {
        ("folder" if path.is_dir() else "file", stat.S_IMODE(path.stat().st_mode)) for path in paths
    }


def everything(folder: Path) -> dict[str, tuple[int, int]]:
    """Every path but the lock's with when it was changed and which one it is."""
    return {
        str(path): (path.lstat().st_mtime_ns, path.lstat().st_ino)
        for path in folder.rglob("*")
        if path.name != LOCK_FILE
    }


def test_the_first_release_is_promoted_and_everyone_may_read_it(
    release: Release, layout: Layout
) -> None:
    old = os.umask(0)
    try:
        outcome = release(PUPILS)
    finally:
        os.umask(old)
    assert outcome.state == "promoted"
    assert current_id(layout) == outcome.release_id
    assert modes(layout.releases / outcome.release_id) == {("folder", 0o555), ("file", 0o444)}
    assert modes(layout.ledger) == {("folder", 0o700), ("file", 0o600)}
    assert stat.S_IMODE(layout.held.stat().st_mode) == 0o700
    assert {path.name for path in layout.releases.iterdir()} == {outcome.release_id, "current"}
    # Whoever may write here could exchange the pointer.
    assert stat.S_IMODE(layout.releases.stat().st_mode) == 0o755
    assert verify(layout.folder) == []
    assert verify(layout.current) == []


def test_the_same_again_touches_nothing(release: Release, layout: Layout) -> None:
    first = release(PUPILS)
    before = everything(layout.folder)
    again = release(PUPILS)
    assert (again.state, again.release_id) == ("unchanged", first.release_id)
    assert everything(layout.folder) == before


def test_a_new_wave_follows_and_the_ledger_says_so(release: Release, layout: Layout) -> None:
    first, second = release(PUPILS), release(NEXT)
    assert (first.state, second.state) == ("promoted", "promoted")
    assert current_id(layout) == second.release_id
    lines = read_ledger(layout)
    assert [line.entry.release_id for line in lines] == [first.release_id, second.release_id]
    manifest = json.loads((layout.current / "manifest.json").read_bytes())
    assert manifest["ledger_head"] == lines[0].digest
    assert manifest["made_of"]["policy"] == lines[1].entry.hashes["policy"]
    assert verify(layout.folder) == []


def test_one_respondent_less_is_held_and_says_which_figures(
    release: Release, layout: Layout
) -> None:
    first = release(PUPILS)
    outcome = release(ONE_LESS)
    assert outcome.state == "held"
    assert current_id(layout) == first.release_id
    assert (layout.held / outcome.release_id / DATABASE).is_file()
    assert not (layout.releases / outcome.release_id).exists()
    [reason] = [each for each in outcome.reasons if "alcohol_30d" in each and "hidden" not in each]
    assert reason.startswith("2025: ")
    assert "fewer than 10 respondents" in reason
    assert first.release_id in reason
    assert verify(layout.folder) == []
    before = everything(layout.folder)
    assert release(ONE_LESS) == outcome
    assert everything(layout.folder) == before
    assert decisions(layout) == ["promoted", "held"]


def test_another_number_for_the_wave_hides_no_erasure(release: Release, layout: Layout) -> None:
    first = release(PUPILS)
    three_less = {each: pupil._replace(wave=2026) for each, pupil in list(PUPILS.items())[3:]}
    outcome = release(three_less)
    assert outcome.state == "held"
    assert current_id(layout) == first.release_id
    assert "has under another name (2026 looks like its 2025)" in outcome.reasons[0]
    approval = Approval(outcome.release_id, "head of unit", REASON)
    assert release(three_less, approval=approval).state == "promoted"


def test_another_name_for_the_measure_hides_no_correction(
    release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    release(PUPILS)
    corrected = PUPILS | {
        each: pupil._replace(is_flagged=False)
        for each, pupil in list(PUPILS.items())[:6]
        if pupil.is_flagged
    }
    monkeypatch.setattr("tests.release.made_release.MEASURE", "drank_lately")
    outcome = release(corrected)
    assert outcome.state == "held"
    assert any("drank_lately looks like its alcohol_30d" in each for each in outcome.reasons)


def test_ten_of_one_kind_less_is_promoted(release: Release) -> None:
    areas = ("norr",)
    pupils = some_pupils(norr=400)
    release(pupils, areas)
    # Ten flagged and ten others of each grade, so that every count changes by ten at least.
    gone: list[int] = []
    for grade in ("g7", "g8"):
        for is_flagged in (True, False):
            gone += [each for each, pupil in pupils.items() if pupil[2:] == (grade, is_flagged)][
                :10
            ]
    left = {each: pupil for each, pupil in pupils.items() if each not in gone}
    assert release(left, areas).state == "promoted"


def test_a_second_person_may_approve(release: Release, layout: Layout) -> None:
    release(PUPILS)
    held = release(ONE_LESS, by="analyst")
    approval = Approval(held.release_id, "head of unit", REASON)
    outcome = release(ONE_LESS, approval=approval)
    assert outcome.state == "promoted"
    assert current_id(layout) == held.release_id
    last = read_ledger(layout)[-1].entry
    assert (last.decision, last.role, last.reason) == ("approved", "head of unit", REASON)
    assert last.reasons == held.reasons
    assert modes(layout.releases / held.release_id) == {("folder", 0o555), ("file", 0o444)}
    assert list(layout.held.iterdir()) == []
    assert verify(layout.folder) == []
    # What has been seen tells nothing new the next time.
    later = ONE_LESS | some_pupils(2027, norr=120, soder=150)
    assert release(later).state == "promoted"


@pytest.mark.parametrize(
    ("role", "reason", "refusal"),
    [
        ("Analyst", REASON, (DisclosureError, "was made by the role 'analyst'")),
        ("head of unit", " ", (UsageError, "--reason: expected one line")),
        ("head of unit", "one\ntwo", (UsageError, "--reason: expected one line")),
        ("head of unit", "x" * 501, (UsageError, "at most 500 characters")),
        ("", REASON, (UsageError, "--by: expected a role")),
    ],
)
def test_an_approval_that_lacks_something_is_refused(
    release: Release, layout: Layout, role: str, reason: str, refusal: tuple[type[Exception], str]
) -> None:
    first = release(PUPILS)
    held = release(ONE_LESS, by="analyst")
    error, message = refusal
    with pytest.raises(error, match=message):
        release(ONE_LESS, approval=Approval(held.release_id, role, reason))
    assert current_id(layout) == first.release_id


def test_an_unknown_id_is_refused_with_the_nearest(release: Release) -> None:
    release(PUPILS)
    held = release(ONE_LESS)
    wrong = held.release_id[:-1] + ("0" if held.release_id[-1] != "0" else "1")
    with pytest.raises(UsageError, match=f"nearest is '{held.release_id}'"):
        release(ONE_LESS, approval=Approval(wrong, "head", REASON))


def test_a_held_release_that_was_edited_cannot_be_approved(
    release: Release, layout: Layout
) -> None:
    release(PUPILS)
    held = release(ONE_LESS)
    table = layout.held / held.release_id / "tables" / "estimate.csv"
    table.chmod(0o644)
    table.write_text(table.read_text() + "\n")
    table.chmod(0o444)
    with pytest.raises(DisclosureError, match=r"estimate\.csv: was changed"):
        release(ONE_LESS, approval=Approval(held.release_id, "head", REASON))


def test_more_than_what_it_was_held_for_is_not_approved(release: Release, layout: Layout) -> None:
    two_less = dict(list(PUPILS.items())[2:])
    release(PUPILS)
    first = release(ONE_LESS)
    release(ONE_LESS, approval=Approval(first.release_id, "head", REASON))
    second = release(two_less)
    # Back to the first; then what was held differs from one more that has been seen.
    held_reasons = second.reasons
    assert len({each.split("release ")[1][:16] for each in held_reasons}) == 2
    outcome = release(two_less, approval=Approval(second.release_id, "head", REASON))
    assert outcome.reasons == held_reasons
    assert decisions(layout) == ["promoted", "held", "approved", "held", "approved"]


def test_held_by_hand_waits_for_a_person(release: Release, layout: Layout) -> None:
    outcome = release(PUPILS, is_held=True, by="analyst")
    assert (outcome.state, outcome.reasons) == ("held", ("held by hand",))
    assert current_id(layout) is None
    [line] = read_ledger(layout)
    assert (line.entry.command, line.entry.role) == ("release --hold", "analyst")
    assert release(PUPILS).state == "held"
    approval = Approval(outcome.release_id, "head of unit", "Looked through.")
    assert release(PUPILS, approval=approval).state == "promoted"
    with pytest.raises(UsageError, match="has been published"):
        release(PUPILS, is_held=True)


def test_a_newer_held_release_takes_the_place_of_an_older(release: Release, layout: Layout) -> None:
    release(PUPILS)
    older = release(ONE_LESS)
    newer = release(dict(list(PUPILS.items())[2:]))
    assert [path.name for path in layout.held.iterdir()] == [newer.release_id]
    assert not layout.cells(older.release_id).exists()
    with pytest.raises(UsageError, match="held is"):
        release(PUPILS, approval=Approval(older.release_id, "head", REASON))


def test_a_held_release_that_gave_way_can_be_made_again(release: Release, layout: Layout) -> None:
    older = release(PUPILS, is_held=True)
    release(NEXT, is_held=True)
    # Nothing has been seen by anyone yet.
    assert release(PUPILS, is_held=True).state == "held"
    assert [path.name for path in layout.held.iterdir()] == [older.release_id]


def test_pattern_changes_are_held(release: Release) -> None:
    small = some_pupils(norr=120, soder=40)
    release(small, rules=Rules(min_base=45))
    outcome = release(small, rules=Rules(min_base=30))
    assert outcome.state == "held"
    assert any("were hidden and would be shown" in each for each in outcome.reasons)


def test_a_stricter_policy_is_no_reason_to_hold(release: Release) -> None:
    small = some_pupils(norr=120, soder=40)
    release(small, rules=Rules(min_base=30))
    assert release(small, rules=Rules(min_base=45)).state == "promoted"
    # And back: everything that is shown now has been seen.
    assert release(small, rules=Rules(min_base=30)).state == "promoted"


def test_a_figure_that_changes_without_answers_is_held(
    release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    release(PUPILS)
    monkeypatch.setattr("tests.release.made_release._rounded", lambda n: (n + 5) // 10 * 10)
    outcome = release(PUPILS)
    assert outcome.state == "held"
    assert any("though the answers have not" in each for each in outcome.reasons)


def test_going_back_and_forth(release: Release, layout: Layout) -> None:
    first, second = release(PUPILS), release(NEXT)
    assert rollback(layout.folder, None, by="head", reason=REASON).release_id == first.release_id
    assert current_id(layout) == first.release_id
    assert verify(layout.folder) == []
    # The nightly run does not undo it.
    outcome = release(NEXT)
    assert outcome.state == "held"
    assert "rollback" in outcome.reasons[0]
    assert current_id(layout) == first.release_id
    assert rollback(layout.folder, first.release_id, by="head", reason=REASON).state == "unchanged"
    again = rollback(layout.folder, second.release_id, by="head", reason=REASON)
    assert (again.release_id, again.state) == (second.release_id, "promoted")
    assert current_id(layout) == second.release_id
    assert release(NEXT).state == "unchanged"
    assert decisions(layout) == ["promoted", "promoted", "rolled_back", "rolled_back"]


def test_going_back_to_what_was_edited_is_refused(release: Release, layout: Layout) -> None:
    first, second = release(PUPILS), release(NEXT)
    table = layout.releases / first.release_id / "tables" / "estimate.csv"
    table.chmod(0o644)
    with pytest.raises(DisclosureError, match=r"estimate\.csv: has the mode 0644"):
        rollback(layout.folder, None, by="head", reason=REASON)
    assert current_id(layout) == second.release_id


def test_a_step_back_leads_to_what_readers_saw_before(release: Release, layout: Layout) -> None:
    first, second = release(PUPILS), release(NEXT)
    assert release(PUPILS).release_id == first.release_id
    assert rollback(layout.folder, None, by="head", reason=REASON).release_id == second.release_id
    assert rollback(layout.folder, None, by="head", reason=REASON).release_id == first.release_id
    with pytest.raises(UsageError, match="no release before the current one"):
        rollback(layout.folder, None, by="head", reason=REASON)


def test_going_back_to_nowhere_is_refused(release: Release, layout: Layout) -> None:
    first = release(PUPILS)
    with pytest.raises(UsageError, match="no release before the current one"):
        rollback(layout.folder, None, by="head", reason=REASON)
    wrong = "0" + first.release_id[1:] if first.release_id[0] != "0" else "1" + first.release_id[1:]
    with pytest.raises(UsageError, match=f"nearest is '{first.release_id}'"):
        rollback(layout.folder, wrong, by="head", reason=REASON)
    with pytest.raises(UsageError, match="--reason"):
        rollback(layout.folder, first.release_id, by="head", reason="")


def test_inputs_that_come_back_bring_their_release_back(release: Release, layout: Layout) -> None:
    first, second = release(PUPILS), release(NEXT)
    again = release(PUPILS)
    assert (again.state, again.release_id) == ("promoted", first.release_id)
    assert current_id(layout) == first.release_id
    assert second.release_id in {path.name for path in layout.releases.iterdir()}
    assert verify(layout.folder) == []


def test_a_release_that_was_taken_away_is_made_again(release: Release, layout: Layout) -> None:
    first = release(PUPILS)
    folder = layout.releases / first.release_id
    for path in (folder, *folder.iterdir()):
        path.chmod(0o755 if path.is_dir() else 0o644)
    shutil.rmtree(folder)
    assert release(PUPILS).state == "promoted"
    assert verify(layout.folder) == []


def test_a_current_release_that_was_edited_is_not_called_unchanged(
    release: Release, layout: Layout
) -> None:
    first = release(PUPILS)
    page = layout.current / "documents" / "made.html"
    page.chmod(0o644)
    page.write_bytes(page.read_bytes() + b" ")
    page.chmod(0o444)
    with pytest.raises(DisclosureError, match=r"made\.html: was changed"):
        release(PUPILS)
    page.chmod(0o644)
    page.write_bytes(page.read_bytes()[:-1])
    page.chmod(0o444)
    assert release(PUPILS).state == "unchanged"
    assert decisions(layout) == ["promoted"]
    assert current_id(layout) == first.release_id


def wide_ledger(layout: Layout) -> Path:
    layout.ledger.chmod(0o750)
    return layout.ledger


def wide_cells(layout: Layout) -> Path:
    [cells] = layout.ledger.glob("cells_*")
    cells.chmod(0o604)
    return cells


def wide_lines(layout: Layout) -> Path:
    layout.lines.chmod(0o660)
    return layout.lines


@pytest.mark.parametrize("widen", [wide_ledger, wide_cells, wide_lines])
def test_wide_modes_are_refused(release: Release, layout: Layout, widen: object) -> None:
    first = release(PUPILS)
    assert callable(widen)
    path = widen(layout)
    with pytest.raises(DisclosureError, match=rf"{path.name}: has the mode 0\d+; expected 0\d00"):
        release(NEXT)
    assert current_id(layout) == first.release_id


def test_counts_of_an_earlier_release_that_are_gone_or_changed_stop_the_next(
    release: Release, layout: Layout
) -> None:
    first = release(PUPILS)
    cells = layout.cells(first.release_id)
    content = cells.read_bytes()
    cells.unlink()
    with pytest.raises(DisclosureError, match=r"parquet: is missing"):
        release(NEXT)
    cells.write_bytes(content[:-1])
    cells.chmod(0o600)
    with pytest.raises(DisclosureError, match=r"parquet: was changed"):
        release(NEXT)
    assert any("parquet: was changed" in each for each in verify(layout.folder))


def test_a_public_release_without_a_line_stops_everything(release: Release, layout: Layout) -> None:
    release(PUPILS)
    layout.lines.unlink()
    layout.head.unlink()
    with pytest.raises(DisclosureError, match="the ledger has no decision about it"):
        release(NEXT)


def test_a_second_writer_leaves_at_once(release: Release, layout: Layout) -> None:
    first = release(PUPILS)
    opened = os.open(layout.folder / LOCK_FILE, os.O_RDONLY)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX)
        with pytest.raises(BusyError, match="another run is writing there"):
            release(NEXT)
    finally:
        os.close(opened)
    assert current_id(layout) == first.release_id


def test_too_little_room_is_told_before_the_work(
    release: Release, layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = release(PUPILS)
    usage = shutil.disk_usage(layout.folder)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1000))
    with pytest.raises(OSError, match=r"too little room for a release; it takes \d+ MB"):
        release(NEXT)
    assert current_id(layout) == first.release_id


def test_a_real_build_is_released_with_its_documents(
    small_catalogue: Catalogue, small_build: Path, tmp_path: Path
) -> None:
    layout = Layout(tmp_path)
    steps: list[str] = []
    outcome = publish(small_catalogue, small_build, tmp_path, approval=None, progress=steps.append)
    assert outcome.state == "promoted"
    assert steps == ["Writing documents", "Writing tables", "Auditing"]
    documents = {path.name for path in (layout.current / "documents").iterdir()}
    assert documents == document_names(small_catalogue)
    site, root = small_catalogue.site.id, small_catalogue.site.root_area
    kinds = {name.removeprefix(f"{site}_{root}_2026_sv_public") for name in documents}
    assert {".html", ".pdf", ".docx", ".xlsx", ".pptx", "_summary.pdf", "_young.pdf"} <= kinds
    assert "_overview.html" in kinds
    assert verify(tmp_path) == []
    assert not [path for path in layout.current.rglob("*") if b"lopnr" in _bytes(path)]


def _bytes(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


def test_pupils_are_what_the_tests_say() -> None:
    assert PUPILS[2_025_000] == Pupil(2025, "norr", "g7", is_flagged=True)
