"""One measure of one wave as a linear system: what is printed, and what is hidden."""

from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array, vstack

from pipeline.attack.knowledge import Axes, Bounds
from pipeline.attack.population import Population
from pipeline.attack.sums import Known
from pipeline.attack.weights import NOT_WHOLE

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]


class Hidden(NamedTuple):
    """Which counts the release hides; shape of ``Bounds.n`` each, ``respondents`` without measures.

    A coded share counts as hidden: its code must leave as much open.
    """

    n: Flags
    share: Flags
    rest: Flags
    respondents: Flags


class Targets(NamedTuple):
    """Sums that are hidden, and which they are."""

    rows: csr_array
    what: tuple[str, ...]
    group: NDArray[np.int64]
    """Place of each in the flattened groups."""


def hidden_of(
    axes: Axes, status: pl.DataFrame, comparison: pl.DataFrame, domain: pl.DataFrame
) -> Hidden:
    """What the release's own tables say is hidden.

    Args:
        axes: of the wave.
        status: columns of ``KEY``, status and n of ``published.estimate``.
        comparison: columns of ``KEY`` and status of comparisons with the rest.
        domain: columns of ``KEY``, with ``all`` for measure, and status.
    """
    is_hidden = pl.col("status") == "suppressed"
    is_coded = pl.col("status").str.starts_with("coded")
    everyone = Axes(axes.wave, ("all",), axes.areas, axes.grades, axes.genders)
    return Hidden(
        n=axes.flags(status.filter(is_hidden & pl.col("n").is_null())),
        share=axes.flags(status.filter(is_hidden | is_coded)),
        # Beside a hidden area no rest is ever shown: that one is not says nothing of it.
        rest=axes.flags(comparison.filter(is_hidden)) & axes.flags(status.filter(~is_hidden)),
        respondents=everyone.flags(domain.filter(is_hidden))[0],
    )


class Printed(NamedTuple):
    """Everything printed of one measure as a system, and what each row is about."""

    known: Known
    what: NDArray[np.str_]
    group: NDArray[np.int64]
    """Place of each row's group in the flattened groups."""


def known_sums(
    bounds: Bounds,
    measure: int,
    people: Population,
    *,
    reach: int,
    spread: float = 1.0,
    with_shares: bool = True,
) -> Printed:
    """Everything printed of one measure, with how groups are summed of pupils.

    Nobody answers who is no respondent: printed numbers of respondents are limits of answers.

    Args:
        bounds: of the wave.
        measure: its place.
        people: how groups are summed.
        reach: how far a count may lie from its rounded one.
        spread: of ``spread_of``; 1 where everyone counts once.
        with_shares: False leaves out who is flagged.
    """
    n_least, n_most = _flat(bounds.n, measure)
    most = np.minimum(n_most, bounds.respondents[1].ravel())
    parts = [
        ("n", people.rows(flagged=True, others=True), n_least, most),
        *_placed_rows(bounds, people.placed_rows(), at_least=False),
    ]
    if with_shares:
        flagged = people.rows(flagged=True, others=False)
        others = people.rows(flagged=False, others=True)
        parts += [
            ("k", flagged, *_apart(_flat(bounds.flagged, measure), spread)),
            ("n - k", others, *_apart(_flat(bounds.others, measure), spread)),
            *_rest_rows(bounds, measure, people, reach, spread),
            *_norm_rows(bounds, measure, people, spread),
        ]
    return _printed(parts)


def respondent_sums(bounds: Bounds, people: Population) -> Printed:
    """The printed numbers of respondents, whatever they answered."""
    printed = ("respondents", people.groups, *map(np.ravel, bounds.respondents))
    return _printed([printed, *_placed_rows(bounds, people.placed, at_least=True)])


def hidden_sums(hidden: Hidden, measure: int, people: Population) -> Targets:
    """Every count that is hidden: of answers, of flagged, of others, of the rest's flagged."""
    flagged = people.rows(flagged=True, others=False)
    shapes = {
        "n": (people.rows(flagged=True, others=True), hidden.n[measure]),
        "k": (flagged, hidden.share[measure]),
        "n - k": (people.rows(flagged=False, others=True), hidden.share[measure]),
        "k of the rest": (csr_array(flagged[people.whole] - flagged), hidden.rest[measure]),
    }
    return _targets(shapes)


def hidden_respondents(hidden: Hidden, people: Population) -> Targets:
    """The numbers of respondents that are hidden."""
    return _targets({"respondents": (people.groups, hidden.respondents)})


