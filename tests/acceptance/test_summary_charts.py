"""Charts of a summary: native ones, with the figures of the official totals in the file."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.acceptance.calling import COUNTY, FORMS, parts, selfeval
from tests.acceptance.test_summary_sheets import grid, rows
from tests.support import package_checks

SPACE = {"c": "http://schemas.openxmlformats.org/drawingml/2006/chart"}
ROSTER = (
    "部门编码,部门名称,状态,归口科室\n101,云溪县财政局,,预算股\n102,云溪县卫生健康局,,社保股\n"
    "120,云溪县科学技术协会,,社保股\n121,云溪县某办,免报,社保股\n122,云溪县教育局,,\n"
)
ADJUSTMENT = "调出,项目,金额,原因\n云溪县财政局,其他收入,8.51,重复计算\n"

Drawn = dict[str, list[tuple[str, list[str], list[float]]]]


def charts(path: Path) -> Drawn:
    """The cached names and figures of every series, by the chart's title."""
    found: Drawn = {}
    for name, content in parts(path).items():
        if re.fullmatch(r"xl/charts/chart\d+\.xml", name):
            root = ElementTree.fromstring(content)
            title = "".join(
                text.text or "" for text in root.findall(".//c:title", SPACE)[0].iter() if text.text
            )
            found[title.strip()] = [
                (
                    str(series.findtext("c:tx//c:v", None, SPACE)),
                    [str(one.text) for one in series.findall("c:cat//c:v", SPACE)],
                    [float(str(one.text)) for one in series.findall("c:val//c:v", SPACE)],
                )
                for series in root.findall(".//c:ser", SPACE)
            ]
    return found


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("charts")
    (folder / "roster.csv").write_text(ROSTER, encoding="utf-8")
    (folder / "list.csv").write_text(ADJUSTMENT, encoding="utf-8")
    lists = ("--roster", folder / "roster.csv", "--adjustments", folder / "list.csv")
    selfeval("consolidate", COUNTY, "-o", folder / "s.xlsx", *lists)
    return folder / "s.xlsx"


def test_every_table_has_a_chart_of_its_official_totals(county: Path) -> None:
    assert package_checks.problems(county) == []
    drawn = charts(county)
    for table in ("收入", "支出", "三公经费", "固定资产"):
        total = next(rows(county, table))
        partial = list(rows(county, table))[3]
        ((name, items, figures),) = drawn[f"{table}构成（万元）"]
        assert name == table
        shown = [total[item] if isinstance(total[item], int | float) else partial[item] for item in items]
        assert figures == [value or 0 for value in shown]
    assert drawn["收入构成（万元）"][0][2][-1] == 87.00, "the adjustment is in it"
    assert drawn["支出构成（万元）"][0][1] == ["人员支出", "公用支出", "项目支出"]


def test_grades_are_drawn_as_they_are_counted(county: Path) -> None:
    counted = {row[0]: (row[2], row[4]) for row in grid(county, "等次分布")[3:9]}
    by_score, as_said = charts(county)["等次分布（个）"]
    for index, name in enumerate(by_score[1]):
        assert (by_score[2][index], as_said[2][index]) == counted[name]
    assert [by_score[0], as_said[0]] == ["按得分（个）", "按所报（个）"]


def test_progress_is_drawn_by_the_office_that_looks_after_the_departments(county: Path) -> None:
    there, gone = charts(county)["报送进度（个）"]
    assert there == ("已报", ["预算股", "社保股", "未注明科室"], [1, 1, 0])
    assert gone[2] == [0, 1, 1]


def test_without_a_roster_nobody_knows_the_progress(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SELFEVAL_FORMS", str(FORMS))
    selfeval("consolidate", FORMS / "wharf-2024" / "sample.json", "-o", tmp_path / "s.xlsx")
    titles = charts(tmp_path / "s.xlsx")
    assert "报送进度（个）" not in titles
    assert "等次分布（个）" in titles
    assert any(title.endswith("构成（元）") for title in titles)


def test_charts_fit_one_page(county: Path) -> None:
    sheet = [row for row in grid(county, "图表") if any(row)]
    assert sheet[0][0] == "临湘市2022年度部门（单位）整体支出绩效评价自评报告汇总表 图表"
    book = parts(county)["xl/workbook.xml"].decode("utf-8")
    assert "图表!$A$1:$L$36" in book
