"""Whether Excel would open a written workbook without offering a repair: `problems(path)` is empty if it would.

Independent of the package under test. Three opinions are gathered: a strict parse of every XML part, openxml-audit
(schema and much of the SDK's semantics), and the checks here, for what the first two let pass. A check knows one thing
and yields sentences; `problems` puts the place before them. What Excel repairs without asking, or shows as an error in
a cell, counts too where a template never means it (a name that does not exist, a link to a missing sheet).
"""

import base64
import binascii
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

from lxml import etree
from openxml_audit import OpenXmlValidator, ValidationSeverity

from tests.support.formula_checks import NUMBER, formula_problems, is_legal_name
from tests.support.package_parts import (
    IDS,
    LAST_COLUMN,
    LAST_ROW,
    MAIN,
    Area,
    Book,
    Element,
    Package,
    Sheet,
    area_of,
    cell_place,
    utf16_length,
)

Problems = Iterator[str]
T = TypeVar("T")

CONTENT_TYPES = "[Content_Types].xml"
GENERIC_XML = "application/xml"
LONGEST_TEXT = 32_767
LONGEST_SHEET_NAME = 31
HIGHEST_ROW = 409.5
WIDEST_COLUMN = 255
MOST_LINKS = 65_530
FIRST_OWN_NUMBER_FORMAT = 164

# In the order that the schema wants; what is not named here, Excel does not write either.
WORKSHEET_ORDER = """
    sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection
    protectedRanges scenarios autoFilter sortState dataConsolidate customSheetViews mergeCells
    phoneticPr conditionalFormatting dataValidations hyperlinks printOptions pageMargins pageSetup
    headerFooter rowBreaks colBreaks customProperties cellWatches ignoredErrors smartTags drawing
    legacyDrawing legacyDrawingHF drawingHF picture oleObjects controls webPublishItems tableParts
    extLst
""".split()  # noqa: SIM905 - a list of words

ERROR_VALUE = re.compile(r"#(NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|N/A|GETTING_DATA|SPILL!|CALC!)")
FORBIDDEN_IN_SHEET_NAMES = re.compile(r"[\\/*?:\[\]\x00-\x1f]")
QUOTED_OR_ESCAPED = re.compile(r'"[^"]*"|\\.|_.|\*.')
IN_BRACKETS = re.compile(r"\[([^\]]*)\]")
LEGAL_IN_BRACKETS = re.compile(
    r"\$.*|[hms]+|(<>|<=|>=|<|>|=)-?[\d.]+|(black|blue|cyan|green|magenta|red|white|yellow|color ?\d+|dbnum\d|natnum\d)",
    re.IGNORECASE,
)


def problems(path: Path) -> list[str]:
    """List what is wrong with a written .xlsx or .xlsm, as "place: what"; an empty list is a good file."""
    try:
        package = Package.read(path)
    except (OSError, zipfile.BadZipFile) as error:
        return [f"{path.name}: not a readable package: {error}"]
    found = [*package.faults, *_ask(PACKAGE_CHECKS, package)]
    if package.workbook is None:
        return [*found, f"{path.name}: no workbook part"]
    book = Book(package, package.workbook)
    found += _ask(BOOK_CHECKS, book)
    for sheet in book.sheets:
        found += [f"{sheet.name}: {problem}" for problem in _ask(SHEET_CHECKS, sheet)]
    return [*found, *_audit(path)]


def _ask(checks: Iterable[Callable[[T], Problems]], subject: T) -> Iterator[str]:
    """Run each check; one that stops on a file too odd for it has found something, and says so."""
    for check in checks:
        try:
            yield from check(subject)
        except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
            yield f"{check.__name__} cannot read this: {error!r}"


def _in_formula(book: Book, formula: str) -> Problems:
    for problem in formula_problems(formula, book.sheet_names, book.names):
        yield f"{problem} in {formula[:60]!r}"


def _audit(path: Path) -> Iterator[str]:
    for error in OpenXmlValidator().validate(path).errors:
        if error.severity is not ValidationSeverity.INFO:
            yield f"openxml-audit: {error}"


