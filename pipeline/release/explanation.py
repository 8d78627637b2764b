"""Where one figure comes from, and the same figure once more from the raw export."""

from pathlib import Path
from typing import NamedTuple

import duckdb

from pipeline import warehouse
from pipeline.definitions.areas import Area
from pipeline.definitions.catalogue import Catalogue, asked_items
from pipeline.definitions.factor import Factor, Outcome
from pipeline.definitions.lookup import definition_path, find_area, find_measure, find_wave
from pipeline.definitions.norm import Norm
from pipeline.definitions.policy import DocumentEdition
from pipeline.definitions.wave import Wave
from pipeline.disclosure.figure import Published, count_of
from pipeline.disclosure.publishable import Publishable, read_publishable
from pipeline.documents.figures import Figures
from pipeline.documents.view import STEPS
from pipeline.documents.wording import integer, percent, percent_range
from pipeline.errors import UsageError
from pipeline.release.own_count import Figure, asked_measures, count_wave
from pipeline.release.recount import known_of

STEPS_OF_CODE = (
    "pipeline/ingest: the export's rows and cells, each accounted for",
    "pipeline/analysis/scoring: screens, scores, cut-offs",
    "sql/1_staging/10_respondent_area.sql: which area each respondent counts in",
    "sql/2_totals/*.sql: respondents added up by area, grade, gender and sampling unit",
    "pipeline/analysis/estimation: share and interval (docs/method.md)",
    "pipeline/disclosure: what may be shown (docs/disclosure.md)",
)
"""What a figure passes through, in order."""

QUERY = """\
select status, percent, percent_lower, percent_upper, n
from estimate
where wave = {wave} and area_id = '{area}' and grade = 'all' and gender = 'all'
    and measure_id = '{measure}';"""


class FigureId(NamedTuple):
    """A figure of a profile: the share of one area in one wave on one measure."""

    area: Area
    wave: Wave
    measure: Factor | Outcome

    def __str__(self) -> str:
        """``norrsatra/2025/c_opp``, as profiles print it."""
        return f"{self.area.id}/{self.wave.wave}/{self.measure.id}"


class Explanation(NamedTuple):
    """What there is to say of a figure, by heading: a text, or one text a line."""

    figure: str
    said: dict[str, str | list[str]]
    agrees: bool
    """Whether the raw export, counted by other code, gives the figure that was built."""


def parse_figure(catalogue: Catalogue, text: str) -> FigureId:
    """The figure that ``area/wave/measure`` names.

    Raises:
        UsageError: it is of another form, or there is no such area, wave or measure.
    """
    area, *rest = text.split("/")
    if len(rest) != 2 or not rest[0].isdecimal():
        raise UsageError(f"{text!r}: is no figure; expected e.g. norrsatra/2025/c_opp.")
    wave = find_wave(catalogue, int(rest[0]))
    return FigureId(find_area(catalogue, area), wave, find_measure(catalogue, rest[1]))


def explain(
    catalogue: Catalogue, working_file: Path, figure: FigureId, edition: DocumentEdition
) -> Explanation:
    """Everything behind a figure, and whether it can be had from the raw export again.

    Args:
        catalogue: the site's definitions.
        working_file: the site's build.
        figure: which one.
        edition: who may read the explanation; exact numbers are said in the internal one alone.

    Raises:
        ExportError: the export can no longer be read.
    """
    with warehouse.connect(working_file, read_only=True) as connection:
        publishable = read_publishable(connection, catalogue.policy, edition)
        built = _built(connection, figure)
        own = _own(connection, catalogue, figure)
    shown = Figures(publishable, catalogue, figure.area.id).share(figure.measure, figure.wave)
    agrees = _agrees(built, own)
    said: dict[str, str | list[str]] = {
        "what": f"{figure.area.label}, {figure.wave.label.en}, {edition} edition",
        "shown": _in_words(shown),
        "share of": f"pupils who {figure.measure.phrase.en}",
        "definition": _definition(catalogue, figure),
        "cut-offs": _cutoffs(figure.measure, catalogue.norms),
        "answers": _ladder(publishable, figure, shown),
        "computed by": list(STEPS_OF_CODE),
        "in published.duckdb": QUERY.format(
            wave=figure.wave.wave, area=figure.area.id, measure=figure.measure.id
        ).splitlines(),
        "build": publishable.build_id,
        "counted again": _counted_again(
            own, agrees=agrees, is_exact=edition == "internal" and shown.state == "shown"
        ),
    }
    return Explanation(str(figure), {key: text for key, text in said.items() if text}, agrees)


