"""People of whom no source speaks at a snapshot, though nothing says that they have gone.

Sources fall silent without anybody leaving: a claim ends when pay rises, a grown child is taken
off a claim, a new account is recorded late. Such a person is kept, with less confidence, where one
of these holds, in this order:

``FORM``   somebody of the same form has a home: a child goes with its parent until grown, a partner
           or other member for about as long as council tax would take to notice.
``MOVED``  the form ended when somebody else of it moved: they moved together.
``LAST``   nobody else has come to their last home since, and no source ended the stay there: a
           grown person is still there. A child does not live on where none of its form does.
"""

from __future__ import annotations

from linkage.households.timeline import Snapshots

GROWN_YEARS = 22
MEMBER_DAYS = 400
MOVED_DAYS = 1096
LAST_DAYS = 100
TOGETHER_DAYS = 60
FOLLOW_SHARE = 0.8
# These tell of one person each: nobody is followed by what they say, and their silence is no sign.
_ALONE = "'school', 'cs', 'asc', 'gp', 'elect'"
LAST_SHARE = 0.5


def gaps_sql(snaps: Snapshots) -> str:
    """A ``SELECT`` of person_id, k_from, k_to: heard of before, and no source names a home."""
    return f"""
        WITH heard AS (
            SELECT person_id, {snaps.first_from("min(known_from)")} AS k
            FROM presence GROUP BY person_id
            HAVING min(known_from) <= DATE '{snaps.days[-1]}'),
        homed AS (
            SELECT person_id, k_from, k_to FROM person_span WHERE uprn IS NOT NULL
            UNION ALL SELECT person_id, k - 1, k - 1 FROM heard),
        after AS (
            SELECT person_id, k_to + 1 AS k_from,
                   coalesce(lead(k_from) OVER (PARTITION BY person_id ORDER BY k_from, k_to) - 1,
                            {snaps.last}) AS k_to
            FROM homed)
        SELECT * FROM after WHERE k_from <= k_to"""


def lost_sql(schema: str, snaps: Snapshots) -> str:
    """A ``SELECT`` of the form and the home of which each such person was last heard.

    Args:
        schema: The month's schema, with ``person``.
        snaps: The month ends.
    """
    order = "known_from DESC, coalesce(seen_to, known_from) DESC, uprn IS NULL, strength DESC, form"
    return f"""
        WITH stood AS (
            SELECT person_id, form, part, uprn, source, strength, seen_from,
                   coalesce(seen_to, known_from) AS last_seen,
                   coalesce(seen_to, seen_from) AS vouched,
                   stale_days = 0 AND seen_to IS NOT NULL AND uprn IS NOT NULL AS ended,
                   {snaps.first_from("known_from")} AS known_k
            FROM presence SEMI JOIN gap USING (person_id)
            WHERE known_from <= DATE '{snaps.days[-1]}' AND source NOT IN ({_ALONE})
            QUALIFY row_number() OVER (PARTITION BY person_id, known_k ORDER BY {order}) = 1),
        valid AS (
            SELECT *, coalesce(lead(known_k) OVER (PARTITION BY person_id ORDER BY known_k) - 1,
                               {snaps.last}) AS valid_to
            FROM stood)
        SELECT v.* EXCLUDE (known_k, valid_to), greatest(g.k_from, v.known_k) AS k_from,
               least(g.k_to, v.valid_to, coalesce(d.k_from - 1, {snaps.last})) AS k_to,
               n.birth_ym // 100 * 12 + n.birth_ym % 100 - 1
               + {GROWN_YEARS * 12} - {snaps.base} AS grown_k
        FROM gap g JOIN valid v
          ON v.person_id = g.person_id AND v.known_k <= g.k_to AND v.valid_to >= g.k_from
        JOIN {schema}.person n ON n.person_id = g.person_id
        LEFT JOIN dead_person d ON d.person_id = g.person_id
        WHERE d.person_id IS NULL OR greatest(g.k_from, v.known_k) < d.k_from"""


