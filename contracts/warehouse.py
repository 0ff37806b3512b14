"""The one way to open a place's zones.

A zone at rest is a sealed file. While a step works on it, its plain DuckDB file lies in a private
working folder; at the end it is sealed again where it changed. A step that fails leaves its zones
as they were. DuckDB takes one writing process at a time, and a lock can survive an exception when a
connection is not closed: so connections are only had inside a ``with``.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from contracts.errors import DataMissing, ZoneRefused
from contracts.months import month_key
from contracts.sealed import SealKey, seal, unseal
from contracts.working import working_folder
from contracts.zone_keys import KeyRing, key_of
from contracts.zones import Zone

SUFFIX = ".duckdb.sealed"
_UNTOUCHED = 1
"""Nanoseconds since 1970 that an unsealed file is stamped with: any write moves it."""


def month_schema(month: date) -> str:
    """Name of the schema that holds what was made for a release month, such as ``m2026_10``."""
    return "m" + month_key(month).replace("-", "_")


@dataclass(frozen=True, kw_only=True)
class Warehouse:
    """A place's zones.

    Attributes:
        folder: Where the sealed files lie.
        ring: Where their key is.
        threads: Threads that DuckDB may use.
    """

    folder: Path
    ring: KeyRing
    threads: int = 2

    def path(self, zone: Zone) -> Path:
        """The sealed file of a zone."""
        return self.folder / f"{zone}{SUFFIX}"

    @property
    def sealed(self) -> list[Path]:
        """The sealed files that are there."""
        return [path for path in map(self.path, Zone) if path.exists()]

    def key(self) -> SealKey:
        """The key in force; see :meth:`contracts.zone_keys.KeyRing.key`."""
        return self.ring.key(self.sealed)

    @contextmanager
    def write(self, zone: Zone) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection to one zone that may write; the zone is made where it is missing.

        Raises:
            ZoneRefused: If somebody else is writing it, or its key or seal does not hold.
        """
        with self.open_zones(zone, write=[zone]) as connection:
            yield connection

    @contextmanager
    def read(self, zone: Zone) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection to one zone that can only read.

        Raises:
            DataMissing: If the zone was not made yet.
            ZoneRefused: If its key or seal does not hold.
        """
        with self.open_zones(zone) as connection:
            yield connection

    @contextmanager
    def open_zones(
        self, default: Zone, *, write: Collection[Zone] = (), read: Collection[Zone] = ()
    ) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection to several zones, each a catalog of its name.

        Only ``linkage.crossing`` may open more than one zone; a test holds that.

        Args:
            default: The zone in which names without a catalog are looked up.
            write: Zones that may be written, made where they are missing.
            read: Other zones.
        """
        zones = sorted({default, *write, *read})
        with ExitStack() as stack:
            for zone in sorted(set(write)):
                stack.enter_context(self._lock(zone))
            key = self.key()
            size = sum(path.stat().st_size for path in self.sealed)
            folder = stack.enter_context(working_folder(self.folder, size=size))
            for zone in zones:
                self._unseal(zone, folder, key, may_make=zone in write)
            connection = _connect(folder, default, zones, set(write), self.threads)
            try:
                yield connection
                for zone in write:
                    _fold_log(connection, folder, zone)
            finally:
                connection.close()
            for zone in write:
                self._seal(zone, folder, key)

    def change_key(self) -> int:
        """Seal every zone under a new key; picks up where a change that was cut short ended.

        Returns:
            How many zones there are.
        """
        with ExitStack() as stack:
            for zone in Zone:
                stack.enter_context(self._lock(zone))
            new, known = self.ring.changing(self.sealed)
            for zone in Zone:
                path = self.path(zone)
                if not path.exists() or (old := key_of(path, known)) == new:
                    continue
                with working_folder(self.folder, size=path.stat().st_size) as folder:
                    plain = folder / f"{zone}.duckdb"
                    unseal(path, plain, key=old, purpose=zone)
                    seal(plain, path, key=new, purpose=zone)
            self.ring.changed()
        return len(self.sealed)

    def _unseal(self, zone: Zone, folder: Path, key: SealKey, *, may_make: bool) -> None:
        path, plain = self.path(zone), _plain(folder, zone)
        if path.exists():
            unseal(path, plain, key=key, purpose=zone)
            os.utime(plain, ns=(_UNTOUCHED, _UNTOUCHED))
        elif not may_make:
            raise DataMissing(
                f"This place has no {zone} zone yet.",
                next_step="Load its deliveries and run the steps before this one first.",
            )

    def _seal(self, zone: Zone, folder: Path, key: SealKey) -> None:
        plain = _plain(folder, zone)
        if plain.stat().st_mtime_ns != _UNTOUCHED:
            seal(plain, self.path(zone), key=key, purpose=zone)

    @contextmanager
    def _lock(self, zone: Zone) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(self.folder / f"{zone}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            raise ZoneRefused(
                f"Somebody else is writing the {zone} zone.",
                next_step="Wait until that run has ended, then try again.",
            ) from None
        try:
            yield
        finally:
            os.close(handle)


def _plain(folder: Path, zone: Zone) -> Path:
    return folder / f"{zone}.duckdb"


def _connect(
    folder: Path, default: Zone, zones: Collection[Zone], write: Collection[Zone], threads: int
) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(
        str(_plain(folder, default)),
        read_only=default not in write,
        # What does not fit in memory is spilled, and it is as plain as the file.
        config={"threads": threads, "temp_directory": str(folder / "spilled")},
    )
    try:
        for zone in zones:
            if zone != default:
                mode = "READ_WRITE" if zone in write else "READ_ONLY"
                connection.execute(f"ATTACH '{_plain(folder, zone)}' AS {zone} ({mode})")
    except BaseException:
        connection.close()
        raise
    return connection


def _fold_log(connection: duckdb.DuckDBPyConnection, folder: Path, zone: Zone) -> None:
    """Have DuckDB put all that was committed into its one file, which is what is sealed.

    Raises:
        ZoneRefused: If it could not.
    """
    log = _plain(folder, zone).with_suffix(".duckdb.wal")
    if log.exists() and log.stat().st_size:
        connection.execute(f"CHECKPOINT {zone}")
    if log.exists() and log.stat().st_size:
        raise ZoneRefused(
            f"DuckDB kept a part of the {zone} zone in its log; the zone stays as it was.",
            next_step="Run the step again.",
        )
