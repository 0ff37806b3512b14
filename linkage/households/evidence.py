"""Evidence of who was where: every stay that a source tells of, with when it was known.

``presence`` also holds what tells of a person but of no address (an open homelessness case, a claim
without a matched address), and the form (claim, tenancy, account, case) on which people stand
together. ``residency_evidence`` is the part of it that names a home.

A stay has ``seen_to`` empty while its source says that it goes on. Where ``stale_days`` is 0,
``seen_to`` is the day it ended; else it is the day on which it was last confirmed.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from linkage.households.benefits import BENEFITS
from linkage.households.changes import have_all
from linkage.households.claims import make_runs
from linkage.households.corroboration import CORROBORATION
from linkage.households.council import COUNCIL
from linkage.households.timeline import drop, temp
from linkage.households.told import Evidence, told_sql
from linkage.households.weights import SHORT_DAYS, YOUNG_FROM, YOUNG_TO, weights_sql

EVIDENCE: tuple[Evidence, ...] = (*COUNCIL, *BENEFITS, *CORROBORATION)

_NOTHING = """
    SELECT 'x' AS local_id, 'x' AS form, 'LEAD' AS part, NULL::BIGINT AS uprn, 'x' AS role,
           NULL::DATE AS seen_from, NULL::DATE AS seen_to, false AS ended,
           NULL::DATE AS known_from, NULL::DATE AS known_to, NULL::VARCHAR AS tenure,
           NULL::INTEGER AS tenure_rank, 'x' AS source WHERE false"""


def sources_there(there: frozenset[str]) -> tuple[str, ...]:
    """Sources of which there are tables, in the order of :data:`EVIDENCE`."""
    return tuple(dict.fromkeys(e.source for e in EVIDENCE if have_all(e.needs, there)))


def make_presence(
    con: duckdb.DuckDBPyConnection,
    links: str,
    people: str,
    there: frozenset[str],
    linked: frozenset[str],
) -> None:
    """Make ``presence``: every stay and every form, for each version that was ever known.

    Args:
        con: Warehouse with the ``raw`` tables.
        links: The table ``person_link``.
        people: The table ``person``, for evidence whose strength goes by age.
        there: Tables that the warehouse holds.
        linked: Sources of which ``person_link`` knows records; others tell of nobody.
    """
    telling = [e for e in EVIDENCE if e.source in linked and have_all(e.needs, there)]
    claims = [each.claim for each in telling if each.claim is not None]
    for claim in claims:
        make_runs(con, claim)
    temp(con, "presence", _presence_sql(links, people, telling))
    drop(con, ["claim_name", *(claim.runs for claim in claims)])


def _presence_sql(links: str, people: str, telling: Sequence[Evidence]) -> str:
    told = " UNION ALL BY NAME ".join(
        [_NOTHING]
        + [f"SELECT *, '{each.source}' AS source FROM ({each.told()})" for each in telling]
    )
    return f"""
        SELECT l.person_id, t.form, t.part, t.uprn, t.seen_from, t.seen_to, t.source, t.role,
               weight.strength, CASE WHEN t.ended THEN 0 ELSE weight.stale END AS stale_days,
               t.known_from, t.known_to,
               {told_sql("t.tenure_rank", "t.tenure", "t.source")} AS told,
               CASE WHEN weight.until_age IS NOT NULL
                    THEN {birthday("n.birth_ym", "weight.until_age")} END AS believed_until,
               CASE WHEN weight.young IS NOT NULL THEN weight.young END AS young,
               CASE WHEN weight.young IS NOT NULL THEN {birthday("n.birth_ym", str(YOUNG_FROM))} END
               AS young_from,
               CASE WHEN weight.young IS NOT NULL THEN {birthday("n.birth_ym", str(YOUNG_TO))} END
               AS young_to
        FROM ({told}) t JOIN {weights_sql()} ON weight.role = t.role
        JOIN {links} l ON l.source = t.source AND l.local_id = t.local_id
        JOIN {people} n ON n.person_id = l.person_id
        WHERE NOT (t.ended AND NOT weight.short AND t.uprn IS NOT NULL
                   AND t.seen_to - t.seen_from < {SHORT_DAYS})"""


def birthday(birth_ym: str, years: str) -> str:
    """SQL: first day of the month in which somebody comes to an age."""
    return f"make_date({birth_ym} // 100 + {years}, {birth_ym} % 100, 1)"
