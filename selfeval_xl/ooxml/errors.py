"""The one exception with which a file that cannot be read as a workbook is refused."""

from __future__ import annotations

from typing import Literal, get_args

Reason = Literal[
    "missing",
    "is_folder",
    "no_access",
    "empty",
    "not_a_package",
    "old_format",
    "encrypted",
    "damaged",
    "too_large",
    "no_workbook",
    "is_html",
    "is_wps",
]

REASONS: tuple[str, ...] = get_args(Reason)


class WorkbookUnreadable(Exception):
    """A file is no workbook that can be read.

    *reason* is a code for the catalogue of messages; *detail* is English for a log.
    """

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason: str = reason
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.reason}: {self.detail}" if self.detail else self.reason
