"""The equity audit and the board's report."""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from pipelines.house import check, step
from pipelines.report import as_table
from pipelines.resources import AfloatHome, refusals


@step(
    group="fairness",
    kinds={"numpy"},
    deps=("models", "selection", "crossing"),
    description=(
        "Link rate, reach, precision and calibration by group at the real list size, with ranges "
        "and a verdict for each check of the place's policy."
    ),
    check_specs=(
        check(
            "equity_policy",
            "equity_audit",
            "No check that the policy calls a stop was missed. The report is written either way, "
            "so that the board can read why.",
            blocking=False,
        ),
    ),
)
def equity_audit(
    context: dg.AssetExecutionContext, home: AfloatHome
) -> Iterator[dg.MaterializeResult[Any]]:
    """Write ``audit.json``."""
    from fairness import run_audit
    from linkage.crossing import for_audit

    run = home.run(context)
    with refusals(), for_audit(run.warehouse, run.month) as con:
        result = run_audit(con, place=run.place, month=run.month, folder=run.folder)
    yield dg.MaterializeResult(
        metadata={
            "outcome of the audit": result.overall,
            "verdicts": as_table(result.verdict_rows()),
        },
        check_results=[
            dg.AssetCheckResult(
                check_name="equity_policy",
                passed=result.overall != "failed",
                metadata={"outcome of the audit": result.overall},
            )
        ],
    )


@step(
    group="fairness",
    kinds={"html", "altair"},
    deps=("equity_audit",),
    description="The report that the board decides from: one self-contained page.",
)
def fairness_report(
    context: dg.AssetExecutionContext, home: AfloatHome
) -> dg.MaterializeResult[Any]:
    """Write ``fairness-report.html``."""
    from fairness import write_report
    from linkage.crossing import for_audit

    run = home.run(context)
    with refusals(), for_audit(run.warehouse, run.month) as con:
        path = write_report(con, place=run.place, month=run.month, folder=run.folder)
    return dg.MaterializeResult(metadata={"page": dg.MetadataValue.path(str(path))})
