"""Rules computed over whole columns say what the formulas say: nothing broken slips through, no figure differs."""

from __future__ import annotations

from decimal import Decimal
from random import Random

import pytest

from selfeval_xl.blueprint.model import Blueprint, Shape
from selfeval_xl.blueprint.screen import Screened, screen_of
from selfeval_xl.blueprint.values import Values
from selfeval_xl.cells import Address, Value
from selfeval_xl.form.model import Form
from selfeval_xl.submission.explain import is_broken
from tests.support import reports
from tests.support.fillings import random_filling

# So few that rules hold and break about equally often.
AMOUNTS = (None, None, 0, 100, 200, 1, -1, 101)
NAMES = (None, "东湾管理站", "二级机构1", "二级机构12345", Decimal(7), " ")


def plain(form: Form, seed: int) -> Values:
    """Return a workbook with plain amounts, some of them 0, some blank."""
    chance = Random(seed)
    blueprint = reports.build_for(form, Shape(chance.choice((1, 2, 5, 9)), entity=seed % 7 == 0))
    amounts = [None if one is None else Decimal(one).scaleb(-form.decimals) for one in AMOUNTS]
    typed: dict[Address, Value] = {}
    for table in blueprint.places.tables.values():
        for row in range(1, table.rows + 1):
            choices = [None] if chance.random() < 0.2 else amounts
            typed |= {table.cell(label, row): chance.choice(choices) for label in table.inputs}
            typed |= {table.cell(label, row): chance.choice((None, "101")) for label in table.attributes}
    named = blueprint.places.tables[form.name_table]
    for row in range(1 if blueprint.shape.entity else 2, named.rows + 1):
        typed[named.cell("", row)] = chance.choice(NAMES)
    return Values(blueprint, {cell: value for cell, value in typed.items() if value is not None})


def broken(values: Values) -> list[object]:
    return [
        named(values.blueprint, n)
        for n, one in enumerate(values.blueprint.instances)
        if is_broken(values, one)
    ]


def named(blueprint: Blueprint, number: int) -> object:
    one = blueprint.instances[number]
    return one.rule.id, one.item, one.index


def left(values: Values, screened: Screened) -> list[object]:
    """Return what is broken among what the screen left."""
    kept = {id(one) for one in (*screened.closely, *screened.blank)}
    numbers = [n for n, one in enumerate(values.blueprint.instances) if id(one) in kept]
    return [named(values.blueprint, n) for n in numbers if is_broken(values, values.blueprint.instances[n])]


@pytest.mark.parametrize("form", [reports.main_form(), reports.second_form()], ids=lambda form: form.id)
def test_plain_workbooks_lose_no_finding_and_no_figure(form: Form) -> None:
    found = 0
    for seed in range(60):
        values = plain(form, seed)
        screen = screen_of(values.blueprint)
        screened, figures = screen.screened(values), screen.figures(values)
        assert screened.is_plain
        assert figures is not None
        assert left(values, screened) == broken(values), seed
        assert all(is_broken(values, one) for one in screened.blank), seed
        found += len(broken(values))
        for (label, item), amounts in figures.amounts.items():
            place = values.blueprint.places.tables[label]
            shown = [values(place.cell(item, row)) for row in range(place.rows + 1)]
            there = figures.filled[label, item]
            assert [value not in (None, "") for value in shown] == there, (seed, item)
            assert [value or 0 for value in shown] == amounts, (seed, item)
    assert found > 1_000


def test_what_is_left_of_a_plain_workbook_is_little() -> None:
    """Only rules about single fields, and what is broken."""
    values = plain(reports.main_form(), 3)
    screened = screen_of(values.blueprint).screened(values)
    of_tables = [one for one in screened.closely if one.index is not None and one.rule.scope != "total"]
    assert of_tables
    assert all(is_broken(values, one) for one in of_tables)
    assert len(screened.closely) < len(values.blueprint.instances) / 4


def test_workbooks_of_any_kind_lose_no_finding() -> None:
    kinds = set()
    for seed in range(80):
        values = random_filling(seed).values
        screened = screen_of(values.blueprint).screened(values)
        kinds.add(screened.is_plain)
        assert left(values, screened) == broken(values), seed
    assert False in kinds


@pytest.mark.parametrize("odd", [Decimal("0.001"), "3.7", Decimal(10) ** 12, True])
def test_an_amount_that_is_not_plain_is_looked_at_with_all_else(odd: Value) -> None:
    values = plain(reports.main_form(), 1)
    cell = values.blueprint.places.tables["支出"].cell("公用支出", 1)
    changed = Values(values.blueprint, {**values.typed, cell: odd})
    screen = screen_of(values.blueprint)
    assert screen.figures(changed) is None
    rows = [one for one in values.blueprint.instances if one.rule.scope != "blank"]
    assert screen.screened(changed).closely == rows
    assert screen.figures(Values(values.blueprint, values.typed, {cell: Decimal(1)})) is None
