"""The set-wise SQL against the same features counted one household at a time."""

from __future__ import annotations

import math

import pytest

from features.build import build_features
from features.catalogue import BY_NAME, CATALOGUE
from tests.unit.features.handmade import INDEX, northmere
from tests.unit.features.invented import invented
from tests.unit.features.naive import (
    accounts,
    across,
    awards,
    benefits,
    council_tax,
    health,
    household,
    payments,
    rent,
    services,
    support,
)
from tests.unit.features.naive.view import ORACLE, View

HISTORY = 6
# Each of these modules adds its features to ORACLE when it is imported.
MODULES = (
    accounts,
    across,
    awards,
    benefits,
    council_tax,
    health,
    household,
    payments,
    rent,
    services,
    support,
)


def test_the_oracle_knows_every_feature_and_no_other() -> None:
    assert set(ORACLE) == set(BY_NAME)


@pytest.mark.parametrize("seed", [1, 2])
def test_every_value_equals_the_oracle(seed: int) -> None:
    made = invented(seed, history_months=HISTORY)
    con = made.connect()
    report = build_features(con, place=northmere(history_months=HISTORY), month=INDEX)
    rows = con.sql(f"SELECT * FROM {made.schema}.feature").pl().rows(named=True)
    assert report.rows == len(rows) == len(made.month["household_snapshot"])
    wrong = []
    for row in rows:
        view = View(made, row["household_id"], row["snapshot_date"])
        for feature in CATALOGUE:
            expected, got = ORACLE[feature.name](view), row[feature.name]
            same = expected is got or (
                expected is not None
                and got is not None
                and math.isclose(expected, got, rel_tol=1e-12, abs_tol=1e-9)
            )
            if not same:
                wrong.append(
                    (feature.name, row["household_id"], row["snapshot_date"], expected, got)
                )
    assert wrong == []


def test_the_invented_rows_move_every_feature() -> None:
    made = invented(8, history_months=HISTORY)
    con = made.connect()
    build_features(con, place=northmere(history_months=HISTORY), month=INDEX)
    frame = con.sql(f"SELECT * FROM {made.schema}.feature").pl()
    still = [f.name for f in CATALOGUE if frame[f.name].n_unique() < 2]
    assert still == []
