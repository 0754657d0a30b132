"""LibreOffice as a second opinion: recalculated workbooks, their values, and pictures of their pages.

Knows nothing of forms. Every run has a profile of its own that is thrown away, so that runs can go on side by side and
nobody's settings leak in. A missing program raises: a test that needs LibreOffice must not pass without it.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

FIRST_START_SECONDS = 120
SECONDS_A_FILE = 5

Values = dict[str, dict[tuple[int, int], object]]

# Where the installers of LibreOffice put the program without putting it on the PATH.
USUAL_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "C:/Program Files/LibreOffice/program/soffice.com",
)

PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
           xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
{items}
</oor:items>
"""
SETTING = '<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
QUIET_START = (
    ("/org.openoffice.Setup/Office", "ooSetupInstCompleted", "true"),
    ("/org.openoffice.Office.Common/Misc", "FirstRun", "false"),
    ("/org.openoffice.Office.Common/Misc", "ShowTipOfTheDay", "false"),
)
# 0 = always, 1 = never; what LibreOffice does unasked is "never, unless the file is of a version that it distrusts".
RECALCULATION = ("/org.openoffice.Office.Calc/Formula/Load", "OOXMLRecalcMode")


class OfficeMissing(RuntimeError):
    """LibreOffice or pdftoppm is not installed."""


class OfficeFailed(RuntimeError):
    """LibreOffice or pdftoppm ran and did not deliver, or took too long."""


def recalculated(paths: Sequence[Path], out_dir: Path) -> list[Path]:
    """Convert workbooks to .xlsx with every formula calculated anew, all in one run, in the order given."""
    return converted(paths, out_dir, "xlsx:Calc MS Excel 2007 XML")


def version() -> str:
    """Return the name and version of the LibreOffice that is used."""
    return " ".join(_run([_soffice(), "--version"], FIRST_START_SECONDS).split()[:2])


def to_pdf(path: Path, out_dir: Path) -> Path:
    """Print a workbook or document to PDF, with every formula calculated anew."""
    return converted([path], out_dir, "pdf")[0]


def to_png(pdf: Path, dpi: int = 80, out_dir: Path | None = None) -> list[Path]:
    """Draw each page of a PDF, as `<stem>-<page>.png` beside it or in `out_dir`, in page order."""
    program = shutil.which("pdftoppm")
    if program is None:
        raise OfficeMissing(
            "pdftoppm is not installed (Debian: poppler-utils); bash .ci/setup test installs it"
        )
    folder = out_dir or pdf.parent
    folder.mkdir(parents=True, exist_ok=True)
    for stale in _pages(folder, pdf.stem):
        stale.unlink()
    _run([program, "-png", "-r", str(dpi), str(pdf), str(folder / pdf.stem)], FIRST_START_SECONDS)
    pages = _pages(folder, pdf.stem)
    if not pages:
        raise OfficeFailed(f"pdftoppm drew no page of {pdf}")
    return pages


def values(path: Path) -> Values:
    """Read the values that stand in a workbook: sheet → (row, column) → value, both counted from 1 as Excel does.

    Blank cells and formulas whose result is empty text are left out. Errors are texts: "#DIV/0!".
    """
    # Not calamine, though it is faster: it gives an error for a blank, and a broken formula would go unseen.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about extensions that openpyxl does not know and values do not need
        workbook = load_workbook(path, data_only=True)
    return {sheet.title: _sheet_values(sheet) for sheet in workbook.worksheets}


def converted(
    paths: Sequence[Path],
    out_dir: Path,
    target: str,
    *,
    recalculate: bool = True,
    timeout: float | None = None,
) -> list[Path]:
    """Convert files in one run of LibreOffice; `target` is what --convert-to takes ("pdf", "xlsx:FILTER").

    The files' stems must differ, and none may stand in `out_dir` already under the name that is to be written.
    """
    if not paths:
        return []
    program = _soffice()
    outputs = _outputs(paths, out_dir, target.partition(":")[0])
    out_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="selfeval-office-", ignore_cleanup_errors=True) as profile:
        write_profile(Path(profile), recalculate=recalculate)
        command = [
            program,
            f"-env:UserInstallation={Path(profile).as_uri()}",
            "--headless",
            "--norestore",
            "--nolockcheck",
            "--convert-to",
            target,
            "--outdir",
            str(out_dir),
            *map(str, paths),
        ]
        said = _run(command, timeout or FIRST_START_SECONDS + SECONDS_A_FILE * len(paths))
    missing = [str(output) for output in outputs if not output.exists()]
    if missing:
        raise OfficeFailed(f"LibreOffice did not write {', '.join(missing)}; it said:\n{said}")
    return outputs


def _sheet_values(sheet: Worksheet) -> dict[tuple[int, int], object]:
    cells = (cell for row in sheet.iter_rows() for cell in row)
    return {(cell.row, cell.column): cell.value for cell in cells if cell.value not in (None, "")}


def _outputs(paths: Sequence[Path], out_dir: Path, ending: str) -> list[Path]:
    """Name what LibreOffice will write, and clear away older files of these names so that none is taken for new."""
    outputs = [out_dir / f"{path.stem}.{ending}" for path in paths]
    if len(set(outputs)) < len(outputs):
        raise ValueError("two of the files would be written under one name")
    if {path.resolve() for path in paths} & {output.resolve() for output in outputs}:
        raise ValueError(f"an input stands in {out_dir} and would be overwritten")
    for output in outputs:
        output.unlink(missing_ok=True)
    return outputs


def write_profile(folder: Path, *, recalculate: bool, more: Sequence[tuple[str, str, str]] = ()) -> None:
    settings = [*QUIET_START, (*RECALCULATION, "0" if recalculate else "1"), *more]
    items = "\n".join(SETTING.format(path=path, name=name, value=value) for path, name, value in settings)
    (folder / "user").mkdir()
    (folder / "user" / "registrymodifications.xcu").write_text(PROFILE.format(items=items), encoding="utf-8")


def _soffice() -> str:
    found = shutil.which("soffice") or shutil.which("libreoffice")
    program = found or next((place for place in USUAL_PLACES if Path(place).exists()), None)
    if program is None:
        raise OfficeMissing(
            "LibreOffice is not installed (Debian: libreoffice-calc); bash .ci/setup test installs it"
        )
    return program


def _run(command: list[str], timeout: float) -> str:
    """Run a program to its end and return what it said; the whole process group ends with a time-out."""
    # Without a UTF-8 locale LibreOffice cannot open files with Chinese names.
    environment = os.environ | {"LC_ALL": "C.UTF-8"}
    with subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    ) as process:
        try:
            said, _ = process.communicate(timeout=timeout)
        except BaseException as error:
            _end(process)
            if isinstance(error, subprocess.TimeoutExpired):
                raise OfficeFailed(f"{command[0]} did not finish within {timeout:g} seconds") from error
            raise
    if process.returncode:
        raise OfficeFailed(f"{command[0]} ended with {process.returncode}; it said:\n{said}")
    return said


def _end(process: "subprocess.Popen[str]") -> None:
    """End a program with its children: soffice is a launcher, and its child would stay."""
    if sys.platform == "win32":
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)


def _pages(folder: Path, stem: str) -> list[Path]:
    """Find the drawn pages of a PDF; pdftoppm pads page numbers, so that names sort as pages do."""
    pattern = re.compile(re.escape(stem) + r"-\d+\.png")
    return sorted(path for path in folder.iterdir() if pattern.fullmatch(path.name))
