"""Draws the pictures of the guide: real workbooks on a screen or on paper, cut and made small.

    python -m docs.pictures

Needs Debian's libreoffice-calc, libreoffice-gtk3, xvfb, xdotool, poppler-utils and fonts-noto-cjk. Drawing differs
between machines: `sources.json` holds a digest of what every picture shows, which a test makes anew.
"""

import hashlib
import json
import os
import signal
import subprocess
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from msgspec import Struct
from openpyxl import load_workbook
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from selfeval_xl.app.cli import run
from selfeval_xl.texts import catalogue
from tests.support import desk, office

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "workbook" / "samples"
FOLDER = ROOT / "docs" / "pictures"
SOURCES = FOLDER / "sources.json"
NINE = SAMPLES / "nine-entities-2022.json"
SETTINGS = ("--settings", SAMPLES / "yunxi-settings.toml")
COLOURS = 48
DISPLAY = ":93"
# Of a window's edges: toolbars above, the side bar at the right, the status line below.
ABOVE, RIGHT, BELOW = 106, 74, 21
DPI = 75
SECONDS_TO_OPEN = 60

# The fonts that the form names are not free; these stand in for them, so that columns are about as wide as in Excel.
FONTS = {"宋体": "Noto Serif CJK SC", "仿宋": "Noto Serif CJK SC", "黑体": "Noto Sans CJK SC"}


class Picture(Struct, frozen=True):
    """What to draw: a sheet in a window of this size after these keys or after a button, or its printed page."""

    book: str
    sheet: str
    size: tuple[int, int] = (1000, 560)
    keys: tuple[str, ...] = ()
    page: int | None = None
    cut: tuple[float, float] = (0.0, 1.0)
    zoom: int = 100
    button: str = ""


PICTURES = {
    "cover.png": Picture("blank", "封面", (1000, 690), ("Down", "Up"), zoom=60),
    "income.png": Picture("blank", "收入", (1130, 560), ("Down", "Up")),
    "wrong.png": Picture("broken", "三公经费", (1240, 560), ("Left",)),
    "checks.png": Picture("broken", "校验", (1290, 760), ("Down", "Up"), zoom=72),
    "explained.png": Picture(
        "broken", "校验", (1000, 500), (*("Down",) * 41, *("Up",) * 4, "Right", "Right")
    ),
    "buttons.png": Picture("buttons", "封面", (1150, 690), zoom=60),
    "message.png": Picture("buttons", "校验", (1150, 560), zoom=72, button="校验"),
    "text.png": Picture("broken", "评价报告综述", (920, 560), ("Down", "Right", "Right")),
    "printed.png": Picture("nine", "收入", page=4, cut=(0.07, 0.74)),
    "final.png": Picture("final", "收支情况", page=4, cut=(0.05, 0.78)),
    "summary.png": Picture("summary", "总表", page=1, cut=(0.08, 0.6)),
}


def books(folder: Path) -> dict[str, Path]:
    """Make the workbooks that the pictures show."""
    data = json.loads(NINE.read_text(encoding="utf-8"))
    (folder / "broken.json").write_text(json.dumps(broken(data), ensure_ascii=False), encoding="utf-8")
    named = ("--entity", "云溪县第一中学", "--entity", "云溪县实验小学", "--entity", "云溪县机关幼儿园")
    commands: dict[str, tuple[object, ...]] = {
        "blank": ("new", *named, *SETTINGS),
        "nine": ("fill", NINE, *SETTINGS),
        "broken": ("fill", folder / "broken.json", *SETTINGS),
        "buttons": ("fill", folder / "broken.json", *SETTINGS),
        "final": ("export", folder / "nine.xlsx"),
        "summary": ("consolidate", SAMPLES / "county", *SETTINGS),
    }
    found = {name: folder / f"{name}{'.xlsm' if name == 'buttons' else '.xlsx'}" for name in commands}
    for name, words in commands.items():
        run([str(word) for word in (*words, "-o", found[name])])
    return found


