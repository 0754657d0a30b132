"""Counties of many departments with random amounts, summed up twice over: every total is right to the cent."""

import random
from decimal import Decimal as D
from pathlib import Path

import pytest

from selfeval_xl.blueprint.values import Values
from selfeval_xl.consolidation.adjustments import Adjustment
from selfeval_xl.consolidation.packed import Packed
from selfeval_xl.consolidation.reduce import Line, Reduced
from selfeval_xl.consolidation.region import read_summary
from selfeval_xl.consolidation.select import Selection
from selfeval_xl.consolidation.summary import Summary, summarised
from selfeval_xl.consolidation.tables import table_totals
from selfeval_xl.form.model import Key
from selfeval_xl.template.write import write_workbook
from tests.support import reports
from tests.support import small_report as small

FORM = small.form()
KEYS = tuple(FORM.columns)
INPUTS = [key for key, column in FORM.columns.items() if column.computed is None]
PARTS = {
    ("收入", "收入合计"): [key for key in INPUTS if key[0] == "收入"],
    ("支出", "基本支出"): [("支出", "人员支出"), ("支出", "公用支出")],
    ("支出", "支出合计"): [("支出", "人员支出"), ("支出", "公用支出"), ("支出", "项目支出")],
    ("三公经费", "三公经费合计"): [key for key in INPUTS if key[0] == "三公经费"],
    ("固定资产", "固定资产合计"): [key for key in INPUTS if key[0] == "固定资产"],
}
Amounts = dict[Key, D]


def with_totals(inputs: Amounts) -> Amounts:
    return inputs | {key: sum((inputs[part] for part in parts), D(0)) for key, parts in PARTS.items()}


def added(rows: list[Amounts]) -> Amounts:
    return {key: sum((row[key] for row in rows), D(0)) for key in KEYS}


def cents(chance: random.Random) -> D:
    return D(chance.choice([0, 1, 5, 99, chance.randrange(10**9)])) / 100 * chance.choice([1, 1, -1])


def department(chance: random.Random, number: int) -> tuple[Reduced, Amounts]:
    """A department of one to four entities, and what its total row holds."""
    entities = [with_totals({key: cents(chance) for key in INPUTS}) for _ in range(chance.randint(1, 4))]
    total = added(entities)
    lines = [Line("合计", Packed(KEYS, total, 2)), *(Line("机构", Packed(KEYS, row, 2)) for row in entities)]
    one = Reduced(
        Path(f"{number}.json"), "clean", department=f"第{number}局", code=f"{number:03}", kind="filling"
    )
    one.lines, one.sha256 = lines, f"{chance.random()}"
    one.first_cells = {table: small.at(f"{table}!A6") for table in FORM.tables}
    return one, total


def summary(chance: random.Random, name: str, files: list[Reduced], changed: Key) -> tuple[Summary, Amounts]:
    """A summary with two adjustments, and what they do."""
    amounts = [abs(cents(chance)), abs(cents(chance))]
    item = ".".join(changed)
    lines = [
        Adjustment(1, files[0].department, None, item, amounts[0], "重复"),
        Adjustment(2, None, files[-1].department, item, amounts[1], "补记"),
    ]
    settings = reports.changed(small.settings(), region=name)
    made = summarised(
        FORM, settings, Selection(accepted=files, year=2022, form_path=FORM.path), adjustments=lines
    )
    return made, with_totals({**dict.fromkeys(INPUTS, D(0)), changed: amounts[1] - amounts[0]})


def official(one: Summary) -> Amounts:
    values = Values(one.blueprint, one.typed, one.shown)
    found = {key: values(cell) for key, cell in table_totals(FORM).items()}
    return {key: value for key, value in found.items() if isinstance(value, D)}


def written(one: Summary, path: Path) -> Path:
    write_workbook(one.blueprint, Values(one.blueprint, one.typed, one.shown), path)
    return path


@pytest.mark.parametrize("seed", range(3))
def test_totals_of_a_city_are_those_of_its_counties_departments_and_all_adjustments(
    seed: int, tmp_path: Path
) -> None:
    chance = random.Random(seed)
    counties, wanted = [], []
    for number in range(3):
        pairs = [department(chance, 100 * number + index) for index in range(chance.randint(1, 12))]
        files = [one for one, _ in pairs]
        made, change = summary(chance, f"第{number}县", files, chance.choice(INPUTS))
        total = added([*(row for _, row in pairs), change])
        assert official(made) == total
        wanted.append(total)
        counties.append(read_summary(written(made, tmp_path / f"{number}.xlsx")))
    assert [one.status for one in counties] == ["clean"] * 3
    assert [dict(one.lines[0].amounts) for one in counties] == wanted
    city, change = summary(chance, "某市", counties, chance.choice(INPUTS))
    total = added([*wanted, change])
    assert official(city) == total
    again = read_summary(written(city, tmp_path / "city.xlsx"))
    assert (again.level, again.status, dict(again.lines[0].amounts)) == (2, "clean", total)
