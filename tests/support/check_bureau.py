"""A large bureau played through: right to the cent, quick the second time, whole whatever happens; written to a page.

`python -m tests.support.check_bureau --departments 10000 --problems 500 -o docs/scale.md`. With `--folder` the files are
kept there and found again. Every run is a command of its own, as a clerk starts it. It ends with 1 where anything is not
as it has to be.
"""

import argparse
import os
import pickle
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random

from msgspec import Struct

from tests.support import bureau as bureaus
from tests.support.bureau import KINDS, Bureau, differences, loaded
from tests.support.killing import CODE, environment, kill_often

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
MEGABYTE = 1024 * 1024
LATE = 3
FEW = 2_000
"""Below, starting the program weighs more than what it reads."""


class Run(Struct, frozen=True):
    """A command's outcome: its status, what it said, and what it took."""

    status: int
    out: bytes
    err: str
    seconds: float
    cpu: float
    peak: float


class Record(Struct):
    """What was measured, and what is not as it has to be."""

    rows: list[tuple[str, Run, str]] = []
    faults: list[str] = []
    lines: list[str] = []

    def take(self, label: str, run: Run, note: str = "") -> Run:
        self.rows.append((label, run, note))
        sys.stderr.write(f"{label}: {run.cpu:.1f} s, {run.peak:.0f} MB {note}\n")
        return run

    def must(self, what: str, is_so: object) -> None:
        if not is_so:
            self.faults.append(what)
            sys.stderr.write(f"NOT SO: {what}\n")


def call(words: Sequence[object], cache: Path | None) -> Run:
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        begun = time.monotonic()
        command = [sys.executable, "-c", CODE, *map(str, words)]
        process = subprocess.Popen(command, stdout=out, stderr=err, env=environment(cache))
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.monotonic() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        told = err.read().decode("utf-8")
        cpu = used.ru_utime + used.ru_stime
        return Run(process.returncode, out.read(), told, seconds, cpu, used.ru_maxrss * 1024 / MEGABYTE)


def bureau_in(folder: Path, departments: int, problems: int, own: int, processes: int) -> Bureau:
    """Return the bureau in a folder, made if it is not there."""
    kept = folder / "bureau.pickle"
    if kept.exists():
        found: Bureau = pickle.loads(kept.read_bytes())  # noqa: S301 - its own bytes
        return found
    folder.mkdir(parents=True, exist_ok=True)
    made = bureaus.make(folder / "received", departments, problems, processes, own)
    kept.write_bytes(pickle.dumps(made))
    return made


def play(bureau: Bureau, folder: Path, jobs: int, kills: int, scheduler: bool) -> Record:
    record, target, cache = Record(), folder / "summary.xlsx", folder / "kept"
    words = ["consolidate", bureau.folder, "-o", target, "--roster", bureau.roster_file, "--json", "--force"]
    for file in cache.glob("*") if cache.exists() else ():
        file.unlink()
    first = record.take("first run, one process", call(words, cache))
    said = loaded(first.out.decode("utf-8"))
    record.faults += differences(bureau, said)
    content = target.read_bytes()
    _again(record, words, cache, target, first, content)
    _late(record, bureau, words, cache, target)
    several = record.take(f"all anew, `--jobs {jobs}`", call([*words, "--fresh", "--jobs", jobs], cache))
    record.must("processes change nothing", (several.out, target.read_bytes()) == (first.out, content))
    _shuffled(record, bureau, words, target, content)
    if scheduler:
        _cluster(record, words, target, first, content)
    if kills:
        killed = kill_often([*words, "--jobs", jobs], target, b"old", content, cache, kills)
        record.must("killed, the old summary or the new one is there", not killed.found["broken"])
        record.must("killed, the next run completes", killed.completes)
        record.lines.append(
            f"Killed {kills} times at chance moments ({killed.in_time} before it had ended): the old summary was there "
            f"{killed.found['old']} times, the new one {killed.found['new']} times, anything else "
            f"{killed.found['broken']} times; the next run completed."
        )
    return record


def _again(
    record: Record, words: list[object], cache: Path, target: Path, first: Run, content: bytes
) -> None:
    runs = [call(words, cache) for _ in range(3)]
    again = sorted(runs, key=lambda one: one.cpu)[1]
    share = again.cpu / first.cpu
    record.take("again, nothing new (median of 3)", again, f"{share:.1%} of the first run's processor time")
    record.must("a second run says and leaves the same", all(one.out == first.out for one in runs))
    record.must("the summary is left", target.read_bytes() == content)
    record.must(
        "a second run takes under 5 %", share < 0.05 or len(loaded(first.out.decode("utf-8"))["files"]) < FEW
    )


