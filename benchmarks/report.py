"""Tables of figures, and the page that they are written into, each between two marks of its own."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from msgspec import Struct

from benchmarks.measure import MEGABYTE, Figure

PACKAGES = ("XlsxWriter", "pandas", "openpyxl", "python-calamine")
HEAD = (
    "",
    "CPU, ms a workbook",
    "ms a workbook",
    "peak memory, MB",
    "ours ÷ this, CPU",
    "ours ÷ this",
    "claim",
)


class Claim(Struct, frozen=True):
    """What is claimed of a ratio, and in which direction."""

    bound: float
    at_least: bool = False

    def shown(self, ratio: float) -> str:
        """Return the claim and whether the ratio bears it out."""
        held = ratio >= self.bound if self.at_least else ratio <= self.bound
        sign = "≥" if self.at_least else "≤"
        return f"{sign} {self.bound:g}: {'held' if held else '**not held**'}"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def beside_peers(ours: Figure, peers: Sequence[Figure], claims: dict[str, Claim]) -> str:
    """Return a table of a subject and its peers; a claim is about the time on the clock."""
    rows = [[ours.label, *columns(ours), "", "", ""]]
    for peer in peers:
        ratio = ours.wall_each() / peer.wall_each()
        claim = claims[peer.label].shown(ratio) if peer.label in claims else ""
        label = peer.label if peer.count == ours.count else f"{peer.label} (on {peer.count:,} of them)"
        cpu = ours.cpu_each() / peer.cpu_each()
        rows.append([label, *columns(peer), f"{cpu:.2f}", f"{ratio:.2f}", claim])
    return table(HEAD, rows)


def columns(one: Figure) -> list[str]:
    """Return the columns of a figure that need no other."""
    return [milliseconds(one.cpu_each()), milliseconds(one.wall_each()), f"{one.peak / MEGABYTE:.0f}"]


def milliseconds(seconds: float) -> str:
    """Return a time in milliseconds with three figures or so."""
    shown = seconds * 1000
    return f"{shown:.1f}" if shown < 100 else f"{shown:,.0f}"


def environment() -> str:
    """Return what the figures were taken with."""
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{python} on {platform.system()}, {os.cpu_count()} CPUs; {packages}."


def write_section(page: Path, name: str, text: str) -> None:
    """Replace what stands between the marks of a section."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    before, found, rest = page.read_text(encoding="utf-8").partition(begin)
    _, closed, after = rest.partition(end)
    if not (found and closed):
        raise ValueError(f"{page} has no place for {name}")
    page.write_text(f"{before}{begin}\n{text}\n{end}{after}", encoding="utf-8")
