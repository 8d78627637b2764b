"""A respondent who is erased is nowhere any more, and nobody else is."""

import json
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pyreadstat
import pytest

from pipeline.definitions.catalogue import Catalogue, load_waves
from pipeline.definitions.fit import load_catalogue
from pipeline.errors import DisclosureError, ExportError, UsageError
from pipeline.lock import LOCK_FILE
from pipeline.operations.erase import Erased, erase
from pipeline.operations.replacement import JOURNAL, finish_erasure
from pipeline.operations.respondent import NobodyError
from pipeline.operations.spss_without import spss_without
from pipeline.release.layout import Layout
from pipeline.release.ledger import read_ledger
from tests.operations.made_files import (
    N,
    Person,
    database_of,
    held_by,
    parsed_here,  # noqa: F401 - a fixture
    site_of_three_waves,
)

pytestmark = pytest.mark.usefixtures("parsed_here")
People = dict[int, list[Person]]
Erase = Callable[..., Erased]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, People]:
    """The site as it is made; not to be changed."""
    site = tmp_path_factory.mktemp("erase") / "our_site"
    return site, site_of_three_waves(site)


@pytest.fixture(scope="module")
def definitions(made: tuple[Path, People]) -> Catalogue:
    """Of the site: what an erasure changes in them is read anew."""
    return load_catalogue(made[0])


@pytest.fixture
def people(made: tuple[Path, People]) -> People:
    return made[1]


@pytest.fixture
def site(made: tuple[Path, People], tmp_path: Path) -> Path:
    return Path(shutil.copytree(made[0], tmp_path / "our_site"))


def erase_at(
    catalogue: Catalogue, respondent: str, year: int | None, reason: str, build: Path
) -> Erased:
    return erase(
        catalogue,
        respondent,
        year,
        role="controller",
        reason=reason,
        folder=catalogue.folder,
        build=build,
    )


@pytest.fixture
def erased(site: Path, definitions: Catalogue) -> Erase:
    """Erases from the site as it now is."""

    def from_site(respondent: str, year: int | None = None, reason: str = "asked to") -> Erased:
        catalogue = definitions._replace(folder=site, waves=load_waves(site))
        return erase_at(catalogue, respondent, year, reason, site / "build")

    return from_site


def bytes_of(site: Path) -> dict[str, bytes]:
    """Every file but the ledger's and the lock."""
    files = {str(p.relative_to(site)): p.read_bytes() for p in site.rglob("*") if p.is_file()}
    ours = ("ledger/", LOCK_FILE)
    return {name: content for name, content in files.items() if not name.startswith(ours)}


def plant(path: Path, content: bytes, mode: int = 0o600) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    path.chmod(mode)


@pytest.fixture
def full(site: Path, people: People) -> Iterator[Path]:
    """The site with everything that a run, a kill or a release may have left of its people."""
    (site / "build").mkdir()
    database_of(site / "build" / "uppvaxt.duckdb", people)
    every = "\n".join(f"{p.respondent};{p.text}" for wave in people.values() for p in wave).encode()
    plant(site / "build" / "uppvaxt.duckdb.wal", every)
    plant(site / "build" / "unfinished-4711.duckdb.wal", every)
    plant(site / "build" / "unfinished-4711-scratch" / "rows.parquet", every)
    plant(site / "build" / "profiles" / ".page.html.4711", every)
    plant(site / "build" / "protections" / "respondents.json", every)
    plant(site / "exports" / ".erasing-2026.csv", every)
    plant(site / "held" / "0123456789abcdef" / "tables" / "estimate.csv", b"a figure")
    (site / "held").chmod(0o700)
    plant(site / "research" / "0123456789abcdef" / "research.parquet", every, 0o440)
    (site / "research" / "0123456789abcdef").chmod(0o550)
    plant(site / "releases" / "0123456789abcdef" / "tables" / "estimate.csv", b"figures", 0o444)
    (site / "releases" / "0123456789abcdef").chmod(0o555)
    plant(site / "runs" / "2026-11-01.json", b"{}")
    yield site
    for path in (site / "research", site / "releases"):
        for folder in path.rglob("*"):
            folder.chmod(0o700)


