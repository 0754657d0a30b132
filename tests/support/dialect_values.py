"""How other programs store numbers, dates and texts, one step a habit; what a cell shows stays the same."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from lxml import etree

from tests.support.dialect_parts import SPACE, Package
from tests.support.package_parts import MAIN, Element

DAYS_BETWEEN_SYSTEMS = 1462
DAY_ZERO = date(1899, 12, 30)
LAST_DAY = 2_958_465
# Formats of Excel's own that show a date; 27 to 36 and 50 to 58 are the Chinese and Japanese ones.
DATE_FORMATS = frozenset({*range(14, 18), 22, *range(27, 37), *range(50, 59)})
NOT_DATE_CODES = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')
ESCAPE = re.compile(r"_x[0-9A-Fa-f]{4}_")
PHONETIC = "pinyin"
RUN_STYLE = (
    ("b", None),
    ("sz", "11"),
    ("color", None),
    ("rFont", "宋体"),
    ("family", "3"),
    ("charset", "134"),
)


# --- numbers


def excel_number(text: str) -> str:
    """Spell a number as Excel does: 17 digits of the binary fraction, small ones with an exponent.

    Whether Excel takes the exponent for short ones too (0.012) is not known here; either way the digits are the same.
    """
    mantissa, _, exponent = format(float(text), ".16E").partition("E")
    mantissa, power = mantissa.rstrip("0").removesuffix("."), int(exponent)
    if power < -2 or (power == -2 and len(mantissa) > 1) or power > 16:
        return f"{mantissa}E{'+' if power > 0 else ''}{power}"
    return format(float(text), ".17g")


def numbers_of_17_digits(package: Package) -> None:
    """Write each number with the 17 digits that Excel keeps: 0.58 as 0.57999999999999996."""
    for value in numbers(package):
        value.text = excel_number(value.text)


def numbers_of_15_to_17_digits(package: Package) -> None:
    """Write numbers in the fewest digits, every other one in 17.

    Which of the two WPS takes, and when, is not known here.
    """
    for count, value in enumerate(numbers(package)):
        shortest = repr(float(value.text)).upper().removesuffix(".0")
        value.text = shortest if count % 2 else excel_number(value.text)


def numbers(package: Package) -> Iterator[Element]:
    """Give the stored value of each cell that holds a number."""
    for cell in package.cells():
        value = cell.find(f"{MAIN}v")
        if cell.get("t", "n") == "n" and value is not None and value.text:
            yield value


def named_number_types(package: Package) -> None:
    """Say of each number that it is one."""
    for value in numbers(package):
        value.getparent().set("t", "n")


# --- dates


def dates_from_1904(package: Package) -> None:
    """Count days from 1904, as old Macs do: each date is 1462 less and shows the same day.

    Days before 1904 become negative; Excel keeps such numbers, though it shows the day with a minus sign.
    """
    package.book.find(f"{MAIN}workbookPr").set("date1904", "1")
    for value in dates(package):
        value.text = format(float(value.text) - DAYS_BETWEEN_SYSTEMS, ".17g")


def dates_as_iso_text(package: Package) -> None:
    """Write whole days as ISO 8601, as Excel is said to in the strict format."""
    for value in dates(package):
        if float(value.text).is_integer() and 60 < float(value.text) <= LAST_DAY:
            value.text = (DAY_ZERO + timedelta(days=int(float(value.text)))).isoformat()
            value.getparent().set("t", "d")


def dates(package: Package) -> Iterator[Element]:
    """Give the stored value of each number whose cell shows a date."""
    styles = date_styles(package)
    for value in numbers(package):
        if int(value.getparent().get("s", "0")) in styles:
            yield value


def date_styles(package: Package) -> set[int]:
    """Find the cell styles that show a number as a date."""
    own = {
        int(entry.get("numFmtId")): bool(
            re.search("[ymdhs]", NOT_DATE_CODES.sub("", entry.get("formatCode")), re.IGNORECASE)
        )
        for entry in package.styles.iter(f"{MAIN}numFmt")
    }
    formats = [int(entry.get("numFmtId")) for entry in package.styles.find(f"{MAIN}cellXfs")]
    return {style for style, key in enumerate(formats) if own.get(key, key in DATE_FORMATS)}


# --- texts


def strings_by_first_use(package: Package) -> None:
    """Number the shared strings anew in the order in which cells use them, and drop those that none uses."""
    items, order = list(package.strings), {}
    uses = [value for cell in package.cells() if cell.get("t") == "s" for value in cell.iter(f"{MAIN}v")]
    for value in uses:
        value.text = str(order.setdefault(int(value.text), len(order)))
    for item in items:
        package.strings.remove(item)
    package.strings.extend(items[old] for old in order)
    package.strings.set("uniqueCount", str(len(order)))
    package.strings.set("count", str(len(uses)))


def strings_reversed(package: Package) -> None:
    """Number the shared strings from the last to the first."""
    last = len(package.strings) - 1
    package.strings[:] = list(package.strings)[::-1]
    for cell in package.cells():
        if cell.get("t") == "s":
            value = cell.find(f"{MAIN}v")
            value.text = str(last - int(value.text))


def rich_text(package: Package) -> None:
    """Split every third text into two runs of different fonts, as after a clerk made a few words bold."""
    for item in list(package.strings)[::3]:
        text = item.find(f"{MAIN}t")
        cut = cut_of(text.text or "") if text is not None else 0
        if cut:
            item.remove(text)
            item[:0] = [run(text.text[:cut], styled=False), run(text.text[cut:], styled=True)]


def cut_of(text: str) -> int:
    """Return where a text can be cut in two without cutting an escaped character; 0 where it cannot."""
    escapes = {place for found in ESCAPE.finditer(text) for place in range(found.start() + 1, found.end())}
    places = [place for place in range(1, len(text)) if place not in escapes]
    return places[len(places) // 2] if places else 0


def run(text: str, *, styled: bool) -> Element:
    """Make one run of rich text."""
    made = etree.Element(f"{MAIN}r")
    if styled:
        style = etree.SubElement(made, f"{MAIN}rPr")
        for tag, value in RUN_STYLE:
            one = etree.SubElement(style, f"{MAIN}{tag}")
            if tag == "color":
                one.set("theme", "1")
            elif value:
                one.set("val", value)
    content = etree.SubElement(made, f"{MAIN}t")
    content.text = text
    content.set(SPACE, "preserve")
    return made


def phonetic_text(package: Package) -> None:
    """Give texts the reading aid that East Asian versions store beside them; it is no part of the text."""
    for index, item in enumerate(package.strings):
        if index % 2 == 0:
            guide = etree.SubElement(item, f"{MAIN}rPh", sb="0", eb="1")
            etree.SubElement(guide, f"{MAIN}t").text = PHONETIC
        etree.SubElement(item, f"{MAIN}phoneticPr", fontId="1", type="noConversion")


def preserved_space(package: Package) -> None:
    """Mark every text as one whose blanks count."""
    for text in package.strings.iter(f"{MAIN}t"):
        text.set(SPACE, "preserve")


def escaped_line_ends(package: Package) -> None:
    """Write line ends as a pasted text of Windows has them: the first of their two characters escaped."""
    for text in package.strings.iter(f"{MAIN}t"):
        if text.text and "\n" in text.text:
            text.text = re.sub(r"(?:_x000D_)?\n", "_x000D_\n", text.text)
            text.set(SPACE, "preserve")


def inline_strings(package: Package) -> None:
    """Write every text into its cell, as libraries do that write while they go."""
    items = list(package.strings)
    for cell in package.cells():
        if cell.get("t") == "s":
            value = cell.find(f"{MAIN}v")
            inline = etree.Element(f"{MAIN}is")
            inline.extend(etree.fromstring(etree.tostring(items[int(value.text)])))
            cell.replace(value, inline)
            cell.set("t", "inlineStr")
