"""School leavers in Northern Ireland, 1993 to 1999: who will be out of work, from what came before.

Three years of monthly states are learnt from; the event is three or more jobless months in the
fourth. Each person is held out once.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from contracts.place import Training
from models.fitting import fit_models
from models.kinds import MODELS
from models.lists import pick_lists
from models.measures import area
from models.regret import weigh_regret
from models.sampling import Sample
from models.spec import FeatureSpec

LEAVERS = Path(__file__).resolve().parents[3].parent / "shared/data/temporal_mvad_ni/mvad.parquet"
pytestmark = pytest.mark.skipif(
    not LEAVERS.exists(), reason="the published leavers are not beside the repository"
)

FOLDS, SEED, LISTED = 5, 1999, 15
KNOWN, AHEAD, FEWEST = 36, 12, 3
STATES = ("employment", "FE", "HE", "joblessness", "school", "training")


def _rows() -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Counts of months in each state over five windows, months since each, and school facts."""
    table = pl.read_parquet(LEAVERS)
    months = np.stack([table[name].to_numpy() for name in table.columns if "." in name[3:4]], 1)
    y = (months[:, KNOWN : KNOWN + AHEAD] == "joblessness").sum(axis=1) >= FEWEST
    past = months[:, :KNOWN]
    columns: dict[str, np.ndarray] = {}
    for state in STATES:
        here = past == state
        for window in (3, 6, 12, 24, 36):
            columns[f"{state}_{window}"] = here[:, -window:].sum(axis=1)
        columns[f"since_{state}"] = np.where(here.any(axis=1), here[:, ::-1].argmax(axis=1), np.nan)
    columns["changes"] = (past[:, 1:] != past[:, :-1]).sum(axis=1)
    for name in ("funemp", "gcse5eq", "fmpr", "livboth", "Grammar"):
        columns[name] = (table[name] == "yes").to_numpy()
    x = np.column_stack(list(columns.values())).astype(np.float32)
    return x, y.astype(float), list(columns)


def _sample(x: np.ndarray, y: np.ndarray, rows: np.ndarray) -> Sample:
    at = np.flatnonzero(rows)
    return Sample(x=x[at], y=y[at], weight=np.ones(len(at)), household=at)


def test_the_picked_model_knows_who_will_be_out_of_work(
    record_property: Callable[[str, object], None],
) -> None:
    x, y, names = _rows()
    specs = tuple(FeatureSpec(name=name, theme="past") for name in names)
    fold = np.random.default_rng(SEED).permutation(len(y)) % FOLDS
    luck = np.random.default_rng(SEED).random(len(y))
    areas: dict[str, list[float]] = {name: [] for name in MODELS}
    chosen = {name: np.zeros(len(y), dtype=np.bool_) for name in MODELS}
    for number in range(FOLDS):
        test, later = fold == number, fold == (number + 1) % FOLDS
        samples = (~test & ~later, later, ~test)
        fits = fit_models(
            *(_sample(x, y, rows) for rows in samples),
            specs,
            Training(seed=SEED, threads=1),
            ahead=x[test],
        )
        for name, model in fits.models.items():
            raw = model.raw(x)
            areas[name].append(area(y[test], raw[test]))
            team = np.where(test, 0, -1)
            chosen[name] |= pick_lists(raw, luck, test, team, [LISTED])
    picked = weigh_regret(fold, y, chosen).picked
    record_property("leavers-auroc", float(np.mean(areas[picked])))
    assert y.mean() == pytest.approx(0.111, abs=0.001)
    assert np.mean(areas[picked]) >= 0.85, (picked, areas)
