"""Data files of a form, for hypothesis: every block of the declaration, with what clerks and programs put into them."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from selfeval_xl.form.model import Column, Field, Form, Goals, Headings, ListBlock, Table, Text

Data = dict[str, Any]

ODD_TEXTS = (
    *(
        "",
        " ",
        "\u3000",
        "  前后有空格  ",
        "\u3000\u3000首行缩进",
        "a\nb",
        "a\r\n\r\nb\n",
        "\t制表\t",
        "\u2028行\u2029",
        "\x85",
    ),
    *(
        "=1+1",
        "=SUM(A1)",
        "+1",
        "-1",
        "@x",
        "'x",
        '"引号"',
        "<b>&amp;",
        "_x0041_",
        "_x005F_x0041_",
        "_X000D_",
        "_x000D_",
        "]]>",
    ),
    *("<r><t>x</t></r>", "<r>&</r>", "<si>"),
    *(
        "😀",
        "e\u0301",
        "\u0301",
        "\x00\x01\x1f",
        "\x7f",
        "\ufeff",
        "\ufffe",
        "\u200b",
        "续",
        "标题",
        "段",
        "接",
        "题",
        "另段",
    ),
    *(
        "3.7",
        "3.7万元",
        "1,234.50",
        "TRUE",
        "#N/A",
        "1e5",
        "0",
        "不适用",
        "２０２２",
        "2022-01-01",
        "{year}",
        "None",
    ),
)
NAMES = (
    "东湾站",
    "东湾站 ",
    "西湾站",
    "（城区）管理所",
    "(城区) 管理所",
    "局机关",
    "机关",
    "本部",
    "二级机构1",
    "作业点2",
)
DATES = (
    "2023-09-09",
    "1900-01-31",
    "1899-12-31",
    "2023-02-30",
    "9999-12-31",
    "2023-9-9",
    "0001-01-01",
    "二〇二三年",
)
NUMBERS = (
    *(0, -0.0, 1, -1, 0.005, 2.675, 1.115, 0.1, 3.7, 19.0, 212.78, 1e-7, 123456.123456, 999999999999.99),
    *(-12.5, 1e12, 9999999999999, 0.00001, 100, 123456789.123456789, 1234567890123.45),
)


def lines() -> SearchStrategy[str]:
    characters = st.characters(exclude_categories=("Cs",))
    return st.one_of(
        st.sampled_from(ODD_TEXTS), st.text(characters, max_size=12), st.text("一二三，。 ", max_size=40)
    )


def _long() -> SearchStrategy[str]:
    """Paragraphs of several thousand characters, with and without ends of sentences."""
    words = st.sampled_from(
        ("全年完成各项任务，", "资金到位。", "没有标点的一段话", "😀", "   ", "；", "a b ")
    )
    return st.builds(
        lambda parts, times: "".join(parts) * times,
        st.lists(words, min_size=1, max_size=6),
        st.integers(1, 300),
    )


def paragraphs() -> SearchStrategy[Any]:
    one = st.one_of(lines(), lines(), lines(), _long())
    return st.one_of(st.none(), one, st.lists(st.one_of(one, st.none()), max_size=5))


def maybe(strategy: SearchStrategy[Any]) -> SearchStrategy[Any]:
    return st.one_of(st.none(), strategy)


def amounts() -> SearchStrategy[Any]:
    exact = st.decimals(-99999, 99999, allow_nan=False, allow_infinity=False, places=4).map(float)
    return st.one_of(st.none(), st.sampled_from(NUMBERS), exact, exact, st.sampled_from(ODD_TEXTS))


def _record(values: dict[str, SearchStrategy[Any]]) -> SearchStrategy[Data]:
    """Objects with these keys, any of which may be absent."""
    return st.fixed_dictionaries({}, optional=values)


def data_of(form: Form) -> SearchStrategy[Data]:
    """Data files of *form*: every key may be absent or null."""
    keys = form.keys
    text = maybe(lines())
    note = _record({keys.note_rule: text, keys.note_entity: text, keys.note_text: text})
    loose = _record({keys.unplaced_place: text, keys.unplaced_text: text})
    parts = {
        **_sections(form),
        keys.notes: st.lists(note, max_size=3),
        keys.unplaced: st.lists(loose, max_size=2),
    }
    parts[keys.printed] = _record(
        {table.label: _record(_amounts(table.columns)) for table in form.tables.values()}
    )
    head = {keys.form: st.just(form.id), keys.edition: st.just(form.edition)}
    return st.builds(_joined, st.fixed_dictionaries(head, optional=parts), _tables(form))


def _joined(data: Data, tables: Data) -> Data:
    return {**data, **tables}


def _sections(form: Form) -> Data:
    sections: dict[str, Data] = {}
    found: Data = {}
    for block in form.blocks:
        if isinstance(block, (Field, Text, Goals)):
            sections.setdefault(block.section, {})[block.label] = _block(block)
        elif isinstance(block, ListBlock):
            found[block.label] = st.lists(_record(dict.fromkeys(block.columns, maybe(lines()))), max_size=8)
        elif isinstance(block, Headings):
            found[block.label] = _headings(block)
    return found | {name: _record(values) for name, values in sections.items()}


def _block(block: Field | Text | Goals) -> SearchStrategy[Any]:
    if isinstance(block, Goals):
        return st.lists(_goal(block), max_size=8)
    if isinstance(block, Text):
        return _record(dict.fromkeys(block.columns, paragraphs())) if block.columns else paragraphs()
    if block.is_number:
        return amounts()
    return maybe(st.one_of(st.sampled_from(DATES), lines()) if block.type == "date" else lines())


def _goal(block: Goals) -> SearchStrategy[Data]:
    def record(pair: tuple[str, str], goal: str | None, done: Any, named: bool) -> Data:
        group = {block.group_label: pair[0]} if named else {}
        return {**group, block.class_label: pair[1], block.goal_label: goal, block.done_label: done}

    goal = maybe(st.one_of(lines(), lines(), _long()))
    return st.builds(record, st.sampled_from(block.classes), goal, paragraphs(), st.booleans())


def _headings(block: Headings) -> SearchStrategy[list[Data]]:
    """Headings of the form once each in any order, a clerk's own among them."""
    numbers = st.lists(
        st.one_of(st.none(), st.sampled_from([one.number for one in block.headings])), max_size=10
    )
    unique = numbers.map(lambda found: [n for i, n in enumerate(found) if n is None or n not in found[:i]])

    def sections(wanted: list[str | None]) -> SearchStrategy[list[Data]]:
        return st.tuples(*(_section(block, number) for number in wanted)).map(list)

    return unique.flatmap(sections)


