"""The form as values: what a declaration says, after it was read and checked.

Knows the official paper's structure (tables, fields, texts, sign-offs, rules) but
no label of any particular form, and neither cells nor files.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from selfeval_xl.form.prose import Prose
from selfeval_xl.names import match_key
from selfeval_xl.rules.tree import Call, Node, walk

Key = tuple[str, str]
"""An item: (section, label), for example the table and the column."""


class SheetSpec(Struct, frozen=True):
    """One worksheet: its name, what it holds, and which workbooks have it.

    ``fields_at`` gives the columns of label and field, two for each of the pairs that
    stand on one row; the last field goes on to ``fields_to``.  A sheet with ``collects``
    stands in the finished sheet only, in place of the sheets it names.
    """

    name: str
    kind: str
    entity: bool
    landscape: bool
    widths: tuple[int, ...]
    fields_at: tuple[int, ...]
    fields_to: int
    field_height: int
    look: str
    collects: tuple[str, ...]


class Line(Struct, frozen=True):
    """A printed line: a title, or the maker's name; may hold ``{settings}`` and ``{year}``.

    ``height`` is in points, 0 for a fitted one; a line that is not ``printed`` on the
    paper stands in the workbook to be filled in only.
    """

    sheet: str
    style: str
    text: str
    height: int
    printed: bool


class Field(Struct, frozen=True):
    """A single value: a text, code, telephone number, year, date, whole number, score or grade.

    ``summed`` marks a number that a department adds up over its entities' own workbooks, ``positive`` one that
    begins with 1.
    """

    sheet: str
    section: str
    label: str
    title: str
    type: str
    required: bool
    default: str | int | None
    printed: bool
    prompt: str
    source: str
    synonyms: tuple[str, ...]
    line: int
    summed: bool = False
    positive: bool = False

    @property
    def key(self) -> Key:
        """Return section or table, and label."""
        return self.section, self.label

    @property
    def least(self) -> int:
        """Return the smallest number that belongs in it."""
        return 1 if self.positive else 0

    @property
    def is_number(self) -> bool:
        """Tell whether a number belongs in it."""
        return self.type in {"integer", "year", "score"}

    @property
    def is_count(self) -> bool:
        """Tell whether a whole number of people or things belongs in it, which has no unit of money."""
        return self.type == "integer"


class Column(Struct, frozen=True):
    """A column of amounts.  ``computed`` is the expression of a total, else ``None``."""

    table: str
    label: str
    header: tuple[str, ...]
    computed: Node | None
    signed: bool
    prompt: str
    synonyms: tuple[str, ...]
    line: int

    @property
    def key(self) -> Key:
        """Return section or table, and label."""
        return self.table, self.label


class Attribute(Struct, frozen=True):
    """A text about an entity that stands beside the printed table, such as its code."""

    label: str
    prompt: str


class Table(Struct, frozen=True):
    """An official table: one row an entity, a total row above them."""

    sheet: str
    label: str
    name_label: str
    total_label: str
    head_label: str
    columns: tuple[Column, ...]
    attributes: tuple[Attribute, ...]
    source: str
    line: int

    @property
    def inputs(self) -> tuple[Column, ...]:
        """Return the columns that a clerk fills in."""
        return tuple(column for column in self.columns if column.computed is None)

    @property
    def depth(self) -> int:
        """Return the number of header rows."""
        return max(len(column.header) for column in self.columns)


class Text(Struct, frozen=True):
    """A section of paragraphs; with ``columns``, several side by side."""

    sheet: str
    section: str
    label: str
    title: str
    columns: tuple[str, ...]
    at: tuple[int, ...]
    span: bool
    rows: int
    source: str

    @property
    def key(self) -> Key:
        """Return section or table, and label."""
        return self.section, self.label


class GoalGroup(Struct, frozen=True):
    """A group of indicator classes in the goals' table."""

    label: str
    note: str
    classes: tuple[str, ...]


class Goals(Struct, frozen=True):
    """Quantitative goals: rows by group and class, each a goal and what was achieved."""

    sheet: str
    section: str
    label: str
    title: str
    group_label: str
    class_label: str
    goal_label: str
    done_label: str
    number: str
    groups: tuple[GoalGroup, ...]
    rows: int

    @property
    def key(self) -> Key:
        """Return section or table, and label."""
        return self.section, self.label

    @property
    def classes(self) -> tuple[tuple[str, str], ...]:
        """Return (group, class) in the order of the paper."""
        return tuple((group.label, name) for group in self.groups for name in group.classes)


