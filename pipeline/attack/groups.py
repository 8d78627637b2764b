"""Groups of respondents, genders and grades, as pages and documents call them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from pipeline.attack.html_tree import Element
from pipeline.attack.names import Names, plain
from pipeline.attack.printed import numbers_in

Group = tuple[str, str]
"""Grade and gender, as the release's tables name them."""

EVERYONE: Group = ("all", "all")


def group_of(element: Element, names: Names) -> Group | None:
    """The gender or grade that an element says it is about; null without one, or without it."""
    gender, grade = (element.attributes.get(f"data-{each}", "") for each in ("gender", "grade"))
    return named_group((gender, grade), names)


def named_group(texts: Iterable[str], names: Names) -> Group | None:
    """The one gender or grade whose id is among some texts; null if there is none, or several."""
    found: list[Group] = []
    for text in texts:
        found += [(text, "all")] if text in names.grades else []
        found += [("all", text)] if text in names.genders else []
    return found[0] if len(found) == 1 else None


def groups_on(root: Element, names: Names) -> dict[str, Group]:
    """What a page calls its groups, by the heads of its tables; names of several are left out."""
    found: dict[str, set[Group]] = {}
    for head in root.find("th"):
        group = group_of(head, names)
        if group is not None:
            found.setdefault(plain(head.text()), set()).add(group)
    return {label: group for label, [group, *others] in found.items() if not others}


def numbers_in_heads(root: Element, names: Names) -> bool:
    """Whether what the page calls a group has a number that is no part of its name."""
    heads = (each for each in root.find("th") if group_of(each, names) is not None)
    return any(numbers_in(names.without(head.text())) for head in heads)


def by_group(text: str, groups: Mapping[str, Group]) -> Iterator[tuple[Group, str]]:
    """Parts of what is said of a measure, each with the group whose name it begins with.

    The first stands before any name, and is about everyone.
    """
    text = plain(text)
    found = list(_begins(tuple(groups)).finditer(text)) if groups else []
    starts = [0, *(match.start(1) for match in found)]
    ends = [*starts[1:], len(text)]
    of = [EVERYONE, *(groups[match.group(1)] for match in found)]
    for group, start, end in zip(of, starts, ends, strict=True):
        if text[start:end].strip():
            yield group, text[start:end]


@lru_cache(maxsize=32)
def _begins(labels: tuple[str, ...]) -> re.Pattern[str]:
    """A name that begins a sentence and ends with a colon; the longest of several."""
    longest_first = sorted(labels, key=lambda label: (-len(label), label))
    return re.compile(rf"(?:(?<=[.:!…]\s)|^)({'|'.join(map(re.escape, longest_first))}): ")
