"""The cases as totals of domains, for what R compared in them."""

import csv
import json
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from bench.oracle_cases import DesignOfR, Row, find_cases, load_case
from pipeline.analysis.estimation.sides import LinkedTotals
from pipeline.analysis.estimation.totals import DomainTotals, Strata
from pipeline.analysis.estimation.variance import Floats, Integers, LonelyRule

FOLDERS = find_cases(Path(__file__).parent / "cases")
STATISTICS = {"prop": "at_risk", "mean": "score"}


class ComparedCase(NamedTuple):
    """A case with a design that R compared areas under."""

    folder: Path
    settings: dict[str, Any]
    design: DesignOfR

    @property
    def id(self) -> str:
        """As tests name it."""
        return f"{self.folder.name}-{self.design['name']}"

    @property
    def is_supported(self) -> bool:
        """Whether the product compares under the design: one without a second stage."""
        return len(self.design["fpc"]) < 2

    def answers(self) -> list[Row]:
        """R's answers under this design."""
        answered = load_rows(self.folder / "expected_compare.csv")
        return [row for row in answered if row["design"] == self.design["name"]]


class DomainKey(NamedTuple):
    """A domain of a case."""

    subset: str
    """``all``, or a column and its value, e.g. ``grade=8``."""

    level: str = ""
    """An area or a year; empty: all of the subset."""


class CaseTotals(NamedTuple):
    """What the comparisons of a case are computed from."""

    linked: LinkedTotals
    numbers: dict[DomainKey, int]
    """Of the domains that hold anyone."""

    measures: list[tuple[str, str]]
    """Scale, and ``prop`` or ``mean``, in the order of the columns."""

    def domains(self, keys: list[DomainKey]) -> Integers:
        """Their numbers; -1 where nobody is."""
        return np.array([self.numbers.get(key, -1) for key in keys], dtype=np.int64)


def load_rows(path: Path) -> list[Row]:
    """Rows of a CSV file, every cell as text."""
    with path.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def load_compared_cases() -> list[ComparedCase]:
    """Every case with each of the designs that R compared areas under."""
    found = []
    for folder in FOLDERS:
        settings = json.loads((folder / "design.json").read_text("utf-8"))
        found += [
            ComparedCase(folder, settings, design)
            for design in load_case(folder).designs
            if not design.get("skip_compare")
        ]
    return found


def load_totals(case: ComparedCase) -> CaseTotals:
    """Every subset, and each area and year in it, from R's own scores and flags."""
    respondents = _respondents(case)
    keys = _domain_keys(case, respondents)
    held = [(key, members) for key in keys if len(members := _members(respondents, key))]
    measures = [
        (scale["scale"], statistic)
        for scale in load_rows(case.folder / "scales.csv")
        for statistic in STATISTICS
    ]
    psus = (
        pl.concat(
            members.with_columns(domain=pl.lit(number)) for number, (_, members) in enumerate(held)
        )
        .group_by("domain", "stratum", "psu")
        .agg(_sums(measures))
        .sort("domain", "stratum", "psu")
    )

    def columns(prefix: str) -> Floats:
        names = [f"{prefix}_{scale}_{statistic}" for scale, statistic in measures]
        return psus.select(pl.col(names).cast(pl.Float64)).to_numpy()

    strata = (
        respondents.group_by("stratum")
        .agg(pl.col("psu").n_unique(), pl.col("size").first())
        .sort("stratum")
        .with_columns(left_out=(1 - pl.col("psu") / pl.col("size")).fill_null(1.0))
    )
    return CaseTotals(
        LinkedTotals(
            DomainTotals(
                domain=psus["domain"].to_numpy().astype(np.int64),
                stratum=psus["stratum"].to_numpy().astype(np.int64),
                n=columns("n"),
                w=columns("w"),
                wy=columns("wy"),
                wyy=columns("wyy"),
            ),
            psu=psus["psu"].to_numpy().astype(np.int64),
            strata=Strata(strata["psu"].to_numpy().astype(np.int64), strata["left_out"].to_numpy()),
            rule=LonelyRule(case.design["lonely_psu"], case.design["adjust_domain_lonely"]),
        ),
        {key: number for number, (key, _) in enumerate(held)},
        measures,
    )


def _respondents(case: ComparedCase) -> pl.DataFrame:
    design = case.design
    scores = (
        pl.read_csv(case.folder / "expected_scores.csv", infer_schema=False)
        .pivot("scale", index="id", values=["score", "at_risk"])
        .with_columns(pl.exclude("id").cast(pl.Float64))
    )
    # Without a correction of the second stage only the first counts.
    psu = design["ids"][0] if design["ids"] else "id"
    stratum = pl.col(design["strata"][0]) if design["strata"] else pl.lit("everyone")
    weight = pl.col(design["weights"][0]) if design["weights"] else pl.lit("1")
    size = pl.col(design["fpc"][0]) if design["fpc"] else pl.lit(None, pl.String)
    return (
        pl.read_csv(case.folder / "data.csv", infer_schema=False)
        .with_columns(
            stratum=stratum.rank("dense").cast(pl.Int64) - 1,
            psu=pl.col(psu).rank("dense").cast(pl.Int64),
            weight=weight.cast(pl.Float64),
            size=size.cast(pl.Float64),
        )
        .join(scores, on="id", how="left", maintain_order="left")
    )


def _domain_keys(case: ComparedCase, respondents: pl.DataFrame) -> list[DomainKey]:
    areas = case.settings.get("areas") or respondents["area"].drop_nulls().unique().sort()
    within = [
        f"{column}={level}"
        for column in case.settings.get("compare_within", [])
        for level in respondents[column].drop_nulls().unique().sort()
    ]
    subsets = ["all", *within]
    keys = [DomainKey(subset, level) for subset in subsets for level in ["", *areas]]
    if case.settings.get("trend"):
        years = respondents["year"].unique().sort()
        subsets = ["all", *(f"area={area}" for area in areas)]
        keys += [DomainKey(subset, year) for subset in subsets for year in years]
    return keys


def _members(respondents: pl.DataFrame, key: DomainKey) -> pl.DataFrame:
    if key.subset != "all":
        column, value = key.subset.split("=")
        respondents = respondents.filter(pl.col(column) == value)
    if key.level:
        respondents = respondents.filter(
            (pl.col("area") == key.level) | (pl.col("year") == key.level)
        )
    return respondents


def _sums(measures: list[tuple[str, str]]) -> list[pl.Expr]:
    sums = []
    for scale, statistic in measures:
        name = f"{scale}_{statistic}"
        value = pl.col(f"{STATISTICS[statistic]}_{scale}")
        weight = pl.when(value.is_not_null()).then(pl.col("weight"))
        sums += [
            (weight > 0).sum().alias(f"n_{name}"),
            weight.sum().alias(f"w_{name}"),
            (weight * value).sum().alias(f"wy_{name}"),
            (weight * value**2).sum().alias(f"wyy_{name}"),
        ]
    return sums
