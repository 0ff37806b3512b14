"""Deliveries, checked and loaded; then for each source an asset that says what came of it."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import dagster as dg

from contracts.asof import RAW
from contracts.tables import SOURCES
from contracts.zones import Zone
from pipelines.house import check, step
from pipelines.report import as_table, table_metadata
from pipelines.resources import AfloatHome

if TYPE_CHECKING:
    from linkage.ingest import DeliveryResult

SAYS = {
    "llpg": "Addresses and properties, from the council's gazetteer.",
    "area": "Census areas, neighbourhoods and deprivation, from open data.",
    "ctax": "Council tax accounts, named parties, discounts, recovery stages and support.",
    "rent": "Tenancies, weekly balances, actions and repayment agreements.",
    "hclic": "Homelessness applications, duties and placements.",
    "welfare": "Discretionary awards and applications.",
    "uc": "Universal Credit awards, elements and deductions, from the data share.",
    "shbe": "Housing Benefit claims.",
    "gp": "Registrations, registers, measures and prescriptions, pseudonymised by the sender.",
    "mh": "Mental health and talking therapies, pseudonymised by the sender.",
    "ecds": "Emergency attendances, calls and admissions, pseudonymised by the sender.",
    "hreg": "Applications to the housing register and who is on them.",
    "asc": "Adult social care events, people and safeguarding.",
    "cs": "Children's services: children, families, contacts, help, protection and care.",
    "school": "Pupils by census, attendance by term, suspensions and exclusions.",
    "bbadge": "Blue badges.",
    "asb": "Nuisance and environment cases, without anybody accused. Off unless a place says why.",
    "elect": "Electors, to corroborate where people live. Off unless a place says why.",
    "dwp_other": "Other awards that DWP told the council of.",
    "crosswalk": "References that a merged council issued in place of former ones.",
}


@step(
    group="extracts",
    kinds={"csv", "duckdb", "greatexpectations"},
    deps=("retention",),
    description=(
        "Every delivery in the landing folder: manifest, contract, then typed rows in the "
        "identity zone. A delivery that was loaded before changes nothing."
    ),
    check_specs=(
        check(
            "deliveries_accepted",
            "deliveries",
            "No delivery was refused. Blocking: mend it or take it out of the landing folder.",
            blocking=True,
        ),
    ),
)
def deliveries(
    context: dg.AssetExecutionContext, home: AfloatHome
) -> Iterator[dg.MaterializeResult[Any]]:
    """Load what lies in the landing folder."""
    from linkage.ingest import Outcome, ensure_raw, load_landing

    run = home.run(context)
    with run.write(Zone.IDENTITY) as con:
        ensure_raw(con)
        result = load_landing(
            con,
            place=run.place,
            landing=run.workspace.landing,
            today=datetime.now(tz=UTC).date(),
            progress=lambda done, total, one: _told(context, done, total, one),
        )
        metadata = table_metadata(con, RAW, ["delivery", "quarantine"])
    context.log.info(result.summary)
    refused = result.of(Outcome.REFUSED)
    yield dg.MaterializeResult(
        metadata=metadata | {"summary": result.summary},
        check_results=[
            dg.AssetCheckResult(
                check_name="deliveries_accepted",
                passed=not refused,
                metadata={
                    "refused": as_table(
                        [{"delivery": one.folder, "why": one.message} for one in refused]
                    )
                },
            )
        ],
    )


def _told(context: dg.AssetExecutionContext, done: int, total: int, one: "DeliveryResult") -> None:
    """Every tenth delivery, and each that somebody has to look at."""
    if one.faults or one.outcome.value == "refused":
        context.log.warning(one.message)
    elif done % 10 == 0 or done == total:
        context.log.info("%s of %s deliveries", done, total)


def _extract(source: str) -> dg.AssetsDefinition:
    tables = [table.name for table in SOURCES[source]]

    @step(
        name=source,
        group="extracts",
        kinds={"duckdb", "greatexpectations"},
        deps=("deliveries",),
        description=SAYS[source],
        check_specs=(
            check(
                "contract",
                source,
                "Rows keep to the declared contract; those that do not are in quarantine.",
                blocking=False,
            ),
            check(
                "like_before",
                source,
                "The newest delivery of each table is like some part of the year before it.",
                blocking=False,
            ),
        ),
    )
    def extract(
        context: dg.AssetExecutionContext, home: AfloatHome
    ) -> Iterator[dg.MaterializeResult[Any]]:
        from linkage.ingest import contract_results
        from linkage.ingest.figures import quarantined_rows
        from linkage.quality.docs import examples_of, source_docs, write_page

        run = home.run(context)
        with run.read(Zone.IDENTITY) as con:
            found = [one for table in tables for one in contract_results(con, table)]
            rows = examples_of(con, found)
            docs = None
            if source in run.place.sources:
                docs = source_docs(con, place=run.place, source=source, month=run.month)
            metadata = table_metadata(con, RAW, tables)
            quarantined = quarantined_rows(con, tables)
        broken = [
            asdict(one) | {"first rows": str(rows[one.delivery_id, one.column_name, one.rule])}
            for one in found
            if not one.passed
        ]
        if docs is not None:
            page = write_page(docs, place=run.place, folder=run.folder)
            metadata["page for the data's owner"] = dg.MetadataValue.path(str(page))
        drift = docs.drift if docs is not None else ()
        yield dg.MaterializeResult(
            metadata=metadata
            | {
                "in the place's settings": source in run.place.sources,
                "rows in quarantine": as_table(
                    [{"table": table, "rows": rows} for table, rows in quarantined.items()]
                ),
            },
            check_results=[
                dg.AssetCheckResult(
                    check_name="contract",
                    passed=not broken,
                    severity=dg.AssetCheckSeverity.WARN,
                    metadata={
                        "expectations": len(found),
                        "not met": as_table(broken),
                    },
                ),
                dg.AssetCheckResult(
                    check_name="like_before",
                    passed=not drift,
                    severity=dg.AssetCheckSeverity.WARN,
                    metadata={"unlike": as_table([asdict(one) for one in drift])},
                ),
            ],
        )

    return extract


extracts = [_extract(source) for source in SOURCES]
