"""Derived cut-offs written into a norm's file."""

import pytest
import yaml

from pipeline.definitions.norm import CutOff, Separation
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


def test_what_is_written_is_what_is_read() -> None:
    judged = (
        Separation(outcome="it", n_with=9, n_without=40, specificity=0.5),
        Separation(outcome="that", n_with=30, n_without=40, sensitivity=1, specificity=0, auc=0.25),
    )
    plain = CutOff(factor="a", grade="g8", cutoff=1 / 3, n=9, share_flagged=1e-12)
    cuts = (
        plain,
        plain.model_copy(update={"grade": "g9", "weight": 9.25, "share_at_cutoff": 0.0}),
        plain.model_copy(update={"grade": "gy1", "against": judged}),
    )
    text = cutoffs_text(cuts)
    read = [CutOff.model_validate(each) for each in yaml.safe_load(text)["cutoffs"]]
    assert read == list(cuts)
    # Whatever is left out is not known, rather than null on every line.
    assert "null" not in text
    assert with_cutoffs(f"id: norm\n{text}\n", text) == f"id: norm\n{text}\n"
