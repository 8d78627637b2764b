"""How long it takes to protect a municipality's tables.

``python -m bench.disclosure`` prints the page; ``--out docs/benchmarks_disclosure.md`` writes it.
"""

import os
import platform
import resource
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Annotated

import typer

from bench import disclosure_municipality as municipality
from bench.disclosure_municipality import factor_table, weighted_table
from pipeline.disclosure.linked_table import LinkedTable, Protection
from pipeline.disclosure.protect_tables import protect_tables

SEED = 20261122
MIN_INTERVAL = 8
N_EXACT = 2
"""Factors of the edition that nobody publishes; it is there to compare."""

N_WEIGHTED = 4
"""Factors whose shares are weighted."""

PAGE = """\
# How long complementary suppression takes

`python -m bench.disclosure --out docs/benchmarks_disclosure.md` wrote this page (seed {seed}).

- {system}, {cores} cores; Python {python}, highspy {highspy}, scipy {scipy}
- load of the machine when it began: {load:.1f}, of which this benchmark was nothing. Where that
  is not about 0, other work shared the cores, and only the processor seconds can be compared.

A made-up municipality: {areas} areas of {least} to {most} pupils in {districts} districts, {grades}
grades, two genders and a third in totals only, pupils without an area; {factors} factors with 2 to
50 % flagged. Every group at every level has respondents, valid answers, flagged and not flagged:
{cells:,} cells of {atoms:,} unknowns a factor. Bases under {base}, counts under {count} and their
complements are hidden, a share under 5 % is a code from a base of {coded}; no hidden or coded count
may be narrower than {interval}. The aim is 120 seconds with two cores for all factors, rounded. Exact
counts need much more to be hidden, and are there to compare: the first {exact} factors only. Weighted: the
first {weighted} factors, with a mean weight for each area's grade, which a reader is taken to know (standard
deviation of its logarithm {spread}); beside them the same factors without weights.

| counts | tables | hidden by the rules | codes | hidden beside | not protected | seconds | processor s | seconds of the slowest table | unchanged, seconds |
|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|
{rows}

Seconds are of all tables with {processes} processes, starting them included; the slowest table is
solved once more, alone. Unchanged: the same call with the file that the first one wrote.
"""  # noqa: E501 - a table's row is one line


@dataclass(frozen=True)
class Measured:
    """One edition of all tables."""

    tables: list[LinkedTable]
    protections: list[Protection]
    seconds: float
    processor: float
    slowest: float
    unchanged: float


def disclosure(
    out: Annotated[Path | None, typer.Option(help="Markdown file to write as well.")] = None,
    factors: Annotated[int, typer.Option(min=1)] = municipality.N_FACTORS,
    processes: Annotated[int, typer.Option(min=1)] = 2,
) -> None:
    """Protect all tables, rounded and exact, and print how long it took."""
    load = os.getloadavg()[0]
    every, exact, some = range(factors), range(min(factors, N_EXACT)), range(N_WEIGHTED)
    editions = {
        "rounded to 5": measure([_table(each) for each in every], processes),
        "exact": measure([_table(each, is_rounded=False) for each in exact], processes),
        "rounded to 5, some": measure([_table(each) for each in some], processes),
        "the same, weighted": measure([weighted_table(SEED, each) for each in some], processes),
    }
    page = _page(editions, processes, load)
    typer.echo(page, nl=False)
    if out is not None:
        out.write_text(page, "utf-8")


def _table(factor: int, *, is_rounded: bool = True) -> LinkedTable:
    return factor_table(SEED, factor, is_rounded=is_rounded)


def measure(tables: list[LinkedTable], processes: int) -> Measured:
    """Protect tables, then once more from the file."""
    with TemporaryDirectory() as folder:
        cache = Path(folder) / "protections"
        began, used = perf_counter(), _processor_seconds()
        protections = protect_tables(
            tables, min_interval=MIN_INTERVAL, cache=cache, n_processes=processes
        )
        seconds, processor = perf_counter() - began, _processor_seconds() - used
        began = perf_counter()
        protect_tables(tables, min_interval=MIN_INTERVAL, cache=cache, n_processes=processes)
        unchanged = perf_counter() - began
    hardest = max(range(len(tables)), key=lambda each: _n_beside(tables[each], protections[each]))
    began = perf_counter()
    protect_tables([tables[hardest]], min_interval=MIN_INTERVAL, n_processes=1)
    slowest = perf_counter() - began
    return Measured(tables, protections, seconds, processor, slowest, unchanged)


def _processor_seconds() -> float:
    own, children = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def _n_beside(table: LinkedTable, protection: Protection) -> int:
    return int((protection.is_hidden & ~table.is_primary).sum())


def _row(name: str, measured: Measured) -> str:
    pairs = list(zip(measured.tables, measured.protections, strict=True))
    numbers = [
        len(pairs),
        sum(int(table.is_primary.sum()) for table, _ in pairs),
        sum(int(table.is_coded.sum()) for table, _ in pairs),
        sum(_n_beside(*pair) for pair in pairs),
        sum(int(protection.is_unprotected.sum()) for _, protection in pairs),
    ]
    seconds = [measured.seconds, measured.processor, measured.slowest, measured.unchanged]
    columns = [name, *(f"{each:,}" for each in numbers), *(f"{each:.1f}" for each in seconds)]
    return "| " + " | ".join(columns) + " |"


def _page(editions: dict[str, Measured], processes: int, load: float) -> str:
    n_cells, n_atoms = next(iter(editions.values())).tables[0].atoms.shape
    return PAGE.format(
        seed=SEED,
        system=f"{platform.system()} {platform.machine()}",
        cores=os.cpu_count(),
        python=platform.python_version(),
        highspy=version("highspy"),
        scipy=version("scipy"),
        load=load,
        areas=municipality.N_AREAS,
        least=municipality.PUPILS[0],
        most=municipality.PUPILS[1],
        districts=municipality.N_DISTRICTS,
        grades=municipality.N_GRADES,
        factors=municipality.N_FACTORS,
        cells=n_cells,
        atoms=n_atoms,
        base=municipality.MIN_BASE,
        count=municipality.MIN_COUNT,
        coded=municipality.CODED_FROM,
        interval=MIN_INTERVAL,
        exact=N_EXACT,
        weighted=N_WEIGHTED,
        spread=municipality.SPREAD,
        processes=processes,
        rows="\n".join(_row(name, each) for name, each in editions.items()),
    )


if __name__ == "__main__":
    typer.run(disclosure)
