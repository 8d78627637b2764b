"""Answers as the export has them, read a second time."""

import pytest

from pipeline.release.own_scores import Items
from tests.made_definitions import ONE_TO_FOUR, made_instrument

INSTRUMENT = made_instrument({"a": ONE_TO_FOUR})


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *(("3", 3), ("3.0", 3), ("3,0", 3), ("03", 3)),
        *(("3,5", None), ("5", None), ("", None), ("vet ej", None), ("1/0", None)),
    ],
)
def test_an_answer_is_a_whole_number_of_the_format(text: str, code: int | None) -> None:
    items = Items(INSTRUMENT)
    cells = {items.columns["a"]: text}
    assert items.code("a", cells) == code
    # And the second time, when it is known.
    assert items.code("a", cells) == code
