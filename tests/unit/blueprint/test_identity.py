"""What a workbook says of itself, written and read back; what is damaged is no workbook of ours."""

import json
from decimal import Decimal

import pytest
from msgspec.structs import replace

from selfeval_xl.blueprint.build import build
from selfeval_xl.blueprint.identity import LINES, Identity, read_identity
from selfeval_xl.blueprint.model import Blueprint, Shape
from selfeval_xl.form.model import Grade, Settings, Silenced
from selfeval_xl.texts import say
from tests.support import small_report as small

SHAPES = [
    Shape(3),
    Shape(1, entity=True),
    Shape(9, (("基本概况.职能职责概述", 12), ("notes", 30), ("评价报告综述/", 2))),
]
SETTINGS = [
    small.settings(),
    replace(
        small.settings(),
        year=2023,
        region="“南”县\\",
        grades=(Grade("合格", Decimal(60)), Grade("不合格", Decimal(0))),
        silenced=(Silenced("X-03", "试点，见函〔2023〕1号"),),
    ),
]


def lines(built: Blueprint) -> dict[str, str]:
    """Return the settings sheet as it would be read from a file."""
    cells = built.sheet("_设置").cells
    return {
        str(cells[row, 1].value): format(value, "f") if isinstance(value, Decimal) else str(value)
        for row in range(1, len(LINES) + 1)
        for value in [cells[row, 2].value]
    }


def sound() -> dict[str, str]:
    return lines(build(small.form(), small.settings(), Shape(3), 2022))


@pytest.mark.parametrize("kind", ["filling", "final"])
@pytest.mark.parametrize("used", SETTINGS, ids=["own", "others"])
@pytest.mark.parametrize("shape", SHAPES, ids=["small", "entity", "blocks"])
def test_the_identity_comes_back_as_it_was_written(shape: Shape, used: Settings, kind: str) -> None:
    form = small.form()
    found = read_identity(lines(build(form, used, shape, 2023, kind)))
    assert found == Identity(form.id, form.edition, form.version, kind, 2023, shape, used)
    assert found.major == form.major


def test_the_blueprint_of_an_identity_is_the_workbooks_own() -> None:
    built = build(small.form(), SETTINGS[1], SHAPES[2], 2023)
    found = read_identity(lines(built))
    assert build(small.form(), found.settings, found.shape, found.year, found.kind).sheets == built.sheets


def test_the_sheet_is_hidden_and_the_properties_say_the_same() -> None:
    built = build(small.form(), small.settings(), Shape(3), 2022)
    assert built.sheet("_设置").hidden
    assert built.properties == {
        "form": "linxiang-zhengti",
        "edition": "2022",
        "version": small.form().version,
        "kind": "填报",
        "year": "2022",
    }


def test_the_grade_bands_stand_where_formulas_read_them() -> None:
    built = build(small.form(), small.settings(), Shape(3), 2022)
    bands = []
    for name, lowest in built.places.grades:
        plans = built.plan(name), built.plan(lowest)
        bands.append(tuple(str(plan.value) for plan in plans if plan is not None))
    assert bands == [("优", "90"), ("良", "80"), ("中", "60"), ("差", "0")]


@pytest.mark.parametrize("key", LINES)
def test_a_missing_line_makes_it_no_workbook_of_ours(key: str) -> None:
    found = sound()
    del found[say(f"settings.{key}")]
    with pytest.raises(ValueError, match="no workbook of this program"):
        read_identity(found)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("edition", "二〇二二"),
        ("year", "2022.5"),
        ("kind", "汇总"),
        ("kind", ""),
        ("shape", "{"),
        ("shape", "[]"),
        ("shape", "null"),
        ("shape", '{"rows": "3", "entity": false, "blocks": {}}'),
        ("shape", '{"rows": 3, "entity": false, "blocks": []}'),
        ("shape", '{"rows": 3, "entity": false, "blocks": {"notes": null}}'),
        ("shape", '{"rows": 3, "blocks": {}}'),
        ("settings", "None"),
        ("settings", "{}"),
        ("settings", '{"grades": {}, "silenced": []}'),
        ("settings", '{"grades": [], "silenced": [], "nonesuch": 1}'),
    ],
)
def test_a_damaged_line_makes_it_no_workbook_of_ours(key: str, value: str) -> None:
    found = sound()
    found[say(f"settings.{key}")] = value
    with pytest.raises(ValueError, match=r"."):
        read_identity(found)


@pytest.mark.parametrize("grades", [[1], [[]], [{"name": "优"}], [{"name": "优", "lowest": "高"}]])
def test_damaged_grades_make_it_no_workbook_of_ours(grades: list[object]) -> None:
    found = sound()
    values = json.loads(found[say("settings.settings")])
    found[say("settings.settings")] = json.dumps({**values, "grades": grades})
    with pytest.raises(ValueError, match=r"."):
        read_identity(found)