# --- the package


def entries_are_unique(package: Package) -> Problems:
    """Two entries of one name, or of names that differ in case alone, are one part twice."""
    counts = Counter(name.lower() for name in package.entries)
    yield from (f"{name}: {count} entries of this name" for name, count in counts.items() if count > 1)


def parts_have_content_types(package: Package) -> Problems:
    """Every part has one content type, and none is declared for a part that is not there."""
    tree = package.trees.get(CONTENT_TYPES)
    if tree is None:
        yield f"{CONTENT_TYPES}: missing"
        return
    endings = [e.get("Extension", "").lower() for e in tree if e.tag.endswith("}Default")]
    overrides = {
        e.get("PartName", "").lower(): e.get("ContentType", "") for e in tree if e.tag.endswith("}Override")
    }
    declared = [*endings, *(e.get("PartName", "").lower() for e in tree if e.tag.endswith("}Override"))]
    yield from (f"{CONTENT_TYPES}: {key} declared twice" for key, n in Counter(declared).items() if n > 1)
    defaults = {
        e.get("Extension", "").lower(): e.get("ContentType", "") for e in tree if e.tag.endswith("}Default")
    }
    for name in package.entries:
        kind = overrides.get("/" + name.lower()) or defaults.get(name.lower().rpartition(".")[2])
        if name != CONTENT_TYPES:
            yield from _content_type_problems(package, name, kind)
    for name in overrides:
        if name.removeprefix("/") not in package.names_in_small_letters:
            yield f"{CONTENT_TYPES}: {name} is declared and does not exist"


def _content_type_problems(package: Package, name: str, kind: str | None) -> Problems:
    if not kind:
        yield f"{name}: no content type"
    elif kind == GENERIC_XML and name.startswith("xl/"):
        yield f"{name}: only the generic content type {kind}"
    elif name == package.workbook and ("macroEnabled" in kind) != (package.path.suffix.lower() == ".xlsm"):
        yield f"{name}: content type {kind} does not go with the ending {package.path.suffix}"


def relations_lead_somewhere(package: Package) -> Problems:
    """Relationships have ids of their own and targets that exist."""
    for name, tree in package.trees.items():
        if name.endswith(".rels"):
            counts = Counter(element.get("Id") for element in tree)
            yield from (f"{name}: relationship id {key} twice" for key, count in counts.items() if count > 1)
    for source, relations in package.relations.items():
        if source and source not in package.entries:
            yield f"{source}: has relationships and does not exist"
        for key, relation in relations.items():
            if relation.target is not None and relation.target.lower() not in package.names_in_small_letters:
                yield f"{source or 'package'}: relationship {key} leads to {relation.target}, which does not exist"


def relation_ids_are_known(package: Package) -> Problems:
    """Each r:id in a part is one of the part's relationships."""
    for name, tree in package.trees.items():
        if name.endswith((".rels", ".vml")):
            continue
        known = package.relations.get(name, {})
        for element in tree.iter(etree.Element):
            for key, value in element.attrib.items():
                if str(key).startswith(IDS) and value not in known:
                    yield f"{name}: <{etree.QName(element).localname}> refers to relationship {value!r}, unknown here"


def custom_properties_are_numbered(package: Package) -> Problems:
    """Custom document properties have names and numbers of their own, from 2 on."""
    tree = package.trees.get("docProps/custom.xml")
    if tree is None:
        return
    for attribute in ("name", "pid"):
        counts = Counter(element.get(attribute, "").lower() for element in tree)
        yield from (f"custom properties: {attribute} {key!r} twice" for key, n in counts.items() if n > 1)
    for element in tree:
        if int(element.get("pid", "0")) < 2 or not 0 < len(element.get("name", "")) <= 255:
            yield f"custom properties: number or name of {element.get('name')!r} is not allowed"


# --- the workbook


