"""Who is on each neighbourhood's list, and which other route those took who would have been.

A list holds the highest raw scores among the households that may be listed. A household of whom
health counted most, and who would not be on the list without it, is not listed: the worker could
only be told nothing or too much. It goes to the health practice's route, and the next one takes
its place.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

import duckdb
import numpy as np
import polars as pl

from contracts.errors import DataMissing
from contracts.months import month_end
from contracts.place import Place
from models.catalogue import catalogue_specs
from models.panel import Labels, Panel, feature_columns, load_labels, load_panel
from models.sampling import Flags, Floats, Ints, keyed_uniform
from models.spec import FeatureSpec, align
from models.store import Shipped, check_columns, load_shipped
from models.tables import SELECTION, read_table, replace_tables
from models.themes import theme_sums

logger = logging.getLogger(__name__)

_ROOM = 2
"""How many lists' worth of households are looked at for the rule on health before looking wider."""


class Route(StrEnum):
    """Where a household goes who is high enough for its neighbourhood's list."""

    LISTED = "LISTED"
    ALREADY_SUPPORTED = "ALREADY_SUPPORTED"
    RESTRICTED = "RESTRICTED"
    COMMUNAL = "COMMUNAL"
    HEALTH_PRACTICE = "HEALTH_PRACTICE"


@dataclass(frozen=True, kw_only=True)
class HealthShare:
    """What health did to some households' scores.

    Attributes:
        on_top: Whether no other theme added more.
        without: Raw scores without health.
    """

    on_top: Flags
    without: Floats


def health_share(contributions: Floats, specs: Sequence[FeatureSpec]) -> HealthShare:
    """What health did, from contributions with the base in the last column."""
    health = np.array([spec.health for spec in specs], dtype=np.bool_)
    of_health = contributions[:, :-1][:, health].sum(axis=1)
    rest = [spec for spec in specs if not spec.health]
    if not rest or not health.any():
        others = np.zeros(len(contributions))
    else:
        _, sums = theme_sums(contributions[:, :-1][:, ~health], rest)
        others = sums.max(axis=1)
    return HealthShare(
        on_top=(of_health > 0) & (of_health >= others),
        without=contributions.sum(axis=1) - of_health,
    )


def settle(
    score: Floats, share: HealthShare, size: int, *, everyone: bool
) -> tuple[Ints, Ints] | None:
    """Who of one neighbourhood is listed and who goes to the health practice's route.

    One household leaves at a time, the one that health carried furthest, because each that leaves
    lowers the score that the others need.

    Args:
        score: Raw scores, the highest first.
        share: What health did to each.
        size: How many the list holds.
        everyone: Whether these are all who may be listed; if not, more may be needed.

    Returns:
        Positions listed and positions rerouted; None where more households are needed to tell.
    """
    there = list(range(len(score)))
    left: list[int] = []
    while True:
        if len(there) <= size and not everyone:
            return None
        cut = score[there[size]] if len(there) > size else -np.inf
        carried = [at for at in there[:size] if share.on_top[at] and share.without[at] < cut]
        if not carried:
            return np.array(there[:size], dtype=np.int64), np.array(left, dtype=np.int64)
        furthest = min(carried, key=lambda at: (share.without[at], -at))
        there.remove(furthest)
        left.append(furthest)


def choose_area(
    rows: Ints, score: Floats, size: int, shares: Callable[[Ints], HealthShare]
) -> tuple[Ints, Ints]:
    """Rows listed and rerouted in one neighbourhood, looking only as far down as is needed.

    Args:
        rows: Rows that may be listed, the highest score first.
        score: Raw score of every row of the panel.
        size: How many the list holds.
        shares: What health did to some rows.
    """
    reach = _ROOM * size + 1
    while True:
        looked = rows[:reach]
        found = settle(score[looked], shares(looked), size, everyone=reach >= len(rows))
        if found is not None:
            return looked[found[0]], looked[found[1]]
        reach *= 2


def route_all(
    panel: Panel, labels: Labels, score: Floats, place: Place, shares: Callable[[Ints], HealthShare]
) -> pl.DataFrame:
    """The ``selection`` table without its outcome.

    Those who may not be listed appear where their score reaches that of somebody who is, or where
    the list had room for all: they are counted, never hidden.
    """
    luck = keyed_uniform(panel.household, panel.day, seed=place.training.seed)
    barred = _barred(panel, labels, place)
    counted = labels.eligible | panel.restricted | panel.communal
    found: list[tuple[np.int64 | int, str, Route]] = []
    for at, (code, area) in enumerate(place.neighbourhoods.items()):
        here = np.flatnonzero((panel.area == at) & counted)
        here = here[np.lexsort((luck[here], -score[here]))]
        free = here[[barred[row] is None and bool(labels.eligible[row]) for row in here]]
        listed, health = choose_area(free, score, area.list_size, shares)
        full = len(listed) == area.list_size
        cut = score[listed[-1]] if full else -np.inf
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
    score = _scores(connection, month, panel, model)
    routes = route_all(
        panel,
        labels,
        score,
        place,
        lambda rows: health_share(model.contributions(panel.x[rows]), panel.specs),
    )
    table = routes.with_columns(pl.lit(outcome.value).alias("outcome")).sort(
        "neighbourhood_code", "route", "household_id"
    )
    replace_tables(connection, month, {"selection": (table, SELECTION)})
    nowhere = int((labels.eligible & (panel.area < 0)).sum())
    logger.info("selection: %d rows; %d eligible in none of the areas", table.height, nowhere)
    return (
        table.group_by("neighbourhood_code", "route")
        .len("households")
        .sort("neighbourhood_code", "route")
    )


def _scores(
    connection: duckdb.DuckDBPyConnection, month: date, panel: Panel, model: Shipped
) -> Floats:
    """Raw scores in the panel's order.

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
