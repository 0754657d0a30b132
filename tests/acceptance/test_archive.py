"""The season's end: of every department that passed, a folder with all that is kept; whole or not at all."""

import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest

from selfeval_xl.jobs import archive as archiving
from tests.acceptance.calling import FORMS, Outcome, filled, property_of, saved, selfeval, values_of
from tests.acceptance.test_consolidate import department
from tests.acceptance.test_ledger import digest, review
from tests.support import package_checks


@pytest.fixture(scope="module")
def season(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bureau's folder after the last return: two departments passed, one of them returned once, one still open."""
    office = tmp_path_factory.mktemp("season")
    inbox = office / "收到"
    for name, code, who, times in (("a", "101", "东局", 1), ("b", "102", "西局", 1), ("c", "103", "南局", 1)):
        filled(
            saved(office / f"{name}.json", department(who, code, 100, 报送次数=times)), inbox / f"{name}.xlsx"
        )
    words = ("--ledger", office / "台账.xlsx", "--received", "2023-04-03")
    assert selfeval("validate", inbox, *words, "-d", office / "意见" / "第一次").status == 0
    review(office / "台账.xlsx", "东局", 状态="退回", 审核人="某", 备注="电话说过")
    filled(saved(office / "d.json", department("东局", "101", 200, 报送次数=2)), inbox / "d.xlsx")
    assert selfeval("validate", inbox, *words).status == 0
    review(office / "台账.xlsx", "东局", 状态="通过", 复核得分=93)
    review(office / "台账.xlsx", "西局", 状态="通过")
    return office


@pytest.fixture
def office(season: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(season, tmp_path / "office"))


def archived(office: Path, *words: object) -> Outcome:
    ledger = ("--ledger", office / "台账.xlsx")
    return selfeval("archive", office / "收到", office / "意见", *ledger, "-d", office / "归档", *words)


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_every_department_that_passed_has_a_folder(office: Path) -> None:
    outcome = archived(office)
    assert outcome.status == 0
    assert "已归档 2 个部门" in outcome.out
    assert "未归档：南局（已报）" in outcome.out
    folder = office / "归档"
    assert names(folder) == sorted(
        [
            *("101-东局/SHA256SUMS", "101-东局/台账.csv", "101-东局/审核意见书.xlsx", "101-东局/定稿.xlsx"),
            *("101-东局/报送件/d.xlsx", "101-东局/发出的意见书/第一次-审核意见书-101-东局.xlsx"),
            *("102-西局/SHA256SUMS", "102-西局/台账.csv", "102-西局/审核意见书.xlsx", "102-西局/定稿.xlsx"),
            *("102-西局/报送件/b.xlsx", "102-西局/发出的意见书/第一次-审核意见书-102-西局.xlsx"),
            *("SHA256SUMS", "台账.xlsx"),
        ]
    )
    east = folder / "101-东局"
    assert (east / "报送件/d.xlsx").read_bytes() == (office / "收到/d.xlsx").read_bytes()
    assert property_of(east / "定稿.xlsx", "kind") == "定稿"
    assert "通过" in str(values_of(east / "审核意见书.xlsx"))
    heads, cells = (east / "台账.csv").read_text(encoding="utf-8-sig").splitlines()
    line = dict(zip(heads.split(","), cells.split(","), strict=True))
    assert (line["状态"], line["审核人"], line["复核得分"], line["备注"]) == ("通过", "某", "93", "电话说过")
    assert line["SHA-256"] == digest(office / "收到/d.xlsx")
    assert package_checks.problems(east / "定稿.xlsx") == []
    assert package_checks.problems(east / "审核意见书.xlsx") == []


def test_other_programs_find_the_digests_right(office: Path) -> None:
    archived(office)
    for folder in (office / "归档", office / "归档" / "102-西局"):
        done = subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=folder, check=False)
        assert done.returncode == 0


def test_the_same_archive_has_the_same_digest(office: Path) -> None:
    first = archived(office).out
    assert archived(office, "--force").out == first
    sums = hashlib.sha256((office / "归档/SHA256SUMS").read_bytes()).hexdigest()
    assert f"归档校验码（SHA-256）：{sums}" in first


