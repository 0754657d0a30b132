"""Draws what a click on the buttons in a workbook shows: a real click in a LibreOffice window on a screen of its own.

    python -m docs.pressed

Needs what `docs.pictures` needs, and Debian's python3-uno. Each picture carries a digest of what its sheet shows.
"""

import hashlib
import os
import tempfile
import time
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from docs import pictures
from selfeval_xl.texts import catalogue, say
from tests.acceptance.calling import NINE, data_of, filled, saved
from tests.support.desk import Desk, click, screen

FOLDER = pictures.FOLDER / "button"
SHOWS = "shows"
SIZE = (1380, 760)
COLOURS = 40
REST = 1.5
COVER, FAULT = "封面", "三公经费"
SHEETS = {"cover.png": COVER, "message.png": FAULT}
CUTS = {"cover.png": (0, 106, 1318, 600), "message.png": (0, 106, 950, 640)}


def book(folder: Path) -> Path:
    """Return a workbook with buttons and with what clerks get wrong."""
    wrong = saved(folder / "wrong.json", pictures.broken(data_of(NINE)))
    return filled(wrong, folder / "教育局.xlsm")


def digests(path: Path) -> dict[str, str]:
    """Return, of every picture, the digest of what its sheet, the button and the message show."""
    styled, valued = load_workbook(path), load_workbook(path, data_only=True)
    words = [say("button.now"), say("button.next"), say("button.full"), catalogue()["button.failing"]]
    found = {}
    for name, sheet in SHEETS.items():
        lines = [repr((SIZE, CUTS[name], COLOURS)), *words, *pictures.shown(styled[sheet], valued[sheet])]
        found[name] = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    return found


def save(image: Any, name: str, shows: str) -> None:
    """Write a picture with few colours and with the digest of what it shows."""
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    about = PngInfo()
    about.add_text(SHOWS, shows)
    few = image.crop(CUTS[name]).quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(FOLDER / name, optimize=True, pnginfo=about)


def main() -> None:
    """Draw the cover with its buttons, and what a click on the first of them shows."""
    from PIL import ImageGrab

    with tempfile.TemporaryDirectory(prefix="selfeval-pressed-") as name:
        os.environ["FONTCONFIG_FILE"] = str(pictures.fonts(Path(name)))
        path = book(Path(name))
        shows = digests(path)
        with screen(SIZE) as display, Desk(display) as desk, desk.opened(path):
            x, y = desk.place(COVER, say("button.now"))
            # A window that was just opened takes its first click for itself.
            click(display, x, y + 60)
            time.sleep(REST)
            save(ImageGrab.grab(xdisplay=display), "cover.png", shows["cover.png"])
            click(display, x, y)
            box = desk.message()
            time.sleep(REST)
            save(ImageGrab.grab(xdisplay=display), "message.png", shows["message.png"])
            click(display, *box["button"])
            desk.no_message()


if __name__ == "__main__":
    main()
