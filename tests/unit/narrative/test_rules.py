"""Each rule on prose: a text that passes, and one that does not, with what is found."""

from decimal import Decimal as D

import pytest

from selfeval_xl.findings import message
from selfeval_xl.narrative.model import Paragraph
from tests.unit.narrative.reports import REPORT, figures, form, found, look, paragraph

DUTIES = ("基本概况", "职能职责概述")
GOALS, RESULTS = ("绩效自评", "定量目标"), ("绩效自评", "定性目标")
PROJECTS = (REPORT, "二（二）1")

# Rule, a text that passes, one that does not, and what is found: said, right.
CASES = [
    ("T-01", "财政拨款基本支出179.51万元，人员经费118.38万元，公用经费61.13万元。",
     "财政拨款基本支出179.51万元，人员经费118.58万元，公用经费61.13万元。", "179.51", "179.71"),
    ("T-02", "人员支出118.87万元，占基本支出的66.04%。", "人员支出118.87万元，占基本支出的66.03%。", "66.03", "66.04"),
    ("T-03", "基本支出180万元。", "基本支出175.30万元。", "175.30", "180.00"),
    ("T-04", "人员支出118.87万元。", "人员支出61.13万元。", "61.13", "118.87"),
    ("T-06", "公务接待费37000元。", "公务接待费3.70元。", "0.00", "3.70"),
    ("T-07", "三公经费8.2万元，其中接待费3.7万元，公务用车运行维护费4.5万元。",
     "三公经费8.2万元，其中接待费3.5万元，公务用车运行维护费4.5万元。", "8.20", "8.00"),
    ("T-17", "其他收入0.99万元，年末结转和结余55.7万元。", "其他收入9.9万元，年末结转和结余55.7万元。", "9.90", "0.99"),
    ("T-18", "核定编制13名，实有在职人员9人。", "核定编制13名，实有在职人员12人。", "12", "9"),
    ("T-19", "自评得分97.5分。", "自评得分95.7分。", "95.7", "97.5"),
    ("T-20", "支出合计212.78万元，基本支出180万元，项目支出32.78万元。",
     "支出合计212.78万元，基本支出180万元，项目支出30.78万元。", "212.78", "210.78"),
    ("T-05", "财政拨款基本支出179.51万元，财政拨款项目支出32.78万元。",
     "财政拨款基本支出239.51万元，财政拨款项目支出32.78万元。", "272.29", "267.49"),
    ("T-09", "人员支出由上年的120万元减少到118.87万元，减少1.13万元，下降0.94%。",
     "人员支出由上年的110万元变为118.87万元，减少8.87万元。", "118.87", "8.87"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "right", "wrong", "said", "expected"), CASES, ids=[case[0] for case in CASES]
)
def test_a_rule_on_figures(rule: str, right: str, wrong: str, said: str, expected: str) -> None:
    assert found(right, rule=rule) == []
    (one,) = found(wrong, rule=rule)
    assert one.rule == rule
    assert (one.actual, one.expected) == (D(said), D(expected))
    assert message(one).startswith(f"{REPORT}!A30")
    assert message(one).endswith("。")


