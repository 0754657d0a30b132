"""`selfeval live` and `selfeval doctor` as they are called."""

from tests.acceptance.calling import selfeval
from tests.support import fake_com, reports
from tests.support.fake_com import Desk

SEED = reports.SAMPLES / "seed-2022.json"


def opened(**about: object) -> fake_com.Contents:
    return fake_com.opened(reports.filled(reports.report(SEED)), **about)


def test_findings_come_on_the_screen_and_into_the_workbook() -> None:
    contents = opened()
    contents.page("收入").cells[6, 4].value = 100.0
    with fake_com.excel(Desk(books=[contents])):
        outcome = selfeval("live")
    assert outcome.status == 1
    assert outcome.out.startswith("自评表.xlsm（")
    assert "[错误] 收入!" in outcome.out
    assert "逐条写在“校验”表右边" in outcome.err
    assert contents.page("校验").cells[6, 14].value == "错误"


def test_json_is_what_validate_gives() -> None:
    with fake_com.excel(Desk(books=[opened()])):
        outcome = selfeval("live", "自评表.xlsm", "--json")
    assert outcome.status == 0
    assert outcome.file["file"] == "自评表.xlsm"
    assert outcome.findings


def test_several_books_are_listed_and_nothing_is_done() -> None:
    desk = Desk(books=[opened(), opened(path=r"C:\x\第二份.xlsm")])
    with fake_com.excel(desk):
        outcome = selfeval("live")
        wrong = selfeval("live", "第三份.xlsm")
    assert (outcome.status, wrong.status) == (2, 2)
    assert "自评表.xlsm、第二份.xlsm" in outcome.err
    assert "没有打开“第三份.xlsm”" in wrong.err
    assert not desk.writes


def test_a_refused_book_has_the_status_of_a_refused_file() -> None:
    contents = opened()
    contents.pages = [page for page in contents.pages if page.name != "支出"]
    with fake_com.excel(Desk(books=[contents])):
        outcome = selfeval("live")
    assert outcome.status == 3
    assert "支出" in outcome.out


def test_an_excel_that_does_not_answer_cannot_be_written_to() -> None:
    with fake_com.excel(Desk(books=[opened()], rejects=-1)):
        outcome = selfeval("live")
    assert outcome.status == 5
    assert "按回车或 Esc" in outcome.err


def test_no_excel_open_is_wrong_usage() -> None:
    with fake_com.excel():
        outcome = selfeval("live")
    assert outcome.status == 2
    assert "Excel 没有打开" in outcome.err


def test_doctor_says_how_it_stands() -> None:
    outcome = selfeval("doctor")
    assert outcome.status == 0
    assert outcome.out.startswith("[好] Python")
    assert "不适用" in outcome.out
