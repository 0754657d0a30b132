"""The paragraphs of a report as one source: what a text says by itself is found once and kept by the text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, lru_cache
from typing import Any, TypeVar

from selfeval_xl.narrative.model import Paragraph
from selfeval_xl.narrative.quantities import Quantity, quantities
from selfeval_xl.narrative.words import fold, words

_DIGIT = re.compile(r"\d")
_MOST = 4096
_Found = TypeVar("_Found")


class Text:
    """A paragraph's text, its folded form and its figures, and what was found in it by itself, by who looked."""

    __slots__ = ("figures", "folded", "found", "written")

    def __init__(self, written: str) -> None:
        self.written, self.folded = written, fold(written)
        coin, hundredth = _hints()
        may_be = _DIGIT.search(written) is not None or coin in written or hundredth in written
        self.figures: Sequence[Quantity] = quantities(self.folded) if may_be else ()
        self.found: dict[Callable[[Text], Any], Any] = {}


class Source:
    """A report's paragraphs."""

    def __init__(self, paragraphs: Sequence[Paragraph]) -> None:
        self.paragraphs = paragraphs
        self.texts = [_text(one.text) for one in paragraphs]

    @cached_property
    def whole(self) -> str:
        """Return all paragraphs, a line each."""
        return "\n".join(one.text for one in self.paragraphs)

    def folded(self, number: int) -> str:
        """Return the text of a paragraph, folded."""
        return self.texts[number].folded

    def figures(self, number: int) -> Sequence[Quantity]:
        """Return the figures of a paragraph."""
        return self.texts[number].figures

    def each(self, find: Callable[[Text], _Found | None]) -> Iterator[tuple[int, _Found]]:
        """Yield what *find* finds in each paragraph in which it finds anything, with the paragraph's number.

        It is asked once for each text, of whatever report; so it must look at nothing else, and be the same
        function each time.
        """
        for number, text in enumerate(self.texts):
            try:
                found = text.found[find]
            except KeyError:
                found = text.found[find] = find(text)
            if found:
                yield number, found


@lru_cache(maxsize=_MOST)
def _text(written: str) -> Text:
    return Text(written)


@lru_cache(maxsize=1)
def _hints() -> tuple[str, str]:
    return words()["money"]["coin"], words()["numerals"]["hundredth"]
