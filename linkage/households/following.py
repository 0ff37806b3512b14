"""People of whom no source speaks at a snapshot, though nothing says that they have gone.

Sources fall silent without anybody leaving: a claim ends when pay rises, a grown child is taken
off a claim, a new account is recorded late. Such a person is kept, with less confidence, where one
of these holds, in this order:

``FORM``   somebody of the same form has a home: a child goes with its parent until grown, a partner
           or other member for about as long as council tax would take to notice.
``MOVED``  the form ended when somebody else of it moved: they moved together.
``LAST``   nobody else has come to their last home since: they are still there.
"""

from __future__ import annotations

GROWN_YEARS = 22
CHILD_DAYS = 22 * 366
MEMBER_DAYS = 400
MOVED_DAYS = 1096
LAST_DAYS = 400
# An ended stay holds until the next one is recorded, for no longer than spells are joined over.
ENDED_DAYS = 31
TOGETHER_DAYS = 60
FOLLOW_SHARE = 0.8
LAST_SHARE = 0.5


def followers_sql(schema: str) -> str:
    """A ``SELECT`` of k, person_id, uprn, confidence, since, follows.

    Args:
        schema: The month's schema, with ``person``.
    """
    return f"""
        WITH {_stood()}, {_lost(schema)}, {_beside()}, {_last_home()}
        SELECT k, person_id, uprn, round(confidence, 6) AS confidence, since, follows
        FROM (SELECT * FROM beside UNION ALL SELECT * FROM last_home)
        QUALIFY row_number() OVER (
            PARTITION BY k, person_id ORDER BY way, rank, confidence DESC, follows) = 1"""


def _stood() -> str:
    """The form and the home of which each person was last heard, by the day it was known."""
    order = "coalesce(seen_to, known_from) DESC, uprn IS NULL, strength DESC, form"
    return f"""
        stood AS (
            SELECT person_id, form, part, uprn, source, known_from AS last_known, strength,
                   seen_from, coalesce(seen_to, known_from) AS last_seen,
                   stale_days = 0 AND seen_to IS NOT NULL AND uprn IS NOT NULL AS ended
            FROM presence
            QUALIFY row_number() OVER (PARTITION BY person_id, known_from ORDER BY {order}) = 1)"""


def _lost(schema: str) -> str:
    """Everybody heard of before a snapshot at which no source names a home for them."""
    return f"""
        silent AS (
            SELECT s.k, s.snapshot_date, p.person_id
            FROM snapshots s JOIN (
                SELECT person_id, min(last_known) AS heard FROM stood GROUP BY person_id) p
              ON p.heard <= s.snapshot_date
            ANTI JOIN chosen c ON c.k = s.k AND c.person_id = p.person_id),
        lost AS (
            SELECT h.k, h.snapshot_date, t.*,
                   (year(h.snapshot_date) * 12 + month(h.snapshot_date)
                    - (n.birth_ym // 100 * 12 + n.birth_ym % 100)) // 12 AS age,
                   h.snapshot_date - t.last_seen AS days
            FROM silent h ASOF JOIN stood t
              ON t.person_id = h.person_id AND t.last_known <= h.snapshot_date
            JOIN {schema}.person n ON n.person_id = h.person_id)"""


def _beside() -> str:
    """The homes of others who stood on the same form."""
    return f"""
        stands AS (
            SELECT DISTINCT form, person_id, part FROM presence WHERE part <> 'CHILD'),
        beside AS (
            SELECT l.k, l.person_id, c.uprn, c.confidence * {FOLLOW_SHARE} AS confidence,
                   l.last_seen AS since, b.person_id AS follows,
                   CASE WHEN l.ended THEN 2 ELSE 1 END AS way,
                   CASE b.part WHEN 'LEAD' THEN 1 ELSE 2 END AS rank
            FROM lost l JOIN stands b ON b.form = l.form AND b.person_id <> l.person_id
            JOIN chosen c ON c.k = l.k AND c.person_id = b.person_id
            WHERE CASE
                WHEN l.ended THEN l.days <= {MOVED_DAYS} AND c.uprn IS DISTINCT FROM l.uprn
                    AND abs(c.since - l.last_seen) <= {TOGETHER_DAYS}
                WHEN l.part = 'CHILD' THEN l.days <= {CHILD_DAYS}
                    AND coalesce(l.age < {GROWN_YEARS}, true)
                WHEN l.part = 'LEAD' THEN false
                ELSE l.days <= {MEMBER_DAYS} END)"""


def _last_home() -> str:
    """The last home of a person, where nobody unrelated has come since."""
    return f"""
        come AS (
            SELECT k, uprn, max(since) AS latest FROM chosen GROUP BY k, uprn),
        last_home AS (
            SELECT l.k, l.person_id, l.uprn, l.strength * {LAST_SHARE} AS confidence,
                   l.seen_from AS since, NULL::BIGINT AS follows, 3 AS way, 1 AS rank
            FROM lost l LEFT JOIN come o ON o.k = l.k AND o.uprn = l.uprn
            WHERE l.uprn IS NOT NULL
              AND l.days <= CASE WHEN l.ended THEN {ENDED_DAYS} ELSE {LAST_DAYS} END
              AND (o.latest IS NULL OR o.latest <= l.last_seen)
              AND NOT EXISTS (
                  SELECT 1 FROM present p WHERE p.k = l.k AND p.person_id = l.person_id
                  AND p.source = 'hclic'))"""
