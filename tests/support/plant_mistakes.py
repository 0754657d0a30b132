"""Every mistake planted many times, and the table of what was found.

`python -m tests.support.plant_mistakes --times 20 -o docs/mistakes.md`. It ends with 1 if a mistake was missed or a
finding beside it stood on its own. Numbers behind the command plant only those.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from pathlib import Path

from msgspec import Struct

from tests.support.mistakes import LEFT_OUT, MISTAKES, numbers, plant, said_of, wanted

MOST_SHOWN = 3


class Tally(Struct):
    """What was said of one mistake, time after time."""

    number: int
    planted: int = 0
    found: int = 0
    refused: int = 0
    alarms: int = 0
    missed: list[str] = []
    beside: list[str] = []

    @property
    def is_good(self) -> bool:
        """Tell whether every one was found, and nothing else."""
        return self.found == self.planted and not self.alarms


def run(number: int, seeds: Sequence[int], folder: Path) -> Tally:
    """Plant one mistake so many times."""
    tally = Tally(number)
    for seed in seeds:
        one = plant(number, seed, folder / str(seed))
        said = said_of(one)
        tally.planted += 1
        tally.found += said.found
        tally.refused += said.found and bool(one.expected.refused)
        tally.alarms += len(said.alarms)
        if not said.found:
            tally.missed.append(f"seed {seed}: expected {wanted(one.expected)}, first was {said.first}")
        tally.beside += [f"seed {seed}: {alarm}" for alarm in said.alarms]
    shutil.rmtree(folder)
    return tally


def report(tallies: Sequence[Tally], times: int, first: int) -> str:
    """Return the report."""
    planted = sum(one.planted for one in tallies)
    return REPORT.format(
        times=times,
        first=first,
        kinds=len(tallies),
        planted=planted,
        found=sum(one.found for one in tallies),
        alarms=sum(one.alarms for one in tallies),
        rows="\n".join(_row(one) for one in tallies),
        left_out="\n".join(f"| {number} | {why} |" for number, why in LEFT_OUT.items()),
        details=_details(tallies),
    )


def _row(one: Tally) -> str:
    found = f"{one.found} (refused {one.refused})" if one.refused else str(one.found)
    cells = (one.number, MISTAKES[one.number].words, one.planted, found, one.alarms)
    return f"| {' | '.join(map(str, cells))} |"


def _details(tallies: Sequence[Tally]) -> str:
    lines = []
    for one in tallies:
        lines += [f"- {one.number} not found, {text}" for text in one.missed[:MOST_SHOWN]]
        lines += [f"- {one.number} beside it, {text}" for text in one.beside[:MOST_SHOWN]]
    return "\n".join(lines) or "None."


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.plant_mistakes", description=__doc__)
    parser.add_argument("numbers", type=int, nargs="*", help="only these mistakes")
    parser.add_argument("--times", type=int, default=20, help="how often each is planted (20)")
    parser.add_argument("--seed", type=int, default=1000, help="of the first report (1000)")
    parser.add_argument(
        "-o", "--output", type=Path, required=True, help="the report, such as docs/mistakes.md"
    )
    asked = parser.parse_args()
    seeds, chosen = range(asked.seed, asked.seed + asked.times), asked.numbers or numbers()
    tallies = []
    with tempfile.TemporaryDirectory(prefix="selfeval-mistakes-") as folder, ProcessPoolExecutor(2) as pool:
        folders = [Path(folder) / str(number) for number in chosen]
        for number, tally in zip(chosen, pool.map(run, chosen, repeat(seeds), folders), strict=True):
            tallies.append(tally)
            sys.stderr.write(f"{number}: {tally.found} of {tally.planted} found\n")
    asked.output.write_text(report(tallies, asked.times, asked.seed), encoding="utf-8")
    sys.exit(0 if all(one.is_good for one in tallies) else 1)


REPORT = """\
# Clerks' mistakes, planted and found

Made by `python -m tests.support.plant_mistakes --times {times} --seed {first} -o docs/mistakes.md`.

**{kinds} mistakes planted {times} times each: {found} of {planted} found, {alarms} false alarms.**

Each stands alone in a made-up report in which nothing else is wrong (`tests/support/sound.py`): at a place, of a size and in a
report that chance chooses. It is typed into the data, or done to the file; two of three workbooks are then saved again in Excel's or
WPS's manner. *Found* is a mistake whose first finding has the right rule, stands at the cell where a clerk must look first, and
states the right difference, or whose file is refused for the reason that it is. A *false alarm* is any other finding that follows
from no other and that the same report without the mistake does not have.

| no. | mistake | planted | found | false alarms |
| ---: | --- | ---: | ---: | ---: |
{rows}

## Left out

| no. | why |
| ---: | --- |
{left_out}

## What was missed or said beside it

At most three a mistake.

{details}
"""


if __name__ == "__main__":
    main()
