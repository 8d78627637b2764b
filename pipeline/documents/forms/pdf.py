"""A document as PDF: tagged, archivable, with the structure that people who listen need."""

import io
from collections.abc import Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name, Object

from pipeline.documents.forms.typesetting import as_json, typeset_pdf
from pipeline.documents.outline import Outline


def pdf_document(outline: Outline) -> bytes:
    """The document on A4, as PDF/UA-1 and PDF/A-2a.

    Args:
        outline: of a page that may be shown.

    Raises:
        DefinitionError: a text holds characters that the fonts do not draw.
        typst.TypstError: what would be written does not comply.
    """
    return _with_row_headings(typeset_pdf("document.typ", {"outline": as_json(outline)}))


def _with_row_headings(content: bytes) -> bytes:
    """The same with each row's first cell as a heading of its row.

    Typst marks only the cells of a table's head; a screen reader could not say whose number it
    reads.
    """
    written = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as document:
        for row in _elements(document.Root.StructTreeRoot, "/TR"):
            first = next(iter(_children(row)), None)
            if first is not None and first.S == Name.TD:
                first.S = Name.TH
                first.A = Dictionary(O=Name.Table, Scope=Name.Row)
        document.save(
            written,
            deterministic_id=True,
            fix_metadata_version=False,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
    return written.getvalue()


def _elements(element: Object, kind: str) -> Iterator[Object]:
    """All structure elements of a kind inside one, in the order of reading."""
    for child in _children(element):
        if child.get("/S") == kind:
            yield child
        else:
            yield from _elements(child, kind)


def _children(element: Object) -> Iterator[Object]:
    """Structure elements directly inside one; marked content has none."""
    kids = element.get("/K")
    for kid in kids if isinstance(kids, Array) else (kids,):
        if isinstance(kid, Dictionary) and "/S" in kid:
            yield kid
