"""What a new user ran into, each once."""

import copy
import json
from pathlib import Path

import pytest

from tests.acceptance.calling import selfeval
from tests.support import small_report as small


def found(tmp_path: Path, data: dict[str, object]) -> list[dict[str, object]]:
    file = tmp_path / "report.json"
    file.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    return list(json.loads(selfeval("validate", file, "--json").out)["files"][0]["findings"])


def test_data_without_a_row_for_the_head_are_no_differing_lists(tmp_path: Path) -> None:
    data = json.loads(small.encoded(small.changed()))
    for table in ("收入", "支出", "三公经费", "固定资产"):
        del data[table][0]
    assert "X-04" not in {one["rule"] for one in found(tmp_path, data)}


def test_an_entity_missing_from_one_table_is_one_finding_about_that_entity(tmp_path: Path) -> None:
    data = json.loads(small.encoded(small.changed()))
    missing = copy.deepcopy(data["三公经费"][1])
    del data["三公经费"][1]
    lists = [one for one in found(tmp_path, data) if one["rule"] == "X-04"]
    assert [one["entity"] for one in lists] == [missing["机构名称"]]


def test_reports_in_formats_that_are_not_read_are_named(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(small.encoded(small.changed()))
    (tmp_path / "甲局.xls").write_bytes(b"old")
    (tmp_path / "乙局.et").write_bytes(b"wps")
    outcome = selfeval("validate", tmp_path)
    assert "甲局.xls" in outcome.err
    assert "乙局.et" in outcome.err


def test_a_wrong_declaration_among_the_users_forms_is_wrong_usage_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "forms" / "mine"
    folder.mkdir(parents=True)
    (folder / "form.toml").write_text('[form]\nid = "x"\n', encoding="utf-8")
    monkeypatch.setenv("SELFEVAL_FORMS", str(tmp_path / "forms"))
    outcome = selfeval("form", "list")
    assert outcome.status == 2
    assert "line 1" in outcome.err
