"""The button's way in: Excel found, the workbook that called found, the check done, one sentence shown.

xlwings is imported here and nowhere else, late and without what it would import beside itself. So is our own check,
because by then Python has stopped looking for circles of unused objects: that is a fifth of a click.
"""

from __future__ import annotations

import atexit
import gc
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

from selfeval_xl.app.com import MAY_HAVE_EXCEL, ExcelBusy, is_busy, is_complaint
from selfeval_xl.app.log import write_log, write_text
from selfeval_xl.jobs.problems import MISSING_PROGRAM, Stopped, WrongUsage
from selfeval_xl.texts import say

if TYPE_CHECKING:
    from selfeval_xl.app.live_check import Checked

ATTEMPTS = 50
"""How often a call that Excel rejects is repeated; xlwings would never stop."""

_NOT_NEEDED = ("numpy", "pandas", "polars", "matplotlib", "plotly", "PIL", "xlwings.pro")


class NoExcel(Stopped):
    """There is no Excel here, or nothing to reach it with."""

    status = MISSING_PROGRAM


@contextmanager
def alone() -> Iterator[None]:
    """Keep away what xlwings imports where it is there, and what is not free of it: a click must not wait for pandas."""
    blocked = [name for name in _NOT_NEEDED if name not in sys.modules]
    sys.modules.update(dict.fromkeys(blocked))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in blocked:
            sys.modules.pop(name, None)


def load_xlwings() -> Any:
    """Import xlwings alone and return it; raises ``NoExcel`` where it is not installed."""
    with alone():
        try:
            import xlwings
        except ImportError:
            raise NoExcel("live.no_xlwings" if MAY_HAVE_EXCEL else "live.none_here") from None
    engine: Any = sys.modules.get("xlwings._xlwindows")
    if engine is not None:
        # It would end every Excel that it does not know, with a clerk's unsaved work in it.
        atexit.unregister(engine.cleanup)
        engine.N_COM_ATTEMPTS = ATTEMPTS
    return xlwings


def open_books() -> list[Any]:
    """Return the books that are open, in every Excel; raises ``NoExcel`` where there can be none."""
    xlwings = load_xlwings()
    if xlwings.engines.active is None:
        raise NoExcel("live.no_excel" if MAY_HAVE_EXCEL else "live.none_here")
    return [book for app in xlwings.apps for book in _books(app)]


def _books(app: Any) -> Iterator[Any]:
    """Yield the books of one Excel; one that is closing down has none."""
    try:
        yield from list(app.books)
    except Exception as error:
        if is_busy(error):
            raise ExcelBusy from None
        if not is_complaint(error):
            raise


def book_named(name: str | None = None) -> Any:
    """Return the open book called *name*, or the only one of our form.

    Raises ``WrongUsage`` where it is not clear which.
    """
    books = open_books()
    if name is None:
        found = [book for book in books if is_ours(book)]
    else:
        found = [book for book in books if book.name.casefold() == name.casefold()]
    if len(found) == 1:
        return found[0]
    names = say("word.and").join(book.name for book in (found or books))
    if not found:
        key = "live.none_open" if not books else "live.none_ours" if name is None else "live.not_open"
    else:
        key = "live.several" if len({book.name for book in found}) > 1 else "live.twice"
    raise WrongUsage(key, name=name, names=names)


def is_ours(book: Any) -> bool:
    """Tell whether a book can be one of our forms: it has a sheet that says what it is."""
    from selfeval_xl.submission.workbook import SETTINGS_PREFIX

    return any(sheet.name.startswith(SETTINGS_PREFIX) for sheet in book.sheets)


def check(book: Any = None) -> Checked:
    """Check an open workbook: a book of xlwings, or a name; ``None`` is the only one of our form."""
    from selfeval_xl.app.live_check import check as check_live

    return check_live(book_named(book) if book is None or isinstance(book, str) else book)


def calling_book(arguments: Sequence[str]) -> Any:
    """Return the book whose macro called, by ``--wb=NAME`` and the number of Excel's window.

    Our macro passes the number as ``--app``, xlwings' own as ``--hwnd``.
    """
    given = {key: value.strip(' "') for key, _, value in (one.partition("=") for one in arguments)}
    name, window = given.get("--wb", ""), given.get("--hwnd", "") or given.get("--app", "")
    xlwings = load_xlwings()
    engine: Any = sys.modules.get("xlwings._xlwindows")
    if not window.isdigit() or window == "0" or engine is None:
        return book_named(name or None)
    app = xlwings.App(impl=engine.App(xl=int(window)))
    found = [book for book in _books(app) if book.name.casefold() == name.casefold()]
    # A name in another code page than Windows' arrives spoilt; the book whose button was pressed is in front.
    return found[0] if found else app.books.active


def main(arguments: Sequence[str] | None = None) -> None:
    """Check the workbook whose macro called, and show one sentence; nothing is raised."""
    is_searching = gc.isenabled()
    gc.disable()
    try:
        text, book = _checked(sys.argv[1:] if arguments is None else arguments)
    finally:
        if is_searching:
            gc.enable()
    show(text, book)


def _checked(arguments: Sequence[str]) -> tuple[str, Any]:
    """Return what to say after the check, and the book where it was found."""
    book = None
    try:
        book = calling_book(arguments)
        checked = check(book)
    except Stopped as stopped:
        return str(stopped), book
    except Exception:  # noqa: BLE001 - a clerk sees a sentence; the traceback is for whoever reads the log
        return say("bug.text", log=write_log()), book
    if checked.is_written or not checked.lines:
        return checked.sentence, book
    return checked.sentence + say("live.kept", path=write_text(told(checked), ".txt")), book


def told(checked: Checked) -> str:
    """Return what would have been written into the workbook, as a text."""
    return "\n".join("\t".join(part for part in line if part) for line in checked.lines) + "\n"


def show(text: str, book: Any) -> None:
    """Show a sentence in a box over Excel; where there is none, on the screen."""
    try:
        if book is not None:
            book.app.alert(text, say("live.title"), mode="info")
            return
    except Exception:  # noqa: BLE001 - whatever keeps Excel from showing it, the sentence must be seen
        book = None
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.user32.MessageBoxW(None, text, say("live.title"), 0)
    elif sys.stderr is not None:
        sys.stderr.write(f"{text}\n")


def leave() -> NoReturn:
    """End the process at once: nothing is left to be written, and no other hook at the exit has any business with Excel."""
    os._exit(0)


if __name__ == "__main__":
    main()
    leave()
