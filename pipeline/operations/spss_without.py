"""An SPSS file without some of its cases, every other byte of meaning as it was.

The dictionary (names, labels, missing values, notes) is copied to the byte. No library writes a
.sav file back as it was read: all drop something of the dictionary. So only the cases are
touched, in the layout that PSPP has documented.

Source: GNU PSPP Developer's Guide, "System File Format".
"""

import struct
import zlib
from collections.abc import Collection, Iterator
from typing import NamedTuple

HEADER_BYTES = 176
ZLIB_BLOCK = 0x3FF000
"""Bytes of a block before it is compressed."""

MAX_BLOCK = 2**26
"""No writer makes larger blocks."""

VARIABLE, EXTENSION, LAST_RECORD = 2, 7, 999
"""Kinds of records that matter here."""

CASES_64 = 16
"""The extension with the number of cases in eight bytes."""

PADDING, END, LITERAL = 0, 252, 253
"""Commands of the compression by bytes that are not values."""


class NotAsDocumentedError(Exception):
    """The file is laid out in another way than is known here."""


class _Layout(NamedTuple):
    """Where things are in a file."""

    order: str
    """Byte order, as ``struct`` names it."""

    compression: int
    n_segments: int
    """Pieces of eight bytes that a case is made of."""

    cases_at: int
    """Where the dictionary ends and cases begin."""

    n_cases_64_at: int | None
    """Where the number of cases stands a second time; null: it does not."""


def spss_without(content: bytes, dropped: Collection[int]) -> bytes:
    """The file without some cases.

    Args:
        content: of a .sav or .zsav file.
        dropped: places of the cases to leave out; the first case is 0.

    Raises:
        NotAsDocumentedError: the file cannot be taken apart.
    """
    try:
        layout = _layout(content)
        dictionary = _with_fewer_cases(content[: layout.cases_at], layout, len(dropped))
        cases = content[layout.cases_at :]
        match layout.compression:
            case 0:
                return dictionary + _plain_without(cases, layout, dropped)
            case 1:
                return dictionary + _packed_without(cases, layout, dropped)
            case 2:
                return dictionary + _zipped_without(content, layout, dropped)
    except (struct.error, zlib.error, IndexError):
        # The message could quote the file.
        raise NotAsDocumentedError from None
    raise NotAsDocumentedError


def _layout(content: bytes) -> _Layout:
    if content[:4] not in (b"$FL2", b"$FL3"):
        raise NotAsDocumentedError
    order = "<" if content[64] in (2, 3) else ">"
    records = _Records(content, order)
    n_segments, n_cases_64_at, position = 0, None, HEADER_BYTES
    while (kind := records.whole(position)) != LAST_RECORD:
        n_segments += kind == VARIABLE
        if kind == EXTENSION and records.whole(position + 4) == CASES_64:
            n_cases_64_at = position + 24
        position = records.end(kind, position)
    if n_segments == 0:
        raise NotAsDocumentedError
    return _Layout(order, records.whole(72), n_segments, position + 8, n_cases_64_at)


class _Records:
    """The dictionary's records, one after the other, each with its own way to say its length."""

    def __init__(self, content: bytes, order: str) -> None:
        self._content, self._whole = content, struct.Struct(f"{order}i")

    def whole(self, at: int) -> int:
        """The number of four bytes that begins at a byte of the file."""
        return int(self._whole.unpack_from(self._content, at)[0])

    def end(self, kind: int, begin: int) -> int:
        """Where the record that begins at ``begin`` ends."""
        match kind:
            case 2:
                label = 4 + _up_to(self.whole(begin + 32), 4) if self.whole(begin + 8) else 0
                n_bytes = 32 + label + 8 * abs(self.whole(begin + 12))
            case 3:
                n_bytes = 8
                for _ in range(self.whole(begin + 4)):
                    n_bytes += 8 + _up_to(self._content[begin + n_bytes + 8] + 1, 8)
            case 4:
                n_bytes = 8 + 4 * self.whole(begin + 4)
            case 6:
                n_bytes = 8 + 80 * self.whole(begin + 4)
            case 7:
                n_bytes = 16 + self.whole(begin + 8) * self.whole(begin + 12)
            case _:
                raise NotAsDocumentedError
        if n_bytes < 8:
            raise NotAsDocumentedError
        return begin + n_bytes


