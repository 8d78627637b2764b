"""What the repository says of itself holds."""

import json
import re
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from fnmatch import fnmatch
from pathlib import Path

import pytest

from pipeline import REPOSITORY
from pipeline.cli import app

IGNORED = (REPOSITORY / ".gitignore").read_text("utf-8").split()
NOT_OURS = {".git", *(line.rstrip("/") for line in IGNORED)}
MAKEFILE = (REPOSITORY / "Makefile").read_text("utf-8")
TARGETS = re.findall(r"^([a-z]+):(?!=)", MAKEFILE, re.MULTILINE)


def files() -> list[Path]:
    """Every file of the repository; the environment alone would hold thousands more."""
    tops = [each for each in REPOSITORY.iterdir() if each.name not in NOT_OURS]
    below = [path for top in tops if top.is_dir() for path in top.rglob("*")]
    return sorted(
        path
        for path in [*tops, *below]
        if path.is_file() and not NOT_OURS & set(path.relative_to(REPOSITORY).parts)
    )


def texts() -> Iterator[tuple[str, str]]:
    """Every text file of the repository: its path in it, and what it holds."""
    for path in files():
        with suppress(UnicodeDecodeError):
            yield str(path.relative_to(REPOSITORY)), path.read_text("utf-8")


PAGES = [path for path in files() if path.suffix == ".md"]


def test_no_file_names_a_folder_of_somebody_s_machine() -> None:
    # In parts, so that this line is not found.
    folders = "|".join(["home", "root", "Users", "work", "tmp", "mnt"])
    machine_path = re.compile(r"(?<![\w.})/~-])/(?:" + folders + r")/\w")
    found = {file: machine_path.findall(text) for file, text in texts()}
    assert {file: paths for file, paths in found.items() if paths} == {}


def test_no_file_holds_an_address_of_a_person() -> None:
    address = re.compile(r"\b[\w.+-]+@[\w-]+\.[a-z]{2,}\b")
    found = {file: address.findall(text) for file, text in texts()}
    assert {file: addresses for file, addresses in found.items() if addresses} == {}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(REPOSITORY)))
def test_links_of_a_page_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)", page.read_text("utf-8"))
    files = [link for link in links if "://" not in link]
    assert [link for link in files if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(REPOSITORY)))
def test_links_into_a_page_lead_to_an_anchor_of_it(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:]*)#([^)]+)\)", page.read_text("utf-8"))
    lost = [
        f"{file}#{anchor}"
        for file, anchor in links
        if anchor not in anchors(page.parent / file if file else page)
    ]
    assert lost == []


def anchors(page: Path) -> set[str]:
    """Where a link can lead: what a page names itself, and its headings as they are on GitHub."""
    text = page.read_text("utf-8")
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    slugs = {re.sub(r"[^\w -]", "", each.lower()).replace(" ", "-") for each in headings}
    return slugs | set(re.findall(r'<a id="([^"]+)"', text))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(REPOSITORY)))
def test_code_and_tests_that_a_page_names_are_there(page: Path) -> None:
    named = re.findall(r"`((?:pipeline|tests|sql|bench)/[\w./*-]+)`", page.read_text("utf-8"))
    assert [path for path in named if not any(REPOSITORY.glob(path.rstrip("/")))] == []


def test_the_method_names_every_module_of_the_analysis() -> None:
    method = (REPOSITORY / "docs" / "method.md").read_text("utf-8")
    modules = [
        str(path.relative_to(REPOSITORY))
        for path in sorted(REPOSITORY.glob("pipeline/analysis/*/*.py"))
        if path.stem != "__init__"
    ]
    assert modules
    assert [module for module in modules if f"`{module}`" not in method] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(REPOSITORY)))
def test_a_page_names_targets_and_commands_that_exist(page: Path) -> None:
    text = page.read_text("utf-8")
    made = set(re.findall(r"(?:^|`)make ([a-z]+)", text, re.MULTILINE))
    assert made - set(TARGETS) == set()
    called = set(re.findall(r"(?:^|`|\s)uppvaxt ([a-z][a-z-]+)", text, re.MULTILINE))
    assert called - commands() == set()


def commands() -> set[str]:
    """Names of the commands, those of groups by the group."""
    return {
        *(each.name or each.callback.__name__ for each in app.registered_commands if each.callback),
        *(each.name or "" for each in app.registered_groups),
    }


def test_the_readme_names_every_target_and_every_command() -> None:
    readme = (REPOSITORY / "README.md").read_text("utf-8")
    assert [target for target in TARGETS if f"| `make {target}" not in readme] == []
    assert [each for each in commands() if f"| `uppvaxt {each}" not in readme] == []


def test_help_lists_every_target() -> None:
    shown = subprocess.run(
        ["make", "help"],  # noqa: S607 - wherever make is
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    ).stdout
    assert TARGETS
    assert [
        target for target in TARGETS if not re.search(rf"^  {target}\s", shown, re.MULTILINE)
    ] == []


def test_every_definition_has_one_schema_in_the_editor() -> None:
    settings = json.loads((REPOSITORY / ".vscode" / "settings.json").read_text("utf-8"))
    schemas: dict[str, list[str]] = settings["yaml.schemas"]
    on_disk = {f"./schemas/json/{each.name}" for each in REPOSITORY.glob("schemas/json/*.json")}
    assert set(schemas) == on_disk
    definitions = [
        path.relative_to(REPOSITORY)
        for folder in ("data_sample", "examples", "schemas", "factor_definitions")
        for path in (REPOSITORY / folder).rglob("*.yml")
        if "generator" not in path.parts
    ]
    assert definitions
    for path in definitions:
        patterns = [each for globs in schemas.values() for each in globs if matches(path, each)]
        assert len(patterns) == 1, f"{path}: {patterns}"


def matches(path: Path, glob: str) -> bool:
    """Whether an editor's glob, which begins with ``**/``, takes the path in."""
    return fnmatch(f"/{path.as_posix()}", glob.replace("**/", "*/"))
