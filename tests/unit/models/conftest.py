"""A small made-up place: a hidden strain moves what is recorded and what comes after."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import polars as pl
import pytest

from contracts.months import add_months, month_ends
from contracts.place import Neighbourhood, Place, Training, load_place
from contracts.reporting import Reporting
from contracts.warehouse import month_schema
from features.catalogue import CATALOGUE
from features.declare import Theme, Unit

MONTH = date(2026, 10, 31)
NOTHING_AGAIN = Reporting(block_out=False, learning_curve=False, other_households=False)


def _some(number: int, *, direction: int, unit: Unit, health: bool = False) -> tuple[str, ...]:
    """Names from the catalogue, so that renaming a feature breaks nothing here."""
    return tuple(
        feature.name
        for feature in CATALOGUE
        if feature.direction == direction
        and feature.unit is unit
        and not feature.strength
        and (feature.theme is Theme.HEALTH) == health
    )[:number]


COUNTS = _some(40, direction=1, unit=Unit.TIMES)[::5]
NOISE = _some(3, direction=0, unit=Unit.POUNDS) + _some(2, direction=0, unit=Unit.PEOPLE)
HEALTH = _some(3, direction=1, unit=Unit.TIMES, health=True)
STRENGTHS = tuple(feature.name for feature in CATALOGUE if feature.strength)[:3]
TENTH = _some(1, direction=-1, unit=Unit.TENTH)[0]
PARTIAL = _some(1, direction=1, unit=Unit.WEEKS_OWED)[0]


@dataclass(frozen=True)
class World:
    """What the generator made."""

    features: pl.DataFrame
    labels: pl.DataFrame
    snapshots: pl.DataFrame
    truth: np.ndarray


def make_world(
    households: int,
    months: int,
    *,
    seed: int,
    rates: dict[str, float],
    areas: tuple[str, ...] = ("N1", "N2"),
    month: date = MONTH,
) -> World:
    """Households by months, with features, labels and snapshots."""
    chance = np.random.default_rng(seed)
    days = month_ends(add_months(month, -months), month)
    n, t = households, len(days)
    base = chance.normal(0, 1, n)
    strain = np.empty((t, n))
    strain[0] = base
    for at in range(1, t):
        strain[at] = 0.9 * strain[at - 1] + 0.1 * base + 0.35 * chance.normal(0, 1, n)
    frame: dict[str, object] = {
        "household_id": np.tile(np.arange(1, n + 1), t),
        "snapshot_date": np.repeat(np.array(days, dtype="datetime64[D]"), n),
    }
    flat = strain.ravel()
    rows = n * t
    for name in COUNTS:
        frame[name] = chance.poisson(np.exp(-1.0 + 0.9 * flat)).astype(float)
    for name in NOISE:
        frame[name] = np.where(chance.random(rows) < 0.3, np.nan, chance.normal(0, 1, rows))
    renter = np.tile(chance.random(n) < 0.4, t)
    frame[PARTIAL] = np.where(renter, np.maximum(flat + chance.normal(0, 1, rows), 0), np.nan)
    frame[TENTH] = np.tile(np.clip(np.round(5.5 - 1.5 * base), 1, 10), t)
    covered = np.tile(chance.random(n) < 0.7, t)
    for name in HEALTH:
        visits = chance.poisson(np.exp(-1.5 + 0.8 * flat)).astype(float)
        frame[name] = np.where(covered, visits, np.nan)
    for name in STRENGTHS:
        frame[name] = (flat + chance.normal(0, 1, rows) < 0).astype(float)
    code = np.array(areas, dtype=object)[np.arange(n) % len(areas)]
    labels, truths = [], []
    for outcome, rate in rates.items():
        labels_of, truth = _label(
            frame, flat, days, n=n, outcome=outcome, rate=rate, chance=chance, month=month
        )
        labels.append(labels_of)
        truths.append(truth)
    kind = np.where(np.arange(n) % 97 == 5, "COMMUNAL", "HOUSEHOLD")
    snapshots = pl.DataFrame(
        {
            "household_id": frame["household_id"],
            "snapshot_date": frame["snapshot_date"],
            "hh_kind": np.tile(kind, t).tolist(),
            "neighbourhood_code": np.tile(code, t).tolist(),
            "x_restricted": np.tile(np.arange(n) % 89 == 7, t),
            "tenure": np.where(renter, "COUNCIL", "OWNER").tolist(),
        }
    )
    return World(
        features=_nulls(pl.DataFrame(frame)),
        labels=pl.concat(labels),
        snapshots=snapshots,
        truth=np.stack(truths) if truths else np.empty((0, rows)),
    )


def _nulls(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(pl.selectors.float().fill_nan(None))


def _label(frame, flat, days, *, n, outcome, rate, chance, month):
    """Event within each row's window, from a monthly hazard of the same household."""
    t = len(days)
    slope = 1.4
    level = np.log(rate / 6) - 0.5 * slope**2 * np.var(flat)
    hazard = np.minimum(np.exp(level + slope * flat), 0.5).reshape(t, n)
    hits = chance.random((t, n)) < hazard
    event = np.zeros((t, n), dtype=bool)
    lead = np.full((t, n), np.nan)
    for ahead in range(6, 1, -1):
        came = np.zeros((t, n), dtype=bool)
        came[: t - ahead] = hits[ahead:]
        event |= came
        lead[came] = 30.4 * ahead - chance.integers(0, 25, came.sum())
    day = frame["snapshot_date"]
    done = np.array([add_months(d, 6) <= month for d in days])
    unknown = np.repeat(~done, n) | (chance.random(t * n) < 0.02)
    frame_of = pl.DataFrame(
        {
            "household_id": frame["household_id"],
            "snapshot_date": day,
            "outcome": [outcome] * (t * n),
            "eligible": chance.random(t * n) < 0.98,
            "already_supported": np.tile(np.arange(n) % 31 == 3, t),
            "event": pl.Series(event.ravel()),
            "lead_days": pl.Series(np.round(lead.ravel())).fill_nan(None).cast(pl.Int32),
        }
    ).with_columns(
        pl.when(pl.Series(unknown)).then(None).otherwise(pl.col("event")).alias("event"),
        (pl.col("snapshot_date") + pl.duration(days=pl.col("lead_days")))
        .cast(pl.Date)
        .alias("event_date"),
    )
    return frame_of, 1 - np.prod([1 - hazard] * 1, axis=0).ravel()


