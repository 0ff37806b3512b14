"""DuckDB and Spark: features, scores and explanations are the same, stage by stage."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

import duckdb
import numpy as np
import polars as pl
import pytest

from contracts.engines import EngineSettings
from contracts.place import Place, Training
from features import neighbours
from features.build import build_features
from features.finished import finished_sql
from features.plan import Plan
from features.spark.build import entries_sql, neighbours_sql, rows_sql, stretch_sql
from features.spark.counting import count_part
from features.spark.session import opened
from features.timeline import Timeline, prepared, timeline
from models.booster import grow
from models.calibration import Sigmoid
from models.catalogue import catalogue_specs
from models.explain import explained
from models.fitting import Fits
from models.logistic import fit_linear
from models.panel import feature_columns, load_panel
from models.run import score_month
from models.sampling import Sample
from models.spec import align
from models.splits import Fit
from models.store import load_shipped, save
from models.themes import number_themes
from tests.unit.features.handmade import INDEX, northmere
from tests.unit.features.invented import invented

pytest.importorskip("pyspark", reason="Spark is not installed: make spark")

HISTORY = 6
STAGES = ("entry", "counted", "neighbour_total", "feature")
SMALL = {
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.adaptive.enabled": "false",
    # Compiling what runs once costs more than running it.
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.driver.memory": "1g",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
}


@dataclass(frozen=True)
class Ran:
    """What one engine made: each stage, scores by household, and what explains them."""

    place: Place
    con: duckdb.DuckDBPyConnection
    stages: dict[str, pl.DataFrame]
    scores: pl.DataFrame
    by_theme: np.ndarray
    by_feature: np.ndarray


def by_duckdb(
    con: duckdb.DuckDBPyConnection, place: Place, line: Timeline
) -> dict[str, pl.DataFrame]:
    """The stages by DuckDB, all households in one part, from the same statements."""
    plan, found = Plan(place), {}

    def keep(name: str) -> None:
        found[name] = con.sql(f"FROM {name}").pl()

    with prepared(con, line):
        con.execute(f"CREATE TEMP TABLE entry AS {entries_sql(plan, line, parts=2)}")
        keep("entry")
        rows = con.sql(f"SELECT * EXCLUDE (part) FROM ({rows_sql(plan, line)})").pl().unique()
        part = count_part(
            con.sql("FROM entry").to_arrow_table(), rows.to_arrow(), plan=plan, line=line
        )
        con.register("counted", part)
        keep("counted")
        con.execute(f"CREATE TEMP TABLE stretch AS {stretch_sql(line)}")
        con.execute(f"CREATE TEMP TABLE neighbour_total AS {neighbours_sql(plan)}")
        keep("neighbour_total")
        found["feature"] = con.sql(finished_sql(plan, line)).pl()
        con.unregister("counted")
    return found


def trained(con: duckdb.DuckDBPyConnection, place: Place, folder: Path) -> None:
    """Trees for every other outcome, else a logistic regression, as training saves them."""
    specs = align(catalogue_specs(), feature_columns(con, INDEX))
    panel = load_panel(con, place=place, month=INDEX, specs=specs)
    luck = np.random.default_rng(5).random(len(panel.household))
    sample = Sample(
        x=panel.x,
        y=(luck < 0.4).astype(np.float64),
        weight=np.ones(len(luck)),
        household=panel.household,
    )
    booster = grow(sample, specs, Training(threads=1), trees=40)
    models = {"lightgbm": booster, "logistic": fit_linear(sample, specs)}
    fits = Fits(
        models=models,
        sigmoids=dict.fromkeys(models, Sigmoid(intercept=-1.0, slope=0.7)),
        booster=booster,
        card=(),
        calibrated=True,
    )
    never = Fit(first=(), later=(), whole=(), tests=())
    for outcome, kind in zip(place.outcomes, cycle(models), strict=False):
        save(folder, outcome=outcome, fits=fits, kind=kind, plan=never, training=place.training)


def ran(
    con: duckdb.DuckDBPyConnection, place: Place, folder: Path, stages: dict[str, pl.DataFrame]
) -> Ran:
    """Scores and explanations, by the engine that the place chose."""
    score_month(con, place=place, month=INDEX, folder=folder)
    names = feature_columns(con, INDEX)
    _, themes = number_themes(align(catalogue_specs(), names))
    trees = load_shipped(folder, next(iter(place.outcomes)), threads=1)
    by_theme, by_feature = (
        explained(con, trees, names, way, place=place, month=INDEX) for way in (themes, None)
    )
    return Ran(
        place=place,
        con=con,
        stages=stages,
        scores=con.sql("SELECT * FROM m2026_10.score ORDER BY ALL").pl(),
        by_theme=by_theme,
        by_feature=by_feature,
    )


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Ran, Ran]]:
    """The same invented rows through DuckDB and through one small Spark."""
    folder, lake, kept = (tmp_path_factory.mktemp(name) for name in ("models", "lake", "kept"))
    engine = EngineSettings(
        name="spark", master="local[2]", lake=lake, special_in_lake=True, parts=2, options=SMALL
    )
    here = northmere(history_months=HISTORY)
    there = here.model_copy(update={"engine": engine})
    line, made = timeline(here, INDEX), invented(3, history_months=HISTORY)

    def keep(stage: str) -> None:
        name = stage.rpartition(" ")[2]
        (at,) = lake.glob(f"lake-*/{name}")
        shutil.copytree(at, kept / name)

    with pytest.MonkeyPatch.context() as patch, opened(engine, lake):
        patch.setattr(neighbours, "FEWEST", 2)  # so few households would have no neighbours
        local, spread = made.connect(), made.connect()
        build_features(local, place=here, month=INDEX)
        trained(local, here, folder)
        build_features(spread, place=there, month=INDEX, progress=keep)
        found = {name: local.sql(f"FROM '{kept / name}/*.parquet'").pl() for name in STAGES}
        yield (
            ran(local, here, folder, by_duckdb(local, here, line)),
            ran(spread, there, folder, found),
        )
        assert not list(lake.iterdir()), "the lake is empty again after each step"


def same(one: pl.DataFrame, other: pl.DataFrame) -> None:
    """Whole numbers, texts and gaps exactly, other numbers within 1e-12."""
    assert one.columns == other.columns
    assert one.height == other.height > 0
    keys = [name for name, kind in one.schema.items() if not kind.is_float()]
    one, other = one.sort(keys), other.sort(keys)
    for name, kind in one.schema.items():
        if kind.is_float():
            np.testing.assert_allclose(
                one[name].to_numpy(), other[name].to_numpy(), rtol=1e-12, atol=1e-12, err_msg=name
            )
            assert one[name].is_null().equals(other[name].is_null()), name
        else:
            assert one[name].cast(pl.String).equals(other[name].cast(pl.String)), name


@pytest.mark.parametrize("stage", STAGES)
def test_every_stage_of_features_is_the_same(both: tuple[Ran, Ran], stage: str) -> None:
    here, there = both
    same(here.stages[stage], there.stages[stage])


def test_the_feature_tables_are_the_same_and_have_something_to_say(both: tuple[Ran, Ran]) -> None:
    here, there = (run.con.sql("FROM m2026_10.feature ORDER BY ALL").pl() for run in both)
    same(here, there)
    assert sum(here[name].n_unique() > 1 for name in here.columns) > 200


def test_scores_are_the_same(both: tuple[Ran, Ran]) -> None:
    here, there = both
    assert here.scores["outcome"].n_unique() == len(here.place.outcomes) > 1
    assert here.scores["raw_score"].n_unique() > 5
    same(here.scores, there.scores)


def test_explanations_are_the_same_and_add_up_to_the_scores(both: tuple[Ran, Ran]) -> None:
    here, there = both
    first = next(iter(here.place.outcomes)).value
    raw = here.scores.filter(pl.col("outcome") == first).sort("household_id")["raw_score"]
    for local, spread in (
        (here.by_theme, there.by_theme),
        (here.by_feature, there.by_feature),
    ):
        np.testing.assert_allclose(local, spread, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(spread.sum(axis=1), raw.to_numpy(), atol=1e-9)
        assert np.abs(local[:, :-1]).max() > 0
