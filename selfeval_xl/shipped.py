"""Where the shipped declarations, templates and samples lie.

In a checkout they stand at the top level; in an installed wheel inside the package.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

SEARCH_VARIABLE = "SELFEVAL_FORMS"


@lru_cache(maxsize=1)
def workbook_folder() -> Path:
    """Return the folder ``workbook/`` as shipped."""
    return _shipped_folder("workbook")


@lru_cache(maxsize=1)
def macros_folder() -> Path:
    """Return the folder ``macros/`` as shipped."""
    return _shipped_folder("macros")


def macro_texts(modules: Iterable[str]) -> dict[str, str]:
    """Return the texts of these macro modules by their names."""
    folder = macros_folder()
    return {name: (folder / f"{name}.bas").read_bytes().decode("ascii") for name in modules}


def _shipped_folder(name: str) -> Path:
    package = Path(__file__).resolve().parent
    for folder in (package / "_shipped" / name, package.parent / name):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"the folder {name}/ was not shipped with the package")


def county_settings() -> Path:
    """Return the settings of the made-up county to which all samples but the real report belong."""
    return workbook_folder() / "samples" / "yunxi-settings.toml"


def form_folders() -> list[Path]:
    """Return the folders in which a form's own folder may lie, those of the user first."""
    extra = os.environ.get(SEARCH_VARIABLE, "")
    folders = [Path(part) for part in extra.split(os.pathsep) if part]
    return [*folders, workbook_folder() / "forms"]
