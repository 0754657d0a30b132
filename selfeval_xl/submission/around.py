"""What stands around a workbook's cells against its blueprint: sheets, locks, names, merged and hidden cells, comments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from msgspec import Struct

from selfeval_xl.blueprint.identity import FILLING
from selfeval_xl.blueprint.model import Blueprint
from selfeval_xl.cells import Address, Area, Value, parse_ref, range_ref, ref
from selfeval_xl.findings import INFO, Finding
from selfeval_xl.form.model import Rule
from selfeval_xl.ooxml.book import Book, Place, Sheet
from selfeval_xl.submission.integrity import locate
from selfeval_xl.texts import say

SHEETS, PROTECTION, NAMES = "integrity.sheets", "integrity.protection", "integrity.names"
MERGES, HIDDEN, COMMENTS = "integrity.merges", "integrity.hidden", "integrity.comments"
LISTED = 12
LONGEST_COMMENT = 60
OFFICE_PROGRAM = "xl"
"""What Excel and WPS call themselves; they make a new salt when somebody protects a sheet, libraries do not."""


class _Wanted(Struct, frozen=True):
    """What stands around the cells of one sheet."""

    hidden: bool
    protected: bool
    merges: frozenset[str]


@lru_cache(maxsize=64)
def _wanted(blueprint: Blueprint) -> dict[str, _Wanted]:
    return {
        sheet.name: _Wanted(
            sheet.hidden, sheet.protected, frozenset(range_ref(area) for area in sheet.merges)
        )
        for sheet in blueprint.sheets.values()
    }


def around(book: Book, blueprint: Blueprint, rules: Mapping[str, Rule]) -> Iterator[Finding]:
    """Yield what differs around the cells; a workbook as it was handed out is told apart quickly."""
    wanted = _wanted(blueprint)
    if SHEETS in rules and list(book.sheets) != list(wanted):
        yield from _order(rules[SHEETS], book, list(wanted))
    for name, want in wanted.items():
        sheet = book.sheets[name]
        if (sheet.state != "visible") is not want.hidden and SHEETS in rules:
            yield _visibility(rules[SHEETS], sheet)
        if sheet.merges != want.merges and MERGES in rules:
            yield from _merges(rules[MERGES], sheet, want.merges, blueprint)
        if (sheet.hidden_rows or sheet.hidden_columns) and HIDDEN in rules:
            yield from _hidden(rules[HIDDEN], sheet, blueprint)
        if sheet.comments and COMMENTS in rules:
            yield _comments(rules[COMMENTS], sheet)
    if NAMES in rules and blueprint.name_texts.keys() - book.names.keys():
        yield _names(rules[NAMES], book, blueprint)


def _finding(rule: Rule, cells: Sequence[Address], code: str, **facts: str) -> Finding:
    return Finding(rule.id, code, rule.severity, tuple(cells), facts=facts)


def listed(texts: Iterable[str], most: int = LISTED) -> str:
    """Return a few of several texts, and that there are more."""
    shown = list(texts)
    return say("word.and").join(shown[:most]) + (say("word.more") if len(shown) > most else "")


def _order(rule: Rule, book: Book, wanted: list[str]) -> Iterator[Finding]:
    """Yield what tells that a sheet was moved, at the first that is; sheets of the clerk's own do not matter."""
    found = [name for name in book.sheets if name in wanted]
    for name, there in zip(wanted, found, strict=False):
        if name != there:
            yield _finding(rule, [Address(name, 1, 1)], "sheet.moved", sheet=name, behind=there)
            return


def _visibility(rule: Rule, sheet: Sheet) -> Finding:
    """Return that a sheet is hidden; one that shows and should not bars nobody from reading the report."""
    cells = (Address(sheet.name, 1, 1),)
    if sheet.state == "visible":
        return Finding(rule.id, "sheet.shown", INFO, cells, facts={"sheet": sheet.name})
    return _finding(rule, cells, "sheet.hidden", sheet=sheet.name)


def _merges(rule: Rule, sheet: Sheet, wanted: frozenset[str], blueprint: Blueprint) -> Iterator[Finding]:
    """Yield what was merged or taken apart; a finished sheet's merged cells are cut where its pages end."""
    added = sorted(sheet.merges - wanted, key=_corner)
    lost = sorted(wanted - sheet.merges, key=_corner)
    if blueprint.kind != FILLING:
        areas = [_area(one) for one in wanted]
        added, lost = [one for one in added if not any(_holds(area, _area(one)) for area in areas)], []
    if added or lost:
        texts = [say("merge.added", area=one) for one in added] + [
            say("merge.lost", area=one) for one in lost
        ]
        first = Address(sheet.name, *min(_corner(one) for one in (*added, *lost)))
        yield _finding(rule, [first], "merge.changed", sheet=sheet.name, list=listed(texts))


