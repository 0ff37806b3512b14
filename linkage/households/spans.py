"""Evidence as ranges of month ends at which it speaks.

A stay speaks once it is known and begun, and until it has ended or grown stale. One that its source
still holds open is confirmed by the source's latest delivery.
"""

from __future__ import annotations

import duckdb

from contracts.asof import known_days_sql
from contracts.tables import SOURCES
from linkage.households.benefits import element_sql
from linkage.households.evidence import sources_there
from linkage.households.superseded import cut_short_sql, drop_superseded
from linkage.households.timeline import Snapshots, temp
from linkage.households.told import told_sql

# A building's successor may itself be succeeded, a few times.
_SUCCESSIONS = 3
# What a housing element tells of the tenure comes before what an account for council tax does.
_ELEMENT_RANK = 5
NO_CHILD, PLACED = 1 << 8, 1 << 9


def make_spans(con: duckdb.DuckDBPyConnection, snaps: Snapshots, there: frozenset[str]) -> None:
    """Make ``span``, of every person and form, and ``tenure_span``.

    Args:
        con: Warehouse with ``snapshots``, ``presence``, ``succeeded`` and ``dead_person``.
        snaps: The month ends.
        there: Tables that the warehouse holds.
    """
    temp(con, "fresh_run", _fresh_runs_sql(there))
    temp(con, "span", _spans_sql(snaps))
    _succeed(con)
    con.execute(_without_dead_sql())
    temp(con, "departed", _departed_sql(snaps))
    con.execute(_without_departed_sql())
    drop_superseded(con, snaps)
    temp(con, "tenure_span", _tenures_sql(snaps, there))


def _fresh_runs_sql(there: frozenset[str]) -> str:
    """Month ends at which a source was fresh enough for what it holds open to be believed."""
    days = " UNION ALL ".join(
        f"SELECT '{source}' AS source, known_from FROM ({known_days_sql(table.name)})"
        for source in sources_there(there)
        for table in SOURCES[source]
        if table.name in there
    )
    return f"""
        WITH fresh AS (
            SELECT s.k, s.snapshot_date, d.source, max(d.known_from) AS fresh
            FROM snapshots s JOIN ({days}) d ON d.known_from <= s.snapshot_date
            GROUP BY s.k, s.snapshot_date, d.source),
        believed AS (
            SELECT f.source, t.stale_days, f.k,
                   f.k - row_number() OVER (PARTITION BY f.source, t.stale_days ORDER BY f.k) AS run
            FROM fresh f JOIN (SELECT DISTINCT source, stale_days FROM presence) t
              ON t.source = f.source
            WHERE f.snapshot_date <= f.fresh + t.stale_days::INTEGER)
        SELECT source, stale_days, min(k) AS k_from, max(k) AS k_to
        FROM believed GROUP BY source, stale_days, run"""


# Evidence whose strength goes by age, parted at the ages where it changes.
_BY_AGE = """by_age AS (
            SELECT * EXCLUDE (young, young_from, young_to) FROM spoken WHERE young_from IS NULL
            UNION ALL BY NAME
            SELECT * EXCLUDE (young, young_from, young_to) REPLACE (
                       least(speaks_to, young_from - 1) AS speaks_to)
            FROM spoken WHERE young_from IS NOT NULL
            UNION ALL BY NAME
            SELECT * EXCLUDE (young, young_from, young_to) REPLACE (
                       young AS strength, greatest(speaks_from, young_from) AS speaks_from,
                       least(speaks_to, young_to - 1) AS speaks_to)
            FROM spoken WHERE young_from IS NOT NULL
            UNION ALL BY NAME
            SELECT * EXCLUDE (young, young_from, young_to) REPLACE (
                       greatest(speaks_from, young_to) AS speaks_from)
            FROM spoken WHERE young_from IS NOT NULL)"""


def _spans_sql(snaps: Snapshots) -> str:
    """When each stay speaks, in months; the strength of some goes by age."""
    first, last = snaps.first_from("speaks_from"), snaps.last_until("speaks_to")
    far = "DATE '9999-12-30'"
    return f"""
        WITH spoken AS (
            SELECT * EXCLUDE (believed_until, known_from, known_to),
                   greatest(known_from, seen_from) AS speaks_from,
                   least(coalesce(known_to - 1, {far}), coalesce(believed_until - 1, {far}),
                         coalesce(CASE WHEN stale_days = 0 THEN seen_to - 1
                                       ELSE seen_to + stale_days::INTEGER END, {far}))
                   AS speaks_to
            FROM presence),
        {_BY_AGE},
        numbered AS (
            SELECT *, {first} AS first_k, {last} AS last_k FROM by_age
            WHERE speaks_from <= least(speaks_to, DATE '{snaps.days[-1]}'))
        SELECT n.person_id, n.form, n.part, n.uprn, n.source, n.role, n.strength, n.seen_from,
               n.seen_to, n.told, {stands_sql("n.part", "n.source", "n.role")} AS stands,
               CASE WHEN n.seen_to IS NULL THEN greatest(n.first_k, f.k_from) ELSE n.first_k END
               ::INTEGER AS k_from,
               CASE WHEN n.seen_to IS NULL THEN least(n.last_k, f.k_to) ELSE n.last_k END
               ::INTEGER AS k_to
        FROM numbered n
        LEFT JOIN fresh_run f ON n.seen_to IS NULL AND f.source = n.source
                             AND f.stale_days = n.stale_days
                             AND f.k_from <= n.last_k AND f.k_to >= n.first_k
        WHERE n.first_k <= n.last_k AND (n.seen_to IS NOT NULL OR f.source IS NOT NULL)"""


