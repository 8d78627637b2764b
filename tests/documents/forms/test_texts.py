"""Fixed texts of the forms: none is left over, none is missing."""

from collections.abc import Mapping
from typing import Any

import pytest

from pipeline.documents import wording
from pipeline.documents.forms import sheet_words, word
from pipeline.documents.forms.data import figures_csv
from tests.documents.forms.conftest import PROFILES, made_of


def test_every_text_of_the_forms_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    used = set()
    say = wording.say

    def noted(texts: Mapping[str, str], key: str, **values: Any) -> Any:
        used.add(key)
        return say(texts, key, **values)

    monkeypatch.setattr(sheet_words, "say", noted)
    monkeypatch.setattr(word, "say", noted)
    for profile in PROFILES.values():
        made_of(profile)
        figures_csv(profile)
    wanted = {
        key for key in wording.load_texts("sv") if key.startswith(("word.", "sheet.", "slide."))
    }
    assert wanted - used == set()
