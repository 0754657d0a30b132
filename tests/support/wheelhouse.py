"""Wheels made of what is installed here, with a list that pins them: a kit's makings without any network."""

import hashlib
import os
import re
import zipfile
from collections.abc import Iterable
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from selfeval_xl.jobs.kit import EXCEL, LISTS

REQUIREMENTS = Path(__file__).resolve().parents[2] / "requirements"
LEFT_OUT = ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json")


def house(folder: Path) -> dict[str, str]:
    """Make a kit's lists in *folder* and the wheels that they pin; return pip's variables, so that it looks nowhere else."""
    wheels(folder / "wheels", names_in(REQUIREMENTS / LISTS[0]), folder / LISTS[0])
    wheels(folder / "wheels", ["pip"], folder / LISTS[1])
    wheels(folder / "wheels", ["iniconfig"], folder / EXCEL)
    return {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(folder / "wheels"), "PIP_CONFIG_FILE": os.devnull}


def names_in(lists: Path) -> list[str]:
    """The packages that a list pins and that are installed here; what only Windows needs may be missing."""
    pinned = re.findall(r"(?m)^([\w.-]+)==", lists.read_text(encoding="utf-8"))
    return [name for name in pinned if _is_installed(name)]


def _is_installed(name: str) -> bool:
    try:
        distribution(name)
    except PackageNotFoundError:
        return False
    return True


def wheels(folder: Path, names: Iterable[str], listed: Path) -> None:
    """Pack these packages into *folder* and pin them, by their digests, in *listed*."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = []
    for name in names:
        found = distribution(name)
        digest = hashlib.sha256(_packed(found, folder).read_bytes()).hexdigest()
        lines.append(f"{found.name}=={found.version} --hash=sha256:{digest}\n")
    listed.write_text("".join(lines), encoding="utf-8")


def _packed(found: Distribution, folder: Path) -> Path:
    files = [one for one in found.files or () if one.parts[0] != ".." and one.suffix != ".pyc"]
    (info,) = {one.parts[0] for one in files if one.name == "METADATA"}
    # A compiled one runs here alone, but a kit takes it for every Python and system.
    target = folder / f"{info.removesuffix('.dist-info')}-py3-none-any.whl"
    kept = [one for one in files if one.name not in LEFT_OUT or one.parts[0] != info]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as wheel:
        for one in kept:
            wheel.writestr(zipfile.ZipInfo(one.as_posix()), Path(str(one.locate())).read_bytes())
        record = "".join(f"{one.as_posix()},,\n" for one in kept) + f"{info}/RECORD,,\n"
        wheel.writestr(zipfile.ZipInfo(f"{info}/RECORD"), record)
    return target
