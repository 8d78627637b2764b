"""HTML as a tree, with everything that a browser does not show: comments, attributes, scripts."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"meta", "link", "br", "hr", "img", "input", "col", "wbr", "source", "base"})


@dataclass(slots=True, eq=False)
class Element:
    """One element; ``children`` are elements and texts in their order."""

    tag: str
    attributes: dict[str, str]
    children: list["Element | str"] = field(default_factory=list)

    def walk(self) -> Iterator["Element"]:
        """This element and all inside it, in the order of the page."""
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.walk()

    def find(self, tag: str, of_class: str = "") -> list["Element"]:
        """All elements inside with a tag, and a class if one is named."""
        return [
            each for each in self.walk() if each.tag == tag and (not of_class or each.has(of_class))
        ]

    def has(self, of_class: str) -> bool:
        """Whether the element is of a class."""
        return of_class in self.attributes.get("class", "").split()

    def text(self, *, without: tuple[str, ...] = ()) -> str:
        """All text inside, in one line; ``without`` names tags to leave out."""
        return " ".join("".join(self._texts(without)).replace("\u00ad", "").split(" ")).strip()

    def _texts(self, without: tuple[str, ...]) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield child
            elif child.tag not in without:
                yield from child._texts(without)
                yield " "


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self.open = [self.root]
        self.comments: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)

    def handle_endtag(self, tag: str) -> None:
        for place in range(len(self.open) - 1, 0, -1):
            if self.open[place].tag == tag:
                del self.open[place:]
                return

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)


def parse(text: str) -> tuple[Element, list[str]]:
    """The page as a tree, and its comments."""
    builder = _Builder()
    builder.feed(text)
    builder.close()
    return builder.root, builder.comments
