"""Models fitted again: without a source, on fewer households, on other households."""

from __future__ import annotations

import numpy as np
import pytest

from contracts.months import month_ends
from contracts.reporting import Reporting
from models.bootstrap import Resamples
from models.kinds import MODELS
from models.panel import Labels, Panel
from models.refit import Recipe, bounded, choose_strength, household_luck
from models.refits import blocks, refit, variants, without
from models.sampling import Sample
from models.spec import FeatureSpec
from models.splits import Fit
from tests.unit.models.conftest import MONTH, small_place

HOUSEHOLDS = 900
DAYS = month_ends(MONTH.replace(year=2025, month=12), MONTH)
PLAN = Fit(first=tuple(DAYS[:3]), later=(DAYS[3],), whole=tuple(DAYS[:4]), tests=tuple(DAYS[-2:]))
SPECS = (
    FeatureSpec(name="told", theme="rent", sources=("rent",)),
    FeatureSpec(name="noise", theme="health", sources=("gp", "ecds")),
    FeatureSpec(name="both", theme="several", sources=("gp", "rent")),
    FeatureSpec(name="bare", theme="home"),
)
QUICK = {"trees": 20, "replicates": 200}


def _world(*, remembered: bool = False) -> tuple[Panel, Labels]:
    """Only ``told`` says who has an event; or every household has its own luck and number."""
    chance = np.random.default_rng(4)
    months = len(DAYS)
    rows = HOUSEHOLDS * months
    strain = np.repeat(chance.normal(0, 1, HOUSEHOLDS)[None, :], months, axis=0).ravel()
    luck = np.tile(chance.normal(0, 1, HOUSEHOLDS), months)
    x = chance.normal(0, 1, (rows, len(SPECS))).astype(np.float32)
    x[:, 2] = 0.0
    if remembered:
        x[:, 3] = np.tile(chance.permutation(HOUSEHOLDS), months)
        y = (luck > 1.0).astype(float)
    else:
        x[:, 0] = strain
        y = (chance.random(rows) < 1 / (1 + np.exp(2.5 - 1.5 * strain))).astype(float)
    no = np.zeros(rows, dtype=bool)
    panel = Panel(
        specs=SPECS,
        x=x,
        household=np.tile(np.arange(HOUSEHOLDS), months),
        day=np.repeat(np.array(DAYS, dtype="datetime64[D]"), HOUSEHOLDS),
        area=np.tile(np.arange(HOUSEHOLDS) % 2, months),
        restricted=no,
        communal=no,
    )
    return panel, Labels(eligible=~no, supported=no, y=y, lead_days=np.where(y > 0, 60.0, np.nan))


def _refit(world, kind, **reporting):
    panel, labels = world
    place = small_place(**QUICK).model_copy(update={"reporting": Reporting(**reporting)})
    resamples = Resamples.draw(panel.household, replicates=200, seed=1)
    said: list[str] = []
    found = refit(
        panel,
        labels,
        [PLAN],
        kind=kind,
        trees=20,
        place=place,
        resamples=resamples,
        tell=said.append,
    )
    return found, said


@pytest.mark.parametrize("kind", MODELS)
def test_only_the_source_that_tells_is_missed_when_it_goes(kind):
    found, _ = _refit(_world(), kind, learning_curve=False, other_households=False)
    by_key = {one.key: one for one in found.block_out}
    assert set(by_key) == {"health", "ecds", "rent"}
    assert by_key["rent"].features == 2
    assert by_key["rent"].difference.auroc.low > 0.15
    assert by_key["rent"].difference.precision.low > 0.05
    assert by_key["rent"].tested.auroc.value < 0.6
    assert found.everything.auroc.value > 0.7
    assert abs(by_key["health"].difference.auroc.value) < 0.05
    gap = found.everything.auroc.value - by_key["health"].tested.auroc.value
    assert by_key["health"].difference.auroc.value == pytest.approx(gap, abs=2e-5)
    assert found.learning_curve == []
    assert found.other_households is None


