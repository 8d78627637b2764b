"""Where a build or a release differs from the recount of its raw exports."""

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import polars as pl

from pipeline import warehouse
from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.wave import Wave
from pipeline.release.own_count import Figure, OwnCount, lineage
from pipeline.release.recount_published import PublishedRow, exists

TOLERANCE = 1e-9
"""Shares are stored as floats, and so are sums: of these, relative to what is added."""

OVER_ALL = {"grade": "all", "gender": "all"}


class Recounted(NamedTuple):
    """A wave, the measures looked at in each area, and what the raw exports say of them."""

    wave: Wave
    chosen: dict[str, tuple[str, ...]]
    """By area."""

    own: OwnCount

    def figures(self) -> Iterator[tuple[str, str, Figure]]:
        """Area, measure and figure, also where the exports hold nobody of the area."""
        for area, measures in self.chosen.items():
            for measure in measures:
                yield area, measure, self.own.figures.get((area, measure), Figure())

    def reason(self, area: str, what: str, where: str) -> str:
        """One reason, as a sentence."""
        return (
            f"wave {self.wave.wave}, area {area}, {what}: {where} is not what the area's rows of "
            "the raw export give"
        )


def misfits_in_build(
    connection: duckdb.DuckDBPyConnection, catalogue: Catalogue, recounted: list[Recounted]
) -> Iterator[str]:
    """Reasons found in the working file: placements, sums, estimates, labels."""
    yield from _labels(warehouse.read(connection, "ref.area"), "ref.area", catalogue)
    placed = warehouse.read(connection, "staging.respondent_area")
    domains = warehouse.read(connection, "totals.domain").filter(**OVER_ALL)
    cells = warehouse.read(connection, "totals.cell", "wave", "area_id")
    estimates = warehouse.read(connection, "areas.estimate").filter(statistic="share", **OVER_ALL)
    true_cells = _true_cells(connection)
    for each in recounted:
        wave = each.wave.wave
        yield from _misplaced(each, placed.filter(wave=wave))
        yield from _domain_sizes(each, domains.filter(wave=wave))
        yield from _sums(each, catalogue, cells.filter(wave=wave))
        yield from _estimates(each, estimates.filter(wave=wave))
        yield from _true(each, true_cells.filter(wave=wave))


