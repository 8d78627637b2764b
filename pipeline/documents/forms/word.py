"""An outline as a Word document, in the looks of a template that anybody can edit in Word."""

from functools import lru_cache
from io import BytesIO
from pathlib import Path

from docx.document import Document
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import parse_xml
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment
from lxml import etree
from markupsafe import Markup, escape

from pipeline.documents.forms.languages import TAGS
from pipeline.documents.forms.packing import packed_alike
from pipeline.documents.forms.pictures import chart_png
from pipeline.documents.forms.plain_text import printable, title_property
from pipeline.documents.forms.word_blocks import Draw, blocks_xml
from pipeline.documents.forms.word_picture import picture_xml
from pipeline.documents.outline import Drawn, Legend, Outline
from pipeline.documents.view import Lang
from pipeline.documents.wording import load_texts, say
from pipeline.errors import DefinitionError

TEMPLATE = Path(__file__).resolve().parents[3] / "reports" / "word" / "profile.docx"
"""Made by ``make_template.py`` beside it."""

STYLES = (
    "Caption", "Strong", "ListBullet", "Lead", "Caution", "Banner", "Note", "Kicker", "Box", "Term",
    "Explanation", "Fact", "Finding", "FindingSort", "FindingText", "Picture", "TableText",
    "TableNumber", "ProfileTable", "RunNote", "RunMark", "RunTag", "RunWorse", "RunBetter",
    "RunQuiet", "Heading1", "Heading2", "Heading3", "Heading4",
)  # fmt: skip
"""Ids of the styles that a template must have."""

_BODY = Markup('<w:customXml w:element="profile"/>')
"""Holds the place of the text, which never passes through the template."""


def word_document(outline: Outline, template: Path = TEMPLATE) -> bytes:
    """The document as a .docx file.

    Args:
        outline: of a page.
        template: a Word file with the styles of ``STYLES`` and ``{{p body }}`` in a paragraph of
            its own. It may also say ``{{ title }}``, ``{{ running }}``, ``{{ page }}`` and
            ``{{ of }}``.

    Raises:
        DefinitionError: the template lacks a style, has no place for the text, or asks for
            something that is not supplied.
    """
    filled = DocxTemplate(BytesIO(_content(template)))
    filled.init_docx()
    _check_styles(filled.docx, template)
    try:
        filled.render(_words(outline), _environment())
    except TemplateError as error:
        raise DefinitionError(f"{template.name}: {error}") from None
    document = filled.docx
    _fill_in(document, outline, template)
    _say_language(document, TAGS[outline.lang])
    document.core_properties.title = title_property(outline.title)
    document.core_properties.language = TAGS[outline.lang]
    saved = BytesIO()
    document.save(saved)
    return packed_alike(saved.getvalue())


@lru_cache
def _content(template: Path) -> bytes:
    return template.read_bytes()


@lru_cache
def _environment() -> SandboxedEnvironment:
    return SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)


def _words(outline: Outline) -> dict[str, Markup]:
    """What the template may say, besides the text itself."""
    texts = load_texts(outline.lang)
    return {
        "title": _literal(outline.title),
        "running": _literal(outline.running),
        "page": _literal(say(texts, "word.page")),
        "of": _literal(say(texts, "word.of")),
        "body": _BODY,
    }


def _literal(text: str) -> Markup:
    """A text as XML in which nothing looks like a part of a template."""
    escaped = str(escape(printable(str(text))))
    escaped = escaped.replace("{", "&#123;").replace("}", "&#125;").replace("%", "&#37;")
    # Nothing but references is left of what XML or a template would read.
    return Markup(escaped)  # noqa: S704


def _check_styles(document: Document, template: Path) -> None:
    known = {style.style_id for style in document.styles}
    if missing := [each for each in STYLES if each not in known]:
        raise DefinitionError(f"{template.name}: lacks the styles {', '.join(missing)}")


def _fill_in(document: Document, outline: Outline, template: Path) -> None:
    """The text in its place."""
    body = document.element.body
    place = body.find(qn("w:customXml"))
    if place is None:
        raise DefinitionError(
            f"{template.name}: has no place for the text; expected {{{{p body }}}} in a "
            "paragraph of its own"
        )
    written = blocks_xml(
        (*outline.blocks, *outline.footer),
        _drawing_in(document, outline.lang),
        str(say(load_texts(outline.lang), "word.undrawn")),
    )
    blocks = parse_xml(f"<w:body {nsdecls('w', 'wp', 'a', 'pic', 'r')}>{written}</w:body>")
    for block in list(blocks):
        place.addprevious(block)
    body.remove(place)
    etree.cleanup_namespaces(body)


def _drawing_in(document: Document, lang: Lang) -> Draw:
    """Makes pictures and takes each into the document."""
    numbers = iter(range(2000, 10_000))

    def draw(chart: Drawn, legend: Legend | None) -> str:
        picture = chart_png(chart, legend, lang)
        relation, _ = document.part.get_or_add_image(BytesIO(picture.content))
        return picture_xml(picture, relation, next(numbers), chart)

    return draw


def _say_language(document: Document, tag: str) -> None:
    """The language of everything that does not state its own."""
    for each in document.styles.element.iter(qn("w:lang")):
        each.set(qn("w:val"), tag)
        each.set(qn("w:eastAsia"), tag)
    for each in document.settings.element.iter(qn("w:themeFontLang")):
        each.set(qn("w:val"), tag)
