"""Where the people of a claim or a pupil live, from periods that are each recorded once.

A claim is told of month after month. What matters of it are its runs: from when to when it was
known at one home. An older period that is recorded late does not bring back an older home. A
missing address is carried forward while the postcode does not say otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import polars as pl

from contracts.asof import standing_sql
from linkage.households.timeline import least_yet, temp


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

    @property
    def runs(self) -> str:
        """Name of the temporary table of its runs."""
        return f"run_of_{self.table}"


def make_runs(con: duckdb.DuckDBPyConnection, claim: Claim) -> None:
    """Make the table :meth:`Claim.runs`.

    It has claim, home, said, latest, ended, run_from, known_from and state_to.

    Args:
        con: Warehouse with the ``raw`` table of the claim.
        claim: How it tells of claims.
    """
    temp(con, "claim_name", _names_sql(claim))
    runs = runs_of(con.sql(_periods_sql(claim)).pl(), claim.stale_days)
    con.register("claim_runs", runs.to_arrow())
    temp(
        con,
        claim.runs,
        f"""
        SELECT n.{claim.key} AS claim, r.* EXCLUDE (claim)
        FROM claim_runs r JOIN claim_name n USING (claim)""",
    )
    con.unregister("claim_runs")


def _names_sql(claim: Claim) -> str:
    return f"""
        SELECT {claim.key}, row_number() OVER () AS claim
        FROM (SELECT DISTINCT {claim.key} FROM ({standing_sql(claim.table)}))"""


def _periods_sql(claim: Claim) -> str:
    """Every period of each claim, by number, in the order in which they became known."""
    return f"""
        SELECT claim, recorded_date AS known_from, {claim.at} AS latest, {claim.since} AS since,
               {claim.moved_since or claim.since} AS moved_since, {claim.uprn} AS uprn, postcode,
               {claim.ended} AS ended, {claim.says} AS said
        FROM ({standing_sql(claim.table)}) JOIN claim_name USING ({claim.key})
        ORDER BY claim, recorded_date, {claim.at}, extract_date, row_number, delivery_id"""


def runs_of(periods: pl.DataFrame, stale_days: int) -> pl.DataFrame:
    """From when to when each claim was known at one home, in the order of claims and time.

    Args:
        periods: claim, known_from, latest, since, moved_since, uprn, postcode, ended and said; in
            the order of the claim and of when each became known.
        stale_days: Days after which a period says nothing any more.
    """
    alike = _told_alike(_placed(_kept(periods)), stale_days)
    first = pl.col("claim").ne_missing(pl.col("claim").shift(1))
    before = pl.when(~first).then(pl.col("home").shift(1))
    moves = pl.col("home").ne_missing(before).cast(pl.Int64()).cum_sum()
    # Of the claims before.
    others = pl.when(first).then(moves - pl.col("home").is_not_null()).forward_fill()
    goes_on = pl.col("claim") == pl.col("claim").shift(-1)
    begun = pl.when(moves - others <= 1).then("since").otherwise("moved_since")
    return alike.with_columns(begun.alias("begun")).select(
        "claim",
        "home",
        "said",
        "latest",
        "ended",
        "known_from",
        pl.when(goes_on).then(pl.col("known_from").shift(-1)).alias("state_to"),
        least_yet("begun", (first | pl.col("home").ne_missing(before)).cum_sum()).alias("run_from"),
    )


def _kept(periods: pl.DataFrame) -> pl.DataFrame:
    """The latest period of each claim by each day on which one was recorded."""
    last = pl.any_horizontal(
        pl.col(name).ne_missing(pl.col(name).shift(-1)) for name in ("claim", "known_from")
    )
    # A later claim begins above all of the earlier.
    order = pl.col("claim").cast(pl.Int64()) * 2**32 + pl.col("latest").cast(pl.Int64())
    return periods.filter(last & (order == order.cum_max()))


def _placed(kept: pl.DataFrame) -> pl.DataFrame:
    """Each period with its home; a missing one is carried forward."""
    housed = pl.col("uprn").is_not_null()
    told = housed & pl.col("postcode").is_not_null()
    same = pl.col("postcode").is_null() | (pl.col("postcode") == _last("postcode", told))
    carried = pl.when(same.fill_null(value=False)).then(_last("uprn", housed))
    return kept.with_columns(pl.coalesce("uprn", carried).alias("home"))


def _last(column: str, where: pl.Expr) -> pl.Expr:
    """The column of the claim's last row so far of which a condition holds."""
    own = pl.when(where).then("claim").forward_fill() == pl.col("claim")
    return pl.when(own).then(pl.when(where).then(column).forward_fill())


def _told_alike(placed: pl.DataFrame, stale_days: int) -> pl.DataFrame:
    """Periods that follow each other and say the same, taken as one."""
    alike = pl.all_horizontal(
        pl.col(name).eq_missing(pl.col(name).shift(1))
        for name in ("claim", "home", "said", "ended")
    )
    # Silent at a month end: stale before the next was recorded.
    stale = (pl.col("latest").shift(1) + pl.duration(days=stale_days + 1)).dt.month_end()
    goes_on = alike & (stale >= pl.col("known_from")).fill_null(value=False)
    return (
        placed.with_columns((~goes_on).cum_sum().alias("run"))
        .group_by("run", maintain_order=True)
        .agg(
            pl.col("claim", "home", "said", "ended").first(),
            pl.col("latest").max(),
            pl.col("since", "moved_since", "known_from").min(),
        )
    )


def members_sql(claim: Claim, member: str) -> str:
    """``FROM`` of the members of claims with the runs that were known with them.

    Args:
        claim: Its runs are there.
        member: SQL of the members with ``known_from`` and ``known_to``.
    """
    return f"""
        ({member}) m JOIN {claim.runs} c
          ON c.claim = m.{claim.key}
         AND (m.known_to IS NULL OR m.known_to > c.known_from)
         AND (c.state_to IS NULL OR c.state_to > m.known_from)"""


MEMBER_KNOWN = """
    greatest(m.known_from, c.known_from) AS known_from,
    CASE WHEN m.known_to IS NULL THEN c.state_to WHEN c.state_to IS NULL THEN m.known_to
         ELSE least(m.known_to, c.state_to) END AS known_to"""
