"""How everything here is measured: each subject in a process of its own, taking turns with its peers.

What is timed is the work alone: a process imports first, works on one file where the measurement says so, and only
then looks at the clock. The runner itself imports nothing heavy, because a process on Linux never counts as smaller
than the one that started it.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

ROOT = Path(__file__).resolve().parents[1]
MEGABYTE = 1024 * 1024
# ru_maxrss counts kilobytes on Linux and bytes on a Mac.
RSS_UNIT = 1 if sys.platform == "darwin" else 1024

Work = Callable[[list[Path], Path], object]
"""What is timed: takes the files and a folder to write to, returns an answer that is checked."""


class Wrong(RuntimeError):
    """A subject or peer did not do what it was to do; its time is worth nothing."""


class Plan(Struct, frozen=True):
    """What a run was asked for; ``books`` is the largest size."""

    sizes: tuple[int, ...]
    books: list[Path]
    repeat: int
    pairs: int


class Task(Struct, frozen=True):
    """A subject or peer: the function that makes its :data:`Work`, what it works on, what it has to answer."""

    label: str
    maker: Callable[[], Work]
    files: Sequence[Path]
    answer: object = None
    warm: bool = True


class Figure(Struct, frozen=True):
    """Seconds and bytes for *count* workbooks; ``peak`` is that of the largest process."""

    label: str
    count: int
    wall: float
    cpu: float
    peak: int
    answer: Any = None

    def wall_each(self) -> float:
        return self.wall / self.count

    def cpu_each(self) -> float:
        return self.cpu / self.count


def preload(*modules: str) -> None:
    """Import what a subject or peer would otherwise import when it first needs it, within the time."""
    for module in modules:
        importlib.import_module(module)


def alternate(tasks: Sequence[Task], repeat: int) -> list[Figure]:
    """Return the best of *repeat* rounds for each task; a round runs every task once."""
    rounds = [[_measured(task) for task in tasks] for _ in range(repeat)]
    return [_best([one[index] for one in rounds]) for index in range(len(tasks))]


def _best(figures: Sequence[Figure]) -> Figure:
    return replace(
        figures[0],
        wall=min(one.wall for one in figures),
        cpu=min(one.cpu for one in figures),
        peak=max(one.peak for one in figures),
    )


def _measured(task: Task) -> Figure:
    """Run a task in a process of its own."""
    order = {
        "module": task.maker.__module__,
        "maker": task.maker.__name__,
        "files": [str(file) for file in task.files],
        "warm": task.warm,
    }
    print(f"  {task.label}, {len(task.files)} workbooks", file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="selfeval-bench-") as folder:
        command = [sys.executable, "-m", "benchmarks.measure", folder]
        done = subprocess.run(
            command, input=json.dumps(order), stdout=subprocess.PIPE, text=True, cwd=ROOT, check=True
        )
    figure = Figure(label=task.label, count=len(task.files), **json.loads(done.stdout))
    if figure.answer != task.answer:
        raise Wrong(f"{task.label} answered {figure.answer!r}, not {task.answer!r}")
    return figure


def _work_of(order: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Do what a task asks and return its figures."""
    files = [Path(file) for file in order["files"]]
    work = getattr(importlib.import_module(order["module"]), order["maker"])()
    warnings.simplefilter("ignore")  # openpyxl says what it does not know, once a file
    if order["warm"]:
        work(files[:1], folder)
    wall, cpu = time.perf_counter(), _cpu_seconds()
    answer = work(files, folder)
    wall, cpu = time.perf_counter() - wall, _cpu_seconds() - cpu
    return {"wall": wall, "cpu": cpu, "peak": peak(), "answer": answer}


def _cpu_seconds() -> float:
    """Return the processor time of this process and of those that it waited for."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


def peak() -> int:
    """Return the largest memory that this process, or one of its own, ever held."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return max(one.ru_maxrss for one in used) * RSS_UNIT


def whole_processes(commands: dict[str, Sequence[str]], pairs: int) -> list[Figure]:
    """Return the median of whole processes, from start to end, taking turns; one run of each goes before."""
    for command in commands.values():
        _process("", command)
    rounds = [[_process(*one) for one in commands.items()] for _ in range(pairs)]
    return [_median([one[index] for one in rounds]) for index in range(len(commands))]


def _median(figures: Sequence[Figure]) -> Figure:
    return replace(
        figures[0],
        wall=median(one.wall for one in figures),
        cpu=median(one.cpu for one in figures),
        peak=max(one.peak for one in figures),
    )


def _process(label: str, command: Sequence[str]) -> Figure:
    # As on a clerk's machine, where compiled modules are kept.
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    environment["SELFEVAL_CACHE"] = ""  # what was read in an earlier round must not come from there
    wall = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=ROOT, env=environment) as process:
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - wall
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise Wrong(f"{' '.join(command)} ended with {process.returncode}")
    return Figure(label, 1, wall, used.ru_utime + used.ru_stime, used.ru_maxrss * RSS_UNIT)


if __name__ == "__main__":
    print(json.dumps(_work_of(json.load(sys.stdin), Path(sys.argv[1]))))
