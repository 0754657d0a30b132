"""The page about a form's rules: all that a rule says is there."""

from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from selfeval_xl.blueprint.limits import rules_of
from selfeval_xl.form.library import find_form, settings_for
from selfeval_xl.form.model import Form, Limit, Settings, Silenced
from selfeval_xl.reports.rules_page import rules_page
from tests.support.declarations import changed


@pytest.fixture(scope="module")
def form() -> Form:
    return find_form("linxiang-zhengti", 2022)


@pytest.fixture(scope="module")
def settings(form: Form) -> Settings:
    return settings_for(form)


@pytest.fixture(scope="module")
def page(form: Form, settings: Settings) -> str:
    return rules_page(form, settings)


def lines_of(page: str, rule_id: str) -> list[str]:
    _, _, rest = page.partition(f"## {rule_id}\n")
    return rest.partition("\n## ")[0].splitlines()


def test_every_rule_is_on_the_page_with_its_text_and_basis(form: Form, page: str) -> None:
    for rule in rules_of(form, settings_for(form)):
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
        "- 检查：表内公式和程序都查，结论相同",
        "- 怎样说：[entity.placeholder](messages.md#entityplaceholder)",
    ]


def test_a_rule_over_cells_names_what_it_leaves_out(page: str) -> None:
    assert "- 不含：`支出.当年结余`、`支出.累计结余`" in lines_of(page, "N-01")


@pytest.mark.parametrize(
    ("rule_id", "noted"), [("I-01", True), ("I-02", True), ("X-03", False), ("G-01", False)]
)
def test_the_tail_is_noted_where_a_printed_total_is_compared(page: str, rule_id: str, noted: bool) -> None:
    assert any(line.startswith("- 尾差") for line in lines_of(page, rule_id)) == noted


def test_the_years_of_a_rule_are_shown(form: Form, settings: Settings, tmp_path: Path) -> None:
    limited = changed(form, tmp_path, 'id = "X-06"\n', 'id = "X-06"\nsince = 2023\nuntil = 2024\n')
    assert "- 年度：2023 年起、到 2024 年为止" in lines_of(rules_page(limited, settings), "X-06")


def test_a_silenced_rule_shows_the_reason(form: Form, settings: Settings) -> None:
    silenced = replace(settings, silenced=(Silenced("X-03", "本年有上年借款"),))
    assert "- 停用：本年有上年借款" in lines_of(rules_page(form, silenced), "X-03")


def test_a_limit_is_shown_as_the_bureau_has_it(form: Form, settings: Settings, tmp_path: Path) -> None:
    old = 'right = "支出.公用支出 + 支出.项目支出"'
    new = 'right = "(支出.公用支出 + 支出.项目支出) * share"\nlimits = { share = 0.3 }'
    limited = changed(form, tmp_path, old, new)
    assert "- 限额：`share = 0.3`" in lines_of(rules_page(limited, settings), "X-06")
    other = replace(settings, limits=(Limit("X-06", "share", Decimal("0.45")),))
    lines = lines_of(rules_page(limited, other), "X-06")
    assert "- 限额：`share = 0.45`" in lines
    assert any("* 0.45`" in line for line in lines)


@pytest.mark.parametrize(("rule_id", "who"), [("X-06", "表内公式和程序都查"), ("F-02", "只由程序查")])
def test_it_says_who_looks_after_a_rule_and_how_it_is_told(page: str, rule_id: str, who: str) -> None:
    lines = lines_of(page, rule_id)
    assert any(line.startswith(f"- 检查：{who}") for line in lines)
    assert any(line.startswith("- 怎样说：[") and "](messages.md#" in line for line in lines)


def test_what_only_the_bureau_weighs_is_said_to_be_no_clerks_affair(
    form: Form, settings: Settings, tmp_path: Path
) -> None:
    doubt = changed(form, tmp_path, 'id = "X-06"\n', 'id = "X-06"\nbureau = true\n')
    assert any("财政部门的疑点" in line for line in lines_of(rules_page(doubt, settings), "X-06"))
