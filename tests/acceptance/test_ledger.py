"""The round trip: handed out, received, returned, sent again, passed, and only then summed up; kept in a ledger."""

import hashlib
import shutil
from pathlib import Path

import pandas
import pytest
from openpyxl import Workbook, load_workbook

from selfeval_xl.cells import ref
from selfeval_xl.jobs import ledger as ledger_job
from selfeval_xl.jobs.shelf import LEAST
from selfeval_xl.ooxml.read import read_book
from selfeval_xl.runs.store import VARIABLE
from tests.acceptance.calling import DAMAGED, ROOT, Data, Outcome, filled, parts, saved, selfeval, values_of
from tests.acceptance.test_consolidate import department, income, skipped
from tests.acceptance.test_dialects import DIALECTS
from tests.support import package_checks

ROSTER = "部门编码,部门名称,归口科室,状态\n101,东局,行政股,\n102,西局,农业股,\n103,南局,农业股,免报\n"
DAY = ("--received", "2023-04-03")
SETTINGS = (ROOT / "workbook/samples/yunxi-settings.toml").read_text(encoding="utf-8")
HEADER = ["部门编码", "部门名称", "归口科室", "收到日期", "报送次数", "SHA-256", "状态", "审核人", "审核日期"]
HEADER += ["退回意见", "采用文件", "复核得分", "复核等次", "公开网址", "备注"]


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """A bureau's folder on the day of handing out: roster, ledger, and nothing received yet."""
    (tmp_path / "名册.csv").write_text(ROSTER, encoding="utf-8")
    (tmp_path / "收到").mkdir()
    words = ("--roster", tmp_path / "名册.csv", "-d", tmp_path / "下发", "--ledger", tmp_path / "台账.xlsx")
    assert selfeval("new", *words).status == 0
    return tmp_path


def receive(
    office: Path, name: str, code: str, amount: float | str = 100, times: int = 1, **cover: object
) -> Path:
    who = {"101": "东局", "102": "西局", "103": "南局"}[code]
    data = department(who, code, amount, 报送次数=times, **cover)
    return saved(office / "收到" / name, data)


def validated(office: Path, *words: object) -> Outcome:
    return selfeval("validate", office / "收到", "--ledger", office / "台账.xlsx", *DAY, "--json", *words)


def consolidated(office: Path, *words: object) -> Outcome:
    ledger = ("--ledger", office / "台账.xlsx", *DAY)
    return selfeval(
        "consolidate", office / "收到", "-o", office / "汇总.xlsx", *ledger, "--json", "--force", *words
    )


def rows(ledger: Path) -> list[dict[str, object]]:
    """The ledger's rows by heading, as another program reads them."""
    sheet = load_workbook(ledger).worksheets[0]
    grid = [list(row) for row in sheet.iter_rows(values_only=True)]
    top = next(number for number, row in enumerate(grid) if "部门名称" in row)
    return [dict(zip(grid[top], row, strict=True)) for row in grid[top + 1 :]]


def states(ledger: Path) -> dict[object, object]:
    return {row["部门名称"]: row["状态"] for row in rows(ledger)}


def review(ledger: Path, name: str, **said: object) -> None:
    """What a reviewer types into the ledger in a program of their own."""
    book = load_workbook(ledger)
    sheet = book.worksheets[0]
    head = next(row for row in sheet.iter_rows() if any(cell.value == "部门名称" for cell in row))
    at = {cell.value: cell.column for cell in head}
    (row,) = (row[0].row for row in sheet.iter_rows() if row[at["部门名称"] - 1].value == name)
    for heading, value in said.items():
        sheet.cell(row, at[heading]).value = value
    book.save(ledger)


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_ledger_begins_with_who_is_due(office: Path) -> None:
    assert list(rows(office / "台账.xlsx")[0]) == HEADER
    assert states(office / "台账.xlsx") == {"东局": "未报", "西局": "未报"}
    assert sorted(path.name for path in (office / "下发").iterdir()) == ["101-东局.xlsx", "102-西局.xlsx"]
    assert package_checks.problems(office / "台账.xlsx") == []
    (choice,) = load_workbook(office / "台账.xlsx").worksheets[0].data_validations.dataValidation
    assert choice.formula1 == '"未报,已报,退回,重报,通过"'
    assert "G4" in choice.sqref


