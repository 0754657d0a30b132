"""Blank workbooks, filled ones, and back to data: what stands in them, and what is never touched."""

import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from tests.acceptance.calling import (
    COUNTY,
    NINE,
    SAMPLES,
    SEED,
    bytes_of,
    data_of,
    exact_data_of,
    filled,
    parts,
    property_of,
    saved,
    seed,
    selfeval,
    sheet_parts,
    values_of,
)
from tests.support import package_checks

SHEETS = [
    *("封面", "基本概况", "收入", "支出", "三公经费", "固定资产", "绩效自评", "评价人员", "评价报告综述"),
    *("校验", "填表说明"),
]
ENTITY_SHEETS = ["封面", "收入", "支出", "三公经费", "固定资产", "校验", "填表说明"]
TABLES = ("收入", "支出", "三公经费", "固定资产")
DATA = sorted(SAMPLES.rglob("*.json"))


def dumped(path: Path) -> dict[str, Any]:
    outcome = selfeval("dump", path)
    assert outcome.status == 0
    return json.loads(outcome.out)


def block(path: Path, name: str) -> list[object]:
    """The values of a defined name, as a bureau's own script would read them."""
    book = load_workbook(path, data_only=True)
    area = book.defined_names[name].attr_text
    sheet, _, cells = area.replace("$", "").rpartition("!")
    found = book[sheet.strip("'")][cells]
    if not isinstance(found, tuple):
        return [found.value]
    return [row[0].value for row in found]


# dump is the inverse of fill


@pytest.mark.parametrize("path", DATA, ids=lambda path: path.stem)
def test_dump_gives_back_what_fill_took(path: Path, tmp_path: Path) -> None:
    book = filled(path, tmp_path / "a.xlsx")
    assert dumped(book) == dumped(path)
    assert (
        filled(saved(tmp_path / "b.json", dumped(book)), tmp_path / "b.xlsx").read_bytes()
        == book.read_bytes()
    )


@pytest.mark.parametrize("path", [SEED, NINE], ids=lambda path: path.stem)
def test_dump_keeps_every_figure_and_every_word(path: Path, tmp_path: Path) -> None:
    original = data_of(path)
    for label in ("部门（单位）意见", "财政部门归口业务科室意见"):
        original["签署"][label] = original["签署"][label] or []  # a text without paragraphs
    assert dumped(filled(path, tmp_path / "a.xlsx")) == original


def test_dump_drops_computed_items_and_empty_rows_and_makes_blanks_null(tmp_path: Path) -> None:
    data = seed()
    data["收入"][0]["收入合计"] = 212.78
    del data["收入"][0]["政府基金拨款"]
    data["封面"]["预算编码"] = "  "
    data["评价人员"].append({"姓名": None, "职务/职称": "", "单位": None})
    for table in TABLES:
        data[table].append({"机构名称": None})
    data["汇总"] = {"收入": {"收入合计": 212.78}}
    assert dumped(filled(saved(tmp_path / "a.json", data), tmp_path / "a.xlsx")) == dumped(SEED)
    assert dumped(SEED)["收入"][0]["政府基金拨款"] is None


def test_zero_is_not_blank(tmp_path: Path) -> None:
    data = seed()
    data["收入"][0]["上年结转"] = 0
    book = filled(saved(tmp_path / "a.json", data), tmp_path / "a.xlsx")
    assert dumped(book)["收入"][0]["上年结转"] == 0
    assert dumped(book)["收入"][0]["政府基金拨款"] is None
    assert "收入!C6" not in selfeval("validate", book, "--json").only("N-05")["cells"]


def test_dump_to_a_file_writes_what_it_prints(tmp_path: Path) -> None:
    assert selfeval("dump", SEED, "-o", tmp_path / "d.json").status == 0
    assert (tmp_path / "d.json").read_text(encoding="utf-8") == selfeval("dump", SEED).out


# What fill writes


def test_filled_workbook_has_the_agreed_sheets_properties_and_names(tmp_path: Path) -> None:
    book = filled(NINE, tmp_path / "a.xlsx")
    sheets = list(sheet_parts(book))
    assert sheets[: len(SHEETS)] == SHEETS
    assert all(name.startswith("_") for name in sheets[len(SHEETS) :])
    assert property_of(book, "kind") == "填报"
    assert property_of(book, "form") == "linxiang-zhengti"
    data = exact_data_of(NINE)
    names = [row["机构名称"] for row in data["收入"]]
    assert block(book, "收入_机构名称")[: len(names)] == names
    carried = block(book, "收入_上年结转")
    assert carried[: len(names)] == [
        None if row["上年结转"] is None else float(row["上年结转"]) for row in data["收入"]
    ]
    assert len(carried) > len(names), "spare rows belong to the block"
    inputs = ("上年结转", "公共财政拨款", "政府基金拨款", "纳入专户管理的非税收入拨款", "其他收入")
    total = sum(row[item] or 0 for row in data["收入"] for item in inputs)
    assert block(book, "收入_收入合计_汇总") == [float(total)]
    assert block(book, "基本概况_联系人") == [data["基本概况"]["联系人"]]
    assert block(book, "绩效自评_绩效自评综合得分") == [float(data["绩效自评"]["绩效自评综合得分"])]
    assert block(book, "封面_部门单位名称") == [data["封面"]["部门(单位)名称"]]
    assert set(block(book, "收入_核对_I01")) <= {"通过", "不适用"}


