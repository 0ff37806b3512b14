"""The one way to open a place's DuckDB file.

DuckDB takes one writing process at a time, and a lock can survive an exception when a connection is
not closed: so connections are only had inside a ``with``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from contracts.errors import DataMissing
from contracts.months import month_key


def month_schema(month: date) -> str:
    """Name of the schema that holds what was made for a release month, such as ``m2026_10``."""
    return "m" + month_key(month).replace("-", "_")


@dataclass(frozen=True, kw_only=True)
class Warehouse:
    """A place's DuckDB file.

    Attributes:
        path: The file.
        threads: Threads that DuckDB may use.
    """

    path: Path
    threads: int = 2

    @contextmanager
    def write(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection that may write; made where it is missing."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self._open(read_only=False) as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection that can only read.

        Raises:
            DataMissing: If nothing was loaded yet.
        """
        if not self.path.exists():
            raise DataMissing(
                "This place has no warehouse yet.", next_step="Load its deliveries first."
            )
        with self._open(read_only=True) as connection:
            yield connection

    @contextmanager
    def _open(self, *, read_only: bool) -> Iterator[duckdb.DuckDBPyConnection]:
        connection = duckdb.connect(
            str(self.path),
            read_only=read_only,
            config={"threads": self.threads, "enable_external_access": True},
        )
        try:
            yield connection
        finally:
            connection.close()
