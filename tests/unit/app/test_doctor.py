"""`selfeval doctor`: what it says of computers of all kinds, and the little that it changes."""

from pathlib import Path

import pytest
from msgspec import field

from selfeval_xl.app import doctor
from selfeval_xl.app.doctor import ADVICE, GOOD, MISSING, NONE, Line, examine, told
from selfeval_xl.app.machine import Machine

TRUSTED = r"Software\Microsoft\Office\16.0\Excel\Security\Trusted Locations"
POLICIES = r"Software\Policies\Microsoft\Office\16.0\Excel\Security"


class Played(Machine):
    """A computer as a test wants it; the registry is a dict by key and name."""

    packages: dict[str, str] = field(default_factory=dict)
    programs: dict[str, str] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)
    registry: dict[tuple[str, str], str] = field(default_factory=dict)
    marked: set[str] = field(default_factory=set)

    def package(self, name: str) -> str | None:
        return self.packages.get(name)

    def program(self, *names: str) -> str | None:
        return next((self.programs[name] for name in names if name in self.programs), None)

    def exists(self, path: str) -> bool:
        return path in self.files or Path(path).exists()

    def read(self, root: str, key: str, name: str = "") -> str | None:
        return self.registry.get((key, name))

    def below(self, root: str, key: str) -> list[str]:
        return sorted(
            {
                one.removeprefix(f"{key}\\").split("\\")[0]
                for one, _ in self.registry
                if one.startswith(f"{key}\\")
            }
        )

    def write(self, key: str, name: str, value: str | int) -> None:
        self.registry[key, name] = str(value)

    def is_marked(self, file: Path) -> bool:
        return file.name in self.marked


@pytest.fixture
def windows(tmp_path: Path) -> Played:
    """A clerk's computer on which nothing has been set up, except that Excel and xlwings are there."""
    python = tmp_path / "python" / "python.exe"
    return Played(
        "win32",
        python=python,
        home=tmp_path,
        folder=tmp_path,
        packages={"xlwings": "0.37.8", "pywin32": "311"},
        files={str(python.with_name("pythonw.exe"))},
        registry={(r"Excel.Application\CurVer", ""): "Excel.Application.16"},
    )


def states(machine: Machine, *, fix: bool = False) -> list[str]:
    return [line.state for line in examine(machine, fix=fix)]


def text(machine: Machine, *, fix: bool = False) -> str:
    return "\n".join(told(examine(machine, fix=fix)))


def test_a_fresh_windows_lacks_the_button_and_a_trusted_folder(windows: Played) -> None:
    assert states(windows) == [GOOD, GOOD, GOOD, MISSING, ADVICE, GOOD, GOOD]
    assert text(windows).count("selfeval doctor --fix") == 2


def test_looking_changes_nothing(windows: Played, tmp_path: Path) -> None:
    before = dict(windows.registry)
    examine(windows)
    assert windows.registry == before
    assert not list(tmp_path.iterdir())


def test_fix_sets_what_is_the_users_own_and_says_so(windows: Played, tmp_path: Path) -> None:
    told_once = text(windows, fix=True)
    assert told_once.count("只对当前用户") == 2
    assert windows.registry[doctor.BUTTON, "program"].endswith("pythonw.exe")
    folder = tmp_path / "Documents" / "自评表"
    assert folder.is_dir()
    assert windows.registry[rf"{TRUSTED}\selfeval_xl", "Path"] == f"{folder}\\"
    assert windows.registry[rf"{TRUSTED}\selfeval_xl", "AllowSubFolders"] == "0"


def test_after_fix_all_is_well(windows: Played) -> None:
    examine(windows, fix=True)
    assert set(states(windows)) == {GOOD}


def test_the_button_that_starts_another_python_is_said(windows: Played) -> None:
    windows.registry[doctor.BUTTON, "program"] = r"C:\old\pythonw.exe"
    assert r"另一个 Python：C:\old\pythonw.exe" in text(windows)


def test_a_folder_inside_a_trusted_one_is_trusted_only_with_its_subfolders(
    windows: Played, tmp_path: Path
) -> None:
    windows.registry[rf"{TRUSTED}\Location7", "Path"] = f"{tmp_path}\\"
    assert states(windows)[4] == ADVICE
    windows.registry[rf"{TRUSTED}\Location7", "AllowSubFolders"] = "1"
    assert states(windows)[4] == GOOD


