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


@pytest.mark.parametrize("seed", range(N_SITES))
def test_nothing_hidden_can_be_worked_out(seed: int, tmp_path: Path) -> None:
    catalogue = made_municipality(tmp_path / "site", seed)
    working_file = build_site(catalogue, tmp_path / "build", silent)
    release = tmp_path / "release"
    release.mkdir()
    with warehouse.connect(working_file, read_only=True) as connection:
        write_published_database(connection, release / "published.duckdb")
        estimates = pl.DataFrame(connection.table("published.estimate"))
    report = attack_release(release)
    assert report.findings == ()
    assert (report.n_exact, report.n_narrow) == (0, 0)
    # Neither is everything hidden: at least a third of what could be shown stays.
    assert (estimates["status"] != "suppressed").mean() > 1 / 3  # type: ignore[operator]
