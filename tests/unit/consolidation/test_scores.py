"""Scores side by side, and the order in which they put the departments."""

from decimal import Decimal as D
from pathlib import Path
from typing import Any

import pytest

from selfeval_xl.blueprint.values import Values
from selfeval_xl.consolidation.reduce import Line, Reduced
from selfeval_xl.consolidation.scores import Reviews, grade_of, ranked, scored
from selfeval_xl.consolidation.select import select
from selfeval_xl.consolidation.summary import summarised
from tests.support import small_report as small
from tests.unit.consolidation.test_summary import by_header, report, row

GRADES = small.settings().grades


def file(name: str, score: object, code: str | None = None, grade: str | None = None) -> Reduced:
    one: Any = Reduced(Path(f"{name}.xlsx"), "clean", department=name, code=code, score=score, grade=grade)  # type: ignore[arg-type]
    one.lines = [Line(name, {})]
    return one


def given(**scores: tuple[D | None, str | None]) -> Reviews:
    """What the bureau gave, by name or by code with `_` before it."""
    return lambda code, name: scores.get(f"_{code}") or scores.get(str(name), (None, None))


def ranks(files: list[Reduced], reviews: Reviews | None) -> list[int | None]:
    pairs = ranked(scored(files, reviews, GRADES))
    return [None if rank is None else int(rank) for rank, _ in pairs]


FILES = [
    file("甲局", D(90), "1"),
    file("乙局", D(95)),
    file("丙局", D(90)),
    file("丁局", None),
    file("戊局", D(60)),
]


def test_without_a_review_the_departments_own_scores_rank_them_and_equals_share_a_rank() -> None:
    assert ranks(FILES, None) == [2, 1, 2, None, 4]


def test_the_bureaus_score_ranks_before_the_departments_own() -> None:
    assert ranks(FILES, given(乙局=(D(50), None), 丁局=(D("90.5"), "良"))) == [2, 5, 2, 1, 4]


def test_a_score_without_a_grade_has_that_of_its_band() -> None:
    found = scored(FILES[:1], given(甲局=(D(80), None)), GRADES)
    assert (found[0].review, found[0].review_grade, found[0].difference) == (D(80), "良", D(-10))


def test_a_grade_that_the_bureau_gave_stands() -> None:
    (found,) = scored(FILES[:1], given(_1=(D(80), "中")), GRADES)
    assert found.review_grade == "中"


@pytest.mark.parametrize(
    ("score", "grade"), [("100", "优"), ("90", "优"), ("89.99", "良"), ("0", "差"), ("100.1", None)]
)
def test_bands_are_half_open(score: str, grade: str | None) -> None:
    assert grade_of(D(score), GRADES) == grade


def test_first_sheet_and_ranking_show_both_scores() -> None:
    files = select([report("001"), report("002"), report("003")])
    reviews = given(_002=(D("85.5"), None), _003=(D(99), "优"))
    one = summarised(small.form(), small.settings(), files, reviews=reviews)
    second = by_header(one, "总表", 8)
    assert (second["自评得分"], second["复核得分"], second["复核等次"], second["名次"]) == (
        91.5,
        85.5,
        "良",
        3,
    )
    top = row(one, "得分排名", 4)
    assert top == [1, "003", "第003局", D("91.5"), "优", 99, "优", D("7.5"), "复核得分"]
    assert row(one, "得分排名", 5)[-1] == "自评得分"


def test_spread_counts_reviews_beside_the_departments_own() -> None:
    files = select([report("001"), report("002"), report("003")])
    one = summarised(small.form(), small.settings(), files, reviews=given(_002=(D(70), "良")))
    values = Values(one.blueprint, one.typed, one.shown)
    table = [[values(small.at(f"等次分布!{letter}{line}")) for letter in "ACEGI"] for line in range(4, 10)]
    assert table == [
        ["优", 3, 3, 0, 0],
        ["良", 0, 0, 0, 1],
        ["中", 0, 0, 1, 0],
        ["差", 0, 0, 0, 0],
        ["未评或不在分数段内", 0, 0, 2, 2],
        ["合计", 3, 3, 3, 3],
    ]
    assert [values(small.at(f"等次分布!C{line}")) for line in (11, 12)] == ["复核得分", 1]
