"""The exit status of every command, as the contract's table has it; with ``--json`` too."""

import errno
import re
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from selfeval_xl.app import checking
from tests.acceptance.calling import (
    DAMAGED,
    NINE,
    SEED,
    Data,
    filled,
    place,
    placed,
    repacked,
    saved,
    seed,
    selfeval,
    selfeval_process,
    with_cell,
    with_text,
)

OLE = bytes.fromhex("d0cf11e0a1b11ae1")


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return filled(SEED, tmp_path_factory.mktemp("seed") / "seed.xlsx")


# 0: no error


@pytest.mark.parametrize(
    "words",
    [
        "new -o {out}.xlsx",
        "fill {seed} -o {out}.xlsx",
        "fill {seed} -o {out}.xlsx --json",
        "dump {book}",
        "dump {book} -o {out}.json",
        "dump {seed}",
        "validate {book}",
        "validate {book} --json",
        "validate {seed} {book} --jobs 2",
        "consolidate {book} {nine} -o {out}.xlsx",
        "consolidate {book} -o {out}.xlsx --json",
        "export {book} -o {out}.xlsx",
        "form list",
        "--help",
        "consolidate --help",
        "--version",
    ],
)
def test_status_is_0_without_an_error(words: str, tmp_path: Path, workbook: Path) -> None:
    paths = {"out": tmp_path / "out", "seed": SEED, "book": workbook, "nine": NINE}
    assert selfeval(*words.format(**paths).split()).status == 0


def test_the_command_itself_ends_with_the_status(tmp_path: Path, workbook: Path) -> None:
    assert selfeval_process("validate", workbook).status == 0
    assert selfeval_process("validate", DAMAGED).status == 3
    outcome = selfeval_process("new")
    assert outcome.status == 2
    assert outcome.out == ""


def test_help_is_chinese_and_names_every_command() -> None:
    page = selfeval("--help").out
    commands = re.findall(r"^  ([a-z]+) ", page, re.MULTILINE)
    assert {"new", "fill", "dump", "validate", "consolidate", "export", "form", "demo", "build"} <= set(
        commands
    )
    for command in commands:
        assert re.search(rf"^ +{command} .*[\u4e00-\u9fff]", page, re.MULTILINE), command
        assert not re.search(
            r"[A-Z]{2,}|required", re.sub("JSON|CSV|SHA-256", "", selfeval(command, "--help").out)
        ), command


# 1: errors


def with_error(data: Data) -> Data:
    data["绩效自评"]["绩效自评综合得分"] = 101
    return data


@pytest.mark.parametrize(
    "words",
    [
        "fill {data} -o {out}.xlsx",
        "fill {data} -o {out}.xlsx --json",
        "validate {data}",
        "validate {data} --json",
        "validate {seed} {data}",
        "consolidate {data} -o {out}.xlsx",
        "consolidate {data} -o {out}.xlsx --json",
        "export {data} -o {out}.xlsx",
    ],
)
def test_status_is_1_with_an_error(words: str, tmp_path: Path) -> None:
    data = saved(tmp_path / "wrong.json", with_error(seed()))
    outcome = selfeval(*words.format(out=tmp_path / "out", seed=SEED, data=data).split())
    assert outcome.status == 1
    assert "G-01" in outcome.out
    assert (tmp_path / "out.xlsx").exists() == words.startswith(("fill", "consolidate"))


# 2: wrong usage


