"""Areas that change places are found, wherever they do."""

import shutil
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from pipeline import warehouse
from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.wave import Wave
from pipeline.release.own_count import Figure, asked_measures, count_wave
from pipeline.release.recount import recount
from pipeline.release.recount_published import PublishedRow

SWAPPED = "case area_id when '{0}' then '{1}' when '{1}' then '{0}' else area_id end"


@pytest.fixture
def working_file(sample_path: Path, tmp_path: Path) -> Path:
    """The sample's working file, to change."""
    return Path(shutil.copy(sample_path, tmp_path / "uppvaxt.duckdb"))


def change(path: Path, *statements: str) -> None:
    with duckdb.connect(str(path)) as connection:
        for statement in statements:
            connection.execute(statement)


def swap(path: Path, relation: str, first: str, second: str, where: str = "true") -> None:
    """Give the rows of two areas to each other."""
    change(path, f"update {relation} set area_id = {SWAPPED.format(first, second)} where {where}")  # noqa: S608


def store(path: Path, relation: str, rows: pl.DataFrame) -> None:
    with warehouse.connect(path) as connection:
        warehouse.write(connection, relation, rows)


@pytest.fixture
def one_wave(sample_catalogue: Catalogue) -> Catalogue:
    """The sample's first wave alone, which is soonest read."""
    return sample_catalogue._replace(waves=sample_catalogue.waves[:1])


def test_the_sample_is_what_its_exports_say(sample_catalogue: Catalogue, sample_path: Path) -> None:
    assert recount(sample_catalogue, sample_path, None) == []


@pytest.mark.parametrize(
    "relation", ["staging.respondent_area", "totals.cell", "areas.estimate", "totals.domain"]
)
def test_two_areas_that_change_places_are_named(
    relation: str, sample_catalogue: Catalogue, working_file: Path
) -> None:
    swap(working_file, relation, "norrsatra", "barrsatra")
    reasons = recount(sample_catalogue, working_file, None)
    assert all(relation in reason for reason in reasons)
    for area in ("norrsatra", "barrsatra"):
        for wave in (2021, 2023, 2025):
            assert any(f"wave {wave}, area {area}, " in reason for reason in reasons)


@pytest.mark.parametrize(
    ("relation", "change_of_one"),
    [
        ("areas.estimate", "estimate = estimate + 1e-6"),
        ("areas.estimate", "n = n + 1"),
        ("totals.cell", "columns('^wy_.*') = 0"),
        ("totals.domain", "n_respondents = n_respondents + 1"),
    ],
)
def test_each_part_of_a_figure_is_compared(
    relation: str, change_of_one: str, one_wave: Catalogue, working_file: Path
) -> None:
    if "columns" in change_of_one:
        with duckdb.connect(str(working_file)) as connection:
            names = [name for name, *_ in connection.table(relation).description]
        change_of_one = ", ".join(f"{name} = 0" for name in names if name.startswith("wy_"))
    change(working_file, f"update {relation} set {change_of_one}")  # noqa: S608
    reasons = recount(one_wave, working_file, None)
    assert len({reason.split(", ")[1] for reason in reasons}) > 5
    assert all(relation in reason for reason in reasons)


@pytest.mark.parametrize("step", [1, 2, 5])
def test_figures_alone_tell_all_areas_apart(
    step: int, sample_catalogue: Catalogue, working_file: Path
) -> None:
    # Every area gets the estimates of another, and nothing else is changed.
    areas = [area.id for area in sample_catalogue.areas.areas]
    to = "".join(
        f" when '{area}' then '{areas[(place + step) % len(areas)]}'"
        for place, area in enumerate(areas)
    )
    change(working_file, f"update areas.estimate set area_id = case area_id{to} end")  # noqa: S608
    reasons = recount(sample_catalogue, working_file, None)
    found = {tuple(reason.split(", ")[:2]) for reason in reasons}
    assert found == {(f"wave {w}", f"area {a}") for w in (2021, 2023, 2025) for a in areas}


def test_two_labels_that_change_places_are_named(
    sample_catalogue: Catalogue, working_file: Path
) -> None:
    change(
        working_file,
        "update ref.area set label = case area_id when 'norrsatra' then 'Barrsätra' "
        "when 'barrsatra' then 'Norrsätra' else label end",
    )
    assert recount(sample_catalogue, working_file, None) == [
        "area barrsatra: its label in ref.area is not that of areas.yml",
        "area norrsatra: its label in ref.area is not that of areas.yml",
    ]