def test_every_formula_carries_a_value_and_the_names_are_typed_once(tmp_path: Path) -> None:
    book = filled(NINE, tmp_path / "a.xlsx")
    formulas = load_workbook(book)
    for table in TABLES[1:]:
        name = f"{table}_机构名称"
        assert name in formulas.defined_names
        sheet, _, cells = formulas.defined_names[name].attr_text.replace("$", "").rpartition("!")
        for row in formulas[sheet][cells][1:]:
            assert str(row[0].value).startswith("=")
    sheets = [
        xml.decode("utf-8") for name, xml in parts(book).items() if name.startswith("xl/worksheets/sheet")
    ]
    count = sum(xml.count("<f>") for xml in sheets)
    assert count > 300
    assert count == sum(xml.count("</f><v>") for xml in sheets)


def test_explanations_open_and_lapse_with_the_difference(tmp_path: Path) -> None:
    data = seed()
    data["收入"][0] |= {"上年结转": 5}
    data["支出"][0] |= {"累计结余": 5.49, "当年结余": 0}
    first = selfeval("validate", saved(tmp_path / "a.json", data), "--json")
    finding = next(one for one in first.findings if one["severity"] == "warning" and one["follows"] is None)
    difference = finding["difference"].lstrip("-")
    note = {
        "规则": finding["rule"],
        "机构": finding["entity"],
        "说明": f"差额{difference}万元：年初结转调整。",
    }
    data["审核说明"] = [note]
    explained = selfeval("validate", saved(tmp_path / "b.json", data), "--json").only(finding["rule"])
    assert explained["explanation"] == note["说明"]
    data["审核说明"] = [note | {"说明": "差额0.07万元：年初结转调整。"}]
    lapsed = selfeval("validate", saved(tmp_path / "c.json", data), "--json").only(finding["rule"])
    assert lapsed["explanation"] is None


# new


def test_new_makes_a_blank_workbook_with_rows_and_names(tmp_path: Path) -> None:
    target = tmp_path / "a.xlsx"
    words = ["--department", "某县水利局", "--year", 2022, "--entity", "东站", "--entity", "西站"]
    assert selfeval("new", "-o", target, *words).status == 0
    assert list(sheet_parts(target))[: len(SHEETS)] == SHEETS
    data = dumped(target)
    assert data["封面"]["部门(单位)名称"] == "某县水利局"
    assert data["封面"]["年度"] == 2022
    for table in TABLES:
        assert [row["机构名称"] for row in data[table]] == ["局机关", "东站", "西站"]
        amounts = [value for row in data[table] for key, value in row.items() if not key.startswith("机构")]
        assert set(amounts) == {None}
    assert len(block(target, "收入_机构名称")) >= 5, "spare rows"


def test_new_has_two_rows_for_sub_agencies_at_least_and_as_many_as_asked_for(tmp_path: Path) -> None:
    assert selfeval("new", "-o", tmp_path / "a.xlsx").status == 0
    assert len(block(tmp_path / "a.xlsx", "收入_机构名称")) >= 3
    assert selfeval("new", "-o", tmp_path / "b.xlsx", "--rows", 20).status == 0
    assert len(block(tmp_path / "b.xlsx", "收入_机构名称")) == 20


def test_new_for_another_year_expects_that_year(tmp_path: Path) -> None:
    assert selfeval("new", "-o", tmp_path / "a.xlsx", "--year", 2023).status == 0
    assert "2023" in str(values_of(tmp_path / "a.xlsx")["封面"])
    outcome = selfeval("validate", tmp_path / "a.xlsx", "--json")
    assert outcome.status == 1, "a blank one has required items open"
    assert {one["rule"] for one in outcome.findings if one["severity"] == "error"} == {"G-05"}


