"""The launchers for the double-click: files that every machine reads, and the menu that they open."""

import configparser
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.acceptance.calling import DAMAGED, NINE, ROOT, bytes_of, filled

MACROS = ROOT / "macros"
CMD = MACROS / "selfeval.cmd"


def menu(*words: object, typed: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the menu as its own process, with these lines typed."""
    code = "from selfeval_xl.app.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, "menu", *map(str, words)],
        input=typed,
        capture_output=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"} | variables,
        check=False,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "收到的表").mkdir()
    filled(NINE, tmp_path / "收到的表" / "教育局.xlsx")
    (tmp_path / "名册.csv").write_text("部门编码,部门名称\n201,云溪县教育局\n202,云溪县水利局\n", "utf-8")
    return tmp_path


def test_a_clerk_without_a_command_line_gets_through_the_season(folder: Path) -> None:
    received, before = folder / "收到的表", bytes_of(folder.rglob("*"))
    answers = ("1", folder / "名册.csv", "", "2", received, "1", "2", received, "2")
    answers += ("3", received, "1", folder / "名册.csv", "4", received / "教育局.xlsx", "0")
    done = menu(typed="".join(f"{answer}\n" for answer in answers))
    assert (done.returncode, "Traceback" in done.stderr) == (0, False)
    made = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path not in before)
    assert [name for name in made if name.endswith(".xlsx")] == [
        "名册-下发/201-云溪县教育局.xlsx",
        "名册-下发/202-云溪县水利局.xlsx",
        "收到的表-审核意见/审核意见书-201-云溪县教育局.xlsx",
        "收到的表-校验结果.xlsx",
        "收到的表-汇总.xlsx",
        "收到的表/教育局-定稿.xlsx",
    ]
    assert bytes_of(before) == before
    assert done.stdout.count("（云溪县教育局）") == 4, "kept results are not shown twice"


def test_what_is_dropped_on_the_launcher_is_checked(folder: Path) -> None:
    done = menu(folder / "收到的表", DAMAGED, typed="\n\n")
    assert done.returncode == 3
    assert "共 2 个文件：" in done.stdout
    assert done.stdout.endswith("按回车关闭本窗口。")


def test_a_name_that_windows_cuts_up_is_read_whole(folder: Path) -> None:
    file = (folder / "收到的表" / "教育局.xlsx").rename(folder / "收到的表" / "a&b.xlsx")
    call = f'cmd.exe /c ""{CMD}" {file}"'
    done = menu(str(file).split("&")[0], typed="\n\n", SELFEVAL_CALL=call, SELFEVAL_LAUNCHER=str(CMD))
    assert "a&b.xlsx（云溪县教育局）" in done.stdout


def test_the_bureaus_settings_are_used_by_every_job(folder: Path) -> None:
    settings = folder / "settings.toml"
    words = (ROOT / "workbook/forms/linxiang-zhengti-2022/settings.toml").read_text("utf-8")
    settings.write_text(words.replace('"临湘市"', '"南湖县"'), encoding="utf-8")
    menu(typed=f"3\n{folder / '收到的表'}\n\n\n0\n", SELFEVAL_SETTINGS=str(settings))
    assert "南湖县" in filled_texts(folder / "收到的表-汇总.xlsx")


def filled_texts(path: Path) -> str:
    from openpyxl import load_workbook

    rows = (row for sheet in load_workbook(path).worksheets for row in sheet.iter_rows(values_only=True))
    return "\n".join(str(value) for row in rows for value in row if value is not None)


# Windows


def test_the_launcher_for_windows_is_read_alike_in_every_code_page() -> None:
    content = CMD.read_bytes()
    assert content.isascii()
    assert content.count(b"\n") == content.count(b"\r\n") > 10
    assert not content.startswith(b"\xef\xbb\xbf")


def test_the_launcher_for_windows_goes_only_where_there_is_something() -> None:
    lines = CMD.read_text("ascii").splitlines()
    labels = {line[1:] for line in lines if line.startswith(":")}
    wanted = {line.split("goto ")[1] for line in lines if "goto " in line}
    assert len(wanted) == 2
    assert wanted == labels
    named = [line.split("%~dp0")[1].split('"')[0] for line in lines if "%~dp0not" in line]
    assert {(MACROS / name).is_file() for name in named} == {True}


def test_what_the_launcher_types_is_utf_16_with_its_mark() -> None:
    content = (MACROS / "not-installed.txt").read_bytes()
    assert content.startswith(b"\xff\xfe")
    assert "安装.cmd" in content.decode("utf-16")


# Linux


def test_the_desktop_entry_takes_dropped_files_and_folders() -> None:
    entry = configparser.ConfigParser(interpolation=None)
    entry.optionxform = str  # type: ignore[assignment]
    entry.read(MACROS / "selfeval.desktop", encoding="utf-8")
    own = entry["Desktop Entry"]
    assert (own["Type"], own["Terminal"]) == ("Application", "true")
    assert own["Exec"].split() == ["selfeval.sh", "%F"]
    assert "inode/directory" in own["MimeType"].split(";")
    assert own["Name[zh_CN]"] == "绩效自评"


def launched(home: Path, *words: object) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "HOME": str(home)}
    command = ["sh", str(home / "selfeval.sh"), *map(str, words)]
    return subprocess.run(
        command, input="\n", capture_output=True, encoding="utf-8", env=environment, check=False
    )


def test_the_launcher_for_linux_hands_over_what_was_dropped(tmp_path: Path) -> None:
    (tmp_path / "selfeval.sh").write_bytes((MACROS / "selfeval.sh").read_bytes())
    program = tmp_path / ".local/share/selfeval/bin/selfeval"
    program.parent.mkdir(parents=True)
    program.write_text('#!/bin/sh\nprintf "[%s]" "$@"\nexit 7\n', encoding="utf-8")
    program.chmod(0o755)
    done = launched(tmp_path, "/a b/表 (1).xlsx", "$HOME;x")
    assert (done.stdout, done.returncode) == ("[menu][/a b/表 (1).xlsx][$HOME;x]", 7)


def test_the_launcher_for_linux_says_where_nothing_is_installed(tmp_path: Path) -> None:
    (tmp_path / "selfeval.sh").write_bytes((MACROS / "selfeval.sh").read_bytes())
    done = launched(tmp_path)
    assert done.returncode == 4
    assert "还没有装好程序" in done.stdout
    assert done.stderr == ""