def broken(data: dict[str, Any]) -> dict[str, Any]:
    """Put into the report of nine entities what clerks get wrong, an explanation, a heading of their own."""
    data["三公经费"][1]["公务接待费"] = "3.7万元"
    data["支出"][3]["当年结余"] += 10
    data["绩效自评"]["评价等次"] = "良"
    own = {"编号": None, "标题": "（一）机构设置", "正文": ["局机关内设办公室、计划财务股等八个股室。"]}
    data["评价报告综述"].insert(1, own)
    note = "差额10.00万元：2022年收回以前年度结转资金，已上缴财政。"
    data["审核说明"] = [{"规则": "E-04", "机构": "云溪县职业中等专业学校", "说明": note}]
    return data


def digests(found: dict[str, Path]) -> dict[str, str]:
    """Return, of every picture, the digest of its recipe and of what its sheet shows."""
    opened = {
        name: (load_workbook(path), load_workbook(path, data_only=True)) for name, path in found.items()
    }
    return {name: digest(picture, *opened[picture.book]) for name, picture in PICTURES.items()}


def digest(picture: Picture, styled: Any, valued: Any) -> str:
    """Return the digest of a picture's recipe and of all that its sheet shows: texts, figures, looks, sizes."""
    recipe = [repr(picture), repr(FONTS), repr((COLOURS, ABOVE, RIGHT, BELOW, DPI))]
    if picture.button:
        recipe += [text for key, text in catalogue().items() if key.startswith("button.")]
    tabs = [sheet.title for sheet in styled.worksheets if sheet.sheet_state == "visible"]
    lines = [*recipe, *tabs, *shown(styled[picture.sheet], valued[picture.sheet])]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def shown(sheet: Worksheet, values: Worksheet) -> Iterator[str]:
    """Yield what a sheet shows, a cell a line."""
    yield f"{sheet.freeze_panes} {sheet.print_area} {sheet.page_setup.orientation} {[one.id for one in sheet.row_breaks.brk]}"
    yield from sorted(str(area) for area in sheet.merged_cells.ranges)
    yield from (f"{name} {one.width:.2f}" for name, one in sorted(sheet.column_dimensions.items()))
    yield from (f"{row} {one.height}" for row, one in sorted(sheet.row_dimensions.items()))
    yield from sorted(
        f"{one.sqref} {one.promptTitle} {one.prompt}" for one in sheet.data_validations.dataValidation
    )
    for one in sheet.conditional_formatting:
        yield from (f"{one.sqref} {rule.formula} {rule.dxf.fill.bgColor.rgb}" for rule in one.rules)
    for row in sheet.iter_rows():
        yield from (f"{cell.coordinate} {values[cell.coordinate].value!r} {look(cell)}" for cell in row)


def look(cell: Cell) -> str:
    """Return how a cell looks."""
    font, border, place = cell.font, cell.border, cell.alignment
    sides = [side and side.style for side in (border.left, border.right, border.top, border.bottom)]
    colours = (font.color and font.color.rgb, cell.fill.fgColor.rgb)
    return f"{font.name} {font.sz} {font.b} {colours} {sides} {place.horizontal} {cell.number_format}"


def draw(picture: Picture, book: Path, target: Path) -> None:
    """Draw one picture, cut it and write it with few colours."""
    from PIL import Image

    if book.suffix == ".xlsm":
        image = with_buttons(picture, book)
    elif picture.page is None:
        image = on_screen(picture, book)
    else:
        pages = office.to_png(office.to_pdf(book, book.parent / "pdf"), dpi=DPI)
        image = Image.open(pages[picture.page - 1]).convert("RGB")
        top, bottom = (round(image.height * part) for part in picture.cut)
        image = image.crop((0, top, image.width, bottom))
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(target, optimize=True)


