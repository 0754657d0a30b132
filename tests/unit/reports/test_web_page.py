"""Pages of Markdown as web pages: every part that the pages for clerks use."""

import re

import pytest

from selfeval_xl.reports.web_page import title, web_page
from tests.acceptance.calling import ROOT

PAGES = {"button.zh.md": "按钮.html"}


def body(text: str) -> str:
    return web_page(text, PAGES).split("<body>\n")[1].split("\n</body>")[0]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("## 二、（说明）A b", '<h2 id="二说明a-b">二、（说明）A b</h2>'),
        ("一行\n接着", "<p>一行接着</p>"),
        ("an\nend", "<p>an end</p>"),
        ("一段\n\n二段", "<p>一段</p>\n<p>二段</p>"),
        ("1 < 2 & 3", "<p>1 &lt; 2 &amp; 3</p>"),
        ("**粗**和**细**", "<p><b>粗</b>和<b>细</b></p>"),
        ("`**不粗** <b>`", "<p><code>**不粗** &lt;b&gt;</code></p>"),
        ("**双击 `a*b`** `c`", "<p><b>双击 <code>a*b</code></b> <code>c</code></p>"),
        ("- 甲\n- 乙\n  续", "<ul><li>甲</li><li>乙续</li></ul>"),
        ("1. 甲\n   续\n2. 乙", "<ol><li>甲续</li><li>乙</li></ol>"),
        ("![图](p/a.png)", '<p><img src="p/a.png" alt="图"></p>'),
        ("[见](#填表)", '<p><a href="#填表">见</a></p>'),
        ("[见](button.zh.md)", '<p><a href="按钮.html">见</a></p>'),
        ("[见](button.zh.md#wps)", '<p><a href="按钮.html#wps">见</a></p>'),
        ("[见](../README.md)", "<p>见</p>"),
        (
            "| 甲 | 乙 |\n|---|---|\n| 1 | a \\| b |\n| | `c` |",
            "<table><tr><th>甲</th><th>乙</th></tr><tr><td>1</td><td>a | b</td></tr><tr><td></td><td><code>c</code></td></tr></table>",
        ),
        ("```sh status=1\na\n\n<b> # c\n```", "<pre><code>a\n\n&lt;b&gt; # c\n</code></pre>"),
    ],
)
def test_a_part_of_a_page_is_shown(text: str, shown: str) -> None:
    assert body(text) == shown


def test_a_page_is_headed_by_its_first_line() -> None:
    assert title("# 填表指南\n\n给") == "填表指南"
    assert "<title>填表指南</title>" in web_page("# 填表指南\n\n给", {})


@pytest.mark.parametrize("path", sorted((ROOT / "docs").glob("*.zh.md")), ids=lambda path: path.name)
def test_no_mark_is_left_over_in_the_pages_there_are(path: object) -> None:
    shown = body(path.read_text(encoding="utf-8"))  # type: ignore[attr-defined]
    plain = re.sub(r"<(pre|code)>.*?</\1>", "", shown, flags=re.DOTALL)
    assert [mark for mark in ("**", "](", "```", "\n- ", "\n# ", "<p>|", "<p>#", "`") if mark in plain] == []
