"""What a workbook says of itself: form, version, kind, year, shape, and the bureau's settings.

It stands on a very hidden sheet, where formulas read the grade bands, and again in
the document properties, where other programs look.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from msgspec import Struct, to_builtins

from selfeval_xl.blueprint.model import Blueprint, CellPlan, Shape, SheetPlan
from selfeval_xl.form.model import Grade, Limit, Settings, Silenced
from selfeval_xl.texts import say

FILLING, FINAL = KINDS = ("filling", "final")
SUMMARY, REPORT = "summary", "report"
LINES = ("form", "edition", "version", "kind", "year", "shape", "settings")


class Identity(Struct, frozen=True):
    """What identifies a workbook; ``kind`` is one of :data:`KINDS`."""

    form_id: str
    edition: int
    version: str
    kind: str
    year: int
    shape: Shape
    settings: Settings

    @property
    def major(self) -> int:
        """Return the version of the layout."""
        return int(self.version.split(".")[0])


def place_identity(blueprint: Blueprint, sheet: SheetPlan) -> None:
    """Lay out the very hidden sheet and set the document properties."""
    sheet.hidden = True
    form = blueprint.form
    values: tuple[str | Decimal, ...] = (
        form.id,
        str(form.edition),
        form.version,
        say(f"kind.{blueprint.kind}"),
        Decimal(blueprint.year),
        _shape_text(blueprint.shape),
        _settings_text(blueprint.settings),
    )
    for row, (key, value) in enumerate(zip(LINES, values, strict=True), start=1):
        sheet.put(row, 1, CellPlan("label", say(f"settings.{key}")))
        address = sheet.put(row, 2, CellPlan("check", value))
        if key == "year":
            blueprint.places.year = address
    _place_grades(blueprint, sheet, len(LINES) + 2)
    for key, value in zip(LINES[:5], values[:5], strict=True):
        blueprint.properties[key] = str(value)


def _place_grades(blueprint: Blueprint, sheet: SheetPlan, top: int) -> None:
    sheet.put(top, 1, CellPlan("label", say("settings.grade")))
    sheet.put(top, 2, CellPlan("label", say("settings.lowest")))
    grades = []
    for row, grade in enumerate(blueprint.settings.grades, start=top + 1):
        name = sheet.put(row, 1, CellPlan("check", grade.name))
        grades.append((name, sheet.put(row, 2, CellPlan("check", grade.lowest))))
    blueprint.places.grades = tuple(grades)


def _shape_text(shape: Shape) -> str:
    values = {"rows": shape.rows, "entity": shape.entity, "blocks": dict(shape.blocks)}
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def _settings_text(settings: Settings) -> str:
    return json.dumps(to_builtins(settings), ensure_ascii=False, separators=(",", ":"), default=str)


def read_identity(lines: dict[str, str]) -> Identity:
    """Return the identity from the settings sheet's lines; raises ``ValueError`` where it is none."""
    try:
        kinds = {say(f"kind.{kind}"): kind for kind in KINDS}
        found = {key: lines[say(f"settings.{key}")] for key in LINES}
        return Identity(
            form_id=found["form"],
            edition=int(found["edition"]),
            version=found["version"],
            kind=kinds[found["kind"]],
            year=int(found["year"]),
            shape=_shape(json.loads(found["shape"])),
            settings=_settings(json.loads(found["settings"])),
        )
    except (KeyError, TypeError, AttributeError, IndexError, ArithmeticError) as error:
        raise ValueError(f"no workbook of this program: {error}") from None


def _shape(values: dict[str, object]) -> Shape:
    blocks = values["blocks"]
    if not isinstance(blocks, dict) or not isinstance(values["rows"], int):
        raise ValueError("the shape is damaged")
    return Shape(
        values["rows"], tuple((str(key), int(rows)) for key, rows in blocks.items()), bool(values["entity"])
    )


def _settings(values: dict[str, Any]) -> Settings:
    grades, silenced, limits = values["grades"], values["silenced"], values.get("limits", [])
    if not all(isinstance(one, list) for one in (grades, silenced, limits)):
        raise ValueError("the settings are damaged")
    rest = {key: value for key, value in values.items() if key not in ("grades", "silenced", "limits")}
    return Settings(
        **rest,
        grades=tuple(Grade(str(one["name"]), Decimal(one["lowest"])) for one in grades),
        silenced=tuple(Silenced(**one) for one in silenced),
        limits=tuple(Limit(one["rule"], one["name"], Decimal(one["value"])) for one in limits),
    )
