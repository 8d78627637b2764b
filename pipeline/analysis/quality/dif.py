"""A wave's answers in, items out that groups answer differently although they score alike.

That is differential item functioning, DIF: a difference of the item, not of the pupils.
"""

from typing import Any, Literal

import numpy as np
import polars as pl
import polars.selectors as cs

from pipeline.analysis.quality.item_dif import CHI2, R2, P, item_dif, match
from pipeline.analysis.quality.proportional_odds import Integers
from pipeline.analysis.quality.scale_points import AskedScale, asked_scale
from pipeline.definitions.catalogue import is_asked
from pipeline.definitions.factor import Factor
from pipeline.definitions.instrument import Instrument

Grouping = Literal["gender", "grade"]

MIN_GROUP = 200
"""Project choice, a usual advice (remembered): complete answers that a group needs."""

MIN_OFF_MODE = 100
"""Project choice: respondents who gave another than the commonest answer to an item."""

MIN_ITEMS = 3
"""Project choice: with two items the score to match on is half the item itself."""

COLUMNS = {
    "wave": pl.Int32(),
    **dict.fromkeys(("factor_id", "item_id", "grouping"), pl.String()),
    "group_ids": pl.List(pl.String),
    **dict.fromkeys(("n", "df"), pl.Int32()),
    **dict.fromkeys((*CHI2, *P, *R2), pl.Float64()),
    "size": pl.String(),
}


def compute_dif(
    answers: pl.DataFrame,
    factors: tuple[Factor, ...],
    instrument: Instrument,
    wave: int,
    grouping: Grouping,
) -> pl.DataFrame:
    """Test every item that has answers enough.

    Respondents who answered every item of a scale are matched on their score, the item
    included. They count as independent: classes make p too small, so that ``size`` asks for
    an effect as well.

    Args:
        answers: one row per analysed respondent of the wave: gender, grade, a column of codes
            per item.
        factors: of the site.
        instrument: of the wave.
        wave: its year.
        grouping: the column that tells groups apart. Null belongs to none.

    Returns:
        One row per factor and item: wave, factor_id, item_id, grouping, group_ids (compared;
        the first is the one the others are compared with), n (respondents), df (of each
        test), chi2_* and p_* (likelihood ratio: uniform, given the score; nonuniform, given
        both), *_uniform and *_nonuniform (change of R2), size (by p_both and the whole change
        of Nagelkerke's R2). No row where groups, items or answers are too few; null where a
        model has no estimate.

    Source:
        Zumbo (1999), A Handbook on the Theory and Methods of Differential Item Functioning;
        Swaminathan and Rogers (1990), Journal of Educational Measurement 27, 361-370.
    """
    rows: list[dict[str, Any]] = []
    for factor in factors:
        if not is_asked(factor, instrument):
            continue
        scale = asked_scale(answers, factor, instrument)
        group_ids, group = _groups(scale, answers[grouping])
        if len(scale.items) < MIN_ITEMS or len(group_ids) < 2:
            continue
        for j, item in enumerate(scale.items):
            matched = match(scale.points[group >= 0], j, group[group >= 0])
            if matched.n_off_mode < MIN_OFF_MODE:
                continue
            keys = {"wave": wave, "factor_id": factor.id, "item_id": item.id}
            compared = {"grouping": grouping, "group_ids": group_ids}
            rows.append(keys | compared | item_dif(matched))
    return pl.DataFrame(rows, schema=COLUMNS).with_columns(cs.float().fill_nan(None))


def _groups(scale: AskedScale, label: pl.Series) -> tuple[list[str], Integers]:
    """Ids of groups that are large enough, and each respondent's, -1 for none of them."""
    is_complete = ~np.isnan(scale.points).any(axis=1)
    counts = label.filter(pl.Series(is_complete)).drop_nulls().value_counts(sort=True)
    large = sorted(counts.filter(pl.col("count") >= MIN_GROUP)[label.name].to_list())
    number = {group: position for position, group in enumerate(large)}
    group = np.array([number.get(each, -1) for each in label], dtype=np.int64)
    return large, np.where(is_complete, group, -1)
