"""Ways to break the rules about the file itself, each alone."""

from decimal import Decimal

from lxml import etree

from selfeval_xl.cells import Address
from tests.support import package_edits as edits
from tests.support.alone import breaks
from tests.support.dialect_parts import Package
from tests.support.mistakes_files import place
from tests.support.package_parts import MAIN
from tests.support.planting import Expected, Plot, expect

MACRO_TYPE = "application/vnd.ms-office.vbaProject"
OBJECT_TYPE = "application/vnd.openxmlformats-officedocument.oleObject"
FIRST = "封面!A1"


@breaks("F-04")
def _name_lost(plot: Plot) -> Expected:
    name = "收入_其他收入"

    def lose(package: Package) -> None:
        (found,) = [one for one in package.book.iter(f"{MAIN}definedName") if one.get("name") == name]
        found.getparent().remove(found)

    plot.edit(lose)
    return expect("F-04", plot.cell("收入", "其他收入", 1), "error")


@breaks("F-07")
def _error_in_a_total(plot: Plot) -> Expected:
    table, item, row, _ = plot.total()
    cell = plot.cell(table, item, row)

    def fail(package: Package) -> None:
        found = edits.cell_of(package, *place(cell))
        edits.put(package, *place(cell), None, "ROUND(#REF!,2)")
        found.set("t", "e")
        etree.SubElement(found, f"{MAIN}v").text = "#REF!"

    plot.edit(fail)
    return expect("F-07", cell, "error")


def _beside(rule: str, kind: str, part: str, content_type: str) -> None:
    @breaks(rule)
    def make(plot: Plot) -> Expected:
        plot.edit(lambda package: package.add(part, b"x", content_type, kind))
        return expect(rule, FIRST, "error")


_beside("F-09", "vbaProject", "xl/vbaProject.bin", MACRO_TYPE)
_beside("F-13", "oleObject", "xl/embeddings/oleObject1.bin", OBJECT_TYPE)


@breaks("F-12")
def _other_stamp(plot: Plot) -> Expected:
    def stamp(package: Package) -> None:
        properties = package.trees["docProps/custom.xml"]
        (found,) = [one for one in properties if one.get("name") == "year"]
        found[0].text = "2021"

    plot.edit(stamp)
    return expect("F-12", "_设置!*", "error")


@breaks("F-14")
def _amount_below(plot: Plot) -> Expected:
    last = plot.filled().blueprint.sheets["支出"].last_row
    cell = Address("支出", last + 1 + plot.chance.randrange(3), 4)
    plot.edit(edits.put, *place(cell), Decimal("25.60"))
    return expect("F-14", cell, "error")


@breaks("F-15")
def _own_figure(plot: Plot) -> Expected:
    table, item, row, right = plot.amount()
    cell = plot.cell(table, item, row)
    reference = place(cell)[1]
    plot.edit(edits.put, *place(cell), right, f"{reference}+0")
    return expect("F-15", cell, "error")
