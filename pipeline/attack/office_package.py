"""Office files: what their archive holds, part by part, and what no page of theirs shows."""

import hashlib
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from zipfile import ZipFile

from lxml import etree

from pipeline.attack.document import Part
from pipeline.attack.page_words import has_number

SHIPPED = frozenset((
    # Pictures of an empty page, and a printer's settings, in the templates of the libraries.
    "96367138dc44ce09bf2c8f0f8e49348a1478d2c5c0af69bbc2bbc38b63cdcead",
    "116f9aa8ea038e39ef47ee99a23592ab569cf77feafecd0a30e222369e931d25",
    "d7768f87e07d29634782e448ece1cddd05a52b9499254222b1190bc8f6dc579e",
))  # fmt: skip
"""Sums of files that are the same in every document of their kind."""

LOOKS = re.compile(
    r"\[Content_Types\]\.xml|docProps/app\.xml|customXml/item(Props)?\d\.xml"
    r"|word/(fontTable|numbering|settings|styles|stylesWithEffects|webSettings)\.xml"
    r"|xl/tables/table\d+\.xml"
    r"|ppt/(presentation|presProps|tableStyles|viewProps)\.xml"
    r"|ppt/(slideLayouts/slideLayout|slideMasters/slideMaster|notesMasters/notesMaster)\d+\.xml"
    r"|(word|xl|ppt)/theme/theme\d+\.xml|(.*/)?_rels/[\w.\[\]-]*\.rels"
)
"""Parts about looks: read for texts, which they have none of."""

TEXTS = ("descr", "title", "instr", "alias", "tooltip", "author", "initials", "Target")
"""Attributes that people or programs read as text."""

_TELLING = frozenset(("descr", "title", "alias", "tooltip", "author", "initials", "docVar"))
_OF_TABLES = frozenset(("displayName", "name", "comment", "totalsRowLabel"))
"""Attributes of parts about looks that may hold texts of somebody."""

_DRAWN = re.compile(r"(word|ppt)/media/[\w-]+\.png")
_CHUNKS = frozenset((b"IHDR", b"PLTE", b"tRNS", b"pHYs", b"gAMA", b"sRGB", b"IDAT", b"IEND"))
_CORE = "docProps/core.xml"
_SETTLED = re.compile(
    r"[01]|\d\d\.0000|\{[0-9A-F-]{36}\}|On-screen Show \(\d+:\d+\)|http://schemas\.\S+"
    r"|generated using python-(docx|pptx)|10/17/16|TableStyle[A-Z][a-z]+\d"
)
"""Numbers that programs write without looking at the content."""

_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
_ENTRY, _END = 30, 22
"""Bytes of an archive's records without names."""


class Package(NamedTuple):
    """A file's parts."""

    content: Mapping[str, etree._Element]
    """What the form's own reader reads, by name."""

    title: str
    unseen: list[Part]
    unknown: list[str]


def open_package(path: Path, read_by_form: re.Pattern[str]) -> Package:
    """The parts of a file.

    Args:
        path: of it.
        read_by_form: names of the parts that the form's own reader reads.
    """
    content: dict[str, etree._Element] = {}
    unseen: list[Part] = []
    unknown = _around(path)
    title = ""
    with ZipFile(path) as archive:
        for name in archive.namelist():
            part = archive.read(name)
            if hashlib.sha256(part).hexdigest() in SHIPPED:
                continue
            if _DRAWN.fullmatch(name):
                unknown += [] if _is_plain(part) else [f"part {name}: more than a picture"]
            elif read_by_form.fullmatch(name):
                content[name] = _parsed(part)
                unseen += _comments(content[name])
            elif name == _CORE or LOOKS.fullmatch(name):
                unseen += _texts(part, name)
                title = title if name != _CORE else _title(_parsed(part))
            else:
                unknown.append(f"part {name}")
    return Package(content, title, unseen, unknown)


def undeclared_elements(tree: etree._Element, known: frozenset[str]) -> list[str]:
    """Kinds of elements that a form's reader does not know."""
    found = {etree.QName(each).localname for each in tree.iter() if isinstance(each.tag, str)}
    return [f"element {name}" for name in sorted(found - known)]


def described(tree: etree._Element, place: str) -> list[Part]:
    """Attributes that are texts, apart from descriptions of pictures that are shown."""
    return [
        Part(str(value), place)
        for each in tree.iter()
        if isinstance(each.tag, str)
        for name, value in each.attrib.items()
        if etree.QName(name).localname in TEXTS and has_number(str(value))
    ]


def _parsed(part: bytes) -> etree._Element:
    return etree.fromstring(part, etree.XMLParser(resolve_entities=False, no_network=True))


def _comments(tree: etree._Element) -> list[Part]:
    return [Part(str(each.text), "comment") for each in tree.iter(etree.Comment, etree.PI)]


def _title(core: etree._Element) -> str:
    return "".join(str(each.text or "") for each in core if str(each.tag).endswith("}title"))


@lru_cache(maxsize=64)
def _texts(part: bytes, name: str) -> tuple[Part, ...]:
    """Texts of a part about looks or properties, but for what programs always write.

    Most are the same in all documents, so they are read once.
    """
    tree = _parsed(part)
    said = [
        text.strip() for each in tree.iter() for text in (each.text, each.tail) if text is not None
    ]
    for each in tree.iter():
        if isinstance(each.tag, str):
            said += [
                str(value) for key, value in each.attrib.items() if _is_text(name, each, str(key))
            ]
    place = "property" if name.startswith("docProps") else f"part {name}"
    return tuple(
        Part(text, place) for text in said if has_number(text) and not _SETTLED.fullmatch(text)
    )


def _is_text(part: str, element: etree._Element, attribute: str) -> bool:
    """Whether an attribute may hold a text of somebody."""
    name = etree.QName(attribute).localname
    if part.endswith(".rels"):
        return name == "Target" and element.get("TargetMode") == "External"
    if part.startswith("customXml") or part == _CORE:
        return True
    return name in (_OF_TABLES if part.startswith("xl/tables/") else _TELLING)


def _is_plain(picture: bytes) -> bool:
    """Whether a PNG holds pixels and nothing else: no text, nothing after its end."""
    place = 8
    while place + 12 <= len(picture):
        kind = picture[place + 4 : place + 8]
        if kind not in _CHUNKS:
            return False
        place += 12 + int.from_bytes(picture[place : place + 4], "big")
        if kind == b"IEND":
            return place == len(picture)
    return False


def _around(path: Path) -> list[str]:
    """What an archive may hold around its parts: times, notes, bytes between them."""
    with ZipFile(path) as archive:
        entries = sorted(archive.infolist(), key=lambda each: each.header_offset)
        note, start = archive.comment, archive.start_dir
        names = [each.filename for each in entries]
    sizes = [_ENTRY + len(each.filename.encode()) + each.compress_size for each in entries]
    records = sum(46 + len(each.filename.encode()) for each in entries)
    problems = []
    if sum(sizes) != start or start + records + _END != path.stat().st_size:
        problems.append("bytes between the parts of the archive")
    if note or any(each.extra or each.comment for each in entries):
        problems.append("a note in the archive")
    if any(each.date_time != _FIRST_DAY for each in entries):
        problems.append("times in the archive")
    if len(set(names)) != len(names):
        problems.append("two parts of one name")
    return problems
