"""What a release calls things: areas and how they lie in each other, measures, waves."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

FORMULA = tuple("=+-@＝＋－＠")
"""What begins a formula in a spreadsheet, where a text of that kind has an apostrophe before it."""


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

    on_pages: tuple[str, ...] = ()
    """Texts with digits by which all pages of a language call a grade, a gender, a norm or an
    outcome."""

    def without(self, text: str) -> str:
        """``text`` without names and waves, whose digits are no figures."""
        return self._pattern.sub(" ", self._labels.sub(" ", text.replace("\u00ad", "")))

    def without_labels(self, text: str) -> str:
        """``text`` without what people call things; ids and waves stay."""
        return self._labels.sub(" ", text.replace("\u00ad", ""))

    # A frozen dataclass keeps what it has worked out beside its fields.
    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        ids = (*self.area_ids, *self.measure_ids, *self.grades, *self.genders)
        return _any_of((*self.areas, *self.measures, *ids, *map(str, self.waves)))

    @cached_property
    def _labels(self) -> re.Pattern[str]:
        within = (each[:1].lower() + each[1:] for each in (*self.measures, *self.on_pages))
        return _any_of((*self.areas, *self.measures, *self.on_pages, *within))


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    """Any of some words as a whole, wherever lines break; the longest that stands there.

    What a number goes on after is no whole: ``Flickor 1`` is not in ``Flickor 1,5`` or in
    ``Flickor 1\u00a0412``.
    """
    longest_first = sorted(filter(None, set(words)), key=lambda word: (-len(word), word))
    choices = "|".join(r"\s+".join(map(re.escape, word.split())) for word in longest_first)
    goes_on = r"[^\W_]|(?<=\d)(?:[.,]\d|[\u00a0\u202f\u2009]\d{3})"
    return re.compile(rf"(?<![^\W_])(?<!\d[.,])(?:{choices or '(?!)'})(?!{goes_on})")


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
        written: str(row[key])
        for row in named.iter_rows(named=True)
        for label in (row[column] for column in columns)
        if label
        for written in _written(plain(str(label)))
    }


def _written(label: str) -> tuple[str, ...]:
    """A label, and as files have it whose programs would read it as a formula."""
    return (label, f"'{label}") if label[:1] in FORMULA else (label,)


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
