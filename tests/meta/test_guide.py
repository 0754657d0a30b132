"""The guide for clerks: its commands run, what it quotes is there, its pictures and places exist."""

import json
import os
import re
import shlex
from collections.abc import Iterator
from copy import copy
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from docs import pictures
from tests.acceptance.calling import NINE, ROOT, SAMPLES, SEED, Outcome, data_of, filled, saved, selfeval

GUIDE = (ROOT / "docs" / "guide.zh.md").read_text(encoding="utf-8")
FENCE = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PROSE = FENCE.sub("", GUIDE)


@pytest.fixture(scope="module")
def office_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every file that the guide's commands name as given."""
    folder = tmp_path_factory.mktemp("guide")
    sound = filled(NINE, folder / "自评表.xlsx")
    (folder / "收到的表").mkdir()
    (folder / "收到的表" / "教育局.xlsx").write_bytes(sound.read_bytes())
    filled(SEED, folder / "收到的表" / "编办.xlsx")
    filled(saved(folder / "broken.json", pictures.broken(data_of(NINE))), folder / "有错的表.xlsx")
    saved(folder / "上年的表" / "教育局.json", year_before(data_of(NINE)))
    (folder / "对照表.csv").write_text("\n".join(",".join(row) for row in listed()), encoding="gbk")
    roster(folder / "名册.xlsx")
    (folder / "调整.csv").write_text(
        "调出,调入,项目,金额,原因\n云溪县教育局,,其他收入,0.1,重复计算\n", encoding="utf-8"
    )
    counties(folder)
    (folder / "各机构的表").mkdir()
    filled(saved(folder / "head.json", head_only()), folder / "各机构的表" / "局机关.xlsx")
    entity(folder / "各机构的表" / "第一中学.xlsx")
    return folder


def counties(folder: Path) -> None:
    """The summaries of two counties of one department each."""
    text = (SAMPLES / "yunxi-settings.toml").read_text(encoding="utf-8")
    for file, county in (("教育局", "云溪县"), ("编办", "临江县")):
        settings = folder / f"{county}.toml"
        settings.write_text(text.replace("云溪县", county), encoding="utf-8")
        target = folder / "各县的汇总" / f"{county}.xlsx"
        selfeval("consolidate", folder / "收到的表" / f"{file}.xlsx", "-o", target, "--settings", settings)


def year_before(data: dict[str, Any]) -> dict[str, Any]:
    """A report a year earlier, of which everything that was left came over."""
    data["封面"]["年度"] = 2021
    for now, before in zip(data["收入"], data["支出"], strict=True):
        before["累计结余"] = now["上年结转"]
    return data


def listed() -> list[list[str]]:
    """The guide's own example of a list."""
    table = PROSE[PROSE.index("| 部门编码 |") :].split("\n\n")[0].splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table]
    return [row for row in rows if not set("".join(row)) <= {"-"}]


def test_the_guides_example_of_a_list_fits_the_sample(office_folder: Path) -> None:
    outcome = selfeval("validate", office_folder / "收到的表", "--reference", office_folder / "对照表.csv")
    assert outcome.status == 0
    assert "教育局" in outcome.out
    assert "没有用" not in outcome.err
    assert [line for line in outcome.out.splitlines() if "对照表.csv" in line] == []


def roster(path: Path) -> None:
    book = Workbook()
    for row in (
        ("部门编码", "部门名称", "机构名称"),
        ("201", "云溪县教育局", "第一中学"),
        ("202", "云溪县水利局", None),
    ):
        book.active.append(row)
    book.save(path)


def head_only() -> dict[str, object]:
    data = data_of(NINE)
    for table in ("收入", "支出", "三公经费", "固定资产"):
        data[table] = data[table][:1]
    return data


def entity(path: Path) -> None:
    words = ("--kind", "entity", "--department", "云溪县教育局", "--entity", "云溪县第一中学")
    assert selfeval("new", "-o", path, *words).status == 0
    book = load_workbook(path)
    for table, cells in (("收入", ("C6", "D6", "E6", "F6", "G6")), ("支出", ("D7", "E7", "F7", "G7", "H7"))):
        for cell in cells:
            book[table][cell] = 0
    book.save(path)


def blocks() -> Iterator[tuple[list[str], int, list[str]]]:
    """Yield every block of commands, the exit status it promises, and the lines shown below it."""
    found = FENCE.findall(GUIDE)
    for number, (kind, options, body) in enumerate(found):
        if kind == "sh":
            status = re.search(r"status=(\d+)", options)
            after = found[number + 1] if number + 1 < len(found) else ("", "", "")
            shown = after[2].splitlines() if after[0] == "text" else []
            yield body.splitlines(), int(status[1]) if status else 0, shown


