"""Installs the program for one user: a Python of its own with the kit's packages, swapped in when all of it works.

Started by install.cmd or install.sh, which look for a Python that is new enough. Needs nothing but the standard
library; what it says stands in messages.json beside it.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path

FILES = Path(__file__).resolve().parent
KIT = FILES.parent
WINDOWS = os.name == "nt"
TEXTS = json.loads((FILES / "messages.json").read_text(encoding="utf-8"))
CODE = "from selfeval_xl.app.cli import main; main()"
SETTINGS = "settings.toml"
SAMPLE = "selfeval_xl/_shipped/workbook/samples/nine-entities-2022.xlsx"
TRIES, PAUSE = 10, 0.5
FAILED, CANNOT_WRITE = 1, 5


class Stopped(Exception):
    """The installation cannot go on; the text is for the clerk, what was there before is as it was."""


def say(key: str, **facts: object) -> str:
    """Return a sentence of messages.json."""
    return TEXTS[key].format(**facts)


def tell(key: str, **facts: object) -> None:
    """Put a sentence on the screen at once."""
    sys.stdout.write(say(key, **facts) + "\n")
    sys.stdout.flush()


def main() -> int:
    """Install, saying each step; return the exit status."""
    arguments = _arguments()
    home: Path = arguments.to
    tell("start", version=TEXTS["version"], folder=home)
    fresh = home.with_name(f"{home.name}.new")
    try:
        _clear(fresh)
        _make(fresh, home, arguments.python)
        _swap(fresh, home)
        places = [*(_put_windows(home) if WINDOWS else _put_linux(home))]
    except Stopped as stopped:
        sys.stdout.write(f"{stopped}\n")
        return FAILED
    except OSError as fault:
        tell("cannot_write", place=fault.filename or home, log=_log())
        return CANNOT_WRITE
    except Exception:  # noqa: BLE001 - a bug must end in a sentence and a log, never on a clerk's screen
        tell("failed", log=_log())
        return FAILED
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    tell("done", places=TEXTS["and"].join(places))
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--python", type=Path, help="a folder with a Python, to be copied")
    parser.add_argument("--to", type=Path, default=_home(), help="where the program goes")
    return parser.parse_args()


def _home() -> Path:
    if WINDOWS:
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "selfeval"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "selfeval"


# The folder, made beside the one in use


def _make(fresh: Path, home: Path, python: Path | None) -> None:
    version = ".".join(map(str, sys.version_info[:3]))
    if python is None:
        tell("venv", version=version, place=sys.executable)
        _venv(fresh / "python")
    else:
        tell("copying", version=version)
        shutil.copytree(python.resolve(), fresh / "python", symlinks=True)
        _open_embedded(fresh / "python")
    own = _python(fresh)
    site = Path(_output(own, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"))
    tell("packages")
    _install(own, site, FILES / "requirements.txt")
    _install_excel(own, site)
    tell("compiling")
    _compile(own, site, fresh, home)
    _put_command(fresh)
    _put_settings(fresh, home)
    tell("trying")
    _try(own, site)


def _venv(folder: Path) -> None:
    import venv

    venv.EnvBuilder(symlinks=not WINDOWS, with_pip=False).create(folder)


def _open_embedded(python: Path) -> None:
    """Let the embeddable Python of Windows look into its own folder of packages."""
    for path in python.glob("python*._pth"):
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(r"(?m)^#\s*import site", "import site", text), encoding="utf-8")


def _python(home: Path) -> Path:
    """Return the program's own Python."""
    names = ("python.exe", "Scripts/python.exe") if WINDOWS else ("bin/python3",)
    for name in names:
        if (path := home / "python" / name).exists():
            return path
    raise Stopped(say("no_python", folder=home / "python"))


def _run(python: Path, *words: object) -> "subprocess.CompletedProcess[str]":
    """Run Python, heedless of what this machine sets for other Pythons."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PYTHON"))}
    plain["PIP_CONFIG_FILE"] = os.devnull
    command = [str(python), "-X", "utf8", "-I", *map(str, words)]
    return subprocess.run(command, capture_output=True, encoding="utf-8", env=plain, check=False)


def _output(python: Path, *words: object) -> str:
    done = _run(python, *words)
    if done.returncode:
        raise Stopped(say("no_start", place=python, log=_log(done.stdout + done.stderr)))
    return done.stdout.strip()


def _pip(python: Path, site: Path, listed: Path) -> "subprocess.CompletedProcess[str]":
    """Install what is listed, from the kit's wheels alone and each by its digest, with the kit's own pip."""
    (pip,) = (FILES / "wheels").glob("pip-*.whl")
    return _run(
        *(python, pip / "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"),
        *("--no-index", "--find-links", FILES / "wheels", "--only-binary", ":all:", "--require-hashes"),
        *("--no-deps", "--no-compile", "--no-cache-dir", "--target", site, "-r", listed),
    )


def _install(python: Path, site: Path, listed: Path) -> None:
    done = _pip(python, site, listed)
    if done.returncode:
        raise Stopped(say("broken_kit", log=_log(done.stdout + done.stderr)))


def _install_excel(python: Path, site: Path) -> None:
    """Install what the button in Excel needs; without it everything else works."""
    listed = FILES / "requirements-excel.txt"
    if listed.is_file() and _pip(python, site, listed).returncode:
        tell("no_excel", version=TEXTS["python"])


def _compile(python: Path, site: Path, fresh: Path, home: Path) -> None:
    """Compile once, so that no click has to; tracebacks name the files where they will stand."""
    done = _run(python, "-m", "compileall", "-q", "-j", "0", "-s", fresh, "-p", home, site)
    if done.returncode:
        raise Stopped(say("failed", log=_log(done.stdout + done.stderr)))


def _put_command(fresh: Path) -> None:
    ending = ".cmd" if WINDOWS else ""
    command = fresh / "bin" / f"selfeval{ending}"
    command.parent.mkdir()
    shutil.copyfile(FILES / f"command{ending or '.sh'}", command)
    command.chmod(0o755)


def _put_settings(fresh: Path, home: Path) -> None:
    """Take over the bureau's settings: those of the kit, else those of the program so far."""
    for folder in (KIT, home):
        if (folder / SETTINGS).is_file():
            shutil.copyfile(folder / SETTINGS, fresh / SETTINGS)
            return


