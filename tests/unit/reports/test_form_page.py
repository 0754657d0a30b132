"""The page about a form: all it declares is there, and nothing comes from elsewhere."""

from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from selfeval_xl.blueprint.build import build
from selfeval_xl.blueprint.model import Shape
from selfeval_xl.form.library import find_form, settings_for
from selfeval_xl.form.model import Form, Grade, Settings
from selfeval_xl.reports.form_page import form_page
from tests.support.declarations import changed


@pytest.fixture(scope="module")
def form() -> Form:
    return find_form("linxiang-zhengti", 2022)


@pytest.fixture(scope="module")
def settings(form: Form) -> Settings:
    return settings_for(form)


@pytest.fixture(scope="module")
def page(form: Form, settings: Settings) -> str:
    return form_page(form, settings)


def test_the_same_form_gives_the_same_page(form: Form, settings: Settings, page: str) -> None:
    assert form_page(form, settings) == page


def test_every_label_of_an_item_is_on_the_page(form: Form, page: str) -> None:
    labels = [column.label for column in form.columns.values()]
    labels += [item.label for table in form.tables.values() for item in table.attributes]
    labels += [label for _, label in (*form.fields, *form.texts)]
    labels += [label for goals in form.goals.values() for pair in goals.classes for label in pair]
    labels += [label for block in form.lists.values() for label in block.columns]
    labels += [one.title for block in form.headings.values() for one in block.headings]
    assert [label for label in labels if f"| {label} " not in page] == []


def test_every_defined_name_of_the_workbook_is_on_the_page(form: Form, settings: Settings, page: str) -> None:
    names = build(form, settings, Shape(rows=3), 2022).names
    verdicts = {name for name in names if f"_{form.keys.check}_" in name}
    assert [name for name in names if name not in verdicts and f"`{name}`" not in page] == []


def test_a_computed_item_shows_its_expression_and_an_input_does_not(page: str) -> None:
    rows = {line.split(" | ")[0]: line for line in page.splitlines() if line.startswith("| ")}
    assert "公式：`基本支出 + 项目支出`" in rows["| 支出合计"]
    assert "公式" not in rows["| 人员支出"]
    assert "可以为负" in rows["| 累计结余"]


def test_a_changed_label_is_on_the_page(form: Form, settings: Settings, page: str, tmp_path: Path) -> None:
    other = form_page(changed(form, tmp_path, "出租固定资产", "出借固定资产"), settings)
    assert "`固定资产_出借固定资产`" in other
    assert "出租固定资产" not in other
    assert other == page.replace("出租固定资产", "出借固定资产")


def test_the_bands_are_those_of_the_settings(form: Form, settings: Settings) -> None:
    bands = (Grade("合格", Decimal(70)), Grade("不合格", Decimal(0)))
    page = form_page(form, replace(settings, grades=bands, grade_source="formula"))
    assert "| 合格 | 70 |\n| 不合格 | 0 |" in page
    assert "等次：合格、不合格" in page


def test_a_bar_or_a_line_break_in_a_label_does_not_break_its_table(
    form: Form, settings: Settings, tmp_path: Path
) -> None:
    other = changed(form, tmp_path, 'prompt = "固定电话请带区号。"', 'prompt = "固定电话|请带\\n区号。"')
    assert "固定电话\\|请带<br>区号。" in form_page(other, settings)


def test_every_table_has_as_many_cells_in_each_row(page: str) -> None:
    width = 0
    for line in page.splitlines():
        cells = line.replace("\\|", "").count("|") if line.startswith("|") else 0
        assert not width or not cells or cells == width
        width = cells
