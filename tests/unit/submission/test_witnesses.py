"""What the rest of a report says for an amount decides which cell is named, and what follows it."""

import copy
import json
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from msgspec.structs import replace

from selfeval_xl.findings import INFO, Finding, message
from selfeval_xl.submission import witnesses
from tests.acceptance.calling import SAMPLES
from tests.support import small_report as small
from tests.support import sound
from tests.support.sound_figures import INPUTS, TIDY

Data = dict[str, Any]
Place = tuple[str, int, str]


@cache
def eight_entities() -> Data:
    return sound.tidy(3, replace(TIDY, entities=(8, 8))).data


@cache
def real_report() -> Data:
    data: Data = json.loads((SAMPLES / "seed-2022.json").read_text(encoding="utf-8"))
    return data


def with_amount(data: Data, place: Place, amount: Decimal | None) -> Data:
    changed = copy.deepcopy(data)
    table, row, item = place
    changed[table][row][item] = None if amount is None else float(amount)
    return changed


def leading(data: Data) -> list[Finding]:
    found = [one for one in small.findings(data) if not one.is_doubt]
    return [one for one in found if one.follows is None and one.severity != INFO]


def added(data: Data, place: Place, amount: Decimal | None) -> list[Finding]:
    known = {(one.rule, one.cells[0]) for one in leading(data)}
    return [one for one in leading(with_amount(data, place, amount)) if (one.rule, one.cells[0]) not in known]


def entries(data: Data) -> Iterator[tuple[Place, Decimal]]:
    for table, items in INPUTS.items():
        for row, amounts in enumerate(data[table]):
            for item in items:
                if amounts[item]:
                    yield (table, row, item), Decimal(str(amounts[item]))


@pytest.mark.parametrize("report", [real_report, eight_entities])
def test_one_blank_entry_makes_at_most_one_finding_of_its_own(report: Any) -> None:
    data = report()
    for place, _ in entries(data):
        assert len(added(data, place, None)) <= 1, place


def test_a_blank_entry_of_the_balance_is_named_with_what_to_do() -> None:
    data = eight_entities()
    for place in (("收入", 2, "公共财政拨款"), ("支出", 4, "项目支出")):
        (found,) = added(data, place, None)
        assert (found.item, found.actual) == (place[2], None)
        assert "有金额的请补填，确实没有的填 0" in message(found)
        assert "漏填" in message(found)


def test_the_entry_that_all_texts_contradict_is_named_whichever_side_it_is_on() -> None:
    data, nine = eight_entities(), Decimal(9)
    for place, amount in entries(data):
        if place[0] in ("收入", "支出") and place[2] in ("公共财政拨款", "人员支出", "公用支出"):
            (found,) = added(data, place, amount + nine)
            assert (found.cells[0].sheet, found.item) == (place[0], place[2]), place
            assert found.difference == nine


def test_without_texts_both_sides_are_named() -> None:
    data = small.balanced()
    data["收入"][0]["公共财政拨款"] += 13.57
    (found,) = leading(data)
    assert {cell.sheet for cell in found.cells} == {"收入", "支出"}


def test_a_blank_that_texts_know_is_named_beside_the_text() -> None:
    place = next(place for place, _ in entries(eight_entities()) if place[2] == "公务接待费")
    (found,) = added(eight_entities(), place, None)
    assert [one.code for one in found.causes] == ["blank"]
    assert found.item == "公务接待费"


def test_a_report_with_very_much_wrong_is_not_asked_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    faults = witnesses.faults
    monkeypatch.setattr(witnesses, "MOST_TRIALS", 12)
    monkeypatch.setattr(witnesses, "faults", lambda values: asked.append(1) or faults(values))
    data = copy.deepcopy(eight_entities())
    for number, row in enumerate(data["收入"] * 2):
        row["公共财政拨款"] += 11.11 + number
    small.findings(data)
    assert 0 < len(asked) <= witnesses.MOST_TRIALS
