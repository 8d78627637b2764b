"""Answers made up for tests: a trait that everyone has some of, and items that show it."""

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipeline.definitions.factor import Factor
from pipeline.definitions.instrument import Instrument
from tests.made_definitions import ONE_TO_FOUR, made_factor, made_instrument

ITEMS = ("likes", "misses", "stays", "knows")
INSTRUMENT: Instrument = made_instrument(dict.fromkeys(ITEMS, ONE_TO_FOUR))
FACTOR: Factor = made_factor("bonds", ITEMS, min_answered=2)

CUTS = (-0.8, 0.1, 0.9)
"""Where on the latent scale the second, third and fourth option begin."""


def made_answers(
    n: int = 800,
    *,
    seed: int = 1,
    items: Sequence[str] = ITEMS,
    loading: float = 0.7,
    own_loading: Mapping[str, float] | None = None,
    shift: Mapping[str, NDArray[np.float64]] | None = None,
    cuts: Sequence[float] = CUTS,
    share_missing: float = 0.0,
) -> pl.DataFrame:
    """One row per respondent, everyone of weight 1.

    Args:
        n: respondents, the first half girls of g7, the others boys of g9.
        seed: of the random numbers.
        items: on options 1 to 4, all with the same cuts.
        loading: of the items on the trait.
        own_loading: of single items; below 0 for one that runs against the others.
        shift: added to an item's latent value, shape (n,).
        cuts: where options begin.
        share_missing: of answers, 0 to 1.
    """
    random = np.random.default_rng(seed)
    trait = random.normal(size=n)
    columns = {}
    for item in items:
        own = (own_loading or {}).get(item, loading)
        latent = own * trait + np.sqrt(1 - own**2) * random.normal(size=n)
        latent = latent + (shift or {}).get(item, np.zeros(n))
        codes = 1 + np.searchsorted(cuts, latent)
        is_missing = random.random(n) < share_missing
        columns[item] = pl.Series(codes, dtype=pl.Int16).set(pl.Series(is_missing), None)
    half = n // 2
    return pl.DataFrame(columns).with_columns(
        weight=pl.lit(1.0),
        gender=pl.Series(["girl"] * half + ["boy"] * (n - half)),
        grade=pl.Series(["g7"] * half + ["g9"] * (n - half)),
    )
