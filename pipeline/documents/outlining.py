"""A page of ours in, its outline out. Reads the structure that ``reports/*.html.j2`` write."""

import re
from collections.abc import Callable, Iterator
from typing import Literal, cast

import lxml.html
from lxml.html import HtmlElement

from pipeline.documents.outline import (
    Block,
    Box,
    Bullets,
    Cell,
    Finding,
    Findings,
    Heading,
    Line,
    Outline,
    Paragraph,
    ParagraphStyle,
    Run,
    RunStyle,
    Table,
    Terms,
    text_of,
)
from pipeline.documents.outlining_charts import drawing_of, figure_of, legend_of

# A space that does not break is no white space that may collapse.
_WHITE = re.compile(r"[ \t\r\n]+")
_OWN_LINE = frozenset({"phrase", "remark", "since", "note"})
_STYLES: dict[str, RunStyle] = {
    "note": "note",
    "phrase": "note",
    "tag": "tag",
    "worse": "worse",
    "better": "better",
    "quiet": "quiet",
}


def outline_of(html: str) -> Outline:
    """The outline of a page that ``render`` made.

    Args:
        html: one whole page.
    """
    page = lxml.html.document_fromstring(html)
    parts = list(page.iterfind("body/*"))
    footer = [each for each in parts if each.tag == "footer"]
    above = [each for each in parts if each.tag != "footer"]
    banner = [each for each in above if "banner" in _classes(each)]
    return Outline(
        lang=cast(Literal["sv", "en"], page.get("lang")),
        title=_plain(page.find("head/title")),
        running=str(banner[0].get("aria-label")) if banner else "",
        is_short=bool(page.xpath("boolean(//header[contains(@class, 'short')])")),
        last_day=str(page.xpath("string(head/meta[@name='dcterms.temporal']/@content)")),
        blocks=tuple(block for each in above for block in _blocks(each)),
        footer=tuple(block for each in footer for block in _blocks(each)),
    )


def _blocks(element: HtmlElement) -> Iterator[Block]:
    """What an element holds, in order; navigation and what can be opened are for screens alone."""
    read = _READERS.get(element.tag)
    if element.tag in ("nav", "details") or "skip" in _classes(element):
        return
    if "how" in _classes(element):
        yield Box(tuple(block for child in element for block in _blocks(child)))
    elif read is None:
        for child in element:
            yield from _blocks(child)
    else:
        yield from read(element)


def _heading(element: HtmlElement) -> Iterator[Block]:
    yield Heading(_line(element), int(element.tag[1]), _starts_page(element))


def _starts_page(heading: HtmlElement) -> bool:
    """Whether the style sheet has its section begin a page on paper."""
    section = heading.getparent()
    if section is None or section.index(heading):
        return False
    before = section.getprevious()
    follows_domain = before is not None and "domain" in _classes(before)
    return "page" in _classes(section) or ("domain" in _classes(section) and follows_domain)


def _paragraph(element: HtmlElement) -> Iterator[Block]:
    styles = ("lead", "caution", "note", "kicker")
    found = [style for style in styles if style in _classes(element)]
    parent = element.getparent()
    style = "banner" if parent is not None and "banner" in _classes(parent) else "plain"
    if line := _line(element):
        yield Paragraph(line, cast(ParagraphStyle, found[0] if found else style))


def _list(element: HtmlElement) -> Iterator[Block]:
    items = element.findall("li")
    if "legend" in _classes(element):
        yield legend_of(element)
    elif any(item.find("p") is not None for item in items):
        yield Findings(tuple(map(_finding, items)))
    elif items:
        yield Bullets(tuple(map(_line, items)), are_notes="notes" in _classes(element))


def _finding(item: HtmlElement) -> Finding:
    parts = {name: each for each in item.findall("p") for name in _classes(each)}
    said = next(each for each in item.findall("p") if not _classes(each))
    column = item.getparent().getparent()
    return Finding(
        _plain(parts["title"]),
        _plain(parts["sort"]) if "sort" in parts else "",
        _plain(parts["big"]) if "big" in parts else "",
        _line(said),
        "better" if "better" in _classes(column) else "worse",
    )


