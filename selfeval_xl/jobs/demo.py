"""The whole chain on shipped data, said step by step."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from selfeval_xl.amounts import show
from selfeval_xl.consolidation.reduce import Reduced, reduced
from selfeval_xl.findings import ERROR, INFO, SEVERITIES, WARNING, message
from selfeval_xl.form.library import DEFAULT_FORM, find_form, settings_for
from selfeval_xl.jobs.consolidate import Consolidated, consolidate
from selfeval_xl.jobs.export import export
from selfeval_xl.jobs.fill import dump, fill
from selfeval_xl.jobs.forms import year_of
from selfeval_xl.jobs.new import Blank, blank_workbook
from selfeval_xl.shipped import county_settings, workbook_folder
from selfeval_xl.submission.inspect import Report, inspect
from selfeval_xl.texts import say

BLANK_ROWS = 5
MOST_SHOWN = 6


def demonstrate(folder: Path) -> Iterator[str]:
    """Run the chain and yield the lines that tell of it.

    A *folder* that holds anything is left alone; the files go into a new one beside it.
    """
    folder = _unused(folder)
    samples = workbook_folder() / "samples"
    yield say("demo.start", folder=folder)
    yield _blank(folder / "blank.xlsx")
    filled = folder / "seed-2022.xlsx"
    yield say("demo.seed", name=filled)
    yield from _filled(samples / "seed-2022.json", filled, None)
    nine = folder / "nine-entities-2022.xlsx"
    yield say("demo.nine", name=nine)
    yield from _filled(samples / "nine-entities-2022.json", nine, county_settings())
    yield _dumped(samples / "nine-entities-2022.json", nine, folder / "nine-entities-2022.json")
    final = folder / "seed-2022-final.xlsx"
    export(filled, final, force=True, draft=False)
    yield say("demo.export", name=final)
    yield from _county(samples / "county", folder)
    yield say("demo.end")


def _unused(folder: Path) -> Path:
    """Return *folder* if nothing is in it, else the first of ``folder-2``, ``folder-3`` … that is free."""
    found, number = folder, 1
    while found.exists() and (not found.is_dir() or any(found.iterdir())):
        number += 1
        found = folder.with_name(f"{folder.name}-{number}")
    return found


def _blank(target: Path) -> str:
    form = find_form(DEFAULT_FORM)
    settings = settings_for(form)
    blank_workbook(form, settings, year_of(form, settings, None), Blank(rows=BLANK_ROWS), target, force=True)
    return say("demo.blank", rows=BLANK_ROWS - 1, name=target)


def _filled(data: Path, target: Path, settings_file: Path | None) -> Iterator[str]:
    report = fill(data, target, settings_file, force=True)
    yield say("demo.totals", totals=_totals(report))
    yield from _findings(reduced(report))


def _totals(report: Report) -> str:
    """Return the first total of every table, as they stand in the total rows."""
    if report.blueprint is None or report.values is None:
        return ""
    unit, shown = report.blueprint.form.unit, []
    for place in report.blueprint.places.tables.values():
        label = next(iter(place.columns))
        value = report.values(place.cell(label, 0))
        shown.append(f"{label} {show(value) if isinstance(value, Decimal) else value} {unit}")
    return say("word.and").join(shown)


def _findings(one: Reduced) -> Iterator[str]:
    counts = {f"{severity}s": one.count(severity) for severity in (ERROR, WARNING)}
    yield say("demo.findings", **counts, infos=one.count(INFO))
    standing = [finding for finding in one.findings if finding.follows is None]
    ordered = sorted(standing, key=lambda finding: SEVERITIES.index(finding.severity))
    for finding in ordered[:MOST_SHOWN]:
        severity = say(f"severity.{finding.severity}")
        yield say("demo.finding", severity=severity, message=message(finding), rule=finding.rule)
    if len(ordered) > MOST_SHOWN:
        yield say("demo.more", count=len(ordered) - MOST_SHOWN)


def _dumped(data: Path, workbook: Path, target: Path) -> str:
    text = dump(workbook)
    target.write_text(text, encoding="utf-8", newline="\n")
    same = text == dump(data)
    return say("demo.dump" if same else "demo.dump_differs", name=target)


def _county(samples: Path, folder: Path) -> Iterator[str]:
    """Fill a county's files, leave the unreadable one as it is, and sum them up."""
    county = folder / "county"
    county.mkdir(parents=True, exist_ok=True)
    sources = sorted(path for path in samples.iterdir() if path.suffix in (".json", ".xlsx"))
    for source in sources:
        target = county / f"{source.stem}.xlsx"
        if source.suffix == ".json" and not _has_printed_totals(source):
            fill(source, target, county_settings(), force=True)
        else:
            shutil.copyfile(source, county / source.name)
    yield say("demo.county", count=len(sources), folder=county)
    summary = folder / "summary.xlsx"
    result = consolidate([county], summary, settings_file=county_settings(), force=True)
    yield say("demo.consolidate", name=summary)
    yield from _consolidated(result)


def _has_printed_totals(source: Path) -> bool:
    """Tell whether data bring totals of their own, which a workbook would replace by formulas."""
    report = inspect(source)
    return report.submission is not None and bool(report.submission.printed)


def _consolidated(result: Consolidated) -> Iterator[str]:
    wrong = [one for one in result.selection.accepted if one.has_errors]
    facts = {"accepted": len(result.selection.accepted), "errors": len(wrong)}
    yield say("demo.county_status", **facts, refused=len(result.selection.refused))
    for one in wrong:
        yield say("demo.county_file", name=one.path.name, status=say(f"status.{one.status}"))
        for finding in one.findings:
            if finding.severity == ERROR and finding.follows is None:
                severity = say(f"severity.{finding.severity}")
                yield say("demo.finding", severity=severity, message=message(finding), rule=finding.rule)
    for one in result.selection.refused:
        yield say("demo.county_refused", name=one.path.name, reason=one.reason)
    unit = result.form.unit if result.form is not None else ""
    for table, row in result.sums.items():
        item, total = next(iter(row.items()))
        shown = f"{show(total)} {unit}" if isinstance(total, Decimal) else total
        yield say("demo.county_sum", table=table, item=item, total=shown)
