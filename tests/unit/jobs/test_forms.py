"""The form, the settings and the year that a command works with."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from selfeval_xl.jobs.forms import form_named, settings_named, year_of
from selfeval_xl.jobs.problems import WrongUsage
from tests.support import reports
from tests.support import small_report as small


def test_without_a_name_it_is_the_default_form() -> None:
    assert form_named(None) is form_named("") is form_named("linxiang-zhengti") is small.form()


def test_a_declarations_file_is_a_form_too() -> None:
    assert form_named(str(reports.SECOND_FORM)).id == reports.second_form().id


@pytest.mark.parametrize(
    ("name", "complaint"),
    [("nonesuch", "没有表单“nonesuch”。现有：linxiang-zhengti 2022"), ("none.toml", "“none.toml”不存在")],
)
def test_a_form_that_is_not_there_is_wrong_usage(name: str, complaint: str) -> None:
    with pytest.raises(WrongUsage, match=complaint):
        form_named(name)


@pytest.mark.parametrize("content", ["", "[form]\n", "= =", "\x00"])
def test_a_faulty_declaration_is_told_with_its_file(tmp_path: Path, content: str) -> None:
    file = tmp_path / "form.toml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(WrongUsage, match=r"表单声明“form\.toml”有误"):
        form_named(str(file))


def test_settings_are_those_beside_the_form_unless_named(tmp_path: Path) -> None:
    assert settings_named(small.form(), None) == small.settings()
    text = small.form().path.with_name("settings.toml").read_text(encoding="utf-8")
    own = tmp_path / "own.toml"
    own.write_text(text.replace('region = "临湘市"', 'region = "某县"'), encoding="utf-8")
    assert settings_named(small.form(), own).region == "某县"


@pytest.mark.parametrize(
    ("name", "complaint"), [("none.toml", "不存在"), ("bad.toml", "设置文件“bad.toml”有误")]
)
def test_faulty_settings_are_wrong_usage(tmp_path: Path, name: str, complaint: str) -> None:
    (tmp_path / "bad.toml").write_text("nonesuch = 1\n", encoding="utf-8")
    with pytest.raises(WrongUsage, match=complaint):
        settings_named(small.form(), tmp_path / name)


@pytest.mark.parametrize(
    ("asked", "of_settings", "year"), [(2024, 2023, 2024), (None, 2023, 2023), (None, None, 2022)]
)
def test_the_year_is_the_one_asked_for_else_of_the_settings_else_of_the_edition(
    asked: int | None, of_settings: int | None, year: int
) -> None:
    assert year_of(small.form(), replace(small.settings(), year=of_settings), asked) == year


@pytest.mark.parametrize("year", [0, 22, 1999, 2101, -2022])
def test_a_year_that_cannot_be_is_wrong_usage(year: int) -> None:
    with pytest.raises(WrongUsage, match=f"年度“{year}”不对"):
        year_of(small.form(), small.settings(), year)