def _own(connection: duckdb.DuckDBPyConnection, catalogue: Catalogue, figure: FigureId) -> Figure:
    """The figure from the raw export; of nobody where the wave gives nobody a value."""
    factors, outcomes = asked_measures(catalogue, figure.wave)
    area, measure = figure.area.id, figure.measure.id
    if measure not in factors + outcomes:
        return Figure()
    known = known_of(connection, figure.wave)
    counted = count_wave(catalogue, figure.wave, {area: (measure,)}, known)
    return counted.figures.get((area, measure), Figure())


def _built(connection: duckdb.DuckDBPyConnection, figure: FigureId) -> tuple[int, float | None]:
    """Respondents and share as they were built, before anything was hidden."""
    rows = warehouse.read(connection, "areas.estimate").filter(
        wave=figure.wave.wave,
        area_id=figure.area.id,
        grade="all",
        gender="all",
        measure_id=figure.measure.id,
        statistic="share",
    )
    return (0, None) if rows.is_empty() else rows.select("n", "estimate").row(0)


def _agrees(built: tuple[int, float | None], own: Figure) -> bool:
    n, share = built
    if not n or share is None:
        return own.n == n
    return own.n == n and abs(float(own.flagged / own.weight) - share) < 1e-9


def _in_words(shown: Published) -> str:
    if shown.state == "coded":
        return (
            f"{'less' if shown.code == 'below' else 'more'} than {percent(shown.limit or 0, 'en')}"
        )
    if shown.state != "shown" or shown.share is None:
        return f"nothing ({shown.state})"
    parts = [percent(shown.share, "en")]
    if shown.lower is not None and shown.upper is not None:
        parts.append(f"uncertainty {percent_range(shown.lower, shown.upper, 'en')}")
    if shown.n is not None:
        parts.append(f"{integer(shown.n)} answers")
    return ", ".join(parts) + (" (unreliable)" if shown.is_unreliable else "")


def _definition(catalogue: Catalogue, figure: FigureId) -> list[str]:
    measure = figure.measure
    folder = "scales" if isinstance(measure, Factor) else "outcomes"
    path = definition_path(catalogue, folder, measure.id)
    items = asked_items(measure, catalogue.instrument_of(figure.wave))
    said = [f"{path}: {measure.label.en}", f"items: {', '.join(items)}"]
    if isinstance(measure, Factor):
        said.append(f"a score is the mean of at least {measure.min_answered} of them")
    return said


def _cutoffs(measure: Factor | Outcome, norms: tuple[Norm, ...]) -> list[str]:
    return [
        f"{norm.label.en}, {cut.grade}: {cut.cutoff:g}"
        for norm in norms
        for cut in norm.cutoffs
        if cut.factor == measure.id
    ]


def _ladder(publishable: Publishable, figure: FigureId, shown: Published) -> list[str]:
    """The wave's coverage ladder, then the area's respondents and those with a value."""
    wave = publishable.coverage.filter(wave=figure.wave.wave, grade="all").row(0, named=True)
    steps = [(f"{step}, all of the municipality", count_of(wave, f"n_{step}")) for step in STEPS]
    rows = publishable.domains.filter(
        wave=figure.wave.wave, area_id=figure.area.id, grade="all", gender="all"
    ).to_dicts()
    steps.append(("in the area", count_of(rows[0], "n_respondents") if rows else None))
    steps.append(("in the area, with a value", shown.n))
    return [f"{step}: {'not shown' if n is None else integer(n)}" for step, n in steps]


def _counted_again(own: Figure, *, agrees: bool, is_exact: bool) -> str:
    verdict = "the raw export, counted by other code, gives the same figure"
    if not agrees:
        verdict = "THE RAW EXPORT, counted by other code, GIVES ANOTHER FIGURE"
    if is_exact and own.weight:
        verdict += f" (n {own.n}, share {float(own.flagged / own.weight):.6f})"
    return verdict
