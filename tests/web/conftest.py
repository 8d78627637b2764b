"""A site with a release, and what pages are made of."""

from pathlib import Path

import pytest

from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.fit import load_catalogue
from pipeline.release.layout import Layout
from pipeline.web.changes import notes_of
from pipeline.web.pages import Source
from pipeline.web.released import open_current
from pipeline.web.website import make_website
from tests.made_once import made_once
from tests.web.sample_release import make_released_site


@pytest.fixture(scope="session")
def released_site(
    sample_catalogue: Catalogue, sample_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Definitions, a release and its ledger; read, never changed."""
    return make_released_site(sample_catalogue, sample_path, tmp_path_factory)


@pytest.fixture(scope="session")
def source(released_site: Path) -> Source:
    """What the sample's pages are made of."""
    released = open_current(released_site, released_site)
    notes = notes_of(Layout(released_site), released.release_id)
    return Source(released, load_catalogue(released_site), notes)


@pytest.fixture(scope="session")
def website(released_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample's pages in both languages; read, never changed."""

    def make(folder: Path) -> None:
        make_website(load_catalogue(released_site), released_site, folder / "web", ("sv", "en"))

    return made_once(tmp_path_factory, "website", make) / "web"
