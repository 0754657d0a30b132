"""What an ``.xlsm`` has that an ``.xlsx`` has not: macros, their texts and addresses, buttons, a ribbon tab.

The macros know no form and no sentence.  A very hidden sheet says where the verdicts stand and which cell
belongs to each; a verdict that stands in no cell of the form is a formula there, printed from the same tree.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from msgspec import Struct

from selfeval_xl.blueprint.checks import AT, COLUMNS, FIRST_RULE_ROW, listed_rules
from selfeval_xl.blueprint.instances import FAILED, NOT_COMPUTABLE, active_rules
from selfeval_xl.blueprint.model import Blueprint, Instance
from selfeval_xl.blueprint.verdicts import rule_tables
from selfeval_xl.cells import Address, Area, range_ref
from selfeval_xl.findings import ERROR, INFO, WARNING
from selfeval_xl.form.model import Rule
from selfeval_xl.names import defined_name
from selfeval_xl.ooxml.macros import STAMP, digest
from selfeval_xl.rules.printing import print_formula
from selfeval_xl.rules.tree import Node
from selfeval_xl.shipped import macro_texts, macros_folder
from selfeval_xl.texts import say

TEXTS, PLACES, CHECKS, STATUS = (f"selfeval_{name}" for name in ("texts", "places", "checks", "status"))
MODULES = ("Buttons", "Walker", "Places", "Texts", "Python")
SENTENCES = (
    "title",
    "passed",
    "failing",
    "hints",
    "difference",
    "next_place",
    "started",
    "no_python",
    "fault",
)
KEY_COLUMN, TEXT_COLUMN = 1, 2
PLACE_COLUMN = 4
VERDICT_COLUMN = 11
STATUS_STYLE = "status"

_BUTTONS = (("now", "CheckNow"), ("next", "NextPlace"), ("full", "FullCheck"))
WIDTH, HEIGHT, GAP = 84, 24, 8
_BELOW = 6


class Button(Struct, frozen=True):
    """A button: the cell whose corner it stands at, how far right and below in pixels, and what it starts."""

    at: Address
    right: int
    below: int
    caption: str
    macro: str


class ButtonSheet(Struct):
    """The very hidden sheet for the macros; ``formulas`` are trees whose result is a verdict."""

    name: str
    texts: dict[tuple[int, int], str | Decimal] = {}
    formulas: dict[tuple[int, int], Node] = {}
    names: dict[str, Area] = {}

    def printed(self, spot: tuple[int, int]) -> str:
        """Return a formula as it stands in its cell."""
        return print_formula(self.formulas[spot], self.name)


def modules() -> dict[str, str]:
    """Return the macros' texts by the modules' names."""
    return macro_texts(MODULES)


def ribbon() -> str:
    """Return the ribbon tab's XML."""
    return (macros_folder() / "ribbon.xml").read_text(encoding="utf-8")


def buttons(blueprint: Blueprint) -> list[Button]:
    """Return the buttons: beside the state of the whole on the cover, and in the first line of the check sheet."""
    checks = blueprint.form.sheet_of_kind("checks").name
    cover = blueprint.sheet(blueprint.form.roles.status)
    status = next(spot for spot, cell in cover.cells.items() if cell.style == STATUS_STYLE)
    corners = (Address(cover.name, status[0] + 1, status[1]), _BELOW), (Address(checks, 1, AT["text"]), 0)
    return [
        Button(corner, number * (WIDTH + GAP), below, say(f"button.{key}"), macro)
        for corner, below in corners
        for number, (key, macro) in enumerate(_BUTTONS)
    ]


@lru_cache(maxsize=16)
def button_sheet(blueprint: Blueprint) -> ButtonSheet:
    """Return the hidden sheet of a workbook; callers must not change it."""
    sheet = ButtonSheet(say("button.sheet"))
    rules = listed_rules(blueprint)
    checks = blueprint.form.sheet_of_kind("checks").name
    _texts(sheet, checks)
    top, last = FIRST_RULE_ROW, FIRST_RULE_ROW + len(rules) - 1
    sheet.names[CHECKS] = Area(checks, top, 1, last, len(COLUMNS))
    sheet.names[STATUS] = Area(checks, 2, 1, 2, 1)
    _Places(blueprint, sheet).write(rules)
    return sheet


def _texts(sheet: ButtonSheet, checks: str) -> None:
    # The other gaps are filled by the macros.
    lines = {key: say(f"button.{key}").replace("{checks}", checks) for key in SENTENCES}
    lines |= {
        f"severity_{rank}": say(f"severity.{word}") for rank, word in enumerate((ERROR, WARNING, INFO), 1)
    }
    lines |= {"failed": FAILED, "not_computable": NOT_COMPUTABLE, STAMP: digest(modules())}
    for row, (key, text) in enumerate(lines.items(), start=1):
        sheet.texts[(row, KEY_COLUMN)], sheet.texts[(row, TEXT_COLUMN)] = key, text
    sheet.names[TEXTS] = Area(sheet.name, 1, KEY_COLUMN, len(lines), TEXT_COLUMN)


