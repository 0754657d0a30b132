"""The summary that a bureau sends upstairs: what stands on each sheet, and that no fold moves a total."""

import re
import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from statistics import mean, median

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from selfeval_xl.form.load import load_form
from selfeval_xl.form.source import DeclarationError
from tests.acceptance.calling import (
    COUNTY,
    FORMS,
    Data,
    exact_data_of,
    parts,
    saved,
    seed,
    selfeval,
    values_of,
)
from tests.support import office, package_checks

OVERVIEW = [
    *("序号", "编码", "名称", "支出合计", "基本支出", "项目支出", "三公经费合计"),
    *("自评得分", "自评等次", "复核得分", "复核等次", "名次", "公开情况", "备注"),
]
SHEETS = [
    *("总表", "收入", "支出", "三公经费", "固定资产", "调整"),
    *("得分排名", "等次分布", "图表", "人均比较", "报送情况", "来源", "拒收和跳过", "问题"),
]
TABLES = ("收入", "支出", "三公经费", "固定资产")
PLACE = ("文件", "工作表", "单元格")


def department(name: str, code: str | None = None, income: float = 100, **more: Data) -> Data:
    data = seed()
    data["封面"] |= {"部门(单位)名称": name, "部门编码": code}
    data["收入"][0] |= {"公共财政拨款": income, "其他收入": 0}
    data["支出"][0] |= {"人员支出": income, "公用支出": 0, "项目支出": 0, "当年结余": 0, "累计结余": 0}
    data["三公经费"][0] |= {"公务接待费": 0}
    data["评价报告综述"] = []
    for section, values in more.items():
        data[section] |= values
    return data


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The summary of a county of twelve departments and a damaged file."""
    folder = tmp_path_factory.mktemp("county")
    assert selfeval("consolidate", COUNTY, "-o", folder / "s.xlsx").status == 3
    return folder / "s.xlsx"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A folder of three departments, and a roster."""
    saved(
        tmp_path / "in" / "a.json",
        department("东局", "101", 100, 绩效自评={"绩效自评综合得分": 92, "评价等次": "优"}),
    )
    saved(
        tmp_path / "in" / "b.json",
        department("西局", "102", 50, 绩效自评={"绩效自评综合得分": 80, "评价等次": None}),
    )
    saved(
        tmp_path / "in" / "c.json",
        department("南局", None, 7, 绩效自评={"绩效自评综合得分": None, "评价等次": "差"}),
    )
    (tmp_path / "roster.csv").write_text(
        "部门编码,部门名称,状态,是否公开,归口科室\n"
        "101,东局,,是,预算股\n102,西局,免报,否,社保股\n104,北局,应报,,农业股\n105,中局,撤销,,\n",
        encoding="utf-8",
    )
    return tmp_path / "in"


def summed(folder: Path, *words: object) -> Path:
    target = folder.parent / "s.xlsx"
    selfeval("consolidate", folder, "-o", target, "--force", *words)
    return target


def grid(path: Path, sheet: str) -> list[list[object]]:
    book = load_workbook(path, data_only=True)
    return [[cell.value for cell in row] for row in book[sheet].iter_rows()]


def rows(path: Path, sheet: str) -> Iterator[dict[object, object]]:
    header, *body = grid(path, sheet)[2:]
    return (dict(zip(header, row, strict=True)) for row in body)


def test_sheets_stand_in_their_order(county: Path) -> None:
    assert load_workbook(county).sheetnames == SHEETS
    assert package_checks.problems(county) == []


@pytest.mark.office
def test_office_calculates_every_sheet_the_same(county: Path, tmp_path: Path) -> None:
    (again,) = office.recalculated([county], tmp_path)
    assert office.values(again) == office.values(county)


# The first sheet


def test_first_sheet_is_the_table_that_goes_upstairs(county: Path) -> None:
    title, caption, header, *body = grid(county, "总表")
    assert title[0] == "临湘市2022年度部门（单位）整体支出绩效评价自评报告汇总表"
    said = " ".join(str(value) for value in caption if value)
    assert re.search("填报单位：临湘市财政局.*填报日期：.*金额单位：万元", said)
    assert header == OVERVIEW
    assert [value for value in body[-1] if value] == ["单位负责人：", "审核人：", "制表人："]
    departments = [row for row in body if isinstance(row[0], int)]
    assert len(departments) == 12
    for number, (row, path) in enumerate(
        zip(departments, sorted(COUNTY.glob("*.json")), strict=True), start=1
    ):
        data = exact_data_of(path)
        assert row[:3] == [number, data["封面"]["部门编码"], data["封面"]["部门(单位)名称"]]
        score = data["绩效自评"]["绩效自评综合得分"]
        assert Decimal(str(row[7])) == score
        assert row[8] == data["绩效自评"]["评价等次"]
        projects = sum(line["项目支出"] or 0 for line in data["支出"])
        assert Decimal(str(row[5] or 0)) == projects
        assert row[9:11] == [None, None], "who weighs the report again is the bureau"


