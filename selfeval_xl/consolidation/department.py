"""Entities' own reports into one report of their department.

Amounts come from each entity's own report; texts, goals, score and cover from the head's;
fields that the declaration marks as summed are added up.  What the department filed itself
before is compared and never added.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from msgspec import Struct, field
from msgspec.structs import replace

from selfeval_xl.amounts import ZERO, round_half_up
from selfeval_xl.cells import Address, Value
from selfeval_xl.consolidation.missing_head import without_head
from selfeval_xl.consolidation.parts import Part, Single, code_of, filled_rows, same, single
from selfeval_xl.consolidation.reduce import Reduced
from selfeval_xl.consolidation.roster import NOT_EXPECTED, NOT_LISTED, Roster, RosterEntity, RosterRow
from selfeval_xl.consolidation.select import Selection, choose, grouped, of_one_form, of_one_year
from selfeval_xl.findings import ERROR, WARNING, Finding, worst
from selfeval_xl.form.heads import head_names
from selfeval_xl.form.load import load_form
from selfeval_xl.form.model import Form, Rule
from selfeval_xl.names import match_key
from selfeval_xl.submission.causes import of_figures
from selfeval_xl.submission.model import MOST_ROWS, Entity, Note, Submission
from selfeval_xl.texts import say

MISSING = "R-01"


class Department(Struct):
    """What was gathered: the head's report, the entities' in their order, what the department filed itself.

    ``problem`` says why nothing could be put together.  The selection lists every file that does not
    count, and why.
    """

    selection: Selection = field(default_factory=Selection)
    form: Form | None = None
    head: Single | None = None
    entities: list[Single] = []
    filed: list[Part] = []
    row: RosterRow | None = None
    name: str | None = None
    problem: str | None = None

    @property
    def members(self) -> list[Single]:
        """Return the head and the entities."""
        return [] if self.head is None else [self.head, *self.entities]


# Which file is what


def first_form(parts: Iterable[Part]) -> Form | None:
    """Return the form of most files, in which a roster is read."""
    candidates = [part.reduced for part in parts if part.reduced.reason is None]
    selection = Selection()
    of_one_form(candidates, selection)
    return None if selection.form_path is None else load_form(selection.form_path)


def gather(parts: Iterable[Part], roster: Roster | None = None, name: str | None = None) -> Department:
    """Sort out which file is the head's, which an entity's, and which the department's own; in any order.

    The head's is found by the roster, else by the department's *name*, else it is the one that says
    that it is the head's; where several do, the one of the department that the entities name.
    A file with several entities is refused, unless it is of the same department: then it is compared.
    """
    result = Department()
    ordered = _counting(sorted(parts, key=lambda part: str(part.reduced.path)), result.selection)
    if result.selection.form_path is None:
        result.problem = say("report.nothing")
        return result
    form = result.form = load_form(result.selection.form_path)
    singles, several = [], []
    for part in ordered:
        one = single(part)
        if one is None:
            several.append(part)
        else:
            singles.append(one)
    result.row = _roster_row(roster, name, singles)
    result.name = result.row.name if result.row is not None else name
    if roster is not None and result.row is None:
        result.problem = say("report.not_on_roster")
        return result
    _choose_head(result, _versions(_of_department(singles, result), result.selection), form)
    _sort_out_filed(several, result, form)
    if result.head is None and result.problem is None:
        result.problem = without_head(result.selection, form, result.name)
    result.selection.skipped.sort(key=lambda pair: str(pair[0].path))
    return result


def _counting(parts: Sequence[Part], selection: Selection) -> list[Part]:
    """Return the files of the form and year that most are of; the others are refused or skipped."""
    candidates = []
    for part in parts:
        one = part.reduced
        if one.other_kind:
            selection.skipped.append((one, str(one.reason)))
        elif one.reason is not None:
            selection.refused.append(one)
        else:
            candidates.append(one)
    kept = {id(one) for one in of_one_year(of_one_form(candidates, selection), selection)}
    return [part for part in parts if id(part.reduced) in kept]


def _roster_row(roster: Roster | None, name: str | None, singles: Sequence[Single]) -> RosterRow | None:
    """Return the department's row: by its name, else the only one that a file is of."""
    if roster is None:
        return None
    if name is not None:
        return next((row for row in roster.rows if match_key(row.name) == match_key(name)), None)
    found = [
        row
        for row in roster.rows
        if any(row.matches(one.reduced.code, one.reduced.department) for one in singles)
    ]
    return found[0] if len(found) == 1 else None


