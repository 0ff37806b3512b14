"""Which deliveries may no longer be held on a day, and under which rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import duckdb

from contracts.asof import RAW
from contracts.place import Place
from contracts.register import entry_of, kept_until
from contracts.tables import TABLES
from linkage.rights.deleting import exists

SENDERS, PLACES = "retain_until", "keep_months"
"""Rules under which a delivery goes: the sender's date, or the place's own where it is sooner."""


@dataclass(frozen=True, kw_only=True)
class Due:
    """A delivery that may no longer be held.

    Attributes:
        delivery_id: Its key in ``raw.delivery``.
        table: Its table.
        controller: Who answers for the data.
        agreement: The agreement that it came under.
        extract_to: Last day that it covers.
        retain_until: What its manifest said.
        kept_until: Last day on which it could be held.
        rule: Which rule that day comes from.
        loaded_rows: Rows in the loaded table.
        quarantined_rows: Rows in quarantine.
    """

    delivery_id: str
    table: str
    controller: str
    agreement: str
    extract_to: date
    retain_until: date
    kept_until: date
    rule: str
    loaded_rows: int
    quarantined_rows: int


def due_deliveries(con: duckdb.DuckDBPyConnection, *, place: Place, today: date) -> tuple[Due, ...]:
    """Deliveries whose last day has passed, in order of their ids.

    Args:
        con: The identity zone.
        place: The place.
        today: The day.
    """
    if not exists(con, RAW, "delivery"):
        return ()
    rows = con.execute(
        f"""SELECT delivery_id, table_name, controller, sharing_agreement_ref, extract_to,
               retain_until, holder, loaded_rows, quarantined_rows
        FROM {RAW}.delivery ORDER BY delivery_id"""
    ).fetchall()
    found = []
    for delivery_id, table, controller, agreement, extract_to, retain_until, code, *counts in rows:
        until, rule = _last_day(place, (table, code), extract_to, retain_until)
        if until < today:
            found.append(
                Due(
                    delivery_id=delivery_id,
                    table=table,
                    controller=controller,
                    agreement=agreement,
                    extract_to=extract_to,
                    retain_until=retain_until,
                    kept_until=until,
                    rule=rule,
                    loaded_rows=counts[0],
                    quarantined_rows=counts[1],
                )
            )
    return tuple(found)


def _last_day(
    place: Place, of: tuple[str, str], extract_to: date, retain_until: date
) -> tuple[date, str]:
    """A source that left the settings keeps the sender's date: nothing shorter is agreed."""
    table, code = of
    settings = (place.sources | place.absent).get(TABLES[table].source)
    if settings is None:
        return retain_until, SENDERS
    entry = entry_of(settings, code=code)
    until = kept_until(entry, extract_to=extract_to, retain_until=retain_until)
    return until, SENDERS if until == retain_until else PLACES
