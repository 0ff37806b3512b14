"""What reviewers decided of doubtful pairs: appended, never changed, and in force from then on.

The latest decision on a pair stands. ``SAME`` joins the two records whatever else is known and
``DIFFERENT`` keeps them apart; ``CANNOT_TELL`` leaves them to the rules. Each decision keeps the
band that the pair was drawn from and how many pairs it stands for, so that the true error of a band
can be told with an interval.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from math import sqrt

import duckdb
import polars as pl

from contracts.errors import DataMissing, SettingsError
from contracts.warehouse import month_schema
from linkage.engine.settings import RECORD

SCHEMA = "review"
TABLE = f"{SCHEMA}.clerical_decision"
_COLUMNS = """
    decided_on DATE, month DATE, pair_id VARCHAR, source_a VARCHAR, local_id_a VARCHAR,
    source_b VARCHAR, local_id_b VARCHAR, band VARCHAR, status VARCHAR, confidence DOUBLE,
    stands_for DOUBLE, decision VARCHAR, reviewer VARCHAR, number BIGINT"""
_NORMAL_95 = 1.959964


class Decision(StrEnum):
    """What a reviewer can say of a pair."""

    SAME = "same"
    DIFFERENT = "different"
    CANNOT_TELL = "cannot tell"


class Status(StrEnum):
    """How a pair stood when it was chosen for review."""

    LINKED = "LINKED"
    NOT_LINKED = "NOT_LINKED"
    KEPT_APART = "KEPT_APART"


def record_pair_decision(
    con: duckdb.DuckDBPyConnection,
    *,
    month: date,
    pair_id: str,
    decision: Decision,
    reviewer: str,
    decided_on: date,
) -> None:
    """Append a decision.

    Args:
        con: Identity zone, writable.
        month: Month for which the pair was chosen.
        pair_id: The pair, as its page names it.
        decision: What the reviewer says.
        reviewer: Their name.
        decided_on: Day of the decision.

    Raises:
        SettingsError: If no reviewer is named.
        DataMissing: If the month has no such pair.
    """
    if not reviewer.strip():
        raise SettingsError(
            "A decision on a pair needs the name of the reviewer.", next_step="Give --reviewer."
        )
    ensure_decisions(con)
    table = f"{month_schema(month)}.clerical_pair"
    found = (
        con.execute(f"SELECT count(*) FROM {table} WHERE pair_id = ?", [pair_id]).fetchall()
        if _exists(con, month_schema(month), "clerical_pair")
        else [(0,)]
    )
    if not found[0][0]:
        raise DataMissing(
            f"There is no such pair to review in {month:%Y-%m}.",
            next_step="List the month's pairs and choose one of them.",
        )
    con.execute(
        f"""INSERT INTO {TABLE}
            SELECT ?, ?, pair_id, source_a, local_id_a, source_b, local_id_b, band, status,
                   confidence, stands_for, ?, ?, (SELECT count(*) FROM {TABLE})
            FROM {table} WHERE pair_id = ?""",
        [decided_on, month, str(decision), reviewer.strip(), pair_id],
    )


def ensure_decisions(con: duckdb.DuckDBPyConnection) -> None:
    """Make the table of decisions where it is missing."""
    con.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
    con.execute(f"CREATE TABLE IF NOT EXISTS {TABLE} ({_COLUMNS})")


def decisions_until(con: duckdb.DuckDBPyConnection, month: date) -> pl.DataFrame:
    """The decision that stands on each pair at the end of a month, one row a pair.

    A decision of the month's own pairs is made after its end: it is in force from the next month
    on, and when that month is linked again.
    """
    if not _exists(con, SCHEMA, "clerical_decision"):
        return pl.DataFrame(schema={"pair_id": pl.String(), "decision": pl.String()})
    found: pl.DataFrame = con.sql(
        f"""SELECT * FROM {TABLE} WHERE month <= DATE '{month.isoformat()}'
            QUALIFY row_number() OVER (PARTITION BY pair_id ORDER BY number DESC) = 1
            ORDER BY pair_id"""
    ).pl()
    return found


def decided_records(decisions: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
    """Decisions on pairs of records, as the engine takes them.

    Args:
        decisions: From :func:`decisions_until`.
        frame: Person records with ``record_id``, ``source`` and ``local_id``.

    Returns:
        a, b (record ids) and same.
    """
    empty = pl.DataFrame(schema={"a": pl.Int64(), "b": pl.Int64(), "same": pl.Boolean()})
    told = decisions.filter(pl.col("decision") != Decision.CANNOT_TELL.value)
    if told.is_empty():
        return empty
    record = frame.group_by("source", "local_id").agg(pl.col(RECORD).min())
    for side in ("a", "b"):
        on = [f"source_{side}", f"local_id_{side}"]
        told = told.join(record.rename({"source": on[0], "local_id": on[1], RECORD: side}), on=on)
    return told.select("a", "b", (pl.col("decision") == Decision.SAME.value).alias("same")).sort(
        "a", "b"
    )


def error_by_band(decisions: pl.DataFrame) -> pl.DataFrame:
    """``clerical_error``: the share of each band's pairs that the rules had wrong.

    A linked pair is wrong where the reviewer says that it is two people, any other where they say
    that it is one. Pairs count for those that they stand for; the interval (95 %) is Wilson's at
    the number of pairs that so weighted a sample amounts to.

    Args:
        decisions: From :func:`decisions_until`.

    Returns:
        band, status, reviewed, cannot_tell, wrong, share_wrong, share_low, share_high.
    """
    rows = []
    keys = ("band", "status")
    if decisions.height:
        for (band, status), part in decisions.sort(keys).group_by(keys, maintain_order=True):
            rows.append((band, status, *_error(part, str(status))))
    return pl.DataFrame(rows, schema=_ERROR_SCHEMA, orient="row")


_ERROR_SCHEMA = {
    "band": pl.String(),
    "status": pl.String(),
    "reviewed": pl.Int64(),
    "cannot_tell": pl.Int64(),
    "wrong": pl.Int64(),
    "share_wrong": pl.Float64(),
    "share_low": pl.Float64(),
    "share_high": pl.Float64(),
}


def _error(part: pl.DataFrame, status: str) -> tuple[object, ...]:
    said = Decision.DIFFERENT if status == Status.LINKED else Decision.SAME
    told = part.filter(pl.col("decision") != Decision.CANNOT_TELL.value)
    unclear = part.height - told.height
    if told.is_empty():
        return (part.height, unclear, 0, None, None, None)
    weight = told["stands_for"].to_numpy()
    wrong = (told["decision"] == said.value).to_numpy()
    share = float((weight * wrong).sum() / weight.sum())
    count = float(weight.sum() ** 2 / (weight**2).sum())
    low, high = _wilson(share, count)
    return (part.height, unclear, int(wrong.sum()), round(share, 6), low, high)


def _wilson(share: float, count: float) -> tuple[float, float]:
    z = _NORMAL_95
    centre = share + z * z / (2 * count)
    spread = z * sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    scale = 1 + z * z / count
    low, high = (centre - spread) / scale, (centre + spread) / scale
    return round(max(low, 0.0), 6), round(min(high, 1.0), 6)


def _exists(con: duckdb.DuckDBPyConnection, schema: str, table: str) -> bool:
    found = con.execute(
        "SELECT count(*) FROM information_schema.tables WHERE table_schema = ? AND table_name = ?",
        [schema, table],
    ).fetchall()
    return bool(found[0][0])
