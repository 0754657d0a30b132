"""Plays a season through as a bureau's clerk would, and writes `season.zh.md` with what the commands really print.

    python -m docs.season            writes the page
    python -m docs.season FOLDER     plays it in a new folder and leaves the files there

The departments' work and the reviewers' is done by functions here; everything else is what is typed.
"""

import contextlib
import io
import json
import os
import re
import shlex
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct
from openpyxl import load_workbook

from selfeval_xl.app.cli import run

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "season.zh.md"
SAMPLES = ROOT / "workbook" / "samples"
INBOX = Path("收到的表")
OLD_WORKBOOK = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)
DIGEST = re.compile(r"\b[0-9a-f]{64}\b")
SHOWN = ("部门名称", "收到日期", "报送次数", "状态", "审核人", "退回意见", "采用文件", "复核得分", "复核等次")

ROSTER = """部门编码,部门名称,归口科室,状态
101,云溪县财政局,行政股,
105,云溪县水利局,农业股,
110,云溪县应急管理局,社保股,
111,云溪县档案馆,行政股,
112,云溪县工商业联合会,行政股,免报
201,云溪县教育局,教科文股,
"""


class Command(Struct, frozen=True):
    """A line that is typed, and the exit status that it ends with."""

    line: str
    status: int = 0


class Deed(Struct, frozen=True):
    """Something that people do and no command shows."""

    do: Callable[[], None]


class Table:
    """The ledger as it stands now."""


class Listing:
    """What lies in the archive now."""


Step = str | Command | Deed | type[Table] | type[Listing]


def report(source: str, target: str, **changes: Any) -> None:
    """A department fills in its form and sends it; *changes* say what is other than in the sample, where blanks are 0."""
    data = json.loads((SAMPLES / source).read_text(encoding="utf-8"))
    data["封面"]["报送次数"] = changes.get("times", 1)
    for table in ("收入", "支出", "三公经费", "固定资产"):
        for row in data[table]:
            row |= {label: 0 for label, amount in row.items() if amount is None and "机构" not in label}
    if "grade" in changes:
        data["绩效自评"]["评价等次"] = changes["grade"]
    if changes.get("car_moved"):
        # The car was bought for the head office and stood in the row of the sub-agency.
        head, below = data["三公经费"]
        head["公务用车购置费"], below["公务用车购置费"] = below["公务用车购置费"], 0
    saved = Path("填报.json")
    saved.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    INBOX.mkdir(exist_ok=True)
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        run(["fill", str(saved), "-o", str(INBOX / target), "--settings", "云溪县.toml"])
    saved.unlink()


def review(**said: dict[str, object]) -> None:
    """A reviewer types into the ledger, in whatever program, and saves it."""
    book = load_workbook("台账.xlsx")
    sheet = book.worksheets[0]
    at = {cell.value: cell.column for cell in sheet[3]}
    for row in sheet.iter_rows(min_row=4):
        for name, cells in said.items():
            if row[at["部门名称"] - 1].value == f"云溪县{name}":
                for heading, value in cells.items():
                    row[at[heading] - 1].value = value
    book.save("台账.xlsx")


def prepare() -> None:
    """The clerk has the roster and the county's settings."""
    Path("名册.csv").write_text(ROSTER, encoding="utf-8-sig")
    settings = (SAMPLES / "yunxi-settings.toml").read_text(encoding="utf-8")
    settings, count = re.subn(r'(?m)^deadline = ""', 'deadline = "2023-07-15"', settings)
    if count != 1:
        raise ValueError("the settings have no deadline to fill in")
    Path("云溪县.toml").write_text(settings, encoding="utf-8")


def first_reports() -> None:
    """Three departments send workbooks, one of them twice, a fourth an old format."""
    report("county/01-finance.json", "财政局.xlsx")
    report("county/05-water.json", "水利局.xlsx")
    shutil.copyfile(INBOX / "水利局.xlsx", INBOX / "水利局 (1).xlsx")
    report("county/10-emergency.json", "应急管理局.xlsx")
    (INBOX / "档案馆.xls").write_bytes(OLD_WORKBOOK)


def first_review() -> None:
    """Two are passed, one is returned."""
    passed = {"状态": "通过", "审核人": "审核员甲", "审核日期": "2023-07-03"}
    review(
        财政局={**passed, "复核得分": 95, "复核等次": "优"},
        水利局={**passed, "复核得分": 88, "复核等次": "良"},
        应急管理局={
            "状态": "退回",
            "审核人": "审核员乙",
            "审核日期": "2023-07-03",
            "退回意见": "见意见书第 1、2 条",
        },
    )


MENDED = {"grade": "良", "car_moved": True}


