"""Which documents a release has, and in which forms."""

from collections import defaultdict

from pipeline.definitions.catalogue import Catalogue
from pipeline.documents.forms.writing import FORMS
from pipeline.release.document_files import document_names, planned


def test_every_area_has_its_documents_and_the_newest_wave_all_forms(
    sample_catalogue: Catalogue,
) -> None:
    forms = defaultdict(set)
    areas = defaultdict(set)
    for document, of_document in planned(sample_catalogue):
        key = (document.wave, document.lang, document.kind)
        forms[key].add(of_document)
        areas[key].add(document.area_id)
    read = ("html", "pdf")
    newest = 2025
    assert forms == {
        (newest, "sv", "profile"): {(*read, "docx", "xlsx", "pptx")},
        (newest, "en", "profile"): {read},
        **{(newest, lang, kind): {read} for lang in ("sv", "en") for kind in ("summary", "young")},
        **{(wave, lang, "profile"): {("html",)} for wave in (2021, 2023) for lang in ("sv", "en")},
        **{(newest, lang, "overview"): {read} for lang in ("sv", "en")},
    }
    every = {area.id for area in sample_catalogue.areas.areas}
    for (_, _, kind), of_kind in areas.items():
        assert of_kind == ({"sandviken"} if kind == "overview" else every)


def test_names_end_in_a_form_that_there_is(sample_catalogue: Catalogue) -> None:
    names = document_names(sample_catalogue)
    assert {name.rpartition(".")[2] for name in names} <= set(FORMS)
    assert "sandviken_norrsatra_2025_sv_public.docx" in names
    assert "sandviken_norrsatra_2021_en_public.html" in names