def test_total_of_the_first_sheet_is_that_of_the_tables(county: Path) -> None:
    overview = {row["名称"]: row for row in rows(county, "总表")}
    total, partial = overview["合计"], overview["其中能够计算的合计"]
    spent = next(rows(county, "支出"))
    assert [total[item] for item in ("支出合计", "基本支出", "项目支出")] == [
        spent[item] for item in ("支出合计", "基本支出", "项目支出")
    ]
    assert total["三公经费合计"] == "无法计算"
    figures = [row["三公经费合计"] for row in rows(county, "总表") if row["序号"]]
    there = [Decimal(str(figure)) for figure in figures if isinstance(figure, int | float)]
    assert len(there) < len(figures)
    assert Decimal(str(partial["三公经费合计"])) == sum(there)


def test_remark_says_what_is_wrong_and_the_roster_who_publishes(small: Path) -> None:
    saved(small / "d.json", department("北局", "104", 5, 基本概况={"人员编制": 3}))
    saved(small / "e.json", department("中局", "106", 5, 基本概况={"联系人": None}))
    book = summed(small, "--roster", small.parent / "roster.csv")
    found = {row["名称"]: (row["公开情况"], row["备注"]) for row in rows(book, "总表") if row["序号"]}
    assert found["东局"] == ("是", None)
    assert found["西局"] == ("否", "需说明1项"), "the roster does not expect it"
    assert found["北局"] == (None, "需说明1项")
    assert found["中局"] == (None, "错误1项，需说明1项"), "the roster has it under another code"


def test_without_a_word_in_the_declaration_all_totals_stand_on_the_first_sheet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SELFEVAL_FORMS", str(FORMS))
    shutil.copytree(FORMS, tmp_path / "forms")
    sample = FORMS / "wharf-2024" / "sample.json"
    assert selfeval("consolidate", sample, "-o", tmp_path / "s.xlsx").status == 0
    header = grid(tmp_path / "s.xlsx", "总表")[2]
    text = (FORMS / "wharf-2024" / "form.toml").read_text(encoding="utf-8")
    computed = re.findall(r'\[\[block\.column\]\]\nlabel = "([^"]+)"(?:\n(?!\[)[^\n]*)*?\ncomputed', text)
    assert computed
    assert header[3 : 3 + len(computed)] == computed
    assert "支出合计" not in header


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ('["支出.支出合计", "支出.支出合计"]', "stands twice"),
        ('["封面.年度"]', "is no column of a table"),
        ('["支出.无此项"]', "无此项"),
    ],
)
def test_a_wrong_list_of_items_is_an_error_of_the_declaration(
    line: str, complaint: str, tmp_path: Path
) -> None:
    source = FORMS.parents[1] / "workbook" / "forms" / "linxiang-zhengti-2022"
    shutil.copytree(source, tmp_path / "f")
    text = (tmp_path / "f" / "form.toml").read_text(encoding="utf-8")
    text, count = re.subn(r"(?m)^overview = .*$", f"overview = {line}", text)
    assert count == 1
    (tmp_path / "f" / "form.toml").write_text(text, encoding="utf-8")
    at = text[: text.index("overview =")].count("\n") + 1
    with pytest.raises(DeclarationError, match=f"line {at}: .*{complaint}"):
        load_form(tmp_path / "f" / "form.toml")


# The tables


def test_entities_fold_under_their_department_and_are_not_hidden(county: Path) -> None:
    book = load_workbook(county)
    for name in TABLES:
        sheet = book[name]
        assert sheet.sheet_properties.outlinePr.summaryBelow is False
        assert not sheet.protection.sheet, "a protected outline does not fold"
        levels = {row: sheet.row_dimensions[row].outlineLevel for row in range(1, sheet.max_row + 1)}
        for row in range(8, sheet.max_row + 1):
            assert levels[row] == (1 if sheet.cell(row, 3).value == "机构" else 0)
            assert not sheet.row_dimensions[row].hidden


