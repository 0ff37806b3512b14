"""Links by a name at one home: council tax holds no dates of birth.

A name alone is nobody's: a link needs the same home over the same time, or the day of a move, and
exactly one person who fits.
"""

from __future__ import annotations

from linkage.engine.settings import RECORD
from linkage.people.fitting import (
    CAP,
    FULL,
    SLACK_DAYS,
    SLACK_DAYS_FULL,
    Rule,
    alone_together,
    grown_by_then,
    middles_fit,
    name_weight,
    over_same_time,
    same_sex,
)
from linkage.people.rules import (
    NAME_AT_HOME,
    NAME_AT_POSTCODE,
    NAME_MOVED,
    NEW_SURNAME,
    initials_agree,
    names_agree,
)

_BEGAN_TOGETHER_DAYS = 31
# Council tax lines under one name among which an account that ends and one that begins on the same
# day are one mover's: with years of accounts, chance brings fewer than one such day in a hundred.
# An initial may be anybody's of several first names.
_MOST_BEARERS = 12
_MOST_OF_INITIAL = 4


def _fits_sql() -> str:
    """Pairs of clusters that fit by name at one home; ``weight`` says how well."""
    place = "(l.uprn = r.uprn OR (l.building = r.building AND l.building IN (l.uprn, r.uprn)))"
    return f"""
        WITH pair AS (
            SELECT l.cluster AS unborn, r.cluster AS other, r.born_known,
                   l.{RECORD} AS a, r.{RECORD} AS b, {same_sex()} AS alike,
                   {over_same_time(SLACK_DAYS)} AS near, {name_weight()} AS weight
            FROM v l JOIN v r ON l.building = r.building AND {place}
            WHERE NOT l.born_known AND l.cluster <> r.cluster AND l.held_in <> r.held_in
              AND {middles_fit()} AND {grown_by_then()} AND {over_same_time(SLACK_DAYS_FULL)})
        SELECT unborn, other, bool_or(born_known) AS other_born, min(a) AS a, min(b) AS b,
               bool_or(alike) AS alike, max(weight)::DOUBLE AS weight
        FROM pair WHERE weight >= {FULL} OR (weight > 0 AND near AND (alike OR weight = 2))
        GROUP BY unborn, other"""


def _chosen_sql() -> str:
    """The one person with a date of birth who fits; where there is none, others like it."""
    return f"""
        WITH likely AS (
            SELECT * FROM fits
            QUALIFY alike = bool_or(alike) OVER (PARTITION BY unborn, other_born)),
        best AS (
            SELECT *, max(weight) OVER (PARTITION BY unborn, other_born) AS top
            FROM likely),
        counted AS (
            SELECT *, count(*) OVER (PARTITION BY unborn, other_born) AS near,
                   bool_or(other_born) OVER (PARTITION BY unborn) AS any_born
            FROM best WHERE weight = top OR (top >= {FULL} AND weight >= {FULL}))
        SELECT least(a, b) AS a, greatest(a, b) AS b, {CAP}::DOUBLE AS confidence, weight
        FROM counted
        WHERE (other_born AND near = 1) OR (NOT any_born AND weight >= 2)"""


def _renamed_sql() -> str:
    """Pairs of clusters of one first name at one home at one time whose last names differ.

    Who came long before the account did is another, and who is on that home's council tax under
    the other name already is not looking for a line.
    """
    first = "(l.first = r.first OR list_has_any(l.first_forms, r.first_forms))"
    return f"""
        WITH line AS (SELECT cluster, source, uprn, since, until FROM v)
        SELECT l.cluster AS unborn, r.cluster AS other, min(l.{RECORD}) AS a,
               min(r.{RECORD}) AS b, bool_or(l.last <> r.last AND NOT {names_agree("last")})
                   AS renamed
        FROM v l JOIN v r ON l.uprn = r.uprn
        WHERE NOT l.born_known AND r.born_known AND l.cluster <> r.cluster
          AND l.held_in <> r.held_in AND length(l.first) > 2 AND length(r.first) > 2 AND {first}
          AND l.last IS NOT NULL AND r.last IS NOT NULL AND {same_sex()} AND {middles_fit()}
          AND {grown_by_then()} AND {over_same_time(0)}
          AND coalesce(r.since >= l.since - INTERVAL {_BEGAN_TOGETHER_DAYS} DAY, false)
          AND NOT EXISTS (
              SELECT 1 FROM line t WHERE t.cluster = r.cluster AND t.source = l.source
              AND t.uprn = l.uprn AND coalesce(t.since <= l.until, true)
              AND coalesce(l.since <= t.until, true))
        GROUP BY l.cluster, r.cluster"""


