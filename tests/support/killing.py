"""A command killed at chance moments, with all its processes: what stands there afterwards is the old or the new, whole."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random

from msgspec import Struct, field

from selfeval_xl.runs.store import VARIABLE
from tests.acceptance.calling import FORMS, ROOT

CODE = "from selfeval_xl.app.cli import main; main()"


class Killed(Struct):
    """What came of it: how often the old summary was there, the new one, or anything else; how often it was too late."""

    found: Counter[str] = field(default_factory=Counter)
    in_time: int = 0
    completes: bool = False


def environment(cache: Path | None) -> dict[str, str]:
    return os.environ | {
        "PYTHONPATH": str(ROOT),
        VARIABLE: "" if cache is None else str(cache),
        "SELFEVAL_FORMS": str(FORMS),
    }


def started(words: Sequence[object], cache: Path | None) -> subprocess.Popen[bytes]:
    """A command on its way in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", CODE, *map(str, words)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment(cache),
        start_new_session=True,
    )


def kill_often(
    words: Sequence[object], target: Path, old: bytes, new: bytes, cache: Path, times: int, seed: int = 1
) -> Killed:
    """Kill the command that makes *new* of *old* so many times, each time from the start and without results kept."""
    chance, result = Random(seed), Killed()
    begun = time.monotonic()
    _settle(words, target, old, cache)
    took = time.monotonic() - begun
    for _ in range(times):
        _forget(cache)
        target.write_bytes(old)
        process = started(words, cache)
        time.sleep(chance.uniform(0.05, took))
        result.in_time += process.poll() is None
        _kill(process)
        now = target.read_bytes() if target.exists() else b""
        result.found["old" if now == old else "new" if now == new else "broken"] += 1
    _settle(words, target, old, cache, forget=False)
    result.completes = target.read_bytes() == new
    return result


def _settle(words: Sequence[object], target: Path, old: bytes, cache: Path, *, forget: bool = True) -> None:
    if forget:
        _forget(cache)
    target.write_bytes(old)
    started(words, cache).wait()


def _forget(cache: Path) -> None:
    for file in cache.glob("*") if cache.is_dir() else ():
        file.unlink()


def _kill(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