def test_commands_end_as_the_guide_says_and_print_what_it_shows(
    office_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(office_folder)
    commands = 0
    for lines, status, shown in blocks():
        for line in lines:
            program, *words = shlex.split(line)
            outcome: Outcome = selfeval(*words)
            assert (program, outcome.status) == ("selfeval", status), (line, outcome.out, outcome.err)
            printed = outcome.out.splitlines()
            assert [one for one in shown if one not in printed] == [], line
            commands += 1
    assert commands >= 7
    assert (office_folder / "下发").is_dir()


def corpus(folder: Path) -> str:
    """Every text that a clerk can meet: in workbooks, their hints, and the catalogue."""
    texts = [(ROOT / "selfeval_xl" / "texts.toml").read_text(encoding="utf-8")]
    texts.append((ROOT / "workbook/forms/linxiang-zhengti-2022/form.toml").read_text(encoding="utf-8"))
    assert selfeval("consolidate", SAMPLES / "county", "-o", folder / "all.xlsx").status in (0, 1, 3)
    for path in (ROOT / "workbook/templates/linxiang-zhengti-2022-5.xlsx", folder / "all.xlsx"):
        for sheet in load_workbook(path, data_only=True).worksheets:
            texts.append(sheet.title)
            texts += [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]
            for rule in sheet.data_validations.dataValidation:
                texts += [str(rule.error), str(rule.prompt)]
    return "\n".join(texts)


def test_what_the_guide_quotes_is_there(tmp_path: Path) -> None:
    everything = corpus(tmp_path)
    quoted = set(re.findall("「([^」]+)」", PROSE))
    assert len(quoted) > 40
    assert sorted(one for one in quoted if one not in everything) == []


NOTES = {
    "差额8：": ("X-14", None, ("基本概况", None, "实有人数", 650)),
    "差额1.00万元：": ("N-01", "云溪县教师发展中心", ("收入", 1, "其他收入", -1)),
    "差额10.00万元：": ("E-04", "机关", ("支出", 0, "当年结余", 47.15)),
    "差额：10万元，": ("X-02", "机关", ("支出", 0, "当年结余", 47.15)),
    "差额为10，": ("E-04", "本级", ("支出", 0, "当年结余", 47.15)),
    "差额100000元，": ("E-04", "机关", ("支出", 0, "当年结余", 47.15)),
}


@pytest.mark.parametrize("opening", NOTES)
def test_explanations_are_accepted_as_the_guide_says(opening: str, tmp_path: Path) -> None:
    rule, entity_name, (section, row, item, value) = NOTES[opening]
    data = data_of(NINE)
    (data[section] if row is None else data[section][row])[item] = value
    data["审核说明"] = [{"规则": rule, "机构": entity_name, "说明": f"{opening}有原因。"}]
    outcome = selfeval("fill", saved(tmp_path / "a.json", data), "-o", tmp_path / "a.xlsx")
    accepted = [one for one in outcome.out.splitlines() if "已有说明" in one]
    assert accepted == [f"      已有说明：{opening}有原因。"], outcome.out


def test_an_entity_without_spending_is_explained_without_a_difference(tmp_path: Path) -> None:
    data = data_of(NINE)
    for table in ("支出", "三公经费"):
        data[table][5] |= {item: None for item in data[table][5] if item != "机构名称"}
    data["审核说明"] = [{"规则": "X-05", "机构": "云溪县机关幼儿园", "说明": "已撤销。"}]
    outcome = selfeval("fill", saved(tmp_path / "a.json", data), "-o", tmp_path / "a.xlsx")
    assert "已有说明：已撤销。" in outcome.out


def test_every_link_leads_somewhere() -> None:
    headings = [line.lstrip("# ") for line in PROSE.splitlines() if line.startswith("#")]
    anchors = {re.sub(r"[^\w\- ]", "", one).replace(" ", "-").lower() for one in headings}
    for target in re.findall(r"\]\(([^)]+)\)", PROSE):
        if target.startswith("#"):
            assert target[1:] in anchors
        else:
            assert os.path.exists(ROOT / "docs" / target.partition("#")[0]), target  # noqa: PTH110  # "..", as GitHub reads it


# Pictures


def test_pictures_are_those_of_the_guide_and_small() -> None:
    pages = PROSE + (ROOT / "docs" / "button.zh.md").read_text(encoding="utf-8")
    named = re.findall(r"\]\(pictures/([^)/]+)\)", pages)
    there = {path.name: path.stat().st_size for path in pictures.FOLDER.glob("*.png")}
    assert sorted(named) == sorted(there) == sorted(pictures.PICTURES)
    assert max(there.values()) <= 60_000
    assert sum(there.values()) <= 500_000


@pytest.mark.slow
def test_pictures_show_what_the_workbooks_show_now(tmp_path: Path) -> None:
    noted = json.loads(pictures.SOURCES.read_text(encoding="utf-8"))
    now = pictures.digests(pictures.books(tmp_path))
    stale = sorted(name for name in now if now[name] != noted.get(name))
    assert stale == [], "these show what is no more; draw them anew: python -m docs.pictures"
    assert noted.keys() == now.keys()


def test_a_picture_is_stale_as_soon_as_a_cell_of_its_sheet_looks_different(tmp_path: Path) -> None:
    path = ROOT / "workbook/templates/linxiang-zhengti-2022-5.xlsx"
    picture = pictures.Picture("blank", "收入")
    before, after = (load_workbook(path), load_workbook(path))
    after["收入"]["C6"].fill = copy(after["收入"]["B6"].fill)
    assert pictures.digest(picture, before, before) != pictures.digest(picture, after, after)
    after = load_workbook(path)
    after["支出"]["D7"] = 1
    assert pictures.digest(picture, before, before) == pictures.digest(picture, after, after)
