"""A workbook that another program saved: other XML, the same report."""

import re
from pathlib import Path

import pytest

from tests.acceptance.calling import FORMS, NINE, SEED, filled, repacked, selfeval, with_cell
from tests.support import office

WHARF = FORMS / "wharf-2024"
SOURCES = {
    "seed": SEED,
    "nine": NINE,
    "wharf": WHARF / "sample.json",
    "wharf-errors": WHARF / "sample-errors.json",
}


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Workbooks as filled, and the same ones saved by LibreOffice."""
    before, after = tmp_path_factory.mktemp("before"), tmp_path_factory.mktemp("after")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SELFEVAL_FORMS", str(FORMS))
        books = [filled(data, before / f"{name}.xlsx") for name, data in SOURCES.items()]
        books.append(with_cell(books[0], before / "typed-over.xlsx", "收入", "B5", 213.15))
        selfeval("new", "-o", before / "blank.xlsx", "--department", "某局")
        selfeval("export", books[1], "-o", before / "final.xlsx")
    office.recalculated([*books, before / "blank.xlsx", before / "final.xlsx"], after)
    return before, after


@pytest.mark.office
@pytest.mark.parametrize("name", [*SOURCES, "typed-over", "blank", "final"])
def test_findings_and_data_are_the_same(
    name: str, folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SELFEVAL_FORMS", str(FORMS))
    before, after = (folder / f"{name}.xlsx" for folder in folders)
    assert before.read_bytes() != after.read_bytes()
    one, two = (selfeval("validate", path, "--json") for path in (before, after))
    assert two.status == one.status
    assert two.file | {"file": ""} == one.file | {"file": ""}
    assert selfeval("dump", after).out == selfeval("dump", before).out


@pytest.mark.office
def test_saved_workbook_counts_in_a_summary_like_the_original(
    folders: tuple[Path, Path], tmp_path: Path
) -> None:
    sums = [
        selfeval("consolidate", folder / "nine.xlsx", "-o", tmp_path / f"{n}.xlsx", "--json").json["summary"][
            "sums"
        ]
        for n, folder in enumerate(folders)
    ]
    assert sums[0] == sums[1]


def test_formulas_spelt_otherwise_are_not_lost(tmp_path: Path) -> None:
    """Blanks, lower case and quoted sheet names say the same."""

    def spelt(name: str, part: bytes) -> bytes:
        if "worksheets/" not in name:
            return part
        text = re.sub(r"(?<=<f>)[^<]*", lambda found: found[0].replace("IF(", "if( "), part.decode("utf-8"))
        return text.replace("收入!", "'收入'!").encode("utf-8")

    book = filled(NINE, tmp_path / "a.xlsx")
    other = repacked(book, tmp_path / "b.xlsx", spelt)
    assert selfeval("validate", other, "--json").findings == selfeval("validate", book, "--json").findings
