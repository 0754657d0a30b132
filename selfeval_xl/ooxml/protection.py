"""The password hash of sheet and workbook protection, as Excel 2013 and later write it.

A seat-belt against slips, no lock: whoever wants to can remove it.
"""

from __future__ import annotations

from base64 import b64encode
from functools import lru_cache
from hashlib import sha512

from msgspec import Struct

SPIN = 100_000


class Hash(Struct, frozen=True):
    """The four attributes that protection writes; *salt* and *value* in base64."""

    salt: str
    value: str
    algorithm: str = "SHA-512"
    spin: int = SPIN


@lru_cache(maxsize=64)
def agile_hash(password: str, salt: bytes) -> Hash:
    """Return the hash of *password*; about 60 ms when asked for the first time (ECMA-376, agile)."""
    value = sha512(salt + password.encode("utf-16-le")).digest()
    for turn in range(SPIN):
        value = sha512(value + turn.to_bytes(4, "little")).digest()
    return Hash(b64encode(salt).decode(), b64encode(value).decode())
