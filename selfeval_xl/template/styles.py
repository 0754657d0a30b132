"""How each kind of cell looks.

The blueprint names styles; here they become XlsxWriter's properties.  Font names are
texts of the catalogue, because those of official papers are Chinese.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from selfeval_xl.texts import say

Properties = dict[str, Any]

INPUT = "#FFF9E5"
HEAD = "#F2F2F2"
FAINT = "#808080"
WRONG = "#FFC7CE"
WRONG_TEXT = "#9C0006"
LINK = "#0563C1"

_BOX: Properties = {"border": 1}
_CENTRE: Properties = {"align": "center", "valign": "vcenter", "text_wrap": True}
_WRAPPED: Properties = {"align": "left", "valign": "top", "text_wrap": True}
_LEFT: Properties = {"align": "left", "valign": "vcenter"}
_RIGHT: Properties = {"align": "right", "valign": "vcenter"}
_SMALL: Properties = {"font_size": 9, "font_color": FAINT}


@lru_cache(maxsize=1)
def styles() -> dict[str, Properties]:
    """Return the properties of every style."""
    title: Properties = {"font_name": say("font.title"), "bold": True}
    tinted: Properties = {"bg_color": INPUT}
    return {
        "line.cover": {**title, **_CENTRE, "font_size": 22},
        "line.title": {**title, **_LEFT, "font_size": 14},
        "line.maker": {**_CENTRE, "font_size": 16},
        "caption": _LEFT,
        "caption.right": _RIGHT,
        "header": {**_BOX, **_CENTRE, "bold": True, "bg_color": HEAD},
        "header.side": {**_BOX, **_CENTRE, **_SMALL},
        "label": {**_BOX, **_CENTRE},
        "label.side": {**_CENTRE, **_SMALL},
        "label.block": {**_BOX, **_CENTRE, "bold": True},
        "name": {**_BOX, **_LEFT, "text_wrap": True},
        "name.total": {**_BOX, **_LEFT, "bold": True, "text_wrap": True},
        "name.input": {**_BOX, **_LEFT, **tinted, "text_wrap": True},
        "amount": {**_BOX, **_RIGHT},
        "amount.total": {**_BOX, **_RIGHT, "bold": True},
        "amount.input": {**_BOX, **_RIGHT, **tinted},
        "side.input": {**_BOX, **_LEFT, **tinted, "font_size": 9},
        "number.input": {**_BOX, **_LEFT, **tinted},
        "date.input": {**_BOX, **_LEFT, **tinted},
        "field": {**_BOX, **_LEFT, "text_wrap": True},
        "field.input": {**_BOX, **_LEFT, **tinted, "text_wrap": True},
        "text.input": {**_BOX, **_WRAPPED, **tinted},
        "text": {**_BOX, **_WRAPPED},
        "mark.input": {**_CENTRE, **tinted, "font_size": 9},
        "heading": {**title, **_LEFT, "font_size": 12},
        "sign": {**_RIGHT, "border": 0},
        "help": {**_WRAPPED},
        "status": {**_LEFT, "bold": True},
        "verdict.head": {**_CENTRE, **_SMALL},
        "verdict": {**_CENTRE, **_SMALL},
        "verdict.amount": {**_RIGHT, **_SMALL},
        "check": {**_BOX, **_LEFT},
        "check.text": {**_BOX, **_LEFT, "text_wrap": True},
        "check.verdict": {**_BOX, **_CENTRE, "bold": True},
        "check.amount": {**_BOX, **_RIGHT},
        "check.link": {**_BOX, **_LEFT, "font_color": LINK, "underline": 1},
        "check.faint": {**_BOX, **_SMALL},
        "wrong": {"bg_color": WRONG, "font_color": WRONG_TEXT},
    }


FINAL_STYLES = {
    "name.input": "name",
    "amount.input": "amount",
    "number.input": "field",
    "date.input": "field",
    "field.input": "field",
    "text.input": "text",
    "mark.input": "verdict",
    "side.input": "verdict",
}
"""What an input cell looks like once it is final: no tint."""

AMOUNT_STYLES = frozenset({"amount", "amount.total", "amount.input", "verdict.amount", "check.amount"})


def properties(style: str, locked: bool, number_format: str, decimals: int) -> Properties:
    """Return the properties of a cell; amounts show the form's decimals."""
    found = dict(styles()[style])
    found.setdefault("font_name", say("font.body"))
    found.setdefault("font_size", 11)
    found["locked"] = locked
    if number_format:
        found["num_format"] = number_format
    elif style in AMOUNT_STYLES:
        found["num_format"] = "#,##0." + "0" * decimals if decimals else "#,##0"
    return found


def condition_properties(style: str) -> Properties:
    """Return the properties of a conditional format, which takes neither font nor size."""
    return dict(styles()[style])
