"""The pages for clerks as web pages, for a PC that shows no Markdown: of Markdown what those pages use."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping

_STYLE = (
    "body{max-width:52em;margin:2em auto;padding:0 1em;line-height:1.7;font-family:'Microsoft YaHei','Noto Sans CJK SC',sans-serif}"
    "table{border-collapse:collapse;margin:1em 0}td,th{border:1px solid #bbb;padding:.3em .7em;text-align:left}"
    "code,pre{background:#f2f2f2}code{padding:0 .2em}pre{padding:.8em;white-space:pre-wrap}pre code{padding:0}"
    "img{max-width:100%;border:1px solid #ddd}"
)
_FENCE = re.compile(r"```\w*[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_ITEM = re.compile(r"(- |\d+\. )(.*)", re.DOTALL)
_LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)]+)\)")
_CODE = re.compile(r"(`[^`]+`)")


def title(text: str) -> str:
    """Return what a page is headed by."""
    return text.split("\n", 1)[0].lstrip("# ").strip()


def web_page(text: str, pages: Mapping[str, str]) -> str:
    """Return a page of Markdown as a web page of its own.

    *pages* gives the file of every other page; a link that leads to none of them is left as its words.
    """
    body = "\n".join(_blocks(text, lambda words: _inline(words, pages)))
    head = f'<meta charset="utf-8"><title>{html.escape(title(text))}</title><style>{_STYLE}</style>'
    return f'<!DOCTYPE html>\n<html lang="zh-CN"><head>{head}</head><body>\n{body}\n</body></html>\n'


def _blocks(text: str, inline: Callable[[str], str]) -> Iterator[str]:
    """Yield the page's parts; what stands in a fence is taken as it is, blank lines included."""
    for number, part in enumerate(_FENCE.split(text)):
        if number % 2:
            yield f"<pre><code>{html.escape(part)}</code></pre>"
            continue
        for block in re.split(r"\n\s*\n", part.strip("\n")):
            yield from _block(block, inline)


def _block(block: str, inline: Callable[[str], str]) -> Iterator[str]:
    if not block.strip():
        return
    heading = re.fullmatch(r"(#+) (.*)", block)
    if heading:
        level = len(heading[1])
        yield f'<h{level} id="{_anchor(heading[2])}">{inline(heading[2])}</h{level}>'
    elif block.startswith("|"):
        yield _table(block.splitlines(), inline)
    elif _ITEM.match(block):
        yield _list(block, inline)
    else:
        yield f"<p>{inline(_joined(block))}</p>"


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading).replace(" ", "-").lower()


def _table(lines: list[str], inline: Callable[[str], str]) -> str:
    rows = [
        [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line.strip())[1:-1]]
        for line in lines
    ]
    marked = [("th", rows[0]), *(("td", row) for row in rows[2:])]
    shown = ("".join(f"<{mark}>{inline(cell)}</{mark}>" for cell in row) for mark, row in marked)
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in shown)}</table>"


def _list(block: str, inline: Callable[[str], str]) -> str:
    """Return a list; a line that begins none of its items goes on with the one before."""
    items = [_ITEM.match(one) for one in re.split(r"\n(?=- |\d+\. )", block)]
    kind = "ul" if block.startswith("-") else "ol"
    shown = (f"<li>{inline(_joined(item[2]))}</li>" for item in items if item)
    return f"<{kind}>{''.join(shown)}</{kind}>"


def _joined(text: str) -> str:
    """Join lines: with nothing between Chinese, with a space between words of letters."""
    spaced = re.sub(r"(?<=[\x21-\x7e])\n\s*(?=[\x21-\x7e])", " ", text)
    return re.sub(r"\n\s*", "", spaced).strip()


def _inline(text: str, pages: Mapping[str, str]) -> str:
    """Return the text with its code, pictures, links and bold words; code may stand within the others."""
    parts = _CODE.split(html.escape(text, quote=False))
    code = [f"<code>{part[1:-1]}</code>" for part in parts[1::2]]
    around = "\0".join(parts[::2])
    linked = _LINK.sub(lambda found: _link(found, pages), around)
    return re.sub("\0", lambda _: code.pop(0), re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", linked))


def _link(found: re.Match[str], pages: Mapping[str, str]) -> str:
    is_picture, words, target = found.groups()
    if is_picture:
        return f'<img src="{target}" alt="{words}">'
    path, _, anchor = target.partition("#")
    if path and path not in pages:
        return words
    place = f"{pages[path]}#{anchor}" if path and anchor else pages[path] if path else f"#{anchor}"
    return f'<a href="{place}">{words}</a>'
