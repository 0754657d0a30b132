"""The consolidation workbook's other side: what the record says, in letters that any machine reads."""

import json
import shutil
from pathlib import Path

import pytest

from selfeval_xl.app import tool
from tests.acceptance.calling import COUNTY, selfeval


def lines(path: Path) -> list[list[str]]:
    """The record as the macro decodes it."""
    return [
        [json.loads(f'"{part}"') for part in line.split("\t")]
        for line in path.read_bytes().decode("ascii").splitlines()
    ]


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("收到 的表")
    shutil.copytree(COUNTY, folder / "表")
    arguments = [folder / "表", folder / "汇总.xlsx", folder / "汇总.xlsx.log", "4711"]
    tool.main([*map(str, arguments), "roster=", "ledger="])
    return folder


@pytest.mark.parametrize("text", ["收入\t\r\n", "a\\u4e00", '"', "𠮷野家", "=1+1", "～"])
def test_whatever_is_said_is_plain_text_and_comes_back(text: str) -> None:
    coded = tool.encoded(text)
    assert coded.isascii()
    assert coded.isprintable()
    assert json.loads('"' + coded.replace('"', '\\"') + '"') == text


def test_record_begins_with_the_run_and_ends_with_a_sentence(recorded: Path) -> None:
    found = lines(recorded / "汇总.xlsx.log")
    assert found[0] == ["token", "4711"]
    assert found[1] == ["so_far", "已读 0 个，共 13 个文件"]
    assert found[-1][0] == "at_end"
    assert found[-1][1].startswith("共 13 个文件：")
    assert found[-1][1].endswith("已写入 汇总.xlsx")


def test_record_has_a_line_for_every_file_as_consolidate_tells_it(recorded: Path, tmp_path: Path) -> None:
    told = selfeval("consolidate", recorded / "表", "-o", tmp_path / "a.xlsx", "--json").json["files"]
    words = {"clean": "没有问题", "info": "有提示", "warnings": "有需说明的问题", "errors": "有错误"}
    wanted = {
        (Path(one["file"]).name, one["department"] or "", words.get(one["status"], "拒收")) for one in told
    }
    found = [line[1:] for line in lines(recorded / "汇总.xlsx.log") if line[0] == "one_file"]
    assert {(name, department, state) for name, department, state, _ in found} == wanted
    assert found[0][0] == "13-damaged.xlsx"
    assert all(reason for _, _, state, reason in found if state in ("拒收", "有错误"))
    assert not any(str(recorded) in reason for *_, reason in found)


def test_what_counts_no_more_is_skipped_with_its_reason(tmp_path: Path) -> None:
    shutil.copy(COUNTY / "01-finance.json", tmp_path / "a.json")
    data = json.loads((COUNTY / "01-finance.json").read_text(encoding="utf-8"))
    data["封面"]["报送次数"] = 2
    (tmp_path / "b.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    tool.main([str(tmp_path), str(tmp_path / "s.xlsx"), str(tmp_path / "s.log"), "1"])
    (skipped,) = [line for line in lines(tmp_path / "s.log") if line[0] == "one_file" and line[3] == "跳过"]
    assert skipped[1] == "a.json"
    assert "b.json" in skipped[4]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nowhere", "s.xlsx"], "不存在"),
        ([".", "s.docx"], "结尾"),
        ([".", "s.xlsx", "roster=nobody.xlsx"], "名册"),
    ],
)
def test_what_cannot_be_done_is_a_chinese_sentence_at_the_end(
    tmp_path: Path, arguments: list[str], sentence: str
) -> None:
    shutil.copy(COUNTY / "01-finance.json", tmp_path / "a.json")
    folder, target, *more = arguments
    tool.main([str(tmp_path / folder), str(tmp_path / target), str(tmp_path / "r.log"), "1", *more])
    kind, text = lines(tmp_path / "r.log")[-1]
    assert (kind, sentence in text) == ("at_end", True)


def test_a_bug_ends_in_a_sentence_and_a_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(tool, "consolidate", broken)
    tool.main([str(tmp_path), str(tmp_path / "s.xlsx"), str(tmp_path / "r.log"), "1"])
    text = lines(tmp_path / "r.log")[-1][1]
    assert "程序出错了" in text
    assert "Traceback" not in text
    Path(text.rpartition("：")[2]).unlink()
