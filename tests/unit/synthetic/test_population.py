from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit

from synthetic.causes import CORRELATION, LOG_ODDS, NAMES
from synthetic.hazards import recorded_shares
from synthetic.population import (
    AGE_SHARES,
    GROUP_SHARES,
    TYPE_SHARES,
    Households,
    draw_areas,
    draw_households,
    household_type_table,
    solved_intercept,
)
from synthetic.settings import Switches
from synthetic.streams import Streams


@pytest.fixture(scope="module")
def households() -> Households:
    return drawn(Switches())


def drawn(switches: Switches) -> Households:
    streams = Streams(1)
    areas = draw_areas(streams, 20_000, 4)
    return draw_households(
        streams,
        areas,
        initial=20_000,
        arrivals=np.zeros(0, dtype=np.int64),
        reserve=0,
        switches=switches,
    )


def test_every_area_lies_in_a_neighbourhood_and_has_a_decile():
    areas = draw_areas(Streams(2), 40_000, 4)
    assert set(areas.neighbourhood) == {0, 1, 2, 3}
    assert set(areas.decile) == set(range(1, 11))
    assert areas.d.mean() == pytest.approx(0, abs=1e-9)
    assert areas.d[areas.decile == 1].min() > areas.d[areas.decile == 10].max()


def test_household_types_are_raked_to_both_margins():
    table = household_type_table()
    assert np.allclose(table.sum(axis=1), 1)
    assert np.allclose(AGE_SHARES @ table, TYPE_SHARES / TYPE_SHARES.sum(), atol=1e-3)


def test_shares_of_groups_and_tenures_meet_their_targets(households: Households):
    groups = np.bincount(households.group) / households.n
    assert np.allclose(groups, GROUP_SHARES, rtol=0.15)
    tenures = np.bincount(households.tenure, minlength=4) / households.n
    assert np.allclose(tenures[:4], [0.623, 0.083, 0.088, 0.206], atol=0.01)
    assert households.disability.mean() == pytest.approx(0.32, abs=0.01)


def test_social_renting_differs_by_group_as_it_does_in_england(households: Households):
    social = np.isin(households.tenure, (1, 2))
    white, black = social[households.group == 0].mean(), social[households.group == 2].mean()
    assert 0.12 < white < 0.20
    assert black > 1.6 * white


def test_factors_are_standardised_and_hang_together(households: Households):
    factors = households.factors
    assert np.allclose(factors.mean(axis=0), 0, atol=1e-9)
    assert np.allclose(factors.std(axis=0), 1, atol=1e-9)
    found = np.corrcoef(factors.T)
    assert np.all(np.sign(found) == np.sign(CORRELATION))
    assert np.abs(found - CORRELATION).max() < 0.25


def test_contact_has_nothing_to_do_with_need(households: Households):
    for factor in range(5):
        assert abs(np.corrcoef(households.contact, households.factors[:, factor])[0, 1]) < 0.03


def test_a_shift_of_insecurity_moves_only_its_group(households: Households):
    shifted = drawn(Switches(group=("BLACK",), insecurity_shift=0.35))
    moved = shifted.factors[:, 1] - households.factors[:, 1]
    assert np.allclose(moved[households.group == 2], 0.35)
    assert np.allclose(moved[households.group != 2], 0)


def test_records_follow_contact_where_a_process_depends_on_it():
    shares = recorded_shares(np.array([-1.0, 0.0, 1.0]))
    duty = NAMES.index("O1")
    assert shares[1, duty] == pytest.approx(0.90)
    odds = shares[:, duty] / (1 - shares[:, duty])
    assert odds[2] / odds[1] == pytest.approx(1.4**1.5)
    assert np.all(shares[:, NAMES.index("O3")] == 1.0)


def test_odds_ratios_are_those_of_the_catalogue():
    assert np.exp(LOG_ODDS[1, NAMES.index("O1")]) == pytest.approx(2.6)
    assert np.exp(LOG_ODDS[2, NAMES.index("O7")]) == pytest.approx(2.6)


@pytest.mark.parametrize("target", [0.0005, 0.02, 0.5, 0.97])
def test_intercepts_are_solved(target: float):
    eta = np.random.default_rng(0).normal(0, 2, 5_000)
    assert expit(solved_intercept(eta, target) + eta).mean() == pytest.approx(target, rel=1e-6)
