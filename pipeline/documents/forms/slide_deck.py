"""Slides with a title, text, pictures, a table and notes, in the looks of a template."""

from collections.abc import Iterable
from copy import deepcopy
from io import BytesIO
from typing import Any, NamedTuple

import pptx
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Inches, Pt

from pipeline.documents.forms.languages import TAGS
from pipeline.documents.forms.letters import n_lines
from pipeline.documents.forms.packing import packed_alike
from pipeline.documents.forms.pictures import Picture
from pipeline.documents.forms.plain_text import title_property, unhyphenated
from pipeline.documents.forms.sheet_words import Words
from pipeline.documents.forms.slide_table import POINTS_PER_INCH, Fitted
from pipeline.documents.forms.slide_text import runs_xml, table_xml
from pipeline.documents.outline import Line
from pipeline.errors import DefinitionError

LAYOUTS = ("Title Slide", "Title and Text", "Title Only")
"""That a template must have, by name."""

_WITHOUT_BULLET = ({"strong"}, {"note"})
"""Lines all in one of these styles are headings of what follows, or remarks."""

_SIZES = (20.0, 18.0, 16.0, 14.0, 13.0, 12.0)
_GAP = 0.5
"""Space below a paragraph, in lines."""


class Place(NamedTuple):
    """Where something stands, in inches from the upper left corner of the slide."""

    left: float
    top: float
    width: float
    height: float


BODY = Place(0.6, 1.4, 12.13, 5.3)
"""Between title and footer."""


class Deck:
    """Slides under way."""

    def __init__(self, template: bytes, title: str, footer: str, words: Words) -> None:
        """Begin with none.

        Args:
            template: a .pptx file with the layouts "Title Slide", "Title and Text" and
                "Title Only".
            title: of the deck.
            footer: at the foot of each slide.
            words: of the profile.

        Raises:
            DefinitionError: the template lacks one of these.
        """
        self._deck: Any = pptx.Presentation(BytesIO(template))
        self._layouts = {each.name: each for each in self._deck.slide_layouts}
        if missing := [each for each in LAYOUTS if each not in self._layouts]:
            raise DefinitionError(f"template of the slides: lacks the layouts {missing}")
        self._footer, self._tag, self._words = unhyphenated(footer), TAGS[words.lang], words
        self._deck.core_properties.title = title_property(title)
        self._deck.core_properties.language = self._tag

    def add_first(self, title: str, lines: Iterable[Line], notes: str) -> None:
        """The slide that a deck opens with."""
        slide = self._add("Title Slide", title, notes)
        self._fill(slide.placeholders[1].text_frame, tuple(lines), 20)

    def add_text(
        self, title: str, lines: Iterable[Line], notes: str, *, width: float = BODY.width
    ) -> Any:
        """A slide of text, in the largest letters in which it fits; more if it never does.

        Args:
            title: of the slide; no other has it.
            lines: a paragraph each.
            notes: for the speaker.
            width: of the text, in inches; beside it something else may stand.

        Returns:
            The first slide.
        """
        parts = _parts(tuple(lines), width)
        names = self.numbered(title, len(parts))
        slides = [self._add("Title and Text", name, notes) for name in names]
        for slide, part in zip(slides, parts, strict=True):
            body = slide.placeholders[1]
            body.left, body.top = Inches(BODY.left), Inches(BODY.top)
            body.width, body.height = Inches(width), Inches(BODY.height)
            self._fill(body.text_frame, part, _size_of(part, width))
            for paragraph, line in zip(body.text_frame.paragraphs, part, strict=False):
                if {run.style for run in line} in _WITHOUT_BULLET:
                    _take_bullet(paragraph)
        return slides[0]

    def numbered(self, title: str, n: int) -> list[str]:
        """Titles of slides that share one."""
        if n == 1:
            return [title]
        return [self._words.say("slide.part", title=title, number=at, of=n)
                for at in range(1, n + 1)]  # fmt: skip

    def add_bare(self, title: str, notes: str) -> Any:
        """A slide with nothing but its title."""
        return self._add("Title Only", title, notes)

    def add_words(self, slide: Any, lines: tuple[Line, ...], place: Place, size: float) -> None:
        """Text of its own, a paragraph each line, such as a picture's title."""
        box = slide.shapes.add_textbox(*map(Inches, place))
        box.text_frame.word_wrap = True
        box.text_frame.margin_left = 0
        self._fill(box.text_frame, lines, size, gap=0 if len(lines) > 1 else _GAP)

    def add_table(self, slide: Any, part: Fitted, left: float, top: float) -> None:
        """A table with a header row and row headings."""
        width, height = sum(part.columns), sum(part.heights)
        frame = slide.shapes.add_table(1, 1, *map(Inches, (left, top, width, height)))
        frame.name = unhyphenated(part.table.caption)
        frame.element.nvGraphicFramePr.cNvPr.set("descr", unhyphenated(part.table.caption))
        empty = frame.element.graphic.graphicData.tbl
        empty.getparent().replace(empty, parse_xml(table_xml(part, self._tag)))

    def save(self) -> bytes:
        """The deck as a .pptx file."""
        for slide in self._deck.slides:
            self._add_footer(slide)
            for page in (slide, slide.notes_slide):
                self._say_language(page.element)
        saved = BytesIO()
        self._deck.save(saved)
        return packed_alike(saved.getvalue())

    def _add(self, layout: str, title: str, notes: str) -> Any:
        slide = self._deck.slides.add_slide(self._layouts[layout])
        slide.shapes.title.text_frame.text = unhyphenated(title)
        slide.notes_slide.notes_text_frame.text = "\n".join(map(unhyphenated, notes.split("\n")))
        return slide

    def _fill(self, frame: Any, lines: tuple[Line, ...], size: float, *, gap: float = _GAP) -> None:
        """Paragraphs of runs, each in its style."""
        for place, line in enumerate(lines):
            paragraph = frame.add_paragraph() if place else frame.paragraphs[0]
            written = f"<a:p {nsdecls('a')}>{runs_xml(line, size, self._tag)}</a:p>"
            for run in list(parse_xml(written)):
                paragraph._p.append(run)
            paragraph.space_after = Pt(size * gap)

    def _add_footer(self, slide: Any) -> None:
        """Its footer and number, as copies of the layout's."""
        for shape in slide.slide_layout.placeholders:
            kind = shape.element.ph.get("type")
            if kind in ("ftr", "sldNum"):
                copied = deepcopy(shape.element)
                taken = [each.shape_id for each in slide.shapes]
                copied.nvSpPr.cNvPr.set("id", str(max(taken) + 1))
                slide.shapes._spTree.append(copied)
                if kind == "ftr":
                    slide.shapes[-1].text_frame.text = self._footer

    def _say_language(self, page: Any) -> None:
        for run in page.iter("{*}r"):
            run.get_or_add_rPr().set("lang", self._tag)
        for field in page.iter("{*}fld"):
            field.get_or_add_rPr().set("lang", self._tag)


