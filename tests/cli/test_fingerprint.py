"""Whatever a figure depends on, and nothing else, makes a build out of date."""

from pathlib import Path

import pytest

from pipeline.definitions.fit import load_catalogue
from pipeline.fingerprint import built_from, fingerprint
from tests.made_map import FILE
from tests.small_site import replace, with_map


@pytest.mark.parametrize(
    ("file", "before", "after"),
    [
        ("site.yml", "  - c_opp\n", ""),
        ("areas.yml", 'code: "2"', 'code: "3"'),
        ("policy.yml", "min_base: 30", "min_base: 31"),
        ("waves/2026.yml", "min_answered_items: 20", "min_answered_items: 21"),
        ("waves/2026_enrolled.csv", "n_enrolled\n", "n_enrolled\nA,g7,99\n"),
        ("exports/2026.csv", "lopnr;", '"lopnr";'),
    ],
)
def test_a_change_of_any_file_is_seen(site: Path, file: str, before: str, after: str) -> None:
    built = fingerprint(load_catalogue(site))
    replace(site / file, before, after)
    assert fingerprint(load_catalogue(site)) != built


def test_a_definition_of_the_site_s_own_is_seen(site: Path) -> None:
    built = fingerprint(load_catalogue(site))
    instruments = site / "schemas" / "instruments"
    instruments.mkdir(parents=True)
    shipped = Path("schemas/instruments/ctc_se_2023.yml").read_text("utf-8")
    text = shipped.replace("\nid: ctc_se_2023\n", "\nid: ours\n")
    (instruments / "ours.yml").write_text(text, "utf-8")
    assert fingerprint(load_catalogue(site)) != built


def test_enrolment_that_lies_elsewhere_is_seen(site: Path) -> None:
    replace(site / "waves" / "2026.yml", "enrolled: waves/2026_enrolled.csv", "enrolled: rolls.csv")
    (site / "rolls.csv").write_text("school,grade,n_enrolled\nA,g7,99\n", "utf-8")
    built = fingerprint(load_catalogue(site))
    replace(site / "rolls.csv", "99", "98")
    assert fingerprint(load_catalogue(site)) != built


def test_polygons_that_move_are_seen(site: Path) -> None:
    with_map(site, "first_area")
    built = fingerprint(load_catalogue(site))
    replace(site / FILE, "[17.02, 60.02]", "[17.03, 60.02]")
    assert fingerprint(load_catalogue(site)) != built


def test_a_missing_export_is_seen(site: Path) -> None:
    built = fingerprint(load_catalogue(site))
    (site / "exports" / "2026.csv").unlink()
    assert fingerprint(load_catalogue(site)) != built


def test_a_copy_in_another_place_is_the_same_site(site: Path, built_site: Path) -> None:
    assert fingerprint(load_catalogue(site)) == fingerprint(load_catalogue(built_site))


def test_a_build_remembers_what_it_was_built_from(built_site: Path) -> None:
    path = built_site / "build" / "uppvaxt.duckdb"
    assert built_from(path) == fingerprint(load_catalogue(built_site))


def test_what_is_no_build_was_built_from_nothing(tmp_path: Path) -> None:
    assert built_from(tmp_path / "none.duckdb") is None
    (tmp_path / "text.duckdb").write_text("not a database", "utf-8")
    assert built_from(tmp_path / "text.duckdb") is None
