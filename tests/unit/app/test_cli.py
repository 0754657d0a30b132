"""The command line: complaints in Chinese with where help is to be had, and the exit status of whatever happens."""

import tempfile
from pathlib import Path

import pytest

from selfeval_xl import __version__
from selfeval_xl.app import checking, cli
from selfeval_xl.app.cli import run
from selfeval_xl.consolidation.reduce import Reduced
from selfeval_xl.ooxml.output import OutputBlocked, OutputExists
from tests.support import small_report as small

COMMANDS = ["new", "fill", "dump", "validate", "consolidate", "export", "form", "demo", "menu", "build"]


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["nonesuch"], "没有命令“nonesuch”。输入“selfeval --help”查看用法。"),
        (["form", "nonesuch"], "没有命令“nonesuch”。输入“selfeval form --help”查看用法。"),
        (["validate"], "缺少“文件或文件夹…”。输入“selfeval validate --help”查看用法。"),
        (["fill", "a.json"], "缺少“-o”。输入“selfeval fill --help”查看用法。"),
        (["validate", "--nonesuch", "a.xlsx"], "没有选项“--nonesuch”。"),
        (["validate", "--jobs", "viele", "a.xlsx"], "“--jobs”的值不对，应为 1 至 64 的整数。"),
        (["validate", "--jobs", "0", "a.xlsx"], "“--jobs”的值不对，应为 1 至 64 的整数。"),
        (["new", "--year", "22年", "-o", "a.xlsx"], "“--year”的值不对，应为 整数。"),
        (["new", "--kind", "bureau", "-o", "a.xlsx"], "“--kind”的值不对，应为 department或entity。"),
        (["new", "-o"], "选项“-o”后面要有值。"),
        (["dump", "a.xlsx", "b.xlsx"], "多出来的内容：b.xlsx。"),
        (["new"], "请写明输出文件（-o 文件）或名册和文件夹（--roster 名册 -d 文件夹）。"),
        (["new", "-o", "a.xlsx", "-d", "folder"], "请写明输出文件"),
        (["validate", "none.xlsx"], "“none.xlsx”不存在。"),
        (["consolidate", "a.json", "-o", "s.txt"], "输出文件应以 .xlsx 结尾，现为“s.txt”。"),
    ],
)
def test_wrong_words_are_told_in_chinese_and_end_with_two(
    words: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(words) == 2
    out, err = capsys.readouterr()
    assert err.startswith(complaint)
    assert out == ""


def test_without_words_the_help_page_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([]) == 2
    assert capsys.readouterr().err.startswith("用法：selfeval 命令 [参数]…")


@pytest.mark.parametrize("words", [["--help"], ["-h"], *([command, "--help"] for command in COMMANDS)])
def test_help_is_chinese_throughout(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(words) == 0
    page = capsys.readouterr().out
    assert page.startswith("用法：selfeval")
    assert "显示帮助后退出。" in page
    for english in ("Usage", "Options", "Commands", "Show", "required", "OPTIONS", "PATH", "INTEGER", "TEXT"):
        assert english not in page


def test_the_help_page_lists_the_commands_in_the_order_of_use(capsys: pytest.CaptureFixture[str]) -> None:
    run(["--help"])
    page = capsys.readouterr().out
    spots = [page.index(f"\n  {command} ") for command in COMMANDS]
    assert spots == sorted(spots)


def test_an_option_that_must_be_given_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    run(["fill", "--help"])
    assert "输出文件。（必填）" in capsys.readouterr().out


def test_the_version_is_shown_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"{__version__}\n"


def test_the_forms_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["form", "list"]) == 0
    assert capsys.readouterr().out.startswith("linxiang-zhengti 2022 版（")


# Whatever happens


def raising(monkeypatch: pytest.MonkeyPatch, fault: Exception | KeyboardInterrupt) -> int:
    def fail(*_: object) -> list[Reduced]:
        raise fault

    monkeypatch.setattr(checking, "validating", fail)
    return run(["validate", "a.xlsx"])


@pytest.mark.parametrize(
    ("fault", "status", "text"),
    [
        (OutputExists(Path("a.xlsx")), 5, "“a.xlsx”已经存在，没有覆盖。要替换请加 --force。"),
        (OutputBlocked(Path("a.xlsx"), "open_elsewhere"), 5, "“a.xlsx”正在 Excel 或 WPS 中打开"),
        (OutputBlocked(Path("a.xlsx"), "no_room"), 5, "磁盘空间不足"),
        (KeyboardInterrupt(), 130, "已中断。原有的文件没有改动"),
    ],
)
def test_what_stops_a_command_is_a_sentence_and_a_status(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    fault: Exception | KeyboardInterrupt,
    status: int,
    text: str,
) -> None:
    assert raising(monkeypatch, fault) == status
    assert text in capsys.readouterr().err


def test_a_bug_ends_in_a_sentence_and_a_log(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert raising(monkeypatch, ZeroDivisionError("nought")) == 10
    (log,) = tmp_path.glob("selfeval-*.log")
    err = capsys.readouterr().err
    assert str(log) in err
    assert "Traceback" not in err
    assert "ZeroDivisionError: nought" in log.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("statuses", "code"),
    [
        ((), 0),
        (("clean", "info", "warnings"), 0),
        (("clean", "errors"), 1),
        (("errors", "refused"), 3),
        (("refused", "errors"), 3),
    ],
)
def test_the_largest_status_wins(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    statuses: tuple[str, ...],
    code: int,
) -> None:
    files = [Reduced(Path(one), one, "…" if one == "refused" else None) for one in statuses]
    monkeypatch.setattr(checking, "validating", lambda *_: (one for one in files))
    assert run(["validate", "a.xlsx"]) == code
    assert run(["validate", "a.xlsx", "--json"]) == code
    assert capsys.readouterr().err == ""


# The commands, each once


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, changes in (("good", {}), ("wrong", {"三公经费_1_公务接待费": -1})):
        (tmp_path / f"{name}.json").write_bytes(small.encoded(small.changed(封面_部门编码=name, **changes)))
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("words", "status", "written"),
    [
        ("new -o out.xlsx --entity 甲中心", 0, True),
        ("new -o out.xlsx --kind entity", 0, True),
        ("fill good.json -o out.xlsx", 0, True),
        ("fill wrong.json -o out.xlsx", 1, True),
        ("fill broken.json -o out.xlsx", 3, False),
        ("dump good.json -o out.json", 0, True),
        ("dump good.json", 0, False),
        ("dump broken.json", 3, False),
        ("validate good.json", 0, False),
        ("validate good.json wrong.json", 1, False),
        ("validate . --json", 3, False),
        ("export good.json -o out.xlsx", 0, True),
        ("export wrong.json -o out.xlsx", 1, False),
        ("export wrong.json -o out.xlsx --draft", 1, True),
        ("export broken.json -o out.xlsx", 3, False),
        ("consolidate good.json -o out.xlsx", 0, True),
        ("consolidate good.json wrong.json -o out.xlsx --json", 1, True),
        ("consolidate broken.json -o out.xlsx", 3, False),
    ],
)
def test_a_command_ends_with_its_status_and_writes_or_not(
    data: Path, capsys: pytest.CaptureFixture[str], words: str, status: int, *, written: bool
) -> None:
    assert run(words.split()) == status
    assert bool(list(data.glob("out.*"))) is written
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    assert ("已写入 out." in out + err) is written


