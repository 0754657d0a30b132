"""A report found again in a workbook in memory: what tells rows, columns, sheets and the form itself."""

from decimal import Decimal as D

import pytest

from selfeval_xl.cells import Value
from selfeval_xl.ooxml.book import Book, Sheet
from selfeval_xl.submission.alignment import aligned, landmarks
from selfeval_xl.submission.origin import origin_of
from selfeval_xl.submission.rescue import Rescued, rescue
from tests.support import small_report as small
from tests.support.damages import deleted, inserted, move_columns, move_rows, pasted_as_values, renamed

REPORT = small.inspected(small.balanced())
assert REPORT.blueprint is not None
PLAN = REPORT.blueprint
ITEM = ("支出", "人员支出")


def rescued(book: Book) -> Rescued:
    found = rescue(book)
    assert found is not None
    return found


def amounts(book: Book, item: tuple[str, str] = ITEM) -> dict[str | None, Value]:
    entities = rescued(book).submission.entities
    return {one.name: one.amounts[item] for one in entities if one.amounts[item] is not None}


SOUND = {"局机关": D("110.25"), "甲中心": D(50), "乙站": D(20)}


def test_a_sound_workbook_comes_over_with_nothing_left() -> None:
    found = rescued(small.book())
    assert amounts(small.book()) == SOUND
    assert (found.left, found.dropped, found.converted, found.renamed, found.missing) == ([], [], [], [], [])


@pytest.mark.parametrize("as_library", [False, True])
def test_a_row_is_whose_its_names_formula_speaks_of(as_library: bool) -> None:
    for name in ("收入", "支出"):
        book = small.book()
        move_rows(book, name, inserted(8, 2), as_library=as_library)
        assert amounts(book) == SOUND


def test_a_row_without_formulas_is_whose_its_name_is() -> None:
    book = small.book()
    move_rows(book, "支出", inserted(8, 1))
    pasted_as_values(book.sheets["支出"])
    pasted_as_values(book.sheets["收入"])
    assert amounts(book) == SOUND


def test_a_row_that_nothing_tells_is_listed_and_its_neighbours_come_over() -> None:
    book = small.book()
    move_rows(book, "支出", inserted(8, 1))
    pasted_as_values(book.sheets["支出"])
    del book.sheets["支出"].values[9, 1]  # the name of the second entity
    assert amounts(book) == {"局机关": D("110.25"), "乙站": D(20)}
    assert "支出!D9" in {line.place for line in rescued(book).left}


def test_a_row_that_nothing_tells_stays_between_two_that_kept_their_places() -> None:
    book = small.book()
    pasted_as_values(book.sheets["支出"])
    del book.sheets["支出"].values[8, 1]
    assert amounts(book) == SOUND
    # Moved by one above and back by one below, the places say nothing.
    move_rows(book, "支出", inserted(8, 1))
    move_rows(book, "支出", deleted(11, 1))
    assert "甲中心" not in amounts(book)


def test_two_rows_that_claim_one_entity_are_both_listed() -> None:
    book = small.book()
    book.sheets["支出"].values[9, 1] = "甲中心"
    pasted_as_values(book.sheets["支出"])
    assert amounts(book) == {"局机关": D("110.25")}
    assert {"支出!D8", "支出!D9"} <= {line.place for line in rescued(book).left}


def test_the_first_row_is_the_heads_under_whatever_label() -> None:
    book = small.book()
    for name in ("收入", "支出"):
        book.sheets[name].values[7 if name == "支出" else 6, 1] = "本单位"
    assert amounts(book) == SOUND


def test_where_the_table_of_names_is_gone_another_names_the_entities() -> None:
    book = small.book()
    del book.sheets["收入"]
    assert amounts(book) == SOUND
    assert rescued(book).missing == ["收入"]


def test_columns_go_with_their_labels_and_a_column_of_texts_with_what_stands_in_it() -> None:
    book = small.book()
    start = PLAN.places.texts["基本概况", "职能职责概述", ""]
    book.sheets["基本概况"].values |= {
        (start.first_row, start.column): "一段",
        (start.first_row + 1, start.column): "又一段",
        (start.first_row + 1, start.mark_column): "续",
    }
    move_columns(book, "支出", inserted(4, 1))
    move_columns(book, "基本概况", inserted(start.column, 1))
    assert amounts(book) == SOUND
    assert rescued(book).submission.texts["基本概况", "职能职责概述", ""] == ("一段又一段",)


