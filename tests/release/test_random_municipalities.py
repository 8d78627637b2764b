"""Whole municipalities made by chance: what is published of them gives nothing hidden away.

The attacker shares no code with what protects. ``RANDOM_SITES=1000`` tries more of them.
"""

import os
from pathlib import Path

import polars as pl
import pytest

from pipeline import warehouse
from pipeline.attack.attack import attack_release
from pipeline.build import build_site
from pipeline.release.published_database import write_published_database
from tests.conftest import silent
from tests.made_municipality import made_municipality

N_SITES = int(os.environ.get("RANDOM_SITES", "6"))


@pytest.mark.parametrize("spread", [0.0, 0.4])
@pytest.mark.parametrize("seed", range(N_SITES))
def test_nothing_hidden_can_be_worked_out(seed: int, spread: float, tmp_path: Path) -> None:
    catalogue = made_municipality(tmp_path / "site", seed, spread=spread)
    working_file = build_site(catalogue, tmp_path / "build", silent)
    release = tmp_path / "release"
    release.mkdir()
    with warehouse.connect(working_file, read_only=True) as connection:
        write_published_database(connection, release / "published.duckdb")
        estimates = pl.DataFrame(connection.table("published.estimate"))
        waves = pl.DataFrame(connection.table("published.wave"))
    assert waves["is_weighted"].to_list() == [spread > 0]
    report = attack_release(release)
    assert report.findings == ()
    assert (report.n_exact, report.n_narrow) == (0, 0)
    # Neither is everything hidden: a third of what could be shown stays at least, a fifth where a
    # norm tells shares of the same answers.
    least = 1 / 5 if catalogue.norms else 1 / 3
    assert (estimates["status"] != "suppressed").mean() > least  # type: ignore[operator]
