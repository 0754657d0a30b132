"""Findings: their ids, when they are open, how they are rendered, the status they give a file."""

from decimal import Decimal as D

import pytest
from msgspec.structs import replace

from selfeval_xl.findings import (
    ERROR,
    INFO,
    WARNING,
    Cause,
    Finding,
    Verdict,
    has_pattern,
    message,
    show_value,
    worst,
)
from tests.support.small_report import at

TOTAL = Finding(
    "I-01",
    "total.mismatch",
    ERROR,
    (at("收入!B6"), at("收入!C6")),
    entity="局机关",
    item="收入合计",
    expected=D("212.78"),
    actual=D("213.15"),
    difference=D("0.37"),
    facts={"unit": "万元", "cells": "收入!C6:G6", "text": "…"},
)


def test_a_finding_is_named_by_its_rule_and_first_cell() -> None:
    assert TOTAL.id == "I-01@收入!B6"
    assert replace(TOTAL, cells=(at("三公 经费!B6"),)).id == "I-01@'三公 经费'!B6"


@pytest.mark.parametrize(
    ("change", "is_open"),
    [({}, True), ({"follows": "F-02@收入!B6"}, False), ({"explanation": "差额0.37万元：尾差"}, False)],
)
def test_what_follows_or_is_explained_is_not_open(change: dict[str, str], is_open: bool) -> None:
    assert replace(TOTAL, **change).is_open is is_open


def test_a_message_says_the_place_both_figures_the_difference_and_what_to_do() -> None:
    assert message(TOTAL) == (
        "收入!B6 局机关·收入合计：填报 213.15 万元，按各项明细应为 212.78 万元，"
        "相差 +0.37 万元。请核对 收入!C6:G6。"
    )


def test_a_cause_is_a_sentence_after_the_message() -> None:
    text = message(replace(TOTAL, causes=(Cause("tail"),)))
    assert text.startswith(message(TOTAL))
    assert text.endswith("或写明“尾差”。")


@pytest.mark.parametrize(
    ("entity", "item", "place"),
    [
        ("局机关", "收入合计", "收入!B6 局机关·收入合计"),
        (None, "收入合计", "收入!B6 收入合计"),
        ("局机关", None, "收入!B6 局机关"),
        (None, None, "收入!B6"),
    ],
)
def test_a_place_names_what_there_is(entity: str | None, item: str | None, place: str) -> None:
    assert message(replace(TOTAL, entity=entity, item=item)).startswith(f"{place}：")


def test_facts_win_over_what_is_rendered_by_default() -> None:
    assert "应为 别的 万元" in message(replace(TOTAL, facts={**TOTAL.facts, "expected": "别的"}))


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, "空白"), (D("3.7"), "3.70"), (D("300.004"), "300.004"), ("3.7万元", "3.7万元"), (D(0), "0.00")],
)
def test_a_figure_is_shown_with_two_decimals_and_a_blank_in_words(value: D | str | None, shown: str) -> None:
    assert show_value(value) == shown


def test_a_finding_without_a_difference_shows_none() -> None:
    assert "相差  万元" in message(replace(TOTAL, difference=None))


@pytest.mark.parametrize(
    ("severities", "status"),
    [
        ((), "clean"),
        ((INFO,), "info"),
        ((INFO, WARNING), "warnings"),
        ((WARNING, ERROR, INFO), "errors"),
        ((INFO, INFO), "info"),
    ],
)
def test_a_file_is_as_bad_as_its_worst_finding(severities: tuple[str, ...], status: str) -> None:
    assert worst(replace(TOTAL, severity=one) for one in severities) == status


def test_the_verdicts_are_the_words_of_the_sheet() -> None:
    assert [one.word for one in Verdict] == ["通过", "不符", "不适用", "无法计算", "未检"]


def test_only_codes_of_the_catalogue_have_a_pattern() -> None:
    assert has_pattern("total.mismatch")
    assert not has_pattern("total")
    assert not has_pattern("total.nonesuch")
