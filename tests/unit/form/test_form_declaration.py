"""A wrong declaration is refused at load, at the right line; a changed one changes the workbook, with no code edit."""

import unicodedata
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest

from selfeval_xl.form.load import load_form, load_settings
from selfeval_xl.form.model import Form
from selfeval_xl.form.source import DeclarationError
from selfeval_xl.ooxml.book import Book
from selfeval_xl.ooxml.read import read_book
from selfeval_xl.submission.dump import to_data
from selfeval_xl.submission.taking import take
from tests.support import reports

FORM = reports.MAIN_FORM.read_text(encoding="utf-8")
SETTINGS = reports.MAIN_FORM.with_name("settings.toml").read_text(encoding="utf-8")

Copy = Callable[..., Path]


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    """Return a copy of the declaration and its settings in which texts are replaced, each found once."""

    def make(*changes: tuple[str, str], source: str = FORM, name: str = "form.toml") -> Path:
        for old, new in changes:
            assert source.count(old) == 1, (source.count(old), old)
            source = source.replace(old, new)
        (tmp_path / "settings.toml").write_text(SETTINGS, encoding="utf-8")
        (tmp_path / name).write_text(source, encoding="utf-8")
        return tmp_path / name

    return make


def refused(path: Path) -> DeclarationError:
    with pytest.raises(DeclarationError) as caught:
        load_form(path)
    return caught.value


def line_of(path: Path, text: str, *, entry: bool = False) -> int:
    """Return the line of the last place of *text*, or of the header of the entry it stands in."""
    lines = path.read_text(encoding="utf-8").splitlines()
    found = max(number for number, line in enumerate(lines, start=1) if text in line)
    headers = [
        number for number, line in enumerate(lines, start=1) if line.startswith("[") and number <= found
    ]
    return headers[-1] if entry else found


def rule(rule_id: str, key: str) -> str:
    """Return the line of a key in a rule of the declaration, as it stands there."""
    lines = FORM[FORM.index(f'id = "{rule_id}"') :].splitlines()
    return next(line for line in lines if line.startswith(f"{key} = "))


def in_rule(rule_id: str, key: str, new: str) -> tuple[str, str]:
    """Return the change of a key in one rule: the rule's text up to there stands once."""
    start = FORM.index(f'id = "{rule_id}"')
    old = FORM[start : FORM.index(rule(rule_id, key), start) + len(rule(rule_id, key))]
    return old, old.replace(rule(rule_id, key), f"{key} = {new}")


class Wrong(NamedTuple):
    """A change that makes the declaration wrong, a text in the wrong line, and what the message says.

    With *entry* the line is that of the entry's header, since what is wrong is the entry as a whole.
    """

    change: tuple[str, str]
    at: str
    says: str
    entry: bool = False


