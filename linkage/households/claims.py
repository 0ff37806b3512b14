"""Where the people of a claim or a pupil live, from periods that are each recorded once.

A claim is told of month after month. What matters of it are its runs: from when to when it was
known at one home. An older period that is recorded late does not bring back an older home. A
missing address is carried forward while the postcode does not say otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass

from contracts.asof import standing_sql


@dataclass(frozen=True, kw_only=True)
class Claim:
    """How a source tells of claims.

    Attributes:
        table: Table with one row for each period.
        key: Column of the claim.
        at: Column of the period's last day.
        since: Column of the day from which the period tells.
        moved_since: The same for periods after a move, where that is another column.
        uprn: Column of the home.
        ended: SQL of the day on which the claim ended; NULL where periods are only confirmed.
        stale_days: Days after which a period says nothing any more.
        says: SQL of what else splits a run, such as the tenure.
    """

    table: str
    key: str
    at: str
    since: str
    stale_days: int
    moved_since: str | None = None
    uprn: str = "uprn"
    ended: str = "NULL::DATE"
    says: str = "NULL::VARCHAR"


def runs_sql(claim: Claim) -> str:
    """A ``SELECT`` of claim, home, said, latest, ended, run_from, known_from and state_to."""
    return f"""
        WITH {_periods(claim)}, {_placed()}, {_told_alike(claim)}
        SELECT n.{claim.key} AS claim, home, said, latest, ended, known_from,
               lead(known_from) OVER one AS state_to,
               min(CASE WHEN stay <= 1 THEN since ELSE moved_since END) OVER (
                   PARTITION BY claim, stay ORDER BY known_from ROWS UNBOUNDED PRECEDING)
               AS run_from
        FROM (
            SELECT *, count(*) FILTER (WHERE moved) OVER (
                PARTITION BY claim ORDER BY known_from ROWS UNBOUNDED PRECEDING) AS stay
            FROM (
                SELECT *, home IS DISTINCT FROM lag(home) OVER (
                    PARTITION BY claim ORDER BY known_from) AS moved
                FROM told_alike)) JOIN name n USING (claim)
        WINDOW one AS (PARTITION BY claim ORDER BY known_from)"""


def _periods(claim: Claim) -> str:
    """The latest period of each claim by each day on which one was recorded; claims by number."""
    return f"""
        standing AS ({standing_sql(claim.table)}),
        name AS MATERIALIZED (
            SELECT {claim.key}, row_number() OVER () AS claim
            FROM (SELECT DISTINCT {claim.key} FROM standing)),
        kept AS (
            SELECT * FROM (
                SELECT claim, recorded_date AS known_from, {claim.at} AS latest,
                       {claim.since} AS since, {claim.moved_since or claim.since} AS moved_since,
                       {claim.uprn} AS uprn, postcode, {claim.ended} AS ended, {claim.says} AS said,
                       lead(recorded_date) OVER one AS next_from,
                       max({claim.at}) OVER (one ROWS UNBOUNDED PRECEDING) AS latest_yet
                FROM standing JOIN name USING ({claim.key})
                WINDOW one AS (
                    PARTITION BY claim
                    ORDER BY recorded_date, {claim.at}, extract_date, row_number, delivery_id))
            WHERE next_from IS DISTINCT FROM known_from AND latest >= latest_yet)"""


def _placed() -> str:
    """Each period with its home; a missing one is carried forward."""
    before = "PARTITION BY claim ORDER BY known_from ROWS UNBOUNDED PRECEDING"
    return f"""
        placed AS (
            SELECT claim, said, ended, latest, since, moved_since, known_from,
                   CASE WHEN uprn IS NOT NULL THEN uprn
                        WHEN postcode IS NULL OR postcode = last_postcode THEN last_uprn END AS home
            FROM (
                SELECT *, last_value(uprn IGNORE NULLS) OVER ({before}) AS last_uprn,
                       last_value(CASE WHEN uprn IS NOT NULL THEN postcode END IGNORE NULLS)
                           OVER ({before}) AS last_postcode
                FROM kept))"""


def _told_alike(claim: Claim) -> str:
    """Periods that follow each other and say the same, taken as one."""
    return f"""
        marked AS (
            SELECT *, coalesce(home IS DISTINCT FROM lag(home) OVER one
                               OR said IS DISTINCT FROM lag(said) OVER one
                               OR ended IS DISTINCT FROM lag(ended) OVER one
                               -- Silent at a month end: stale before the next was recorded.
                               OR last_day(lag(latest) OVER one + {claim.stale_days + 1})
                                  < known_from, true)
                      OR row_number() OVER one = 1 AS new
            FROM placed WINDOW one AS (PARTITION BY claim ORDER BY known_from)),
        numbered AS (
            SELECT *, count(*) FILTER (WHERE new) OVER (
                PARTITION BY claim ORDER BY known_from ROWS UNBOUNDED PRECEDING) AS alike
            FROM marked),
        told_alike AS (
            SELECT claim, alike, any_value(home) AS home, any_value(said) AS said,
                   any_value(ended) AS ended, max(latest) AS latest, min(since) AS since,
                   min(moved_since) AS moved_since, min(known_from) AS known_from
            FROM numbered GROUP BY claim, alike)"""


def members_sql(member: str, key: str) -> str:
    """``FROM`` of the members of claims with the runs of ``state`` that were known with them.

    Args:
        member: SQL of the members with ``known_from`` and ``known_to``.
        key: Column of the claim in it.
    """
    return f"""
        ({member}) m JOIN state c
          ON c.claim = m.{key}
         AND (m.known_to IS NULL OR m.known_to > c.known_from)
         AND (c.state_to IS NULL OR c.state_to > m.known_from)"""


MEMBER_KNOWN = """
    greatest(m.known_from, c.known_from) AS known_from,
    CASE WHEN m.known_to IS NULL THEN c.state_to WHEN c.state_to IS NULL THEN m.known_to
         ELSE least(m.known_to, c.state_to) END AS known_to"""