def write_world(path: Path, world: World, month: date = MONTH) -> Path:
    """A warehouse that holds the world's tables for the month."""
    schema = month_schema(month)
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"CREATE SCHEMA {schema}")
        connection.execute(
            f"CREATE TABLE {schema}.household_event "
            "(household_id BIGINT, event VARCHAR, event_date DATE)"
        )
        for name, table in (
            ("feature", world.features),
            ("label", world.labels),
            ("household_snapshot", world.snapshots),
        ):
            connection.register("rows_of", table.to_arrow())
            connection.execute(f"CREATE TABLE {schema}.{name} AS SELECT * FROM rows_of")
            connection.unregister("rows_of")
    return path


def small_place(**training: object) -> Place:
    """Northmere with two neighbourhoods, two outcomes and little training."""
    place = load_place("northmere")
    areas = {
        code: Neighbourhood(name=code, team=f"{code} team", list_size=20) for code in ("N1", "N2")
    }
    chosen = {key: place.outcomes[key] for key in place.outcomes if key in {"edge_of_crisis", "O1"}}
    settings = {
        "trees": 80,
        "replicates": 200,
        "origins": 4,
        "threads": 1,
        "learning_rate": 0.1,
    } | training
    return place.model_copy(
        update={
            "neighbourhoods": areas,
            "outcomes": chosen,
            "training": Training(**settings),
            "reporting": NOTHING_AGAIN,
        }
    )


@pytest.fixture(scope="session")
def world() -> World:
    """1,500 households over 31 month ends."""
    return make_world(1500, 30, seed=3, rates={"edge_of_crisis": 0.05, "O1": 0.02})


@pytest.fixture
def warehouse(tmp_path: Path, world: World) -> Path:
    """The world in a warehouse of its own."""
    return write_world(tmp_path / "warehouse.duckdb", world)


@pytest.fixture(scope="session")
def place() -> Place:
    """A place with little training."""
    return small_place()


@pytest.fixture(scope="session")
def write() -> Callable[[Path, World], Path]:
    """Writes a world into a warehouse."""
    return write_world
