"""Links that lean on the home: names without a date of birth, and children without a name.

Council tax holds no dates of birth, and a Universal Credit claim often names no child. Both are
linked only where exactly one person fits, and never more surely than the cap.
"""

from __future__ import annotations

import duckdb
import polars as pl

from linkage.engine.exact import EDGE_SCHEMA
from linkage.engine.link import Linkage
from linkage.engine.settings import RECORD
from linkage.people.rules import (
    CHILD_OF_CLAIM,
    NAME_AT_HOME,
    NAME_MOVED,
    initials_agree,
    names_agree,
    names_crossed,
)

CAP = 0.85
_CHILD_CONFIDENCE = 0.95
# Between what two sources say of one home: a full name may be further apart than an initial.
_SLACK_DAYS = 92
_SLACK_DAYS_FULL = 730
_FULL = 3
_ADULT_YEARS = 16


def name_at_home(frame: pl.DataFrame, linkage: Linkage, *, threads: int = 2) -> pl.DataFrame:
    """People of whom no record has a date of birth, by name at one home over the same time.

    Args:
        frame: Person records.
        linkage: What is linked so far.
        threads: Threads.

    Returns:
        Edges between records: a, b, confidence, weight, rule_id.
    """
    return _edges(_fits_sql(), _chosen_sql(), frame, linkage, threads)


def name_moved(frame: pl.DataFrame, linkage: Linkage, *, threads: int = 2) -> pl.DataFrame:
    """Council tax accounts of a mover: one ends on the day on which the other begins.

    Args:
        frame: Person records.
        linkage: What is linked so far.
        threads: Threads.

    Returns:
        Edges between records: a, b, confidence, weight, rule_id.
    """
    return _edges(_moved_sql(), _moved_chosen_sql(), frame, linkage, threads)


def child_of_claim(frame: pl.DataFrame, linkage: Linkage, *, threads: int = 2) -> pl.DataFrame:
    """Nameless children of a claim, by date of birth beside the same adult.

    Args:
        frame: Person records.
        linkage: What is linked so far.
        threads: Threads.

    Returns:
        Edges between records: a, b, confidence, weight, rule_id.
    """
    return _edges(_children_sql(), _children_chosen_sql(), frame, linkage, threads)


def _edges(
    fits: str, chosen: str, frame: pl.DataFrame, linkage: Linkage, threads: int
) -> pl.DataFrame:
    con = duckdb.connect(config={"threads": threads})
    try:
        con.register("frame", frame.to_arrow())
        con.register("links", linkage.links.select(RECORD, "cluster").to_arrow())
        con.execute(
            f"""CREATE TABLE v AS
                SELECT f.*, l.cluster, bool_or(f.dob IS NOT NULL) OVER whole AS born_known,
                       bool_or(f.first IS NOT NULL) OVER whole AS named,
                       list(f.since) FILTER (WHERE f.source = 'ctax') OVER whole AS begins,
                       list(f.until) FILTER (WHERE f.source = 'ctax') OVER whole AS ends
                FROM frame f JOIN links l USING ({RECORD})
                WINDOW whole AS (PARTITION BY l.cluster)"""
        )
        con.execute(f"CREATE TABLE fits AS {fits}")
        found: pl.DataFrame = con.sql(chosen).pl()
        return found.select(list(EDGE_SCHEMA))
    finally:
        con.close()


def _over_same_time(days: int) -> str:
    slack = f"INTERVAL {days} DAY"
    return (
        f"(l.since IS NULL OR r.until IS NULL OR l.since <= r.until + {slack})"
        f" AND (r.since IS NULL OR l.until IS NULL OR r.since <= l.until + {slack})"
    )


def _name_weight() -> str:
    """How well two names fit: 4 the same, 3 forms of the same, 2 crossed, 1 an initial, else 0."""
    first, last = names_agree("first"), names_agree("last")
    return f"""
        CASE WHEN l.first = r.first AND l.last = r.last AND length(l.first) > 1 THEN 4
             WHEN {first} AND {last} AND length(l.first) > 1 AND length(r.first) > 1 THEN {_FULL}
             WHEN {names_crossed()} THEN 2
             WHEN {last} AND coalesce({initials_agree()}, false) THEN 1 ELSE 0 END"""


def _middles_fit() -> str:
    """SQL: the middle names do not say that these are two people."""
    return "coalesce(left(l.middle, 1) = left(r.middle, 1), true)"


