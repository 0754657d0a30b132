"""One planted slip is named; a difference that comes from nothing in particular is not explained."""

from random import Random

import pytest

from selfeval_xl.findings import Finding
from selfeval_xl.submission.causes import ALONE, BLANK, SIDE
from tests.support import planted
from tests.support import small_report as small

EACH = 40
# A figure without one of its digits is often another one that stands in the row too; then nothing is named.
NAMED = {"missing digit": 0.8}


def standing(data: planted.Report) -> list[Finding]:
    found = small.findings(planted.wire(data))
    return [one for one in found if one.follows is None and one.severity != "info"]


@pytest.mark.parametrize("kind", planted.KINDS)
def test_a_planted_slip_is_the_first_cause(kind: str) -> None:
    named = otherwise = at_cell = 0
    for seed in range(EACH):
        case = planted.case(kind, Random(f"{kind} {seed}"))
        (found,) = standing(case.data)
        named += [one.code for one in found.causes][:1] == [case.code]
        otherwise += [one.code for one in found.causes][:1] not in ([], [case.code], [ALONE])
        at_cell += found.cells[0] == planted.place(case)
    assert named >= EACH * NAMED.get(kind, 0.95)
    assert otherwise <= EACH * 0.05
    # Exchanged digits can make the same difference in two cells; then both are named.
    assert at_cell >= EACH * (0.8 if kind == "transposed" else NAMED.get(kind, 0.95))


def test_unrelated_differences_are_rarely_explained() -> None:
    found = [one for seed in range(300) for one in standing(planted.unrelated(Random(seed)))]
    assert len(found) >= 300
    where = {ALONE, SIDE, BLANK}
    slips = [one for one in found if {cause.code for cause in one.causes} - where]
    assert len(slips) <= len(found) * 0.02
