"""Who is restricted for somebody's safety, who has died, and which sides must not meet.

``severed`` says which person's records must not reach which household: where adults parted and one
of them has a marker of domestic abuse, neither side may show anything of the other, nor that there
was another. It is of class X and stays where people are identified.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import duckdb

from contracts.asof import versions_sql
from linkage.households.changes import have_all
from linkage.households.timeline import Snapshots, temp


@dataclass(frozen=True, kw_only=True)
class Notice:
    """What a source says of a person's safety or death; adding a source is adding one of these.

    Attributes:
        source: Key of the source.
        needs: Tables without which it says nothing.
        told: Gives a ``SELECT`` of local_id, since, until, known_from, known_to, abuse and refuge,
            or for a death of local_id, died_on, known_from.
    """

    source: str
    needs: tuple[str, ...]
    told: Callable[[], str]


def _cases() -> str:
    return f"""
        SELECT p.case_ref || '|' || p.person_seq AS local_id, NULL::DATE AS since,
               NULL::DATE AS until, c.known_from, c.known_to, true AS abuse, false AS refuge
        FROM (SELECT DISTINCT case_ref, person_seq FROM ({versions_sql("hclic_person")})) p
        JOIN ({versions_sql("hclic_case")}) c USING (case_ref)
        WHERE coalesce(c.safety_marker, false) OR c.reason_loss = 'DOMESTIC_ABUSE'"""


def _refuges() -> str:
    return f"""
        SELECT p.case_ref || '|' || p.person_seq AS local_id, NULL::DATE AS since,
               t.end_date AS until, t.known_from, t.known_to, true AS abuse, true AS refuge
        FROM (SELECT DISTINCT case_ref, person_seq FROM ({versions_sql("hclic_person")})) p
        JOIN ({versions_sql("hclic_ta")}) t USING (case_ref)
        WHERE t.ta_type = 'HOSTEL_REFUGE'"""


def _needs() -> str:
    return f"""
        SELECT p.case_ref || '|' || p.person_seq AS local_id, NULL::DATE AS since,
               NULL::DATE AS until, n.known_from, n.known_to, true AS abuse, false AS refuge
        FROM (SELECT DISTINCT case_ref, person_seq FROM ({versions_sql("hclic_person")})) p
        JOIN ({versions_sql("hclic_support")}) n USING (case_ref)
        WHERE n.need_code = 'DOMESTIC_ABUSE'"""


def _safeguarding() -> str:
    return f"""
        SELECT la_person_id AS local_id, concern_date AS since, NULL::DATE AS until, known_from,
               known_to, true AS abuse, false AS refuge
        FROM ({versions_sql("asc_safeguarding")}) WHERE concern_type = 'DOMESTIC'"""


def _child_placements() -> str:
    """A looked-after child's placement is restricted; it says nothing of abuse between adults."""
    return f"""
        SELECT addr_person_id AS local_id, addr_start AS since, addr_end AS until, known_from,
               known_to, false AS abuse, false AS refuge
        FROM ({versions_sql("cs_address")}) WHERE addr_address_type = 'PLACEMENT'"""


def _tenants_died() -> str:
    """The tenant of a tenancy that a death ended, where there was one tenant."""
    return f"""
        SELECT p.tenancy_ref || '|' || p.person_local_id AS local_id, t.end_date AS died_on,
               t.known_from
        FROM ({versions_sql("rent_tenancy")}) t JOIN (
            SELECT tenancy_ref, min(person_local_id) AS person_local_id
            FROM ({versions_sql("rent_person")}) WHERE role IN ('TENANT', 'JOINT')
            GROUP BY tenancy_ref HAVING count(DISTINCT person_local_id) = 1) p USING (tenancy_ref)
        WHERE t.end_reason = 'DIED' AND t.end_date IS NOT NULL"""


def _care_deaths() -> str:
    return f"""
        SELECT la_person_id AS local_id, date_of_death AS died_on, known_from
        FROM ({versions_sql("asc_cld_event")}) WHERE date_of_death IS NOT NULL"""


def _child_deaths() -> str:
    return f"""
        SELECT pers_person_id AS local_id, pers_death_date AS died_on, known_from
        FROM ({versions_sql("cs_person")}) WHERE pers_death_date IS NOT NULL"""


SAFETY = (
    Notice(source="hclic", needs=("hclic_case", "hclic_person"), told=_cases),
    Notice(source="hclic", needs=("hclic_ta", "hclic_person"), told=_refuges),
    Notice(source="hclic", needs=("hclic_support", "hclic_person"), told=_needs),
    Notice(source="asc", needs=("asc_safeguarding",), told=_safeguarding),
    Notice(source="cs", needs=("cs_address",), told=_child_placements),
)
DEATHS = (
    Notice(source="rent", needs=("rent_tenancy", "rent_person"), told=_tenants_died),
    Notice(source="asc", needs=("asc_cld_event", "asc_person"), told=_care_deaths),
    Notice(source="cs", needs=("cs_person",), told=_child_deaths),
)