def _fits_sql() -> str:
    """Pairs of clusters that fit by name at one home; ``weight`` says how well."""
    place = "(l.uprn = r.uprn OR (l.building = r.building AND l.building IN (l.uprn, r.uprn)))"
    # Nobody pays council tax before they are grown; a tenancy lists children from its start.
    adult = (
        "(l.source <> 'ctax' OR r.dob IS NULL OR l.since IS NULL"
        f" OR l.since >= r.dob::DATE + INTERVAL {_ADULT_YEARS} YEAR)"
    )
    return f"""
        WITH pair AS (
            SELECT l.cluster AS unborn, r.cluster AS other, r.born_known,
                   l.{RECORD} AS a, r.{RECORD} AS b,
                   {_over_same_time(_SLACK_DAYS)} AS near, {_name_weight()} AS weight
            FROM v l JOIN v r ON l.building = r.building AND {place}
            WHERE NOT l.born_known AND l.cluster <> r.cluster AND l.held_in <> r.held_in
              AND coalesce(l.sex = r.sex, true) AND {_middles_fit()} AND {adult}
              AND {_over_same_time(_SLACK_DAYS_FULL)})
        SELECT unborn, other, bool_or(born_known) AS other_born, min(a) AS a, min(b) AS b,
               max(weight)::DOUBLE AS weight
        FROM pair WHERE weight >= {_FULL} OR (weight > 0 AND near)
        GROUP BY unborn, other"""


def _chosen_sql() -> str:
    """The one person with a date of birth who fits; where there is none, others like it."""
    return f"""
        WITH best AS (
            SELECT *, max(weight) OVER (PARTITION BY unborn, other_born) AS top
            FROM fits),
        counted AS (
            SELECT *, count(*) OVER (PARTITION BY unborn, other_born) AS near,
                   bool_or(other_born) OVER (PARTITION BY unborn) AS any_born
            FROM best WHERE weight = top OR (top >= {_FULL} AND weight >= {_FULL}))
        SELECT least(a, b) AS a, greatest(a, b) AS b, {CAP}::DOUBLE AS confidence, weight,
               '{NAME_AT_HOME}' AS rule_id
        FROM counted
        WHERE (other_born AND near = 1) OR (NOT any_born AND weight >= 2)
        ORDER BY 1, 2"""


def _moved_sql() -> str:
    """Pairs of council tax clusters, one leaving a home as the other comes to another.

    Who already has an account that goes on from that day is not looking for another.
    """
    return f"""
        SELECT l.cluster AS left_by, r.cluster AS come_to, min(l.{RECORD}) AS a,
               min(r.{RECORD}) AS b, max({_name_weight()})::DOUBLE AS weight
        FROM v l JOIN v r ON r.since = l.until
        WHERE l.source = 'ctax' AND r.source = 'ctax' AND l.cluster <> r.cluster
          AND l.held_in <> r.held_in AND coalesce(l.sex = r.sex, true) AND {_middles_fit()}
          AND (l.first = r.first OR list_has_any(l.first_forms, r.first_forms)
               OR {initials_agree()})
          AND (l.last = r.last OR list_has_any(l.last_forms, r.last_forms))
          AND NOT coalesce(list_contains(l.begins, l.until), false)
          AND NOT coalesce(list_contains(r.ends, r.since), false)
        GROUP BY l.cluster, r.cluster"""


def _moved_chosen_sql() -> str:
    """Where one alone left and one alone came under that name on that day."""
    return f"""
        WITH counted AS (
            SELECT *, count(*) OVER (PARTITION BY left_by) AS came,
                   count(*) OVER (PARTITION BY come_to) AS went FROM fits)
        SELECT least(a, b) AS a, greatest(a, b) AS b, {CAP}::DOUBLE AS confidence, weight,
               '{NAME_MOVED}' AS rule_id
        FROM counted WHERE came = 1 AND went = 1 ORDER BY 1, 2"""


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
            SELECT DISTINCT a.child, p.uprn FROM adult a JOIN v p ON p.cluster = a.adult
            WHERE p.uprn IS NOT NULL),
        near AS (
            SELECT b.child, p.cluster, p.dob, p.sex, p.named, p.{RECORD} FROM beside b
            JOIN v p ON p.held_in = b.held_in
            UNION ALL
            SELECT h.child, p.cluster, p.dob, p.sex, p.named, p.{RECORD} FROM home h
            JOIN v p ON p.uprn = h.uprn)
        SELECT c.cluster AS child, n.cluster AS other, n.named, min(c.record) AS a,
               min(n.{RECORD}) AS b
        FROM child c JOIN near n ON n.child = c.cluster AND n.dob = c.dob
        WHERE n.cluster <> c.cluster AND coalesce(n.sex = c.sex, true)
        GROUP BY c.cluster, n.cluster, n.named"""


def _children_chosen_sql() -> str:
    """Links where one named person fits; else nameless children of the same adult."""
    return f"""
        WITH counted AS (
            SELECT *, count(*) FILTER (WHERE named) OVER (PARTITION BY child) AS people
            FROM fits)
        SELECT least(a, b) AS a, greatest(a, b) AS b, {_CHILD_CONFIDENCE}::DOUBLE AS confidence,
               1.0::DOUBLE AS weight, '{CHILD_OF_CLAIM}' AS rule_id
        FROM counted
        WHERE (named AND people = 1) OR (NOT named AND people = 0)
        ORDER BY 1, 2"""
