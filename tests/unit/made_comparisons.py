"""Totals of a small made-up site, drawn as rows, and what it may compare."""

from typing import Any

import polars as pl

from pipeline.analysis.comparison.comparisons import compute_comparisons
from pipeline.analysis.comparison.ground import Comparable
from pipeline.analysis.estimation.estimates import compute_estimates
from pipeline.definitions.site import Design
from tests.made_definitions import made_design

MIN_N = 10
GENDERS = ("girl", "boy", "other")


class Counts:
    """Respondents and flagged per PSU, added up to the domains that SQL makes of them."""

    def __init__(self, measures: tuple[str, ...] = ("outcome_drank",)) -> None:
        """Measures are named as the columns of totals are."""
        self._measures = measures
        self._cells: list[dict[str, Any]] = []

    def add(
        self,
        wave: int,
        area: str,
        psus: dict[str, tuple[int, int]],
        *,
        grade: str = "g8",
        gender: str = "girl",
        weight: float = 1,
        only: tuple[str, ...] | None = None,
    ) -> "Counts":
        """Respondents and flagged in each PSU, the same for every measure, or for some only."""
        for psu, (n, flagged) in psus.items():
            sums = {"n": n, "w": n * weight, "wy": flagged * weight}
            self._cells.append(
                {"wave": wave, "area_id": area, "grade": grade, "gender": gender}
                | {"stratum": "all", "psu": psu, "n_respondents": n}
                | {"w_respondents": n * weight, "ww_respondents": n * weight**2}
                | {
                    f"{name}_{each}": sums[name] * (only is None or each in only)
                    for each in self._measures
                    for name in sums
                }
            )
        return self

    def domain_psus(self) -> pl.DataFrame:
        """As ``psu_totals``; every area lies in ``town``."""
        cells = pl.DataFrame(self._cells).with_columns(pl.col("wave").cast(pl.Int16))
        keys = ["wave", "area_id", "grade", "gender", "stratum", "psu"]
        for column, everything in (("area_id", "town"), ("grade", "all"), ("gender", "all")):
            cells = pl.concat([cells, cells.with_columns(pl.lit(everything).alias(column))])
        return cells.group_by(keys).sum().sort(keys)

    def strata(self) -> pl.DataFrame:
        """As ``totals.stratum``."""
        return (
            pl.DataFrame(self._cells)
            .group_by(pl.col("wave").cast(pl.Int16), "stratum")
            .agg(n_psu=pl.col("psu").n_unique().cast(pl.Int64))
            .with_columns(psus_in_stratum=pl.lit(None, pl.Float64))
            .sort("wave", "stratum")
        )


def compare(
    counts: Counts,
    *,
    earlier: list[tuple[str, int, int]] | None = None,
    norms: list[tuple[str, int, str, str, float]] | None = None,
    genders: tuple[str, ...] = GENDERS,
    design: Design | None = None,
    min_n: int = MIN_N,
    pools: bool = False,
) -> pl.DataFrame:
    """``areas.comparison`` of the counts.

    Args:
        counts: the answers.
        earlier: measure, wave and earlier wave that can be compared.
        norms: measure, wave, grade, norm and share flagged.
        genders: of the site.
        design: of the site.
        min_n: least respondents that anything is said of.
        pools: whether estimates pool design effects over the town.
    """
    design = design or made_design()
    totals, strata = counts.domain_psus(), counts.strata()
    comparable = Comparable(
        "town",
        genders,
        pl.DataFrame(
            earlier or [],
            {"measure_id": pl.String, "wave": pl.Int16, "earlier": pl.Int16},
            orient="row",
        ),
        pl.DataFrame(
            norms or [],
            {
                "measure_id": pl.String,
                "wave": pl.Int16,
                "grade": pl.String,
                "norm_id": pl.String,
                "share_flagged": pl.Float64,
            },
            orient="row",
        ),
    )
    estimates = compute_estimates(totals, strata, design, root_area="town" if pools else None)
    return compute_comparisons(totals, strata, estimates, comparable, design, min_n=min_n)


def only_row(rows: pl.DataFrame, **wanted: Any) -> dict[str, Any]:
    """The only row that has these values; grade and gender are ``all`` if not said."""
    [row] = rows.filter(**({"grade": "all", "gender": "all"} | wanted)).to_dicts()
    return row