def _late(record: Record, bureau: Bureau, words: list[object], cache: Path, target: Path) -> None:
    maker = bureaus.Maker(bureau.folder)
    for number in range(LATE):
        maker.sound(980_000 + number)
    late = record.take(f"again, {LATE} late departments", call(words, cache))
    record.must("only the late are read", f"有 {len(bureau.fates)} 个没有变动" in late.err)
    anew = target.read_bytes()
    call([*words, "--fresh"], cache)
    record.must("late departments are added as if all were read", target.read_bytes() == anew)
    for name in maker.part.fates:
        (bureau.folder / name).unlink()


def _shuffled(record: Record, bureau: Bureau, words: list[object], target: Path, content: bytes) -> None:
    files = sorted(bureau.folder.iterdir())
    Random(7).shuffle(files)
    if sum(len(str(file)) + 1 for file in files) < 1_500_000:
        call([words[0], *files, *words[2:], "--fresh"], None)
        record.must("order changes nothing", target.read_bytes() == content)


def _cluster(record: Record, words: list[object], target: Path, first: Run, content: bytes) -> None:
    from distributed import LocalCluster

    os.environ.update(environment(None))
    workers = {
        "n_workers": 2,
        "threads_per_worker": 1,
        "processes": True,
        "dashboard_address": None,
        "silence_logs": 50,
    }
    with LocalCluster(**workers) as cluster:
        address = cluster.scheduler_address
        run = call([*words, "--fresh", "--scheduler", address], None)
    record.take("all anew on a cluster, two workers here", run)
    record.must("a cluster changes nothing", (run.out, target.read_bytes()) == (first.out, content))


def page(bureau: Bureau, record: Record) -> str:
    """Return the measured part of the page."""
    planted = sum(bureau.planted.values())
    size = sum(file.stat().st_size for file in bureau.folder.iterdir()) / MEGABYTE
    lines = [
        f"### {len(bureau.fates):,} files with {planted:,} problems of {len(KINDS)} kinds, {size:,.0f} MB",
        "",
        "| | seconds | processor, s | processor, ms a file | peak memory, MB | |",
        "| --- | ---: | ---: | ---: | ---: | --- |",
    ]
    for label, run, note in record.rows:
        each = run.cpu / len(bureau.fates) * 1000
        figures = f"{run.seconds:.1f} | {run.cpu:.1f} | {each:.2f} | {run.peak:.0f}"
        lines.append(f"| {label} | {figures} | {note} |")
    sums = "every sum right to the cent, every problem in its list, none invented; order, processes and cluster change nothing"
    lines += [
        "",
        *record.lines,
        "",
        f"Faults: {len(record.faults)}" + (f" ({sums})." if not record.faults else "."),
    ]
    lines += [f"- {fault}" for fault in record.faults[:20]]
    machine = f"CPython {platform.python_version()} on {platform.system()}, {os.cpu_count()} CPUs"
    return "\n".join([*lines, "", f"{machine}; what the workers of a cluster took is not in its row.", ""])


def write(file: Path, text: str, title: str) -> None:
    """Put the measured part into the page, in place of an earlier one with as many files."""
    whole = file.read_text(encoding="utf-8")
    before, _, rest = whole.partition(f"{BEGIN}\n")
    inside, _, after = rest.partition(END)
    parts = [one for one in inside.split("### ") if one.strip() and not one.startswith(title)]
    inside = "".join(f"### {one}" for one in [*parts, text.removeprefix("### ")])
    file.write_text(f"{before}{BEGIN}\n{inside}{END}{after}", encoding="utf-8")


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--departments", type=int, default=10_000)
    words.add_argument("--problems", type=int, default=500)
    words.add_argument("--own", type=int, default=1_500)
    words.add_argument("--jobs", type=int, default=2)
    words.add_argument("--kills", type=int, default=0)
    words.add_argument("--no-cluster", action="store_true")
    words.add_argument("--folder", type=Path)
    words.add_argument("-o", "--output", type=Path)
    told = words.parse_args()
    with tempfile.TemporaryDirectory() as spare:
        folder = told.folder or Path(spare) / "bureau"
        bureau = bureau_in(folder, told.departments, told.problems, told.own, told.jobs)
        record = play(bureau, folder, told.jobs, told.kills, not told.no_cluster)
        text = page(bureau, record)
    if told.output is None:
        sys.stdout.write(text)
    else:
        write(told.output, text, f"{len(bureau.fates):,} files")
    return 1 if record.faults else 0


if __name__ == "__main__":
    sys.exit(main())
