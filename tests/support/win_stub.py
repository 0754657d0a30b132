"""pywin32 as far as xlwings' Windows engine needs it to be imported on other systems."""

import ctypes
import datetime
import importlib
import os
import sys
import types
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class ComError(Exception):
    """pywintypes.com_error: hresult, text, details, argument."""

    @property
    def hresult(self) -> int:
        return int(self.args[0])

    @property
    def excepinfo(self) -> Any:
        return self.args[2]


# By this name Excel's complaints are known.
ComError.__name__ = "com_error"


class Dispatched:
    """What pywin32 hands out for an object of Excel."""


class Time(datetime.datetime):
    """A date as pywin32 hands it out."""


class Anything:
    """Whatever is asked of it."""

    def __getattr__(self, name: str) -> "Anything":
        return Anything()

    def __call__(self, *_: object, **__: object) -> int:
        return 0


def _modules() -> dict[str, types.ModuleType]:
    client = {
        "CDispatch": Dispatched,
        "CoClassBaseClass": type("CoClassBaseClass", (), {}),
        "DispatchBaseClass": type("DispatchBaseClass", (), {}),
        "Dispatch": lambda given: given,
        "DispatchEx": lambda given: given,
    }
    contents: dict[str, dict[str, Any]] = {
        "pywintypes": {
            "com_error": ComError,
            "error": type("error", (Exception,), {}),
            "TimeType": Time,
            "IID": str,
        },
        "pythoncom": {"__file__": "pythoncom", "CoInitialize": lambda: None, "ole_error": ComError},
        "win32api": {"MessageBox": lambda *_: 1},
        "win32con": {
            "MB_OK": 0,
            "MB_OKCANCEL": 1,
            "MB_YESNO": 4,
            "MB_YESNOCANCEL": 3,
            "MB_ICONINFORMATION": 64,
            "MB_ICONWARNING": 48,
        },
        "win32gui": {},
        "win32process": {"GetWindowThreadProcessId": lambda window: (1, window + 1)},
        "win32timezone": {
            "TimeZoneInfo": type("TimeZoneInfo", (), {"utc": staticmethod(lambda: datetime.UTC)})
        },
        "win32com.client": client,
        "win32com": {},
    }
    made = {}
    for name, inside in contents.items():
        made[name] = types.ModuleType(name)
        made[name].__dict__.update(inside)
    made["win32com"].__dict__["client"] = made["win32com.client"]
    return made


@contextmanager
def having(thing: Any, **attributes: Any) -> Iterator[None]:
    """Give something other attributes for a while; unittest.mock would cost a measured click its time."""
    before = {name: getattr(thing, name) for name in attributes if hasattr(thing, name)}
    for name, value in attributes.items():
        setattr(thing, name, value)
    try:
        yield
    finally:
        for name in attributes:
            setattr(thing, name, before[name]) if name in before else delattr(thing, name)


def windows_engine() -> Any:
    """Import xlwings' Windows engine and make it the one that is used."""
    from selfeval_xl.app.excel import alone, load_xlwings

    xlwings = load_xlwings()
    if "xlwings._xlwindows" not in sys.modules:
        sys.modules.update(_modules())
        anything = Anything()
        with (
            alone(),
            having(ctypes, windll=anything, oledll=anything, PyDLL=lambda _: anything),
            having(os, chdir=anything),
        ):
            engine = importlib.import_module("xlwings._xlwindows")
        xlwings.engines.add(xlwings.main.Engine(impl=engine.engine))
    xlwings.engines["excel"].activate()
    load_xlwings()
    return sys.modules["xlwings._xlwindows"]
