"""PDF documents: structure, texts, descriptions of pictures, and all that no page shows."""

from pathlib import Path

import pikepdf

from pipeline.attack.document import Document, Part
from pipeline.attack.pdf_besides import besides
from pipeline.attack.pdf_texts import Drawn, drawn_texts
from pipeline.attack.pdf_tree import structure_of


def read_pdf(path: Path) -> Document:
    """A tagged PDF as a document.

    Args:
        path: of the file.
    """
    drawn = drawn_texts(path)
    with pikepdf.open(path) as opened:
        structure = structure_of(opened, drawn)
        rest = besides(opened, path)
        title = str(opened.docinfo.get("/Title", ""))
    loose = [text for mark, text in drawn.marked.items() if mark not in structure.used]
    unknown = [*structure.unknown, *rest.unknown]
    if drawn.n_pictures:
        unknown.append("a picture made of dots")
    return Document(
        root=structure.root,
        title=title,
        around=[*_around(drawn), [Part(text, "text without a place") for text in loose]],
        unseen=[*rest.texts, *(Part(said, "title of a part") for said in structure.said)],
        unknown=unknown,
    )


def _around(drawn: Drawn) -> list[list[Part]]:
    """Heads and feet of pages, without their numbers."""
    n_pages = len(drawn.around)
    return [
        [
            Part(text, "head or foot of a page")
            for text in texts
            if text.strip() != f"{place} ({n_pages})"
        ]
        for place, texts in enumerate(drawn.around, start=1)
    ]
