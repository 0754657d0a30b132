"""The menu: what is typed, pasted or dropped becomes a command's words, and results get free names beside the input."""

import contextlib
import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from msgspec import Struct

from selfeval_xl.app.cli import run
from selfeval_xl.app.menu import Desk, paths_on_launcher, paths_typed, unused, work
from tests.acceptance.calling import SEED, filled, saved


class Clerk(Struct):
    """Somebody who gives these answers, then goes away; commands end with these statuses."""

    answers: list[str]
    statuses: list[int] = []
    commands: list[list[str]] = []
    told: list[str] = []

    def ask(self, question: str) -> str:
        self.told.append(question)
        if not self.answers:
            raise EOFError
        return self.answers.pop(0)

    def run(self, words: Sequence[str]) -> int:
        self.commands.append(list(words))
        return self.statuses.pop(0) if self.statuses else 0

    def work(self, *dropped: Path) -> int:
        return work(Desk(self.run, self.ask, self.told.append), dropped)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("名册.xlsx", "自评表 (1).xlsx", "a=b.xlsx"):
        (tmp_path / name).touch()
    (tmp_path / "收到的表").mkdir()
    return tmp_path


Words = Callable[[Path], list[str]]


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        (["1", "{0}/名册.xlsx", "", "0"], ["new", "--roster", "{0}/名册.xlsx", "-d", "{0}/名册-下发"]),
        (
            ["1", "{0}/名册.xlsx", "1", "0"],
            ["new", "--roster", "{0}/名册.xlsx", "-d", "{0}/名册-下发", "--xlsm"],
        ),
        (["2", "'{0}/自评表 (1).xlsx'", "", "0"], ["validate", "{0}/自评表 (1).xlsx"]),
        (["2", "{0}/自评表 (1).xlsx", "", "0"], ["validate", "{0}/自评表 (1).xlsx"]),
        (["2", "{0}/收到的表 {0}/a=b.xlsx", "", "0"], ["validate", "{0}/收到的表", "{0}/a=b.xlsx"]),
        (["{0}/收到的表", "", "0"], ["validate", "{0}/收到的表"]),
        (
            ["3", "{0}/收到的表", "", "", "0"],
            ["consolidate", "{0}/收到的表", "-o", "{0}/收到的表-汇总.xlsx", "--level", "bureau"],
        ),
        (
            ["3", "{0}/收到的表", "2", "", "{0}/名册.xlsx", "0"],
            [
                *("consolidate", "{0}/收到的表", "-o", "{0}/收到的表-部门汇总.xlsx"),
                *("--level", "department", "--roster", "{0}/名册.xlsx"),
            ],
        ),
        (
            ["3", "{0}/收到的表", "2", "云溪县教育局", "", "0"],
            [
                *("consolidate", "{0}/收到的表", "-o", "{0}/收到的表-部门汇总.xlsx"),
                *("--level", "department", "--department", "云溪县教育局"),
            ],
        ),
        (["４。", "{0}/a=b.xlsx", "0"], ["export", "{0}/a=b.xlsx", "-o", "{0}/a=b-定稿.xlsx"]),
    ],
)
def test_a_choice_becomes_the_words_of_its_command(
    folder: Path, answers: list[str], words: list[str]
) -> None:
    clerk = Clerk([answer.format(folder) for answer in answers])
    assert clerk.work() == 0
    assert clerk.answers == []
    assert [line for line in clerk.told if "草稿" in line] == []
    assert clerk.commands == [[word.format(folder) for word in words]]


@pytest.mark.parametrize("choice", list("1234"))
def test_an_empty_line_leads_back_to_the_menu(choice: str) -> None:
    clerk = Clerk([choice, "", "0"])
    assert clerk.work() == 0
    assert (clerk.commands, clerk.answers) == ([], [])


def test_what_is_not_there_is_named_and_asked_for_again(folder: Path) -> None:
    clerk = Clerk(["4", str(folder / "没有.xlsx"), str(folder / "a=b.xlsx"), "0"])
    clerk.work()
    assert f"“{folder / '没有.xlsx'}”不存在。请核对文件名和所在的文件夹。" in clerk.told
    assert len(clerk.commands) == 1


def test_several_files_where_one_is_wanted_are_asked_for_again(folder: Path) -> None:
    clerk = Clerk(["4", f"{folder}/a=b.xlsx {folder}/名册.xlsx", "", "0"])
    clerk.work()
    assert "一次只能选一个，请重新拖进来。" in clerk.told
    assert clerk.commands == []


def test_a_number_that_is_not_on_the_menu_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("selfeval_xl.app.menu.MAY_HAVE_EXCEL", False)
    clerk = Clerk(["7", "", "0"])
    clerk.work()
    assert [line for line in clerk.told if "这一项" in line] == ["没有“7”这一项，请输入 0 至 5。"]


def test_the_menu_ends_where_nobody_answers_any_more() -> None:
    assert Clerk([]).work() == 0


@pytest.mark.parametrize(
    ("answer", "option", "name"),
    [("1", "--report", "收到的表-校验结果.xlsx"), ("2", "-d", "收到的表-审核意见")],
)
def test_results_of_a_check_are_kept_on_demand(folder: Path, answer: str, option: str, name: str) -> None:
    clerk = Clerk(["2", str(folder / "收到的表"), answer, "0"], [1, 1])
    clerk.work()
    plain = ["validate", str(folder / "收到的表")]
    assert clerk.commands == [plain, [*plain, option, str(folder / name)]]


def test_what_could_not_be_checked_is_not_offered_for_keeping(folder: Path) -> None:
    clerk = Clerk(["2", str(folder / "收到的表"), "0"], [2])
    clerk.work()
    assert [line for line in clerk.told if "存下来" in line] == []


