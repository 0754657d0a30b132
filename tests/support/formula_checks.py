"""Whether Excel takes a formula: its length, its grammar, its sheets, ranges, names and functions.

openpyxl cuts the formula into tokens; what may follow what, it does not know, and is said here.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate

from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token, TokenizerError

from tests.support.package_parts import CELL, area_of, utf16_length

Problems = Iterator[str]

LONGEST_FORMULA = 8_192
LONGEST_TEXT_IN_FORMULA = 255
LONGEST_NAME = 255
DEEPEST_NESTING = 64

# Functions younger than the file format: in the file they carry a prefix, and without it Excel knows no such name.
NEEDS_PREFIX = frozenset(
    """
    CONCAT TEXTJOIN IFS SWITCH MAXIFS MINIFS XLOOKUP XMATCH FILTER UNIQUE SORT SORTBY SEQUENCE RANDARRAY LET LAMBDA
    IFNA XOR DAYS ISOWEEKNUM NUMBERVALUE UNICHAR UNICODE FORMULATEXT ISFORMULA SHEET SHEETS ARABIC BASE DECIMAL
    CEILING.MATH FLOOR.MATH COMBINA PERMUTATIONA ENCODEURL WEBSERVICE FILTERXML RRI PDURATION
    """.split()  # noqa: SIM905 - a list of words
)

DEFINED_NAME = re.compile(r"[^\W\d][\w.\\?]*|[_\\][\w.\\?]*")
FUNCTION_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*")
NUMBER = re.compile(r"-?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?")
R1C1 = re.compile(r"R(\d*|\[-?\d+\])(C(\d*|\[-?\d+\]))?|C(\d*|\[-?\d+\])", re.IGNORECASE)
UNQUOTED_SHEET = re.compile(r"[^\W\d][\w.:]*")

KINDS = {
    Token.OPERAND: "value",
    Token.OP_PRE: "prefix",
    Token.OP_IN: "infix",
    Token.OP_POST: "postfix",
    Token.SEP: "separator",
}
VALUE_BEGINS = frozenset({"value", "open", "group", "prefix"})
VALUE_ENDS = frozenset({"value", "close", "postfix"})
AFTER_A_VALUE = frozenset({"infix", "postfix", "separator", "close"})
# An argument may be left out, as in f() and f(a,); the inside of plain parentheses may not.
MAY_FOLLOW = {
    **dict.fromkeys(("start", "prefix", "infix", "group"), VALUE_BEGINS),
    **dict.fromkeys(("open", "separator"), VALUE_BEGINS | {"separator", "close"}),
    **dict.fromkeys(("value", "close", "postfix"), AFTER_A_VALUE),
}
MAY_END = VALUE_ENDS


@lru_cache(maxsize=100_000)
def formula_problems(formula: str, sheet_names: frozenset[str], names: frozenset[str]) -> tuple[str, ...]:
    """Say what is wrong with a formula (without its equals sign) in a workbook with these sheets and defined names."""
    if utf16_length(formula) > LONGEST_FORMULA:
        return (f"more than {LONGEST_FORMULA} characters",)
    try:
        tokens = Tokenizer("=" + formula).items
    except (TokenizerError, IndexError) as error:
        return (f"formula cannot be read: {error}",)
    found = [*_grammar_problems(tokens)]
    for token in tokens:
        if token.type == Token.OPERAND:
            found += _operand_problems(token, sheet_names, names)
        elif token.type == Token.FUNC and token.subtype == Token.OPEN:
            found += _function_problems(token.value.rpartition(":")[2][:-1])
    return tuple(found)


def _grammar_problems(tokens: list[Token]) -> Problems:
    """Look at each token and the one before it: the table says which may follow which."""
    previous, before = "the beginning", "start"
    for kind, text in _kinds(tokens):
        if kind not in MAY_FOLLOW[before]:
            yield f"{text!r} must not follow {previous!r}"
        previous, before = text, kind
    if before not in MAY_END:
        yield f"the formula must not end with {previous!r}"
    changes = ((token.subtype == Token.OPEN) - (token.subtype == Token.CLOSE) for token in tokens)
    depths = [0, *accumulate(changes)]
    if depths[-1] or min(depths) < 0:
        yield "parentheses are not balanced"
    if max(depths) > DEEPEST_NESTING:
        yield f"more than {DEEPEST_NESTING} levels of nesting"


def _kinds(tokens: list[Token]) -> Iterator[tuple[str, str]]:
    """Name each token's kind; spaces go, but for the one between two ranges, which is their intersection."""
    before, space = "start", False
    for token in tokens:
        if token.type == Token.WSPACE:
            space = True
            continue
        kind = _kind(token)
        # The tokenizer leaves a colon that follows a parenthesis on the token after it.
        if before in VALUE_ENDS and kind in VALUE_BEGINS and (space or token.value.startswith(":")):
            yield "infix", " "
        yield kind, token.value
        before, space = kind, False


def _kind(token: Token) -> str:
    if token.subtype == Token.CLOSE:
        return "close"
    if token.subtype == Token.OPEN:
        return "group" if token.type == Token.PAREN else "open"
    return KINDS[token.type]


def _operand_problems(token: Token, sheet_names: frozenset[str], names: frozenset[str]) -> Problems:
    if token.subtype == Token.TEXT and utf16_length(token.value) - 2 > LONGEST_TEXT_IN_FORMULA:
        yield f"a text of more than {LONGEST_TEXT_IN_FORMULA} characters"
    if token.subtype == Token.NUMBER and not NUMBER.fullmatch(token.value):
        yield f"{token.value!r} is no number"
    if token.subtype == Token.ERROR and token.value.endswith("#REF!"):
        yield f"lost reference {token.value}"
    if token.subtype == Token.RANGE and "[" not in token.value:
        yield from _reference_problems(token.value, sheet_names, names)


def _function_problems(name: str) -> Problems:
    if not FUNCTION_NAME.fullmatch(name):
        yield f"{name!r} is no function"
    if name.upper() in NEEDS_PREFIX:
        yield f"{name} needs the prefix _xlfn."


def _reference_problems(text: str, sheet_names: frozenset[str], names: frozenset[str]) -> Problems:
    sheet, separator, rest = text.rpartition("!")
    if separator:
        bare = sheet[1:-1].replace("''", "'") if sheet.startswith("'") else sheet
        if any(name.lower() not in sheet_names for name in bare.split(":")):
            yield f"no sheet {bare!r}"
        if not sheet.startswith("'") and not UNQUOTED_SHEET.fullmatch(sheet):
            yield f"sheet name {sheet!r} needs quotes"
    if area_of(rest) is None and rest.lower() not in names:
        yield f"{rest!r} is neither a range nor a defined name"


def is_legal_name(name: str) -> bool:
    """Tell whether Excel takes this as a defined name: legal characters, and nothing that looks like a cell."""
    looks_like_a_cell = CELL.fullmatch(name.upper()) or R1C1.fullmatch(name)
    return bool(DEFINED_NAME.fullmatch(name)) and not looks_like_a_cell and utf16_length(name) <= LONGEST_NAME
