"""Summaries that hold the same reports, told apart by digests, figures and names."""

from decimal import Decimal as D
from pathlib import Path

from selfeval_xl.consolidation.overlaps import part_overlaps
from selfeval_xl.consolidation.reduce import Line, Reduced
from selfeval_xl.consolidation.select import Selection

KEY = ("收入", "收入合计")


def region(name: str, level: int, amount: int, *parts: str, below: tuple[Line, ...] = ()) -> Reduced:
    one = Reduced(Path(f"{name}.xlsx"), "clean", department=name, level=level, sha256=name)
    one.parts = frozenset(parts)
    one.lines = [line(name, amount), *below]
    return one


def line(name: str, amount: int) -> Line:
    return Line(name, {KEY: D(amount)})


def accepted(*files: Reduced) -> tuple[list[str | None], list[str]]:
    """The regions that count, and the rules that speak against the others."""
    selection = Selection(accepted=list(files))
    part_overlaps(selection)
    assert len(selection.accepted) + len(selection.skipped) == len(files)
    against = {one.path for one, _ in selection.skipped if one.findings}
    assert against == {one.path for one in selection.conflicts} == selection.rivals.keys()
    rules = [finding.code for one, _ in selection.skipped for finding in one.findings]
    return [one.department for one in selection.accepted], rules


COUNTY = region("甲县", 1, 5, "a", "b")


def test_regions_with_nothing_in_common_all_count() -> None:
    assert accepted(COUNTY, region("乙县", 1, 5, "c")) == (["甲县", "乙县"], [])


def test_one_that_went_into_another_is_skipped_by_its_digest() -> None:
    assert accepted(COUNTY, region("某市", 2, 9, "甲县")) == (["某市"], [])


def test_one_that_was_saved_anew_is_skipped_by_its_name_and_figures() -> None:
    assert accepted(COUNTY, region("某市", 2, 9, "x", below=(line("甲 县", 5),))) == (["某市"], [])


def test_two_that_share_a_file_are_a_conflict() -> None:
    left, rules = accepted(
        region("甲县", 1, 5, "a", "b"), region("乙县", 1, 7, "b", "c"), region("丙县", 1, 1, "d")
    )
    assert (left, rules) == (["丙县"], ["summary.shared"] * 2)


def test_a_namesake_with_other_figures_does_not_count() -> None:
    left, rules = accepted(region("甲县", 1, 6, "a"), region("某市", 2, 9, "x", below=(line("甲县", 5),)))
    assert (left, rules) == (["某市"], ["summary.namesake"])


def test_a_department_called_like_a_region_of_the_same_level_is_none() -> None:
    assert accepted(COUNTY, region("乙县", 1, 9, "x", below=(line("甲县", 5),)))[0] == ["甲县", "乙县"]
