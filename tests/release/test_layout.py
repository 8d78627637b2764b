"""Where releases lie: whoever reads them, or backs them up, knows the names."""

from pathlib import Path

import pytest

from pipeline.errors import DisclosureError
from pipeline.release.layout import Layout, current_id, releases_in, sole_writer

RELEASE = "0123456789abcdef"


def test_earlier_releases_are_found_by_these_names() -> None:
    layout = Layout(Path("out"))
    paths = (layout.releases, layout.current, layout.held, layout.ledger, layout.lines)
    assert [str(path) for path in (*paths, layout.head, layout.cells(RELEASE))] == [
        "out/releases", "out/releases/current", "out/held", "out/ledger",
        "out/ledger/ledger.jsonl", "out/ledger/head.json",
        f"out/ledger/cells_{RELEASE}.parquet",
    ]  # fmt: skip


def test_a_release_is_what_is_named_like_one(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    assert releases_in(layout.releases) == []
    assert current_id(layout) is None
    layout.releases.mkdir()
    for name in (RELEASE, "0" * 16, "0" * 15, "0" * 17, "g" * 16, ".unfinished-1", "F" * 16):
        (layout.releases / name).mkdir()
    layout.current.symlink_to(RELEASE)
    assert releases_in(layout.releases) == ["0" * 16, RELEASE]
    assert current_id(layout) == RELEASE


def test_folders_are_made_for_their_readers(tmp_path: Path) -> None:
    layout = Layout(tmp_path / "deep" / "out")
    for _ in range(2):
        with sole_writer(layout):
            modes = [
                path.stat().st_mode & 0o777
                for path in (layout.releases, layout.ledger, layout.held)
            ]
        assert modes == [0o755, 0o700, 0o700]


@pytest.mark.parametrize("what", ["ledger", "held", "file", "link"])
def test_what_is_private_must_be(tmp_path: Path, what: str) -> None:
    layout = Layout(tmp_path)
    with sole_writer(layout):
        pass
    (layout.ledger / "kept").write_bytes(b"x")
    (layout.ledger / "kept").chmod(0o600)
    with sole_writer(layout):
        pass
    if what == "link":
        (layout.ledger / "kept").unlink()
        (layout.ledger / "kept").symlink_to(tmp_path / "elsewhere")
    else:
        path = {"ledger": layout.ledger, "held": layout.held, "file": layout.ledger / "kept"}[what]
        path.chmod(path.stat().st_mode | 0o040)
    with (
        pytest.raises(DisclosureError, match="what is private can be read by others"),
        sole_writer(layout),
    ):
        pass