def test_a_hundred_respondents_are_nowhere(erased: Erase, full: Path, people: People) -> None:
    draw = random.Random(8)  # noqa: S311 - whom to erase
    chosen = {year: draw.sample(of_wave, 34 - (year == 2028)) for year, of_wave in people.items()}
    gone = [each for of_wave in chosen.values() for each in of_wave]
    assert len(gone) == 101
    for year, of_wave in chosen.items():
        for each in of_wave:
            assert erased(each.respondent).wave == year
    n_looked_in = 0
    for path, held in held_by(full):
        n_looked_in += 1
        for each in gone:
            assert each.respondent.encode() not in held, path
            assert each.text.encode() not in held, path
    assert n_looked_in > 12
    # Nobody else is gone.
    everything = b"".join(held for _, held in held_by(full))
    for year, of_wave in people.items():
        for each in of_wave:
            if each not in chosen[year]:
                assert each.respondent.encode() in everything
                assert each.text.encode() in everything
    assert (full / "releases" / "0123456789abcdef" / "tables" / "estimate.csv").is_file()
    assert list((full / "build").iterdir()) == []
    assert list((full / "research").iterdir()) == list((full / "held").iterdir()) == []


def test_whoever_is_looked_for_was_there_before(full: Path, people: People) -> None:
    # Without this, a test that looks in the wrong way would find nobody either.
    respondent = people[2027][5]
    holding = {path.name for path, held in held_by(full) if respondent.respondent.encode() in held}
    assert holding >= {"2027.sav", "uppvaxt.duckdb", "uppvaxt.duckdb.wal", "research.parquet"}


@pytest.mark.parametrize("year", [2026, 2027, 2028])
def test_files_change_by_the_row_and_its_number_alone(
    erased: Erase, year: int, site: Path, people: People
) -> None:
    before = bytes_of(site)
    done = erased(people[year][40].respondent)
    after = bytes_of(site)
    name = {2026: "exports/2026.csv", 2027: "exports/2027.sav", 2028: "exports/2028.zsav"}[year]
    wave = f"waves/{year}.yml"
    assert done.rewritten == (name, wave)
    assert {each for each in after if after[each] != before[each]} == {name, wave}
    stated = f"rows: {N}   # as the supplier said".encode()
    assert after[wave] == before[wave].replace(stated, stated.replace(b"120", b"119"))
    if year == 2026:
        lines = before[name].splitlines(keepends=True)
        assert after[name] == b"".join(lines[:41] + lines[42:])
    else:
        rows = [
            pyreadstat.read_sav(site / name, output_format="polars")[0],
            pyreadstat.read_sav(
                write(site / f"old{Path(name).suffix}", before[name]), output_format="polars"
            )[0],
        ]
        assert rows[0].rows() == rows[1].rows()[:40] + rows[1].rows()[41:]


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def test_modes_stay(erased: Erase, site: Path, people: People) -> None:
    (site / "exports" / "2026.csv").chmod(0o640)
    erased(people[2026][0].respondent)
    assert (site / "exports" / "2026.csv").stat().st_mode & 0o777 == 0o640


def test_the_ledger_says_what_was_done_and_not_to_whom(
    erased: Erase, site: Path, people: People
) -> None:
    erased(people[2027][3].respondent, reason="asked by the guardian")
    [line] = (site / "ledger" / "ledger.jsonl").read_text("utf-8").splitlines()
    said = json.loads(line)
    assert (said["decision"], said["role"]) == ("erased", "controller")
    assert said["reason"] == "wave 2027: asked by the guardian"
    assert people[2027][3].respondent not in line


def test_twice_is_as_once(erased: Erase, site: Path, people: People) -> None:
    respondent = people[2026][7].respondent
    erased(respondent)
    after = bytes_of(site)
    with pytest.raises(NobodyError, match="no respondent of 2026, 2027, 2028 has that id"):
        erased(respondent)
    assert bytes_of(site) == after


def refused(erased: Erase, site: Path, respondent: str, **choices: int | str) -> str:
    """The message of a refusal, which changes no file and does not hold the id."""
    before = bytes_of(site)
    with pytest.raises((UsageError, ExportError), match=r".") as caught:
        erased(respondent, **choices)
    assert bytes_of(site) == before
    assert respondent not in str(caught.value)
    return str(caught.value)


