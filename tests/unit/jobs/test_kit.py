"""A kit: what is in it, its pins, that it is whole or not there, and its Windows parts as far as they can be tried here."""

import importlib.util
import re
import shutil
import sys
import tomllib
import types
from collections.abc import Iterator
from pathlib import Path

import pytest

from selfeval_xl.app.cli import selfeval as commands
from selfeval_xl.jobs import kit as making
from selfeval_xl.jobs.kit import EXCEL, LISTS, PLATFORMS, PYTHONS, WheelsMissing, build_kit
from selfeval_xl.ooxml.output import OutputExists
from tests.acceptance.calling import ROOT, SAMPLES, selfeval
from tests.support.wheelhouse import REQUIREMENTS, house, names_in

SETTINGS = SAMPLES / "yunxi-settings.toml"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Lists and wheels of what is installed here, where pip looks and nowhere else."""
    folder = tmp_path_factory.mktemp("house")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in house(folder).items():
            patch.setenv(name, value)
        yield folder


@pytest.fixture(scope="module")
def kit(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kits") / "U 盘 (E)"
    return build_kit("linux_x86_64", folder, settings_file=SETTINGS, lists=made)


@pytest.fixture(scope="module")
def windows_kit(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_kit("win_amd64", tmp_path_factory.mktemp("windows"), lists=made)


def texts(folder: Path) -> dict[str, bytes]:
    """What is in a folder besides pictures, workbooks and wheels."""
    kinds = (".png", ".xlsx", ".xlsm", ".whl")
    files = [path for path in folder.rglob("*") if path.is_file() and path.suffix not in kinds]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


# What is in it


def test_a_kit_holds_installer_wheels_blank_workbooks_and_guide(kit: Path) -> None:
    assert sorted(path.name for path in kit.iterdir()) == sorted(
        ["install.sh", "files", "settings.toml", "请先看我.txt", "空白表", "指南"]
    )
    ours = [path.name.split("-")[0].lower() for path in (kit / "files" / "wheels").iterdir()]
    assert sorted(ours) == sorted(["pip", "selfeval_xl", *names_in(REQUIREMENTS / LISTS[0])])
    assert len(list((kit / "空白表").iterdir())) >= 3


def test_a_kit_has_the_wheels_of_every_python_that_it_may_meet(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched: list[tuple[str, list[str]]] = []
    fetch = making._download

    def seen(platform: str, python: str, lists: list[Path], wheels: Path) -> None:
        fetched.append((python, [one.name for one in lists]))
        fetch(platform, python, lists, wheels)

    monkeypatch.setattr(making, "_download", seen)
    build_kit("win_amd64", tmp_path, python="3.12", lists=made)
    assert fetched == [*((one, list(LISTS)) for one in PYTHONS), ("3.12", [EXCEL])]


def test_the_guide_in_a_kit_can_be_opened_by_a_double_click(kit: Path) -> None:
    guide = kit / "指南"
    pages = {path.name: path.read_text("utf-8") for path in guide.glob("*.html")}
    assert {"填表指南.html", "按钮、双击和安装包.html"} <= pages.keys()
    assert 'href="按钮、双击和安装包.html#' in pages["填表指南.html"]
    for text in pages.values():
        anchors = set(re.findall(r'id="([^"]+)"', text))
        for target in re.findall(r'(?:href|src)="([^"]+)"', text):
            path, _, anchor = target.partition("#")
            assert not path or (guide / path).is_file()
            there = set(re.findall(r'id="([^"]+)"', pages[path])) if path in pages else anchors
            assert not anchor or anchor in there, target


def test_no_file_of_a_kit_names_a_server(kit: Path, windows_kit: Path) -> None:
    for folder in (kit, windows_kit):
        named = {name for name, content in texts(folder).items() if b"://" in content}
        assert named <= {"files/selfeval.desktop"}


def test_every_package_is_installed_by_its_digest(kit: Path) -> None:
    lines = (kit / "files" / "requirements.txt").read_text("utf-8").splitlines()
    assert all(re.fullmatch(r"[\w.-]+==\S+ --hash=sha256:[0-9a-f]{64}", line) for line in lines)
    assert any(line.startswith("selfeval-xl==") for line in lines)


def test_a_kit_for_windows_is_read_alike_in_every_code_page(windows_kit: Path) -> None:
    files = texts(windows_kit)
    scripts = [name for name in files if name.endswith(".cmd")]
    assert sorted(scripts) == ["files/command.cmd", "files/selfeval.cmd", "安装.cmd"]
    for name in scripts:
        assert files[name].isascii()
        assert files[name].count(b"\n") == files[name].count(b"\r\n") > 5
    for name in ("files/no-python.txt", "files/not-installed.txt"):
        assert files[name].startswith(b"\xff\xfe")
    about = files["请先看我.txt"]
    assert about.startswith(b"\xef\xbb\xbf")
    assert about.count(b"\n") == about.count(b"\r\n") > 5
    assert "files/requirements-excel.txt" in files


def test_a_kit_for_windows_has_at_hand_what_only_excel_can_run(windows_kit: Path, kit: Path) -> None:
    tools = {path.name for path in (ROOT / "workbook" / "tools").glob("*.xlsm")}
    assert {path.name for path in windows_kit.glob("*.xlsm")} == tools
    assert list(kit.glob("*.xlsm")) == []


def test_jumps_of_the_installer_for_windows_lead_somewhere(windows_kit: Path) -> None:
    lines = (windows_kit / "安装.cmd").read_text("ascii").splitlines()
    labels = {line[1:] for line in lines if line.startswith(":")}
    assert {line.rsplit("goto ")[1] for line in lines if "goto " in line} == labels
    assert {"beside", "found"} <= labels
    named = {name for line in lines for name in re.findall(r"files\\([\w.-]+)", line)}
    assert [name for name in named if not (windows_kit / "files" / name).is_file()] == []


# Pins


def pins(name: str) -> dict[str, str]:
    found = re.findall(r"(?m)^([\w.-]+)==(\S+)", (REQUIREMENTS / name).read_text("utf-8"))
    return {package.lower(): version for package, version in found}


def test_a_kit_carries_what_the_program_needs_at_the_versions_tested_here() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    needed = {re.split(r"[^\w.-]", one)[0].lower() for one in project["dependencies"]}
    own = pins(LISTS[0])
    assert needed <= own.keys()
    assert own.items() <= pins("run.txt").items()
    assert "xlwings" in pins(EXCEL)
    assert "pandas" not in own.keys() | pins(EXCEL).keys()


def test_the_command_offers_the_platforms_there_are() -> None:
    (option,) = [one for one in commands.commands["build"].params if one.name == "kit"]
    assert list(option.type.choices) == list(PLATFORMS)  # type: ignore[attr-defined]


# Whole or not at all


@pytest.mark.parametrize(
    "words", [["--kit", "win_amd64"], ["-d", "there"], ["--kit", "win_amd64", "-d", "there", "--check"]]
)
def test_a_kit_wants_platform_and_folder(words: list[str]) -> None:
    outcome = selfeval("build", *words)
    assert outcome.status == 2
    assert "--kit 平台 -d 文件夹" in outcome.err


def test_settings_that_are_not_there_are_told_before_anything_is_done(tmp_path: Path) -> None:
    words = ("--kit", "win_amd64", "-d", tmp_path / "kits", "--settings", tmp_path / "none.toml")
    outcome = selfeval("build", *words)
    assert outcome.status == 2
    assert not (tmp_path / "kits").exists()


def test_without_the_wheels_there_is_no_kit(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "empty"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    outcome = selfeval("build", "--kit", "linux_aarch64", "-d", tmp_path / "kits")
    assert outcome.status == 4
    assert "取不到 requirements 里所列的软件包" in outcome.err
    (log,) = tmp_path.glob("selfeval-kit-*.log")
    assert str(log) in outcome.err
    assert "click" in log.read_text("utf-8")
    assert list((tmp_path / "kits").iterdir()) == []


def test_a_wheel_with_another_digest_is_not_taken(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    lists = shutil.copytree(made, tmp_path / "lists")
    listed = lists / LISTS[0]
    listed.write_text(re.sub(r"sha256:\w{8}", "sha256:00000000", listed.read_text("utf-8")), "utf-8")
    with pytest.raises(WheelsMissing):
        build_kit("linux_x86_64", tmp_path / "kits", lists=lists)
    assert list((tmp_path / "kits").iterdir()) == []


def test_a_kit_that_is_there_is_replaced_only_on_demand(made: Path, tmp_path: Path) -> None:
    kit = build_kit("linux_x86_64", tmp_path, lists=made)
    (kit / "mark").touch()
    with pytest.raises(OutputExists):
        build_kit("linux_x86_64", tmp_path, lists=made)
    assert (kit / "mark").exists()
    build_kit("linux_x86_64", tmp_path, lists=made, force=True)
    assert [path.name for path in tmp_path.iterdir()] == [kit.name]
    assert not (kit / "mark").exists()


def test_a_kit_is_made_in_a_checkout_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "workbook_folder", lambda: tmp_path / "workbook")
    outcome = selfeval("build", "--kit", "win_amd64", "-d", tmp_path / "kits")
    assert outcome.status == 2
    assert "源码文件夹" in outcome.err


# Windows, as far as it can be tried here


@pytest.fixture
def installer(windows_kit: Path) -> types.ModuleType:
    """The installer as a module."""
    spec = importlib.util.spec_from_file_location("install", windows_kit / "files" / "install.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_embeddable_python_is_let_look_at_its_packages(
    installer: types.ModuleType, tmp_path: Path
) -> None:
    own = tmp_path / "python311._pth"
    own.write_text(
        "python311.zip\n.\n\n# Uncomment to run site.main() automatically\n#import site\n", "utf-8"
    )
    installer._open_embedded(tmp_path)
    assert own.read_text("utf-8").splitlines()[-1] == "import site"
    assert "# Uncomment" in own.read_text("utf-8")


class Registry(types.ModuleType):
    """A registry of Windows that knows where the desktop is."""

    HKEY_CURRENT_USER = "HKCU"

    def __init__(self) -> None:
        super().__init__("winreg")

    def OpenKey(self, _root: str, key: str) -> "Key":  # noqa: N802
        return Key(key)

    def QueryValueEx(self, key: "Key", name: str) -> tuple[str, int]:  # noqa: N802
        assert (key.name.endswith("User Shell Folders"), name) == (True, "Desktop")
        return "$DESKTOPS/桌面", 2


class Key:
    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> "Key":
        return self

    def __exit__(self, *_: object) -> None:
        return


def test_windows_gets_the_launcher_and_the_button_is_told_where_python_is(
    installer: types.ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    home, commands = tmp_path / "selfeval", list[tuple[object, ...]]()
    for name in ("selfeval/python", "桌面"):
        (tmp_path / name).mkdir(parents=True)
    python = home / "python" / "python.exe"
    python.touch()

    def run(*words: object) -> types.SimpleNamespace:
        commands.append(words)
        return types.SimpleNamespace(returncode=4, stdout="[缺] 没有找到 Excel。\n")

    monkeypatch.setattr(installer, "WINDOWS", True)
    monkeypatch.setattr(installer, "_run", run)
    monkeypatch.setitem(sys.modules, "winreg", Registry())
    monkeypatch.setenv("DESKTOPS", str(tmp_path))
    places = installer._put_windows(home)
    assert places == [str(tmp_path / "桌面" / "绩效自评.cmd"), str(home / "bin" / "selfeval.cmd")]
    assert (tmp_path / "桌面" / "绩效自评.cmd").read_bytes() == (ROOT / "macros/selfeval.cmd").read_bytes()
    assert commands == [(python, "-c", installer.CODE, "doctor", "--fix")]
    assert capsys.readouterr().out.endswith("[缺] 没有找到 Excel。\n")