def _renamed_chosen_sql() -> str:
    return f"""
        WITH counted AS ({alone_together("unborn", "other")})
        SELECT least(a, b) AS a, greatest(a, b) AS b, {CAP}::DOUBLE AS confidence,
               1.0::DOUBLE AS weight
        FROM counted WHERE renamed AND of_left = 1 AND of_right = 1"""


def _near_sql() -> str:
    """Pairs of clusters of one name in one postcode at one time, where one has no property."""
    together = f"coalesce(abs(date_diff('day', l.since, r.since)) <= {_BEGAN_TOGETHER_DAYS}, false)"
    rare = "l.name_rare AND r.name_rare AND r.source = 'ctax'"
    return f"""
        WITH pair AS (
            SELECT l.cluster AS claim, r.cluster AS home, l.{RECORD} AS a, r.{RECORD} AS b,
                   {name_weight()} AS weight, l.postcode, {together} AS together,
                   {rare} AS rare
            FROM v l JOIN v r ON l.postcode = r.postcode
            WHERE l.uprn IS NULL AND r.uprn IS NOT NULL AND l.cluster <> r.cluster
              AND l.held_in <> r.held_in AND NOT (l.born_known AND r.born_known)
              AND {middles_fit()} AND {grown_by_then("r.", "l.")} AND {over_same_time(0)})
        SELECT claim, home, min(a) AS a, min(b) AS b, max(weight)::DOUBLE AS weight,
               count(DISTINCT postcode) > 1 OR bool_or(together)
               OR bool_or(coalesce(rare, false)) AS one_more
        FROM pair WHERE weight > 0 GROUP BY claim, home"""


def _near_chosen_sql() -> str:
    return f"""
        WITH counted AS ({alone_together("claim", "home")})
        SELECT least(a, b) AS a, greatest(a, b) AS b, {CAP}::DOUBLE AS confidence, weight
        FROM counted
        WHERE one_more AND weight >= {FULL} AND of_left = 1 AND of_right = 1"""


def _moved_sql() -> str:
    """Pairs of council tax clusters, one leaving a home as the other comes to another.

    Who already has an account that goes on from that day is not looking for another. A name that
    many in the place have comes and goes on one day by chance.
    """
    return f"""
        SELECT l.cluster AS left_by, r.cluster AS come_to, min(l.{RECORD}) AS a,
               min(r.{RECORD}) AS b, max({name_weight()})::DOUBLE AS weight
        FROM v l JOIN v r ON r.since = l.until
        WHERE CASE WHEN least(length(l.first), length(r.first)) > 1
                   THEN r.name_lines <= {_MOST_BEARERS}
                   ELSE r.initial_lines <= {_MOST_OF_INITIAL} END
          AND l.source = 'ctax' AND r.source = 'ctax' AND l.cluster <> r.cluster
          AND l.held_in <> r.held_in AND {same_sex()} AND {middles_fit()}
          AND (l.first = r.first OR list_has_any(l.first_forms, r.first_forms)
               OR {initials_agree()})
          AND (l.last = r.last OR list_has_any(l.last_forms, r.last_forms))
          AND NOT coalesce(list_contains(l.begins, l.until), false)
          AND NOT coalesce(list_contains(r.ends, r.since), false)
        GROUP BY l.cluster, r.cluster"""


def _moved_chosen_sql() -> str:
    """Where one alone left and one alone came under that name on that day."""
    return f"""
        WITH counted AS ({alone_together("left_by", "come_to")})
        SELECT least(a, b) AS a, greatest(a, b) AS b, {CAP}::DOUBLE AS confidence, weight
        FROM counted WHERE of_left = 1 AND of_right = 1"""


NAME_AT_HOME_RULE = Rule(rule_id=NAME_AT_HOME, fits=_fits_sql(), chosen=_chosen_sql())
"""People of whom no record has a date of birth, by name at one home over the same time."""

NEW_SURNAME_RULE = Rule(rule_id=NEW_SURNAME, fits=_renamed_sql(), chosen=_renamed_chosen_sql())
"""A surname that changed in one source only: first name, home and time agree, once each."""

NAME_AT_POSTCODE_RULE = Rule(rule_id=NAME_AT_POSTCODE, fits=_near_sql(), chosen=_near_chosen_sql())
"""A claim with a postcode but no property, by a whole name, the time, and one thing more.

A name and a postcode alone link nobody. The one thing more is a second postcode, a claim that
began as the home was taken, or a name so rare that chance brings no second one to a postcode."""

NAME_MOVED_RULE = Rule(rule_id=NAME_MOVED, fits=_moved_sql(), chosen=_moved_chosen_sql())
"""Council tax accounts of a mover: one ends on the day on which the other begins."""
