"""Cells as linked tables: what else must be hidden so that nothing hidden can be worked out.

One table is a measure in a wave. Everything that is printed of it is a sum of the same unknowns:
areas of every level, grades, genders, flagged and others, and the rest of the municipality.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl
from scipy.sparse import csr_array, vstack

from pipeline.definitions.policy import PublicEdition
from pipeline.disclosure.answers import Answers, answers_of, weighted_atoms, weighted_balances
from pipeline.disclosure.atoms import (
    COUNTS,
    DOMAIN,
    Crowd,
    Unknowns,
    atoms_of,
    balances_of,
    crowd_of,
    everyone_of,
    unknowns_of,
)
from pipeline.disclosure.cells import CELL, RESPONDENTS
from pipeline.disclosure.feasible import TOLERANCE, Floats
from pipeline.disclosure.linked_table import LinkedTable, Protection
from pipeline.disclosure.protect_tables import protect_tables
from pipeline.disclosure.rounding import rounded, rounding_reach
from pipeline.disclosure.table_lines import placed_lines, respondent_lines, table_lines


class People(NamedTuple):
    """One wave's."""

    crowd: Crowd
    placed: pl.DataFrame
    """Of ``placed_lines``."""


Crowds = Mapping[int, People]
"""By wave."""


class Table(NamedTuple):
    """A table, and what its lines stand for."""

    lines: pl.DataFrame
    """``CELL`` and what of every line."""

    linked: LinkedTable


def add_complementary(
    cells: pl.DataFrame,
    totals: pl.DataFrame,
    ancestors: pl.DataFrame,
    public: PublicEdition,
    root_area: str,
    *,
    coverage: pl.DataFrame,
    cache: Path | None = None,
    keeps_cache: bool = False,
) -> pl.DataFrame:
    """Hide more, until no secret count can be worked out, or narrowed down too far.

    Numbers of respondents come first: they are printed beside every measure, so that what is
    hidden of them is hidden for all, and what is shown is known of all.

    Args:
        cells: after the rules and rounded, with hides_n, those of ``domain_cells`` among them.
        totals: ``totals.cell``.
        ancestors: ``ref.area_ancestor``.
        public: the edition's thresholds.
        root_area: the municipality.
        coverage: ``totals.coverage``.
        cache: folder of earlier protections.
        keeps_cache: as in ``protect_tables``.

    Returns:
        ``cells`` with the reason ``complementary`` for what is hidden for the sake of others, and
        hides_n where its number of respondents is hidden too. Where a table cannot be protected,
        all of it is hidden.
    """
    crowds = {
        int(wave): _people(
            crowd_of(of_wave, ancestors.filter(wave=wave), root_area),
            coverage.filter(wave=wave),
            root_area,
            public,
        )
        for (wave,), of_wave in totals.group_by("wave", maintain_order=True)
    }

    def protected(some: pl.DataFrame, tables: Iterable[Table], name: str) -> pl.DataFrame:
        every = list(tables)
        found = protect_tables(
            [table.linked for table in every],
            min_interval=public.min_interval,
            cache=cache / f"{name}.json" if cache else None,
            keeps_cache=keeps_cache,
        )
        return _with_hidden(some, every, found)

    is_domain = pl.col("measure_id") == RESPONDENTS
    domains = cells.filter(is_domain)
    domains = protected(domains, respondent_tables(domains, crowds, public), "respondents")
    measured = cells.filter(~is_domain)
    tables = measure_tables(measured, domains, crowds, public, root_area)
    return pl.concat([protected(measured, tables, "measures"), domains])


def _people(crowd: Crowd, coverage: pl.DataFrame, root_area: str, public: PublicEdition) -> People:
    return People(crowd, placed_lines(coverage, crowd.domains, root_area, public))


def respondent_tables(
    domains: pl.DataFrame,
    crowds: Crowds,
    public: PublicEdition,
) -> Iterator[Table]:
    """How many each area and group holds, a table for each wave."""
    for (wave,), of_wave in domains.group_by("wave", maintain_order=True):
        crowd, placed = crowds[int(wave)]
        unknowns = unknowns_of(crowd, is_crossed=public.crossed_breakdowns)
        system = System(atoms_of(unknowns), balances_of(unknowns), public.round_counts)
        lines = _with_placed(respondent_lines(_numbered(of_wave, crowd), public), placed)
        linked = _linked(lines, system, everyone_of(crowd, unknowns))
        yield Table(lines.select(*CELL, "what"), linked)


