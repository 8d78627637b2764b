"""YAML without its traps: no equal keys, no aliases, no endless files."""

from collections.abc import Hashable
from pathlib import Path
from typing import Any, cast

import yaml
from yaml.composer import Composer, ComposerError
from yaml.constructor import ConstructorError

from pipeline.errors import DefinitionError

MAX_BYTES = 1_000_000
"""A definition larger than this is not one; parsing it could take minutes."""


def load_yaml(path: Path) -> Any:
    """What a YAML file says.

    Raises:
        DefinitionError: the file cannot be read, is too large, or says it in a way that is not
            read here.
    """
    try:
        # Anything but a file, e.g. a device, might never end.
        if path.exists() and not path.is_file():
            raise DefinitionError(f"{path}: is not a file.")
        if path.stat().st_size > MAX_BYTES:
            raise DefinitionError(f"{path}: is larger than {MAX_BYTES} bytes.")
        text = path.read_text("utf-8")
    except OSError as error:
        raise DefinitionError(f"{path}: cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise DefinitionError(f"{path}: is not UTF-8 text.") from None
    try:
        # The loader is a safe one; the linter knows only the ready-made names.
        return yaml.load(text, _StrictLoader)  # noqa: S506
    except RecursionError:
        raise DefinitionError(f"{path}: is nested too deeply for a definition.") from None
    except yaml.YAMLError as error:
        raise DefinitionError(f"{path}: is not valid YAML: {_one_line(error)}.") from None


def _one_line(error: Exception) -> str:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark:
        return f"line {error.problem_mark.line + 1}: {error.problem}"
    return str(error).splitlines()[0] if str(error) else type(error).__name__


class _StrictLoader(Composer, yaml.CSafeLoader):
    """A safe loader that refuses what YAML allows and a definition has no use for.

    Of two equal keys YAML silently keeps the last; aliases let a small file stand for an
    endless one. Nodes are composed in Python: the C composer overflows its stack on a file
    that is nested deeply enough.
    """

    def __init__(self, text: str) -> None:
        Composer.__init__(self)
        yaml.CSafeLoader.__init__(self, text)

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        event = self.peek_event()
        if isinstance(event, yaml.AliasEvent):
            mark = cast("yaml.Mark", event.start_mark)
            raise ComposerError(None, None, "aliases (*name) are not read here", mark)
        return super().compose_node(parent, index)

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep)
        except (ValueError, KeyError, AttributeError):
            # A day such as 2021-13-45, or a value that does not bear the type it is marked with.
            kind = node.tag.rsplit(":", 1)[-1]
            problem = f"{str(node.value)[:40]!r} cannot be read as {kind}"
            raise ConstructorError(None, None, problem, node.start_mark) from None

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Hashable] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, Hashable):
                raise ConstructorError(None, None, "a key is not a word", key_node.start_mark)
            if key in seen:
                problem = f"key {key!r} is given twice"
                raise ConstructorError(None, None, problem, key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)
