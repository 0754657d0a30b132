"""The page on how well texts are read: ``python -m tests.prose.page`` writes ``docs/prose.md``."""

from __future__ import annotations

import tomllib
from pathlib import Path

from tests.prose.measure import KNOWN, Outcome, measure
from tests.prose.test_known import APART, LEAST_MATCHED

PAGE = Path(__file__).parents[2] / "docs" / "prose.md"
FIRST = {
    "blind.toml": "98.7 %",
    "held_out.toml": "95.7 %",
    "fourth.toml": "91.4 %",
    "fifth.toml": "94.4 %",
    "sixth.toml": "96.4 %",
    "seventh.toml": "92.1 %",
    "eighth.toml": "95.7 %",
    "ninth.toml": "95.2 %",
    "tenth.toml": "95.4 %",
    "eleventh.toml": "96.9 %",
    "twelfth.toml": "95.7 %",
    "thirteenth.toml": "97.5 %",
}
"""What each set came to when it was first read; of the two oldest nobody wrote it down."""

TEXT = """# How well texts are read

Made by `python -m tests.prose.page`.

Sentences in the manner of published reports, in words and figures of our own, by several authors; every amount marked one by one with
the item and the scope that it speaks of, or as none; some of the figures wrong on purpose. *Matched* is an amount that is read as its
mark says; a *false alarm* is a finding at an amount that is right; *faults* are figures that are wrong, and how many were reported.
Three sets are kept apart: nobody works by what they miss. `held_out` was written before the code, `blind` last of all, by somebody
who had not seen it and kept to the manner of what is published; `held_out` and `ninth` look for odd wordings too, and how much of them
was matched, though not what was missed, was watched while the code changed. *First* is what a set came to when it was first read; the
others were worked by afterwards.

| set | kept apart | sentences | amounts | first | matched | false alarms | faults found |
| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |
{rows}

**{sentences} sentences: {matched:.1%} of {amounts:,} amounts matched, {alarms:.2%} false alarms. In the three sets kept apart:
{apart_matched:.1%} of {apart_amounts:,}, {apart_alarms:.2%}.**

## What is missed

{failures}
"""


def page() -> str:
    """Return the page."""
    outcomes = {name: measure(KNOWN.with_name(name)) for name in (*APART, *LEAST_MATCHED)}
    apart = [outcomes[name] for name in APART]
    everything = list(outcomes.values())
    return TEXT.format(
        rows="\n".join(_row(name, outcome) for name, outcome in outcomes.items()),
        sentences=sum(map(_sentences, outcomes)),
        amounts=_sum(everything, "amounts"),
        matched=_sum(everything, "matched") / _sum(everything, "amounts"),
        alarms=_sum(everything, "false_alarms") / _sum(everything, "amounts"),
        apart_amounts=_sum(apart, "amounts"),
        apart_matched=_sum(apart, "matched") / _sum(apart, "amounts"),
        apart_alarms=_sum(apart, "false_alarms") / _sum(apart, "amounts"),
        failures="\n\n".join(
            _missed(name, outcome) for name, outcome in outcomes.items() if outcome.failures
        ),
    )


def _row(name: str, outcome: Outcome) -> str:
    cells = (
        name.removesuffix(".toml"),
        "yes" if name in APART else "no",
        _sentences(name),
        outcome.amounts,
        FIRST.get(name, ""),
        f"{outcome.matched / outcome.amounts:.1%}",
        outcome.false_alarms,
        f"{outcome.faults_found} of {outcome.faults}",
    )
    return f"| {' | '.join(map(str, cells))} |"


def _sentences(name: str) -> int:
    reports = tomllib.loads(KNOWN.with_name(name).read_text(encoding="utf-8"))["report"]
    return sum(len(report["sentence"]) for report in reports)


def _sum(outcomes: list[Outcome], what: str) -> int:
    return sum(getattr(outcome, what) for outcome in outcomes)


def _missed(name: str, outcome: Outcome) -> str:
    return "\n".join([f"### {name.removesuffix('.toml')}", "", *(f"- {one}" for one in outcome.failures)])


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