def test_t05_counts_what_the_table_has_of_a_use_that_the_text_leaves_out() -> None:
    assert found("财政拨款基本支出179.51万元。", rule="T-05") == []
    assert found("财政拨款基本支出239.51万元。", rule="T-05") != []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("人员支出118.87万元，比上年的120万元减少1.13万元，下降0.94%。", ""),
        ("人员支出118.87万元，比上年的120.00万元减少1.31万元。", "prose.change"),
        ("人员支出118.87万元，比上年的120万元下降9.4%。", "prose.change"),
        ("公务接待费3.7万元，上年为0万元，增长100%。", "prose.zero_base"),
        ("公务接待费3.7万元，上年为0万元，增加3.7万元。", ""),
        ("公务接待费3.7万元，比预算4万元节约0.3万元。", ""),
    ],
)
def test_t09_holds_amounts_and_rates_of_change_against_their_two_figures(text: str, code: str) -> None:
    codes = [one.code for one in found(text, rule="T-09")]
    assert codes == ([code] if code else [])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("年初预算170万元，全年预算220万元，支出决算212.78万元，完成全年预算的96.72%。", []),
        ("年初预算170万元，全年预算220万元，支出决算212.78万元，预算执行率96.72%。", []),
        (
            "年初预算170万元，全年预算220万元，支出决算212.78万元，完成年初预算的96.72%。",
            [("96.72", "125.16")],
        ),
        ("公务接待费预算4万元，决算3.7万元，完成预算的95.2%。", [("95.2", "92.5")]),
        ("公务接待费决算3.7万元，完成预算的95.2%。", []),
    ],
)
def test_t23_a_rate_of_completion_is_of_the_budget_that_it_names(
    text: str, said: list[tuple[str, str]]
) -> None:
    assert [(str(one.actual), str(one.expected)) for one in found(text, rule="T-23")] == said


def test_t23_says_of_which_budget_the_rate_is() -> None:
    (one,) = found(
        "年初预算170万元，全年预算220万元，支出决算212.78万元，完成年初预算的96.72%。", rule="T-23"
    )
    assert "按全年预算计算" in message(one)


def test_t24_numbers_at_the_heads_of_paragraphs_leave_none_out() -> None:
    def numbered(*heads: str) -> list[Paragraph]:
        return [paragraph(f"{head}严格管理。", 30 + at) for at, head in enumerate(heads)]

    assert found(*numbered("1.", "2.", "（一）", "1、", "2、", "（二）", "1、", "3."), rule="T-24") == []
    assert found(*numbered("2022年", "12.5万元", "3."), rule="T-24") == []
    for heads in (("1.", "2.", "2.", "3."), ("一、", "二、", "四、"), ("（１）", "（3）")):
        (one,) = found(*numbered(*heads), rule="T-24")
        assert one.severity == "info"
    assert [str(cell) for cell in one.cells] == [f"{REPORT}!A31"]
    assert (one.facts["written"], one.expected) == ("（3）", 2)


def test_t22_holds_last_years_figures_against_last_years_report() -> None:
    text = "人员支出118.87万元，比上年的120万元减少1.13万元。"
    last = {("支出", "人员支出"): D("120.00")}
    assert found(text, rule="T-22") == found(text, rule="T-22", previous=last) == []
    (one,) = found(text, rule="T-22", previous={("支出", "人员支出"): D("121.50")})
    assert one.difference == D("-1.50")


def test_t08_trends_need_figures_of_earlier_years() -> None:
    assert found("三公经费逐年递减，2021年9.1万元，2022年8.2万元。", rule="T-08") == []
    assert found("群众满意度逐年上升。", rule="T-08") == []
    (one,) = found("三公经费保持逐年递减趋势。", "公用经费持续下降。", rule="T-08")
    assert len(one.cells) == 2
    assert one.severity == "info"


def test_t10_projects_need_an_amount_in_their_sections() -> None:
    empty = paragraph("项目资金专款专用。", section=PROJECTS)
    (one,) = found(empty, rule="T-10")
    assert str(one.cells[0]) == f"{REPORT}!A12"
    assert found(paragraph("安排河道治理资金12万元。", section=PROJECTS), rule="T-10") == []
    assert found("项目支出32.78万元。", empty, rule="T-10") == []
    assert len(found("项目支出32.78万元。", rule="T-10")) == 1
    none = dict.fromkeys(form().columns)
    assert found(empty, rule="T-10", totals=none) == []


def test_t12_a_unit_calls_itself_what_it_is() -> None:
    assert found("我局和本部门成本会计一起，本办法由我局负责。", rule="T-12") == []
    (one,) = found("我办成立了小组，我办负责。", rule="T-12")
    assert (one.actual, one.facts["count"]) == ("我办", "2")