def test_what_is_received_is_entered(office: Path) -> None:
    file = receive(office, "a.json", "101")
    outcome = validated(office, "-d", office / "意见")
    assert outcome.status == 0
    assert outcome.json["ledger"]["states"] == {"未报": 1, "已报": 1, "退回": 0, "重报": 0, "通过": 0}
    assert outcome.json["ledger"]["entered"] == ["东局"]
    row = rows(office / "台账.xlsx")[0]
    assert [row[name] for name in HEADER[:7]] == [
        *("101", "东局", "行政股", "2023-04-03", 1, digest(file), "已报"),
    ]
    assert row["采用文件"] == "a.json"
    assert [path.name for path in (office / "意见").iterdir()] == ["审核意见书-101-东局.xlsx"]
    assert package_checks.problems(office / "台账.xlsx") == []


def test_a_season_from_return_to_passing(office: Path) -> None:
    ledger = office / "台账.xlsx"
    receive(office, "a.json", "101", 100)
    receive(office, "b.json", "102", 5)
    validated(office)
    review(ledger, "东局", 状态="退回", 审核人="某", 退回意见="支出不对")
    review(ledger, "西局", 状态="通过", 复核得分=91, 复核等次="优")
    assert [one["rule"] for one in consolidated(office).json["findings"]] == ["R-15"]
    receive(office, "c.json", "101", 200, times=2)
    outcome = validated(office)
    assert outcome.json["ledger"]["states"]["重报"] == 1
    again = rows(ledger)[0]
    assert (again["报送次数"], again["状态"], again["采用文件"]) == (2, "重报", "c.json")
    assert (again["审核人"], again["退回意见"]) == ("某", "支出不对")
    passed = consolidated(office, "--accepted-only")
    assert passed.status == 0
    assert income(passed) == "5.00"
    assert set(skipped(passed).values()) == {"台账没有标为通过"}
    assert passed.json["summary"]["control"] == {
        "found": 3,
        "read": 3,
        "accepted": 1,
        "skipped": 2,
        "refused": 0,
    }
    review(ledger, "东局", 状态="通过")
    assert income(consolidated(office, "--accepted-only")) == "205.00"


def test_another_file_than_the_passed_one_is_found(office: Path) -> None:
    receive(office, "a.json", "101", 100)
    receive(office, "b.json", "102", 5)
    validated(office)
    review(office / "台账.xlsx", "东局", 状态="通过")
    receive(office, "a.json", "101", 300)
    outcome = consolidated(office)
    assert outcome.status == 1
    (found,) = outcome.json["findings"]
    assert (found["rule"], found["cells"], found["item"]) == ("R-13", ["台账!G4"], "东局")
    assert income(outcome) == "305.00"
    only = consolidated(office, "--accepted-only")
    assert only.status == 1
    assert "没有可以汇总的文件" in only.err
    assert states(office / "台账.xlsx") == {"东局": "通过", "西局": "已报"}


def test_validate_finds_another_file_than_the_passed_one(office: Path) -> None:
    receive(office, "a.json", "101", 100)
    validated(office)
    review(office / "台账.xlsx", "东局", 状态="通过")
    receive(office, "b.json", "101", 300, times=2)
    outcome = validated(office)
    assert outcome.status == 1
    assert [one["rule"] for one in outcome.json["findings"]] == ["R-13"]
    assert [one["status"] for one in outcome.json["files"]] == ["info", "info"]


def test_a_workbook_of_the_same_data_is_no_rival_when_it_is_checked(office: Path) -> None:
    filled(receive(office, "a.json", "101", 100), office / "收到" / "a.xlsx")
    outcome = validated(office)
    assert outcome.status == 0
    assert outcome.json["ledger"]["entered"] == ["东局"]


