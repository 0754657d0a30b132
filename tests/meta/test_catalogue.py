"""Every sentence is there, is used, and gets the facts that it asks for."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import Struct

from selfeval_xl.consolidation.ledger import COLUMNS as LEDGER_COLUMNS
from selfeval_xl.consolidation.ledger import STATES
from selfeval_xl.consolidation.roster import COLUMNS
from selfeval_xl.findings import SEVERITIES, Verdict
from selfeval_xl.ooxml.errors import REASONS
from selfeval_xl.texts import catalogue, placeholders
from tests.acceptance.calling import COUNTY, DAMAGED, FORMS, SEED, Data, saved, seed, selfeval

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "selfeval_xl"
DECLARATIONS = sorted([*(ROOT / "workbook" / "forms").glob("*/form.toml"), *FORMS.glob("*/form.toml")])

# Facts that `findings.message` gives to every pattern, and those that the finding's own makers add.
OF_EVERY_FINDING = {"cell", "place", "entity", "item", "expected", "actual", "difference"}
OF_A_RULE = {"unit", "text", "cells", "decimals"}
ADDED = {
    "grade.wrong": {"score"},
    "grade.blank": {"score"},
    "names.differ": {"table"},
    "cell.not_whole": {"least"} | OF_A_RULE,
    "formula.lost": {"count", "sheet"},
    "cell.decimals_calculated": OF_A_RULE,
    "prose.completion": {"base", "nearest"},
    "prose.numbering": {"written"},
    "formula.lost_many": {"count", "sheet"},
    "formula.error": {"count", "sheet"},
    "formula.error_many": {"count", "sheet"},
    "label.changed": {"count", "sheet"},
    "label.changed_many": {"count", "sheet"},
    "cell.error": {"count", "sheet"},
    "cell.error_many": {"count", "sheet"},
    "sheet.moved": {"sheet", "behind"},
    "sheet.hidden": {"sheet"},
    "sheet.shown": {"sheet"},
    "protection.removed": {"sheets", "password"},
    "protection.open": {"sheet", "count", "list"},
    "name.lost": {"count", "list"},
    "merge.changed": {"sheet", "list"},
    "hidden.values": {"sheet", "count", "list"},
    "link.used": {"files", "count"},
    "link.left": {"files", "count"},
    "comment.found": {"sheet", "count", "list"},
    "result.stale": {"count"},
    "guest.found": {"list"},
    "row.outside": {"count", "list"},
    "formula.circular": {"formula", "over"},
    "cell.blank": {"count", "list"},
    "names.twice": {"first"},
    "list.incomplete": {"list", "least"},
    "duplicate.conflict": {"name"},
    "duplicate.code": {"name", "code", "other"},
    "duplicate.renamed": {"name", "code", "other"},
    "summary.same_region": {"name"},
    "summary.shared": {"name"},
    "summary.namesake": {"name"},
    "revision.same": {"name", "next"},
    "code.other": {"code", "text"},
    "code.other_name": {"code", "text"},
    "ledger.other_passed": {"name", "other", "file", "revision"},
    "ledger.returned": {"name"},
    "ledger.older": {"name", "other", "file", "revision"},
    "ledger.lost": {"file", "revision"},
    "roster.nameless": {"line"},
    "roster.not_reported": {"text", "came"},
    "roster.twice": {"line", "first"},
    "roster.code_short": {"line", "first", "code", "other"},
    "roster.code_twice": {"line", "first", "code", "other"},
    "roster.unknown_state": {"line", "text"},
    "ledger.not_state": {"heading", "states", "text"},
    "ledger.not_revision": {"heading", "text"},
    "ledger.not_score": {"heading", "text"},
    "ledger.not_day": {"heading", "text"},
    "prose.amount": {"written", "other_cell", "nearest"},
    "prose.sum": {"written", "parts"},
    "prose.share": {"base", "basis"},
    "prose.fiscal": {"scope", "other_cell"},
    "prose.direction": {"written", "before"},
    "prose.change": {"written", "before", "now", "measure"},
    "prose.zero_base": {"written"},
    "prose.previous": {"written"},
    "prose.trend": {"written"},
    "prose.projects": {"heading"},
    "prose.name": {"count"},
    "prose.visits": {"written", "other_cell", "year"},
    "prose.same": {"other_cell"},
    "prose.goals": {"count", "list"},
    "previous.same": {"source", "count"},
    "previous.units": {"source", "times"},
    "previous.entities": {"source", "list"},
    "previous.staff": {"source", "rate"},
    "previous.carry": {"source", "other"},
    "previous.up": {"source", "rate", "list"},
    "previous.over_budget": {"source", "rate"},
    "previous.change": {"source", "rate"},
    "previous.bought": {"source", "other", "amount"},
    "previous.moved": {"source", "other", "amount"},
    "previous.surplus": {"source", "rate"},
    "previous.surplus_share": {"source", "rate", "other"},
    "previous.assets": {"source", "list"},
    "reference.figure": {"source", "paper"},
    "score.capped": {"source", "rate", "other"},
}
# What no rule's expression finds: of these, the rule's own facts are not given.
OF_OTHER_ROOMS = ("prose.", "previous.", "reference.", "score.")
BY_PROGRAM = {code for code in ADDED if not code.startswith(OF_OTHER_ROOMS)}
BY_PROGRAM -= {"grade.wrong", "grade.blank", "names.differ"}
# What is said through a variable: the part of the key that is known, and what may stand in its place.
SEEN_BY_NAME = {
    "refused.": set(REASONS),
    "severity.": set(SEVERITIES),
    "verdict.": {verdict.value for verdict in Verdict},
    "roster.": set(COLUMNS),
    "ledger.": {*LEDGER_COLUMNS, *(f"state_{state}" for state in STATES)},
}


class Said(Struct, frozen=True):
    """A call of ``say``: the key, or its known beginning and end; the facts by name, ``None`` for `**facts`."""

    key: str
    end: str | None
    facts: frozenset[str] | None
    where: str

    @property
    def whole(self) -> bool:
        return self.end is None

    def rest_of(self, key: str) -> str | None:
        """What stands in the key for the part that is not known here, if the key is one that may be said."""
        if self.end is None or not (key.startswith(self.key) and key.endswith(self.end)):
            return None
        return key.removeprefix(self.key).removesuffix(self.end)


def calls() -> Iterator[Said]:
    """Every key that the code names: in ``say`` and in the exceptions that say it."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and node.args
                and _name(node.func) in ("say", "WrongUsage", "Stopped")
            ):
                yield from _said(node, f"{path.relative_to(ROOT)}:{node.lineno}")


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _said(node: ast.Call, where: str) -> Iterator[Said]:
    named = [keyword.arg for keyword in node.keywords]
    facts = None if None in named else frozenset(str(name) for name in named)
    for key, end in _keys(node.args[0]):
        yield Said(key, end, facts, where)


