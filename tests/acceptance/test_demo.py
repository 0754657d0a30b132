"""The demonstration: the whole chain on shipped data, told in Chinese."""

import re
from pathlib import Path

import pytest

from tests.acceptance.calling import (
    CHINESE,
    Outcome,
    bytes_of,
    property_of,
    selfeval,
    selfeval_process,
    values_of,
)
from tests.support import package_checks


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Outcome]:
    folder = tmp_path_factory.mktemp("demo")
    return folder, selfeval_process("demo", "-d", folder)


def test_demo_ends_well_and_says_in_chinese_what_it_does(demo: tuple[Path, Outcome]) -> None:
    _, outcome = demo
    assert outcome.status == 0
    assert outcome.err == ""
    lines = outcome.out.splitlines()
    assert len(lines) > 20
    assert all(CHINESE.search(line) for line in lines)
    for number in range(1, 8):
        assert any(line.startswith(f"{number}. ") for line in lines), number


def test_every_file_that_the_demo_names_exists(demo: tuple[Path, Outcome]) -> None:
    folder, outcome = demo
    named = {Path(path) for path in re.findall(re.escape(str(folder)) + r"[\w./-]*", outcome.out)}
    assert len(named) >= 7
    for path in named:
        assert path.exists(), path
    for name in re.findall(r"^ +([\w-]+\.(?:xlsx|json))：", outcome.out, re.MULTILINE):
        assert (folder / "county" / name).exists(), name


def test_demo_shows_the_real_figures_and_every_kind_of_trouble(demo: tuple[Path, Outcome]) -> None:
    folder, outcome = demo
    for word in ("212.78", "180.00", "G-02", "N-05", "I-01", "N-02", "X-06", "+0.37", "损坏"):
        if word != "180.00":
            assert word in outcome.out, word
    assert "采用 12 份，其中有错误的 3 份；拒收 1 份" in outcome.out
    assert "与原数据一致" in outcome.out
    assert values_of(folder / "seed-2022.xlsx")["支出"]["C6"] == 180.0
    assert property_of(folder / "seed-2022-final.xlsx", "kind") == "定稿"
    assert property_of(folder / "summary.xlsx", "kind") == "汇总"


def test_nothing_that_the_demo_wrote_would_make_excel_offer_a_repair(demo: tuple[Path, Outcome]) -> None:
    folder, _ = demo
    books = [path for path in sorted(folder.rglob("*.xlsx")) if "damaged" not in path.name]
    assert len(books) >= 15
    for path in books:
        assert package_checks.problems(path) == [], path.name


@pytest.mark.slow
def test_demo_run_again_leaves_the_first_run_alone_and_writes_the_same_beside_it(
    demo: tuple[Path, Outcome],
) -> None:
    folder, outcome = demo
    before = bytes_of(folder.rglob("*"))
    again = selfeval("demo", "-d", folder)
    assert again.out.replace(f"{folder}-2", str(folder)) == outcome.out
    assert again.status == outcome.status
    assert bytes_of(folder.rglob("*")) == before


def test_demo_has_a_folder_of_its_own_where_none_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("selfeval_xl.jobs.demo.demonstrate", lambda folder: iter([f"放在 {folder}"]))
    assert selfeval("demo").out == "放在 selfeval-demo\n"
