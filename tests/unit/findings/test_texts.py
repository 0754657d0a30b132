"""The catalogue: keys joined with dots, placeholders filled, none left over."""

import string

import pytest

from selfeval_xl.texts import catalogue, placeholders, say


def test_nested_tables_are_joined_with_dots() -> None:
    assert catalogue()["word.blank"] == "空白"
    assert catalogue()["doc.scope.rows"] == "汇总行和各机构行"
    assert "finding.total.mismatch" in catalogue()


def test_facts_are_put_in_their_places() -> None:
    assert say("report.file_plain", name="a.xlsx", status="有错误") == "a.xlsx：有错误"


def test_a_text_without_facts_is_given_as_it_stands() -> None:
    assert say("sheet.unit") == "单位：{unit}"


@pytest.mark.parametrize("key", ["word", "word.nonesuch", ""])
def test_an_unknown_key_is_a_bug(key: str) -> None:
    with pytest.raises(KeyError):
        say(key)


def test_a_missing_fact_is_a_bug() -> None:
    with pytest.raises(KeyError, match="status"):
        say("report.file_plain", name="a.xlsx")


def test_placeholders_are_the_facts_that_a_text_needs() -> None:
    assert placeholders("report.file_plain") == {"name", "status"}
    assert placeholders("word.blank") == frozenset()


@pytest.mark.parametrize("key", sorted(catalogue()))
def test_every_text_is_well_formed_and_says_something(key: str) -> None:
    text = catalogue()[key]
    assert text.strip()
    for _, name, spec, conversion in string.Formatter().parse(text):
        assert name is None or name.isidentifier()
        assert not spec
        assert conversion is None