def _keys(node: ast.expr) -> Iterator[tuple[str, str | None]]:
    if isinstance(node, ast.Constant):
        yield str(node.value), None
    elif isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
        last = node.values[-1]
        yield str(node.values[0].value), str(last.value) if isinstance(last, ast.Constant) else ""
    elif isinstance(node, ast.IfExp):
        yield from _keys(node.body)
        yield from _keys(node.orelse)


SAID = list(calls())
# Taken as they stand: formulas are built around their placeholders.
PATTERNS = {"checks.passed", "checks.failed", "checks.opening_text", "checks.opening_count"}


def words_in_code() -> set[str]:
    """Every text in the code: a key may be handed on in a variable."""
    found: set[str] = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return found


def codes() -> set[str]:
    """Every code that a finding can have: of the declarations, of the form's model, of the checks."""
    found = set(ADDED)
    for path in DECLARATIONS:
        found |= {
            rule["message"] for rule in tomllib.loads(path.read_text("utf-8"))["rule"] if "message" in rule
        }
    code = re.compile(r"[a-z]+\.[a-z_]+")
    known = {word for word in words_in_code() if code.fullmatch(word) and f"finding.{word}" in catalogue()}
    return found | known


def test_keys_are_found_in_the_code() -> None:
    assert len(SAID) > 150
    assert any(not one.whole for one in SAID)