def test_amounts_in_a_column_that_lost_its_label_are_listed_when_its_neighbours_moved() -> None:
    book = small.book()
    for row in (row for row, labels in landmarks(PLAN, "支出").rows.items() if 4 in labels):
        book.sheets["支出"].values[row, 4] = "?"
    assert amounts(book) == SOUND
    move_columns(book, "支出", inserted(5, 1))
    assert amounts(book) == {}
    assert "支出!D7" in {line.place for line in rescued(book).left}


def test_a_text_among_marks_and_a_label_astray_are_not_taken() -> None:
    book = small.book()
    spot = PLAN.places.texts["基本概况", "职能职责概述", ""]
    book.sheets["基本概况"].values[spot.first_row, spot.mark_column] = "见附件"
    assert [line.text for line in rescued(book).left] == ["见附件"]


def test_texts_whose_heading_is_gone_are_not_put_under_the_one_before() -> None:
    book = small.book()
    sheet, spots = book.sheets["评价报告综述"], PLAN.places.headings
    for number in ("五", "六"):
        sheet.values[spots[number].first_row, 1] = f"正文{number}"
    move_rows(book, "评价报告综述", deleted(spots["六"].first_row - 1, 1))
    found = rescued(book)
    assert [
        one.body
        for one in found.submission.sections["评价报告综述"]
        if one.number in ("五", "六") and one.body
    ] == []
    assert {line.text for line in found.left} == {"正文五", "正文六"}


def test_a_calculation_that_leans_on_cells_is_taken_as_an_amount_and_nowhere_else() -> None:
    book = small.book()
    book.sheets["收入"].formulas[7, 4] = "支出!B8-0.05"
    field = small.at(small.field("基本概况.人员编制"))
    book.sheets["基本概况"].formulas[field.row, field.column] = "收入!B7"
    found = rescued(book)
    assert found.submission.entities[1].amounts["收入", "公共财政拨款"] == D("80.1")
    assert [line.place for line in found.left] == [str(field)]
    del book.sheets["收入"].values[7, 4]
    assert "=支出!B8-0.05" in {line.text for line in rescued(book).left}


def test_sheets_are_known_by_what_is_printed_on_them() -> None:
    book = small.book()
    renamed(book, "支出", "新表")
    copied = book.sheets["固定资产"]
    book.sheets["固定资产 (2)"] = Sheet(
        "固定资产 (2)", values=dict(copied.values), formulas=dict(copied.formulas)
    )
    origin = origin_of(book)
    assert origin is not None
    assert (origin.sheets["支出"], origin.sheets["固定资产"]) == ("新表", "固定资产")
    assert [line.place for line in rescued(book).left] == ["固定资产 (2)"]


def test_without_its_stamp_a_workbook_is_known_by_its_sheets_and_measured() -> None:
    book = small.book()
    del book.sheets["_设置"]
    book.properties.clear()
    origin = origin_of(book)
    assert origin is not None
    assert not origin.is_told
    assert (origin.blueprint.form, origin.blueprint.shape.rows) == (PLAN.form, PLAN.shape.rows)
    assert amounts(book) == SOUND
    assert rescued(book).left == []


def test_explanations_come_over_from_a_check_sheet_without_a_stamp() -> None:
    book = small.book()
    notes = PLAN.places.lists["notes"]
    for label, text in zip(notes.columns, ("X-01", "甲中心", "差额0.49万元：说明"), strict=True):
        cell = notes.cell(label, 0)
        book.sheets[cell.sheet].values[cell.row, cell.column] = text
    del book.sheets["_设置"]
    (note,) = rescued(book).submission.notes
    assert (note.rule, note.entity, note.text) == ("X-01", "甲中心", "差额0.49万元：说明")


def test_nothing_tells_the_form_of_another_workbook() -> None:
    assert rescue(Book({"Sheet1": Sheet("Sheet1", values={(1, 1): "机构名称"})})) is None


def test_values_that_were_formulas_once_are_not_listed() -> None:
    book = small.book()
    for sheet in book.sheets.values():
        pasted_as_values(sheet)
    found = rescued(book)
    assert found.left == []
    assert amounts(book) == SOUND
    assert len(found.dropped) > 20


def test_landmarks_weigh_the_more_the_rarer_they_are() -> None:
    marks = landmarks(PLAN, "支出")
    assert marks.weights["人员支出"] == 0.5
    assert marks.weights["不适用"] < marks.weights["单位:万元"] == 1


def test_a_sheet_lies_on_its_own_plan_row_by_row() -> None:
    for name in PLAN.sheets:
        line = aligned(PLAN, name, small.book().sheets[name])
        assert all(planned == found for planned, found in line.rows.items())
        assert all(planned == found for planned, found in line.columns.items())
        assert line.rows.keys() == set(line.planned)
