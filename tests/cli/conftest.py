"""A small site, built once, and copies of it to change."""

import shutil
from pathlib import Path

import pytest

from tests.command_line import uppvaxt
from tests.made_once import made_once
from tests.small_site import write_export


@pytest.fixture(scope="session")
def built_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two areas of sixty respondents; read, never changed."""

    def make(folder: Path) -> None:
        uppvaxt("new-site", folder / "our_site")
        write_export(folder / "our_site")
        built = uppvaxt("build", "--site", folder / "our_site")
        assert built.code == 0, built.err

    return made_once(tmp_path_factory, "small_site", make) / "our_site"


@pytest.fixture
def site(built_site: Path, tmp_path: Path) -> Path:
    """A built site to change."""
    return Path(shutil.copytree(built_site, tmp_path / "our_site"))
