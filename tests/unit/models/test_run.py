"""A whole month: trained, tested, scored, selected and explained; the same bytes twice."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import polars as pl
import pytest

from contracts.errors import DataMissing, LeakSuspected
from contracts.fingerprint import of_files
from contracts.made import MADE
from contracts.months import add_months
from contracts.place import Outcome, Place
from models import explain_selection, score_month, select_households, train_and_evaluate
from models.design import capacity_picture, split_table
from models.explain import DoesNotAddUp
from models.kinds import MODELS
from models.leaks import too_good
from models.report import Evaluation, read_evaluation
from models.run import ModelReport
from models.store import load_shipped

MONTH = date(2026, 10, 31)
SCHEMA = "m2026_10"


@dataclass(frozen=True)
class Done:
    path: Path
    folder: Path
    report: ModelReport
    said: list[str]


def _walk(path: Path, folder: Path, place: Place) -> Done:
    said: list[str] = []
    with duckdb.connect(str(path)) as connection:
        report = train_and_evaluate(
            connection, place=place, month=MONTH, folder=folder, progress=said.append
        )
        score_month(connection, place=place, month=MONTH, folder=folder)
        select_households(connection, place=place, month=MONTH, folder=folder)
        explain_selection(connection, place=place, month=MONTH, folder=folder)
    return Done(path=path, folder=folder, report=report, said=said)


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory, write, world, place: Place) -> Done:
    home = tmp_path_factory.mktemp("walk")
    return _walk(write(home / "w.duckdb", world), home / "2026-10", place)


@pytest.fixture
def read(done: Done) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(done.path), read_only=True) as connection:
        yield connection


def _table(read: duckdb.DuckDBPyConnection, name: str, order: str = "ALL") -> pl.DataFrame:
    return read.sql(f"SELECT * FROM {SCHEMA}.{name} ORDER BY {order}").pl()


@pytest.mark.parametrize(
    "name", ["score", "backtest", "selection", "explanation", "base_value", "reason"]
)
def test_tables_are_as_declared(read: duckdb.DuckDBPyConnection, name: str) -> None:
    found = read.execute(f"DESCRIBE {SCHEMA}.{name}").fetchall()
    assert {row[0]: row[1] for row in found} == dict(MADE[name].shape)


def test_no_tested_month_was_learnt_from(read: duckdb.DuckDBPyConnection) -> None:
    table = _table(read, "backtest")
    for origin, tested in table.select("origin", "snapshot_date").unique().iter_rows():
        assert add_months(origin, 7) <= tested
    assert table["snapshot_date"].n_unique() == 4


def test_backtest_holds_known_rows_and_lists_no_longer_than_a_team_can_offer(
    read: duckdb.DuckDBPyConnection,
) -> None:
    table = _table(read, "backtest").filter(pl.col("outcome") == "edge_of_crisis")
    assert table["event"].null_count() == 0
    assert (
        table.filter(~pl.col("event"))["lead_days"].null_count()
        == table.filter(~pl.col("event")).height
    )
    for column in ("selected", "rule_selected", "logistic_selected"):
        lists = table.filter(pl.col(column)).group_by("snapshot_date", "neighbourhood_code").len()
        assert lists["len"].max() <= 20
        assert lists["len"].min() > 10
    assert table["probability"].is_between(0, 1).all()


def test_figures_are_written_and_read_back(done: Done) -> None:
    evaluation = read_evaluation(done.folder)
    assert evaluation == done.report.evaluation
    outcome = evaluation.outcomes["edge_of_crisis"]
    assert outcome.trained
    assert outcome.shipped == outcome.as_listed
    assert {"lightgbm", "logistic", "random", "take_the_best"} <= set(outcome.rankings)
    assert outcome.rankings["lightgbm"].auroc.low > 0.6 > outcome.rankings["random"].auroc.value
    assert set(MODELS) <= set(outcome.rankings)
    assert all(outcome.rankings[name].precision.low is not None for name in MODELS)
    assert outcome.regret.picked in MODELS
    assert outcome.steadiness.overlap > outcome.steadiness.overlap_anew > 0
    assert outcome.steadiness.precision_gained.low is not None
    assert outcome.regret.months == 4
    assert 1 <= len(outcome.card) <= 10
    assert sum(row.events for row in outcome.months) == outcome.tested_events
    assert sum(row.listed for row in outcome.neighbourhoods) == outcome.as_listed.listed
    assert evaluation.outcomes["O1"].as_listed is None
    assert evaluation.closer.outcome == "edge_of_crisis"
    assert evaluation.closer.smooth_calibration.index.low is not None
    assert [point.threshold for point in evaluation.closer.net_benefit][::7] == [0.05, 0.4]
    assert (evaluation.closer.refits, evaluation.closer.timing) == (None, None)


def test_figures_are_those_of_the_backtest_table(
    done: Done, read: duckdb.DuckDBPyConnection
) -> None:
    outcome = done.report.evaluation.outcomes["edge_of_crisis"]
    table = _table(read, "backtest").filter(pl.col("outcome") == "edge_of_crisis")
    listed = table.filter(pl.col("selected"))
    assert listed["event"].mean() == pytest.approx(outcome.as_listed.precision.value, abs=1e-5)
    plain = table.filter(pl.col("logistic_selected"))["event"].mean()
    assert plain == pytest.approx(outcome.rankings["logistic"].precision.value, abs=1e-5)
    ratio = table["probability"].sum() / table["event"].sum()
    assert ratio == pytest.approx(outcome.as_listed.expected_over_observed.value, abs=1e-5)


def test_every_household_of_the_month_is_scored_for_every_outcome(
    read: duckdb.DuckDBPyConnection, place: Place
) -> None:
    table = _table(read, "score")
    assert table.height == 1500 * len(place.outcomes)
    assert table.group_by("outcome").len()["len"].to_list() == [1500, 1500]
    for outcome in place.outcomes:
        part = table.filter(pl.col("outcome") == outcome.value).sort("raw_score")
        assert part["probability"].is_sorted()
        assert part["raw_score"].n_unique() > 10


def test_contributions_and_base_add_up_to_the_score_of_every_listed_household(
    read: duckdb.DuckDBPyConnection,
) -> None:
    gap, households = read.execute(
        f"""
        SELECT max(abs(s.raw_score - b.value - e.total)), count(*)
        FROM (SELECT household_id, outcome, sum(contribution) AS total
              FROM {SCHEMA}.explanation GROUP BY ALL) e
        JOIN {SCHEMA}.base_value b USING (outcome)
        JOIN {SCHEMA}.score s USING (household_id, outcome)"""
    ).fetchall()[0]
    assert gap < 1e-6
    assert households == 40


def test_lists_are_full_and_safe(read: duckdb.DuckDBPyConnection) -> None:
    listed = read.sql(
        f"""
        SELECT s.neighbourhood_code AS area, h.*, l.eligible, l.already_supported
        FROM {SCHEMA}.selection s
        JOIN {SCHEMA}.household_snapshot h ON h.household_id = s.household_id
         AND h.snapshot_date = DATE '{MONTH}'
        JOIN {SCHEMA}.label l ON l.household_id = s.household_id
         AND l.snapshot_date = h.snapshot_date AND l.outcome = s.outcome
        WHERE s.route = 'LISTED'"""
    ).pl()
    assert listed.group_by("area").len()["len"].to_list() == [20, 20]
    assert not listed["x_restricted"].any()
    assert (listed["hh_kind"] == "HOUSEHOLD").all()
    assert listed["eligible"].all()
    assert not listed["already_supported"].any()
    assert (listed["area"] == listed["neighbourhood_code"]).all()


def test_every_card_has_reasons_strengths_and_what_is_not_known(
    read: duckdb.DuckDBPyConnection,
) -> None:
    cards = _table(read, "reason")
    listed = set(
        _table(read, "selection").filter(pl.col("route") == "LISTED")["household_id"].to_list()
    )
    for kind in ("MOST", "STRENGTH", "NOT_KNOWN"):
        assert set(cards.filter(pl.col("kind") == kind)["household_id"].to_list()) == listed
    most = cards.filter(pl.col("kind").is_in(["MOST", "ALSO"])).group_by("household_id").len()
    assert most["len"].max() <= 4
    assert not cards["feature"].drop_nulls().str.starts_with("health").any()


def test_twice_is_the_same_bytes(done: Done, tmp_path: Path, write, world, place: Place) -> None:
    again = _walk(write(tmp_path / "w.duckdb", world), tmp_path / "2026-10", place)
    one, two = (
        of_files(each.folder, [path for path in each.folder.rglob("*") if path.is_file()])
        for each in (done, again)
    )
    assert one == two
    with (
        duckdb.connect(str(done.path), read_only=True) as first,
        duckdb.connect(str(again.path), read_only=True) as second,
    ):
        for name in ("score", "backtest", "selection", "explanation", "reason"):
            sql = f"SELECT * FROM {SCHEMA}.{name}"
            assert first.sql(sql).pl().equals(second.sql(sql).pl()), name


def test_progress_is_told_and_pictures_are_drawn(done: Done) -> None:
    assert any("edge_of_crisis" in words and "of 2" in words for words in done.said)
    assert done.report.design_svg.startswith("<svg")
    assert "What each model learns from" in done.report.design_svg
    assert "Of every 100 listed" in capacity_picture(done.report.evaluation, "edge_of_crisis")
    table = split_table(done.report.evaluation)
    assert table["model"].to_list() == ["test 1", "scoring"]
    assert done.report.summary_rows()[0]["ranking"] == "points"
    assert done.report.leak_warnings == ()
    assert set(done.report.trained) == {"edge_of_crisis", "O1"}


def test_a_model_better_than_can_be_is_warned_of(done: Done) -> None:
    warned = too_good(done.report.evaluation, ceiling=0.6)
    assert any(words.startswith("edge_of_crisis: an area under the curve") for words in warned)


def _columns(connection: duckdb.DuckDBPyConnection) -> list[str]:
    return [row[0] for row in connection.execute(f"DESCRIBE {SCHEMA}.feature").fetchall()]


def test_a_planted_copy_of_the_label_stops_the_run(
    warehouse: Path, tmp_path: Path, place: Place
) -> None:
    with duckdb.connect(str(warehouse)) as connection:
        victim = _columns(connection)[2]
        connection.execute(
            f"""UPDATE {SCHEMA}.feature f SET "{victim}" = CAST(l.event AS DOUBLE)
            FROM {SCHEMA}.label l WHERE l.outcome = 'edge_of_crisis'
            AND l.household_id = f.household_id AND l.snapshot_date = f.snapshot_date"""
        )
        with pytest.raises(LeakSuspected, match=victim):
            train_and_evaluate(connection, place=place, month=MONTH, folder=tmp_path / "m")


def test_an_outcome_with_too_few_events_is_reported_and_left_out(
    warehouse: Path, tmp_path: Path, place: Place
) -> None:
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(
            f"UPDATE {SCHEMA}.label SET event = FALSE WHERE outcome = 'O1' AND event"
        )
        folder = tmp_path / "m"
        report = train_and_evaluate(connection, place=place, month=MONTH, folder=folder)
        left_out = report.evaluation.outcomes["O1"]
        assert not left_out.trained
        assert "Too few events to train: 0 households" in left_out.why_not
        assert not (folder / "models" / "O1").exists()
        score_month(connection, place=place, month=MONTH, folder=folder)
        scored = connection.execute(f"SELECT DISTINCT outcome FROM {SCHEMA}.score").fetchall()
        assert scored == [("edge_of_crisis",)]
        backtest = connection.execute(f"SELECT DISTINCT outcome FROM {SCHEMA}.backtest").fetchall()
        assert backtest == [("edge_of_crisis",)]


def test_lists_need_an_outcome_that_can_be_trained(
    warehouse: Path, tmp_path: Path, place: Place
) -> None:
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(f"UPDATE {SCHEMA}.label SET event = FALSE WHERE event")
        with pytest.raises(DataMissing, match=r"edge_of_crisis.*cannot be trained.*at least 10"):
            train_and_evaluate(connection, place=place, month=MONTH, folder=tmp_path / "m")


def test_steps_out_of_turn_say_what_to_do_first(
    warehouse: Path, tmp_path: Path, place: Place
) -> None:
    with duckdb.connect(str(warehouse)) as connection:
        for step in (score_month, select_households, explain_selection):
            with pytest.raises(DataMissing, match="Train the models first"):
                step(connection, place=place, month=MONTH, folder=tmp_path / "none")
    with pytest.raises(DataMissing, match=r"evaluation\.json"):
        read_evaluation(tmp_path)


@pytest.mark.parametrize(
    ("table", "step"),
    [
        ("feature", "Build the features first"),
        ("label", "Build the labels first"),
        ("household_snapshot", "Build the households first"),
    ],
)
def test_a_missing_table_says_what_to_do_first(
    warehouse: Path, tmp_path: Path, place: Place, table: str, step: str
) -> None:
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(f"DROP TABLE {SCHEMA}.{table}")
        with pytest.raises(DataMissing, match=step):
            train_and_evaluate(connection, place=place, month=MONTH, folder=tmp_path / "m")


def test_features_that_changed_since_training_are_refused(
    done: Done, warehouse: Path, place: Place
) -> None:
    with duckdb.connect(str(warehouse)) as connection:
        dropped = _columns(connection)[3]
        connection.execute(f'ALTER TABLE {SCHEMA}.feature DROP COLUMN "{dropped}"')
        with pytest.raises(DataMissing, match=dropped):
            score_month(connection, place=place, month=MONTH, folder=done.folder)


def test_a_neighbourhood_without_households_has_an_empty_list(
    done: Done, tmp_path: Path, place: Place
) -> None:
    import shutil

    path = tmp_path / "w.duckdb"
    shutil.copy(done.path, path)
    empty = place.neighbourhoods["N1"].model_copy(update={"name": "Empty"})
    wider = place.model_copy(update={"neighbourhoods": {**place.neighbourhoods, "N9": empty}})
    alone = place.model_copy(update={"neighbourhoods": {"N9": empty}})
    with duckdb.connect(str(path)) as connection:
        routes = select_households(connection, place=wider, month=MONTH, folder=done.folder)
        assert set(routes["neighbourhood_code"]) == {"N1", "N2"}
        routes = select_households(connection, place=alone, month=MONTH, folder=done.folder)
        assert routes.is_empty()
        report = explain_selection(connection, place=alone, month=MONTH, folder=done.folder)
    assert (report.listed, report.lines) == (0, {})
    assert report.largest_gap < 1e-10


def test_a_changed_model_file_is_refused(done: Done, tmp_path: Path) -> None:
    import shutil

    folder = tmp_path / "copy"
    shutil.copytree(done.folder, folder)
    path = folder / "models" / "edge_of_crisis" / "booster.txt"
    path.write_bytes(path.read_bytes() + b"\n")
    with pytest.raises(DataMissing, match=r"booster\.txt"):
        load_shipped(folder, Outcome.EDGE, threads=1)


def test_a_feature_without_a_value_says_why_and_one_with_a_value_does_not(
    read: duckdb.DuckDBPyConnection,
) -> None:
    found = read.execute(
        f"SELECT DISTINCT value IS NULL, no_value_because IS NULL FROM {SCHEMA}.explanation "
        "ORDER BY ALL"
    ).fetchall()
    assert found == [(False, True), (True, False)]


def test_explanations_of_other_scores_are_refused(done: Done, tmp_path: Path, place: Place) -> None:
    import shutil

    path = tmp_path / "w.duckdb"
    shutil.copy(done.path, path)
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"UPDATE {SCHEMA}.score SET raw_score = raw_score + 0.001")
        with pytest.raises(DoesNotAddUp, match="1500 of 1500 households"):
            explain_selection(connection, place=place, month=MONTH, folder=done.folder)


@pytest.mark.parametrize("kind", MODELS)
def test_every_kind_of_model_scores_lists_and_explains_itself_exactly(
    done: Done, tmp_path: Path, place: Place, kind: str
) -> None:
    import shutil

    folder, path = tmp_path / "copy", tmp_path / "w.duckdb"
    shutil.copytree(done.folder, folder)
    shutil.copy(done.path, path)
    facts = folder / "models" / "edge_of_crisis" / "model.json"
    said = json.loads(facts.read_text())
    facts.write_text(json.dumps({**said, "shipped_model": kind}))
    with duckdb.connect(str(path)) as connection:
        score_month(connection, place=place, month=MONTH, folder=folder)
        select_households(connection, place=place, month=MONTH, folder=folder)
        report = explain_selection(connection, place=place, month=MONTH, folder=folder)
    assert (report.households, report.listed) == (1500, 40)
    assert report.largest_gap < 1e-6


def test_a_model_that_ships_beats_chance_on_months_to_come(done: Done, world) -> None:
    """Raw scores of the index date order the hidden strain of that date."""
    with duckdb.connect(str(done.path), read_only=True) as connection:
        raw = connection.sql(
            f"SELECT raw_score FROM {SCHEMA}.score WHERE outcome = 'edge_of_crisis' "
            "ORDER BY household_id"
        ).pl()["raw_score"]
    truth = world.truth[0][-1500:]
    assert np.corrcoef(raw.to_numpy(), np.log(truth))[0, 1] > 0.75


def test_evaluation_files_are_strict(done: Done) -> None:
    content = json.loads((done.folder / "evaluation.json").read_text())
    content["surprise"] = 1
    with pytest.raises(ValueError, match="surprise"):
        Evaluation.model_validate(content)
