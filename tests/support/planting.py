"""A mistake planted into a tidy report: the report, what is done to it, and what a checker should then say."""

import random
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from selfeval_xl.cells import Address
from tests.support import dialects, reports, sound
from tests.support.dialect_parts import Package, rewritten
from tests.support.sloppy import section
from tests.support.sound import Data
from tests.support.sound_figures import INPUTS, TIDY, TOTALS, Department, Entity, Wish, department
from tests.support.sound_prose import Style, style_of

MOST_TRIES = 300
# Any rule on the texts: which one it is for a mistake that DOMAIN names none for, the catalogue says.
TEXT_RULES = frozenset(f"T-{number:02}" for number in range(1, 41))
LAST_YEARS = "T-22"
BALANCE = frozenset({"E-04", "X-01", "X-02"})
PLAIN: dict[str, Any] = {"way": "plain", "places": 2, "fiscal": False}


class Unfit(Exception):
    """A report in which this mistake cannot be made; another is tried."""


class Expected(Struct, frozen=True):
    """What a checker should say.

    *rules* are equivalent; *cells* are patterns, any of which is the right place to look first; *difference* is checked
    where it is given, in whatever rule. *also* are rules that may name the same mistake once more. *refused* are words
    of which the reason holds one, where the file is rightly refused.
    """

    rules: frozenset[str]
    cells: frozenset[str]
    severities: frozenset[str] = frozenset(("error", "warning", "info"))
    difference: Decimal | None = None
    also: frozenset[str] = frozenset()
    refused: tuple[str, ...] = ()


def expect(
    rules: str | Iterable[str], cells: object, severity: str = "error warning info", **more: Any
) -> Expected:
    """Return what is expected; rules and severities may stand in one text, cells may be addresses."""
    named = rules.split() if isinstance(rules, str) else rules
    places = (
        cells
        if isinstance(cells, (list, tuple, set, frozenset)) and not isinstance(cells, Address)
        else [cells]
    )
    return Expected(
        frozenset(named), frozenset(map(str, places)), frozenset(severity.split()), **_frozen(more)
    )


def _frozen(more: dict[str, Any]) -> dict[str, Any]:
    if isinstance(more.get("also"), str):
        more["also"] = frozenset(more["also"].split())
    return more


def refusal(*words: str) -> Expected:
    """Return that the file is refused, with one of these words in the reason."""
    return Expected(frozenset(), frozenset(), refused=words)


