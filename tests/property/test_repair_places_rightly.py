"""Whatever was done to a workbook, repair takes each typed value to its own item or lists it; none goes astray."""

import os
from collections.abc import Callable, Iterator
from decimal import Decimal
from random import Random

import pytest
from msgspec import Struct

from selfeval_xl.blueprint.model import Blueprint, Shape
from selfeval_xl.blueprint.values import Values
from selfeval_xl.cells import Address, Value
from selfeval_xl.ooxml.book import Book
from selfeval_xl.submission.model import Submission
from selfeval_xl.submission.rescue import Rescued, rescue
from selfeval_xl.submission.taking import take
from tests.acceptance.calling import FORMS
from tests.support import reports
from tests.support.damages import (
    deleted,
    inserted,
    move_columns,
    move_rows,
    pasted_as_values,
    renamed,
    typed_over,
)
from tests.support.small_report import book_of

SEEDS = range(*map(int, os.environ.get("REPAIR_SEEDS", "0 60").split()))


@pytest.fixture(autouse=True)
def forms(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SELFEVAL_FORMS", str(FORMS))


class Traced(Struct):
    """A report of which every typed value is another: where each belongs, by what it shows.

    The first part of a place is the item, the second the row that it shares with others, or -1.
    """

    blueprint: Blueprint
    book: Book
    places: dict[str, tuple[object, int]] = {}


def shown(value: Value) -> str:
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def told(submission: Submission) -> Iterator[tuple[str, tuple[object, int]]]:
    """Every value of a report with its place."""
    for one, place in (*of_tables(submission), *of_texts(submission), *of_lists(submission)):
        if one is not None:
            yield shown(one), place


def of_tables(submission: Submission) -> Iterator[tuple[Value, tuple[object, int]]]:
    yield from ((value, (key, -1)) for key, value in submission.fields.items())
    for index, entity in enumerate(submission.entities):
        yield None if entity.name == submission.form.head else entity.name, ("name", index)
        yield from ((value, (item, index)) for item, value in entity.attributes.items())
        yield from ((value, (item, index)) for item, value in entity.amounts.items())


def of_texts(submission: Submission) -> Iterator[tuple[Value, tuple[object, int]]]:
    for key, texts in submission.texts.items():
        yield from ((text, (key, -1)) for text in texts)
    for goal in (goal for goals in submission.goals.values() for goal in goals):
        yield goal.goal, ((goal.group, goal.name, "goal"), -1)
        yield from ((text, ((goal.group, goal.name, "done"), -1)) for text in goal.done)
    for section in (section for sections in submission.sections.values() for section in sections):
        yield from ((text, (section.number, -1)) for text in section.body)


def of_lists(submission: Submission) -> Iterator[tuple[Value, tuple[object, int]]]:
    for label, records in submission.lists.items():
        for index, record in enumerate(records):
            yield from ((text, ((label, item), index)) for item, text in record.items())
    for index, note in enumerate(submission.notes):
        parts = [(note.rule, "rule"), (note.entity, "entity"), (note.text, "text")]
        yield from ((text, (("note", part), index)) for text, part in parts)


def traced(chance: Random) -> Traced:
    form = reports.second_form() if chance.random() < 0.3 else reports.main_form()
    entity = chance.random() < 0.1
    blueprint = reports.build_for(form, Shape(1 if entity else chance.choice((3, 4, 6, 9)), entity=entity))
    typed = dict(unique_inputs(blueprint, chance))
    book = book_of(blueprint, Values(blueprint, typed))
    return Traced(blueprint, book, dict(told(take(blueprint, typed))))


def unique_inputs(blueprint: Blueprint, chance: Random) -> Iterator[tuple[Address, Value]]:
    number = chance.randrange(1000, 3000)
    gaps = chance.choice((0.0, 0.3, 0.7))
    unused = {row for row in range(2, blueprint.shape.rows + 1) if chance.random() < 0.3}
    rows = {place.cell("", row)[:2] for place in blueprint.places.tables.values() for row in unused}
    for name, inputs in blueprint.inputs.items():
        for address in inputs.values():
            plan = blueprint.sheets[name].cells[address.row, address.column]
            number += chance.randrange(1, 4)
            is_spare = (name, address.row) in rows
            if is_spare or (chance.random() < gaps and plan.style != "name.input") or "mark" in plan.style:
                continue
            if plan.style == "name.input" and chance.random() < 0.1:
                continue
            decimals = blueprint.form.decimals
            is_amount = plan.style in ("amount.input", "number.input", "date.input")
            yield address, Decimal(number).scaleb(-decimals) if is_amount else f"甲{number}"


Damage = Callable[[Traced, Random], None]


def some_sheet(one: Traced, chance: Random) -> str:
    names = [name for name, sheet in one.blueprint.sheets.items() if sheet.kind in ("form", "checks")]
    tables = [table.sheet for table in one.blueprint.places.tables.values()]
    there = [name for name in (*names, *tables * 3) if name in one.book.sheets]
    return chance.choice(there)


def add_rows(one: Traced, chance: Random) -> None:
    name = some_sheet(one, chance)
    at = chance.randrange(1, one.blueprint.sheets[name].last_row + 2)
    move_rows(one.book, name, inserted(at, chance.randrange(1, 4)), as_library=chance.random() < 0.3)


def lose_rows(one: Traced, chance: Random) -> None:
    name = some_sheet(one, chance)
    at = chance.randrange(1, one.blueprint.sheets[name].last_row + 2)
    move_rows(one.book, name, deleted(at, chance.randrange(1, 3)), as_library=chance.random() < 0.3)


def add_columns(one: Traced, chance: Random) -> None:
    name = some_sheet(one, chance)
    move_columns(one.book, name, inserted(chance.randrange(1, 9), 1), as_library=chance.random() < 0.3)


def lose_columns(one: Traced, chance: Random) -> None:
    name = some_sheet(one, chance)
    move_columns(one.book, name, deleted(chance.randrange(1, 9), 1), as_library=chance.random() < 0.3)


def rename(one: Traced, chance: Random) -> None:
    renamed(one.book, some_sheet(one, chance), chance.choice(("Sheet1", "新表", "一 二")))


def hide(one: Traced, chance: Random) -> None:
    one.book.sheets[some_sheet(one, chance)].state = "hidden"


def paste(one: Traced, chance: Random) -> None:
    for name in {some_sheet(one, chance) for _ in range(chance.choice((1, 3, 12)))}:
        pasted_as_values(one.book.sheets[name])


def type_over(one: Traced, chance: Random) -> None:
    typed_over(
        one.book.sheets[some_sheet(one, chance)], chance, lambda: Decimal(chance.randrange(10**6)) + 10**7
    )


def relabel(one: Traced, chance: Random) -> None:
    """Overwrite labels, but not the head's: nothing else tells its row from an entity's."""
    name = some_sheet(one, chance)
    heads = {table.cell("", 1)[1:] for table in one.blueprint.places.tables.values()}
    labels = [
        spot
        for spot, plan in one.blueprint.sheets[name].cells.items()
        if plan.locked
        and isinstance(plan.value, str)
        and spot not in heads
        and one.book.sheets[name].values.get(spot) == plan.value
    ]
    for spot in chance.sample(labels, min(2, len(labels))):
        one.book.sheets[name].values[spot] = "改过"


def lose_settings(one: Traced, chance: Random) -> None:
    one.book.sheets.pop(one.blueprint.form.sheet_of_kind("settings").name, None)


def lose_sheet(one: Traced, chance: Random) -> None:
    one.book.sheets.pop(some_sheet(one, chance))


DAMAGES: tuple[Damage, ...] = (
    add_rows, add_rows, lose_rows, lose_rows, add_columns, lose_columns, rename, hide, paste, type_over,
    relabel, lose_settings, lose_sheet,
)  # fmt: skip


def astray(one: Traced, found: Rescued) -> list[str]:
    """The values that came to a place that is not theirs."""
    wrong, partners = [], dict[tuple[str, int], int]()
    for text, (item, row) in told(found.submission):
        home = one.places.get(text)
        if home is None or home[0] != item:
            wrong.append(f"{text}: {home} -> {item}")
        elif row >= 0:
            group = (
                item[0] if isinstance(item, tuple) and item[0] in (*one.blueprint.form.lists, "note") else ""
            )
            if partners.setdefault((str(group), row), home[1]) != home[1]:
                wrong.append(f"{text}: {home} -> row {row} of {partners[str(group), row]}")
    return wrong


def lost(one: Traced, found: Rescued) -> list[str]:
    """The values that are still in the workbook, and neither came over nor are listed."""
    came = {text for text, _ in told(found.submission)}
    listed = {line.text for line in found.left}
    listed |= {shown(value) for *_, value in found.dropped}
    planned = one.blueprint.sheets
    there = {
        shown(value)
        for sheet in one.book.sheets.values()
        if sheet.name not in planned or planned[sheet.name].kind == "form"
        for spot, value in sheet.values.items()
        if spot not in sheet.formulas
    }
    form_sheets = set(found.origin.sheets.values())
    own = [sheet for name, sheet in one.book.sheets.items() if name not in form_sheets]
    beside = {shown(value) for sheet in own for value in sheet.values.values()}
    return [text for text in one.places if text in there and text not in came | listed | beside]


@pytest.mark.parametrize("seed", SEEDS)
def test_every_typed_value_comes_to_its_place_or_is_listed(seed: int) -> None:
    chance = Random(seed)
    one = traced(chance)
    done = [chance.choice(DAMAGES) for _ in range(chance.randrange(0, 4))]
    for damage in done:
        damage(one, chance)
    found = rescue(one.book)
    assert found is not None
    names = [damage.__name__ for damage in done]
    assert astray(one, found) == [], names
    assert lost(one, found) == [], names
    if not done:
        assert len(list(told(found.submission))) == len(one.places)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize(
    "damage", [add_rows, add_columns, rename, hide, lose_settings, lose_sheet], ids=lambda one: one.__name__
)
def test_what_only_moved_comes_over_whole(damage: Damage, seed: int) -> None:
    chance = Random(seed * 7 + 1)
    one = traced(chance)
    damage(one, chance)
    found = rescue(one.book)
    assert found is not None
    there = {
        shown(value)
        for sheet in one.book.sheets.values()
        for spot, value in sheet.values.items()
        if spot not in sheet.formulas
    }
    came = {text for text, _ in told(found.submission)}
    assert [text for text in one.places if text in there and text not in came] == []
