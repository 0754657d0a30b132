"""What a declaration says of prose is checked when it is loaded, with file and line."""

from pathlib import Path

import pytest

from selfeval_xl.form.library import find_form
from selfeval_xl.form.load import load_form
from selfeval_xl.form.source import DeclarationError
from tests.acceptance.calling import ROOT

FORM = ROOT / "workbook" / "forms" / "linxiang-zhengti-2022" / "form.toml"
# A complaint stands at the key, or at the head of its entry.
LONGEST_ENTRY = 8
TEXT = FORM.read_text(encoding="utf-8")

WRONG = [
    ('projects = "支出.项目支出"', 'projects = "支出.项目花费"', "no item '支出.项目花费'"),
    ('classed = "支出.支出合计"', 'classed = "支出.开支"', "no item '支出.开支'"),
    ('items = ["固定资产.其他"]', 'items = ["固定资产.别的"]', "no item '固定资产.别的'"),
    ('items = ["固定资产.其他"]', "items = []", "needs items"),
    ('items = ["基本概况.人员编制"]', 'items = ["基本概况.人员编制", "支出.项目支出"]', "do not add up"),
    ('items = ["固定资产.其他"]', 'items = ["固定资产.在用固定资产"]', "spoken of twice"),
    ('rule = "T-18"', 'rule = "T-99"', "no rule 'T-99'"),
    ('sums = "T-07"', 'sums = "T-99"', "no rule 'T-99'"),
    ('same_sections = ["基本概况.职能职责概述"', 'same_sections = ["基本概况.职责"', "no section '基本概况.职责'"),
    ('other_income = ["收入.其他收入"]', 'other_incomes = ["收入.其他收入"]', "unknown key 'other_incomes'"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "complaint"), WRONG)
def test_what_is_wrong_names_file_and_line(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    line = TEXT[: TEXT.index(old)].count("\n") + 1
    file = tmp_path / "form.toml"
    file.write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DeclarationError, match=complaint) as raised:
        load_form(file)
    assert raised.value.file == "form.toml"
    assert 0 <= line - raised.value.line <= LONGEST_ENTRY


def test_labels_and_synonyms_of_the_tables_are_words_of_their_items() -> None:
    prose = find_form("linxiang-zhengti", 2022).prose
    assert prose is not None
    assert {"收入合计", "本年收入总计", "总收入"} <= set(prose.single["收入", "收入合计"].words)
    assert "其他" not in prose.single["固定资产", "其他"].words, "too short to mean nothing else"


def test_a_pattern_stands_for_each_of_its_words(tmp_path: Path) -> None:
    old, new = 'short = ["基本"]', 'short = ["基本{类,性,}{支,花}"]'
    assert old in TEXT
    file = tmp_path / "form.toml"
    file.write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    prose = load_form(file).prose
    assert prose is not None
    expected = ("基本类支", "基本类花", "基本性支", "基本性花", "基本支", "基本花")
    assert prose.single["支出", "基本支出"].short == expected


def test_a_form_may_say_nothing_of_prose() -> None:
    assert load_form(ROOT / "tests" / "forms" / "wharf-2024" / "form.toml").prose is None