def test_results_go_to_stdout_and_progress_to_stderr(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["fill", "wrong.json", "-o", "out.xlsx"])
    out, err = capsys.readouterr()
    assert out.splitlines()[0] == "wrong.json（某县某某局）：有错误"
    assert err == "已写入 out.xlsx，其中还有错误，请按上面所列改正。数据里印出的合计不写入，由公式计算。\n"


def test_a_roster_gives_a_workbook_for_every_department(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (data / "roster.csv").write_text("部门编码,部门名称\n001,财政局\n002,卫健局\n", encoding="utf-8")
    assert run(["new", "--roster", "roster.csv", "-d", "books"]) == 0
    assert sorted(path.name for path in (data / "books").iterdir()) == ["001-财政局.xlsx", "002-卫健局.xlsx"]
    assert capsys.readouterr().out.count("已写入") == 2


@pytest.mark.parametrize(("old", "status"), [([], 0), ([Path("form.md")], 1)])
def test_what_is_stale_is_listed_and_ends_with_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], old: list[Path], status: int
) -> None:
    monkeypatch.setattr("selfeval_xl.jobs.build.stale", lambda: old)
    assert run(["build", "--check"]) == status
    assert capsys.readouterr().out == "".join(f"{path}\n" for path in old)


def test_what_is_built_and_what_the_demonstration_says_is_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("selfeval_xl.jobs.build.build_shipped", lambda: [Path("a.xlsx")])
    monkeypatch.setattr("selfeval_xl.jobs.demo.demonstrate", lambda folder: [f"演示 {folder}"])
    assert run(["build"]) == run(["demo", "-d", "there"]) == 0
    assert capsys.readouterr().out == "已写入 a.xlsx\n演示 there\n"


def test_the_command_ends_the_process_with_its_status(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["selfeval", "nonesuch"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    assert "没有命令" in capsys.readouterr().err
