"""The mistakes that clerks make: each is found where a clerk must look first, and nothing else is said."""

from pathlib import Path

import pytest

from tests.support.mistakes import LAST, LEFT_OUT, MISTAKES, Planted, Said, numbers, plant, said_of, wanted

# Mistakes that no rule finds yet, or that say more than one thing. It must shrink to nothing.
SEED = 7


def test_every_mistake_is_planted_or_left_out_with_a_reason() -> None:
    assert sorted([*numbers(), *LEFT_OUT]) == list(range(1, LAST + 1))
    assert {number for number in MISTAKES if number in LEFT_OUT} == set()
    assert all(LEFT_OUT.values())


@pytest.mark.parametrize("number", numbers())
def test_a_mistake_is_found_at_its_cell_and_nothing_else(tmp_path: Path, number: int) -> None:
    said = said_of(plant(number, SEED, tmp_path, quick=True))
    assert said.found, f"{MISTAKES[number].words}: {wanted(said.planted.expected)}, but {said.first}"
    assert said.alarms == []


def is_good(said: Said) -> bool:
    return said.found and not said.alarms


def test_the_same_seed_plants_the_same_mistake(tmp_path: Path) -> None:
    def both(number: int) -> tuple[Planted, Planted]:
        return plant(number, SEED, tmp_path / "a"), plant(number, SEED, tmp_path / "b")

    for number in (1, 29, 53):
        first, second = both(number)
        assert first.expected == second.expected
        assert first.path.read_bytes() == second.path.read_bytes()