def test_what_is_changed_gone_or_added_is_named(office: Path) -> None:
    archived(office)
    folder = office / "归档"
    sound = selfeval("archive", "--verify", folder)
    assert sound.status == 0
    assert "13 个文件" in sound.out
    (folder / "101-东局/台账.csv").write_text("改", encoding="utf-8")
    (folder / "102-西局/定稿.xlsx").unlink()
    (folder / "新.txt").write_text("", encoding="utf-8")
    wrong = selfeval("archive", "--verify", folder)
    assert wrong.status == 1
    assert sorted(wrong.out.splitlines()) == [
        "多了：新.txt",
        "少了：102-西局/定稿.xlsx",
        "被改动：101-东局/台账.csv",
    ]


def test_an_archive_is_not_replaced_without_a_word_and_nothing_else_ever(office: Path) -> None:
    archived(office)
    before = names(office)
    again = archived(office)
    assert again.status == 5
    assert "已经存在" in again.err
    (office / "归档/SHA256SUMS").unlink()
    assert archived(office, "--force").status == 5
    assert names(office) == sorted(set(before) - {"归档/SHA256SUMS"})
    shutil.rmtree(office / "归档")
    (office / "归档").mkdir()
    assert archived(office).status == 0


def test_nothing_is_written_while_a_passed_file_is_lost(office: Path) -> None:
    (office / "收到/d.xlsx").unlink()
    outcome = archived(office)
    assert outcome.status == 1
    assert "找不到台账标为通过的文件：东局" in outcome.out
    assert not (office / "归档").exists()


def test_nothing_is_left_of_an_archive_that_fails(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archived(office)
    before = names(office)

    def full(folder: Path) -> None:
        if folder.name == "102-西局":
            raise OSError(28, "no room", str(folder / "SHA256SUMS"))

    monkeypatch.setattr(archiving, "write_sums", full)
    outcome = archived(office, "--force")
    assert outcome.status == 5
    assert "磁盘空间不足" in outcome.err
    assert names(office) == before


def test_what_passed_with_an_error_has_no_finished_sheet_and_is_named(office: Path) -> None:
    data = department("北局", "104", 100)
    data["绩效自评"]["绩效自评综合得分"] = 101
    saved(office / "收到/e.json", data)
    selfeval("validate", office / "收到", "--ledger", office / "台账.xlsx")
    review(office / "台账.xlsx", "北局", 状态="通过")
    outcome = archived(office)
    assert outcome.status == 1
    assert "没有定稿：北局，还有错误" in outcome.out
    assert "104-北局/报送件/e.json" in names(office / "归档")
    assert "104-北局/定稿.xlsx" not in names(office / "归档")


def test_another_form_goes_from_ledger_to_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SELFEVAL_FORMS", str(FORMS))
    data, ledger = FORMS / "wharf-2024" / "sample.json", tmp_path / "台账.xlsx"
    assert selfeval("validate", data, "--ledger", ledger).status == 0
    review(ledger, "某湾港务处", 状态="通过")
    assert selfeval("archive", data, "--ledger", ledger, "-d", tmp_path / "归档").status == 0
    assert "某湾港务处/定稿.xlsx" in names(tmp_path / "归档")
    summed = selfeval("consolidate", data, "-o", tmp_path / "s.xlsx", "--ledger", ledger, "--accepted-only")
    assert summed.status == 0


def test_nothing_passed_is_nothing_to_keep(office: Path) -> None:
    for name in ("东局", "西局"):
        review(office / "台账.xlsx", name, 状态="退回")
    outcome = archived(office)
    assert outcome.status == 1
    assert "台账里没有通过的部门" in outcome.out
    assert not (office / "归档").exists()


@pytest.mark.parametrize(
    "words",
    [
        "archive",
        "archive {in}",
        "archive {in} --ledger {ledger}",
        "archive {in} -d {out}",
        "archive {in} --ledger {none} -d {out}",
        "archive {none} --ledger {ledger} -d {out}",
        "archive {in} --ledger {ledger} -d {in}",
        "archive --verify {none}",
        "archive --verify {in}",
        "archive {in} --ledger {ledger} -d {out} --verify {in}",
    ],
)
def test_wrong_usage_of_an_archive(words: str, season: Path, tmp_path: Path) -> None:
    paths = {"in": season / "收到", "ledger": season / "台账.xlsx", "out": tmp_path / "out"}
    outcome = selfeval(*words.format(**paths, none=tmp_path / "none.xlsx").split())
    assert (outcome.status, outcome.out) == (2, "")
    assert list(tmp_path.iterdir()) == []
