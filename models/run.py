"""Training, testing and scoring a release month: what the pipeline calls."""

from __future__ import annotations

import logging
import shutil
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from contracts.errors import DataMissing
from contracts.months import month_end
from contracts.place import Outcome, Place
from contracts.training_stop import refuse_if_stopped
from features.mapped import map_features
from models.backtest import Tell
from models.batches import SCORED, scorer
from models.bootstrap import Resamples
from models.catalogue import RULES, catalogue_specs
from models.closer_look import look_closer
from models.closer_report import Closer
from models.design import split_picture, split_row
from models.leaks import too_good
from models.outcome import Learnt, OutcomeLearner, Plans
from models.panel import Panel, feature_columns, load_labels, load_panel
from models.report import EVALUATION_FILE, Evaluation
from models.spec import align
from models.store import FOLDER, check_columns, has_model, load_shipped
from models.tables import replace_tables

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class ModelReport:
    """What training a release month came to.

    Attributes:
        evaluation: Every figure, as written to ``evaluation.json``.
        path: That file.
        backtest_rows: Rows of the ``backtest`` table.
    """

    evaluation: Evaluation
    path: Path
    backtest_rows: int

    @property
    def trained(self) -> tuple[str, ...]:
        """Outcomes that have a model."""
        return tuple(key for key, found in self.evaluation.outcomes.items() if found.trained)

    @property
    def design_svg(self) -> str:
        """Picture of what each model learns from and is tested on."""
        return split_picture(self.evaluation)

    @property
    def leak_warnings(self) -> tuple[str, ...]:
        """Outcomes whose model is better than records can honestly be."""
        return too_good(self.evaluation)

    def summary_rows(self) -> list[dict[str, Any]]:
        """One row for each outcome and ranking."""
        return self.evaluation.summary().to_dicts()

    def choice_rows(self) -> list[dict[str, Any]]:
        """For each outcome what was picked and ships, why, and what each way of picking cost."""
        return [
            {
                "outcome": key,
                "picked": found.regret.picked,
                "ships": found.shipped_model,
                "because": found.shipped_because,
                "recommended": found.recommended,
                **{f"regret: {way.says}": way.regret for way in found.regret.ways},
            }
            for key, found in self.evaluation.outcomes.items()
            if found.regret is not None
        ]

    def card_rows(self, outcome: str) -> list[dict[str, Any]]:
        """The points score of an outcome, a line for each question."""
        return [{"line": line} for line in self.evaluation.outcomes[outcome].card]


def train_and_evaluate(
    connection: duckdb.DuckDBPyConnection,
    *,
    place: Place,
    month: date,
    folder: Path,
    progress: Tell | None = None,
) -> ModelReport:
    """Test each outcome's models on unseen months, and fit and save those that score.

    Writes ``<folder>/models/<outcome>/``, ``<folder>/evaluation.json`` and the ``backtest`` table.

    Args:
        connection: An open warehouse that may be written.
        place: The place.
        month: Index date of the release month.
        folder: The release month's folder.
        progress: Told each step, and how many outcomes there are.

    Raises:
        DataMissing: If the outcome that lists are made from cannot be trained.
        LeakSuspected: If there are signs that the future reached a feature.
        TrainingStopped: If what a source records changed and no calendar entry explains it.
    """
    refuse_if_stopped(folder)
    month = month_end(month)
    specs = align(catalogue_specs(), feature_columns(connection, month))
    panel = load_panel(connection, place=place, month=month, specs=specs)
    logger.info("panel: %d rows, %d features", len(panel.household), len(specs))
    shutil.rmtree(folder / FOLDER, ignore_errors=True)
    training = place.training
    resamples = Resamples.draw(panel.household, replicates=training.replicates, seed=training.seed)
    learnt: dict[Outcome, Learnt] = {}
    closer: Closer | None = None
    for number, outcome in enumerate(place.outcomes, start=1):
        learner = OutcomeLearner(
            panel=panel,
            labels=load_labels(connection, place=place, month=month, outcome=outcome),
            outcome=outcome,
            place=place,
            month=month,
            rules=RULES,
            resamples=resamples,
            folder=folder,
            tell=partial(_tell, progress, outcome, number, len(place.outcomes)),
        )
        learnt[outcome] = learner.learn()
        if outcome is place.listed_outcome:
            closer = look_closer(connection, learner, learnt[outcome])
    plans = _listed_plans(learnt[place.listed_outcome], place)
    evaluation = _evaluation(learnt, plans, panel, closer, place=place, month=month)
    evaluation.write(folder / EVALUATION_FILE)
    rows = _write_backtest(connection, month, learnt)
    return ModelReport(evaluation=evaluation, path=folder / EVALUATION_FILE, backtest_rows=rows)


