"""The text twin: a blueprint as lines of text, so that a change of it is read as a diff.

Owns what is printed and how it is kept short without losing anything.  Knows
neither files nor looks: a style is named here and drawn in ``template``.

Cells that are the same relative to where they stand are one line, which shows the
first of them; a long run of operands shows its first and last, with ``…`` between.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from msgspec.structs import replace

from selfeval_xl.blueprint.model import Blueprint, CellPlan, Condition, SheetPlan, Validation
from selfeval_xl.cells import Area, Value, column_letters, quote_sheet, range_ref
from selfeval_xl.rules.printing import print_formula
from selfeval_xl.rules.tree import PRECEDENCE, Binary, Block, Call, Cell, Name, Node, Unary, chain, references
from selfeval_xl.texts import say

MIDDLE = Name("…")
SHORTEST_RUN = 4
STILL = (0, 0)
ONE_ON = ({(1, 0)}, {(0, 1)})

Move = tuple[int, int] | None
Part = tuple[str, Node]
Spot = tuple[int, int]

# The operator that may be thought before the first operand of a run.
_UNWRITTEN = {PRECEDENCE["+"]: "+", PRECEDENCE["*"]: "*", PRECEDENCE["&"]: "&"}
_NUMBERED = re.compile(r'([^"\d]*"[^"\d]*)([1-9]\d*)([^"\d]*"[^"\d]*)')


def text_twin(blueprint: Blueprint) -> str:
    """Return the workbook as text, a line for each thing in it; the same blueprint gives the same text."""
    form = blueprint.form
    lines = [say("twin.title"), say("twin.how"), ""]
    lines.append(say("twin.form", name=form.name, id=form.id, edition=form.edition, version=form.version))
    lines += [say("twin.property", name=name, value=value) for name, value in blueprint.properties.items()]
    for sheet in blueprint.sheets.values():
        lines += ["", *_sheet(sheet)]
    lines += ["", say("twin.names")]
    lines += [_name(name, area) for name, area in blueprint.names.items()]
    return "\n".join(lines) + "\n"


def _name(name: str, area: Area) -> str:
    return f"{name} = {quote_sheet(area.sheet)}!{range_ref(area)}"


# A sheet


def _sheet(sheet: SheetPlan) -> Iterator[str]:
    yield say("twin.sheet", name=sheet.name, kind=sheet.kind)
    yield from _page(sheet)
    yield from _measures(sheet)
    for area in sheet.merges:
        yield say("twin.merge", range=range_ref(area))
    yield from (_cells(sheet, areas) for areas in _alike(sheet))
    for areas, validation in _validations(sheet):
        yield _validation(areas, validation)
    for condition in sheet.conditions:
        yield _condition(condition, sheet.name)


def _page(sheet: SheetPlan) -> Iterator[str]:
    states = (
        "hidden" if sheet.hidden else "visible",
        "protected" if sheet.protected else "open",
        "landscape" if sheet.landscape else "portrait",
    )
    yield say("twin.state", states=say("word.and").join(say(f"twin.{state}") for state in states))
    if sheet.freeze is not None:
        yield say("twin.freeze", rows=sheet.freeze[0], columns=sheet.freeze[1])
    if sheet.repeat is not None:
        yield say("twin.repeat", first=sheet.repeat[0], last=sheet.repeat[1])
    if sheet.print_columns and sheet.print_bottom:
        yield say("twin.print_area", columns=sheet.print_columns, rows=sheet.print_bottom)
    if sheet.breaks:
        yield say("twin.breaks", rows=" ".join(map(str, sheet.breaks)))


def _measures(sheet: SheetPlan) -> Iterator[str]:
    for first, last, width in _stretches(sheet.widths):
        yield say("twin.width", range=_span(column_letters(first), column_letters(last)), value=width)
    for first, last, height in _stretches(sheet.heights):
        yield say("twin.height", range=_span(str(first), str(last)), value=height)


def _stretches(measures: Mapping[int, float]) -> list[tuple[int, int, str]]:
    """Return neighbours of one measure as (first, last, measure)."""
    result: list[tuple[int, int, str]] = []
    for index, measure in sorted(measures.items()):
        shown = f"{measure:g}" if float(f"{measure:g}") == measure else repr(measure)
        if result and result[-1][1] == index - 1 and result[-1][2] == shown:
            result[-1] = (result[-1][0], index, shown)
        else:
            result.append((index, index, shown))
    return result


def _span(first: str, last: str) -> str:
    return first if first == last else f"{first}:{last}"


def _validations(sheet: SheetPlan) -> list[tuple[tuple[Area, ...], Validation]]:
    """Return validations with all their areas, those in a row that differ in nothing else as one."""
    result: list[tuple[tuple[Area, ...], Validation]] = []
    for validation in sheet.validations:
        bare = replace(validation, areas=())
        if result and result[-1][1] == bare:
            result[-1] = ((*result[-1][0], *validation.areas), bare)
        else:
            result.append((validation.areas, bare))
    return result


def _validation(areas: Iterable[Area], validation: Validation) -> str:
    parts = [say("twin.validation", ranges=" ".join(map(range_ref, areas)), kind=validation.kind)]
    if validation.choices:
        parts.append(say("twin.choices", text=_text("|".join(validation.choices))))
    for key in ("title", "prompt", "error"):
        text = getattr(validation, key)
        if text:
            parts.append(say(f"twin.clerk_{key}", text=_text(text)))
    return " ".join(parts)


def _condition(condition: Condition, sheet: str) -> str:
    formula = print_formula(_shortened(condition.formula), sheet)
    return say("twin.condition", range=range_ref(condition.area), style=condition.style, formula=formula)


# Cells


class _Look(NamedTuple):
    """A cell as it is, apart from where it stands."""

    style: str
    locked: bool
    format: tuple[str, int, str]
    content: str


def _alike(sheet: SheetPlan) -> list[list[Area]]:
    """Return the cells in groups that look alike, by their first cell; areas of a group are one line."""
    looks = {spot: _look(plan, spot, sheet.name) for spot, plan in sheet.cells.items()}
    groups: dict[_Look, list[Area]] = {}
    for area in _areas(looks, sheet.name):
        groups.setdefault(looks[(area.top, area.left)], []).append(area)
    return list(groups.values())


def _areas(looks: Mapping[Spot, _Look], sheet: str) -> Iterator[Area]:
    """Yield rectangles of cells that look alike; they cover every cell once."""
    left_over = dict(looks)
    for row, column in sorted(looks):
        wanted = left_over.get((row, column))
        if wanted is None:
            continue
        right, bottom = column, row
        while left_over.get((row, right + 1)) == wanted:
            right += 1
        while all(left_over.get((bottom + 1, one)) == wanted for one in range(column, right + 1)):
            bottom += 1
        area = Area(sheet, row, column, bottom, right)
        for address in area.addresses():
            del left_over[(address.row, address.column)]
        yield area


def _look(plan: CellPlan, spot: Spot, sheet: str) -> _Look:
    content = _constant(plan.value)
    if plan.formula is not None:
        content = f"={print_formula(_relative(_shortened(plan.formula), spot), sheet)}"
    return _Look(plan.style, plan.locked, _format(plan.format, spot[0]), content)


def _format(text: str, row: int) -> tuple[str, int, str]:
    """Return a number format; a number in what it prints is counted from the row."""
    found = _NUMBERED.fullmatch(text)
    return (found[1], int(found[2]) - row, found[3]) if found else (text, 0, "")


def _cells(sheet: SheetPlan, areas: list[Area]) -> str:
    """Return the line of cells that look alike; it shows the first of them."""
    plan = sheet.cells[(areas[0].top, areas[0].left)]
    last = sheet.cells[(areas[-1].bottom, areas[-1].right)]
    parts = [*map(range_ref, areas), plan.style]
    if not plan.locked:
        parts.append(say("twin.input"))
    if plan.format:
        shown = plan.format if plan.format == last.format else f"{plan.format}…{last.format}"
        parts.append(say("twin.format", text=shown))
    if plan.formula is not None:
        parts.append(f"={print_formula(_shortened(plan.formula), sheet.name)}")
    elif plan.value is not None:
        parts.append(_constant(plan.value))
    return " ".join(parts)


def _constant(value: Value) -> str:
    """Return a constant so that no two kinds of value look the same; texts stay on one line."""
    if value is None or isinstance(value, Decimal):
        return "" if value is None else str(value)
    if isinstance(value, bool):
        return str(value).upper()
    return _text(value) if type(value) is str else str(value)


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


# Formulas


def _relative(tree: Node, spot: Spot) -> Node:
    """Return a formula with references counted from the cell it stands in, absolute ones as they are."""

    def counted(reference: Cell | Block) -> Node:
        sheet, *corners = reference.address if isinstance(reference, Cell) else reference.area
        if not reference.absolute:
            corners = [number - spot[index % 2] for index, number in enumerate(corners)]
        kind = "absolute" if reference.absolute else "relative"
        return Name(f"{kind}[{sheet}!{':'.join(map(str, corners))}]")

    return _with_references(tree, counted)


def _with_references(tree: Node, replace: Callable[[Cell | Block], Node]) -> Node:
    match tree:
        case Cell() | Block():
            return replace(tree)
        case Call():
            return Call(
                tree.function, tuple(_with_references(argument, replace) for argument in tree.arguments)
            )
        case Unary():
            return Unary(tree.operator, _with_references(tree.operand, replace))
        case Binary():
            first, rest = chain(tree)
            return _joined([("", first), *rest], lambda operand: _with_references(operand, replace))
        case _:
            return tree


def _joined(parts: list[Part], change: Callable[[Node], Node]) -> Node:
    result = change(parts[0][1])
    for operator, operand in parts[1:]:
        result = Binary(operator, result, change(operand))
    return result


def _shortened(tree: Node) -> Node:
    """Return a formula with the middle of each long run of operands or arguments left out."""
    match tree:
        case Call():
            parts = _without_middles([(",", argument) for argument in tree.arguments])
            return Call(tree.function, tuple(_shortened(argument) for _, argument in parts))
        case Unary():
            return Unary(tree.operator, _shortened(tree.operand))
        case Binary():
            first, rest = chain(tree)
            parts = [(_UNWRITTEN.get(PRECEDENCE[tree.operator], ""), first), *rest]
            return _joined(_without_middles(parts), _shortened)
        case _:
            return tree


def _without_middles(parts: list[Part]) -> list[Part]:
    if len(parts) < SHORTEST_RUN:
        return parts
    result: list[Part] = []
    start = 0
    while start < len(parts):
        end = _end_of_run(parts, start)
        if end - start >= SHORTEST_RUN:
            result += [parts[start], (parts[end - 1][0], MIDDLE), parts[end - 1]]
            start = end
        else:
            result.append(parts[start])
            start += 1
    return result


def _end_of_run(parts: list[Part], start: int) -> int:
    """Return where a run ends: each part is the one before it with the same references one cell on."""
    end, pattern = start + 1, None
    while end < len(parts) and parts[end][0] == parts[start][0]:
        moves = _moves(parts[end - 1][1], parts[end][1])
        if moves is None or pattern not in (None, moves):
            break
        pattern, end = moves, end + 1
    return end


def _moves(earlier: Node, later: Node) -> tuple[Move, ...] | None:
    """Return how far each reference moved, or ``None`` unless those that did moved one cell on."""
    if _frame(earlier) != _frame(later):
        return None
    moves = tuple(map(_move, references(earlier), references(later)))
    return moves if set(moves) - {STILL} in ONE_ON else None


def _frame(tree: Node) -> Node:
    return _with_references(tree, lambda reference: Name(f"{type(reference).__name__} {reference.absolute}"))


def _move(earlier: Cell | Block, later: Cell | Block) -> Move:
    """Return how far a reference moved as a whole; ``None`` if it went elsewhere or grew."""
    sheet, *before = earlier.address if isinstance(earlier, Cell) else earlier.area
    other, *after = later.address if isinstance(later, Cell) else later.area
    moved = [new - old for old, new in zip(before, after, strict=True)]
    whole = sheet == other and moved[:2] == moved[-2:]
    return (moved[0], moved[1]) if whole else None
