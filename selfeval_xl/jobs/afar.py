"""Files read on other machines: by a path that they share, else by the file's bytes."""

from __future__ import annotations

import atexit
import hashlib
import shutil
import tempfile
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import cache, partial
from pathlib import Path

from msgspec import Struct

from selfeval_xl.consolidation import reduce
from selfeval_xl.consolidation.kept import kept, restored
from selfeval_xl.consolidation.reduce import Reduced
from selfeval_xl.form.library import find_form
from selfeval_xl.form.load import load_form, load_settings
from selfeval_xl.jobs.problems import MISSING_PROGRAM, Stopped
from selfeval_xl.runs.cluster import ClusterFailed, OtherProgram, connected, run_afar
from selfeval_xl.runs.pool import rare_collections
from selfeval_xl.runs.program import program_digest
from selfeval_xl.runs.store import digest_of
from selfeval_xl.submission.inspect import DATA_SUFFIX
from selfeval_xl.texts import say

Task = Callable[[Path, Path | None], Reduced]
Read = tuple[Reduced, bytes | None]

_ONE_AT_A_TIME = threading.Lock()
"""A worker may have several threads; what is remembered between files is meant for one."""


class ClusterStopped(Stopped):
    """The cluster cannot do the work."""

    status = MISSING_PROGRAM

    def __init__(self, failed: ClusterFailed, address: str) -> None:
        Exception.__init__(self, say(f"cluster.{failed.reason}", address=address))


class Order(Struct, frozen=True):
    """What is to be done with files: the task's name, the settings for data files, by which program."""

    task: str
    settings: bytes | None
    program: str


class Sent(Struct, frozen=True):
    """A file on its way: where it may lie there too, the digest of what it holds (``None``: unreadable), or its bytes."""

    path: str
    digest: bytes | None
    content: bytes | None = None


class Answer(Struct, frozen=True):
    """What comes back: the reduced file, its digest and its form by id and edition; ``None`` where there is no such file."""

    reduced: bytes | None
    digest: bytes | None
    form: tuple[str, int] | None = None


def read_afar(
    task: Task, files: Sequence[Path], settings_file: Path | None, address: str
) -> Generator[Read, None, None]:
    """Yield ``task(file, settings_file)`` and the digest of every file, in order, from the cluster at *address*.

    A file that the workers do not see is sent to them.  Raises ``ClusterStopped``.
    """
    settings = None
    if settings_file is not None and any(file.suffix.lower() == DATA_SUFFIX for file in files):
        load_settings(settings_file)  # what is wrong with it is told here, by its own name
        settings = settings_file.read_bytes()
    there = partial(read_there, Order(task.__name__, settings, program_digest()))
    try:
        with connected(address) as client:
            # Whether the folders are shared shows at the first file; where they are not, each is sent at once.
            is_shared = next(run_afar(client, there, [_sent(files[0])])).reduced is not None
            with closing(run_afar(client, there, (_sent(file, is_shared) for file in files))) as answers:
                for file, answer in zip(files, answers, strict=True):
                    is_absent = answer.reduced is None and is_shared
                    found = next(run_afar(client, there, [_sent(file, False)])) if is_absent else answer
                    yield _read(file, found, task, settings_file)
    except ClusterFailed as failed:
        raise ClusterStopped(failed, address) from None


def _sent(file: Path, is_shared: bool = True) -> Sent:
    if is_shared:
        return Sent(place_of(file), digest_of(file))
    try:
        content = file.read_bytes()
    except OSError:
        return Sent(place_of(file), None)
    return Sent(place_of(file), hashlib.sha256(content).digest(), content)


def place_of(file: Path) -> str:
    """Return where a file lies on all machines that share its folder."""
    return str(file.resolve())


def _read(file: Path, answer: Answer, task: Task, settings_file: Path | None) -> Read:
    """Return the file as it was read there; what did not come over, such as a file that cannot be read, is read here."""
    one = None if answer.reduced is None else restored(answer.reduced, file)
    if one is None:
        return task(file, settings_file), None
    one.form_path = None if answer.form is None else find_form(*answer.form).path
    return one, answer.digest


# On the workers


def read_there(order: Order, files: Sequence[Sent]) -> list[Answer]:
    """Return what the order wants to know of *files*; raises ``OtherProgram`` where this is not the one that ordered."""
    if order.program != _program():
        raise OtherProgram
    task: Task = getattr(reduce, order.task)
    settings_file = None if order.settings is None else _settings_file(order.settings)
    with _ONE_AT_A_TIME, rare_collections():
        return [_answer(one, task, settings_file) for one in files]


def _answer(sent: Sent, task: Task, settings_file: Path | None) -> Answer:
    with _file_of(sent) as file:
        if file is None:
            return Answer(None, None)
        one = task(file, settings_file)
        form = None if one.form_path is None else load_form(one.form_path)
        return Answer(kept(one), digest_of(file), None if form is None else (form.id, form.edition))


@contextmanager
def _file_of(sent: Sent) -> Iterator[Path | None]:
    """Yield the file that was sent, ``None`` where it does not lie here."""
    place = Path(sent.path)
    if sent.content is None:
        yield place if sent.digest is not None and digest_of(place) == sent.digest else None
        return
    with tempfile.TemporaryDirectory(prefix="selfeval-") as folder:
        file = Path(folder, "sent").with_suffix(place.suffix)
        file.write_bytes(sent.content)
        yield file


@cache
def _program() -> str:
    return program_digest()


@cache
def _settings_file(content: bytes) -> Path:
    # Kept as long as the process: settings are remembered by their path.
    folder = tempfile.mkdtemp(prefix="selfeval-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    file = Path(folder, "settings.toml")
    file.write_bytes(content)
    return file
