"""Who is on each neighbourhood's list, and which other route those took who would have been.

A list holds the highest scores, averaged over months, among the households that may be listed. A
household of whom health counted most, and who would not be on the list without it, is not listed:
the worker could only be told nothing or too much. It goes to the health practice's route, and the
next one is listed. Who was on a list a month before keeps the place for a while as its rank falls.
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
from models.catalogue import catalogue_specs
from models.kinds import Model
from models.lists import MONTHS_BEFORE
from models.panel import Labels, Panel, feature_columns, load_labels, load_panel
from models.past import MONTHS_AVERAGED, Past, averaged
from models.sampling import Floats, Ints
from models.spec import align
from models.standing import Standing, fill, stand
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
    panel: Panel, labels: Labels, standing: Standing, *, place: Place, model: Model, month: date
) -> pl.DataFrame:
    """The ``selection`` table of a month without its outcome.

    Those who may not be listed appear where their score reaches what a list made anew needs, or
    where the list has room for all: they are counted, never hidden.

    Args:
        panel: The households of the month and of those before.
        labels: Who may be listed.
        standing: Those who may be, in line, month by month.
        place: Its lists.
        model: The model that lists are made with.
        month: The month.
    """
    training = place.training
    listed = fill(panel, standing, place, keep=training.keep_until)
    now = panel.day[standing.rows] == np.datetime64(month)
    codes = list(place.neighbourhoods)
    found = [
        (row, Route.LISTED if chosen else Route.HEALTH_PRACTICE)
        for row, chosen, rerouted in zip(
            standing.rows[now], listed.chosen[now], listed.rerouted[now], strict=True
        )
        if chosen or rerouted
    ]
    barred = _barred(panel, labels, place, month=month)
    rows = np.array(list(barred), dtype=np.int64)
    score = averaged(panel, Past.of(panel, rows, fade=training.score_fade), model)
    least = np.full(len(codes), -np.inf)
    in_line = now & np.isfinite(listed.least)
    least[standing.area[in_line]] = listed.least[in_line]
    found += [
        (row, barred[row])
        for row, reached in zip(rows.tolist(), score >= least[panel.area[rows]], strict=True)
        if reached
    ]
    return pl.DataFrame(
        {
            "household_id": [int(panel.household[row]) for row, _ in found],
            "neighbourhood_code": [codes[panel.area[row]] for row, _ in found],
            "route": [route.value for _, route in found],
        },
        schema={
            "household_id": pl.Int64,
            "neighbourhood_code": pl.String,
            "route": pl.String,
        },
    )


def _barred(panel: Panel, labels: Labels, place: Place, *, month: date) -> dict[int, Route]:
    """Rows of the month that may not be listed, and why; safety before anything else."""
    here = (panel.day == np.datetime64(month)) & (panel.area >= 0)
    here &= labels.eligible | panel.restricted | panel.communal
    reasons = [(labels.supported, Route.ALREADY_SUPPORTED)]
    if place.exclusions.communal:
        reasons.append((panel.communal, Route.COMMUNAL))
    return {
        int(row): route
        for flags, route in (*reasons, (panel.restricted, Route.RESTRICTED))
        for row in np.flatnonzero(here & flags)
    }


def select_households(
    connection: duckdb.DuckDBPyConnection, *, place: Place, month: date, folder: Path
) -> pl.DataFrame:
    """Write ``selection`` for the outcome that lists are made from.

    A household's number is another in every release, so that lists that were handed out cannot be
    looked up here: those of the months before are made again, with the month's own model.

    Returns:
        How many households took each route in each neighbourhood.

    Raises:
        DataMissing: If the month was not scored, or scores and features do not belong together.
    """
    month, outcome = month_end(month), place.listed_outcome
    specs = align(catalogue_specs(), feature_columns(connection, month))
    since = month_end(add_months(month, -MONTHS_BEFORE - MONTHS_AVERAGED))
    panel = load_panel(connection, place=place, month=month, specs=specs, since=since)
    labels = load_labels(connection, place=place, month=month, outcome=outcome, since=since)
    model = load_shipped(folder, outcome, threads=place.training.threads)
    check_columns(model, panel.names)
    raw_scores(connection, month, panel.household[panel.day == np.datetime64(month)], model)
    lately = np.unique(panel.day)[-MONTHS_BEFORE - 1 :]
    standing = stand(
        panel,
        np.flatnonzero(np.isin(panel.day, lately) & labels.open),
        place=place,
        model=model.model,
        fade=place.training.score_fade,
    )
    routes = route_all(panel, labels, standing, place=place, model=model.model, month=month)
    table = routes.with_columns(pl.lit(outcome.value).alias("outcome")).sort(
        "neighbourhood_code", "route", "household_id"
    )
    replace_tables(connection, month, {"selection": table})
    nowhere = int((labels.eligible & (panel.area < 0) & (panel.day == np.datetime64(month))).sum())
    logger.info("selection: %d rows; %d eligible in none of the areas", table.height, nowhere)
    return (
        table.group_by("neighbourhood_code", "route")
        .len("households")
        .sort("neighbourhood_code", "route")
    )


def raw_scores(
    connection: duckdb.DuckDBPyConnection, month: date, households: Ints, model: Shipped
) -> Floats:
    """The month's raw scores on record, in the order of its households.

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
    if not np.array_equal(table["household_id"].to_numpy(), households):
        raise DataMissing(
            f"The score table of {month} has other households than the feature table.",
            next_step="Score the month again.",
        )
    return table["raw_score"].to_numpy().astype(np.float64)
