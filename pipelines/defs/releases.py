"""The seal, and the lists that only an approved release can have."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import dagster as dg

from pipelines.house import check, step
from pipelines.resources import AfloatHome, refusals


@step(
    group="releases",
    kinds={"parquet"},
    deps=("fairness_report", "explanations", "scores"),
    description=(
        "Scores, selection, reasons, audit, model, policy and code in one folder, each with its "
        "fingerprint in a signed manifest. The board decides on this and nothing else."
    ),
    check_specs=(
        check("seal_holds", "release", "Every file matches the manifest. Blocking.", blocking=True),
        check(
            "audit_allows_a_list",
            "release",
            "The sealed audit did not fail. Blocking here; the gate verifies the sealed bytes "
            "again and does not believe this mark.",
            blocking=True,
        ),
    ),
)
def release(
    context: dg.AssetExecutionContext, home: AfloatHome
) -> Iterator[dg.MaterializeResult[Any]]:
    """Write ``releases/<id>``."""
    from linkage.crossing import for_release
    from releases import check_seal, seal_release

    run = home.run(context)
    with refusals(), for_release(run.warehouse, run.month) as con:
        sealed = seal_release(
            con,
            place=run.place,
            month=run.month,
            workspace=run.workspace,
            builder=home.builder,
        )
    yield dg.MaterializeResult(
        metadata={
            "release": sealed.release_id,
            "fingerprint": sealed.fingerprint,
            "next": f"afloat decide {sealed.release_id} --help",
        },
        check_results=[
            dg.AssetCheckResult(
                check_name="seal_holds", passed=not check_seal(sealed.folder), metadata={}
            ),
            dg.AssetCheckResult(
                check_name="audit_allows_a_list",
                passed=sealed.manifest.audit != "failed",
                metadata={"outcome of the audit": sealed.manifest.audit},
            ),
        ],
    )


@step(
    group="releases",
    kinds={"html", "csv"},
    deps=("release",),
    description=(
        "One list for each neighbourhood. Made from a release only after its seal and the board's "
        "signed decisions have been verified again, here; no other mark in Dagster counts."
    ),
)
def referral_lists(
    context: dg.AssetExecutionContext, home: AfloatHome
) -> dg.MaterializeResult[Any]:
    """Write ``outbox/<id>``."""
    from releases import approve_latest, write_lists

    run = home.run(context)
    with refusals():
        approved = approve_latest(
            run.workspace, place=run.place, month=run.month, today=datetime.now(tz=UTC).date()
        )
        paths = write_lists(approved, outbox=run.workspace.outbox)
    return dg.MaterializeResult(
        metadata={"release": approved.release_id, "files": len(paths)},
    )
