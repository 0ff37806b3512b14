from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from fairlearn.metrics import (
    MetricFrame,
    false_negative_rate,
    false_positive_rate,
    selection_rate,
    true_negative_rate,
    true_positive_rate,
)
from sklearn.metrics import accuracy_score, precision_score

from fairness import group_metrics
from tests.unit.fairness.invented import GROUPS, households

ORACLE = {
    "selection_rate": selection_rate,
    "base_rate": lambda true, _: float(np.mean(true)),
    "true_positive_rate": true_positive_rate,
    "false_positive_rate": false_positive_rate,
    "false_negative_rate": false_negative_rate,
    "true_negative_rate": true_negative_rate,
    "positive_predictive_value": precision_score,
    "negative_predictive_value": lambda true, listed: precision_score(1 - true, 1 - listed),
    "false_discovery_rate": lambda true, listed: 1 - precision_score(true, listed),
    "false_omission_rate": lambda true, listed: 1 - precision_score(1 - true, 1 - listed),
    "accuracy": accuracy_score,
}


@pytest.mark.parametrize("group", GROUPS)
def test_every_classic_rate_is_fairlearns(group):
    frame = households(count=4000, dates=2, listed=0.2).filter(
        ~pl.col("ethnic_group").is_in(["OTHER", "MIXED"])
    )
    oracle = MetricFrame(
        metrics=ORACLE,
        y_true=frame["event"].cast(pl.Int64).to_numpy(),
        y_pred=frame["selected"].cast(pl.Int64).to_numpy(),
        sensitive_features=frame[group].to_numpy(),
    ).by_group
    ours = group_metrics(frame, group)
    assert ours[group].to_list() == list(oracle.index)
    for name in ORACLE:
        assert ours[name].to_list() == pytest.approx(oracle[name].tolist(), abs=1e-9)


def test_a_rate_without_a_base_is_null_and_not_nought():
    frame = pl.DataFrame(
        {
            "household_id": [1, 2],
            "event": [False, False],
            "selected": [False, False],
            "sex": ["F", "M"],
        }
    )
    found = group_metrics(frame, "sex")
    assert found["true_positive_rate"].to_list() == [None, None]
    assert found["positive_predictive_value"].to_list() == [None, None]
    assert found["false_positive_rate"].to_list() == [0.0, 0.0]


def test_rows_without_the_attribute_are_a_group():
    frame = pl.DataFrame(
        {
            "household_id": [1, 2, 3],
            "event": [True, False, True],
            "selected": [True, True, False],
            "sex": ["F", None, None],
        }
    )
    found = dict(group_metrics(frame, "sex").select("sex", "rows").rows())
    assert found == {"F": 1, "NOT_RECORDED": 2}
