"""Random sound reports of the main form with one slip in them, and the cause that should be named. Seeded."""

from collections.abc import Callable
from decimal import Decimal as D
from random import Random
from typing import Any

from msgspec import Struct

from selfeval_xl.cells import Address
from tests.support import small_report as small

Report = dict[str, Any]
INCOME = ("上年结转", "公共财政拨款", "政府基金拨款", "纳入专户管理的非税收入拨款", "其他收入")
SPENDING = ("人员支出", "公用支出", "项目支出")
CENT = D("0.01")


class Case(Struct):
    """A report with a slip: the code of its cause, and the cell where it was made, as (table, row, item)."""

    data: Report
    code: str
    cell: tuple[str, int, str]


def amount(chance: Random, most: float = 900) -> D:
    """Return an amount as budgets have them: many small ones, a few large, some round."""
    size = chance.choice((5, 40, 200, most))
    value = D(str(round(chance.uniform(0.2, size), 2)))
    return value.quantize(D(1)) if chance.random() < 0.15 else value


def sound(chance: Random) -> Report:
    """Return a balanced report of two to seven entities; what an entity does not have is 0 or blank."""
    rows: dict[str, list[dict[str, Any]]] = {table: [] for table in ("收入", "支出", "三公经费", "固定资产")}
    for number in range(chance.randint(2, 7)):
        name = {"机构名称": "局机关" if number == 0 else f"第{number}管理站"}
        income = {"公共财政拨款": amount(chance, 4000) + 20}
        for item, often in zip((INCOME[0], *INCOME[2:]), (0.7, 0.2, 0.3, 0.5), strict=True):
            income[item] = amount(chance) if chance.random() < often else chance.choice((D(0), None))
        total = sum((value or D(0) for value in income.values()), D(0))
        left = (total * D(str(chance.choice((0, 0, 0.02, 0.1))))).quantize(CENT)
        spent = total - left
        staff = (spent * D(str(round(chance.uniform(0.3, 0.7), 4)))).quantize(CENT)
        running = ((spent - staff) * D(str(round(chance.uniform(0.2, 0.9), 4)))).quantize(CENT)
        spending = dict(zip(SPENDING, (staff, running, spent - staff - running), strict=True))
        spending |= {"当年结余": left - (income[INCOME[0]] or 0), "累计结余": left}
        cars = {"公务接待费": (running / 10).quantize(CENT), "公务用车运维费": D(0)}
        rows["收入"].append(name | {item: income[item] for item in INCOME})
        rows["支出"].append(name | spending)
        rows["三公经费"].append(name | cars | {"公务用车购置费": D(0), "因公出国费": D(0)})
        rows["固定资产"].append(name | {"在用固定资产": amount(chance), "出租固定资产": D(0), "其他": D(0)})
    # What people cost stays far from where a rule takes it for another unit.
    fields = small.copy.deepcopy(small.FIELDS)
    fields["基本概况"] |= {"人员编制": 400, "实有人数": 380}
    return {"表单": small.form().id, "版次": small.form().edition, **fields, **rows}


def _typed(
    data: Report, chance: Random, least: D = D(1), *, signed: bool = False
) -> tuple[str, int, str] | None:
    """Return a cell with an amount that a slip can be made in."""
    cells = [
        (table, row, item)
        for table, items in (("收入", INCOME), ("支出", (*SPENDING, "当年结余", "累计结余")))
        for row, values in enumerate(data[table])
        for item in items
        if (values[item] or 0) >= least or (signed and (values[item] or 0) <= -least)
    ]
    return chance.choice(cells) if cells else None


def _changed(
    code: str, change: Callable[[D, Random], D | None], least: str = "1"
) -> Callable[..., Case | None]:
    """Return what makes the slip in any typed cell of the balance."""

    def make(data: Report, chance: Random) -> Case | None:
        cell = _typed(data, chance, D(least), signed=code == "sign")
        if cell is None:
            return None
        table, row, item = cell
        new = change(data[table][row][item], chance)
        if new is None or new == data[table][row][item]:
            return None
        data[table][row][item] = new
        return Case(data, code, cell)

    return make


