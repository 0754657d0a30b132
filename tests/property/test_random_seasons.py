"""Seasons at random: whatever departments send and reviewers decide, the ledger keeps to its rules."""

import datetime
import random
from decimal import Decimal as D
from pathlib import Path

import pytest
from msgspec import Struct, field

from selfeval_xl.cells import Address
from selfeval_xl.consolidation.entering import Entering
from selfeval_xl.consolidation.ledger import COLUMNS, Ledger, LedgerRow, headings, read_ledger
from selfeval_xl.consolidation.reduce import Reduced
from selfeval_xl.consolidation.select import Selection, select
from selfeval_xl.form.library import find_form
from selfeval_xl.jobs.ledger import _text

FORM = find_form("linxiang-zhengti").path
CELL = Address("封面", 9, 5)
DAY = datetime.date(2023, 4, 3)
NAMES = ("东局", "西局", "南局", "北局", "中局")
REVIEWERS = ("reviewer", "reviewed", "opinion", "score", "grade", "url", "remark")


def empty() -> Ledger:
    heads = ",".join(headings()[name] for name in reversed(COLUMNS))
    return read_ledger(Path("台账.csv"), f"{heads}\n".encode())


class Season(Struct):
    """A bureau's folder and its ledger, as text; ``chance`` decides what happens next.

    Where the form does not count the times of reporting, a department's new file replaces its old one.
    """

    chance: random.Random
    is_counted: bool = True
    files: list[Reduced] = []
    ledger: Ledger = field(default_factory=empty)

    def send(self) -> None:
        """A department sends a report: a new one, the same again, or another one under a number that was there."""
        number = self.chance.randrange(len(NAMES))
        own = [one for one in self.files if one.code == str(number)]
        how = self.chance.choice(["next", "next", "same bytes", "same number"])
        last = max((one.revision for one in own), default=D(0))
        if how == "same bytes" and own:
            first = self.chance.choice(own)
            self._put(number, first.revision, first.sha256, first.content)
        else:
            revision = max(last, D(1)) if how == "same number" else last + 1
            digest = f"{self.chance.getrandbits(256):064x}"
            self._put(number, revision, digest, digest)

    def _put(self, number: int, revision: D, digest: str, content: str) -> None:
        path = Path(f"{len(self.files):03}.xlsx")
        who: dict[str, object] = {"department": NAMES[number], "code": str(number)}
        if not self.is_counted:
            self.files = [one for one in self.files if one.code != str(number)]
        what = {"revision": revision if self.is_counted else D(1), "sha256": digest, "content": content}
        if self.is_counted:
            who["revision_cell"] = CELL
        self.files.append(
            Reduced(path, "clean", form_path=FORM, kind="filling", year=2022, **who, **what)  # type: ignore[arg-type]
        )

    def lose(self) -> None:
        if self.files:
            self.files.remove(self.chance.choice(self.files))

    def review(self) -> None:
        """A reviewer decides on what was received, and writes what they like."""
        received = [row for row in self.ledger.rows if row.hash]
        if received:
            row = self.chance.choice(received)
            row.enter(state=self.chance.choice(["退回", "通过"]))
            row.enter(**dict.fromkeys(REVIEWERS, f"第{self.chance.randrange(9)}次，写的"))
            self.save()

    def run(self) -> Selection:
        """Enter all files as a command does, in any order; return what was received."""
        self.chance.shuffle(self.files)
        selection = select(self.files, self.ledger.passed)
        Entering(self.ledger, DAY, all=True).enter(selection)
        self.save()
        return selection

    def save(self) -> None:
        self.ledger = read_ledger(self.ledger.path, _text(self.ledger))


def shown(row: LedgerRow, *names: str) -> list[str | None]:
    return [row.text(name) for name in names]


def check(before: dict[str, list[str | None]], season: Season, received: Selection) -> None:
    """What holds after every run, whatever happened before it."""
    rows = {str(row.code): row for row in season.ledger.rows}
    assert len(rows) == len(season.ledger.rows)
    for code, old in before.items():
        was = dict(zip(COLUMNS, old, strict=True))
        now = dict(zip(COLUMNS, shown(rows[code], *COLUMNS), strict=True))
        assert {name: was[name] for name in REVIEWERS} == {name: now[name] for name in REVIEWERS}
        if was["state"] == "通过":
            assert was == now
        assert D(was["revision"] or 0) <= D(now["revision"] or 0)
        if now["state"] == "重报" != was["state"]:
            assert D(was["revision"] or 0) < D(now["revision"] or 0)
    for one in received.accepted:
        row = rows[str(one.code)]
        is_known = one.sha256 == row.hash
        assert is_known or before[str(one.code)] == shown(row, *COLUMNS)
    assert sum(season.ledger.counts.values()) == len(rows)


def outcome(selection: Selection) -> tuple[set[str], set[str]]:
    return {one.content for one in selection.accepted}, {str(one.code) for one in selection.conflicts}


@pytest.mark.parametrize("seed", range(60))
def test_the_ledger_keeps_to_its_rules(seed: int) -> None:
    season = Season(random.Random(seed), is_counted=seed % 3 > 0)
    for _ in range(25):
        deed = season.chance.choices([season.send, season.review, season.lose], weights=[6, 3, 1])[0]
        deed()
        before = {str(row.code): shown(row, *COLUMNS) for row in season.ledger.rows}
        received = season.run()
        check(before, season, received)
        text = _text(season.ledger)
        again = season.run()
        assert _text(season.ledger) == text
        assert outcome(again) == outcome(received)
        only = select(season.files, season.ledger.passed, passed_only=True)
        assert {one.sha256 for one in only.accepted} <= season.ledger.passed
        assert only.conflicts == []
        assert only.totals["found"] == len(season.files)
