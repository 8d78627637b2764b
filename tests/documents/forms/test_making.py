"""Many documents at once: the same as one by one, and none made again that would be the same."""

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.documents.beside import Beside
from pipeline.documents.forms import making
from pipeline.documents.forms.making import Wanted, make_documents, make_stale_documents
from pipeline.documents.forms.writing import FORMS, FORMS_OF, Form
from pipeline.documents.render import Kind
from tests.documents.conftest import VARIANTS
from tests.documents.sample_profile import PROFILE
from tests.documents.test_beside import BESIDE

SHORT: tuple[Form, ...] = ("html", "csv")


def wanted(name: str = "norrby", content: Kind | Beside = "profile") -> Wanted:
    return Wanted("ours", replace(PROFILE, area_id=name), content, SHORT)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_processes_change_no_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    documents = [
        Wanted("ours", replace(profile, area_id=name), kind, FORMS_OF[kind])
        for name, profile in VARIANTS.items()
        for kind in ("profile", "young")
    ]
    together, alone = tmp_path / "together", tmp_path / "alone"
    for folder in (together, alone):
        folder.mkdir()
    monkeypatch.setattr(making, "n_cores", lambda: 2)
    paths = make_documents(documents, together)
    monkeypatch.setattr(making, "n_cores", lambda: 1)
    make_documents(documents, alone)
    assert contents(together) == contents(alone)
    assert len(paths) == len(contents(alone)) == len(VARIANTS) * (len(FORMS) + 3)


def test_names_say_all_that_tells_documents_apart() -> None:
    names = [*wanted().names(), *wanted(content="summary").names(), *wanted(content=BESIDE).names()]
    assert names == [
        "ours_norrby_2025_sv_internal.html",
        "ours_norrby_2025_sv_internal.csv",
        "ours_norrby_2025_sv_internal_summary.html",
        "ours_norrby_2025_sv_internal_summary.csv",
        "ours_norrby_2025_sv_internal_compare.html",
        "ours_norrby_2025_sv_internal_compare.csv",
    ]


def test_only_what_changed_is_made_again(tmp_path: Path) -> None:
    both = [wanted("norrby"), wanted("storby")]
    paths = make_stale_documents(both, tmp_path)
    for path in paths:
        path.write_bytes(b"made before")
    changed = both[0]._replace(profile=replace(both[0].profile, wave_label="Another"))
    assert make_stale_documents([changed, both[1]], tmp_path) == paths
    made_before = [path.name for path in paths if path.read_bytes() == b"made before"]
    assert made_before == both[1].names()


def test_what_was_removed_is_made_again(tmp_path: Path) -> None:
    first, _ = make_stale_documents([wanted()], tmp_path)
    first.unlink()
    make_stale_documents([wanted()], tmp_path)
    assert first.is_file()


def test_another_template_makes_all_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, _ = make_stale_documents([wanted()], tmp_path)
    first.write_bytes(b"made before")
    monkeypatch.setattr(making, "_templates", lambda: "others")
    make_stale_documents([wanted()], tmp_path)
    assert first.read_bytes() != b"made before"


def test_more_forms_are_added_to_those_there(tmp_path: Path) -> None:
    make_stale_documents([wanted()], tmp_path)
    more = wanted()._replace(forms=("html", "json"))
    assert all(path.is_file() for path in make_stale_documents([more], tmp_path))
