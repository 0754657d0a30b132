"""Amounts typed in as calculations from 元, as the help sheet and the cells' prompts tell clerks to."""

from pathlib import Path
from random import Random

from lxml import etree

from tests.support.dialect_parts import Package, rewritten
from tests.support.package_parts import MAIN

TABLES = ("收入", "支出", "三公经费", "固定资产")
FIRST_ROW = 6


def with_calculations(path: Path, chance: Random, odds: float) -> Path:
    """Put calculations into some of a workbook's typed amounts; the amounts stay what they were."""
    if odds:
        again = path.with_name(f"{path.stem}-calculated.xlsx")
        rewritten(path, again, lambda package: _calculate(package, chance, odds))
        again.replace(path)
    return path


def _calculate(package: Package, chance: Random, odds: float) -> None:
    names = [sheet.get("name") for sheet in package.book.iter(f"{MAIN}sheet")]
    for name, sheet in zip(names, package.sheets, strict=True):
        if name in TABLES:
            for cell in sheet.iter(f"{MAIN}c"):
                value = cell.find(f"{MAIN}v")
                if (
                    _is_typed(cell)
                    and value is not None
                    and float(value.text or 0)
                    and chance.random() < odds
                ):
                    _put(cell, value, chance)


def _is_typed(cell: etree._Element) -> bool:
    row = int("".join(filter(str.isdigit, cell.get("r", ""))))
    return row >= FIRST_ROW and cell.get("t") in (None, "n") and cell.find(f"{MAIN}f") is None


def _put(cell: etree._Element, value: etree._Element, chance: Random) -> None:
    cents = round(float(value.text or 0) * 100)
    yuan = cents * 100 + chance.randrange(-49, 50) + chance.randrange(100) / 100
    formula = etree.Element(f"{MAIN}f")
    formula.text = f"ROUND({yuan:.2f}/10000,2)"
    value.addprevious(formula)
