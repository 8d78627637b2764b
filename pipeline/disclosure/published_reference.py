"""What published rows are about, and by which rules they are published."""

from collections.abc import Collection

import polars as pl

from pipeline.definitions.catalogue import Catalogue, parent_on
from pipeline.definitions.policy import Policy, PublicEdition, parameters
from pipeline.disclosure.overrides import sensitive_measures


def area_rows(catalogue: Catalogue) -> pl.DataFrame:
    """``published.area``: one row per wave and area, with the area it lies in; null: none."""
    return pl.DataFrame(
        [
            (wave.wave, area.id, area.label, area.level, parent_on(area, wave.fieldwork_from))
            for wave in catalogue.waves
            for area in catalogue.areas.areas
        ],
        {
            "wave": pl.Int16,
            "area_id": pl.String,
            "label": pl.String,
            "level": pl.String,
            "parent_id": pl.String,
        },
        orient="row",
    )


def wave_rows(
    groups: pl.DataFrame,
    ancestors: pl.DataFrame,
    public: PublicEdition,
    root_area: str,
    weighted: Collection[int] = (),
) -> pl.DataFrame:
    """``published.wave``: whether what is published of a wave leaves anybody out.

    A reader who is not told would take it that everyone has a known group and area, would work
    out narrower intervals than there are, and would be wrong.

    Args:
        groups: wave, area_id, cell_grade and cell_gender of every cell of ``totals.cell``.
        ancestors: ``ref.area_ancestor``.
        public: the edition's thresholds.
        root_area: the municipality.
        weighted: waves whose answers are weighted.

    Returns:
        wave; grades_hold_all, genders_hold_all: whether every respondent is in one of the grades,
        and of the genders, that figures are published of; areas_hold_all: whether nobody's area
        within the municipality is unknown; parts_hold_all: the same within its areas; is_weighted.
    """
    gender, area = pl.col("cell_gender"), pl.col("area_id")
    larger = ancestors.filter(area != pl.col("ancestor_id"))["ancestor_id"].unique()
    is_shown = gender != "" if public.genders is None else gender.is_in(public.genders)
    is_root = area == root_area
    return (
        groups.group_by("wave")
        .agg(
            grades_hold_all=(pl.col("cell_grade") != "").all(),
            genders_hold_all=is_shown.all(),
            areas_hold_all=~(is_root & area.is_in(larger.to_list())).any(),
            parts_hold_all=~(~is_root & area.is_in(larger.to_list())).any(),
        )
        .with_columns(is_weighted=pl.col("wave").is_in(list(weighted)))
        .sort("wave")
    )


def measure_rows(catalogue: Catalogue) -> pl.DataFrame:
    """``published.measure``: a row per measure; kind: risk, protective, outcome, flag_count."""
    sensitive = set(sensitive_measures(catalogue))
    kinds = {factor.id: str(factor.direction) for factor in catalogue.factors}
    kinds |= {count.id: "flag_count" for count in catalogue.flag_counts}
    return pl.DataFrame(
        [
            (
                each.id,
                each.label.sv,
                each.label.en,
                kinds.get(each.id, "outcome"),
                each.id in sensitive,
            )
            for each in catalogue.measures
        ],
        {
            "measure_id": pl.String,
            "label_sv": pl.String,
            "label_en": pl.String,
            "kind": pl.String,
            "is_sensitive": pl.Boolean,
        },
        orient="row",
    )


def policy_rows(policy: Policy) -> pl.DataFrame:
    """``published.policy``: one row per parameter of the public edition, as text."""
    rows = [
        (key, "all" if value is None else _text(value))
        for key, value in parameters(policy).items()
        if key.startswith("public.")
    ]
    return pl.DataFrame(rows, {"parameter": pl.String, "value": pl.String}, orient="row")


def _text(value: object) -> str:
    return ", ".join(value) if isinstance(value, tuple) else str(value)
