"""Cells that the rules hide or code by themselves, whatever else is shown."""

import polars as pl

from pipeline.definitions.policy import PublicEdition
from pipeline.disclosure.cells import CELL
from pipeline.disclosure.rounding import rounding_reach

KEEPS_N = ("count", "complement", "complementary", "unreliable")
"""Reasons that do not hide how many answered: only the share is too telling."""


def add_primary(
    cells: pl.DataFrame, ancestors: pl.DataFrame, public: PublicEdition
) -> pl.DataFrame:
    """Add what the rules say of each cell.

    Args:
        cells: of ``collect_cells``.
        ancestors: ``ref.area_ancestor``.
        public: the edition's thresholds.

    Returns:
        ``cells`` with code (``below``, ``above`` or null: shown as ``< 5 %`` or ``> 95 %``), and
        reason, the first that applies, ``""`` for none: ``override``; ``base``: too few
        respondents; ``schools``: of too few schools; ``rest``: the area itself is hidden for one
        of these; ``count``: too few flagged; ``complement``: too few others, or a larger group has
        too few beyond this one (``min_difference``, ``k_coalition``). Where nobody in the
        municipality has a value, that is no secret: is_missing, and no reason.
    """
    size = ["wave", "area_id", "grade", "gender", "measure_id"]
    coded = _with_codes(cells, public)
    reasons = {
        "override": pl.col("is_hidden_by_override"),
        "base": pl.col("n") < pl.col("min_base"),
        "schools": (pl.col("n_schools") < pl.col("min_schools")).fill_null(value=False),
    }
    whole = pl.col("n").max().over("wave", "grade", "gender", "measure_id")
    coded = coded.with_columns(is_missing=whole == 0)
    of_area = coded.filter(part="area").select(
        *size, is_area_hidden=pl.any_horizontal(reasons.values())
    )
    is_kept = pl.col("code").is_null()
    reasons |= {
        "rest": (pl.col("part") == "rest") & pl.col("is_area_hidden").fill_null(value=False),
        "count": is_kept & (pl.col("k") < pl.col("min_count")),
        "complement": is_kept
        & ((pl.col("n") - pl.col("k") < pl.col("min_count")) | pl.col("is_nearly_whole")),
    }
    first = pl.coalesce(pl.when(holds).then(pl.lit(reason)) for reason, holds in reasons.items())
    return (
        coded.join(of_area, on=size, how="left")
        .join(_nearly_whole(cells, ancestors, public), on=CELL, how="left")
        .with_columns(pl.col("is_nearly_whole").fill_null(value=False))
        .with_columns(reason=pl.when(~pl.col("is_missing")).then(first).fill_null(""))
        .with_columns(code=pl.when(reason="").then("code"))
        .drop("is_area_hidden", "is_nearly_whole")
        .sort(CELL)
    )


def coded_upper(n: pl.Expr, code_percent: int, least: pl.Expr) -> pl.Expr:
    """The greatest count below ``code_percent`` of ``n``, and below ``least``."""
    # One less than the least whole number that is not below the percentage.
    return pl.min_horizontal((code_percent * n + 99) // 100 - 1, least - 1)


def least_uncoded(public: PublicEdition) -> pl.Expr:
    """The least count that is never coded: what is coded then leaves wide enough an interval."""
    return pl.max_horizontal(pl.col("min_count"), pl.lit(public.min_interval + 1))


def _with_codes(cells: pl.DataFrame, public: PublicEdition) -> pl.DataFrame:
    """Add code: below or above, where the interval that it gives away is wide enough."""
    extreme, least = public.extreme_code, least_uncoded(public)
    base = public.round_counts
    below, _ = rounding_reach(base)
    # Readers know n as it is printed: the narrowest that they may take it for decides.
    n_least = (2 * pl.col("n") + base) // (2 * base) * base - below
    others = pl.col("n") - pl.col("k")
    is_large = pl.col("n") >= extreme.min_base

    def is_coded(count: pl.Expr, percent: int) -> pl.Expr:
        is_wide = coded_upper(n_least, percent, least) >= public.min_interval
        return is_large & is_wide & (count <= coded_upper(pl.col("n"), percent, least))

    return cells.with_columns(
        code=pl.when(is_coded(pl.col("k"), extreme.below))
        .then(pl.lit("below"))
        .when(is_coded(others, 100 - extreme.above))
        .then(pl.lit("above"))
    )


def _nearly_whole(
    cells: pl.DataFrame, ancestors: pl.DataFrame, public: PublicEdition
) -> pl.DataFrame:
    """Cells that a larger one exceeds by so few respondents that those could tell, or be told.

    Source:
        Lupp and Langsrud, the k-disclosure rule of R's GaussSuppression: a cell c is disclosive
        to a coalition of k in a group g that holds it where ``|g| - k <= |c|``. Where they are
        equal, there is nobody to form one. ABS DataLab: no difference of less than ten.
    """
    larger = cells.filter(part="area").select(*CELL, n_larger="n", k_larger="k")
    areas = ancestors.filter(pl.col("area_id") != pl.col("ancestor_id"))
    within = cells.filter(part="area").select(*CELL, "n", "k")
    # A cell beside itself is exceeded by nobody.
    pairs = [
        within.join(areas, on=["wave", "area_id"]).with_columns(
            larger_area="ancestor_id", larger_grade="grade", larger_gender="gender"
        ),
        within.with_columns(
            larger_area="area_id", larger_grade=pl.lit("all"), larger_gender="gender"
        ),
        within.with_columns(
            larger_area="area_id", larger_grade="grade", larger_gender=pl.lit("all")
        ),
    ]
    found = pl.concat(pairs, how="diagonal").join(
        larger,
        left_on=["wave", "larger_area", "part", "larger_grade", "larger_gender", "measure_id"],
        right_on=CELL,
    )
    more = pl.col("n_larger") - pl.col("n")
    more_flagged = pl.col("k_larger") - pl.col("k")
    few = public.k_coalition
    return (
        found.filter(
            more.is_between(1, public.min_difference - 1)
            | more_flagged.is_between(1, few)
            | (more - more_flagged).is_between(1, few)
        )
        .select(CELL)
        .unique()
        .with_columns(is_nearly_whole=pl.lit(value=True))
    )