def test_totals_add_the_departments_by_their_level(county: Path) -> None:
    book = load_workbook(county)
    values = load_workbook(county, data_only=True)
    for name in TABLES:
        formulas, shown = book[name], values[name]
        for column in amounts(shown):
            assert "SUMIF" in formulas.cell(5, column).value
            assert '"部门"' in formulas.cell(5, column).value
            figures = [
                shown.cell(row, column).value
                for row in range(8, shown.max_row + 1)
                if shown.cell(row, 3).value == "部门"
            ]
            if "无法计算" not in figures:
                wanted = sum(Decimal(str(figure)) for figure in figures if figure is not None)
                assert Decimal(str(shown.cell(4, column).value or 0)) == wanted


def amounts(sheet: Worksheet) -> list[int]:
    return [cell.column for cell in sheet[3] if cell.column > 4 and cell.value not in PLACE]


def test_filter_leaves_the_totals_in_sight(county: Path) -> None:
    book = load_workbook(county)
    for name in TABLES:
        first, last = book[name].auto_filter.ref.split(":")
        assert first == "A7"
        assert last.endswith(str(book[name].max_row))
        assert book[name].freeze_panes == "A8"
    assert book["问题"].auto_filter.ref.startswith("A3:")


@pytest.mark.office
def test_hidden_and_folded_rows_move_no_total(county: Path, tmp_path: Path) -> None:
    book = load_workbook(county)
    for name in TABLES:
        sheet = book[name]
        for row in range(8, sheet.max_row + 1):
            sheet.row_dimensions[row].hidden = sheet.cell(row, 3).value == "机构" or row % 3 == 0
    book.save(tmp_path / "folded.xlsx")
    (again,) = office.recalculated([tmp_path / "folded.xlsx"], tmp_path / "again")
    before, after = office.values(county), office.values(again)
    for name in TABLES:
        wanted = {cell: value for cell, value in before[name].items() if cell[0] == 4}
        assert {cell: value for cell, value in after[name].items() if cell[0] == 4} == wanted


def test_every_row_says_from_which_cell_of_which_file_it_comes(small: Path) -> None:
    book = summed(small)
    places = [
        (row["机构"], *(row[one] for one in PLACE)) for row in rows(book, "支出") if row["层级"] == "机构"
    ]
    selfeval("fill", small / "a.json", "-o", small.parent / "a.xlsx")
    names = load_workbook(small.parent / "a.xlsx").defined_names
    sheet, cell = names["支出_机构名称"].attr_text.partition(":")[0].replace("$", "").split("!")
    assert places == [("局机关", f"{name}.json", sheet, cell) for name in "abc"]


# Grades and spread


def test_grades_are_counted_by_score_and_as_the_departments_say(county: Path) -> None:
    data = [exact_data_of(path)["绩效自评"] for path in COUNTY.glob("*.json")]
    scores = [one["绩效自评综合得分"] for one in data]
    lowest = {"优": (90, 101), "良": (80, 90), "中": (60, 80), "差": (0, 60)}
    found = {row["等次"] for row in rows(county, "等次分布")}
    values = {row[0]: row for row in grid(county, "等次分布")[3:] if row[0]}
    assert set(lowest) <= set(found)
    for grade, (least, above) in lowest.items():
        by_score = sum(least <= score < above for score in scores)
        as_said = sum(one["评价等次"] == grade for one in data)
        row = values[grade]
        assert [row[1], row[2], row[4]] == [least, by_score, as_said]
        assert row[3] == pytest.approx(by_score / 12, abs=5e-5)
        assert row[5] == pytest.approx(as_said / 12, abs=5e-5)
    assert values["合计"][2:] == [12, 1, 12, 1]


def test_spread_of_the_scores_is_given(county: Path) -> None:
    scores = [exact_data_of(path)["绩效自评"]["绩效自评综合得分"] for path in COUNTY.glob("*.json")]
    values = {row[0]: row[1] for row in grid(county, "等次分布") if row[0]}
    assert values["有得分的部门（个）"] == 12
    assert Decimal(str(values["最高分"])) == max(scores)
    assert Decimal(str(values["最低分"])) == min(scores)
    assert Decimal(str(values["中位数"])) == median(scores)
    assert values["平均分"] == pytest.approx(float(mean(scores)), abs=0.005)


