"""Amounts by head, each department beside the median of its kind; what lies far off is a doubt for the bureau (R-11)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from msgspec import Struct

from selfeval_xl.amounts import round_half_up, show
from selfeval_xl.blueprint.lists import NARROW, Column
from selfeval_xl.blueprint.model import Blueprint
from selfeval_xl.cells import Value
from selfeval_xl.consolidation.grid import put_list
from selfeval_xl.consolidation.reduce import Reduced
from selfeval_xl.consolidation.roster import Roster
from selfeval_xl.form.model import Form, Key, PerHead
from selfeval_xl.texts import say


class Headed(Struct):
    """A department with its kind, a word of the roster or ``None``, and its amounts by head, in the form's unit."""

    file: Reduced
    kind: str | None
    heads: dict[Key, Decimal] = {}
    medians: Mapping[Key, Decimal] = {}


def by_head(files: Sequence[Reduced], roster: Roster | None, form: Form) -> list[Headed]:
    """Return the departments by kind, those of no kind last, each with the medians that it is held against.

    Where there are too few of a kind, the medians are those of all.
    """
    wanted = form.per_head
    if wanted is None:
        return []
    found = [_headed(one, roster, wanted) for one in files]
    kinds: dict[str | None, list[Headed]] = defaultdict(list)
    for one in found:
        kinds[one.kind].append(one)
    everybody = _medians(found, wanted)
    for kin in kinds.values():
        own = everybody if len(kin) < wanted.least else _medians(kin, wanted)
        for one in kin:
            one.medians = own
    return sorted(found, key=lambda one: (one.kind is None, one.kind or ""))


def _headed(one: Reduced, roster: Roster | None, wanted: PerHead) -> Headed:
    listed = None if roster is None else roster.row_of(one.code, one.department)
    result = Headed(one, None if listed is None else listed.nature)
    staff = one.staff
    if staff is not None and staff > 0:
        for key in wanted.items:
            amount = one.lines[0].amounts.get(key)
            if isinstance(amount, Decimal):
                result.heads[key] = amount / staff
    return result


def _medians(kin: Sequence[Headed], wanted: PerHead) -> dict[Key, Decimal]:
    amounts = {key: sorted(one.heads[key] for one in kin if key in one.heads) for key in wanted.items}
    return {key: _median(there) for key, there in amounts.items() if there}


def _median(ordered: Sequence[Decimal]) -> Decimal:
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def doubt(one: Headed, form: Form) -> str | None:
    """Return what is far off the median of a department's kind, in words."""
    wanted = form.per_head
    if wanted is None:
        return None
    said = []
    for key, head in one.heads.items():
        median = one.medians[key]
        if median > 0 and not median * wanted.low <= head <= median * wanted.high:
            facts = {"head": show(round_half_up(head)), "median": show(round_half_up(median))}
            times = show(round_half_up(head / median))
            said.append(say("heads.far", item=key[1], times=times, unit=form.unit, **facts))
    return say("word.semicolon").join(said) or None


def put_heads(blueprint: Blueprint, files: Sequence[Reduced], roster: Roster | None) -> None:
    """Lay out the departments by kind, if the form says what is looked at by head."""
    form = blueprint.form
    wanted = form.per_head
    if wanted is None:
        return
    departments = by_head(files, roster, form)
    columns = [
        Column(say("heads.kind"), 14.0),
        Column(say("summary.code"), 10.0),
        Column(say("summary.department"), 28.0),
        Column(form.fields[wanted.staff].label, 10.0, style="label"),
    ]
    for _, label in wanted.items:
        columns.append(Column(say("heads.item", item=label), NARROW, amount=True))
        columns.append(Column(say("heads.median", item=label), NARROW, amount=True))
    columns.append(Column(say("heads.doubt"), 56.0))
    facts = {"unit": form.unit, "low": wanted.low, "high": wanted.high, "least": wanted.least}

    def rows() -> Iterator[Sequence[Value]]:
        return (_row(one, form, wanted) for one in departments)

    put_list(blueprint, say("heads.name"), columns, rows, len(departments), say("heads.about", **facts))


def _row(one: Headed, form: Form, wanted: PerHead) -> Sequence[Value]:
    pairs: list[Value] = []
    for key in wanted.items:
        pairs += [_shown(one.heads.get(key)), _shown(one.medians.get(key))]
    return (one.kind, one.file.code, one.file.department, one.file.staff, *pairs, doubt(one, form))


def _shown(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else round_half_up(amount)
