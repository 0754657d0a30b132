"""What ``doctor`` may ask a computer, and the few things that it may change: all of them the user's own."""

from __future__ import annotations

import importlib
import importlib.metadata
import os
import shutil
import sys
from pathlib import Path
from typing import Any

from msgspec import Struct, field

REGISTRY_USER, REGISTRY_CLASSES = "HKEY_CURRENT_USER", "HKEY_CLASSES_ROOT"
MARK = ":Zone.Identifier"


class Machine(Struct):
    """The computer that the program runs on."""

    system: str = sys.platform
    python: Path = field(default_factory=lambda: Path(sys.executable))
    version: tuple[int, ...] = tuple(sys.version_info[:3])
    home: Path = field(default_factory=Path.home)
    folder: Path = field(default_factory=Path.cwd)

    @property
    def is_windows(self) -> bool:
        """Tell whether it runs Windows."""
        return self.system == "win32"

    def package(self, name: str) -> str | None:
        """Return the version of a Python package, ``None`` where it is not installed."""
        try:
            return importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            return None

    def program(self, *names: str) -> str | None:
        """Return where the first of some programs is that there is."""
        return next((found for name in names if (found := shutil.which(name))), None)

    def exists(self, path: str) -> bool:
        """Tell whether there is a file or folder."""
        return Path(path).exists()

    def read(self, root: str, key: str, name: str = "") -> str | None:
        """Return a value of Windows' registry as text; nothing elsewhere."""
        registry = _registry()
        try:
            with registry.OpenKey(getattr(registry, root), key) as opened:
                return str(registry.QueryValueEx(opened, name)[0])
        except (OSError, AttributeError):
            return None

    def below(self, root: str, key: str) -> list[str]:
        """Return the names of the keys below a key of the registry."""
        registry = _registry()
        try:
            with registry.OpenKey(getattr(registry, root), key) as opened:
                return [registry.EnumKey(opened, index) for index in range(registry.QueryInfoKey(opened)[0])]
        except (OSError, AttributeError):
            return []

    def write(self, key: str, name: str, value: str | int) -> None:
        """Set a value of the user's own part of the registry, on Windows only."""
        registry = _registry()
        kind = registry.REG_DWORD if isinstance(value, int) else registry.REG_SZ
        with registry.CreateKeyEx(registry.HKEY_CURRENT_USER, key) as opened:
            registry.SetValueEx(opened, name, 0, kind, value)

    def expanded(self, path: str) -> str:
        """Return a path with the variables of the environment in it filled in."""
        return os.path.expandvars(path)

    def is_marked(self, file: Path) -> bool:
        """Tell whether Windows remembers that a file came from the network."""
        if not self.is_windows:
            return False
        try:
            return bool(Path(f"{file}{MARK}").read_bytes())
        except OSError:
            return False


def _registry() -> Any:
    """Return Windows' registry; elsewhere there is none."""
    try:
        return importlib.import_module("winreg")
    except ImportError:
        return None