def _transposed(value: D, chance: Random) -> D | None:
    digits = format(value, ".2f").replace(".", "")
    places = [
        at for at in range(len(digits) - 1) if digits[at] != digits[at + 1] and (at or digits[1] != "0")
    ]
    if not places or value < 10:
        return None
    at = chance.choice(places)
    return D(digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :]).scaleb(-2)


def _missing(value: D, chance: Random) -> D | None:
    whole, _, fraction = format(value, ".2f").partition(".")
    if len(whole) == 1:
        return None
    at = chance.randrange(1, len(whole))
    return D(f"{whole[:at]}{whole[at + 1 :]}.{fraction}")


def _extra(value: D, chance: Random) -> D:
    whole, _, fraction = format(value, ".2f").partition(".")
    at = chance.randint(1, len(whole))
    return D(f"{whole[:at]}{chance.randint(0, 9)}{whole[at:]}.{fraction}")


def _copied_balance(data: Report, chance: Random) -> Case | None:
    """Mistake 27: the year's balance copied as the accumulated one though something was carried in."""
    row = chance.randrange(len(data["支出"]))
    if not data["收入"][row]["上年结转"]:
        return None
    data["支出"][row]["累计结余"] = data["支出"][row]["当年结余"]
    return Case(data, "left_out", ("支出", row, "累计结余"))


def _other_reading(data: Report, chance: Random) -> Case | None:
    """The other reading of the year's balance: income less spending, the carry-in not taken away."""
    row = chance.randrange(len(data["支出"]))
    if not data["收入"][row]["上年结转"]:
        return None
    data["支出"][row]["当年结余"] = data["支出"][row]["累计结余"]
    return Case(data, "left_out", ("支出", row, "当年结余"))


def _no_carry_in(data: Report, chance: Random) -> Case | None:
    """Mistake 26: the carry-in left out, so that more is spent than came in."""
    row = chance.randrange(len(data["支出"]))
    carried, left = data["收入"][row]["上年结转"], data["支出"][row]["累计结余"]
    if not carried or carried <= left:
        return None
    data["收入"][row]["上年结转"] = None
    return Case(data, "omitted", ("收入", row, "上年结转"))


def _no_carry_in_anywhere(data: Report, chance: Random) -> Case | None:
    """The same, both balances worked out without it."""
    made = _no_carry_in(data, chance)
    if made is not None:
        row = data["支出"][made.cell[1]]
        row["累计结余"] = row["当年结余"]
        made.cell = ("支出", made.cell[1], "支出合计")
    return made


def _swapped_balances(data: Report, chance: Random) -> Case | None:
    row = chance.randrange(len(data["支出"]))
    values = data["支出"][row]
    if not data["收入"][row]["上年结转"] or not values["当年结余"] or not values["累计结余"]:
        return None
    values["当年结余"], values["累计结余"] = values["累计结余"], values["当年结余"]
    return Case(data, "swapped", ("支出", row, "累计结余"))


def _swapped_income(data: Report, chance: Random) -> Case | None:
    row = chance.randrange(len(data["收入"]))
    values = data["收入"][row]
    if not values["上年结转"] or values["上年结转"] == values["公共财政拨款"]:
        return None
    values["上年结转"], values["公共财政拨款"] = values["公共财政拨款"], values["上年结转"]
    return Case(data, "swapped", ("收入", row, "上年结转"))


def _scope(data: Report, chance: Random) -> Case | None:
    """Mistakes 30 and 31: what is no grant is in the income and neither spent nor left over."""
    row = chance.randrange(len(data["收入"]))
    item = chance.choice(("其他收入", "纳入专户管理的非税收入拨款"))
    value = data["收入"][row][item]
    if not value or value >= data["支出"][row]["人员支出"]:
        return None
    data["支出"][row]["人员支出"] -= value
    return Case(data, "scope", ("支出", row, "支出合计"))


