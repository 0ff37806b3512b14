"""Features through a function on Spark's workers."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import pyarrow as pa

from contracts.engines import EngineSettings
from features.made import FEATURE
from features.mapped import BatchFunction
from features.spark.lake import check_classes, opened_lake
from features.spark.session import opened


def mapped_on_spark(
    con: duckdb.DuckDBPyConnection,
    sql: str,
    *,
    engine: EngineSettings,
    names: Sequence[str],
    function: BatchFunction,
    schema: pa.Schema,
) -> pa.Table:
    """What a function makes of a ``SELECT`` of features, in order of household.

    Args:
        con: The modelling zone.
        sql: The ``SELECT``, in DuckDB's words; DuckDB runs it.
        engine: The place's engine.
        names: The features in it.
        function: Batches to batches.
        schema: Columns of its result, ``household_id`` among them.
    """
    check_classes([(FEATURE, name) for name in names], engine)
    with opened_lake(con, engine) as lake:
        source = lake / "to_map.parquet"
        con.execute(f"COPY ({sql}) TO '{source}' (FORMAT parquet)")
        with opened(engine, lake) as spark:
            spark.read("to_map", source)
            spark.mapped("mapped", "to_map", function=function, schema=schema)
        made = con.sql(f"FROM read_parquet('{spark.files('mapped')}') ORDER BY household_id")
        return made.to_arrow_table().cast(schema)
