"""Who is on each neighbourhood's list, and which other route those took who would have been.

A list holds the highest raw scores among the households that may be listed. A household of whom
health counted most, and who would not be on the list without it, is not listed: the worker could
only be told nothing or too much. It goes to the health practice's route, and the next one takes
its place. Who was on a list a month before keeps the place for a while as its rank falls.
"""

from __future__ import annotations

import logging
from datetime import date
from enum import StrEnum
from pathlib import Path

import duckdb
import numpy as np
import polars as pl

from contracts.errors import DataMissing
from contracts.months import add_months, month_end
from contracts.place import Place
from models.as_listed import held_at
from models.catalogue import catalogue_specs
from models.health import Shares, choose_area, health_share
from models.lists import MONTHS_BEFORE, first_held
from models.panel import Labels, Panel, feature_columns, load_labels, load_panel
from models.sampling import Flags, Floats, keyed_uniform
from models.spec import align
from models.store import Shipped, check_columns, load_shipped
from models.tables import read_table, replace_tables

logger = logging.getLogger(__name__)


class Route(StrEnum):
    """Where a household goes who is high enough for its neighbourhood's list."""

    LISTED = "LISTED"
    ALREADY_SUPPORTED = "ALREADY_SUPPORTED"
    RESTRICTED = "RESTRICTED"
    COMMUNAL = "COMMUNAL"
    HEALTH_PRACTICE = "HEALTH_PRACTICE"


def route_all(
    panel: Panel, labels: Labels, score: Floats, place: Place, shares: Shares, *, held: Flags
) -> pl.DataFrame:
    """The ``selection`` table without its outcome.

    Those who may not be listed appear where their score reaches that of somebody who is, or where
    the list had room for all: they are counted, never hidden.

    Args:
        panel: The households of the month.
        labels: Who may be listed.
        score: Their raw scores.
        place: Its lists.
        shares: What health did to some rows.
        held: Who keeps a place from the month before.
    """
    luck = keyed_uniform(panel.household, panel.day, seed=place.training.seed)
    filled, barred = first_held(score, held), _barred(panel, labels, place)
    counted = labels.eligible | panel.restricted | panel.communal
    found: list[tuple[np.int64 | int, str, Route]] = []
    for at, (code, area) in enumerate(place.neighbourhoods.items()):
        here = np.flatnonzero((panel.area == at) & counted)
        here = here[np.lexsort((luck[here], -filled[here]))]
        free = here[[barred[row] is None and bool(labels.eligible[row]) for row in here]]
        listed, health = choose_area(free, score, area.list_size, shares)
        full = len(listed) == area.list_size
        cut = score[listed].min() if full else -np.inf
        found += [(row, code, Route.LISTED) for row in listed]
        found += [(row, code, Route.HEALTH_PRACTICE) for row in health]
        found += [
            (row, code, route)
            for row in here
            if (route := barred[row]) is not None and score[row] >= cut
        ]
    return pl.DataFrame(
        {
            "household_id": [int(panel.household[row]) for row, _, _ in found],
            "neighbourhood_code": [code for _, code, _ in found],
            "route": [route.value for _, _, route in found],
        },
        schema={
            "household_id": pl.Int64,
            "neighbourhood_code": pl.String,
            "route": pl.String,
        },
    )


def _barred(panel: Panel, labels: Labels, place: Place) -> list[Route | None]:
    """Why each row may not be listed; safety before anything else."""
    found: list[Route | None] = [None] * len(panel.household)
    reasons = [(labels.supported, Route.ALREADY_SUPPORTED)]
    if place.exclusions.communal:
        reasons.append((panel.communal, Route.COMMUNAL))
    for flags, route in (*reasons, (panel.restricted, Route.RESTRICTED)):
        for row in np.flatnonzero(flags):
            found[row] = route
    return found


def select_households(
    connection: duckdb.DuckDBPyConnection, *, place: Place, month: date, folder: Path
) -> pl.DataFrame:
    """Write ``selection`` for the outcome that lists are made from.

    Returns:
        How many households took each route in each neighbourhood.

    Raises:
        DataMissing: If the month was not scored, or scores and features do not belong together.
    """
    month, outcome = month_end(month), place.listed_outcome
    specs = align(catalogue_specs(), feature_columns(connection, month))
    panel = load_panel(connection, place=place, month=month, specs=specs, only=month)
    labels = load_labels(connection, place=place, month=month, outcome=outcome, only=month)
    model = load_shipped(folder, outcome, threads=place.training.threads)
    check_columns(model, panel.names)
    score = raw_scores(connection, month, panel, model)
    routes = route_all(
        panel,
        labels,
        score,
        place,
        lambda rows: health_share(model.contributions(panel.x[rows]), panel.specs),
        held=_held(connection, panel, model, place=place, month=month),
    )
    table = routes.with_columns(pl.lit(outcome.value).alias("outcome")).sort(
        "neighbourhood_code", "route", "household_id"
    )
    replace_tables(connection, month, {"selection": table})
    nowhere = int((labels.eligible & (panel.area < 0)).sum())
    logger.info("selection: %d rows; %d eligible in none of the areas", table.height, nowhere)
    return (
        table.group_by("neighbourhood_code", "route")
        .len("households")
        .sort("neighbourhood_code", "route")
    )


def _held(
    connection: duckdb.DuckDBPyConnection,
    panel: Panel,
    model: Shipped,
    *,
    place: Place,
    month: date,
) -> Flags:
    """Who keeps a place, told from the months before with the month's own model.

    A household's number is another in every release, so that lists that were handed out cannot be
    looked up here: they are made again.
    """
    since = month_end(add_months(month, -MONTHS_BEFORE))
    recent = load_panel(connection, place=place, month=month, specs=panel.specs, since=since)
    labels = load_labels(connection, place=place, month=month, outcome=model.outcome, since=since)
    rows, marks = held_at(
        recent, labels.open, np.unique(recent.day), place=place, model=model.model
    )
    stay = rows[marks & (recent.day[rows] == np.datetime64(month))]
    return np.isin(panel.household, recent.household[stay])


def raw_scores(
    connection: duckdb.DuckDBPyConnection, month: date, panel: Panel, model: Shipped
) -> Floats:
    """The raw scores on record, in the panel's order.

    Raises:
        DataMissing: If the score table is of other households.
    """
    table = read_table(
        connection,
        month,
        "score",
        order="outcome, household_id",
        step="Score the month first.",
    ).filter(pl.col("outcome") == model.outcome.value)
    if not np.array_equal(table["household_id"].to_numpy(), panel.household):
        raise DataMissing(
            f"The score table of {month} has other households than the feature table.",
            next_step="Score the month again.",
        )
    return table["raw_score"].to_numpy().astype(np.float64)
