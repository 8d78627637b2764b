"""What a night does, and leaves: records, the page, exit codes."""

import json
import os
import stat
from pathlib import Path

import pytest

from tests.command_line import uppvaxt
from tests.operations.night import change, leftovers, night, outcomes, records
from tests.small_site import replace

STAGES = [
    "Reading 2026 ...",
    "Adding up ...",
    "Estimating ...",
    "Comparing ...",
    "Protecting ...",
    "Writing documents ...",
]


def test_a_first_night_builds_and_promotes(fresh: Path) -> None:
    ended = night(fresh)
    assert ended.err.splitlines() == STAGES
    [record] = records(fresh)
    assert (ended.code, ended.out) == (0, f"promoted {record['release_id']}\n")
    assert (fresh / "releases" / "current").resolve().name == record["release_id"]
    assert (record["outcome"], record["exit_code"], record["error"]) == ("promoted", 0, None)
    assert list(record["seconds"]) == ["definitions", "fingerprints", "space", "build", "publish"]
    assert record["ended"] >= record["started"]
    assert set(record["versions"]) >= {"uppvaxt", "python", "duckdb", "polars"}


def test_a_night_without_a_change_redoes_nothing(released: Path) -> None:
    built = (released / "build" / "uppvaxt.duckdb").stat().st_mtime_ns
    release = (released / "releases" / "current").lstat().st_mtime_ns
    ended = night(released)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("unchanged ")
    assert outcomes(released) == ["promoted", "unchanged"]
    assert list(records(released)[-1]["seconds"]) == ["definitions", "fingerprints"]
    assert (released / "build" / "uppvaxt.duckdb").stat().st_mtime_ns == built
    assert (released / "releases" / "current").lstat().st_mtime_ns == release


def test_a_night_without_a_change_loads_no_engine(released: Path) -> None:
    # What takes its time is importing; measured in seconds it would fail on a busy machine.
    asks = (
        "import sys, os; sys.argv = ['uppvaxt', 'nightly', '--site', sys.argv[1]]\n"
        "from pipeline.start import main\n"
        "engines = {'duckdb', 'polars', 'numpy', 'scipy', 'pyreadstat'}\n"
        "os._exit = lambda code: print(code, sorted(engines & set(sys.modules)))\n"
        "main()\n"
    )
    ended = uppvaxt(released, program=asks)
    assert ended.out.splitlines()[-1] == "0 []"


@pytest.mark.parametrize(
    ("file", "before", "after", "part"),
    [
        ("exports/2026.csv", "lopnr;", '"lopnr";', "inputs"),
        ("waves/2026.yml", "min_answered_items: 20", "min_answered_items: 21", "definitions"),
        ("policy.yml", "min_base: 30", "min_base: 31", "policy"),
    ],
)
def test_a_change_is_named_built_and_promoted(
    released: Path, file: str, before: str, after: str, part: str
) -> None:
    old = (released / "releases" / "current").resolve()
    replace(released / file, before, after)
    ended = night(released)
    assert ended.err.splitlines() == STAGES
    assert records(released)[-1]["changed"] == [part]
    assert outcomes(released) == ["promoted", "promoted"]
    assert (released / "releases" / "current").resolve() != old
    assert old.is_dir()


