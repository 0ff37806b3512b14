"""People and households."""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from contracts.tables import SOURCES
from contracts.zones import Zone
from pipelines.house import check, step
from pipelines.pictures import bars
from pipelines.report import as_picture, as_table, table_metadata
from pipelines.resources import AfloatHome, refusals

_IDENTITY_SOURCES = ("ctax", "rent", "hclic", "welfare", "uc", "shbe")


@step(
    group="linkage",
    kinds={"duckdb", "splink"},
    deps=(*_IDENTITY_SOURCES, "llpg", "legal_register"),
    description=(
        "Who is who across sources: exact keys first, then Splink, then the rules that keep two "
        "members of one household apart."
    ),
    check_specs=(
        check(
            "every_record_has_a_person",
            "people",
            "Each identity record belongs to exactly one person. Blocking.",
            blocking=True,
        ),
    ),
)
def people(
    context: dg.AssetExecutionContext, home: AfloatHome
) -> Iterator[dg.MaterializeResult[Any]]:
    """Write ``person_link`` and its companions."""
    from linkage.people import link_people
    from linkage.people.figures import match_rate_by_source, records_of_two_people

    run = home.run(context)
    with run.write(Zone.IDENTITY) as con:
        link_people(
            con,
            place=run.place,
            month=run.month,
            seed=run.place.training.seed,
            id_key=run.workspace.id_key(),
            progress=context.log.info,
        )
        rates = match_rate_by_source(con, run.month)
        doubled = records_of_two_people(con, run.month)
        metadata = table_metadata(con, run.schema, ["person_link", "person", "match_rate"])
    metadata["match rate by source"] = as_table(rates.to_dicts())
    metadata["match rate"] = as_picture(
        bars(rates, label="source", value="share", title="Records joined to another source"),
        "Share of each source's records that were joined to another source",
    )
    yield dg.MaterializeResult(
        metadata=metadata,
        check_results=[
            dg.AssetCheckResult(
                check_name="every_record_has_a_person",
                passed=doubled == 0,
            )
        ],
    )


@step(
    group="linkage",
    kinds={"duckdb"},
    deps=("people", *SOURCES),
    description=(
        "Who lives with whom at each month end, from dated evidence of residency as it was known "
        "then; dwellings with several households are split or marked."
    ),
    check_specs=(
        check(
            "one_household_at_a_time",
            "households",
            "Nobody's main home is in two households at one month end. Blocking.",
            blocking=True,
        ),
    ),
)
def households(
    context: dg.AssetExecutionContext, home: AfloatHome
) -> Iterator[dg.MaterializeResult[Any]]:
    """Write ``household_snapshot``, ``household_member`` and their companions."""
    from linkage.households import build_households
    from linkage.households.figures import households_by_kind, people_of_two_households

    run = home.run(context)
    key_file = run.workspace.keys / "pseudonym.key"
    with run.write(Zone.IDENTITY) as con:
        build_households(
            con,
            place=run.place,
            month=run.month,
            pseudonym_key=key_file.read_bytes() if key_file.exists() else None,
            id_key=run.workspace.id_key(),
            progress=context.log.info,
        )
        kinds = households_by_kind(con, run.month)
        doubled = people_of_two_households(con, run.month)
        metadata = table_metadata(
            con,
            run.schema,
            [
                "household_snapshot",
                "household_member",
                "household_event",
                "residency_spell",
                "dwelling",
            ],
        )
    metadata["households at the release month"] = as_table(kinds.to_dicts())
    yield dg.MaterializeResult(
        metadata=metadata,
        check_results=[
            dg.AssetCheckResult(
                check_name="one_household_at_a_time",
                passed=doubled == 0,
            )
        ],
    )


@step(
    group="linkage",
    kinds={"duckdb"},
    deps=("households", "people", *SOURCES),
    description=(
        "Carries the month to the modelling and audit zones, by the class of each column: no name, "
        "address, date of birth or local key leaves the identity zone."
    ),
)
def crossing(context: dg.AssetExecutionContext, home: AfloatHome) -> dg.MaterializeResult[Any]:
    """Write the modelling zone's copies, and the audit zone's."""
    from linkage.crossing import cross_month, numbers_salt
    from linkage.crossing import crossing as opened

    run = home.run(context)
    with refusals(), opened(run.warehouse) as con:
        report = cross_month(
            con,
            month=run.month,
            salt=numbers_salt(run.warehouse, run.month),
            progress=context.log.info,
        )
    with run.read(Zone.MODELLING) as con:
        metadata = table_metadata(con, run.schema, ["household_snapshot"])
    metadata["rows"] = as_table(
        [
            {"zone": str(zone), "table": name, "rows": rows}
            for zone, tables in report.rows.items()
            for name, rows in tables.items()
        ]
    )
    return dg.MaterializeResult(metadata=metadata)
