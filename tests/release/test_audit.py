"""Each check can stop a release, alone; nothing is then published, and nothing is left."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from pipeline.errors import DisclosureError
from pipeline.release import durable, making, manifest
from pipeline.release.layout import Layout, current_id
from tests.release.conftest import Release
from tests.release.made_release import some_pupils

PUPILS = some_pupils(norr=120, soder=150)
NEXT = PUPILS | some_pupils(2027, norr=120, soder=150)


def sneak(path: str, content: bytes) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        (folder / path).write_bytes(content)

    return change


def sql(statement: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        with duckdb.connect(str(folder / "published.duckdb")) as connection:
            connection.execute(statement)

    return change


def link(folder: Path) -> None:
    (folder / "tables" / "estimate.csv").unlink()
    (folder / "tables" / "estimate.csv").symlink_to("area.csv")


def more_columns(folder: Path) -> None:
    path = folder / "tables" / "estimate.csv"
    head, _, rest = path.read_text().partition("\n")
    path.write_text(f"{head},share\n{rest}")


def more_keys(folder: Path) -> None:
    path = folder / "tables" / "estimate.json"
    path.write_text(path.read_text().replace('{"wave"', '{"share":0.123,"wave"', 1))


LEAKS: dict[str, tuple[Callable[[Path], None], str]] = {
    "file": (sneak("tables/respondents.csv", b"id\n"), r"files: tables/respondents\.csv: does not"),
    "ending": (sneak("documents/made.py", b"1"), r"files: documents/made\.py: does not belong"),
    "name": (sneak("documents/norr_7.html", b"7"), r"files: documents/norr_7\.html: does not"),
    "link": (link, r"files: tables/estimate\.csv: is a link"),
    "column": (more_columns, r"tables: table estimate: column share is not declared \(\.csv\)"),
    "key": (more_keys, r"tables: table estimate: column share is not declared \(\.json\)"),
    "table": (sql("create table respondent (id int)"), "database: table respondent: is not decl"),
    "stored column": (
        sql("alter table estimate add column share double"),
        "database: table estimate: column share is not declared",
    ),
    "view": (sql("create view raw as select 1 as one"), "database: view raw: is not declared"),
    "rows": (
        sql("delete from estimate where grade = 'g7'"),
        "database: table estimate: has another",
    ),
    "script": (
        sneak("documents/made.html", b"<script>1</script>"),
        r"documents: documents/made\.html: runs or fetches something",
    ),
    "image": (
        sneak("documents/made.html", b'<img src="https://example.org/1.png">'),
        r"documents: documents/made\.html: runs or fetches something",
    ),
}


@pytest.mark.parametrize("leak", LEAKS)
def test_a_leak_stops_the_release(
    release: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, leak: str
) -> None:
    change, message = LEAKS[leak]
    first = release(PUPILS)

    def leaking(folder: Path, *rest: object) -> bytes:
        change(folder)
        return manifest.make_manifest(folder, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(making, "make_manifest", leaking)
    with pytest.raises(DisclosureError, match=rf"\n  {message}"):
        release(NEXT)
    layout = Layout(tmp_path / "out")
    assert current_id(layout) == first.release_id
    names = {path.name for path in layout.releases.iterdir()}
    assert names == {first.release_id, "current"}
    assert list(layout.held.iterdir()) == []


@pytest.mark.parametrize(
    ("hook", "message"),
    [
        ("attack_findings", "attack: a cell can be recovered"),
        ("recount", "areas: a cell can be recovered"),
    ],
)
def test_what_others_find_stops_the_release(
    release: Release, monkeypatch: pytest.MonkeyPatch, hook: str, message: str
) -> None:
    monkeypatch.setattr(f"pipeline.release.audit.{hook}", lambda *_: ["a cell can be recovered"])
    with pytest.raises(DisclosureError, match=rf"\n  {message}"):
        release(PUPILS)


def test_a_file_changed_after_the_manifest_stops_the_release(
    release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:

    def late(folder: Path) -> None:
        (folder / "tables" / "estimate.csv").write_bytes(b"wave\n")
        durable.seal(folder)

    monkeypatch.setattr(making, "seal", late)
    with pytest.raises(DisclosureError, match=r"manifest: .*estimate\.csv: was changed"):
        release(PUPILS)


def test_a_column_nobody_declared_stops_before_anything_is_written(
    release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "tests.release.made_release._domain",
        lambda each, _: {"status": "shown", "n_respondents": 30, "n_exact": each.n},
    )
    with pytest.raises(DisclosureError, match="table domain: column n_exact is not declared"):
        release(PUPILS)


def test_all_findings_are_told_at_once_but_not_without_end(
    release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [f"cell {number}" for number in range(25)]
    monkeypatch.setattr("pipeline.release.audit.attack_findings", lambda _: many)
    monkeypatch.setattr("pipeline.release.audit.recount", lambda *_: ["swapped"])
    with pytest.raises(DisclosureError, match="swapped") as told:
        release(PUPILS)
    assert str(told.value).count("attack: cell") == 10
    assert "attack: and 15 more" in str(told.value)
