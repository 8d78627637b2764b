"""How a site stands, from its records alone; and records themselves."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.lock import site_lock
from pipeline.operations.run_record import (
    KEEP,
    Outcome,
    Run,
    begin_run,
    end_run,
    read_runs,
)
from pipeline.operations.standing import EXIT_CODES, State, read_standing
from pipeline.operations.status_page import render_status
from tests.command_line import uppvaxt

AT = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)


def record(
    folder: Path, outcome: Outcome, hours_ago: float = 1, release_id: str | None = None
) -> None:
    """A run on record that began some hours before ``AT``."""
    run = begin_run(folder, "nightly")
    [path] = [path for path, each in read_runs(folder) if each.number == run.number]
    path.unlink()
    run.started = (AT - timedelta(hours=hours_ago)).isoformat()
    run.outcome, run.release_id = outcome, release_id
    if outcome == "running":
        run.outcome = "failed"
        end_run(folder, run)
        newest = read_runs(folder)[0][0]
        newest.write_text(newest.read_text("utf-8").replace('"failed"', '"running"'), "utf-8")
    else:
        end_run(folder, run)


def promote(folder: Path, release_id: str) -> None:
    """A release that the pointer leads to."""
    release = folder / "releases" / release_id
    release.mkdir(parents=True, exist_ok=True)
    (release / "manifest.json").touch()
    (folder / "releases" / "current").unlink(missing_ok=True)
    (folder / "releases" / "current").symlink_to(release_id)


PROMOTED: tuple[Outcome, float, str] = ("promoted", 3.0, "a" * 16)


@pytest.mark.parametrize(
    ("runs", "held", "state"),
    [
        ([], False, "never_run"),
        ([("promoted", 1, "a" * 16)], False, "fresh"),
        ([PROMOTED, ("unchanged", 1, "a" * 16)], False, "fresh"),
        ([("promoted", 26, "a" * 16)], False, "fresh"),
        ([("promoted", 26.1, "a" * 16)], False, "stale"),
        # A clock that was wrong says nothing about how old a run is.
        ([("promoted", -48, "a" * 16)], False, "stale"),
        ([PROMOTED, ("failed", 1, None)], False, "failed"),
        ([PROMOTED, ("running", 1, None)], False, "failed"),
        ([PROMOTED, ("failed", 2, None), ("unchanged", 1, "a" * 16)], False, "fresh"),
        ([("promoted", 50, "a" * 16), ("failed", 1, None)], False, "failed"),
        ([PROMOTED, ("held", 1, "b" * 16)], True, "held"),
        ([PROMOTED, ("held", 2, "b" * 16), ("unchanged", 1, "b" * 16)], True, "held"),
        ([PROMOTED, ("held", 2, "b" * 16), ("failed", 1, None)], True, "failed"),
        ([("promoted", 99, "a" * 16), ("held", 30, "b" * 16)], True, "stale"),
        # Somebody has decided on it.
        ([PROMOTED, ("held", 1, "b" * 16)], False, "fresh"),
    ],
)
def test_the_state_follows_from_the_records(
    tmp_path: Path, runs: list[tuple[Outcome, float, str | None]], held: bool, state: State
) -> None:
    for each in runs:
        record(tmp_path, *each)
    if runs:
        promote(tmp_path, "a" * 16)
    if held:
        (tmp_path / "held" / ("b" * 16)).mkdir(parents=True)
    assert read_standing(tmp_path, AT).state == state


def test_a_pointer_that_leads_nowhere_is_told(tmp_path: Path) -> None:
    record(tmp_path, *PROMOTED)
    assert read_standing(tmp_path, AT).state == "no_release"
    promote(tmp_path, "a" * 16)
    (tmp_path / "releases" / ("a" * 16) / "manifest.json").unlink()
    assert read_standing(tmp_path, AT).state == "no_release"


def test_a_run_that_is_going_on_has_not_failed(tmp_path: Path) -> None:
    record(tmp_path, *PROMOTED)
    promote(tmp_path, "a" * 16)
    record(tmp_path, "running", 0.1)
    assert read_standing(tmp_path, AT).state == "failed"
    with site_lock(tmp_path, "nightly"):
        standing = read_standing(tmp_path, AT)
    assert (standing.state, standing.is_running) == ("fresh", True)


def test_the_age_that_is_allowed_can_be_chosen(tmp_path: Path) -> None:
    record(tmp_path, *PROMOTED)
    promote(tmp_path, "a" * 16)
    assert read_standing(tmp_path, AT, 3).state == "fresh"
    assert read_standing(tmp_path, AT, 2.9).state == "stale"


def test_every_state_has_a_code_that_no_other_command_has() -> None:
    codes = set(EXIT_CODES.values())
    assert len(codes) == len(EXIT_CODES)
    assert codes & {1, 2, 3, 4, 70, 74, 75} == set()


def test_the_table_in_the_documents_is_the_one_of_the_code() -> None:
    page = Path("docs/operations.md").read_text("utf-8")
    for state, code in EXIT_CODES.items():
        assert f"| {code} | `{state}` |" in page


def test_nothing_is_made_where_nothing_is(tmp_path: Path) -> None:
    ended = uppvaxt("status", "--site", tmp_path / "nowhere", "--json")
    assert ended.code == 13
    assert json.loads(ended.out)["state"] == "never_run"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", ["", "{", "[]", '{"number": 1}', "[" * 9999, '{"number": "x"}'])
def test_a_record_that_cannot_be_read_says_nothing(tmp_path: Path, content: str) -> None:
    record(tmp_path, *PROMOTED)
    promote(tmp_path, "a" * 16)
    (tmp_path / "runs" / "20991231T000000Z-1.json").write_text(content, "utf-8")
    assert read_standing(tmp_path, AT).state == "fresh"
    assert begin_run(tmp_path, "nightly").number == 2


def test_a_clock_that_was_set_back_does_not_change_the_order(tmp_path: Path) -> None:
    record(tmp_path, "promoted", 1, "a" * 16)
    record(tmp_path, "failed", 5)
    assert [run.outcome for _, run in read_runs(tmp_path)] == ["failed", "promoted"]


def test_old_records_go_but_not_what_the_state_follows_from(tmp_path: Path) -> None:
    record(tmp_path, "promoted", 9000, "a" * 16)
    record(tmp_path, "promoted", 8999, "c" * 16)
    record(tmp_path, "held", 8998, "b" * 16)
    template = read_runs(tmp_path)[0][0].read_text("utf-8")
    for number in range(4, KEEP + 10):
        content = json.loads(template) | {"number": number, "outcome": "unchanged"}
        path = tmp_path / "runs" / f"20260101T000000Z-{number}.json"
        path.write_text(json.dumps(content), "utf-8")
    record(tmp_path, "unchanged", 1)
    kept = [run for _, run in read_runs(tmp_path)]
    assert len(kept) == KEEP + 2
    assert [(run.outcome, run.release_id) for run in kept[-2:]] == [
        ("held", "b" * 16),
        ("promoted", "c" * 16),
    ]


def test_the_page_says_each_state_in_words(tmp_path: Path) -> None:
    assert "Nattkörningen har aldrig körts." in render_status(read_standing(tmp_path, AT), AT)
    record(tmp_path, *PROMOTED)
    promote(tmp_path, "a" * 16)
    page = render_status(read_standing(tmp_path, AT), AT)
    assert "Allt är som det ska." in page
    assert "3 timmar innan sidan" in page
    record(tmp_path, "failed")
    page = render_status(read_standing(tmp_path, AT), AT)
    assert "Den senaste körningen misslyckades." in page
    assert "Misslyckades" in page


def test_times_on_the_page_are_those_of_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import time  # noqa: PLC0415 - the zone is set for this test alone

    monkeypatch.setenv("TZ", "CET-1")
    time.tzset()
    try:
        page = render_status(read_standing(tmp_path, AT), AT)
    finally:
        monkeypatch.undo()
        time.tzset()
    assert "Sidan skrevs 22 november 2026 kl. 07.00." in page


def test_a_run_has_the_fields_that_its_record_states() -> None:
    run = Run(number=1, command="nightly", pid=1, started=AT.isoformat())
    with run.step("a"):
        pass
    assert list(run.seconds) == ["a"]
    assert run.outcome == "running"
