"""The blocks of a blueprint that have as many rows as a report needs: texts, goals, headings, lists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from selfeval_xl.blueprint.model import Blueprint, TextPlace


class BlockPlace(NamedTuple):
    """A block: its id in a shape, where it stands, and its columns, of marks or not."""

    id: str
    sheet: str
    first: int
    rows: int
    columns: tuple[tuple[int, bool], ...]


def block_places(plan: Blueprint) -> Iterator[BlockPlace]:
    """Yield every block of *plan*."""
    yield from _texts(plan)
    for key, goals in plan.form.goals.items():
        for pair in goals.classes:
            if pair in plan.places.goals:
                spots = plan.places.goals[pair]
                yield _block(".".join((*key, *pair)), spots.goal, spots.done)
    for label, block in plan.form.headings.items():
        for number in ("", *(one.number for one in block.headings)):
            if number in plan.places.headings:
                yield _block(f"{label}/{number}", plan.places.headings[number])
    for label, place in plan.places.lists.items():
        columns = tuple((column, False) for column in place.columns.values())
        yield BlockPlace(label, place.sheet, place.first_row, place.rows, columns)


def _texts(plan: Blueprint) -> Iterator[BlockPlace]:
    for key, text in plan.form.texts.items():
        spots = [plan.places.texts.get((*key, label)) for label in text.columns or ("",)]
        there = [spot for spot in spots if spot is not None]
        if there:
            yield _block(".".join(key), *there)


def _block(block_id: str, *spots: TextPlace) -> BlockPlace:
    columns = tuple(one for spot in spots for one in ((spot.column, False), (spot.mark_column, True)))
    return BlockPlace(block_id, spots[0].sheet, spots[0].first_row, spots[0].rows, columns)