def _up_to(n_bytes: int, multiple: int) -> int:
    """Length with its padding."""
    if n_bytes < 0:
        raise NotAsDocumentedError
    return -(-n_bytes // multiple) * multiple


def _with_fewer_cases(dictionary: bytes, layout: _Layout, n_dropped: int) -> bytes:
    changed = bytearray(dictionary)
    stated = [("i", 80)]
    if layout.n_cases_64_at is not None:
        stated.append(("q", layout.n_cases_64_at))
    for kind, at in stated:
        (n_cases,) = struct.unpack_from(f"{layout.order}{kind}", changed, at)
        # -1: the file does not say.
        if n_cases >= 0:
            struct.pack_into(f"{layout.order}{kind}", changed, at, n_cases - n_dropped)
    return bytes(changed)


def _plain_without(cases: bytes, layout: _Layout, dropped: Collection[int]) -> bytes:
    width = 8 * layout.n_segments
    return b"".join(
        cases[start : start + width]
        for start in range(0, len(cases), width)
        if start // width not in dropped
    )


def _packed_without(stream: bytes, layout: _Layout, dropped: Collection[int]) -> bytes:
    """Eight commands of one byte each, then eight bytes for each of them that is a literal."""
    kept = [
        piece
        for place, piece in enumerate(_pieces(stream))
        if place // layout.n_segments not in dropped
    ]
    packed = bytearray()
    for start in range(0, len(kept), 8):
        block = kept[start : start + 8]
        packed += bytes(command for command, _ in block).ljust(8, bytes([PADDING]))
        packed += b"".join(literal for _, literal in block)
    return bytes(packed)


def _pieces(stream: bytes) -> Iterator[tuple[int, bytes]]:
    """Command and literal of each piece of eight bytes; the end, where it is marked, is one."""
    position = 0
    while position + 8 <= len(stream):
        commands, position = stream[position : position + 8], position + 8
        for command in commands:
            if command == PADDING:
                continue
            literal = b""
            if command == LITERAL:
                literal, position = stream[position : position + 8], position + 8
            yield command, literal
            if command == END:
                return


def _zipped_without(content: bytes, layout: _Layout, dropped: Collection[int]) -> bytes:
    """Blocks of what ``_packed_without`` knows, each zipped, with a header and a trailer."""
    order, begin = layout.order, layout.cases_at
    _, trailer_at, _ = struct.unpack_from(f"{order}qqq", content, begin)
    bias, zero, _, n_blocks = struct.unpack_from(f"{order}qqii", content, trailer_at)
    stream = b""
    for number in range(n_blocks):
        described = struct.unpack_from(f"{order}qqii", content, trailer_at + 24 + 24 * number)
        _, zipped_at, n_plain, n_zipped = described
        stream += _unzipped(content[zipped_at : zipped_at + n_zipped], n_plain)
    packed = _packed_without(stream, layout, dropped)
    blocks, described_anew, zipped_at, unzipped_at = [], b"", begin + 24, begin
    for start in range(0, len(packed), ZLIB_BLOCK):
        plain = packed[start : start + ZLIB_BLOCK]
        zipped = zlib.compress(plain)
        described_anew += struct.pack(
            f"{order}qqii", unzipped_at, zipped_at, len(plain), len(zipped)
        )
        blocks.append(zipped)
        zipped_at, unzipped_at = zipped_at + len(zipped), unzipped_at + len(plain)
    trailer = struct.pack(f"{order}qqii", bias, zero, ZLIB_BLOCK, len(blocks)) + described_anew
    header = struct.pack(f"{order}qqq", begin, zipped_at, len(trailer))
    return header + b"".join(blocks) + trailer


def _unzipped(zipped: bytes, n_plain: int) -> bytes:
    """A block, which must be as long as it says: a small file could unzip to any length."""
    if not 0 < n_plain <= MAX_BLOCK:
        raise NotAsDocumentedError
    plain = zlib.decompressobj().decompress(zipped, n_plain + 1)
    if len(plain) != n_plain:
        raise NotAsDocumentedError
    return plain
