"""What a page shows behind its figures when somebody opens it: ids, queries, definitions.

An id is a list of known names. A query holds names and waves, and no other number. What is said of
a measure repeats its own published figures, or stands alike on every page of the wave; whatever
else is said repeats the page's own numbers of pupils.
"""

import re
from collections.abc import Iterator

from pipeline.attack.figures import Finding
from pipeline.attack.html_cells import numbered
from pipeline.attack.html_charts import Mark
from pipeline.attack.html_residue import is_rule
from pipeline.attack.html_tree import Element
from pipeline.attack.names import Names
from pipeline.attack.page_blocks import Block, Page
from pipeline.attack.policy import Policy
from pipeline.attack.printed import numbers_in

OPENING = "behind"
MADE = "made"
"""Class of the part of an opening that is about one measure."""

ALL = "all"
COMMAND = re.compile(r"uppvaxt explain(?: (\S+))?(?: --edition internal)?")
BUILD = re.compile(r"[0-9a-f]{12}")
LITERAL = re.compile(r"'([^']*)'")
# fmt: off
KEYWORDS = frozenset((
    "select", "from", "where", "in", "and", "order", "by", "estimate", "wave", "area_id",
    "measure_id", "grade", "gender", "status", "percent", "percent_lower", "percent_upper", "n",
))
# fmt: on
"""Every word of a query outside of its literals."""

WRONG = {
    "figure-id": "an id that is no list of known names",
    "command": "a command that no reader knows",
    "query": "a query with something else than names and waves",
    "build": "a build that the page's end does not state",
}
"""By class of code."""


def behind_blocks(page: Page) -> Iterator[Block]:
    """What openings say of one measure each, with how many have a value."""
    for opening in _openings(page.root):
        for part in opening.find("li", MADE):
            marks: list[Mark] = []
            for each in part.find("span", "n"):
                marks += numbered("n", each)
            yield Block(part.attributes.get("data-measure", ""), part, tuple(marks), (), OPENING)


def behind_findings(root: Element, names: Names, policy: Policy, where: str) -> list[Finding]:
    """Findings for openings and code with a number that is no name's, no wave's and not the page's.

    Args:
        root: the page.
        names: of the release.
        policy: of the release.
        where: file.
    """
    findings = [
        Finding("undeclared", "the page can be opened where no reader reads", where)
        for each in root.find("details")
        if not each.has(OPENING)
    ]
    known, norms = _of_pupils(root), _norms(root)
    for opening in _openings(root):
        if any(
            each.value not in known and not is_rule(each, policy)
            for each in numbers_in(names.without(_beside_parts(opening, norms)))
        ):
            says = "what stands behind figures holds a number that the page does not"
            findings.append(Finding("unread number", says, where))
    return findings + [
        Finding("unread number", f"code holds {says}", where)
        for says in dict.fromkeys(_strange_code(root, names))
    ]


def _openings(root: Element) -> list[Element]:
    return root.find("details", OPENING)


def _of_pupils(root: Element) -> frozenset[float]:
    """The numbers that the page has in its table of steps, which is read, and on its cover."""
    cells = [cell for table in root.find("table", "ladder") for cell in table.find("td", "num")]
    cells += [fact for facts in root.find("header") for fact in facts.find("dd")]
    return frozenset(number.value for cell in cells for number in numbers_in(cell.text()))


def _norms(root: Element) -> frozenset[str]:
    """What the page calls its norms where it says where they come from: names, not figures."""
    sections = root.find("section", "norm-source")
    return frozenset(head.text() for each in sections for head in each.find("h3"))


def _beside_parts(opening: Element, norms: frozenset[str]) -> str:
    """The text of an opening without what is read apart: parts about a measure, code, norms."""
    return " ".join(_texts(opening, norms))


def _texts(element: Element, norms: frozenset[str]) -> Iterator[str]:
    for child in element.children:
        if isinstance(child, str):
            yield child
        elif child.tag == "a" and child.text() in norms:
            continue
        elif child.tag != "code" and not child.has(MADE):
            yield from _texts(child, norms)


def _strange_code(root: Element, names: Names) -> Iterator[str]:
    """What is wrong with code, in words without the number."""
    ends = {each.text() for footer in root.find("footer") for each in footer.find("code")}
    for code in root.find("code"):
        text, kind = code.text(), code.attributes.get("class", "build")
        if not _is_known(text, kind, names, ends):
            yield WRONG.get(kind, "what no reader knows")


def _is_known(text: str, kind: str, names: Names, ends: set[str]) -> bool:
    match kind:
        case "figure-id":
            return is_figure_id(text, names)
        case "command":
            read = COMMAND.fullmatch(text)
            return read is not None and (read[1] is None or is_figure_id(read[1], names))
        case "query":
            return is_query(text, names)
        case "build":
            # The page's end states what it was made from, and nothing else does.
            return text in ends and BUILD.fullmatch(text) is not None
        case _:
            return False


def is_figure_id(text: str, names: Names) -> bool:
    """Whether a text is area, wave and measure, or these with grade and gender, all known."""
    known: tuple[frozenset[str], ...] = (
        frozenset(names.area_ids),
        frozenset(map(str, names.waves)),
        frozenset(names.measure_ids),
        frozenset((ALL, *names.grades)),
        frozenset((ALL, *names.genders)),
    )
    parts = text.split("/")
    return len(parts) in {3, 5} and all(
        part in each for part, each in zip(parts, known, strict=False)
    )


def is_query(text: str, names: Names) -> bool:
    """Whether a query has no word but its own, no literal but a name, no number but a wave."""
    literals = {*names.area_ids, *names.measure_ids, *names.grades, *names.genders, ALL}
    rest = LITERAL.sub(" ", text)
    tokens = re.findall(r"\w+|[^\w\s(),=]", rest)
    waves = set(map(str, names.waves))
    return all(each in literals for each in LITERAL.findall(text)) and all(
        token in KEYWORDS or token in waves for token in tokens
    )