def test_two_codes_that_change_places_are_named(one_wave: Catalogue, sample_path: Path) -> None:
    codes = {area.id: area.codes for area in one_wave.areas.areas}
    turned = {"norrsatra": "barrsatra", "barrsatra": "norrsatra"}
    areas = tuple(
        area.model_copy(update={"codes": codes[turned.get(area.id, area.id)]})
        for area in one_wave.areas.areas
    )
    changed = one_wave._replace(areas=one_wave.areas.model_copy(update={"areas": areas}))
    reasons = recount(changed, sample_path, None)
    assert {reason.split(", ")[1] for reason in reasons} >= {"area norrsatra", "area barrsatra"}


def test_two_waves_that_change_places_are_named(
    sample_catalogue: Catalogue, working_file: Path
) -> None:
    change(
        working_file,
        "update areas.estimate set wave = case wave when 2023 then 2025 when 2025 then 2023 "
        "else wave end",
    )
    reasons = recount(sample_catalogue, working_file, None)
    named = {reason.split(", ")[0] for reason in reasons}
    assert named == {"wave 2023", "wave 2025"}
    assert {reason.split(", ")[1] for reason in reasons} == {
        f"area {area.id}" for area in sample_catalogue.areas.areas
    }


def test_no_reason_holds_a_number_of_people(one_wave: Catalogue, working_file: Path) -> None:
    swap(working_file, "totals.cell", "norrsatra", "barrsatra")
    swap(working_file, "areas.estimate", "norrsatra", "barrsatra")
    for reason in recount(one_wave, working_file, None):
        assert not any(part.isdigit() for part in reason.split()[2:]), reason


