"""Features on Spark: the same SQL and the same functions, over parts of the households.

Which keys reach which household, and the rows of every block, are each one statement. Spark brings
together what belongs to a part; the kernel counts it there. What neighbours have and the finished
features are SQL again.
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from contracts.place import Place
from features.blocks import BEFORE, BLOCKS
from features.catalogue import CATALOGUE
from features.finished import finished_sql
from features.known import reach_sql
from features.neighbours import totals_sql
from features.plan import Plan
from features.reading import Reading
from features.spark.counting import OWN, attach_number, counted_schema, counter
from features.spark.lake import export, opened_lake
from features.spark.session import Spark, opened
from features.stretches import SAID
from features.timeline import Progress, Timeline


def computed_on_spark(
    con: duckdb.DuckDBPyConnection,
    plan: Plan,
    line: Timeline,
    *,
    place: Place,
    progress: Progress | None = None,
) -> Iterator[str]:
    """A ``SELECT`` of all finished features; it can be read until the next is asked for.

    Args:
        con: The modelling zone, prepared for the snapshots.
        plan: Which features the place can have.
        line: The snapshots.
        place: The place.
        progress: Told of each stage.
    """
    settings = place.engine
    with opened_lake(con, settings) as lake:
        files = export(con, lake, plan=plan, line=line, settings=settings)
        with opened(settings, lake) as spark:
            for name, path in files.items():
                spark.read(name, path)
            for stage in stages(spark, plan, line, place=place):
                if progress is not None:
                    progress(f"Features on Spark: {stage}")
            names = ", ".join(["household_id", "snapshot_date", *(f.name for f in CATALOGUE)])
            yield f"SELECT {names} FROM read_parquet('{spark.files('feature')}')"


def stages(spark: Spark, plan: Plan, line: Timeline, *, place: Place) -> Iterator[str]:
    """Compute one table after the other; the name of each once it is there."""
    spark.table("entry", entries_sql(plan, line, parts=place.engine.parts))
    yield "entry"
    spark.view("block_row", rows_sql(plan, line))
    spark.grouped(
        "counted",
        ("entry", "block_row"),
        by="part",
        function=counter(place, line),
        schema=counted_schema(plan),
    )
    yield "counted"
    spark.view("stretch", stretch_sql(line))
    spark.table("neighbour_total", neighbours_sql(plan))
    yield "neighbour_total"
    spark.table("feature", finished_sql(plan, line))
    yield "feature"


def entries_sql(plan: Plan, line: Timeline, *, parts: int) -> str:
    """Which key reaches which household when, and each household's own lines."""
    attaches = dict.fromkeys(BLOCKS[name].attach for name in plan.blocks if name in BLOCKS)
    ways = [
        f"SELECT {OWN} AS attach, key, k, household_id FROM ({_own_sql(line)})",
        *(
            f"SELECT {attach_number(attach)} AS attach, key, k, household_id "
            f"FROM ({reach_sql(attach, schema=line.schema)})"
            for attach in attaches
        ),
    ]
    return (
        f"SELECT DISTINCT abs(household_id % {parts}) AS part, attach, key, k, household_id "
        f"FROM ({' UNION ALL '.join(ways)})"
    )


def rows_sql(plan: Plan, line: Timeline) -> str:
    """The rows of every block, each in the parts that its key reaches."""
    blocks = []
    for at, name in enumerate(plan.blocks):
        reading = Reading(name, plan.measures(name))
        own = name == BEFORE
        sql = reading.own_sql(f"({_own_sql(line)})") if own else reading.rows_sql(line)
        attach = OWN if own else attach_number(BLOCKS[name].attach)
        n, m = (
            ", ".join(f"{stem}{nth}" for nth in range(len(of)))
            for stem, of in (("n", reading.numbers), ("m", reading.months))
        )
        blocks.append(
            f"SELECT {at} AS block, {attach} AS attach, key, known_day, gone_day, event_day, "
            f"CAST([{n}] AS DOUBLE[]) AS n, CAST([{m}] AS INTEGER[]) AS m FROM ({sql})"
        )
    return f"""
        SELECT e.in_part AS part, r.block, r.key, r.known_day, r.gone_day, r.event_day, r.n, r.m
        FROM ({" UNION ALL ".join(blocks)}) r
        JOIN (SELECT DISTINCT part AS in_part, attach, key FROM entry) e
          ON e.attach = r.attach AND e.key = r.key"""


def stretch_sql(line: Timeline) -> str:
    """Each household and snapshot: what is said of it and every value that was counted."""
    return f"""
        SELECT s.*, v.* EXCLUDE (household_id, k)
        FROM ({_own_sql(line)}) s JOIN counted v ON v.household_id = s.household_id AND v.k = s.k"""


def neighbours_sql(plan: Plan) -> str:
    """What is counted of each area's households."""
    return f"SELECT lsoa21, k{totals_sql(plan.near)} FROM stretch v GROUP BY lsoa21, k"


def _own_sql(line: Timeline) -> str:
    columns = ", ".join(f"s.{name}" for name in SAID)
    return f"""
        SELECT s.household_id, s.household_id AS key, s.snapshot_date, c.k, {columns}
        FROM {line.schema}.household_snapshot s
        JOIN snapshot_month c ON c.snapshot_date = s.snapshot_date"""
