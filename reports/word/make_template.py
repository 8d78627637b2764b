"""Makes profile.docx, the template of the Word document, anew.

    .venv/bin/python reports/word/make_template.py

The template is an ordinary Word file. Open it in Word to change fonts and colours of the styles,
or to put a logo in the page header; keep the names of the styles and the words in double braces.
"""

from io import BytesIO
from pathlib import Path
from typing import Any, cast

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import parse_xml
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import CharacterStyle, ParagraphStyle

from pipeline.documents.forms.packing import packed_alike

TEMPLATE = Path(__file__).with_name("profile.docx")

# Those of reports/profile.css; each has a contrast of at least 4.5 to 1 on white.
INK, SOFT, BRAND = "1D2A30", "51606A", "17495A"
RISK, CARE, PAPER = "8C4318", "1F5F5B", "F5F3EE"
SANS, SERIF = "Arial", "Georgia"

# Name: size, colour, space before, space after, stays with the next, left indent in mm.
PARAGRAPHS = {
    "Lead": (12, INK, 0, 8, False, 0),
    "Caution": (10, INK, 6, 10, False, 4),
    "Banner": (10, RISK, 0, 12, False, 3),
    "Note": (8.5, SOFT, 2, 2, False, 0),
    "Kicker": (10, BRAND, 0, 2, True, 0),
    "Box": (10, INK, 0, 4, False, 4),
    "Term": (10, INK, 6, 1, True, 0),
    "Explanation": (10, INK, 0, 4, False, 0),
    "Fact": (10, INK, 0, 3, False, 55),
    "Finding": (11, INK, 8, 0, True, 18),
    "Finding Sort": (8.5, SOFT, 0, 1, True, 18),
    "Finding Text": (10, INK, 0, 4, False, 18),
    "Picture": (10, INK, 0, 6, False, 0),
    "Table Text": (8.5, INK, 0, 0, False, 0),
    "Table Number": (8.5, INK, 0, 0, False, 0),
}
RUNS = {
    "Run Note": (SOFT, False),
    "Run Mark": (BRAND, True),
    "Run Tag": (SOFT, False),
    "Run Worse": (RISK, True),
    "Run Better": (CARE, True),
    "Run Quiet": (SOFT, False),
}
HEADINGS = {1: (28, 4, 8), 2: (18, 26, 6), 3: (13.5, 16, 4), 4: (11, 10, 3)}

TABLE = f"""
<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="ProfileTable">
  <w:name w:val="Profile Table"/><w:basedOn w:val="TableNormal"/><w:uiPriority w:val="59"/>
  <w:qFormat/>
  <w:tblPr>
    <w:tblBorders>
      <w:bottom w:val="single" w:sz="4" w:space="0" w:color="D5DBDC"/>
      <w:insideH w:val="single" w:sz="4" w:space="0" w:color="D5DBDC"/>
    </w:tblBorders>
    <w:tblCellMar>
      <w:top w:w="45" w:type="dxa"/><w:left w:w="0" w:type="dxa"/>
      <w:bottom w:w="45" w:type="dxa"/><w:right w:w="115" w:type="dxa"/>
    </w:tblCellMar>
  </w:tblPr>
  <w:tblStylePr w:type="firstRow">
    <w:rPr><w:b/><w:color w:val="{SOFT}"/></w:rPr>
    <w:tcPr>
      <w:tcBorders><w:bottom w:val="single" w:sz="12" w:space="0" w:color="{BRAND}"/></w:tcBorders>
    </w:tcPr>
  </w:tblStylePr>
</w:style>
"""


def make_template() -> bytes:
    """The template: styles, an A4 page with header and footer, and the place for the text."""
    document = docx.Document()
    for each in list(document.element.body)[:-1]:
        document.element.body.remove(each)
    _set_styles(document)
    _set_bullets(document)
    _set_page(document)
    document.add_paragraph("{{p body }}")
    document.core_properties.title = ""
    document.core_properties.author = ""
    document.core_properties.comments = ""
    _drop_remains(document)
    saved = BytesIO()
    document.save(saved)
    return packed_alike(saved.getvalue())


def _drop_remains(document: Document) -> None:
    """What is of another document: a picture for file managers, styles for old programs."""
    package: Any = document.part.package
    for relations in (package.rels, document.part.rels):
        for name, relation in list(relations.items()):
            if relation.reltype.endswith(("/thumbnail", "/stylesWithEffects")):
                del relations[name]


def _set_styles(document: Document) -> None:
    _set_defaults(document)
    for level, (size, before, after) in HEADINGS.items():
        style = cast(ParagraphStyle, document.styles[f"Heading {level}"])
        _set_letters(style, size, BRAND if level < 4 else INK, SERIF if level < 4 else SANS)
        _set_space(style, before, after, keep=True)
    caption = cast(ParagraphStyle, document.styles["Caption"])
    _set_letters(caption, 9.5, INK, SANS)
    _set_space(caption, 12, 4, keep=True)
    for name, (size, colour, before, after, keep, indent) in PARAGRAPHS.items():
        style = cast(ParagraphStyle, document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH))
        style.base_style = document.styles["Normal"]
        _set_letters(style, size, colour, SANS)
        _set_space(style, before, after, keep=keep)
        style.paragraph_format.left_indent = Mm(indent)
    for name, (colour, is_bold) in RUNS.items():
        run = cast(CharacterStyle, document.styles.add_style(name, WD_STYLE_TYPE.CHARACTER))
        run.font.color.rgb = RGBColor.from_string(colour)
        run.font.bold = is_bold or None
    for each in list(document.styles.element.iterfind(qn("w:style"))):
        if each.get(qn("w:type")) == "table" and each.get(qn("w:styleId")) != "TableNormal":
            document.styles.element.remove(each)
    document.styles.element.append(parse_xml(TABLE))
    _set_particulars(document)


