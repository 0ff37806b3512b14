"""One asset for each source: its deliveries, checked against the contract and loaded."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import dagster as dg

from contracts.asof import RAW
from contracts.tables import SOURCES
from pipelines.house import check, step
from pipelines.report import as_table, count_rows, table_metadata
from pipelines.resources import AfloatHome

SAYS = {
    "llpg": "Addresses and properties, from the council's gazetteer.",
    "area": "Census areas, neighbourhoods and deprivation, from open data.",
    "ctax": "Council tax accounts, named parties, discounts, recovery stages and support.",
    "rent": "Tenancies, weekly balances, actions and repayment agreements.",
    "hclic": "Homelessness applications, duties and placements.",
    "welfare": "Discretionary awards and applications.",
    "uc": "Universal Credit awards, elements and deductions, from the data share.",
    "shbe": "Housing Benefit claims.",
    "gp": "Registrations, registers and prescriptions, pseudonymised by the sender.",
    "mh": "Mental health referrals, pseudonymised by the sender.",
    "ecds": "Emergency attendances, pseudonymised by the sender.",
}


def _extract(source: str) -> dg.AssetsDefinition:
    tables = [table.name for table in SOURCES[source]]

    @step(
        name=source,
        group="extracts",
        kinds={"csv", "duckdb", "greatexpectations"},
        deps=(),
        description=SAYS[source],
        check_specs=(
            check(
                "deliveries_accepted",
                source,
                "No delivery of this source was refused. Blocking.",
                blocking=True,
            ),
            check(
                "contract",
                source,
                "Rows keep to the declared contract; those that do not are in quarantine.",
                blocking=False,
            ),
        ),
    )
    def extract(
        context: dg.AssetExecutionContext, home: AfloatHome
    ) -> Iterator[dg.MaterializeResult[Any]]:
        from linkage.ingest import contract_results, ensure_raw, load_landing

        run = home.run(context)
        with run.write() as con:
            ensure_raw(con)
            result = load_landing(
                con,
                place=run.place,
                landing=run.workspace.landing,
                today=datetime.now(tz=UTC).date(),
                tables=tables,
                progress=context.log.info,
            )
            broken = [row for table in tables for row in contract_results(con, table)]
            metadata = table_metadata(con, RAW, tables)
            metadata["in the place's settings"] = source in run.place.sources
            quarantined = {
                table: count_rows(con, RAW, f"quarantine WHERE table_name = '{table}'")
                for table in tables
            }
        refused = [delivery for delivery in result.deliveries if delivery.refused]
        yield dg.MaterializeResult(
            metadata=metadata,
            check_results=[
                dg.AssetCheckResult(
                    check_name="deliveries_accepted",
                    passed=not refused,
                    metadata={"messages": [delivery.message for delivery in refused]},
                ),
                dg.AssetCheckResult(
                    check_name="contract",
                    passed=all(row["passed"] for row in broken),
                    severity=dg.AssetCheckSeverity.WARN,
                    metadata={
                        "expectations": as_table(broken),
                        "rows in quarantine": as_table(
                            [{"table": t, "rows": n} for t, n in quarantined.items()]
                        ),
                    },
                ),
            ],
        )

    return extract


extracts = [_extract(source) for source in SOURCES]