def test_new_for_one_entity_has_the_tables_with_one_row(tmp_path: Path) -> None:
    target = tmp_path / "a.xlsx"
    assert selfeval("new", "-o", target, "--kind", "entity", "--entity", "东站").status == 0
    sheets = list(sheet_parts(target))
    assert sheets[: len(ENTITY_SHEETS)] == ENTITY_SHEETS
    assert all(name.startswith("_") for name in sheets[len(ENTITY_SHEETS) :])
    assert block(target, "收入_机构名称") == ["东站"]
    assert selfeval("validate", target).status in (0, 1)
    assert package_checks.problems(target) == []


ROSTER = [
    ["部门编码", "部门名称", "机构编码", "机构名称", "机构类别", "单位性质", "状态"],
    ["101", "某县财政局", "101001", "局机关", "局机关", "行政", ""],
    ["101", "某县财政局", "101002", "国库集中支付中心", "二级机构", "事业", ""],
    ["102", "某县水利局", "102001", "局机关", "局机关", "行政", "应报"],
    ["103", "某县档案馆", "103001", "局机关", "局机关", "行政", "免报"],
    ["104", "某县外事办", "104001", "局机关", "局机关", "行政", "撤销"],
]


def roster(path: Path) -> Path:
    if path.suffix == ".csv":
        path.write_text("\n".join(",".join(row) for row in ROSTER), encoding="utf-8-sig")
        return path
    book = Workbook()
    for row in ROSTER:
        book.active.append(row)
    book.save(path)
    return path


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_new_makes_one_workbook_per_department_that_is_due(ending: str, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    outcome = selfeval("new", "--roster", roster(tmp_path / f"roster.{ending}"), "-d", folder)
    assert outcome.status == 0
    books = {path.stem: dumped(path) for path in folder.iterdir()}
    assert set(books) == {"101-某县财政局", "102-某县水利局"}
    assert all(str(folder / f"{name}.xlsx") in outcome.out for name in books)
    first = books["101-某县财政局"]
    assert (first["封面"]["部门编码"], first["封面"]["部门(单位)名称"]) == ("101", "某县财政局")
    assert [(row["机构编码"], row["机构名称"]) for row in first["收入"]] == [
        ("101001", "局机关"),
        ("101002", "国库集中支付中心"),
    ]


def test_new_from_a_roster_replaces_no_workbook(tmp_path: Path) -> None:
    names = roster(tmp_path / "roster.csv")
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "102-某县水利局.xlsx").write_bytes(b"filled in")
    assert selfeval("new", "--roster", names, "-d", folder).status == 5
    assert (folder / "102-某县水利局.xlsx").read_bytes() == b"filled in"
    assert [path.name for path in folder.iterdir()] == ["102-某县水利局.xlsx"], "all or none"


# Inputs are never written to


def test_no_command_changes_a_file_that_it_reads(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    book = filled(NINE, folder / "nine.xlsx")
    for path in (NINE, *COUNTY.glob("0[1-3]*"), COUNTY / "13-damaged.xlsx"):
        (folder / path.name).write_bytes(path.read_bytes())
    names = roster(folder / "roster.csv")
    before = bytes_of(folder.rglob("*"))
    out = tmp_path / "out"
    for words in (
        ["validate", folder],
        ["validate", folder, "--json", "--jobs", 2],
        ["fill", folder / NINE.name, "-o", out / "a.xlsx"],
        ["dump", book, "-o", out / "a.json"],
        ["consolidate", folder, "-o", out / "s.xlsx", "--roster", names],
        ["export", book, "-o", out / "f.xlsx"],
        ["new", "--roster", names, "-d", out / "new"],
    ):
        assert selfeval(*words).status in (0, 1, 3)
    assert bytes_of(folder.rglob("*")) == before


@pytest.mark.parametrize("path", [SEED, COUNTY / "02-health.json"], ids=lambda path: path.stem)
def test_filling_twice_gives_the_same_bytes(path: Path, tmp_path: Path) -> None:
    assert filled(path, tmp_path / "a.xlsx").read_bytes() == filled(path, tmp_path / "b.xlsx").read_bytes()


def test_settings_are_carried_in_the_workbook(tmp_path: Path) -> None:
    shipped = SAMPLES.parent / "forms" / "linxiang-zhengti-2022" / "settings.toml"
    text = shipped.read_text(encoding="utf-8")
    assert "from = 90" in text
    (tmp_path / "s.toml").write_text(text.replace("from = 90", "from = 98"), encoding="utf-8")
    outcome = selfeval("fill", SEED, "-o", tmp_path / "a.xlsx", "--settings", tmp_path / "s.toml", "--json")
    assert outcome.only("G-02")["expected"] == "良"
    assert selfeval("validate", tmp_path / "a.xlsx", "--json").only("G-02")["expected"] == "良"
    assert data_of(SEED)["绩效自评"]["绩效自评综合得分"] == 97.5
