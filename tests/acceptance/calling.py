"""Commands as a clerk calls them, their outcome, and the files that acceptance tests feed them.

Every call is also checked for what no clerk may ever see: a traceback, an English sentence.
"""

import contextlib
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from msgspec import Struct
from python_calamine import CalamineWorkbook

from selfeval_xl.app.cli import run

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "workbook" / "samples"
SEED = SAMPLES / "seed-2022.json"
NINE = SAMPLES / "nine-entities-2022.json"
COUNTY = SAMPLES / "county"
DAMAGED = COUNTY / "13-damaged.xlsx"
FORMS = ROOT / "tests" / "forms"

CHINESE = re.compile("[\u4e00-\u9fff]")
ENGLISH = re.compile(r"\b[A-Za-z][a-z]+(?:[ ,]+[a-z]{2,}){2,}")

Data = dict[str, Any]


class Outcome(Struct, frozen=True):
    """What a command left: its exit status, stdout and stderr."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Data:
        return json.loads(self.out, parse_float=_no_float)

    @property
    def file(self) -> Data:
        """The only file of a JSON outcome."""
        (one,) = self.json["files"]
        return one

    @property
    def findings(self) -> list[Data]:
        return self.file["findings"]

    def rules(self) -> list[str]:
        """Where every finding stands, as `rule@cell`, with what it follows."""
        return [shown(one) for one in self.findings]

    def standing(self) -> list[str]:
        """The findings that a clerk counts."""
        return [shown(one) for one in self.findings if one["follows"] is None]

    def only(self, rule: str) -> Data:
        """The one finding of a rule that stands on its own."""
        (one,) = [one for one in self.findings if one["rule"] == rule and one["follows"] is None]
        return one


def shown(finding: Mapping[str, Any]) -> str:
    name = f"{finding['rule']}@{finding['cells'][0]}"
    return name if finding["follows"] is None else f"{name} <- {finding['follows']}"


def _no_float(text: str) -> float:
    raise AssertionError(f"an amount is printed as a JSON number: {text}")


def selfeval(*words: object) -> Outcome:
    """Run a command in this process."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = run([str(word) for word in words])
    return _seen(Outcome(status, out.getvalue(), err.getvalue()))


def selfeval_process(*words: object, **variables: str) -> Outcome:
    """Run a command as its own process, as the shell does."""
    code = "from selfeval_xl.app.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, words)],
        capture_output=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | variables,
        check=False,
    )
    return _seen(Outcome(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8")))


def _seen(outcome: Outcome) -> Outcome:
    for line in [*outcome.out.splitlines(), *outcome.err.splitlines()]:
        assert "Traceback" not in line
        assert not ENGLISH.search(line), f"an English sentence: {line}"
    if outcome.status:
        words = outcome.err or outcome.out
        assert CHINESE.search(words), f"nothing says why the status is {outcome.status}: {words!r}"
    for line in filter(str.strip, outcome.err.splitlines()):
        assert CHINESE.search(line) or line.startswith("  -"), f"not Chinese: {line}"
    return outcome


# Data


def data_of(path: Path) -> Data:
    return json.loads(path.read_text(encoding="utf-8"))


def exact_data_of(path: Path) -> Data:
    """Data with amounts as they are written, not as binary fractions."""
    return json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal, parse_int=Decimal)


def seed() -> Data:
    return data_of(SEED)


def saved(path: Path, data: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    return path


def filled(data: Path, target: Path) -> Path:
    """A workbook filled from data; whatever was found in it."""
    outcome = selfeval("fill", data, "-o", target)
    assert outcome.status in (0, 1), outcome
    return target


# Workbooks, as other programs see them


def values_of(path: Path) -> dict[str, dict[str, object]]:
    """Every sheet's values as python-calamine reads them, by cell: `B6`."""
    book = CalamineWorkbook.from_path(str(path))
    found: dict[str, dict[str, object]] = {}
    for name in book.sheet_names:
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        found[name] = {
            f"{column_letters(across)}{down}": value
            for down, row in enumerate(rows, start=1)
            for across, value in enumerate(row, start=1)
            if value != ""
        }
    return found


def column_letters(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def sheet_parts(path: Path) -> dict[str, str]:
    """The part of every sheet of a workbook that the program wrote, by the sheet's name."""
    space = {"": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    with zipfile.ZipFile(path) as package:
        root = ElementTree.fromstring(package.read("xl/workbook.xml"))
    names = [sheet.attrib["name"] for sheet in root.findall("sheets/sheet", space)]
    return {name: f"xl/worksheets/sheet{number}.xml" for number, name in enumerate(names, start=1)}


def place(path: Path, name: str) -> str:
    """Where a defined name of one cell stands: `封面!C6`. The layout is the form's, the names are fixed."""
    names = re.findall(
        r'<definedName name="([^"]+)">([^<]+)<', parts(path)["xl/workbook.xml"].decode("utf-8")
    )
    return dict(names)[name].replace("$", "").replace("'", "")


def placed(path: Path, finding: str) -> str:
    """A finding with its cell given by name: `T-11@{封面_年度}`."""
    return re.sub(r"\{(.+?)\}", lambda found: place(path, found[1]), finding)


def property_of(path: Path, name: str) -> str:
    custom = parts(path)["docProps/custom.xml"].decode("utf-8")
    found = re.search(rf'name="{name}"><vt:lpwstr>([^<]*)<', custom)
    assert found, f"no property {name}"
    return found[1]


def repacked(source: Path, target: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """Write a package anew with its parts changed; `None` leaves a part out."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts(source).items():
            new = change(name, content)
            if new is not None:
                package.writestr(name, new)
    return target


def with_cell(source: Path, target: Path, sheet: str, cell: str, content: object) -> Path:
    """Type over one cell in the XML, as if sheet protection had been taken off."""
    part = sheet_parts(source)[sheet]
    pattern = re.compile(rf'<c r="{cell}"( s="\d+")?[^>]*?(?:/>|>.*?</c>)', re.DOTALL)

    def change(name: str, xml: bytes) -> bytes:
        if name != part:
            return xml
        text, count = pattern.subn(lambda found: _cell(cell, found[1] or "", content), xml.decode("utf-8"))
        assert count == 1, f"no cell {sheet}!{cell}"
        return text.encode("utf-8")

    return repacked(source, target, change)


def _cell(cell: str, style: str, content: object) -> str:
    if isinstance(content, str):
        return f'<c r="{cell}"{style} t="inlineStr"><is><t>{content}</t></is></c>'
    return f'<c r="{cell}"{style}><v>{content}</v></c>'


def with_text(source: Path, target: Path, part: str, old: str, new: str) -> Path:
    """Replace text in one part, which must hold it."""

    def change(name: str, content: bytes) -> bytes:
        if name != part:
            return content
        text = content.decode("utf-8")
        assert old in text, f"{part} holds no {old!r}"
        return text.replace(old, new).encode("utf-8")

    return repacked(source, target, change)


def bytes_of(paths: Iterable[Path]) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in paths if path.is_file()}
