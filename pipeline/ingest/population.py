"""Sizes of the population a wave was sampled from, for the finite population correction."""

from typing import NamedTuple

import polars as pl

from pipeline.definitions.wave import Columns, Wave
from pipeline.errors import ExportError
from pipeline.ingest.cells import MAX_WEIGHT, WEIGHT, WEIGHT_DECIMALS

FPC = ("fpc_psu", "fpc_unit")
"""What a wave states of each stage: sizes or fractions, not yet told apart."""


class _Stage(NamedTuple):
    """What is sampled, within what, and what the population's size is called."""

    sampled: str
    within: tuple[str, ...]
    size: str
    words: tuple[str, str]


STAGES = (
    _Stage("psu", ("stratum",), "psus_in_stratum", ("PSUs", "strata")),
    _Stage("unit", ("stratum", "psu"), "units_in_psu", ("units", "PSUs")),
)


def add_population(codes: pl.DataFrame, wave: Wave) -> pl.DataFrame:
    """Replace what a wave states by sizes: of strata in PSUs, of PSUs in units.

    Numbers above 1 are counts, and then all are; numbers of at most 1 are the fractions that were
    sampled. Without weights, everyone stands for as many as the sampling fractions say.

    Args:
        codes: all rows of the wave: stratum, psu, unit, weight, and ``FPC`` as far as stated.
        wave: that they belong to.

    Returns:
        ``codes`` with ``psus_in_stratum`` and ``units_in_psu`` (null where not stated) in place
        of ``FPC``.

    Raises:
        ExportError: sizes and fractions are mixed, vary within what they are of, or are smaller
            than what was sampled; or a PSU is in two strata and its name should be unique.

    Source:
        Lumley, R package survey, ``svydesign(fpc = )``, whose rules these are.
    """
    columns = wave.columns
    stages = STAGES[: len(columns.fpc)]
    problems = _nesting_problems(codes, columns) + _scale_problems(codes, columns)
    if not problems:
        codes = codes.with_columns(_size(codes, name, stage) for name, stage in _stated(stages))
        problems = _size_problems(codes, columns)
    if problems:
        raise ExportError("\n".join([f"wave {wave.wave}:", *(f"  {each}" for each in problems)]))
    if stages and columns.weight is None:
        codes = codes.with_columns(weight=_weight(stages).cast(WEIGHT))
    missing = [pl.lit(None, pl.Float64).alias(stage.size) for stage in STAGES[len(stages) :]]
    return codes.with_columns(missing).drop(FPC[: len(stages)])


def _stated(stages: tuple[_Stage, ...]) -> list[tuple[str, _Stage]]:
    return list(zip(FPC, stages, strict=False))


def _n_sampled(stage: _Stage) -> pl.Expr:
    return pl.col(stage.sampled).n_unique().over(stage.within)


def _size(codes: pl.DataFrame, name: str, stage: _Stage) -> pl.Expr:
    is_count = any((codes[each] > 1).any() for each in FPC if each in codes.columns)
    given = pl.col(name)
    return (given if is_count else _n_sampled(stage) / given).alias(stage.size)


def _weight(stages: tuple[_Stage, ...]) -> pl.Expr:
    weight = pl.lit(1.0)
    for stage in stages:
        weight = weight * pl.col(stage.size) / _n_sampled(stage)
    return weight.round(WEIGHT_DECIMALS)


def _nesting_problems(codes: pl.DataFrame, columns: Columns) -> list[str]:
    if not columns.has_unique_psu:
        return []
    n_strata = codes.group_by("psu").agg(pl.col("stratum").n_unique())["stratum"]
    if n_twice := int((n_strata > 1).sum()):
        return [
            f"column {', '.join(columns.psu)} (psu): {n_twice} of {len(n_strata)} PSUs are in more "
            "than one stratum; "
            "expected each in one, as has_unique_psu says"
        ]
    return []


def _scale_problems(codes: pl.DataFrame, columns: Columns) -> list[str]:
    given = [codes[name] for name in FPC[: len(columns.fpc)]]
    if not given or codes.is_empty():
        return []
    n_above = sum(int((each > 1).sum()) for each in given)
    n_below = sum(int((each < 1).sum()) for each in given)
    if n_above and n_below:
        found = f"{n_above} cells are above 1 and {n_below} below"
    elif not n_above and not n_below:
        found = "all cells are 1, which may be a count or a fraction"
    else:
        return []
    return [
        f"column {', '.join(columns.fpc)} (fpc): {found}; expected sizes (1 or more) throughout, "
        "or fractions (1 or less) throughout"
    ]


def _size_problems(codes: pl.DataFrame, columns: Columns) -> list[str]:
    problems = []
    for column, stage in zip(columns.fpc, STAGES, strict=False):
        what, within = stage.words
        sizes = codes.group_by(stage.within).agg(
            n_sizes=pl.col(stage.size).n_unique(),
            smallest=pl.col(stage.size).min(),
            n_sampled=pl.col(stage.sampled).n_unique(),
        )
        for is_wrong, wrong in (
            (pl.col("n_sizes") > 1, "have more than one size; expected one for each"),
            (
                pl.col("smallest") < pl.col("n_sampled"),
                f"hold fewer {what} than were sampled; expected no more than 100 % sampled",
            ),
        ):
            if n := sizes.filter(is_wrong).height:
                problems.append(f"column {column} (fpc): {n} of {sizes.height} {within} {wrong}")
    if columns.fpc and columns.weight is None:
        weight = codes.select(_weight(STAGES[: len(columns.fpc)])).to_series()
        if n := int((weight > MAX_WEIGHT).sum()):
            problems.append(
                f"column {', '.join(columns.fpc)} (fpc): {n} respondents stand for more than "
                f"{MAX_WEIGHT} each; expected no more"
            )
    return problems
