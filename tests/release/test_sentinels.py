"""What the supplier wrote is in neither database: ids, schools, free text, labels, file names."""

from pathlib import Path

import polars as pl
import pyreadstat
import pytest

from pipeline import warehouse
from pipeline.build import build_site
from pipeline.definitions.fit import load_catalogue
from pipeline.release.published_database import write_published_database
from pipeline.release.research_database import Edition, write_research_database
from tests.command_line import uppvaxt
from tests.conftest import silent
from tests.release.conftest import KEY
from tests.release.dumps import dump, found_in
from tests.small_site import replace, write_export

SENTINELS = {
    "lopnr": "zqrespondentzq",
    "skola": "zqschoolzq",
    "klass": "zqclasszq",
    "file": "zqfilezq",
    "text": "zqfreetextzq",
    "label": "zqlabelzq",
    "name": "zqcolumnzq",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small site whose export says things that must not leave."""
    site = tmp_path_factory.mktemp("sentinels") / "site"
    assert uppvaxt("new-site", site).code == 0
    write_export(site)
    [export] = (site / "exports").iterdir()
    rows = pl.read_csv(export, separator=";").with_columns(
        pl.format(f"{SENTINELS['lopnr']}{{}}", "lopnr").alias("lopnr"),
        pl.format(f"{SENTINELS['skola']}{{}}", "skola").alias("skola"),
        pl.format(f"{SENTINELS['klass']}{{}}", "klass").alias("klass"),
        pl.lit(SENTINELS["text"]).alias("kommentar"),
    )
    export.unlink()
    wave = site / "waves" / "2026.yml"
    replace(wave, "exports/2026.csv", f"exports/{SENTINELS['file']}.sav")
    text = wave.read_text("utf-8")
    kept = [
        each for each in text.splitlines() if "encoding:" not in each and "separator:" not in each
    ]
    wave.write_text("\n".join(kept) + "\n", "utf-8")
    pyreadstat.write_sav(
        rows,
        site / "exports" / f"{SENTINELS['file']}.sav",
        column_labels=[SENTINELS["name"]] * rows.width,
        variable_value_labels={"q002": {1: SENTINELS["label"]}},
        file_label=SENTINELS["file"],
    )
    return site


def test_nothing_that_the_supplier_wrote_leaves(site: Path, tmp_path: Path) -> None:
    catalogue = load_catalogue(site)
    working_file = build_site(catalogue, tmp_path / "build", silent)
    published, research = tmp_path / "published.duckdb", tmp_path / "research.duckdb"
    with warehouse.connect(working_file, read_only=True) as connection:
        write_published_database(connection, published)
        write_research_database(connection, catalogue, Edition("a", "b", KEY), research)
    # The search finds what is there.
    planted = {SENTINELS["lopnr"], SENTINELS["skola"], SENTINELS["klass"], SENTINELS["label"]}
    assert planted <= found_in(working_file, SENTINELS.values())
    assert len(dump(research)) > 10_000
    for path in (published, research):
        assert found_in(path, SENTINELS.values()) == set()
        assert found_in(path, [str(tmp_path), str(site)]) == set()