def _terms(element: HtmlElement) -> Iterator[Block]:
    pairs = zip(element.iter("dt"), element.iter("dd"), strict=True)
    are_facts = "facts" in _classes(element) or element.find("div") is not None
    yield Terms(tuple((_line(term), _line(said)) for term, said in pairs), are_facts)


def _figure(element: HtmlElement) -> Iterator[Block]:
    yield figure_of(element, _plain)


def _table(element: HtmlElement) -> Iterator[Block]:
    head = element.find("thead/tr")
    yield Table(
        caption=_plain(element.find("caption")),
        kind=_classes(element)[-1],
        head=tuple(map(_cell, head)),
        groups=tuple(
            tuple(tuple(map(_cell, row)) for row in group) for group in element.findall("tbody")
        ),
    )


def _cell(element: HtmlElement) -> Cell:
    drawn = element.find("svg")
    return Cell(
        lines=tuple(line for line in _lines(element) if text_of(line).strip()),
        is_heading=element.tag == "th",
        is_number="num" in _classes(element),
        span=int(element.get("colspan", "1")),
        drawing=None if drawn is None else drawing_of(drawn),
    )


_READERS: dict[str, Callable[[HtmlElement], Iterator[Block]]] = {
    **dict.fromkeys(("h1", "h2", "h3", "h4"), _heading),
    "p": _paragraph,
    "ul": _list,
    "ol": _list,
    "dl": _terms,
    "figure": _figure,
    "table": _table,
}


def _lines(element: HtmlElement) -> list[Line]:
    """A cell's text, line by line: names first, then what stands below them."""
    lines: list[list[Run]] = [[]]
    for run, is_new_line in _runs(element, "plain"):
        if is_new_line and lines[-1]:
            lines.append([])
        lines[-1].append(run)
    return [_tidy(line) for line in lines]


def _line(element: HtmlElement) -> Line:
    return _tidy([run for run, _ in _runs(element, "plain")])


def _plain(element: HtmlElement) -> str:
    return text_of(_line(element))


def _runs(element: HtmlElement, style: RunStyle) -> Iterator[tuple[Run, bool]]:
    """Texts in their style, and whether each begins a line of its own."""
    starts = False
    if element.text:
        yield Run(element.text, style), _starts_line(element)
        starts = True
    for child in element:
        if _is_seen(child):
            inner = _runs(child, _style(child, style))
            for place, (run, is_new_line) in enumerate(inner):
                yield run, is_new_line or (not starts and not place and _starts_line(element))
        starts = True
        if child.tail:
            yield Run(child.tail, style), False


def _starts_line(element: HtmlElement) -> bool:
    """Whether the style sheet shows it on a line of its own inside a cell."""
    names = _classes(element)
    parent = element.getparent()
    inside = _classes(parent) if parent is not None else []
    return element.tag == "li" or (
        element.tag == "span"
        and not {"since"} & set(inside)
        and bool(_OWN_LINE & set(names))
        and "nb" not in names
    )


def _is_seen(element: HtmlElement) -> bool:
    """Whether it is text that is shown, not only read out."""
    return element.tag not in ("svg", "style") and "sr" not in _classes(element)


def _style(element: HtmlElement, around: RunStyle) -> RunStyle:
    if element.tag == "sup":
        return "mark"
    if element.tag in ("strong", "b"):
        return "strong"
    found = [_STYLES[name] for name in _classes(element) if name in _STYLES]
    return found[0] if found else around


def _tidy(runs: list[Run]) -> Line:
    """White space as a browser shows it: one space between words, none at the ends."""
    found: list[Run] = []
    for run in runs:
        text = _WHITE.sub(" ", run.text)
        if not found or found[-1].text.endswith(" "):
            text = text.removeprefix(" ")
        if not text:
            continue
        if found and found[-1].style == run.style:
            found[-1] = Run(found[-1].text + text, run.style)
        else:
            found.append(Run(text, run.style))
    if found:
        found[-1] = Run(found[-1].text.rstrip(" "), found[-1].style)
    return tuple(run for run in found if run.text)


def _classes(element: HtmlElement) -> list[str]:
    return str(element.get("class", "")).split()