def _section(block: Headings, number: str | None) -> SearchStrategy[Data]:
    labels = {block.title_label: maybe(lines()), block.body_label: paragraphs()}
    return st.fixed_dictionaries({block.number_label: st.just(number)}, optional=labels)


def _amounts(columns: tuple[Column, ...]) -> Data:
    return {column.label: amounts() for column in columns}


@st.composite
def _tables(draw: st.DrawFn, form: Form) -> Data:
    """Entities in every table; sometimes one is missing, renamed or out of order in one of them."""
    name = maybe(st.one_of(st.sampled_from(NAMES), st.sampled_from(NAMES), lines()))
    names = draw(st.lists(name, max_size=12))
    if draw(st.booleans()):
        names = [form.head, *names[:11]]
    found: Data = {}
    for table in form.tables.values():
        own = names if draw(st.integers(0, 3)) else draw(st.permutations(names))
        own = own if draw(st.integers(0, 3)) else draw(st.lists(name, max_size=12))
        found[table.label] = [_row(draw, table, one, table.label == form.name_table) for one in own]
    return found


def _row(draw: st.DrawFn, table: Table, name: str | None, named: bool) -> Data:
    blank = draw(st.integers(0, 4)) == 0
    values = {} if blank else _amounts(table.columns)
    attributes = {item.label: maybe(lines()) for item in table.attributes} if named and not blank else {}
    return {table.name_label: name, **draw(_record(values | attributes))}
