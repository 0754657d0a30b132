"""Where a bug leaves its traceback."""

from __future__ import annotations

from pathlib import Path


def write_log() -> Path:
    """Write the traceback of the exception that is being handled to a log file and return its path."""
    import traceback

    return write_text(traceback.format_exc(), ".log")


def write_text(text: str, ending: str) -> Path:
    """Write *text* to a new file among the temporary ones and return its path."""
    import tempfile

    with tempfile.NamedTemporaryFile(
        "w", prefix="selfeval-", suffix=ending, delete=False, encoding="utf-8"
    ) as file:
        file.write(text)
    return Path(file.name)
