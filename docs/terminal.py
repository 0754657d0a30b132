"""Draws what the menu really prints, as a picture of a terminal.

    python -m docs.terminal

Needs Debian's fonts-noto-cjk. The picture carries a digest of what it shows, which a test makes anew.
"""

import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from docs.pictures import broken
from selfeval_xl.texts import say
from tests.acceptance.calling import DAMAGED, NINE, data_of, filled, saved

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs" / "pictures" / "button" / "menu.png"
SHOWS = "shows"
FONT = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
SIMPLIFIED = "Noto Sans Mono CJK SC"
SIZE, LEADING, EDGE, COLUMNS = 15, 22, 14, 112
DARK, LIGHT, TYPED, COLOURS = (24, 24, 28), (214, 214, 214), (255, 214, 90), 48
QUESTIONS = ("menu.choose", "menu.ask_checked", "menu.ask_kept")
FOLDER, SHOWN_AS = "收到的表", "/home/user/桌面"


def transcript() -> list[tuple[str, str]]:
    """Return the lines of a clerk who checks a folder, each as what is printed and what is typed after it."""
    with tempfile.TemporaryDirectory(prefix="selfeval-menu-") as name:
        folder = Path(name) / FOLDER
        folder.mkdir()
        wrong = saved(Path(name) / "wrong.json", broken(data_of(NINE)))
        filled(wrong, folder / "教育局.xlsx")
        (folder / "水利局.xlsx").write_bytes(DAMAGED.read_bytes())
        typed = ["2", str(folder), "", "0"]
        code = "from selfeval_xl.app.cli import main; main()"
        done = subprocess.run(
            [sys.executable, "-X", "utf8", "-c", code, "menu"],
            input="".join(f"{line}\n" for line in typed),
            stdout=subprocess.PIPE,
            encoding="utf-8",
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            check=True,
        )
        told = done.stdout.replace(name, SHOWN_AS)
    return _with_answers(told.lstrip("\n"), ["2", f"'{SHOWN_AS}/{FOLDER}'", "1"])


def _with_answers(told: str, answers: list[str]) -> list[tuple[str, str]]:
    """Put the answers where they were given, up to the last: what is typed is no part of what is printed."""
    lines: list[tuple[str, str]] = []
    for question, answer in zip(QUESTIONS, answers, strict=True):
        before, _, told = told.partition(say(question))
        *above, last = (before + say(question)).splitlines()
        lines += [*((line, "") for line in above), (last, answer)]
    return lines


def digest(lines: list[tuple[str, str]]) -> str:
    """Return the digest of a picture's lines and looks."""
    looks = (SIZE, LEADING, EDGE, COLUMNS, DARK, LIGHT, TYPED)
    return hashlib.sha256(repr((lines, looks)).encode()).hexdigest()


def wrapped(text: str) -> list[str]:
    """Cut a line as a terminal does, Chinese characters taking two columns."""
    rows, width = [""], 0
    for one in text:
        wide = 2 if ord(one) > 0x2E7F or one in "“”·…→" else 1
        if width + wide > COLUMNS:
            rows.append("")
            width = 0
        rows[-1] += one
        width += wide
    return rows


def draw(lines: list[tuple[str, str]], target: Path) -> None:
    """Draw the lines as a window of a terminal shows them."""
    from PIL import Image, ImageDraw, ImageFont
    from PIL.PngImagePlugin import PngInfo

    font = next(
        one
        for one in (ImageFont.truetype(str(FONT), SIZE, index=index) for index in range(10))
        if one.getname()[0] == SIMPLIFIED
    )
    rows = [(row, "") for line, _ in lines for row in wrapped(line)]
    ends = [sum(len(wrapped(line)) for line, _ in lines[: number + 1]) - 1 for number in range(len(lines))]
    for end, (_, typed) in zip(ends, lines, strict=True):
        rows[end] = (rows[end][0], typed)
    size = (2 * EDGE + COLUMNS * SIZE // 2, 2 * EDGE + LEADING * len(rows))
    image = Image.new("RGB", size, DARK)
    pen = ImageDraw.Draw(image)
    for number, (row, typed) in enumerate(rows):
        place = (EDGE, EDGE + LEADING * number)
        pen.text(place, row, LIGHT, font)
        pen.text((place[0] + pen.textlength(row, font), place[1]), typed, TYPED, font)
    about = PngInfo()
    about.add_text(SHOWS, digest(lines))
    target.parent.mkdir(parents=True, exist_ok=True)
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(target, optimize=True, pnginfo=about)


if __name__ == "__main__":
    draw(transcript(), PICTURE)
