"""A reduced file as bytes and back, so that a file that did not change need not be read again."""

from __future__ import annotations

import io
import pickle
from functools import lru_cache
from importlib import import_module
from pathlib import Path

from msgspec.structs import replace

from selfeval_xl.consolidation.reduce import Reduced
from selfeval_xl.form.model import Settings

_NOWHERE = Path()
_KNOWN = {
    "array": {"_array_reconstructor", "array"},
    "decimal": {"Decimal"},
    "selfeval_xl.cells": {"Address", "CellError"},
    "selfeval_xl.consolidation.packed": {"unpacked"},
    "selfeval_xl.consolidation.reduce": {"Line", "Reduced", "Remark"},
    "selfeval_xl.findings": {"Cause", "Finding", "Reconciliation"},
    "selfeval_xl.form.model": {"Grade", "Limit", "Settings", "Silenced"},
}
"""All that a reduced file is made of, paths apart: bytes that ask for anything else are not ours."""


def kept(one: Reduced) -> bytes:
    """Return a reduced file without its path."""
    settings = None if one.settings is None else _bytes_of(one.settings)
    return pickle.dumps((replace(one, path=_NOWHERE, settings=None), settings), protocol=5)


def restored(content: bytes, path: Path) -> Reduced | None:
    """Return the reduced file that :func:`kept` made *content* of, as the one at *path*; ``None`` for other bytes."""
    try:
        one, settings = _Reader(io.BytesIO(content)).load()
        if settings is not None:
            one.settings = _settings_of(settings)
    except Exception:  # noqa: BLE001 - bytes of any other origin may fail in any way
        return None
    if not isinstance(one, Reduced):
        return None
    one.path = path
    return one


class _Reader(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> object:
        """Return a class that a reduced file is made of; raises ``UnpicklingError`` for any other."""
        return _class_named(module, name)


@lru_cache(maxsize=64)
def _class_named(module: str, name: str) -> object:
    if module == "pathlib":
        return _path
    if name not in _KNOWN.get(module, ()):
        raise pickle.UnpicklingError(f"{module}.{name}")
    return getattr(import_module(module), name)


@lru_cache(maxsize=64)
def _path(*parts: str) -> Path:
    return Path(*parts)


# A county's workbooks carry the same settings: one for all of them will do.
@lru_cache(maxsize=64)
def _bytes_of(settings: Settings) -> bytes:
    return pickle.dumps(settings, protocol=5)


@lru_cache(maxsize=64)
def _settings_of(content: bytes) -> Settings:
    settings = _Reader(io.BytesIO(content)).load()
    if not isinstance(settings, Settings):
        raise pickle.UnpicklingError("no settings")
    return settings
