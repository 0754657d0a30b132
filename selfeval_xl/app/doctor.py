"""What the button needs on this computer: what is there, what is missing, what to do about it.

Only what belongs to the user alone is ever changed, and only when asked to: two registry values, a folder of their
own, one line of a settings file. A mark of the web is never taken off: who sent a file is for a person to judge.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path, PureWindowsPath

from msgspec import Struct

from selfeval_xl.app.machine import REGISTRY_CLASSES, REGISTRY_USER, Machine
from selfeval_xl.texts import say

GOOD, MISSING, ADVICE, NONE = "good", "missing", "advice", "none"
OLDEST = (3, 11)

BUTTON = r"Software\VB and VBA Program Settings\selfeval_xl\python"
BUTTON_NAME = "program"
OFFICE = r"Software\Microsoft\Office\{version}\Excel\Security\Trusted Locations"
POLICIES = r"Software\Policies\Microsoft\Office\{version}\Excel\Security"
LOCATION = "selfeval_xl"
FOLDERS = r"Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders"
DOCUMENTS = "Personal"
ALL_MACROS_OFF = "4"
OPEN_ON_MAC = "/Applications/Microsoft Excel.app"
WPS_NAMES = ("KET.Application", "ET.Application")
WRONG_SETTING = '"ADD_WORKBOOK_TO_PYTHONPATH","True"'
RIGHT_SETTING = '"ADD_WORKBOOK_TO_PYTHONPATH","False"'


class Line(Struct, frozen=True):
    """One thing looked at: how it stands, what it is, and what to do, if anything."""

    state: str
    text: str
    todo: str = ""


def examine(machine: Machine, *, fix: bool = False) -> list[Line]:
    """Return how everything stands that the button needs; with *fix*, after doing what may be done."""
    return [
        _python(machine),
        _xlwings(machine),
        *_programs(machine),
        *(_on_windows(machine, fix=fix) if machine.is_windows else [_elsewhere(machine)]),
        _settings(machine, fix=fix),
    ]


def told(lines: Sequence[Line]) -> Iterator[str]:
    """Yield the lines for the screen, what to do below what is so."""
    for line in lines:
        yield say("doctor.line", state=say(f"doctor.state_{line.state}"), text=line.text)
        if line.todo:
            yield say("doctor.todo", text=line.todo)


def _line(state: str, key: str, *, todo: str = "", **facts: object) -> Line:
    return Line(state, say(f"doctor.{key}", **facts), say(f"doctor.{todo}", **facts) if todo else "")


def _python(machine: Machine) -> Line:
    version, path = ".".join(map(str, machine.version)), machine.python
    if machine.version < OLDEST:
        return _line(MISSING, "python", todo="python_old", version=version, path=path)
    return _line(GOOD, "python", version=version, path=path)


def _xlwings(machine: Machine) -> Line:
    """Say whether Excel can be reached; on Linux nothing could be."""
    if machine.system not in ("win32", "darwin"):
        return _line(NONE, "xlwings_none")
    version, beside = machine.package("xlwings"), "pywin32" if machine.is_windows else "appscript"
    if version is None:
        return _line(MISSING, "xlwings_missing", todo="xlwings_todo", python=machine.python)
    if machine.package(beside) is None:
        return _line(MISSING, "beside_missing", todo="xlwings_todo", beside=beside, python=machine.python)
    return _line(GOOD, "xlwings", version=version)


def _programs(machine: Machine) -> Iterator[Line]:
    """Say which programs can open the form."""
    excel, wps = _excel(machine), _wps(machine)
    if excel is not None:
        yield _line(GOOD, "excel", program=excel)
    elif machine.system in ("win32", "darwin"):
        yield _line(ADVICE if wps else MISSING, "excel_missing", todo="excel_todo")
    else:
        yield _line(NONE, "excel_none")
    if wps is not None:
        yield _line(GOOD, "wps", program=wps)


def _excel(machine: Machine) -> str | None:
    if machine.is_windows:
        return machine.read(REGISTRY_CLASSES, r"Excel.Application\CurVer")
    return OPEN_ON_MAC if machine.system == "darwin" and machine.exists(OPEN_ON_MAC) else None


def _wps(machine: Machine) -> str | None:
    if machine.is_windows:
        found = (machine.read(REGISTRY_CLASSES, rf"{name}\CurVer") for name in WPS_NAMES)
        return next((one for one in found if one), None)
    return machine.program("et", "wps")


def _elsewhere(machine: Machine) -> Line:
    return _line(NONE, "button_mac" if machine.system == "darwin" else "button_none")


def _on_windows(machine: Machine, *, fix: bool) -> Iterator[Line]:
    yield _button(machine, fix=fix)
    excel = _excel(machine)
    if excel is not None:
        yield from _trusted(machine, f"{excel.rpartition('.')[2]}.0", fix=fix)
    yield _marks(machine)


def _button(machine: Machine, *, fix: bool) -> Line:
    """Say which Python the button starts: it is written where a macro may read it."""
    wanted, found = str(_windowless(machine)), machine.read(REGISTRY_USER, BUTTON, BUTTON_NAME)
    if found == wanted:
        return _line(GOOD, "button", path=found)
    if fix:
        machine.write(BUTTON, BUTTON_NAME, wanted)
        return _line(GOOD, "button_fixed", path=wanted)
    key = "button_other" if found else "button_missing"
    return _line(ADVICE if found else MISSING, key, todo="fix", path=found, wanted=wanted)


def _windowless(machine: Machine) -> Path:
    """Return the Python that opens no black window, where there is one."""
    quiet = machine.python.with_name("pythonw.exe")
    return quiet if machine.exists(str(quiet)) else machine.python


def _trusted(machine: Machine, version: str, *, fix: bool) -> Iterator[Line]:
    """Say where macros may run without being asked about, and whether somebody forbade them."""
    policies = POLICIES.format(version=version)
    if machine.read(REGISTRY_USER, policies, "VBAWarnings") == ALL_MACROS_OFF:
        yield _line(ADVICE, "policy_macros", todo="policy_todo")
    if machine.read(REGISTRY_USER, rf"{policies}\Trusted Locations", "AllLocationsDisabled") == "1":
        yield _line(ADVICE, "policy_locations", todo="policy_todo")
        return
    folder, key = _own_folder(machine), OFFICE.format(version=version)
    if _is_trusted(machine, key, folder):
        yield _line(GOOD, "trusted", folder=folder)
    elif fix:
        folder.mkdir(parents=True, exist_ok=True)
        own = rf"{key}\{LOCATION}"
        machine.write(own, "Path", f"{folder}\\")
        machine.write(own, "AllowSubFolders", 0)
        machine.write(own, "Description", say("doctor.location"))
        yield _line(GOOD, "trusted_fixed", folder=folder)
    else:
        yield _line(ADVICE, "trusted_missing", todo="fix", folder=folder)


def _own_folder(machine: Machine) -> Path:
    """Return the folder for the forms among the user's documents, which may have been moved."""
    documents = machine.read(REGISTRY_USER, FOLDERS, DOCUMENTS)
    parent = Path(machine.expanded(documents)) if documents else machine.home / "Documents"
    return parent / say("doctor.folder")


