"""Households in parts, as a distributed engine counts them, against one pass over all of them."""

from __future__ import annotations

import polars as pl
import pyarrow as pa

from features.build import build_features
from features.finished import finished_sql
from features.plan import Plan
from features.spark.build import entries_sql, neighbours_sql, rows_sql, stretch_sql
from features.spark.counting import count_part, counted_schema
from features.timeline import prepared, timeline
from tests.unit.features.handmade import INDEX, northmere
from tests.unit.features.invented import invented

PLACE = northmere(history_months=6)
LINE = timeline(PLACE, INDEX)


def test_households_in_parts_have_the_features_of_one_pass() -> None:
    made, plan, parts = invented(4, history_months=6), Plan(PLACE), 4
    con = made.connect()
    build_features(con, place=PLACE, month=INDEX)
    whole = con.sql(f"FROM {made.schema}.feature ORDER BY snapshot_date, household_id").pl()
    with prepared(con, LINE):
        con.execute(f"CREATE TEMP TABLE entry AS {entries_sql(plan, LINE, parts=parts)}")
        con.execute(f"CREATE TEMP TABLE block_row AS {rows_sql(plan, LINE)}")
        counted = []
        for part in range(parts):
            entries, rows = (
                con.sql(f"FROM {name} WHERE part = {part} ORDER BY hash(part, key)")
                for name in ("entry", "block_row")
            )
            table = count_part(
                entries.to_arrow_table(), rows.to_arrow_table(), plan=plan, line=LINE
            )
            counted.append(pl.DataFrame(table))
        con.register("counted", pl.concat(counted).to_arrow())
        con.execute(f"CREATE TEMP TABLE stretch AS {stretch_sql(LINE)}")
        con.execute(f"CREATE TEMP TABLE neighbour_total AS {neighbours_sql(plan)}")
        found = con.sql(f"{finished_sql(plan, LINE)} ORDER BY snapshot_date, household_id").pl()
        con.unregister("counted")
    assert found.equals(whole)


def test_a_part_of_nobody_has_no_values() -> None:
    ints = dict.fromkeys(("attach", "key", "k", "household_id"), pa.array([], pa.int64()))
    none = pa.table({"block": pa.array([], pa.int64())})
    empty = count_part(pa.table(ints), none, plan=Plan(PLACE), line=LINE)
    assert (empty.num_rows, empty.schema) == (0, counted_schema(Plan(PLACE)))
