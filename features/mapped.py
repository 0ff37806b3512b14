"""Features of a month end as Arrow batches, through a function, on the engine a place chose.

What scores and explains is one function of batches, and this is the only way that it is called: in
this process over DuckDB's batches, or on Spark's workers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date

import duckdb
import pyarrow as pa

from contracts.engines import EngineSettings
from contracts.warehouse import month_schema

BatchFunction = Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]
"""Arrow batches to Arrow batches, each by itself."""

_ROWS = 50_000


def map_features(
    con: duckdb.DuckDBPyConnection,
    *,
    engine: EngineSettings,
    month: date,
    names: Sequence[str],
    function: BatchFunction,
    schema: pa.Schema,
) -> pa.Table:
    """What a function makes of every household's features at a month end.

    Args:
        con: The modelling zone, with the month's features.
        engine: Where the function runs.
        month: The month end; also the release month.
        names: The features, which come as single-precision numbers after ``household_id``.
        function: Batches to batches; it may run in another process, on some rows at a time.
        schema: Columns of its result, ``household_id`` among them.

    Returns:
        The results in order of household.
    """
    columns = ", ".join(f'CAST("{name}" AS FLOAT) AS "{name}"' for name in names)
    sql = (
        f"SELECT household_id, {columns} FROM {month_schema(month)}.feature "
        f"WHERE snapshot_date = DATE '{month}' ORDER BY household_id"
    )
    if engine.name == "spark":
        from features.spark.mapping import mapped_on_spark

        return mapped_on_spark(
            con, sql, engine=engine, names=names, function=function, schema=schema
        )
    reader = con.sql(sql).to_arrow_reader(_ROWS)
    return pa.Table.from_batches(function(reader), schema=schema)