def test_documents_may_have_been_moved(
    windows: Played, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONEDRIVE", str(tmp_path / "云盘"))
    windows.registry[doctor.FOLDERS, "Personal"] = "$ONEDRIVE/文档"
    examine(windows, fix=True)
    assert (tmp_path / "云盘" / "文档" / "自评表").is_dir()


def test_what_the_bureau_forbade_is_said_and_left(windows: Played) -> None:
    windows.registry[POLICIES, "VBAWarnings"] = "4"
    windows.registry[rf"{POLICIES}\Trusted Locations", "AllLocationsDisabled"] = "1"
    said = text(windows, fix=True)
    assert "策略禁止了全部宏" in said
    assert "策略停用了受信任位置" in said
    assert not [key for key, _ in windows.registry if key.startswith(TRUSTED)]


def test_marked_workbooks_are_named_and_stay_marked(windows: Played, tmp_path: Path) -> None:
    for name in ("自评表 (1).xlsm", "干净.xlsm"):
        (tmp_path / name).touch()
    windows.marked = {"自评表 (1).xlsm"}
    said = text(windows, fix=True)
    assert "自评表 (1).xlsm" in said
    assert "干净.xlsm" not in said
    assert windows.marked == {"自评表 (1).xlsm"}


@pytest.mark.parametrize(
    ("packages", "word"), [({}, "没有安装连接"), ({"xlwings": "0.37.8"}, "没有安装 pywin32")]
)
def test_what_is_missing_of_xlwings_is_said(windows: Played, packages: dict[str, str], word: str) -> None:
    windows.packages = packages
    assert states(windows)[1] == MISSING
    assert word in text(windows)
    assert str(windows.python) in text(windows)


def test_wps_alone_is_no_fault(windows: Played) -> None:
    windows.registry = {(r"KET.Application\CurVer", ""): "KET.Application.9"}
    said = states(windows)
    assert said[2:4] == [ADVICE, GOOD]
    assert "selfeval validate" in text(windows)


def test_xlwings_settings_that_look_beside_the_workbook_are_put_right(
    windows: Played, tmp_path: Path
) -> None:
    file = tmp_path / ".xlwings" / "xlwings.conf"
    file.parent.mkdir()
    file.write_text('"INTERPRETER_WIN","C:\\p.exe"\n"ADD_WORKBOOK_TO_PYTHONPATH", "TRUE"\n', encoding="utf-8")
    assert states(windows)[-1] == ADVICE
    examine(windows, fix=True)
    assert (
        file.read_text(encoding="utf-8")
        == '"INTERPRETER_WIN","C:\\p.exe"\n"ADD_WORKBOOK_TO_PYTHONPATH","False"\n'
    )
    assert states(windows)[-1] == GOOD


def test_on_linux_what_does_not_apply_is_said(tmp_path: Path) -> None:
    machine = Played("linux", home=tmp_path, folder=tmp_path)
    assert states(machine, fix=True) == [GOOD, NONE, NONE, NONE, GOOD]
    machine.programs = {"et": "/usr/bin/et"}
    assert "WPS 表格：/usr/bin/et" in text(machine)
    assert not list(tmp_path.iterdir())


def test_on_a_mac_the_way_in_is_the_command(tmp_path: Path) -> None:
    machine = Played(
        "darwin", home=tmp_path, folder=tmp_path, packages={"xlwings": "0.37.8", "appscript": "1.3"}
    )
    machine.files = {"/Applications/Microsoft Excel.app"}
    assert states(machine) == [GOOD, GOOD, GOOD, NONE, GOOD]
    assert "selfeval live" in text(machine)


def test_an_old_python_is_said(windows: Played) -> None:
    windows.version = (3, 9, 1)
    assert examine(windows)[0] == Line(
        MISSING, f"Python 3.9.1：{windows.python}", "请装 Python 3.11 或更新的版本。"
    )


def test_this_computer_can_be_asked_everything(tmp_path: Path) -> None:
    machine = Machine()
    assert machine.package("click")
    assert machine.package("no-such-package") is None
    assert machine.read("HKEY_CURRENT_USER", "x") is None
    assert machine.below("HKEY_CURRENT_USER", "x") == []
    assert machine.expanded("x") == "x"
    assert not machine.is_marked(tmp_path / "x.xlsm")
