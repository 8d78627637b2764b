"""What a PDF holds besides its pages: properties, bookmarks, attachments, notes."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from lxml import etree
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String

from pipeline.attack.document import Part

_ROOT = frozenset([
    "/Type", "/Pages", "/StructTreeRoot", "/OutputIntents", "/MarkInfo", "/Lang",
    "/ViewerPreferences", "/Metadata", "/Outlines", "/Version", "/PageMode", "/PageLayout"
])  # fmt: skip
_PAGE = frozenset([
    "/Type", "/Parent", "/MediaBox", "/CropBox", "/TrimBox", "/BleedBox", "/ArtBox", "/Contents",
    "/Resources", "/StructParents", "/Tabs", "/Rotate", "/Group"
])  # fmt: skip
_TYPES = frozenset([
    None, "/Catalog", "/Font", "/FontDescriptor", "/Outlines", "/Page", "/Pages", "/CMap",
    "/StructTreeRoot", "/StructElem", "/Metadata", "/ObjStm", "/XRef", "/OutputIntent"
])  # fmt: skip
_BOOKMARK = frozenset([
    "/Title", "/Parent", "/Prev", "/Next", "/First", "/Last", "/Count", "/Dest"
])  # fmt: skip
_RESOURCES = frozenset(["/ColorSpace", "/Font", "/ProcSet", "/ExtGState", "/XObject"])
_PROFILE = frozenset(["/DestOutputProfile", "/Info", "/OutputCondition", "/RegistryName"])
_STREAM = frozenset(["/Filter", "/Length", "/DecodeParms", "/N", "/Range", "/Subtype", "/Length1"])
_FONT_FILES = ("/CIDFontType0C", "/OpenType", "/Type1C")

_FIXED = frozenset(
    (
        "http://ns.adobe.com/xap/1.0/mm/",
        "http://ns.adobe.com/pdf/1.3/",
        "Part Number of ISO 14289 (PDF/UA)",
    )
)
"""What the metadata says of its own words."""

_LABEL = re.compile(r"[1-4]|1\.[4-7]|2\.0")
"""Part of a standard, or version of the format."""

_LABELS = ("part", "PDFVersion")
_SUMS = ("instanceID", "InstanceID", "DocumentID")
_SUM = re.compile(r"(?:uuid:|xmp\.\wid:)?[\w+/=-]{16,}")
"""Tells files apart."""


class Besides(NamedTuple):
    """Texts that no page shows, and what no reader knows."""

    texts: list[Part]
    unknown: list[str]


def besides(document: Pdf, path: Path) -> Besides:
    """Everything in the file but pages and structure.

    Args:
        document: opened.
        path: of it.
    """
    texts = [Part(str(said), f"property {key}") for key, said in document.docinfo.items()]
    texts += [Part(said, "metadata") for said in _metadata(document)]
    unknown = [f"key {key} of the catalog" for key in _keys(document.Root) - _ROOT]
    for page in document.pages:
        unknown += [f"key {key} of a page" for key in _keys(page.obj) - _PAGE]
    known = {each.objgen for each in _contents(document)} | {document.docinfo.objgen}
    for each in document.objects:
        if isinstance(each, String):
            texts.append(Part(str(each), "text of its own"))
        elif isinstance(each, Dictionary | Stream) and each.objgen not in known:
            texts += [Part(str(each.Title), "bookmark")] if "/Dest" in each else []
            unknown += [] if _is_known(each) else ["an object that is on no page"]
    raw = path.read_bytes()
    if raw.count(b"%%EOF") != 1 or not raw.rstrip().endswith(b"%%EOF"):
        unknown.append("bytes after its end, or an earlier version of itself")
    return Besides(texts, list(dict.fromkeys(sorted(unknown))))


def _keys(given: Object) -> set[str]:
    return set(given.keys())


def _metadata(document: Pdf) -> Iterator[str]:
    """Texts and attributes of the file's description of itself, but for labels of its form."""
    described = document.Root.get("/Metadata")
    if described is None:
        return
    for each in etree.fromstring(described.read_bytes()).iter():
        said = (each.text or "").strip()
        if not isinstance(each.tag, str):
            yield said
            continue
        if not _is_label(etree.QName(each).localname, said, len(document.pages)):
            yield said
        yield from map(str, each.attrib.values())


def _is_label(name: str, said: str, n_pages: int) -> bool:
    if name in _LABELS:
        return _LABEL.fullmatch(said) is not None
    if name in _SUMS:
        return _SUM.fullmatch(said) is not None
    return said in _FIXED or (name == "NPages" and said == str(n_pages))


def _contents(document: Pdf) -> Iterator[Object]:
    """Streams that pages draw from, read elsewhere: contents, fonts, colours."""
    for page in document.pages:
        drawn = page.obj.Contents
        yield from drawn if isinstance(drawn, Array) else [drawn]
    for each in document.objects:
        if not isinstance(each, Dictionary):
            continue
        for key in ("/FontFile", "/FontFile2", "/FontFile3", "/CIDSet", "/DestOutputProfile"):
            if key in each:
                yield each[key]
        for space in each.get("/ColorSpace", {}).values():
            if isinstance(space, Array) and space[0] == Name.ICCBased:
                yield space[1]


def _is_known(given: Object) -> bool:
    """Whether an object is of a kind that is read, or that can say nothing."""
    keys, kind = _keys(given), given.get("/Type")
    if isinstance(given, Stream):
        is_font = str(given.get("/Subtype")) in _FONT_FILES and keys <= _STREAM
        return is_font or (kind is not None and str(kind) in _TYPES)
    if "/S" in keys:
        return "/P" in keys or keys - _PROFILE <= {"/S", "/Type", "/OutputConditionIdentifier"}
    if kind is not None:
        return str(kind) in _TYPES
    return keys <= _BOOKMARK or keys <= _RESOURCES
