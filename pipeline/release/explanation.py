"""Where one figure comes from, and the same figure once more from the raw export."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import duckdb

from pipeline import warehouse
from pipeline.definitions.catalogue import Catalogue, asked_factors, asked_items
from pipeline.definitions.factor import Factor
from pipeline.definitions.flag_count import FlagCount, MeasureDefinition
from pipeline.definitions.lookup import definition_path
from pipeline.definitions.norm import Norm
from pipeline.definitions.policy import DocumentEdition
from pipeline.definitions.wave import Wave
from pipeline.disclosure.figure import Count, Published, Row, count_of
from pipeline.disclosure.publishable import Publishable, read_publishable
from pipeline.documents.figure_ids import ALL, FigureId, query_of
from pipeline.documents.figures import Figures
from pipeline.documents.view import STEPS
from pipeline.documents.wording import integer, percent, percent_range
from pipeline.release.own_count import Figure, Group, asked_measures, count_wave
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

NOT_PUBLISHED = "nothing (no figure of this group is published)"


class Explanation(NamedTuple):
    """What there is to say of a figure, by heading: a text, or one text a line."""

    figure: str
    said: dict[str, str | list[str]]
    agrees: bool
    """Whether the raw export, counted by other code, gives the figure that was built."""


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
    shown = Figures(publishable, catalogue, figure.area.id).share(
        figure.measure, figure.wave, grade=figure.grade, gender=figure.gender
    )
    agrees = _agrees(built, own)
    said: dict[str, str | list[str]] = {
        "what": f"{what_of(figure)}, {edition} edition",
        "shown": in_words(shown) if _has_row(publishable, figure) else NOT_PUBLISHED,
        "share of": f"pupils who {figure.measure.phrase.en}",
        "definition": definition_of(catalogue, figure),
        "cut-offs": cutoffs_of(figure, catalogue.norms),
        "answers": _ladder(publishable, figure, shown),
        "computed by": list(STEPS_OF_CODE),
        "in published.duckdb": query_of(figure).splitlines(),
        "build": publishable.build_id,
        "counted again": _counted_again(
            own, agrees=agrees, is_exact=edition == "internal" and shown.state == "shown"
        ),
    }
    return Explanation(str(figure), {key: text for key, text in said.items() if text}, agrees)


def _has_row(publishable: Publishable, figure: FigureId) -> bool:
    """Whether the edition has figures of the figure's group at all; of everyone it always has."""
    if figure.grade == figure.gender == ALL:
        return True
    groups = publishable.estimates.filter(grade=figure.grade, gender=figure.gender)
    return not groups.is_empty()


def _own(connection: duckdb.DuckDBPyConnection, catalogue: Catalogue, figure: FigureId) -> Figure:
    """The figure from the raw export; of nobody where the wave gives nobody a value."""
    factors, others = asked_measures(catalogue, figure.wave)
    area, measure = figure.area.id, figure.measure.id
    if measure not in factors + others:
        return Figure()
    known = known_of(connection, figure.wave)
    group = Group(*(None if each == ALL else each for each in (figure.grade, figure.gender)))
    counted = count_wave(catalogue, figure.wave, {area: (measure,)}, known, group)
    return counted.figures.get((area, measure), Figure())


def _built(connection: duckdb.DuckDBPyConnection, figure: FigureId) -> tuple[int, float | None]:
    """Respondents and share as they were built, before anything was hidden."""
    rows = warehouse.read(connection, "areas.estimate").filter(
        wave=figure.wave.wave,
        area_id=figure.area.id,
        grade=figure.grade,
        gender=figure.gender,
        measure_id=figure.measure.id,
        statistic="share",
    )
    return (0, None) if rows.is_empty() else rows.select("n", "estimate").row(0)


def _agrees(built: tuple[int, float | None], own: Figure) -> bool:
    n, share = built
    if not n or share is None:
        return own.n == n
    return own.n == n and abs(float(own.flagged / own.weight) - share) < 1e-9


def in_words(shown: Published) -> str:
    """A figure as it is shown, in English; or why it is not."""
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


