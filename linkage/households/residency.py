"""Where each person lives, by the evidence known at each month end, as ranges of month ends.

Temporary tables on the connection:

``presence``     every stay; ``span`` the month ends at which each speaks
``lead_span``    partners and joint holders, with who leads the form
``resident``     the one home of each person: by evidence (``heard``), with the people they follow,
                 or none
``second_home``  the other home of children in shared care and of students
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from linkage.households.evidence import make_presence
from linkage.households.following import followers_sql, gaps_sql, lost_sql
from linkage.households.second_homes import second_homes_sql, student_homes_sql
from linkage.households.spans import NO_CHILD, PLACED, make_spans
from linkage.households.timeline import Snapshots, drop, runs_sql, temp

# Nothing after this step reads them.
_WORKING = (
    "account_ended", "departed", "fresh_run", "home_taken", "over_at", "tenure_span", "kind", "seg",
    "said", "choice", "person_span", "student_home", "gap", "lost", "follower", "nowhere",
    "unhomed",
)  # fmt: skip
_HELD = ("uprn", "confidence", "since", "follows", "rank", "only_child", "placed", "form", "told")


def resolve_residency(
    con: duckdb.DuckDBPyConnection, schema: str, snaps: Snapshots, there: frozenset[str]
) -> None:
    """Make the tables above.

    Args:
        con: Warehouse with ``snapshots``, ``home_span``, ``part_of``,
            ``succeeded`` and ``dead_person``.
        schema: The month's schema, with ``person_link`` and ``person``.
        snaps: The month ends.
        there: Tables that the warehouse holds.
    """
    links = f"{schema}.person_link"
    linked = frozenset(
        source for (source,) in con.execute(f"SELECT DISTINCT source FROM {links}").fetchall()
    )
    make_presence(con, links, f"{schema}.person", there, linked)
    make_spans(con, snaps, there)
    temp(con, "lead_span", _leads_sql())
    temp(con, "seg", _segments_sql())
    errs = _make_kinds(con)
    temp(con, "said", _said_sql())
    temp(con, "choice", _choices_sql(errs))
    temp(con, "person_span", _person_spans_sql())
    temp(con, "student_home", student_homes_sql(there))
    temp(con, "second_home", second_homes_sql(schema, snaps))
    temp(con, "gap", gaps_sql(snaps))
    temp(con, "lost", lost_sql(schema, snaps))
    temp(con, "follower", followers_sql(snaps))
    temp(con, "nowhere", _nowhere_sql())
    temp(con, "unhomed", _unhomed_sql())
    temp(con, "resident", _resident_sql())
    drop(con, _WORKING)


def _leads_sql() -> str:
    """For partners and joint holders: the person who leads the form with them."""
    return """
        SELECT q.person_id, p.person_id AS lead, q.part,
               greatest(p.k_from, q.k_from) AS k_from, least(p.k_to, q.k_to) AS k_to
        FROM span p JOIN span q
          ON q.form = p.form AND q.person_id <> p.person_id
         AND p.k_from <= q.k_to AND p.k_to >= q.k_from
        WHERE p.part = 'LEAD' AND q.part IN ('PARTNER', 'JOINT')"""


def _segments_sql() -> str:
    """Ranges within which everything that is said of a person stays the same, each by a number.

    Where they begin and end is one number for each person, of a binary digit for each month end.
    """
    return """
        WITH told AS (
            SELECT person_id, k_from, k_to FROM span
            UNION ALL SELECT person_id, k_from, k_to FROM lead_span
            UNION ALL SELECT person_id, k_from, k_to FROM tenure_span),
        cut AS (
            SELECT person_id, bit_or((1::BIGINT << k_from) | (1::BIGINT << (k_to + 1))) AS at
            FROM told GROUP BY person_id),
        begun AS (
            SELECT c.person_id, s.k AS k_from, c.at >> (s.k + 1) AS later
            FROM cut c JOIN snapshots s ON (c.at >> s.k) & 1 = 1)
        SELECT row_number() OVER () AS seg, person_id, k_from,
               -- The digits below the lowest that is set.
               (k_from + bit_count((later & -later) - 1))::INTEGER AS k_to
        FROM begun WHERE later <> 0"""


def _make_kinds(con: duckdb.DuckDBPyConnection) -> list[int]:
    """Make ``kind``, a binary digit for each kind of evidence of a source with its strength.

    Returns:
        Of each digit the logarithm of the chance that it errs, in thousand millionths. These are
        added as whole numbers, so that the order of rows can not matter.
    """
    kinds = con.execute(
        """SELECT source, role, strength, round(ln(1 - strength) * 1e9)::BIGINT FROM (
            SELECT DISTINCT source, role, strength FROM span WHERE uprn IS NOT NULL) ORDER BY ALL"""
    ).fetchall()
    con.execute(
        "CREATE OR REPLACE TEMP TABLE kind "
        "(source VARCHAR, role VARCHAR, strength DOUBLE, digit BIGINT)"
    )
    rows = [(*kind[:3], 1 << nth) for nth, kind in enumerate(kinds)]
    if rows:
        con.executemany("INSERT INTO kind VALUES (?, ?, ?, ?)", rows)
    return [kind[3] for kind in kinds]


def _said_sql() -> str:
    """Everything said in each segment; a flat is meant where its building's shell is named."""
    told = """
        SELECT g.seg, g.k_from, s.form, s.uprn, s.digit, s.stands, s.seen_from, s.told
        FROM seg g JOIN (FROM span LEFT JOIN kind USING (source, role, strength)) s
          ON s.person_id = g.person_id AND s.k_from <= g.k_from AND s.k_to >= g.k_from"""
    return f"""
        WITH inside AS (
            SELECT DISTINCT person_id FROM span
            WHERE uprn IN (SELECT shell_uprn FROM part_of)),
        flat AS (
            SELECT t.seg, p.shell_uprn, min(t.uprn) AS flat
            FROM ({told} WHERE s.person_id IN (SELECT person_id FROM inside)) t
            JOIN part_of p ON p.uprn = t.uprn AND p.k_from <= t.k_from
            GROUP BY t.seg, p.shell_uprn)
        SELECT t.* EXCLUDE (k_from) REPLACE (coalesce(f.flat, t.uprn) AS uprn)
        FROM ({told}) t LEFT JOIN flat f ON f.seg = t.seg AND f.shell_uprn = t.uprn"""