def _told(notices: tuple[Notice, ...], there: frozenset[str], nothing: str) -> str:
    return " UNION ALL BY NAME ".join(
        [nothing]
        + [
            f"SELECT *, '{notice.source}' AS source FROM ({notice.told()})"
            for notice in notices
            if have_all(notice.needs, there)
        ]
    )


def make_notices(
    con: duckdb.DuckDBPyConnection, schema: str, snaps: Snapshots, there: frozenset[str]
) -> None:
    """Make ``restricted_person`` and ``dead_person``.

    Args:
        con: Warehouse with the ``raw`` tables.
        schema: The month's schema, with ``person_link``.
        snaps: The month ends.
        there: Tables that the warehouse holds.
    """
    temp(con, "restricted_person", _restricted_sql(schema, snaps, there))
    temp(con, "dead_person", _dead_sql(schema, snaps, there))


def _restricted_sql(schema: str, snaps: Snapshots, there: frozenset[str]) -> str:
    nothing = (
        "SELECT 'x' AS local_id, NULL::DATE AS since, NULL::DATE AS until, NULL::DATE AS "
        "known_from, NULL::DATE AS known_to, true AS abuse, true AS refuge, 'x' AS source "
        "WHERE false"
    )
    far = "DATE '9999-12-30'"
    begins = "greatest(n.known_from, coalesce(n.since, n.known_from))"
    ends = f"least(coalesce(n.known_to, {far}), coalesce(n.until, {far})) - 1"
    return f"""
        SELECT * FROM (
            SELECT DISTINCT l.person_id, n.abuse, n.refuge, {snaps.first_from(begins)} AS k_from,
                   {snaps.last_until(ends)} AS k_to
            FROM ({_told(SAFETY, there, nothing)}) n
            JOIN {schema}.person_link l ON l.source = n.source AND l.local_id = n.local_id
            WHERE {begins} <= DATE '{snaps.days[-1]}')
        WHERE k_from <= k_to"""


def _dead_sql(schema: str, snaps: Snapshots, there: frozenset[str]) -> str:
    nobody = (
        "SELECT 'x' AS local_id, NULL::DATE AS died_on, NULL::DATE AS known_from, 'x' AS source "
        "WHERE false"
    )
    known = "greatest(n.known_from, n.died_on)"
    return f"""
        SELECT l.person_id, min(n.died_on) AS died_on,
               {snaps.first_from(f"min({known})")} AS k_from
        FROM ({_told(DEATHS, there, nobody)}) n
        JOIN {schema}.person_link l ON l.source = n.source AND l.local_id = n.local_id
        GROUP BY l.person_id HAVING min({known}) <= DATE '{snaps.days[-1]}'"""


def severed_sql() -> str:
    """A ``SELECT`` of household_id, person_id, severed_from.

    From the month end ``severed_from`` on, nothing of the person may reach the household.
    """
    return """
        WITH marked AS (
            SELECT person_id, min(k_from) AS k FROM restricted_person WHERE abuse
            GROUP BY person_id),
        lived_with AS (
            SELECT m.person_id AS marked, o.person_id AS other, a.k, min(m.k_from) AS together
            FROM unit_member m JOIN marked a USING (person_id)
            JOIN unit_member o ON o.unit = m.unit AND o.person_id <> m.person_id
            GROUP BY ALL),
        side AS (
            SELECT marked AS mine, other AS theirs, k, together FROM lived_with
            UNION SELECT other, marked, k, together FROM lived_with),
        held AS (
            SELECT u.household_id, u.unit, u.k_from, u.k_to, m.person_id
            FROM described u JOIN unit_member m USING (unit))
        SELECT h.household_id, s.theirs AS person_id,
               min(greatest(h.k_from, s.k)) AS k
        FROM side s JOIN held h ON h.person_id = s.mine
        WHERE h.k_to >= s.k AND h.k_from > s.together
          AND NOT EXISTS (
              SELECT 1 FROM unit_member t WHERE t.unit = h.unit AND t.person_id = s.theirs)
        GROUP BY h.household_id, s.theirs"""


def without_severed_sql(reach: str, holders: str, *, schema: str) -> str:
    """A ``SELECT`` of what reaches households, without keys that a severed person stands on.

    A debt in both names is the other side's to answer for: it leaves with them.

    Args:
        reach: ``SELECT`` of at least household_id, snapshot_date and value.
        holders: ``SELECT`` of value and person_id: everybody who answers for the key.
        schema: The month's schema, with ``severed``.
    """
    return f"""
        SELECT r.* FROM ({reach}) r
        WHERE NOT EXISTS (
            SELECT 1 FROM {schema}.severed s JOIN ({holders}) h ON h.person_id = s.person_id
            WHERE s.household_id = r.household_id AND h.value = r.value
              AND s.severed_from <= r.snapshot_date)"""