def test_a_file_changed_under_the_same_size_and_time_is_seen(released: Path) -> None:
    export = released / "exports" / "2026.csv"
    before = export.stat()
    content = bytearray(export.read_bytes())
    place = content.rindex(b"1")
    content[place : place + 1] = b"2"
    export.write_bytes(content)
    os.utime(export, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert export.stat().st_size == before.st_size
    assert night(released).code == 0
    assert records(released)[-1]["changed"] == ["inputs"]


def test_a_release_that_is_gone_is_made_again(released: Path) -> None:
    (released / "releases" / "current").unlink()
    assert uppvaxt("status", "--site", released).code == 14
    ended = night(released)
    # The working file is of the same sources: only the release is made.
    assert (ended.code, ended.err) == (0, "Writing documents ...\n")
    assert (released / "releases" / "current" / "manifest.json").is_file()


def test_a_held_night_leaves_readers_what_they_had(released: Path) -> None:
    before = (released / "releases" / "current").resolve()
    change(released)
    ended = night(released, MADE_RELEASE="held")
    reason = "norrsatra: would change by 3 respondents."
    held = records(released)[-1]
    assert (ended.code, ended.out) == (0, f"held {held['release_id']}\n  {reason}\n")
    assert held["reasons"] == [reason]
    assert (released / "releases" / "current").resolve() == before
    page = (released / "status.html").read_text("utf-8")
    assert "En ny version väntar på beslut." in page
    assert reason in page
    # Decided: the next night does not try again, and the status still asks for somebody.
    assert night(released).out == f"unchanged {before.name}\n"
    stands = uppvaxt("status", "--site", released, "--json")
    assert stands.code == 11
    assert json.loads(stands.out)["held"][0]["reasons"] == [reason]


def test_a_delivery_that_does_not_fit_stops_the_night_only(released: Path) -> None:
    before = (released / "releases" / "current").resolve()
    export = released / "exports" / "2026.csv"
    export.write_text(export.read_text("utf-8").replace("omradeskod", "omrade"), "utf-8")
    ended = night(released)
    assert (ended.code, ended.out) == (4, "failed\n")
    assert "export 1 of wave 2026 does not match" in ended.err
    record = records(released)[-1]
    assert (record["outcome"], record["exit_code"]) == ("failed", 4)
    assert record["error"]["class"] == "ExportError"
    assert "column omradeskod is missing" in record["error"]["message"]
    assert (released / "releases" / "current").resolve() == before
    assert uppvaxt("status", "--site", released).code == 12
    assert leftovers(released) == []
    # It is tried again, since whatever stopped it may be over.
    assert night(released).code == 4


def test_definitions_that_do_not_fit_stop_the_night_only(released: Path) -> None:
    replace(released / "policy.yml", "min_base: 30", "min_bases: 30")
    ended = night(released)
    assert ended.code == 3
    assert "min_bases: unknown key" in records(released)[-1]["error"]["message"]


def test_a_delivery_that_changes_while_it_is_read_is_not_released(released: Path) -> None:
    before = (released / "releases" / "current").resolve()
    change(released)
    program = (
        "import sys; sys.argv[0] = 'uppvaxt'; from tests.operations import made_release\n"
        "made_release.install()\n"
        "import pipeline.build as build\n"
        "real = build.build_site\n"
        "def build_site(catalogue, *rest):\n"
        "    path = real(catalogue, *rest)\n"
        "    export = catalogue.folder / 'exports' / '2026.csv'\n"
        "    export.write_bytes(export.read_bytes() + b'x')\n"
        "    return path\n"
        "build.build_site = build_site\n"
        "from pipeline.start import main; main()"
    )
    ended = uppvaxt("nightly", "--site", released, program=program)
    assert ended.code == 4
    assert "changed while it was read" in ended.err
    assert (released / "releases" / "current").resolve() == before


def test_a_bug_is_told_by_class_and_place_alone(released: Path) -> None:
    change(released)
    ended = night(released, MADE_RELEASE="leak")
    assert ended.code == 70
    assert "this is a bug: ValueError in pipeline/commands/operations.py, line " in ended.err
    assert records(released)[-1]["error"]["class"] == "ValueError"
    assert "SENTINEL" not in ended.err + ended.out + everything_told(released)


def everything_told(folder: Path) -> str:
    """All records, and the page."""
    told = [*(folder / "runs").iterdir(), folder / "status.html"]
    return "\n".join(path.read_text("utf-8") for path in told)


@pytest.mark.parametrize("trouble", ["none", "misfit", "missing", "damaged", "twice", "bug"])
def test_nothing_told_holds_a_name_an_id_or_a_label(fresh: Path, trouble: str) -> None:
    export = fresh / "exports" / "2026.csv"
    # The same id for two, a code that is no code, and names that a supplier may choose.
    text = export.read_text("utf-8").replace("\n5;", "\nSENTINEL5;", 1)
    if trouble == "misfit":
        text = text.replace(";A;", ";A;", 1).replace(";7;", ";SENTINEL7;", 3)
    if trouble == "twice":
        text = text.replace("\n6;", "\nSENTINEL5;", 1)
    export.unlink()
    named = "exports/SENTINEL anna.andersson.csv"
    if trouble != "missing":
        (fresh / named).write_text(
            text[: len(text) // 2 if trouble == "damaged" else None], "utf-8"
        )
    replace(fresh / "waves" / "2026.yml", "exports/2026.csv", named)
    replace(fresh / "areas.yml", "label: Första området", "label: SENTINEL området")
    ended = night(fresh, **({"MADE_RELEASE": "leak"} if trouble == "bug" else {}))
    codes = {"none": 0, "bug": 70}
    assert ended.code == codes.get(trouble, 4)
    assert outcomes(fresh) == ["failed" if ended.code else "promoted"]
    told = ended.out + ended.err + everything_told(fresh)
    told += (
        uppvaxt("status", "--site", fresh).out + uppvaxt("status", "--site", fresh, "--json").out
    )
    assert "SENTINEL" not in told
    assert "andersson" not in told


def test_the_page_is_text_whatever_a_reason_holds(released: Path) -> None:
    path = max((released / "runs").iterdir())
    record = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(record | {"reasons": ["<script>alert(1)</script>"]}), "utf-8")
    assert night(released).code == 0
    page = (released / "status.html").read_text("utf-8")
    assert "&lt;script&gt;" in page
    assert "<script" not in page


def test_files_are_private_but_for_those_that_others_read(fresh: Path) -> None:
    (fresh / "build").mkdir(mode=0o700)
    assert night(fresh).code == 0
    modes = {
        name: stat.S_IMODE((fresh / name).stat().st_mode)
        for name in ("build/uppvaxt.duckdb", "runs", "uppvaxt.lock", "status.html", "releases")
    }
    [record] = (fresh / "runs").iterdir()
    assert stat.S_IMODE(record.stat().st_mode) == 0o600
    assert modes == {
        "build/uppvaxt.duckdb": 0o600,
        "runs": 0o700,
        "uppvaxt.lock": 0o600,
        "status.html": 0o640,
        "releases": 0o755,
    }


def test_everything_can_stand_in_another_folder(fresh: Path, tmp_path: Path) -> None:
    before = sorted(path.name for path in fresh.iterdir())
    out = tmp_path / "elsewhere"
    assert night(fresh, "--out", out, "--quiet").err == ""
    assert sorted(path.name for path in fresh.iterdir()) == before
    assert outcomes(out) == ["promoted"]
    assert uppvaxt("status", "--site", fresh, "--out", out).code == 0
    assert uppvaxt("status", "--site", fresh).code == 13
