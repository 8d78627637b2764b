"""The README's steps add an area, a wave, a question, a factor, a norm and a municipality."""

import re
import shutil
from pathlib import Path

import polars as pl
import pyreadstat
import pytest

from pipeline import REPOSITORY
from tests.command_line import uppvaxt
from tests.made_map import feature, geojson, square
from tests.made_once import made_once
from tests.small_site import replace, write_export

CLONE = ("pipeline", "sql", "schemas", "factor_definitions", "reports", "data_sample", "examples")


def blocks() -> dict[str, str]:
    """The README's YAML blocks by what their first line says, without that line."""
    readme = (REPOSITORY / "README.md").read_text("utf-8")
    found = re.findall(r"^```yaml\n# (.+)\n((?:.*\n)+?)```$", readme, re.MULTILINE)
    return dict(found)


def follow(clone: Path, place: str, text: str) -> None:
    """Do what a block says: write a file, or put lines under a key of one."""
    file, _, key = place.partition(", under ")
    path = clone / file.removesuffix(", at the end")
    if file.endswith(", at the end"):
        path.write_text(path.read_text("utf-8") + text, "utf-8")
        return
    if not key:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return
    replace(path, f"\n{key}:\n", f"\n{key}:\n{text}")


def write_export_of_2027(site: Path) -> None:
    """The rows of 2025 with answers to the new question; half of Norrsätra lives in Nyängen."""
    rows, _ = pyreadstat.read_sav(
        site / "exports" / "2025.sav", user_missing=True, output_format="polars"
    )
    row = pl.int_range(pl.len())
    moves = (pl.col("OMRADE") == "104") & (row % 2 == 0)
    pl.DataFrame(rows).with_columns(pl.col(pl.Float64).cast(pl.Int64)).cast(pl.String).with_columns(
        OMRADE=pl.when(moves).then(pl.lit("401")).otherwise("OMRADE"),
        q201=(row % 4 + 1).cast(pl.String),
    ).write_csv(site / "exports" / "2027.csv", separator=";")


def write_polygons(site: Path) -> None:
    """Squares beside each other for three areas, two of them by their codes."""
    squares = [
        feature(name, square(place, 0)) for place, name in enumerate(("104", "401", "hogbo"))
    ]
    for each in squares:
        each["properties"] = {"code": each["properties"]["kod"]}
    (site / "areas.geojson").write_text(geojson(squares), "utf-8")


FACTORS = ("c_disorg", "f_conflict", "p_skills")
OUTCOMES = ("alcohol_lifetime", "alcohol_30d", "depressive_symptoms")