def test_more_households_are_the_same_ones_and_some_more():
    found, said = _refit(_world(), "logistic", block_out=False, other_households=False)
    shares = [point.share for point in found.learning_curve]
    assert shares == [0.125, 0.25, 0.5, 1.0]
    households = [point.households for point in found.learning_curve]
    assert households == sorted(households)
    assert 0.8 * HOUSEHOLDS < households[-1] <= HOUSEHOLDS
    assert households[0] == pytest.approx(households[-1] / 8, rel=0.35)
    assert found.learning_curve[-1].tested == found.everything
    assert said[0].startswith("fitting again, 1 of 4")


def test_a_model_that_only_remembers_is_found_out():
    switched = {"block_out": False, "learning_curve": False}
    found, _ = _refit(_world(remembered=True), "lightgbm", **switched)
    others = found.other_households
    assert others.met.auroc.low > 0.6
    assert others.unmet.auroc.low < 0.5 < others.unmet.auroc.high
    assert others.difference.auroc.low > 0.03
    honest, _ = _refit(_world(), "lightgbm", **switched)
    assert abs(honest.other_households.difference.auroc.value) < 0.1


def test_nothing_is_fitted_again_where_nothing_is_asked():
    off = {"block_out": False, "learning_curve": False, "other_households": False}
    assert _refit(_world(), "points", **off) == (None, [])


def test_half_of_the_households_are_fitted_once_for_both_uses():
    place = small_place().model_copy(update={"reporting": Reporting()})
    assert len(variants(SPECS, place)) == 1 + 3 + 3 + 1


def test_a_source_is_blocked_out_with_all_that_needs_it_and_only_where_the_place_has_it():
    assert without(SPECS, ("gp",)) == (0, 3)
    assert blocks(SPECS, {"rent", "gp"}) == {"gp": ("gp",), "rent": ("rent",)}
    assert blocks(SPECS[:1], {"rent"}) == {}


def _sample(rows: int, rate: float) -> Sample:
    chance = np.random.default_rng(2)
    y = (chance.random(rows) < rate).astype(float)
    return Sample(
        x=np.zeros((rows, 1), dtype=np.float32),
        y=y,
        weight=np.where(y > 0, 1.0, 3.0),
        household=chance.integers(0, rows // 10, rows),
    )


@pytest.mark.parametrize(("rate", "most"), [(0.01, 2000), (0.3, 2000), (0.3, 50_000)])
def test_fewer_rows_stand_for_as_many(rate, most):
    whole = _sample(20_000, rate)
    kept = bounded(whole, most=most, seed=5)
    if most > 20_000:
        assert kept is whole
        return
    assert len(kept.y) == pytest.approx(most, rel=0.15)
    share = kept.weight[kept.y > 0].sum() / kept.weight.sum()
    assert share == pytest.approx(whole.weight[whole.y > 0].sum() / whole.weight.sum(), rel=0.15)
    gone = household_luck(whole, seed=5) >= household_luck(kept, seed=5).max() + 1e-12
    assert not set(whole.household[gone]) & set(kept.household)


def test_how_freely_a_weight_may_follow_is_told_by_later_months():
    chance = np.random.default_rng(6)
    x = chance.normal(0, 1, (4000, 3)).astype(np.float32)
    y = (chance.random(4000) < 1 / (1 + np.exp(2 - 2 * x[:, 0]))).astype(float)
    sample = Sample(x=x, y=y, weight=np.ones(4000), household=np.arange(4000))
    assert choose_strength(sample, sample, SPECS[:3]) == 0.03
    assert choose_strength(None, None, SPECS[:3]) == 0.0003


def test_the_recipe_is_that_of_the_kind():
    training = small_place().training
    sample = _sample(600, 0.3)
    for kind in MODELS:
        recipe = Recipe(kind=kind, trees=5, strength=0.003, training=training)
        assert recipe.fit(sample, SPECS[:1]).names == ("told",)
