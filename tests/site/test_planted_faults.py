"""Faults planted in the sample's answers and definitions, found from exports to alarms."""

import shutil
from pathlib import Path

import polars as pl
import pyreadstat
import pytest

from pipeline import REPOSITORY
from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.fit import load_catalogue
from pipeline.review import judge_scales
from tests.conftest import silent
from tests.small_site import replace

YEAR = 2025
TURNED, UNUSED, MOVED, UNREVERSED = "s_opp", "c_rew", "f_manage_poor", "c_disorg"
WAVES = (2021, 2023, 2025)


@pytest.fixture(scope="module")
def alarms(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[int, str, str, str]]:
    """Wave, factor, item and alarm of a copy of the sample with a fault in each of four scales."""
    site = Path(shutil.copytree(REPOSITORY / "data_sample", tmp_path_factory.mktemp("a") / "site"))
    catalogue = load_catalogue(site)
    instrument = catalogue.instrument_of(catalogue.waves[-1])
    columns = {item.id: item.column for item in instrument.items}
    first = {factor.id: columns[factor.items[0].id] for factor in catalogue.factors}
    path = site / "exports" / f"{YEAR}.sav"
    rows, meta = pyreadstat.read_sav(path, user_missing=True, output_format="polars")
    turned, unused, moved = first[TURNED], first[UNUSED], first[MOVED]
    answer = pl.col(turned).is_between(1, 4)
    changed = pl.DataFrame(rows).with_columns(
        # The supplier counted the options from the other end.
        pl.when(answer).then(5 - pl.col(turned)).otherwise(turned).alias(turned),
        # The page did not offer the second option.
        pl.col(unused).replace({2: 3}),
        # Another question stands in its place: its answers have nothing to do with the others.
        pl.col(moved).shuffle(seed=5),
    )
    pyreadstat.write_sav(changed, path, variable_value_labels=meta.variable_value_labels)
    judged = judge_scales(unreversed(site), silent, with_dif=False)
    return judged.alarms.drop("reason_sv", "reason_en").rows()


def unreversed(site: Path) -> Catalogue:
    """The site with a scale of its own whose author forgot that one item is worded otherwise."""
    scale = REPOSITORY / "factor_definitions" / "scales" / f"{UNREVERSED}.yml"
    own = site / "factor_definitions" / "scales" / "unreversed.yml"
    own.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(scale, own)
    replace(own, f"id: {UNREVERSED}\n", "id: unreversed\n")
    replace(own, "{id: c_safe, reversed: true}", "{id: c_safe}")
    replace(site / "site.yml", "p_skills,\n", "p_skills, unreversed,\n")
    return load_catalogue(site)


def test_every_fault_is_named_and_nothing_else(alarms: list[tuple[int, str, str, str]]) -> None:
    assert sorted(alarms) == sorted(
        [
            *((wave, "unreversed", "c_safe", "runs_against_scale") for wave in WAVES),
            (YEAR, TURNED, "s_decide", "options_turned"),
            (YEAR, UNUSED, "c_praise", "option_never_chosen"),
            (YEAR, MOVED, "f_homework", "meaning_moved"),
        ]
    )