def _of_department(singles: Iterable[Single], result: Department) -> list[Single]:
    """Leave out what names another department, where it is known which one is wanted."""
    kept = []
    for one in singles:
        if _belongs(one, result):
            kept.append(one)
        else:
            reason = say("report.skip_department", department=one.reduced.department)
            result.selection.skipped.append((one.reduced, reason))
    return kept


def _belongs(one: Single, result: Department) -> bool:
    cover, row = one.reduced, result.row
    if result.name is None or not cover.department:
        return True
    if row is not None:
        listed = any(one.matches(entity.code, entity.name) for entity in row.entities)
        return listed or row.matches(cover.code, cover.department) or _is_roster_head(one, row)
    # The cover of an entity's workbook names its department, or the entity itself where a clerk took it so;
    # that of a department's workbook names whoever filled it in.
    return not one.submission.entity_only or _same_name(cover.department, result.name, one.name)


def _same_name(name: str, *others: str | None) -> bool:
    return match_key(name) in {match_key(other or "") for other in others}


def _versions(singles: Sequence[Single], selection: Selection) -> list[Single]:
    """Return one report for each: the final one, else the latest; rivals of equal rank are a conflict."""
    chosen = Selection()
    by_path = {one.reduced.path: one for one in singles}
    for entity_only in (False, True):
        same_kind = [one for one in singles if one.submission.entity_only == entity_only]
        for group in grouped([((one.code, _version_name(one)), one.reduced) for one in same_kind]):
            choose(group, chosen)
    selection.skipped += chosen.skipped
    selection.conflicts += chosen.conflicts
    selection.rivals |= chosen.rivals
    selection.aside += chosen.aside
    return [by_path[one.path] for one in chosen.accepted]


def _version_name(one: Single) -> str | None:
    """Return the name under which two files are versions of one: every department has a head of the same name."""
    if one.is_head and one.submission.entity_only:
        return f"{one.reduced.department or ''}/{one.name}"
    return one.name


# The head


def _choose_head(result: Department, singles: Sequence[Single], form: Form) -> None:
    found = _heads(result, singles)
    if len(found) > 1:
        names = say("word.and").join(one.reduced.path.name for one in found)
        result.problem = say("report.several_heads", head=form.head, names=names)
    if len(found) != 1:
        return
    head = result.head = found[0]
    result.name = result.name or head.reduced.department
    members = []
    for one in singles:
        if one is head:
            continue
        if one.submission.entity_only and one.is_head:
            _refuse(
                result, one.reduced, say("refused.second_head", head=form.head, name=head.reduced.path.name)
            )
        elif not one.name and not one.code:
            _refuse(result, one.reduced, say("refused.no_name"))
        else:
            members.append(one)
    result.entities = _in_order(_of_department(members, result), result)
    if len(result.entities) >= MOST_ROWS:
        facts = {"rows": len(result.entities) + 1, "most": MOST_ROWS}
        result.problem = say("refused.too_many_rows", **facts)


def _heads(result: Department, singles: Sequence[Single]) -> list[Single]:
    """Return the files that may be the head's by the first sign that any of them shows."""
    row = result.row
    if row is not None:
        found = [one for one in singles if _is_roster_head(one, row)]
        found = found or [one for one in singles if one.is_head and _is_of(one, row.code, row.name)]
        if found:
            return _whole_first(found)
    if result.name is not None:
        found = [one for one in singles if one.is_head and _is_of(one, None, result.name)]
        found = found or [one for one in singles if _same_name(result.name, one.name)]
        if found:
            return _whole_first(found)
    found = [one for one in singles if one.is_head]
    named = [one.reduced.department for one in singles if one.submission.entity_only]
    of_named = [one for one in found if one.reduced.department and _same_name(one.reduced.department, *named)]
    return _whole_first(found if len(found) == 1 else of_named or found)


def _whole_first(found: list[Single]) -> list[Single]:
    """Prefer the only report that has texts to an entity's workbook that says the same of itself."""
    whole = [one for one in found if not one.submission.entity_only]
    return whole if len(whole) == 1 else found