@pytest.mark.parametrize(
    "words",
    [
        "",
        "nonsense",
        "--nonsense",
        "new",
        "new --nonsense",
        "new -o",
        "new -o {out}.xls",
        "new -o {out}.txt",
        "new -o {out}.xlsx --year 1999",
        "new -o {out}.xlsx --year 0",
        "new -o {out}.xlsx --year 22x",
        "new -o {out}.xlsx --rows 1",
        "new -o {out}.xlsx --rows 9999",
        "new -o {out}.xlsx --kind town",
        "new -o {out}.xlsx --kind entity --entity a --entity b",
        "new -o {out}.xlsx --form nobody",
        "new -o {out}.xlsx --form {none}.toml",
        "new -o {out}.xlsx --form {empty}.toml",
        "new -o {out}.xlsx --settings {none}.toml",
        "new -o {out}.xlsx --settings {empty}.toml",
        "new -o {out}.xlsx --roster {book}",
        "new --roster {book}",
        "new --roster {none}.xlsx -d {out}",
        "new --roster {book} -d {out}",
        "fill",
        "fill {seed}",
        "fill {seed} {seed} -o {out}.xlsx",
        "fill {seed} -o {out}.json",
        "fill {none}.json -o {out}.xlsx",
        "fill {folder} -o {out}.xlsx",
        "dump",
        "dump {none}.xlsx",
        "dump {folder}",
        "dump {book} -o {out}.xlsx",
        "dump {copy} -o {copy} --force",
        "validate",
        "validate {none}.xlsx",
        "validate {folder}",
        "validate {book} --jobs 0",
        "validate {book} --jobs many",
        "consolidate",
        "consolidate {book}",
        "consolidate {folder} -o {out}.xlsx",
        "consolidate {none} -o {out}.xlsx",
        "consolidate {book} -o {book}",
        "consolidate {book} -o {book} --force",
        "consolidate {book} -o {out}.csv",
        "consolidate {book} -o {out}.xlsx --level town",
        "consolidate {book} -o {out}.xlsx --roster {none}.xlsx",
        "export",
        "export {book}",
        "export {none}.xlsx -o {out}.xlsx",
        "export {book} -o {book}",
        "export {book} -o {book} --force",
        "export {book} -o {out}.odt",
        "form",
        "form nonsense",
        "form list more",
        "demo --nonsense",
        "build --nonsense",
    ],
)
def test_status_is_2_for_wrong_usage(words: str, tmp_path: Path, workbook: Path) -> None:
    folder = tmp_path / "empty-folder"
    folder.mkdir()
    (folder / "~$lock.xlsx").write_bytes(b"")
    copy = tmp_path / "copy.json"
    copy.write_bytes(SEED.read_bytes())
    (tmp_path / "empty.toml").write_bytes(b"")
    paths = {"out": tmp_path / "out", "none": tmp_path / "none", "folder": folder, "copy": copy}
    paths |= {"seed": SEED, "book": workbook, "empty": tmp_path / "empty"}
    before = workbook.read_bytes()
    outcome = selfeval(*words.format(**paths).split())
    assert outcome.status == 2
    assert outcome.out == ""
    assert outcome.err
    assert not list(tmp_path.glob("out*"))
    assert workbook.read_bytes() == before
    assert copy.read_bytes() == SEED.read_bytes()


@pytest.mark.parametrize("spelling", ["a.xlsx", "./b/../a.xlsx", "link.xlsx"])
def test_output_that_is_the_input_is_refused_however_it_is_spelt(
    spelling: str, tmp_path: Path, workbook: Path
) -> None:
    (tmp_path / "b").mkdir()
    source = tmp_path / "a.xlsx"
    source.write_bytes(workbook.read_bytes())
    (tmp_path / "link.xlsx").symlink_to(source)
    outcome = selfeval("export", source, "-o", tmp_path / spelling, "--force")
    assert outcome.status == 2
    assert "相同" in outcome.err
    assert source.read_bytes() == workbook.read_bytes()


# 3: refused


def changed(change: Callable[[Data], object]) -> Callable[[], bytes]:
    def make() -> bytes:
        data = seed()
        change(data)
        return saved(Path(tempfile.mkdtemp()) / "data.json", data).read_bytes()

    return make


def edited(old: str, new: str) -> Callable[[], bytes]:
    def make() -> bytes:
        text = SEED.read_text(encoding="utf-8")
        assert old in text
        return text.replace(old, new, 1).encode("utf-8")

    return make