def _true_cells(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """``disclosure.cell`` over all; no rows where the build has none."""
    relation = "disclosure.cell"
    if not exists(connection, relation):
        keys = {"wave": pl.Int16, "area_id": pl.String, "measure_id": pl.String}
        return pl.DataFrame(schema=keys | {"n": pl.Int64, "k": pl.Float64})
    cells = warehouse.read(connection, relation).filter(**OVER_ALL)
    # The rest of the municipality without an area stands under the area's id too.
    return cells.filter(part="area") if "part" in cells.columns else cells


def _labels(areas: pl.DataFrame, relation: str, catalogue: Catalogue) -> Iterator[str]:
    stored = dict(areas.select("area_id", "label").iter_rows())
    for area in catalogue.areas.areas:
        if stored.get(area.id, area.label) != area.label:
            yield f"area {area.id}: its label in {relation} is not that of areas.yml"


def _misplaced(each: Recounted, placed: pl.DataFrame) -> Iterator[str]:
    stored = set(placed.select("respondent_id", "area_id").iter_rows())
    for area in sorted({area for _, area in stored ^ each.own.places}):
        yield each.reason(area, "who lives there", "staging.respondent_area")


def _domain_sizes(each: Recounted, domains: pl.DataFrame) -> Iterator[str]:
    stored = dict(domains.select("area_id", "n_respondents").iter_rows())
    for area in each.chosen:
        if stored.get(area, 0) != each.own.n_respondents.get(area, 0):
            yield each.reason(area, "number of respondents", "totals.domain")


def _sums(each: Recounted, catalogue: Catalogue, cells: pl.DataFrame) -> Iterator[str]:
    around = lineage(catalogue.areas, each.wave.fieldwork_from)
    columns = {each.id: f"is_flagged_{each.id}" for each in catalogue.factors}
    columns |= {each.id: f"reaches_{each.id}" for each in catalogue.flag_count_rules}
    for area, measure, figure in each.figures():
        column = columns.get(measure, f"outcome_{measure}")
        parts = [part for part, larger in around.items() if area in larger]
        inside = cells.filter(pl.col("area_id").is_in(parts))
        sums = [float(inside[f"{sum_of}_{column}"].sum()) for sum_of in ("n", "w", "wy")]
        own = (float(figure.n), float(figure.weight), float(figure.flagged))
        allowed = TOLERANCE * max(1.0, float(figure.weight))
        if any(abs(stored - true) > allowed for stored, true in zip(sums, own, strict=True)):
            yield each.reason(area, measure, "totals.cell")


def _estimates(each: Recounted, estimates: pl.DataFrame) -> Iterator[str]:
    stored = _by_area_and_measure(estimates)
    for area, measure, figure in each.figures():
        row = stored.get((area, measure), {"n": 0, "estimate": None})
        if row["n"] != figure.n or not _is_share(row["estimate"], figure):
            yield each.reason(area, measure, "areas.estimate")


def _true(each: Recounted, cells: pl.DataFrame) -> Iterator[str]:
    stored = _by_area_and_measure(cells)
    for area, measure, figure in each.figures():
        row = stored.get((area, measure))
        if row and not (row["n"] == figure.n and _is_count(row["k"], figure)):
            yield each.reason(area, measure, "disclosure.cell")


def _by_area_and_measure(rows: pl.DataFrame) -> dict[tuple[str, str], dict[str, Any]]:
    return {(row["area_id"], row["measure_id"]): row for row in rows.iter_rows(named=True)}


def _is_share(stored: float | None, figure: Figure) -> bool:
    if not figure.weight:
        return stored is None
    return stored is not None and abs(stored - figure.flagged / figure.weight) < TOLERANCE


def _is_count(stored: float | None, figure: Figure) -> bool:
    """Whether a count of flagged is the figure's; with weights, the share of n as one."""
    if not figure.weight:
        return not stored
    count = figure.n * figure.flagged / figure.weight
    # Whole where the count is not: with weights it is rounded.
    return stored is not None and abs(stored - count) <= (0 if count.denominator == 1 else 1)


def misfits_in_published(
    published: list[PublishedRow],
    catalogue: Catalogue,
    recounted: list[Recounted],
    folder: Path | None,
) -> Iterator[str]:
    """Reasons found in what is published: figures, and the name that a page bears."""
    stored: dict[tuple[int, str, str], list[PublishedRow]] = {}
    for row in published:
        stored.setdefault((row.wave, row.area_id, row.measure_id), []).append(row)
    for each in recounted:
        for area, measure, figure in each.figures():
            for row in stored.get((each.wave.wave, area, measure), []):
                if not row.can_be(figure):
                    yield each.reason(area, measure, row.source)
    if folder:
        yield from _pages_misnamed(folder / "documents", catalogue)


class _Title(HTMLParser):
    """The text of a page's own title: the first, since drawings have titles too."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self._n_begun, self._is_inside = 0, False

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 - the parser's own
        self._n_begun += tag == "title"
        self._is_inside = tag == "title" and self._n_begun == 1

    def handle_endtag(self, tag: str) -> None:
        self._is_inside = self._is_inside and tag != "title"

    def handle_data(self, data: str) -> None:
        self.text += data if self._is_inside else ""


def _pages_misnamed(documents: Path, catalogue: Catalogue) -> Iterator[str]:
    labels = sorted((area.label for area in catalogue.areas.areas), key=len, reverse=True)
    for area in catalogue.areas.areas:
        for wave in catalogue.waves:
            for page in documents.glob(
                f"{catalogue.site.id}_{area.id}_{wave.wave}_??_public*.html"
            ):
                title = _Title()
                title.feed(page.read_text("utf-8"))
                # The longest, since one name may be part of another.
                borne = next((label for label in labels if label in title.text), None)
                if borne != area.label:
                    yield f"wave {wave.wave}, area {area.id}: its page does not bear its name"
