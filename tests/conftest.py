"""The sample site, built once for all tests of a run."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from hypothesis import settings

from pipeline import REPOSITORY, warehouse
from pipeline.build import build_site
from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.fit import load_catalogue
from pipeline.definitions.policy import InternalEdition
from pipeline.disclosure.publishable import Publishable, read_publishable
from pipeline.files import PROTECTIONS
from pipeline.fingerprint import DATABASE
from tests.made_once import made_once

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
    """Working file of the sample site, built from its exports; read, never changed."""

    def build(out: Path) -> None:
        build_site(sample_catalogue, out, silent)

    return made_once(tmp_path_factory, "sample", build) / DATABASE


@pytest.fixture(scope="session")
def sample_protections(sample_path: Path) -> Path:
    """What protects the sample's tables, worked out when it was built: it began without any.

    Copied into another build's folder, it spares solving those tables again that are the same.
    """
    return sample_path.with_name(PROTECTIONS)


@pytest.fixture(scope="session")
def sample(sample_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The sample site's working file, open for reading."""
    with warehouse.connect(sample_path, read_only=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def publishable(sample: duckdb.DuckDBPyConnection, sample_catalogue: Catalogue) -> Publishable:
    """What the sample site's internal edition shows, with the public one's minimum base."""
    policy = sample_catalogue.policy
    internal = InternalEdition(min_base=policy.public.min_base)
    editions = policy.editions.model_copy(update={"internal": internal})
    stricter = policy.model_copy(update={"editions": editions})
    return read_publishable(sample, stricter, "internal")


@pytest.fixture(scope="session")
def public(sample: duckdb.DuckDBPyConnection, sample_catalogue: Catalogue) -> Publishable:
    """What the sample site's public edition shows."""
    return read_publishable(sample, sample_catalogue.policy, "public")