def measure_tables(
    cells: pl.DataFrame,
    domains: pl.DataFrame,
    crowds: Crowds,
    public: PublicEdition,
    root_area: str,
) -> Iterator[Table]:
    """A table for each wave and measure; ``domains`` are protected already."""
    for (wave,), of_wave in cells.group_by("wave", maintain_order=True):
        crowd, placed = crowds[int(wave)]
        unknowns = unknowns_of(crowd, is_crossed=public.crossed_breakdowns)
        system = System(atoms_of(unknowns), balances_of(unknowns), public.round_counts)
        # Printed in a table of their own, of which nothing is hidden for the sake of this one.
        everyone = _numbered(domains.filter(wave=wave), crowd)
        respondents = _with_placed(
            respondent_lines(everyone, public).with_columns(may_hide=pl.lit(value=False)),
            placed,
        )
        numbered = _numbered(of_wave, crowd)
        for (measure_id,), of_measure in numbered.group_by("measure_id", maintain_order=True):
            of_it = table_lines(of_measure, public, root_area)
            both = pl.concat([of_it, respondents]).sort([*CELL, "what"])
            answers = answers_of(crowd, unknowns, str(measure_id))
            linked = _linked(both, _weighted(system, unknowns, answers), answers.counts)
            yield Table(both.select(*CELL, "what"), linked)


def _with_placed(lines: pl.DataFrame, placed: pl.DataFrame) -> pl.DataFrame:
    return pl.concat([lines, placed.select(lines.columns).cast(lines.schema)])


def _numbered(cells: pl.DataFrame, crowd: Crowd) -> pl.DataFrame:
    return cells.join(crowd.domains.select(*DOMAIN, "number"), on=DOMAIN, maintain_order="left")


class System(NamedTuple):
    """What all measures of a wave have in common."""

    atoms: dict[str, csr_array]
    balances: csr_array
    round_counts: int


def _weighted(system: System, unknowns: Unknowns, answers: Answers) -> System:
    """The same for one measure, whose counts are weighted shares."""
    if not answers.is_weighted:
        return system
    atoms = weighted_atoms(system.atoms, answers)
    return system._replace(atoms=atoms, balances=weighted_balances(unknowns, answers))


def _linked(lines: pl.DataFrame, system: System, counts: Floats) -> LinkedTable:
    sums = _sums(lines, system.atoms)
    true = sums @ counts
    value = np.rint(true).astype(np.int64)
    below, above = rounding_reach(system.round_counts)
    printed = rounded(value, system.round_counts)
    is_printed = lines["upper"].is_null().to_numpy()
    least = lines["lower"].fill_null(0).to_numpy()
    lower = np.where(is_printed, np.maximum(printed - below, least), least)
    upper = np.where(is_printed, printed + above, lines["upper"].fill_null(0))
    nothing = np.zeros(len(value), dtype=np.int64)
    return LinkedTable(
        atoms=sums,
        value=value,
        # Weighted counts are not whole: the interval is drawn to hold them.
        lower=np.minimum(lower, np.floor(true + TOLERANCE).astype(np.int64)),
        upper=np.maximum(upper, np.ceil(true - TOLERANCE).astype(np.int64)),
        is_primary=lines["is_primary"].to_numpy(),
        cost=lines["cost"].to_numpy(),
        may_hide=lines["may_hide"].to_numpy(),
        is_coded=lines["is_coded"].to_numpy(),
        lower_protection=nothing,
        upper_protection=nothing,
        figure=lines.select(pl.struct(CELL).rank("dense")).to_series().to_numpy().astype(np.int64),
        is_base=lines["what"].is_in(["n", "respondents"]).to_numpy(),
        balances=system.balances if system.balances.shape[0] else None,
        unknowns=counts,
    )


def _sums(lines: pl.DataFrame, atoms: dict[str, csr_array]) -> csr_array:
    """The atoms of every line: of its count, in its domain."""
    # All domains' counts below each other, one kind of count after the other.
    kinds = list(COUNTS)
    below = csr_array(vstack([atoms[what] for what in kinds], format="csr"))
    height = atoms[kinds[0]].shape[0]
    kind = np.array([kinds.index(what) for what in lines["what"]])
    return csr_array(below[kind * height + lines["number"].to_numpy()])


def _with_hidden(
    cells: pl.DataFrame, tables: list[Table], protections: list[Protection]
) -> pl.DataFrame:
    hidden = pl.concat(
        [
            cells.clear().select(*CELL, what=pl.lit("n")),
            *(_hidden(table, each) for table, each in zip(tables, protections, strict=True)),
        ]
    )
    by_cell = hidden.group_by(CELL).agg(also_n=(pl.col("what") == "n").any())
    is_more = pl.col("also_n").is_not_null() & (pl.col("reason") == "")
    return (
        cells.join(by_cell, on=CELL, how="left", maintain_order="left")
        .with_columns(
            reason=pl.when(is_more).then(pl.lit("complementary")).otherwise("reason"),
            hides_n=pl.col("hides_n") | pl.col("also_n").fill_null(value=False),
        )
        .with_columns(code=pl.when(reason="").then("code"))
        .drop("also_n")
    )


def _hidden(table: Table, protection: Protection) -> pl.DataFrame:
    """Lines that must not be printed; all of them where the table cannot be protected."""
    hidden = protection.is_hidden
    if protection.is_unprotected.any():
        hidden = np.ones_like(hidden)
    return table.lines.filter(hidden)
