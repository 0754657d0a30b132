"""The page on buttons, launchers and kits: its quotations, links, commands and its picture of the menu are as things are."""

import re
import shlex

import pytest

from docs import terminal
from selfeval_xl.app.cli import selfeval
from selfeval_xl.texts import catalogue, say
from tests.acceptance.calling import ROOT

PAGE = ROOT / "docs" / "button.zh.md"
TEXT = PAGE.read_text(encoding="utf-8")
COMMANDS = [line for block in re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL) for line in block.splitlines()]


def test_what_the_page_quotes_is_said_somewhere() -> None:
    sources = [ROOT / "workbook/forms/linxiang-zhengti-2022/form.toml", ROOT / "macros/ribbon.xml"]
    everything = "\n".join([*catalogue().values(), *(path.read_text(encoding="utf-8") for path in sources)])
    quoted = set(re.findall("「([^」]+)」", TEXT))
    assert len(quoted) > 10
    assert sorted(one for one in quoted if one not in everything) == []


def test_every_item_of_the_menu_is_explained() -> None:
    items = ("issue", "validate", "consolidate", "export", "doctor", "live")
    assert [item for item in items if f"「{say(f'menu.{item}')}」" not in TEXT] == []


def test_names_of_what_is_made_are_those_of_the_page() -> None:
    endings = ("issue", "report", "bureau", "final")
    assert [one for one in endings if say(f"menu.name_{one}", name="") not in TEXT] == []
    assert f"`{say('kit.installer')}.cmd`" in TEXT
    assert f"“{say('install.name')}”" in TEXT


@pytest.mark.parametrize("line", COMMANDS)
def test_commands_of_the_page_are_understood(line: str) -> None:
    program, name, *words = shlex.split(line)
    assert program == "selfeval"
    command = selfeval.commands[name]
    assert command.make_context(name, words).args == []


def test_links_lead_somewhere() -> None:
    headings = re.findall(r"(?m)^#+ (.+)$", TEXT)
    anchors = {re.sub(r"[^\w\- ]", "", one).replace(" ", "-").lower() for one in headings}
    for target in re.findall(r"\]\(([^)]+)\)", TEXT):
        path, _, anchor = target.partition("#")
        assert anchor in anchors or path
        assert not path or (PAGE.parent / path).resolve().exists(), target


def test_the_picture_of_the_menu_shows_what_it_prints_now() -> None:
    from PIL import Image

    with Image.open(terminal.PICTURE) as picture:
        shown = picture.info[terminal.SHOWS]
    assert shown == terminal.digest(terminal.transcript()), "draw it anew: python -m docs.terminal"
    assert terminal.PICTURE.stat().st_size <= 60_000
