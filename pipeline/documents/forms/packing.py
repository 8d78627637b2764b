"""Office files are zip archives. The same parts become the same bytes, whenever they are packed."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from lxml import etree

FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip archive can state; it stands for none."""

_CORE = "docProps/core.xml"
_TYPES = "[Content_Types].xml"
_MOMENTS = ("created", "modified", "lastPrinted", "lastModifiedBy", "revision")
_FILE_OF_UNIX = 3
_READABLE = 0o100644 << 16


def packed_alike(content: bytes) -> bytes:
    """An office file with fixed times in the archive, and none in its properties.

    Args:
        content: a whole .docx, .pptx or .xlsx file.
    """
    packed = BytesIO()
    with ZipFile(BytesIO(content)) as given, ZipFile(packed, "w") as made:
        for name in sorted(given.namelist(), key=_place):
            part = given.read(name)
            made.writestr(_entry(name), _timeless(part) if name == _CORE else part)
    return packed.getvalue()


def _place(name: str) -> tuple[bool, str]:
    """Programs look for the list of types at the front."""
    return name != _TYPES, name


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name, FIRST_DAY)
    entry.compress_type = ZIP_DEFLATED
    entry.create_system = _FILE_OF_UNIX
    entry.external_attr = _READABLE
    return entry


def _timeless(core: bytes) -> bytes:
    """Core properties without a moment or a person: none of them is the document's."""
    properties = etree.fromstring(core)
    for each in list(properties):
        if etree.QName(each).localname in _MOMENTS:
            properties.remove(each)
    return etree.tostring(properties, xml_declaration=True, encoding="UTF-8", standalone=True)
