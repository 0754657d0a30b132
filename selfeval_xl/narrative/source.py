"""The paragraphs of a report as one source: folded and read for figures once, searched as a whole."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache

from selfeval_xl.narrative.model import Paragraph
from selfeval_xl.narrative.quantities import Quantity, quantities
from selfeval_xl.narrative.words import fold, words

_DIGIT = re.compile(r"\d")


class Source:
    """A report's paragraphs; what is worked out about a paragraph is kept."""

    def __init__(self, paragraphs: Sequence[Paragraph]) -> None:
        self.paragraphs = paragraphs
        self.whole = "\n".join(one.text for one in paragraphs)
        self._starts: list[int] = []
        start = 0
        for one in paragraphs:
            self._starts.append(start)
            start += len(one.text) + 1

    def folded(self, number: int) -> str:
        """Return the text of a paragraph, folded."""
        return _read(self.paragraphs[number].text)[0]

    def figures(self, number: int) -> Sequence[Quantity]:
        """Return the figures of a paragraph."""
        return _read(self.paragraphs[number].text)[1]

    def hits(self, pattern: re.Pattern[str]) -> Iterator[tuple[int, re.Match[str]]]:
        """Yield every match with the number of its paragraph; places count in the whole text."""
        for match in pattern.finditer(self.whole):
            yield bisect_right(self._starts, match.start()) - 1, match

    def holding(self, texts: Sequence[str]) -> list[int]:
        """Return the numbers of the paragraphs in which one of *texts* stands."""
        here = [one for one in texts if one in self.whole]
        if not here:
            return []
        return [
            number for number, one in enumerate(self.paragraphs) if any(text in one.text for text in here)
        ]

    def start(self, number: int) -> int:
        """Return where a paragraph begins in the whole text."""
        return self._starts[number]


@lru_cache(maxsize=8192)
def _read(text: str) -> tuple[str, Sequence[Quantity]]:
    """Return a text folded, and its figures; what many departments say alike is read once."""
    folded, (coin, hundredth) = fold(text), _hints()
    may_be = _DIGIT.search(text) is not None or coin in text or hundredth in text
    return folded, quantities(folded) if may_be else ()


@lru_cache(maxsize=1)
def _hints() -> tuple[str, str]:
    return words()["money"]["coin"], words()["numerals"]["hundredth"]
