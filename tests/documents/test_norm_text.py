"""Derived cut-offs written into a norm's file."""

import pytest

from pipeline.documents.norm_text import cutoffs_text, with_cutoffs
from pipeline.errors import DefinitionError

BLOCK = "cutoffs:\n  - {factor: a}"


def test_the_rest_of_the_file_stays_as_its_author_wrote_it() -> None:
    text = "# why\nid: norm  # its name\ncutoffs:\n- {factor: old}\n  # a comment\n"
    assert with_cutoffs(text, BLOCK) == f"# why\nid: norm  # its name\n{BLOCK}\n"


def test_a_file_without_cutoffs_gets_them() -> None:
    assert with_cutoffs("id: norm\n", BLOCK) == f"id: norm\n{BLOCK}\n"


def test_a_key_after_the_cutoffs_is_never_lost() -> None:
    with pytest.raises(DefinitionError, match="not the last key"):
        with_cutoffs("id: norm\ncutoffs: []\nlabel: {sv: a, en: b}\n", BLOCK)


def test_no_cutoffs_are_an_empty_list() -> None:
    assert cutoffs_text(()) == "cutoffs: []"