def test_t12_other_departments_reports_are_told_from_their_names() -> None:
    others = ("临江县民政局", "临江县水利局")
    assert found("会同临江县民政局开展救助。", rule="T-12", others=others) == []
    (one,) = found("临江县民政局2022年度部门整体支出绩效评价如下。", rule="T-12", others=others)
    assert one.actual == "临江县民政局"


def test_t13_a_sign_of_multiplication_leaves_nothing_open() -> None:
    assert found("控制率=实有人数÷编制数×100%，金额=单价×数量。", rule="T-13") == []
    assert len(found("×月×日到×局检查。", rule="T-13")) == 1


@pytest.mark.parametrize("text", ["投入XX万元。", "某某项目已完工。", "二级机构1支出5万元。", "……"])
def test_t13_what_was_left_open_is_found(text: str) -> None:
    assert found("投入12万元……已完工。", rule="T-13") == []
    assert len(found(text, rule="T-13")) == 1


def test_t14_parts_add_up_to_their_whole() -> None:
    assert found("目前，总共53个问题，已销号49个，阶段销号4个。", rule="T-14") == []
    assert found("总共53个问题，已销号49个。", rule="T-14") == []
    (one,) = found("目前，总共53个问题，已销号49个，阶段销号5个。", rule="T-14")
    assert (one.actual, one.expected) == ("53个", "54个")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("开展专项检查4次：一是春季检查，二是汛期检查，三是年终检查。", [("4次", "3次")]),
        ("抓好三项工作：一是巡查；二是维修；三是清淤。", []),
        ("抓好三项工作：一是巡查。", []),
        ("全年共受理事项68件，其中办结34件，正在办理33件。", [("68件", "67件")]),
        ("全年共受理事项68件，其中办结34件，重点事项12件。", []),
    ],
)
def test_t14_counts_are_those_of_what_is_told(text: str, said: list[tuple[str, str]]) -> None:
    assert [(one.actual, one.expected) for one in found(text, rule="T-14")] == said


def test_t14_visits_of_this_year_are_those_of_its_dates() -> None:
    dates = "分别于2021年6月25日、9月27日和2022年3月4日前往省水利厅。"
    assert found("今年，我局先后1次去省水利厅。", dates, rule="T-14") == []
    (one,) = found("今年，我局先后3次去省水利厅。", dates, rule="T-14")
    assert [str(cell) for cell in one.cells] == [f"{REPORT}!A30", f"{REPORT}!A31"]
    assert one.expected == "1"


def test_t15_duties_are_the_same_in_both_places() -> None:
    here, there = paragraph("（一）管水。", section=DUTIES), paragraph("(一) 管水", 31, (REPORT, "一1"))
    assert found(here, there, rule="T-15") == []
    (one,) = found(here, paragraph("（一）管电。", 31, (REPORT, "一1")), rule="T-15")
    assert [cell.row for cell in one.cells] == [31, 30]


def test_t16_results_say_more_than_that_they_are_done() -> None:
    good = [
        paragraph("维修3.6万平方米。", section=GOALS, heading="维修校舍"),
        paragraph("已完成", section=RESULTS),
    ]
    assert found(*good, rule="T-16") == []
    hollow = [
        paragraph("已完成。", 40, RESULTS, "实际完成"),
        paragraph("", 41, GOALS, "培训教师"),
        paragraph("达标", 42, GOALS, "合格率"),
    ]
    (one,) = found(*hollow, rule="T-16")
    assert [cell.row for cell in one.cells] == [40, 41, 42]


def test_t21_the_year_in_the_text_is_the_reports() -> None:
    assert found("2022年度部门整体支出情况。", "《2021年度部门整体支出办法》", rule="T-21") == []
    (one,) = found("2021年度部门整体支出情况。", rule="T-21")
    assert (one.actual, one.expected) == ("2021", "2022")


