"""Mistakes made to the file itself: formulas, sheets, rows, protection, other formats."""

from decimal import Decimal

from selfeval_xl.cells import Address, ref
from tests.support import package_edits as edits
from tests.support.planting import Expected, Plot, expect, mistake, refusal
from tests.support.sound_figures import INPUTS, Wish

SEVERAL = Wish(entities=(2, 5), cars_bought=False)
HTML = "<html><head><meta charset='utf-8'></head><body><table><tr><td>1</td></tr></table></body></html>"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def place(cell: Address) -> tuple[str, str]:
    """Return a cell's sheet and its reference."""
    return cell.sheet, ref(cell.row, cell.column)


@mistake(1, "a total typed over its formula")
def typed_over(plot: Plot) -> Expected:
    table, item, row, right = plot.total()
    cell, wrong = plot.cell(table, item, row), plot.off(right)
    plot.edit(edits.put, *place(cell), wrong)
    return expect("F-02", cell, "error", difference=wrong - right)


@mistake(2, "a sheet pasted as values, or an amount linked to another book")
def pasted(plot: Plot) -> Expected:
    if plot.chance.random() < 0.5:
        table = plot.chance.choice(list(INPUTS))
        plot.edit(edits.paste_values, table)
        return expect("F-02", f"{table}!*", "error")
    table, item, row, right = plot.amount()
    cell = plot.cell(table, item, row)
    plot.edit(edits.link_outside, *place(cell), right)
    return expect("F-08", cell, "warning error")


@mistake(4, "a sub-agency in a row outside the totals", SEVERAL)
def row_outside(plot: Plot) -> Expected:
    table = plot.filled().blueprint.places.tables["收入"]
    below = table.first_row + table.rows
    if plot.chance.random() < 0.5:
        plot.edit(edits.insert_row, "收入", table.first_row + plot.chance.randrange(1, table.rows))
        return refusal("行", "结构")
    plot.edit(edits.put, "收入", f"A{below}", "临溪县后加站")
    plot.edit(edits.put, "收入", f"D{below}", Decimal("25.60"))
    return expect("F-02 N-04 N-08 F-14", f"收入![A-H]{below}", "error warning", also="N-04")


@mistake(5, "the row of a sub-agency deleted", SEVERAL)
def row_deleted(plot: Plot) -> Expected:
    row = plot.pick(plot.rows(first=2))
    plot.edit(edits.delete_row, "收入", plot.cell("收入", "", row).row)
    return refusal("行", "结构")


@mistake(36, "a figure typed into a header")
def figure_in_header(plot: Plot) -> Expected:
    table = plot.chance.choice(list(INPUTS))
    top = plot.cell(table, "", 0).row
    constants = plot.filled().blueprint.fixed(table).constants
    heads = {at: text for at, text in constants.items() if 2 < at[0] < top and at[1] < 8}
    at = plot.chance.choice(sorted(heads))
    plot.edit(edits.put, table, ref(*at), f"{heads[at]}3.7")
    return expect("N-04", Address(table, *at), "warning")


@mistake(57, "a template of another version or year")
def other_template(plot: Plot) -> Expected:
    kind = plot.chance.choice(("版本", "版次", "年度"))
    if kind == "年度":
        plot.year = 2021
        return expect("T-11 F-12", ["封面!*", "_设置!*"], "error")
    sheet = plot.filled().blueprint.sheets["_设置"]
    lines = {plan.value: ref(row, 2) for (row, column), plan in sheet.cells.items() if column == 1}
    cell = next(at for label, at in lines.items() if kind in str(label))
    plot.edit(edits.put, "_设置", cell, "2.0" if kind == "版本" else "2019")
    return refusal("版")


@mistake(58, "a sheet renamed, deleted, hidden or moved")
def sheet_changed(plot: Plot) -> Expected:
    sheet = plot.chance.choice(["基本概况", *INPUTS, "绩效自评", "评价人员", "评价报告综述"])
    kind = plot.chance.choice(("renamed", "deleted", "hidden", "veryHidden", "moved"))
    if kind in ("renamed", "deleted"):
        plot.edit(edits.rename_sheet, sheet, f"{sheet}表") if kind == "renamed" else plot.edit(
            edits.delete_sheet, sheet
        )
        return refusal(f"“{sheet}”")
    if kind == "moved":
        plot.edit(edits.move_sheet, sheet, 0)
        return expect("F-01", "*", "error warning")
    plot.edit(edits.hide_sheet, sheet, kind)
    return expect("F-01", f"{sheet}!*", "error warning")


