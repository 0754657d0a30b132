"""Another label or another column is an edit of the declaration, and of nothing else."""

import json
import shutil
from pathlib import Path

import pytest
from openpyxl import load_workbook

from selfeval_xl.form.library import settings_for
from selfeval_xl.form.load import load_form
from selfeval_xl.reports.form_page import form_page
from tests.acceptance.calling import ROOT, SEED, Data, data_of, saved, selfeval, values_of

SHIPPED = ROOT / "workbook" / "forms" / "linxiang-zhengti-2022"
COLUMN = '[[block.column]]\nlabel = "捐赠收入"\nheader = ["其中：", "捐赠收入"]\n'


def declared(folder: Path, monkeypatch: pytest.MonkeyPatch, *changes: tuple[str, str]) -> Path:
    """Put a changed copy of the shipped form where a user's own forms are found."""
    shutil.copytree(SHIPPED, folder / "forms" / "changed")
    file = folder / "forms" / "changed" / "form.toml"
    text = file.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    file.write_text(text, encoding="utf-8")
    monkeypatch.setenv("SELFEVAL_FORMS", str(folder / "forms"))
    return file


def page(file: Path) -> str:
    form = load_form(file)
    return form_page(form, settings_for(form))


def test_another_label_changes_workbook_data_findings_summary_and_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "其他收入" in page(SHIPPED / "form.toml")
    file = declared(tmp_path, monkeypatch, ("其他收入", "杂项收入"))
    assert selfeval("validate", SEED).status == 3, "the old label is an unknown key now"
    data: Data = json.loads(SEED.read_text(encoding="utf-8").replace("其他收入", "杂项收入"))
    data["收入"][0]["杂项收入"] = "0.49万"
    book = tmp_path / "a.xlsx"
    outcome = selfeval("fill", saved(tmp_path / "a.json", data), "-o", book, "--json")
    assert outcome.only("N-02")["item"] == "杂项收入"
    assert "杂项收入" in outcome.only("N-02")["message"]
    assert "杂项收入" in values_of(book)["收入"].values()
    assert "收入_杂项收入" in load_workbook(book).defined_names
    assert json.loads(selfeval("dump", book).out)["收入"][0]["杂项收入"] == "0.49万"
    summary = selfeval("consolidate", book, "-o", tmp_path / "s.xlsx", "--json")
    assert "杂项收入" in summary.json["summary"]["sums"]["收入"]
    assert "杂项收入" in values_of(tmp_path / "s.xlsx")["收入"].values()
    assert "杂项收入" in page(file)
    for text in (str(values_of(book)), str(values_of(tmp_path / "s.xlsx")), page(file)):
        assert "其他收入" not in text


def test_another_column_is_filled_summed_checked_and_read_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    label = 'label = "其他收入"\n'
    text = (SHIPPED / "form.toml").read_text(encoding="utf-8")
    start = text.index("[[block.column]]\n" + label)
    column = text[start : text.index("[[", start + 2)]
    file = declared(
        tmp_path,
        monkeypatch,
        (column, column + COLUMN),
        ("纳入专户管理的非税收入拨款 + 其他收入", "纳入专户管理的非税收入拨款 + 其他收入 + 捐赠收入"),
    )
    data = data_of(SEED)
    data["收入"][0] |= {"捐赠收入": 1.5, "收入合计": 212.78}
    book = tmp_path / "a.xlsx"
    outcome = selfeval("fill", saved(tmp_path / "a.json", data), "-o", book, "--json")
    assert outcome.only("I-01")["expected"] == "214.28"
    assert 214.28 in values_of(book)["收入"].values()
    assert "收入_捐赠收入_汇总" in load_workbook(book).defined_names
    assert json.loads(selfeval("dump", book).out)["收入"][0]["捐赠收入"] == 1.5
    sums = selfeval("consolidate", book, "-o", tmp_path / "s.xlsx", "--json").json["summary"]["sums"]["收入"]
    assert (sums["捐赠收入"], sums["收入合计"]) == ("1.50", "214.28")
    assert "捐赠收入" in page(file)
