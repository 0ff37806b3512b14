"""What the rules that lean on home and company share: how names fit, and people as found so far.

These rules link records that no key and no probability could: those without a date of birth or
without a name. Each looks at people as they stand (``v``: every record with the cluster that it is
in) and links only where one person fits and nobody else does.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import polars as pl

from linkage.engine.exact import EDGE_SCHEMA
from linkage.engine.link import Linkage
from linkage.engine.settings import RECORD
from linkage.people.rules import initials_agree, names_agree, names_crossed

CAP = 0.85
"""Confidence of a link that rests on a name without a date of birth."""
FULL = 3
"""From this on both names are whole and fit; below, one is an initial or they are crossed."""
SLACK_DAYS = 92
"""Between what two sources say of one home; a whole name may be further apart than an initial."""
SLACK_DAYS_FULL = 730
_ADULT_YEARS = 16

_VIEW = f"""
    CREATE TABLE v AS
    SELECT f.*, l.cluster, bool_or(f.dob IS NOT NULL) OVER whole AS born_known,
           bool_or(f.first IS NOT NULL) OVER whole AS named,
           list(f.since) FILTER (WHERE f.source = 'ctax') OVER whole AS begins,
           list(f.until) FILTER (WHERE f.source = 'ctax') OVER whole AS ends
    FROM frame f JOIN links l USING ({RECORD})
    WINDOW whole AS (PARTITION BY l.cluster)"""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One way of linking what no key and no probability could.

    Attributes:
        rule_id: Name of the rule, kept with every link that it makes.
        fits: ``SELECT`` from ``v``: pairs of people that fit.
        chosen: ``SELECT`` from ``fits`` of a, b, confidence and weight: those that may stand.
    """

    rule_id: str
    fits: str
    chosen: str

    def edges(self, frame: pl.DataFrame, linkage: Linkage, *, threads: int = 2) -> pl.DataFrame:
        """The links that the rule makes: a, b, confidence, weight, rule_id.

        Args:
            frame: Person records.
            linkage: What is linked so far.
            threads: Threads.
        """
        con = duckdb.connect(config={"threads": threads})
        try:
            con.register("frame", frame.to_arrow())
            con.register("links", linkage.links.select(RECORD, "cluster").to_arrow())
            con.execute(_VIEW)
            con.execute(f"CREATE TABLE fits AS {self.fits}")
            found: pl.DataFrame = con.sql(
                f"SELECT *, '{self.rule_id}' AS rule_id FROM ({self.chosen}) ORDER BY a, b"
            ).pl()
            return found.select(list(EDGE_SCHEMA))
        finally:
            con.close()


def over_same_time(days: int) -> str:
    """SQL on ``l.`` and ``r.``: the two stood there at one time, give or take some days."""
    slack = f"INTERVAL {days} DAY"
    return (
        f"(l.since IS NULL OR r.until IS NULL OR l.since <= r.until + {slack})"
        f" AND (r.since IS NULL OR l.until IS NULL OR r.since <= l.until + {slack})"
    )


def name_weight() -> str:
    """SQL: how names fit: 4 the same, 3 forms of the same, 2 crossed, 1 an initial or a slip.

    A slip of the hand in a first name of which neither the sex nor the first letter says that it is
    another: Simon may be typed Sieon, but Mark is not Mary. Otherwise 0.
    """
    first, last = names_agree("first"), names_agree("last")
    slip = (
        "l.last = r.last AND l.initial = r.initial AND l.sex = r.sex"
        " AND least(length(l.first), length(r.first)) >= 4"
        " AND damerau_levenshtein(l.first, r.first) <= 1"
    )
    return f"""
        CASE WHEN l.first = r.first AND l.last = r.last AND length(l.first) > 1 THEN 4
             WHEN {first} AND {last} AND length(l.first) > 1 AND length(r.first) > 1 THEN {FULL}
             WHEN {names_crossed()} THEN 2
             WHEN {last} AND coalesce({initials_agree()}, false) THEN 1
             WHEN coalesce({slip}, false) THEN 1 ELSE 0 END"""


def middles_fit() -> str:
    """SQL: the middle names do not say that these are two people."""
    return "coalesce(left(l.middle, 1) = left(r.middle, 1), true)"


def same_sex() -> str:
    """SQL: the sexes agree, or one is not known.

    Sex is recorded differently by different sources for some people, trans people among them, so
    it decides only between an initial's owners, or between two who would both fit.
    """
    return "coalesce(l.sex = r.sex, true)"


def grown_by_then(pay: str = "l.", born: str = "r.") -> str:
    """SQL: nobody pays council tax before they are grown; a tenancy lists children from its start.

    Args:
        pay: The record that may be council tax.
        born: The record that may have a date of birth.
    """
    return (
        f"({pay}source <> 'ctax' OR {born}dob IS NULL OR {pay}since IS NULL"
        f" OR {pay}since >= {born}dob::DATE + INTERVAL {_ADULT_YEARS} YEAR)"
    )


def alone_together(left: str, right: str) -> str:
    """SQL: one fits only the other, both ways; to be had after ``counted``.

    Args:
        left: Column of the one person.
        right: Column of the other.
    """
    return (
        f"SELECT *, count(*) OVER (PARTITION BY {left}) AS of_left,"
        f" count(*) OVER (PARTITION BY {right}) AS of_right FROM fits"
    )
