"""The folder of pages: whole, the same each time, made of a release alone."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import REPOSITORY
from pipeline.definitions.fit import load_catalogue
from pipeline.errors import DisclosureError, UsageError
from pipeline.web.content_policy import content_policy
from pipeline.web.folder import MARKER, whole_folder
from pipeline.web.pages import Source
from pipeline.web.released import ReleasedFile, documents_of
from pipeline.web.website import make_website
from tests.command_line import uppvaxt


def contents(folder: Path) -> dict[str, str]:
    """SHA-256 of every file."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_without_a_release_it_says_which_command_makes_one(tmp_path: Path) -> None:
    site = tmp_path / "site"
    shutil.copytree(REPOSITORY / "examples" / "new_site", site)
    ended = uppvaxt("site", "--site", site)
    assert ended.code == 2
    assert ended.out == ""
    assert f"uppvaxt release --site {site}" in ended.err
    assert not (site / "build").exists()


def test_the_command_says_what_the_accessibility_statement_lacks(
    released_site: Path, tmp_path: Path
) -> None:
    site = Path(shutil.copytree(released_site, tmp_path / "site", symlinks=True))
    asked = ("site", "--site", site, "--out", tmp_path / "web", "--lang", "sv", "--quiet")
    ended = uppvaxt(*asked)
    assert ended.code == 0
    assert [line.split(": ")[2] for line in ended.err.splitlines()] == [
        "contact",
        "accessibility_assessment",
    ]
    with (site / "site.yml").open("a", encoding="utf-8") as file:
        file.write('contact: {sv: "Enheten, 000", en: "The unit, 000"}\n')
        file.write("accessibility_assessment: {sv: Den 1 mars., en: On 1 March.}\n")
    ended = uppvaxt(*asked)
    assert (ended.code, ended.err) == (0, "")


def test_the_command_prints_where_the_pages_lie(released_site: Path, tmp_path: Path) -> None:
    out = tmp_path / "web"
    ended = uppvaxt("site", "--site", released_site, "--out", out, "--lang", "en", "--json")
    assert ended.code == 0, ended.err
    content = json.loads(ended.out)
    assert content["site"] == str(out)
    assert "index.html" in content["pages"]
    assert '<html lang="en">' in (out / "index.html").read_text("utf-8")
    assert not (out / "en").exists()


def test_the_same_release_gives_the_same_bytes(
    released_site: Path, website: Path, tmp_path: Path
) -> None:
    make_website(load_catalogue(released_site), released_site, tmp_path / "again", ("sv", "en"))
    assert contents(tmp_path / "again") == contents(website)


def test_the_release_s_files_are_copied_as_they_are(source: Source, website: Path) -> None:
    assert contents(website / "release") == contents(source.released.folder)


OPENED = """
import sys
from pathlib import Path
from pipeline.definitions.fit import load_catalogue
from pipeline.web.website import make_website
site, out = map(Path, sys.argv[1:])
opened = set()
def note(event, arguments):
    if event == "open" and isinstance(arguments[0], str):
        opened.add(arguments[0])
sys.addaudithook(note)
make_website(load_catalogue(site), site, out, ("sv", "en"))
print("\\n".join(sorted(opened)), flush=True)
import os
os._exit(0)
"""


def test_of_a_site_only_definitions_release_and_ledger_are_read(
    released_site: Path, tmp_path: Path
) -> None:
    # There is neither an export nor a working file in the folder; here is what Python opens in it.
    assert not (released_site / "exports").exists()
    assert not (released_site / "build").exists()
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", OPENED, released_site, tmp_path / "web"],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    inside = [
        Path(line).relative_to(released_site)
        for line in done.stdout.splitlines()
        if Path(line).is_relative_to(released_site)
    ]
    assert inside
    others = [
        path
        for path in inside
        if path.suffix != ".yml" and path.parts[0] not in ("releases", "ledger")
    ]
    assert others == []
    # True counts lie in the ledger's folder.
    assert {path.name for path in inside if path.parts[0] == "ledger"} <= {
        "ledger.jsonl",
        "head.json",
    }


