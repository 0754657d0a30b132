"""For developers: all that a PC without network needs, gathered into one folder that is whole or not there."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from selfeval_xl import __version__
from selfeval_xl.jobs.files import check_folder, check_input
from selfeval_xl.jobs.problems import MISSING_PROGRAM, Stopped, WrongUsage
from selfeval_xl.ooxml.output import OutputBlocked, OutputExists
from selfeval_xl.reports.web_page import title, web_page
from selfeval_xl.shipped import macros_folder, workbook_folder
from selfeval_xl.texts import say

# By what pip calls a platform: the oldest system that its wheels have to run on.
PLATFORMS = {
    "win_amd64": ("win_amd64",),
    "linux_x86_64": ("manylinux2014_x86_64", "linux_x86_64"),
    "linux_aarch64": ("manylinux2014_aarch64", "linux_aarch64"),
}
PYTHON = "3.11"
PYTHONS = ("3.11", "3.12", "3.13")
"""On any of these the program works; what the button in Excel needs is taken for one of them."""
MESSAGES = (
    *("start", "venv", "copying", "no_python", "no_start", "packages", "broken_kit", "no_excel", "excel"),
    *("compiling", "trying", "trial_failed", "in_use", "cannot_write", "failed", "done", "name", "desktop"),
)
"""What the installer says."""
LISTS = ("kit.txt", "kit-pip.txt")
EXCEL = "kit-excel.txt"


class WheelsMissing(Stopped):
    """The wheels of a kit cannot be had, or ours not be built."""

    status = MISSING_PROGRAM


def build_kit(
    platform: str,
    folder: Path,
    *,
    python: str = PYTHON,
    settings_file: Path | None = None,
    lists: Path | None = None,
    force: bool = False,
) -> Path:
    """Gather the kit for *platform* into a folder of its own in *folder*; return that.

    *python* is the version for which the button in Excel works, *lists* the folder with the pinned lists.
    Raises ``OutputExists`` where the kit is there and not *force*.
    """
    root = workbook_folder().parent
    if not (root / "pyproject.toml").is_file():
        raise WrongUsage("kit.needs_checkout")
    if settings_file is not None:
        check_input(settings_file)
    check_folder(folder)
    target = folder / f"selfeval-{__version__}-{platform}"
    with _whole_folder(target, force=force) as kit:
        (kit / "files" / "wheels").mkdir(parents=True)
        _gather(platform, python, root, lists or root / "requirements", kit / "files")
        _put_installer(platform, python, kit)
        _put_papers(root, kit)
        if settings_file is not None:
            shutil.copyfile(settings_file, kit / "settings.toml")
    return target


@contextmanager
def _whole_folder(target: Path, *, force: bool) -> Iterator[Path]:
    """Yield a folder beside *target* that takes its place when the block ends well."""
    if target.exists() and not force:
        raise OutputExists(target)
    temporary = target.with_name(f".~{os.urandom(8).hex()}")
    old = temporary.with_suffix(".old")
    try:
        with _writing(target):
            temporary.mkdir(parents=True)
        yield temporary
        with _writing(target):
            if target.exists():
                target.rename(old)
            temporary.rename(target)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


@contextmanager
def _writing(target: Path) -> Iterator[None]:
    try:
        yield
    except PermissionError as fault:
        raise OutputBlocked(target, "permission") from fault
    except OSError as fault:
        raise OutputBlocked(target, "other") from fault


def _gather(platform: str, python: str, root: Path, lists: Path, files: Path) -> None:
    """Fetch the pinned wheels and build ours, and write down what is to be installed, by digest."""
    needed = [lists / name for name in LISTS]
    for version in sorted({python, *PYTHONS}):
        _download(platform, version, needed, files / "wheels")
    excel = lists / EXCEL if platform.startswith("win") else None
    if excel is not None:
        _download(platform, python, [excel], files / "wheels")
    own = _own_wheel(root, files / "wheels")
    digest = hashlib.sha256(own.read_bytes()).hexdigest()
    listed = needed[0].read_text(encoding="utf-8")
    line = f"selfeval-xl=={__version__} --hash=sha256:{digest}\n"
    (files / "requirements.txt").write_text(f"{listed.rstrip()}\n{line}", encoding="utf-8")
    if excel is not None:
        shutil.copyfile(excel, files / "requirements-excel.txt")


def _download(platform: str, python: str, lists: Sequence[Path], wheels: Path) -> None:
    words = ["download", "--quiet", "--require-hashes", "--no-deps", "--only-binary", ":all:"]
    words += ["--implementation", "cp", "--python-version", python, "--dest", str(wheels)]
    for tag in PLATFORMS[platform]:
        words += ["--platform", tag]
    for path in lists:
        words += ["-r", str(path)]
    _call("kit.no_wheels", "pip", words)


def _own_wheel(root: Path, wheels: Path) -> Path:
    before = set(wheels.iterdir())
    _call("kit.no_own_wheel", "hatchling", ["build", "-t", "wheel", "-d", str(wheels.resolve())], root)
    (own,) = set(wheels.iterdir()) - before
    return own


def _call(complaint: str, module: str, words: Sequence[str], folder: Path | None = None) -> None:
    """Run a module of Python; where it fails, what it said goes into a log file."""
    command = [sys.executable, "-m", module, *words]
    done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        with tempfile.NamedTemporaryFile(
            "w", prefix="selfeval-kit-", suffix=".log", delete=False, encoding="utf-8"
        ) as log:
            log.write(done.stdout + done.stderr)
        raise WheelsMissing(complaint, log=log.name)


def _put_installer(platform: str, python: str, kit: Path) -> None:
    """Put what is clicked on at the top, the rest into ``files``."""
    files, windows = kit / "files", platform.startswith("win")
    installer = macros_folder() / "kit"
    ending, ours = (".cmd", "selfeval.cmd") if windows else (".sh", "selfeval.desktop")
    top = f"{say('kit.installer')}.cmd" if windows else "install.sh"
    shutil.copy(installer / f"install{ending}", kit / top)
    shutil.copy(installer / f"command{ending}", files)
    shutil.copy(installer / "install.py", files)
    shutil.copy(macros_folder() / ours, files)
    if windows:
        shutil.copy(macros_folder() / "not-installed.txt", files)
        for path in (workbook_folder() / "tools").glob("*.xlsm"):
            shutil.copy(path, kit)
    texts = {name: say(f"install.{name}") for name in MESSAGES}
    texts |= {"version": __version__, "python": python, "and": say("word.and")}
    messages = json.dumps(texts, ensure_ascii=False, indent=1)
    (files / "messages.json").write_text(messages, encoding="utf-8")
    note = say("kit.no_python_windows" if windows else "kit.no_python_linux") + "\n"
    _write_text(files / "no-python.txt", note, "utf-16" if windows else "utf-8", windows=windows)
    about = say("kit.about_windows" if windows else "kit.about_linux", version=__version__, python=python)
    _write_text(kit / f"{say('kit.about_name')}.txt", about, "utf-8-sig", windows=windows)


def _write_text(path: Path, text: str, encoding: str, *, windows: bool) -> None:
    path.write_text(text, encoding=encoding, newline="\r\n" if windows else "\n")


def _put_papers(root: Path, kit: Path) -> None:
    """Put the blank workbooks and the guide beside the installer; neither needs it."""
    templates = kit / say("kit.templates")
    templates.mkdir()
    for path in sorted((workbook_folder() / "templates").glob("*.xls[xm]")):
        shutil.copy(path, templates)
    guide = kit / say("kit.guide")
    shutil.copytree(root / "docs" / "pictures", guide / "pictures", ignore=shutil.ignore_patterns("*.json"))
    texts = {path.name: path.read_text(encoding="utf-8") for path in (root / "docs").glob("*.zh.md")}
    pages = {name: f"{title(text)}.html" for name, text in texts.items()}
    for name, text in texts.items():
        (guide / pages[name]).write_text(web_page(text, pages), encoding="utf-8")
