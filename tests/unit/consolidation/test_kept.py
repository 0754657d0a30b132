"""Reduced files as bytes: what comes back is what went in, and strange bytes do nothing."""

import os
import pickle
from functools import partial
from pathlib import Path
from unittest import mock

import pytest

from selfeval_xl.consolidation.kept import kept, restored
from selfeval_xl.consolidation.reduce import Reduced, check_file, reduce_file
from selfeval_xl.shipped import SEARCH_VARIABLE
from tests.acceptance.calling import COUNTY
from tests.support.reports import FORMS, sample_files

FILES = [*sample_files(), *sorted(COUNTY.glob("*.xlsx"))]
ELSEWHERE = Path("elsewhere/a.xlsx")


@pytest.fixture(autouse=True)
def forms() -> object:
    with mock.patch.dict(os.environ, {SEARCH_VARIABLE: str(FORMS)}):
        yield


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_what_comes_back_is_what_went_in(file: Path) -> None:
    for task in (reduce_file, check_file):
        one = task(file)
        back = restored(kept(one), file)
        assert back == one
        assert back is not None
        assert [dict(line.amounts) for line in back.lines] == [dict(line.amounts) for line in one.lines]


def test_it_comes_back_as_the_file_that_it_is_now() -> None:
    one = reduce_file(FILES[0])
    content = kept(one)
    assert one.path == FILES[0]
    back = restored(content, ELSEWHERE)
    assert back is not None
    assert back.path == ELSEWHERE


class Evil:
    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, ("evil",)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no pickle",
        pickle.dumps((1, None)),
        pickle.dumps((Reduced(Path(), "clean"), b"no settings")),
        pickle.dumps((Reduced(Path(), "clean"), pickle.dumps("no settings"))),
        pickle.dumps((Evil(), None)),
        pickle.dumps((Reduced(Path(), "clean"), pickle.dumps(Evil()))),
        pickle.dumps((partial(os.getcwd), None)),
    ],
    ids=range(8),
)
def test_strange_bytes_are_no_file_and_run_nothing(
    content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert restored(content, ELSEWHERE) is None
    assert list(tmp_path.iterdir()) == []