def with_fewer_measures(site: Path) -> None:
    """Keep a few measures: what is added is the same beside few as beside many, and soon built."""
    lists = (("site", "factors", FACTORS), ("site", "outcomes", OUTCOMES))
    for file, key, measures in (*lists, ("policy", "sensitive", OUTCOMES)):
        path = site / f"{file}.yml"
        listed = f"{', '.join(measures)},\n"
        text, n = re.subn(
            rf"\b{key}:(\s+)\[[^]]+\]", rf"{key}:\1[{listed}]", path.read_text("utf-8")
        )
        assert n == 1, key
        path.write_text(text, "utf-8")
    # Few factors are never many at a time.
    replace(site / "site.yml", "\nflag_counts: [many_risk_factors, many_weak_protective]\n", "\n")


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone in which every step of the README has been followed, in its order, and built."""
    return made_once(tmp_path_factory, "clone", follow_the_readme)


def follow_the_readme(folder: Path) -> None:
    """Put the repository into a folder, and do what the README says."""
    for name in CLONE:
        shutil.copytree(
            REPOSITORY / name,
            folder / name,
            ignore=shutil.ignore_patterns("build", "__pycache__"),
        )
    site = folder / "data_sample"
    with_fewer_measures(site)
    write_export_of_2027(site)
    write_polygons(site)
    newest = site / "schemas" / "instruments" / "ctc_se_2027.yml"
    newest.parent.mkdir(parents=True)
    shutil.copy(folder / "schemas" / "instruments" / "ctc_se_2023.yml", newest)
    replace(newest, "\nid: ctc_se_2023\n", "\nid: ctc_se_2027\n")
    for place, text in blocks().items():
        follow(folder, place, text)
    replace(site / "site.yml", "p_skills,\n", "p_skills, c_dark_places,\n")
    replace(site / "site.yml", "norms: [", "norms: [sandviken_2027_synthetic, ")
    derived = uppvaxt("norms", "derive", "sandviken_2027_synthetic", folder=folder)
    assert derived.code == 0, derived.err
    lines = [line for line in derived.out.splitlines() if "factor: c_dark_places" in line]
    norm = site / "factor_definitions" / "norms" / "sandviken_2027_synthetic.yml"
    norm.write_text("\n".join([norm.read_text("utf-8") + "cutoffs:", *lines, ""]), "utf-8")
    built = uppvaxt("build", "--quiet", folder=folder)
    assert built.code == 0, built.err


def test_the_readme_shows_a_block_of_every_kind() -> None:
    places = list(blocks())
    for wanted in ("areas.yml", "waves/", "instruments/", "scales/", "norms/", "under not_asked"):
        assert any(wanted in place for place in places), wanted


def test_what_the_readme_adds_stands_in_the_profile(clone: Path) -> None:
    ended = uppvaxt("profile", "Nyängen", "--lang", "en", folder=clone)
    assert ended.code == 0, ended.err
    profile = Path(ended.out.splitlines()[0]).read_text("utf-8")
    assert "Nyängen" in profile
    assert "Pupil survey, autumn 2027" in profile
    assert "Nyängen lies in the middle of the municipality, next to " in profile
    assert "Example norm Sandviken 2027 (synthetic)" in profile
    assert re.search(r"dark and deserted places where they live: \d+%", profile)


def test_only_what_was_asked_has_a_figure(clone: Path, tmp_path: Path) -> None:
    out = tmp_path / "estimates.parquet"
    exact = ("--edition", "internal", "--quiet")
    assert uppvaxt("estimates", "--out", out, *exact, folder=clone).code == 0
    shares = pl.read_parquet(out).filter(
        measure_id="c_dark_places", statistic="share", grade="all", gender="all"
    )
    n = {(wave, area): n for wave, area, n in shares.select("wave", "area_id", "n").rows()}
    assert n[2027, "nyangen"] > 0
    assert n[2027, "sandviken"] > n[2027, "omrade_1"] > n[2027, "nyangen"]
    assert not any(n.get((wave, "sandviken")) for wave in (2021, 2023, 2025))
    assert (2025, "nyangen") not in n


def test_a_wave_is_weighted_to_its_enrolment(clone: Path) -> None:
    ended = uppvaxt("participation", "--wave", "2025", "--quiet", folder=clone)
    assert (ended.code, ended.err) == (0, "")
    assert "Weights: raked to grade, gender; " in ended.out


def test_a_new_municipality_is_a_folder(tmp_path: Path) -> None:
    site = tmp_path / "ekback"
    assert uppvaxt("new-site", site).code == 0
    replace(site / "site.yml", "id: our_municipality\nlabel", "id: ekback\nlabel")
    replace(site / "site.yml", "{sv: Vår kommun, en: Our municipality}", "{sv: Ekbäck, en: Ekbäck}")
    replace(site / "site.yml", "norms: []", "norms: [ekback_2026]")
    replace(site / "areas.yml", "label: Första området", "label: Norra Ekbäck")
    norm = (
        blocks()["data_sample/factor_definitions/norms/sandviken_2027_synthetic.yml"]
        .replace("sandviken_2027_synthetic", "ekback_2026")
        .replace("ctc_se_2027", "ctc_se_2023")
        .replace("Sandviken", "Ekbäck")
        .replace("2027", "2026")
    )
    file = "factor_definitions/norms/ekback_2026.yml"
    follow(site, file, norm)
    write_export(site)
    derived = uppvaxt("norms", "derive", "ekback_2026", "--site", site, "--write", "--quiet")
    assert (derived.code, derived.out) == (0, f"{site / file}\n")
    # Every answer of the small export is one of two: the median is one of few scores.
    assert "so that `inclusive` decides on those at it (108 of 108)" in derived.err
    assert (
        (site / file).read_text("utf-8").startswith(f"{norm.rstrip()}\ncutoffs:\n  - {{factor: c_")
    )
    ended = uppvaxt("profile", "norra ekbäck", "--site", site, "--quiet")
    assert (ended.code, ended.err) == (0, "")
    path = Path(ended.out.splitlines()[0])
    assert path.name == "ekback_first_area_2026_sv_public.html"
    profile = path.read_text("utf-8")
    assert "Norra Ekbäck" in profile
    assert "Elevenkät hösten 2026" in profile
    assert re.search(r"\d+\u00a0%", profile)
    assert "Exempelnorm Ekbäck 2026" in profile
    assert "Sandviken" not in profile