def test_who_has_no_score_or_grade_is_counted_apart(small: Path) -> None:
    values = {row[0]: row[1:] for row in grid(summed(small), "等次分布") if row[0]}
    assert values["优"][1:] == [1, 0.3333, 1, 0.3333]
    assert values["良"][1:] == [1, 0.3333, 0, 0]
    assert values["差"][1:] == [0, 0, 1, 0.3333]
    assert values["未评或不在分数段内"][1:] == [1, 0.3333, 1, 0.3333]
    assert (values["最高分"][0], values["中位数"][0], values["最低分"][0]) == (92, 86, 80)


def test_without_any_score_the_spread_is_blank(small: Path) -> None:
    for name in "ab":
        (small / f"{name}.json").unlink()
    values = {row[0]: row[1:] for row in grid(summed(small), "等次分布") if row[0]}
    assert values["有得分的部门（个）"][0] == 0
    assert not values["中位数"][0]
    assert values["差"][3] == 1


# Who reported, and the rest


def test_who_reported_is_counted_against_the_roster(small: Path) -> None:
    book = summed(small, "--roster", small.parent / "roster.csv")
    caption = str(grid(book, "报送情况")[1][0])
    assert caption == "应报 2 个，已报 1 个，未报 1 个。文件：找到 3，读出 3（采用 3，跳过 0），拒收 0。"
    listed = {row["部门"]: (row["状态"], row["归口科室"]) for row in rows(book, "报送情况")}
    assert listed == {
        "东局": ("已采用", "预算股"),
        "西局": ("已采用", "社保股"),
        "南局": ("已采用", None),
        "北局": ("未报", "农业股"),
        "中局": ("撤销", None),
    }


def test_files_that_are_not_expected_or_not_listed_are_found(small: Path) -> None:
    words = ("--roster", small.parent / "roster.csv", "--json")
    outcome = selfeval("consolidate", small, "-o", small.parent / "s.xlsx", *words)
    found = {
        Path(one["file"]).name: [finding["rule"] for finding in one["findings"] if finding["rule"][0] == "R"]
        for one in outcome.json["files"]
    }
    assert found == {"a.json": [], "b.json": ["R-02"], "c.json": ["R-03"]}


def test_refused_files_and_findings_are_listed(county: Path) -> None:
    assert [row["文件"] for row in rows(county, "拒收和跳过")] == ["13-damaged.xlsx"]
    assert len(list(rows(county, "来源"))) == 13
    assert {row["级别"] for row in rows(county, "问题")} >= {"错误", "提示"}


# On paper


@pytest.mark.office
@pytest.mark.slow
def test_every_sheet_is_as_wide_as_its_page(county: Path, tmp_path: Path) -> None:
    book = load_workbook(county)
    for sheet in book.worksheets:
        assert sheet.page_setup.orientation == "landscape"
        assert int(sheet.page_setup.paperSize) == 9
        assert sheet.page_setup.fitToHeight == 0
        assert sheet.print_title_rows == (None if sheet.title == "图表" else "$3:$3")
    pages = office.to_png(office.to_pdf(county, tmp_path), out_dir=tmp_path)
    assert len(pages) < 2 * len(SHEETS)


def test_every_formula_has_its_value_in_the_file(county: Path) -> None:
    assert "B4" in values_of(county)["收入"]
    sheets = [xml.decode("utf-8") for name, xml in parts(county).items() if "worksheets/sheet" in name]
    assert sum(xml.count("<f>") for xml in sheets) > 50
    for xml in sheets:
        assert xml.count("<f>") == len(re.findall("</f><v>", xml))


def test_median_of_an_odd_number_of_scores_is_the_one_in_the_middle(small: Path) -> None:
    saved(
        small / "d.json", department("北局", "104", 5, 绩效自评={"绩效自评综合得分": 81.5, "评价等次": "良"})
    )
    values = {row[0]: row[1] for row in grid(summed(small), "等次分布") if row[0]}
    assert values["中位数"] == 81.5


def test_report_without_a_code_is_another_version_of_the_only_one_of_its_name(small: Path) -> None:
    saved(small / "d.json", department("东 局", None, 200, 封面={"部门(单位)名称": "东 局", "报送次数": 2}))
    saved(small / "e.json", department("南局", "105", 9))
    saved(small / "f.json", department("南局", "106", 11))
    outcome = selfeval("consolidate", small, "-o", small.parent / "s.xlsx", "--json")
    assert [Path(one["file"]).name for one in outcome.json["summary"]["skipped"]] == ["a.json"]
    assert outcome.json["summary"]["sums"]["支出"]["人员支出"] == "277.00"
