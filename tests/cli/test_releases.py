"""Releases as a person at a terminal meets them: exit codes, streams, files."""

import json
import shutil
from pathlib import Path

import pytest

from pipeline import REPOSITORY
from tests.command_line import uppvaxt
from tests.made_once import made_once
from tests.small_site import write_export


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small site with a release; read, never changed."""

    def make(folder: Path) -> None:
        site = folder / "site"
        shutil.copytree(REPOSITORY / "examples" / "new_site", site)
        write_export(site)
        ended = uppvaxt("release", "--site", site, "--quiet", "--by", "analyst")
        assert ended.code == 0, ended.err
        assert ended.out.startswith("promoted ")

    return made_once(tmp_path_factory, "released", make) / "site"


def site_with_one_less(released: Path, tmp_path: Path) -> Path:
    """The same site after one row was taken out of its export."""
    site = tmp_path / "site"
    shutil.copytree(released, site, symlinks=True)
    [export] = (site / "exports").iterdir()
    lines = export.read_text("utf-8").splitlines(keepends=True)
    export.write_text("".join(lines[:-1]), "utf-8")
    return site


def test_a_release_is_verified_and_listed(released: Path, tmp_path: Path) -> None:
    site = Path(shutil.copytree(released, tmp_path / "site", symlinks=True))
    current = site / "releases" / "current"
    ended = uppvaxt("verify", current)
    assert (ended.code, ended.err) == (0, "")
    assert "as it was published" in ended.out
    assert uppvaxt("verify", site).code == 0
    listed = uppvaxt("releases", "--site", site)
    assert listed.out.startswith("* ")
    assert "promoted" in listed.out
    content = json.loads(uppvaxt("releases", "--site", site, "--json").out)
    assert content["current"] == content["decisions"][0]["release_id"] == current.readlink().name
    again = uppvaxt("release", "--site", site, "--quiet", "--json")
    assert json.loads(again.out)["state"] == "unchanged"


def test_a_ledger_that_begins_beside_the_sites_is_said(released: Path, tmp_path: Path) -> None:
    site = Path(shutil.copytree(released, tmp_path / "site", symlinks=True))
    arguments = ("release", "--site", site, "--out", tmp_path / "other", "--build", site / "build")
    first = uppvaxt(*arguments, "--quiet")
    assert first.code == 0, first.err
    assert "nothing that was published before is compared" in first.err
    again = uppvaxt(*arguments, "--quiet")
    assert (again.code, again.err) == (0, "")
    assert again.out.startswith("unchanged ")


def test_an_edited_release_is_named_with_exit_code_4(released: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(released / "releases" / "current", copy)
    table = copy / "tables" / "estimate.csv"
    table.chmod(0o644)
    table.write_bytes(table.read_bytes() + b"\n")
    ended = uppvaxt("verify", copy)
    assert (ended.code, ended.out) == (4, "")
    assert f"{table}: was changed" in ended.err


def test_one_respondent_less_is_held_until_another_role_approves(
    released: Path, tmp_path: Path
) -> None:
    site = site_with_one_less(released, tmp_path)
    held = uppvaxt("release", "--site", site, "--quiet", "--json", "--by", "analyst")
    assert held.code == 4
    told = json.loads(held.out)
    assert told["state"] == "held"
    assert "fewer than 10 respondents" in told["reasons"][0]
    decide = ("release", "--site", site, "--approve")
    why = ("--reason", "Decided with the supplier.")
    same = uppvaxt(*decide, told["release_id"], *why, "--by", "analyst")
    assert (same.code, same.out) == (4, "")
    assert "expected the approval of another" in same.err
    unknown = uppvaxt(*decide, told["release_id"][:-2], *why, "--by", "head")
    assert unknown.code == 2
    assert f"nearest is '{told['release_id']}'" in unknown.err
    assert uppvaxt(*decide, told["release_id"], "--by", "head").code == 2
    assert uppvaxt(*decide, told["release_id"], *why, "--by", "head").code == 0
    back = uppvaxt("rollback", "--site", site, "--by", "head", *why)
    assert back.code == 0
    assert (site / "releases" / "current").readlink() == (
        released / "releases" / "current"
    ).readlink()
    assert uppvaxt("verify", site).code == 0


def test_a_full_disk_is_74_and_changes_nothing(released: Path, tmp_path: Path) -> None:
    site = site_with_one_less(released, tmp_path)
    assert uppvaxt("build", "--site", site, "--quiet").code == 0
    before = sorted(path.name for path in (site / "releases").iterdir())
    for size in (100, 3_000, 30_000, 200_000, 600_000):
        ended = uppvaxt("release", "--site", site, "--quiet", max_file_bytes=size)
        assert ended.code == 74, (size, ended.err)
        assert sorted(path.name for path in (site / "releases").iterdir()) == before
    assert uppvaxt("verify", site).code == 0
    assert uppvaxt("release", "--site", site, "--quiet").code == 4
