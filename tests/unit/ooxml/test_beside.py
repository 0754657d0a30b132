"""What stands beside the cells: comments, links, guests, locks; and what costs nothing where there is none."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest
from openpyxl.comments import Comment as OpenpyxlComment
from openpyxl.styles import Protection

from selfeval_xl.cells import Area
from selfeval_xl.ooxml.beside import part_names
from selfeval_xl.ooxml.book import Comment, Guest
from selfeval_xl.ooxml.errors import WorkbookUnreadable
from selfeval_xl.ooxml.formulas import mentioned
from selfeval_xl.ooxml.locks import unlocked_cells
from selfeval_xl.ooxml.package import Package
from selfeval_xl.ooxml.read import read_book
from tests.unit.ooxml.parts import MAIN, relations, workbook_parts, zipped

SHEET = "xl/worksheets/sheet1.xml"
SHEET_RELATIONS = "xl/worksheets/_rels/sheet1.xml.rels"
THREADED = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"


def with_sheet_parts(*targets: tuple[str, str], **contents: str) -> bytes:
    parts = workbook_parts('<row r="1"><c r="A1"><v>1</v></c></row>')
    found = {f"xl/{name}.xml": content for name, content in contents.items()}
    return zipped(parts | {SHEET_RELATIONS: relations(*targets)} | found)


def saved(book: openpyxl.Workbook) -> bytes:
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_comments_of_another_library_are_read() -> None:
    book = openpyxl.Workbook()
    book.active["C7"].comment = OpenpyxlComment("第二条\n原因", "某人")
    book.active["B2"].comment = OpenpyxlComment("第一条", "某人")
    sheet = read_book(saved(book)).sheets["Sheet"]
    assert sheet.comments == (Comment((2, 2), "第一条"), Comment((7, 3), "第二条\n原因"))


def test_a_conversation_is_told_by_what_was_said_in_it() -> None:
    notice = (
        f'<comments xmlns="{MAIN}"><commentList><comment ref="A1"><text><t>[Threaded]</t></text></comment>'
    )
    said = "".join(
        f'<threadedComment ref="A1"><text>{text}</text></threadedComment>' for text in ("问", "答")
    )
    content = with_sheet_parts(
        ("comments", "/xl/a.xml"),
        ("threadedComment", "/xl/b.xml"),
        a=f"{notice}</commentList></comments>",
        b=f'<ThreadedComments xmlns="{THREADED}">{said}</ThreadedComments>',
    )
    assert read_book(content).sheets["收支表"].comments == (Comment((1, 1), "问\n答"),)


@pytest.mark.parametrize(
    "content", ["<comments", f'<comments xmlns="{MAIN}"><comment ref="?"><text/></comment></comments>']
)
def test_damaged_comments_are_a_guest_and_no_reason_to_refuse(content: str) -> None:
    book = read_book(with_sheet_parts(("comments", "/xl/a.xml"), a=content))
    assert book.guests == (Guest("damaged", "收支表"),)
    assert book.sheets["收支表"].values == {(1, 1): 1}


def test_comments_over_the_limits_are_refused_like_any_part(monkeypatch: pytest.MonkeyPatch) -> None:
    content = with_sheet_parts(("comments", "/xl/a.xml"), a="<comments/>")
    usual = Package.read

    def read(self: Package, part: str) -> bytes:
        if part.endswith("/a.xml"):
            raise WorkbookUnreadable("too_large")
        return usual(self, part)

    monkeypatch.setattr(Package, "read", read)
    with pytest.raises(WorkbookUnreadable, match="too_large"):
        read_book(content)


def test_relations_of_a_sheet_that_are_damaged_are_a_guest() -> None:
    parts = workbook_parts('<row r="1"><c r="A1"><v>1</v></c></row>')
    assert read_book(zipped(parts | {SHEET_RELATIONS: "<"})).guests == (Guest("damaged", "收支表"),)


def test_a_link_whose_part_is_missing_is_named_by_its_part() -> None:
    parts = workbook_parts()
    parts["xl/_rels/workbook.xml.rels"] = relations(
        ("worksheet", "worksheets/sheet1.xml"), ("externalLink", "e.xml")
    )
    assert read_book(zipped(parts)).external_links == ("/xl/e.xml",)


def test_a_plain_workbook_has_no_relations_of_sheets_to_read() -> None:
    names = part_names(tuple(Package(zipped(workbook_parts())).parts()))
    assert names == (False, False, False)
    assert part_names((SHEET_RELATIONS,)).sheets_lead_on


def test_the_lock_and_the_program_are_read() -> None:
    lock = '<sheetProtection sheet="1" saltValue="c2FsdA=="/>'
    settings = '<fileVersion appName="xl"/>'
    parts = workbook_parts(after=lock, settings=settings)
    book = read_book(zipped(parts))
    assert (book.sheets["收支表"].lock, book.program) == ("c2FsdA==", "xl")
    assert read_book(zipped(workbook_parts())).program == ""


def test_unlocked_cells_are_found_by_their_formats() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for cell in ("B2", "D9"):
        sheet[cell].protection = Protection(locked=False)
    sheet["A1"], sheet["B2"] = 1, 2
    book.create_sheet("空")
    assert unlocked_cells(saved(book)) == {"Sheet": {(2, 2), (9, 4)}, "空": frozenset()}
    assert unlocked_cells(zipped(workbook_parts('<row r="1"><c r="A1" s="5"/></row>'))) == {
        "收支表": frozenset()
    }


@pytest.mark.parametrize(
    ("formula", "areas"),
    [
        ("B2+1", [Area("表", 2, 2, 2, 2)]),
        ("SUM($B$2:C9)", [Area("表", 2, 2, 9, 3)]),
        ("'甲 表'!A1*收入!D7", [Area("甲 表", 1, 1, 1, 1), Area("收入", 7, 4, 7, 4)]),
        ("'它''s'!A1", [Area("它's", 1, 1, 1, 1)]),
        ('IF(A1="B2",LOG10(C3),收入_A4)', [Area("表", 1, 1, 1, 1), Area("表", 3, 3, 3, 3)]),
        ("C9:B2", [Area("表", 2, 2, 9, 3)]),
        ("2127812.34/10000", []),
    ],
)
def test_cells_that_a_formula_names_are_found(formula: str, areas: list[Area]) -> None:
    assert mentioned(formula, "表") == areas
