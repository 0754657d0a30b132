"""From a rule's text to its tree.  The one place that knows the grammar.

Precedence is Excel's; operators of one line group from the left::

    rule    = joined  { ("=" | "<>" | "<" | "<=" | ">" | ">=") joined }
    joined  = sum     { "&" sum }
    sum     = product { ("+" | "-") product }
    product = signed  { ("*" | "/") signed }
    signed  = "-" signed | primary
    primary = number | text | name | "TRUE" | "FALSE" | "(" rule ")"
            | function "(" [ rule { "," rule } ] ")"
    name    = part { "." part }
    part    = letters, digits and _ | "'" anything, with '' for a quote "'"

Unlike Excel there is no ``^``, no ``%``, no ``+`` before an operand and no cell
address: a rule speaks of names, and who knows the form turns them into cells.
"""

from __future__ import annotations

from decimal import Decimal

from selfeval_xl.rules.functions import complaint
from selfeval_xl.rules.tokens import LITERALS, Kind, RuleSyntaxError, Token, tokens, unquoted
from selfeval_xl.rules.tree import PRECEDENCE, Binary, Call, Name, Node, Number, Text, Unary

__all__ = ["RuleSyntaxError", "error_at", "parse"]

_DEEPEST = 64  # as Excel


def parse(source: str) -> Node:
    """Return the tree of a rule's text; raises ``RuleSyntaxError``."""
    return _Parser(source).rule()


def error_at(name: Name, source: str, message: str) -> RuleSyntaxError:
    """Return the error that *message* is, shown where *name* first stands in a rule's text."""
    stands = (one for one in tokens(source) if one.kind is Kind.NAME and unquoted(one.text) == name.text)
    word = next(stands)
    return RuleSyntaxError(message, source, word.position, len(word.text))


class _Parser:
    """Reads one text from left to right, one word ahead."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._words = list(tokens(source))
        self._next = 0
        self._depth = 0

    def rule(self) -> Node:
        tree = self._run(1)
        if self._word.kind is not Kind.END:
            raise self._error("an operator is missing before this, or this is too much")
        return tree

    @property
    def _word(self) -> Token:
        return self._words[self._next]

    def _run(self, loosest: int) -> Node:
        """Read operands joined by operators that bind at least as tightly as *loosest*."""
        left = self._signed()
        while self._word.kind is Kind.OPERATOR and PRECEDENCE[self._word.text] >= loosest:
            operator = self._take().text
            left = Binary(operator, left, self._run(PRECEDENCE[operator] + 1))
        return left

    def _signed(self) -> Node:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise self._error(f"nested more than {_DEEPEST} deep")
        tree = Unary("-", self._signed()) if self._took("-") else self._primary()
        self._depth -= 1
        return tree

    def _primary(self) -> Node:
        word = self._word
        if self._took("("):
            tree = self._run(1)
            self._close(word)
            return tree
        if word.kind not in (Kind.NUMBER, Kind.TEXT, Kind.NAME):
            raise self._error("a number, a text, a name or a function is missing here")
        self._take()
        if word.kind is Kind.NUMBER:
            return Number(Decimal(word.text))
        if word.kind is Kind.TEXT:
            return Text(word.text[1:-1].replace('""', '"'))
        if self._word.text == "(":
            return self._call(word)
        if word.text.upper() in LITERALS:
            return Call(word.text.upper())
        return Name(unquoted(word.text))

    def _call(self, word: Token) -> Call:
        opening, function, arguments = self._take(), word.text.upper(), []
        if self._word.text != ")":
            arguments.append(self._run(1))
            while self._took(","):
                arguments.append(self._run(1))
        self._close(opening)
        wrong = complaint(function, len(arguments))
        if wrong:
            raise RuleSyntaxError(wrong, self._source, word.position, len(word.text))
        return Call(function, tuple(arguments))

    def _take(self) -> Token:
        self._next += 1
        return self._words[self._next - 1]

    def _took(self, mark: str) -> bool:
        """Pass over *mark* if it is next; no text or name can be mistaken for one."""
        found = self._word.text == mark
        self._next += found
        return found

    def _close(self, opening: Token) -> None:
        if self._took(")"):
            return
        if self._word.kind is Kind.END:
            raise RuleSyntaxError("this bracket is never closed", self._source, opening.position)
        raise self._error("an operator, a comma or a closing bracket is missing before this")

    def _error(self, message: str) -> RuleSyntaxError:
        return RuleSyntaxError(message, self._source, self._word.position, len(self._word.text))
