"""Many departments' files into one summary: what counts, what is left out and why, and every sum."""

import json
import shutil
from decimal import Decimal
from pathlib import Path

import pandas
import pytest

from tests.acceptance.calling import (
    COUNTY,
    DAMAGED,
    FORMS,
    NINE,
    SEED,
    Data,
    Outcome,
    exact_data_of,
    filled,
    parts,
    property_of,
    saved,
    seed,
    selfeval,
    values_of,
)
from tests.support import office, package_checks

TABLES = ("收入", "支出", "三公经费", "固定资产")
COMPUTED = {
    "收入合计": ("上年结转", "公共财政拨款", "政府基金拨款", "纳入专户管理的非税收入拨款", "其他收入"),
    "支出合计": ("人员支出", "公用支出", "项目支出"),
    "基本支出": ("人员支出", "公用支出"),
    "三公经费合计": ("公务接待费", "公务用车运维费", "公务用车购置费", "因公出国费"),
    "固定资产合计": ("在用固定资产", "出租固定资产", "其他"),
}


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A county's folder: some departments hand in workbooks, some data; one file is damaged."""
    folder = tmp_path_factory.mktemp("county")
    for number, path in enumerate(sorted(COUNTY.glob("*.json"))):
        if number < 3:
            filled(path, folder / f"{path.stem}.xlsx")
        else:
            shutil.copyfile(path, folder / path.name)
    shutil.copyfile(DAMAGED, folder / DAMAGED.name)
    return folder


def department(name: str, code: str | None = None, income: float = 100, **cover: object) -> Data:
    """Made-up data of a department without findings above 提示."""
    data = seed()
    data["封面"] |= {"部门(单位)名称": name, "部门编码": code, **cover}
    data["收入"][0] |= {"公共财政拨款": income, "其他收入": 0}
    data["支出"][0] |= {"人员支出": income, "公用支出": 0, "项目支出": 0, "当年结余": 0, "累计结余": 0}
    data["三公经费"][0] |= {"公务接待费": 0}
    data["评价报告综述"] = []
    return data


def consolidated(folder: Path, *words: object) -> Outcome:
    return selfeval(
        "consolidate", folder, "-o", folder.parent / f"{folder.name}.xlsx", "--json", "--force", *words
    )


def skipped(outcome: Outcome) -> dict[str, str]:
    return {Path(one["file"]).name: one["reason"] for one in outcome.json["summary"]["skipped"]}


def income(outcome: Outcome) -> str:
    return outcome.json["summary"]["sums"]["收入"]["公共财政拨款"]


# A whole county


def test_sums_are_those_of_the_departments_data(county: Path) -> None:
    """A total that a department printed wrong (04) is a finding and no addend."""
    sums: dict[tuple[str, str], Decimal] = {}
    wrong: set[tuple[str, str]] = set()
    for path in sorted(COUNTY.glob("*.json")):
        data = exact_data_of(path)
        for table in TABLES:
            for row in data[table]:
                add(sums, wrong, table, row)
    found = consolidated(county).json["summary"]["sums"]
    assert wrong == {("三公经费", "公务接待费"), ("三公经费", "三公经费合计")}
    for table in TABLES:
        for item, value in found[table].items():
            if (table, item) in wrong:
                assert value == "无法计算"
            elif (table, item) in sums:
                assert Decimal(value) == sums[table, item], (table, item)
            else:
                assert value is None, (table, item)


def add(sums: dict[tuple[str, str], Decimal], wrong: set[tuple[str, str]], table: str, row: Data) -> None:
    amounts = {key: value for key, value in row.items() if not key.startswith("机构") and key not in COMPUTED}
    items = {item: [item] for item in amounts}
    items |= {total: list(of) for total, of in COMPUTED.items() if set(of) <= set(amounts)}
    for item, of in items.items():
        values = [amounts[one] for one in of if amounts[one] is not None]
        if any(isinstance(value, str) for value in values):
            wrong.add((table, item))
        elif values:
            sums[table, item] = sums.get((table, item), Decimal(0)) + sum(values)


def test_county_is_consolidated_with_one_damaged_file_listed(county: Path) -> None:
    outcome = consolidated(county)
    assert outcome.status == 3
    counts = outcome.json["summary"]["departments"]
    assert counts["errors"] == 3
    assert counts["refused"] == 1
    assert sum(counts.values()) == 13
    values = values_of(county.with_suffix(".xlsx"))
    assert DAMAGED.name in values["拒收和跳过"].values()
    assert any("损坏" in str(value) for value in values["拒收和跳过"].values())
    assert property_of(county.with_suffix(".xlsx"), "kind") == "汇总"