def second_reports() -> None:
    """The returned one comes mended, under the old number; a new one comes."""
    report("county/10-emergency.json", "应急管理局（改）.xlsx", **MENDED)
    report("nine-entities-2022.json", "教育局.xlsx")


def third_report() -> None:
    """It comes once more under the next number."""
    (INBOX / "应急管理局（改）.xlsx").unlink()
    report("county/10-emergency.json", "应急管理局（第二次）.xlsx", times=2, **MENDED)


def second_review() -> None:
    """Two more are passed."""
    passed = {"状态": "通过", "审核人": "审核员乙", "审核日期": "2023-07-11"}
    review(
        应急管理局={**passed, "退回意见": None, "复核得分": 80, "复核等次": "良"},
        教育局={**passed, "复核得分": 92, "复核等次": "优"},
    )


def late_reports() -> None:
    """A department that was passed sends a correction."""
    report("county/05-water.json", "水利局（更正）.xlsx", times=2, grade="优")


def reopened() -> None:
    """The reviewers take the correction; the last department sends a workbook."""
    review(水利局={"状态": "重报", "SHA-256": None})
    (INBOX / "档案馆.xls").unlink()
    report("county/11-archives.json", "档案馆.xlsx")


def last_review() -> None:
    """Everything is passed."""
    passed = {"状态": "通过", "审核人": "审核员甲", "审核日期": "2023-07-19"}
    review(
        水利局={**passed, "复核得分": 90, "复核等次": "优"},
        档案馆={**passed, "复核得分": 58, "复核等次": "差"},
    )


STEPS: tuple[Step, ...] = (
    """# 一季的工作：从名册到归档

> 本页由 `python -m docs.season` 生成，不要手改。命令和屏幕上的字都是真的，校验码一类的长串省去。

云溪县财政局有一本名册，五个部门应报，一个免报。下面照时间先后，把一季的命令一条条走完：
下发、收、审、退回、重报、通过、汇总、归档。命令怎样装、各有哪些选项，见[说明](../README.md)和[填表指南](guide.zh.md)。

- **收到的表**是一个文件夹，来一份放一份，旧的不必删；同一部门哪一份算数，由表里的「报送次数」定。
- **台账**记着每个部门报到第几次、是哪一份文件、什么状态。收到日期、报送次数、SHA-256、采用文件由程序登记，「未报」「已报」「重报」也是；
  「退回」「通过」和审核的各栏由人填。颜色、批注、自己加的列，程序都不动。
- 台账开着（Excel、WPS 里没关）时命令不写，请先关掉。

## 一　下发（5 月 22 日）

名册是 `名册.csv`，本县的设置（地区、制表单位、截止日期 7 月 15 日）在 `云溪县.toml`。
""",
    Deed(prepare),
    Command("selfeval new --roster 名册.csv -d 下发 --ledger 台账.xlsx --settings 云溪县.toml"),
    """免报的不做表，也不进台账。""",
    Table,
    """## 二　收、审（6 月 30 日）

每次来了新的，都是这一条命令。这一次收到五个文件：水利局的邮件发了两遍，档案馆的是旧格式。
`-d` 给每个部门写一份审核意见书，`--ledger` 登记台账；`--received` 是收到的日期，不写就是今天。
""",
    Deed(first_reports),
    Command("selfeval validate 收到的表 -d 审核意见/第一次 --ledger 台账.xlsx --received 2023-06-30", 1),
    """应急管理局有两个错误。水利局的两份一模一样，只登记一份。档案馆的 `.xls` 读不了，屏幕上点了名，台账里还是「未报」：请它另存为 .xlsx。
""",
    Table,
    """## 三　退回、通过（7 月 3 日）

审核人打开台账：财政局、水利局没有问题，状态改成「通过」，填上复核得分；应急管理局改成「退回」，连同意见书发回去。存盘，关掉。
""",
    Deed(first_review),
    Table,
    """## 四　重报（7 月 7 日、10 日）

应急管理局改好了，却忘了把「报送次数」加 1；教育局的也到了。
""",
    Deed(second_reports),
    Command("selfeval validate 收到的表 -d 审核意见/第二次 --ledger 台账.xlsx --received 2023-07-07", 1),
    """同一部门、同一次数、两份不同的内容，程序不猜哪一份算数：两份都不采用，台账里应急管理局那一行没有动。意见书里写明了原因。
财政局、水利局已经通过，屏幕上不再列出，也不再写意见书。

7 月 10 日，应急管理局把「报送次数」改成 2 再报；没加次数的那一份移出文件夹。
""",
    Deed(third_report),
    Command("selfeval validate 收到的表 -d 审核意见/第三次 --ledger 台账.xlsx --received 2023-07-10"),
    """状态由「退回」变成「重报」，等着再审。退回意见还在原处。
""",
    Table,
    """## 五　先汇总一次看看（7 月 12 日）

审核人把应急管理局、教育局也审过了，标了「通过」。同一天，已经通过的水利局又发来一份更正的。
`--accepted-only` 只汇总台账标为「通过」的**那一份文件**，一个字节也不差。
""",
    Deed(second_review),
    Deed(late_reports),
    Command(
        "selfeval consolidate 收到的表 -o 汇总-初稿.xlsx --roster 名册.csv --ledger 台账.xlsx --accepted-only"
        " --received 2023-07-12 --settings 云溪县.toml"
    ),
    """水利局通过的是第一次的，汇总用的还是它；更正的那一份没有审，单列出来。档案馆还没有报，截止日期没过，是提示；过了就是错误。
最后一行是文件的总账：找到的等于读出的加拒收的，读出的等于采用的加跳过的。

## 六　最后的重报和通过（7 月 18 日）

决定收下水利局更正的一份：照上面说的，把台账里它的状态改成「重报」、清空 SHA-256。档案馆的 .xlsx 也来了，旧的 .xls 删去。
""",
    Deed(reopened),
    Command("selfeval validate 收到的表 -d 审核意见/第四次 --ledger 台账.xlsx --received 2023-07-18"),
    """审核人审过，都标了「通过」。
""",
    Deed(last_review),
    Table,
    """## 七　汇总（7 月 20 日）
""",
    Command(
        "selfeval consolidate 收到的表 -o 汇总.xlsx --roster 名册.csv --ledger 台账.xlsx --accepted-only"
        " --received 2023-07-20 --settings 云溪县.toml"
    ),
    """五个部门齐了，没有一条关于名册和台账的问题。

## 八　归档

每个通过的部门一个文件夹：报送件（收到的原文件）、定稿、审核意见书、发出的意见书、台账里它的一行、校验码。
文件按台账里的 SHA-256 找，有一个找不到就不归档。
""",
    Command("selfeval archive 收到的表 审核意见 --ledger 台账.xlsx -d 归档"),
    Listing,
    """归档校验码可以抄进归档单：一个字节变了，它就变了。以后随时可以检查：
""",
    Command("selfeval archive --verify 归档"),
)


