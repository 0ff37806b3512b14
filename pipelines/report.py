"""What an asset says about the tables it made: row counts, schema, small pictures.

Values never go in: only names of columns, counts, and drawings of totals.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any

import dagster as dg
import duckdb


def table_metadata(
    con: duckdb.DuckDBPyConnection, schema: str, tables: Sequence[str]
) -> dict[str, Any]:
    """Row count and schema of the first table, and a row count of each of the others."""
    counts = {table: count_rows(con, schema, table) for table in tables}
    first = tables[0]
    columns = con.execute(f"DESCRIBE {schema}.{first}").fetchall()
    metadata: dict[str, Any] = {
        "dagster/row_count": counts[first],
        "dagster/column_schema": dg.TableSchema(
            columns=[dg.TableColumn(name=str(row[0]), type=str(row[1])) for row in columns]
        ),
        "table": f"{schema}.{first}",
    }
    metadata |= {f"rows in {table}": rows for table, rows in counts.items() if table != first}
    return metadata


def count_rows(con: duckdb.DuckDBPyConnection, schema: str, table: str) -> int:
    """Rows of a table."""
    # All rows are fetched: a result that is not read to its end blocks the connection.
    return int(con.execute(f"SELECT count(*) FROM {schema}.{table}").fetchall()[0][0])


def as_table(rows: Sequence[Mapping[str, Any]]) -> dg.MetadataValue[Any]:
    """Rows of totals as a table in Dagster's pages; numbers rounded, blanks as dashes."""
    if not rows:
        return dg.MetadataValue.text("none")
    records = [dg.TableRecord({name: _cell(v) for name, v in row.items()}) for row in rows]
    return dg.MetadataValue.table(records)


def as_picture(svg: str, alt: str) -> dg.MarkdownMetadataValue:
    """An SVG drawing, shown in Dagster's pages."""
    data = base64.b64encode(svg.encode()).decode()
    return dg.MetadataValue.md(f"![{alt}](data:image/svg+xml;base64,{data})")


def _cell(value: Any) -> str | int | float | bool:
    if value is None:
        return "-"
    if isinstance(value, float):
        return round(value, 4)
    return value if isinstance(value, str | int | bool) else str(value)
