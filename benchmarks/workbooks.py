"""Workbooks to measure on: eight entities each, sound, every one with names, codes and figures of its own.

All have one shape, so that one blueprint serves them all; the program's own writer writes them, in two processes.
`python -m benchmarks.workbooks DIR COUNT` makes what is missing. What stands in a folder is kept as long as the
program would write the first workbook to the byte as it stands there.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.prose import with_own_figures

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "workbook" / "samples" / "nine-entities-2022.json"
ENTITIES = 8
PROCESSES = 2
CHUNK = 20
KINDS = ("中心", "管理站", "学校", "服务所", "大队", "事务所", "馆")
TABLES = ("收入", "支出", "三公经费", "固定资产")
# Lower ends of the grades' bands, as the shipped settings have them.
GRADES = ((90, "优"), (80, "良"), (60, "中"), (0, "差"))

Row = dict[str, Any]


def path_of(folder: Path, number: int) -> Path:
    """Return where the workbook of a department stands."""
    return folder / f"{number:05d}.xlsx"


def paths(folder: Path, count: int) -> list[Path]:
    """Return the first *count* workbooks."""
    return [path_of(folder, number) for number in range(count)]


def data(number: int) -> dict[str, Any]:
    """Return the data of a department: the texts of the shipped sample, all else its own."""
    chance = Random(number)
    name, code = f"样例县第{number:05d}局", f"{100_000 + number}"
    result: dict[str, Any] = json.loads(_sample())
    result["封面"] |= {"部门(单位)名称": name, "部门编码": code, "预算编码": f"{code}001"}
    staff = chance.randrange(40, 900)
    result["基本概况"] |= {
        "联系人": f"经办{number:05d}",
        "人员编制": staff,
        "实有人数": staff - chance.randrange(20),
    }
    for table in TABLES:
        result[table] = []
    for index in range(ENTITIES):
        entity = f"{name}第{index}{KINDS[(number + index) % len(KINDS)]}" if index else "局机关"
        for table, row in _rows(chance).items():
            result[table].append({"机构名称": entity, **{label: _yuan(row[label]) for label in row}})
        result["收入"][-1]["机构编码"] = f"{code}{index + 1:03d}"
    score = Decimal(chance.randrange(6000, 10_001)) / 100
    grade = next(grade for lowest, grade in GRADES if score >= lowest)
    result["绩效自评"] |= {"绩效自评综合得分": float(score), "评价等次": grade}
    with_own_figures(result)
    return result


def income(count: int) -> Decimal:
    """Return the income of the first *count* departments together: what any reader has to arrive at."""
    rows = (row for number in range(count) for row in data(number)["收入"])
    amounts = (value for row in rows for value in row.values() if isinstance(value, float))
    return sum((Decimal(str(value)) for value in amounts), Decimal(0))


@cache
def _sample() -> str:
    return SAMPLE.read_text(encoding="utf-8")


def _rows(chance: Random) -> dict[str, dict[str, int | None]]:
    """Return an entity's row in every table, in hundredths; no rule is broken, some minor items are blank."""

    def some(most: int) -> int | None:
        return chance.randrange(most) if chance.random() < 0.7 else None

    carried, granted = chance.randrange(9_000), chance.randrange(50_000, 300_000)
    fund, fees, other = some(30_000), some(20_000), some(5_000)
    total = carried + granted + sum(value or 0 for value in (fund, fees, other))
    staff = chance.randrange(20_000, granted // 2)
    running = chance.randrange(5_000, granted // 4)
    projects = chance.randrange(5_000, total - staff - running)
    left = total - staff - running - projects
    return {
        "收入": {
            "上年结转": carried,
            "公共财政拨款": granted,
            "政府基金拨款": fund,
            "纳入专户管理的非税收入拨款": fees,
            "其他收入": other,
        },
        "支出": {
            "人员支出": staff,
            "公用支出": running,
            "项目支出": projects,
            "当年结余": left - carried,
            "累计结余": left,
        },
        "三公经费": {
            "公务接待费": some(1_500),
            "公务用车运维费": some(1_500),
            "公务用车购置费": some(1_500),
            "因公出国费": some(1_500),
        },
        "固定资产": {
            "在用固定资产": chance.randrange(900_000),
            "出租固定资产": some(90_000),
            "其他": some(9_000),
        },
    }


def _yuan(hundredths: int | None) -> float | None:
    return None if hundredths is None else hundredths / 100


def make(folder: Path, count: int) -> None:
    """Write the workbooks that are missing; all of them where the program would write them otherwise now."""
    folder.mkdir(parents=True, exist_ok=True)
    first, fresh = path_of(folder, 0), folder / "first.tmp"
    _write(fresh, 0)
    if not first.exists() or first.read_bytes() != fresh.read_bytes():
        for stale in folder.glob("*.xlsx"):
            stale.unlink()
    fresh.replace(first)
    missing = [number for number in range(count) if not path_of(folder, number).exists()]
    with ProcessPoolExecutor(PROCESSES) as pool:
        for done, _ in enumerate(pool.map(_add, _repeat(folder), missing, chunksize=CHUNK), start=1):
            if done % 500 == 0:
                print(f"{done} of {len(missing)} workbooks written", file=sys.stderr)


def _repeat(folder: Path) -> Iterator[Path]:
    while True:
        yield folder


def _add(folder: Path, number: int) -> None:
    part = folder / f"{number:05d}.tmp"
    _write(part, number)
    part.replace(path_of(folder, number))


def _write(path: Path, number: int) -> None:
    """Write one workbook; the blueprint, and with it all that is compiled or printed once, is kept."""
    from selfeval_xl.blueprint.values import Values
    from selfeval_xl.submission.data import read_data
    from selfeval_xl.submission.layout import place
    from selfeval_xl.template.write import write_workbook

    submission = read_data(json.dumps(data(number)).encode())
    blueprint = _blueprint()
    placed = place(submission, blueprint)
    write_workbook(blueprint, Values(blueprint, placed.typed), path, placed.formats)


@cache
def _blueprint() -> Any:
    from selfeval_xl.blueprint.build import build
    from selfeval_xl.form.library import settings_for
    from selfeval_xl.submission.data import read_data
    from selfeval_xl.submission.layout import shape_for

    submission = read_data(json.dumps(data(0)).encode())
    form = submission.form
    return build(form, settings_for(form), shape_for(submission), form.edition)


if __name__ == "__main__":
    make(Path(sys.argv[1]), int(sys.argv[2]))