class _Places(Struct):
    """The list of where verdicts stand: line, sheet and area of the verdicts, the cell that the first belongs to."""

    blueprint: Blueprint
    sheet: ButtonSheet
    row: int = 1
    verdict_row: int = 1

    def write(self, rules: list[Rule]) -> None:
        active = {rule.id for rule in active_rules(self.blueprint)}
        instances: dict[str, list[Instance]] = {}
        for one in self.blueprint.instances:
            instances.setdefault(one.rule.id, []).append(one)
        for line, rule in enumerate(rules, start=1):
            if rule.id in active and not rule.bureau and rule.id in instances:
                for verdicts, target in self._of_rule(rule, line, instances[rule.id]):
                    self._put(line, verdicts, target)
        area = Area(self.sheet.name, 1, PLACE_COLUMN, self.row - 1, PLACE_COLUMN + 5)
        self.sheet.names[PLACES] = area

    def _put(self, line: int, verdicts: Area, target: Address) -> None:
        values: tuple[str | Decimal, ...] = (
            Decimal(line), verdicts.sheet, range_ref(verdicts),
            target.sheet, Decimal(target.row), Decimal(target.column),
        )  # fmt: skip
        for column, value in enumerate(values, start=PLACE_COLUMN):
            self.sheet.texts[(self.row, column)] = value
        self.row += 1

    def _of_rule(self, rule: Rule, line: int, found: list[Instance]) -> Iterator[tuple[Area, Address]]:
        """Yield the areas of a rule's verdicts with the cell that the first of each belongs to."""
        tables = rule_tables(self.blueprint, rule)
        if rule.scope in ("rows", "entities", "column"):
            yield from _entities_first(rule, self._beside(rule, tables[0]), _first_target(rule, found))
            return
        for table in tables:
            place = self.blueprint.places.tables[table]
            if rule.scope in ("number", "cell"):
                yield from self._grid(table, found)
            else:
                yield self._beside(rule, table), Address(place.sheet, place.total_row, place.name_column)
        single = [one for one in found if not tables or one.index is None]
        if len(found) == 1:
            checks = self.blueprint.form.sheet_of_kind("checks").name
            spot = (FIRST_RULE_ROW + line - 1, AT["verdict"])
            yield Area(checks, *spot, *spot), found[0].look
            return
        for one in single:
            yield self._formula(one, self._room(1), VERDICT_COLUMN), one.look

    def _beside(self, rule: Rule, table: str) -> Area:
        name = defined_name(table, self.blueprint.form.keys.check, rule.id.replace("-", ""))
        return self.blueprint.names[name]

    def _grid(self, table: str, found: list[Instance]) -> Iterator[tuple[Area, Address]]:
        """Lay out the verdicts on the single cells of a table in the shape of the table."""
        cells = [one for one in found if one.item is not None and one.item[0] == table and one.index]
        if not cells:
            return
        places = [one.look for one in cells]
        corner = Address(places[0].sheet, min(p.row for p in places), min(p.column for p in places))
        bottom, right = max(p.row for p in places), max(p.column for p in places)
        top = self._room(bottom - corner.row + 1)
        for one in cells:
            self._formula(
                one, top + one.look.row - corner.row, VERDICT_COLUMN + one.look.column - corner.column
            )
        last = VERDICT_COLUMN + right - corner.column
        yield Area(self.sheet.name, top, VERDICT_COLUMN, top + bottom - corner.row, last), corner

    def _formula(self, instance: Instance, row: int, column: int) -> Area:
        self.sheet.formulas[(row, column)] = instance.verdict
        return Area(self.sheet.name, row, column, row, column)

    def _room(self, rows: int) -> int:
        top, self.verdict_row = self.verdict_row, self.verdict_row + rows
        return top


def _entities_first(rule: Rule, verdicts: Area, target: Address) -> Iterator[tuple[Area, Address]]:
    """Yield the entities' rows before the total row: what is wrong there is mostly an entity's doing."""
    if rule.scope == "column":
        yield verdicts, target
        return
    yield verdicts._replace(top=verdicts.top + 1), target._replace(row=target.row + 1)
    if rule.scope == "rows":
        yield verdicts._replace(bottom=verdicts.top), target


def _first_target(rule: Rule, found: list[Instance]) -> Address:
    """Return the cell that belongs to the first verdict beside a table: in the total row, above the first entity's."""
    last = found[-1]
    if rule.scope == "column":
        return min((one.look for one in found), key=lambda look: look.column)
    return last.look._replace(row=last.look.row - (last.index or 0))
