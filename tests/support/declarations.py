"""Declarations with a word or a line changed."""

from pathlib import Path

from selfeval_xl.form.load import load_form
from selfeval_xl.form.model import Form


def changed(form: Form, folder: Path, old: str, new: str) -> Form:
    """Return the form of a copied declaration in which a text is another."""
    text = form.path.read_text(encoding="utf-8")
    assert old in text
    copy = folder / "form.toml"
    copy.write_text(text.replace(old, new), encoding="utf-8")
    return load_form(copy)
