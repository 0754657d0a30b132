"""The LibreOffice harness itself: a harness that trusted stale values would make every comparison pass."""

from pathlib import Path

import pytest
import xlsxwriter

from tests.support import office

pytestmark = pytest.mark.office

XLSX = "xlsx:Calc MS Excel 2007 XML"


def workbook(path: Path, formula: str = "=1+1", cached: object = 99) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("收入")
        sheet.write_formula("B3", formula, None, cached)
        sheet.write("A1", "局机关")
    return path


def test_stale_value_is_replaced_by_recalculation(tmp_path: Path) -> None:
    [result] = office.recalculated([workbook(tmp_path / "自评表 (1).xlsx")], tmp_path / "out")
    assert result == tmp_path / "out" / "自评表 (1).xlsx"
    assert office.values(result) == {"收入": {(1, 1): "局机关", (3, 2): 2.0}}


def test_stale_value_stays_without_the_setting(tmp_path: Path) -> None:
    """Shows that the test above can fail: what LibreOffice does unasked is to trust the file."""
    [result] = office.converted([workbook(tmp_path / "a.xlsx")], tmp_path / "out", XLSX, recalculate=False)
    assert office.values(result)["收入"][3, 2] == 99.0


def test_many_files_are_converted_in_one_run_in_the_order_given(tmp_path: Path) -> None:
    paths = [workbook(tmp_path / f"{number}.xlsx", f"={number}*10") for number in (3, 1, 2)]
    results = office.recalculated(paths, tmp_path / "out")
    assert [office.values(result)["收入"][3, 2] for result in results] == [30.0, 10.0, 20.0]


def test_values_tell_errors_texts_and_booleans_and_leave_out_empty_texts(tmp_path: Path) -> None:
    formulas = {"错误": "=1/0", "文字": '="不"&"符"', "逻辑": "=1=1", "空": '=""', "名称": "=没有这个名称"}
    paths = [workbook(tmp_path / f"{name}.xlsx", formula) for name, formula in formulas.items()]
    results = office.recalculated(paths, tmp_path / "out")
    found = {path.stem: office.values(path)["收入"].get((3, 2)) for path in results}
    assert found == {"错误": "#DIV/0!", "文字": "不符", "逻辑": True, "空": None, "名称": "#NAME?"}


def test_pages_are_drawn_in_order(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "两页.xlsx") as book:
        for name in ("封面", "收入"):
            book.add_worksheet(name).write("A1", name)
    pdf = office.to_pdf(tmp_path / "两页.xlsx", tmp_path / "out")
    pages = office.to_png(pdf, dpi=20)
    assert [page.name for page in pages] == ["两页-1.png", "两页-2.png"]
    assert office.to_png(pdf, dpi=20) == pages


def test_unreadable_file_is_an_error_and_not_an_empty_result(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4 nothing")
    with pytest.raises(office.OfficeFailed, match=r"did not write .*a\.xlsx"):
        office.recalculated([tmp_path / "a.pdf"], tmp_path / "out")


def test_file_left_from_an_earlier_run_is_not_taken_for_a_result(tmp_path: Path) -> None:
    office.recalculated([workbook(tmp_path / "a.xlsx")], tmp_path / "out")
    (tmp_path / "a.xlsx").unlink()
    with pytest.raises(office.OfficeFailed, match=r"did not write .*a\.xlsx"):
        office.recalculated([tmp_path / "a.xlsx"], tmp_path / "out")


def test_time_out_ends_the_run_with_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(office.OfficeFailed, match="did not finish within"):
        office.converted([workbook(tmp_path / "a.xlsx")], tmp_path / "out", XLSX, timeout=0.05)


def test_names_that_collide_and_inputs_that_would_be_overwritten_are_refused(tmp_path: Path) -> None:
    first, second = tmp_path / "a.xlsx", tmp_path / "sub" / "a.xlsx"
    with pytest.raises(ValueError, match="one name"):
        office.recalculated([first, second], tmp_path / "out")
    with pytest.raises(ValueError, match="overwritten"):
        office.recalculated([first], tmp_path)


def test_missing_programs_are_named_and_not_skipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(office, "USUAL_PLACES", ())
    with pytest.raises(office.OfficeMissing, match="LibreOffice is not installed"):
        office.recalculated([tmp_path / "a.xlsx"], tmp_path / "out")
    with pytest.raises(office.OfficeMissing, match="pdftoppm is not installed"):
        office.to_png(tmp_path / "a.pdf")


def test_no_file_is_no_run(tmp_path: Path) -> None:
    assert office.recalculated([], tmp_path) == []
