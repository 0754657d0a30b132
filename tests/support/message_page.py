"""Writes ``docs/messages.md``: how findings are told, which rules do so, and a real one for each sentence.

python -m tests.support.message_page
"""

import argparse
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from selfeval_xl.form.library import find_form
from selfeval_xl.texts import catalogue
from tests.acceptance.calling import ROOT, Data
from tests.support.examples import first_by, gathered

PAGE = ROOT / "docs" / "messages.md"
SEVERITIES = {"error": "错误", "warning": "需说明", "info": "提示"}
HEAD = """# 校验时怎样说

> 本页由 `python -m tests.support.message_page` 生成，不要手改。

先写单元格和名称，再写填报的数、应有的数、差额、可能的原因和怎样改，最后是规则和依据。`{…}` 处填写事实：
`{place}` 单元格和机构、项目，`{actual}` 填报，`{expected}` 应为，`{difference}` 差额，`{unit}` 单位，`{cells}` 另外要核对的单元格，
`{text}` 规则的内容。规则见 [rules.md](rules.md)。
"""


def message_page(shown: Sequence[Data]) -> str:
    """Return the page: every sentence of a finding, then the causes that may follow it."""
    found = first_by("code", shown)
    rules: dict[str, set[str]] = defaultdict(set)
    for rule in find_form("linxiang-zhengti").rules:
        rules[rule.message].add(rule.id)
    for finding in shown:
        rules[finding["code"]].add(finding["rule"])
    lines = [HEAD]
    for key, pattern in catalogue().items():
        if key.startswith("finding."):
            code = key.removeprefix("finding.")
            lines += _section(code, pattern, sorted(rules[code]), found.get(code))
    lines += [
        "## 可能的原因",
        "",
        "接在句子后面；明细里写的是左边的词。",
        "",
        "| 原因 | 怎样说 |",
        "| --- | --- |",
    ]
    for key, pattern in catalogue().items():
        if key.startswith("cause."):
            word = catalogue()[key.replace("cause.", "cause_word.", 1)]
            lines.append(f"| {word} | {pattern} |")
    return "\n".join(lines) + "\n"


def _section(code: str, pattern: str, rules: list[str], example: Data | None) -> list[str]:
    lines = [f"## {code}", "", f"- 句式：`{pattern}`"]
    links = [f"[{rule}](rules.md#{rule.lower()})" if not rule.startswith("R") else rule for rule in rules]
    lines.append(f"- 规则：{'、'.join(links) or '本表单没有用到'}")
    if example is not None:
        severity = SEVERITIES[example["severity"]]
        lines.append(f"- 例：[{severity}] {example['message']}（{example['rule']}）")
    return [*lines, ""]


def made() -> str:
    """Return the page as it would be made now."""
    with tempfile.TemporaryDirectory() as folder:
        return message_page(gathered(Path(folder)))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-o", "--output", type=Path, default=PAGE)
    parser.parse_args().output.write_text(made(), encoding="utf-8", newline="\n")
