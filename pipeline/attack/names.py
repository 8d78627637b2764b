"""What a release calls things: areas and how they lie in each other, measures, waves."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl


@dataclass(frozen=True)
class Names:
    """The words of one release, from ``published.area``, ``published.measure`` and the keys."""

    area_ids: tuple[str, ...] = ()
    """In the order that the release lists them."""

    measure_ids: tuple[str, ...] = ()
    areas: Mapping[str, str] = field(default_factory=dict)
    """Label to id."""

    measures: Mapping[str, str] = field(default_factory=dict)
    """Label in any language to id."""

    parents: Mapping[int, Mapping[str, frozenset[str]]] = field(default_factory=dict)
    """Wave to area to the areas it lies in, at any height."""

    waves: tuple[int, ...] = ()
    grades: tuple[str, ...] = ()
    """Without ``all``."""

    genders: tuple[str, ...] = ()
    """Without ``all``."""

    def without(self, text: str) -> str:
        """``text`` without names and waves, whose digits are no figures."""
        return self._pattern.sub(" ", text)

    @property
    def _pattern(self) -> re.Pattern[str]:
        # A frozen dataclass keeps what it has worked out beside its fields.
        found = self.__dict__.get("_compiled")
        if found is None:
            words = {
                *self.areas,
                *self.measures,
                *self.area_ids,
                *self.measure_ids,
                *self.grades,
                *self.genders,
                *map(str, self.waves),
            }
            longest_first = sorted(filter(None, words), key=lambda word: (-len(word), word))
            choices = "|".join(map(re.escape, longest_first)) or r"(?!)"
            found = re.compile(rf"(?<![^\W_])(?:{choices})(?![^\W_])")
            self.__dict__["_compiled"] = found
        return found


def read_names(tables: Mapping[str, pl.DataFrame]) -> Names:
    """The names in a release's own tables, all columns of which are text."""
    area = tables.get("area", pl.DataFrame({"area_id": [], "label": []}))
    measure = tables.get("measure", pl.DataFrame({"measure_id": []}))
    estimate = tables.get("estimate", pl.DataFrame())
    return Names(
        area_ids=tuple(area["area_id"].unique(maintain_order=True)),
        measure_ids=tuple(measure["measure_id"].unique(maintain_order=True)),
        areas=_labels(area, "area_id"),
        measures=_labels(measure, "measure_id"),
        parents={wave: _ancestors(area, wave) for wave in _waves(estimate)},
        waves=_waves(estimate),
        grades=_parts(estimate, "grade"),
        genders=_parts(estimate, "gender"),
    )


def _labels(named: pl.DataFrame, key: str) -> dict[str, str]:
    columns = [column for column in named.columns if column.startswith("label")]
    return {
        plain(str(label)): str(row[key])
        for row in named.iter_rows(named=True)
        for label in (row[column] for column in columns)
        if label
    }


def plain(text: str) -> str:
    """Text as it reads: single spaces, no soft hyphens."""
    return " ".join(text.replace("\u00ad", "").split())


def _waves(estimate: pl.DataFrame) -> tuple[int, ...]:
    if "wave" not in estimate.columns:
        return ()
    return tuple(sorted({int(wave) for wave in estimate["wave"].unique() if wave is not None}))


def _parts(estimate: pl.DataFrame, column: str) -> tuple[str, ...]:
    if column not in estimate.columns:
        return ()
    return tuple(sorted(set(estimate[column].drop_nulls().unique()) - {"all"}))


def _ancestors(area: pl.DataFrame, wave: int) -> dict[str, frozenset[str]]:
    """Every area with all it lies in, from whatever of them the release states."""
    of_wave = area.filter(pl.col("wave") == str(wave)) if "wave" in area.columns else area
    direct: dict[str, set[str]] = {str(row): set() for row in of_wave["area_id"]}
    columns = [name for name in of_wave.columns if re.match(r"parent|lies_in|ancestor", name)]
    for row in of_wave.iter_rows(named=True):
        stated = " ".join(str(row[column] or "") for column in columns)
        found = re.findall(r"[\w-]+", stated)
        direct[row["area_id"]] |= {each for each in found if each != row["area_id"]}
    closed = {each: frozenset(parents) for each, parents in direct.items()}
    for _ in direct:
        closed = {
            each: parents.union(*(closed.get(parent, frozenset()) for parent in parents))
            for each, parents in closed.items()
        }
    return closed
