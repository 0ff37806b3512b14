"""A fitted model is kept whole, written the same every time, and compared from run to run."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from linkage.engine.model import (
    DRIFTED,
    FREQUENCY_SCHEMA,
    NOT_COMPARABLE,
    STEADY,
    FittedLevel,
    FittedModel,
    Threshold,
    compare_models,
)


def model(**more: object) -> FittedModel:
    levels = tuple(
        FittedLevel(comparison="last", position=n, m=m, u=u, learnt=True)
        for n, (m, u) in enumerate([(0.8, 0.01), (0.1, 0.04), (0.1, 0.95)])
    )
    given = {
        "prior": 0.001,
        "levels": levels,
        "thresholds": (Threshold(band="all", weight=9.5, probability=0.97),),
        "fitted": True,
        "seed": 7,
        "defaults_used": ("last.1.u",),
        "records": 4000,
        "frequencies": pl.DataFrame(
            [("last", "lowe", 0.25), ("last", "pugh", 0.125)], schema=FREQUENCY_SCHEMA, orient="row"
        ),
        **more,
    }
    return FittedModel(**given)  # type: ignore[arg-type]  # any field


def test_what_is_written_is_read_back() -> None:
    before = model()
    after = FittedModel.from_json(before.to_json(), before.frequencies)
    assert after == before
    assert after.fingerprint == before.fingerprint
    assert after.to_json() == before.to_json()


@pytest.mark.parametrize(
    "change",
    [
        {"seed": 8},
        {"prior": 0.002},
        {"frequencies": model().frequencies.with_columns(share=pl.lit(0.5))},
        {"thresholds": ()},
    ],
)
def test_a_fingerprint_tells_models_apart(change: dict[str, object]) -> None:
    assert model(**change).fingerprint != model().fingerprint


def test_the_order_of_frequencies_plays_no_part_in_the_fingerprint() -> None:
    turned = model(frequencies=model().frequencies.reverse())
    assert turned.fingerprint == model().fingerprint


def test_drift_is_the_largest_change_in_bits() -> None:
    first, *others = model().levels
    halved = model(levels=(replace(first, m=0.4), *others))
    drift = compare_models(model(), halved, tolerance=0.9)
    assert (drift.verdict, drift.where) == (DRIFTED, "last.0")
    assert drift.largest == pytest.approx(1.0)
    assert drift.levels["change"].to_list() == pytest.approx([-1.0, 0.0, 0.0])
    assert compare_models(model(), halved, tolerance=1.1).verdict == STEADY


def test_models_of_other_comparisons_are_not_compared() -> None:
    fewer = model(levels=model().levels[:2])
    assert compare_models(model(), fewer).verdict == NOT_COMPARABLE
