"""Digits in what a release calls things are no figures; a number in their place is one."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from pipeline.attack.attack import Report, attack_release
from pipeline.attack.html_residue import residue
from pipeline.attack.html_tree import parse
from pipeline.attack.names import Names, read_names
from pipeline.attack.page_labels import page_labels
from pipeline.attack.policy import Policy
from tests.attack import made_page
from tests.attack.made_release import MEASURES, PLACES, WAVES, made, write_release

GIRLS, GRADE, NORM = "Flickor 1", "7:an (13 år)", "Bäckvikens norm 2023 (881 elever)"
PHRASE = "har skolkat minst 1 av 19 skoldagar"
PAGE = f"documents/stad_arken_{WAVES[-1]}_sv_public.html"
MADE_OF = "Minst 3 av 4 frågor."


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A release whose labels have digits, with one page in a language that has none in them."""
    monkeypatch.setitem(made_page.LABELS, "girl", GIRLS)
    monkeypatch.setitem(made_page.LABELS, "g7", GRADE)
    here = made()
    release = write_release(here, tmp_path / "release")
    made_page.write_pages(here, release)
    for path in (release / "documents").glob("*.html"):
        text = path.read_text("utf-8").replace("Norm 41", NORM)
        text = text.replace(MADE_OF, f"{MADE_OF} {NORM}: {GRADE}: 2,57. Av {GIRLS.lower()}.")
        text = text.replace(
            f'<tr><th scope="row">{MEASURES["bullying"][0]}</th><td',
            f'<tr><th scope="row">{MEASURES["bullying"][0]}\n<span class="phrase">{PHRASE}</span>'
            "</th><td",
        )
        path.write_text(text, "utf-8")
    english = (release / PAGE).read_text("utf-8").replace('lang="sv"', 'lang="en"')
    for label, other in ((GIRLS, "Girls"), (GRADE, "Born then"), (NORM, "Norm"), (PHRASE, "did")):
        english = english.replace(label, other).replace(label.lower(), other)
    (release / PAGE.replace("_sv_", "_en_")).write_text(english, "utf-8")
    return release


def kinds(report: Report) -> set[str]:
    return {finding.kind for finding in report.findings}


def test_digits_in_labels_are_no_figures(folder: Path) -> None:
    assert attack_release(folder).findings == ()


def everywhere(old: str, new: str) -> Callable[[str], str]:
    return lambda text: text.replace(old, new)


PLANTS = {
    "another number in a head": everywhere(f">{GIRLS}</th>", ">Flickor 412</th>"),
    "another number wherever a group is named": everywhere(GIRLS, "Flickor 412"),
    "a number after a group's name": everywhere(f"Av {GIRLS.lower()}.", "Av flickor 1 412."),
    "a thousand after a group's name": everywhere(f"Av {GIRLS.lower()}.", "Av flickor 1\u00a0412."),
    "decimals after a group's name": everywhere(f"Av {GIRLS.lower()}.", "Av flickor 1,43."),
    "another number of a grade": everywhere(f"{NORM}: {GRADE}", f"{NORM}: 7:an (43 år)"),
    "another number of a norm": everywhere(f"{NORM}: ", "Bäckvikens norm 2023 (43 elever): "),
    "another number in words for an outcome": everywhere(PHRASE, PHRASE.replace("19", "43")),
}


@pytest.mark.parametrize("plant", PLANTS)
def test_a_number_in_place_of_a_labels_own_is_found(plant: str, folder: Path) -> None:
    path = folder / PAGE
    text = path.read_text("utf-8")
    planted = PLANTS[plant](text)
    assert planted != text
    path.write_text(planted, "utf-8")
    assert "unread number" in kinds(attack_release(folder))


def test_texts_that_differ_from_page_to_page_are_no_labels(folder: Path) -> None:
    paths = sorted((folder / "documents").glob("*.html"))
    names = Names(measures={label: each for each, (label, _, _) in MEASURES.items()})
    assert set(page_labels(paths, names)) == {GIRLS, GRADE, "Årskurs 9", NORM, PHRASE}
    page = folder / PAGE
    page.write_text(
        page.read_text("utf-8").replace(f">{GIRLS}</th>", ">Flickor 2</th>", 1), "utf-8"
    )
    assert GIRLS not in page_labels(paths, names)


def test_digits_alone_are_no_label(tmp_path: Path) -> None:
    page = tmp_path / "a.html"
    page.write_text('<html lang="sv"><th scope="col" data-grade="g7">41</th>', "utf-8")
    assert page_labels([page], Names()) == ()


@pytest.mark.parametrize("label", ["-Viken", "+Viken", "@Viken", "=Viken", "＝Viken"])
def test_an_area_whose_name_begins_like_a_formula_is_known_in_workbooks(label: str) -> None:
    area = pl.DataFrame({"area_id": ["vik", "oen"], "label": [label, "Ön"]})
    assert read_names({"area": area}).areas == {label: "vik", f"'{label}": "vik", "Ön": "oen"}


@pytest.mark.parametrize(
    ("says", "is_found"),
    [
        ("Minst 31 elever har svarat.", False),
        ("Minst 62 elever har svarat.", False),
        ("61 elever har svarat.", True),
        ("93 elever har svarat.", True),
        ("124 elever har svarat.", True),
        (f"Av {NORM}.", False),
        ("Bäckvikens norm 2023 (883 elever).", True),
        ("2023 elever har svarat.", True),
    ],
)
def test_sentences_count_pupils_by_the_rules_alone(says: str, *, is_found: bool) -> None:
    root, _ = parse(f"<html><body><p>{says}</p></body></html>")
    names = Names(on_pages=(NORM,), waves=(2023,))
    findings = residue(root, [], names, Policy(min_base=31), "a.html")
    assert {finding.kind for finding in findings} == ({"raw figure"} if is_found else set())


def test_no_page_of_the_made_release_is_left_out(folder: Path) -> None:
    assert len(list((folder / "documents").glob("*.html"))) == len(PLACES) + 2
