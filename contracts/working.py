"""A private folder for plain files while a step works, gone when it ends.

It lies in memory (``/dev/shm``) where there is room, so that plain files touch no disk; else beside
the sealed zones. ``AFLOAT_WORK`` chooses another place. What a killed run left is removed by the
next one that opens a folder there.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from contracts.errors import ZoneRefused

WORK = "AFLOAT_WORK"
MEMORY = Path("/dev/shm")  # noqa: S108 - a RAM filesystem; the folder made in it is private
_LEAST_FREE = 1 << 30
_TIMES = 4
"""Room for this many times the sealed size: the file, its growth, its log and what is spilled."""

_LOCK = "lock"


@contextmanager
def working_folder(beside: Path, *, size: int) -> Iterator[Path]:
    """A new folder that nobody else can read; removed at the end, whatever happened.

    Args:
        beside: Where it goes if there is no better place.
        size: Bytes that will be put there at first.

    Raises:
        ZoneRefused: If a folder of that name is not ours alone.
    """
    base = _base(beside, size)
    with _only_one(base):
        _sweep(base)
        folder = Path(tempfile.mkdtemp(prefix="run-", dir=base))
        held = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(held, fcntl.LOCK_EX)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(held)


def _base(beside: Path, size: int) -> Path:
    chosen = os.environ.get(WORK)
    if chosen:
        return _private(Path(chosen) / f"afloat-{os.getuid()}")
    needed = max(_LEAST_FREE, _TIMES * size)
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > needed:
        return _private(MEMORY / f"afloat-{os.getuid()}")
    return _private(beside / "work")


def _private(folder: Path) -> Path:
    """The folder, made where it is missing, and ours alone; others may write where it lies."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid()
    if not ours or stat.S_IMODE(found.st_mode) & 0o077:
        raise ZoneRefused(
            f"The working folder {folder.name} is not a folder of this account alone.",
            next_step=f"Remove it, or choose another place with {WORK}.",
        )
    return folder


@contextmanager
def _only_one(base: Path) -> Iterator[None]:
    """One process at a time makes or sweeps folders, so that none is swept before it is locked."""
    handle = os.open(base / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _sweep(base: Path) -> None:
    """Remove folders whose process is gone: the system has let go of their lock."""
    for folder in sorted(base.glob("run-*")):
        try:
            handle = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError:
            continue
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            continue
        else:
            shutil.rmtree(folder, ignore_errors=True)
        finally:
            os.close(handle)