def test_the_passed_file_decides_between_rivals(office: Path) -> None:
    receive(office, "a.json", "101", 100)
    validated(office)
    receive(office, "b.json", "101", 200)
    rivals = consolidated(office)
    assert rivals.status == 1
    assert [one["findings"][-1]["rule"] for one in rivals.json["files"]] == ["R-04", "R-04"]
    assert "没有可以汇总的文件" in rivals.err
    review(office / "台账.xlsx", "东局", 状态="通过")
    outcome = consolidated(office)
    assert (outcome.status, income(outcome)) == (0, "100.00")


def test_the_same_bytes_twice_are_counted_once(office: Path) -> None:
    file = receive(office, "a.json", "101", 100)
    shutil.copyfile(file, office / "收到" / "a (1).json")
    outcome = consolidated(office)
    assert (outcome.status, income(outcome)) == (0, "100.00")
    assert list(skipped(outcome).values()) == ["与“a.json”内容相同，只计一份"]


def test_another_report_under_the_same_number_goes_back_with_the_letter(office: Path) -> None:
    receive(office, "a.json", "101", 100)
    validated(office)
    review(office / "台账.xlsx", "东局", 状态="退回")
    receive(office, "a.json", "101", 300)
    outcome = validated(office, "-d", office / "意见")
    assert outcome.status == 1
    (found,) = [one for one in outcome.findings if one["rule"] == "R-14"]
    assert found["cells"] == ["封面!E9"] or found["cells"][0].startswith("封面!")
    letter = values_of(office / "意见" / "审核意见书-101-东局.xlsx")["审核意见书"]
    assert any("改为 2 再报" in str(value) for value in letter.values())
    assert states(office / "台账.xlsx")["东局"] == "退回"


def test_who_is_missing_is_named_with_where_the_roster_has_it(office: Path) -> None:
    receive(office, "a.json", "101")
    roster = ("--roster", office / "名册.csv")
    (found,) = consolidated(office, *roster).json["findings"]
    assert (found["rule"], found["severity"], found["cells"]) == ("R-01", "info", ["名册!B3"])
    settings = office / "settings.toml"
    settings.write_text(SETTINGS.replace('deadline = ""', 'deadline = "2023-03-31"'), encoding="utf-8")
    late = consolidated(office, *roster, "--settings", settings)
    assert late.status == 1
    assert "截止 2023-03-31" in late.json["findings"][0]["message"]
    screen = selfeval("consolidate", office / "收到", "-o", office / "b.xlsx", *roster).out
    assert "[提示] 名册!B3 西局：应报，还没有收到它的表" in screen
    assert "文件：找到 1，读出 1（采用 1，跳过 0），拒收 0。" in screen


def test_what_was_passed_or_sent_again_is_told_no_more(office: Path) -> None:
    receive(office, "a.json", "101", 100)
    receive(office, "b.json", "102", "5万")
    validated(office)
    review(office / "台账.xlsx", "东局", 状态="通过")
    review(office / "台账.xlsx", "西局", 状态="退回")
    receive(office, "c.json", "102", 5, times=2)
    words = ("--ledger", office / "台账.xlsx", "-d", office / "意见")
    outcome = selfeval("validate", office / "收到", *words)
    assert outcome.status == 0
    assert "文件 2 个，不再列出" in outcome.err
    assert [name in outcome.out for name in ("a.json", "b.json", "c.json")] == [False, False, True]
    assert [path.name for path in (office / "意见").iterdir()] == ["审核意见书-102-西局.xlsx"]
    assert [one["status"] for one in validated(office).json["files"]] == ["info", "errors", "info"]


def test_errors_of_what_is_set_aside_are_none_of_the_summarys(office: Path) -> None:
    receive(office, "a.json", "101", "5万")
    assert consolidated(office).status == 1
    receive(office, "b.json", "101", 5, times=2)
    outcome = consolidated(office)
    assert outcome.status == 0
    assert set(skipped(outcome)) == {"a.json"}
    screen = selfeval("consolidate", office / "收到", "-o", office / "b.xlsx")
    assert screen.status == 0
    assert [line for line in screen.out.splitlines() if "a.json" in line] == [
        f"{office / '收到' / 'a.json'}：跳过。同一部门另有“b.json”，采用那一份"
    ]