@pytest.mark.parametrize(("answer", "drafts"), [("1", 1), ("", 0)])
def test_where_there_are_errors_a_draft_is_offered(folder: Path, answer: str, drafts: int) -> None:
    clerk = Clerk(["4", str(folder / "a=b.xlsx"), answer, "0"], [1, 1])
    clerk.work()
    drawn = [words for words in clerk.commands if "--draft" in words]
    assert len(drawn) == drafts
    assert all(words[3] == str(folder / "a=b-草稿.xlsx") for words in drawn)


@pytest.mark.parametrize(
    ("answer", "words"), [("", ["live"]), ("自评表 (1).xlsm", ["live", "自评表 (1).xlsm"])]
)
def test_where_excel_may_be_open_its_workbook_is_checked(
    monkeypatch: pytest.MonkeyPatch, answer: str, words: list[str]
) -> None:
    monkeypatch.setattr("selfeval_xl.app.menu.MAY_HAVE_EXCEL", True)
    clerk = Clerk(["6", answer, "0"])
    clerk.work()
    assert clerk.commands == [words]


@pytest.mark.parametrize(("answer", "fixed"), [("", []), ("1", [["doctor", "--fix"]])])
def test_what_the_button_lacks_is_put_right_on_demand_only(answer: str, fixed: list[list[str]]) -> None:
    clerk = Clerk(["5", answer, "0"], [4])
    assert clerk.work() == 0
    assert clerk.commands == [["doctor"], *fixed]


def test_what_is_dropped_is_checked_and_its_status_returned(folder: Path) -> None:
    clerk = Clerk(["", ""], [3])
    assert clerk.work(folder / "a=b.xlsx", folder / "收到的表") == 3
    assert clerk.commands == [["validate", str(folder / "a=b.xlsx"), str(folder / "收到的表")]]
    assert clerk.told[-1] == "按回车关闭本窗口。"


def test_a_name_like_an_option_is_no_option(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    (folder / "-o.xlsx").touch()
    clerk = Clerk(["", ""])
    clerk.work(Path("-o.xlsx"))
    assert clerk.commands == [["validate", str(folder / "-o.xlsx")]]


def test_a_result_never_takes_the_name_of_a_file_that_is_there(folder: Path) -> None:
    (folder / "a=b-定稿.xlsx").touch()
    (folder / "a=b-定稿-2.xlsx").touch()
    assert unused(folder / "a=b-定稿.xlsx").name == "a=b-定稿-3.xlsx"
    clerk = Clerk(["4", str(folder / "a=b.xlsx"), "0"])
    clerk.work()
    assert clerk.commands[0][3] == str(folder / "a=b-定稿-3.xlsx")


# What is typed and dropped


@pytest.mark.parametrize(
    ("line", "windows", "paths"),
    [
        ("  ", False, []),
        ("'/a b/c.xlsx' /d.xlsx ", False, ["/a b/c.xlsx", "/d.xlsx"]),
        ("/a\\ b.xlsx", False, ["/a b.xlsx"]),
        ("file:///a%20b/%E8%A1%A8.xlsx", False, ["/a b/表.xlsx"]),
        ("/it's.xlsx", False, ["/it's.xlsx"]),
        (r'"C:\a b\表（1）.xlsx" C:\c.xlsx', True, [r"C:\a b\表（1）.xlsx", r"C:\c.xlsx"]),
    ],
)
def test_paths_are_read_as_the_window_gives_them(line: str, windows: bool, paths: list[str]) -> None:
    assert paths_typed(line, windows=windows) == [Path(path) for path in paths]


CALL = r'C:\WINDOWS\system32\cmd.exe /c ""C:\kit (1)\Selfeval.cmd" {}"'


@pytest.mark.parametrize(
    ("dropped", "paths"),
    [
        ("", []),
        (r"C:\a&b.xlsx", [r"C:\a&b.xlsx"]),
        (r'C:\a=b.xlsx "C:\自评表 (1) & 2.xlsm"', [r"C:\a=b.xlsx", r"C:\自评表 (1) & 2.xlsm"]),
    ],
)
def test_what_was_dropped_on_the_launcher_is_read_from_the_whole_line(dropped: str, paths: list[str]) -> None:
    variables = {"SELFEVAL_CALL": CALL.format(dropped), "SELFEVAL_LAUNCHER": r"C:\kit (1)\selfeval.cmd"}
    assert paths_on_launcher(variables) == [Path(path) for path in paths]


@pytest.mark.parametrize(
    "variables",
    [{}, {"SELFEVAL_CALL": r"C:\WINDOWS\system32\cmd.exe", "SELFEVAL_LAUNCHER": r"C:\kit\selfeval.cmd"}],
)
def test_a_launcher_started_from_a_command_line_goes_by_its_words(variables: dict[str, str]) -> None:
    assert paths_on_launcher(variables) is None


def test_an_unfinished_sheet_is_told_without_words_for_a_command_line(tmp_path: Path) -> None:
    data = json.loads(SEED.read_text(encoding="utf-8"))
    data["三公经费"][0]["公务接待费"] = "六块"
    book = filled(saved(tmp_path / "a.json", data), tmp_path / "a.xlsx")
    words = ("export", str(book), "-o", str(tmp_path / "b.xlsx"))
    told = [io.StringIO(), io.StringIO()]
    for in_menu, stream in enumerate(told):
        with contextlib.redirect_stderr(stream), contextlib.redirect_stdout(io.StringIO()):
            assert run(words, in_menu=bool(in_menu)) == 1
    assert ["--draft" in one.getvalue() for one in told] == [True, False]
