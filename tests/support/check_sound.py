"""Sound reports checked: what a checker says of reports in which nothing is wrong, and the report on it.

`python -m tests.support.check_sound --reports 500 -o docs/sound.md`. It ends with 1 if there is an 错误, or if half of
the reports get more than two 需说明.
"""

import argparse
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from tests.acceptance.calling import Outcome, selfeval
from tests.support import sound

LEVELS = ("error", "warning", "info")
WORDS = {"error": "错误", "warning": "需说明", "info": "提示"}
MOST_WARNINGS = 2
SHOWN = 20
PROCESSES, PART = 2, 50
PAPERS = ("--previous", "--reference")


class Tally(Struct):
    """What was said in one way of checking."""

    counts: dict[str, list[int]] = field(default_factory=lambda: {level: [] for level in LEVELS})
    rules: Counter[tuple[str, str]] = field(default_factory=Counter)
    errors: list[str] = []
    explained: int = 0

    def add(self, seed: int, outcome: Outcome) -> None:
        """Count what was said of one report."""
        found = outcome.file
        assert found["status"] != "refused", f"report {seed}: {found['reason']}"
        own = [one for one in found["findings"] if one["follows"] is None]
        still = [one for one in own if one["explanation"] is None]
        self.explained += len(own) - len(still)
        for level in LEVELS:
            self.counts[level].append(sum(one["severity"] == level for one in still))
        self.rules.update((one["severity"], one["rule"]) for one in still)
        self.errors += [f"{seed}: {_shown(one)}" for one in still if one["severity"] == "error"]

    def join(self, other: "Tally") -> None:
        """Count what was counted elsewhere as well."""
        for level in LEVELS:
            self.counts[level] += other.counts[level]
        self.rules += other.rules
        self.errors += other.errors
        self.explained += other.explained

    @property
    def is_good(self) -> bool:
        """Tell whether clerks with sound reports are left in peace."""
        return not self.errors and statistics.median(self.counts["warning"]) <= MOST_WARNINGS


def _shown(finding: dict[str, Any]) -> str:
    return f"{finding['rule']}@{finding['cells'][0]} {finding['actual']} | {finding['expected']}"


def ways(seed: int, folder: Path) -> Iterator[tuple[str, list[object]]]:
    """Yield how a report is checked, and the words of each command."""
    one = sound.usual(seed)
    data = sound.saved(one.data, folder / f"{seed}.json")
    yield "data file", [data]
    book = sound.sound_workbook(seed, folder / f"{seed}.xlsx")
    yield "workbook", [book]
    if papers_known():
        last = sound.previous_file(seed, folder / "last" / str(seed))
        papers = folder / f"{seed}.csv"
        papers.write_text(sound.reference_list(one, seed), encoding="utf-8-sig")
        yield "workbook, last year's file", [book, "--previous", last]
        yield "workbook, other papers", [book, "--reference", papers]
        yield "workbook, both", [book, "--previous", last, "--reference", papers]


def papers_known() -> bool:
    """Tell whether last year's file and other papers can be given."""
    text = selfeval("validate", "--help").out
    return all(word in text for word in PAPERS)


def run(seeds: Sequence[int], folder: Path) -> dict[str, Tally]:
    """Check the reports of these seeds in every way."""
    tallies: dict[str, Tally] = {}
    for done, seed in enumerate(seeds, start=1):
        for way, words in ways(seed, folder):
            tallies.setdefault(way, Tally()).add(seed, selfeval("validate", *words, "--json"))
        for path in folder.rglob(f"{seed}.*"):
            path.unlink()
        if done == len(seeds):
            sys.stderr.write(f"{seeds[0]} to {seeds[-1]} checked\n")
    return tallies


def report(tallies: dict[str, Tally], seeds: Sequence[int]) -> str:
    """Return the report."""
    return REPORT.format(
        count=len(seeds),
        first=seeds[0],
        last=seeds[-1],
        sizes=_sizes(seeds),
        summary=_summary(tallies),
        rules=_rules(tallies),
        errors=_errors(tallies),
    )


def _sizes(seeds: Sequence[int]) -> str:
    found = Counter(len(sound.tidy(seed, sound.USUAL).found.entities) for seed in seeds)
    return ", ".join(f"{size}: {count}" for size, count in sorted(found.items()))


