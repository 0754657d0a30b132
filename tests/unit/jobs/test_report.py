"""Where the links of a report lead."""

from pathlib import Path

import pytest

from selfeval_xl.cells import Address
from selfeval_xl.jobs.report import target_of
from tests.support.small_report import at


@pytest.mark.parametrize(
    ("path", "cell", "target"),
    [
        ("x/a.xlsx", None, "a.xlsx"),
        ("x/y/a.xlsx", None, "y/a.xlsx"),
        ("a.xlsx", at("收入!B6"), "../a.xlsx#收入!B6"),
        ("x/a.json", at("收入!B6"), "a.json"),
        ("x/a.xlsx", Address("", 1, 1), "a.xlsx"),
        ("x/a#1.xlsx", None, None),
    ],
)
def test_a_link_leads_from_the_reports_folder_to_a_file_or_its_cell(
    path: str, cell: Address | None, target: str | None
) -> None:
    assert target_of(Path(path), Path("x"), cell) == target
