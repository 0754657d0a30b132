"""The page about a form: all it declares is there, and nothing comes from elsewhere."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from selfeval_xl.blueprint.build import build
from selfeval_xl.blueprint.model import Shape
from selfeval_xl.form.library import find_form, settings_for
from selfeval_xl.form.load import load_form
from selfeval_xl.form.model import Form, Grade, Settings, Silenced
from selfeval_xl.reports.form_page import form_page


@pytest.fixture(scope="module")
def form() -> Form:
    return find_form("linxiang-zhengti", 2022)


@pytest.fixture(scope="module")
def settings(form: Form) -> Settings:
    return settings_for(form)


@pytest.fixture(scope="module")
def page(form: Form, settings: Settings) -> str:
    return form_page(form, settings)


def changed(form: Form, folder: Path, old: str, new: str) -> Form:
    """Return the form of a copied declaration in which a text is another."""
    text = form.path.read_text(encoding="utf-8")
    assert old in text
    copy = folder / "form.toml"
    copy.write_text(text.replace(old, new), encoding="utf-8")
    return load_form(copy)


def lines_of(page: str, rule_id: str) -> list[str]:
    _, _, rest = page.partition(f"### {rule_id}\n")
    return rest.partition("\n### ")[0].splitlines()


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


def test_every_rule_is_on_the_page_with_its_text_and_basis(form: Form, page: str) -> None:
    for rule in form.rules:
        lines = lines_of(page, rule.id)
        assert rule.text in lines
        assert any(line.endswith(rule.basis) for line in lines)


def test_a_rule_shows_severity_place_expression_and_condition(page: str) -> None:
    assert lines_of(page, "X-11")[1:] == [
        "仍叫“二级机构1”等占位名称的行不应有金额",
        "",
        "- 级别：错误",
        "- 范围：各机构行：收入",
        "- 算式：`COUNT(收入) + COUNT(支出) + COUNT(三公经费) + COUNT(固定资产) = 0`",
        '- 条件：`AND(LEFT(机构名称, 4) = "二级机构", LEN(机构名称) <= 6)`',
        "- 先看：`收入.机构名称`",
        "- 依据：表样机构栏",
    ]


def test_a_rule_over_cells_names_what_it_leaves_out(page: str) -> None:
    assert "- 不含：`支出.当年结余`、`支出.累计结余`" in lines_of(page, "N-01")


@pytest.mark.parametrize(
    ("rule_id", "noted"), [("I-01", True), ("I-02", True), ("X-03", False), ("G-01", False)]
)
def test_the_tail_is_noted_where_a_printed_total_is_compared(page: str, rule_id: str, noted: bool) -> None:
    assert any(line.startswith("- 尾差") for line in lines_of(page, rule_id)) == noted


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


def test_the_years_of_a_rule_are_shown(form: Form, settings: Settings, tmp_path: Path) -> None:
    limited = changed(form, tmp_path, 'id = "X-06"\n', 'id = "X-06"\nsince = 2023\nuntil = 2024\n')
    assert "- 年度：2023 年起、到 2024 年为止" in lines_of(form_page(limited, settings), "X-06")


def test_a_silenced_rule_shows_the_reason(form: Form, settings: Settings) -> None:
    silenced = replace(settings, silenced=(Silenced("X-03", "本年有上年借款"),))
    assert "- 停用：本年有上年借款" in lines_of(form_page(form, silenced), "X-03")


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