def _printed(parts: list[tuple[str, csr_array, Floats, Floats]]) -> Printed:
    """Rows below each other, without those that say nothing."""
    matrix = vstack([rows for _, rows, _, _ in parts], format="csr")
    lower = np.concatenate([least for _, _, least, _ in parts])
    upper = np.concatenate([most for _, _, _, most in parts])
    what = np.repeat([name for name, *_ in parts], [len(least) for _, _, least, _ in parts])
    group = np.concatenate([np.arange(len(least)) for _, _, least, _ in parts])
    says = ((lower != 0) & np.isfinite(lower)) | np.isfinite(upper)
    known = Known(csr_array(matrix[says]), lower[says], upper[says])
    return Printed(known, what[says], group[says])


def _targets(shapes: dict[str, tuple[csr_array, Flags]]) -> Targets:
    places = {what: np.flatnonzero(flags) for what, (_, flags) in shapes.items()}
    rows = vstack([shapes[what][0][place] for what, place in places.items()], format="csr")
    what = tuple(what for what, place in places.items() for _ in place)
    return Targets(csr_array(rows), what, np.concatenate(list(places.values())))


def _flat(bounds: tuple[Floats, Floats], measure: int) -> tuple[Floats, Floats]:
    return bounds[0][measure].ravel(), bounds[1][measure].ravel()


def _apart(bounds: tuple[Floats, Floats], spread: float) -> tuple[Floats, Floats]:
    """Bounds of the sum of a group's counts, from those of its weighted share of all of them."""
    if spread == 1:
        return bounds
    return (bounds[0] - NOT_WHOLE).clip(0) / spread, (bounds[1] + NOT_WHOLE) * spread


def _rest_rows(
    bounds: Bounds, measure: int, people: Population, reach: int, spread: float
) -> list[tuple[str, csr_array, Floats, Floats]]:
    """Printed shares of the rest: linear in its flagged and its answers, rounding left open."""
    low, high = _flat(bounds.rest, measure)
    is_open = ~(np.isfinite(low) & np.isfinite(high)) | _is_implied(bounds, measure, people, reach)
    flagged, answered = (
        csr_array(rows[people.whole] - rows)
        for rows in (
            people.rows(flagged=True, others=False),
            people.rows(flagged=True, others=True),
        )
    )
    least = np.where(is_open, 0.0, low) / spread
    most = np.where(is_open, 0.0, high) * spread
    slack = np.where(is_open, np.inf, reach * (1 + most) * spread)
    endless = np.full(len(low), np.inf)
    return [
        ("rest", csr_array(flagged - diags_array(most) @ answered), -endless, slack),
        ("rest", csr_array(flagged - diags_array(least) @ answered), -slack, endless),
    ]


def _placed_rows(
    bounds: Bounds, rows: csr_array, *, at_least: bool
) -> list[tuple[str, csr_array, Floats, Floats]]:
    """How many live in a known area: as many at most have an answer."""
    least, most = map(np.ravel, bounds.placed)
    return [("respondents", rows, least if at_least else np.zeros(len(least)), most)]


def _norm_rows(
    bounds: Bounds, measure: int, people: Population, spread: float
) -> list[tuple[str, csr_array, Floats, Floats]]:
    """Shares that a norm states of the group itself: linear in its flagged and its answers."""
    low, high = _flat(bounds.own_norm, measure)
    is_open = ~(np.isfinite(low) & np.isfinite(high))
    flagged = people.rows(flagged=True, others=False)
    answered = people.rows(flagged=True, others=True)
    least = np.where(is_open, 0.0, low) / spread
    most = np.where(is_open, 0.0, high) * spread
    bound, endless = np.where(is_open, np.inf, 0.0), np.full(len(low), np.inf)
    return [
        ("k", csr_array(flagged - diags_array(most) @ answered), -endless, bound),
        # The other way round: a row of nothing or more is taken for one that says nothing.
        ("k", csr_array(diags_array(least) @ answered - flagged), -endless, bound),
    ]


def _is_implied(bounds: Bounds, measure: int, people: Population, reach: int) -> Flags:
    """Whether a printed share of the rest says no more than the counts of whole and area do."""
    low, high = _flat(bounds.rest, measure)
    n_least, n_most = _flat(bounds.n, measure)
    k_least, k_most = _flat(bounds.flagged, measure)
    whole = people.whole
    with np.errstate(invalid="ignore"):
        k_top, k_bottom = k_most[whole] - k_least, k_least[whole] - k_most
        n_top, n_bottom = n_most[whole] - n_least, n_least[whole] - n_most
        below = k_top - high * n_bottom <= reach * (1 + high)
        above = low * n_top - k_bottom <= reach * (1 + high)
    return np.asarray(below & above)
