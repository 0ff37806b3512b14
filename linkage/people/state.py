"""What is kept of a month's linkage in the identity zone, so that the next month can go on from it.

Absent state, other settings, or a full linkage that is due: all lead back to linking anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import Final

import duckdb
import polars as pl

from contracts.warehouse import month_schema
from linkage.engine import state
from linkage.engine.settings import RECORD
from linkage.people.chain import RULE_IDS, RULES, Chain
from linkage.people.identity import known_before
from linkage.people.monthly import Before
from linkage.people.records import CONTENT
from linkage.people.rules import person_settings

_PERSON: Final = "link_state_person"
_RULE_EDGE: Final = "link_state_rule_edge"
_RUN: Final = "link_state_run"
_MOST_NEW: Final = 0.2
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


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What a month left for the next.

    Attributes:
        before: Its linkage.
        full_month: The month of the last full linkage that it goes back to.
    """

    before: Before
    full_month: date

    def due(self, month: date, frame: pl.DataFrame, *, full_every_months: int) -> bool:
        """Whether all records are to be linked anew.

        So it is every so many months, and where so much is new that the kept model may not speak
        for it, as with the first delivery of a source.
        """
        months = (month.year - self.full_month.year) * 12 + month.month - self.full_month.month
        there = frame.join(self.before.cluster, on=RECORD, how="semi").height
        return months >= full_every_months or there < (1 - _MOST_NEW) * frame.height


def kept(con: duckdb.DuckDBPyConnection, month: date) -> Kept | None:
    """What the month before left; None where it left nothing, or records are compared otherwise."""
    last = known_before(con, month)
    if last is None:
        return None
    schema = month_schema(last)
    held = con.execute(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = ?", [schema]
    ).fetchall()
    if not {_PERSON, _RULE_EDGE, _RUN, *_ENGINE} <= {name for (name,) in held}:
        return None
    run = con.sql(f"SELECT full_month, settings FROM {schema}.{_RUN}").fetchall()
    full_month, settings = run[0]
    if settings != _settings():
        return None
    engine = state.from_tables(
        {name: con.sql(f"SELECT * FROM {schema}.{name}").pl() for name in _ENGINE}
    )
    cluster = con.sql(f"SELECT * FROM {schema}.{_PERSON}").pl()
    edges = con.sql(f"SELECT * FROM {schema}.{_RULE_EDGE}").pl()
    return Kept(before=Before(engine=engine, cluster=cluster, edges=edges), full_month=full_month)


def _settings() -> str:
    """A fingerprint of how records are compared."""
    said = f"{person_settings()!r}|{CONTENT!r}|{RULES!r}"
    return blake2b(said.encode(), digest_size=16).hexdigest()
