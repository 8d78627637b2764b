"""Respondents in, the same respondents with what each screen caught out."""

import polars as pl
import polars.selectors as cs

from pipeline.definitions.fit import screen_items
from pipeline.definitions.instrument import Instrument
from pipeline.definitions.screen import (
    AgeForGrade,
    CodeIn,
    CountAtOrAbove,
    Exceeds,
    SameCode,
    Screen,
    ScreenSet,
)


def add_screens(
    respondents: pl.DataFrame, screens: ScreenSet | None, instrument: Instrument
) -> pl.DataFrame:
    """Mark careless and dishonest answers.

    A missing answer never makes a screen catch anyone. A screen whose items the instrument
    does not ask catches nobody.

    Args:
        respondents: one row per respondent of one wave, a column of codes per item.
        screens: in the order they are applied; null: none.
        instrument: of the wave.

    Returns:
        ``respondents`` with a boolean ``caught_<screen>`` each, and ``screened_by``: the first
        screen that caught the respondent, null if none did.
    """
    asked = {item.id for item in instrument.items}
    listed = screens.screens if screens else ()
    marked = respondents.with_columns(
        _is_caught(screen, instrument).fill_null(value=False).alias(f"caught_{screen.id}")
        if set(screen_items(screen)) <= asked
        else pl.lit(value=False).alias(f"caught_{screen.id}")
        for screen in listed
    )
    first = pl.coalesce(
        *(pl.when(pl.col(f"caught_{screen.id}")).then(pl.lit(screen.id)) for screen in listed),
        pl.lit(None, pl.String),
    )
    return marked.with_columns(screened_by=first)


def screen_catches(screened: pl.DataFrame) -> pl.DataFrame:
    """One row per respondent and screen that caught them: wave, respondent_id, screen_id."""
    return (
        screened.unpivot(
            cs.starts_with("caught_"), index=["wave", "respondent_id"], variable_name="screen_id"
        )
        .filter(pl.col("value").cast(pl.Boolean))
        .select(
            "wave",
            "respondent_id",
            pl.col("screen_id").cast(pl.String).str.strip_prefix("caught_"),
        )
    )


def points(item_id: str, instrument: Instrument) -> pl.Expr:
    """The points an answer gives before reversal, as the item's format says."""
    item = next(item for item in instrument.items if item.id == item_id)
    response_format = instrument.format_of(item)
    if all(option.points is None for option in response_format.codes):
        return pl.col(item_id)
    given = {option.code: option.score_points for option in response_format.codes}
    return pl.col(item_id).replace_strict(given, default=None, return_dtype=pl.Int16)


def _is_caught(screen: Screen, instrument: Instrument) -> pl.Expr:
    match screen:
        case CodeIn():
            return pl.col(screen.item).is_in(screen.codes)
        case CountAtOrAbove():
            reached = [points(item, instrument) >= screen.at_or_above for item in screen.items]
            return pl.sum_horizontal(reached) >= screen.min_items
        case Exceeds():
            exceeded = [
                points(pair.narrower, instrument) > points(pair.wider, instrument)
                for pair in screen.pairs
            ]
            return pl.sum_horizontal(exceeded) >= screen.min_pairs
        case AgeForGrade():
            years = points(screen.item, instrument)
            return pl.any_horizontal(
                [
                    (pl.col("grade") == entry.grade)
                    & years.is_between(entry.youngest, entry.oldest).not_()
                    for entry in screen.ages
                ]
            )
        case SameCode():
            all_answered = pl.all_horizontal(pl.col(screen.items).is_not_null())
            return all_answered & (
                pl.min_horizontal(screen.items) == pl.max_horizontal(screen.items)
            )
