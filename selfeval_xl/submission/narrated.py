"""One report's texts and figures, handed to the room that holds prose against tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from selfeval_xl.blueprint.instances import active_rules
from selfeval_xl.blueprint.model import Blueprint, GoalPlace, TextPlace
from selfeval_xl.blueprint.values import Values
from selfeval_xl.cells import Address
from selfeval_xl.form.model import Headings, Key
from selfeval_xl.narrative.look import look_at
from selfeval_xl.narrative.model import Figures, Paragraph, Prose

_LINES = ("\n", "\r")


def narrated(
    values: Values, previous: Mapping[Key, Decimal | None] | None = None, others: Sequence[str] = ()
) -> Prose:
    """Return what the report's texts say of its figures.

    *previous* is last year's total row, if known; *others* are the names of other departments.
    """
    blueprint = values.blueprint
    if blueprint.form.prose is None or not blueprint.places.texts:
        return Prose((), (), ())
    return look_at(
        list(paragraphs_of(values)),
        figures_of(values, previous, others),
        blueprint.form,
        active_rules(blueprint),
    )


def figures_of(
    values: Values, previous: Mapping[Key, Decimal | None] | None = None, others: Sequence[str] = ()
) -> Figures:
    """Return the report's figures, computed when they are asked for.

    A total that somebody printed or typed over its formula is another rule's affair: the text is held against
    what the entries make.
    """
    blueprint = values.blueprint
    if values.stated:
        values = Values(blueprint, values.typed)
    places, roles = blueprint.places, blueprint.form.roles
    named = places.tables[blueprint.form.name_table]
    last = max((index for index in range(1, named.rows + 1) if values(named.cell("", index))), default=1)
    department = values(places.fields[roles.department]) if roles.department in places.fields else None
    return Figures(
        year=blueprint.year,
        department=str(department) if department else None,
        totals=_Row(values, 0),
        entities=[
            (str(values(named.cell("", index)) or ""), _Row(values, index)) for index in range(1, last + 1)
        ],
        fields={key: values(address) for key, address in places.fields.items()},
        cells=lambda key, row: _cell(blueprint, key, row),
        previous=previous,
        others=others,
        places={
            (label, number): spot.cell(0)
            for label in blueprint.form.headings
            for number, spot in places.headings.items()
        },
    )


def _cell(blueprint: Blueprint, key: Key, row: int) -> Address:
    places = blueprint.places
    return places.fields[key] if key in places.fields else places.tables[key[0]].cell(key[1], row)


class _Row(Mapping[Key, Decimal | None]):
    """A row's amounts by item; what is text or an error is not known here, since other rules report it."""

    def __init__(self, values: Values, index: int) -> None:
        self.values_, self.index = values, index

    def __getitem__(self, key: Key) -> Decimal | None:
        if key not in self.values_.blueprint.form.columns:
            raise KeyError(key)
        found = self.values_(self.values_.blueprint.places.tables[key[0]].cell(key[1], self.index))
        if found is None or isinstance(found, Decimal):
            return found
        if found == "":
            return None
        raise KeyError(key)

    def __iter__(self) -> Iterator[Key]:
        return iter(self.values_.blueprint.form.columns)

    def __len__(self) -> int:
        return len(self.values_.blueprint.form.columns)


def paragraphs_of(values: Values) -> Iterator[Paragraph]:
    """Yield the report's paragraphs in the order of the form, each at its first row."""
    blueprint = values.blueprint
    reader = _Texts(values)
    for (section, label, column), spot in blueprint.places.texts.items():
        heading = column if len(blueprint.form.texts[section, label].columns) > 1 else ""
        for cell, text in reader.paragraphs(spot):
            yield Paragraph(cell, (section, label), heading, text)
    for key, goals in blueprint.form.goals.items():
        for pair in goals.classes:
            if pair in blueprint.places.goals:
                yield from reader.goals(key, blueprint.places.goals[pair])
    for headings in blueprint.form.headings.values():
        yield from reader.sections(headings)


class _Texts:
    """Joins the rows of the text blocks to paragraphs."""

    def __init__(self, values: Values) -> None:
        self.values, self.typed, self.keys = values, values.typed, values.blueprint.form.keys

    def _text(self, address: Address) -> str:
        value = self.typed.get(address)
        return "" if value is None else str(value)

    def paragraphs(self, spot: TextPlace) -> list[tuple[Address, str]]:
        """Return the paragraphs of a block with their first cells; continuations are joined."""
        found: list[tuple[Address, str]] = []
        for index in range(spot.rows):
            text = self._text(spot.cell(index))
            if not text:
                continue
            if found and self._text(spot.mark(index)).strip() == self.keys.more_mark:
                found[-1] = (found[-1][0], found[-1][1] + text)
            else:
                found.append((spot.cell(index), text))
        return [(cell, line) for cell, text in found for line in _split(text)]

    def goals(self, key: Key, spot: GoalPlace) -> Iterator[Paragraph]:
        """Yield the results of the goals of one class, each under its goal; a blank one where there is none."""
        found: list[tuple[Address, str, str]] = []
        for index in range(spot.goal.rows):
            goal, done = self._text(spot.goal.cell(index)), self._text(spot.done.cell(index))
            marks = {self._text(place.mark(index)).strip() for place in (spot.goal, spot.done)}
            if found and marks & {self.keys.more_mark, self.keys.paragraph_mark}:
                cell, first, text = found[-1]
                found[-1] = cell, first + goal, text + done
            elif goal or done:
                found.append((spot.done.cell(index), goal, done))
        for cell, goal, done in found:
            yield Paragraph(cell, key, goal, done)

    def sections(self, headings: Headings) -> Iterator[Paragraph]:
        """Yield the paragraphs under each heading; those under a heading of the clerk's own have no number."""
        titles = {one.number: one.title for one in headings.headings}
        for number, spot in self.values.blueprint.places.headings.items():
            section, heading = number, titles.get(number, "")
            for index in range(spot.rows):
                text = self._text(spot.cell(index))
                mark = self._text(spot.mark(index)).strip()
                if mark == self.keys.heading_mark:
                    section, heading = "", text
                elif text and mark != self.keys.more_mark:
                    whole = text + self._continued(spot, index + 1)
                    for line in _split(whole):
                        yield Paragraph(spot.cell(index), (headings.label, section), heading, line)

    def _continued(self, spot: TextPlace, index: int) -> str:
        text = ""
        while index < spot.rows and self._text(spot.mark(index)).strip() == self.keys.more_mark:
            text += self._text(spot.cell(index))
            index += 1
        return text


def _split(text: str) -> list[str]:
    return text.splitlines() if any(sign in text for sign in _LINES) else [text]
