"""YAML file in, definition out. Every misfit of a file is reported at once, by key."""

from collections.abc import Hashable
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from pipeline.definitions.part import Definition
from pipeline.errors import DefinitionError

Model = TypeVar("Model", bound=BaseModel)
Named = TypeVar("Named", bound=Definition)

MAX_BYTES = 5_000_000
"""A definition larger than this is not one; parsing it could take minutes."""


class _StrictLoader(yaml.CSafeLoader):
    """YAML keeps the last of two equal keys silently; here they are refused."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Hashable] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise _DuplicateKeyError(key, key_node.start_mark.line + 1)
            seen.add(key)
        return super().construct_mapping(node, deep)


class _DuplicateKeyError(Exception):
    def __init__(self, key: Hashable, line: int) -> None:
        super().__init__(f"line {line}: key {key!r} is given twice")


def load_definition(path: Path, model: type[Model]) -> Model:
    """One YAML file as a model.

    Raises:
        DefinitionError: the file cannot be read, is not YAML, repeats a key, or does not fit
            ``model``; a definition's id differs from its file name.
    """
    try:
        definition = model.model_validate(_load_yaml(path))
    except ValidationError as error:
        raise DefinitionError(_explain(path, error, model)) from None
    if isinstance(definition, Definition) and path.stem not in ("site", definition.id):
        raise DefinitionError(
            f"{path}: id: is {definition.id!r}, expected {path.stem!r} as the file is named."
        )
    return definition


def load_folder(folders: list[Path], model: type[Named]) -> dict[str, Named]:
    """All definitions of the ``.yml`` files in ``folders``, by id.

    Raises:
        DefinitionError: a file does not fit, or two folders define the same id.
    """
    definitions: dict[str, Named] = {}
    for path in (path for folder in folders for path in sorted(folder.glob("*.yml"))):
        definition = load_definition(path, model)
        if definition.id in definitions:
            raise DefinitionError(f"{path}: id: {definition.id!r} is defined twice.")
        definitions[definition.id] = definition
    return definitions


def nearest(name: str, known: list[str]) -> str:
    """``; nearest is 'x'``, or nothing when no known name is near."""
    lowered = {each.lower(): each for each in known}
    near = get_close_matches(name.lower(), list(lowered), n=1)
    return f"; nearest is {lowered[near[0]]!r}" if near else ""


def _load_yaml(path: Path) -> Any:
    try:
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
    except (yaml.YAMLError, _DuplicateKeyError, RecursionError) as error:
        raise DefinitionError(f"{path}: is not valid YAML: {_one_line(error)}.") from None


def _one_line(error: Exception) -> str:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark:
        return f"line {error.problem_mark.line + 1}: {error.problem}"
    return str(error).splitlines()[0] if str(error) else type(error).__name__


def _explain(path: Path, error: ValidationError, model: type[BaseModel]) -> str:
    lines = []
    for misfit in error.errors(include_input=False, include_url=False):
        where = ".".join(str(part) for part in misfit["loc"]) or "the file"
        if misfit["type"] == "extra_forbidden":
            key = str(misfit["loc"][-1])
            lines.append(f"  {where}: unknown key{nearest(key, _keys(model, misfit['loc']))}")
        else:
            lines.append(f"  {where}: {misfit['msg'].removeprefix('Value error, ')}")
    return "\n".join([f"{path} does not fit {model.__name__}:", *lines])


def _keys(model: type[BaseModel], location: tuple[int | str, ...]) -> list[str]:
    """The keys known where ``location`` ends, found by walking the JSON Schema."""
    schema = model.model_json_schema()
    definitions = schema.get("$defs", {})
    places = [schema]
    for part in location[:-1]:
        places = [
            inner
            for place in places
            for inner in _step(_resolved(place, definitions), part, definitions)
        ]
    return [key for place in places for key in _resolved(place, definitions).get("properties", {})]


def _step(
    place: dict[str, Any], part: int | str, definitions: dict[str, Any]
) -> list[dict[str, Any]]:
    if isinstance(part, int):
        return [place["items"]] if "items" in place else []
    if part in place.get("properties", {}):
        return [place["properties"][part]]
    branches = place.get("anyOf", place.get("oneOf", []))
    resolved = [_resolved(branch, definitions) for branch in branches]
    # In a union, pydantic's location names the branch; otherwise look inside each.
    named = [each for each in resolved if _kind(each) == part]
    return named or [inner for each in resolved for inner in _step(each, part, definitions)]


def _kind(place: dict[str, Any]) -> Any:
    return place.get("properties", {}).get("kind", {}).get("const")


def _resolved(place: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    reference = place.get("$ref")
    return definitions[reference.rsplit("/", 1)[1]] if reference else place
