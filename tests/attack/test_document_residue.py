"""What a document repeats of its page, and what it adds."""

import pytest

from pipeline.attack.document import Document, Part
from pipeline.attack.document_residue import sayings_of, strange_parts
from pipeline.attack.html_tree import Element
from pipeline.attack.names import Names
from pipeline.attack.page_words import page_words

HEADS = ("Upper secondary year 1", "Grade 7")
NAMES = Names()


@pytest.mark.parametrize(
    ("lines", "strange"),
    [
        (("Upper secondary ", "year 1"), []),
        (("Upper secondary year ", "1"), []),
        (("Upper secondary ", "year 4"), ["year 4"]),
        (("Another column ", "year 1"), ["year 1"]),
        (("year 1",), ["year 1"]),
    ],
)
def test_a_short_rest_of_a_head_stands_beside_what_it_is_the_rest_of(
    lines: tuple[str, ...], strange: list[str]
) -> None:
    page = Element("body", {}, [Element("th", {}, [head]) for head in HEADS])
    document = Document(Element("body", {}, []), around=[[Part(line, "head") for line in lines]])
    sayings = sayings_of(document, page_words(page), NAMES)
    assert [part.text for part in strange_parts(document, sayings)] == strange