def _is_roster_head(one: Single, row: RosterRow) -> bool:
    if row.head_code and one.code == row.head_code:
        return True
    plain = row.head_name and not one.is_head and _same_name(row.head_name, one.name)
    return bool(plain) and _is_of(one, row.code, row.name)


def _is_of(one: Single, code: str | None, name: str) -> bool:
    return same(one.reduced.code, one.reduced.department, code, name)


def _in_order(members: Iterable[Single], result: Department) -> list[Single]:
    """Return the entities in the roster's order, the others after them by code and name."""
    listed = result.row.entities if result.row is not None else []

    def place(one: Single) -> tuple[int, str, str, str]:
        at = next(
            (n for n, entity in enumerate(listed) if one.matches(entity.code, entity.name)), len(listed)
        )
        return at, one.code or "\uffff", one.name or "", str(one.reduced.path)

    return sorted(members, key=place)


def _refuse(result: Department, one: Reduced, reason: str) -> None:
    one.reason, one.status, one.findings = reason, "refused", []
    result.selection.refused.append(one)


# What the department filed itself


def _sort_out_filed(several: Iterable[Part], result: Department, form: Form) -> None:
    """Keep the latest file of several entities that is of the same department; refuse the others."""
    own = []
    for part in several:
        one, head = part.reduced, result.head
        is_own = head is not None and (
            _same_cover(one, head.reduced)
            or bool(result.name and same(None, one.department, None, result.name))
        )
        if is_own:
            own.append(part)
        else:
            _refuse(result, one, say("refused.several_entities", head=form.head))
    chosen = Selection()
    if own:
        choose([part.reduced for part in own], chosen)
    result.selection.skipped += chosen.skipped
    result.selection.conflicts += chosen.conflicts
    result.selection.rivals |= chosen.rivals
    result.selection.aside += chosen.aside
    result.filed = [part for part in own if any(part.reduced is one for one in chosen.accepted)]


def _same_cover(one: Reduced, other: Reduced) -> bool:
    return same(one.code, one.department, other.code, other.department)


def compare_filed(result: Department) -> None:
    """Add to the department's own file what differs in it from the entities' own reports, if the form has a rule for it."""
    rules = () if result.form is None else result.form.rules
    rule = next((one for one in rules if one.check == "filed.rows"), None)
    for part in result.filed:
        if part.submission is None or result.form is None or rule is None:
            continue
        findings = list(_differences(part, part.submission, result, rule))
        part.reduced.findings += findings
        part.reduced.status = worst(part.reduced.findings)


def _differences(part: Part, filed: Submission, result: Department, rule: Rule) -> Iterable[Finding]:
    form = filed.form
    compared: list[Single] = []
    heads = head_names(form, result.name)
    for index, entity in enumerate(filed.entities):
        if entity.is_empty:
            continue
        own = next(
            (
                one
                for one in result.members
                if (one is result.head) == (index == 0 or match_key(entity.name or "") in heads)
                and (one is result.head or one.matches(code_of(entity), entity.name))
            ),
            None,
        )
        cell = part.tables[form.name_table].cell("", index + 1)
        if own is not None:
            compared.append(own)
            yield from _differing_amounts(part, index + 1, entity, own, rule)
        elif index in filled_rows(filed):
            yield Finding(MISSING, "filed.alone", ERROR, (cell,), entity=entity.name)
    cell = part.tables[form.name_table].cell("", 0)
    for one in result.entities:
        if one not in compared:
            facts = {"text": one.reduced.path.name}
            name = _shown_name(one, result)
            yield Finding(rule.id, "filed.lacks", rule.severity, (cell,), entity=name, facts=facts)


def _differing_amounts(part: Part, index: int, entity: Entity, own: Single, rule: Rule) -> Iterable[Finding]:
    form = own.submission.form
    for table in form.tables.values():
        for column in table.inputs:
            filed = _figure(entity.amounts.get(column.key), form)
            expected = _figure(own.entity.amounts.get(column.key), form)
            # Blank is not 0, but both add up to the same.
            if (filed or None) == (expected or None):
                continue
            difference = _minus(filed, expected)
            yield Finding(
                rule.id,
                "filed.differs" if difference is not None else "filed.text",
                rule.severity,
                (part.tables[table.label].cell(column.label, index),),
                entity=entity.name,
                item=column.label,
                expected=expected,
                actual=filed,
                difference=difference,
                causes=of_figures(filed, expected, form),
                facts={"text": own.reduced.path.name, "unit": form.unit},
                places=form.decimals,
            )