@mistake(59, "a row or column with figures hidden")
def hidden(plot: Plot) -> Expected:
    table, item, row, _ = plot.amount()
    cell = plot.cell(table, item, row)
    if plot.chance.random() < 0.5:
        plot.edit(edits.hide_row, table, cell.row)
        return expect("F-06", f"{table}!?{cell.row}", "warning error")
    plot.edit(edits.hide_column, table, cell.column)
    return expect("F-06", f"{table}!{ref(1, cell.column)[0]}*", "warning error")


@mistake(60, "cells merged, or a merge taken apart")
def merged(plot: Plot) -> Expected:
    table = plot.chance.choice(list(INPUTS))
    areas = sorted(plot.filled().blueprint.sheets[table].merges)
    if plot.chance.random() < 0.5 and areas:
        area = plot.chance.choice(areas)
        cells = f"{ref(area.top, area.left)}:{ref(area.bottom, area.right)}"
        plot.edit(edits.unmerge, table, cells)
        return expect("F-05", f"{table}!{ref(area.top, area.left)}", "error warning")
    nothing = [
        (item, row)
        for item in INPUTS[table]
        for row in plot.rows(lambda one, item=item: one.amounts[table, item] == 0)
    ]
    plot.need(nothing)
    cell = plot.cell(table, *plot.chance.choice(nothing))
    left = ref(cell.row, cell.column - 1)
    # The program that merges keeps the first value only.
    plot.edit(edits.put, *place(cell), None)
    plot.edit(edits.merge, table, f"{left}:{ref(cell.row, cell.column)}")
    return expect("F-05", f"{table}!{left}", "error warning", also="N-05")


@mistake(61, "a sheet's protection taken off")
def unprotected(plot: Plot) -> Expected:
    sheet = plot.chance.choice(["封面", "基本概况", *INPUTS, "绩效自评", "评价报告综述"])
    plot.edit(edits.unprotect, sheet)
    return expect("F-03", f"{sheet}!*", "warning")


@mistake(62, "an old value left beside a formula")
def stale(plot: Plot) -> Expected:
    table, item, row, right = plot.total()
    cell, wrong = plot.cell(table, item, row), plot.off(right)
    plot.edit(edits.keep_value, *place(cell), wrong)
    return expect("F-11", cell, difference=wrong - right, also="F-11")


@mistake(63, "another format renamed .xlsx, encrypted, or damaged")
def other_format(plot: Plot) -> Expected:
    kinds = {
        "html": (lambda _: HTML.encode(), refusal("网页")),
        "xls": (lambda _: OLE + bytes(2000), refusal("旧格式", ".xls")),
        "encrypted": (lambda _: OLE + "EncryptedPackage".encode("utf-16-le") + bytes(2000), refusal("密码")),
        "cut off": (lambda content: content[: len(content) * 2 // 3], refusal("损坏")),
        "changed": (lambda content: content[:300] + bytes(400) + content[700:], refusal("损坏")),
    }
    plot.spoil, expected = kinds[plot.chance.choice(sorted(kinds))]
    return expected


@mistake(68, "a formula that refers to itself or to another book")
def circle(plot: Plot) -> Expected:
    table, item, row, right = plot.amount()
    cell = plot.cell(table, item, row)
    own = ref(cell.row, cell.column)
    kind = plot.chance.choice(("itself", "total", "outside"))
    if kind == "outside":
        plot.edit(edits.link_outside, *place(cell), right)
        return expect("F-08", cell, "warning error")
    total = ref(cell.row, 2)
    formula = f"{own}+0" if kind == "itself" else f"{total}-{ref(cell.row, 4)}+{own}*0"
    plot.edit(edits.put, *place(cell), right, formula)
    return expect("F-15", cell, "error")


@mistake(73, "the real explanation in a cell's comment")
def comment(plot: Plot) -> Expected:
    table, item, row, _ = plot.amount()
    cell = plot.cell(table, item, row)
    plot.edit(edits.comment, *place(cell), "含上级专项12万元，年底才到账")
    return expect("F-10", cell, "info")
