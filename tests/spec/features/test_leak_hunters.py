"""Each planted leak is found by its own hunter; where nothing is planted none is."""

from __future__ import annotations

import duckdb
import pytest

from bench.plants import PLANTS, Plant, planted
from features.build import build_features
from features.hunted import HUNTED
from features.hunters import HUNTERS, REPLAYED, hunt
from features.labels import build_labels
from features.replay import replay
from features.timeline import timeline
from tests.unit.features.handmade import INDEX, northmere
from tests.unit.features.invented import invented

HISTORY = 8
PLACE = northmere(history_months=HISTORY)
LINE = timeline(PLACE, INDEX)


@pytest.fixture(scope="module")
def zone() -> duckdb.DuckDBPyConnection:
    con = invented(5, history_months=HISTORY).connect()
    build_features(con, place=PLACE, month=INDEX)
    build_labels(con, place=PLACE, month=INDEX)
    return con


def test_there_are_twenty_and_every_hunter_has_one() -> None:
    assert len({plant.name for plant in PLANTS}) == len(PLANTS) == 20
    assert {plant.hunter for plant in PLANTS} == set(HUNTED) == {*HUNTERS, REPLAYED}


@pytest.mark.parametrize("plant", [pytest.param(p, id=p.name) for p in PLANTS])
def test_a_planted_leak_is_found_by_its_hunter(
    zone: duckdb.DuckDBPyConnection, plant: Plant
) -> None:
    with planted(zone, plant, place=PLACE, month=INDEX):
        if plant.hunter == REPLAYED:
            assert replay(zone, place=PLACE, line=LINE, cutoffs=LINE.snapshots[:4]).features
        else:
            assert HUNTERS[plant.hunter](zone, LINE.schema, INDEX)


def test_nothing_is_found_where_nothing_is_planted(zone: duckdb.DuckDBPyConnection) -> None:
    assert hunt(zone, place=PLACE, month=INDEX) == ()


def test_features_at_every_month_end_are_the_same_without_later_rows(
    zone: duckdb.DuckDBPyConnection,
) -> None:
    made = replay(zone, place=PLACE, line=LINE, cutoffs=LINE.snapshots)
    assert made.same
    ((rows,),) = zone.execute(f"SELECT count(*) FROM {LINE.schema}.feature").fetchall()
    assert made.compared == rows > 0


def test_a_hunt_says_the_table_and_leaves_nothing_behind(zone: duckdb.DuckDBPyConnection) -> None:
    plant = next(plant for plant in PLANTS if plant.hunter == "known_later")
    with planted(zone, plant, place=PLACE, month=INDEX):
        (leak,) = [x for x in hunt(zone, place=PLACE, month=INDEX) if x.hunter == plant.hunter]
        assert leak.says.startswith("ctax_recovery: 1 ")
    left = zone.execute("SELECT count(*) FROM duckdb_tables() WHERE temporary").fetchall()
    assert left == [(0,)]
