"""Random fillings of a workbook's input cells, for what clerks type and what nobody expects. Seeded: no surprises."""

import random
from decimal import Decimal
from random import Random

from msgspec.structs import replace

from selfeval_xl.blueprint.model import Blueprint, CellPlan, Shape, SheetPlan
from selfeval_xl.cells import Address, Value
from selfeval_xl.form.model import Form, Settings
from tests.support import reports

# Halves that a binary fraction cannot hold, sums that only decimals get right, and both ends of what a cell takes.
EDGES = (
    *(
        "0.005",
        "0.015",
        "0.145",
        "1.005",
        "1.115",
        "2.675",
        "8.325",
        "1.0049",
        "1.0051",
        "4.35",
        "0.1",
        "0.2",
    ),
    *("0.5", "1.5", "2.5", "0.3", "0.0001", "0.00001", "-0.005", "-1.115", "-2.5", "0.995", "99.995", "1e-9"),
    *("999999999.99", "123456789012.34", "9999999999.995", "1000000000000.5", "-9999999.99", "0", "-0.004"),
)
TEXTS = (
    *(
        "无",
        "3.7",
        "3.7万元",
        "1,234",
        " ",
        "\u3000",
        "TRUE",
        "1e3",
        "=1+1",
        "'5",
        "#N/A",
        "不适用",
        "12%",
        "😀",
    ),
    *("二〇二二", "通过", "不符", "无法计算", "2022-01-01"),
)
NAMES = (
    *(
        "东湾管理站",
        "Alpha中心",
        "ALPHA中心",
        "alpha中心",
        "二级机构1",
        "二级机构2",
        " 二级机构3",
        "二级机构12345",
    ),
    *(
        "作业点2",
        "作业点 2",
        "  档案馆  ",
        "档案  馆",
        "\u3000保障中心",
        "站😀",
        "A*",
        "?",
        "~",
        "作业点",
        "局机关",
        "0",
    ),
    *("#N/A", "TRUE", "1e5", "_x0041_", "<r>x</r>"),
)
LINES = ("", "一段文字", "续", "=A1", "'单引号", '他说"好"', "😀😀", "a\nb", "_x0041_", "<&>", "  前后  ")
SCORES = (
    "0",
    "59.99",
    "60",
    "75",
    "79.995",
    "80",
    "89.999",
    "90",
    "97.5",
    "100",
    "100.01",
    "101",
    "-1",
    "1e6",
)


def random_filling(seed: int) -> reports.Filled:
    """Return a workbook of one of the forms with a shape and inputs of its own."""
    chance = random.Random(seed)
    form = reports.second_form() if chance.random() < 0.35 else reports.main_form()
    entity = chance.random() < 0.15
    shape = Shape(1 if entity else chance.choice((3, 3, 4, 5, 7, 12)), entity=entity)
    blueprint = reports.build_for(form, shape, _settings(form, chance))
    filled = reports.typed_in(blueprint, random_inputs(blueprint, chance))
    return typed_over(filled, chance) if chance.random() < 0.4 else filled


def _settings(form: Form, chance: Random) -> Settings:
    settings = reports.settings_at(form.path)
    return reports.changed(settings, grade_source=chance.choice(("offered", "offered", "formula")))


def random_inputs(blueprint: Blueprint, chance: Random) -> dict[Address, Value]:
    """Return values for the input cells: most books sound in most places, some odd everywhere."""
    oddity = chance.choice((0.0, 0.03, 0.15, 0.5))
    blanks = chance.choice((0.05, 0.4, 0.9))
    decimals = chance.choice((0, 1, 2, 2, 2, 3, 4))
    spare = {row for row in range(1, blueprint.shape.rows + 1) if row > 2 and chance.random() < 0.3}
    unused = {place.cell("", row)[:2] for place in blueprint.places.tables.values() for row in spare}
    found: dict[Address, Value] = {}
    for sheet in blueprint.sheets.values():
        for (row, column), plan in sorted(sheet.cells.items()):
            is_input = (row, column) in blueprint.inputs[sheet.name]
            if not is_input or (sheet.name, row) in unused or chance.random() < blanks * _blankness(plan):
                continue
            value = _value(plan, chance, oddity, decimals)
            if value not in (None, ""):
                found[Address(sheet.name, row, column)] = value
    return found


