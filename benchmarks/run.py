"""The command: measures, prints the tables, and writes them into `docs/speed.md`."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks import checking, click, consolidating, filling, jobs, memory, reading, workbooks
from benchmarks.measure import ROOT, Plan
from benchmarks.report import environment, write_section

MEASUREMENTS = {
    "reading": reading.measure,
    "checking": checking.measure,
    "consolidating": consolidating.measure,
    "memory": memory.measure,
    "jobs": jobs.measure,
    "click": click.measure,
    "filling": filling.measure,
}
SIZES = "100,1000,10000"
BOOKS = Path(tempfile.gettempdir()) / "selfeval-benchmarks"


def main() -> None:
    """Run what the command line asks for."""
    # What an earlier run kept of the files would be measured in place of reading them.
    os.environ["SELFEVAL_CACHE"] = ""
    arguments = _parser().parse_args()
    sizes = tuple(sorted({int(size) for size in arguments.sizes.split(",")}))
    print(f"workbooks in {arguments.books}", file=sys.stderr)
    # In a process of its own: this one has to stay small (benchmarks/measure.py).
    command = [sys.executable, "-m", "benchmarks.workbooks", str(arguments.books), str(sizes[-1])]
    subprocess.run(command, cwd=ROOT, check=True)
    plan = Plan(sizes, workbooks.paths(arguments.books, sizes[-1]), arguments.repeat, arguments.pairs)
    names = list(MEASUREMENTS) if arguments.what == "all" else [arguments.what]
    for name in names:
        print(name, file=sys.stderr)
        text = f"{MEASUREMENTS[name](plan)}\n\n{environment()}"
        print(f"\n{name}\n\n{text}\n", flush=True)
        write_section(arguments.page, name, text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    parser.add_argument("what", choices=[*MEASUREMENTS, "all"])
    parser.add_argument("--sizes", default=SIZES, help=f"numbers of workbooks ({SIZES})")
    parser.add_argument("--books", type=lambda text: Path(text).resolve(), default=BOOKS, help=f"({BOOKS})")
    parser.add_argument("--repeat", type=int, default=3, help="rounds; the best counts (3)")
    parser.add_argument(
        "--pairs", type=int, default=20, help="rounds of whole processes; the median counts (20)"
    )
    parser.add_argument("--page", type=Path, default=ROOT / "docs" / "speed.md", help="(docs/speed.md)")
    return parser


if __name__ == "__main__":
    main()