def _is_trusted(machine: Machine, key: str, folder: Path) -> bool:
    wanted = PureWindowsPath(str(folder))
    for name in machine.below(REGISTRY_USER, key):
        path = machine.read(REGISTRY_USER, rf"{key}\{name}", "Path")
        place = PureWindowsPath(machine.expanded(path or ""))
        deeper = machine.read(REGISTRY_USER, rf"{key}\{name}", "AllowSubFolders") == "1"
        if path and (place == wanted or (deeper and place in wanted.parents)):
            return True
    return False


def _marks(machine: Machine) -> Line:
    """Say which workbooks here came from the network, so that Excel keeps their macros from running."""
    folders = dict.fromkeys((machine.folder, _own_folder(machine)))
    marked = [
        file
        for folder in folders
        if machine.exists(str(folder))
        for file in sorted(folder.glob("*.xlsm"))
        if machine.is_marked(file)
    ]
    if not marked:
        return _line(GOOD, "marks_none", folder=machine.folder)
    names = say("word.and").join(file.name for file in marked)
    return _line(ADVICE, "marks", todo="marks_todo", names=names)


def _settings(machine: Machine, *, fix: bool) -> Line:
    """Say whether xlwings' own settings are in the way; the button does without them."""
    file = machine.home / ".xlwings" / "xlwings.conf"
    if machine.system == "darwin":
        file = machine.home / "Library/Containers/com.microsoft.Excel/Data/xlwings.conf"
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return _line(GOOD, "settings_none", path=file)
    wrong = [
        line for line in text.splitlines() if line.replace(" ", "").casefold() == WRONG_SETTING.casefold()
    ]
    if not wrong:
        return _line(GOOD, "settings", path=file)
    if not fix:
        return _line(ADVICE, "settings_wrong", todo="fix", path=file)
    for line in wrong:
        text = text.replace(line, RIGHT_SETTING)
    file.write_text(text, encoding="utf-8")
    return _line(GOOD, "settings_fixed", path=file)
