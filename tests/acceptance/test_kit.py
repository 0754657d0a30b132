"""The kit installed with the network cut off, for one user, beside a running program, with a Python or without."""

import marshal
import os
import shutil
import subprocess
import tarfile
import tomllib
import venv
from collections.abc import Iterator
from pathlib import Path

import pytest

from selfeval_xl.jobs.kit import build_kit
from tests.acceptance.calling import NINE, SAMPLES, filled
from tests.acceptance.test_launchers import filled_texts
from tests.support.wheelhouse import house

SETTINGS = SAMPLES / "yunxi-settings.toml"


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("kits")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in house(folder / "house").items():
            patch.setenv(name, value)
        yield build_kit("linux_x86_64", folder / "U 盘 (E)", settings_file=SETTINGS, lists=folder / "house")


def cut_off() -> list[str]:
    """What begins a command so that it has no network, where the system lets us."""
    words = ["unshare", "--map-root-user", "--net"]
    try:
        allowed = subprocess.run([*words, "true"], capture_output=True, check=False).returncode == 0
    except OSError:
        allowed = False
    return words if allowed else []


def offline(home: Path, *words: object, path: str = os.environ["PATH"]) -> subprocess.CompletedProcess[str]:
    """Run a command as a user with this home, without network."""
    nowhere = "http://127.0.0.1:9"
    environment = {"HOME": str(home), "PATH": path, "http_proxy": nowhere, "https_proxy": nowhere}
    # An index that would answer must not be asked either.
    environment |= {"PIP_NO_INDEX": "0", "PIP_INDEX_URL": nowhere, "TMPDIR": str(home)}
    command = [*cut_off(), *map(str, words)]
    return subprocess.run(command, capture_output=True, encoding="utf-8", env=environment, check=False)


def home_in(folder: Path) -> Path:
    """Make a home whose owner has settings for pip that would spoil any installation."""
    home = folder / "张三 家"
    (home / "Desktop").mkdir(parents=True)
    (home / ".config" / "pip").mkdir(parents=True)
    (home / ".config" / "pip" / "pip.conf").write_text(
        "[global]\nrequire-virtualenv = x\nuser = true\n", "utf-8"
    )
    return home


