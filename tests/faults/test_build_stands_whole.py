"""A build that fails leaves nothing half-built, and nothing good destroyed."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline import REPOSITORY
from pipeline.build import build_site
from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.fit import load_catalogue
from pipeline.errors import ExportError
from pipeline.fingerprint import DATABASE


@pytest.fixture
def broken(tmp_path: Path) -> Catalogue:
    """The sample site with its second wave's export cut short."""
    site = tmp_path / "site"
    shutil.copytree(
        REPOSITORY / "data_sample", site, ignore=shutil.ignore_patterns("build", "generator")
    )
    export = site / "exports" / "2023.sav"
    content = export.read_bytes()
    export.write_bytes(content[: len(content) // 2])
    return load_catalogue(site)


def failing(catalogue: Catalogue, out: Path) -> list[str]:
    """Build, and see it fail in the second wave; what was told on the way."""
    told: list[str] = []
    listen: Callable[[str], None] = told.append
    with pytest.raises(ExportError, match=r"2023\.sav: "):
        build_site(catalogue, out, listen)
    return told


def test_no_database_where_there_was_none(broken: Catalogue, tmp_path: Path) -> None:
    out = tmp_path / "build"
    assert failing(broken, out) == ["Reading 2021", "Reading 2023"]
    assert list(out.iterdir()) == []


def test_an_earlier_database_stays_as_it_was(broken: Catalogue, tmp_path: Path) -> None:
    earlier = tmp_path / "build" / DATABASE
    earlier.parent.mkdir()
    # Any content: a build neither opens nor changes what it is to replace.
    earlier.write_bytes(b"an earlier build")
    before = (earlier.stat().st_mtime_ns, earlier.stat().st_ino)
    failing(broken, earlier.parent)
    assert earlier.read_bytes() == b"an earlier build"
    assert (earlier.stat().st_mtime_ns, earlier.stat().st_ino) == before
    assert list(earlier.parent.iterdir()) == [earlier]


def test_an_interruption_leaves_nothing(
    broken: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        # By now the definitions are in the unfinished file.
        assert [path.suffix for path in (tmp_path / "build").glob("unfinished-*")]
        raise KeyboardInterrupt("stop")

    monkeypatch.setattr("pipeline.build.load_wave", interrupted)
    with pytest.raises(KeyboardInterrupt, match="stop"):
        build_site(broken, tmp_path / "build", lambda _: None)
    assert list((tmp_path / "build").iterdir()) == []
