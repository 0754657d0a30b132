"""A workbook handed out before the rules or words changed is checked by those that it came with."""

import shutil
from pathlib import Path

import pytest

from selfeval_xl.form.library import as_of
from selfeval_xl.form.load import load_form
from tests.acceptance.calling import FORMS, selfeval

FORM = FORMS / "wharf-2024"
CHANGES = {
    'version = "3.2"': 'version = "3.3"',
    "全港＝各作业点之和（来源）": "全港等于各作业点之和（来源）",
    "修理不多于燃料的两倍": "修理不多于燃料的三倍",
}


@pytest.fixture
def old_book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workbook of version 3.2."""
    monkeypatch.setenv("SELFEVAL_FORMS", str(FORMS))
    book = tmp_path / "old.xlsx"
    assert selfeval("fill", FORM / "sample.json", "-o", book).status == 0
    return book


@pytest.fixture
def later(tmp_path: Path) -> Path:
    """The form's folder with version 3.3, which says two rules in other words."""
    folder = tmp_path / "forms" / FORM.name
    shutil.copytree(FORM, folder)
    text = (folder / "form.toml").read_text(encoding="utf-8")
    for old, new in CHANGES.items():
        assert text.count(old) == 1
        text = text.replace(old, new)
    (folder / "form.toml").write_text(text, encoding="utf-8")
    return folder


def keep(later: Path) -> None:
    (later / "earlier").mkdir()
    shutil.copy(FORM / "form.toml", later / "earlier" / "3.2.toml")


def test_it_is_whole_by_its_own_declaration(
    old_book: Path, later: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = selfeval("validate", old_book, "--json").findings
    keep(later)
    monkeypatch.setenv("SELFEVAL_FORMS", str(later.parent))
    assert selfeval("validate", old_book, "--json").findings == before


def test_without_that_what_differs_is_named(
    old_book: Path, later: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SELFEVAL_FORMS", str(later.parent))
    assert [one["rule"] for one in selfeval("validate", old_book, "--json").findings] == ["P-02", "P-02"]


def test_both_versions_go_into_one_summary(
    old_book: Path, later: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    keep(later)
    monkeypatch.setenv("SELFEVAL_FORMS", str(later.parent))
    data = (FORM / "sample.json").read_text(encoding="utf-8").replace("某湾港务处", "另一港务处")
    (tmp_path / "new.json").write_text(data, encoding="utf-8")
    assert selfeval("fill", tmp_path / "new.json", "-o", tmp_path / "new.xlsx").status == 0
    outcome = selfeval("consolidate", old_book, tmp_path / "new.xlsx", "-o", tmp_path / "all.xlsx", "--json")
    assert outcome.status == 0, outcome.err
    assert outcome.json["summary"]["sums"]["资金来源"]["拨款"] == "1540000"
    assert selfeval("repair", old_book, "-o", tmp_path / "clean.xlsx").status == 0


@pytest.mark.parametrize("version", ["3.1", "3.x", "../3.2", "3."])
def test_a_version_that_was_not_kept_is_read_by_the_present_one(version: str) -> None:
    form = load_form(FORM / "form.toml")
    assert as_of(form, version) is form