WRONG = {
    "unknown name in a rule": Wrong(
        in_rule("X-03", "right", '"收入.收入总和"'), "收入.收入总和", "no item '收入.收入总和'"
    ),
    "unknown name in a condition": Wrong(
        in_rule("X-05", "when", '"COUNT(支出表) > 0"'), "COUNT(支出表)", "no item '支出表'"
    ),
    "name that stands in two places": Wrong(
        in_rule("X-14", "left", '"其他收入 + 机构编码"'), "机构编码", "机构编码"
    ),
    "syntax error in a rule": Wrong(
        in_rule("X-06", "right", '"支出.公用支出 + "'), 'right = "支出.公用支出 + "', "missing here"
    ),
    "bracket that is never closed": Wrong(
        in_rule("A-03", "left", '"MAX(在用固定资产, 出租固定资产"'), 'left = "MAX(在用', "never closed"
    ),
    "unknown function": Wrong(in_rule("G-01", "right", '"MODE(0, 100)"'), "MODE", "MODE"),
    "wrong number of arguments": Wrong(in_rule("G-01", "right", '"ABS(1, 2)"'), "ABS(1", "ABS"),
    "syntax error in a computed column": Wrong(
        ('computed = "基本支出 + 项目支出"', 'computed = "基本支出 ++ 项目支出"'), "++", "missing here"
    ),
    "unknown item in a computed column": Wrong(
        ('computed = "基本支出 + 项目支出"', 'computed = "基本支出 + 专项"'),
        "基本支出 + 专项",
        "'专项'",
        entry=True,
    ),
    "another table's item in a computed column": Wrong(
        ('computed = "基本支出 + 项目支出"', 'computed = "基本支出 + 收入.其他收入"'),
        "基本支出 + 收入.其他收入",
        "no item of '支出'",
        entry=True,
    ),
    "column that depends on itself": Wrong(
        ('computed = "人员支出 + 公用支出"', 'computed = "人员支出 + 支出合计"'),
        'label = "支出合计"',
        "'支出合计' depends on itself",
        entry=True,
    ),
    "duplicate label in a table": Wrong(
        ('label = "当年结余"', 'label = "项目支出"\n[[block.column]]\nlabel = "当年结余"'),
        'label = "项目支出"',
        "'支出.项目支出' stands twice",
        entry=True,
    ),
    "duplicate field": Wrong(
        ('label = "联络电话"', 'label = "联系人"'),
        'label = "联系人"',
        "'基本概况.联系人' stands twice",
        entry=True,
    ),
    "duplicate sheet": Wrong(
        ('[[sheet]]\nname = "校验"', '[[sheet]]\nname = "收入"\nkind = "form"\n[[sheet]]\nname = "校验"'),
        'name = "收入"',
        "sheet '收入' stands twice",
        entry=True,
    ),
    "duplicate rule": Wrong(
        ('id = "X-06"', 'id = "X-03"'), 'id = "X-03"', "rule X-03 stands twice", entry=True
    ),
    "duplicate heading": Wrong(
        ('["三（二）", "专项管理', '["三（一）", "专项管理'),
        "headings = [",
        "heading '三（一）' stands twice",
    ),
    "defined names that collide": Wrong(
        ('label = "预算编码"', 'label = "部门(编码)"'),
        'label = "部门(编码)"',
        "collides with that of 封面.部门编码",
        entry=True,
    ),
    "defined name that collides with a total's": Wrong(
        ('header = ["其他"]', 'header = ["其他"]\n[[block.column]]\nlabel = "其他_汇总"'),
        'header = ["其他"]',
        "collides with that of 固定资产.其他_汇总",
        entry=True,
    ),
    "label of which no defined name remains": Wrong(
        (
            'sheet = "封面"\nkind = "field"\nlabel = "预算编码"',
            'sheet = "封面"\nsection = "1"\nkind = "field"\nlabel = "2"',
        ),
        'label = "2"',
        "no defined name '1_2'",
        entry=True,
    ),
    "block on an unknown sheet": Wrong(
        ('sheet = "固定资产"\nkind = "table"', 'sheet = "资产"\nkind = "table"'),
        'sheet = "资产"',
        "no sheet '资产'",
    ),
    "unknown key in a block": Wrong(
        ('required = true\nsynonyms = ["编制人数"]', 'requried = true\nsynonyms = ["编制人数"]'),
        "requried",
        "unknown key 'requried'",
    ),
    "unknown key in a column": Wrong(
        ('header = ["其他"]', 'heder = ["其他"]'), "heder", "unknown key 'heder'"
    ),
    "unknown key in a rule": Wrong(
        in_rule("X-03", "severity", '"warning"\nserious = true'), "serious", "unknown key 'serious'"
    ),
    "missing key in the head": Wrong(
        ("printed_rows", "#printed_rows"), "printed_rows", "'printed_rows' is missing", entry=True
    ),
    "unknown table at the top": Wrong(("[keys]", "[word]\na = 1\n[keys]"), "[word]", "unknown key 'word'"),
    "wrong type of a number": Wrong(("printed_rows = 3", 'printed_rows = "3"'), "printed_rows", "type int"),
    "truth value for a number": Wrong(("decimals = 2", "decimals = true"), "decimals = true", "type int"),
    "wrong type of a flag": Wrong(
        ('landscape = true\n[[sheet]]\nname = "支出"', 'landscape = "yes"\n[[sheet]]\nname = "支出"'),
        'landscape = "yes"',
        "type bool",
    ),
    "wrong type in an array": Wrong(
        ("fields_at = [2, 3]\n", 'fields_at = [2, "3"]\n'), 'fields_at = [2, "3"]', "type int"
    ),
    "wrong type of a default": Wrong(("default = 2022", "default = 2022.5"), "default = 2022.5", "'default'"),
    "heading of two parts": Wrong(
        ('"基本支出", "（一）基本支出"]', '"基本支出"]'), "headings = [", "every heading"
    ),
    "columns of text without their places": Wrong(("at = [4, 5]", "at = [4]"), "at = [4]", "'at' needs"),
    "missing key": Wrong(
        ('text = "收入合计＝上年结转', '#text = "收入合计＝上年结转'),
        'id = "I-01"',
        "'text' is missing",
        entry=True,
    ),
    "missing table": Wrong(("[roles]", "[[roles]]"), "[[roles]]", "'roles'"),
    "unknown kind of block": Wrong(
        ('kind = "goals"', 'kind = "targets"'), "targets", "'targets', not one of"
    ),
    "unknown type of field": Wrong(('type = "score"', 'type = "points"'), "points", "'points', not one of"),
    "unknown scope": Wrong(in_rule("X-04", "scope", '"name"'), 'scope = "name"', "'name', not one of"),
    "unknown severity": Wrong(in_rule("X-04", "severity", '"fatal"'), "fatal", "'fatal', not one of"),
    "unknown operator": Wrong(in_rule("X-03", "op", '"=<"'), 'op = "=<"', "'=<', not one of"),
    "unknown message code": Wrong(
        in_rule("X-14", "message", '"staff.above"'), "staff.above", "no message 'staff.above'"
    ),
    "rule of an unknown table": Wrong(in_rule("X-06", "table", '"三公"'), 'table = "三公"', "'三公'"),
    "rule of an unknown table among several": Wrong(
        in_rule("N-01", "tables", '["收入", "支表"]'), '"支表"', "'支表'"
    ),
    "rule without a table": Wrong(
        ('scope = "names"\ntable = "收入"', 'scope = "names"'), 'id = "X-04"', "needs a table", entry=True
    ),
    "exception for an unknown item": Wrong(
        in_rule("N-01", "except", '["支出.结余"]'), "支出.结余", "'支出.结余'"
    ),
    "unknown place to look": Wrong(
        in_rule("A-03", "look_at", '"固定资产原值"'), "固定资产原值", "'固定资产原值'"
    ),
    "rule without a right side": Wrong(
        in_rule("X-03", "right", '""'), 'id = "X-03"', "needs left and right", entry=True
    ),
    "rule that compares no item": Wrong(
        in_rule("X-03", "left", '"1"'), 'id = "X-03"', "names no item", entry=True
    ),
    "balance of an unknown rule": Wrong(
        ('rules = ["E-04", "X-01", "X-02"]', 'rules = ["E-04", "X-01", "X-99"]'),
        "X-99",
        "no rule 'X-99'",
        entry=True,
    ),
    "balance that looks at an unknown item": Wrong(
        ('at = "支出.当年结余"', 'at = "支出.今年结余"'), "支出.今年结余", "'支出.今年结余'"
    ),
    "role of an unknown item": Wrong(
        ('score = "绩效自评.绩效自评综合得分"', 'score = "绩效自评.得分"'), "绩效自评.得分", "'绩效自评.得分'"
    ),
    "status on an unknown sheet": Wrong(('status = "封面"', 'status = "首页"'), "首页", "no sheet '首页'"),
    "names in an unknown table": Wrong(
        ('name_row = "收入"', 'name_row = "收入表"'), "name_row", "'收入表' is no table"
    ),
    "names in a table that is not the first": Wrong(
        ('name_row = "收入"', 'name_row = "支出"'), "name_row", "'支出' is not the first table"
    ),
    "item of a row where there is no row": Wrong(
        in_rule("X-14", "left", '"收入.其他收入"'), 'left = "收入.其他收入"', "'收入.其他收入' has no row"
    ),
    "the item at hand where no items are gone over": Wrong(
        in_rule("X-03", "left", '"本项"'), "本项", "'本项' means nothing"
    ),
    "table in place of an amount": Wrong(
        in_rule("X-03", "left", '"SUM(支出)"'), "SUM(支出)", "'支出' is a table: only COUNT takes one"
    ),
    "TOML that is none": Wrong(("decimals = 2", "decimals = "), "decimals = ", "nvalid value"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_declaration_is_refused_at_its_line(copy: Copy, case: str) -> None:
    wrong = WRONG[case]
    path = copy(wrong.change)
    error = refused(path)
    assert wrong.says in error.message
    assert error.line == line_of(path, wrong.at, entry=wrong.entry), error
    assert str(error).startswith(f"form.toml, line {error.line}: ")


def pointed_at(error: DeclarationError) -> str:
    """Return what the caret of the message stands under; a Chinese character is two columns wide."""
    source, pointer = error.message.splitlines()[1:3]
    width, place = len(pointer) - len(pointer.lstrip()), 0
    while width > 0:
        width -= 2 if unicodedata.east_asian_width(source[place]) in "WF" else 1
        place += 1
    return source[place:]


@pytest.mark.parametrize(
    ("expression", "rest"),
    [
        ("收入.收入合计 + 收入.专项", "收入.专项"),
        ("收入.收入合计 + ) 1", ") 1"),
        ("收入.收入合计 收入合计", "收入合计"),
        ("MAX(收入.收入合计, 1", "(收入.收入合计, 1"),
        ("收入.收入合计 + 总和(1)", "总和(1)"),
    ],
)
def test_an_error_in_an_expression_points_at_the_character(copy: Copy, expression: str, rest: str) -> None:
    assert pointed_at(refused(copy(in_rule("X-03", "right", f'"{expression}"')))) == rest


WRONG_SETTINGS = {
    "unsorted grades": (("from = 90", "from = 70"), "[[grade]]", 'name = "良"', "from high to low"),
    "two grades from one score": (("from = 80", "from = 90"), "[[grade]]", 'name = "良"', "from high to low"),
    "grade from no number": (("from = 60", 'from = "60"'), None, 'from = "60"', "type int"),
    "unknown source of the grade": (
        ('grade_source = "offered"', 'grade_source = "guess"'),
        None,
        '"guess"',
        "'guess', not one of",
    ),
    "unknown key": (('deadline = ""', 'dead_line = ""'), None, "dead_line", "unknown key 'dead_line'"),
    "silenced rule without a reason": (
        ("# 不执行的规则", '[[silenced]]\nrule = "X-03"\nreason = " "\n# 不执行的规则'),
        None,
        'reason = " "',
        "needs a reason",
    ),
}


@pytest.mark.parametrize("case", WRONG_SETTINGS)
def test_wrong_settings_are_refused_at_their_line(copy: Copy, case: str) -> None:
    change, header, at, says = WRONG_SETTINGS[case]
    path = copy(change, source=SETTINGS, name="bureau.toml")
    with pytest.raises(DeclarationError) as caught:
        load_settings(path)
    assert says in caught.value.message
    assert caught.value.line == line_of(path, at, entry=header is not None)


# What a changed declaration changes


LABEL = (
    ('label = "政府基金拨款"', 'label = "基金预算拨款"'),
    ('header = ["其中：", "政府基金拨款"]', 'header = ["其中：", "基金预算拨款"]'),
    ("上年结转 + 公共财政拨款 + 政府基金拨款 + 纳入专户管理的非税收入拨款 + 其他收入\"\nsynonyms",
     "上年结转 + 公共财政拨款 + 基金预算拨款 + 纳入专户管理的非税收入拨款 + 其他收入\"\nsynonyms"),
    in_rule("X-08", "when", '"基金预算拨款 > 0"'),
    ('["收入.公共财政拨款", "收入.政府基金拨款"]', '["收入.公共财政拨款", "收入.基金预算拨款"]'),
    ('items = ["收入.政府基金拨款"]', 'items = ["收入.基金预算拨款"]'),
    ('"收入.政府基金拨款", "收入.上年结转"]', '"收入.基金预算拨款", "收入.上年结转"]'),
    in_rule("I-01", "right", '"上年结转 + 公共财政拨款 + 基金预算拨款 + 纳入专户管理的非税收入拨款 + 其他收入"'),
    ('general_lacks = ["收入.政府基金拨款"]', 'general_lacks = ["收入.基金预算拨款"]'),
    ('"收入.政府基金拨款", "收入.纳入专户', '"收入.基金预算拨款", "收入.纳入专户'),
)  # fmt: skip
COLUMN = (
    (
        'label = "因公出国费"\nheader',
        'label = "会议费"\nheader = ["其中：", "会议费"]\n[[block.column]]\nlabel = "因公出国费"\nheader',
    ),
    (
        '公务用车购置费 + 因公出国费"\n[[block.column]]',
        '公务用车购置费 + 会议费 + 因公出国费"\n[[block.column]]',
    ),
    in_rule("S-01", "right", '"公务接待费 + 公务用车运维费 + 公务用车购置费 + 会议费 + 因公出国费"'),
)
RULE = (
    in_rule("X-06", "basis", '"本级规定"\n[[rule]]\nid = "X-99"\nscope = "rows"\ntable = "三公经费"\n'
            'left = "公务接待费"\nop = "<="\nright = "1"\nseverity = "warning"\ntext = "接待费不过1万元"\nbasis = "本级规定"'),
)  # fmt: skip


def with_one(form: Form, table: str, item: str, amount: str) -> reports.Filled:
    """Fill the head's row of one item, and nothing else."""
    blueprint = reports.build_for(form, reports.blank(form).blueprint.shape)
    return reports.typed_in(blueprint, {blueprint.places.tables[table].cell(item, 1): Decimal(amount)})


def texts_on(book: Book, sheet: str) -> list[object]:
    return list(book.sheets[sheet].values.values())


def test_a_changed_label_shows_in_header_names_and_data(copy: Copy, tmp_path: Path) -> None:
    form = load_form(copy(*LABEL))
    filled = with_one(form, "收入", "基金预算拨款", "12.5")
    book = read_book(filled.write(tmp_path / "a.xlsx"))
    assert "基金预算拨款" in texts_on(book, "收入")
    assert "政府基金拨款" not in texts_on(book, "收入")
    assert {"收入_基金预算拨款", "收入_基金预算拨款_汇总"} <= book.names.keys()
    assert not any("政府基金拨款" in name for name in book.names)
    data = to_data(take(filled.blueprint, reports.typed_cells(filled.blueprint, book)))
    assert data["收入"][0]["基金预算拨款"] == 12.5
    assert "政府基金拨款" not in data["收入"][0]


def test_an_added_column_is_laid_out_named_added_up_and_read(copy: Copy, tmp_path: Path) -> None:
    form = load_form(copy(*COLUMN))
    filled = with_one(form, "三公经费", "会议费", "0.8")
    table = filled.blueprint.places.tables["三公经费"]
    book = read_book(filled.write(tmp_path / "a.xlsx"))
    values = book.sheets["三公经费"].values
    assert "会议费" in texts_on(book, "三公经费")
    assert book.names["三公经费_会议费"] == "三公经费!$F$6:$F$10"
    for row in (table.total_row, table.first_row):
        assert values[row, table.columns["三公经费合计"]] == Decimal("0.8")
    data = to_data(take(filled.blueprint, reports.typed_cells(filled.blueprint, book)))
    assert data["三公经费"][0]["会议费"] == 0.8


def test_an_added_rule_has_its_line_on_the_check_sheet_and_its_verdicts(copy: Copy, tmp_path: Path) -> None:
    form = load_form(copy(*RULE))
    filled = with_one(form, "三公经费", "公务接待费", "3.7")
    book = read_book(filled.write(tmp_path / "a.xlsx"))
    checks = book.sheets["校验"].values
    row = next(row for (row, column), value in checks.items() if column == 1 and value == "X-99")
    line = [checks[row, column] for column in (2, 3, 4, 5, 6, 7, 8, 9)]
    assert line == [
        "需说明",
        "接待费不过1万元",
        "不符",
        2,
        "机关",
        Decimal("3.7"),
        1,
        Decimal("2.7"),
    ]
    assert "三公经费_核对_X99" in book.names


def test_changed_words_of_the_form_show_in_the_workbook(copy: Copy, tmp_path: Path) -> None:
    changes = (
        ('unit = "万元"', 'unit = "元"'),
        ('total = "汇总"', 'total = "总计"'),
        ('check = "核对"', 'check = "复核"'),
    )
    form = load_form(copy(*changes))
    book = read_book(reports.blank(form).write(tmp_path / "a.xlsx"))
    assert "单位：元" in texts_on(book, "收入")
    assert {"收入_收入合计_总计", "收入_复核_I01"} <= book.names.keys()
    assert "收入_收入合计_汇总" not in book.names


def test_a_form_without_headings_and_goals_builds(tmp_path: Path) -> None:
    form = reports.second_form()
    assert not form.headings
    assert not form.goals
    book = read_book(reports.blank(form).write(tmp_path / "a.xlsx"))
    assert list(book.sheets) == [sheet.name for sheet in form.sheets]
