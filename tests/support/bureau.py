"""A bureau's folder: departments with known sums, and among them problems of every kind, each with what has to become of it.

What a summary says is held against it by `differences`. Sums are added up here from the figures that were filled in, by
the meaning of the columns and not by the program's rules.
"""

import json
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import xlsxwriter
from msgspec import Struct, field

from selfeval_xl.blueprint.values import Values
from selfeval_xl.jobs.export import export
from selfeval_xl.jobs.report import write_report
from selfeval_xl.jobs.validate import validate
from selfeval_xl.submission.data import read_data
from selfeval_xl.submission.inspect import inspect_submission
from selfeval_xl.submission.layout import place
from selfeval_xl.template.write import write_workbook
from tests.acceptance.calling import FORMS, with_cell, with_text
from tests.support import small_report as small
from tests.support.packages import Member, members, renamed_package

Data = dict[str, Any]
Sums = dict[tuple[str, str], Decimal]
CENT = Decimal("0.01")
CHUNK = 25
BASES, FIRST_BASE = 20, 900_000
INCOME = ("上年结转", "公共财政拨款", "政府基金拨款", "纳入专户管理的非税收入拨款", "其他收入")
VISITS = ("公务接待费", "公务用车运维费", "公务用车购置费", "因公出国费")
ASSETS = ("在用固定资产", "出租固定资产", "其他")
TOTALS = {
    ("收入", "收入合计"): [("收入", item) for item in INCOME],
    ("支出", "基本支出"): [("支出", "人员支出"), ("支出", "公用支出")],
    ("支出", "支出合计"): [("支出", "人员支出"), ("支出", "公用支出"), ("支出", "项目支出")],
    ("三公经费", "三公经费合计"): [("三公经费", item) for item in VISITS],
    ("固定资产", "固定资产合计"): [("固定资产", item) for item in ASSETS],
}
ACCEPTED, SKIPPED, REFUSED = "accepted", "skipped", "refused"


class Fate(Struct, frozen=True):
    """What has to become of a file: it counts, or not, for a reason that holds *words*; with which findings."""

    state: str
    words: str = ""
    rules: frozenset[str] = frozenset()


class Part(Struct):
    """Some of a bureau's departments: files with their fates, the sums of those that count, roster lines, who is missing."""

    fates: dict[str, Fate] = {}
    sums: Counter[tuple[str, str]] = field(default_factory=Counter)
    roster: list[str] = []
    missing: list[str] = []
    planted: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Part") -> None:
        self.fates |= other.fates
        self.sums.update(other.sums)
        self.roster += other.roster
        self.missing += other.missing
        self.planted.update(other.planted)


class Bureau(Part):
    """The whole of it, on disk."""

    folder: Path = Path()

    @property
    def roster_file(self) -> Path:
        return self.folder.with_name(f"{self.folder.name}-roster.csv")


def name_of(number: int) -> str:
    return f"云溪县第{number:06d}局"


def code_of(number: int) -> str:
    return f"{1_000_000 + number}"


def data_of(number: int, **changes: Any) -> Data:
    """A sound report with figures of its own; changes as `small_report.changed` takes them."""
    chance = Random(number)
    data = small.changed(
        **{"封面_部门(单位)名称": name_of(number), "封面_部门编码": code_of(number)},
    )
    for row, _ in enumerate(small.ENTITIES):
        for source, use in (("公共财政拨款", "人员支出"), ("政府基金拨款", "项目支出")):
            more = chance.randrange(0, 900)
            data["收入"][row][source] = _more(data["收入"][row][source], more)
            data["支出"][row][use] = _more(data["支出"][row][use], more)
        data["固定资产"][row]["在用固定资产"] = _more(
            data["固定资产"][row]["在用固定资产"], chance.randrange(0, 9000)
        )
    for path, value in changes.items():
        section, *steps = path.split("_")
        target = data[section]
        for step in steps[:-1]:
            target = target[int(step) - 1]
        target[steps[-1]] = value
    return data


