"""People and households."""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from contracts.tables import SOURCES
from pipelines.house import check, step
from pipelines.pictures import bars
from pipelines.report import as_picture, as_table, single, table_metadata
from pipelines.resources import AfloatHome

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

    run = home.run(context)
    with run.write() as con:
        link_people(
            con,
            place=run.place,
            month=run.month,
            seed=run.place.training.seed,
            progress=context.log.info,
        )
        rates = con.sql(
            f"SELECT source, records, linked, share, mean_confidence FROM {run.schema}.match_rate "
            "WHERE group_kind = 'all' ORDER BY source"
        ).pl()
        doubled = single(
            con,
            "SELECT count(*) FROM (SELECT source, local_id FROM "
            f"{run.schema}.person_link GROUP BY ALL HAVING count(DISTINCT person_id) > 1)",
        )
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

    run = home.run(context)
    key_file = run.workspace.keys / "pseudonym.key"
    with run.write() as con:
        build_households(
            con,
            place=run.place,
            month=run.month,
            pseudonym_key=key_file.read_bytes() if key_file.exists() else None,
            progress=context.log.info,
        )
        kinds = con.sql(
            f"SELECT hh_kind, tenure, count(*) AS households FROM {run.schema}.household_snapshot "
            f"WHERE snapshot_date = DATE '{run.month}' GROUP BY ALL ORDER BY ALL"
        ).pl()
        doubled = single(
            con,
            f"SELECT count(*) FROM (SELECT snapshot_date, person_id FROM "
            f"{run.schema}.household_member WHERE share IS DISTINCT FROM 'secondary' "
            "GROUP BY ALL HAVING count(DISTINCT household_id) > 1)",
        )
        metadata = table_metadata(
            con,
            run.schema,
            ["household_snapshot", "household_member", "household_event", "dwelling"],
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
