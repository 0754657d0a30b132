"""Entities' own workbooks and the head's into the workbook of their department."""

import json
import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

from selfeval_xl.form.load import load_form
from selfeval_xl.form.source import DeclarationError
from tests.acceptance.calling import (
    DAMAGED,
    FORMS,
    NINE,
    Data,
    Outcome,
    data_of,
    filled,
    parts,
    property_of,
    saved,
    seed,
    selfeval,
)
from tests.support import office, package_checks

TABLES = {
    "收入": ("上年结转", "公共财政拨款", "政府基金拨款", "纳入专户管理的非税收入拨款", "其他收入"),
    "支出": ("人员支出", "公用支出", "项目支出", "当年结余", "累计结余"),
    "三公经费": ("公务接待费", "公务用车运维费", "公务用车购置费", "因公出国费"),
    "固定资产": ("在用固定资产", "出租固定资产", "其他"),
}


def entity(
    target: Path, name: str | None, amount: object = 0, cover: str | None = "东局", **more: object
) -> Path:
    """An entity's own workbook, filled in by hand: income is fiscal and spent on staff, everything else is 0."""
    target.parent.mkdir(parents=True, exist_ok=True)
    words = [*(["--entity", name] if name else []), *(["--department", cover] if cover else [])]
    assert selfeval("new", "-o", target, "--kind", "entity", "--force", *words).status == 0
    cells: Data = {f"{table}_{item}": 0 for table, items in TABLES.items() for item in items}
    cells |= {"收入_公共财政拨款": amount, "支出_人员支出": amount} | more
    return typed(target, cells)


def typed(book: Path, cells: Data) -> Path:
    """Type into cells by their defined names."""
    opened = load_workbook(book)
    for name, value in cells.items():
        sheet, _, cell = opened.defined_names[name].attr_text.rpartition("!")
        opened[sheet.strip("'")][cell.partition(":")[0].replace("$", "")] = value
    opened.save(book)
    return book


def head_data(name: str = "东局", amount: float = 100, **cover: object) -> Data:
    """A head's own report, whole and sound."""
    data = seed()
    data["封面"] |= {"部门(单位)名称": name, **cover}
    data["评价报告综述"] = []
    fill_row(data, 0, amount)
    return data


def fill_row(data: Data, row: int, amount: float, name: str | None = None) -> None:
    for table, items in TABLES.items():
        while len(data[table]) <= row:
            data[table].append({"机构名称": name})
        data[table][row] |= dict.fromkeys(items, 0)
    data["收入"][row]["公共财政拨款"] = data["支出"][row]["人员支出"] = amount


