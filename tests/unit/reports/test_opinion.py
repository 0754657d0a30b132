"""The letter to a department: result, what to put right, what it is asked to do; no doubts."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from selfeval_xl.blueprint.model import SheetPlan
from selfeval_xl.consolidation.reduce import Reduced
from selfeval_xl.findings import Finding, message
from selfeval_xl.form.model import Settings
from selfeval_xl.reports.opinion import PHRASES, for_department, opinion
from selfeval_xl.texts import catalogue
from tests.support.small_report import at, form, settings

ERROR = Finding("N-02", "cell.not_number", "error", (at("收入!C6"),), actual="无")
FOLLOWER = replace(ERROR, rule="I-01", cells=(at("收入!B6"),), follows=ERROR.id)
WARNING = Finding("N-04", "label.changed", "warning", (at("收入!C3"),), actual="其中：3.7", expected="其中：")
EXPLAINED = replace(WARNING, cells=(at("收入!D3"),), explanation="另有叫法")
INFO = Finding("N-05", "cell.blank", "info", (at("收入!C7"),), facts={"count": "1", "list": "收入!C7"})
# Findings about no single file, and about summaries and entities, of which there is no letter.
OF_THE_BUREAU = (
    *("finding.roster.", "finding.ledger.", "finding.summary.", "finding.filed."),
    *("refused.summary", "refused.several_entities", "refused.second_head"),
)
DOUBT = replace(INFO, rule="X-12", is_doubt=True)


def checked(*findings: Finding, **changes: Any) -> Reduced:
    facts: dict[str, Any] = {"form_path": form().path, "department": "某局", "code": "007", "year": 2022}
    return Reduced(Path("a.xlsx"), **{"status": "errors", "findings": list(findings), **facts, **changes})


def letter(*files: Reduced, used: Settings | None = None) -> SheetPlan:
    return opinion(files, form(), used or settings()).sheets["审核意见书"]


def texts(sheet: SheetPlan) -> list[str]:
    return [str(plan.value) for _, plan in sorted(sheet.cells.items()) if plan.value]


def test_it_names_who_gets_it_what_was_received_and_when() -> None:
    found = texts(letter(checked(revision=Decimal(2), report_date="2023-09-09")))
    assert found[:5] == [
        "审核意见书",
        f"{settings().region}2022年度{form().name}",
        "某局（007）：",
        "收到你单位报送的《a.xlsx》（第 2 次报送，报告日期 2023-09-09）。经审核，意见如下。",
        "审核结果：通过（已写明原因的 0 项，提示 0 项）。",
    ]
    assert "收到你单位报送的《a.xlsx》（第 1 次报送）。经审核，意见如下。" in texts(letter(checked()))


def test_what_has_to_be_done_is_a_row_each_worst_first() -> None:
    sheet = letter(checked(INFO, WARNING, EXPLAINED, ERROR, FOLLOWER))
    rows = [[sheet.cells[row, column].value for column in (1, 2, 4)] for row in (7, 8, 9)]
    assert rows == [
        ["1", "必须改正", "N-02\n填表说明第2条"],
        ["2", "改正或说明", "N-04\n填表说明第1条"],
        ["3", "请核对", "N-05\n填表说明第3条"],
    ]
    assert str(sheet.cells[7, 3].value).startswith("收入!C6：应为数字，现为“无”。")
    assert str(sheet.cells[7, 3].value).endswith("（由此引起的另 1 处，改好后自行消失。）")
    found = texts(sheet)
    assert "审核结果：退回修改（错误 1 项，需说明而未说明的 1 项，已写明原因的 1 项，提示 1 项）。" in found
    assert not any("收入!D3" in one for one in found), "an explained difference is not asked for again"


def test_an_open_warning_alone_sends_it_back_and_an_explained_one_does_not() -> None:
    assert any("退回修改" in one for one in texts(letter(checked(WARNING))))
    assert any("通过（已写明原因的 1 项" in one for one in texts(letter(checked(EXPLAINED))))


def test_a_doubt_is_not_for_the_department() -> None:
    found = texts(letter(checked(doubts=[DOUBT])))
    assert "所报各项没有需要改正或说明的问题。" in found
    for one in [*found, *texts(letter(checked(ERROR, doubts=[DOUBT])))]:
        assert "X-12" not in one
        assert "收入!C7" not in one


def test_it_says_what_to_do_next_and_by_when() -> None:
    sheet = letter(
        checked(ERROR, revision=Decimal(3)),
        used=replace(settings(), deadline="2023-03-31", maker="某县财政局"),
    )
    asked = next(one for one in texts(sheet) if "必须改正”的改正" in one)
    assert "在“校验”表下方写明原因和差额" in asked
    assert asked.endswith("重报时“报送次数”填 4。填报截止日期：2023-03-31。")
    assert "某县财政局（盖章）" in "".join(texts(sheet))
    assert "截止日期" not in "".join(texts(letter(checked(ERROR))))


def test_a_refused_file_is_sent_back_with_the_reason() -> None:
    found = texts(letter(Reduced(Path("b.xlsx"), "refused", "文件已损坏。")))
    assert "收到文件《b.xlsx》，未能受理：文件已损坏。" in found
    assert "审核结果：退回重报。" in found
    assert not any("必须改正" in one for one in found)


def spoken_to_departments() -> dict[str, str]:
    """Every sentence that may stand in a letter, as it stands there."""
    return {
        key: for_department(text)
        for key, text in catalogue().items()
        if key.startswith(("finding.", "refused.", "cause.")) and not key.startswith(OF_THE_BUREAU)
    }


@pytest.mark.parametrize("word", ["selfeval", "更新程序", "改名册", "退回部门", "未汇总", "催报", "--"])
def test_no_letter_asks_a_department_for_what_only_the_bureau_can_do(word: str) -> None:
    assert [key for key, text in spoken_to_departments().items() if word in text] == []


def test_every_phrase_that_a_letter_says_otherwise_is_one_that_is_said() -> None:
    said = [text for key, text in catalogue().items() if key.startswith(("finding.", "refused."))]
    for phrase in PHRASES:
        assert any(catalogue()[f"chair.{phrase}"] in text for text in said), phrase


def test_a_letter_about_rivals_says_what_the_department_has_to_decide() -> None:
    rival = Finding("R-04", "duplicate.conflict", "error", (at("封面!C3"),), facts={"name": "b.xlsx"})
    (told,) = [one for one in texts(letter(checked(rival))) if "b.xlsx" in one]
    assert told.endswith("都没有采用。请核定以哪一份为准，照下面的次数重报，另一份作废。")


def test_a_letter_about_lost_formulas_says_what_can_be_done_without_the_program() -> None:
    lost = Finding("F-02", "formula.lost", "error", (at("收入!B6"),), actual="1", expected="2")
    (told,) = [one for one in texts(letter(checked(lost))) if "收入!B6" in one]
    assert told.endswith("撤消不了的，换下发的空白表，把填的内容按数值粘过去，或请财政局重做。")
    assert "selfeval repair" in message(lost)


def test_of_several_files_each_has_its_rows_under_its_name() -> None:
    sheet = letter(checked(ERROR), replace(checked(WARNING), path=Path("b.xlsx")))
    column = [sheet.cells[row, 1].value for row in range(7, 12)]
    assert column == ["序号", "a.xlsx", "1", "b.xlsx", "1"]
    assert "审核结果：退回修改（错误 1 项，需说明而未说明的 1 项，" in "".join(texts(sheet))


def test_it_prints_on_upright_pages_with_the_signatures_together() -> None:
    sheet = letter(checked(ERROR))
    assert (sheet.landscape, sheet.print_columns, sheet.print_bottom) == (False, 4, sheet.last_row)
    assert [run[1] for run in sheet.keep] == [sheet.last_row]
