"""Everything that is looked at more closely for the outcome that lists are made from."""

from __future__ import annotations

import duckdb

from contracts.warehouse import month_schema
from models.catalogue import SERVICES
from models.closer import calibration, known_to, look, net_benefits, newcomers
from models.closer_report import Closer, Refits, Timing
from models.kinds import ModelName
from models.outcome import Learnt, OutcomeLearner, Plans
from models.refits import refit
from models.tables import replace_tables
from models.timing import TimingOf


def look_closer(
    connection: duckdb.DuckDBPyConnection, learner: OutcomeLearner, learnt: Learnt
) -> Closer | None:
    """Look at the listed outcome; None where it could not be trained.

    What is fitted again is as the place's ``reporting`` says. Writes ``timing`` where it asks when.

    Args:
        connection: An open warehouse that may be written.
        learner: Who learnt it, with the panel and the labels.
        learnt: What came of it.
    """
    plans, kind = learnt.plans, learnt.report.shipped_model
    if plans is None or kind is None or learnt.backtest is None:
        return None
    learner.tell("looking closer at what was tested")
    panel, resamples = learner.panel, learner.resamples
    looked = look(panel, learnt.backtest)
    trees = learnt.report.trees or 1
    return Closer(
        outcome=learner.outcome.value,
        smooth_calibration=calibration(looked, resamples),
        net_benefit=net_benefits(looked, resamples),
        newcomers=newcomers(looked, panel, learner.labels, plans.tests, resamples),
        known_to=known_to(looked, panel, SERVICES, resamples),
        refits=_refits(learner, plans, kind, trees),
        timing=_timing(connection, learner, kind, trees),
    )


def _refits(learner: OutcomeLearner, plans: Plans, kind: ModelName, trees: int) -> Refits | None:
    return refit(
        learner.panel,
        learner.labels,
        plans.tests,
        kind=kind,
        trees=trees,
        place=learner.place,
        resamples=learner.resamples,
        tell=learner.tell,
    )


def _timing(
    connection: duckdb.DuckDBPyConnection, learner: OutcomeLearner, kind: ModelName, trees: int
) -> Timing | None:
    """Test the hazard and write what it says of the newest month, where the place asks when."""
    connection.execute(f"DROP TABLE IF EXISTS {month_schema(learner.month)}.timing")
    if not learner.place.reporting.timing:
        return None
    learner.tell("when, not only whether")
    timing = TimingOf(
        connection=connection,
        panel=learner.panel,
        labels=learner.labels,
        place=learner.place,
        month=learner.month,
        kind=kind,
        trees=trees,
        resamples=learner.resamples,
    )
    table = timing.table()
    if table is not None:
        replace_tables(connection, learner.month, {"timing": table})
    return timing.test()
