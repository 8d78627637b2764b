"""YAML file in, definition out. Every misfit of a file is reported at once, by key."""

from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from pipeline.definitions.part import Definition
from pipeline.definitions.strict_yaml import load_yaml
from pipeline.errors import DefinitionError

Model = TypeVar("Model", bound=BaseModel)
Named = TypeVar("Named", bound=Definition)

MAX_SHOWN = 50
"""Misfits of one file that are spelled out."""


def load_definition(path: Path, model: type[Model]) -> Model:
    """One YAML file as a model.

    Raises:
        DefinitionError: the file cannot be read, is not YAML, repeats a key, or does not fit
            ``model``; a definition's id differs from its file name.
    """
    try:
        definition = model.model_validate(load_yaml(path))
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


def path_inside(root: Path, name: str) -> Path:
    """A file that a definition names by its path within ``root``.

    Raises:
        DefinitionError: the path leads out of ``root``.
    """
    path = (root / name).resolve()
    if not path.is_relative_to(root):
        raise DefinitionError(f"{name}: lies outside {root}; expected a path inside it.")
    return path


def nearest(name: str, known: list[str]) -> str:
    """``; nearest is 'x'``, or nothing when no known name is near."""
    lowered = {each.lower(): each for each in known}
    near = get_close_matches(name.lower(), list(lowered), n=1)
    return f"; nearest is {lowered[near[0]]!r}" if near else ""


def _explain(path: Path, error: ValidationError, model: type[BaseModel]) -> str:
    lines = []
    every = error.errors(include_input=False, include_url=False)
    within = {misfit["loc"][:depth] for misfit in every for depth in range(len(misfit["loc"]))}
    # A list whose parts do not fit is also called too short: it is not.
    misfits = [each for each in every if each["type"] != "too_short" or each["loc"] not in within]
    for misfit in misfits[:MAX_SHOWN]:
        where = ".".join(str(part) for part in misfit["loc"]) or "the file"
        if misfit["type"] == "extra_forbidden":
            key = str(misfit["loc"][-1])
            lines.append(f"  {where}: unknown key{nearest(key, _keys(model, misfit['loc']))}")
        else:
            lines.append(f"  {where}: {misfit['msg'].removeprefix('Value error, ')}")
    if len(misfits) > MAX_SHOWN:
        lines.append(f"  and {len(misfits) - MAX_SHOWN} more")
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
    named = [each for each in resolved if part in _constants(each)]
    return named or [inner for each in resolved for inner in _step(each, part, definitions)]


def _constants(place: dict[str, Any]) -> list[Any]:
    """The words that tell a branch of a union from the others, e.g. its ``rule``."""
    properties = place.get("properties", {}).values()
    return [each["const"] for each in properties if "const" in each]


def _resolved(place: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    reference = place.get("$ref")
    return definitions[reference.rsplit("/", 1)[1]] if reference else place
