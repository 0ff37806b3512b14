"""Invented test dates with known need, and a warehouse that holds them, for tests of the audit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import duckdb
import numpy as np
import polars as pl

from contracts.months import add_months
from contracts.place import FairnessPolicy, Place, load_place
from contracts.warehouse import month_schema

MONTH = date(2026, 10, 31)
SHARES: Mapping[str, Mapping[str, float]] = {
    "ethnic_group": {
        "WHITE": 0.73, "ASIAN": 0.11, "BLACK": 0.06, "MIXED": 0.003, "OTHER": 0.002,
        "NOT_RECORDED": 0.095,
    },
    "age_band": {"16-24": 0.05, "25-34": 0.15, "35-49": 0.26, "50-64": 0.28, "65+": 0.26},
    "sex": {"F": 0.55, "M": 0.42, "NOT_RECORDED": 0.03},
    "disability": {"Y": 0.25, "N": 0.65, "NOT_RECORDED": 0.10},
    "tenure": {"OWNER": 0.52, "PRS": 0.2, "COUNCIL": 0.15, "RP": 0.07, "UNKNOWN": 0.06},
    "deprivation": {"1-2": 0.3, "3-4": 0.25, "5-6": 0.2, "7-8": 0.13, "9-10": 0.12},
}  # fmt: skip
GROUPS = tuple(SHARES)
ROUTES = {"LISTED": 240, "ALREADY_SUPPORTED": 61, "RESTRICTED": 33, "COMMUNAL": 41}


def policy(**checks: Mapping[str, object]) -> FairnessPolicy:
    """A policy in force, with the checks given, or reach, precision and calibration."""
    chosen = checks or {
        "reach": {"floor": 0.8},
        "precision": {"floor": 0.8},
        "calibration": {"floor": 0.8, "ceiling": 1.25},
    }
    return FairnessPolicy.model_validate(
        {
            "id": "FP-T",
            "version": 1,
            "agreed_on": date(2026, 1, 1),
            "expires_on": date(2027, 12, 31),
            "checks": chosen,
        }
    )


def households(
    *,
    count: int = 6000,
    dates: int = 4,
    seed: int = 1,
    harmed: tuple[str, str] | None = None,
    harm: float = 2.0,
    listed: float = 0.05,
) -> pl.DataFrame:
    """Households on test dates, whose need is the same in every group.

    Args:
        count: Households.
        dates: Test dates.
        seed: Seed.
        harmed: Attribute and group whose need the model sees too little of.
        harm: How much too little, on the log-odds.
        listed: Share of households on each date's list.
    """
    rng = np.random.default_rng(seed)
    groups = {
        name: rng.choice(list(shares), size=count, p=_exact(shares))
        for name, shares in SHARES.items()
    }
    need = rng.normal(0, 1.4, count)
    frames = [
        _one_date(rng, need, groups, at=at, harmed=harmed, harm=harm, listed=listed)
        for at in range(dates)
    ]
    return pl.concat(frames)


def month_warehouse(
    rows: pl.DataFrame,
    *,
    linked: Mapping[tuple[str, str], float] | None = None,
    unseen: Mapping[tuple[str, str], float] | None = None,
) -> duckdb.DuckDBPyConnection:
    """A warehouse in memory with the month's tables, from rows of :func:`households`.

    Args:
        rows: Households on test dates.
        linked: Share of records joined for groups in which it is not 0.95.
        unseen: Share of households found in primary care for groups in which it is not 0.95.
    """
    con = duckdb.connect()
    schema = month_schema(MONTH)
    con.execute(f"CREATE SCHEMA {schema}")
    audit = rows.select("snapshot_date", "household_id", *GROUPS)
    latest = audit.filter(pl.col("snapshot_date") == pl.col("snapshot_date").max())
    tables = {
        "backtest": rows.select(
            pl.lit("edge_of_crisis").alias("outcome"),
            "snapshot_date",
            "household_id",
            "event",
            "probability",
            "selected",
        ),
        "household_audit": audit,
        "feature": latest.select(
            "snapshot_date",
            "household_id",
            pl.when(pl.col("sex") == "F").then(0.4).otherwise(0.1).alias("area_deprivation_tenth"),
            pl.col("household_id").hash(seed=1).mod(7).cast(pl.Float64).alias("household_adults"),
        ),
        "match_rate": _match_rate(latest, linked or {}),
        "coverage": _coverage(latest, unseen or {}),
        "selection": pl.DataFrame(
            {
                "outcome": ["edge_of_crisis"] * sum(ROUTES.values()),
                "route": [route for route, count in ROUTES.items() for _ in range(count)],
            }
        ),
        "household_snapshot": latest.select(
            "snapshot_date",
            pl.when(pl.int_range(pl.len()) % 90 == 0)
            .then(pl.lit("COMMUNAL"))
            .when(pl.int_range(pl.len()) % 91 == 0)
            .then(pl.lit("MULTI_HOUSEHOLD_UNRESOLVED"))
            .otherwise(pl.lit("HOUSEHOLD"))
            .alias("hh_kind"),
        ),
    }
    for name, frame in tables.items():
        con.register("made", frame.to_arrow())
        con.execute(f"CREATE TABLE {schema}.{name} AS SELECT * FROM made")
        con.unregister("made")
    return con


def northmere(**fairness: object) -> Place:
    """The invented place, with settings of its policy changed."""
    place = load_place("northmere")
    return place.model_copy(update={"fairness": place.fairness.model_copy(update=fairness)})


def _one_date(
    rng: np.random.Generator,
    need: np.ndarray,
    groups: Mapping[str, np.ndarray],
    *,
    at: int,
    harmed: tuple[str, str] | None,
    harm: float,
    listed: float,
) -> pl.DataFrame:
    count = len(need)
    truth = need + rng.normal(0, 0.6, count) - 4.0
    seen = truth.copy()
    if harmed is not None:
        seen[groups[harmed[0]] == harmed[1]] -= harm
    selected = np.zeros(count, dtype=bool)
    selected[np.argsort(-seen, kind="stable")[: int(count * listed)]] = True
    return pl.DataFrame(
        {
            "household_id": np.arange(count),
            "snapshot_date": [add_months(MONTH, at - 12)] * count,
            "event": rng.random(count) < 1 / (1 + np.exp(-truth)),
            "probability": 1 / (1 + np.exp(-seen)),
            "selected": selected,
            **groups,
        }
    )


def _match_rate(latest: pl.DataFrame, linked: Mapping[tuple[str, str], float]) -> pl.DataFrame:
    made = []
    for source, usual in (("ctax", 0.88), ("rent", 0.95), ("uc", 0.93)):
        made.append((source, "all", "all", latest.height, round(latest.height * usual)))
        for name in GROUPS:
            for value, count in latest[name].value_counts(sort=True).rows():
                share = linked.get((name, value), usual)
                made.append((source, name, value, count, round(count * share)))
    names = ("source", "group_kind", "group_value", "records", "linked")
    by = ("source", "group_kind")
    usual = pl.col("linked").sum().over(by) / pl.col("records").sum().over(by)
    return pl.DataFrame(made, schema=names, orient="row").with_columns(
        pl.col("linked").cast(pl.Float64()).alias("met"),
        (pl.col("records") * usual).alias("met_usual"),
    )


def _exact(shares: Mapping[str, float]) -> np.ndarray:
    part = np.array(list(shares.values()))
    return part / part.sum()


_AREAS = 12


def _coverage(latest: pl.DataFrame, unseen: Mapping[tuple[str, str], float]) -> pl.DataFrame:
    """Everybody told apart and located; in primary care but for whom ``unseen`` says."""
    number = pl.int_range(pl.len())
    placed = latest.with_columns(
        ("N" + (number % 4 + 1).cast(pl.String())).alias("neighbourhood"),
        ("E" + (number % _AREAS).cast(pl.String())).alias("small_area"),
    )
    rows = []
    for kind in (*GROUPS, "neighbourhood", "small_area"):
        for value, households in placed.group_by(kind).len().sort(kind).iter_rows():
            for measure, source in (("resolved", ""), ("located", ""), ("coverage", "gp")):
                share = unseen.get((kind, value), 0.95) if source else 0.98
                reached = round(households * share)
                rows.append((measure, source, kind, value, households, reached, households))
    names = ("measure", "source", "group_kind", "group_value", "base", "reached", "households")
    return pl.DataFrame(rows, schema=names, orient="row")
