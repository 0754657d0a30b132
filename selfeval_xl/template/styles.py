"""How each kind of cell looks.

The blueprint names styles; here they become XlsxWriter's properties.  Font names are
texts of the catalogue, because those of official papers are Chinese.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from selfeval_xl.findings import ERROR, INFO, WARNING
from selfeval_xl.texts import say

Properties = dict[str, Any]

INPUT = "#FFF9E5"
HEAD = "#F2F2F2"
FAINT = "#808080"
FAINT_LINE = "#D9D9D9"
WRONG = "#FFC7CE"
WRONG_TEXT = "#9C0006"
LINK = "#0563C1"

THIN, HAIR = 1, 7
GB2312 = 134

_BOX: Properties = {"border": THIN}
_CENTRE: Properties = {"align": "center", "valign": "vcenter", "text_wrap": True}
_WRAPPED: Properties = {"align": "left", "valign": "top", "text_wrap": True}
_LEFT: Properties = {"align": "left", "valign": "vcenter"}
_RIGHT: Properties = {"align": "right", "valign": "vcenter"}
_SMALL: Properties = {"font_size": 9, "font_color": FAINT}
_SIDES: Properties = {"left": THIN, "right": THIN}
_SHRUNK: Properties = {"shrink": True}


_MARKS: dict[str, Properties] = {
    ERROR: {"bg_color": WRONG, "font_color": WRONG_TEXT},
    WARNING: {"bg_color": "#FFEB9C", "font_color": "#7F6000"},
    INFO: {"bg_color": "#DDEBF7"},
}
"""The colours of severities."""


@lru_cache(maxsize=1)
def styles() -> dict[str, Properties]:
    """Return the properties of every style."""
    title: Properties = {"font_name": say("font.title"), "bold": True}
    prose: Properties = {"font_name": say("font.text")}
    tinted: Properties = {"bg_color": INPUT}
    cover: Properties = {**prose, "font_size": 16, "text_wrap": True}
    return {
        "line.cover": {**title, **_CENTRE, "font_size": 22, "valign": "bottom"},
        "line.subtitle": {**title, **_CENTRE, "font_size": 22, "valign": "top"},
        "line.section": {**title, **_LEFT, "font_size": 15},
        "line.title": {**title, **_CENTRE, "font_size": 15},
        "line.maker": {**cover, **_CENTRE, "valign": "bottom"},
        "caption": _LEFT,
        "caption.right": _RIGHT,
        "header": {**_BOX, **_CENTRE, "bold": True, "bg_color": HEAD},
        "header.side": {**_BOX, **_CENTRE, **_SMALL},
        "label": {**_BOX, **_CENTRE},
        "label.cover": {**cover, **_RIGHT, "valign": "bottom"},
        "label.side": {**_CENTRE, **_SMALL},
        "label.block": {**_BOX, **_CENTRE},
        "name": {**_BOX, **_LEFT, **_SHRUNK},
        "name.wrapped": {**_BOX, **_LEFT, "text_wrap": True},
        "name.total": {**_BOX, **_LEFT, "bold": True, "text_wrap": True},
        "name.input": {**_BOX, **_LEFT, **tinted, "text_wrap": True},
        "amount": {**_BOX, **_RIGHT, **_SHRUNK},
        "amount.total": {**_BOX, **_RIGHT, **_SHRUNK, "bold": True},
        "amount.input": {**_BOX, **_RIGHT, **_SHRUNK, **tinted},
        "side": {**_BOX, **_LEFT, "font_size": 9},
        "side.input": {**_BOX, **_LEFT, **tinted, "font_size": 9},
        "number.input": {**_BOX, **_LEFT, "indent": 1, **tinted},
        "date.input": {**_BOX, **_LEFT, "indent": 1, **tinted},
        "field": {**_BOX, **_LEFT, "indent": 1, "text_wrap": True},
        "field.input": {**_BOX, **_LEFT, "indent": 1, **tinted, "text_wrap": True},
        "field.cover": {**cover, **_LEFT, "indent": 1, "valign": "bottom", "bottom": THIN},
        "field.cover.input": {**cover, **_LEFT, "indent": 1, "valign": "bottom", "bottom": THIN, **tinted},
        **_text_styles(prose, tinted),
        "mark.input": {**_CENTRE, **tinted, "font_size": 9},
        "heading": {**title, **_LEFT, "font_size": 12},
        **_edged("sign", {**prose, **_CENTRE}),
        "help": {**_WRAPPED},
        **_letter_styles(prose),
        "status": {**_LEFT, "bold": True, "valign": "bottom"},
        "verdict.head": {**_CENTRE, **_SMALL},
        "verdict": {**_CENTRE, **_SMALL},
        "verdict.amount": {**_RIGHT, **_SMALL, **_SHRUNK},
        "check": {**_BOX, **_LEFT},
        "check.text": {**_BOX, **_LEFT, "text_wrap": True},
        "check.count": {**_BOX, **_CENTRE},
        "check.verdict": {**_BOX, **_CENTRE, "bold": True},
        "check.amount": {**_BOX, **_RIGHT, **_SHRUNK},
        "check.link": {**_BOX, **_LEFT, "font_color": LINK, "underline": 1},
        "check.faint": {**_BOX, **_SMALL},
        "check.figure": {**_BOX, **_RIGHT, "text_wrap": True},
        "result": {**_BOX, **_WRAPPED, "border": HAIR},
        "wrong": {"bg_color": WRONG, "font_color": WRONG_TEXT},
        **_MARKS,
    }


def _edged(name: str, look: Properties) -> dict[str, Properties]:
    """Return the styles of rows that make one box: the first, those between, the last, an only one."""
    top, bottom = {"top": THIN}, {"bottom": THIN}
    return {
        name: {**look, **_SIDES},
        f"{name}.top": {**look, **_SIDES, **top},
        f"{name}.bottom": {**look, **_SIDES, **bottom, "align": "right" if name == "sign" else "left"},
        f"{name}.top.bottom": {**look, **_SIDES, **top, **bottom},
    }


def _letter_styles(prose: Properties) -> dict[str, Properties]:
    """Return the styles of a letter's lines."""
    line: Properties = {**prose, "font_size": 12, "valign": "vcenter", "text_wrap": True}
    return {
        "letter": {**line, "align": "left"},
        "letter.strong": {**line, "align": "left", "bold": True},
        "letter.centre": {**line, "align": "center"},
        "letter.right": {**line, "align": "right"},
    }