def test_t21_figures_of_this_year_are_no_other_years() -> None:
    assert found("2021年度基本支出175万元，人员支出115万元。", rule="T-21") == []
    assert found("2021年度基本支出180万元，2022年度180万元，与上年持平。", rule="T-21") == []
    (one,) = found("2021年度支出合计212.78万元，其中基本支出180万元。", rule="T-21")
    # What was carried in is of this year in whatever year's sentence.
    assert (
        len(
            found(
                "2021年度收入合计213.28万元，其中：上年结转55.20万元，公共财政拨款212.29万元。", rule="T-21"
            )
        )
        == 1
    )
    assert (one.actual, one.expected) == ("2021年", "2022")


def test_x10_income_of_other_kinds_names_its_source() -> None:
    assert found("其他收入0.99万元，为存款利息。", rule="X-10") == []
    nameless = [("局机关", {("收入", "其他收入"): D("0.99")}), ("", {})]
    assert found("其他收入0.99万元，为存款利息。", rule="X-10", entities=nameless) == []
    (small,) = found("其他收入0.99万元。", rule="X-10")
    assert (small.severity, small.entity, small.difference) == ("info", "局机关", D("0.99"))
    rows = [("局机关", {("收入", "其他收入"): D(30), ("收入", "收入合计"): D(200)})]
    (large,) = found("其他收入30万元。", rule="X-10", entities=rows)
    assert large.severity == "warning"


def test_one_wrong_amount_is_one_finding_and_its_sums_and_shares_follow() -> None:
    text = "基本支出180万元，其中人员支出181.87万元，占基本支出的66.04%；公用支出61.13万元，占33.96%。"
    prose = look(text, "人员支出181.87万元。", rules=("T-01", "T-02", "T-04"))
    first, *others = prose.findings
    assert first.rule == "T-04"
    assert [str(cell) for cell in first.cells[-1:]] == [f"{REPORT}!A31"]
    assert [one.follows for one in others] == [first.id] * len(others)
    assert "T-01" in {one.rule for one in others}


def test_two_amounts_exchanged_are_one_finding() -> None:
    first, second = look("人员支出61.13万元，公用支出118.87万元。", rules=("T-04",)).findings
    assert (first.follows, second.follows) == (None, first.id)


def test_a_wrong_direction_is_one_finding() -> None:
    text = "人员支出118.87万元，比上年的120万元增加1.13万元，增长0.94%。"
    first, second = look(text, rules=("T-09",)).findings
    assert (first.follows, second.follows) == (None, first.id)


def test_an_amount_that_is_another_items_says_so() -> None:
    (one,) = found("人员支出61.13万元。", rule="T-04")
    assert "公用支出" in message(one)


def test_a_rule_that_is_not_in_force_finds_nothing() -> None:
    assert look("基本支出175.30万元，我办负责。", rules=()).findings == ()


def test_a_form_that_says_nothing_of_prose_has_no_findings() -> None:
    from msgspec.structs import replace

    from selfeval_xl.narrative.look import look_at

    silent = replace(form(), prose=None)
    assert look_at([paragraph("基本支出1万元。")], figures(), silent, form().rules).mentions == ()


def test_paragraphs_are_values() -> None:
    assert isinstance(paragraph("文"), Paragraph)


def test_a_change_reckoned_from_the_table_is_no_second_fault() -> None:
    text = "三公经费2.8万元，接待3.7万元，车辆4.5万元，与上年的9.2万元来比是减少的，减少了10.87%。"
    rules = {one.rule for one in look(text).findings}
    assert "T-06" in rules
    assert "T-09" not in rules


def test_a_change_of_an_amount_that_is_reported_follows_that() -> None:
    text = "基本支出118万元，比上年的192万元减少74万元，减少12%。"
    findings = look(text, rules=("T-03", "T-09")).findings
    assert [one.rule for one in findings] == ["T-03", "T-09"]
    assert findings[1].follows == findings[0].id
