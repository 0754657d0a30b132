"""The password hash of protection."""

from __future__ import annotations

import base64
import hashlib
import struct

from selfeval_xl.ooxml.protection import agile_hash


def test_the_hash_is_that_of_the_specification_written_out() -> None:
    found = agile_hash("123456", bytes(range(16)))
    value = hashlib.sha512(bytes(range(16)) + b"1\x002\x003\x004\x005\x006\x00").digest()
    for turn in range(100_000):
        value = hashlib.sha512(value + struct.pack("<I", turn)).digest()
    assert found.salt == "AAECAwQFBgcICQoLDA0ODw=="
    assert found.value == base64.b64encode(value).decode()
    assert (found.algorithm, found.spin) == ("SHA-512", 100_000)


def test_another_password_or_salt_gives_another_hash() -> None:
    hashes = {agile_hash("密码", b"a" * 16), agile_hash("密码 ", b"a" * 16), agile_hash("密码", b"b" * 16)}
    assert len({found.value for found in hashes}) == 3


def test_a_hash_is_computed_once() -> None:
    assert agile_hash("密码", b"a" * 16) is agile_hash("密码", b"a" * 16)
