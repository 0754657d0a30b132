"""A new ledger as a blueprint: the header, a row a department, the states to choose from."""

from __future__ import annotations

from collections.abc import Iterator

from selfeval_xl.blueprint.lists import BODY_ROW, HEADER_ROW, Column, put_body, start_sheet
from selfeval_xl.blueprint.model import Blueprint, Condition, Row, Validation
from selfeval_xl.cells import Address, Area
from selfeval_xl.consolidation.ledger import AGAIN, COLUMNS, MISSING, REPORTED, RETURNED, STATES, Ledger
from selfeval_xl.consolidation.ledger import headings as ledger_headings
from selfeval_xl.findings import ERROR, INFO, WARNING
from selfeval_xl.form.model import Form, Settings
from selfeval_xl.reports.findings_book import report_blueprint
from selfeval_xl.rules.tree import equal
from selfeval_xl.texts import say

WIDTHS = (10.0, 28.0, 12.0, 11.0, 9.0, 12.0, 8.0, 10.0, 11.0, 36.0, 28.0, 9.0, 9.0, 24.0, 20.0)
CENTRED = ("received", "revision", "state", "reviewed", "score", "grade")
SPARE_ROWS = 300
"""Rows below the last department that can still be filtered and offer the states."""

COLOURS = {MISSING: INFO, RETURNED: ERROR, AGAIN: WARNING, REPORTED: WARNING}


def ledger_sheet(ledger: Ledger, form: Form, settings: Settings, year: int | None) -> Blueprint:
    """Return a new workbook with the rows of a ledger that has no file yet."""
    blueprint = report_blueprint(form, settings, year)
    headings = ledger_headings()
    styles = {"hash": "check", **dict.fromkeys(CENTRED, "check.count")}
    columns = [
        Column(headings[name], width, style=styles.get(name, "check.text"))
        for name, width in zip(COLUMNS, WIDTHS, strict=True)
    ]
    name = say("ledger.name")
    facts = {"region": settings.region, "year": blueprint.year, "form": form.name}

    def rows() -> Iterator[Row]:
        return (Row([row.changes.get(name) for name in COLUMNS]) for row in ledger.rows)

    sheet = start_sheet(blueprint, name, columns, say("ledger.title", **facts), say("ledger.about"))
    put_body(sheet, BODY_ROW, columns, rows, len(ledger.rows))
    sheet.freeze = (HEADER_ROW, COLUMNS.index("department") + 1)
    last = BODY_ROW + len(ledger.rows) + SPARE_ROWS
    sheet.filtered = Area(name, HEADER_ROW, 1, last, len(columns))
    at = COLUMNS.index("state") + 1
    area = Area(name, BODY_ROW, at, last, at)
    words = tuple(say(f"ledger.state_{state}") for state in STATES)
    sheet.validations.append(Validation((area,), "list", words, error=say("ledger.choose")))
    first = Address(name, BODY_ROW, at)
    sheet.conditions += [
        Condition(area, colour, equal(first, say(f"ledger.state_{state}")))
        for state, colour in COLOURS.items()
    ]
    return blueprint
