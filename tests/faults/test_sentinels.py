"""Nothing that points at a respondent leaves: not in a page, a table, a message or a progress line.

Every id, free text and label of a file, and the name of every delivered file, holds sixteen random
characters that stand nowhere else. Whatever a command prints or writes is searched for them.

What may be said: names of areas and items, which are definitions; names of schools, by the one
command that is there to say them; and the path of a delivered file in the message to whoever must
replace it, as the wave's own file states it. No document, table or answer says it.
"""

import io
import random
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import duckdb
import polars as pl
import pyreadstat
import pytest

from pipeline import REPOSITORY, cli
from pipeline.commands.terminal import run as run_app
from pipeline.fingerprint import DATABASE
from tests.command_line import uppvaxt
from tests.operations.made_files import dumped
from tests.small_site import replace, write_export

SENTINEL = re.compile(rb"x[0-9a-f]{15}")
N = 120


class Planted(NamedTuple):
    """Which sentinels stand where."""

    respondents: frozenset[bytes]
    """Ids, free texts, and labels of files: may be said nowhere."""

    schools: frozenset[bytes]
    files: frozenset[bytes]


class Said(NamedTuple):
    """What a command printed, and how it ended."""

    code: int
    out: bytes
    err: bytes


class Sentinels:
    """Draws them and remembers which were drawn for what."""

    def __init__(self) -> None:
        self._draw = random.Random(11)  # noqa: S311 - made-up ids
        self.drawn: dict[str, set[bytes]] = {"respondents": set(), "schools": set(), "files": set()}

    def of(self, what: str) -> str:
        sentinel = "x" + self._draw.randbytes(8).hex()[:15]
        self.drawn[what].add(sentinel.encode())
        return sentinel


def plant(site: Path) -> Planted:
    """Two waves, a text and an SPSS file, full of sentinels; a norm, so that shares are shown."""
    uppvaxt("new-site", site)
    write_export(site)
    new = Sentinels()
    rows = pl.read_csv(site / "exports" / "2026.csv", separator=";")
    shutil.rmtree(site / "exports")
    replace(site / "site.yml", "norms: []", "norms: [sandviken_2021_synthetic]")
    wave = (site / "waves" / "2026.yml").read_text("utf-8")
    for year, ending in ((2025, ".csv"), (2026, ".sav")):
        schools = [f"Skola {new.of('schools')}" for _ in range(2)]
        full = rows.with_columns(
            lopnr=pl.Series([new.of("respondents") for _ in range(N)]),
            skola=pl.Series([schools[number % 2] for number in range(N)]),
            fritext=pl.Series([f"Jag heter {new.of('respondents')}" for _ in range(N)]),
            epost=pl.Series([f"{new.of('respondents')}@example.org" for _ in range(N)]),
        ).with_columns(pl.lit("ja").alias(new.of("respondents")))
        file = f"exports/klass_{new.of('files')}_{year}{ending}"
        path = site / file
        path.parent.mkdir(exist_ok=True)
        if ending == ".csv":
            full.write_csv(path, separator=";")
        else:
            numbers = [column for column, kind in full.schema.items() if kind == pl.Int64]
            pyreadstat.write_sav(
                full.with_columns(pl.col(numbers).cast(pl.Float64)),
                path,
                file_label=new.of("respondents"),
                note=new.of("respondents"),
                column_labels={column: new.of("respondents") for column in full.columns},
                variable_value_labels={
                    column: {1.0: new.of("respondents"), 2.0: new.of("respondents")}
                    for column in numbers
                },
            )
        of_year = wave.replace("exports/2026.csv", file).replace("2026-", f"{year}-")
        named = of_year.replace("wave: 2026", f"wave: {year}")
        (site / "waves" / f"{year}.yml").write_text(named, "utf-8")
    return Planted(*(frozenset(new.drawn[what]) for what in Planted._fields))


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Planted]:
    """The site, built; read, never changed."""
    site = tmp_path_factory.mktemp("sentinels") / "our_site"
    found = plant(site)
    assert sum(map(len, found)) > 1000
    built = uppvaxt("build", "--site", site)
    assert built.code == 0, built.err
    assert_nothing_leaves(Said(0, built.out.encode(), built.err.encode()), found)
    return site, found


