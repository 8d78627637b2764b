"""Makes profile.pptx, the template of the slides, anew.

    .venv/bin/python reports/slides/make_template.py

The template is an ordinary PowerPoint file. Open its slide master to change fonts and colours, or
to add a logo; keep the names of the three layouts and the places for title, text and footer.
"""

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pptx
from pptx.presentation import Presentation
from pptx.util import Emu, Inches

from pipeline.documents.forms.packing import packed_alike

TEMPLATE = Path(__file__).with_name("profile.pptx")

# Those of reports/profile.css.
COLOURS = {"dk2": "1D2A30", "accent1": "17495A", "accent2": "8C4318", "accent3": "1F5F5B"}
LAYOUTS = {"Title Slide": "Title Slide", "Title and Content": "Title and Text",
           "Title Only": "Title Only"}  # fmt: skip

# Left, top, width and height in inches of a slide of 13.33 by 7.5.
PLACES = {
    "title": (0.6, 0.35, 12.13, 0.85),
    "body": (0.6, 1.4, 12.13, 5.3),
    "ftr": (0.6, 6.98, 10.0, 0.35),
    "sldNum": (11.23, 6.98, 1.5, 0.35),
}
PLACES_OF_FIRST = {"ctrTitle": (0.9, 2.0, 11.5, 1.6), "subTitle": (0.9, 3.75, 11.5, 2.6)}


def make_template() -> bytes:
    """The template: a master and three layouts for a wide screen, no slides."""
    deck = pptx.Presentation()
    deck.slide_width, deck.slide_height = Inches(13.333), Inches(7.5)
    for layout in list(deck.slide_layouts):
        if layout.name in LAYOUTS:
            layout.name = LAYOUTS[layout.name]
        else:
            deck.slide_layouts.remove(layout)
    for page in (deck.slide_master, *deck.slide_layouts):
        _set_places(page)
    _set_letters(deck)
    _set_theme(deck)
    deck.core_properties.title = ""
    deck.core_properties.author = ""
    deck.core_properties.comments = ""
    _drop_preview(deck)
    saved = BytesIO()
    deck.save(saved)
    return packed_alike(saved.getvalue())


def _drop_preview(deck: Presentation) -> None:
    """The picture that file managers show, which is of another deck."""
    package: Any = deck.part.package
    for name, relation in list(package._rels.items()):
        if relation.reltype.endswith("/thumbnail"):
            package._rels.pop(name)


def _set_places(page: Any) -> None:
    """Where titles, texts and footers stand; dates are left out."""
    for shape in list(page.placeholders):
        kind = shape.element.ph.get("type", "body")
        if kind == "dt":
            shape.element.getparent().remove(shape.element)
            continue
        place = {**PLACES, **PLACES_OF_FIRST}[kind if kind in PLACES_OF_FIRST else _base(kind)]
        shape.left, shape.top, shape.width, shape.height = (Emu(Inches(each)) for each in place)
        anchor = "b" if kind in ("title", "ctrTitle") else "t"
        shape.element.txBody.bodyPr.set("anchor", anchor)
        shape.element.txBody.bodyPr.set("lIns", "0")
        for fit in list(shape.element.txBody.bodyPr):
            shape.element.txBody.bodyPr.remove(fit)
        if kind in (*PLACES_OF_FIRST, "ftr"):
            _align_left(shape)
        for tint in list(shape.element.iter("{*}tint")):
            # Grey letters have too little contrast.
            tint.getparent().remove(tint)


def _base(kind: str) -> str:
    return kind if kind in PLACES else "body"


def _align_left(shape: Any) -> None:
    for level in shape.element.txBody.iter("{*}lvl1pPr"):
        level.set("algn", "l")


def _set_letters(deck: Presentation) -> None:
    """Sizes of titles and texts, which slides inherit."""
    master: Any = deck.slide_master.element
    for style, sizes in (("titleStyle", (3000,)), ("bodyStyle", (2000, 1800, 1600, 1400, 1400))):
        found = next(master.iter("{*}" + style))
        for level, size in enumerate(sizes, start=1):
            looks = found.find(f"{{*}}lvl{level}pPr")
            looks.set("algn", "l")
            looks.find("{*}defRPr").set("sz", str(size))
    for colour in master.iter("{*}titleStyle"):
        for scheme in colour.iter("{*}schemeClr"):
            scheme.set("val", "accent1")


def _set_theme(deck: Presentation) -> None:
    """Colours of the documents; letters that every office program has."""
    for relation in deck.slide_master.part.rels.values():
        if relation.reltype.endswith("/theme"):
            part: Any = relation.target_part
            theme = part.blob.decode()
            for name, colour in COLOURS.items():
                pattern = rf"(<a:{name}>)<a:srgbClr val=\"\w+\"/>"
                theme = re.sub(pattern, rf'\g<1><a:srgbClr val="{colour}"/>', theme)
            theme = re.sub(r'(<a:majorFont>\s*<a:latin typeface=")[^"]*', r"\g<1>Georgia", theme)
            theme = re.sub(r'(<a:minorFont>\s*<a:latin typeface=")[^"]*', r"\g<1>Arial", theme)
            part._blob = theme.encode()


if __name__ == "__main__":
    TEMPLATE.write_bytes(make_template())
