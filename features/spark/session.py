"""Spark behind four words: read, table, grouped and mapped.

Each result is Parquet in the lake and a view of the same name, so that a stage is computed once and
whoever comes next, on any engine, reads the same bytes.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from contracts.engines import EngineSettings
from contracts.errors import SettingsError
from features.mapped import BatchFunction

PartFunction = Callable[[pa.Table, pa.Table], pa.Table]
"""Two tables' rows of one part to that part's result."""

_ALWAYS = {
    "spark.sql.session.timeZone": "UTC",
    # What DuckDB refuses is refused here too: a cast that fails, a sum that overflows.
    "spark.sql.ansi.enabled": "true",
    # Parquet of few kinds of values is many times as large in memory: what looks small enough to
    # hand to every worker may not fit. The month ends are.
    "spark.sql.autoBroadcastJoinThreshold": "1MB",
    "spark.sql.parquet.compression.codec": "zstd",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}


@cache
def spark_sql(sql: str) -> str:
    """DuckDB's SQL in Spark's words; tables lose their schema, as views have none."""
    import sqlglot
    from sqlglot import exp

    tree = sqlglot.parse_one(sql, read="duckdb")
    for table in tree.find_all(exp.Table):
        table.set("db", None)
    return tree.sql(dialect="spark")


class Spark:
    """A session and the lake that its tables lie in."""

    def __init__(self, session: Any, lake: Path) -> None:
        self._session = session
        self.lake = lake

    def read(self, name: str, path: Path) -> None:
        """A view of a Parquet file."""
        # With its columns told, Spark needs no job of its own to look them up.
        columns = _types(pq.read_schema(path))
        self._session.read.schema(columns).parquet(str(path)).createOrReplaceTempView(name)

    def table(self, name: str, sql: str) -> None:
        """Compute a ``SELECT``, told in DuckDB's words."""
        self._keep(name, self._session.sql(spark_sql(sql)))

    def view(self, name: str, sql: str) -> None:
        """A name for a ``SELECT`` that is computed where it is used."""
        self._session.sql(spark_sql(sql)).createOrReplaceTempView(name)

    def grouped(
        self,
        name: str,
        tables: tuple[str, str],
        *,
        by: str,
        function: PartFunction,
        schema: pa.Schema,
    ) -> None:
        """Put two tables' rows together by a column, and each part through a function."""
        left, right = (self._session.table(table).groupBy(by) for table in tables)
        made = left.cogroup(right).applyInArrow(function, schema=_types(schema))
        self._keep(name, made)

    def mapped(self, name: str, source: str, *, function: BatchFunction, schema: pa.Schema) -> None:
        """Put a table's rows through a function, some at a time."""
        self._keep(name, self._session.table(source).mapInArrow(function, _types(schema)))

    def files(self, name: str) -> str:
        """Where DuckDB finds a table's rows."""
        return f"{self.lake / name}/*.parquet"

    def _keep(self, name: str, frame: Any) -> None:
        path = self.lake / name
        frame.write.mode("overwrite").parquet(str(path))
        self._session.read.schema(frame.schema).parquet(str(path)).createOrReplaceTempView(name)


def _types(schema: pa.Schema) -> Any:
    from pyspark.sql.pandas.types import from_arrow_schema

    return from_arrow_schema(schema, prefer_timestamp_ntz=True)


@contextmanager
def opened(settings: EngineSettings, lake: Path) -> Iterator[Spark]:
    """Spark by a place's settings; a session that was there before is used, and stays.

    Raises:
        SettingsError: If Spark or Java is not installed.
    """
    session_type = _library()
    # Its warning is of pandas, which nothing here goes through.
    warnings.filterwarnings("ignore", message="PySpark does not yet fully support pandas")
    # Workers run the interpreter that runs this, with what is installed beside it.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    running = session_type.getActiveSession()
    session = running or _started(session_type, settings)
    try:
        yield Spark(session, lake)
    finally:
        if running is None:
            session.stop()


def _library() -> Any:
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise SettingsError(
            "engine.name is spark, and Spark is not installed.",
            next_step="Install it (pip install 'afloat[spark]'), or choose duckdb.",
        ) from None
    return SparkSession


def _started(session_type: Any, settings: EngineSettings) -> Any:
    from pyspark.errors import PySparkRuntimeError

    builder = session_type.builder.appName("afloat").master(settings.master)
    for name, value in {**_ALWAYS, **settings.options}.items():
        builder = builder.config(name, value)
    try:
        session = builder.getOrCreate()
    except PySparkRuntimeError as error:
        raise SettingsError(
            f"Spark did not start ({error.getCondition()}).",
            next_step="Install Java 17 or later, and see that `java -version` says so.",
        ) from error
    # Its warnings speak of itself; what fails is an error.
    session.sparkContext.setLogLevel("ERROR")
    return session
