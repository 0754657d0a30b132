"""What was received goes into the ledger by its time of reporting; what does not go together is found."""

import datetime
from decimal import Decimal as D
from pathlib import Path

import pytest

from selfeval_xl.cells import Address
from selfeval_xl.consolidation.entering import Entered, Entering, code_findings, not_reported
from selfeval_xl.consolidation.ledger import Ledger, read_ledger
from selfeval_xl.consolidation.reduce import Reduced
from selfeval_xl.consolidation.roster import Roster, RosterRow
from selfeval_xl.consolidation.select import Selection
from selfeval_xl.findings import ERROR, INFO, WARNING, message

HEAD = "部门编码,部门名称,收到日期,报送次数,SHA-256,状态,采用文件,备注,复核得分,审核日期\n"
DAY = datetime.date(2023, 4, 3)


def ledger(*lines: str) -> Ledger:
    return read_ledger(Path("台账.csv"), (HEAD + "\n".join(lines)).encode())


def report(sha256: str, revision: int = 1, *, content: str = "", **facts: str) -> Reduced:
    return Reduced(
        Path(f"{sha256}.xlsx"),
        "clean",
        department=facts.get("department", "东局"),
        code=facts.get("code", "101"),
        revision=D(revision),
        sha256=sha256,
        content=content or sha256,
        revision_cell=Address("封面", 9, 5),
    )


def entered(book: Ledger, *files: Reduced, passed_only: bool = False, whole: bool = True) -> Entered:
    entering = Entering(book, DAY, all=whole, passed_only=passed_only)
    return entering.enter(Selection(accepted=list(files)))


def row(book: Ledger) -> str:
    names = ("received", "revision", "hash", "state", "file", "remark")
    return ",".join(book.rows[0].text(name) or "" for name in names)


# What stood there, what comes, what stands there then.
TURNS = {
    "nothing, the first": ("101,东局,,,,,,问", "a1", 1, "2023-04-03,1,a1,已报,a1.xlsx,问"),
    "missing, the first": ("101,东局,,,,未报,,", "a1", 1, "2023-04-03,1,a1,已报,a1.xlsx,"),
    "missing, a second": ("101,东局,,,,未报,,", "a2", 2, "2023-04-03,2,a2,重报,a2.xlsx,"),
    "the same again": ("101,东局,2023-03-01,1,A1,已报,甲.xlsx,", "a1", 1, "2023-03-01,1,A1,已报,甲.xlsx,"),
    "returned, the same": (
        "101,东局,2023-03-01,1,a1,退回,甲.xlsx,",
        "a1",
        1,
        "2023-03-01,1,a1,退回,甲.xlsx,",
    ),
    "returned, a later": (
        "101,东局,2023-03-01,1,a1,退回,甲.xlsx,问",
        "a2",
        2,
        "2023-04-03,2,a2,重报,a2.xlsx,问",
    ),
    "reported, a later": ("101,东局,2023-03-01,1,a1,已报,甲.xlsx,", "a2", 2, "2023-04-03,2,a2,重报,a2.xlsx,"),
    "passed by hand": ("101,东局,,1,,通过,,", "a1", 1, "2023-04-03,1,a1,通过,a1.xlsx,"),
    "digest taken out": ("101,东局,2023-03-01,1,,重报,甲.xlsx,", "b1", 1, "2023-03-01,1,b1,重报,b1.xlsx,"),
}


@pytest.mark.parametrize("turn", TURNS)
def test_a_report_is_entered(turn: str) -> None:
    before, sha256, revision, after = TURNS[turn]
    book = ledger(before)
    result = entered(book, report(sha256, revision), whole=False)
    assert row(book) == after
    assert result.findings == []