def test_the_summary_says_who_sent_what_does_not_count_and_what_roster_and_ledger_find(office: Path) -> None:
    receive(office, "a.json", "101", 100)
    validated(office)
    review(office / "台账.xlsx", "东局", 状态="通过", 复核得分=88, 复核等次="良")
    receive(office, "b.json", "102", 5)
    receive(office, "c.json", "101", 300, times=2)
    with (office / "名册.csv").open("a", encoding="utf-8") as file:
        file.write("104,北局,农业股,\n105,新局,农业股,\n")
    for name, amount in (("d", 1), ("e", 2)):
        saved(office / "收到" / f"{name}.json", department("新局", "105", amount))
    outcome = consolidated(office, "--accepted-only", "--roster", office / "名册.csv")
    assert outcome.status == 0
    summary = office / "汇总.xlsx"
    frame = pandas.read_excel(summary, sheet_name="报送情况", header=2, engine="calamine")
    assert dict(zip(frame["部门"], frame["状态"], strict=True)) == {
        "东局": "已采用",
        "西局": "未采用",
        "南局": "免报",
        "北局": "未报",
        "新局": "未采用",
    }
    caption = values_of(summary)["报送情况"]["A2"]
    assert caption == ("应报 4 个，已报 3 个，未报 1 个。文件：找到 5，读出 5（采用 1，跳过 4），拒收 0。")
    found = pandas.read_excel(summary, sheet_name="问题", header=2, engine="calamine")
    told = set(zip(found["规则"], found["部门"], strict=True))
    assert {("R-13", "东局"), ("R-01", "北局")} <= told
    overview = set(map(str, values_of(summary)["总表"].values()))
    assert {"88", "良"} <= overview or {"88.0", "良"} <= overview


def test_rivals_stand_among_the_findings_of_the_summary(office: Path) -> None:
    receive(office, "a.json", "101", 100)
    receive(office, "b.json", "101", 200)
    receive(office, "c.json", "102", 5)
    assert consolidated(office).status == 1
    found = pandas.read_excel(office / "汇总.xlsx", sheet_name="问题", header=2, engine="calamine")
    assert list(found[found["规则"] == "R-04"]["文件"]) == ["a.json", "b.json"]


def test_a_summary_is_written_anew_when_only_the_ledgers_findings_are_others(
    office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(office / "kept"))
    for number in range(LEAST):
        saved(office / "收到" / f"{number}.json", department(f"第{number}局", f"2{number:02}", 100))
    settings = office / "settings.toml"
    settings.write_text(SETTINGS.replace('deadline = ""', 'deadline = "2023-04-03"'), encoding="utf-8")
    words = ("--settings", settings, "--roster", office / "名册.csv")
    for expected in ("已写入", "不用重写"):
        outcome = consolidated(office, *words)
        assert (outcome.status, expected in outcome.err) == (0, True)
    late = consolidated(office, *words, "--received", "2023-04-04")
    assert (late.status, "已写入" in late.err) == (1, True)
    found = pandas.read_excel(office / "汇总.xlsx", sheet_name="问题", header=2, engine="calamine")
    assert list(found[found["规则"] == "R-01"]["级别"]) == ["错误"] * 2


def test_a_wrong_code_is_found_against_roster_and_ledger_once(office: Path) -> None:
    receive(office, "a.json", "101", 100)
    saved(office / "收到" / "b.json", department("西局", "101", 5, 报送次数=2))
    outcome = consolidated(office, "--roster", office / "名册.csv")
    assert outcome.status == 1
    found = [
        finding for one in outcome.json["files"] for finding in one["findings"] if finding["rule"] == "R-18"
    ]
    assert [(one["code"], one["expected"], one["item"]) for one in found] == [("code.other", "102", "西局")]
    assert states(office / "台账.xlsx") == {"东局": "未报", "西局": "未报"}
    alone = ("-o", office / "b.xlsx", "--roster", office / "名册.csv", "--json")
    told = selfeval("consolidate", office / "收到" / "b.json", *alone)
    assert [one["rule"] for one in told.findings if one["rule"][0] == "R"] == ["R-18"]