def sheet_names_are_legal(book: Book) -> Problems:
    """Names are unique, not empty, at most 31 long and without the characters that references need."""
    names = [element.get("name", "") for element in book.sheet_elements]
    if not names:
        yield "the workbook has no sheet"
    for name in names:
        if not 0 < utf16_length(name) <= LONGEST_SHEET_NAME:
            yield f"sheet name {name!r} must have 1 to {LONGEST_SHEET_NAME} characters"
        if FORBIDDEN_IN_SHEET_NAMES.search(name) or name.startswith("'") or name.endswith("'"):
            yield f"sheet name {name!r} holds a character that is not allowed"
        if name.lower() == "history":
            yield f"sheet name {name!r} is reserved"
    counts = Counter(name.lower() for name in names)
    yield from (f"sheet name {name!r} twice" for name, count in counts.items() if count > 1)


def sheets_are_reachable(book: Book) -> Problems:
    """Sheet ids differ, each sheet has its part, and one that can be seen is the active one."""
    counts = Counter(element.get("sheetId") for element in book.sheet_elements)
    yield from (f"sheetId {key} twice" for key, count in counts.items() if count > 1)
    relations = book.package.relations.get(book.part, {})
    for element in book.sheet_elements:
        relation = relations.get(element.get(f"{IDS}id", ""))
        if relation is None or relation.target not in book.package.trees:
            yield f"sheet {element.get('name')!r} has no readable part"
    seen = [element.get("state", "visible") == "visible" for element in book.sheet_elements]
    if not any(seen):
        yield "no sheet is visible"
    for view in book.tree.iter(f"{MAIN}workbookView"):
        active = int(view.get("activeTab", "0"))
        if active >= len(seen) or (any(seen) and not seen[active]):
            yield f"the active sheet, number {active}, does not exist or is hidden"


def defined_names_are_legal(book: Book) -> Problems:
    """Names are legal, do not look like cells, are unique in their scope, and refer to what exists."""
    counts: Counter[tuple[str, str | None]] = Counter()
    for element in book.tree.iter(f"{MAIN}definedName"):
        name, scope, formula = element.get("name", ""), element.get("localSheetId"), element.text or ""
        counts[name.lower(), scope] += 1
        if not name.startswith("_xlnm.") and not is_legal_name(name):
            yield f"defined name {name!r} is not legal"
        if scope is not None and int(scope) >= len(book.sheet_elements):
            yield f"defined name {name!r} belongs to a sheet that does not exist"
        if not formula or "#REF!" in formula:
            yield f"defined name {name!r} refers to nothing: {formula!r}"
        yield from (f"defined name {name!r}: {problem}" for problem in _in_formula(book, formula) if formula)
    yield from (f"defined name {name!r} twice" for (name, _), count in counts.items() if count > 1)


def style_ids_are_in_range(book: Book) -> Problems:
    """What a format refers to by number (font, fill, border, base, number format) exists."""
    if book.styles is None:
        return
    ranges = {
        "fontId": book.count("fonts"),
        "fillId": book.count("fills"),
        "borderId": book.count("borders"),
        "xfId": book.count("cellStyleXfs"),
    }
    own = {element.get("numFmtId") for element in book.styles.iter(f"{MAIN}numFmt")}
    for element in (*book.styles.iter(f"{MAIN}xf"), *book.styles.iter(f"{MAIN}cellStyle")):
        for attribute, limit in ranges.items():
            if int(element.get(attribute, "0")) >= max(limit, 1):
                yield f"styles: {attribute} {element.get(attribute)} is out of range"
        number_format = element.get("numFmtId", "0")
        if int(number_format) >= FIRST_OWN_NUMBER_FORMAT and number_format not in own:
            yield f"styles: number format {number_format} is not defined"


