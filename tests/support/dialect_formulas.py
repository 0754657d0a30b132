"""How other programs write formulas, one step a habit; what they calculate stays the same."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

from tests.support.dialect_parts import Package, place_of
from tests.support.formula_checks import NEEDS_PREFIX
from tests.support.package_parts import MAIN, Element, column_number

QUOTED = re.compile(r"""("(?:[^"]|"")*"|'(?:[^']|'')*')""")
FUNCTION = re.compile(r"(?<![\w.])(?:_xlfn\.)?([A-Za-z][A-Za-z0-9.]*)(?=\()")
BARE_SHEET = re.compile(r"(?<![\w.!'\]])([^\W\d][\w.]*)!")
CELL = re.compile(r"(?<![\w.$])(\$?)([A-Z]{1,3})(\$?)([1-9][0-9]{0,6})(?![\w.(!])")
WHOLE = re.compile(r"\$?[A-Z]{1,3}:\$?[A-Z]{1,3}(?!\w)|(?<![\w.])\$?[0-9]+:\$?[0-9]+")
FORMULAS = tuple(f"{MAIN}{tag}" for tag in ("f", "formula", "formula1", "formula2", "definedName"))

DYNAMIC = """<metadata xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"
 xmlns:xda="http://schemas.microsoft.com/office/spreadsheetml/2017/dynamicarray"><metadataTypes count="1">
<metadataType name="XLDAPR" minSupportedVersion="120000" copy="1" pasteAll="1" pasteValues="1" merge="1"
 splitFirst="1" rowColShift="1" clearFormats="1" clearComments="1" assign="1" coerce="1" cellMeta="1"/>
</metadataTypes><futureMetadata name="XLDAPR" count="1"><bk><extLst><ext
 uri="{bdbb8cdc-fa1e-496e-a857-3c3f30c029c3}"><xda:dynamicArrayProperties fDynamic="1" fCollapsed="0"/></ext></extLst>
</bk></futureMetadata><cellMetadata count="1"><bk><rc t="1" v="0"/></bk></cellMetadata></metadata>"""
METADATA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheetMetadata+xml"
CHAIN_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml"

Place = tuple[int, int]


# --- spelling


def spelt_by_excel(package: Package) -> None:
    """Write functions in capitals, and those younger than the format with the prefix that they need."""
    _respell(package, excel_spelling)


def spelt_loosely(package: Package) -> None:
    """Write functions small and a blank after each comma, as writers do that print a formula themselves."""
    _respell(package, loose_spelling)


def quoted_sheets(package: Package) -> None:
    """Quote the name of every sheet, needed or not, in cells, names, formats and validations."""
    _respell(package, quoted_spelling, FORMULAS)


def _respell(package: Package, change: Callable[[str], str], tags: tuple[str, ...] = FORMULAS[:1]) -> None:
    for tree in [*package.sheets, package.book]:
        for formula in tree.iter(*tags):
            if formula.text:
                formula.text = change(formula.text)


@lru_cache(maxsize=50_000)
def excel_spelling(formula: str) -> str:
    """Spell a formula as Excel stores it."""
    return _outside_quotes(formula, lambda text: FUNCTION.sub(_stored_name, text))


@lru_cache(maxsize=50_000)
def loose_spelling(formula: str) -> str:
    """Spell a formula with small functions and blanks."""
    return _outside_quotes(
        formula, lambda text: FUNCTION.sub(lambda name: name[0].lower(), text).replace(",", ", ")
    )


@lru_cache(maxsize=50_000)
def quoted_spelling(formula: str) -> str:
    """Spell a formula with every sheet's name in quotes."""
    return _outside_quotes(formula, lambda text: BARE_SHEET.sub(r"'\1'!", text))


def _stored_name(found: re.Match[str]) -> str:
    name = found[1].upper()
    return f"_xlfn.{name}" if name in NEEDS_PREFIX else name


def _outside_quotes(formula: str, change: Callable[[str], str]) -> str:
    """Change a formula except in its texts and its quoted names."""
    pieces = QUOTED.split(formula)
    return "".join(piece if index % 2 else change(piece) for index, piece in enumerate(pieces))


# --- shared formulas


def shared_formulas(package: Package) -> None:
    """Write a formula once for neighbours that say the same of the cells around them: down first, then across.

    That Excel shares formulas with references to other sheets too is not known here; sharing them asks more of a reader.
    """
    for sheet in package.sheets:
        left = {place_of(f.getparent()): f for f in sheet.iter(f"{MAIN}f") if f.get("t") is None and f.text}
        alike = {place: relative(formula.text, *place) for place, formula in left.items()}
        index = 0
        for down in (True, False):
            for run in runs({place: alike[place] for place in left}, down=down):
                _share([left.pop(place) for place in run], index)
                index += 1


def runs(alike: Mapping[Place, str | None], *, down: bool) -> Iterator[list[Place]]:
    """Give each longest line of neighbouring places that are alike, of two places or more."""
    line: list[Place] = []
    for place in sorted(alike, key=lambda place: place[::-1] if down else place):
        row, column = place
        before = (row - 1, column) if down else (row, column - 1)
        if line and line[-1] == before and alike[place] is not None and alike[place] == alike[before]:
            line.append(place)
            continue
        if len(line) > 1:
            yield line
        line = [place]
    if len(line) > 1:
        yield line


def _share(formulas: list[Element], index: int) -> None:
    first, last = (formulas[end].getparent().get("r") for end in (0, -1))
    for formula in formulas:
        formula.set("t", "shared")
        if formula is formulas[0]:
            formula.set("ref", f"{first}:{last}")
        else:
            formula.text = None
        formula.set("si", str(index))


def relative(formula: str, row: int, column: int) -> str | None:
    """Return what a formula says as seen from its own cell; ``None`` where it cannot be told from the text.

    Whole rows and columns move too and are rare: a formula that holds any is left alone.
    """
    if WHOLE.search(QUOTED.sub('""', formula)):
        return None

    def seen(found: re.Match[str]) -> str:
        across = found[2] if found[1] else f"C[{column_number(found[2]) - column}]"
        down = found[4] if found[3] else f"R[{int(found[4]) - row}]"
        return f"{found[1]}{across}{found[3]}{down}"

    return _outside_quotes(formula, lambda text: CELL.sub(seen, text))


# --- what stands beside formulas


def calculation_chain(package: Package) -> None:
    """List the cells with formulas in the order in which they are calculated; here that of the sheets, turned round."""
    links = [
        f'<c r="{formula.getparent().get("r")}" i="{number}"/>'
        for number, sheet in enumerate(package.sheets, start=1)
        for formula in sheet.iter(f"{MAIN}f")
    ]
    if links:
        content = f'<calcChain xmlns="{MAIN[1:-1]}">{"".join(reversed(links))}</calcChain>'
        package.add("xl/calcChain.xml", content, CHAIN_TYPE, "calcChain")


def dynamic_arrays(package: Package) -> None:
    """Mark formulas with INDEX as ones that may spill, as a current Excel does with a formula that was typed anew."""
    package.add("xl/metadata.xml", DYNAMIC, METADATA_TYPE, "sheetMetadata")
    for cell in package.cells():
        formula = cell.find(f"{MAIN}f")
        if formula is not None and formula.get("t") is None and "INDEX(" in (formula.text or ""):
            formula.set("t", "array")
            formula.set("ref", cell.get("r"))
            cell.set("cm", "1")
