"""The ledger: whatever is done to a line is seen."""

import os
import random
from pathlib import Path

import pytest

from pipeline.errors import DisclosureError
from pipeline.release import ledger
from pipeline.release.layout import Layout, sole_writer
from pipeline.release.ledger import (
    Decision,
    Entry,
    Line,
    append_line,
    id_before,
    ledger_problems,
    mend_ledger,
    published_id,
    read_ledger,
)


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    """A ledger of twelve lines, in Swedish where people write."""
    layout = Layout(tmp_path)
    with sole_writer(layout):
        for number in range(12):
            append_line(
                layout,
                Entry(
                    "promoted",
                    "release",
                    "nightly",
                    release_id=f"{number:016x}",
                    reason="rättelse från leverantören",
                    reasons=("2023: 2 figures would change",),
                    hashes={"inputs": "ab" * 32},
                    suppressed={"base": 12},
                ),
            )
    return layout


def test_what_is_written_is_read_again(layout: Layout) -> None:
    lines = read_ledger(layout)
    assert [line.number for line in lines] == list(range(1, 13))
    assert lines[3].entry.release_id == f"{3:016x}"
    assert lines[3].entry.reasons == ("2023: 2 figures would change",)
    assert published_id(lines) == f"{11:016x}"
    assert ledger_problems(layout) == []


def edited(content: bytes, kind: str, chance: random.Random) -> bytes:
    """The ledger with one edit that leaves it different."""
    at = chance.randrange(len(content))
    lines = content.split(b"\n")[:-1]
    one, other = chance.sample(range(len(lines)), 2)
    match kind:
        case "byte":
            changed = bytes([content[at] ^ (1 << chance.randrange(8))])
            return content[:at] + changed + content[at + 1 :]
        case "cut":
            return content[:at] + content[at + 1 :]
        case "insert":
            return content[:at] + bytes([chance.randrange(256)]) + content[at:]
        case "delete":
            del lines[one]
        case "swap":
            lines[one], lines[other] = lines[other], lines[one]
        case "repeat":
            lines.insert(one, lines[other])
        case "tail":
            del lines[one:]
    return b"".join(line + b"\n" for line in lines)


def test_a_thousand_edits_are_all_detected(layout: Layout) -> None:
    chance = random.Random(20261122)  # noqa: S311 - edits, not secrets
    whole = layout.lines.read_bytes()
    kinds = ("byte", "byte", "byte", "cut", "insert", "delete", "swap", "repeat", "tail")
    unseen = []
    for number in range(1000):
        kind = kinds[number % len(kinds)]
        layout.lines.write_bytes(edited(whole, kind, chance))
        # What a run does before anything else may not make an edit good again.
        mend_ledger(layout)
        if not ledger_problems(layout):
            unseen.append((number, kind))
    assert unseen == []


def test_a_changed_line_is_named(layout: Layout) -> None:
    content = layout.lines.read_text("utf-8")
    layout.lines.write_text(content.replace(f"{4:016x}", f"{5:016x}"), "utf-8")
    with pytest.raises(DisclosureError, match=r"ledger\.jsonl: line 6 does not follow from line 5"):
        read_ledger(layout)


def test_lines_leave_no_file_open(layout: Layout) -> None:
    before = open_files()
    append_line(layout, Entry("rolled_back", "rollback", "analyst", f"{1:016x}"))
    assert open_files() == before


def open_files() -> set[str]:
    return {each.name for each in Path("/proc/self/fd").iterdir()}


def test_a_line_cut_short_by_a_full_disk_is_taken_away(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = layout.lines.read_bytes()
    layout.lines.write_bytes(whole + b'{"command": "rele')
    assert ledger_problems(layout) == [f"{layout.lines}: the last line is not whole"]
    synced: list[str] = []
    monkeypatch.setattr(
        os, "fsync", lambda opened: synced.append(Path(f"/proc/self/fd/{opened}").readlink().name)
    )
    mend_ledger(layout)
    assert layout.lines.read_bytes() == whole
    assert synced == [layout.lines.name]


def test_a_kill_between_line_and_head_is_no_fault(layout: Layout) -> None:
    head = layout.head.read_bytes()
    append_line(layout, Entry("held", "release", "nightly", release_id="f" * 16))
    layout.head.write_bytes(head)
    assert ledger_problems(layout) == []
    append_line(layout, Entry("approved", "release --approve", "head", release_id="f" * 16))
    assert len(read_ledger(layout)) == 14


def test_heads_that_fail_one_after_the_other_lock_nobody_out(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        with monkeypatch.context() as full:
            full.setattr(ledger, "replace_file", raise_full)
            # From the second on, the head that is missing cannot be made up for either.
            with pytest.raises(OSError, match="full"):
                append_line(layout, Entry("held", "release", "nightly", release_id=f"{number:016}"))
        assert ledger_problems(layout) == []
    assert len(read_ledger(layout)) == 13
    append_line(layout, Entry("held", "release", "nightly", release_id="e" * 16))
    append_line(layout, Entry("held", "release", "nightly", release_id="f" * 16))
    assert len(read_ledger(layout)) == 15


def raise_full(*_: object) -> None:
    raise OSError(28, "full")


def test_a_step_back_leads_to_what_readers_saw_before() -> None:
    cases = {
        "": None,
        "A": None,
        "AB": "A",
        "ABA": "B",
        "ABCB": "C",
        # A small letter is a release that was gone back to.
        "ABCb": "A",
        "ABCba": None,
        "ABCaD": "A",
        "ABac": "A",
        "ABab": "A",
        # Its folder was lost and made anew.
        "ABB": "A",
        "AA": None,
    }
    for shown, before in cases.items():
        assert id_before([pointing(number, name) for number, name in enumerate(shown, 1)]) == before
    beside = [pointing(1, "A"), Line(2, "", "", Entry("held", "", "", "H")), pointing(3, "B")]
    assert id_before([*beside, Line(4, "", "", Entry("erased", "", ""))]) == "A"


def pointing(number: int, name: str) -> Line:
    decision: Decision = "rolled_back" if name.islower() else "promoted"
    return Line(number, "", "", Entry(decision, "", "", name.upper()))


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b'{"lines": 3, "digest": "0"}'])
def test_a_changed_head_is_seen(layout: Layout, content: bytes) -> None:
    layout.head.write_bytes(content)
    assert ledger_problems(layout)


def test_a_missing_head_is_seen(layout: Layout) -> None:
    layout.head.unlink()
    assert ledger_problems(layout) == [f"{layout.lines}: has 12 lines, head.json another number"]


def test_a_line_that_does_not_fit_on_the_disk_is_refused(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda file, raw: write(file, raw[:20]))
    with pytest.raises(OSError, match="no space left for the ledger"):
        append_line(layout, Entry("held", "release", "nightly"))
    monkeypatch.undo()
    mend_ledger(layout)
    assert len(read_ledger(layout)) == 12