def number_formats_are_legal(book: Book) -> Problems:
    """Codes have closed quotes, known brackets, at most four sections and 255 characters, and ids of their own."""
    if book.styles is None:
        return
    collection = book.styles.find(f"{MAIN}numFmts")
    formats = list(collection) if collection is not None else []
    counts = Counter(element.get("numFmtId") for element in formats)
    yield from (f"styles: number format {key} defined twice" for key, count in counts.items() if count > 1)
    for element in formats:
        code = element.get("formatCode", "")
        bare = QUOTED_OR_ESCAPED.sub("", code)
        brackets = IN_BRACKETS.findall(bare)
        legal = all(LEGAL_IN_BRACKETS.fullmatch(inner) for inner in brackets)
        if '"' in bare or not legal or bare.count(";") > 3 or not 0 < len(code) <= 255:
            yield f"styles: number format {code!r} is not legal"


def shared_strings_are_legal(book: Book) -> Problems:
    """No text is longer than a cell can hold."""
    for number, item in enumerate(book.shared_strings if book.shared_strings is not None else ()):
        if _text_length(item) > LONGEST_TEXT:
            yield f"shared string {number} is longer than {LONGEST_TEXT} characters"


def _text_length(element: Element) -> int:
    return sum(utf16_length(part.text or "") for part in element.iter(f"{MAIN}t"))


def calculation_chain_fits(book: Book) -> Problems:
    """The chain, if there is one, names only cells that hold formulas."""
    chain = book.package.related(book.part, "/calcChain")
    if chain is None:
        return
    ids = {element.get("name"): element.get("sheetId") for element in book.sheet_elements}
    cells = {
        (ids[sheet.name], formula.getparent().get("r"))
        for sheet in book.sheets
        for formula in sheet.each("f")
    }
    sheet_id = None
    for link in chain:
        sheet_id = link.get("i", sheet_id)
        if (sheet_id, link.get("r")) not in cells:
            yield f"calculation chain names {link.get('r')} of sheet {sheet_id}, which holds no formula"


def comments_have_authors(book: Book) -> Problems:
    """Each comment's author is in the list."""
    for name, tree in book.package.trees.items():
        if tree.tag == f"{MAIN}comments":
            authors = sum(1 for _ in tree.iter(f"{MAIN}author"))
            for comment in tree.iter(f"{MAIN}comment"):
                if int(comment.get("authorId", "0")) >= authors:
                    yield f"{name}: comment at {comment.get('ref')} has no author"


# --- the sheets


def blocks_are_in_order(sheet: Sheet) -> Problems:
    """The blocks of a sheet come in the schema's order, each once (conditional formats as often as wanted)."""
    tags = [etree.QName(child).localname for child in sheet.tree.iterchildren(f"{MAIN}*")]
    places = [WORKSHEET_ORDER.index(tag) for tag in tags]
    for before, after in pairwise(places):
        repeated = before == after and WORKSHEET_ORDER[after] != "conditionalFormatting"
        if after < before or repeated:
            yield f"<{WORKSHEET_ORDER[after]}> must not come after <{WORKSHEET_ORDER[before]}>"


def rows_are_in_order(sheet: Sheet) -> Problems:
    """Rows go down, within the sheet, and are no higher than Excel allows."""
    last = 0
    for row in sheet.each("row"):
        number = int(row.get("r", last + 1))
        if not last < number <= LAST_ROW:
            yield f"row {number} comes after row {last}"
        if not 0 <= float(row.get("ht", "0")) <= HIGHEST_ROW:
            yield f"row {number} is {row.get('ht')} points high, {HIGHEST_ROW} is the most"
        if int(row.get("s", "0")) >= sheet.book.cell_styles:
            yield f"row {number} has style {row.get('s')}, out of range"
        last = number
        yield from cells_are_in_order(sheet, row, number)


def cells_are_in_order(sheet: Sheet, row: Element, number: int) -> Problems:
    """Cells stand in their own row, from left to right, with a style that exists."""
    last = 0
    for cell in row.iterchildren(f"{MAIN}c"):
        reference = cell.get("r", "")
        place = cell_place(reference)
        if place is None or place[0] != number or place[1] <= last:
            yield f"cell {reference!r} stands in row {number} after column {last}"
        last = place[1] if place else last + 1
        if int(cell.get("s", "0")) >= sheet.book.cell_styles:
            yield f"{reference}: style {cell.get('s')} is out of range"


