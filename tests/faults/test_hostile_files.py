"""Whatever a file does to its parser: rows that are right, or one sentence."""

import os
import random
import struct
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pyreadstat
import pytest

from pipeline import REPOSITORY
from pipeline.errors import ExportError
from pipeline.ingest import parsed_rows
from pipeline.ingest.reader import RawExport, read_export

REAL_DATA = Path(os.environ.get("REAL_DATA", REPOSITORY.parent / "shared" / "data"))
WANTED = ["id", "answer", "text"]
N_ROWS = 60
SENTINEL = "Zebra-4711"
SECONDS = 30
"""A refusal that takes longer is a hang. The machine may be busy."""

MUTATIONS = 40
TRUNCATIONS = 40


def outcome(
    path: Path, wanted: list[str] = WANTED, *, expected_rows: int | None = None
) -> RawExport | str:
    """The export, or the sentence that refuses it, in time."""
    begin = time.monotonic()
    try:
        read: RawExport | str = read_export(path, wanted, expected_rows=expected_rows)
    except ExportError as error:
        read = str(error)
        assert len(read.splitlines()) == 1
        assert "Traceback" not in read
        assert SENTINEL not in read
        assert read.startswith(f"{path}: ")
        assert read.endswith(".")
    assert time.monotonic() - begin < SECONDS
    return read


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Contents of a whole file, by its ending."""
    rows = pl.DataFrame(
        {
            "id": [float(number) for number in range(N_ROWS)],
            "answer": [float(number % 5) for number in range(N_ROWS)],
            "text": [SENTINEL * (number % 3) for number in range(N_ROWS)],
        }
    )
    folder = tmp_path_factory.mktemp("whole")
    contents = {}
    for ending in (".sav", ".zsav"):
        path = folder / f"a{ending}"
        pyreadstat.write_sav(
            rows,
            path,
            compress=ending == ".zsav",
            variable_value_labels={"answer": {1: "never", 2: "often"}},
            column_labels={"text": "What else?"},
        )
        contents[ending] = path.read_bytes()
    path = folder / "a.csv"
    rows.write_csv(path)
    return contents | {".csv": path.read_bytes()}


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., RawExport | str]:
    """Reads a content as a file with an ending."""

    def reading(
        content: bytes, ending: str = ".sav", expected_rows: int | None = None
    ) -> RawExport | str:
        path = tmp_path / f"hostile{ending}"
        path.write_bytes(content)
        return outcome(path, expected_rows=expected_rows)

    return reading


def with_count(content: bytes, count: int) -> bytes:
    """A .sav file whose header states another number of rows."""
    return content[:80] + struct.pack("<i", count) + content[84:]


@pytest.mark.parametrize("ending", [".sav", ".zsav", ".csv"])
def test_the_whole_file_is_read(
    ending: str, whole: dict[str, bytes], read: Callable[..., RawExport | str]
) -> None:
    export = read(whole[ending], ending)
    assert isinstance(export, RawExport)
    assert export.columns == WANTED
    assert export.rows.height == N_ROWS


@pytest.mark.parametrize("seed", range(MUTATIONS))
def test_mutated_files(
    seed: int, whole: dict[str, bytes], read: Callable[..., RawExport | str]
) -> None:
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    ending = ".zsav" if seed % 4 == 0 else ".sav"
    content = bytearray(whole[ending])
    for _ in range(chance.choice([1, 4, 16])):
        # Headers are where a parser believes what it reads.
        end = len(content) if chance.random() < 0.3 else 700
        content[chance.randrange(4, end)] = chance.choice([0, 1, 127, 128, 255, 64])
    export = read(bytes(content), ending)
    if isinstance(export, RawExport):
        assert export.rows.height in (N_ROWS, 0)
        assert export.rows.height == N_ROWS or not export.rows.width


@pytest.mark.parametrize("part", range(TRUNCATIONS))
def test_truncated_files(
    part: int, whole: dict[str, bytes], read: Callable[..., RawExport | str]
) -> None:
    ending = (".sav", ".zsav", ".csv", ".sav")[part % 4]
    content = whole[ending]
    cut = content[: len(content) * part // TRUNCATIONS]
    if ending == ".csv" and cut.endswith(b"\n"):
        cut = cut[:-1]
    assert isinstance(read(cut, ending), str)


def test_a_csv_cut_at_a_line_break_is_found_by_the_rows_stated(
    whole: dict[str, bytes], read: Callable[..., RawExport | str]
) -> None:
    cut = b"".join(whole[".csv"].splitlines(keepends=True)[:-1])
    assert "holds 59 rows, expected 60" in str(read(cut, ".csv", expected_rows=N_ROWS))


@pytest.mark.parametrize("count", [-2, 0, 1, N_ROWS - 1, N_ROWS + 1, 2**31 - 1, -(2**31)])
def test_a_false_count_of_rows(
    count: int, whole: dict[str, bytes], read: Callable[..., RawExport | str]
) -> None:
    refused = read(with_count(whole[".sav"], count))
    assert f"holds {N_ROWS} rows, expected {count} as its header states" in str(refused)


def test_a_file_that_does_not_say_its_rows_needs_them_from_outside(
    whole: dict[str, bytes], read: Callable[..., RawExport | str]
) -> None:
    content = with_count(whole[".sav"], -1)
    assert "state rows: in the wave" in str(read(content))
    export = read(content, expected_rows=N_ROWS)
    assert isinstance(export, RawExport)
    assert export.rows.height == N_ROWS
    assert "holds 59 rows, expected 60" in str(read(content[:-8], expected_rows=N_ROWS))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"id" + b",q" * 1_000_000 + b"\n", "has more than 20000 columns"),
        (b"id,q\n" + b"1," * 1_000_000 + b"\n", "does not fit its first one"),
        (b"id,q\n" + SENTINEL.encode() + b"\n", "does not fit its first one"),
        (b"", "is empty"),
    ],
    ids=["wide header", "wide line", "ragged line", "empty"],
)
def test_hostile_text(content: bytes, sentence: str, read: Callable[..., RawExport | str]) -> None:
    assert sentence in str(read(content, ".csv"))


@pytest.mark.parametrize("ending", [".sav", ".zsav"])
@pytest.mark.parametrize("content", [b"", b"$FL2", b"id,q\n1,2\n", b"$FL2" + b"\xff" * 500])
def test_what_is_no_sav_file(
    content: bytes, ending: str, read: Callable[..., RawExport | str]
) -> None:
    assert "is damaged" in str(read(content, ending))


@pytest.mark.parametrize("name", ["a.xlsx", "a.txt", "a", "a.csv.gz", "a.por"])
def test_an_unreadable_ending(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"id\n1\n")
    assert "has an ending that cannot be read; supply .sav, .zsav or .csv" in str(
        outcome(tmp_path / name)
    )


def test_what_is_not_there(tmp_path: Path) -> None:
    assert "is not there" in str(outcome(tmp_path / "absent.sav"))
    (tmp_path / "folder.sav").mkdir()
    assert "is not a file" in str(outcome(tmp_path / "folder.sav"))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_root_reads_what_others_own(whole: dict[str, bytes], tmp_path: Path) -> None:
    path = tmp_path / "a.sav"
    path.write_bytes(whole[".sav"])
    path.chmod(0o600)
    os.chown(path, 65534, 65534)
    assert isinstance(outcome(path), RawExport)


def test_rows_too_many_to_hand_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = pl.DataFrame({"id": [1.0] * 1_000})
    parsed_rows.write_rows(rows, tmp_path / "rows.parquet")
    monkeypatch.setattr(parsed_rows, "MAX_FRAME_BYTES", 1_000)
    with pytest.raises(MemoryError, match=r"^$"):
        parsed_rows.write_rows(rows, tmp_path / "rows.parquet")


def test_a_parser_without_memory_or_time(
    whole: dict[str, bytes],
    read: Callable[..., RawExport | str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("pipeline.ingest.reader.BASE_MEMORY", 200 * 1024**2)
    assert "cannot be read" in str(read(whole[".sav"]))
    monkeypatch.setattr("pipeline.ingest.reader.BASE_MEMORY", 4 * 1024**3)
    monkeypatch.setattr("pipeline.ingest.reader.BASE_SECONDS", 0)
    assert "cannot be read: " in str(read(whole[".sav"]))


@pytest.mark.parametrize(
    ("status", "report"), [(-11, b'{"error": "is fine"}\n'), (0, b""), (0, b"{rubbish\n")]
)
def test_a_parser_that_crashed_is_not_believed(
    status: int,
    report: bytes,
    read: Callable[..., RawExport | str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    crashed = subprocess.CompletedProcess[bytes]([], status, report)
    monkeypatch.setattr("pipeline.ingest.reader.subprocess.run", lambda *_, **__: crashed)
    assert "it made its parser crash" in str(read(b""))


needs_real_data = pytest.mark.skipif(
    not (REAL_DATA / "hostile").is_dir(), reason=f"{REAL_DATA}/hostile is not there"
)


def real_files(folder: str, *endings: str) -> list[Path]:
    """Files of a folder of real data, one of those with equal content."""
    found = (path for path in sorted((REAL_DATA / folder).rglob("*")) if path.suffix in endings)
    return list({path.read_bytes(): path for path in found}.values())


@pytest.mark.real_data
@needs_real_data
@pytest.mark.parametrize("path", real_files("hostile", ".sav", ".xlsx"), ids=lambda path: path.name)
def test_files_that_crashed_a_parser(path: Path) -> None:
    assert isinstance(outcome(path), str)


@pytest.mark.real_data
@needs_real_data
@pytest.mark.parametrize(
    "path",
    real_files("formats", ".sav", ".zsav"),
    ids=lambda path: f"{path.parent.name}-{path.name}",
)
def test_files_of_other_programs(path: Path) -> None:
    _, header = pyreadstat.read_sav(path, metadataonly=True, output_format="polars")
    export = outcome(path, header.column_names)
    assert isinstance(export, RawExport)
    assert export.columns == header.column_names
    assert export.rows.shape == (header.number_rows, header.number_columns)
    assert set(export.rows.dtypes) <= {pl.String, pl.Float64}


@pytest.mark.real_data
@needs_real_data
def test_files_of_other_kinds_are_refused_by_their_ending() -> None:
    for path in real_files("formats", ".por", ".xpt")[:2]:
        assert "has an ending that cannot be read" in str(outcome(path))