def _choices_sql(errs: Sequence[int]) -> str:
    """The homes of each segment by summed strength, the best first.

    Each kind of evidence of a source counts once.

    Args:
        errs: As :func:`_make_kinds` gives them.
    """
    summed = " + ".join(["0", *(f"((kinds >> {n}) & 1) * {err}" for n, err in enumerate(errs))])
    return f"""
        WITH told AS (
            SELECT seg, uprn, bit_or(digit) AS kinds, min(seen_from) AS since,
                   max(seen_from) AS latest
            FROM said WHERE uprn IS NOT NULL GROUP BY seg, uprn),
        summed AS (
            SELECT seg, uprn, round(1 - exp(({summed}) / 1e9), 6) AS confidence, since, latest
            FROM told)
        SELECT *, row_number() OVER (PARTITION BY seg ORDER BY confidence DESC, latest DESC, uprn)
               AS nth
        FROM summed"""


def _person_spans_sql() -> str:
    """Each segment with its home and with what the forms say of the person."""
    return f"""
        WITH home AS (SELECT * FROM choice WHERE nth = 1),
        tenured AS ({_tenured_sql()}),
        stood AS (SELECT seg, bit_or(stands) AS stands FROM said GROUP BY seg),
        nowhere AS (
            SELECT seg, min(form) AS form, min(seen_from) AS nowhere_since
            FROM said WHERE uprn IS NULL GROUP BY seg)
        SELECT g.person_id, g.k_from, g.k_to,
               -- The digits below the lowest that is set.
               bit_count((s.stands & -s.stands) - 1)::INTEGER AS rank,
               s.stands & {NO_CHILD} = 0 AS only_child, s.stands & {PLACED} > 0 AS placed,
               n.form, n.nowhere_since, h.uprn, h.confidence, h.since, t.told
        FROM stood s JOIN seg g USING (seg) LEFT JOIN nowhere n USING (seg)
        LEFT JOIN home h USING (seg) LEFT JOIN tenured t USING (seg)"""


def _tenured_sql() -> str:
    """What is said of the tenure of a person's home, the most telling of it."""
    return """
        SELECT seg, min(told) AS told FROM (
            SELECT s.seg, s.told
            FROM said s LEFT JOIN home h USING (seg)
            WHERE s.told IS NOT NULL AND (s.uprn = h.uprn OR s.uprn IS NULL)
            UNION ALL
            SELECT g.seg, t.told
            FROM seg g JOIN tenure_span t
              ON t.person_id = g.person_id AND t.k_from <= g.k_from AND t.k_to >= g.k_from
            JOIN said s ON s.seg = g.seg AND s.form = t.form
            LEFT JOIN home h ON h.seg = g.seg
            WHERE s.uprn = h.uprn OR s.uprn IS NULL)
        GROUP BY seg"""


def _nowhere_sql() -> str:
    """What is said, month by month, of people of whom no source names a home."""
    return """
        SELECT person_id, unnest(range(k_from, k_to + 1))::INTEGER AS k, nowhere_since AS since,
               rank, only_child, placed, form, told
        FROM person_span WHERE uprn IS NULL"""


def _unhomed_sql() -> str:
    """People of whom no source names a home: with those they follow, or known with no home."""
    return """
        SELECT f.person_id, f.k AS k_from, f.k AS k_to, f.uprn, f.confidence, f.since, f.follows,
               coalesce(n.rank, 9) AS rank, f.only_child, false AS placed,
               NULL::VARCHAR AS form, n.told
        FROM follower f LEFT JOIN nowhere n USING (person_id, k)
        UNION ALL BY NAME
        SELECT n.person_id, n.k AS k_from, n.k AS k_to, 0.0::DOUBLE AS confidence, n.since, n.rank,
               n.only_child, n.placed, n.form, n.told
        FROM nowhere n ANTI JOIN follower f USING (person_id, k)"""


def _resident_sql() -> str:
    return f"""
        SELECT person_id, k_from, k_to, uprn, confidence, since, NULL::BIGINT AS follows, rank,
               only_child, placed, NULL::VARCHAR AS form, told, true AS heard
        FROM person_span WHERE uprn IS NOT NULL
        UNION ALL BY NAME
        {runs_sql("unhomed", "person_id", _HELD)}"""