def _shifted(data: Report, chance: Random) -> Case | None:
    """The spending of all entities from one on stands a row lower."""
    rows = data["支出"]
    start = chance.randrange(len(rows))
    empty = {item: None for item in rows[0] if item != "机构名称"}
    values = [{item: row[item] for item in empty} for row in rows[start:]]
    names = [row["机构名称"] for row in rows]
    if len({tuple(one.values()) for one in values}) < len(values):
        return None
    for table in ("收入", "支出", "三公经费", "固定资产"):
        data[table].append(dict.fromkeys(data[table][0]))
    for at, one in enumerate([empty, *values], start=start):
        rows[at] = {"机构名称": [*names, None][at], **one}
    return Case(data, "shifted", ("支出", start, "累计结余"))


def _printed(code: str, change: Callable[[D, D], D]) -> Callable[..., Case | None]:
    """Return what prints a total that has its first or another addend wrong."""

    def make(data: Report, chance: Random) -> Case | None:
        row = chance.randrange(len(data["收入"]))
        values = data["收入"][row]
        there = [values[item] for item in INCOME if values[item]]
        if len(there) < 3:
            return None
        total = sum(there, D(0))
        values["收入合计"] = change(total, chance.choice(there))
        return Case(data, code, ("收入", row, "收入合计"))

    return make


KINDS: dict[str, Callable[[Report, Random], Case | None]] = {
    "unit": _changed("unit", lambda value, _: value * 10_000),
    "wrong point": _changed("point", lambda value, chance: value * chance.choice((10, 100))),
    "wrong point, smaller": _changed("point", lambda value, chance: value / chance.choice((10, 100))),
    "transposed": _changed("transposed", _transposed, "10"),
    "sign": _changed("sign", lambda value, _: -value),
    "missing digit": _changed("missing_digit", _missing, "100"),
    "extra digit": _changed("extra_digit", _extra, "10"),
    "copied balance": _copied_balance,
    "other reading": _other_reading,
    "no carry-in": _no_carry_in,
    "no carry-in anywhere": _no_carry_in_anywhere,
    "swapped balances": _swapped_balances,
    "swapped income": _swapped_income,
    "scope": _scope,
    "shifted rows": _shifted,
    "left out of a total": _printed("left_out", lambda total, one: total - one),
    "twice in a total": _printed("twice", lambda total, one: total + one),
    "total in another unit": _printed("unit", lambda total, _: total * 10_000),
}


def case(kind: str, chance: Random) -> Case:
    """Return a sound report with one slip of a kind."""
    while True:
        made = KINDS[kind](sound(chance), chance)
        if made is not None:
            return made


def unrelated(chance: Random) -> Report:
    """Return a report in which one amount is simply another one."""
    data = sound(chance)
    table, row, item = _typed(data, chance) or ("收入", 0, "公共财政拨款")
    old = data[table][row][item]
    new = (
        amount(chance, 4000)
        if chance.random() < 0.5
        else max(CENT, old + amount(chance) * chance.choice((1, -1)))
    )
    data[table][row][item] = new if new != old else old + D("1.37")
    return data


def wire(data: Report) -> Report:
    """Return the report as it stands in a data file."""
    return {
        key: [
            {label: float(one) if isinstance(one, D) else one for label, one in row.items()} for row in value
        ]
        if isinstance(value, list)
        else value
        for key, value in data.items()
    }


def place(case: Case) -> Address:
    """Return the cell of a case in the report's workbook."""
    table, row, item = case.cell
    blueprint = small.inspected(wire(case.data)).blueprint
    assert blueprint is not None
    return blueprint.places.tables[table].cell(item, row + 1)
