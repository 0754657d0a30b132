"""A workbook reads the same with and without the plain way of reading, whatever is in it."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import Path
from random import Random

import pytest

from selfeval_xl.ooxml import read, sheets
from selfeval_xl.ooxml.book import Book
from selfeval_xl.ooxml.errors import WorkbookUnreadable
from selfeval_xl.ooxml.quick import read_plainly, strings_plainly
from selfeval_xl.ooxml.read import read_book
from tests.support import reports
from tests.support.fillings import random_filling
from tests.unit.ooxml.parts import workbook_parts, zipped

ROWS = (
    '<row r="2" spans="1:9" ht="20.25"><c r="A2" s="17" t="s"><v>0</v></c><c r="B2" s="17"/><c r="D2" t="s"><v>2</v></c></row>'
    '<row r="3"/><row r="4"><c r="A4"><v>12.50</v></c><c r="B4" t="str"><f>A4&amp;"&lt;"</f><v>12.5&lt;</v></c>'
    '<c r="C4"><f t="shared" ref="C4:D4" si="0">A4+1</f><v>13.5</v></c><c r="D4"><f t="shared" si="0"/><v>0.57999999999999996</v></c>'
    '<c r="E4" t="b"><v>1</v></c><c r="F4" t="e"><v>#N/A</v></c><c r="G4" t="str"><f>""</f><v></v></c><c r="H4"><f>1</f></c></row>'
)
STRINGS = '<si><t>甲</t></si><si><t xml:space="preserve"> 乙 </t></si><si><t>a&amp;b_x000D_</t></si>'
BITS = (
    "<",
    ">",
    "&",
    '"',
    "'",
    "=",
    "/",
    " ",
    "0",
    "7",
    "r",
    "t",
    "s",
    "f",
    "v",
    "c",
    "&#10;",
    "&amp;",
    "\r",
    "\x00",
    "甲",
    "</c>",
    '<c r="A2"/>',
    "<!-- -->",
    "<row>",
    ' hidden="1"',
    ' t="d"',
    "<f/>",
    "]]>",
    "<is><t>x</t></is>",
)


def both_ways(
    source: Path | bytes, monkeypatch: pytest.MonkeyPatch
) -> tuple[Book | str, Book | str, list[bool]]:
    """Read plainly where that is possible, and never so; a refusal is its reason."""
    taken: list[bool] = []

    def noted(*arguments: object) -> object:
        found = read_plainly(*arguments)  # type: ignore[arg-type]
        taken.append(found is not None)
        return found

    results: list[Book | str] = []
    for of_sheets, of_strings in ((noted, strings_plainly), (lambda *_: None, lambda _: None)):
        monkeypatch.setattr(sheets, "read_plainly", of_sheets)
        monkeypatch.setattr(read, "strings_plainly", of_strings)
        try:
            results.append(read_book(source))
        except WorkbookUnreadable as refused:
            results.append(refused.reason)
    return results[0], results[1], taken


def test_workbooks_of_ours_read_plainly_and_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = [*reports.sample_files()]
    books = [random_filling(seed).write(tmp_path / f"{seed}.xlsx") for seed in range(12)]
    books += [reports.filled(reports.report(file)).write(tmp_path / f"{file.stem}.xlsx") for file in files]
    for path in books:
        plainly, by_tree, taken = both_ways(path, monkeypatch)
        assert plainly == by_tree, path
        assert isinstance(plainly, Book)
        for name in plainly.sheets:
            one, other = plainly.sheets[name], by_tree.sheets[name]  # type: ignore[union-attr]
            types = [{at: type(value) for at, value in sheet.values.items()} for sheet in (one, other)]
            assert types[0] == types[1]
        assert sum(taken) == len(taken), path


def test_a_plain_sheet_is_read_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    plainly, by_tree, taken = both_ways(zipped(workbook_parts(ROWS, strings=STRINGS)), monkeypatch)
    assert plainly == by_tree
    assert isinstance(plainly, Book)
    assert len(plainly.sheets["收支表"].values) == 9
    assert taken == [True]


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"])
def test_what_is_changed_anywhere_reads_the_same(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Change a part at random places; both ways read the same or refuse for the same reason."""
    parts = workbook_parts(ROWS, strings=STRINGS, after='<sheetProtection sheet="1"/>')
    text, outcomes = str(parts[part]), {"plain": 0, "tree": 0, "refused": 0}
    for seed in range(1500):
        chance = Random(seed)
        changed = text
        for _ in range(chance.choice((1, 1, 2))):
            start = chance.randrange(len(changed))
            end = start + chance.choice((0, 1, 1, 3, 12))
            changed = changed[:start] + chance.choice(("", *BITS)) + changed[end:]
        plainly, by_tree, taken = both_ways(zipped({**parts, part: changed}), monkeypatch)
        assert plainly == by_tree, (seed, changed)
        outcomes["refused" if isinstance(plainly, str) else "plain" if all(taken) else "tree"] += 1
    assert min(outcomes["plain"], outcomes["refused"]) > 50, outcomes


def test_cells_that_lean_on_others_are_not_taken_from_another_workbook(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The same bytes of a cell mean another text, or another formula, in the next workbook."""
    first = zipped(workbook_parts(ROWS, strings=STRINGS))
    second = zipped(workbook_parts(ROWS.replace("A4+1", "A4*2"), strings=STRINGS.replace("甲", "丙")))
    for source, text, formula in ((first, "甲", "B4+1"), (second, "丙", "B4*2"), (first, "甲", "B4+1")):
        plainly, by_tree, taken = both_ways(source, monkeypatch)
        assert plainly == by_tree
        assert isinstance(plainly, Book)
        assert taken == [True]
        assert plainly.sheets["收支表"].values[2, 1] == text
        assert plainly.sheets["收支表"].formulas[4, 4] == formula


def test_cells_in_a_comment_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = workbook_parts("@")
    sheet = str(parts["xl/worksheets/sheet1.xml"])
    hidden = re.sub("<sheetData>@</sheetData>", f"<!--<sheetData>{ROWS}</sheetData>--><sheetData/>", sheet)
    plainly, by_tree, _ = both_ways(zipped({**parts, "xl/worksheets/sheet1.xml": hidden}), monkeypatch)
    assert plainly == by_tree
    assert isinstance(plainly, Book)
    assert not plainly.sheets["收支表"].values


def test_an_entry_that_is_not_as_the_directory_says_is_damage() -> None:
    whole = zipped(workbook_parts(ROWS, strings=STRINGS))
    entry = zipfile.ZipFile(BytesIO(whole)).getinfo("xl/worksheets/sheet1.xml")
    for at in (entry.header_offset, entry.header_offset + 31, entry.header_offset + 70):
        broken = bytearray(whole)
        broken[at] ^= 0xFF
        with pytest.raises(WorkbookUnreadable) as refused:
            read_book(bytes(broken))
        assert refused.value.reason == "damaged"
