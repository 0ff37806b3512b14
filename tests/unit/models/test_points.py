"""A card of points: few lines, whole points, in the agreed direction, exact as a model."""

from __future__ import annotations

import json

import numpy as np
import pytest

from features.catalogue import CATALOGUE
from models.additive import Additive
from models.card import print_card
from models.points import MOST_LINES, CardLine, fit_card, fit_points
from models.sampling import Sample
from models.spec import FeatureSpec

SPECS = (
    FeatureSpec(name="letters", theme="debt", monotone=1),
    FeatureSpec(name="tenth", theme="area", monotone=-1),
    FeatureSpec(name="noise", theme="other"),
    FeatureSpec(name="against", theme="other", monotone=-1),
)


def _sample(rows: int = 6000, *, seed: int = 1, level: float = -3.0) -> Sample:
    chance = np.random.default_rng(seed)
    letters = chance.poisson(1.0, rows).astype(np.float32)
    tenth = chance.integers(1, 11, rows).astype(np.float32)
    against = chance.poisson(1.0, rows).astype(np.float32)
    noise = chance.normal(size=rows).astype(np.float32)
    letters[chance.random(rows) < 0.1] = np.nan
    logit = level + 2.0 * (np.nan_to_num(letters) >= 2) + 1.0 * (tenth <= 3) + (against >= 2)
    y = (chance.random(rows) < 1 / (1 + np.exp(-logit))).astype(float)
    x = np.column_stack([letters, tenth, noise, against])
    return Sample(x=x, y=y, weight=np.ones(rows), household=np.arange(rows))


def test_the_card_finds_the_lines_that_made_the_events() -> None:
    card = fit_card(_sample(), SPECS)
    first, second = card[:2]
    assert (first.feature, first.cut, first.above, first.points) == (0, 2.0, True, 5)
    assert (second.feature, second.cut, second.above) == (1, 4.0, False)
    assert second.points in {2, 3}


def test_no_line_scores_against_the_direction_of_its_feature() -> None:
    assert all(line.feature != 3 or not line.above for line in fit_card(_sample(), SPECS))


def test_a_line_that_few_households_meet_is_not_a_rule() -> None:
    sample = _sample(level=-4.0)
    rare = np.zeros(len(sample.y), dtype=np.float32)
    rare[:300] = 1.0
    y = np.where(rare > 0, 1.0, sample.y)
    household = np.where(rare > 0, 7, sample.household + 1000)
    x = np.column_stack([sample.x, rare])
    specs = (*SPECS, FeatureSpec(name="rare", theme="other"))
    one = Sample(x=x, y=y, weight=sample.weight, household=household)
    many = Sample(x=x, y=y, weight=sample.weight, household=sample.household)
    assert all(line.feature != 4 for line in fit_card(one, specs))
    assert any(line.feature == 4 for line in fit_card(many, specs))


def test_raw_scores_are_in_order_of_points_and_contributions_add_up() -> None:
    sample = _sample()
    model, card = fit_points(sample, SPECS)
    assert 1 <= len(card) <= MOST_LINES
    total = np.zeros(len(sample.y))
    for line in card:
        value = sample.x[:, line.feature]
        total += line.points * (value >= line.cut if line.above else value < line.cut)
    raw = model.raw(sample.x)
    by_points = [raw[total == points] for points in np.unique(total)]
    assert all(np.ptp(group) < 1e-12 for group in by_points)
    assert np.all(np.diff([group[0] for group in by_points]) > 0)
    contributions = model.contributions(sample.x)
    assert np.abs(contributions.sum(axis=1) - raw).max() < 1e-12
    assert np.abs(contributions[:, :-1].mean(axis=0)).max() < 1e-9
    again = Additive.from_json(json.loads(json.dumps(model.as_json())))
    assert again == model


def test_where_nothing_is_worth_a_line_everybody_scores_the_same() -> None:
    chance = np.random.default_rng(2)
    x = np.full((400, 4), np.nan, dtype=np.float32)
    y = (chance.random(400) < 0.1).astype(float)
    model, card = fit_points(Sample(x=x, y=y, weight=np.ones(400), household=np.arange(400)), SPECS)
    assert card == ()
    assert 1 / (1 + np.exp(-model.raw(x))) == pytest.approx(np.full(400, y.mean()))
    assert sum(model.gains().values()) == 0


def test_a_card_is_printed_in_the_words_of_the_catalogue() -> None:
    feature = CATALOGUE[0]
    specs = [FeatureSpec(name=feature.name, theme="a")]
    lines = [
        CardLine(feature=0, cut=2.0, above=True, points=3),
        CardLine(feature=0, cut=0.5, above=False, points=1),
    ]
    says = feature.says.rstrip(".")
    assert print_card(lines, specs) == [
        f"3 points: {says}: at least 2.",
        f"1 point: {says}: below 0.5.",
    ]
