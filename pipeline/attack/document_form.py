"""Documents of other forms than pages: what they say, beside the page that they were made with."""

from collections.abc import Mapping

from pipeline.attack.document import Document
from pipeline.attack.document_figures import figures_in, page_of
from pipeline.attack.document_residue import sayings_of, strange_parts, strange_texts
from pipeline.attack.figures import Finding, Reading, empty_figures
from pipeline.attack.html_said import Said
from pipeline.attack.names import Names
from pipeline.attack.page_words import PageWords
from pipeline.attack.policy import Policy
from pipeline.attack.workbook_residue import Known, strange_rows


def read_document(
    document: Document,
    pages: Mapping[str, PageWords],
    names: Names,
    policy: Policy,
    said: Said,
    *,
    where: str,
    form: str,
) -> Reading:
    """Figures of a document, and what in it neither its page says nor any reader knows.

    Args:
        document: as it was read of its file.
        pages: words of the release's pages, by their names without ending.
        names: of the release.
        policy: of the release.
        said: numbers of the release's tables.
        where: file.
        form: of file.
    """
    unknown = [f"{each}: no reader knows it" for each in dict.fromkeys(document.unknown)]
    words = pages.get(where.rpartition(".")[0])
    page = page_of(document, names, where, form, {} if words is None else words.groups)
    if words is None:
        unknown.append("no page has the document's name, so nobody knows what it may say")
    if page is None:
        unknown.append("the document does not say which area and wave it is about")
    findings = [Finding("undeclared", says, where) for says in unknown]
    if words is None:
        return Reading(empty_figures(), tuple(findings))
    sayings = sayings_of(document, words, names)
    strangers = [*strange_texts(document, sayings)]
    if document.is_workbook:
        strangers += strange_rows(document, Known(sayings, said, policy, words.area))
    else:
        strangers += strange_parts(document, sayings)
    findings += [
        Finding("unread number", f"{place}: says a number that the page does not", where)
        for place in dict.fromkeys(part.place for part in strangers)
    ]
    if page is None:
        return Reading(empty_figures(), tuple(findings))
    figures = figures_in(page, is_workbook=document.is_workbook).figures
    return Reading(figures, tuple(findings))