# The same where the form does not count the times.
UNCOUNTED = {
    "the first": ("101,东局,,,,未报,,", "2023-04-03,1,b1,已报,b1.xlsx,"),
    "the same": ("101,东局,2023-03-01,4,b1,退回,乙.xlsx,", "2023-03-01,4,b1,退回,乙.xlsx,"),
    "another": ("101,东局,2023-03-01,1,a1,已报,甲.xlsx,", "2023-04-03,2,b1,重报,b1.xlsx,"),
    "another after a return": ("101,东局,2023-03-01,2,a1,退回,甲.xlsx,", "2023-04-03,3,b1,重报,b1.xlsx,"),
    "digest taken out": ("101,东局,2023-03-01,3,,重报,甲.xlsx,", "2023-03-01,3,b1,重报,b1.xlsx,"),
    "another after it was passed": ("101,东局,,1,a1,通过,甲.xlsx,", ",1,a1,通过,甲.xlsx,"),
}


@pytest.mark.parametrize("case", UNCOUNTED)
def test_where_a_form_counts_no_times_another_file_is_the_next(case: str) -> None:
    before, after = UNCOUNTED[case]
    book, one = ledger(before), report("b1")
    one.revision_cell = None
    result = entered(book, one, whole=False)
    assert row(book) == after
    assert [found.rule for found in result.findings] == ["R-13"] * ("passed" in case)
    assert one.findings == []


UNREADABLE = {
    "101,东局,上周,1,a1,已报,,,,": ("台账!C2", "收到日期“上周”不是日期"),
    "101,东局,2023-02-30,1,a1,已报,,,,": ("台账!C2", "收到日期“2023-02-30”不是日期"),
    "101,东局,,1,a1,已报,,,,6月底": ("台账!J2", "审核日期“6月底”不是日期"),
    "101,东局,,1,a1,已报,,,九十,": ("台账!I2", "复核得分“九十”不是 0 至 100 的数"),
    "101,东局,,1,a1,已报,,,950,": ("台账!I2", "复核得分“950”不是 0 至 100 的数"),
    "101,东局,,1,a1,已退,,,,": ("台账!F2", "状态“已退”不认识"),
    "101,东局,,1.5,a1,已报,,,,": ("台账!D2", "报送次数“1.5”不是大于 0 的整数"),
    "101,东局,,0,a1,已报,,,,": ("台账!D2", "报送次数“0”不是大于 0 的整数"),
}


@pytest.mark.parametrize("line", UNREADABLE)
def test_what_nobody_can_read_is_told_with_its_cell_whether_or_not_a_report_came(line: str) -> None:
    cell, said = UNREADABLE[line]
    (found,) = entered(ledger(line), whole=False).findings
    assert (found.rule, found.severity, str(found.cells[0])) == ("R-17", WARNING, cell)
    assert message(found).startswith(f"{cell} 东局：{said}")


@pytest.mark.parametrize(
    "day", ["2023-06-30", "2023/6/30", "2023.06.30", "2023年6月30日", "20230630", "45107"]
)
def test_days_may_be_written_in_the_usual_ways(day: str) -> None:
    assert entered(ledger(f"101,东局,{day},1,a1,已报,,,90.5,{day}"), whole=False).findings == []


def test_a_row_in_an_unknown_state_is_counted_apart() -> None:
    book = ledger("101,东局,,1,a1,已退,,,,", "102,西局,,1,b1,已报,,,,")
    assert (book.counts["reported"], sum(book.counts.values()), book.uncounted) == (1, 1, 1)


def test_a_score_out_of_range_ranks_nobody() -> None:
    assert ledger("101,东局,,1,a1,通过,,,950,").review_of("101", None) == (None, None)


def test_entering_twice_changes_nothing_more() -> None:
    book = ledger("101,东局,,,,未报,,")
    entered(book, report("a1"))
    first = row(book)
    assert entered(book, report("a1"), whole=False).findings == []
    assert row(book) == first