def test_every_measure_is_looked_at_somewhere(
    sample_catalogue: Catalogue, sample_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: set[str] = set()

    def spied(catalogue: Catalogue, wave: Wave, chosen: Any, known: Any) -> Any:
        seen.update(measure for measures in chosen.values() for measure in measures)
        return count_wave(catalogue, wave, chosen, known)

    monkeypatch.setattr("pipeline.release.recount.count_wave", spied)
    recount(sample_catalogue, sample_path, None)
    factors, outcomes = asked_measures(sample_catalogue, sample_catalogue.waves[-1])
    assert seen == {*factors, *outcomes}


def test_two_figures_are_looked_at_where_a_wave_asks_for_factors_alone(
    one_wave: Catalogue, sample_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    factors, _ = asked_measures(one_wave, one_wave.waves[-1])
    monkeypatch.setattr("pipeline.release.recount.asked_measures", lambda *_: (factors, []))
    numbers: set[int] = set()

    def spied(catalogue: Catalogue, wave: Wave, chosen: Any, known: Any) -> Any:
        numbers.update(map(len, chosen.values()))
        return count_wave(catalogue, wave, chosen, known)

    monkeypatch.setattr("pipeline.release.recount.count_wave", spied)
    recount(one_wave, sample_path, None)
    assert numbers == {2}


# What is published.


def estimates_of(path: Path) -> pl.DataFrame:
    """``published.estimate`` as a release would have it, every figure shown."""
    with warehouse.connect(path, read_only=True) as connection:
        stored = warehouse.read(connection, "areas.estimate")
    over_all = stored.filter(statistic="share", grade="all", gender="all")
    n = ((pl.col("n") + 2) // 5 * 5).cast(pl.Int64)
    k = (((pl.col("n") * pl.col("estimate")).round().cast(pl.Int64) + 2) // 5 * 5).cast(pl.Int64)
    return over_all.select(
        *("wave", "area_id", "grade", "gender", "measure_id"),
        status=pl.when(pl.col("n") == 0).then(pl.lit("no_answers")).otherwise(pl.lit("shown")),
        n=n,
        n_flagged=k,
        percent=(100 * k / n).round().cast(pl.Int64, strict=False),
    )


@pytest.fixture
def release(sample_path: Path, tmp_path: Path) -> Path:
    """A folder with the figures of a release, as text."""
    folder = tmp_path / "release"
    (folder / "tables").mkdir(parents=True)
    estimates_of(sample_path).write_csv(folder / "tables" / "estimate.csv", null_value="..")
    return folder


def test_rounded_figures_are_the_areas_own(
    one_wave: Catalogue, sample_path: Path, release: Path
) -> None:
    assert recount(one_wave, sample_path, release) == []


def test_a_table_with_two_areas_in_each_others_place_is_named(
    one_wave: Catalogue, sample_path: Path, release: Path
) -> None:
    path = release / "tables" / "estimate.csv"
    text = path.read_text("utf-8").replace("norrsatra", "@").replace("barrsatra", "norrsatra")
    path.write_text(text.replace("@", "barrsatra"), "utf-8")
    reasons = recount(one_wave, sample_path, release)
    assert {reason.split(", ")[1] for reason in reasons} == {"area norrsatra", "area barrsatra"}
    assert all("tables/estimate.csv" in reason for reason in reasons)


def test_the_published_relation_is_looked_at_too(one_wave: Catalogue, working_file: Path) -> None:
    store(working_file, "published.estimate", estimates_of(working_file))
    assert recount(one_wave, working_file, None) == []
    policy = pl.DataFrame({"parameter": ["public.round_counts"], "value": ["5"]})
    store(working_file, "published.policy", policy)
    swap(working_file, "published.estimate", "norrsatra", "barrsatra", "wave = 2021")
    reasons = recount(one_wave, working_file, None)
    assert {tuple(reason.split(", ")[:2]) for reason in reasons} == {
        ("wave 2021", "area norrsatra"),
        ("wave 2021", "area barrsatra"),
    }
    assert all("published.estimate" in reason for reason in reasons)


def test_true_cells_are_looked_at_too(one_wave: Catalogue, working_file: Path) -> None:
    change(
        working_file,
        "create or replace table disclosure.cell as select wave, area_id, 'area' as part, "
        "grade, gender, measure_id, n, round(n * estimate)::bigint as k from areas.estimate "
        "where statistic = 'share'",
        "insert into disclosure.cell select * replace ('rest' as part, n + 1 as n) "
        "from disclosure.cell",
    )
    assert recount(one_wave, working_file, None) == []
    change(working_file, "update disclosure.cell set k = k + 1 where area_id = 'storvik'")
    reasons = recount(one_wave, working_file, None)
    assert {reason.split(", ")[1] for reason in reasons} == {"area storvik"}
    change(working_file, "update disclosure.cell set k = k - 1 where area_id = 'storvik'")
    swap(working_file, "disclosure.cell", "norrsatra", "barrsatra", "wave = 2021")
    reasons = recount(one_wave, working_file, None)
    assert {reason.split(", ")[1] for reason in reasons} == {"area norrsatra", "area barrsatra"}
    assert all("disclosure.cell" in reason for reason in reasons)


def test_a_published_measure_is_taken_before_one_that_is_not(
    one_wave: Catalogue, working_file: Path
) -> None:
    # All but one factor and one outcome are hidden, so these two are looked at everywhere.
    published = estimates_of(working_file).with_columns(
        status=pl.when(pl.col("measure_id").is_in(["c_opp", "alcohol_30d"]))
        .then(pl.lit("shown"))
        .otherwise(pl.lit("suppressed"))
    )
    store(working_file, "published.estimate", published)
    change(working_file, "update areas.estimate set n = n + 1")
    reasons = recount(one_wave, working_file, None)
    assert {reason.split(", ")[2].split(":")[0] for reason in reasons} == {"c_opp", "alcohol_30d"}


@pytest.mark.parametrize(
    ("changes", "is_ok"),
    [
        ({}, True),
        ({"n": 45}, False),  # 48 becomes 50
        ({"n": 48, "n_flagged": 10}, False),  # not rounded
        ({"n_flagged": 15}, False),
        ({"percent": 21}, False),
        ({"n_flagged": None, "percent": None}, True),
        ({"status": "suppressed", "n": None, "n_flagged": None, "percent": None}, True),
        ({"status": "suppressed", "n": 50, "n_flagged": None, "percent": None}, True),
        ({"status": "suppressed", "n": 45, "n_flagged": None, "percent": None}, False),
        ({"rounded_to": 10}, True),
        ({"rounded_to": 10, "n_flagged": 15, "percent": 30}, False),
        ({"rounded_to": 10, "n": 40, "percent": 25}, False),
        ({"status": "no_answers", "n": None, "n_flagged": None, "percent": None}, False),
        ({"status": "coded_below", "n_flagged": None, "percent": None}, True),
        ({"status": "coded_above", "n_flagged": None, "percent": None}, False),
    ],
)
def test_what_a_figure_becomes_when_it_is_published(changes: dict[str, Any], is_ok: bool) -> None:
    row = PublishedRow("a table", 2025, "mill", "scale", "shown", 50, 10, 20)
    figure = Figure(48, Fraction(48), Fraction(11))
    assert row._replace(**changes).can_be(figure) is is_ok


def test_a_page_that_bears_another_name_is_named(
    sample_catalogue: Catalogue, sample_path: Path, release: Path
) -> None:
    pages = release / "documents"
    pages.mkdir()
    # Longer names, which would be found first, stand everywhere but in the page's own title.
    longest = max((area.label for area in sample_catalogue.areas.areas), key=len)
    body = f"{longest}<p>{longest}</p>{longest}<svg><title>{longest}</title></svg>{longest}"
    for area, name in (("norrsatra", "Barrsätra"), ("barrsatra", "Barrsätra")):
        page = pages / f"sandviken_{area}_2025_sv_public.html"
        page.write_text(f"{longest}<title>Områdesprofil {name} 2025</title>{body}", "utf-8")
    assert recount(sample_catalogue, sample_path, release) == [
        "wave 2025, area norrsatra: its page does not bear its name"
    ]
