"""Requests follow their records where a reorganisation gives these other references."""

from __future__ import annotations

import json

import duckdb

from contracts.tables import TABLES
from linkage.rights.books import append
from linkage.rights.requests import Request, requests

BY, REASON = "crosswalk", "renumbered"
"""Who and why, in the book's row of such a change."""


def follow_references(
    con: duckdb.DuckDBPyConnection, *, source: str, column: str, pairs: str
) -> int:
    """Put every request about a record of a source under the reference that it has now.

    Without this, an objection would end on the day on which councils merge. The book is appended
    to: the request stands as it did, under another number.

    Args:
        con: The identity zone, writable.
        source: The source.
        column: The column with the reference.
        pairs: Table of ``before`` and ``after``.

    Returns:
        How many requests were changed.
    """
    moved = 0
    for one in requests(con):
        if source != (one.source or TABLES[str(one.table)].source):
            continue
        key = dict(one.key)
        if column in key:
            key[column] = _now(con, pairs, str(key[column]))
        local_id = one.local_id
        if local_id is not None:
            local_id = "|".join(_now(con, pairs, part) for part in local_id.split("|"))
        if (key, local_id) != (one.key, one.local_id):
            append(con, "request", [_row(one, key, local_id)])
            moved += 1
    return moved


def _now(con: duckdb.DuckDBPyConnection, pairs: str, value: str) -> str:
    found = con.execute(f"SELECT after FROM {pairs} WHERE before = ?", [value]).fetchall()
    return str(found[0][0]) if found else value


def _row(one: Request, key: dict[str, object], local_id: str | None) -> dict[str, object]:
    return {
        "request_id": one.request_id,
        "step": one.step.value,
        "kind": one.kind.value,
        "reason": REASON,
        "recorded_by": BY,
        # The day of the decision stays: a correction holds from it.
        "recorded_on": one.decided_on or one.received_on,
        "received_on": one.received_on,
        "source": one.source,
        "local_id": local_id,
        "table_name": one.table,
        "key_json": json.dumps(key, sort_keys=True),
        "column_name": one.column,
        "value": one.value,
    }