REFUSED_DATA: dict[str, tuple[Callable[[], bytes], str]] = {
    "malformed": (edited('"版次"', '"版次'), "JSON"),
    "cut off": (lambda: SEED.read_bytes()[:900].decode("utf-8", "ignore").encode("utf-8"), "JSON"),
    "nothing": (lambda: b"", "空文件"),
    "too deep": (lambda: b"[" * 100_000, "JSON"),
    "not UTF-8": (lambda: '{"表单": "x"}'.encode("gb18030"), "UTF-8"),
    "no object": (lambda: b"[]", "对象"),
    "null": (lambda: b"null", "对象"),
    "unknown key": (changed(lambda data: data.update({"收入表": []})), "收入表"),
    "unknown key in a section": (changed(lambda data: data["封面"].update({"局长": "某"})), "局长"),
    "unknown key in a row": (changed(lambda data: data["收入"][0].update({"收人": 1})), "收人"),
    "unknown item among the totals": (changed(lambda data: data.update({"汇总": {"收入": {"收": 1}}})), "收"),
    "text for an object": (changed(lambda data: data.update({"封面": "x"})), "封面"),
    "object for a table": (changed(lambda data: data.update({"收入": {}})), "收入"),
    "number for a text": (changed(lambda data: data["收入"][0].update({"机构名称": 5})), "机构名称"),
    "number for a date": (changed(lambda data: data["封面"].update({"报告日期": 20230909})), "报告日期"),
    "truth value for an amount": (
        changed(lambda data: data["收入"][0].update({"其他收入": True})),
        "其他收入",
    ),
    "list for an amount": (changed(lambda data: data["收入"][0].update({"其他收入": [1]})), "其他收入"),
    "number in paragraphs": (changed(lambda data: data["基本概况"].update({"职能职责概述": [1]})), "职能"),
    "duplicate key": (edited('"上年结转": null', '"上年结转": null, "上年结转": 1'), "上年结转"),
    "a synonym beside the label": (
        changed(lambda data: data["收入"][0].update({"一般公共预算财政拨款": 1})),
        "一般公共预算财政拨款",
    ),
    "NaN": (edited("0.49", "NaN"), "NaN"),
    "infinity": (edited("0.49", "-Infinity"), "Infinity"),
    "an enormous number": (edited("0.49", "1e400"), "其他收入"),
    "an unthinkable number": (edited("0.49", "1e999999999999999999"), "其他收入"),
    "an unthinkably small number": (edited("0.49", "1e-999999999999999999"), "其他收入"),
    "unknown form": (changed(lambda data: data.update({"表单": "nobody"})), "nobody"),
    "form is a number": (changed(lambda data: data.update({"表单": 7})), "表单"),
    "unknown edition": (changed(lambda data: data.update({"版次": 2099})), "2099"),
    "half an edition": (changed(lambda data: data.update({"版次": 2022.5})), "2022.5"),
    "edition is a text": (changed(lambda data: data.update({"版次": "2022"})), "版次"),
    "goal of no class": (
        changed(lambda data: data["绩效自评"]["定量目标"][0].update({"指标类别": "x"})),
        "x",
    ),
    "heading of no number": (changed(lambda data: data["评价报告综述"][0].update({"编号": "九"})), "九"),
    "too many entities": (
        changed(
            lambda data: data["收入"].extend({"机构名称": f"第{n}站", "其他收入": 1} for n in range(400))
        ),
        "401",
    ),
}


@pytest.mark.parametrize("name", REFUSED_DATA)
def test_data_that_cannot_be_placed_are_refused(name: str, tmp_path: Path) -> None:
    make, word = REFUSED_DATA[name]
    path = tmp_path / "data.json"
    path.write_bytes(make())
    outcome = selfeval("validate", path, "--json")
    assert outcome.status == 3
    assert outcome.file["status"] == "refused"
    assert word in outcome.file["reason"]
    assert "拒收" in selfeval("validate", path).out
    assert selfeval("fill", path, "-o", tmp_path / "out.xlsx").status == 3
    assert selfeval("dump", path).status == 3
    assert not (tmp_path / "out.xlsx").exists()


def without_sheet(source: Path, target: Path, sheet: str) -> Path:
    """Take a sheet out of a workbook, its part left behind."""
    with zipfile.ZipFile(source) as package:
        text = package.read("xl/workbook.xml").decode("utf-8")
    entry = re.search(rf'<sheet name="{sheet}"[^>]*/>', text)
    assert entry
    return with_text(source, target, "xl/workbook.xml", entry[0], "")