def values_fit_their_types(sheet: Sheet) -> Problems:
    """What stands in a cell is what the cell's type says."""
    for cell in sheet.each("c"):
        kind, value = cell.get("t", "n"), cell.find(f"{MAIN}v")
        inline = cell.find(f"{MAIN}is")
        if (inline is not None) != (kind == "inlineStr"):
            yield f"{cell.get('r')}: inline text and type {kind!r} do not go together"
        if inline is not None and _text_length(inline) > LONGEST_TEXT:
            yield f"{cell.get('r')}: text is longer than {LONGEST_TEXT} characters"
        if value is not None and not _is_value(sheet.book, kind, value.text or ""):
            yield f"{cell.get('r')}: {(value.text or '')[:40]!r} is no value of type {kind!r}"


def _is_value(book: Book, kind: str, text: str) -> bool:
    if kind == "s":
        return text.isdecimal() and int(text) < book.shared_string_count
    if kind == "n":
        return not text or bool(NUMBER.fullmatch(text))
    if kind == "e":
        return bool(ERROR_VALUE.fullmatch(text))
    if kind == "b":
        return text in ("0", "1")
    return (kind == "str" and utf16_length(text) <= LONGEST_TEXT) or kind == "d"


def formulas_are_legal(sheet: Sheet) -> Problems:
    """Formulas can be read, and a shared one has its master."""
    masters = {f.get("si") for f in sheet.each("f") if f.get("t") == "shared" and f.text}
    for formula in sheet.each("f"):
        place = formula.getparent().get("r")
        if formula.get("t") == "shared" and formula.get("si") not in masters:
            yield f"{place}: shared formula {formula.get('si')} is written nowhere"
        elif not formula.text and formula.get("t") not in ("shared", "dataTable"):
            yield f"{place}: empty formula"
        if formula.get("ref") and area_of(formula.get("ref")) is None:
            yield f"{place}: the formula's range {formula.get('ref')!r} is not legal"
        if formula.text:
            yield from (f"{place}: {problem}" for problem in _in_formula(sheet.book, formula.text))


def merges_do_not_overlap(sheet: Sheet) -> Problems:
    """Merged ranges are legal, have more than one cell, and share none."""
    if any(len(collection) == 0 for collection in sheet.each("mergeCells")):
        yield "empty list of merged ranges"
    areas = {element.get("ref", ""): area_of(element.get("ref", "")) for element in sheet.each("mergeCell")}
    if len(areas) < sum(1 for _ in sheet.each("mergeCell")):
        yield "a merged range is listed twice"
    for reference, area in areas.items():
        if area is None or (area.left, area.top) == (area.right, area.bottom):
            yield f"merged range {reference!r} is not legal or a single cell"
    yield from _overlaps("merged range", [(text, area) for text, area in areas.items() if area])


def _overlaps(kind: str, areas: list[tuple[str, Area]]) -> Problems:
    """Compare each area with those that begin before it ends; sorted by top, so that long lists stay quick."""
    ordered = sorted(areas, key=lambda item: item[1].top)
    open_areas: list[tuple[str, Area]] = []
    for reference, area in ordered:
        open_areas = [item for item in open_areas if item[1].bottom >= area.top]
        yield from (
            f"{kind} {reference} overlaps {text}" for text, other in open_areas if area.overlaps(other)
        )
        open_areas.append((reference, area))


def columns_do_not_overlap(sheet: Sheet) -> Problems:
    """Column formats go to the right, do not overlap, and are no wider than Excel allows."""
    last = 0
    for column in sheet.each("col"):
        first, end = int(column.get("min", "0")), int(column.get("max", "0"))
        if not last < first <= end <= LAST_COLUMN:
            yield f"columns {first} to {end} come after column {last}"
        if not 0 <= float(column.get("width", "0")) <= WIDEST_COLUMN:
            yield f"columns {first} to {end} are {column.get('width')} wide, {WIDEST_COLUMN} is the most"
        if int(column.get("style", "0")) >= sheet.book.cell_styles:
            yield f"columns {first} to {end} have style {column.get('style')}, out of range"
        last = end


