"""Which files count, whatever their order: the final one, the latest, none where two rivals differ."""

import itertools
from decimal import Decimal as D
from pathlib import Path

import pytest

from selfeval_xl.consolidation.reduce import Reduced
from selfeval_xl.consolidation.select import Selection, select

# name     code dept    kind    times year contents what
FILES = """
a.xlsx     001  财政局  filling 1     2022 aa   -
b.xlsx     001  财政局  final   1     2022 ab   -
c.xlsx     002  卫健局  filling 1     2022 ba   -
d.xlsx     002  卫健局  filling 2     2022 bb   -
e.xlsx     003  水利局  filling 1     2022 ca   -
f.xlsx     003  水利局  filling 1     2022 cb   -
g.xlsx     004  交通局  filling 1     2022 da   -
h.xlsx     004  交通局  filling 1     2022 da   -
i.xlsx     005  教育局  filling 1     2021 ea   -
j.xlsx     -    （农业）局  filling 1  2022 fa   -
k.xlsx     -    农业局  filling 2     2022 fb   -
l.xlsx     006  体育局  filling 1     -    ga   -
m.xlsx     007  某中心  filling 1     2022 ha   entity
n.xlsx     -    -       -       1     -    ia   refused
o.xlsx     -    -       -       1     -    ja   summary
p.xlsx     008  港务处  filling 1     2022 ka   other-form
""".strip().splitlines()

ACCEPTED = ["b.xlsx", "d.xlsx", "g.xlsx", "l.xlsx", "k.xlsx"]
SKIPPED = {
    "a.xlsx": "同一部门另有“b.xlsx”，采用那一份",
    "c.xlsx": "同一部门另有“d.xlsx”，采用那一份",
    "e.xlsx": "与“f.xlsx”是同一部门、同一报送次数，无法决定采用哪一份",
    "f.xlsx": "与“e.xlsx”是同一部门、同一报送次数，无法决定采用哪一份",
    "h.xlsx": "与“g.xlsx”内容相同，只计一份",
    "i.xlsx": "是 2021 年度的，本次汇总 2022 年度",
    "j.xlsx": "同一部门另有“k.xlsx”，采用那一份",
    "m.xlsx": "是单个机构的表，须先在部门内汇总",
    "o.xlsx": "是“汇总”文件，不是填报表。",
    "p.xlsx": "是另一种表单（wharf-2024），不能一起汇总",
}


def file(line: str) -> Reduced:
    name, code, department, kind, revision, year, contents, what = (
        None if part == "-" else part for part in line.split()
    )
    form = "wharf-2024" if what == "other-form" else "linxiang-zhengti-2022"
    reasons = {"refused": "文件已损坏。", "summary": "是“汇总”文件，不是填报表。"}
    return Reduced(
        Path(str(name)),
        "refused" if what in reasons else "clean",
        reasons.get(str(what)),
        form_path=None if what in reasons else Path(form) / "form.toml",
        kind=kind,
        entity_only=what == "entity",
        other_kind=what == "summary",
        department=department,
        code=code,
        year=None if year is None else int(year),
        revision=D(str(revision)),
        sha256=str(name),
        content=str(contents),
    )


def outcome(selection: Selection) -> tuple[list[str], dict[str, str], list[str], list[str]]:
    return (
        [one.path.name for one in selection.accepted],
        {one.path.name: reason for one, reason in selection.skipped},
        [one.path.name for one in selection.refused],
        sorted(one.path.name for one in selection.conflicts),
    )


def chosen(*lines: str) -> Selection:
    return select([file(line) for line in lines])


def test_every_file_is_accepted_skipped_with_a_reason_or_refused() -> None:
    selection = chosen(*FILES)
    assert outcome(selection) == (ACCEPTED, SKIPPED, ["n.xlsx"], ["e.xlsx", "f.xlsx"])
    assert (selection.year, selection.form_path) == (2022, Path("linxiang-zhengti-2022/form.toml"))


@pytest.mark.parametrize("shift", range(1, len(FILES), 3))
def test_the_order_of_the_files_does_not_matter(shift: int) -> None:
    turned = FILES[shift:] + FILES[:shift]
    assert outcome(chosen(*turned)) == outcome(chosen(*FILES)) == outcome(chosen(*reversed(turned)))


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_what_says_the_same_in_another_file_is_no_rival(order: tuple[int, ...]) -> None:
    lines = [
        "a.xlsx 001 财政局 filling 2 2022 aa -",
        "b.xlsx 001 财政局 filling 2 2022 aa -",
        "c.xlsx 001 财政局 filling 1 2022 cc -",
    ]
    accepted, skipped, _, conflicts = outcome(chosen(*(lines[index] for index in order)))
    assert (accepted, sorted(skipped), conflicts) == (["a.xlsx"], ["b.xlsx", "c.xlsx"], [])


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_a_final_workbook_ends_the_rivalry_of_two_to_be_filled_in(order: tuple[int, ...]) -> None:
    lines = [
        "a.xlsx 001 财政局 filling 2 2022 aa -",
        "b.xlsx 001 财政局 filling 2 2022 bb -",
        "c.xlsx 001 财政局 final 1 2022 cc -",
    ]
    accepted, _, _, conflicts = outcome(chosen(*(lines[index] for index in order)))
    assert (accepted, conflicts) == (["c.xlsx"], [])


