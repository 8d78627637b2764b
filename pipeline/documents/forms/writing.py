"""A document in the forms people ask for, and what its files are called."""

from collections.abc import Callable, Collection, Iterator
from typing import Literal, NamedTuple, get_args

from pipeline.definitions.policy import DocumentEdition
from pipeline.documents.beside import BesideKind
from pipeline.documents.outline import Outline
from pipeline.documents.outlining import outline_of
from pipeline.documents.render import Kind
from pipeline.documents.view import Lang, Profile

Form = Literal["html", "pdf", "docx", "xlsx", "pptx", "csv", "json"]
FORMS: tuple[Form, ...] = get_args(Form)
TEXTUAL: tuple[Form, ...] = ("html", "pdf", "docx")
"""Forms of documents that are read; the others hold a whole profile's figures."""

FORMS_OF: dict[Kind | BesideKind, tuple[Form, ...]] = {
    "profile": FORMS,
    "summary": TEXTUAL,
    "young": TEXTUAL,
    "compare": TEXTUAL,
    "overview": TEXTUAL,
}
"""Forms that a kind of document has."""


class Page(NamedTuple):
    """What every form of a document is made from."""

    html: str
    outline: Outline
    profile: Profile


# Each form's library is loaded when it is first written: they take as long as a document.


def _html(page: Page) -> bytes:
    return page.html.encode()


def _pdf(page: Page) -> bytes:
    from pipeline.documents.forms.pdf import pdf_document  # noqa: PLC0415

    return pdf_document(page.outline)


def _docx(page: Page) -> bytes:
    from pipeline.documents.forms.word import word_document  # noqa: PLC0415

    return word_document(page.outline)


def _xlsx(page: Page) -> bytes:
    from pipeline.documents.forms.workbook import workbook  # noqa: PLC0415

    return workbook(page.profile)


def _pptx(page: Page) -> bytes:
    from pipeline.documents.forms.slides import slides  # noqa: PLC0415

    return slides(page.outline, page.profile)


def _csv(page: Page) -> bytes:
    from pipeline.documents.forms.data import figures_csv  # noqa: PLC0415

    return figures_csv(page.profile)


def _json(page: Page) -> bytes:
    from pipeline.documents.forms.data import figures_json  # noqa: PLC0415

    return figures_json(page.profile)


WRITERS: dict[Form, Callable[[Page], bytes]] = {
    "html": _html,
    "pdf": _pdf,
    "docx": _docx,
    "xlsx": _xlsx,
    "pptx": _pptx,
    "csv": _csv,
    "json": _json,
}


def write_forms(
    html: str, profile: Profile, forms: Collection[Form]
) -> Iterator[tuple[Form, bytes]]:
    """A document in each of ``forms``, in the order of ``FORMS``.

    Args:
        html: its page.
        profile: what it was made from; publishable figures only.
        forms: that are wanted, and that its kind has.
    """
    page = Page(html, outline_of(html), profile)
    for form in FORMS:
        if form in forms:
            yield form, WRITERS[form](page)


class DocumentId(NamedTuple):
    """What tells a document from all others, apart from its form."""

    site_id: str
    area_id: str
    wave: int
    lang: Lang
    edition: DocumentEdition
    kind: Kind | BesideKind

    def name(self, form: Form) -> str:
        """Name of a file, e.g. ``sandviken_norrsatra_2025_sv_public_summary.pdf``."""
        *parts, kind = self
        named = parts if kind == "profile" else [*parts, kind]
        return f"{'_'.join(map(str, named))}.{form}"
