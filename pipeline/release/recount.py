"""Two figures of every area and wave, counted once more from the raw exports.

Areas could change places anywhere between an export and a page: a join on the wrong key, a sorted
list beside an unsorted one. No other check would see it, since every figure would still be some
area's. So the rows of each area are found and scored again, by other code.
"""

from collections import Counter
from pathlib import Path

import duckdb
import polars as pl

from pipeline import warehouse
from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.wave import Wave
from pipeline.release.own_count import Known, asked_measures, count_wave
from pipeline.release.recount_published import PublishedRow, published_rows
from pipeline.release.recount_stored import Recounted, misfits_in_build, misfits_in_published


def recount(catalogue: Catalogue, working_file: Path, folder: Path | None) -> list[str]:
    """Recount every area and wave; say where a figure is not that area's.

    Of each area and wave, the number of respondents and two measures are recounted: a factor
    with a norm, and an outcome or a count of flags, or two of what there is. One that is
    published there is taken before one that is not, and then the one looked at least so far, so
    that all are looked at somewhere.

    Screens are not applied again, since no screen knows areas: who was set aside is taken, person
    by person, from the working file. So are weights that are computed (raking, sampling
    fractions). All else is read off the raw exports and the definitions.

    Args:
        catalogue: the site's definitions.
        working_file: the site's build.
        folder: of a release, not yet promoted or promoted; null: only the build is looked at.

    Returns:
        One reason each for a figure, a label or a placement that is not what the raw exports and
        ``areas.yml`` say; empty if all are. Never a number of people.

    Raises:
        ExportError: an export can no longer be read.
    """
    with warehouse.connect(working_file, read_only=True) as connection:
        published = published_rows(connection, folder)
        n_looked_at: Counter[str] = Counter()
        recounted = [
            _recount_wave(connection, catalogue, wave, published, n_looked_at)
            for wave in catalogue.waves
        ]
        reasons = list(misfits_in_build(connection, catalogue, recounted))
    reasons += misfits_in_published(published, catalogue, recounted, folder)
    return list(dict.fromkeys(reasons))


def _recount_wave(
    connection: duckdb.DuckDBPyConnection,
    catalogue: Catalogue,
    wave: Wave,
    published: list[PublishedRow],
    n_looked_at: Counter[str],
) -> Recounted:
    shown = {
        (row.area_id, row.measure_id) for row in published if row.wave == wave.wave and row.is_shown
    }
    chosen = _chosen(catalogue, wave, shown, n_looked_at)
    own = count_wave(catalogue, wave, chosen, known_of(connection, wave))
    return Recounted(wave, chosen, own)


def _chosen(
    catalogue: Catalogue, wave: Wave, shown: set[tuple[str, str]], n_looked_at: Counter[str]
) -> dict[str, tuple[str, ...]]:
    """The measures to look at in each area of a wave; counted in ``n_looked_at``."""
    factors, others = asked_measures(catalogue, wave)
    pools = [factors, others] if factors and others else [factors + others] * 2
    waves = [each.wave for each in catalogue.waves]
    start, turn = waves.index(wave.wave), len(waves)
    chosen: dict[str, tuple[str, ...]] = {}
    for place, area in enumerate(catalogue.areas.areas):
        picked = []
        for second, pool in enumerate(pools):
            if pool:
                turned = _turned(pool, turn * place + start + second)
                known = [each for each in turned if (area.id, each) in shown] or turned
                picked.append(min(known, key=n_looked_at.__getitem__))
                n_looked_at[picked[-1]] += 1
        chosen[area.id] = tuple(dict.fromkeys(picked))
    return chosen


def _turned(pool: list[str], start: int) -> list[str]:
    """All of ``pool`` from ``start`` on, round and round."""
    return [pool[(start + step) % len(pool)] for step in range(len(pool))]


def known_of(connection: duckdb.DuckDBPyConnection, wave: Wave) -> Known:
    """What is not counted again: who was set aside, and weights that are computed."""

    def of_wave(relation: str) -> pl.DataFrame:
        return warehouse.read(connection, relation, "respondent_id").filter(wave=wave.wave)

    is_computed = wave.raking is not None or (wave.columns.fpc and wave.columns.weight is None)
    weights = {}
    if is_computed:
        scored = of_wave("scores.respondent_factor")
        weights = dict(zip(scored["respondent_id"], scored["weight"], strict=True))
    caught = of_wave("scores.screen_catch")["respondent_id"]
    return Known(frozenset(caught), weights)
