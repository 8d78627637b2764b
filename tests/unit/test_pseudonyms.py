"""Pseudonyms: HKDF by the RFC's own numbers, and names that do not tell of each other."""

import hashlib
import hmac
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from pipeline.disclosure.research.pseudonyms import (
    derived_key,
    key_mark,
    pseudonyms,
    release_key,
)

MASTER = bytes(range(32))


def test_keys_are_derived_as_rfc_5869_says() -> None:
    # Appendix A, test cases 1 to 3.
    assert derived_key(b"\x0b" * 22, bytes(range(13)), bytes(range(0xF0, 0xFA)), 42).hex() == (
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
    )
    assert derived_key(
        bytes(range(0x50)), bytes(range(0x60, 0xB0)), bytes(range(0xB0, 0x100)), 82
    ).hex() == (
        "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c6"
        "5e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87"
    )
    assert derived_key(b"\x0b" * 22, b"", b"", 42).hex() == (
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"
    )


def test_a_pseudonym_is_the_keyed_hash_of_wave_and_id() -> None:
    key = release_key(MASTER, "site", "first")
    assert len(key) == 256 // 8
    message = b"\x00\x00\x00\x042025\x00\x00\x00\x021a"
    expected = hmac.new(key, message, hashlib.sha256).hexdigest()[:32]
    assert pseudonyms(key, 2025, ["1a"]) == [expected]


@given(st.lists(st.text(), unique=True, max_size=30))
def test_pseudonyms_are_as_many_as_ids_and_always_the_same(ids: list[str]) -> None:
    key = release_key(MASTER, "site", "first")
    named = pseudonyms(key, 2025, ids)
    assert len(set(named)) == len(ids)
    assert named == pseudonyms(key, 2025, ids)
    assert all(len(each) == 32 and set(each) <= set("0123456789abcdef") for each in named)


def test_releases_sites_and_waves_do_not_link() -> None:
    ids = [str(each) for each in range(2000)]
    seen = [
        set(pseudonyms(release_key(master, site, release), wave, ids))
        for master, site, release, wave in product(
            (MASTER, MASTER[::-1]), ("here", "there"), ("first", "second"), (2023, 2025)
        )
    ]
    assert len(set.union(*seen)) == len(seen) * len(ids)


def test_parts_of_a_name_cannot_be_moved_between_each_other() -> None:
    assert release_key(MASTER, "ab", "c") != release_key(MASTER, "a", "bc")


def test_enumerating_ids_without_the_key_finds_nobody() -> None:
    # Everyone born on the days of two years, with the last digits of a personal number.
    plausible = [
        f"{year}{month:02}{day:02}-{number:04}"
        for year in (2010, 2011)
        for month in range(1, 13)
        for day in range(1, 29)
        for number in range(0, 10_000, 67)
    ]
    key = release_key(MASTER, "site", "first")
    there = set(pseudonyms(key, 2025, plausible[::37]))
    guesses = (b"", bytes(32), b"site", b"first", b"uppvaxt", bytes.fromhex(key_mark(key)))
    for guess in guesses:
        assert there.isdisjoint(pseudonyms(guess, 2025, plausible))
    for prefix in ("", "2025", "2025-", "2025\x00"):
        hashed = (hashlib.sha256(f"{prefix}{each}".encode()).hexdigest()[:32] for each in plausible)
        assert there.isdisjoint(hashed)


def test_the_mark_of_a_key_tells_keys_apart_and_is_no_part_of_one() -> None:
    first, second = (release_key(MASTER, "site", each) for each in ("first", "second"))
    assert key_mark(first) != key_mark(second)
    assert key_mark(first) not in first.hex()
