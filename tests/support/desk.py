"""LibreOffice with a workbook open on a screen or without one: buttons are pressed in it as a clerk would.

Its bindings belong to the system's Python, so they run in a process of their own (`office_server`).
"""

import json
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.support import office

SERVER = Path(__file__).with_name("office_server.py")
PYTHONS = ("/usr/bin/python3", "python3", "/Applications/LibreOffice.app/Contents/Resources/python")
MACROS_WITHOUT_ASKING = ("/org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel", "0")
CHINESE = ("/org.openoffice.Setup/L10N", "ooLocale", "zh-CN")


class Desk:
    """A running office; every method is an order of `office_server.Desk`."""

    def __init__(self, display: str | None = None) -> None:
        """Start it, without a screen unless the name of one is given."""
        self.profile = Path(tempfile.mkdtemp(prefix="selfeval-desk-"))
        office.write_profile(self.profile, recalculate=False, more=(MACROS_WITHOUT_ASKING, CHINESE))
        self.environment = os.environ | {"LC_ALL": "C.UTF-8", "SAL_USE_VCLPLUGIN": "gen"}
        if display is None:
            self.environment.pop("SAL_USE_VCLPLUGIN")
        else:
            self.environment["DISPLAY"] = display
        kind = "headless" if display is None else "screen"
        self.process = subprocess.Popen(
            [_python(), str(SERVER), str(self.profile), kind],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=self.environment,
            text=True,
            start_new_session=True,
        )
        self._answer()

    def __getattr__(self, order: str) -> Any:
        """Return what sends an order and gives the answer."""

        def send(*words: object) -> Any:
            self.begin(order, *words)
            return self._answer()

        return send

    def begin(self, order: str, *words: object) -> None:
        """Send an order and wait for no answer: where a box opens, there may be none before it is closed."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"do": order, "with": words}) + "\n")
        self.process.stdin.flush()

    def _answer(self) -> Any:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise office.OfficeFailed("LibreOffice could not be driven")
        answer = json.loads(line)
        if "fault" in answer:
            raise office.OfficeFailed(answer["fault"])
        return answer["result"]

    @contextmanager
    def opened(self, path: Path) -> Iterator[Self]:
        """Open a workbook until the block is left."""
        self.open(str(path))
        yield self
        # Not after a fault: a box may still be open then, and the office is ended anyhow.
        self.close()

    def abandon(self) -> None:
        """End it at once, whatever is open in it."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.abandon()
        assert self.process.stdout is not None
        self.process.stdout.close()
        shutil.rmtree(self.profile, ignore_errors=True)


def _python() -> str:
    """Return a Python that has LibreOffice's bindings."""
    for name in PYTHONS:
        program = shutil.which(name)
        if program and _knows_uno(program):
            return program
    raise office.OfficeMissing("LibreOffice's Python bindings are not installed (Debian: python3-uno)")


def _knows_uno(program: str) -> bool:
    done = subprocess.run([program, "-c", "import uno"], capture_output=True, check=False)
    return done.returncode == 0


@contextmanager
def screen(size: tuple[int, int] = (1280, 900)) -> Iterator[str]:
    """Run a virtual screen until the block is left; yield the name of its display."""
    program = shutil.which("Xvfb")
    if program is None:
        raise office.OfficeMissing("no virtual screen is installed (Debian: xvfb)")
    read, write = os.pipe()
    words = [program, "-displayfd", str(write), "-screen", "0", f"{size[0]}x{size[1]}x24", "-nolisten", "tcp"]
    with subprocess.Popen(words, pass_fds=[write], stderr=subprocess.DEVNULL) as process:
        os.close(write)
        try:
            with os.fdopen(read) as number:
                yield f":{number.readline().strip()}"
        finally:
            process.terminate()
            process.wait()


def click(display: str, x: int, y: int) -> None:
    """Click with a mouse, as slowly as a hand; a faster click is sometimes lost."""
    if shutil.which("xdotool") is None:
        raise office.OfficeMissing("xdotool is not installed")
    move = ["mousemove", str(x - 2), str(y), "sleep", "0.2", "mousemove", str(x), str(y), "sleep", "0.2"]
    words = ["xdotool", *move, "mousedown", "1", "sleep", "0.2", "mouseup", "1"]
    subprocess.run(words, env=os.environ | {"DISPLAY": display}, check=True)