def _more(value: float, cents: int) -> float:
    return float(Decimal(str(value)) + cents * CENT)


def sums_of(data: Data) -> Counter[tuple[str, str]]:
    """What a department adds to every column of the summary."""
    found: Counter[tuple[str, str]] = Counter()
    for table in ("收入", "支出", "三公经费", "固定资产"):
        for row in data[table]:
            for item, value in row.items():
                if item != "机构名称" and value is not None:
                    found[table, item] += Decimal(str(value))
    for total, items in TOTALS.items():
        found[total] = sum((found[item] for item in items), Decimal(0))
    return found


class Maker:
    """Writes the files of departments and notes what has to become of them."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.part = folder, Part()

    def book(self, name: str, data: Data) -> Path:
        """Write a workbook filled from data."""
        submission = read_data(small.encoded(data))
        report = inspect_submission(Path(name), submission, small.settings(), checked=False)
        assert report.blueprint is not None
        path = self.folder / name
        placed = place(submission, report.blueprint)
        write_workbook(report.blueprint, Values(report.blueprint, placed.typed), path, placed.formats)
        return path

    def fate(self, name: str, state: str, words: str = "", *rules: str) -> None:
        self.part.fates[name] = Fate(state, words, frozenset(rules))

    def counts(self, name: str, data: Data, *rules: str) -> None:
        """Note that a file counts, with these findings."""
        self.fate(name, ACCEPTED, "", *rules)
        self.part.sums.update(sums_of(data))

    def sound(self, number: int) -> None:
        name, data = f"{code_of(number)}.xlsx", data_of(number)
        self.book(name, data)
        self.counts(name, data)

    def alike(self, number: int) -> None:
        """Write a sound report with one of few departments' figures: ten times as fast."""
        base = FIRST_BASE + number % BASES
        data = data_of(base)
        old = (name_of(base).encode(), code_of(base).encode())
        new = (name_of(number).encode(), code_of(number).encode())
        name = f"{code_of(number)}.xlsx"
        (self.folder / name).write_bytes(renamed_package(_base(base), tuple(zip(old, new, strict=True))))
        self.counts(name, data)

    def listed(self, number: int, state: str = "") -> None:
        """Put a department on the roster."""
        self.part.roster.append(f"{code_of(number)},{name_of(number)},{state}")


@cache
def _base(number: int) -> tuple[Member, ...]:
    with tempfile.TemporaryDirectory() as folder:
        return members(Maker(Path(folder)).book("base.xlsx", data_of(number)))


# The problems. Each has a department of its own.


def older(make: Maker, number: int) -> None:
    """An older version beside the newer one."""
    code, data = code_of(number), data_of(number, 封面_报送次数=2)
    make.book(f"{code}.xlsx", data)
    make.counts(f"{code}.xlsx", data)
    make.book(f"{code}a.xlsx", data_of(number, 固定资产_1_其他=9))
    make.fate(f"{code}a.xlsx", SKIPPED, "同一部门另有")


def twin(make: Maker, number: int) -> None:
    """The same file twice."""
    make.sound(number)
    code = code_of(number)
    (make.folder / f"{code}b.xlsx").write_bytes((make.folder / f"{code}.xlsx").read_bytes())
    make.fate(f"{code}b.xlsx", SKIPPED, "内容相同，只计一份")


def rivals(make: Maker, number: int) -> None:
    """Two different ones of one time of reporting."""
    code = code_of(number)
    for letter, amount in (("a", 1), ("b", 2)):
        make.book(f"{code}{letter}.xlsx", data_of(number, 固定资产_1_其他=amount))
        make.fate(f"{code}{letter}.xlsx", SKIPPED, "无法决定采用哪一份", "R-04")


