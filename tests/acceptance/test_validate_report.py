"""`validate --report`: the findings as a workbook, with a marked copy of the form; `-d`: a letter to each department."""

from pathlib import Path

import pytest
from openpyxl import load_workbook

from selfeval_xl.app.cli import run
from selfeval_xl.form.library import find_form
from selfeval_xl.jobs.build import contents
from tests.acceptance.calling import (
    COUNTY,
    DAMAGED,
    FORMS,
    NINE,
    SEED,
    data_of,
    filled,
    saved,
    seed,
    selfeval,
)
from tests.support.package_checks import problems


@pytest.fixture(scope="module")
def wrong(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook in which a total was typed over and a text stands for an amount."""
    folder = tmp_path_factory.mktemp("wrong")
    data = data_of(NINE)
    data["三公经费"][1]["公务接待费"] = "3.7万元"
    path = filled(saved(folder / "a.json", data), folder / "教育局.xlsx")
    book = load_workbook(path)
    book["收入"]["B6"] = 213.15
    book.save(path)
    return path


@pytest.fixture(scope="module")
def report(wrong: Path) -> Path:
    target = wrong.with_name("报告.xlsx")
    outcome = selfeval("validate", wrong, "--report", target)
    assert (outcome.status, outcome.err.strip()) == (1, f"已写入 {target}")
    return target


def test_excel_would_open_it_without_a_question(report: Path) -> None:
    assert problems(report) == []


def test_it_has_the_lists_first_and_then_the_form(report: Path) -> None:
    names = load_workbook(report).sheetnames
    assert names[:2] == ["总览", "问题"]
    assert {"封面", "收入", "三公经费", "校验"} <= set(names)


def test_cells_have_the_messages_as_notes_and_the_values_of_the_clerk(report: Path, wrong: Path) -> None:
    sheet = load_workbook(report)["收入"]
    assert sheet["B6"].value == 213.15
    assert sheet["B6"].comment.text.startswith("[错误] 收入!B6 ")
    assert "公式被改成了数值 213.15" in sheet["B6"].comment.text
    assert sheet["B6"].fill.fgColor.rgb == "FFFFC7CE"
    expected = load_workbook(wrong, data_only=True)["三公经费"]["C7"].value
    assert load_workbook(report)["三公经费"]["C7"].value == expected == "3.7万元"


def test_links_lead_to_the_copys_cells(report: Path) -> None:
    sheet = load_workbook(report)["问题"]
    cells = {sheet.cell(row, 4).value: sheet.cell(row, 5).value for row in range(4, sheet.max_row + 1)}
    assert cells["F-02"] == '=HYPERLINK("#收入!B6","收入!B6")'


def test_it_can_be_made_of_data_too(tmp_path: Path) -> None:
    data = seed()
    data["汇总"] = {"收入": {"收入合计": 300.0}}
    target = tmp_path / "r.xlsx"
    assert selfeval("validate", saved(tmp_path / "a.json", data), "--report", target).status == 1
    sheet = load_workbook(target)["收入"]
    assert (sheet["B5"].value, "填报 300.00 万元" in sheet["B5"].comment.text) == (300, True)


def test_a_folder_has_a_row_a_file_and_links_to_the_files(tmp_path: Path, wrong: Path) -> None:
    folder = tmp_path / "收到"
    folder.mkdir()
    (folder / wrong.name).write_bytes(wrong.read_bytes())
    (folder / DAMAGED.name).write_bytes(DAMAGED.read_bytes())
    target = tmp_path / "报告.xlsx"
    assert selfeval("validate", folder, SEED, "--report", target).status == 3
    assert problems(target) == []
    book = load_workbook(target)
    assert "封面" not in book.sheetnames
    files = [row[0].value for row in book["总览"].iter_rows(min_row=4)]
    assert '=HYPERLINK("收到/教育局.xlsx","教育局.xlsx")' in files
    cells = [row[4].value for row in book["问题"].iter_rows(min_row=4)]
    assert '=HYPERLINK("收到/教育局.xlsx#收入!B6","收入!B6")' in cells


def test_the_whole_county_in_one_workbook(tmp_path: Path) -> None:
    target = tmp_path / "r.xlsx"
    outcome = selfeval("validate", COUNTY, "--report", target, "--json")
    sheet = load_workbook(target)["问题"]
    findings = [finding for one in outcome.json["files"] for finding in one["findings"]]
    messages = [sheet.cell(row, 11).value for row in range(4, sheet.max_row + 1)]
    assert sorted(messages) == sorted(finding["message"] for finding in findings)


def test_a_report_is_no_file_to_be_checked_or_summed_up(tmp_path: Path, report: Path) -> None:
    (tmp_path / "r.xlsx").write_bytes(report.read_bytes())
    filled(SEED, tmp_path / "a.xlsx")
    outcome = selfeval("validate", tmp_path)
    assert outcome.status == 0
    assert "r.xlsx：跳过。是“报告”文件，不是填报表。" in outcome.err
    assert "r.xlsx" not in outcome.out
    assert selfeval("validate", tmp_path / "r.xlsx").status == 3
    assert "r.xlsx：跳过" in selfeval("consolidate", tmp_path, "-o", tmp_path / "s.xlsx").out


def test_a_second_run_into_the_same_folder_replaces_the_report_with_force(tmp_path: Path) -> None:
    filled(SEED, tmp_path / "a.xlsx")
    target = tmp_path / "r.xlsx"
    assert selfeval("validate", tmp_path, "--report", target).status == 0
    before = target.read_bytes()
    outcome = selfeval("validate", tmp_path, "--report", target)
    assert (outcome.status, target.read_bytes()) == (5, before)
    assert outcome.out == "", "that is known before anything is checked"
    assert selfeval("validate", tmp_path, "--report", target, "--force").status == 0
    assert target.read_bytes() == before


def test_a_file_that_is_checked_is_never_replaced(tmp_path: Path) -> None:
    path = filled(SEED, tmp_path / "a.xlsx")
    before = path.read_bytes()
    for words in ((path,), (tmp_path,)):
        outcome = selfeval("validate", *words, "--report", path, "--force")
        assert (outcome.status, path.read_bytes()) == (2, before)
        assert "输出文件与输入文件“a.xlsx”相同" in outcome.err
    assert selfeval("validate", path, "--report", tmp_path / "r.txt").status == 2


def test_last_years_file_is_never_replaced_either(tmp_path: Path) -> None:
    last = saved(tmp_path / "last" / "r.xlsx", {})
    for previous in (last, last.parent):
        words = ("--previous", previous, "--report", last, "--force")
        assert selfeval("validate", NINE, *words).status == 2
        assert last.read_text(encoding="utf-8") == "{}"


def test_another_form_has_its_report_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SELFEVAL_FORMS", str(FORMS))
    book = tmp_path / "w.xlsx"
    assert selfeval("new", "-o", book, "--form", "wharf").status == 0
    target = tmp_path / "r.xlsx"
    assert run(["validate", str(book), "--report", str(target)]) in (0, 1)
    assert problems(target) == []


def test_the_same_check_gives_the_same_bytes(tmp_path: Path, wrong: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        selfeval("validate", wrong, "--report", tmp_path / name)
    assert contents(tmp_path / "a.xlsx") == contents(tmp_path / "b.xlsx")


# Letters


def letters(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_every_department_gets_one_letter(tmp_path: Path) -> None:
    folder = tmp_path / "意见"
    outcome = selfeval("validate", COUNTY, "-d", folder)
    assert (outcome.status, outcome.err) == (3, f"已写入 13 份审核意见书：{folder}\n")
    assert len(letters(folder)) == 13
    assert {"审核意见书-101-云溪县财政局.xlsx", "审核意见书-13-damaged.xlsx"} <= set(letters(folder))
    for path in folder.iterdir():
        assert problems(path) == []


def test_two_files_of_one_department_are_one_letter_and_namesakes_are_two(tmp_path: Path) -> None:
    folder = tmp_path / "收到"
    for name, changes in {
        "a": {"部门编码": "201"},
        "b": {"部门编码": "201", "报送次数": 2},
        "c": {"部门编码": "202"},
        "d": {"部门(单位)名称": None, "部门编码": None},
    }.items():
        data = data_of(NINE)
        data["封面"] |= changes
        saved(folder / f"{name}.json", data)
    assert selfeval("validate", folder, "-d", tmp_path / "意见").status == 1
    assert letters(tmp_path / "意见") == [
        "审核意见书-201-云溪县教育局.xlsx",
        "审核意见书-202-云溪县教育局.xlsx",
        "审核意见书-d.xlsx",
    ]
    sheet = load_workbook(tmp_path / "意见" / "审核意见书-201-云溪县教育局.xlsx").active
    assert sheet is not None
    words = "".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value)
    assert "《a.json》（第 1 次报送" in words
    assert "《b.json》（第 2 次报送" in words


def test_a_letter_is_in_the_name_of_the_bureau_that_made_the_workbook(tmp_path: Path) -> None:
    book = tmp_path / "a.xlsx"
    assert selfeval("fill", NINE, "-o", book, "--settings", NINE.with_name("yunxi-settings.toml")).status == 0
    for words, maker in (((), "云溪县财政局"), (("--settings", form_settings()), "临湘市财政局")):
        assert selfeval("validate", book, "-d", tmp_path / maker, *words).status == 0
        (path,) = (tmp_path / maker).iterdir()
        sheet = load_workbook(path).active
        assert sheet is not None
        assert any(f"{maker}（盖章）" in str(cell.value) for row in sheet.iter_rows() for cell in row)


def form_settings() -> Path:
    return find_form("linxiang-zhengti").path.with_name("settings.toml")


def test_no_letter_is_written_where_one_of_them_is_there_already(tmp_path: Path) -> None:
    last = tmp_path / "审核意见书-13-damaged.xlsx"
    last.write_text("mine")
    assert selfeval("validate", COUNTY, "-d", tmp_path).status == 5
    assert letters(tmp_path) == [last.name]


def test_letters_are_never_replaced_without_force_and_are_no_files_to_be_checked(tmp_path: Path) -> None:
    filled(SEED, tmp_path / "a.xlsx")
    assert selfeval("validate", tmp_path, "-d", tmp_path).status == 0
    before = letters(tmp_path)
    outcome = selfeval("validate", tmp_path, "-d", tmp_path)
    assert (outcome.status, letters(tmp_path)) == (5, before)
    outcome = selfeval("validate", tmp_path, "-d", tmp_path, "--force")
    assert (outcome.status, letters(tmp_path)) == (0, before)
    assert outcome.err.count("跳过") == 1
