"""A clean release gives nothing away; every leak that is planted in it is found."""

import json
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from pipeline.attack.attack import Report, attack_release
from pipeline.cli import app
from pipeline.errors import UsageError
from tests.attack.made_page import HIDDEN, write_pages
from tests.attack.made_release import (
    MEASURES,
    PLACES,
    SMALL,
    WAVES,
    Made,
    figures,
    made,
    nearest,
    percent,
    published,
    write_release,
)

Plant = Callable[[Path], object]

LAST = WAVES[-1]
PAGE = f"documents/stad_arken_{LAST}_sv_public.html"
WHOLE_PAGE = f"documents/stad_stad_{LAST}_sv_public.html"
HIDDEN_PAGE = f"documents/stad_{SMALL}_{LAST}_sv_public.html"


def released(folder: Path, here: Made | None = None) -> Path:
    here = here or made()
    write_release(here, folder / "release")
    write_pages(here, folder / "release")
    return folder / "release"


def kinds(report: Report) -> set[str]:
    return {finding.kind for finding in report.findings}


def edit(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text("utf-8")
    assert old in text, f"{file} has no {old!r}"
    path.write_text(text.replace(old, new, 1), "utf-8")


def in_database(folder: Path, *statements: str) -> None:
    with duckdb.connect(str(folder / "published.duckdb")) as connection:
        connection.execute("use public_tables")
        for statement in statements:
            connection.execute(statement)


def in_rows(folder: Path, change: Callable[[list[dict[str, object]]], None]) -> None:
    path = folder / "tables" / "estimate.json"
    rows = json.loads(path.read_text("utf-8"))
    change(rows)
    path.write_text(json.dumps(rows), "utf-8")


def hidden_n() -> int:
    return made().true[LAST, SMALL, "all", "all", "bullying"][0]


def hidden_rows(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    return [row for row in rows if row["status"] == "suppressed"]


def raw_share() -> str:
    """A share of the first place with a decimal more than is published."""
    n, k = made().true[LAST, "arken", "all", "all", "bullying"]
    return f"{100 * k / n:.1f}"


def printed(area: str = "arken") -> dict[str, object]:
    return made().estimate(
        wave=LAST, area_id=area, measure_id="bullying", grade="all", gender="all"
    )


def test_a_clean_release_gives_nothing_away(tmp_path: Path) -> None:
    report = attack_release(released(tmp_path))
    assert report.findings == ()
    assert (report.n_exact, report.n_narrow, report.smallest_interval) == (0, 0, None)
    assert report.n_hidden > 0
    assert min(report.n_figures[form] for form in ("duckdb", "csv", "json", "html")) > 50
    assert report.least_candidates is not None
    assert report.least_candidates >= 3
    # Each of a rounded pair hides five counts.
    assert report.median_candidates == 25


def test_a_complement_that_is_not_hidden(tmp_path: Path) -> None:
    here = made()
    for row in here.tables["estimate"]:
        if row["area_id"] == "granby" and row["grade"] == row["gender"] == "all":
            key = tuple(row[name] for name in ("wave", "area_id", "grade", "gender", "measure_id"))
            row.update(figures(*here.true[key], shown=True))
            # Counts that nobody rounded, as of a table that was made by hand.
            row.update(zip(("n", "n_flagged"), here.true[key], strict=True))
    for row in here.tables["estimate"]:
        key = tuple(row[name] for name in ("wave", "area_id", "grade", "gender", "measure_id"))
        if row["status"] == "shown":
            row.update(zip(("n", "n_flagged"), here.true[key], strict=True))
    report = attack_release(released(tmp_path, here))
    exact = {finding.says for finding in report.findings if finding.kind == "exact"}
    assert f"n of {LAST} / {SMALL} / bullying: can be worked out exactly" in exact
    assert f"k of {LAST} / {SMALL} / bullying: can be worked out exactly" in exact
    assert report.smallest_interval == 0
    assert report.least_candidates is not None
    assert report.least_candidates < 3


def test_a_rounded_complement_that_is_not_hidden(tmp_path: Path) -> None:
    """Two parts of which one is shown: rounding alone leaves too little of the small one."""
    here = made()
    for row in here.tables["estimate"]:
        key = tuple(row[name] for name in ("wave", "area_id", "grade", "gender", "measure_id"))
        if row["area_id"] in PLACES and row["area_id"] not in {SMALL, "granby"}:
            row.update(figures(0, 0, shown=False))
            row.update(status="no_answers", is_suppressed=False)
        if row["area_id"] in {"stad", "granby"} and row["grade"] == row["gender"] == "all":
            small = here.true[*key[:1], SMALL, *key[2:]]
            large = here.true[*key[:1], "granby", *key[2:]]
            n, k = large if row["area_id"] == "granby" else (small[0] + large[0], large[1] + 2)
            row.update(figures(n, k, shown=True))
        elif row["area_id"] in {"stad", "granby"}:
            row.update(figures(0, 0, shown=False))
    report = attack_release(write_release(here, tmp_path / "release"))
    assert any(f"k of {LAST} / {SMALL} / " in finding.says for finding in report.findings)
    assert "narrow" in kinds(report)


def named(**names: str) -> Made:
    """The made municipality with other ids of its areas."""
    here = made()
    here.true = {(key[0], names.get(key[1], key[1]), *key[2:]): n for key, n in here.true.items()}
    for rows in here.tables.values():
        for row in rows:
            row |= {
                column: names.get(str(row[column]), row[column])
                for column in ("area_id", "parent_id", "reference")
                if column in row
            }
    return here


WORDS_OF_RULES = {
    "estimate.n": "Respondents, rounded to a multiple of 5.",
    "estimate.percent": "Flagged per 100 of n, whole.",
    "estimate.percent_lower": "Lower end of the 95 % interval, per cent.",
}


def test_an_area_may_be_called_as_a_word_of_the_descriptions(tmp_path: Path) -> None:
    folder = write_release(named(arken="a", holmen="of"), tmp_path / "release")
    comments = [f"comment on column {at} is '{says}'" for at, says in WORDS_OF_RULES.items()]
    in_database(folder, *comments)
    assert attack_release(folder).findings == ()


@pytest.mark.parametrize(
    "leak",
    ["a: 8", "Flagged in a: 8 per 100 of n.", "a multiple of 5: 10", "Of a, 17 are flagged."],
)
def test_a_number_beside_such_an_area_is_found(tmp_path: Path, leak: str) -> None:
    folder = write_release(named(arken="a"), tmp_path / "release")
    in_database(folder, f"comment on column estimate.n is '{leak}'")
    assert kinds(attack_release(folder)) == {"comment"}


def with_site(folder: Path, site_id: str) -> Path:
    """The release as of a site of another name."""
    stated = {"release_id": "0123456789abcdef", "site_id": site_id, "files": {}}
    (folder / "manifest.json").write_text(json.dumps(stated), "utf-8")
    for page in (folder / "documents").iterdir():
        page.rename(page.with_name(page.name.replace("stad_", f"{site_id}_", 1)))
    return folder


def test_a_site_may_have_a_digit_in_its_id(tmp_path: Path) -> None:
    folder = with_site(released(tmp_path), "exam2")
    assert kinds(attack_release(folder)) == set()
    page = folder / HIDDEN_PAGE.replace("stad_", "exam2_", 1)
    page.rename(page.with_name(f"exam2_{SMALL}_n17.html"))
    assert "name" in kinds(attack_release(folder))


@pytest.mark.parametrize("name", ["exam2_n2.html", "exam27.html", "n_exam2_17.html"])
def test_the_sites_id_excuses_no_other_number(tmp_path: Path, name: str) -> None:
    folder = with_site(released(tmp_path), "exam2")
    page = folder / HIDDEN_PAGE.replace("stad_", "exam2_", 1)
    page.rename(page.with_name(name))
    assert "name" in kinds(attack_release(folder))


BESIDE = (
    '<table class="beside"><caption>Mobbning: andel</caption><tbody><tr><th scope="row">Holmen</th>'
    "<td></td><td>41\u00a0%</td><td></td><td></td></tr></tbody></table>"
)

LEAKS: dict[str, tuple[Plant, str]] = {
    "an interval with decimals": (
        lambda folder: edit(folder, PAGE, f'"num">{printed()["percent_lower"]}–', '"num">20,4–'),
        "raw figure",
    ),
    "an interval of the true counts": (
        lambda folder: in_database(
            folder, "update estimate set percent_upper = percent_upper + 2 where area_id = 'arken'"
        ),
        "few candidates",
    ),
    "a percentage with decimals": (
        lambda folder: edit(
            folder,
            PAGE,
            f'<td class="num">{printed()["percent"]}\u00a0%',
            f'<td class="num">{raw_share().replace(".", ",")}\u00a0%',
        ),
        "raw figure",
    ),
    "a bar as long as the true share": (
        lambda folder: edit(
            folder, PAGE, f'width="{printed()["percent"]}%"', f'width="{raw_share()}%"'
        ),
        "raw figure",
    ),
    "a dot of a hidden share": (
        lambda folder: edit(
            folder, HIDDEN_PAGE, "</desc>", '</desc><circle class="dot" cx="41%" cy="14" r="6"/>'
        ),
        "shown though hidden",
    ),
    "a mark nobody declared": (
        lambda folder: edit(
            folder, HIDDEN_PAGE, "</desc>", '</desc><rect class="new" x="41%" width="1"/>'
        ),
        "unread number",
    ),
    "an alternative text": (
        lambda folder: edit(folder, HIDDEN_PAGE, "visas inte", "41\u00a0%"),
        "unread number",
    ),
    "an aria-label": (
        lambda folder: edit(folder, HIDDEN_PAGE, 'role="img"', 'role="img" aria-label="41 %"'),
        "unread number",
    ),
    "an attribute for programs": (
        lambda folder: edit(folder, HIDDEN_PAGE, 'class="row"', 'class="row" data-n="17"'),
        "unread number",
    ),
    "a sentence that counts": (
        lambda folder: edit(folder, PAGE, "</h1>", "</h1><p>97 elever svarade.</p>"),
        "raw figure",
    ),
    "a share in a table of areas": (
        lambda folder: edit(folder, PAGE, "</body>", f"{BESIDE}</body>"),
        "shown though hidden",
    ),
    "a mark of a hidden group": (
        lambda folder: edit(
            folder, HIDDEN_PAGE, 'height="1.4em">', 'height="1.4em"><svg class="at" x="41%"></svg>'
        ),
        "shown though hidden",
    ),
    "a mark of a group nobody knows": (
        lambda folder: edit(
            folder, PAGE, "</desc>", '</desc><svg class="lane"><svg class="at" x="41%"></svg></svg>'
        ),
        "unread number",
    ),
    "a new mark in a group's line": (
        lambda folder: edit(
            folder, PAGE, 'height="1.4em">', 'height="1.4em"><rect class="new" x="41%"/>'
        ),
        "unread number",
    ),
    "a line moved by what it hides": (
        lambda folder: edit(folder, PAGE, 'y="1.4em"', 'y="1.7em"'),
        "unread number",
    ),
    "a number in the words of a group": (
        lambda folder: edit(folder, PAGE, "<desc>Elever. Pojke: ", "<desc>Elever. Pojke: 41 %, "),
        "unread number",
    ),
    "a number beside a group's line": (
        lambda folder: edit(
            folder, HIDDEN_PAGE, '<li data-gender="boy">', '<li data-gender="boy">41 '
        ),
        "shown though hidden",
    ),
    "a share in the column of another group": (
        lambda folder: edit(
            folder,
            WHOLE_PAGE,
            '<th scope="col" data-gender="boy">Pojke</th><th scope="col" data-gender="girl">',
            '<th scope="col" data-gender="girl">Pojke</th><th scope="col" data-gender="boy">',
        ),
        "contradiction",
    ),
    "a page about nothing that is known": (
        lambda folder: edit(folder, PAGE, "<h1>Arken</h1>", "<h1>17</h1>"),
        "undeclared",
    ),
    "a number in an id": (
        lambda folder: edit(folder, HIDDEN_PAGE, "/bullying</code></p>", "/bullying/17</code></p>"),
        "unread number",
    ),
    "a number in a query": (
        lambda folder: edit(folder, HIDDEN_PAGE, "select percent, n", "select percent, n, 17"),
        "unread number",
    ),
    "a comment in a query": (
        lambda folder: edit(folder, HIDDEN_PAGE, "from estimate", "from estimate -- wave"),
        "unread number",
    ),
    "a name in a query that is none": (
        lambda folder: edit(folder, HIDDEN_PAGE, "in ('bullying'", "in ('seventeen'"),
        "unread number",
    ),
    "a number in a command": (
        lambda folder: edit(folder, HIDDEN_PAGE, "uppvaxt explain", "uppvaxt explain --n 17"),
        "unread number",
    ),
    "a build of its own": (
        lambda folder: edit(folder, HIDDEN_PAGE, 'class="build">0123', 'class="build">0017'),
        "unread number",
    ),
    "other code": (
        lambda folder: edit(folder, HIDDEN_PAGE, "<h1>", "<p><code>17</code></p><h1>"),
        "unread number",
    ),
    "a step of its own": (
        lambda folder: edit(folder, HIDDEN_PAGE, "<li>Öppnade: 620", "<li>Öppnade: 620, 17"),
        "unread number",
    ),
    "a norm that the page does not tell of": (
        lambda folder: edit(folder, HIDDEN_PAGE, '<a href="#norms">Norm 41', '<a href="#norms">17'),
        "unread number",
    ),
    "a number of answers that is hidden": (
        lambda folder: edit(
            folder,
            HIDDEN_PAGE,
            f'svar: <span class="n">{HIDDEN}',
            'svar: <span class="n">15',
        ),
        "shown though hidden",
    ),
    "a number beside a definition": (
        lambda folder: edit(folder, HIDDEN_PAGE, "Gränsvärde: 2,57", "Gränsvärde: 2,57 (17)"),
        "unread number",
    ),
    "a cut-off of one page alone": (
        lambda folder: edit(folder, HIDDEN_PAGE, "Gränsvärde: 2,57", "Gränsvärde: 2,17"),
        "unread number",
    ),
    "another part of an opening": (
        lambda folder: edit(
            folder, HIDDEN_PAGE, '<li class="made" data-measure="bullying"', "<li>17</li><li"
        ),
        "unread number",
    ),
    "another opening": (
        lambda folder: edit(folder, HIDDEN_PAGE, "<h1>", "<details>Sjutton</details><h1>"),
        "undeclared",
    ),
    "a workbook that is none": (
        lambda folder: (folder / PAGE).with_suffix(".xlsx").write_bytes(b"17"),
        "undeclared",
    ),
    "a PDF that is none": (
        lambda folder: (folder / PAGE).with_suffix(".pdf").write_bytes(b"17"),
        "undeclared",
    ),
    "a comment in a page": (
        lambda folder: edit(folder, HIDDEN_PAGE, "<body>", "<body><!-- n = 17 -->"),
        "comment",
    ),
    "a script": (
        lambda folder: edit(folder, PAGE, "<body>", "<body><script>let n = 17</script>"),
        "undeclared",
    ),
    "a file name": (
        lambda folder: (folder / PAGE).rename(folder / f"documents/stad_{SMALL}_n17.html"),
        "name",
    ),
    "a file of a new form": (
        lambda folder: (folder / "tables" / "estimate.ods").write_bytes(b"PK"),
        "undeclared",
    ),
    "a key in JSON": (
        lambda folder: in_rows(folder, lambda rows: rows[0].update(n_exact=97)),
        "undeclared",
    ),
    "a hidden value in JSON": (
        lambda folder: in_rows(folder, lambda rows: hidden_rows(rows)[0].update(percent=41)),
        "shown though hidden",
    ),
    "a hidden value as 0 in JSON": (
        lambda folder: in_rows(folder, lambda rows: hidden_rows(rows)[0].update(percent=0)),
        "confused",
    ),
    "a hidden base in JSON": (
        lambda folder: in_rows(folder, lambda rows: hidden_rows(rows)[0].update(n=15)),
        "shown though hidden",
    ),
    "hidden rows that can be told apart": (
        lambda folder: in_rows(
            folder, lambda rows: hidden_rows(rows)[0].update(is_unreliable=True)
        ),
        "hidden row carries",
    ),
    "a key in the manifest": (
        lambda folder: (folder / "manifest.json").write_text('{"n_respondents": 97}', "utf-8"),
        "undeclared",
    ),
    "a column in CSV": (
        lambda folder: edit(folder, "tables/domain.csv", "n_respondents", "n_true"),
        "undeclared",
    ),
    "a comment in CSV": (
        lambda folder: edit(folder, "tables/domain.csv", "wave,", "# n = 17\nwave,"),
        "comment",
    ),
    "a table in DuckDB": (
        lambda folder: in_database(folder, "create table scratch as select 17 as n"),
        "undeclared",
    ),
    "a column in DuckDB": (
        lambda folder: in_database(folder, "alter table domain add column n_true integer"),
        "undeclared",
    ),
    "a comment in DuckDB": (
        lambda folder: in_database(folder, "comment on column domain.status is 'Holmen: 17'"),
        "comment",
    ),
    "a comment with a name and a usual number in DuckDB": (
        lambda folder: in_database(folder, "comment on table area is 'Holmen has 8'"),
        "comment",
    ),
    "a sequence in DuckDB": (
        lambda folder: in_database(folder, "create sequence n_holmen start 17"),
        "undeclared",
    ),
    "a view in DuckDB": (
        lambda folder: in_database(
            folder, "create view v_true as select wave, area_id, 17 as n_true from area"
        ),
        "undeclared",
    ),
    "rows sorted by what they hide": (
        lambda folder: in_rows(
            folder,
            lambda rows: rows.sort(
                key=lambda row: made().true[
                    tuple(
                        row[name] for name in ("wave", "area_id", "grade", "gender", "measure_id")
                    )
                ]
            ),
        ),
        "order",
    ),
    "forms that disagree": (
        lambda folder: edit(folder, PAGE, f'cx="{printed()["percent"]}%"', 'cx="12%"'),
        "contradiction",
    ),
    "sums that cannot be": (
        lambda folder: in_database(
            folder,
            "update estimate set n = n + 100 where area_id = 'stad' and grade = 'g7' "
            "and gender = 'all'",
        ),
        "contradiction",
    ),
}


@pytest.mark.parametrize("leak", LEAKS)
def test_every_planted_leak_is_found(leak: str, tmp_path: Path) -> None:
    folder = released(tmp_path)
    plant, kind = LEAKS[leak]
    plant(folder)
    assert kind in kinds(attack_release(folder))


@pytest.mark.parametrize(
    ("times", "unweighted"), [(0.75, {"exact", "narrow"}), (0.6, {"contradiction"})]
)
@pytest.mark.parametrize("is_weighted", [True, False])
def test_weighted_shares_need_not_add_up(
    times: float, unweighted: set[str], tmp_path: Path, *, is_weighted: bool
) -> None:
    here = made()
    for key, (n, k) in here.true.items():
        if key[1] == "stad":
            here.true[key] = (n, round(k * times))
    holds = ("grades_hold_all", "genders_hold_all", "areas_hold_all", "parts_hold_all")
    stated = dict.fromkeys(holds, True) | {"is_weighted": is_weighted}
    here.tables = published(here) | {"wave": [{"wave": wave} | stated for wave in WAVES]}
    found = kinds(attack_release(released(tmp_path, here)))
    assert found == (set() if is_weighted else unweighted)


def test_no_finding_tells_a_number_that_it_found(tmp_path: Path) -> None:
    folder = released(tmp_path)
    in_rows(folder, lambda rows: hidden_rows(rows)[0].update(n=123456, percent=98.765))
    report = attack_release(folder)
    assert report.findings
    assert not any(
        "123456" in finding.says or "98.7" in finding.says for finding in report.findings
    )


def test_what_the_made_release_prints_is_rounded() -> None:
    n, k = made().true[LAST, "arken", "all", "all", "bullying"]
    assert printed()["percent"] == percent(nearest(k), nearest(n))
    assert set(MEASURES) == {"bullying", "cannabis"}
    assert hidden_n() < 30


def test_what_is_no_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotADirectoryError, match="no folder of a release"):
        attack_release(tmp_path / "nowhere")


def test_a_folder_of_something_else_is_no_release(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("97", "utf-8")
    ended = CliRunner().invoke(app, ["attack", str(tmp_path)])
    assert isinstance(ended.exception, UsageError)
    assert str(ended.exception).startswith(f"{tmp_path}: is no release; expected a folder with man")
    assert ended.stdout == ""


def test_a_release_without_its_manifest_is_attacked(tmp_path: Path) -> None:
    folder = released(tmp_path)
    (folder / "manifest.json").unlink()
    ended = CliRunner().invoke(app, ["attack", str(folder), "--json"])
    assert json.loads(ended.stdout)["n_hidden"] > 0


def test_the_command_ends_with_what_was_found(tmp_path: Path) -> None:
    folder = released(tmp_path)
    clean = CliRunner().invoke(app, ["attack", str(folder), "--json"])
    assert (clean.exit_code, json.loads(clean.stdout)["findings"]) == (0, [])
    LEAKS["a file name"][0](folder)
    told = CliRunner().invoke(app, ["attack", str(folder)])
    assert told.exit_code == 4
    assert "name: the name holds a number" in told.stdout
