"""The form and the settings that a command works with."""

from __future__ import annotations

from pathlib import Path

from selfeval_xl.form.library import DEFAULT_FORM, UnknownForm, find_form, settings_for
from selfeval_xl.form.load import load_form
from selfeval_xl.form.model import Form, Settings
from selfeval_xl.form.source import DeclarationError
from selfeval_xl.jobs.files import check_input
from selfeval_xl.jobs.problems import WrongUsage
from selfeval_xl.texts import say

FIRST_YEAR, LAST_YEAR = 2000, 2100


def form_named(name: str | None) -> Form:
    """Return the form with this id, or of this declaration file; without a name the default one."""
    if name and name.endswith(".toml"):
        path = Path(name)
        if not path.is_file():
            raise WrongUsage("usage.not_found", path=path)
        try:
            return load_form(path.resolve())
        except DeclarationError as error:
            raise WrongUsage("usage.form_file", name=path.name, detail=error) from None
    try:
        return find_form(name or DEFAULT_FORM)
    except UnknownForm as unknown:
        known = say("word.and").join(unknown.known)
        raise WrongUsage("usage.unknown_form", form=unknown.form_id, known=known) from None


def settings_named(form: Form, file: Path | None) -> Settings:
    """Return the settings in *file*, else the form's own."""
    if file is not None:
        check_input(file)
    try:
        return settings_for(form, file)
    except DeclarationError as error:
        detail = say("usage.toml") if error.is_syntax else error.message
        facts = {"name": Path(error.file).name, "line": error.line, "detail": detail}
        raise WrongUsage("usage.settings", **facts) from None


def year_of(form: Form, settings: Settings, year: int | None) -> int:
    """Return the year to report on: as asked for, else of the settings, else the form's edition."""
    found = year if year is not None else settings.year or form.edition
    if not FIRST_YEAR <= found <= LAST_YEAR:
        raise WrongUsage("usage.year", year=found)
    return found
