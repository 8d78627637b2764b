"""Numbers of a page that no reader of figures has accounted for."""

import re
from typing import NamedTuple

from pipeline.attack.figures import Finding
from pipeline.attack.html_tree import Element
from pipeline.attack.names import Names
from pipeline.attack.policy import Policy
from pipeline.attack.printed import Printed, numbers_in

# fmt: off
LAYOUT = frozenset((
    "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "rx", "ry", "d", "width", "height",
    "viewbox", "points", "transform", "class", "id", "for", "href", "lang", "aria-labelledby",
    "aria-describedby", "aria-controls", "colspan", "rowspan", "tabindex", "scope", "role",
    "charset", "name", "http-equiv", "rel", "overflow", "focusable", "aria-hidden",
    "preserveaspectratio", "data-measure", "data-area", "data-wave",
))
# fmt: on
"""Attributes whose numbers are places on the page, links within it or names."""

PAGE_WIDE = frozenset({"viewport", "robots", "color-scheme", "dcterms.temporal"})
"""Names of meta elements without figures."""

PEOPLE = re.compile(r"(\d[\d\u00a0\u202f]*)\s+(?:elev|pupil|respondent|ungdom)")

FOR_YOUNG = 2
"""How many times the minimum base figures rest on, at least, on pages for young people."""

COUNTED = ("ladder", "grades")
"""Classes of tables of respondents."""


class Repeated(NamedTuple):
    """A part of a page about one measure, and the numbers that it may repeat."""

    measure: str
    element: Element
    allowed: frozenset[float]
    place: str


def residue(
    root: Element,
    blocks: list[Repeated],
    names: Names,
    policy: Policy,
    where: str,
) -> list[Finding]:
    """Findings for numbers in attributes, in sentences and beside figures.

    Args:
        root: the page.
        blocks: its parts about one measure.
        names: of the release.
        policy: of the release.
        where: file.
    """
    findings = []
    for element in root.walk():
        findings += _attributes(element, names, policy, where)
        if element.tag == "script":
            findings.append(Finding("undeclared", "the page holds a script", where))
    inside = {id(each) for block in blocks for each in block.element.walk()}
    findings += _counts(root, names, policy, where)
    findings += _decimals(root, inside, policy, where)
    for block in blocks:
        findings += _beside(block, names, policy, where)
    return findings


def _attributes(element: Element, names: Names, policy: Policy, where: str) -> list[Finding]:
    """Numbers in attributes that a reader does not see, apart from names and the rules' own."""
    if element.tag == "meta" and element.attributes.get("name") in PAGE_WIDE:
        return []
    findings = []
    for name, text in element.attributes.items():
        if name in LAYOUT or not any(map(str.isdigit, text)):
            continue
        if element.tag == "meta" and name == "content" and "http-equiv" in element.attributes:
            continue
        if [each for each in numbers_in(names.without(text)) if not is_rule(each, policy)]:
            says = f"attribute {name} of {element.tag} holds a number"
            findings.append(Finding("unread number", says, where))
    return findings


def _counts(root: Element, names: Names, policy: Policy, where: str) -> list[Finding]:
    """Numbers of respondents, in tables and sentences, that are not rounded."""
    findings = []
    for of_class in COUNTED:
        for table in root.find("table", of_class):
            for cell in table.find("td", "num"):
                text = cell.text()
                whole = [] if "%" in text else numbers_in(text)
                if any(each.value % policy.round_counts for each in whole):
                    says = f"a count in the table {of_class} is not rounded"
                    findings.append(Finding("raw figure", says, where))
    norms = {id(each) for norm in root.find("section", "norm-source") for each in norm.walk()}
    for element in root.walk():
        # How large a norm's sample was is part of its definition, not of the release.
        if id(element) in norms:
            continue
        own = " ".join(child for child in element.children if isinstance(child, str))
        for match in PEOPLE.finditer(names.without_labels(own)):
            number = numbers_in(match.group(1))[0]
            is_known = is_rule(number, policy) or number.value == FOR_YOUNG * policy.min_base
            if number.value % policy.round_counts and not is_known:
                findings.append(Finding("raw figure", "a sentence counts pupils exactly", where))
    return findings


def _decimals(root: Element, inside: set[int], policy: Policy, where: str) -> list[Finding]:
    """Percentages in sentences with more decimals than figures have."""
    findings = []
    for element in root.walk():
        if id(element) in inside or element.tag in {"style", "code"}:
            continue
        own = " ".join(child for child in element.children if isinstance(child, str))
        for match in re.finditer(r"\d+[.,](\d+)\s*(?:%|procent|per cent|percent)", own):
            if len(match.group(1)) > policy.percent_decimals:
                says = "a sentence has a percentage with decimals"
                findings.append(Finding("raw figure", says, where))
    return findings


def _beside(block: Repeated, names: Names, policy: Policy, where: str) -> list[Finding]:
    """Numbers of a part about one measure that are nobody's published figure."""
    strangers = {
        number
        for number in numbers_in(names.without(block.element.text()))
        if abs(number.value) not in block.allowed and not is_rule(number, policy)
    }
    if not strangers:
        return []
    says = f"{block.measure}: {len(strangers)} numbers are in none of the release's tables"
    return [Finding("unread number", says, f"{where}, {block.place}")]


def is_rule(number: Printed, policy: Policy) -> bool:
    """Whether a number is one of the rules', which pages explain."""
    rules = {
        0.0,
        1.0,
        25.0,
        50.0,
        75.0,
        100.0,
        95.0,
        float(policy.min_base),
        float(policy.below),
        float(policy.above),
    }
    return number.decimals == 0 and abs(number.value) in rules
