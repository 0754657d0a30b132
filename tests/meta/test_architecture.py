"""Imports point down only, those inside functions and under TYPE_CHECKING included (docs/design.md)."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "selfeval_xl"

# Every room, from the ground up. Rooms in one line do not know each other; each knows what it needs of those before.
LEVELS = (
    {"amounts", "cells", "dates", "names"},
    {"texts", "shipped"},
    {"findings"},
    {"rules", "ooxml", "runs"},
    {"form"},
    {"blueprint"},
    {"template", "narrative"},
    {"reports", "submission"},
    {"consolidation"},
    {"papers"},
    {"jobs"},
    {"app"},
)
# DESIGN.md draws these on one level; the first of each pair stands on the second.
NEIGHBOURS_IN_ORDER = {("findings", "texts"), ("consolidation", "submission"), ("papers", "consolidation")}
THIRD_PARTY = {
    "xlsxwriter": {"template"},
    "pyarrow": {"template"},
    "click": {"app"},
    "xlwings": {"app"},
    "pyopenvba": {"ooxml"},
    "distributed": {"runs"},
    "tomli": {"form", "narrative", "texts"},
}
# What takes the place of a part of the standard library, and is used wherever that would be.
EVERYWHERE = {"msgspec"}
LEVEL = {room: number for number, rooms in enumerate(LEVELS) for room in rooms}


def room_of(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else ""


def modules() -> dict[str, Path]:
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        found[".".join(parts).removesuffix(".__init__")] = path
    return found


MODULES = modules()


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, wherever in it the import stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            below = [f"{node.module}.{name.name}" for name in node.names]
            yield from (name if name in MODULES else str(node.module) for name in below)


def own_imports() -> list[tuple[str, str]]:
    return [
        (module, wanted)
        for module, path in MODULES.items()
        for wanted in imports(path)
        if wanted.split(".")[0] == "selfeval_xl"
    ]


def test_every_module_stands_in_a_room_of_the_plan() -> None:
    rooms = {room_of(module) for module in MODULES if room_of(module)}
    assert rooms == set(LEVEL)


def test_imports_point_down_only() -> None:
    wrong = []
    for module, wanted in own_imports():
        here, there = room_of(module), room_of(wanted)
        if here == there or not there:
            continue
        if LEVEL[there] >= LEVEL[here]:
            wrong.append(f"{module} imports {wanted}")
    assert wrong == []


def test_what_design_draws_on_one_level_is_split_only_where_the_code_needs_it() -> None:
    used = {(room_of(module), room_of(wanted)) for module, wanted in own_imports()}
    assert used >= NEIGHBOURS_IN_ORDER


def test_no_module_imports_itself_in_a_circle() -> None:
    graph: dict[str, set[str]] = {}
    for module, wanted in own_imports():
        graph.setdefault(module, set()).add(wanted)
    done: set[str] = set()

    def visit(module: str, way: tuple[str, ...]) -> None:
        assert module not in way, " → ".join([*way[way.index(module) :], module])
        if module in done:
            return
        for wanted in sorted(graph.get(module, ())):
            visit(wanted, (*way, module))
        done.add(module)

    for module in sorted(graph):
        visit(module, ())


def test_other_peoples_packages_are_used_only_in_their_room() -> None:
    used: dict[str, set[str]] = {}
    for module, path in MODULES.items():
        for wanted in imports(path):
            top = wanted.split(".")[0]
            if top not in {"selfeval_xl", *EVERYWHERE, *sys.stdlib_module_names}:
                used.setdefault(top, set()).add(room_of(module))
    assert used == THIRD_PARTY


@pytest.mark.parametrize("package", sorted(EVERYWHERE | THIRD_PARTY.keys()))
def test_a_package_that_is_used_is_declared(package: str) -> None:
    text = (PACKAGE.parent / "pyproject.toml").read_text(encoding="utf-8")
    needed = text.split("dependencies = [")[1].split("]")[0].lower()
    optional = text.split("[project.optional-dependencies]")[1].split("\n\n")[0].lower()
    assert f'"{package}' in needed + optional


def test_xlwings_is_imported_in_one_place_only() -> None:
    assert [module for module, path in MODULES.items() if "xlwings" in set(imports(path))] == [
        "selfeval_xl.app.excel"
    ]