def stands_sql(part: str, source: str, role: str) -> str:
    """SQL: how somebody stands on a form, as binary digits that are put together by ``bit_or``.

    The lowest digit that is set tells how strongly they stand for a household: tenancy (1),
    account, claim, case, others. Two more tell that they are no child on it, and are placed by it.
    """
    return f"""
        (1 << CASE WHEN {part} = 'LEAD' THEN
                       CASE {source} WHEN 'rent' THEN 1 WHEN 'ctax' THEN 2 WHEN 'uc' THEN 3
                            WHEN 'shbe' THEN 3 WHEN 'hclic' THEN 4 ELSE 6 END
                   WHEN {part} IN ('JOINT', 'PARTNER') THEN 5 ELSE 7 END)
        + CASE WHEN {part} = 'CHILD' THEN 0 ELSE {NO_CHILD} END
        + CASE WHEN {role} = 'placement' THEN {PLACED} ELSE 0 END"""


def _succeed(con: duckdb.DuckDBPyConnection) -> None:
    """Move what is said of a property to the one that took its place, from when that was known."""
    for _ in range(_SUCCESSIONS):
        held = con.execute(
            "SELECT count(*) FROM span JOIN succeeded USING (uprn) "
            "WHERE one_to_one AND span.k_to >= succeeded.k_from"
        ).fetchall()
        if not held[0][0]:
            return
        temp(
            con,
            "span",
            """
            SELECT s.* REPLACE (
                       CASE WHEN c.uprn IS NULL THEN s.k_to
                            ELSE least(s.k_to, c.k_from - 1)::INTEGER END AS k_to)
            FROM span s LEFT JOIN succeeded c ON c.uprn = s.uprn AND c.one_to_one
            WHERE c.uprn IS NULL OR s.k_from < c.k_from
            UNION ALL
            SELECT s.* REPLACE (c.successor AS uprn,
                                greatest(s.k_from, c.k_from)::INTEGER AS k_from)
            FROM span s JOIN succeeded c ON c.uprn = s.uprn AND c.one_to_one
            WHERE s.k_to >= c.k_from""",
        )


def _without_dead_sql() -> str:
    """What began before a death says nothing of the dead once the death is known."""
    return cut_short_sql(
        "dead_person", "o.person_id = span.person_id AND span.seen_from <= o.died_on"
    )


def _departed_sql(snaps: Snapshots) -> str:
    """People whom council tax took off a home's account while it went on for the others there.

    A tenancy goes on naming a joint tenant who has left until somebody asks for the change; it is
    not believed against that.
    """
    return f"""
        WITH ended AS (
            SELECT person_id, uprn, form, seen_to,
                   {snaps.first_from("greatest(known_from, seen_to)")} AS k_from,
                   {snaps.last_until("known_to - 1")} AS k_to
            FROM presence
            WHERE source = 'ctax' AND stale_days = 0 AND uprn IS NOT NULL
              AND greatest(known_from, seen_to) <= DATE '{snaps.days[-1]}'),
        live AS (
            SELECT uprn, form, seen_from AS began, min(k_from) AS k_from, max(k_to) AS k_to,
                   list(person_id) AS people
            FROM span WHERE source = 'ctax' AND uprn IS NOT NULL GROUP BY uprn, form, seen_from)
        SELECT e.person_id, e.uprn, max(e.seen_to) AS left_on,
               min(greatest(e.k_from, l.k_from)) AS k_from
        FROM ended e JOIN live l
          ON l.uprn = e.uprn AND l.form <> e.form AND l.k_from <= e.k_to AND l.k_to >= e.k_from
         AND l.began BETWEEN e.seen_to - 1 AND e.seen_to + 31
        WHERE e.k_from <= e.k_to
        GROUP BY e.person_id, e.uprn
        HAVING NOT bool_or(list_contains(l.people, e.person_id))"""


def _without_departed_sql() -> str:
    return cut_short_sql(
        "departed",
        "o.person_id = span.person_id AND o.uprn = span.uprn AND span.source = 'rent' "
        "AND span.seen_from <= o.left_on",
    )


def _tenures_sql(snaps: Snapshots, there: frozenset[str]) -> str:
    """What Universal Credit's housing element says of the tenure of those on the claim."""
    if "uc_element" not in there:
        return (
            "SELECT NULL::BIGINT AS person_id, 'x' AS form, 0 AS told, 0 AS k_from, 0 AS k_to "
            "WHERE false"
        )
    first, last = snaps.first_from("tells_from"), snaps.last_until("tells_to")
    return f"""
        SELECT s.person_id, s.form, {told_sql(str(_ELEMENT_RANK), "e.tenure", "s.source")} AS told,
               greatest(s.k_from, e.k_from)::INTEGER AS k_from,
               least(s.k_to, e.k_to)::INTEGER AS k_to
        FROM span s JOIN (
            SELECT form, tenure, {first} AS k_from, {last} AS k_to FROM ({element_sql()})
            WHERE tells_from <= DATE '{snaps.days[-1]}') e
          ON e.form = s.form AND e.k_from <= s.k_to AND e.k_to >= s.k_from
        WHERE s.source = 'uc' AND s.part IN ('LEAD', 'PARTNER')"""
