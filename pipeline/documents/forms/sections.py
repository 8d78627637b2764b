"""Parts of an outline, found by their headings."""

from collections.abc import Iterable

from pipeline.documents.outline import (
    Block,
    Box,
    Bullets,
    Findings,
    Heading,
    Line,
    Outline,
    Paragraph,
    Terms,
    text_of,
)


def section(outline: Outline, *titles: str) -> tuple[Block, ...]:
    """What stands below a heading, up to the next of its level or above.

    Args:
        outline: of a page.
        titles: of the heading, those it stands below first.

    Returns:
        Nothing where there is no such heading.
    """
    found = outline.blocks
    for title in titles:
        found = _below(found, title)
    return found


def own_part(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """Blocks before the first heading of a section."""
    found: list[Block] = []
    for block in blocks:
        if isinstance(block, Heading):
            break
        found.append(block)
    return tuple(found)


def sentences(blocks: Iterable[Block]) -> tuple[Line, ...]:
    """The lines of running text, of boxes as well."""
    found: list[Line] = []
    for block in blocks:
        match block:
            case Paragraph():
                found.append(block.line)
            case Bullets():
                found.extend(block.items)
            case Box():
                found.extend(sentences(block.blocks))
            case _:
                pass
    return tuple(found)


def said(blocks: Iterable[Block]) -> str:
    """All running text of blocks, a paragraph each, with findings and terms in full."""
    found: list[str] = []
    for block in blocks:
        match block:
            case Terms():
                found += [f"{text_of(term)}: {text_of(words)}" for term, words in block.pairs]
            case Findings():
                found += [f"{each.title}. {text_of(each.sentence)}" for each in block.items]
            case _:
                found += [text_of(line) for line in sentences((block,))]
    return "\n".join(found)


def _below(blocks: tuple[Block, ...], title: str) -> tuple[Block, ...]:
    starts = [
        place
        for place, block in enumerate(blocks)
        if isinstance(block, Heading) and block.level > 1 and text_of(block.line) == title
    ]
    if not starts:
        return ()
    start = starts[0]
    heading = blocks[start]
    rest = blocks[start + 1 :]
    ends = (
        place
        for place, block in enumerate(rest)
        if isinstance(block, Heading)
        and isinstance(heading, Heading)
        and block.level <= heading.level
    )
    return rest[: next(ends, len(rest))]
