"""What is kept of a month's linkage in the identity zone, so that the next month can go on from it.

Absent state, other settings, or a full linkage that is due: all lead back to linking anew.
"""

from __future__ import annotations

from datetime import date
from hashlib import blake2b
from typing import Final

import duckdb
import polars as pl

from contracts.warehouse import month_schema
from linkage.engine import state
from linkage.engine.settings import RECORD
from linkage.people.chain import RULE_IDS, Chain
from linkage.people.identity import known_before
from linkage.people.monthly import Before
from linkage.people.records import CONTENT
from linkage.people.rules import person_settings

_PERSON: Final = "link_state_person"
_RULE_EDGE: Final = "link_state_rule_edge"
_RUN: Final = "link_state_run"
_ENGINE: Final = (
    state.RECORDS,
    state.EDGES,
    state.PAIRS,
    state.MODEL,
    state.FREQUENCIES,
)


def as_tables(chain: Chain, *, full_month: date) -> dict[str, pl.DataFrame]:
    """The state of a month.

    Args:
        chain: Its linkage.
        full_month: The month of the last full linkage that it goes back to.

    Returns:
        The engine's tables, ``link_state_person`` (record_id, cluster), ``link_state_rule_edge``
        (a, b, confidence, weight, rule_id) and ``link_state_run`` (full_month, settings).
    """
    return {
        **state.as_tables(chain.engine),
        _PERSON: chain.whole.links.select(RECORD, "cluster"),
        _RULE_EDGE: chain.whole.edges.filter(pl.col("rule_id").is_in(RULE_IDS)),
        _RUN: pl.DataFrame({"full_month": [full_month], "settings": [_settings()]}),
    }


def before(
    con: duckdb.DuckDBPyConnection, month: date, *, full_every_months: int
) -> tuple[Before, date] | None:
    """What the month before left and the month of its last full linkage.

    None where people are to be linked anew: there is no such month or no state of it, the records
    are compared otherwise than they were, or a full linkage is due.
    """
    last = known_before(con, month)
    if last is None:
        return None
    schema = month_schema(last)
    held = con.execute(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = ?", [schema]
    ).fetchall()
    if not {_PERSON, _RULE_EDGE, _RUN, *_ENGINE} <= {name for (name,) in held}:
        return None
    full_month, settings = con.sql(f"SELECT full_month, settings FROM {schema}.{_RUN}").fetchall()[
        0
    ]
    months = (month.year - full_month.year) * 12 + month.month - full_month.month
    if settings != _settings() or months >= full_every_months:
        return None
    engine = state.from_tables(
        {name: con.sql(f"SELECT * FROM {schema}.{name}").pl() for name in _ENGINE}
    )
    cluster = con.sql(f"SELECT * FROM {schema}.{_PERSON}").pl()
    edges = con.sql(f"SELECT * FROM {schema}.{_RULE_EDGE}").pl()
    return Before(engine=engine, cluster=cluster, edges=edges), full_month


def _settings() -> str:
    """A fingerprint of how records are compared."""
    said = f"{person_settings()!r}|{CONTENT!r}|{RULE_IDS!r}"
    return blake2b(said.encode(), digest_size=16).hexdigest()