# What does not go together leaves the row as it was.
WRONG = {
    "passed, a later": ("101,东局,,1,a1,通过,甲.xlsx,", "a2", 2, "R-13", ERROR, "第 2 次"),
    "passed, another": ("101,东局,,1,a1,通过,甲.xlsx,", "b1", 1, "R-13", ERROR, "甲.xlsx"),
    "an older": ("101,东局,,2,a2,重报,乙.xlsx,", "a1", 1, "R-16", ERROR, "只找到第 1 次"),
    "passed, an older": ("101,东局,,2,a2,通过,乙.xlsx,", "a1", 1, "R-16", ERROR, "乙.xlsx"),
    "an unknown state": ("101,东局,,1,a1,搁置,甲.xlsx,", "a1", 1, "R-17", WARNING, "搁置"),
    "no number": ("101,东局,,首次,a1,已报,甲.xlsx,", "a2", 2, "R-17", WARNING, "首次"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_does_not_go_with_the_ledger_is_found_and_the_row_stays(case: str) -> None:
    before, sha256, revision, rule, severity, said = WRONG[case]
    book = ledger(before)
    result = entered(book, report(sha256, revision))
    (found,) = result.findings
    cell = "台账!D2" if case == "no number" else "台账!F2"
    assert (found.rule, found.severity, str(found.cells[0])) == (rule, severity, cell)
    assert said in message(found)
    assert "东局" in message(found)
    assert not book.is_changed
    assert result.departments == []


def test_another_report_under_the_same_number_is_found_in_the_report_itself() -> None:
    book, one = ledger("101,东局,,1,a1,退回,甲.xlsx,"), report("b1")
    assert entered(book, one).findings == []
    (found,) = one.findings
    assert (found.rule, found.severity, str(found.cells[0])) == ("R-14", ERROR, "封面!E9")
    assert "“甲.xlsx”" in message(found)
    assert "改为 2 " in message(found)
    assert one.status == "errors"
    assert not book.is_changed


def test_the_same_report_in_another_file_is_nothing_new() -> None:
    """The finished sheet made of the workbook that was passed lies beside it."""
    book = ledger("101,东局,2023-03-01,1,a1,通过,甲.xlsx,")
    final, source = report("f1", content="one"), report("a1", content="one")
    selection = Selection(accepted=[final], skipped=[(source, "")])
    assert Entering(book, DAY, all=True).enter(selection).findings == []
    assert not book.is_changed


def test_a_returned_report_that_counts_all_the_same_is_found_where_everything_is_summed_up() -> None:
    line = "101,东局,2023-03-01,1,a1,退回,a1.xlsx,"
    (found,) = entered(ledger(line), report("a1")).findings
    assert (found.rule, found.severity) == ("R-15", WARNING)
    assert entered(ledger(line), report("a1"), whole=False).findings == []
    assert entered(ledger(line), report("a1"), passed_only=True).findings == []


def test_what_the_ledger_names_and_nobody_has_is_found_where_everything_is_summed_up() -> None:
    lines = ("101,东局,,1,a1,已报,甲.xlsx,", "102,西局,,2,b2,通过,乙.xlsx,", "103,南局,,,,未报,,")
    (found,) = entered(ledger(*lines), report("a1")).findings
    assert (found.rule, found.severity, found.item, str(found.cells[0])) == ("R-16", ERROR, "西局", "台账!F3")
    assert entered(ledger(*lines), report("a1"), whole=False).findings == []


def test_rivals_are_there_though_neither_is_entered() -> None:
    book = ledger("101,东局,,1,a1,已报,甲.xlsx,")
    selection = Selection(conflicts=[report("a2", 2), report("b2", 2)])
    assert Entering(book, DAY, all=True).enter(selection).findings == []
    assert not book.is_changed


def test_a_later_report_is_a_doubt_only_while_the_passed_one_still_counts() -> None:
    line = "101,东局,,1,a1,通过,a1.xlsx,"
    selection = Selection(accepted=[report("a2", 2)], skipped=[(report("a1"), "")])
    result = Entering(ledger(line), DAY, all=True, passed_only=True).enter(selection)
    assert [(one.rule, one.severity) for one in result.findings] == [("R-13", WARNING)]
    alone = entered(ledger(line), report("a2", 2), passed_only=True)
    assert [(one.rule, one.severity) for one in alone.findings] == [("R-13", ERROR)]


# A code that is another department's

CODES = {
    "another department's": ("西局", "101", [("R-18", ERROR, "code.other")], ["已报", "未报"]),
    "a new name": ("东部事务局", "101", [("R-18", WARNING, "code.other_name")], ["重报", "未报"]),
    "a short name": ("某县东局", "101", [("R-18", INFO, "code.other_name")], ["重报", "未报"]),
    "the right one": ("东 局", "101", [], ["重报", "未报"]),
    "none": ("西局", "", [], ["已报", "重报"]),
    "one that nobody has": ("西局", "109", [], ["已报", "未报", "重报"]),
}


@pytest.mark.parametrize("case", CODES)
def test_a_report_under_another_departments_code_does_not_take_its_row(case: str) -> None:
    name, code, wanted, after = CODES[case]
    book = ledger("101,东局,,1,a1,已报,甲.xlsx,", "102,西局,,,,未报,,")
    one = report("b2", 2, department=name, code=code)
    entered(book, one, whole=False)
    if case in ("a new name", "a short name"):
        one.findings += code_findings(one, ("101", "东局"), None)
    assert [(found.rule, found.severity, found.code) for found in one.findings] == wanted
    assert [row.text("state") for row in book.rows] == after
    if wanted and wanted[0][1] == ERROR:
        assert "编码填的是 101，那是“东局”的，它自己的是 102" in message(one.findings[0])
        assert one.status == "errors"


def roster(*rows: RosterRow) -> Roster:
    for line, one in enumerate(rows, start=2):
        one.line = line
    return Roster(list(rows), "名册", 2)


def test_who_is_due_is_added_and_what_the_roster_knows_is_filled_in() -> None:
    book = ledger(",东局,,,,,,", "102,西局,,1,b1,通过,乙.xlsx,")
    due = roster(
        RosterRow("东局", "101", None, office="行政股"),
        RosterRow("西局", "102", None, office="教科文股"),
        RosterRow("北局", "104", None, office="农业股"),
        RosterRow("南局", "103", "免报"),
    )
    result = Entering(book, DAY).enter(Selection(accepted=[report("e1", code="105", department="新局")]), due)
    shown = [
        [row.text(name) or "" for name in ("code", "department", "office", "state", "hash")]
        for row in book.rows
    ]
    assert shown == [
        ["101", "东局", "行政股", "未报", ""],
        ["102", "西局", "教科文股", "通过", "b1"],
        ["104", "北局", "农业股", "未报", ""],
        ["105", "新局", "", "已报", "e1"],
    ]
    assert result.departments == ["东局", "西局", "北局", "新局"]


def test_who_is_due_and_sent_nothing_is_named_by_the_roster_else_by_the_ledger() -> None:
    due = roster(
        RosterRow("东局", "101", None), RosterRow("西局", "102", None), RosterRow("南局", "103", "免报")
    )
    book = ledger("101,东局,,,,已报,,", "104,北局,,,,未报,,")
    (found,) = not_reported([report("a1")], due, book, "", DAY)
    assert (found.rule, found.severity, found.item, str(found.cells[0])) == ("R-01", INFO, "西局", "名册!B3")
    (found,) = not_reported([report("a1")], None, book, "", DAY)
    assert (found.item, str(found.cells[0])) == ("北局", "台账!F3")
    assert not_reported([report("a1")], None, None, "", DAY) == []


@pytest.mark.parametrize(("deadline", "severity"), [("2023-04-02", ERROR), ("2023-04-03", INFO), ("", INFO)])
def test_it_is_an_error_once_the_deadline_is_over(deadline: str, severity: str) -> None:
    (found,) = not_reported([], roster(RosterRow("西局", "102", None)), None, deadline, DAY)
    assert found.severity == severity
    assert (f"截止 {deadline}" in message(found)) == bool(deadline)
