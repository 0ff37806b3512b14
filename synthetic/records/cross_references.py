"""Numbers that other systems have for a property, and property numbers that took others' place."""

from __future__ import annotations

import numpy as np
import polars as pl

from synthetic.population import COUNCIL
from synthetic.records.base import Context, frame, references
from synthetic.records.ctax import Accounts
from synthetic.streams import Ints, Strings

MISSING = 0.02


def cross_references(context: Context, book: Accounts) -> dict[str, pl.DataFrame]:
    """``llpg_xref`` and ``uprn_succession``."""
    homes = context.world.dwellings
    billed = np.unique(book.dwelling)
    billed = billed[context.streams.each("xref:ctax", billed) >= MISSING]
    council = np.flatnonzero(homes.tenure[: homes.homes] == COUNCIL)
    return {
        "llpg_xref": pl.concat(
            [
                _lines(context, billed, "ctax_propref", references("P", billed, 9)),
                _lines(context, council, "housing_propref", references("HP", council, 7)),
            ]
        ),
        "uprn_succession": _successions(context),
    }


def _lines(context: Context, home: Ints, source: str, number: Strings) -> pl.DataFrame:
    old = np.floor(8000 * context.streams.each(f"xref:{source}", home)).astype(np.int64)
    start = context.first_day - 200 - old
    columns = {
        "uprn": context.world.dwellings.uprn[home],
        "xref_source": np.full(len(home), source),
        "xref_id": number,
        "start_date": start,
    }
    return frame("llpg_xref", columns, start + 5)


def _successions(context: Context) -> pl.DataFrame:
    """Provisional numbers of new homes, and numbers of houses that were divided or joined."""
    homes = context.world.dwellings
    rows = np.arange(homes.homes)
    changed = rows[context.streams.each("succession", rows) < 0.004]
    span = context.last_day - context.first_day
    moment = context.first_day + np.floor(span * context.streams.each("succession:when", changed))
    u = context.streams.each("succession:how", changed)
    inside = homes.parent[changed] >= 0
    kind = np.where(inside & (u < 0.6), "split", np.where(u < 0.9, "replace", "merge"))
    day = moment.astype(np.int64)
    columns = {
        # Numbers below the first that is in use were never anybody's home here.
        "old_uprn": homes.uprn[0] - 13 * (1 + np.arange(len(changed))),
        "new_uprn": homes.uprn[changed],
        "change_date": day,
        "change_type": kind,
    }
    return frame("uprn_succession", columns, day + 9)
