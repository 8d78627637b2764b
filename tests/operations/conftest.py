"""A small site whose exports are there, nothing built; and one with a release."""

import shutil
from pathlib import Path

import pytest

from tests.command_line import uppvaxt
from tests.operations.night import night
from tests.small_site import write_export


@pytest.fixture(scope="session")
def unbuilt_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two areas of sixty respondents; read, never changed."""
    site = tmp_path_factory.mktemp("operations") / "our_site"
    uppvaxt("new-site", site)
    write_export(site)
    return site


@pytest.fixture(scope="session")
def released_site(unbuilt_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site after a night that promoted; read, never changed."""
    site = tmp_path_factory.mktemp("released") / "our_site"
    shutil.copytree(unbuilt_site, site)
    ended = night(site)
    assert ended.code == 0, ended.err
    return site


@pytest.fixture
def fresh(unbuilt_site: Path, tmp_path: Path) -> Path:
    """A site to change, on which no night has run."""
    return Path(shutil.copytree(unbuilt_site, tmp_path / "our_site"))


@pytest.fixture
def released(released_site: Path, tmp_path: Path) -> Path:
    """A site to change, with a release."""
    return Path(shutil.copytree(released_site, tmp_path / "our_site", symlinks=True))