# What the reviewers wrote stays


def own_ledger(path: Path) -> Path:
    """A ledger as somebody keeps it: their own columns in their own order, colours, a comment, notes, other sheets."""
    book = Workbook()
    sheet = book.active
    sheet.title = "2022年度"
    sheet.append(["自评台账（内部）"])
    sheet.append(["序", "状态", "部门名称", "审核人", "分管领导", "SHA-256", "备注", "部门编码", "报送次数"])
    sheet.append([1, "退回", "东局", "某", "甲", "f" * 64, "已电话通知", 101, 1])
    sheet.append([2, None, "西局", None, "乙", None, None, 102, None])
    sheet["D3"].comment = package_comment()
    book.create_sheet("往年")["A1"] = "不要动"
    book.save(path)
    return path


def package_comment() -> object:
    from openpyxl.comments import Comment

    return Comment("下周再催", "某")


def test_what_is_not_the_programs_stays_to_the_byte(tmp_path: Path) -> None:
    ledger = own_ledger(tmp_path / "台账.xlsx")
    before = parts(ledger)
    saved(tmp_path / "in" / "a.json", department("东局", "101", 100, 报送次数=2))
    saved(tmp_path / "in" / "b.json", department("新局", "109", 5))
    outcome = selfeval("consolidate", tmp_path / "in", "-o", tmp_path / "s.xlsx", "--ledger", ledger, *DAY)
    assert outcome.status == 0
    after = parts(ledger)
    assert [name for name in before if before[name] != after[name]] == ["xl/worksheets/sheet1.xml"]
    assert set(before) == set(after)
    sheet = load_workbook(ledger)["2022年度"]
    assert sheet["D3"].comment.text == "下周再催"
    east, west, new = rows(ledger)
    assert list(east)[:9] == [
        "序",
        "状态",
        "部门名称",
        "审核人",
        "分管领导",
        "SHA-256",
        "备注",
        "部门编码",
        "报送次数",
    ]
    assert list(east)[9:] == ["收到日期", "采用文件"]
    kept = {"序": 1, "审核人": "某", "分管领导": "甲", "备注": "已电话通知", "部门编码": 101}
    assert {name: east[name] for name in kept} == kept
    assert (east["状态"], east["报送次数"], east["采用文件"]) == ("重报", 2, "a.json")
    assert (west["状态"], west["分管领导"]) == (None, "乙")
    assert (new["部门名称"], new["部门编码"], new["状态"], new["分管领导"]) == ("新局", "109", "已报", None)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_ledger_that_another_program_saved_is_entered_into(dialect: str, office: Path) -> None:
    ledger = office / "台账.xlsx"
    shutil.move(ledger, office / "ours.xlsx")
    DIALECTS[dialect](office / "ours.xlsx", ledger)
    is_sound = package_checks.problems(ledger) == []
    before = read_book(ledger)
    receive(office, "a.json", "101")
    assert validated(office).status == 0
    assert not is_sound or package_checks.problems(ledger) == []
    after = read_book(ledger)
    (sheet,) = after.sheets
    entered = {"D4", "E4", "F4", "G4", "K4"}
    assert {
        ref(*place)
        for place, value in after.sheets[sheet].values.items()
        if value != before.sheets[sheet].values.get(place)
    } == entered
    assert (after.properties, after.sheets[sheet].values[4, 7]) == (before.properties, "已报")