class ListBlock(Struct, frozen=True):
    """A plain list of records with text columns, such as the evaluators; ``least`` records are wanted."""

    sheet: str
    label: str
    columns: tuple[str, ...]
    printed_columns: tuple[str, ...]
    rows: int
    least: int = 0


class Sign(Struct, frozen=True):
    """Printed lines for signatures and seals; nothing is typed there."""

    sheet: str
    lines: tuple[str, ...]


class Heading(Struct, frozen=True):
    """A heading of the report in prose: number, title, and the line as printed."""

    number: str
    title: str
    printed: str


class Headings(Struct, frozen=True):
    """The report in prose: fixed headings with paragraphs under each."""

    sheet: str
    label: str
    number_label: str
    title_label: str
    body_label: str
    headings: tuple[Heading, ...]
    rows: int


class Help(Struct, frozen=True):
    """Instructions for the clerk, a line a row."""

    sheet: str
    lines: tuple[str, ...]


Block = Line | Field | Table | Text | Goals | ListBlock | Sign | Headings | Help


class Rule(Struct, frozen=True):
    """A rule as data.  ``left`` is what was filled in, ``right`` what it should be.

    A rule with scope ``program`` has no expression: ``check`` names the check in Python.  ``limits`` are
    numbers that the bureau's settings may change; expressions and ``text`` name them.  What a rule for the
    ``bureau`` finds is a doubt for it to weigh, and nothing that the clerk has to put right.  A check by program
    goes over ``items``, only mildly over those in ``mild``; ``parts`` are items that may make up a difference.
    A rule about units finds amounts that are far too large ``together``: the first row stands for all, and for
    what would hold in the right unit.
    """

    id: str
    scope: str
    tables: tuple[str, ...]
    excluded: frozenset[Key]
    when: Node | None
    left: Node | None
    op: str
    right: Node | None
    exact: bool
    look_at: Key | None
    severity: str
    blank_severity: str | None
    message: str
    text: str
    basis: str
    since: int | None
    until: int | None
    line: int
    check: str = ""
    limits: tuple[tuple[str, Decimal], ...] = ()
    bureau: bool = False
    items: tuple[Key, ...] = ()
    parts: tuple[Key, ...] = ()
    mild: tuple[Key, ...] = ()
    together: bool = False

    @property
    def table(self) -> str:
        """Return the table beside which the rule's verdicts stand, or ``""``."""
        return self.tables[0] if self.tables else ""

    @property
    def counts(self) -> bool:
        """Tell whether the rule compares how many cells are filled: its sides are no amounts."""
        trees = [tree for tree in (self.left, self.right) if tree is not None]
        return any(
            isinstance(part, Call) and part.function == "COUNT" for tree in trees for part in walk(tree)
        )


class Balance(Struct, frozen=True):
    """Rules that imply each other: reported as one, with the place to look by what is broken.

    ``look`` holds what is broken, where to look then, and the items to look at before
    that where they are blank.
    """

    rules: tuple[str, ...]
    look: tuple[tuple[frozenset[str], Key, tuple[Key, ...]], ...]


class Roles(Struct, frozen=True):
    """Which items play which part; a form without goals has no score and no grade."""

    department: Key
    year: Key
    status: str
    code: Key | None
    revision: Key | None
    report_date: Key | None
    score: Key | None
    grade: Key | None


class Keys(Struct, frozen=True):
    """Words of the data file and of defined names."""

    form: str
    edition: str
    printed: str
    notes: str
    note_rule: str
    note_entity: str
    note_text: str
    unplaced: str
    unplaced_place: str
    unplaced_text: str
    total: str
    check: str
    this: str
    heading_mark: str
    more_mark: str
    paragraph_mark: str


class PerHead(Struct, frozen=True):
    """What a summary looks at by head: the number of staff, the amounts, and how far from the median is too far.

    ``low`` and ``high`` are multiples of the median of departments of a kind, of which there are at ``least`` so many.
    """

    staff: Key
    items: tuple[Key, ...]
    low: Decimal
    high: Decimal
    least: int


