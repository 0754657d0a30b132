"""Files and departments that bear the same name or the same code, and those that bear none."""

from pathlib import Path

from openpyxl import load_workbook

from tests.acceptance.calling import DAMAGED, Data, saved, selfeval
from tests.acceptance.test_summary_sheets import department, rows


def report(file: Path, name: str | None, code: str | None, amount: float = 1, **cover: object) -> Path:
    data: Data = department(name or "", code or "", amount)
    data["封面"] |= {"部门(单位)名称": name, "部门编码": code, **cover}
    return saved(file, data)


def test_rivals_of_one_file_name_are_told_apart_by_their_folders(tmp_path: Path) -> None:
    for number, folder in enumerate(("甲", "乙")):
        report(tmp_path / "in" / folder / "自评表.json", "东局", "101", number)
    outcome = selfeval("consolidate", tmp_path / "in", "-o", tmp_path / "s.xlsx")
    for folder in ("甲", "乙"):
        assert f"与“{folder}/自评表.json”是同一部门、同一报送次数而内容不同" in outcome.out
        assert f"跳过。与“{folder}/自评表.json”是同一部门" in outcome.out


def test_an_older_report_of_the_same_file_name_is_told_with_the_later_ones_folder(tmp_path: Path) -> None:
    report(tmp_path / "in" / "六月" / "自评表.json", "东局", "101")
    report(tmp_path / "in" / "七月" / "自评表.json", "东局", "101", 报送次数=2)
    out = selfeval("consolidate", tmp_path / "in", "-o", tmp_path / "s.xlsx").out
    assert "跳过。同一部门另有“七月/自评表.json”，采用那一份" in out


def test_two_names_under_one_code_are_no_two_reports_of_one_department(tmp_path: Path) -> None:
    report(tmp_path / "in" / "a.json", "东局", "101", 1)
    report(tmp_path / "in" / "b.json", "西局", "101", 2)
    outcome = selfeval(
        "validate", tmp_path / "in", "-d", tmp_path / "out", "--ledger", tmp_path / "台账.xlsx"
    )
    assert "西局：编码 101 与“a.json”（东局）的相同，名称不同" in outcome.out
    assert "同一报送次数" not in outcome.out
    letters = {path.stem: _texts(path) for path in (tmp_path / "out").iterdir()}
    assert set(letters) == {"审核意见书-101-东局", "审核意见书-101-西局"}
    assert "b.json》" not in letters["审核意见书-101-东局"]
    assert "都没有采用。多半有一个填错了编码" in letters["审核意见书-101-东局"]


def _texts(letter: Path) -> str:
    return "".join(str(cell.value or "") for row in load_workbook(letter).active.iter_rows() for cell in row)


def test_a_later_report_under_anothers_code_replaces_it_only_with_a_word(tmp_path: Path) -> None:
    report(tmp_path / "in" / "a.json", "林业局", "101")
    report(tmp_path / "in" / "b.json", "林业和草原局", "101", 报送次数=2)
    report(tmp_path / "in" / "c.json", "某县水利局", "102")
    report(tmp_path / "in" / "d.json", "水利局", "102", 报送次数=2)
    outcome = selfeval("consolidate", tmp_path / "in", "-o", tmp_path / "s.xlsx")
    assert (
        "林业和草原局：编码 101 与“a.json”（林业局）的相同，名称不同，按同一个部门只计这一份。" in outcome.out
    )
    assert "编码 102" not in outcome.out


def test_a_report_of_nobody_is_no_row_of_the_ledger_and_is_told(tmp_path: Path) -> None:
    report(tmp_path / "in" / "a.json", None, None)
    report(tmp_path / "in" / "b.json", "东局", "101", 年度=2021)
    report(tmp_path / "in" / "c.json", "西局", "102")
    ledger = tmp_path / "台账.xlsx"
    for _ in range(2):
        outcome = selfeval("validate", tmp_path / "in", "--ledger", ledger)
    assert "a.json：没有写部门名称和编码" in outcome.err
    assert "没有登记台账" in outcome.err
    assert "年度的，本次汇总" in outcome.err
    names = [row["部门名称"] for row in rows(ledger, "台账")]
    assert len(names) == 1


def test_letters_about_files_of_one_name_that_cannot_be_read_bear_their_folders(tmp_path: Path) -> None:
    for folder in ("甲", "乙"):
        (tmp_path / "in" / folder).mkdir(parents=True)
        (tmp_path / "in" / folder / "自评表.xlsx").write_bytes(DAMAGED.read_bytes())
    (tmp_path / "in" / "丙").mkdir()
    (tmp_path / "in" / "丙" / "自评表.xls").write_bytes(b"old")
    outcome = selfeval("validate", tmp_path / "in", "-d", tmp_path / "out")
    assert {path.stem for path in (tmp_path / "out").iterdir()} == {
        "审核意见书-甲-自评表",
        "审核意见书-乙-自评表",
    }
    assert "：丙/自评表.xls。" in outcome.err