@pytest.fixture(scope="module")
def installed(kit: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A home in which the kit was installed, and what the installer said."""
    home = home_in(tmp_path_factory.mktemp("pc"))
    done = offline(home, "sh", kit / "install.sh")
    assert done.returncode == 0, done.stdout + done.stderr
    return home, done.stdout


def command(home: Path) -> Path:
    return home / ".local" / "bin" / "selfeval"


def program(home: Path) -> Path:
    return home / ".local" / "share" / "selfeval"


def site(home: Path) -> Path:
    (found,) = (program(home) / "python" / "lib").glob("python3.*/site-packages")
    return found


def test_the_installer_says_each_step_and_where_things_are(installed: tuple[Path, str]) -> None:
    home, said = installed
    for step in ("1. ", "2. ", "3. ", "4. ", "装好了。"):
        assert f"\n{step}" in said
    assert str(home / "Desktop" / "selfeval.desktop") in said
    assert sorted(path.name for path in program(home).parent.iterdir()) == ["applications", "selfeval"]


def test_what_was_installed_plays_the_whole_chain(installed: tuple[Path, str], tmp_path: Path) -> None:
    home, _ = installed
    shown = offline(home, command(home), "demo", "-d", tmp_path / "demo")
    assert (shown.returncode, shown.stderr) == (0, "")
    checked = offline(home, command(home), "validate", tmp_path / "demo" / "county")
    assert checked.returncode == 3
    assert "共 " in checked.stdout


def test_what_was_installed_stands_alone_and_is_compiled(installed: tuple[Path, str]) -> None:
    home, _ = installed
    names = {path.name.split("-")[0].lower() for path in site(home).iterdir()}
    assert "selfeval_xl" in names
    assert not names & {"pandas", "numpy", "openpyxl", "pip", "hatchling"}
    sources = [*(site(home) / "selfeval_xl").rglob("*.py")]
    for source in sources:
        (compiled,) = (source.parent / "__pycache__").glob(f"{source.stem}.cpython-*.pyc")
        assert marshal.loads(compiled.read_bytes()[16:]).co_filename == str(source)  # noqa: S302
    assert len(sources) > 100


def test_the_bureaus_settings_in_a_kit_are_used(installed: tuple[Path, str], tmp_path: Path) -> None:
    home, _ = installed
    assert offline(home, command(home), "new", "-o", tmp_path / "a.xlsx").returncode == 0
    told = offline(home, command(home), "dump", tmp_path / "a.xlsx")
    assert told.returncode == 0
    assert (program(home) / "settings.toml").read_bytes() == SETTINGS.read_bytes()
    wanted = tomllib.loads(SETTINGS.read_text("utf-8"))["region"]
    assert wanted in filled_texts(tmp_path / "a.xlsx")


def test_the_icon_on_the_desktop_starts_the_menu(installed: tuple[Path, str]) -> None:
    home, _ = installed
    for place in (home / "Desktop", home / ".local/share/applications"):
        lines = (place / "selfeval.desktop").read_text("utf-8").splitlines()
        assert f'Exec="{program(home)}/bin/selfeval" menu %F' in lines
        assert os.access(place / "selfeval.desktop", os.X_OK)


def test_settings_are_kept_by_the_next_kit_and_a_kit_that_was_changed_changes_nothing(
    kit: Path, installed: tuple[Path, str], tmp_path: Path
) -> None:
    home, copied = installed[0], shutil.copytree(kit, tmp_path / "kit")
    own = program(home) / "settings.toml"
    own.write_bytes(own.read_bytes() + b"# ours\n")
    (copied / "settings.toml").unlink()
    assert offline(home, "sh", copied / "install.sh").returncode == 0
    assert own.read_bytes().endswith(b"# ours\n")
    own.write_bytes(SETTINGS.read_bytes())
    (wheel,) = (copied / "files" / "wheels").glob("click-*.whl")
    wheel.write_bytes(wheel.read_bytes() + b"x")
    done = offline(home, "sh", copied / "install.sh")
    assert done.returncode == 1
    assert "安装包不完整或被改过" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    assert sorted(path.name for path in program(home).parent.iterdir()) == ["applications", "selfeval"]
    checked = offline(home, command(home), "validate", filled(NINE, tmp_path / "a.xlsx"))
    assert checked.returncode == 0


def test_a_system_that_names_no_desktop_folder_of_its_own_gets_the_icon_on_the_usual_one(
    kit: Path, tmp_path: Path
) -> None:
    home, tools = home_in(tmp_path), tmp_path / "tools"
    (home / "Desktop").rename(home / "桌面")
    tools.mkdir()
    (tools / "xdg-user-dir").write_text('#!/bin/sh\necho "$HOME"\n', encoding="utf-8")
    (tools / "xdg-user-dir").chmod(0o755)
    done = offline(home, "sh", kit / "install.sh", path=f"{tools}:{os.environ['PATH']}")
    assert done.returncode == 0, done.stdout + done.stderr
    assert (home / "桌面" / "selfeval.desktop").is_file()


# Which Python


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder `python` as it would be placed beside the installer."""
    folder = tmp_path_factory.mktemp("beside") / "python"
    venv.EnvBuilder(symlinks=True, with_pip=False).create(folder)
    (folder / "beside").touch()
    return folder


@pytest.fixture
def bare(tmp_path: Path) -> str:
    """A PATH without any Python."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("sh", "dirname", "readlink", "cat", "mktemp", "tar", "gzip", "rm", "unshare"):
        found = shutil.which(name)
        if found:
            (folder / name).symlink_to(found)
    return str(folder)


def test_a_python_beside_the_installer_is_copied(kit: Path, python: Path, bare: str, tmp_path: Path) -> None:
    home, copied = home_in(tmp_path), shutil.copytree(kit, tmp_path / "kit")
    shutil.copytree(python, copied / "python", symlinks=True)
    done = offline(home, "sh", copied / "install.sh", path=bare)
    assert done.returncode == 0, done.stdout + done.stderr
    shutil.rmtree(copied)
    assert (program(home) / "python" / "beside").exists()
    assert offline(home, command(home), "form", "list", path=bare).returncode == 0


def test_a_packed_python_beside_the_installer_is_unpacked(
    kit: Path, python: Path, bare: str, tmp_path: Path
) -> None:
    home, copied = home_in(tmp_path), shutil.copytree(kit, tmp_path / "kit")
    with tarfile.open(copied / "cpython-3.11.9-x86_64-install_only.tar.gz", "w:gz") as archive:
        archive.add(python, "python")
    done = offline(home, "sh", copied / "install.sh", path=bare)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (program(home) / "python" / "beside").exists()
    assert [path.name for path in home.iterdir() if path.name.startswith(".selfeval")] == []


def test_without_any_python_the_installer_says_what_to_get(kit: Path, bare: str, tmp_path: Path) -> None:
    home = home_in(tmp_path)
    done = offline(home, "sh", kit / "install.sh", path=bare)
    assert done.returncode == 4
    assert "install_only.tar.gz" in done.stdout
    assert sorted(path.name for path in home.iterdir()) == [".config", "Desktop"]