def _tell(progress: Tell | None, outcome: Outcome, number: int, of: int, step: str) -> None:
    words = f"{outcome.value}, {number} of {of}: {step}"
    logger.info(words)
    if progress is not None:
        progress(words)


def _listed_plans(learnt: Learnt, place: Place) -> Plans:
    """The fits behind the lists.

    Raises:
        DataMissing: If the outcome that lists are made from could not be trained.
    """
    if learnt.plans is None:
        raise DataMissing(
            f"Lists are made from {place.listed_outcome.value}, and it cannot be trained. "
            f"{learnt.report.why_not}",
            next_step="Or list another outcome in the place's settings.",
        )
    return learnt.plans


def _evaluation(
    learnt: dict[Outcome, Learnt],
    plans: Plans,
    panel: Panel,
    closer: Closer | None,
    *,
    place: Place,
    month: date,
) -> Evaluation:
    return Evaluation(
        place=place.name,
        month=month,
        seed=place.training.seed,
        replicates=place.training.replicates,
        gap_days=place.windows.gap_days,
        horizon_months=place.windows.horizon_months,
        features=len(panel.specs),
        list_sizes={code: area.list_size for code, area in place.neighbourhoods.items()},
        splits=[split_row(plan) for plan in plans.tests],
        scoring=split_row(plans.scoring),
        outcomes={outcome.value: found.report for outcome, found in learnt.items()},
        closer=closer,
    )


def _write_backtest(
    connection: duckdb.DuckDBPyConnection, month: date, learnt: dict[Outcome, Learnt]
) -> int:
    tables = [found.backtest for found in learnt.values() if found.backtest is not None]
    table = pl.concat(tables).sort("outcome", "snapshot_date", "household_id")
    replace_tables(connection, month, {"backtest": table})
    return table.height


def score_month(
    connection: duckdb.DuckDBPyConnection, *, place: Place, month: date, folder: Path
) -> int:
    """Write ``score``: every household of the index date, by every outcome's model that ships.

    Returns:
        Rows written.

    Raises:
        DataMissing: If the listed outcome has no model, or the features are others than it learnt.
    """
    month = month_end(month)
    names = tuple(
        spec.name for spec in align(catalogue_specs(), feature_columns(connection, month))
    )
    threads = 1 if place.engine.name == "spark" else place.training.threads
    found = []
    for outcome in place.outcomes:
        if outcome is not place.listed_outcome and not has_model(folder, outcome):
            logger.warning("%s: not scored, it has no model", outcome.value)
            continue
        model = load_shipped(folder, outcome, threads=threads)
        check_columns(model, names)
        found.append(model)
    scores = map_features(
        connection,
        engine=place.engine,
        month=month,
        names=names,
        function=scorer(found),
        schema=SCORED,
    )
    table = pl.DataFrame(scores).sort("outcome", "household_id")
    if table.is_empty():
        raise DataMissing(
            f"The feature table of {month} has no rows.", next_step="Build the features again."
        )
    replace_tables(connection, month, {"score": table})
    logger.info("score: %d rows for %d outcomes", table.height, len(found))
    return table.height
