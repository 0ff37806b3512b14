"""Features and labels as of each month end."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import dagster as dg

from contracts.register import require_in_force
from contracts.zones import Zone
from features.hunted import HUNTED
from pipelines.house import check, step
from pipelines.pictures import lines
from pipelines.report import as_picture, as_table, table_metadata
from pipelines.resources import AfloatHome, refusals


@step(
    group="features",
    kinds={"duckdb"},
    deps=("crossing",),
    description=(
        "What was known of each household at each month end, and nothing later. The catalogue in "
        "docs/reference says what each column means and whether it may be shown. Hunters then look "
        "for what no feature can honestly have known."
    ),
    check_specs=[
        check(
            name,
            "features",
            f"{hunted.says} {'Blocking.' if hunted.certain else 'A warning, for a person to see.'}",
            blocking=hunted.certain,
        )
        for name, hunted in HUNTED.items()
    ],
)
def features(
    context: dg.AssetExecutionContext, home: AfloatHome
) -> Iterator[dg.MaterializeResult[Any]]:
    """Write ``feature``."""
    from features.build import build_features
    from features.hunters import hunt
    from features.missing import source_states

    run = home.run(context)
    with refusals():
        require_in_force(run.place, today=datetime.now(tz=UTC).date(), step="features")
    with run.write(Zone.MODELLING) as con:
        build_features(con, place=run.place, month=run.month, progress=context.log.info)
        leaks = hunt(con, place=run.place, month=run.month)
        metadata = table_metadata(con, run.schema, ["feature"])
        states = source_states(con, place=run.place, month=run.month)
    metadata["what each source can say"] = as_table(states.to_dicts())
    yield dg.MaterializeResult(
        metadata=metadata,
        check_results=[
            _hunted(name, [leak.says for leak in leaks if leak.hunter == name]) for name in HUNTED
        ],
    )


def _hunted(name: str, found: list[str]) -> dg.AssetCheckResult:
    hunted = HUNTED[name]
    return dg.AssetCheckResult(
        check_name=name,
        passed=not found,
        severity=dg.AssetCheckSeverity.ERROR if hunted.certain else dg.AssetCheckSeverity.WARN,
        metadata={"found": found, "what to do": hunted.next_step if found else "nothing"},
    )


@step(
    group="features",
    kinds={"duckdb"},
    deps=("crossing",),
    description=(
        "Which households needed crisis help after each month end, beyond a gap of 28 days; "
        "unknown where the time is not over or the household left."
    ),
)
def labels(context: dg.AssetExecutionContext, home: AfloatHome) -> dg.MaterializeResult[Any]:
    """Write ``label``."""
    from features.figures import events_by_outcome, events_over_time
    from features.labels import build_labels

    run = home.run(context)
    with refusals():
        require_in_force(run.place, today=datetime.now(tz=UTC).date(), step="labels")
    with run.write(Zone.MODELLING) as con:
        build_labels(con, place=run.place, month=run.month)
        rates = events_over_time(con, run.month)
        totals = events_by_outcome(con, run.month)
        metadata = table_metadata(con, run.schema, ["label"])
    metadata["by outcome"] = as_table(totals.to_dicts())
    metadata["events over time"] = as_picture(
        lines(
            rates,
            x="snapshot_date",
            y="of_every_100",
            colour="outcome",
            title="Households of every 100 with an event in the six months that follow",
        ),
        "Events of every 100 households over time, by outcome",
    )
    return dg.MaterializeResult(metadata=metadata)