def _corner(reference: str) -> Place:
    return _area(reference)[1:3]


def _area(reference: str) -> Area:
    """Return the area of a merged range; what is no address is no place that anybody looks at."""
    first, _, last = reference.partition(":")
    try:
        return Area("", *parse_ref(first), *parse_ref(last or first))
    except ValueError:
        return Area("", 1, 1, 1, 1)


def _holds(outer: Area, inner: Area) -> bool:
    is_below = outer.top <= inner.top and inner.bottom <= outer.bottom
    return is_below and outer.left <= inner.left and inner.right <= outer.right


def _hidden(rule: Rule, sheet: Sheet, blueprint: Blueprint) -> Iterator[Finding]:
    """Yield that hidden rows or columns hold figures: what was typed, and totals that show a number."""
    plan, inputs = blueprint.sheets[sheet.name], blueprint.inputs[sheet.name]
    verdicts = plan.print_columns
    cells = [
        Address(sheet.name, *place)
        for place, value in sheet.values.items()
        if (place[0] in sheet.hidden_rows or place[1] in sheet.hidden_columns)
        and (place in inputs or (place[1] <= verdicts and _is_figure(value)))
    ]
    if cells:
        entity, item = locate(blueprint, cells[0])
        facts = {"sheet": sheet.name, "count": str(len(cells)), "list": _cells(cells)}
        yield Finding(
            rule.id,
            "hidden.values",
            rule.severity,
            tuple(cells),
            entity=entity,
            item=item[1] if item else None,
            facts=facts,
        )


def _is_figure(value: Value) -> bool:
    return not isinstance(value, str) and value is not None


def _cells(cells: Iterable[Address]) -> str:
    return listed(ref(cell.row, cell.column) for cell in cells)


def _comments(rule: Rule, sheet: Sheet) -> Finding:
    """Return where comments stand and what they say: often they hold the reason of a difference."""
    cells = [Address(sheet.name, *one.place) for one in sheet.comments]
    said = [say("comment.line", cell=ref(*one.place), text=_short(one.text)) for one in sheet.comments]
    return _finding(rule, cells, "comment.found", sheet=sheet.name, count=str(len(cells)), list=listed(said))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_COMMENT else f"{line[:LONGEST_COMMENT]}…"


def _names(rule: Rule, book: Book, blueprint: Blueprint) -> Finding:
    lost = [name for name in blueprint.names if name not in book.names]
    cells = [Address(area.sheet, area.top, area.left) for area in map(blueprint.names.__getitem__, lost)]
    return _finding(rule, cells, "name.lost", count=str(len(lost)), list=listed(lost))


# Locks


def locks(book: Book, blueprint: Blueprint, rule: Rule) -> Iterator[Finding]:
    """Yield the sheets that are not protected, and the cells that are open though they should not be."""
    wanted = _wanted(blueprint)
    bare = [name for name, want in wanted.items() if want.protected and not book.sheets[name].protected]
    if bare:
        cells = [Address(name, 1, 1) for name in bare]
        facts = {"sheets": listed(bare), "password": blueprint.form.password}
        yield _finding(rule, cells, "protection.removed", **facts)
    if _may_be_open(book, blueprint) and book.source is not None:
        from selfeval_xl.ooxml.locks import unlocked_cells

        for name, places in unlocked_cells(book.source).items():
            if name in wanted and name not in bare:
                yield from _open(rule, name, places, blueprint)


def _may_be_open(book: Book, blueprint: Blueprint) -> bool:
    """Tell whether a cell can have been unlocked: our own lock on every sheet says that nobody took it off."""
    if book.program != OFFICE_PROGRAM:
        return True
    sheets = (book.sheets[name] for name, want in _wanted(blueprint).items() if want.protected)
    return any(sheet.protected and sheet.lock != blueprint.form.salt for sheet in sheets)


def _open(rule: Rule, name: str, places: Iterable[Place], blueprint: Blueprint) -> Iterator[Finding]:
    plan = blueprint.sheets[name]
    is_final = blueprint.kind != FILLING
    cells = [
        Address(name, *place)
        for place in sorted(places)
        if place in plan.cells and (is_final or plan.cells[place].locked)
    ]
    if cells:
        facts = {"sheet": name, "count": str(len(cells)), "list": _cells(cells)}
        yield _finding(rule, cells, "protection.open", **facts)