def finished(make: Maker, number: int) -> None:
    """A finished workbook, which wins over a later one to be filled in."""
    code, data = code_of(number), data_of(number)
    source = make.book(f"{code}a.xlsx", data)
    _, written = export(source, make.folder / f"{code}.xlsx", force=True, draft=False)
    assert written
    make.counts(f"{code}.xlsx", data)
    make.book(f"{code}a.xlsx", data_of(number, 封面_报送次数=3, 固定资产_1_其他=9))
    make.fate(f"{code}a.xlsx", SKIPPED, "同一部门另有")


def stranger(make: Maker, number: int) -> None:
    """A department that the roster lacks."""
    data = data_of(number)
    make.book(f"{code_of(number)}.xlsx", data)
    make.counts(f"{code_of(number)}.xlsx", data, "R-03")


def abolished(make: Maker, number: int) -> None:
    """A department that the roster says was abolished."""
    data = data_of(number)
    make.book(f"{code_of(number)}.xlsx", data)
    make.counts(f"{code_of(number)}.xlsx", data, "R-02")


def absent(make: Maker, number: int) -> None:
    """A department that did not report."""
    make.part.missing.append(name_of(number))


def other_year(make: Maker, number: int) -> None:
    """A report on another year."""
    make.book(f"{code_of(number)}.xlsx", data_of(number, 封面_年度=2021))
    make.fate(f"{code_of(number)}.xlsx", SKIPPED, "是 2021 年度的", "T-11")
    make.part.missing.append(name_of(number))


def renamed(make: Maker, number: int) -> None:
    """A department that goes by another name when it reports again."""
    code = code_of(number)
    data = data_of(number, **{"封面_报送次数": 2, "封面_部门(单位)名称": f"{name_of(number)}（新）"})
    make.book(f"{code}.xlsx", data)
    make.counts(f"{code}.xlsx", data)
    make.book(f"{code}a.xlsx", data_of(number))
    make.fate(f"{code}a.xlsx", SKIPPED, "同一部门另有")


def without_code(make: Maker, number: int) -> None:
    """A later report without the code, its name in other characters."""
    code = code_of(number)
    name = "".join(chr(ord(one) + 0xFEE0) if one.isdigit() else one for one in name_of(number))
    data = data_of(number, **{"封面_报送次数": 2, "封面_部门编码": None, "封面_部门(单位)名称": name})
    make.book(f"{code}.xlsx", data)
    make.counts(f"{code}.xlsx", data)
    make.book(f"{code}a.xlsx", data_of(number))
    make.fate(f"{code}a.xlsx", SKIPPED, "同一部门另有")


def refused(make: Maker, number: int, content: bytes, ending: str = ".xlsx") -> None:
    name = f"{code_of(number)}{ending}"
    (make.folder / name).write_bytes(content)
    make.fate(name, REFUSED)
    make.part.missing.append(name_of(number))