def test_summary_is_read_by_other_programs_with_its_values(county: Path) -> None:
    sums = consolidated(county).json["summary"]["sums"]
    book = county.with_suffix(".xlsx")
    values = values_of(book)
    for table in TABLES:
        headers = {values[table][cell]: cell[0] for cell in values[table] if cell[1:] == "3"}
        for item, total in sums[table].items():
            found = values[table].get(f"{headers[item]}4")
            if total in (None, "无法计算"):
                assert found == total
            else:
                assert Decimal(repr(found)) == Decimal(total), (table, item)
    frame = pandas.read_excel(book, sheet_name="收入", header=2, engine="calamine")
    departments = frame[frame["层级"] == "部门"]
    assert len(departments) == 12
    assert departments["公共财政拨款"].astype(float).sum() == pytest.approx(
        float(sums["收入"]["公共财政拨款"])
    )
    names = {
        name for path in COUNTY.glob("*.json") for name in [exact_data_of(path)["封面"]["部门(单位)名称"]]
    }
    assert set(departments["部门"]) == names
    assert package_checks.problems(book) == []


def test_every_row_of_a_department_and_entity_is_there(county: Path) -> None:
    consolidated(county)
    frame = pandas.read_excel(county.with_suffix(".xlsx"), sheet_name="支出", header=2, engine="calamine")
    for path in COUNTY.glob("*.json"):
        data = exact_data_of(path)
        rows = frame[frame["部门"] == data["封面"]["部门(单位)名称"]]
        entities = rows[rows["层级"] == "机构"]
        wanted = [(row["机构名称"], row["人员支出"]) for row in data["支出"]]
        assert [Decimal(str(value)) for value in entities["人员支出"]] == [amount for _, amount in wanted]
        assert list(entities["机构"])[1:] == [name for name, _ in wanted][1:]


def test_order_of_files_and_number_of_processes_change_nothing(county: Path, tmp_path: Path) -> None:
    files = sorted(county.iterdir())
    files += [saved(tmp_path / "more" / f"{n}.json", department(f"第{n}局", f"9{n:02}")) for n in range(5)]
    selfeval("consolidate", *files, "-o", tmp_path / "a.xlsx")
    selfeval("consolidate", *reversed(files), "-o", tmp_path / "b.xlsx")
    selfeval("consolidate", *files, "-o", tmp_path / "c.xlsx", "--jobs", 2)
    assert parts(tmp_path / "a.xlsx") == parts(tmp_path / "b.xlsx") == parts(tmp_path / "c.xlsx")
    one, two = (selfeval("validate", *files, "--json", "--jobs", jobs) for jobs in (1, 2))
    assert one == two


@pytest.mark.office
def test_office_calculates_the_same_totals(county: Path, tmp_path: Path) -> None:
    consolidated(county)
    book = county.with_suffix(".xlsx")
    (again,) = office.recalculated([book], tmp_path / "again")
    assert office.values(again) == office.values(book)


def test_second_run_into_the_same_folder_leaves_the_summary_out(tmp_path: Path) -> None:
    saved(tmp_path / "a.json", department("东局"))
    first = selfeval("consolidate", tmp_path, "-o", tmp_path / "summary.xlsx", "--json")
    assert selfeval("consolidate", tmp_path, "-o", tmp_path / "summary.xlsx").status == 5
    second = selfeval("consolidate", tmp_path, "-o", tmp_path / "summary.xlsx", "--json", "--force")
    assert first == second
    assert first.status == 0


# One file a department


def test_later_report_wins(tmp_path: Path) -> None:
    saved(tmp_path / "in" / "a.json", department("东局", "101", 100))
    saved(tmp_path / "in" / "b.json", department("东局", "101", 200, 报送次数=2))
    saved(tmp_path / "in" / "c.json", department("西局", "102", 5))
    outcome = consolidated(tmp_path / "in")
    assert outcome.status == 0
    assert income(outcome) == "205.00"
    assert set(skipped(outcome)) == {"a.json"}
    assert "b.json" in skipped(outcome)["a.json"]


def test_final_one_wins_over_a_later_report(tmp_path: Path) -> None:
    source = saved(tmp_path / "a.json", department("东局", "101", 100))
    assert selfeval("export", source, "-o", tmp_path / "in" / "final.xlsx").status == 0
    saved(tmp_path / "in" / "b.json", department("东局", "101", 200, 报送次数=2))
    outcome = consolidated(tmp_path / "in")
    assert income(outcome) == "100.00"
    assert set(skipped(outcome)) == {"b.json"}


def test_code_wins_over_the_name(tmp_path: Path) -> None:
    saved(tmp_path / "in" / "a.json", department("东局", "101", 100))
    saved(tmp_path / "in" / "b.json", department("东 局（筹）", "101", 200, 报送次数=2))
    saved(tmp_path / "in" / "c.json", department("东局", "102", 5))
    assert income(consolidated(tmp_path / "in")) == "205.00"


def test_names_are_compared_without_blanks_and_width(tmp_path: Path) -> None:
    saved(tmp_path / "in" / "a.json", department("东局(本级)", None, 100))
    saved(tmp_path / "in" / "b.json", department("东 局（本级）", None, 200, 报送次数=2))
    assert income(consolidated(tmp_path / "in")) == "200.00"


