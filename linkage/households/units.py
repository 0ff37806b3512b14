"""Who of those at one home are one household.

Most homes hold one. Where a home shows signs of several, its residents are split by what they stand
on together: a claim, a tenancy, a council tax account, a homelessness case, a family in social
care, or a surname in several sources. Ids over time come later.

Temporary tables: ``unit_member`` who is together, by the number of their unit, in ranges within
which nobody comes, goes or comes of age; ``unit`` what each unit is.
"""

from __future__ import annotations

import duckdb

from linkage.households.sharing import candidates_sql, split_homes
from linkage.households.timeline import Snapshots, drop, temp
from linkage.households.told import tenure_sql

ADULT_YEARS, PENSION_YEARS = 18, 66
# Ages at which a count or the kind of a household can change.
_AGES = (5, ADULT_YEARS, 65, PENSION_YEARS)
LEAST_EDGE_CONFIDENCE = 0.6
# Nothing after this step reads them.
_WORKING = ("span", "lived", "home_part", "candidate", "inside", "live_form", "several", "split")
# More than the units of any one home.
_MOST_UNITS = 1_000_000
# Of how many binary digits each count of a unit's people is, in this order.
_DIGITS = 15
# Of how many a day is, counted from the first.
_DAYS, _DAY_0 = 32, "DATE '0001-01-01'"
_COUNTED = ("adults", "children_0_4", "children_5_17", "adults_65p")
# Who leads a unit, as one number of which the lowest leads: grown before not, then by how strongly
# somebody stands for it, then the oldest, then the lowest id.
_ID, _NO_BIRTH = 2**63 - 1, 2**24 - 1
_LEADS = (
    f"(((((NOT m.adult)::INTEGER * 16 + coalesce(m.rank, 9))::BIGINT << 24)"
    f" | coalesce(m.birth, {_NO_BIRTH}))::HUGEINT << 63) | m.person_id"
)
LEAD_ID = f"(lead & {_ID})::BIGINT"
LEAD_BIRTH = f"nullif(((lead >> 63) & {_NO_BIRTH})::BIGINT, {_NO_BIRTH})"


def form_units(con: duckdb.DuckDBPyConnection, schema: str, snaps: Snapshots) -> None:
    """Make the tables above.

    Args:
        con: Warehouse with the tables of :func:`linkage.households.residency.resolve_residency`.
        schema: The month's schema, with ``person`` and ``person_identity``.
        snaps: The month ends.
    """
    temp(con, "lived", _lived_sql(schema, snaps))
    temp(con, "home_part", _home_parts_sql())
    temp(con, "candidate", candidates_sql())
    temp(con, "inside", f"{_INSIDE} WHERE l.place IN (SELECT uprn FROM candidate)")
    split_homes(con, schema)
    temp(con, "unit_member", _members_sql())
    temp(con, "unit", _units_sql(snaps))
    drop(con, _WORKING)


def _lived_sql(schema: str, snaps: Snapshots) -> str:
    """Residents, parted where they come of an age; people with no home by the form they share.

    Without a date of birth, who is nothing but a child on every form is a child.
    """
    ages = ", ".join(f"birth + {12 * years} - {snaps.base}" for years in _AGES)
    return f"""
        WITH dated AS (
            SELECT r.*, coalesce(r.uprn, -f.place) AS place,
                   n.birth_ym // 100 * 12 + n.birth_ym % 100 - 1 AS birth
            FROM resident r JOIN {schema}.person n USING (person_id)
            LEFT JOIN (
                SELECT form, dense_rank() OVER (ORDER BY form) AS place
                FROM (SELECT DISTINCT form FROM resident WHERE uprn IS NULL)) f
              ON r.uprn IS NULL AND f.form IS NOT DISTINCT FROM r.form),
        parted AS (
            SELECT *, list_filter([{ages}], lambda k: k > k_from AND k <= k_to) AS cuts FROM dated)
        SELECT * EXCLUDE (cuts, only_child),
               CASE WHEN birth IS NULL THEN NOT only_child
                    ELSE {snaps.base} + k_from - birth >= {12 * ADULT_YEARS} END AS adult
        FROM (
            SELECT * REPLACE (
                       unnest(list_prepend(k_from, cuts))::INTEGER AS k_from,
                       unnest(list_append(list_transform(cuts, lambda k: k - 1), k_to))::INTEGER
                       AS k_to)
            FROM parted)"""


