"""The feature and label tables as arrays: rows in order of month, then household."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import duckdb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from contracts.errors import DataMissing
from contracts.months import add_months, days_after
from contracts.place import Outcome, Place, Windows
from contracts.warehouse import month_schema
from models.sampling import (
    Days,
    Flags,
    Floats,
    Ints,
    Matrix,
    Sample,
    keep_share,
    keyed_uniform,
    thin,
)
from models.spec import FeatureSpec
from models.tables import need_table

KEYS = ("household_id", "snapshot_date")
OTHERS_PER_EVENT = 8.0
"""Rows without an event that are enough for each row with one."""


@dataclass(frozen=True, kw_only=True)
class Panel:
    """Every household at every month end.

    Attributes:
        specs: What each column of ``x`` is.
        x: Feature values; NaN where not known.
        household: Whose row it is.
        day: The month end, in order.
        area: Position of its neighbourhood among the place's; -1 for none of them.
        restricted: Whether a safety rule keeps it off every list.
        communal: Whether the home is communal.
    """

    specs: tuple[FeatureSpec, ...]
    x: Matrix
    household: Ints
    day: Days
    area: Ints
    restricted: Flags
    communal: Flags

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns of ``x``."""
        return tuple(spec.name for spec in self.specs)

    def rows(self, months: Sequence[date]) -> NDArray[np.intp]:
        """Positions of the rows of some months."""
        return np.flatnonzero(np.isin(self.day, np.array(months, dtype="datetime64[D]")))


@dataclass(frozen=True, kw_only=True)
class Labels:
    """One outcome, aligned with a panel's rows.

    Attributes:
        eligible: In the population that a list is made from.
        supported: In the service for this outcome already.
        y: 1.0 where the event came, 0.0 where it did not, NaN where that is not known.
        lead_days: Days to the event; NaN where none came.
    """

    eligible: Flags
    supported: Flags
    y: Floats
    lead_days: Floats

    @property
    def open(self) -> Flags:
        """Rows that could be listed for this outcome."""
        return self.eligible & ~self.supported

    @property
    def known(self) -> Flags:
        """Rows that could be listed and whose outcome is known."""
        return self.open & ~np.isnan(self.y)


def feature_columns(connection: duckdb.DuckDBPyConnection, month: date) -> list[str]:
    """Names of the feature table's features, in its order.

    Raises:
        DataMissing: If the table was not made for the month.
    """
    schema = month_schema(month)
    found = connection.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = ? AND "
        "table_name = 'feature' ORDER BY ordinal_position",
        [schema],
    ).fetchall()
    if not found:
        raise DataMissing(
            f"There is no feature table for {month}.", next_step="Build the features first."
        )
    return [name for (name,) in found if name not in KEYS]


def load_panel(
    connection: duckdb.DuckDBPyConnection,
    *,
    place: Place,
    month: date,
    specs: Sequence[FeatureSpec],
    only: date | None = None,
    since: date | None = None,
) -> Panel:
    """The feature table beside what the household snapshots say of safety and place.

    Args:
        connection: An open warehouse.
        place: The place; its neighbourhoods number the areas.
        month: Index date of the release month.
        specs: The columns to read.
        only: One snapshot; all of them where None.
        since: The first snapshot; all of them where None.

    Raises:
        DataMissing: If there is no row.
    """
    need_table(connection, month, "household_snapshot", step="Build the households first.")
    schema = month_schema(month)
    where = _where(only, since)
    columns = ", ".join(f'CAST(f."{spec.name}" AS FLOAT) AS "{spec.name}"' for spec in specs)
    table = connection.sql(
        f"""
        SELECT f.household_id, f.snapshot_date, h.neighbourhood_code,
               coalesce(h.x_restricted, true) AS restricted,
               coalesce(h.hh_kind = 'COMMUNAL', false) AS communal, {columns}
        FROM {schema}.feature f
        LEFT JOIN {schema}.household_snapshot h USING (household_id, snapshot_date)
        {where} ORDER BY f.snapshot_date, f.household_id"""
    ).pl()
    if table.is_empty():
        raise DataMissing(
            f"The feature table of {month} has no rows.", next_step="Build the features again."
        )
    x = np.empty((table.height, len(specs)), dtype=np.float32)
    for at, spec in enumerate(specs):
        x[:, at] = table[spec.name].to_numpy()
    codes = {code: at for at, code in enumerate(place.neighbourhoods)}
    return Panel(
        specs=tuple(specs),
        x=x,
        household=table["household_id"].to_numpy().astype(np.int64),
        day=table["snapshot_date"].to_numpy().astype("datetime64[D]"),
        area=table["neighbourhood_code"]
        .replace_strict(codes, default=-1, return_dtype=pl.Int64)
        .fill_null(-1)
        .to_numpy()
        .astype(np.int64),
        restricted=table["restricted"].to_numpy().astype(np.bool_),
        communal=table["communal"].to_numpy().astype(np.bool_),
    )