def test_an_unknown_id_is_not_said_back(erased: Erase, site: Path) -> None:
    assert "no respondent of 2026, 2027, 2028 has that id" in refused(
        erased, site, "x0123456789abcdef"
    )
    assert "no respondent of 2027 has that id" in refused(
        erased, site, "x0123456789abcdef", year=2027
    )


def test_no_id_is_refused(erased: Erase) -> None:
    with pytest.raises(UsageError, match=r"no id was given\."):
        erased("  ")


def test_an_id_in_the_reason_is_refused(erased: Erase, site: Path, people: People) -> None:
    respondent = people[2026][1].respondent
    message = refused(erased, site, respondent, reason=f"({respondent}) asked")
    assert message.startswith("--by or --reason: holds the id")


def test_an_id_of_two_waves_asks_which(erased: Erase, site: Path, people: People) -> None:
    path = site / "exports" / "2026.csv"
    old, new = people[2026][9].respondent, people[2027][9].respondent
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    assert "waves 2026, 2027 all have that id" in refused(erased, site, new)
    assert erased(new, 2027).wave == 2027
    assert erased(new).wave == 2026


def test_a_number_is_found_however_it_is_written(erased: Erase, site: Path) -> None:
    path = site / "exports" / "2027.sav"
    rows, _ = pyreadstat.read_sav(path, output_format="polars")
    numbered = rows.with_columns(lopnr=pl.int_range(5001, 5001 + N).cast(pl.Float64))
    pyreadstat.write_sav(numbered, path)
    assert erased(" 5007.0 ").wave == 2027
    left, _ = pyreadstat.read_sav(path, output_format="polars")
    assert 5007 not in left["lopnr"].to_list()
    assert left.height == N - 1


def test_a_wave_without_ids_is_said_not_to_be_searched(erased: Erase, site: Path) -> None:
    wave = site / "waves" / "2026.yml"
    wave.write_text(wave.read_text("utf-8").replace("lopnr", "null"), "utf-8")
    message = refused(erased, site, "x0123456789abcdef")
    assert "no respondent of 2027, 2028 has that id" in message
    assert "Exports of 2026 hold no ids" in message


