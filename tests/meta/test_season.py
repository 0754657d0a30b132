"""The season that the docs show is what the commands do now."""

import re

import pytest

from docs import season


@pytest.mark.slow
def test_the_page_shows_what_the_commands_print_now() -> None:
    assert season.PAGE.read_text(encoding="utf-8") == season.page(), "python -m docs.season"


def test_the_page_goes_from_roster_to_archive() -> None:
    page = season.PAGE.read_text(encoding="utf-8")
    typed = re.findall(r"^selfeval (\w+)", page, re.MULTILINE)
    assert typed == [
        *("new", "validate", "validate", "validate", "consolidate"),
        *("validate", "consolidate", "archive", "archive"),
    ]
    for state in ("未报", "已报", "退回", "重报", "通过"):
        assert f"| {state} |" in page
    for target in re.findall(r"\]\(([^)]+)\)", page):
        assert (season.PAGE.parent / target).exists()
