"""A small site, built once, and copies of it to change."""

import shutil
from pathlib import Path

import pytest

from tests.command_line import uppvaxt
from tests.small_site import write_export


@pytest.fixture(scope="session")
def built_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two areas of sixty respondents; read, never changed."""
    site = tmp_path_factory.mktemp("cli") / "our_site"
    uppvaxt("new-site", site)
    write_export(site)
    built = uppvaxt("build", "--site", site)
    assert built.code == 0, built.err
    return site


@pytest.fixture
def site(built_site: Path, tmp_path: Path) -> Path:
    """A built site to change."""
    return Path(shutil.copytree(built_site, tmp_path / "our_site"))
