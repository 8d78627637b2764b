"""The same inputs give the same release, to the byte, wherever, whenever and however it is made."""

import hashlib
import json
from pathlib import Path

import duckdb
import pytest

from tests.command_line import uppvaxt

PROGRAM = """
import sys
from datetime import datetime, UTC
import duckdb
from pipeline.release import ledger
from pipeline.cli import main

day, threads = sys.argv.pop(), int(sys.argv.pop())
ledger.clock = lambda: datetime.fromisoformat(day).replace(tzinfo=UTC)
connect = duckdb.connect

def connected(*given, **named):
    connection = connect(*given, **named)
    connection.execute(f"set threads = {threads}")
    return connection

duckdb.connect = connected
sys.argv[0] = "uppvaxt"
main()
"""

SETTINGS = {
    "plain": ("1", "2026-11-22T03:00:00", {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C"}),
    "two_threads": (
        "2",
        "2027-06-30T23:59:59",
        {
            "PYTHONHASHSEED": "17",
            "TZ": "Asia/Tokyo",
            "LC_ALL": "C.UTF-8",
            "POLARS_MAX_THREADS": "2",
        },
    ),
    "eight_threads": (
        "8",
        "2028-02-29T12:00:00",
        {
            "PYTHONHASHSEED": "4000000000",
            "TZ": "America/St_Johns",
            "LC_ALL": "sv_SE.UTF-8",
            "LANG": "sv_SE.UTF-8",
            "POLARS_MAX_THREADS": "8",
        },
    ),
}


def dump(path: Path) -> str:
    """Everything a database holds: tables, columns, types, comments and rows, in order."""
    with duckdb.connect(str(path), read_only=True) as connection:
        tables = connection.execute(
            "select database_name, schema_name, table_name, sql, comment from duckdb_tables() "
            "union all select database_name, schema_name, view_name, sql, comment "
            "from duckdb_views() where not internal order by 2, 3"
        ).fetchall()
        content = [
            (table[1:], connection.table(f'"{table[0]}"."{table[1]}"."{table[2]}"').fetchall())
            for table in tables
        ]
    return hashlib.sha256(json.dumps(content, default=str).encode()).hexdigest()


def files(release: Path) -> dict[str, str]:
    """Hash of every document and table."""
    return {
        str(path.relative_to(release)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(release.rglob("*"))
        if path.is_file() and path.parent.name in ("documents", "tables")
    }


@pytest.fixture(scope="module")
def releases(small_site: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The same site built and released in three ways."""
    found = []
    for name, (threads, day, environment) in SETTINGS.items():
        out = tmp_path_factory.mktemp(name)
        ended = uppvaxt(
            *("release", "--site", small_site, "--out", out, "--quiet", threads, day),
            program=PROGRAM,
            folder=out,
            environment=environment,
        )
        assert ended.code == 0, ended.err
        found.append((out / "releases" / "current").resolve())
    return found


def test_one_id(releases: list[Path]) -> None:
    assert len({path.name for path in releases}) == 1


def test_documents_and_tables_to_the_byte(releases: list[Path]) -> None:
    first, *others = map(files, releases)
    assert len(first) >= 6 + 20
    assert all(each == first for each in others)


def test_the_same_database_dump(releases: list[Path]) -> None:
    assert len({dump(path / "published.duckdb") for path in releases}) == 1


def test_manifests_differ_in_the_database_file_alone(releases: list[Path]) -> None:
    manifests = [json.loads((path / "manifest.json").read_bytes()) for path in releases]
    for each in manifests:
        del each["files"]["published.duckdb"]
    assert all(each == manifests[0] for each in manifests)
