"""Numbers of rules that a bureau sets, and rules that are silenced for one department."""

from decimal import Decimal as D

import pytest
from msgspec.structs import replace

from selfeval_xl.blueprint.limits import with_limits
from selfeval_xl.form.model import Limit, Settings, Silenced
from selfeval_xl.rules.printing import print_rule
from tests.support import small_report as small


def used(*limits: Limit) -> Settings:
    return replace(small.settings(), limits=limits)


def test_a_limit_stands_in_the_expression_and_in_the_text() -> None:
    rule = with_limits(small.form().rule("X-07"), small.settings())
    assert rule.right is not None
    assert print_rule(rule.right) == "支出.公用支出 * 30"
    assert rule.text == "公务接待费不超过公用支出的30%"


def test_the_bureau_may_set_it_otherwise_for_this_rule_alone() -> None:
    settings = used(Limit("X-07", "上限", D("12.5")), Limit("X-12", "上限", D(50)))
    rule = with_limits(small.form().rule("X-07"), settings)
    assert (dict(rule.limits), rule.text) == ({"上限": D("12.5")}, "公务接待费不超过公用支出的12.5%")
    assert with_limits(small.form().rule("I-01"), settings) is small.form().rule("I-01")


def test_a_limit_decides_what_is_found() -> None:
    report = small.inspected(small.balanced(), used(Limit("X-07", "上限", D(1))))
    assert {one.rule for one in report.doubts} == {"X-07"}
    assert report.findings == []


def test_a_rule_silenced_for_one_department_is_run_for_the_others() -> None:
    silenced = replace(
        small.settings(), silenced=(Silenced("X-03", "试点", "某县 某某局"), Silenced("X-14", "试点"))
    )
    mine, other = silenced.for_department("某县某某局", None), silenced.for_department("别的局", "008")
    assert (mine.reason("X-03"), other.reason("X-03")) == ("试点", None)
    assert mine.reason("X-14") == other.reason("X-14") == "试点"
    assert silenced.for_department().reason("X-03") is None


@pytest.mark.parametrize(("rule", "severity"), [("X-07", "info"), ("X-20", "info")])
def test_a_doubt_is_no_finding_of_the_clerks(rule: str, severity: str) -> None:
    data = small.changed(三公经费_2_公务接待费=6.01, 支出_1_人员支出=60.25, 支出_1_公用支出=110.25)
    report = small.inspected(data)
    found = [one for one in report.doubts if one.rule == rule]
    assert {(one.severity, one.is_doubt) for one in found} == {(severity, True)}
    assert rule not in {one.rule for one in report.findings}
    assert report.status == "clean"