def cut_off(make: Maker, number: int) -> None:
    """Half a file."""
    whole = make.book(f"{code_of(number)}.tmp.xlsx", data_of(number))
    refused(make, number, whole.read_bytes()[: whole.stat().st_size // 2])
    whole.unlink()


def encrypted(make: Maker, number: int) -> None:
    """A workbook with a password to open it."""
    refused(make, number, bytes.fromhex("d0cf11e0a1b11ae1") + bytes(2048) + str(number).encode())


def empty(make: Maker, number: int) -> None:
    """A file of no bytes."""
    refused(make, number, b"")


def broken_data(make: Maker, number: int) -> None:
    """A data file that is no JSON."""
    refused(make, number, small.encoded(data_of(number))[:-9], ".json")


def foreign(make: Maker, number: int) -> None:
    """Some other workbook."""
    name = f"{code_of(number)}.xlsx"
    with xlsxwriter.Workbook(str(make.folder / name)) as book:
        book.add_worksheet("收入").write("B6", number)
    make.fate(name, REFUSED)
    make.part.missing.append(name_of(number))


def sheet_gone(make: Maker, number: int) -> None:
    """A workbook without one of its sheets."""
    code = code_of(number)
    whole = make.book(f"{code}.tmp.xlsx", data_of(number))
    with_text(
        whole, make.folder / f"{code}.xlsx", "xl/workbook.xml", '<sheet name="支出"', '<sheet name="支 出 "'
    )
    whole.unlink()
    make.fate(f"{code}.xlsx", REFUSED)
    make.part.missing.append(name_of(number))


def other_form(make: Maker, number: int) -> None:
    """A report in another form."""
    name = f"{code_of(number)}.json"
    (make.folder / name).write_bytes((FORMS / "wharf-2024" / "sample.json").read_bytes())
    make.fate(name, SKIPPED, "是另一种表单")
    make.part.missing.append(name_of(number))


def one_entity(make: Maker, number: int) -> None:
    """A single entity's workbook, which its department should have summed up."""
    name, data = f"{code_of(number)}.xlsx", data_of(number)
    kept = {key: data[key] for key in ("表单", "版次", "封面")}
    tables = {
        table: [{**data[table][0], "机构名称": "甲中心"}]
        for table in ("收入", "支出", "三公经费", "固定资产")
    }
    submission = read_data(small.encoded({**kept, **tables}))
    submission.entity_only = True
    report = inspect_submission(Path(name), submission, small.settings(), checked=False)
    assert report.blueprint is not None
    placed = place(submission, report.blueprint)
    values = Values(report.blueprint, placed.typed)
    write_workbook(report.blueprint, values, make.folder / name, placed.formats)
    make.fate(name, SKIPPED, "单个机构", "T-10", "X-10")
    make.part.missing.append(name_of(number))


def a_report(make: Maker, number: int) -> None:
    """A workbook of findings among the forms."""
    name = f"{code_of(number)}.xlsx"
    (make.folder / name).write_bytes(_findings())
    make.fate(name, SKIPPED)
    make.part.missing.append(name_of(number))


@cache
def _findings() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "source.json"), Path(folder, "report.xlsx")
        source.write_bytes(small.encoded(data_of(0)))
        write_report(list(validate([source])), target, force=True)
        return target.read_bytes()


def typed_over(make: Maker, number: int) -> None:
    """A total that somebody typed over: the entities' figures count."""
    name, data = f"{code_of(number)}.xlsx", data_of(number)
    whole = make.book(f"{code_of(number)}.tmp.xlsx", data)
    with_cell(whole, make.folder / name, "收入", "B6", 9.99)
    whole.unlink()
    make.counts(name, data, "F-02")


def printed(make: Maker, number: int) -> None:
    """Data whose printed total is another than the figures make."""
    name, data = f"{code_of(number)}.json", data_of(number)
    total = float(sums_of(data)["收入", "收入合计"]) + 5
    (make.folder / name).write_bytes(small.encoded({**data, "汇总": {"收入": {"收入合计": round(total, 2)}}}))
    make.counts(name, data, "I-01")


def relabelled(make: Maker, number: int) -> None:
    """A heading that somebody changed."""
    name, data = f"{code_of(number)}.xlsx", data_of(number)
    whole = make.book(f"{code_of(number)}.tmp.xlsx", data)
    with_cell(whole, make.folder / name, "收入", "C4", "另一项")
    whole.unlink()
    make.counts(name, data, "N-04")


def unbalanced(make: Maker, number: int) -> None:
    """A balance that does not come out: the figures count as they are."""
    name, data = f"{code_of(number)}.xlsx", data_of(number, 支出_2_累计结余=1.15)
    make.book(name, data)
    make.counts(name, data, "E-04")


Kind = Callable[[Maker, int], None]
KINDS: tuple[Kind, ...] = (
    *(older, twin, rivals, finished, renamed, without_code),
    *(stranger, abolished, absent, other_year),
    *(cut_off, encrypted, empty, broken_data, foreign, sheet_gone),
    *(other_form, one_entity, a_report),
    *(typed_over, printed, relabelled, unbalanced),
)
STATES = {abolished: "撤销"}


def make(folder: Path, departments: int, problems: int, processes: int = 1, own: int | None = None) -> Bureau:
    """Write the files of so many departments, the first of which each have a problem, and the roster.

    The first *own* have figures of their own, all if nothing is said.
    """
    folder.mkdir(parents=True)
    bureau = Bureau(folder=folder)
    ranges = [range(first, min(first + CHUNK, departments)) for first in range(0, departments, CHUNK)]
    tasks = [(folder, numbers, problems, departments if own is None else own) for numbers in ranges]
    if processes == 1:
        parts: Iterable[Part] = map(_made, tasks)
    else:
        with ProcessPoolExecutor(processes) as pool:
            parts = list(pool.map(_made, tasks))
    for part in parts:
        bureau.add(part)
    text = "\n".join(["部门编码,部门名称,状态", *bureau.roster])
    bureau.roster_file.write_text(f"{text}\n", encoding="utf-8")
    return bureau


def _made(task: tuple[Path, range, int, int]) -> Part:
    folder, numbers, problems, own = task
    maker = Maker(folder)
    for number in numbers:
        kind = KINDS[number % len(KINDS)] if number < problems else None
        if kind is not stranger:
            maker.listed(number, STATES.get(kind, "") if kind is not None else "")
        if kind is None:
            (maker.sound if number < own else maker.alike)(number)
        else:
            kind(maker, number)
            maker.part.planted[kind.__name__] += 1
    return maker.part


# What a summary says, beside what it has to say


def differences(bureau: Bureau, said: Data) -> list[str]:
    """What `consolidate --json` says otherwise; nothing where all is right."""
    found = [*_sums(bureau, said), *_fates(bureau, said), *_missing(bureau, said)]
    fates = Counter(fate.state for fate in bureau.fates.values())
    control = said["summary"]["control"]
    states = (ACCEPTED, SKIPPED, REFUSED)
    return found + [
        f"{one}: {control[one]} files, not {fates[one]}" for one in states if control[one] != fates[one]
    ]


def _sums(bureau: Bureau, said: Data) -> list[str]:
    sums = {
        (table, item): Decimal(total)
        for table, row in said["summary"]["sums"].items()
        for item, total in row.items()
    }
    keys = {*sums, *bureau.sums}
    return [
        f"{table} {item}: {sums.get((table, item))}, not {bureau.sums[table, item]}"
        for table, item in sorted(keys)
        if sums.get((table, item)) != bureau.sums[table, item]
    ]


def _fates(bureau: Bureau, said: Data) -> list[str]:
    reasons = {Path(one["file"]).name: one["reason"] for one in said["summary"]["skipped"]}
    files = {Path(one["file"]).name: one for one in said["files"]}
    found = [f"{name}: not read" for name in bureau.fates.keys() - files.keys()]
    for name, one in files.items():
        fate = bureau.fates.get(name)
        state = SKIPPED if name in reasons else REFUSED if one["status"] == "refused" else ACCEPTED
        if fate is None or fate.state != state or fate.words not in (reasons.get(name) or ""):
            found.append(f"{name}: {state} ({reasons.get(name) or one['reason']}), not {fate}")
            continue
        standing = [two for two in one["findings"] if two["follows"] is None]
        rules = {two["rule"] for two in standing if two["severity"] != "info"}
        if rules != fate.rules:
            found.append(f"{name}: {sorted(rules)}, not {sorted(fate.rules)}")
    return found


def _missing(bureau: Bureau, said: Data) -> list[str]:
    named = Counter(one["item"] for one in said["findings"] if one["rule"] == "R-01")
    wanted = Counter(bureau.missing)
    return [f"missing: {name}" for name in (named - wanted) + (wanted - named)]


def loaded(text: str) -> Data:
    return json.loads(text)