class Plot(Struct):
    """A tidy report with its last year, free to be spoilt."""

    chance: Random
    found: Department
    style: Style
    prose_seed: str
    tidy: Data
    data: Data
    last: Data
    papers: list[dict[str, str]]
    year: int | None = None
    as_data: bool = False
    edits: list[Callable[[Package], Any]] = []
    spoil: Callable[[bytes], bytes] | None = None

    # Looking

    def cell(self, table: str, item: str, row: int) -> Address:
        """Return where an item stands; row 0 is the total, an empty item the name."""
        return self.filled().blueprint.places.tables[table].cell(item, row)

    def filled(self) -> reports.Filled:
        """Return the report in its cells."""
        return reports.filled(reports.report(self.data))

    def field(self, section_name: str, label: str) -> Address:
        """Return where a single field stands."""
        return self.filled().blueprint.places.fields[section_name, label]

    def paragraph(self, snippet: str) -> Address:
        """Return where a text stands: the first cell that holds it."""
        typed = self.filled().placed.typed
        cells = [at for at, value in typed.items() if isinstance(value, str) and snippet in value]
        self.need(bool(cells))
        return min(cells, key=lambda at: (at.sheet != "评价报告综述", at.row))

    def heading_rows(self, number: str) -> list[str]:
        """Return the cells of a heading and of the rows under it."""
        place = self.filled().blueprint.places.headings[number]
        rows = range(place.first_row - 1, place.first_row + place.rows)
        return [f"{place.sheet}!A{row}" for row in rows]

    def body(self, number: str) -> list[str]:
        """Return the paragraphs of a section, free to be changed."""
        body: list[str] = section(self.data, number)["正文"]
        return body

    # Choosing

    def need(self, condition: object) -> None:
        """Give this report up unless the condition holds."""
        if not condition:
            raise Unfit

    def pick(self, rows: Iterable[int]) -> int:
        """Pick one of the rows that fit."""
        fitting = list(rows)
        self.need(fitting)
        return self.chance.choice(fitting)

    @property
    def before(self) -> Department:
        """Return the department as it was the year before."""
        assert self.found.before is not None
        return self.found.before

    def rows(self, wanted: Callable[[Entity], object] = lambda one: True, first: int = 1) -> list[int]:
        """Return the rows of entities that are as wanted, from the first or a later one."""
        listed = enumerate(self.found.entities, start=1)
        return [row for row, one in listed if row >= first and wanted(one)]

    def entity(self, row: int) -> Entity:
        """Return an entity by its row."""
        return self.found.entities[row - 1]

    def amount(self) -> tuple[str, str, int, Decimal]:
        """Pick an amount that is typed in and is not 0: table, item, row, amount."""
        places = [
            (table, item, row, one.amounts[table, item])
            for table, items in INPUTS.items()
            for item in items
            for row, one in enumerate(self.found.entities, start=1)
            if one.amounts[table, item] > 0
        ]
        return self.chance.choice(places)

    def total(self, *rows: int) -> tuple[str, str, int, Decimal]:
        """Pick a computed amount: table, item, row (0 is the total row), amount."""
        table, item = self.chance.choice(list(TOTALS))
        row = self.chance.choice(rows or (0, *self.rows()))
        holder = self.entity(row) if row else self.found
        return table, item, row, holder.of(table, item)

    def off(self, amount: Decimal) -> Decimal:
        """Return an amount a little beside the right one, further than any rounding, never less than 0."""
        step = Decimal(self.chance.randrange(30, max(31, int(amount * 30)))) / 100
        return amount - step if self.chance.random() < 0.4 and step < amount else amount + step

    # Spoiling

    def type_in(self, table: str, item: str, row: int, value: object) -> None:
        """Type something else into a cell of the tables."""
        self.data[table][row - 1][item] = float(value) if isinstance(value, Decimal) else value

    def write_anew(self) -> None:
        """Write the report anew after its figures were changed, as the clerk would who has only those."""
        one = sound.written(replace_entities(self.found), random.Random(self.prose_seed), self.style)
        self.data = one.data

    def change(self, row: int, table: str, item: str, amount: Decimal) -> None:
        """Change a figure before the report is written."""
        self.entity(row).amounts[table, item] = amount

    def replace_text(self, old: str, new: str, *numbers: str) -> Address:
        """Replace a text once in the sections; returns where it stands."""
        for number in numbers or [one["编号"] for one in self.data["评价报告综述"]]:
            body = self.body(number)
            for index, text in enumerate(body):
                if old in text:
                    body[index] = text.replace(old, new, 1)
                    return self.paragraph(body[index][:300])
        raise Unfit

    def add_text(self, number: str, text: str, right: str | None = None) -> Address:
        """Add a paragraph to a section, and *right* to the report that is not spoilt."""
        self.body(number).append(text)
        if right is not None:
            section(self.tidy, number)["正文"].append(right)
        return self.paragraph(text)

    def print_total(self, table: str, item: str, row: int, value: Decimal) -> None:
        """Print a total beside its parts; only data files hold such."""
        self.as_data = True
        if row:
            self.data[table][row - 1][item] = float(value)
        else:
            self.data.setdefault("汇总", {}).setdefault(table, {})[item] = float(value)

    def edit(self, change: Callable[..., Any], *words: Any) -> None:
        """Do something to the package after it was filled."""
        self.edits.append(lambda package: change(package, *words))


def replace_entities(found: Department) -> Department:
    """Return the same department with choices that a writer may make anew."""
    return replace(found, chosen={})


def plot(one: "Mistake", seed: int, attempt: int) -> Plot:
    """Return a tidy report for a mistake."""
    name = f"mistake {one.number} {seed} {attempt}"
    chance = random.Random(name)
    found = department(chance, one.wish)
    style = style_of(found, chance, **one.style)
    tidy = sound.written(found, random.Random(f"{name} prose"), style)
    own = replace(
        found, entities=[replace(each, amounts=dict(each.amounts)) for each in found.entities], chosen={}
    )
    last, papers = sound.before(tidy).data, sound.reference_rows(tidy, random.Random(f"{name} papers"))
    return Plot(chance, own, style, f"{name} prose", tidy.data, sound.copied(tidy.data), last, papers)