def typed_over(filled: reports.Filled, chance: Random) -> reports.Filled:
    """Return a workbook in which somebody unlocked the tables and typed over some of their formulas."""
    blueprint = filled.blueprint
    sheets = {
        name: replace(sheet, cells={**sheet.cells, **_typed_over(filled, sheet, chance)})
        for name, sheet in blueprint.sheets.items()
    }
    return reports.typed_in(replace(blueprint, sheets=sheets), filled.values.typed)


def _typed_over(filled: reports.Filled, sheet: SheetPlan, chance: Random) -> dict[tuple[int, int], CellPlan]:
    """Return constants for some formulas of a table: mostly figures a little beside what was computed."""
    found, decimals = {}, filled.blueprint.form.decimals
    for place in filled.blueprint.places.tables.values():
        for label in (*place.columns, "") if place.sheet == sheet.name else ():
            for cell in (place.cell(label, row) for row in range(place.rows + 1)):
                plan = sheet.cells[cell.row, cell.column]
                if plan.formula is not None and chance.random() < 0.15:
                    value = _beside(filled.values(cell), decimals, chance) if label else chance.choice(NAMES)
                    found[cell.row, cell.column] = replace(plan, formula=None, value=value)
    return found


def _beside(value: Value, decimals: int, chance: Random) -> Value:
    """Return what somebody types over a figure: a text, or an amount with the form's decimals or finer."""
    if chance.random() < 0.1:
        return chance.choice(TEXTS)
    if not isinstance(value, Decimal):
        return Decimal(chance.randrange(10**6)).scaleb(-decimals)
    off = Decimal(
        chance.choice(("0", "1", "-1", "1", "-1", "40", "-300", "10000", "0.4", "-0.5", "0.5", "1.49"))
    )
    # What a file holds of it.
    return Decimal(format(float(value + off.scaleb(-decimals)), ".15g"))


def _blankness(plan: CellPlan) -> float:
    return 0.4 if plan.style in ("name.input", "field.input", "number.input") else 1


def _value(plan: CellPlan, chance: Random, oddity: float, decimals: int) -> Value:
    if plan.style == "name.input":
        return chance.choice(NAMES)
    if plan.style == "amount.input":
        return chance.choice(TEXTS) if chance.random() < oddity else _amount(chance, oddity, decimals)
    if plan.style == "number.input" or _takes_a_date(plan):
        return chance.choice(TEXTS) if chance.random() < oddity else _number(plan, chance)
    return chance.choice((*LINES, "优", "良", " 优 ", "差", "合格", "不合格"))


def _amount(chance: Random, oddity: float, decimals: int) -> Decimal:
    kind = chance.random()
    if kind < 0.15 + oddity:
        return Decimal(chance.choice(EDGES))
    if kind < 0.35:
        return Decimal(0)
    sign = -1 if chance.random() < 0.1 else 1
    digits = chance.choice((1, 2, 4, 7))
    return Decimal(sign * chance.randrange(10 ** (digits + decimals))).scaleb(-decimals)


def _takes_a_date(plan: CellPlan) -> bool:
    return "yyyy" in plan.format


def _number(plan: CellPlan, chance: Random) -> Decimal:
    if _takes_a_date(plan):
        return Decimal(chance.choice(("44800", "44926", "44927", "45178", "20230909", "36525", "2023.9")))
    if plan.format == "General":
        return Decimal(chance.choice(SCORES))
    return Decimal(
        chance.choice(("0", "1", "9", "13", "312", "501", "2022", "2023", "2024", "45000", "3.5", "-2"))
    )