def test_a_changed_release_is_refused(released_site: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    shutil.copytree(released_site, site, symlinks=True)
    table = site / "releases" / "current" / "tables" / "estimate.csv"
    table.chmod(0o644)
    table.write_bytes(table.read_bytes() + b"\n")
    table.chmod(0o444)
    with pytest.raises(DisclosureError, match=r"estimate\.csv: was changed"):
        make_website(load_catalogue(site), site, tmp_path / "web", ("sv",))
    assert not (tmp_path / "web").exists()


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    out = tmp_path / "pictures"
    out.mkdir()
    (out / "cat.png").write_bytes(b"cat")
    with pytest.raises(UsageError, match="holds something else"), whole_folder(out, {}):
        pass
    assert (out / "cat.png").read_bytes() == b"cat"
    link = tmp_path / "link"
    link.symlink_to(out)
    with pytest.raises(UsageError, match="is a file or a link"), whole_folder(link, {}):
        pass


def test_pages_stay_whole_when_writing_fails(tmp_path: Path) -> None:
    out = tmp_path / "web"
    with whole_folder(out, {"release_id": "first"}) as folder:
        (folder / "index.html").write_text("first")
    with pytest.raises(OSError, match="no space"):
        _write_half(out)
    assert (out / "index.html").read_text() == "first"
    with whole_folder(out, {"release_id": "second"}) as folder:
        (folder / "index.html").write_text("second")
    assert (out / "index.html").read_text() == "second"
    assert json.loads((out / MARKER).read_text()) == {"release_id": "second"}
    assert [path.name for path in tmp_path.iterdir()] == ["web"]


def test_what_a_killed_run_left_is_put_back_or_deleted(tmp_path: Path) -> None:
    out, gone = tmp_path / "web", 2**22 + 1
    with whole_folder(out, {"release_id": "first"}):
        pass
    # Killed between the two renames, and while filling; another one is filling still.
    out.rename(tmp_path / f".web.old-{gone}")
    for process in (gone, os.getppid()):
        (tmp_path / f".web.unfinished-{process}").mkdir()
    (tmp_path / ".web.old-diary").mkdir()
    with pytest.raises(OSError, match="no space"):
        _write_half(out)
    assert json.loads((out / MARKER).read_text()) == {"release_id": "first"}
    left = {path.name for path in tmp_path.iterdir()} - {"web", ".web.old-diary"}
    assert left == {f".web.unfinished-{os.getppid()}"}


def _write_half(out: Path) -> None:
    with whole_folder(out, {}) as folder:
        (folder / "index.html").write_text("half")
        raise OSError(28, "no space")


def test_documents_are_told_by_their_names(source: Source) -> None:
    names = [
        "documents/sandviken_omrade_1_2025_sv_public_summary.html",
        "documents/sandviken_omrade_1_2025_sv_public.html",
        "documents/sandviken_omrade_1_2025_sv_public.pdf",
        "documents/sandviken_omrade_1_2023_en_public.docx",
        "documents/other_omrade_1_2025_sv_public.html",
        "documents/sandviken_omrade_1_2025_sv_internal.html",
        "tables/estimate.csv",
    ]
    released = source.released._replace(files=tuple(ReleasedFile(name, 1) for name in names))
    found = [
        (each.area_id, each.wave, each.lang, each.kind, each.form)
        for each in documents_of(released, "sandviken")
    ]
    assert found == [
        ("omrade_1", 2025, "sv", "profile", "html"),
        ("omrade_1", 2025, "sv", "profile", "pdf"),
        ("omrade_1", 2025, "sv", "summary", "html"),
        ("omrade_1", 2023, "en", "profile", "docx"),
    ]


def test_the_policy_names_what_stands_on_the_page() -> None:
    # Hash of "abc" as FIPS 180-2 has it.
    digest = "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="
    policy = content_policy("abc", None)
    assert f"style-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert f"script-src 'sha256-{digest}'" in content_policy("", "abc")