def validations_are_short_enough(sheet: Sheet) -> Problems:
    """Texts, lists and formulas of data validations keep Excel's limits."""
    limits = {"error": 255, "prompt": 255, "errorTitle": 32, "promptTitle": 32}
    for element in sheet.each("dataValidation"):
        place = f"validation of {element.get('sqref')}"
        for attribute, limit in limits.items():
            if utf16_length(element.get(attribute, "")) > limit:
                yield f"{place}: {attribute} is longer than {limit} characters"
        formulas = [element.findtext(f"{MAIN}{tag}") or "" for tag in ("formula1", "formula2")]
        if element.get("type", "none") != "none" and not formulas[0]:
            yield f"{place}: no formula"
        for formula in filter(None, formulas):
            # A quoted list holds 255 characters between its quotes.
            if formula.startswith('"') and utf16_length(formula) > 257:
                yield f"{place}: list is longer than 255 characters"
            yield from (f"{place}: {problem}" for problem in _in_formula(sheet.book, formula))


def conditional_formats_are_complete(sheet: Sheet) -> Problems:
    """Rules have formats that exist, priorities of their own, and formulas that can be read."""
    formats = sheet.book.count("dxfs")
    priorities = Counter(element.get("priority", "missing") for element in sheet.each("cfRule"))
    for priority, count in priorities.items():
        if not priority.isdecimal() or int(priority) < 1 or count > 1:
            yield f"conditional formats: priority {priority} is not legal or there {count} times"
    for rule in sheet.each("cfRule"):
        place = f"conditional format of {rule.getparent().get('sqref')}"
        if rule.get("dxfId") is not None and int(rule.get("dxfId")) >= formats:
            yield f"{place}: dxfId {rule.get('dxfId')} is out of range"
        formulas = [element.text or "" for element in rule.findall(f"{MAIN}formula")]
        if rule.get("type") in ("expression", "cellIs") and not all(formulas or [""]):
            yield f"{place}: no formula"
        for formula in filter(None, formulas):
            yield from (f"{place}: {problem}" for problem in _in_formula(sheet.book, formula))


def ranges_are_legal(sheet: Sheet) -> Problems:
    """Whatever names cells by sqref or ref names cells that exist."""
    for element in sheet.tree.iter(etree.Element):
        if etree.QName(element).namespace != MAIN.strip("{}"):
            continue
        ranges = element.get("sqref", "A1").split()
        if not ranges or any(area_of(text) is None for text in ranges):
            yield f"<{etree.QName(element).localname}> names {element.get('sqref')!r}, which is no range"
    for tag in ("autoFilter", "hyperlink", "dimension", "protectedRange"):
        for element in sheet.each(tag):
            if element.get("ref") and area_of(element.get("ref")) is None:
                yield f"<{tag}> names {element.get('ref')!r}, which is no range"


def links_lead_somewhere(sheet: Sheet) -> Problems:
    """Hyperlinks have a target, lead to sheets and names that exist, and are not more than Excel holds."""
    links = list(sheet.each("hyperlink"))
    if len(links) > MOST_LINKS:
        yield f"{len(links)} hyperlinks, {MOST_LINKS} is the most"
    for link in links:
        location = link.get("location", "")
        if not location and not link.get(f"{IDS}id"):
            yield f"hyperlink at {link.get('ref')} leads nowhere"
        if utf16_length(link.get("tooltip", "")) > 255:
            yield f"hyperlink at {link.get('ref')}: tooltip is longer than 255 characters"
        if location and link.get(f"{IDS}id") is None:
            yield from (f"hyperlink at {link.get('ref')}: {p}" for p in _in_formula(sheet.book, location))


