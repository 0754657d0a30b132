"""The real report of 2022: its figures in the file, and a finding where somebody printed another total."""

from pathlib import Path

import pytest

from tests.acceptance.calling import SEED, Outcome, filled, place, saved, seed, selfeval, values_of, with_cell

TOTALS = {
    ("收入", "收入合计"): ("B5", 212.78),
    ("支出", "支出合计"): ("B6", 212.78),
    ("支出", "基本支出"): ("C6", 180.00),
    ("三公经费", "三公经费合计"): ("B5", 3.70),
    ("固定资产", "固定资产合计"): ("B5", 19.00),
}


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return filled(SEED, tmp_path_factory.mktemp("seed") / "seed.xlsx")


@pytest.fixture(scope="module")
def usual(workbook: Path) -> set[str]:
    """What an expert finds in the seed's report by hand: hints, and project spending that the prose says nothing of."""
    grade = place(workbook, "绩效自评_评价等次")
    works = place(workbook, "绩效自评_定性目标_实际完成").partition(":")[0]
    figures = {f"G-02@{grade}", "N-05@收入!C6", "X-10@收入!G6"}
    prose = {"T-08@评价报告综述!A29", "T-10@评价报告综述!A33", "T-12@评价报告综述!A57", "T-14@基本概况!D24"}
    return {*figures, *prose, f"T-16@{works}"}


def printed(
    folder: Path, row: dict[str, float] | None = None, total: dict[str, float] | None = None
) -> Outcome:
    """Check the seed's data with a total that somebody printed, in the head's row or in the total row."""
    data = seed()
    data["收入"][0] |= row or {}
    if total:
        data["汇总"] = {"收入": total}
    return selfeval("validate", saved(folder / "printed.json", data), "--json")


@pytest.mark.parametrize("source", ["workbook", "data"])
def test_sound_report_has_hints_and_one_explained_warning(
    workbook: Path, source: str, usual: set[str]
) -> None:
    outcome = selfeval("validate", workbook if source == "workbook" else SEED, "--json")
    assert outcome.status == 0
    assert set(outcome.rules()) == usual
    assert len(outcome.findings) == len(usual)
    (warning,) = [one for one in outcome.findings if one["severity"] == "warning"]
    assert warning["rule"] == "T-10"
    assert warning["explanation"]
    grade, blanks = outcome.only("G-02"), outcome.only("N-05")
    assert (grade["severity"], grade["expected"], grade["actual"]) == ("info", "优", None)
    assert blanks["severity"] == "info"
    assert len(blanks["cells"]) == 10
    assert outcome.file["status"] == "warnings"
    lines = outcome.file["reconciliations"]
    assert [(one["item"], one["said"], one["figure"]) for one in lines] == [
        ("基本支出", "179.51", "180.00"),
        ("人员支出", "118.38", "118.87"),
    ]
    assert {part["amount"] for one in lines for part in one["parts"]} == {"0.49"}


def test_fill_finds_what_validate_finds(tmp_path: Path, workbook: Path) -> None:
    filling = selfeval("fill", SEED, "-o", tmp_path / "a.xlsx", "--json")
    checking = selfeval("validate", workbook, "--json")
    assert filling.status == 0
    assert filling.findings == checking.findings


def test_other_programs_see_the_totals_in_the_file(workbook: Path) -> None:
    values = values_of(workbook)
    found = {key: values[key[0]].get(cell) for key, (cell, _) in TOTALS.items()}
    assert found == {key: total for key, (_, total) in TOTALS.items()}


def test_every_printed_total_label_stands_over_its_figure(workbook: Path) -> None:
    values = values_of(workbook)
    for (sheet, item), (cell, _) in TOTALS.items():
        column = [value for place, value in values[sheet].items() if place[0] == cell[0]]
        labels = [str(value).split("\n")[0] for value in column if isinstance(value, str)]
        assert any(label in item for label in labels), (sheet, item, labels)


def test_printed_total_one_cent_off_is_a_rounding_tail(tmp_path: Path) -> None:
    outcome = printed(tmp_path, {"收入合计": 212.79})
    assert outcome.status == 0
    finding = outcome.only("I-01")
    assert finding["severity"] == "warning"
    assert finding["causes"] == ["尾差"]
    assert finding["difference"] == "0.01"


def test_printed_row_total_that_is_wrong_is_an_error_at_its_cell(tmp_path: Path, usual: set[str]) -> None:
    outcome = printed(tmp_path, {"收入合计": 213.15})
    assert outcome.status == 1
    finding = outcome.only("I-01")
    wanted = {
        "severity": "error",
        "code": "total.mismatch",
        "entity": "局机关",
        "item": "收入合计",
        "expected": "212.78",
        "actual": "213.15",
        "difference": "0.37",
        "causes": [],
        "follows": None,
        "explanation": None,
    }
    assert {key: finding[key] for key in wanted} == wanted
    assert finding["cells"][0] == "收入!B6"
    assert set(outcome.standing()) == usual | {"I-01@收入!B6"}
    for figure in ("213.15", "212.78", "+0.37"):
        assert figure in finding["message"]


def test_printed_summary_total_that_is_wrong_is_an_error_at_its_cell(tmp_path: Path, usual: set[str]) -> None:
    outcome = printed(tmp_path, total={"收入合计": 213.15})
    assert outcome.status == 1
    assert set(outcome.standing()) == usual | {"I-01@收入!B5"}
    finding = outcome.only("I-01")
    assert (finding["expected"], finding["actual"], finding["difference"]) == ("212.78", "213.15", "0.37")
    assert finding["severity"] == "error"


def test_fill_writes_formulas_where_a_wrong_total_was_printed(tmp_path: Path) -> None:
    data = seed()
    data["收入"][0]["收入合计"] = 213.15
    target = tmp_path / "a.xlsx"
    outcome = selfeval("fill", saved(tmp_path / "a.json", data), "-o", target)
    assert outcome.status == 1
    assert "213.15" in outcome.out
    assert values_of(target)["收入"]["B6"] == 212.78
    assert selfeval("validate", target).status == 0


def test_total_typed_over_is_a_lost_formula_that_explains_the_sums(
    tmp_path: Path, workbook: Path, usual: set[str]
) -> None:
    changed = with_cell(workbook, tmp_path / "typed-over.xlsx", "收入", "B5", 213.15)
    outcome = selfeval("validate", changed, "--json")
    assert outcome.status == 1
    lost = outcome.only("F-02")
    assert lost["cells"] == ["收入!B5"]
    assert (lost["expected"], lost["actual"], lost["difference"]) == ("212.78", "213.15", "0.37")
    following = {one for one in outcome.rules() if "<-" in one}
    assert {"I-01@收入!B5 <- F-02@收入!B5", "I-02@收入!B5 <- F-02@收入!B5"} <= following
    assert set(outcome.standing()) == usual | {"F-02@收入!B5"}


def test_screen_shows_what_follows_under_its_cause(tmp_path: Path, workbook: Path) -> None:
    changed = with_cell(workbook, tmp_path / "typed-over.xlsx", "收入", "B5", 213.15)
    lines = selfeval("validate", changed).out.splitlines()
    cause = next(number for number, line in enumerate(lines) if "F-02" in line and "错误" in line)
    assert "I-01@收入!B5" in lines[cause + 1]
    assert "I-02@收入!B5" in lines[cause + 1]
    assert sum("错误]" in line for line in lines) == 1