def test_an_older_file_beside_two_rivals_is_skipped_and_not_accepted_instead() -> None:
    accepted, skipped, _, conflicts = outcome(
        chosen(
            "a.xlsx 001 财政局 filling 2 2022 aa -",
            "b.xlsx 001 财政局 filling 2 2022 bb -",
            "c.xlsx 001 财政局 filling 1 2022 cc -",
        )
    )
    assert (accepted, conflicts) == ([], ["a.xlsx", "b.xlsx"])
    assert list(skipped) == ["a.xlsx", "b.xlsx", "c.xlsx"]


@pytest.mark.parametrize("years", [("2021", "2022"), ("2022", "2021")])
def test_of_years_equally_frequent_the_later_is_summed_up(years: tuple[str, str]) -> None:
    selection = chosen(*(f"{n}.xlsx 00{n} 某局 filling 1 {year} {n} -" for n, year in enumerate(years)))
    assert selection.year == 2022


def test_files_without_any_year_are_summed_up() -> None:
    selection = chosen("a.xlsx 001 财政局 filling 1 - aa -")
    assert ([one.code for one in selection.accepted], selection.year) == (["001"], None)


def test_without_files_nothing_is_selected() -> None:
    assert select([]) == Selection()


RIVALS = (
    "a.xlsx 001 财政局 filling 2 2022 aa -",
    "b.xlsx 001 财政局 filling 2 2022 bb -",
    "c.xlsx 001 财政局 filling 1 2022 cc -",
    "d.xlsx 002 卫健局 filling 1 2022 dd -",
)


def decided(*passed: str, passed_only: bool = False) -> tuple[list[str], dict[str, str], list[str]]:
    """What counts among the rivals; the digest of a made-up file is its name."""
    selection = select([file(line) for line in RIVALS], frozenset(passed), passed_only=passed_only)
    accepted, skipped, _, conflicts = outcome(selection)
    return accepted, skipped, conflicts


def test_what_the_bureau_passed_decides_between_rivals() -> None:
    accepted, skipped, conflicts = decided("b.xlsx")
    assert (accepted, conflicts) == (["b.xlsx", "d.xlsx"], [])
    assert skipped["a.xlsx"] == "同一部门、同一报送次数，台账通过的是“b.xlsx”，采用那一份"
    assert decided("a.xlsx", "b.xlsx")[2] == ["a.xlsx", "b.xlsx"]


def test_what_the_bureau_passed_does_not_count_before_a_later_report() -> None:
    assert decided("c.xlsx")[::2] == (["d.xlsx"], ["a.xlsx", "b.xlsx"])


def test_only_what_was_passed_counts_where_that_is_asked_for() -> None:
    accepted, skipped, conflicts = decided("c.xlsx", passed_only=True)
    assert (accepted, conflicts) == (["c.xlsx"], [])
    assert skipped == dict.fromkeys(["a.xlsx", "b.xlsx", "d.xlsx"], "台账没有标为通过")


def test_a_rival_is_named_beside_one_that_says_something_else() -> None:
    selection = chosen(*RIVALS[:2], "e.xlsx 001 财政局 filling 2 2022 aa -")
    assert {path.name: rival.path.name for path, rival in selection.rivals.items()} == {
        "a.xlsx": "b.xlsx",
        "b.xlsx": "a.xlsx",
        "e.xlsx": "b.xlsx",
    }


def test_what_a_better_one_replaces_is_set_aside_and_rivals_are_not() -> None:
    assert sorted(one.path.name for one in chosen(*FILES).aside) == ["a.xlsx", "c.xlsx", "h.xlsx", "j.xlsx"]
    selection = select([file(line) for line in RIVALS], frozenset(["c.xlsx"]), passed_only=True)
    assert sorted(one.path.name for one in selection.aside) == ["a.xlsx", "b.xlsx", "d.xlsx"]


def test_of_copies_the_one_that_is_called_no_copy_counts() -> None:
    lines = ["表(1).xlsx 001 局 filling 1 2022 aa -", "表.xlsx 001 局 filling 1 2022 aa -"]
    assert outcome(chosen(*lines))[0] == outcome(chosen(*reversed(lines)))[0] == ["表.xlsx"]


def test_control_totals_add_up() -> None:
    totals = chosen(*FILES).totals
    assert totals == {"found": 16, "read": 15, "accepted": 5, "skipped": 10, "refused": 1}
