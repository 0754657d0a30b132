"""Finds forms: by id and edition among those shipped and those of the user, or by file."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from selfeval_xl.form.load import FORM_FILE, SETTINGS_FILE, load_form, load_settings
from selfeval_xl.form.model import Form, Settings
from selfeval_xl.shipped import form_folders

DEFAULT_FORM = "linxiang-zhengti"
# Beside a declaration, in this folder: the ones it replaced, named by their versions.
EARLIER = "earlier"


class UnknownForm(LookupError):
    """No declaration has this id and edition; ``known`` lists what there is."""

    def __init__(self, form_id: str, edition: int | None, known: list[str]) -> None:
        super().__init__(form_id, edition)
        self.form_id, self.edition, self.known = form_id, edition, known


def form_files() -> list[Path]:
    """Return every declaration's file, the user's before the shipped ones."""
    return [file for folder in form_folders() for file in sorted(folder.glob(f"*/{FORM_FILE}"))]


def known_forms() -> list[Form]:
    """Return every form, each id and edition once."""
    forms: dict[tuple[str, int], Form] = {}
    for file in form_files():
        form = load_form(file)
        forms.setdefault((form.id, form.edition), form)
    return list(forms.values())


def find_form(form_id: str, edition: int | None = None) -> Form:
    """Return the form with this id; without an edition the newest.  Raises ``UnknownForm``."""
    return _find_form(form_id, edition, tuple(form_folders()))


@lru_cache(maxsize=64)
def _find_form(form_id: str, edition: int | None, _folders: tuple[Path, ...]) -> Form:
    """Look through the folders once; a run over files asks for the same form each time."""
    forms = known_forms()
    found = [form for form in forms if form.id == form_id and edition in (None, form.edition)]
    if not found:
        raise UnknownForm(form_id, edition, [f"{form.id} {form.edition}" for form in forms])
    return max(found, key=lambda form: form.edition)


def as_of(form: Form, version: str) -> Form:
    """Return the form as it was in an earlier minor *version*, if its declaration was kept; else as it is.

    A workbook is checked by the rules and words that it was handed out with.
    """
    kept = form.path.parent / EARLIER / f"{version}.toml"
    if version == form.version or not _is_earlier(version, form) or not kept.is_file():
        return form
    return load_form(kept)


def present(form: Form) -> Path:
    """Return the declaration in force of a form, which may be an earlier version."""
    folder = form.path.parent
    return folder.with_name(FORM_FILE) if folder.name == EARLIER else form.path


def _is_earlier(version: str, form: Form) -> bool:
    """Tell whether it is a plain version of the same layout; a workbook may say anything."""
    major, _, minor = version.partition(".")
    return major == str(form.major) and minor.isdecimal()


def settings_for(form: Form, file: Path | None = None) -> Settings:
    """Return the settings in *file*, or those that lie beside the form's declaration."""
    return load_settings(file if file is not None else present(form).with_name(SETTINGS_FILE))
