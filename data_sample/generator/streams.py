"""Random numbers that depend on what they are for, not on the order of drawing."""

from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

SEED = "sandviken-1"


def stream(*names: object) -> np.random.Generator:
    """A generator of its own for each purpose, e.g. ``stream(2021, "class", "c_disorg")``.

    Because streams are named, an item added to a questionnaire changes no other item.
    """
    name = "/".join([SEED, *map(str, names)])
    return np.random.Generator(np.random.PCG64(int.from_bytes(sha256(name.encode()).digest())))


def shuffled(n: int, *names: object) -> Integers:
    """0 to ``n`` - 1 in random order. Shape (n,)."""
    return np.argsort(stream(*names).random(n), kind="stable")


def chosen(mask: Bools, n: int, *names: object) -> Integers:
    """Up to ``n`` positions at which ``mask`` is true, at random."""
    order = shuffled(len(mask), *names)
    return order[mask[order]][:n]


def drawn(shares: Floats, n: int, *names: object) -> Integers:
    """``n`` draws of an index with the given shares, which need not add up to 1. Shape (n,)."""
    edges = np.cumsum(shares) / np.sum(shares)
    draws: Integers = np.searchsorted(edges, stream(*names).random(n), side="right")
    return draws
