"""A reader who never stops: reads the current release, whole, again and again.

``python -m tests.operations.reader RELEASES`` until its standard input ends; then prints, as JSON,
how often it read, which releases it met, and all that was wrong.
"""

import hashlib
import json
import select
import sys
import time
from pathlib import Path

import duckdb


def read_release(releases: Path) -> tuple[str, list[str]]:
    """Id of the current release, and what is wrong with it, in words."""
    current = releases / "current"
    # Followed once: what is read after that is of one release, or mixed.
    folder = current.resolve(strict=True)
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    wrong = [] if manifest["release_id"] == folder.name else ["manifest: of another release"]
    there = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    stated: dict[str, dict[str, str]] = manifest["files"]
    wrong += [f"{name}: not stated" for name in there - {"manifest.json"} - set(stated)]
    for name, expected in stated.items():
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != expected["sha256"]:
            wrong.append(f"{name}: not what the manifest states")
    # By the pointer, as people do.
    with duckdb.connect(str(current / "published.duckdb"), read_only=True) as connection:
        tables = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables()"
        ).fetchall()
        wrong += [] if tables else ["published.duckdb: holds no table"]
        for (table,) in tables:
            connection.table(table).fetchall()
    return folder.name, wrong


def main() -> None:
    """Read until the standard input ends."""
    releases = Path(sys.argv[1])
    n_reads, met, wrong = 0, set(), []
    while not select.select([sys.stdin], [], [], 0)[0]:
        try:
            release_id, found = read_release(releases)
        except Exception as error:  # noqa: BLE001 - whatever a reader meets is what is looked for
            release_id, found = "", [f"{type(error).__name__}: {error}"]
        n_reads += 1
        met.add(release_id)
        wrong += found
        # All the while, and leaving the machine to others in between.
        time.sleep(0.02)
    sys.stdout.write(json.dumps({"n_reads": n_reads, "met": sorted(met), "wrong": wrong}))
    sys.stdout.flush()


if __name__ == "__main__":
    main()