def _summary(tallies: dict[str, Tally]) -> str:
    head = ("checked as", "错误", "需说明, median", *(f"{n} 需说明" for n in (0, 1, 2, 3)), "4 or more")
    head += ("explained", "提示, median", "提示, most")
    rows = [_line(way, tally) for way, tally in tallies.items()]
    return _table(head, rows)


def _line(way: str, tally: Tally) -> list[object]:
    warnings, infos = tally.counts["warning"], tally.counts["info"]
    spread = [sum(min(one, 4) == n for one in warnings) for n in range(5)]
    errors, middle = len(tally.errors), f"{statistics.median(warnings):g}"
    return [way, errors, middle, *spread, tally.explained, f"{statistics.median(infos):g}", max(infos)]


def _rules(tallies: dict[str, Tally]) -> str:
    keys = sorted(
        {key for tally in tallies.values() for key in tally.rules},
        key=lambda key: (LEVELS.index(key[0]), key[1]),
    )
    rows = [
        [f"{rule} {WORDS[level]}", *(tally.rules[level, rule] for tally in tallies.values())]
        for level, rule in keys
    ]
    return _table(("findings", *tallies), rows)


def _errors(tallies: dict[str, Tally]) -> str:
    lines = [f"- {way}, report {one}" for way, tally in tallies.items() for one in tally.errors[:SHOWN]]
    return "\n".join(lines) or "None."


def _table(head: Sequence[object], rows: Sequence[Sequence[object]]) -> str:
    lines = [list(head), ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def _part(seeds: Sequence[int]) -> dict[str, Tally]:
    with tempfile.TemporaryDirectory(prefix="selfeval-sound-") as folder:
        return run(seeds, Path(folder))


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.check_sound", description=__doc__)
    parser.add_argument("--reports", type=int, default=500, help="how many (500)")
    parser.add_argument("--seed", type=int, default=1000, help="of the first report (1000)")
    parser.add_argument("-o", "--output", type=Path, required=True, help="the report, such as docs/sound.md")
    wanted = parser.parse_args()
    seeds = range(wanted.seed, wanted.seed + wanted.reports)
    parts = [seeds[at : at + PART] for at in range(0, len(seeds), PART)]
    tallies: dict[str, Tally] = {}
    with ProcessPoolExecutor(PROCESSES) as pool:
        for part in pool.map(_part, parts):
            for way, tally in part.items():
                tallies.setdefault(way, Tally()).join(tally)
    wanted.output.write_text(report(tallies, seeds), encoding="utf-8")
    sys.exit(0 if all(tally.is_good for tally in tallies.values()) else 1)


REPORT = """\
# Sound reports left in peace

Made by `python -m tests.support.check_sound --reports {count} --seed {first} -o docs/sound.md`.

**{count} made-up reports in which nothing is wrong** (seeds {first} to {last}; entities in a report: {sizes}). Counted is what a
clerk has to look at: findings that follow from no other and are not explained.

{summary}

## Which rules spoke

{rules}

## 错误 in sound reports

{errors}

## How the reports are made

`tests/support/sound.py`: departments of eight made-up offices with 1 to 12 entities, 4 to 160 people each, 8 to 20 万元 of 人员支出 a
head and 1.5 to 6.5 万元 of 公用支出; carry-overs and balances to the hundredth; a year before that leads up to them; a list of other
papers' figures in 元 or 万元; goals with values, three or four evaluators, texts in several styles whose amounts are those of the
tables, or of 财政拨款 only, with the gap in 其他收入 and 专户. Then each gets habits at random (`tests/support/sloppy.py`,
`calculated.py`): blanks for 0; blanks in and around names; 机关, 本级 for 局机关; placeholders without amounts; no grade; full-width
digits and percent signs; half-width punctuation; indents; 已完成 as an achievement; a trend praised without figures; printed totals
and sums in the text that are 0.01 off; amounts as calculations from 元, rounded as the cells' prompts say; people over quota, balances given back and
sources of 其他收入 explained in 审核说明. Half of the workbooks are saved again in Excel's or WPS's manner.
"""


if __name__ == "__main__":
    main()