def test_an_export_outside_the_site_is_left_to_its_keeper(
    erased: Erase, site: Path, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = site.parent / "elsewhere"
    elsewhere.mkdir()
    (site / "exports" / "2026.csv").rename(elsewhere / "2026.csv")
    wave = site / "waves" / "2026.yml"
    text = wave.read_text("utf-8").replace("exports/2026.csv", "2026.csv\n    folder: REAL_DATA")
    wave.write_text(text, "utf-8")
    monkeypatch.setenv("REAL_DATA", str(elsewhere))
    assert "lies outside the site's folder" in refused(erased, site, people[2026][0].respondent)
    assert erased(people[2027][0].respondent).wave == 2027


def test_a_file_that_cannot_be_written_anew_is_left_to_its_supplier(
    erased: Erase, site: Path, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A wrong case is left out: the reading of the new file must see it.
    def next_one(content: bytes, rows: frozenset[int]) -> bytes:
        return spss_without(content, {min(rows) + 1})

    monkeypatch.setattr("pipeline.operations.erase.spss_without", next_one)
    message = refused(erased, site, people[2027][0].respondent)
    assert "2027.sav: cannot be written anew" in message
    assert "Ask the supplier for a file without the respondent" in message
    assert "Nothing has been erased." in message


def test_an_export_with_another_wave_file_is_compared_too(
    erased: Erase, site: Path, people: People
) -> None:
    # Rows are stated for one of two files of the wave only.
    rows = (site / "exports" / "2026.csv").read_bytes().splitlines(keepends=True)
    (site / "exports" / "2026.csv").write_bytes(b"".join(rows[:61]))
    (site / "exports" / "b.csv").write_bytes(b"".join(rows[:1] + rows[61:]))
    wave = site / "waves" / "2026.yml"
    text = wave.read_text("utf-8").replace(f"rows: {N} ", "rows: 60 ")
    second = '\n  - {file: exports/b.csv, separator: ";"}\n\ncolumns:'
    wave.write_text(text.replace("\ncolumns:", second), "utf-8")
    assert erased(people[2026][100].respondent).rewritten == ("exports/b.csv",)
    done = erased(people[2026][0].respondent)
    assert done.rewritten == ("exports/2026.csv", "waves/2026.yml")
    assert [each.rows for each in load_waves(site)[0].exports] == [59, None]
    assert (site / "exports" / "b.csv").read_bytes().count(b"\n") == 60


def test_files_that_are_not_ours_are_named(erased: Erase, site: Path, people: People) -> None:
    respondent = people[2026][4].respondent
    plant(site / "notes" / "calls.txt", f"1;{respondent};called".encode())
    plant(site / "notes" / "sheet.xlsx", b"PK")
    plant(site / "notes" / f"consent_{respondent}.pdf", b"%PDF")
    plant(site / "notes" / "longer.txt", f"{respondent}0".encode())
    done = erased(respondent)
    assert done.left == (
        "notes/calls.txt: holds the id",
        f"{site.resolve()}: a file whose path holds the id",
        "notes/sheet.xlsx: cannot be looked into",
    )
    assert respondent not in str(done)


def test_norms_that_the_respondent_s_answers_may_be_in_are_named(
    site: Path, definitions: Catalogue, people: People, sample_catalogue: Catalogue, tmp_path: Path
) -> None:
    [norm] = sample_catalogue.norms
    own, of_others = (norm.model_copy(update={"id": f"n{y}", "wave": y}) for y in (2026, 1999))
    empty = own.model_copy(update={"id": "new", "cutoffs": ()})
    catalogue = definitions._replace(folder=site, norms=(own, of_others, empty))
    done = erase_at(catalogue, people[2026][4].respondent, None, "asked to", tmp_path / "build")
    assert [line.partition(":")[0] for line in done.left] == ["norm n2026"]


def test_a_build_folder_of_another_name_loses_what_is_ours_alone(
    site: Path, people: People, definitions: Catalogue, tmp_path: Path
) -> None:
    work = tmp_path / "work"
    for name in ("uppvaxt.duckdb", "uppvaxt.duckdb.wal", "unfinished-1.duckdb", "diary.txt"):
        plant(work / name, b"")
    for name in ("profiles/page.html", "protections/measures.json"):
        plant(work / name, b"")
    at_site = definitions._replace(folder=site)
    erase_at(at_site, people[2026][0].respondent, None, "asked to", work)
    assert [path.name for path in work.iterdir()] == ["diary.txt"]


def test_what_a_killed_erasure_left_is_gone_after_the_next_run(site: Path) -> None:
    before = bytes_of(site)
    plant(site / ".erasing-scratch" / "uppvaxt-x" / "rows.parquet", b"answers")
    plant(site / "exports" / ".erasing-2026.csv", b"answers")
    assert finish_erasure(site) is False
    assert bytes_of(site) == before


def test_a_ledger_that_was_changed_refuses_and_nothing_is_decided(
    erased: Erase, site: Path, people: People
) -> None:
    erased(people[2026][0].respondent)
    lines = Layout(site).lines
    written = lines.read_bytes()
    lines.write_bytes(written.replace(b"erased", b"erasex"))
    before = bytes_of(site)
    with pytest.raises(DisclosureError):
        erased(people[2026][1].respondent)
    assert bytes_of(site) == before
    lines.write_bytes(written)
    assert finish_erasure(site) is False
    erased(people[2026][1].respondent)


def test_there_is_nothing_to_finish(site: Path) -> None:
    before = bytes_of(site)
    assert finish_erasure(site) is False
    assert bytes_of(site) == before


def test_what_the_ledger_says_is_carried_through_though_its_head_failed(
    erased: Erase, site: Path, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "full")

    with monkeypatch.context() as full_disk:
        full_disk.setattr("pipeline.release.ledger._write_head", fail)
        with pytest.raises(OSError, match="full"):
            erased(people[2026][0].respondent)
    assert [line.entry.decision for line in read_ledger(Layout(site))] == ["erased"]
    assert finish_erasure(site) is True
    assert [line.entry.decision for line in read_ledger(Layout(site))] == ["erased"]
    with pytest.raises(NobodyError):
        erased(people[2026][0].respondent)


def test_whoever_may_not_finish_an_erasure_is_told_who_can(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (site / JOURNAL).write_text("{}")

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pipeline.operations.replacement._finish", refuse)
    with pytest.raises(UsageError, match="Whoever began it finishes it"):
        finish_erasure(site)