def _try(python: Path, site: Path) -> None:
    done = _run(python, "-c", CODE, "validate", site / SAMPLE)
    if done.returncode:
        raise Stopped(say("trial_failed", log=_log(done.stdout + done.stderr)))


# Swapped in


def _swap(fresh: Path, home: Path) -> None:
    """Let the new folder take the place of the old one, which stays if it is in use."""
    old = home.with_name(f"{home.name}.old")
    _clear(old)
    home.parent.mkdir(parents=True, exist_ok=True)
    if home.exists():
        _patiently(lambda: home.rename(old))
    try:
        _patiently(lambda: fresh.rename(home))
    except Stopped:
        if old.exists():
            old.rename(home)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _patiently(move: Callable[[], object]) -> None:
    """Try again for a while: a virus scanner may still be reading what was just written."""
    for _ in range(TRIES - 1):
        try:
            move()
        except PermissionError:
            time.sleep(PAUSE)
        else:
            return
    try:
        move()
    except PermissionError:
        raise Stopped(say("in_use")) from None


def _clear(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)


# Where a clerk finds it


def _put_windows(home: Path) -> list[str]:
    import winreg

    name = f"{TEXTS['name']}.cmd"
    shells = r"Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders"
    with winreg.OpenKey(winreg.HKEY_CURRENT_USER, shells) as key:
        desktop = Path(os.path.expandvars(winreg.QueryValueEx(key, "Desktop")[0]))
    for folder in (home, desktop):
        shutil.copyfile(FILES / "selfeval.cmd", folder / name)
    shutil.copyfile(FILES / "not-installed.txt", home / "not-installed.txt")
    _tell_excel(home)
    return [str(desktop / name), str(home / "bin" / "selfeval.cmd")]


def _tell_excel(home: Path) -> None:
    """Let the button find the program, and say what else it needs; whatever comes of it, the program is installed."""
    if (FILES / "requirements-excel.txt").is_file():
        tell("excel")
        sys.stdout.write(_run(_python(home), "-c", CODE, "doctor", "--fix").stdout)


def _put_linux(home: Path) -> list[str]:
    command = home / "bin" / "selfeval"
    link = Path.home() / ".local" / "bin" / "selfeval"
    link.parent.mkdir(parents=True, exist_ok=True)
    if link.is_symlink() or not link.exists():
        link.unlink(missing_ok=True)
        link.symlink_to(command)
    text = (FILES / "selfeval.desktop").read_text(encoding="utf-8")
    entry = text.replace("Exec=selfeval.sh", f"Exec={_quoted(command)} menu")
    applications = home.parent / "applications"
    applications.mkdir(exist_ok=True)
    places = [folder / "selfeval.desktop" for folder in (_desktop(), applications) if folder.is_dir()]
    for place in places:
        place.write_text(entry, encoding="utf-8")
        place.chmod(0o755)
        _trust(place)
    return [*map(str, places), str(command)]


def _quoted(command: Path) -> str:
    """Return a path as the line ``Exec`` takes it: quoted, and escaped once more as every value of the file."""
    inner = re.sub(r'(["`$\\])', r"\\\1", str(command)).replace("\\", "\\\\").replace("%", "%%")
    return f'"{inner}"'


def _desktop() -> Path:
    try:
        done = subprocess.run(["xdg-user-dir", "DESKTOP"], capture_output=True, encoding="utf-8", check=False)
        found = Path(done.stdout.strip())
    except OSError:
        found = Path()
    # Without settings of its own xdg-user-dir answers with the home folder.
    usual = [Path.home() / name for name in ("Desktop", TEXTS["desktop"])]
    wanted = [found] if found.is_absolute() and found != Path.home() else []
    return next((folder for folder in [*wanted, *usual] if folder.is_dir()), usual[0])


def _trust(entry: Path) -> None:
    """Tell desktops that ask for it that the entry may be started; others know no such thing."""
    if shutil.which("gio"):
        subprocess.run(
            ["gio", "set", str(entry), "metadata::trusted", "true"], capture_output=True, check=False
        )


def _log(text: str = "") -> Path:
    """Write what a technician needs to a log file and return its path."""
    with tempfile.NamedTemporaryFile(
        "w", prefix="selfeval-install-", suffix=".log", delete=False, encoding="utf-8"
    ) as log:
        log.write(text or traceback.format_exc())
    return Path(log.name)


if __name__ == "__main__":
    sys.exit(main())
