"""Whatever is given in the wrong place is told in plain words with what to do; nothing is written."""

import sys
from pathlib import Path

import pytest

from tests.acceptance.calling import SEED, filled, selfeval, selfeval_process

CASES = {
    "fill {empty}.json -o {out}.xlsx": (3, "是空文件"),
    "fill {text}.txt -o {out}.xlsx": (3, "文件名要以 .json 结尾"),
    "fill {gbk}.json -o {out}.xlsx": (3, "UTF-8"),
    "validate {empty}.xlsx": (3, "是空文件"),
    "validate {book} -d {text}.txt": (2, "是文件，不是文件夹"),
    "new -o {out}.xlsx --settings {folder}": (2, "是文件夹"),
    "validate {book} --reference {folder}": (2, "是文件夹，不是文件"),
    "validate {book} --reference {text}.txt": (2, "也不是 .csv"),
    "export {book} -o {folder}": (2, "是文件夹，请写明文件名"),
    "export {book} -o {text}.txt/a.xlsx": (5, "那里是一个文件"),
    "repair {seed} -o {out}.xlsx": (3, "用 selfeval fill"),
    "new --roster {folder} -d {out}": (2, "是文件夹，不是文件"),
    "new --roster {roster} -d {text}.txt": (2, "是文件，不是文件夹"),
    "new -o {out}.xlsx --settings {text}.txt": (2, "看第 1 行"),
    "consolidate {book} -o {out}.xlsx --tables {text}.txt": (2, "是文件，不是文件夹"),
    "consolidate {book} -o {out}.xlsx --roster {empty}.xlsx": (2, "是空文件"),
    "archive --verify {none}": (2, "none”不存在"),
    "archive --verify {folder}": (2, "不是归档文件夹"),
    "archive --verify {book}": (2, "不是归档文件夹"),
}


@pytest.mark.parametrize("words", CASES)
def test_a_wrong_argument_is_told_plainly(words: str, tmp_path: Path) -> None:
    status, sentence = CASES[words]
    (tmp_path / "empty.json").touch()
    (tmp_path / "empty.xlsx").touch()
    (tmp_path / "text.txt").write_text("hello", encoding="utf-8")
    (tmp_path / "gbk.json").write_bytes('{"表单": 1}'.encode("gb18030"))
    (tmp_path / "folder").mkdir()
    roster = tmp_path / "roster.csv"
    roster.write_text("部门名称\n东局\n", encoding="utf-8")
    book = filled(SEED, tmp_path / "book.xlsx")
    before = sorted(tmp_path.rglob("*"))
    places = {name: tmp_path / name for name in ("empty", "text", "gbk", "folder", "none", "out")}
    outcome = selfeval(*words.format(book=book, seed=SEED, roster=roster, **places).split())
    assert outcome.status == status
    assert sentence in outcome.out + outcome.err
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="there may be an Excel")
def test_where_there_is_no_excel_live_and_doctor_say_the_same() -> None:
    live, doctor = selfeval_process("live"), selfeval_process("doctor")
    assert live.status == 4
    assert live.err.strip() in doctor.out
    assert "selfeval validate" in live.err
