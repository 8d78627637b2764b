"""Sites with a build: the sample's databases, and a place for releases of made-up pupils."""

import hashlib
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import duckdb
import pytest

from pipeline import REPOSITORY
from pipeline.build import build_site
from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.fit import load_catalogue
from pipeline.definitions.research_edition import ResearchEdition
from pipeline.release import publish as publishing
from pipeline.release.decision import Approval, Outcome
from pipeline.release.published_database import write_published_database
from pipeline.release.research_database import Edition, write_research_database
from tests.conftest import silent
from tests.release.made_release import ROOT, Pupil, Rules, count, write_working_file
from tests.small_site import write_export

Release = Callable[..., Outcome]
USUAL = Rules()
KEY = hashlib.sha256(b"key of the tests").digest()


@pytest.fixture(scope="session")
def small_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A municipality with two areas and one wave."""
    site = tmp_path_factory.mktemp("small") / "site"
    shutil.copytree(REPOSITORY / "examples" / "new_site", site)
    write_export(site)
    return site


@pytest.fixture(scope="session")
def small_catalogue(small_site: Path) -> Catalogue:
    """Its definitions."""
    return load_catalogue(small_site)


@pytest.fixture(scope="session")
def small_build(small_catalogue: Catalogue, small_site: Path) -> Path:
    """Its working file."""
    return build_site(small_catalogue, small_site / "build", silent)


@pytest.fixture(scope="session")
def made_catalogue(small_catalogue: Catalogue) -> Catalogue:
    """The definitions with the root area of the made-up pupils."""
    site = small_catalogue.site.model_copy(update={"root_area": ROOT})
    return small_catalogue._replace(site=site)


def write_one(_: object, __: object, folder: Path) -> None:
    """Stands for all documents."""
    (folder / "made.html").write_text("<!doctype html><title>Made up</title>", "utf-8")


@pytest.fixture
def no_documents(monkeypatch: pytest.MonkeyPatch) -> None:
    """Made-up working files have what tables are made of, but not all of what documents need."""
    monkeypatch.setattr("pipeline.release.making.write_documents", write_one)
    monkeypatch.setattr("pipeline.release.audit.document_names", lambda _: {"made.html"})
    monkeypatch.setattr("pipeline.release.audit.recount", lambda *_: [])
    monkeypatch.setattr("pipeline.release.audit.attack_findings", lambda _: [])


@pytest.fixture
def few_files(no_documents: None, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001
    """Releases without tables and database, and no waiting for the disk: the decision is tested."""
    monkeypatch.setattr(
        "pipeline.release.making.write_tables", lambda _, folder: write_one(None, None, folder)
    )
    monkeypatch.setattr("pipeline.release.making.write_published_database", lambda *_: None)
    monkeypatch.setattr("pipeline.release.publish.CHECKS", ())
    monkeypatch.setattr("os.fsync", lambda _: None)


@pytest.fixture
def release(
    made_catalogue: Catalogue,
    no_documents: None,  # noqa: ARG001
    tmp_path: Path,
) -> Release:
    """Releases pupils into ``tmp_path/out``."""

    def release_pupils(
        pupils: Mapping[int, Pupil],
        areas: tuple[str, ...] = ("norr", "soder"),
        rules: Rules = USUAL,
        *,
        approval: Approval | None = None,
        by: str = "nightly",
        is_held: bool = False,
    ) -> Outcome:
        working_file = tmp_path / "working.duckdb"
        write_working_file(working_file, count(pupils, areas, rules), rules)
        return publishing.publish(
            made_catalogue,
            working_file,
            tmp_path / "out",
            approval=approval,
            progress=silent,
            by=by,
            is_held=is_held,
        )

    return release_pupils


@pytest.fixture(scope="session")
def published_path(
    sample: duckdb.DuckDBPyConnection, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """``published.duckdb`` of the sample."""
    path = tmp_path_factory.mktemp("published") / "published.duckdb"
    write_published_database(sample, path)
    return path


@pytest.fixture(scope="session")
def research_path(
    sample: duckdb.DuckDBPyConnection,
    sample_catalogue: Catalogue,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """``research.duckdb`` of the sample."""
    path = tmp_path_factory.mktemp("research") / "research.duckdb"
    edition = Edition("first", "build", KEY)
    write_research_database(sample, sample_catalogue, edition, path)
    path.chmod(0o440)
    return path


def changed(catalogue: Catalogue, **research: object) -> Catalogue:
    """The sample under another policy for researchers."""
    policy = catalogue.policy
    edition = ResearchEdition.model_validate(policy.research.model_dump() | research)
    editions = policy.editions.model_copy(update={"research": edition})
    return catalogue._replace(policy=policy.model_copy(update={"editions": editions}))
