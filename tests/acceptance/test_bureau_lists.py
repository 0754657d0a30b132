"""What a bureau's own lists hold that nobody can use is told: rosters, names given to a command."""

import json
from pathlib import Path

import pytest

from tests.acceptance.calling import saved, selfeval
from tests.acceptance.test_summary_sheets import department

ROSTER = "部门编码,部门名称,机构名称,状态\n101,东局,,\n,,甲中心,\n101,东局,,\n101,西局,,\n"
TOLD = (
    "名册!B3：第 3 行没有部门名称",
    "名册!B4 东局：第 4 行与第 2 行重复",
    "名册!B5 西局：第 5 行的编码 101 在第 2 行已是“东局”的",
)


def listed(folder: Path, text: str = ROSTER) -> Path:
    (folder / "名册.csv").write_text(text, encoding="utf-8")
    return folder / "名册.csv"


def test_handing_out_tells_which_rows_of_the_roster_were_not_taken_as_they_stand(tmp_path: Path) -> None:
    outcome = selfeval("new", "--roster", listed(tmp_path), "-d", tmp_path / "out")
    assert all(line in outcome.err for line in TOLD)
    assert {path.stem for path in (tmp_path / "out").iterdir()} == {"101-东局", "西局"}


def test_summing_up_tells_them_among_what_roster_and_ledger_come_to(tmp_path: Path) -> None:
    saved(tmp_path / "in" / "a.json", department("东局", "101", 100))
    words = ("--roster", listed(tmp_path), "-o", tmp_path / "s.xlsx")
    outcome = selfeval("consolidate", tmp_path / "in", *words)
    assert all(line in outcome.out for line in TOLD)
    assert "西局：应报，还没有收到" in outcome.out


def test_who_is_missing_is_told_with_the_file_that_seems_to_be_theirs(tmp_path: Path) -> None:
    roster = listed(
        tmp_path, "部门编码,部门名称\n1,某县东关局\n2,某县西局\n3,某县南街局\n6,某县中街局\n4,某县北局\n"
    )
    saved(tmp_path / "in" / "a.json", department("某县北局", "4", 100))
    saved(tmp_path / "in" / "a2.json", department("某县中局", "5", 100))
    late = department("某县西局", "2", 100)
    late["封面"]["年度"] = 2021
    saved(tmp_path / "in" / "b.json", late)
    for name in ("2022东关局（终稿）", "局", "街局"):
        (tmp_path / "in" / f"{name}.xlsx").write_bytes(b"PK")
    out = selfeval("consolidate", tmp_path / "in", "-o", tmp_path / "s.xlsx", "--roster", roster).out
    assert "某县南街局：应报，还没有收到它的表。请催报。" in out
    assert "某县东关局：应报，还没有收到它的表。“2022东关局（终稿）.xlsx”像是它的，没有采用（不是 Exc" in out
    assert "某县西局：应报，还没有收到它的表。“b.json”像是它的，没有采用（是 2021 年度的，" in out