# The list of mistakes


class Mistake(Struct, frozen=True):
    """A mistake, and how it is made; a number of the list, or the rule that it breaks.

    *given* says what the report is held against: "last", last year's file, or "papers", the list of other papers.
    """

    number: int | str
    words: str
    make: Callable[[Plot], Expected]
    wish: Wish = TIDY
    style: dict[str, Any] = field(default_factory=lambda: PLAIN)
    given: str = ""


MISTAKES: dict[int, Mistake] = {}


def mistake(number: int, words: str, wish: Wish = TIDY, given: str = "", **style: Any) -> Callable[..., Any]:
    """Put a way to make a mistake on the list."""

    def listed(make: Callable[[Plot], Expected]) -> Callable[[Plot], Expected]:
        assert number not in MISTAKES
        MISTAKES[number] = Mistake(number, words, make, wish, PLAIN | style, given)
        return make

    return listed


class Planted(Struct, frozen=True):
    """A mistake in a file, and the same report without it."""

    number: int | str
    path: Path
    tidy: Path
    expected: Expected
    words: tuple[object, ...] = ()
    tidy_words: tuple[object, ...] = ()


def planted(one: Mistake, seed: int, folder: Path, rule: str = "", *, quick: bool = False) -> Planted:
    """Plant a mistake into a report that it fits, and write both.

    *rule* must be among those expected, if given; *quick* leaves what can be left as a data file, which is read sooner.
    """
    for attempt in range(MOST_TRIES):
        made = plot(one, seed, attempt)
        tidy_last, tidy_papers = sound.copied(made.last), [dict(row) for row in made.papers]
        try:
            expected = one.make(made)
        except Unfit:
            continue
        if one.given == "last" and LAST_YEARS not in expected.rules:
            # Last year's file is changed when the texts that quote it are written already.
            expected = replace(expected, also=expected.also | {LAST_YEARS})
        if not rule or rule in expected.rules:
            made.as_data |= quick and not (made.edits or made.spoil or made.year)
            return _written(one, made, expected, _Given(tidy_last, tidy_papers), seed, folder)
    raise AssertionError(f"no report fits mistake {one.number}, seed {seed}")


class _Given(Struct, frozen=True):
    """What the tidy report is held against."""

    last: Data
    papers: list[dict[str, str]]


def _written(one: Mistake, made: Plot, expected: Expected, given: _Given, seed: int, folder: Path) -> Planted:
    folder.mkdir(parents=True, exist_ok=True)
    # A tidy report says the same as data and as a workbook, and data are written sooner.
    tidy = sound.saved(made.tidy, folder / "tidy.json")
    spoilt = folder / "spoilt"
    path = (
        sound.saved(made.data, spoilt.with_suffix(".json")) if made.as_data else _spoilt(made, spoilt, seed)
    )
    words = _given(one.given, made.last, made.papers, folder / "given")
    tidy_words = _given(one.given, given.last, given.papers, folder / "given-tidy")
    return Planted(one.number, path, tidy, expected, words, tidy_words)


def _given(kind: str, last: Data, papers: list[dict[str, str]], name: Path) -> tuple[object, ...]:
    """Write what a report is held against; returns the words of the command for it."""
    if kind == "last":
        return "--previous", sound.saved(last, name.with_suffix(".json"))
    if kind == "papers":
        path = name.with_suffix(".csv")
        path.write_text(sound.as_csv(papers), encoding="utf-8-sig")
        return "--reference", path
    return ()


def _spoilt(made: Plot, name: Path, seed: int) -> Path:
    """Fill, do what is done to the file, and save it again in the manner of one program or another."""
    path = name.with_suffix(".xlsx")
    reports.filled(reports.report(made.data), year=made.year).write(path)
    again = path.with_name("again.xlsx")
    if made.edits:
        rewritten(path, again, *made.edits)
        again.replace(path)
    dialect = (None, dialects.as_excel, dialects.as_wps)[seed % 3]
    if dialect is not None and made.spoil is None:
        dialect(path, again)
        again.replace(path)
    if made.spoil is not None:
        path.write_bytes(made.spoil(path.read_bytes()))
    return path
