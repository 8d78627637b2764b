"""The sample's release with the profiles of two areas: what pages are made of."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline import REPOSITORY
from pipeline.definitions.catalogue import Catalogue
from pipeline.documents.forms.writing import DocumentId, Form
from pipeline.release import document_files
from pipeline.release.publish import publish
from tests.conftest import silent
from tests.made_once import made_once

AREAS = ("sandviken", "norrsatra")
"""With documents; figures are of all."""

ALL_DOCUMENTS = document_files.planned


def _few_documents(catalogue: Catalogue) -> Iterator[tuple[DocumentId, tuple[Form, ...]]]:
    return (each for each in ALL_DOCUMENTS(catalogue) if each[0].area_id in AREAS)


def make_released_site(
    catalogue: Catalogue, working_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A folder with the sample's definitions, a release and its ledger: no answers, no build."""

    def make(folder: Path) -> None:
        site = folder / "site"
        leave = shutil.ignore_patterns(
            "build", "exports", "generator", "releases", "held", "ledger", "*.py", "__pycache__"
        )
        shutil.copytree(REPOSITORY / "data_sample", site, ignore=leave)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(document_files, "planned", _few_documents)
            # Other tests audit releases, which takes longer than making them.
            patch.setattr("pipeline.release.publish.CHECKS", ())
            outcome = publish(catalogue, working_file, site, approval=None, progress=silent)
        assert outcome.state == "promoted"

    return made_once(tmp_path_factory, "released_for_pages", make) / "site"