def test_nothing_new_leaves_the_file_alone(office: Path) -> None:
    receive(office, "a.json", "101")
    validated(office)
    before = (office / "台账.xlsx").stat()
    assert "已登记" not in validated(office).err
    after = (office / "台账.xlsx").stat()
    assert (before.st_mtime_ns, before.st_ino) == (after.st_mtime_ns, after.st_ino)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_text_ledger_keeps_its_encoding_and_its_columns(encoding: str, tmp_path: Path) -> None:
    ledger = tmp_path / "台账.csv"
    ledger.write_text('备注,状态,部门名称,分管\n"说,过了",,东局,甲\n', encoding=encoding)
    saved(tmp_path / "in" / "=a.json", department("东局", None, 100))
    assert selfeval("validate", tmp_path / "in", "--ledger", ledger, *DAY).status == 0
    lines = ledger.read_text(encoding="gb18030" if encoding == "gb18030" else "utf-8-sig").splitlines()
    assert lines[0] == "备注,状态,部门名称,分管,收到日期,报送次数,SHA-256,采用文件"
    assert lines[1].startswith('"说,过了",已报,东局,甲,2023-04-03,1,')
    assert lines[1].endswith(",'=a.json")


def test_a_new_text_ledger_is_made(tmp_path: Path) -> None:
    saved(tmp_path / "in" / "a.json", department("东局", "101", 100))
    assert selfeval("validate", tmp_path / "in", "--ledger", tmp_path / "new" / "账.csv", *DAY).status == 0
    lines = (tmp_path / "new" / "账.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == ",".join(HEADER)
    assert lines[1].startswith("101,东局,,2023-04-03,1,")


def test_roster_and_ledger_among_the_files_are_no_reports(tmp_path: Path) -> None:
    saved(tmp_path / "in" / "a.json", department("东局", "101", 100))
    ledger = own_ledger(tmp_path / "in" / "台账.xlsx")
    roster = tmp_path / "in" / "名册.xlsx"
    book = Workbook()
    book.active.append(["部门名称"])
    book.active.append(["东局"])
    book.save(roster)
    words = ("--ledger", ledger, "--roster", roster, "--json")
    outcome = selfeval("consolidate", tmp_path / "in", "-o", tmp_path / "s.xlsx", *words)
    assert [Path(one["file"]).name for one in outcome.json["files"]] == ["a.json"]
    checked = selfeval("validate", tmp_path / "in", "--ledger", ledger, "--json")
    assert [Path(one["file"]).name for one in checked.json["files"]] == ["a.json", "名册.xlsx"]


# Whole or not at all


@pytest.mark.parametrize("mark", ["~$台账.xlsx", ".~lock.台账.xlsx#"])
def test_a_ledger_that_somebody_has_open_stops_the_run_before_it_begins(mark: str, office: Path) -> None:
    receive(office, "a.json", "101")
    before = (office / "台账.xlsx").read_bytes()
    (office / mark).write_bytes(b"")
    for outcome in (validated(office, "-d", office / "意见"), consolidated(office)):
        assert outcome.status == 5
        assert "正在 Excel 或 WPS 中打开" in outcome.err
    assert (office / "台账.xlsx").read_bytes() == before
    assert not (office / "汇总.xlsx").exists()
    assert not (office / "意见").exists()


def test_a_ledger_changed_meanwhile_is_not_written_over(
    office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    receive(office, "a.json", "101")
    content = ledger_job._content

    def slow(ledger: ledger_job.Ledger) -> bytes | None:
        review(office / "台账.xlsx", "西局", 备注="刚写的")
        return content(ledger)

    monkeypatch.setattr(ledger_job, "_content", slow)
    outcome = validated(office)
    assert outcome.status == 5
    assert "被人改动" in outcome.err
    assert [row["备注"] for row in rows(office / "台账.xlsx")] == [None, "刚写的"]
    assert not list(office.glob(".~*"))


def test_a_summary_that_cannot_be_written_leaves_the_ledger_as_it_was(office: Path) -> None:
    receive(office, "a.json", "101")
    (office / "汇总.xlsx").write_bytes(b"")
    before = (office / "台账.xlsx").read_bytes()
    words = ("--ledger", office / "台账.xlsx")
    assert selfeval("consolidate", office / "收到", "-o", office / "汇总.xlsx", *words).status == 5
    assert (office / "台账.xlsx").read_bytes() == before


def test_files_that_cannot_be_read_are_not_entered(office: Path) -> None:
    shutil.copyfile(DAMAGED, office / "收到" / "东局.xlsx")
    assert validated(office).status == 3
    assert states(office / "台账.xlsx") == {"东局": "未报", "西局": "未报"}


def test_a_ledger_alone_can_be_the_first_output(tmp_path: Path) -> None:
    book = filled(saved(tmp_path / "a.json", department("东局", "101", 100)), tmp_path / "in" / "a.xlsx")
    outcome = selfeval("validate", book, "--ledger", tmp_path / "台账.xlsx")
    assert outcome.status == 0
    assert "已登记台账" in outcome.err
    assert rows(tmp_path / "台账.xlsx")[0]["SHA-256"] == digest(book)


@pytest.mark.parametrize(
    "words",
    [
        "consolidate {in} -o {out}.xlsx --accepted-only",
        "consolidate {in} -o {out}.xlsx --accepted-only --ledger {none}.xlsx",
        "consolidate {in} -o {out}.xlsx --ledger {out}.ods",
        "consolidate {in} -o {out}.xlsx --ledger {in}",
        "consolidate {in} -o {out}.xlsx --ledger {in}/a.json",
        "consolidate {in} -o {out}.xlsx --ledger {book}",
        "consolidate {in} -o {out}.xlsx --level department --ledger {none}.xlsx",
        "validate {in} --ledger {book}",
        "validate {in} --received 2023-04-03",
        "validate {in} --ledger {none}.xlsx --received 2023-4-31",
        "validate {in} --ledger {none}.xlsx --received today",
        "new -o {out}.xlsx --ledger {none}.xlsx",
    ],
)
def test_wrong_usage_of_a_ledger_writes_nothing(words: str, tmp_path: Path) -> None:
    saved(tmp_path / "in" / "a.json", department("东局", "101", 100))
    book = Workbook()
    book.active.append(["部门名称", "备注"])
    book.save(tmp_path / "other.xlsx")
    paths = {"in": tmp_path / "in", "out": tmp_path / "out", "none": tmp_path / "none"}
    before = (tmp_path / "other.xlsx").read_bytes()
    outcome = selfeval(*words.format(**paths, book=tmp_path / "other.xlsx").split())
    assert (outcome.status, outcome.out) == (2, "")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "other.xlsx"]
    assert (tmp_path / "other.xlsx").read_bytes() == before


def test_a_formula_where_the_program_enters_is_left_alone(office: Path) -> None:
    receive(office, "a.json", "101")
    review(office / "台账.xlsx", "东局", 状态='=IF(1,"未报","")')
    before = (office / "台账.xlsx").read_bytes()
    outcome = validated(office)
    assert outcome.status == 2
    assert "G4 是公式" in outcome.err
    assert (office / "台账.xlsx").read_bytes() == before


def shape(result: Data) -> set[str]:
    return set(result)


def test_json_has_the_ledger_only_where_one_is_named(office: Path) -> None:
    receive(office, "a.json", "101")
    assert shape(selfeval("validate", office / "收到", "--json").json) == {"files", "totals"}
    assert shape(validated(office).json) == {"files", "totals", "findings", "ledger"}
    assert shape(consolidated(office).json) == {"files", "totals", "findings", "ledger", "summary"}


def test_reviewers_scores_stand_beside_the_departments_own_and_rank_them(office: Path) -> None:
    receive(office, "a.json", "101")
    receive(office, "b.json", "102")
    consolidated(office)
    review(office / "台账.xlsx", "西局", 复核得分=99, 复核等次="优")
    review(office / "台账.xlsx", "东局", 复核得分=70)
    consolidated(office)
    sheet = load_workbook(office / "汇总.xlsx", data_only=True)["得分排名"]
    found = [[cell.value for cell in row][:7] for row in sheet.iter_rows(min_row=4)]
    assert [[row[0], row[2], row[5], row[6]] for row in found] == [
        [1, "西局", 99, "优"],
        [2, "东局", 70, "中"],
    ]