def test_rivals_of_equal_rank_are_a_conflict_and_neither_counts(tmp_path: Path) -> None:
    saved(tmp_path / "in" / "a.json", department("东局", "101", 100))
    saved(tmp_path / "in" / "b.json", department("东局", "101", 200))
    saved(tmp_path / "in" / "c.json", department("西局", "102", 5))
    outcome = consolidated(tmp_path / "in")
    assert outcome.status == 1
    assert income(outcome) == "5.00"
    assert set(skipped(outcome)) == {"a.json", "b.json"}
    for one in outcome.json["files"][:2]:
        assert one["status"] == "errors"
        (conflict,) = [finding for finding in one["findings"] if finding["code"] == "duplicate.conflict"]
        assert conflict["severity"] == "error"
        assert conflict["item"] == "东局"
        assert conflict["cells"][0].startswith("封面!")


@pytest.mark.parametrize("how", ["copied", "a workbook of the same data", "saved anew"])
def test_the_same_report_twice_is_no_conflict(how: str, tmp_path: Path) -> None:
    data = saved(tmp_path / "in" / "a.json", department("东局", "101", 100))
    if how == "copied":
        shutil.copyfile(data, tmp_path / "in" / "b.json")
    elif how == "saved anew":
        text = json.dumps(department("东局", "101", 100), indent=8)
        (tmp_path / "in" / "b.json").write_text(text, encoding="utf-8")
    else:
        filled(data, tmp_path / "in" / "b.xlsx")
    outcome = consolidated(tmp_path / "in")
    assert outcome.status == 0
    assert income(outcome) == "100.00"
    assert len(skipped(outcome)) == 1


# What is left out, and why


def test_what_does_not_belong_is_skipped_with_its_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SELFEVAL_FORMS", str(FORMS))
    folder = tmp_path / "in"
    saved(folder / "a.json", department("东局", "101", 100))
    saved(folder / "b.json", department("西局", "102", 7))
    saved(folder / "old.json", department("南局", "103", 1000, 年度=2021))
    shutil.copyfile(FORMS / "wharf-2024" / "sample.json", folder / "wharf.json")
    selfeval(
        "new", "-o", folder / "entity.xlsx", "--kind", "entity", "--entity", "东站", "--department", "东局"
    )
    selfeval("consolidate", folder / "a.json", "-o", folder / "earlier.xlsx")
    outcome = consolidated(folder)
    reasons = skipped(outcome)
    assert set(reasons) == {"old.json", "wharf.json", "entity.xlsx", "earlier.xlsx"}
    assert "2021" in reasons["old.json"]
    assert "表单" in reasons["wharf.json"]
    assert "单个机构" in reasons["entity.xlsx"]
    assert "汇总" in reasons["earlier.xlsx"]
    assert income(outcome) == "107.00"
    listed = {str(value) for value in values_of(tmp_path / "in.xlsx")["拒收和跳过"].values()}
    assert set(reasons) <= listed
    assert set(reasons.values()) <= listed
    screen = selfeval("consolidate", folder, "-o", tmp_path / "s.xlsx").out
    assert all(name in screen and reason in screen for name, reason in reasons.items())


def test_nothing_to_sum_up_writes_nothing(tmp_path: Path) -> None:
    outcome = selfeval("consolidate", DAMAGED, "-o", tmp_path / "s.xlsx")
    assert outcome.status == 3
    assert "没有可以汇总的文件" in outcome.err
    assert not (tmp_path / "s.xlsx").exists()


def test_departments_of_the_roster_that_did_not_report_are_listed(tmp_path: Path) -> None:
    saved(tmp_path / "in" / "a.json", department("东局", "101", 100))
    roster = tmp_path / "roster.csv"
    roster.write_text("部门编码,部门名称,状态\n101,东局,\n102,西局,\n103,南局,免报\n", encoding="utf-8")
    assert consolidated(tmp_path / "in", "--roster", roster).status == 0
    frame = pandas.read_excel(tmp_path / "in.xlsx", sheet_name="报送情况", header=2, engine="calamine")
    assert dict(zip(frame["部门"], frame["状态"], strict=True)) == {
        "东局": "已采用",
        "西局": "未报",
        "南局": "免报",
    }


def test_sources_give_every_file_and_its_digest(county: Path) -> None:
    consolidated(county)
    frame = pandas.read_excel(county.with_suffix(".xlsx"), sheet_name="来源", header=2, engine="calamine")
    assert len(frame) == 13
    assert frame["SHA-256"].str.fullmatch("[0-9a-f]{64}").all()
    assert set(frame["状态"]) == {"已采用", "拒收"}


def test_seed_and_nine_entities_add_up(tmp_path: Path) -> None:
    outcome = selfeval("consolidate", SEED, NINE, "-o", tmp_path / "s.xlsx", "--json")
    assert outcome.status == 0
    assert outcome.json["summary"]["sums"]["收入"]["收入合计"] == "11526.25"