def cell_of(book: Path, name: str, row: int = 0) -> str:
    """Where a row of a named block stands; row 0 is the total row, above the entities'."""
    first = load_workbook(book).defined_names[name].attr_text.partition(":")[0].replace("$", "")
    sheet, _, cell = first.rpartition("!")
    column, number = cell.rstrip("0123456789"), int(cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    return f"{sheet}!{column}{number + row - 1}"


def gathered(folder: Path, *words: object, paths: tuple[Path, ...] = ()) -> Outcome:
    target = folder.parent / f"{folder.name}.xlsx"
    return selfeval(
        "consolidate",
        *(paths or (folder,)),
        "-o",
        target,
        "--level",
        "department",
        "--json",
        "--force",
        *words,
    )


def result(folder: Path) -> Data:
    return _data(selfeval("dump", folder.parent / f"{folder.name}.xlsx"))


def _data(outcome: Outcome) -> Data:
    return json.loads(outcome.out, parse_float=Decimal)


def names(data: Data) -> list[str]:
    return [row["机构名称"] for row in data["收入"]]


def incomes(data: Data) -> list[object]:
    return [row["公共财政拨款"] for row in data["收入"]]


def file(outcome: Outcome, name: str) -> Data:
    (one,) = [one for one in outcome.json["files"] if Path(one["file"]).name == name]
    return one


def rules(outcome: Outcome, name: str) -> list[str]:
    return [
        f"{one['rule']}@{one['cells'][0]}" for one in file(outcome, name)["findings"] if one["rule"] != "N-05"
    ]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A department's folder: the head's workbook and those of two entities."""
    (tmp_path / "in").mkdir()
    filled(saved(tmp_path / "head.json", head_data()), tmp_path / "in" / "head.xlsx")
    entity(tmp_path / "in" / "a.xlsx", "乙站", 20.5)
    entity(tmp_path / "in" / "b.xlsx", "甲中心", 30.25)
    return tmp_path / "in"


def test_amounts_come_from_each_and_the_rest_from_the_heads(folder: Path) -> None:
    outcome = gathered(folder)
    assert outcome.status == 0, outcome
    assert outcome.json["summary"]["sums"]["收入"]["收入合计"] == "150.75"
    data = result(folder)
    assert names(data) == ["局机关", "乙站", "甲中心"]
    assert incomes(data) == [100, Decimal("20.5"), Decimal("30.25")]
    head = head_data()
    for section in ("封面", "基本概况", "绩效自评", "评价人员", "评价报告综述"):
        wanted = _data(selfeval("dump", saved(folder.parent / "h.json", head)))[section]
        assert data[section] == wanted, section


def test_outcome_is_a_workbook_to_be_filled_in_that_is_sound(folder: Path) -> None:
    gathered(folder)
    book = folder.parent / "in.xlsx"
    assert property_of(book, "kind") == "填报"
    assert package_checks.problems(book) == []
    outcome = selfeval("validate", book, "--json")
    assert outcome.status == 0
    hints = ("N-05", "G-02", "T-12", "T-14", "T-16")
    assert [rule for rule in outcome.rules() if not rule.startswith(hints)] == []
    summary = selfeval("consolidate", book, "-o", folder.parent / "s.xlsx", "--json")
    assert summary.json["summary"]["sums"]["支出"]["人员支出"] == "150.75"


@pytest.mark.office
def test_office_calculates_the_same(folder: Path, tmp_path: Path) -> None:
    gathered(folder)
    book = tmp_path / "in.xlsx"
    (again,) = office.recalculated([book], tmp_path / "again")
    assert office.values(again) == office.values(book)


def test_files_are_named_with_their_findings_the_outcome_last(folder: Path) -> None:
    entity(folder / "c.xlsx", "丙所", "9万")
    outcome = gathered(folder)
    assert outcome.status == 1
    listed = [Path(one["file"]).name for one in outcome.json["files"]]
    assert listed == ["a.xlsx", "b.xlsx", "c.xlsx", "head.xlsx", "in.xlsx"]
    wrong = cell_of(folder / "c.xlsx", "收入_公共财政拨款", 1)
    assert rules(outcome, "c.xlsx")[0] == f"N-02@{wrong}"
    wrong = cell_of(folder.parent / "in.xlsx", "收入_公共财政拨款", 2)
    assert f"N-02@{wrong}" in rules(outcome, "in.xlsx"), "text stays text, and no total passes over it"
    assert outcome.json["summary"]["sums"]["收入"]["公共财政拨款"] == "无法计算"
    assert outcome.json["summary"]["departments"]["errors"] == 1
    screen = selfeval("consolidate", folder, "-o", folder.parent / "s.xlsx", "--level", "department")
    assert "9万" in screen.out
    assert "s.xlsx" in screen.err


def test_order_of_files_and_number_of_processes_change_nothing(folder: Path, tmp_path: Path) -> None:
    for number in range(16):
        shutil.copyfile(folder / "a.xlsx", folder / f"e{number}.xlsx")
        typed(folder / f"e{number}.xlsx", {"收入_机构名称": f"第{number}所"})
    files = sorted(folder.iterdir())
    for name, words in (("a", files), ("b", files[::-1]), ("c", [*files, "--jobs", 2])):
        assert (
            selfeval("consolidate", *words, "-o", tmp_path / f"{name}.xlsx", "--level", "department").status
            == 0
        )
    assert parts(tmp_path / "a.xlsx") == parts(tmp_path / "b.xlsx") == parts(tmp_path / "c.xlsx")


def test_inputs_are_not_changed_and_an_outcome_is_not_replaced(folder: Path, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in folder.iterdir()}
    command = ("consolidate", folder, "--level", "department", "-o")
    assert selfeval(*command, tmp_path / "s.xlsx").status == 0
    assert selfeval(*command, tmp_path / "s.xlsx").status == 5
    assert selfeval(*command, folder / "head.xlsx").status == 2
    assert selfeval(*command, folder / "new.xlsx").status == 0
    assert {path: path.read_bytes() for path in before} == before


def test_second_run_into_the_same_folder_leaves_the_outcome_out(folder: Path) -> None:
    command = ("consolidate", folder, "--level", "department", "--json", "--force", "-o", folder / "out.xlsx")
    assert selfeval(*command) == selfeval(*command)


# The head


def test_without_the_heads_workbook_nothing_is_written(folder: Path) -> None:
    (folder / "head.xlsx").unlink()
    outcome = gathered(folder)
    assert outcome.status == 2
    assert "局机关" in outcome.err
    assert "--department" in outcome.err
    assert not (folder.parent / "in.xlsx").exists()


def test_an_entitys_workbook_may_be_the_heads(folder: Path) -> None:
    (folder / "head.xlsx").unlink()
    entity(folder / "head.xlsx", "本级", 7)
    assert gathered(folder).status == 1, "the required fields of a department are blank"
    data = result(folder)
    assert names(data) == ["局机关", "乙站", "甲中心"]
    assert incomes(data)[0] == 7
    assert data["封面"]["部门(单位)名称"] == "东局"


def own_books(folder: Path) -> None:
    """A head and a sub-agency that both filled in a department's workbook, each for itself."""
    for name, amount, staff in (("东局", 100, (13, 9)), ("东水库管理处", 5, (20, 18))):
        data = head_data(name, amount)
        data["基本概况"] |= {"人员编制": staff[0], "实有人数": staff[1], "联系人": name}
        saved(folder / f"{name}.json", data)


def test_of_two_that_may_be_the_head_the_department_says_which(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    own_books(folder)
    outcome = gathered(folder)
    assert outcome.status == 2
    assert "东局.json" in outcome.err
    assert "东水库管理处.json" in outcome.err
    assert gathered(folder, "--department", "东 局").status == 0
    data = result(folder)
    assert names(data) == ["局机关", "东水库管理处"]
    assert incomes(data) == [100, 5]
    assert data["基本概况"]["联系人"] == "东局"
    assert gathered(folder, "--department", "东水库管理处").status == 0
    assert names(result(folder)) == ["局机关", "东局"]


def test_staff_of_all_who_give_it_is_added_up(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    own_books(folder)
    entity(folder / "a.xlsx", "甲中心", 1)
    assert gathered(folder).status == 0, "the entity names its department, and so the head"
    data = result(folder)
    assert (data["基本概况"]["人员编制"], data["基本概况"]["实有人数"]) == (33, 27)
    assert names(data) == ["局机关", "东水库管理处", "甲中心"]


def roster(folder: Path, text: str) -> Path:
    path = folder.parent / "roster.csv"
    path.write_text(f"部门编码,部门名称,机构编码,机构名称,机构类别,状态\n{text}", encoding="utf-8")
    return path


def test_roster_says_who_is_the_head_and_in_which_order(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    own_books(folder)
    entity(folder / "a.xlsx", "甲 中心", 1)
    entity(folder / "b.xlsx", None, 2, 收入_机构编码="10103")
    listed = roster(
        folder,
        "101,东局,10100,东局机关,局机关,\n101,东局,10101,东水库管理处,二级机构,\n"
        "101,东局,10103,乙站,二级机构,\n101,东局,10102,甲中心,二级机构,\n102,西局,,,,\n",
    )
    # The workbook without a name is found by its code, and is told that a name is missing.
    assert gathered(folder, "--roster", listed).status == 1
    data = result(folder)
    assert names(data) == ["局机关", "东水库管理处", "乙站", "甲 中心"]
    assert [row["机构编码"] for row in data["收入"]][1:] == ["10101", "10103", "10102"]
    assert incomes(data) == [100, 5, 2, 1]
    assert data["封面"]["部门编码"] == "101"


def test_roster_finds_who_is_missing_and_who_should_not_report(folder: Path) -> None:
    listed = roster(
        folder, "101,东局,,乙站,二级机构,撤销\n101,东局,,丙所,二级机构,\n101,东局,,丁所,二级机构,并入本级\n"
    )
    outcome = gathered(folder, "--roster", listed)
    assert outcome.status == 1
    total, second, third = (cell_of(folder.parent / "in.xlsx", "收入_机构名称", row) for row in (0, 2, 3))
    assert rules(outcome, "in.xlsx")[-3:] == [f"R-01@{total}", f"R-02@{second}", f"R-03@{third}"]
    one = file(outcome, "in.xlsx")["findings"][-3]
    assert one["entity"] == "丙所"


def broken(path: Path) -> Path:
    shutil.copyfile(DAMAGED, path)
    return path


def several_rows(path: Path) -> Path:
    data = head_data()
    fill_row(data, 1, 5.0, "甲中心")
    return filled(saved(path.with_suffix(".json").parent.parent / "several.json", data), path)


def rivals(path: Path) -> Path:
    filled(saved(path.parent.parent / "one.json", head_data()), path)
    filled(saved(path.parent.parent / "two.json", head_data(amount=3)), path.with_name("局机关改.xlsx"))
    return path


@pytest.mark.parametrize(
    ("make", "why"),
    [(broken, "文件已损坏"), (several_rows, "表里填了几个机构的金额"), (rivals, "同一部门、同一报送次数")],
)
def test_a_heads_report_that_does_not_count_is_named_with_its_reason(
    make: Callable[[Path], Path], why: str, tmp_path: Path
) -> None:
    entity(tmp_path / "in" / "甲.xlsx", "甲中心", 30.25)
    make(tmp_path / "in" / "局机关.xlsx")
    shutil.copyfile(DAMAGED, tmp_path / "in" / "乙站.xlsx")
    outcome = gathered(tmp_path / "in")
    assert outcome.status >= 2
    assert "没有找到局机关的表" in outcome.err
    assert f"“局机关.xlsx”（{why}" in outcome.err.replace("与“局机关改.xlsx”是", "")
    assert "乙站" not in outcome.err


def test_without_any_such_file_the_heads_report_is_asked_for(tmp_path: Path) -> None:
    entity(tmp_path / "in" / "甲.xlsx", "甲中心", 30.25)
    assert "没有找到局机关的表。请把它一起给出" in gathered(tmp_path / "in").err


def test_a_department_that_the_roster_does_not_have_is_refused(folder: Path) -> None:
    outcome = gathered(folder, "--roster", roster(folder, "102,西局,,,,\n"))
    assert outcome.status == 2
    assert "名册" in outcome.err


# What does not count


def test_versions_of_one_entity_are_never_added(folder: Path) -> None:
    entity(folder / "a2.xlsx", "乙站", 21, 封面_报送次数=2)
    outcome = gathered(folder)
    assert outcome.status == 0
    assert incomes(result(folder)) == [100, 21, Decimal("30.25")]
    (skipped,) = outcome.json["summary"]["skipped"]
    assert Path(skipped["file"]).name == "a.xlsx"


def test_rivals_are_a_conflict_and_neither_counts(folder: Path) -> None:
    entity(folder / "a2.xlsx", "乙站", 21)
    outcome = gathered(folder)
    assert outcome.status == 1
    assert names(result(folder)) == ["局机关", "甲中心"]
    name = cell_of(folder / "a.xlsx", "封面_部门单位名称", 1)
    for book in ("a.xlsx", "a2.xlsx"):
        assert f"R-04@{name}" in rules(outcome, book)


def test_other_departments_years_kinds_and_forms_are_left_out(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SELFEVAL_FORMS", str(FORMS))
    entity(folder / "west.xlsx", "西站", 1000, cover="西局")
    entity(folder / "own.xlsx", "丙所", 1, cover="丙所")
    entity(folder / "old.xlsx", "丁所", 1000, 封面_年度=2021)
    shutil.copyfile(FORMS / "wharf-2024" / "sample.json", folder / "wharf.json")
    selfeval("consolidate", folder / "head.xlsx", "-o", folder / "earlier.xlsx")
    outcome = gathered(folder)
    skipped = {Path(one["file"]).name: one["reason"] for one in outcome.json["summary"]["skipped"]}
    assert set(skipped) == {"west.xlsx", "old.xlsx", "wharf.json", "earlier.xlsx"}
    assert "西局" in skipped["west.xlsx"]
    assert names(result(folder)) == ["局机关", "丙所", "乙站", "甲中心"]


def test_damaged_file_does_not_stop_the_rest(folder: Path) -> None:
    shutil.copyfile(DAMAGED, folder / "z.xlsx")
    outcome = gathered(folder)
    assert outcome.status == 3
    assert incomes(result(folder)) == [100, Decimal("20.5"), Decimal("30.25")]


def test_nobody_knows_whose_a_workbook_without_names_is(folder: Path) -> None:
    entity(folder / "c.xlsx", None, 5)
    outcome = gathered(folder)
    assert outcome.status == 3
    assert "机构名称" in file(outcome, "c.xlsx")["reason"]
    assert names(result(folder)) == ["局机关", "乙站", "甲中心"]


def test_a_second_head_is_refused(folder: Path) -> None:
    entity(folder / "c.xlsx", "局机关", 5)
    outcome = gathered(folder)
    assert outcome.status == 3
    assert "head.xlsx" in file(outcome, "c.xlsx")["reason"]
    assert incomes(result(folder)) == [100, Decimal("20.5"), Decimal("30.25")]


def test_department_is_for_the_departments_level(folder: Path) -> None:
    outcome = selfeval("consolidate", folder, "-o", folder.parent / "s.xlsx", "--department", "东局")
    assert outcome.status == 2
    assert "--level department" in outcome.err


# Several entities in one workbook


def test_a_workbook_with_several_entities_is_refused_with_a_hint(folder: Path) -> None:
    shutil.copyfile(NINE, folder / "nine.json")
    outcome = gathered(folder)
    assert outcome.status == 3
    reason = file(outcome, "nine.json")["reason"]
    assert "一个机构一份表" in reason
    assert "局机关" in reason
    assert names(result(folder)) == ["局机关", "乙站", "甲中心"]


def test_several_entities_without_the_heads_own_are_refused(tmp_path: Path) -> None:
    outcome = gathered(tmp_path / "in", paths=(NINE,))
    assert outcome.status == 3
    assert not (tmp_path / "in.xlsx").exists()


def filed(folder: Path, **wrong: float) -> Path:
    """What the department filed itself, with its entities."""
    data = head_data(amount=100)
    fill_row(data, 1, 20.5, "乙站")
    fill_row(data, 2, 30.25, "甲中心")
    data["支出"][2] |= wrong
    return saved(folder / "filed.json", data)


def test_what_the_department_filed_itself_is_compared_and_not_added(folder: Path) -> None:
    filed(folder)
    outcome = gathered(folder)
    assert outcome.status == 0
    assert incomes(result(folder)) == [100, Decimal("20.5"), Decimal("30.25")]


def test_a_slip_in_what_the_department_filed_is_named(folder: Path) -> None:
    filed(folder, 人员支出=302500)
    (one,) = [one for one in file(gathered(folder), "filed.json")["findings"] if one["rule"] == "R-10"]
    assert (one["causes"], one["expected"]) == (["元和万元"], "30.25")


def test_a_difference_from_what_the_department_filed_is_found_at_its_cell(folder: Path) -> None:
    book = filled(filed(folder, 公用支出=0.49), folder / "filed.xlsx")
    (folder / "filed.json").unlink()
    outcome = gathered(folder)
    assert outcome.status == 1
    (one,) = [one for one in file(outcome, "filed.xlsx")["findings"] if one["rule"] == "R-10"]
    assert (one["actual"], one["expected"], one["difference"]) == ("0.49", "0.00", "0.49")
    cell = cell_of(book, "支出_公用支出", 3)
    assert (one["cells"], one["entity"], one["item"]) == ([cell], "甲中心", "公用支出")
    assert "b.xlsx" in one["message"]
    sheet, _, ref = cell.partition("!")
    assert load_workbook(book, data_only=True)[sheet][ref].value == 0.49


def test_entities_that_only_one_side_has_are_found(folder: Path) -> None:
    book = filled(filed(folder), folder.parent / "filed.xlsx")
    (folder / "b.xlsx").unlink()
    entity(folder / "c.xlsx", "丙所", 1)
    outcome = gathered(folder)
    found = [one for one in rules(outcome, "filed.json") if one.startswith("R-")]
    third, total = (cell_of(book, "收入_机构名称", row) for row in (3, 0))
    assert found == [f"R-01@{third}", f"R-10@{total}"]


def test_text_is_compared_as_it_is(folder: Path) -> None:
    filed(folder)
    entity(folder / "a.xlsx", "乙站", "二十")
    found = [one for one in file(gathered(folder), "filed.json")["findings"] if one["rule"] == "R-10"]
    assert [(one["actual"], one["expected"], one["difference"]) for one in found] == [
        ("20.50", "二十", None)
    ] * 2


def test_explanations_of_an_entity_stand_under_its_name(folder: Path) -> None:
    book = entity(folder / "a.xlsx", "乙站", 20.5, 支出_人员支出=21)
    assert selfeval("validate", book).status == 0
    opened = load_workbook(book)
    sheet = opened["校验"]
    top = next(
        row
        for row in range(1, sheet.max_row)
        if sheet.cell(row, 1).value and "说明（" in str(sheet.cell(row, 1).value)
    )
    for column, text in enumerate(("X-03", "乙站", "差额0.50万元：预支"), start=1):
        sheet.cell(top + 2, column).value = text
    opened.save(book)
    gathered(folder)
    assert {"规则": "X-03", "机构": "乙站", "说明": "差额0.50万元：预支"} in result(folder)["审核说明"]


# Another form


def test_another_form_is_consolidated_without_a_line_of_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SELFEVAL_FORMS", str(FORMS))
    sample = FORMS / "wharf-2024" / "sample.json"
    whole = _data(selfeval("dump", sample))
    tables = {
        key: rows for key, rows in whole.items() if isinstance(rows, list) and "作业点" in str(rows[:1])
    }
    tables = {key: rows for key, rows in tables.items() if len(rows) == 4}
    assert len(tables) >= 2
    for number in range(4):
        data = data_of(sample)
        for table in tables:
            data[table] = [data_of(sample)[table][number]]
        saved(tmp_path / "in" / f"{number}.json", data)
    outcome = gathered(tmp_path / "in")
    assert outcome.status in (0, 1), outcome
    found = result(tmp_path / "in")
    assert found["填表单位"]["单位全称"] == "某湾港务处"
    for table, rows in tables.items():
        assert sorted(map(str, found[table])) == sorted(map(str, rows))
    outcome = gathered(tmp_path / "in", paths=(sample,))
    assert outcome.status == 3
    assert "港务处本部" in outcome.json["files"][0]["reason"]


def test_only_whole_numbers_are_added_up_by_declaration(tmp_path: Path) -> None:
    source = FORMS.parents[1] / "workbook" / "forms" / "linxiang-zhengti-2022"
    shutil.copytree(source, tmp_path / "f")
    text = (tmp_path / "f" / "form.toml").read_text(encoding="utf-8")
    wrong = text.replace(
        'label = "联系人"\ntype = "text"\n', 'label = "联系人"\ntype = "text"\nsummed = true\n', 1
    )
    assert wrong != text
    (tmp_path / "f" / "form.toml").write_text(wrong, encoding="utf-8")
    with pytest.raises(DeclarationError, match="only whole numbers are added up"):
        load_form(tmp_path / "f" / "form.toml")
