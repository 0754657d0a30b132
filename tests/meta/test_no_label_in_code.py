"""No label of any form stands in the program: code holds no Chinese, the catalogue no form's words."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from selfeval_xl.texts import catalogue

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "selfeval_xl").rglob("*.py"))
FORMS = sorted(
    [*(ROOT / "workbook" / "forms").glob("*/form.toml"), *(ROOT / "tests" / "forms").glob("*/form.toml")]
)
CHINESE = re.compile("[\u2e80-\u2fff\u3005-\u3007\u3021-\u9fff\uf900-\ufaff]")
PUNCTUATION = re.compile("[\u3001-\u3004\u3008-\u3020\uff00-\uffef]")

# Full-width signs that the program handles as signs.
SIGNS = {
    "names.py": "brackets, in whatever width and shape, count for nothing when names are compared",
    "rules/tokens.py": "a sign that names of items may hold",
    "submission/layout.py": "signs that end a sentence: a long paragraph is cut there",
}

# Words of ordinary office Chinese that a form and the program both use; each with the reason why it is no form's label
# where the catalogue has it.
SHARED = {
    "部门编码": "a column of the roster, whose headings the contract fixes for every form",
    "机构编码": "a column of the roster",
    "机构名称": "a column of the roster",
    "报告日期": "a column of the summary, filled through the role report_date",
    "报送次数": "a column of the summary, filled through the role revision",
    "部门名称": "a column of the roster; in a form, another word for the department's name",
    "等次": "a band of scores in the settings sheet",
    "绩效自评": "what the program is for, in one line of its help; no form is named",
    "填报人": "whoever fills in a form, in the page that documents it",
    "未归位": "what an import could not place; the contract's word, in the heading of its list",
    "印出的合计": "a total that somebody printed, in the page that documents a form",
}
LABEL_KEYS = {
    *(
        "label",
        "name_label",
        "total_label",
        "head_label",
        "group_label",
        "class_label",
        "goal_label",
        "done_label",
    ),
    *("number_label", "title_label", "body_label", "head", "entity", "name", "section", "sheet"),
}
LIST_KEYS = {"columns", "printed_columns", "header", "synonyms", "head_synonyms"}


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from strings(one)


def labels(value: Any, *, inside: str = "") -> Iterator[str]:
    """Every label of a declaration: tables, items, fields, sections, headings, classes of goals, roles."""
    if isinstance(value, list):
        for one in value:
            yield from labels(one, inside=inside)
    if not isinstance(value, dict):
        return
    for key, one in value.items():
        if key in LABEL_KEYS and isinstance(one, str):
            yield one
        elif key in LIST_KEYS or key in ("headings", "classes"):
            yield from strings(one)
        elif key == "keys":
            yield from strings(list(one.values()))
        else:
            yield from labels(one, inside=key)


def labels_of(path: Path) -> set[str]:
    found = set(labels(tomllib.loads(path.read_text(encoding="utf-8"))))
    return {label for label in found if len(label) > 2 and CHINESE.search(label)}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_code_holds_no_chinese(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not [line for line in text.splitlines() if CHINESE.search(line)]
    written = [node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant)]
    texts = [one for one in written if isinstance(one, str)]
    assert not [one for one in texts if CHINESE.search(one)], "hidden in an escape"
    signs = any(PUNCTUATION.search(one) for one in texts)
    assert signs == (path.relative_to(ROOT / "selfeval_xl").as_posix() in SIGNS)


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.parent.name)
def test_catalogue_holds_no_label_of_a_form(path: Path) -> None:
    names = labels_of(path)
    assert len(names) > 15
    found = {
        f"{key}: {label}"
        for key, text in catalogue().items()
        for label in names
        if label in text and label not in SHARED
    }
    assert found == set()


def test_words_that_are_shared_are_still_shared() -> None:
    everything = "\n".join(catalogue().values())
    of_forms = "\n".join(
        label for path in FORMS for label in labels(tomllib.loads(path.read_text(encoding="utf-8")))
    )
    for word in SHARED:
        assert word in everything, f"{word} is no longer in the catalogue"
        assert word in of_forms, f"{word} is no longer in a form"


def test_labels_are_found_in_the_declaration() -> None:
    found = labels_of(next(path for path in FORMS if "linxiang" in str(path)))
    assert {"收入合计", "局机关", "二级机构", "三公经费", "绩效自评综合得分", "职责职能"} <= found
