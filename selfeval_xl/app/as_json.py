"""Findings as JSON, in the shape that other programs rely on."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from selfeval_xl.amounts import show
from selfeval_xl.consolidation.reduce import Reduced
from selfeval_xl.findings import STATUSES, Finding, Reconciliation, message
from selfeval_xl.texts import say

if TYPE_CHECKING:
    from selfeval_xl.jobs.consolidate import Consolidated
    from selfeval_xl.jobs.register import Register
    from selfeval_xl.jobs.repair import Repaired


def files_json(files: Sequence[Reduced]) -> dict[str, Any]:
    """Return the files with their findings, and how many there are of each status."""
    counts = Counter(one.status for one in files)
    totals = {"files": len(files), **{status: counts[status] for status in STATUSES}}
    return {"files": [_file(one) for one in files], "totals": totals}


def consolidated_json(result: Consolidated) -> dict[str, Any]:
    """Return the same, and the summary: sums and adjustments per table and item, the departments by status."""
    counts = Counter(one.status for one in result.selection.accepted)
    places = result.form.decimals if result.form is not None else 0
    sums, adjusted = (
        {
            table: {item: _figure(total, places) for item, total in row.items()}
            for table, row in amounts.items()
        }
        for amounts in (result.sums, result.adjusted)
    )
    skipped = [{"file": str(one.path), "reason": reason} for one, reason in result.selection.skipped]
    departments = {status: counts[status] for status in STATUSES[:-1]}
    summary = {
        "form": result.form.id if result.form else None,
        "year": result.selection.year,
        "sums": sums,
        "adjustments": adjusted,
        "departments": {**departments, "refused": len(result.selection.refused)},
        "skipped": skipped,
        **({"control": result.control} if result.control else {}),
        **({"left_out": result.left_out} if result.left_out else {}),
    }
    return {**files_json(result.files), **register_json(result.register), "summary": summary}


def register_json(register: Register) -> dict[str, Any]:
    """Return the findings about no single file, and with a ledger what was entered and how many are in each state."""
    findings = {"findings": [_finding(finding) for finding in register.findings]}
    if register.ledger is None:
        return findings
    states = {say(f"ledger.state_{state}"): count for state, count in register.ledger.counts.items()}
    ledger = {"file": str(register.ledger.path), "entered": register.entered, "states": states}
    return {**findings, "ledger": ledger}


def repaired_json(repaired: Repaired, result: Reduced) -> dict[str, Any]:
    """Return the new workbook with its findings, and what came over from the old one and what did not."""
    summary = {
        "source": str(repaired.source),
        "came": repaired.came,
        "guessed": repaired.is_guessed,
        "renamed": [{"sheet": name, "found": there} for name, there in repaired.renamed],
        "missing": repaired.missing,
        "converted": [
            {"cell": one.place, "text": one.text, "number": one.taken} for one in repaired.converted
        ],
        "left": [{"cell": one.place, "kind": one.code, "text": one.text} for one in repaired.left],
    }
    return {**files_json([result]), "repair": summary}


def dumps(data: dict[str, Any]) -> str:
    """Return JSON as it is printed."""
    return json.dumps(data, ensure_ascii=False, indent=2)


def _file(one: Reduced) -> dict[str, Any]:
    return {
        "file": str(one.path),
        "department": one.department,
        "code": one.code,
        "year": one.year,
        "kind": None if one.kind is None else say(f"kind.{one.kind}"),
        "status": one.status,
        "reason": one.reason,
        "findings": [_finding(finding) for finding in one.findings],
        "doubts": [_finding(doubt) for doubt in one.doubts],
        "reconciliations": [_reconciliation(line) for line in one.reconciliations],
        "silenced": [{"rule": rule.rule, "reason": rule.reason} for rule in one.silenced],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "code": finding.code,
        "severity": finding.severity,
        "cells": [str(cell) for cell in finding.cells],
        "entity": finding.entity,
        "item": finding.item,
        "expected": _figure(finding.expected, finding.places),
        "actual": _figure(finding.actual, finding.places),
        "difference": _figure(finding.difference, finding.places),
        "causes": [cause.word for cause in finding.causes],
        "follows": finding.follows,
        "explanation": finding.explanation,
        "message": message(finding),
    }


def _reconciliation(line: Reconciliation) -> dict[str, Any]:
    return {
        "cell": str(line.cell),
        "scope": line.scope,
        "item": line.item,
        "item_cell": str(line.item_cell),
        "said": show(line.said, line.places),
        "figure": show(line.figure, line.places),
        "parts": [{"item": item, "amount": show(amount, line.places)} for item, amount in line.parts],
        "message": line.sentence(),
    }


def _figure(value: Decimal | str | None, places: int) -> str | None:
    return show(value, places) if isinstance(value, Decimal) else value or None