@pytest.mark.parametrize("one", SAID, ids=lambda one: f"{one.where}-{one.key}")
def test_what_the_code_says_is_in_the_catalogue_and_gets_its_facts(one: Said) -> None:
    if not one.whole:
        assert any(key.startswith(one.key) for key in catalogue()), one
        return
    assert one.key in catalogue(), one
    if one.key in PATTERNS and not one.facts:
        return
    if one.facts is not None:
        assert placeholders(one.key) <= one.facts, one


@pytest.mark.parametrize(("prefix", "names"), SEEN_BY_NAME.items())
def test_what_is_said_by_name_is_in_the_catalogue(prefix: str, names: set[str]) -> None:
    assert {f"{prefix}{name}" for name in names} <= set(catalogue())


def test_everything_in_the_catalogue_is_said_somewhere() -> None:
    whole, words = {one.key for one in SAID if one.whole}, words_in_code()
    unused = []
    for key in catalogue():
        rests = {rest for one in SAID if (rest := one.rest_of(key)) is not None}
        by_name = any(rest in words or rest.split(".")[-1] in words for rest in rests)
        # Codes of findings come out of the declarations: the next test looks at them.
        if not (key in whole or key in words or by_name or key.startswith("finding.")):
            unused.append(key)
    assert " ".join(unused) == ""


def test_every_code_of_a_finding_has_its_sentence() -> None:
    assert {f"finding.{code}" for code in codes()} <= set(catalogue())
    unused = {key for key in catalogue() if key.startswith("finding.")} - {
        f"finding.{code}" for code in codes()
    }
    assert unused == set()


@pytest.mark.parametrize("key", sorted(key for key in catalogue() if key.startswith("finding.")))
def test_sentence_of_a_finding_asks_only_for_what_it_is_given(key: str) -> None:
    code = key.removeprefix("finding.")
    given = OF_EVERY_FINDING | ADDED.get(code, set())
    if code not in BY_PROGRAM:
        given |= OF_A_RULE
    assert placeholders(key) <= given
    assert {"place", "cell"} & placeholders(key), "a finding says first where to look"
    assert catalogue()[key].endswith("。")


def wrong_in_many_ways() -> Data:
    """A report that breaks as many rules as fit into one."""
    data = seed()
    data["封面"] |= {"年度": 2021, "部门(单位)名称": None}
    data["基本概况"] |= {"人员编制": 3, "联系人": None}
    data["收入"][0] |= {"上年结转": -1, "收入合计": 300, "其他收入": "3万", "公共财政拨款": 212.294}
    data["收入"] += [{"机构名称": "二级机构1", "其他收入": 5}, {"机构名称": "东站"}]
    data["支出"][0] |= {"当年结余": 3, "累计结余": 9, "项目支出": 999, "支出合计": 7}
    data["支出"] += [{"机构名称": "二级机构1"}, {"机构名称": "西站", "人员支出": 1}]
    data["三公经费"][0] |= {"公务接待费": -3.7, "公务用车运维费": 5000}
    data["固定资产"][0] |= {"在用固定资产": -5, "出租固定资产": 3}
    data["绩效自评"] |= {"绩效自评综合得分": 89.5, "评价等次": "优"}
    data["汇总"] = {"收入": {"收入合计": 1, "上年结转": 2}}
    return data


def test_sentences_of_real_findings_are_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SELFEVAL_FORMS", str(FORMS))
    data = saved(tmp_path / "d.json", wrong_in_many_ways())
    outcome = selfeval("validate", data, SEED, COUNTY, FORMS, DAMAGED, "--json")
    findings = [finding for one in outcome.json["files"] for finding in one["findings"]]
    assert len({finding["code"] for finding in findings}) >= 14
    for finding in findings:
        text = finding["message"]
        assert text.startswith(finding["cells"][0])
        assert text.endswith("。")
        for wrong in ("{", "}", "None", "Decimal", "。。", "，，", "“”", "  ", "E+", "：，", "为 ，"):
            assert wrong not in text, text
