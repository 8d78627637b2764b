"""Pupils enrolled, or one sentence on why the file cannot be used."""

from pathlib import Path

import pytest

from pipeline.definitions.catalogue import Catalogue
from pipeline.errors import DefinitionError
from pipeline.ingest.enrolment import load_enrolled
from tests.ingest.made_site import site_in


def site_with(enrolled: str | None, folder: Path) -> Catalogue:
    """A site in ``folder`` whose wave names this file."""
    catalogue = site_in(folder)
    wave = catalogue.waves[0].model_copy(update={"enrolled": enrolled})
    return catalogue._replace(waves=(wave,))


def rows_of(catalogue: Catalogue) -> list[tuple[object, ...]]:
    """What is enrolled in its one wave."""
    return load_enrolled(catalogue, catalogue.waves[0]).rows()


def test_enrolled_pupils_by_school_and_grade(tmp_path: Path) -> None:
    (tmp_path / "n.csv").write_text(
        "grade,school,n_enrolled,remark\ng7,Skola Å,94,x\ng8,Skola Å,0,\n", "utf-8"
    )
    assert rows_of(site_with("n.csv", tmp_path)) == [
        (2025, "Skola Å", "g7", "all", 94),
        (2025, "Skola Å", "g8", "all", 0),
    ]


def test_schools_are_named_as_in_exports(tmp_path: Path) -> None:
    (tmp_path / "n.csv").write_bytes(HEADER + b" 12.0 ,g7,94\n")
    assert rows_of(site_with("n.csv", tmp_path)) == [(2025, "12", "g7", "all", 94)]


def test_without_a_file_nothing_is_known(tmp_path: Path) -> None:
    catalogue = site_with(None, tmp_path)
    enrolled = load_enrolled(catalogue, catalogue.waves[0])
    assert enrolled.height == 0
    assert enrolled.columns == ["wave", "school_id", "grade", "gender", "n_enrolled"]


def test_a_file_of_grades_alone(tmp_path: Path) -> None:
    (tmp_path / "n.csv").write_text("grade,n_enrolled\ng7,94\ng8,80\n", "utf-8")
    assert rows_of(site_with("n.csv", tmp_path)) == [
        (2025, "all", "g7", "all", 94),
        (2025, "all", "g8", "all", 80),
    ]


def test_totals_may_stand_beside_what_they_are_totals_of(tmp_path: Path) -> None:
    (tmp_path / "n.csv").write_text(
        "school,grade,gender,n_enrolled\nall,all,all,11\nall,g7,all,6\na,all,girl,4\na,all,boy,5\n",
        "utf-8",
    )
    assert [row[1:] for row in rows_of(site_with("n.csv", tmp_path))] == [
        ("all", "all", "all", 11),
        ("all", "g7", "all", 6),
        ("a", "all", "girl", 4),
        ("a", "all", "boy", 5),
    ]


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        # The rows of school b would be taken for those of all schools.
        ("a,g7,girl,4\nb,g7,all,9\n", "rows by school, grade, gender and its rows by school, gr"),
        ("all,g7,girl,4\nall,g8,all,9\n", "by grade, gender and its rows by grade do not cover"),
        ("a,g7,all,4\nb,g8,all,4\na,all,girl,2\n", "do not cover the same school; expected each"),
    ],
)
def test_levels_of_detail_that_cover_different_pupils(
    rows: str, sentence: str, tmp_path: Path
) -> None:
    (tmp_path / "n.csv").write_text(f"school,grade,gender,n_enrolled\n{rows}", "utf-8")
    with pytest.raises(DefinitionError, match=sentence):
        rows_of(site_with("n.csv", tmp_path))


HEADER = b"school,grade,n_enrolled\n"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(None, id="absent"),
        pytest.param(b"", id="empty"),
        pytest.param(b"school,grade\na,g7\n", id="column missing"),
        pytest.param(HEADER + b"a,g7,many\n", id="not a number"),
        pytest.param(HEADER + b"a,g7,9.5\n", id="not a whole number"),
        pytest.param(HEADER + b"a,g7,99999999999\n", id="endless"),
        pytest.param(HEADER + b"a,g7,1,2\n", id="too many cells"),
        pytest.param(HEADER + b"\xe5,g7,1\n", id="cp1252"),
        pytest.param("school,grade,n_enrolled\na,g7,1\n".encode("utf-16"), id="utf-16"),
    ],
)
def test_a_file_that_cannot_be_read(content: bytes | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "n.csv").write_bytes(content)
    with pytest.raises(
        DefinitionError,
        match=r"n\.csv: cannot be read; expected UTF-8 text with a comma between columns school, g",
    ):
        rows_of(site_with("n.csv", tmp_path))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"a,g7,1\n,g8,1\n", "1 rows with an empty or negative cell, 0 rows that repeat"),
        (b"a,g7,-1\nb,g7,\n", "2 rows with an empty or negative cell, 0 rows that repeat"),
        (b"a,g7,1\na,g7,2\n", "0 rows with an empty or negative cell, 2 rows that repeat"),
        (b"a,g7,1\na,g9,2\n", r"grades not in site\.yml: g9, genders not in site\.yml: none\."),
    ],
)
def test_rows_that_cannot_be(content: bytes, sentence: str, tmp_path: Path) -> None:
    (tmp_path / "n.csv").write_bytes(HEADER + content)
    with pytest.raises(DefinitionError, match=sentence):
        rows_of(site_with("n.csv", tmp_path))


def test_a_gender_the_site_does_not_have(tmp_path: Path) -> None:
    (tmp_path / "n.csv").write_text("gender,n_enrolled\nflicka,4\n", "utf-8")
    with pytest.raises(DefinitionError, match=r"genders not in site\.yml: flicka\."):
        rows_of(site_with("n.csv", tmp_path))


def test_a_file_outside_the_site(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "n.csv").write_bytes(HEADER + b"a,g7,1\n")
    with pytest.raises(DefinitionError, match=r"\.\./n\.csv: lies outside"):
        rows_of(site_with("../n.csv", tmp_path / "site"))


def test_a_star_is_no_pattern(tmp_path: Path) -> None:
    (tmp_path / "n.csv").write_bytes(HEADER + b"a,g7,1\n")
    with pytest.raises(DefinitionError, match="cannot be read"):
        rows_of(site_with("*.csv", tmp_path))