def _text_styles(prose: Properties, tinted: Properties) -> dict[str, Properties]:
    """Return the styles of rows of text; a faint line parts them where they are filled in."""
    goal = {**prose, **_WRAPPED, "top": HAIR, "bottom": HAIR}
    final = {
        **_edged("text", {**prose, **_WRAPPED}),
        **_edged("text.goal", goal),
        "text.plain": {**prose, **_WRAPPED},
    }
    faint: Properties = {"bottom": HAIR, "bottom_color": FAINT_LINE}
    typed = {name: look if look.get("bottom") == THIN else {**faint, **look} for name, look in final.items()}
    return {**final, **{f"{name}.input": {**look, **tinted} for name, look in typed.items()}}


FINAL_STYLES = {
    "name": "name.wrapped",
    "name.input": "name.wrapped",
    "amount.input": "amount",
    "number.input": "field",
    "date.input": "field",
    "mark.input": "verdict",
}
"""What an input cell looks like once it is final, unless it only loses its tint."""

_INPUT_SUFFIX = ".input"


def final_style(style: str) -> str:
    """Return how a cell looks in a final workbook: no tint."""
    return FINAL_STYLES.get(style, style.removesuffix(_INPUT_SUFFIX))


AMOUNT_STYLES = frozenset(
    {"amount", "amount.total", "amount.input", "verdict.amount", "check.amount", "check.figure"}
)


def properties(
    style: str, locked: bool, number_format: str, decimals: int, edges: Iterable[str] = (), mark: str = ""
) -> Properties:
    """Return the properties of a cell; amounts show the form's decimals, *edges* close a box, *mark* colours it."""
    found = dict(styles()[style])
    if "left" in found:
        found |= dict.fromkeys(edges, THIN)
    found.setdefault("font_name", say("font.body"))
    found.setdefault("font_size", 11)
    # Where the font is missing, a program then takes another Chinese one.
    found["font_charset"] = GB2312
    found["locked"] = locked
    if number_format:
        found["num_format"] = number_format
    elif style in AMOUNT_STYLES:
        found["num_format"] = "#,##0." + "0" * decimals if decimals else "#,##0"
    return found | _MARKS[mark] if mark else found


def condition_properties(style: str) -> Properties:
    """Return the properties of a conditional format, which takes neither font nor size."""
    return dict(styles()[style])