def play() -> str:
    """Play the season in the working folder and return the page."""
    return "\n".join(line for step in STEPS for line in _lines(step)).rstrip() + "\n"


def _lines(step: Step) -> Iterator[str]:
    if isinstance(step, str):
        yield step.rstrip() + "\n"
    elif isinstance(step, Command):
        yield from _typed(step)
    elif isinstance(step, Deed):
        step.do()
    else:
        yield from _ledger() if step is Table else _archive()
        yield ""


def _typed(command: Command) -> Iterator[str]:
    """Run a command and yield it as it is typed, with all that it prints in the order in which it appears."""
    program, *words = shlex.split(command.line)
    screen = io.StringIO()
    with contextlib.redirect_stdout(screen), contextlib.redirect_stderr(screen):
        status = run(words)
    if (program, status) != ("selfeval", command.status):
        raise RuntimeError(f"{command.line} ended with {status}:\n{screen.getvalue()}")
    yield f"```sh{f' status={status}' if status else ''}\n{command.line}\n```\n"
    shown = DIGEST.sub("……", screen.getvalue().replace(os.sep, "/")).rstrip()
    yield f"```text\n{shown}\n```\n"


def _ledger() -> Iterator[str]:
    rows = list(load_workbook("台账.xlsx").worksheets[0].iter_rows(min_row=3, values_only=True))
    at = [rows[0].index(heading) for heading in SHOWN]
    yield f"| {' | '.join(SHOWN)} |"
    yield f"|{' --- |' * len(SHOWN)}"
    for row in rows[1:]:
        cells = ("" if row[column] is None else str(row[column]) for column in at)
        yield f"| {' | '.join(cells)} |"


def _archive() -> Iterator[str]:
    yield "```text"
    yield from sorted(path.as_posix() for path in Path("归档").rglob("*") if path.is_file())
    yield "```"


def page() -> str:
    """Play the season in a folder of its own, which is gone afterwards, and return the page."""
    with tempfile.TemporaryDirectory(prefix="selfeval-season-") as folder, contextlib.chdir(folder):
        return play()


def main() -> None:
    """Write the page, or play the season where somebody can look at its files."""
    if len(sys.argv) > 1:
        folder = Path(sys.argv[1])
        folder.mkdir(parents=True)
        with contextlib.chdir(folder):
            sys.stdout.write(play())
        return
    PAGE.write_text(page(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