def followers_sql(snaps: Snapshots) -> str:
    """A ``SELECT`` of k, person_id, uprn, confidence, since, follows, only_child.

    Somebody who is placed by the homelessness service follows nobody, and nobody is kept at, or
    follows others to, a home where their own account or tenancy has ended since.

    Args:
        snaps: The month ends.
    """
    return f"""
        WITH {_beside(snaps)}, {_last_home(snaps)}
        SELECT w.k, w.person_id, w.uprn, round(w.confidence, 6) AS confidence, w.since, w.follows,
               w.only_child
        FROM (SELECT * FROM beside UNION ALL BY NAME SELECT * FROM last_home) w
        WHERE NOT EXISTS (
            SELECT 1 FROM span p WHERE p.person_id = w.person_id AND p.role = 'placement'
            AND w.k BETWEEN p.k_from AND p.k_to)
          AND NOT EXISTS (
            SELECT 1 FROM account_ended e WHERE e.person_id = w.person_id AND e.uprn = w.uprn
            AND w.vouched <= e.day AND w.k BETWEEN e.k_from AND e.k_to)
        QUALIFY row_number() OVER (
            PARTITION BY k, person_id ORDER BY way, rank, confidence DESC, follows) = 1"""


def _beside(snaps: Snapshots) -> str:
    """The homes of others who stood on the same form."""
    return f"""
        stands AS (
            SELECT form, person_id, min(part) AS part, {snaps.first_from("min(known_from)")} AS k
            FROM presence WHERE part <> 'CHILD' GROUP BY form, person_id),
        bounded AS (
            SELECT l.*, CASE
                       WHEN l.ended THEN {snaps.last_until(f"l.last_seen + {MOVED_DAYS}")}
                       WHEN l.part = 'CHILD' THEN coalesce(l.grown_k - 1, {snaps.last})
                       WHEN l.part = 'LEAD' THEN -1
                       ELSE {snaps.last_until(f"l.last_seen + {MEMBER_DAYS}")} END AS until_k
            FROM lost l),
        overlapping AS (
            SELECT l.person_id, c.uprn, c.confidence * {FOLLOW_SHARE} AS confidence, c.since,
                   b.person_id AS follows, l.part = 'CHILD' AS only_child, l.vouched,
                   CASE WHEN l.ended THEN 2 ELSE 1 END AS way,
                   CASE b.part WHEN 'LEAD' THEN 1 ELSE 2 END AS rank,
                   greatest(l.k_from, c.k_from, b.k) AS k_from,
                   least(l.k_to, c.k_to, l.until_k) AS k_to
            FROM bounded l JOIN stands b ON b.form = l.form AND b.person_id <> l.person_id
            JOIN person_span c ON c.person_id = b.person_id AND c.uprn IS NOT NULL
                AND c.k_from <= least(l.k_to, l.until_k) AND c.k_to >= l.k_from
            WHERE NOT l.ended OR (c.uprn IS DISTINCT FROM l.uprn
                                  AND abs(c.since - l.last_seen) <= {TOGETHER_DAYS})),
        beside AS (
            SELECT * EXCLUDE (k_from, k_to), unnest(range(k_from, k_to + 1))::INTEGER AS k
            FROM overlapping WHERE k_from <= k_to)"""


def _last_home(snaps: Snapshots) -> str:
    """The last home of a person, where nobody unrelated has come since."""
    until = snaps.last_until(f"(l.last_seen + {LAST_DAYS})")
    return f"""
        staying AS (
            SELECT l.person_id, l.uprn, l.strength * {LAST_SHARE} AS confidence,
                   l.seen_from AS since, l.last_seen, l.vouched, false AS only_child,
                   unnest(range(l.k_from, least(l.k_to, {until}) + 1))::INTEGER AS k
            FROM lost l WHERE l.uprn IS NOT NULL AND NOT l.ended AND l.part <> 'CHILD'),
        come AS (
            SELECT s.person_id, s.k, max(c.since) AS latest
            FROM staying s JOIN person_span c
              ON c.uprn = s.uprn AND s.k BETWEEN c.k_from AND c.k_to
            GROUP BY s.person_id, s.k),
        last_home AS (
            SELECT s.k, s.person_id, s.uprn, s.confidence, s.since, NULL::BIGINT AS follows,
                   s.only_child, s.vouched, 3 AS way, 1 AS rank
            FROM staying s LEFT JOIN come o USING (person_id, k)
            WHERE (o.latest IS NULL OR o.latest <= s.last_seen)
              AND NOT EXISTS (
                  SELECT 1 FROM span p WHERE p.person_id = s.person_id AND p.source = 'hclic'
                  AND s.k BETWEEN p.k_from AND p.k_to))"""
