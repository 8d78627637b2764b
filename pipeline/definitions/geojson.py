"""Areas as GeoJSON (RFC 7946), as far as a map needs them: features with one polygon or several."""

import codecs
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.errors import DefinitionError

Position = Annotated[list[float], Field(min_length=2, max_length=4)]
"""Longitude and latitude in degrees; what follows (a height) is not read."""

Ring = Annotated[list[Position], Field(min_length=4)]
"""Ends where it begins."""

Rings = Annotated[list[Ring], Field(min_length=1)]
"""The outer ring, then its holes."""


class _Member(BaseModel):
    """An object of GeoJSON. Members of no concern to a map may stand beside those read."""

    model_config = ConfigDict(frozen=True, strict=True, allow_inf_nan=False)


class Polygon(_Member):
    """One piece of land or water, with its holes."""

    type: Literal["Polygon"]
    coordinates: Rings

    @property
    def polygons(self) -> list[Rings]:
        """All its polygons: this one."""
        return [self.coordinates]


class MultiPolygon(_Member):
    """Several pieces."""

    type: Literal["MultiPolygon"]
    coordinates: Annotated[list[Rings], Field(min_length=1)]

    @property
    def polygons(self) -> list[Rings]:
        """All its polygons."""
        return self.coordinates


class Feature(_Member):
    """An area, or a part of one, with what is said of it."""

    type: Literal["Feature"]
    properties: dict[str, Any]
    geometry: Annotated[Polygon | MultiPolygon, Field(discriminator="type")]


class FeatureCollection(_Member):
    """A whole file."""

    type: Literal["FeatureCollection"]
    features: Annotated[list[Feature], Field(min_length=1)]


def load_geojson(path: Path) -> FeatureCollection:
    """A file of areas. That its coordinates are degrees is not checked here.

    Raises:
        DefinitionError: the file cannot be read, or is no GeoJSON of polygons.
    """
    try:
        content = path.read_bytes().removeprefix(codecs.BOM_UTF8)
        return FeatureCollection.model_validate_json(content)
    except OSError as error:
        raise DefinitionError(f"{path}: cannot be read: {error.strerror}.") from None
    except ValidationError as error:
        raise DefinitionError(_explain(path, error)) from None


def _explain(path: Path, error: ValidationError) -> str:
    """The first misfit: one wrong program makes every feature wrong in the same way."""
    every = error.errors(include_input=False, include_url=False, include_context=False)
    where, what = every[0]["loc"], every[0]["msg"]
    place = "the file"
    if len(where) > 1:
        place = f"feature {int(where[1]) + 1}"
        place += "".join(f", {part}" for part in where[2:] if isinstance(part, str))
    more = f" (and {len(every) - 1} more misfits)" if len(every) > 1 else ""
    return (
        f"{path}: {place}: {what}{more}; expected a GeoJSON FeatureCollection whose features are "
        "Polygon or MultiPolygon."
    )
