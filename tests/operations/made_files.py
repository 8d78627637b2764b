"""A small site whose every file holds respondents, for taking them out again."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyreadstat
import pytest

from pipeline import warehouse
from pipeline.ingest import parser
from tests.command_line import uppvaxt
from tests.small_site import write_export as write_small

N = 120


def sentinel(draw: random.Random) -> str:
    """Sixteen random characters that begin with a letter, as an id or a name could."""
    return "x" + draw.randbytes(8).hex()[:15]


class Person:
    """A respondent whose id and free text stand nowhere else."""

    def __init__(self, draw: random.Random) -> None:
        self.respondent, self.text = sentinel(draw), sentinel(draw)


def site_of_three_waves(folder: Path) -> dict[int, list[Person]]:
    """A site with a text, an SPSS file and a zipped one; the people in each, by wave."""
    uppvaxt("new-site", folder)
    write_small(folder)
    draw = random.Random(3)  # noqa: S311 - made-up ids
    people: dict[int, list[Person]] = {}
    # The first columns are enough: what is erased is rows.
    rows = pl.read_csv(folder / "exports" / "2026.csv", separator=";")[:, :12]
    (folder / "exports" / "2026.csv").unlink()
    wave = (folder / "waves" / "2026.yml").read_text("utf-8")
    (folder / "waves" / "2026.yml").unlink()
    for year, name in ((2026, "2026.csv"), (2027, "2027.sav"), (2028, "2028.zsav")):
        people[year] = [Person(draw) for _ in range(N)]
        named = rows.with_columns(
            lopnr=pl.Series([each.respondent for each in people[year]]),
            fritext=pl.Series([each.text for each in people[year]]),
        )
        path = folder / "exports" / name
        if path.suffix == ".csv":
            named.write_csv(path, separator=";")
        else:
            numbers = [column for column, kind in named.schema.items() if kind == pl.Int64]
            pyreadstat.write_sav(
                named.with_columns(pl.col(numbers).cast(pl.Float64)),
                path,
                row_compress=path.suffix == ".sav",
                compress=path.suffix == ".zsav",
            )
        (folder / "waves" / f"{year}.yml").write_text(
            wave.replace("2026.csv", name + f"\n    rows: {N}   # as the supplier said")
            .replace("2026-", f"{year}-")
            .replace("wave: 2026", f"wave: {year}"),
            "utf-8",
        )
    return people


@pytest.fixture
def parsed_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Exports are parsed without a process of their own, which takes half a second each."""

    def parse(path: Path, order: dict[str, Any]) -> dict[str, Any]:
        assert path.is_file()
        return parser._parse(order)

    monkeypatch.setattr("pipeline.ingest.reader._parse_in_child", parse)


def database_of(path: Path, people: dict[int, list[Person]]) -> None:
    """A working file in which people stand, as far as this matters."""
    rows = [(each.respondent, each.text) for of_wave in people.values() for each in of_wave]
    with warehouse.connect(path) as connection:
        answers = pl.DataFrame(rows, ["respondent_id", "free_text"], orient="row")
        warehouse.write(connection, "staging.respondent", answers)


def held_by(site: Path) -> Iterator[tuple[Path, bytes]]:
    """Every file of a site with all it holds: its bytes, and what a reader of it is told."""
    for path in sorted(site.rglob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        yield path, path.read_bytes()
        if path.suffix in (".sav", ".zsav"):
            rows, _ = pyreadstat.read_sav(path, output_format="polars")
            yield path, repr(rows.rows()).encode()
        elif path.suffix == ".duckdb":
            yield path, dumped(path)


def dumped(path: Path) -> bytes:
    """Every row of every table of a database, as text."""
    with duckdb.connect(str(path), read_only=True) as connection:
        tables = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables()"
        ).fetchall()
        return repr([connection.table(name).fetchall() for (name,) in tables]).encode()