class Form(Struct, frozen=True, eq=False, dict=True):
    """An edition of an official form; one object a file, compared by identity.

    ``overview`` names the items that stand on the first sheet of a summary; blank means all computed ones.
    """

    id: str
    edition: int
    version: str
    name: str
    unit: str
    decimals: int
    amount_hint: str
    source: str
    password: str
    salt: str
    name_table: str
    head: str
    head_synonyms: tuple[str, ...]
    entity: str
    printed_rows: int
    row_number: str
    roles: Roles
    keys: Keys
    sheets: tuple[SheetSpec, ...]
    blocks: tuple[Block, ...]
    rules: tuple[Rule, ...]
    balances: tuple[Balance, ...]
    path: Path
    overview: tuple[Key, ...] = ()
    prose: Prose | None = None
    per_head: PerHead | None = None

    @property
    def major(self) -> int:
        """Return the layout's version: a book of another major cannot be placed."""
        return int(self.version.split(".")[0])

    @cached_property
    def tables(self) -> dict[str, Table]:
        """Return the tables by label, in the order of the paper."""
        return {block.label: block for block in self.blocks if isinstance(block, Table)}

    @cached_property
    def fields(self) -> dict[Key, Field]:
        """Return the single fields."""
        return {block.key: block for block in self.blocks if isinstance(block, Field)}

    @cached_property
    def texts(self) -> dict[Key, Text]:
        """Return the sections of paragraphs."""
        return {block.key: block for block in self.blocks if isinstance(block, Text)}

    @cached_property
    def goals(self) -> dict[Key, Goals]:
        """Return the blocks of quantitative goals."""
        return {block.key: block for block in self.blocks if isinstance(block, Goals)}

    @cached_property
    def lists(self) -> dict[str, ListBlock]:
        """Return the plain lists by label."""
        return {block.label: block for block in self.blocks if isinstance(block, ListBlock)}

    @cached_property
    def headings(self) -> dict[str, Headings]:
        """Return the reports in prose by label."""
        return {block.label: block for block in self.blocks if isinstance(block, Headings)}

    @cached_property
    def columns(self) -> dict[Key, Column]:
        """Return every column of every table."""
        return {column.key: column for table in self.tables.values() for column in table.columns}

    @property
    def names(self) -> Table:
        """Return the table in which entities are named."""
        return self.tables[self.name_table]

    def sheet_of_kind(self, kind: str) -> SheetSpec:
        """Return the one sheet of a kind: ``checks``, ``help`` or ``settings``."""
        return next(sheet for sheet in self.sheets if sheet.kind == kind)

    def rule(self, rule_id: str) -> Rule:
        """Return the rule with this id; raises ``KeyError``."""
        for rule in self.rules:
            if rule.id == rule_id:
                return rule
        raise KeyError(rule_id)


class Grade(Struct, frozen=True):
    """A grade and its lowest score, which belongs to it (half-open bands)."""

    name: str
    lowest: Decimal


class Silenced(Struct, frozen=True):
    """A rule that is not run, for one department or for all, and why."""

    rule: str
    reason: str
    department: str | None = None


class Limit(Struct, frozen=True):
    """A number of a rule that the bureau sets otherwise than the form."""

    rule: str
    name: str
    value: Decimal


class Settings(Struct, frozen=True):
    """What is a bureau's own: region, maker, deadline, grade bands, limits, silenced rules."""

    year: int | None
    region: str
    maker: str
    deadline: str
    grade_source: str
    grades: tuple[Grade, ...]
    silenced: tuple[Silenced, ...] = ()
    limits: tuple[Limit, ...] = ()

    def for_department(self, *names: str | None) -> Settings:
        """Return the settings as they hold for the department with this name or code: rules silenced for others run."""
        mine = {match_key(one) for one in names if one}
        kept = [one for one in self.silenced if one.department is None or match_key(one.department) in mine]
        return replace(self, silenced=tuple(replace(one, department=None) for one in kept))

    def reason(self, rule: str) -> str | None:
        """Return why a rule is not run for any department, or ``None`` where it is run."""
        found = [one.reason for one in self.silenced if one.rule == rule and one.department is None]
        return found[0] if found else None
