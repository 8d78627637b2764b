"""Names for respondents that only the holder of a key can make, anew in each release.

Source:
    Krawczyk and Eronen (2010), RFC 5869: HKDF, with its test vectors. Krawczyk, Bellare and Canetti
    (1997), RFC 2104: HMAC. EDPB Guidelines 01/2025 on pseudonymisation: a secret kept apart
    from what it protects (remembered).
"""

import hashlib
import hmac
from collections.abc import Iterable

KEY_BYTES = 32
PSEUDONYM_BYTES = 16
"""128 bits: among a million respondents two share a pseudonym with probability 1.5e-27."""

PURPOSE = b"uppvaxt research pseudonym 1"


def derived_key(secret: bytes, salt: bytes, info: bytes, length: int = KEY_BYTES) -> bytes:
    """HKDF with SHA-256: a key that tells nothing of the secret or of keys for another ``info``.

    Args:
        secret: the input key material.
        salt: may be empty and need not be secret.
        info: what the key is for.
        length: bytes wanted, at most 8160.

    Source:
        RFC 5869, section 2.
    """
    extracted = hmac.digest(salt or bytes(hashlib.sha256().digest_size), secret, hashlib.sha256)
    block, key = b"", b""
    for number in range(1, -(-length // hashlib.sha256().digest_size) + 1):
        block = hmac.digest(extracted, block + info + bytes([number]), hashlib.sha256)
        key += block
    return key[:length]


def release_key(master: bytes, site_id: str, release_id: str) -> bytes:
    """The key of one release of one site: those of two releases do not tell of each other."""
    return derived_key(master, b"", _joined(PURPOSE, site_id.encode(), release_id.encode()))


def key_mark(key: bytes) -> str:
    """Eight hexadecimal digits by which the holder of a master key recognises a release's key."""
    return hmac.digest(key, b"mark of this key", hashlib.sha256)[:4].hex()


def pseudonyms(key: bytes, wave: int, respondent_ids: Iterable[str]) -> list[str]:
    """Pseudonyms of respondents, 32 hexadecimal digits each.

    The wave is part of the name: who answered twice has two, so that nobody can be followed over
    the years.
    """
    year = str(wave).encode()
    return [
        hmac.digest(key, _joined(year, each.encode()), hashlib.sha256)[:PSEUDONYM_BYTES].hex()
        for each in respondent_ids
    ]


def _joined(*parts: bytes) -> bytes:
    """Parts after their lengths, so that no two lists of parts are joined alike."""
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)
