"""Texts of a PDF as they are drawn, each with the mark that ties it to the document's structure."""

import ctypes
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

_ROOM = 4096
"""Letters of one drawn text: Typst writes a line at most."""


class Drawn(NamedTuple):
    """What the pages of a file draw."""

    marked: dict[tuple[int, int], str]
    """Page and number of marked content to its text."""

    around: tuple[tuple[str, ...], ...]
    """Texts of each page that belong to no structure: heads and feet."""

    n_pictures: int
    """Pictures made of dots, which nobody can read."""


def drawn_texts(path: Path) -> Drawn:
    """All texts of a file, whatever their colour, size or place."""
    marked: defaultdict[tuple[int, int], str] = defaultdict(str)
    around, n_pictures = [], 0
    document = pypdfium2.PdfDocument(path)
    for number in range(len(document)):
        loose = []
        with _page(document, number) as (page, texts):
            for shape in _shapes(page):
                kind = pdfium.FPDFPageObj_GetType(shape)
                if kind == pdfium.FPDF_PAGEOBJ_TEXT:
                    mark = pdfium.FPDFPageObj_GetMarkedContentID(shape)
                    if mark < 0:
                        loose.append(_text(shape, texts))
                    else:
                        marked[number, mark] += _text(shape, texts)
                n_pictures += kind in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_SHADING)
        around.append(tuple(loose))
    document.close()
    return Drawn(dict(marked), tuple(around), n_pictures)


@contextmanager
def _page(document: pypdfium2.PdfDocument, number: int) -> Iterator[tuple[Any, Any]]:
    """A page, and what is needed to read its texts."""
    page = pdfium.FPDF_LoadPage(document.raw, number)
    texts = pdfium.FPDFText_LoadPage(page)
    try:
        yield page, texts
    finally:
        pdfium.FPDFText_ClosePage(texts)
        pdfium.FPDF_ClosePage(page)


def _shapes(page: Any) -> Iterator[Any]:
    """Everything that a page draws, also inside forms that it uses."""
    for place in range(pdfium.FPDFPage_CountObjects(page)):
        yield from _within(pdfium.FPDFPage_GetObject(page, place))


def _within(shape: Any) -> Iterator[Any]:
    yield shape
    if pdfium.FPDFPageObj_GetType(shape) == pdfium.FPDF_PAGEOBJ_FORM:
        for place in range(pdfium.FPDFFormObj_CountObjects(shape)):
            yield from _within(pdfium.FPDFFormObj_GetObject(shape, place))


def _text(shape: Any, texts: Any) -> str:
    letters = (ctypes.c_ushort * _ROOM)()
    size = pdfium.FPDFTextObj_GetText(shape, texts, letters, _ROOM * 2)
    if size > _ROOM * 2:
        letters = (ctypes.c_ushort * (size // 2))()
        pdfium.FPDFTextObj_GetText(shape, texts, letters, size)
    text = ctypes.string_at(letters, max(size - 2, 0)).decode("utf-16-le", "replace")
    # A word that is broken at the end of a line is one word.
    return text.replace("\u0002", "").replace("\u00ad", "")