def _figure(value: Value, form: Form) -> Decimal | str | None:
    """Return an amount as rules see it, or the text that stands in its place."""
    return (
        round_half_up(value, form.decimals)
        if isinstance(value, Decimal)
        else None
        if value is None
        else str(value)
    )


def _minus(filed: Decimal | str | None, expected: Decimal | str | None) -> Decimal | None:
    if isinstance(filed, str) or isinstance(expected, str):
        return None
    return (filed or ZERO) - (expected or ZERO)


# The department's report


def merged(result: Department) -> Submission:
    """Return the department's report; a figure that is text stays text, for the rules to find."""
    head, form = result.head, result.form
    if head is None or form is None:
        raise ValueError("there is no head's report to begin with")
    entities = [replace(head.entity, name=form.head)]
    entities += [
        replace(
            one.entity,
            name=_shown_name(one, result),
            attributes={**one.entity.attributes, **_code_attribute(one, result)},
        )
        for one in result.entities
    ]
    return replace(
        head.submission,
        entity_only=False,
        fields=_fields(result, head, form),
        entities=entities,
        listed={},
        printed={},
        notes=_notes(result, form),
    )


def _listed(one: Single, result: Department) -> RosterEntity | None:
    entities = result.row.entities if result.row is not None else []
    return next((entity for entity in entities if one.matches(entity.code, entity.name)), None)


def _shown_name(one: Single, result: Department) -> str | None:
    listed = _listed(one, result)
    return one.name or (listed.name if listed is not None else None)


def _code_attribute(one: Single, result: Department) -> dict[str, str | None]:
    """Return the code of an entity that stands on its cover or in the roster and not in its row."""
    listed = _listed(one, result)
    code = one.code or (listed.code if listed is not None else None)
    return dict.fromkeys(list(one.entity.attributes)[:1], code)


def _fields(result: Department, head: Single, form: Form) -> dict[tuple[str, str], Value]:
    fields = dict(head.submission.fields)
    for key, entry in form.fields.items():
        if entry.summed:
            fields[key] = _added([one.submission.fields.get(key) for one in result.members])
    if result.name is not None:
        fields[form.roles.department] = result.name
    if result.row is not None and result.row.code and form.roles.code is not None:
        fields[form.roles.code] = result.row.code
    return fields


def _added(values: Sequence[Value]) -> Value:
    """Return the sum of what is there; text among it stays, so that the rule about numbers finds it."""
    there = [value for value in values if value is not None]
    wrong = next((value for value in there if not isinstance(value, Decimal)), None)
    if wrong is not None or not there:
        return wrong
    return sum((value for value in there if isinstance(value, Decimal)), ZERO)


def _notes(result: Department, form: Form) -> list[Note]:
    """Return the explanations, those of an entity under its own name."""
    heads = head_names(form, result.name) | {match_key(table.total_label) for table in form.tables.values()}
    notes: list[Note] = []
    for one in result.members:
        for note in one.submission.notes:
            own = one is not result.head and match_key(note.entity or "") in heads
            notes.append(replace(note, entity=_shown_name(one, result)) if own else note)
    return list(dict.fromkeys(notes))


def roster_findings(result: Department, names: Sequence[Address]) -> list[Finding]:
    """Compare with the roster: who is missing, not expected, not listed; *names* are the rows' name cells, total first."""
    if result.row is None:
        return []
    findings = []
    for entity in result.row.entities:
        there = any(one.matches(entity.code, entity.name) for one in result.entities)
        if entity.is_due and not there:
            findings.append(Finding(MISSING, "roster.missing", ERROR, (names[0],), entity=entity.name))
    for one, cell in zip(result.entities, names[2:], strict=False):
        listed = _listed(one, result)
        name = _shown_name(one, result)
        if listed is None:
            findings.append(Finding(NOT_LISTED, "roster.not_listed", WARNING, (cell,), entity=name))
        elif not listed.is_due:
            facts = {"text": str(listed.state)}
            findings.append(
                Finding(NOT_EXPECTED, "roster.not_due", WARNING, (cell,), entity=name, facts=facts)
            )
    return findings