def what_of(figure: FigureId) -> str:
    """Area, survey and group of a figure, in English."""
    group = [each for each in (figure.grade, figure.gender) if each != ALL]
    return ", ".join([figure.area.label, figure.wave.label.en, *group])


def definition_of(catalogue: Catalogue, figure: FigureId) -> list[str]:
    """The file of a figure's measure, its items as the wave asked them, and its source."""
    measure = figure.measure
    path = definition_path(catalogue, _folder(measure), measure.id)
    if isinstance(measure, FlagCount):
        return [f"{path}: {measure.label.en}", *_rule_of_count(measure, catalogue, figure.wave)]
    items = asked_items(measure, catalogue.instrument_of(figure.wave))
    said = [f"{path}: {measure.label.en}", f"items: {', '.join(items)}"]
    if isinstance(measure, Factor):
        said.append(f"a score is the mean of at least {measure.min_answered} of them")
    return [*said, f"source: {measure.source} ({measure.status})"]


def _folder(measure: MeasureDefinition) -> str:
    """Where in ``factor_definitions`` a measure is defined."""
    if isinstance(measure, FlagCount):
        return "flag_counts"
    return "scales" if isinstance(measure, Factor) else "outcomes"


def _rule_of_count(count: FlagCount, catalogue: Catalogue, wave: Wave) -> list[str]:
    factors = asked_factors(count, catalogue.instrument_of(wave))
    return [
        f"factors: {', '.join(factor.id for factor in factors)}",
        f"1 with at least {count.rule.at_least} of them flagged, whatever is missing; else 0 with "
        f"at least {count.rule.min_flags_known} known",
    ]


def cutoffs_of(figure: FigureId, norms: tuple[Norm, ...]) -> list[str]:
    """Every norm's cut-offs of a figure's measure, in the figure's grade or in all."""
    return [
        f"{norm.label.en}, {cut.grade}: {cut.cutoff:g}"
        for norm in norms
        for cut in norm.cutoffs
        if cut.factor == figure.measure.id and figure.grade in {ALL, cut.grade}
    ]


def _ladder(publishable: Publishable, figure: FigureId, shown: Published) -> list[str]:
    coverage = publishable.coverage.filter(wave=figure.wave.wave, grade=figure.grade)
    domains = publishable.domains.filter(
        wave=figure.wave.wave,
        area_id=figure.area.id,
        grade=figure.grade,
        gender=figure.gender,
    )
    return ladder_of(figure, coverage.to_dicts(), domains.to_dicts(), shown.n)


def ladder_of(
    figure: FigureId, coverage: Sequence[Row], domains: Sequence[Row], n: Count | None
) -> list[str]:
    """The coverage ladder, then the area's respondents and those with a value, a line each.

    Args:
        figure: whose.
        coverage: the wave's row of the figure's grade; empty where there is none.
        domains: the row of the figure's area and group; empty where there is none.
        n: respondents with a value; null if that is not shown.
    """
    grade = "" if figure.grade == ALL else f", {figure.grade}"
    # How many pupils of each gender began is published apart, since not everyone states one.
    steps = [
        (f"{step}, all of the municipality{grade}", count_of(row, f"n_{step}"))
        for row in coverage
        for step in STEPS
    ]
    group = "".join(f", {each}" for each in (figure.grade, figure.gender) if each != ALL)
    here = count_of(domains[0], "n_respondents") if domains else None
    steps.extend(((f"in the area{group}", here), (f"in the area{group}, with a value", n)))
    return [f"{step}: {'not shown' if count is None else integer(count)}" for step, count in steps]


def _counted_again(own: Figure, *, agrees: bool, is_exact: bool) -> str:
    verdict = "the raw export, counted by other code, gives the same figure"
    if not agrees:
        verdict = "THE RAW EXPORT, counted by other code, GIVES ANOTHER FIGURE"
    if is_exact and own.weight:
        verdict += f" (n {own.n}, share {float(own.flagged / own.weight):.6f})"
    return verdict
