"""Sound reports are left in peace: no error, few questions, whatever their clerks' habits."""

from decimal import Decimal
from pathlib import Path

import pytest

from tests.acceptance.calling import selfeval
from tests.support import reports, sound
from tests.support.check_sound import papers_known, run
from tests.support.sound_figures import INPUTS, TOTALS, Department, Entity

SEEDS = range(12)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_sound_report_gets_no_error_and_few_questions(tmp_path: Path, seed: int) -> None:
    for way, tally in run([seed], tmp_path).items():
        assert tally.errors == [], way
        assert tally.counts["warning"][0] <= 4, (way, tally.rules)


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_at_all_is_said_of_a_tidy_report(tmp_path: Path, seed: int) -> None:
    one = sound.tidy(seed)
    words: list[object] = [reports.filled(reports.report(one.data)).write(tmp_path / "tidy.xlsx")]
    if papers_known():
        words += ["--previous", sound.saved(sound.before(one).data, tmp_path / "last.json")]
    assert selfeval("validate", *words, "--json").standing() == []


@pytest.mark.parametrize("seed", SEEDS)
def test_made_up_figures_are_balanced_this_year_and_the_year_before(seed: int) -> None:
    found = sound.tidy(seed, sound.USUAL).found
    before = found.before
    assert before is not None
    for year in (found, before):
        for one in (year, *year.entities):
            assert_balanced(one)
    for one, past in zip(found.entities, before.entities, strict=True):
        assert one.of("收入", "上年结转") == past.of("支出", "累计结余")


def assert_balanced(one: Department | Entity) -> None:
    left = one.of("收入", "收入合计") - one.of("支出", "支出合计")
    assert left == one.of("支出", "累计结余") >= 0
    assert left - one.of("收入", "上年结转") == one.of("支出", "当年结余")
    assert one.of("三公经费", "三公经费合计") <= one.of("支出", "公用支出") + one.of("支出", "项目支出")
    assert all(one.of(*total) > 0 for total in TOTALS)


@pytest.mark.parametrize("seed", SEEDS)
def test_sloppiness_changes_no_amount(seed: int) -> None:
    found, data = sound.tidy(seed, sound.USUAL).found, sound.sound_report(seed)
    for table in ("收入", "三公经费", "固定资产"):
        for row, one in zip(data[table], found.entities, strict=False):
            assert all(Decimal(str(row[item] or 0)) == one.amounts[table, item] for item in INPUTS[table])


def test_the_same_seed_makes_the_same_report(tmp_path: Path) -> None:
    first = sound.sound_workbook(5, tmp_path / "a.xlsx").read_bytes()
    assert sound.sound_workbook(5, tmp_path / "b.xlsx").read_bytes() == first
    assert sound.sound_report(5) == sound.sound_report(5) != sound.sound_report(6)
    assert sound.previous_report(5) == sound.previous_report(5)
