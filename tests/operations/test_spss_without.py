"""Cases leave an SPSS file, and nothing else does."""

import os
import random
import struct
from pathlib import Path
from typing import Any

import polars as pl
import pyreadstat
import pytest

from pipeline import REPOSITORY
from pipeline.operations.spss_without import NotAsDocumentedError, spss_without

REAL_DATA = (REPOSITORY / os.environ.get("REAL_DATA", "../shared/data")).resolve()

ENDINGS = {"plain": ".sav", "packed": ".sav", "zipped": ".zsav"}


def written(path: Path, kind: str, n: int = 60) -> bytes:
    draw = random.Random(4)  # noqa: S311 - made-up answers
    frame = pl.DataFrame(
        {
            "id": [f"R{number:04d}" for number in range(n)],
            "answer": [draw.choice([1.0, 2.0, 250.0, -3.5, 1e300, None]) for _ in range(n)],
            "text": ["å" * draw.choice([0, 3, 8, 300]) + " " for _ in range(n)],
            "other": [draw.random() for _ in range(n)],
        }
    )
    pyreadstat.write_sav(
        frame,
        path,
        file_label="a label of the file",
        note="a note",
        column_labels={"answer": "a question", "text": "an odd label"},
        variable_value_labels={"answer": {1.0: "yes", 2.0: "no, never"}},
        missing_ranges={"answer": [250.0], "other": [{"lo": 0.9, "hi": 1.0}]},
        row_compress=kind == "packed",
        compress=kind == "zipped",
    )
    return path.read_bytes()


def read(path: Path, content: bytes) -> tuple[pl.DataFrame, Any]:
    path.write_bytes(content)
    return pyreadstat.read_sav(path, output_format="polars", user_missing=True)


SAID = (
    *("column_names", "column_labels", "variable_value_labels", "missing_ranges", "notes"),
    *("original_variable_types", "file_label", "variable_measure", "creation_time"),
)


@pytest.mark.parametrize("kind", ENDINGS)
@pytest.mark.parametrize("dropped", [{0}, {59}, {7, 8, 31}, set(range(60)), set()])
def test_what_is_left_reads_as_before(kind: str, dropped: set[int], tmp_path: Path) -> None:
    ending = ENDINGS[kind]
    content = written(tmp_path / f"before{ending}", kind)
    before, said_before = read(tmp_path / f"before{ending}", content)
    after, said_after = read(tmp_path / f"after{ending}", spss_without(content, dropped))
    kept = before.with_row_index().filter(~pl.col("index").is_in(list(dropped))).drop("index")
    assert after.rows() == kept.rows()
    assert said_after.number_rows == 60 - len(dropped)
    for each in SAID:
        assert getattr(said_after, each) == getattr(said_before, each), each


@pytest.mark.parametrize("kind", ENDINGS)
def test_the_case_is_in_no_byte_and_the_dictionary_in_all(kind: str, tmp_path: Path) -> None:
    content = written(tmp_path / f"before{ENDINGS[kind]}", "plain" if kind == "zipped" else kind)
    after = spss_without(content, {17})
    assert b"R0017" in content
    assert b"R0017" not in after
    assert b"R0016" in after
    begin = content.index(b"\xe7\x03\x00\x00") + 8
    counted = {*range(80, 84)}
    # The number of cases stands twice; the second time after the words of the extension.
    extension = content.index(struct.pack("<iiii", 7, 16, 8, 2))
    counted |= {*range(extension + 24, extension + 32)}
    changed = {at for at in range(begin) if content[at] != after[at]}
    assert changed
    assert changed <= counted


def test_a_file_that_does_not_state_its_cases_still_does_not(tmp_path: Path) -> None:
    content = bytearray(written(tmp_path / "before.sav", "plain"))
    content[80:84] = struct.pack("<i", -1)
    assert spss_without(bytes(content), {3})[80:84] == struct.pack("<i", -1)


@pytest.mark.parametrize("kind", ENDINGS)
def test_a_damaged_file_is_refused_or_read_but_never_raises_else(kind: str, tmp_path: Path) -> None:
    content = written(tmp_path / f"before{ENDINGS[kind]}", kind, n=12)
    draw = random.Random(5)  # noqa: S311 - where to damage
    n_refused = 0
    for _ in range(400):
        is_cut = draw.random() < 0.3
        damaged = bytearray(content[: draw.randrange(1, len(content))] if is_cut else content)
        for _ in range(draw.randrange(1, 6)):
            damaged[draw.randrange(len(damaged))] = draw.randrange(256)
        try:
            spss_without(bytes(damaged), {1})
        except NotAsDocumentedError:
            n_refused += 1
    assert n_refused > 50


def test_what_is_no_spss_file_is_refused() -> None:
    for content in (b"", b"id;answer\n1;2\n", b"$FL2" + bytes(200)):
        with pytest.raises(NotAsDocumentedError):
            spss_without(content, {0})


FILES = sorted((*REAL_DATA.glob("formats/**/*.sav"), *REAL_DATA.glob("formats/**/*.zsav")))


@pytest.mark.real_data
@pytest.mark.skipif(not FILES, reason=f"{REAL_DATA}/formats is not there: name REAL_DATA")
def test_files_of_other_programs_lose_a_case_and_nothing_else(tmp_path: Path) -> None:
    n_tried = 0
    for path in FILES:
        content = path.read_bytes()
        try:
            before, _ = read(tmp_path / f"before{path.suffix}", content)
        except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, UnicodeError, ValueError):
            continue
        if before.height == 0:
            continue
        after, _ = read(tmp_path / f"after{path.suffix}", spss_without(content, {0}))
        assert str(after.rows()) == str(before[1:].rows()), path.name
        n_tried += 1
    assert n_tried >= 10
