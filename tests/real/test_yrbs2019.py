"""The published figures of YRBS 2019, from the public file: from ingest to the last digit."""

import os
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from examples.yrbs2019.compare import compare
from pipeline import REPOSITORY, warehouse
from pipeline.build import build_site
from pipeline.definitions.fit import load_catalogue
from pipeline.disclosure.publishable import read_publishable
from pipeline.release.recount import recount
from tests.conftest import silent

REAL_DATA = (REPOSITORY / os.environ.get("REAL_DATA", "../shared/data")).resolve()
PUBLISHED = REAL_DATA / "yrbs2019"


@pytest.mark.real_data
@pytest.mark.skipif(
    not PUBLISHED.is_dir(),
    reason=f"{PUBLISHED} is not there: name the folder that holds yrbs2019 in REAL_DATA",
)
def test_published_figures_are_reproduced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REAL_DATA", str(REAL_DATA))
    catalogue = load_catalogue(REPOSITORY / "examples" / "yrbs2019")
    path = build_site(catalogue, tmp_path, silent)
    assert recount(catalogue, path, None) == []
    with warehouse.connect(path, read_only=True) as connection:
        estimates = read_publishable(connection, catalogue.policy, "internal").estimates
    estimates.write_csv(tmp_path / "estimates.csv")
    app = typer.Typer()
    app.command()(compare)
    arguments = ["--estimates", str(tmp_path / "estimates.csv"), "--published", str(PUBLISHED)]
    outcome = CliRunner().invoke(app, arguments)
    assert outcome.output.splitlines()[-1] == (
        "105 figures: 104 equal at the printed digit, 1 explained, 0 differ"
    )
    assert outcome.exit_code == 0