def _home_parts_sql() -> str:
    """Ranges of each home within which its residents and what is known of it stay the same."""
    return """
        WITH cut AS (
            SELECT place, k_from AS k FROM lived UNION SELECT place, k_to + 1 FROM lived
            UNION
            SELECT h.uprn, h.k_from FROM home_span h
            WHERE h.k_from > 0 AND h.uprn IN (SELECT place FROM lived))
        SELECT row_number() OVER (ORDER BY place, k) AS part, place, k AS k_from,
               (next_k - 1)::INTEGER AS k_to
        FROM (SELECT *, lead(k) OVER (PARTITION BY place ORDER BY k) AS next_k FROM cut)
        WHERE next_k IS NOT NULL"""


_INSIDE = """
        SELECT p.part, p.k_from, p.k_to, l.* EXCLUDE (k_from, k_to)
        FROM home_part p JOIN lived l
          ON l.place = p.place AND l.k_from <= p.k_from AND l.k_to >= p.k_from"""


def _members_sql() -> str:
    """Everybody with the number of their unit, one for each household of a home's part."""
    return f"""
        SELECT i.*, i.part * {_MOST_UNITS} + coalesce(s.nth, 1) AS unit, s.together, s.sure
        FROM ({_INSIDE}) i LEFT JOIN split s ON s.part = i.part AND s.person_id = i.person_id"""


def _units_sql(snaps: Snapshots) -> str:
    """Each unit with who it is, of what kind: 0 a home, 1 a part of one, 2 people with no home.

    Counts of its people were added up in one number, each of so many binary digits.
    """
    return f"""
        WITH counted AS ({_counted_sql(snaps)}),
        apart AS (
            SELECT unit, min(sure) AS sure, min(together) AS together, min(person_id) AS first_id
            FROM unit_member WHERE together IS NOT NULL OR uprn IS NULL GROUP BY unit)
        SELECT c.* EXCLUDE (counts, flags, began), p.k_from, p.k_to,
               CASE WHEN p.place > 0 THEN p.place END AS uprn,
               CASE WHEN p.place < 0 THEN 2 WHEN a.together IS NULL THEN 0 ELSE 1 END AS kind,
               CASE WHEN p.place < 0 THEN a.first_id ELSE coalesce(a.together, p.place) END AS name,
               flags & 1 > 0 AS placed, flags & 2 > 0 AS middle,
               {_DAY_0} + (began & {2**_DAYS - 1})::INTEGER AS since,
               {_counts()}, h.communal_type, h.neighbourhood_code, h.lsoa21, h.imd_decile,
               CASE WHEN p.place < 0 THEN 'NO_FIXED_ABODE'
                    WHEN h.communal_type IS NOT NULL THEN 'COMMUNAL'
                    WHEN a.sure < {LEAST_EDGE_CONFIDENCE} THEN 'MULTI_HOUSEHOLD_UNRESOLVED'
                    ELSE 'HOUSEHOLD' END AS hh_kind
        FROM counted c JOIN home_part p ON p.part = c.unit // {_MOST_UNITS}
        LEFT JOIN apart a USING (unit)
        LEFT JOIN home_span h ON h.uprn = p.place AND h.k_from <= p.k_from AND h.k_to >= p.k_from"""


def _counts() -> str:
    """What :func:`_counted_sql` added up, taken apart."""
    return ", ".join(
        f"((counts >> {_DIGITS * nth}) & {2**_DIGITS - 1})::BIGINT AS {name}"
        for nth, name in enumerate(_COUNTED)
    )


def _counted_sql(snaps: Snapshots) -> str:
    age = f"({snaps.base} + m.k_from - m.birth)"
    told_of = {
        "adults": "m.adult",
        "children_0_4": f"NOT m.adult AND coalesce({age} < 60, false)",
        "children_5_17": f"NOT m.adult AND coalesce({age} >= 60, true)",
        "adults_65p": f"m.adult AND coalesce({age} >= 780, false)",
    }
    counts = " + ".join(
        f"(({told_of[name]})::BIGINT << {_DIGITS * nth})" for nth, name in enumerate(_COUNTED)
    )
    return f"""
        SELECT unit, count(*) AS size, sum({counts})::BIGINT AS counts,
               bit_xor(hash(person_id, adult)) AS members,
               bit_or((m.placed OR coalesce({tenure_sql("told")} = 'TA', false))::TINYINT
                      + 2 * (m.adult AND coalesce({age} < 780, false))::TINYINT) AS flags,
               min(CASE WHEN m.adult THEN m.birth END) AS oldest,
               max(CASE WHEN m.adult THEN m.birth END) AS youngest_adult,
               min({_LEADS}) AS lead, min(m.told) AS told,
               -- Of the grown before of children.
               min(((NOT m.adult)::BIGINT << {_DAYS}) + (m.since - {_DAY_0})) AS began,
               round(sum(round(m.confidence * 1000000)::BIGINT) / count(*) / 1000000, 6)
               AS confidence
        FROM unit_member m GROUP BY unit"""