def add_picture(slide: Any, picture: Picture, place: Place, name: str, description: str) -> None:
    """A picture at the upper left of its place, as large as fits, with its description."""
    wide = min(place.width, place.height * picture.width_mm / picture.height_mm)
    shape = slide.shapes.add_picture(
        BytesIO(picture.content), Inches(place.left), Inches(place.top), Inches(wide)
    )
    shape.name = unhyphenated(name)
    shape.element.nvPicPr.cNvPr.set("descr", unhyphenated(description))


def _take_bullet(paragraph: Any) -> None:
    looks = paragraph._p.get_or_add_pPr()
    looks.set("marL", "0")
    looks.set("indent", "0")
    looks.insert_element_before(looks.makeelement(qn("a:buNone"), {}), "a:tabLst", "a:defRPr")


def _parts(lines: tuple[Line, ...], width: float) -> list[tuple[Line, ...]]:
    """Lines that fit a slide together, if need be in the smallest letters."""
    parts: list[tuple[Line, ...]] = [()]
    for line in lines:
        if parts[-1] and _height((*parts[-1], line), width, _SIZES[-1]) > BODY.height:
            parts.append(())
        parts[-1] = (*parts[-1], line)
    return parts


def _size_of(lines: tuple[Line, ...], width: float) -> float:
    """The largest size in which all lines fit."""
    fitting = (size for size in _SIZES if _height(lines, width, size) <= BODY.height)
    return next(fitting, _SIZES[-1])


def _height(lines: tuple[Line, ...], width: float, size: float) -> float:
    """Of paragraphs in inches, bullets and margins counted."""
    room = (width - 0.6) * POINTS_PER_INCH / size
    n = sum(n_lines(line, room) + _GAP for line in lines)
    return n * size * 1.25 / POINTS_PER_INCH
