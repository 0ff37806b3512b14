"""Plain rules and lists of real length."""

from __future__ import annotations

import numpy as np
import pytest

from models.catalogue import RULES, catalogue_specs
from models.lists import first_held, mark_held, overlap, pick_lists
from models.rules import RANDOM, TAKE_THE_BEST, TALLY, Rule, choose_best, fit_rules

ARREARS = Rule(name="arrears", says="arrears", parts=("letters", "summons"), at_least=2)
PRIOR = Rule(name="prior", says="crises", parts=("crisis",))
POOR = Rule(name="poor", says="poor areas", parts=("tenth",), sign=-1, at_least=-2)
NAMES = ("letters", "summons", "crisis", "tenth")
X = np.array(
    [
        [1, 1, 0, 1],
        [np.nan, 5, 0, 9],
        [0, 0, 1, np.nan],
        [0, np.nan, 0, 10],
    ],
    dtype=np.float32,
)


def test_a_rule_sums_what_is_recorded() -> None:
    assert ARREARS.score(X, NAMES).tolist() == [2, 5, 0, 0]
    assert PRIOR.score(X, NAMES).tolist() == [0, 0, 1, 0]


def test_where_less_ranks_higher_the_unknown_ranks_last() -> None:
    assert POOR.score(X, NAMES).tolist() == [-1, -9, -10, -10]


def test_a_place_without_a_rules_columns_goes_without_it() -> None:
    assert PRIOR.score(X[:, :2], NAMES[:2]) is None
    fitted = fit_rules([ARREARS, PRIOR], X[:, :2], np.zeros(4), np.ones(4), NAMES[:2])
    assert fitted.names == (RANDOM, "arrears", TALLY, TAKE_THE_BEST)


def test_take_the_best_asks_first_what_most_often_came_before_an_event() -> None:
    y = np.array([0.0, 0.0, 1.0, 0.0])
    fitted = fit_rules([ARREARS, PRIOR, POOR], X, y, np.ones(4), NAMES)
    assert fitted.rules[fitted.order[0]].name == "prior"
    scores = fitted.scores(X, NAMES, np.zeros(4))
    assert scores[TALLY].tolist() == [2, 1, 1, 0]
    assert np.argmax(scores[TAKE_THE_BEST]) == 2
    assert set(scores) == set(fitted.names) == set(fitted.sayings)


def test_the_best_rule_is_the_one_with_the_best_average_precision() -> None:
    y = np.array([0.0, 1.0, 0.0, 1.0])
    scores = {"b": np.array([0.0, 1, 0, 1]), "a": np.array([0.0, 1, 0, 1]), "c": np.zeros(4)}
    assert choose_best(scores, y, np.ones(4)) == "a"
    assert choose_best(scores, np.zeros(4), np.ones(4)) == RANDOM


def test_rules_of_the_house_speak_of_features_of_the_house() -> None:
    names = {spec.name for spec in catalogue_specs()}
    for rule in RULES:
        assert set(rule.parts) <= names, rule.name
    assert len({rule.name for rule in RULES}) == len(RULES)


@pytest.mark.parametrize(
    ("team", "sizes", "expected"),
    [
        ([0, 0, 0, 0], [2], [1, 3]),
        ([0, 0, 1, 1], [1, 1], [1, 3]),
        ([0, 0, -1, -1], [5], [0, 1]),
        ([1, 1, 1, 1], [4, 0], []),
    ],
)
def test_a_list_holds_the_highest_of_its_own(
    team: list[int], sizes: list[int], expected: list[int]
) -> None:
    score, luck = np.array([0.1, 0.9, 0.2, 0.4]), np.array([0.5, 0.5, 0.5, 0.5])
    chosen = pick_lists(score, luck, np.ones(4, dtype=bool), np.array(team), sizes)
    assert np.flatnonzero(chosen).tolist() == expected


def test_ties_are_settled_by_luck_and_those_who_may_not_are_left_out() -> None:
    luck = np.array([0.3, 0.1, 0.2, 0.0])
    may = np.array([True, True, True, False])
    chosen = pick_lists(np.ones(4), luck, may, np.zeros(4, dtype=np.int64), [2])
    assert chosen.tolist() == [False, True, True, False]


def _months(ranks: list[list[int]], *, keep: float, size: int = 2) -> list[set[int]]:
    """Lists of households by month, where a month names households from the highest score down."""
    household = np.concatenate([np.array(order) for order in ranks])
    month = np.repeat(np.arange(len(ranks)), [len(order) for order in ranks])
    score = np.concatenate([-np.arange(len(order), dtype=float) for order in ranks])
    team, luck = np.zeros(len(score), dtype=np.int64), np.zeros(len(score))
    held = mark_held(household, month, score, luck, team, sizes=[size], keep=keep)
    everyone = np.ones(len(score), dtype=bool)
    chosen = pick_lists(first_held(score, held), luck, everyone, month, [size] * len(ranks))
    return [set(household[chosen & (month == at)].tolist()) for at in range(len(ranks))]


@pytest.mark.parametrize(
    ("keep", "then"),
    [
        pytest.param(1.0, {3, 4}, id="made anew"),
        pytest.param(1.5, {3, 1}, id="until its rank passes half as much again"),
        pytest.param(2.0, {1, 2}, id="until its rank passes twice the length"),
    ],
)
def test_who_was_listed_stays_until_the_rank_has_passed_a_multiple(
    keep: float, then: set[int]
) -> None:
    assert _months([[1, 2, 3, 4, 5], [3, 4, 1, 2, 5]], keep=keep) == [{1, 2}, then]


def test_a_place_is_kept_by_those_listed_a_month_before_and_by_nobody_else() -> None:
    lists = _months([[1, 2, 3], [4, 3, 1], [4, 1, 2]], keep=1.5)
    assert lists == [{1, 2}, {1, 4}, {1, 4}]


def test_nobody_loses_a_place_to_a_lot_among_equals() -> None:
    household, month = np.tile(np.arange(10), 2), np.repeat([0, 1], 10)
    luck = np.concatenate([np.linspace(0, 0.9, 10), np.linspace(0.9, 0, 10)])
    team, score = np.zeros(20, dtype=np.int64), np.ones(20)
    held = mark_held(household, month, score, luck, team, sizes=[2], keep=1.5)
    assert np.flatnonzero(held).tolist() == [10, 11]


def test_overlap_is_of_neighbouring_months() -> None:
    household, month = np.tile([1, 2, 3], 3), np.repeat([0, 1, 2], 3)
    chosen = np.array([1, 1, 0, 1, 1, 0, 0, 1, 1], dtype=bool)
    assert overlap(household, month, chosen) == pytest.approx((1 + 1 / 3) / 2)
    assert np.isnan(overlap(household[:3], month[:3], chosen[:3]))
