"""What Excel's complaints mean.  Knows no Excel: it must be importable where there is none."""

from __future__ import annotations

import sys

from selfeval_xl.jobs.problems import CANNOT_WRITE, Stopped

BUSY = frozenset({-2147418111, -2147417846, -2146777998})
"""Call rejected, call to be tried later, and what Excel answers while somebody edits a cell."""
_SCODE = 5
MAY_HAVE_EXCEL = sys.platform in ("win32", "darwin")
"""Whether there can be an Excel on this system at all."""


class ExcelBusy(Stopped):
    """Excel does not answer."""

    status = CANNOT_WRITE

    def __init__(self) -> None:
        super().__init__("live.busy")


def is_complaint(error: BaseException) -> bool:
    """Tell whether it was Excel that refused, and not our code that is wrong."""
    return type(error).__name__ in ("com_error", "CommandError", "ExcelBusyError")


def is_busy(error: BaseException) -> bool:
    """Tell whether Excel only could not answer now: a cell is being edited, or a dialog is open."""
    if type(error).__name__ == "ExcelBusyError":
        return True
    details = getattr(error, "excepinfo", None) or ()
    codes = {getattr(error, "hresult", None), *details[_SCODE : _SCODE + 1]}
    return is_complaint(error) and not codes.isdisjoint(BUSY)
