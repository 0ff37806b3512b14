"""Duties to the data held: retention before anything else, the legal register, changes of level."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import dagster as dg

from contracts.made.rights import RIGHTS
from contracts.tables import SOURCES
from contracts.zones import Zone
from pipelines.house import check, step
from pipelines.report import as_table, table_metadata
from pipelines.resources import AfloatHome, refusals


@step(
    group="extracts",
    kinds={"duckdb", "html"},
    deps=(),
    description=(
        "Deletes deliveries that may no longer be held, with what was made from them, before "
        "anything is loaded, and writes a certificate. Where nothing is due, it changes nothing."
    ),
)
def retention(context: dg.AssetExecutionContext, home: AfloatHome) -> dg.MaterializeResult[Any]:
    """Apply retention and write certificates."""
    from linkage.rights.retention import apply_retention, certificates_of

    run = home.run(context)
    with refusals():
        written = apply_retention(
            run.warehouse,
            place=run.place,
            today=datetime.now(tz=UTC).date(),
            certificates=certificates_of(run.workspace),
            landing=run.workspace.landing,
        )
    with run.read(Zone.IDENTITY) as con:
        metadata = table_metadata(con, RIGHTS, ["deletion", "deletion_also"])
    for path in written:
        context.log.warning("certificate of deletion %s", path.stem)
    return dg.MaterializeResult(
        metadata=metadata | {"certificates written": [path.name for path in written]}
    )


@step(
    group="extracts",
    kinds={"html", "duckdb"},
    deps=("deliveries",),
    description=(
        "Under what each source is held, for which purpose, until when and by whom, beside what is "
        "held: a table, and a page that governance can read."
    ),
    check_specs=(
        check(
            "register_in_force",
            "legal_register",
            "Every source of the place has an entry that lacks nothing and has not run out. "
            "Blocking: renew it, or set the source absent.",
            blocking=True,
        ),
    ),
)
def legal_register(
    context: dg.AssetExecutionContext, home: AfloatHome
) -> Iterator[dg.MaterializeResult[Any]]:
    """Write ``legal_register`` and its page."""
    from linkage.rights.register import register_lines, register_table, write_register
    from linkage.store import replace_tables

    run, today = home.run(context), datetime.now(tz=UTC).date()
    with run.write(Zone.IDENTITY) as con:
        lines = register_lines(con, place=run.place, today=today)
        replace_tables(con, run.month, {"legal_register": register_table(lines)})
        metadata = table_metadata(con, run.schema, ["legal_register"])
    page = write_register(lines, place=run.place, today=today, folder=run.folder)
    faults = [fault for line in lines if not line.absent for fault in line.faults]
    yield dg.MaterializeResult(
        metadata=metadata | {"page": dg.MetadataValue.path(str(page))},
        check_results=[
            dg.AssetCheckResult(
                check_name="register_in_force",
                passed=not faults,
                metadata={"to mend": as_table([{"setting": fault} for fault in faults])},
            )
        ],
    )


@step(
    group="extracts",
    kinds={"duckdb"},
    deps=tuple(SOURCES),
    description=(
        "What each source records by month, and where its level changes by more than 30% beyond "
        "chance and season. What the policy calendar does not explain stops training."
    ),
    check_specs=(
        check(
            "every_change_is_explained",
            "level_changes",
            "No source changes its level in a month that the policy calendar does not list. "
            "Blocking: nothing is trained across it.",
            blocking=True,
        ),
    ),
)
def level_changes(
    context: dg.AssetExecutionContext, home: AfloatHome
) -> Iterator[dg.MaterializeResult[Any]]:
    """Write ``level_change`` and ``training-stop.json``."""
    from contracts.training_stop import write_stops
    from linkage.quality.levels import level_shifts
    from linkage.quality.stops import shifts_table, stops_of
    from linkage.store import replace_tables

    run = home.run(context)
    with run.write(Zone.IDENTITY) as con:
        found = level_shifts(con, place=run.place, month=run.month)
        replace_tables(con, run.month, {"level_change": shifts_table(found)})
        metadata = table_metadata(con, run.schema, ["level_change"])
    stops = stops_of(found)
    write_stops(run.folder, stops)
    yield dg.MaterializeResult(
        metadata=metadata
        | {
            "explained": as_table(
                [{"change": str(one), "by": one.explained} for one in found if one.explained]
            )
        },
        check_results=[
            dg.AssetCheckResult(
                check_name="every_change_is_explained",
                passed=not stops,
                metadata={"not explained": as_table([{"change": one.says} for one in stops])},
            )
        ],
    )
