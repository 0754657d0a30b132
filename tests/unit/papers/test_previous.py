"""Which of last year's files is a department's, and what another edition calls its items."""

from decimal import Decimal as D
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from selfeval_xl.consolidation.reduce import Remark
from selfeval_xl.form.load import load_form
from selfeval_xl.names import match_key
from selfeval_xl.papers.figures import Figures, Row, as_in, figures_of
from selfeval_xl.papers.items import item_key, items_by_name, leaves
from selfeval_xl.papers.previous import PastFile, choose, past_files
from tests.acceptance.calling import saved
from tests.support import reports
from tests.support import small_report as small
from tests.support.two_years import last_year, trail_of

NAME = "某县某某局"


def past(path: str, **changes: Any) -> PastFile:
    one = PastFile(Path(path), "linxiang-zhengti", "007", NAME, 2021, False, D(1), False)
    return replace(one, **changes)


def chosen(*files: PastFile, **changes: Any) -> tuple[str | None, bool, list[str]]:
    remarks: list[Remark] = []
    found = choose(files, trail_of(small.changed(**changes)), remarks)
    name = None if found is None else found.file.path.name
    return name, found is not None and found.is_same_year, [one.code for one in remarks]


@pytest.mark.parametrize(
    ("changes", "is_found"),
    [
        ({}, True),
        ({"code": "008"}, False),
        ({"code": None}, True),
        ({"code": None, "name": match_key("（某县） 某某局")}, True),
        ({"code": None, "name": "别的局"}, False),
        ({"code": "007", "name": "改了名的局"}, True),
        ({"form_id": "wharf"}, False),
        ({"entity_only": True}, False),
        ({"year": None}, True),
    ],
)
def test_a_file_is_the_departments_by_code_else_by_name(changes: dict[str, Any], *, is_found: bool) -> None:
    assert chosen(past("a.json", **changes)) == ("a.json" if is_found else None, False, [])


def test_a_department_without_a_code_is_found_by_its_name() -> None:
    assert chosen(past("a.json", code="008"), 封面_部门编码=None)[0] == "a.json"


def test_the_file_of_the_year_before_is_taken_and_of_those_the_finished_or_later_one() -> None:
    others = past("b.json", year=2020), past("c.json", year=2022), past("d.json")
    assert chosen(past("a.json", is_final=True), *others) == ("a.json", False, ["several"])
    assert chosen(past("a.json", revision=D(2)), *others) == ("a.json", False, ["several"])
    assert chosen(past("e.json", year=2020), *others) == ("d.json", False, [])


def test_a_file_of_another_year_is_taken_only_if_there_is_no_other() -> None:
    assert chosen(past("a.json", year=2019)) == ("a.json", False, ["other_year"])
    assert chosen(past("a.json", year=2019), past("b.json", year=2020)) == (None, False, [])


def test_a_file_of_the_same_year_only_tells_whether_the_figures_are_the_same() -> None:
    assert chosen(past("a.json", year=2022)) == ("a.json", True, ["same_year"])


def test_the_file_under_check_is_not_its_own_last_year() -> None:
    assert chosen(past("small.json", year=2022)) == (None, False, [])


def test_files_are_listed_with_whose_they_are_and_bad_ones_are_named(tmp_path: Path) -> None:
    good = saved(tmp_path / "good.json", last_year())
    bad = saved(tmp_path / "bad.json", {"表单": "?"})
    files, refused = past_files([good, bad], None, 1)
    assert [(one.path, one.code, one.name, one.year) for one in files] == [(good, "007", NAME, 2021)]
    assert [one.path for one in refused] == [bad]


# Items


@pytest.mark.parametrize(
    ("name", "item"),
    [
        ("收入总计", "收入.收入合计"),
        ("一般公共预算财政拨款", "收入.公共财政拨款"),
        ("政府性基金预算财政拨款", "收入.政府基金拨款"),
        ("财政专户管理资金", "收入.纳入专户管理的非税收入拨款"),
        ("人员经费", "支出.人员支出"),
        ("因公出国（境）费", "三公经费.因公出国费"),
        ("固定资产·其他", "固定资产.其他"),
        ("固定资产—其他", "固定资产.其他"),
        ("“三公”经费合计", "三公经费.三公经费合计"),
        ("公务接待", None),
    ],
)
def test_items_go_by_their_labels_and_by_what_others_call_them(name: str, item: str | None) -> None:
    found = items_by_name(small.form()).get(item_key(name))
    assert (None if found is None else ".".join(found)) == item


def test_a_computed_item_is_made_of_input_items() -> None:
    assert leaves(small.form(), ("支出", "支出合计")) == (
        ("支出", "人员支出"),
        ("支出", "公用支出"),
        ("支出", "项目支出"),
    )
    assert leaves(small.form(), ("支出", "累计结余")) == (("支出", "累计结余"),)


# Editions


def test_another_editions_figures_stand_under_this_editions_items(tmp_path: Path) -> None:
    text = small.form().path.read_text(encoding="utf-8")
    for old, new in (
        ("edition = 2022", "edition = 2021"),
        ("政府基金拨款", "政府性基金预算财政拨款"),
        ('synonyms = ["政府性基金预算财政拨款", "政府性基金拨款"]\n', ""),
        ('label = "出租固定资产"', 'label = "出借固定资产"'),
        ("出租固定资产", "出借固定资产"),
    ):
        assert old in text
        text = text.replace(old, new)
    (tmp_path / "form.toml").write_text(text, encoding="utf-8")
    other = load_form(tmp_path / "form.toml")
    here, there = ("收入", "政府基金拨款"), ("收入", "政府性基金预算财政拨款")
    row = Row(1, "甲", None, {there: D(5), ("收入", "其他收入"): D(1), ("固定资产", "出借固定资产"): D(2)})
    found = as_in(small.form(), other, Figures("a", (row,), is_complete=True))
    assert found.rows[0].amounts == {here: D(5), ("收入", "其他收入"): D(1)}
    assert not found.knows(found.rows[0], ("固定资产", "出租固定资产"))
    assert found.knows(found.rows[0], ("固定资产", "其他"))


def test_figures_are_what_the_report_shows_text_and_blanks_apart() -> None:
    figures = figures_of(small.inspected(small.changed(支出_2_公用支出="二十", 支出_3_公用支出=None)))
    assert figures is not None
    total, _, second, third = figures.rows
    key = ("支出", "公用支出")
    assert (key in second.odd, key in second.amounts) == (True, False)
    assert (key in third.odd, figures.knows(third, key)) == (False, True)
    assert ("支出", "支出合计") in total.odd
    assert total.amounts["收入", "收入合计"] == D("335.90")


def test_the_second_form_is_compared_too() -> None:
    filled = reports.second_form()
    assert items_by_name(filled)["财政拨款"] == ("资金来源", "拨款")