def headers_are_short_enough(sheet: Sheet) -> Problems:
    """Each header and footer has at most 255 characters, codes included."""
    for block in sheet.each("headerFooter"):
        for element in block:
            if utf16_length(element.text or "") > 255:
                yield f"<{etree.QName(element).localname}> is longer than 255 characters"


def print_settings_are_legal(sheet: Sheet) -> Problems:
    """Scale and page breaks keep Excel's limits."""
    for setup in sheet.each("pageSetup"):
        if not 10 <= int(setup.get("scale", "100")) <= 400:
            yield f"print scale {setup.get('scale')} is not between 10 and 400"
    for tag, last in (("rowBreaks", LAST_ROW), ("colBreaks", LAST_COLUMN)):
        for block in sheet.each(tag):
            places = [int(element.get("id", "0")) for element in block]
            if len(places) > 1023 or len(set(places)) < len(places) or not all(0 < n < last for n in places):
                yield f"<{tag}> has places that are not legal, twice there, or more than 1023"


# --- protection, of sheets and of the workbook


def hashes_are_base64(tree: Element) -> Problems:
    """Modern hashes are base64 of the right length with a salt and a spin count, and never beside an old one."""
    for element in tree.iter(etree.Element):
        for prefix in ("", "workbook", "revisions"):
            get = _prefixed(element, prefix)
            if get("hashValue") or get("saltValue"):
                yield from _hash_problems(etree.QName(element).localname, get)
        old = element.get("password")
        if old is not None and (not re.fullmatch("[0-9A-Fa-f]{4}", old) or element.get("hashValue")):
            yield f"<{etree.QName(element).localname}>: old password hash {old!r} is not legal here"


def _prefixed(element: Element, prefix: str) -> Callable[[str], str]:
    def get(name: str) -> str:
        return element.get(prefix + name[0].upper() + name[1:] if prefix else name, "")

    return get


def _hash_problems(tag: str, get: Callable[[str], str]) -> Problems:
    sizes = {"SHA-1": 20, "SHA-256": 32, "SHA-384": 48, "SHA-512": 64}
    try:
        size = len(base64.b64decode(get("hashValue"), validate=True))
        salt = base64.b64decode(get("saltValue"), validate=True)
    except (binascii.Error, ValueError):
        yield f"<{tag}>: hash or salt is not base64"
        return
    if sizes.get(get("algorithmName")) != size or not salt:
        yield f"<{tag}>: hash of {size} bytes does not go with {get('algorithmName') or 'no algorithm'}, or no salt"
    if not get("spinCount").isdecimal() or int(get("spinCount")) > 10_000_000:
        yield f"<{tag}>: spin count {get('spinCount')!r} is not legal"


def workbook_hashes_are_legal(book: Book) -> Problems:
    """The workbook's own protection."""
    yield from hashes_are_base64(book.tree)


def sheet_hashes_are_legal(sheet: Sheet) -> Problems:
    """The sheet's protection, and that of ranges in it."""
    for tag in ("sheetProtection", "protectedRange"):
        for element in sheet.each(tag):
            yield from hashes_are_base64(element)


PACKAGE_CHECKS = (
    entries_are_unique,
    parts_have_content_types,
    relations_lead_somewhere,
    relation_ids_are_known,
    custom_properties_are_numbered,
)
BOOK_CHECKS = (
    sheet_names_are_legal,
    sheets_are_reachable,
    defined_names_are_legal,
    style_ids_are_in_range,
    number_formats_are_legal,
    shared_strings_are_legal,
    calculation_chain_fits,
    comments_have_authors,
    workbook_hashes_are_legal,
)
SHEET_CHECKS = (
    blocks_are_in_order,
    rows_are_in_order,
    values_fit_their_types,
    formulas_are_legal,
    merges_do_not_overlap,
    columns_do_not_overlap,
    validations_are_short_enough,
    conditional_formats_are_complete,
    ranges_are_legal,
    links_lead_somewhere,
    headers_are_short_enough,
    print_settings_are_legal,
    sheet_hashes_are_legal,
)