def _set_defaults(document: Document) -> None:
    normal = cast(ParagraphStyle, document.styles["Normal"])
    _set_letters(normal, 10, INK, SANS)
    _set_space(normal, 0, 6, keep=False)
    normal.paragraph_format.line_spacing = 1.15
    normal.paragraph_format.widow_control = True
    bullet = cast(ParagraphStyle, document.styles["List Bullet"])
    _set_space(bullet, 0, 3, keep=False)


def _set_bullets(document: Document) -> None:
    """Bullets of the text's own letters: not every machine has Symbol."""
    for text in document.part.numbering_part.element.iter(qn("w:lvlText")):
        if text.get(qn("w:val")) == "\uf0b7":
            text.set(qn("w:val"), "•")
            fonts = text.getparent().find(f"{qn('w:rPr')}/{qn('w:rFonts')}")
            fonts.getparent().remove(fonts)


def _set_particulars(document: Document) -> None:
    """What only some styles have: edges, grounds, tabs, alignment, raised signs."""
    styles: Any = document.styles
    styles["Term"].font.bold = True
    styles["Kicker"].font.bold = True
    styles["Lead"].font.name = SERIF
    styles["Run Mark"].font.superscript = True
    styles["Run Quiet"].font.italic = True
    styles["Run Tag"].font.italic = True
    styles["Table Number"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for name, depth in (("Fact", 55), ("Finding", 18)):
        styles[name].paragraph_format.first_line_indent = Mm(-depth)
        styles[name].paragraph_format.tab_stops.add_tab_stop(Mm(depth))
    for name in ("Table Text", "Table Number"):
        styles[name].paragraph_format.line_spacing = 1.05
    for name, colour in (("Caution", BRAND), ("Banner", RISK)):
        _set_edge(styles[name], colour)
    for name in ("Caution", "Box"):
        _set_ground(styles[name])


def _set_letters(style: Any, size: float, colour: str, font: str) -> None:
    style.font.size = Pt(size)
    style.font.color.rgb = RGBColor.from_string(colour)
    style.font.name = font
    style.font.italic = False
    fonts = style.element.rPr.rFonts
    for name in list(fonts.attrib):
        if "Theme" in name:
            del fonts.attrib[name]
    fonts.set(qn("w:cs"), font)


def _set_space(style: ParagraphStyle, before: float, after: float, *, keep: bool) -> None:
    style.paragraph_format.space_before = Pt(before)
    style.paragraph_format.space_after = Pt(after)
    style.paragraph_format.keep_with_next = keep


def _set_edge(style: ParagraphStyle, colour: str) -> None:
    edge = f'<w:left w:val="single" w:sz="24" w:space="8" w:color="{colour}"/>'
    _insert(style, f"<w:pBdr {nsdecls('w')}>{edge}</w:pBdr>")


def _set_ground(style: ParagraphStyle) -> None:
    _insert(style, f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{PAPER}"/>')


def _insert(style: ParagraphStyle, xml: str) -> None:
    """Before what the schema wants after it."""
    properties: Any = style.element.get_or_add_pPr()
    later = ("w:shd", "w:tabs", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc")
    made = parse_xml(xml)
    names = {qn(each) for each in later} - {made.tag}
    following = next((each for each in properties if each.tag in names), None)
    if following is None:
        properties.append(made)
    else:
        following.addprevious(made)


def _set_page(document: Document) -> None:
    """A4, the running text at the top, the title and the page's number at the bottom."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(18)
    section.top_margin, section.bottom_margin = Mm(22), Mm(20)
    section.header_distance = section.footer_distance = Mm(10)
    head, foot = section.header.paragraphs[0], section.footer.paragraphs[0]
    head.text = "{{ running }}"
    head.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    foot.text = "{{ title }}\t{{ page }} "
    foot.paragraph_format.tab_stops.clear_all()
    _add_field(foot, "PAGE")
    foot.add_run(" {{ of }} ")
    _add_field(foot, "NUMPAGES")
    for name, colour in (("Header", RISK), ("Footer", SOFT)):
        style = cast(ParagraphStyle, document.styles[name])
        _set_letters(style, 8, colour, SANS)
        tabs = style.paragraph_format.tab_stops
        tabs.clear_all()
        tabs.add_tab_stop(Mm(174), cast(Any, 2))


def _add_field(paragraph: Any, code: str) -> None:
    xml = f'<w:fldSimple {nsdecls("w")} w:instr="{code}"><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    paragraph._p.append(parse_xml(xml))


if __name__ == "__main__":
    TEMPLATE.write_bytes(make_template())