def test_a_departments_own_consolidation_tells_them_too(tmp_path: Path) -> None:
    saved(tmp_path / "in" / "a.json", department("东局", "101", 100))
    words = ("--level", "department", "--roster", listed(tmp_path), "-o", tmp_path / "s.xlsx")
    out = selfeval("consolidate", tmp_path / "in", *words).out
    assert all(line in out for line in TOLD)


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("甲中心", "甲 中心"), "机构“甲 中心”与“甲中心”是同一个，只写一次。"),
        (("甲中心", "局机关"), "“局机关”就是本级，第一行已经是它，不用写。"),
        (("甲中心", " "), "--entity 后面没有写机构名称。"),
    ],
)
def test_an_entity_that_would_stand_there_twice_or_without_a_name_is_refused(
    names: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    words = [word for name in names for word in ("--entity", name)]
    outcome = selfeval("new", "-o", tmp_path / "a.xlsx", *words)
    assert (outcome.status, (tmp_path / "a.xlsx").exists()) == (2, False)
    assert said in outcome.err


def test_a_heads_own_workbook_may_bear_its_name(tmp_path: Path) -> None:
    words = ("--kind", "entity", "--entity", "局机关")
    assert selfeval("new", "-o", tmp_path / "a.xlsx", *words).status == 0


@pytest.mark.parametrize("times", [0, -1, 1.5, "两次"])
def test_a_report_counts_its_times_from_one(times: object, tmp_path: Path) -> None:
    data = department("东局", "101", 100)
    data["封面"]["报送次数"] = times
    outcome = selfeval("validate", saved(tmp_path / "a.json", data), "--json")
    assert outcome.status == 1
    assert {"N-07", "N-02"} & {one.split("@")[0] for one in outcome.standing() if "封面!G6" in one}


HEADS = ("馆机关", "档案馆机关", "某县档案馆", "某县档案馆（本级）", "某县档案馆(馆机关)", "委机关", "局机关")


@pytest.mark.parametrize("name", HEADS)
def test_the_head_is_the_head_by_whatever_name(name: str, tmp_path: Path) -> None:
    data = department("某县档案馆", "111", 100)
    tables = ("收入", "支出", "三公经费", "固定资产")
    for table in tables:
        data[table][0]["机构名称"] = name
    outcome = selfeval("validate", saved(tmp_path / "a.json", data), "--json")
    assert not {"X-04", "X-19"} & {one["rule"] for one in outcome.findings}
    selfeval("fill", tmp_path / "a.json", "-o", tmp_path / "a.xlsx")
    again = json.loads(selfeval("dump", tmp_path / "a.xlsx").out)
    assert [[row["机构名称"] for row in again[table]] for table in tables] == [["局机关"]] * len(tables)


def test_a_rosters_row_with_the_departments_own_name_is_the_heads(tmp_path: Path) -> None:
    text = "部门名称,机构编码,机构名称\n东局,101001,东局\n西馆,102001,馆机关\n南局,103001,南局（本级）\n"
    selfeval("new", "--roster", listed(tmp_path, text), "-d", tmp_path / "out")
    for name, code in (("东局", "101001"), ("西馆", "102001"), ("南局", "103001")):
        rows = json.loads(selfeval("dump", tmp_path / "out" / f"{name}.xlsx").out)["收入"]
        assert [(row["机构名称"], row["机构编码"]) for row in rows] == [("局机关", code)]


def test_another_entitys_name_is_not_the_heads(tmp_path: Path) -> None:
    data = department("某县档案馆", "111", 100)
    for table in ("收入", "支出", "三公经费", "固定资产"):
        data[table][0]["机构名称"] = "档案中心机关"
    selfeval("fill", saved(tmp_path / "a.json", data), "-o", tmp_path / "a.xlsx")
    rows = json.loads(selfeval("dump", tmp_path / "a.xlsx").out)["收入"]
    assert [row["机构名称"] for row in rows] == ["局机关", "档案中心机关"]


def test_last_years_reports_in_formats_that_are_not_read_are_named(tmp_path: Path) -> None:
    this = saved(tmp_path / "a.json", department("东局", "101", 100))
    saved(tmp_path / "last" / "b.json", department("西局", "102", 100))
    for name in ("东局.xls", "南局.et", "~$北局.xls"):
        (tmp_path / "last" / name).write_bytes(b"old")
    (tmp_path / "last" / "坏.xlsx").write_bytes(b"PK")
    err = selfeval("validate", this, "--previous", tmp_path / "last").err
    assert "上年的表里未处理 2 个其他格式的文件：东局.xls、南局.et。" in err
    assert "坏.xlsx：拒收" in err
    assert "北局" not in err


def test_a_folder_of_nothing_but_other_formats_names_them(tmp_path: Path) -> None:
    (tmp_path / "东局.xls").write_bytes(b"old")
    outcome = selfeval("validate", tmp_path)
    assert outcome.status == 2
    assert "只有其他格式的文件：东局.xls。" in outcome.err


def test_a_roster_of_which_nobody_is_due_hands_nothing_out_and_says_so(tmp_path: Path) -> None:
    empty = listed(tmp_path, "部门编码,部门名称,状态\n101,东局,免报\n")
    outcome = selfeval("new", "--roster", empty, "-d", tmp_path / "out")
    assert outcome.status == 2
    assert "名册“名册.csv”里没有应报的部门" in outcome.err