def on_screen(picture: Picture, book: Path) -> Any:
    """Return the grid and the tabs of a LibreOffice window on a screen of its own."""
    from PIL import ImageGrab

    width, height = picture.size
    sheets = [one.title for one in load_workbook(book).worksheets if one.sheet_state == "visible"]
    with tempfile.TemporaryDirectory(prefix="selfeval-screen-", ignore_cleanup_errors=True) as profile:
        office.write_profile(Path(profile), recalculate=True)
        environment = {"DISPLAY": DISPLAY, "SAL_USE_VCLPLUGIN": "gtk3", "LC_ALL": "C.UTF-8"}
        screen = ["Xvfb", DISPLAY, "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp"]
        # A window that is ended leaves its lock beside the workbook, so each has a copy of its own.
        copy = zoomed(book, Path(profile) / book.name, picture.zoom)
        window = [
            "soffice",
            f"-env:UserInstallation={Path(profile).as_uri()}",
            "--norestore",
            "--nolockcheck",
        ]
        with running(screen, {}), running([*window, "--nologo", str(copy)], environment):
            keys = [*("ctrl+Next",) * sheets.index(picture.sheet), *picture.keys]
            press(keys, book.stem, picture.size, os.environ | environment)
            image = ImageGrab.grab(xdisplay=DISPLAY)
    return image.crop((0, ABOVE, width - RIGHT, height - BELOW))


def with_buttons(picture: Picture, book: Path) -> Any:
    """Return the window of a workbook whose macros run, with the message that a button shows where one is pressed."""
    from PIL import ImageGrab

    width, height = picture.size
    with desk.screen(picture.size) as display, desk.Desk(display) as window:
        copy = zoomed(book, window.profile / book.name, picture.zoom)
        window.open(str(copy))
        time.sleep(2)
        window.select(picture.sheet, "A1")
        if picture.button:
            window.begin("press", picture.sheet, picture.button)
            time.sleep(3)
        image = ImageGrab.grab(xdisplay=display)
        # Nothing is to be kept, and a box may be open that no order closes.
        window.abandon()
    return image.crop((0, ABOVE, width - RIGHT, height - BELOW))


def zoomed(book: Path, copy: Path, zoom: int) -> Path:
    """Copy a workbook so that its sheets are opened at this zoom."""
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(copy, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"<sheetView ", b'<sheetView zoomScale="%d" ' % zoom))
    return copy


def press(keys: list[str], title: str, size: tuple[int, int], environment: dict[str, str]) -> None:
    """Wait for the window, let it fill the screen, and press keys one after the other."""
    tell = partial(subprocess.run, env=environment, capture_output=True, text=True, check=False)
    for _ in range(SECONDS_TO_OPEN * 2):
        time.sleep(0.5)
        found = tell(["xdotool", "search", "--onlyvisible", "--name", title]).stdout.split()
        if found:
            break
    else:
        raise office.OfficeFailed(f"no window with {title} was opened")
    time.sleep(3)
    window = found[-1]
    place = ["windowmove", window, "0", "0", "windowsize", window, *map(str, size), "windowfocus", window]
    tell(["xdotool", *place])
    time.sleep(1)
    tell(["xdotool", "key", "--delay", "150", *keys])
    time.sleep(1.5)


@contextmanager
def running(command: list[str], variables: dict[str, str]) -> Iterator[None]:
    """Run a program until the block is left, and end it with its children."""
    process = subprocess.Popen(
        command,
        env=os.environ | variables,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        time.sleep(1)
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


def fonts(folder: Path) -> Path:
    """Write the settings under which the stand-in fonts are found."""
    alias = '<alias binding="same"><family>{}</family><prefer><family>{}</family></prefer></alias>\n'
    aliases = "".join(alias.format(name, other) for name, other in FONTS.items())
    path = folder / "fonts.conf"
    include = '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>'
    path.write_text(f"<fontconfig>{include}\n{aliases}</fontconfig>\n", encoding="utf-8")
    return path


def main() -> None:
    """Draw every picture and note what it shows."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="selfeval-pictures-") as name:
        os.environ["FONTCONFIG_FILE"] = str(fonts(Path(name)))
        found = books(Path(name))
        for target, picture in PICTURES.items():
            draw(picture, found[picture.book], FOLDER / target)
        SOURCES.write_text(json.dumps(digests(found), indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