def _where(only: date | None, since: date | None) -> str:
    asked = [f"f.snapshot_date = DATE '{only}'"] if only else []
    asked += [f"f.snapshot_date >= DATE '{since}'"] if since else []
    return f"WHERE {' AND '.join(asked)}" if asked else ""


def load_labels(
    connection: duckdb.DuckDBPyConnection,
    *,
    place: Place,
    month: date,
    outcome: Outcome,
    only: date | None = None,
    since: date | None = None,
) -> Labels:
    """One outcome's labels in the order of :func:`load_panel`'s rows.

    A place may choose to list households that the service already supports; then none counts so.

    Raises:
        DataMissing: If there are no labels.
    """
    need_table(connection, month, "label", step="Build the labels first.")
    schema = month_schema(month)
    where = _where(only, since)
    table = connection.sql(
        f"""
        SELECT coalesce(l.eligible, false) AS eligible,
               coalesce(l.already_supported, false) AS supported,
               CAST(l.event AS DOUBLE) AS y, CAST(l.lead_days AS DOUBLE) AS lead_days
        FROM {schema}.feature f
        LEFT JOIN (SELECT * FROM {schema}.label WHERE outcome = '{outcome.value}') l
            USING (household_id, snapshot_date)
        {where} ORDER BY f.snapshot_date, f.household_id"""
    ).pl()
    supported = table["supported"].to_numpy().astype(np.bool_)
    return Labels(
        eligible=table["eligible"].to_numpy().astype(np.bool_),
        supported=supported & place.exclusions.already_supported,
        y=table["y"].to_numpy().astype(np.float64),
        lead_days=table["lead_days"].to_numpy().astype(np.float64),
    )


def settled_months(panel: Panel, labels: Labels, *, month: date, windows: Windows) -> list[date]:
    """Month ends whose whole outcome window lies before the release month's end, in order."""
    days = [day.astype(date) for day in np.unique(panel.day[labels.known])]
    return [day for day in days if window_ends(day, windows) <= month]


def window_ends(day: date, windows: Windows) -> date:
    """Last day of a label's window, by whichever way of counting months ends later."""
    half_year = days_after(day, -(-365 * windows.horizon_months // 12))
    return max(half_year, add_months(day, windows.horizon_months))


def take_sample(
    panel: Panel, labels: Labels, months: Sequence[date], *, most: float, seed: int
) -> Sample:
    """Rows of some months whose outcome is known, those without an event thinned and weighted."""
    rows = panel.rows(months)
    rows = rows[labels.known[rows]]
    y = labels.y[rows]
    events = int(y.sum())
    share = keep_share(events=events, others=len(y) - events, most=most, per_event=OTHERS_PER_EVENT)
    luck = keyed_uniform(panel.household[rows], panel.day[rows], seed=seed)
    kept, weight = thin(y, luck, share=share)
    rows = rows[kept]
    return Sample(x=panel.x[rows], y=y[kept], weight=weight, household=panel.household[rows])
