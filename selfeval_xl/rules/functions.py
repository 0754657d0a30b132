"""The worksheet functions that a rule may call.  Knows their argument counts and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

_MANY = 255


class Signature(NamedTuple):
    """How many arguments a function takes."""

    least: int
    most: int


FUNCTIONS: Mapping[str, Signature] = MappingProxyType(
    {
        "ABS": Signature(1, 1),
        "AND": Signature(1, _MANY),
        "CHAR": Signature(1, 1),
        "COUNT": Signature(1, _MANY),
        "COUNTA": Signature(1, _MANY),
        "COUNTBLANK": Signature(1, 1),
        "COUNTIF": Signature(2, 2),
        "DATE": Signature(3, 3),
        "FALSE": Signature(0, 0),
        "HYPERLINK": Signature(2, 2),
        "IF": Signature(2, 3),
        "IFERROR": Signature(2, 2),
        "INDEX": Signature(2, 3),
        "ISBLANK": Signature(1, 1),
        "ISERROR": Signature(1, 1),
        "ISNUMBER": Signature(1, 1),
        "ISTEXT": Signature(1, 1),
        "LEFT": Signature(1, 2),
        "LEN": Signature(1, 1),
        "MATCH": Signature(3, 3),
        "MAX": Signature(1, _MANY),
        "MEDIAN": Signature(1, _MANY),
        "MID": Signature(3, 3),
        "MIN": Signature(1, _MANY),
        "N": Signature(1, 1),
        "NOT": Signature(1, 1),
        "OR": Signature(1, _MANY),
        "RIGHT": Signature(1, 2),
        "ROUND": Signature(2, 2),
        "SUBSTITUTE": Signature(3, 3),
        "SUM": Signature(1, _MANY),
        "SUMIF": Signature(3, 3),
        "T": Signature(1, 1),
        "TEXT": Signature(2, 2),
        "TRIM": Signature(1, 1),
        "TRUE": Signature(0, 0),
        "YEAR": Signature(1, 1),
    }
)


def complaint(function: str, count: int) -> str:
    """Return what is wrong with calling *function* with *count* arguments, or ``""``."""
    signature = FUNCTIONS.get(function)
    if signature is None:
        return f"no function {function}; there are {', '.join(FUNCTIONS)}"
    if signature.least <= count <= signature.most:
        return ""
    wanted = str(signature.least)
    if signature.most != signature.least:
        wanted += " or more" if signature.most == _MANY else f" or {signature.most}"
    return f"{function} takes {wanted} arguments, not {count}"