def other_settings(old: str, new: str) -> Callable[[Path, Path], Path]:
    """Say something else in the very hidden sheet from which a workbook is known."""
    return lambda source, target: with_text(source, target, "xl/sharedStrings.xml", old, new)


def written(content: bytes) -> Callable[[Path, Path], Path]:
    def make(_source: Path, target: Path) -> Path:
        target.write_bytes(content)
        return target

    return make


def foreign(_source: Path, target: Path) -> Path:
    from openpyxl import Workbook

    book = Workbook()
    book.active["A1"] = "别的表"
    book.save(target)
    return target


def cut(source: Path, target: Path) -> Path:
    content = source.read_bytes()
    target.write_bytes(content[: len(content) // 2])
    return target


REFUSED_WORKBOOKS: dict[str, tuple[Callable[[Path, Path], Path], str]] = {
    "no package": (written(b"hello"), "不是 Excel"),
    "empty": (written(b""), ""),
    "damaged": (cut, ""),
    "a part is damaged": (
        lambda source, target: repacked(
            source, target, lambda name, part: part[:500] if name.endswith("sheet3.xml") else part
        ),
        "损坏",
    ),
    "a part is missing": (
        lambda source, target: repacked(
            source, target, lambda name, part: None if name.endswith("sheet3.xml") else part
        ),
        "损坏",
    ),
    "encrypted": (written(OLE + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(512)), "密码"),
    "an .xls": (written(OLE + bytes(504) + "Workbook".encode("utf-16-le") + bytes(512)), "xls"),
    "a web page renamed": (written(b"<html><body><table></table></body></html>"), "网页"),
    "another program's": (foreign, "不是本程序"),
    "unknown form": (other_settings("linxiang-zhengti", "nobody"), "nobody"),
    "unknown edition": (other_settings(">2022<", ">2031<"), "2031"),
    "another major version": (other_settings(">1.0<", ">2.0<"), "2.0"),
    "a table is missing": (lambda source, target: without_sheet(source, target, "支出"), "支出"),
    "a page is missing": (lambda source, target: without_sheet(source, target, "基本概况"), "基本概况"),
}


@pytest.mark.parametrize("name", REFUSED_WORKBOOKS)
def test_workbook_that_cannot_be_placed_is_refused(name: str, tmp_path: Path, workbook: Path) -> None:
    make, word = REFUSED_WORKBOOKS[name]
    path = make(workbook, tmp_path / "book.xlsx")
    outcome = selfeval("validate", path, "--json")
    assert outcome.status == 3
    assert outcome.file["status"] == "refused"
    assert word in outcome.file["reason"]
    assert outcome.file["findings"] == []
    for words in (
        ["dump", path],
        ["export", path, "-o", tmp_path / "out.xlsx"],
        ["export", path, "-o", tmp_path / "out.xlsx", "--draft"],
        ["consolidate", path, "-o", tmp_path / "out.xlsx"],
    ):
        assert selfeval(*words).status == 3, words
    assert not (tmp_path / "out.xlsx").exists()


def test_old_workbook_under_its_own_ending_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "old.xls"
    path.write_bytes(OLE + bytes(1016))
    assert selfeval("validate", path).status == 3


def test_another_minor_version_is_read(tmp_path: Path, workbook: Path) -> None:
    path = with_text(workbook, tmp_path / "b.xlsx", "xl/sharedStrings.xml", ">1.0<", ">1.7<")
    assert selfeval("validate", path).status == 0


# A finding, not refused


def typed(sheet: str, cell: str, content: object) -> Callable[[Path, Path], Path]:
    return lambda source, target: with_cell(source, target, sheet, cell, content)


def typed_at(name: str, content: object) -> Callable[[Path, Path], Path]:
    return lambda source, target: with_cell(source, target, *place(source, name).split("!"), content)


FINDINGS_IN_WORKBOOKS: dict[str, tuple[Callable[[Path, Path], Path], str, int]] = {
    "text as amount": (typed("三公经费", "C6", "3.7万元"), "N-02@三公经费!C6", 1),
    "an error value as amount": (typed("三公经费", "C6", "#REF!"), "N-02@三公经费!C6", 1),
    "wrong year": (typed_at("封面_年度", 2021), "T-11@{封面_年度}", 1),
    "changed header": (typed("收入", "C4", "去年结转"), "N-04@收入!C4", 0),
    "figure in a header": (typed("三公经费", "C3", "其中：3.7"), "N-04@三公经费!C3", 0),
    "another entity": (typed("支出", "A8", "别的站"), "F-02@支出!A8", 1),
    "lost formula": (typed("支出", "B7", 212.78), "F-02@支出!B7", 1),
}


@pytest.mark.parametrize("name", FINDINGS_IN_WORKBOOKS)
def test_workbook_with_a_fault_is_read_and_the_fault_found(name: str, tmp_path: Path, workbook: Path) -> None:
    make, finding, status = FINDINGS_IN_WORKBOOKS[name]
    outcome = selfeval("validate", make(workbook, tmp_path / "b.xlsx"), "--json")
    assert outcome.status == status
    assert outcome.file["reason"] is None
    assert placed(workbook, finding) in outcome.standing()


FINDINGS_IN_DATA: dict[str, tuple[Callable[[Data], object], str]] = {
    "text as amount": (
        lambda data: data["三公经费"][0].update({"公务接待费": "3.7万元"}),
        "N-02@三公经费!C6",
    ),
    "text as printed total": (
        lambda data: data.update({"汇总": {"收入": {"收入合计": "无"}}}),
        "N-02@收入!B5",
    ),
    "text as score": (
        lambda data: data["绩效自评"].update({"绩效自评综合得分": "97.5分"}),
        "N-02@{绩效自评_绩效自评综合得分}",
    ),
    "differing entities": (
        lambda data: (data["收入"].append({"机构名称": "东站"}), data["支出"].append({"机构名称": "西站"})),
        "X-04@支出!A8",
    ),
    "wrong year": (lambda data: data["封面"].update({"年度": 2021}), "T-11@{封面_年度}"),
    "year in words": (lambda data: data["封面"].update({"年度": "二〇二二"}), "N-02@{封面_年度}"),
    "nothing at all": (lambda data: data.clear(), "G-05@{封面_部门单位名称}"),
}


@pytest.mark.parametrize("name", FINDINGS_IN_DATA)
def test_data_with_a_fault_are_read_and_the_fault_found(name: str, tmp_path: Path, workbook: Path) -> None:
    change, finding = FINDINGS_IN_DATA[name]
    data = seed()
    change(data)
    path = saved(tmp_path / "d.json", data)
    outcome = selfeval("validate", path, "--json")
    assert outcome.status == 1
    assert placed(workbook, finding) in outcome.standing()
    assert selfeval("fill", path, "-o", tmp_path / "b.xlsx").status == 1
    assert (tmp_path / "b.xlsx").exists(), "a workbook is written even with errors"


# 5: cannot write

WRITERS = [
    "new -o {target}.xlsx",
    "fill {seed} -o {target}.xlsx",
    "dump {book} -o {target}.json",
    "consolidate {book} -o {target}.xlsx",
    "export {book} -o {target}.xlsx",
]


@pytest.mark.parametrize("words", WRITERS)
def test_status_is_5_where_the_output_exists_and_force_replaces_it(
    words: str, tmp_path: Path, workbook: Path
) -> None:
    called = words.format(target=tmp_path / "out", seed=SEED, book=workbook).split()
    target = Path(called[-1])
    target.write_bytes(b"precious")
    outcome = selfeval(*called)
    assert outcome.status == 5
    assert "--force" in outcome.err
    assert target.read_bytes() == b"precious"
    assert selfeval(*called, "--force").status == 0
    assert target.read_bytes() != b"precious"
    assert [path.name for path in tmp_path.iterdir()] == [target.name]


@pytest.mark.parametrize("words", WRITERS)
def test_status_is_5_in_a_read_only_folder(
    words: str, tmp_path: Path, workbook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_as_usual = Path.open

    def refuse(self: Path, mode: str = "r", *args: object, **options: object) -> object:
        if self.parent == tmp_path and mode != "r" and set(mode) & set("wxa+"):
            raise PermissionError(errno.EACCES, "denied", str(self))
        return open_as_usual(self, mode, *args, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", refuse)
    outcome = selfeval(*words.format(target=tmp_path / "out", seed=SEED, book=workbook).split())
    assert outcome.status == 5
    assert "没有权限" in outcome.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", WRITERS)
def test_status_is_5_where_a_file_stands_for_the_folder(words: str, tmp_path: Path, workbook: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    called = words.format(target=tmp_path / "file" / "out", seed=SEED, book=workbook).split()
    assert selfeval(*called).status == 5
    assert (tmp_path / "file").read_bytes() == b"x"


@pytest.mark.parametrize("words", WRITERS)
def test_status_is_5_where_the_output_is_a_folder(words: str, tmp_path: Path, workbook: Path) -> None:
    called = words.format(target=tmp_path / "out", seed=SEED, book=workbook).split()
    Path(called[-1]).mkdir()
    assert selfeval(*called, "--force").status == 5


@pytest.mark.parametrize("words", WRITERS)
def test_status_is_5_for_a_name_too_long_for_the_disk(words: str, tmp_path: Path, workbook: Path) -> None:
    called = words.format(target=tmp_path / ("x" * 300), seed=SEED, book=workbook).split()
    assert selfeval(*called).status == 5


def test_status_is_5_without_room_and_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr("selfeval_xl.jobs.fill.write_workbook", full)
    outcome = selfeval("fill", SEED, "-o", tmp_path / "out.xlsx")
    assert outcome.status == 5
    assert "空间" in outcome.err
    assert list(tmp_path.iterdir()) == []


# 10: a bug


@pytest.mark.parametrize("json_or_not", [[], ["--json"]])
def test_status_is_10_for_a_bug_and_only_the_log_has_the_traceback(
    json_or_not: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("a very English explanation of what went wrong")

    monkeypatch.setattr(checking, "validating", fail)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    outcome = selfeval("validate", SEED, *json_or_not)
    assert outcome.status == 10
    assert outcome.out == ""
    (log,) = tmp_path.iterdir()
    assert str(log) in outcome.err
    text = log.read_text(encoding="utf-8")
    assert "Traceback" in text
    assert "a very English explanation" in text


# The largest wins


@pytest.mark.parametrize("command", ["validate", "consolidate"])
@pytest.mark.parametrize("json_or_not", [[], ["--json"]])
def test_largest_status_wins_over_several_files(command: str, json_or_not: list[str], tmp_path: Path) -> None:
    wrong = saved(tmp_path / "in" / "wrong.json", with_error(seed()))
    output = ["-o", tmp_path / "out.xlsx"] if command == "consolidate" else []
    assert selfeval(command, NINE, *output, *json_or_not).status == 0
    output += ["--force"] if output else []
    assert selfeval(command, NINE, wrong, *output, *json_or_not).status == 1
    assert selfeval(command, DAMAGED, wrong, NINE, *output, *json_or_not).status == 3


def test_one_bad_file_never_stops_a_folder(tmp_path: Path) -> None:
    for path in (NINE, DAMAGED, SEED):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "~$nine.xlsx").write_bytes(b"lock")
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "deep" / "er" / "x.XLSM").write_bytes(b"x")
    (tmp_path / "notes.txt").write_text("x", encoding="utf-8")
    outcome = selfeval("validate", tmp_path, "--json")
    assert outcome.status == 3
    assert sorted(Path(one["file"]).name for one in outcome.json["files"]) == sorted(
        [NINE.name, DAMAGED.name, SEED.name, "x.XLSM"]
    )
    assert outcome.json["totals"]["refused"] == 2


# What the screen can show


def test_screen_that_knows_no_chinese_still_gets_utf8(workbook: Path) -> None:
    outcome = selfeval_process("validate", workbook, PYTHONIOENCODING="ascii", LC_ALL="C")
    assert outcome.status == 0
    assert "评价等次" in outcome.out