@pytest.fixture
def run(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> Callable[..., Said]:
    """Runs a command here, and catches what it prints by whatever way."""

    def command(*arguments: str | Path, typed: str = "") -> Said:
        monkeypatch.setattr(sys, "argv", ["uppvaxt", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        code = run_app(cli.app)
        sys.stdout.flush()
        sys.stderr.flush()
        printed = capfdbinary.readouterr()
        return Said(code, printed.out, printed.err)

    return command


def sentinels_in(content: bytes) -> set[bytes]:
    return set(SENTINEL.findall(content))


def assert_nothing_leaves(
    said: Said, planted: Planted, *, may_name_schools: bool = False, may_name_file: bool = False
) -> None:
    """No sentinel of a person on either stream; of files and schools only where it is allowed."""
    for stream in (said.out, said.err):
        assert not sentinels_in(stream) & planted.respondents
    assert may_name_schools or not sentinels_in(said.out + said.err) & planted.schools
    assert not sentinels_in(said.out) & planted.files
    assert may_name_file or not sentinels_in(said.err) & planted.files


def assert_files_hold_nothing(folder: Path, planted: Planted) -> int:
    """Number of files searched, all but working files: as bytes, and as a reader is told."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != DATABASE]
    for path in files:
        content = path.read_bytes() + str(path.relative_to(folder)).encode()
        if path.suffix == ".parquet":
            content += repr(pl.read_parquet(path).rows()).encode()
        if path.suffix == ".duckdb":
            content += dumped(path)
        for sentinels in planted:
            assert not sentinels_in(content) & sentinels, path.name
    return len(files)


def test_the_working_file_holds_what_must_not_leave(planted: tuple[Path, Planted]) -> None:
    # If it did not, the other tests would find nothing because there is nothing.
    site, found = planted
    with duckdb.connect(str(site / "build" / "uppvaxt.duckdb"), read_only=True) as connection:
        rows = connection.table("staging.respondent").fetchall()
        labels = connection.table("staging.value_label").fetchall()
    held = sentinels_in(repr((rows, labels)).encode())
    assert len(held & found.respondents) > 300
    assert held & found.schools


AREA = "first_area"
COMMANDS: list[tuple[str, ...]] = [
    ("areas",),
    ("areas", "--json"),
    ("build",),
    ("build", "--json"),
    ("profile", AREA),
    ("profile", AREA, "--wave", "2025", "--lang", "en", "--json"),
    ("profiles", "--lang", "en"),
    ("profiles", "--wave", "2025"),
    ("estimates", "--out", "{out}/estimates.csv"),
    ("estimates", "--out", "{out}/estimates.parquet", "--json"),
    ("comparisons", "--out", "{out}/comparisons.csv", "--json"),
    ("comparisons", "--out", "{out}/comparisons.parquet"),
    ("quality",),
    ("quality", "--json", "--dif"),
    ("sensitivity", "--out", "{out}/sensitivity.csv", "--wave", "2026"),
    ("sensitivity", "--json", "--wave", "2025"),
    ("norms", "show", "sandviken_2021_synthetic"),
    ("norms", "show", "sandviken_2021_synthetic", "--csv"),
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_command_says_or_writes_anything_of_a_respondent(
    command: tuple[str, ...],
    planted: tuple[Path, Planted],
    run: Callable[..., Said],
    tmp_path: Path,
) -> None:
    site, found = planted
    said = run(*(each.format(out=tmp_path) for each in command), "--site", site)
    assert said.code == 0, said.err
    assert said.out
    assert_nothing_leaves(said, found)
    n_files = assert_files_hold_nothing(tmp_path, found)
    assert n_files == ("--out" in command)
    if command[0].startswith("profile"):
        assert assert_files_hold_nothing(site / "build", found) >= 1


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_participation_names_schools_and_nothing_else(
    form: tuple[str, ...], planted: tuple[Path, Planted], run: Callable[..., Said]
) -> None:
    site, found = planted
    said = run("participation", "--site", site, *form)
    assert said.code == 0
    assert sentinels_in(said.out) & found.schools
    assert_nothing_leaves(said, found, may_name_schools=True)


def test_releases_say_and_hold_nothing_of_a_respondent(
    planted: tuple[Path, Planted], run: Callable[..., Said], tmp_path: Path
) -> None:
    site, found = planted
    own = Path(shutil.copytree(site, tmp_path / "our_site"))
    key = tmp_path / "key"
    key.write_bytes(bytes(range(32)))
    key.chmod(0o600)
    for command in (
        ("nightly", "--site", own),
        ("release", "--site", own, "--json"),
        ("releases", "--site", own),
        ("status", "--site", own, "--json"),
        ("verify", own),
        ("attack", own / "releases" / "current"),
        ("research", "--site", own, "--key", key),
    ):
        said = run(*command)
        assert said.code == 0, said.err
        assert said.out
        assert_nothing_leaves(said, found)
    # One respondent less is held, with reasons.
    [export] = own.glob("exports/*.csv")
    rows = export.read_text("utf-8").splitlines(keepends=True)
    export.write_text("".join(rows[:-1]), "utf-8")
    said = run("nightly", "--site", own)
    assert said.out.startswith(b"held ")
    assert_nothing_leaves(said, found)
    written = {"releases": 20, "held": 20, "research": 1, "ledger": 4, "runs": 2}
    for name, n_least in written.items():
        assert assert_files_hold_nothing(own / name, found) >= n_least, name
    assert not sentinels_in((own / "status.html").read_bytes())


def test_derived_norms_hold_nothing(
    planted: tuple[Path, Planted], run: Callable[..., Said], tmp_path: Path
) -> None:
    site, found = planted
    own = Path(shutil.copytree(site, tmp_path / "our_site"))
    sample = REPOSITORY / "factor_definitions" / "norms" / "sandviken_2021_synthetic.yml"
    text = sample.read_text("utf-8").partition("cutoffs:")[0]
    text = text.replace("sandviken_2021_synthetic", "own_norm").replace("wave: 2021", "wave: 2026")
    text = re.sub(r"(?m)^instrument: .*$", "instrument: ctc_se_2023", text)
    folder = own / "factor_definitions" / "norms"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "own_norm.yml").write_text(text, "utf-8")
    replace(own / "site.yml", "norms: [sandviken_2021_synthetic]", "norms: [own_norm]")
    said = run("norms", "derive", "own_norm", "--write", "--site", own)
    assert said.code == 0, said.err
    assert_nothing_leaves(said, found)
    assert assert_files_hold_nothing(folder, found) == 1


# Commands that fail.


class Broken(NamedTuple):
    """How a text is broken, how the command ends, and what it says."""

    change: Callable[[str], str]
    code: int
    said: str


def cell(column: str, content: str) -> Callable[[str], str]:
    """One cell of the tenth row becomes something else."""

    def change(text: str) -> str:
        lines = text.split("\n")
        cells = lines[10].split(";")
        cells[lines[0].split(";").index(column)] = content
        lines[10] = ";".join(cells)
        return "\n".join(lines)

    return change


def line(replaced: Callable[[str], str]) -> Callable[[str], str]:
    """The tenth row becomes something else."""

    def change(text: str) -> str:
        lines = text.split("\n")
        lines[10] = replaced(lines[10])
        return "\n".join(lines)

    return change


FREE = "x000000000000001"
"""One more sentinel: what somebody wrote where a number belongs."""

BROKEN: dict[str, Broken] = {
    "text in an item": Broken(cell("q002", FREE), 4, "column q002"),
    "text for the area": Broken(cell("omradeskod", FREE), 4, "column omradeskod (area)"),
    "text for the grade": Broken(cell("arskurs", FREE), 4, "column arskurs (grade)"),
    "text for the gender": Broken(cell("kon", f"{FREE};"[:-1]), 4, "column kon (gender)"),
    "no id": Broken(cell("lopnr", ""), 4, "1 id is empty, the first in row 10"),
    "the same id twice": Broken(
        line(lambda row: f"{row}\n{row}"), 4, "1 id is used more than once, in 2 rows, the first in"
    ),
    "a cell too many": Broken(line(lambda row: f"{row};{FREE}"), 4, "look at line"),
    "a cell too few": Broken(line(lambda row: row.rpartition(";")[0]), 4, "look at line"),
    "an open quotation mark": Broken(line(lambda row: f'"{FREE};{row}'), 4, "does not fit"),
    "a column less": Broken(lambda text: text.replace("omradeskod", FREE), 4, "is missing"),
    "no header": Broken(lambda text: text.partition("\n")[2], 4, "with the same name"),
    "distinct cells for a header": Broken(
        lambda _: ";".join(f"{FREE}{place}" for place in range(186)) + "\n", 4, "none of the "
    ),
    "another separator": Broken(lambda text: text.replace(";", ","), 4, "has one column only"),
    "nothing": Broken(lambda _: "", 4, "is empty"),
    "no rows": Broken(lambda text: text.partition("\n")[0] + "\n", 4, "holds no rows"),
    "cut short": Broken(lambda text: text[:-40], 4, "may be cut short"),
    "zero bytes": Broken(line(lambda row: f"{row}\0"), 4, "holds zero bytes"),
    "another encoding": Broken(line(lambda row: f"{row}\udce5"), 4, "is not utf-8 text"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_refused_export_says_which_and_where_and_not_what(
    name: str, planted: tuple[Path, Planted], run: Callable[..., Said], tmp_path: Path
) -> None:
    broken, (site, found) = BROKEN[name], planted
    own = Path(shutil.copytree(site, tmp_path / "our_site"))
    # The later wave is left out: it would be read in vain.
    (own / "waves" / "2026.yml").unlink()
    [export] = own.glob("exports/*.csv")
    text = export.read_text("utf-8")
    export.write_bytes(broken.change(text).encode("utf-8", "surrogateescape"))
    said = run("profile", AREA, "--site", own, "--quiet")
    assert said.code == broken.code, said.err
    assert broken.said in said.err.decode()
    assert FREE.encode() not in said.out + said.err
    assert said.out == b""
    assert_nothing_leaves(said, found, may_name_file=True)
    assert len(said.err.splitlines()) <= 8


@pytest.mark.parametrize("kept", [0.3, 0.9, 0.999])
def test_an_spss_file_cut_short_says_nothing_of_what_it_holds(
    kept: float, planted: tuple[Path, Planted], run: Callable[..., Said], tmp_path: Path
) -> None:
    site, found = planted
    own = Path(shutil.copytree(site, tmp_path / "our_site"))
    (own / "waves" / "2025.yml").unlink()
    [export] = own.glob("exports/*.sav")
    content = export.read_bytes()
    export.write_bytes(content[: int(len(content) * kept)])
    said = run("build", "--site", own)
    assert said.code == 4
    assert_nothing_leaves(said, found, may_name_file=True)


def test_a_bug_says_where_and_not_what(
    planted: tuple[Path, Planted], run: Callable[..., Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    site, found = planted
    person = min(found.respondents).decode()

    def fails(*_: object) -> None:
        with duckdb.connect() as connection:
            connection.execute("select cast(? as integer)", [person])

    monkeypatch.setattr("pipeline.build.estimate_totals", fails)
    said = run("build", "--site", site)
    assert said.code == 70
    assert b"this is a bug: ConversionException" in said.err
    assert_nothing_leaves(said, found)


def test_an_erasure_says_nothing_of_whom(
    planted: tuple[Path, Planted], run: Callable[..., Said], tmp_path: Path
) -> None:
    site, found = planted
    own = Path(shutil.copytree(site, tmp_path / "our_site"))
    [export] = own.glob("exports/*.csv")
    person = export.read_text("utf-8").split("\n")[7].partition(";")[0]
    why = ("--reason", "asked to", "--by", "controller", "--site", own)
    for typed in (person, person):
        said = run("erase", "-", *why, "--quiet", typed=typed)
        for stream in (said.out, said.err):
            assert not sentinels_in(stream) & found.respondents
    assert said.code == 2
    assert person.encode() not in b"".join(p.read_bytes() for p in own.rglob("*") if p.is_file())


def test_an_unreadable_folder_says_its_own_name_alone(
    planted: tuple[Path, Planted], run: Callable[..., Said], tmp_path: Path
) -> None:
    site, found = planted
    own = Path(shutil.copytree(site, tmp_path / "our_site"))
    [export] = own.glob("exports/*.csv")
    export.unlink()
    export.mkdir()
    said = run("profiles", "--site", own)
    assert said.code == 4
    assert_nothing_leaves(said, found, may_name_file=True)
