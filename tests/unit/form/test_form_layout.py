"""A declaration that could not be laid out is refused when it is loaded."""

from pathlib import Path

import pytest

from selfeval_xl.form.load import load_form
from selfeval_xl.form.source import DeclarationError
from selfeval_xl.shipped import workbook_folder

MAIN = workbook_folder() / "forms" / "linxiang-zhengti-2022" / "form.toml"
BELOW_A_TABLE = '[[block]]\nsheet = "收入"\nkind = "line"\nstyle = "title"\ntext = "表下"\n\n'

CASES = {
    "a version of another kind": ('version = "1.0"', 'version = "x"', "no version"),
    "three decimals": ("decimals = 2", "decimals = 3", "decimals"),
    "a salt that is no base64": ('salt = "c2', 'salt = "?c2', "base64"),
    "a sheet name that Excel refuses": ('name = "校验"\nkind', 'name = "校/验"\nkind', "sheet name"),
    "a block below a table": (
        "# ───────────── 三、绩效自评",
        BELOW_A_TABLE + "# ",
        "nothing can stand below",
    ),
    "a text column beyond the sheet's widths": ("at = [4, 5]", "at = [4, 9]", "widths"),
    "a text in the label's column": ("at = [4, 5]", "at = [1, 5]", "widths"),
    "a table missing from the entity's workbook": (
        'name = "三公经费"\nkind = "form"\nentity = true',
        'name = "三公经费"\nkind = "form"',
        "workbook of one entity",
    ),
    "a role that is a table's column": (
        'score = "绩效自评.绩效自评综合得分"',
        'score = "收入.其他收入"',
        "no single field",
    ),
    "three columns of fields": ("fields_at = [2, 3]", "fields_at = [2, 3, 4]", "one pair or two"),
    "fields from right to left": ("fields_at = [2, 3]", "fields_at = [3, 2]", "left to right"),
    "a field that ends beyond the sheet": ("fields_to = 5", "fields_to = 9", "fields_to"),
    "goals in too few columns": ("widths = [8, 11, 9, 19, 33]", "widths = [8, 11, 9, 52]", "widths"),
    "a sheet collected twice": ('"三公经费", "固定资产"]', '"三公经费", "收入"]', "collected twice"),
    "a sheet without a table collected": (
        '"三公经费", "固定资产"]',
        '"三公经费", "基本概况"]',
        "no sheet with a table",
    ),
    "a field on a collecting sheet": (
        'sheet = "基本概况"\nkind = "field"\nlabel = "联系人"',
        'sheet = "收支情况"\nkind = "field"\nlabel = "联系人"',
        "lines only",
    ),
    "a key of the data that is a section": ('unplaced = "未归位"', 'unplaced = "收入"', "two things"),
}


@pytest.mark.parametrize("case", CASES)
def test_what_cannot_be_laid_out_is_refused_with_its_line(case: str, tmp_path: Path) -> None:
    old, new, says = CASES[case]
    text = MAIN.read_text(encoding="utf-8")
    assert old in text
    changed = tmp_path / "form.toml"
    changed.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DeclarationError, match=says) as refused:
        load_form(changed)
    assert refused.value.line > 1


def test_the_shipped_declaration_is_accepted() -> None:
    assert load_form(MAIN).id == "linxiang-zhengti"
