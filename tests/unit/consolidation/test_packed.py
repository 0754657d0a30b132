"""Amounts in little room."""

from __future__ import annotations

import pickle
from decimal import Decimal as D

import pytest

from selfeval_xl.cells import Value
from selfeval_xl.consolidation.packed import Packed

KEYS = (("收入", "收入合计"), ("收入", "其他收入"), ("支出", "支出合计"), ("支出", "项目支出"))
TOTAL, OTHER, SPENT, PROJECTS = KEYS


@pytest.mark.parametrize(
    "value",
    [D(0), D("-0.01"), D("212.78"), D("999999999999.99"), D("0.005"), D("1E+20"), "六万", "无法计算", True],
)
def test_what_goes_in_comes_out(value: Value) -> None:
    amounts = {TOTAL: D(1), OTHER: value}
    packed = Packed(KEYS, amounts, 2)
    assert dict(packed) == amounts
    assert packed == amounts
    assert type(packed[OTHER]) is type(value)


def test_what_shows_nothing_is_left_out() -> None:
    packed = Packed(KEYS, {TOTAL: None, OTHER: "", SPENT: D(0), PROJECTS: "无"}, 2)
    assert list(packed) == [SPENT, PROJECTS]
    assert len(packed) == 2
    assert packed.get(TOTAL) is None
    assert OTHER not in packed
    with pytest.raises(KeyError):
        packed["别的", "项目"]


def test_it_travels_between_processes_and_shares_its_keys() -> None:
    packed = Packed(KEYS, {TOTAL: D("212.78"), OTHER: "六万"}, 2)
    back = pickle.loads(pickle.dumps(packed))  # noqa: S301 - its own bytes
    other = Packed(tuple(KEYS), {SPENT: D(1)}, 2)
    assert back == packed
    assert back._keys is other._keys


def test_a_form_in_whole_units_keeps_whole_units() -> None:
    assert dict(Packed(KEYS, {TOTAL: D(12), OTHER: D("0.5")}, 0)) == {TOTAL: D(12), OTHER: D("0.5")}
