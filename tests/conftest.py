"""The sample site, built once for all tests of a process."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from hypothesis import settings

from pipeline import REPOSITORY, warehouse
from pipeline.build import build_site
from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.fit import load_catalogue
from pipeline.disclosure.publishable import Publishable, read_publishable

# The same examples in every run, and no failure because a machine is busy.
settings.register_profile("uppvaxt", derandomize=True, deadline=None, database=None)
settings.load_profile("uppvaxt")


def silent(_: str) -> None:
    """Progress that nobody wants to hear of."""


@pytest.fixture(scope="session")
def sample_catalogue() -> Catalogue:
    """Definitions of the sample site."""
    return load_catalogue(REPOSITORY / "data_sample")


@pytest.fixture(scope="session")
def sample_path(sample_catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Working file of the sample site, built from its exports."""
    return build_site(sample_catalogue, tmp_path_factory.mktemp("sample"), silent)


@pytest.fixture(scope="session")
def sample(sample_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The sample site's working file, open for reading."""
    with warehouse.connect(sample_path, read_only=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def publishable(sample: duckdb.DuckDBPyConnection, sample_catalogue: Catalogue) -> Publishable:
    """What the sample site may show."""
    return read_publishable(sample, sample_catalogue.policy)
