"""Links by company: a name, or a child's date of birth, beside the same other person on two forms.

A Universal Credit claim often names no child, and a claim or an approach may hold no address. Who
else stands on the form still says whose it is.
"""

from __future__ import annotations

from linkage.engine.settings import RECORD
from linkage.people.fitting import (
    CAP,
    SLACK_DAYS,
    Rule,
    alone_together,
    grown_by_then,
    middles_fit,
    name_weight,
    over_same_time,
    same_sex,
)
from linkage.people.rules import CHILD_OF_CLAIM, NAME_BESIDE

_CHILD_CONFIDENCE = 0.95


def _beside_sql() -> str:
    """Pairs of clusters that fit by name and stand on forms with one and the same third person."""
    return f"""
        WITH stands AS (SELECT DISTINCT cluster, held_in, born_known FROM v),
        together AS (
            SELECT DISTINCT a.cluster, b.cluster AS third, a.born_known
            FROM stands a JOIN stands b USING (held_in) WHERE a.cluster <> b.cluster),
        likely AS (
            SELECT DISTINCT x.cluster AS one, y.cluster AS two
            FROM together x JOIN together y USING (third)
            WHERE NOT x.born_known AND x.cluster <> y.cluster
              AND NOT EXISTS (
                  SELECT 1 FROM together t WHERE t.cluster = x.cluster AND t.third = y.cluster)),
        pair AS (
            SELECT k.one, k.two, l.{RECORD} AS a, r.{RECORD} AS b, {name_weight()} AS weight,
                   {same_sex()} AND {over_same_time(SLACK_DAYS)} AS near
            FROM likely k JOIN v l ON l.cluster = k.one JOIN v r ON r.cluster = k.two
            WHERE {middles_fit()} AND {grown_by_then()})
        SELECT one, two, min(a) AS a, min(b) AS b, max(weight)::DOUBLE AS weight
        FROM pair WHERE weight >= 2 OR (weight = 1 AND near) GROUP BY one, two"""


def _beside_chosen_sql() -> str:
    return f"""
        WITH counted AS ({alone_together("one", "two")})
        SELECT least(a, b) AS a, greatest(a, b) AS b, {CAP}::DOUBLE AS confidence, weight
        FROM counted WHERE of_left = 1"""


def _children_sql() -> str:
    """Each nameless child and the people born the same day beside an adult of its claim."""
    return f"""
        WITH child AS (
            SELECT cluster, held_in, dob, any_value(sex) AS sex, min({RECORD}) AS record,
                   min(since) AS since, max(until) AS until
            FROM v WHERE NOT named AND dob IS NOT NULL GROUP BY cluster, held_in, dob
            -- Of two children born on one day it cannot be said which is which.
            QUALIFY count(*) OVER (PARTITION BY held_in, dob) = 1
                 OR (count(*) OVER (PARTITION BY held_in, dob, any_value(sex)) = 1
                     AND count(any_value(sex)) OVER (PARTITION BY held_in, dob)
                         = count(*) OVER (PARTITION BY held_in, dob))),
        adult AS (
            SELECT DISTINCT c.cluster AS child, p.cluster AS adult
            FROM child c JOIN v p ON p.held_in = c.held_in
            WHERE p.role IN ('CLAIMANT', 'PARTNER', 'APPLICANT')),
        form AS (SELECT DISTINCT cluster, held_in FROM v),
        beside AS (
            SELECT DISTINCT a.child, f.held_in FROM adult a JOIN form f ON f.cluster = a.adult),
        home AS (
            SELECT DISTINCT a.child, p.uprn, p.postcode FROM adult a JOIN v p ON p.cluster = a.adult
            WHERE p.uprn IS NOT NULL OR p.postcode IS NOT NULL),
        near AS (
            SELECT b.child, p.cluster, p.dob, p.sex, p.named, p.{RECORD}, true AS here FROM beside b
            JOIN v p ON p.held_in = b.held_in
            UNION ALL
            SELECT h.child, p.cluster, p.dob, p.sex, p.named, p.{RECORD}, true FROM home h
            JOIN v p ON p.uprn = h.uprn
            UNION ALL
            SELECT h.child, p.cluster, p.dob, p.sex, p.named, p.{RECORD}, false FROM home h
            JOIN v p ON p.postcode = h.postcode AND (p.uprn IS NULL OR h.uprn IS NULL)
            WHERE p.named)
        SELECT c.cluster AS child, n.cluster AS other, n.named, min(c.record) AS a,
               min(n.{RECORD}) AS b,
               min(CASE WHEN n.here AND n.dob = c.dob THEN 1 WHEN n.here THEN 2 ELSE 3 END) AS far
        FROM child c JOIN near n ON n.child = c.cluster
         AND (n.dob = c.dob OR (n.here AND n.named AND n.sex = c.sex AND {_mistyped()}))
        WHERE n.cluster <> c.cluster AND coalesce(n.sex = c.sex, n.here)
        GROUP BY c.cluster, n.cluster, n.named"""


def _mistyped() -> str:
    """SQL: one of two dates of birth says no more than the year, or has day and month turned."""
    year = "left(n.dob, 4) = left(c.dob, 4)"
    stand_in = "(right(n.dob, 5) = '01-01' OR right(c.dob, 5) = '01-01')"
    turned = (
        "substr(n.dob, 6, 2) = substr(c.dob, 9, 2) AND substr(n.dob, 9, 2) = substr(c.dob, 6, 2)"
    )
    return f"({year} AND ({stand_in} OR ({turned})))"


def _children_chosen_sql() -> str:
    """Links where one named person fits best; else nameless children of the same adult.

    Best is the same date of birth on a form or in a home of the claim's, then one that was mistyped
    there, then the same date and sex in its postcode where one of the two has no property.
    """
    return f"""
        WITH best AS (
            SELECT * FROM fits QUALIFY far = min(far) OVER (PARTITION BY child, named)),
        counted AS (
            SELECT *, count(*) FILTER (WHERE named) OVER (PARTITION BY child) AS people
            FROM best)
        SELECT least(a, b) AS a, greatest(a, b) AS b, {_CHILD_CONFIDENCE}::DOUBLE AS confidence,
               1.0::DOUBLE AS weight
        FROM counted
        WHERE (named AND people = 1) OR (NOT named AND people = 0)"""


NAME_BESIDE_RULE = Rule(rule_id=NAME_BESIDE, fits=_beside_sql(), chosen=_beside_chosen_sql())
"""A name beside the same other person on two forms, where one alone fits."""

CHILD_OF_CLAIM_RULE = Rule(
    rule_id=CHILD_OF_CLAIM, fits=_children_sql(), chosen=_children_chosen_sql()
)
"""Nameless children of a claim, by date of birth beside the same adult."""
