"""Worlds of one seed: planted differences move what they name and nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from synthetic.causes import NAMES, OUTCOMES
from synthetic.counterfactual import outcome_under, potential
from synthetic.offers import EFFECTS, Offers
from synthetic.outcomes import composite, dated
from synthetic.settings import Size, Switches
from synthetic.world import replayed

SIZE = Size(households=1_500, months=14, futures=2)
GROUP = ("ASIAN", "BLACK")


@pytest.fixture(scope="module")
def plain(make):
    return make(size=SIZE, preset="B0")


def test_every_process_comes_about(plain):
    events = plain.context.world.events
    assert set(events) == set(NAMES)
    assert all(len(events[name].household) for name in NAMES)


def test_events_come_only_to_those_who_can_have_them(plain):
    world = plain.context.world
    for name, to in (("arrears", "social"), ("O2", "social"), ("notice", "renter")):
        event = world.events[name]
        for month in np.unique(event.month):
            allowed = world.at_risk[month].eligible(to, world.latent.on_uc[month])
            assert allowed[event.household[event.month == month]].all()


def test_thinned_recording_leaves_need_alone(make, plain):
    switches = Switches(group=GROUP, labels_recorded=0.5, features_recorded=0.5)
    thin = make(size=SIZE, preset="B0", switches=switches).context.world
    full = plain.context.world
    hit = np.isin(full.households.group, (1, 2))
    kept = lost = 0
    for name in NAMES:
        a, b = full.events[name], thin.events[name]
        assert np.array_equal(a.household, b.household)
        assert np.array_equal(a.day, b.day)
        others = ~hit[a.household]
        assert np.array_equal(a.recorded[others], b.recorded[others])
        assert not np.any(b.recorded & ~a.recorded)
        kept += int(b.recorded[~others].sum())
        lost += int(a.recorded[~others].sum()) - int(b.recorded[~others].sum())
    assert kept / (kept + lost) == pytest.approx(0.5, abs=0.05)


def test_spurious_records_are_institution_made_and_need_nobody(make, plain):
    noisy = make(size=SIZE, preset="B0", switches=Switches(spurious=0.01)).context.world
    for name in OUTCOMES:
        a, b = plain.context.world.events[name], noisy.events[name]
        if name in ("O2", "O3"):
            assert len(b.household) > len(a.household)
        else:
            assert len(b.household) == len(a.household)


def test_a_macro_step_brings_more_job_losses_from_its_month_on(make, plain):
    switches = Switches(macro_step=1.0, macro_month=7)
    after = make(size=SIZE, preset="B0", switches=switches).context.world
    before = plain.context.world
    a, b = before.latent.shocks["job_loss"], after.latent.shocks["job_loss"]
    assert np.array_equal(a[:7], b[:7])
    assert b[7:].sum() > 2 * a[7:].sum()
    assert np.allclose(before.calibration.intercepts, after.calibration.intercepts)


def test_a_world_without_offers_is_the_world(plain):
    world = plain.context.world
    again = replayed(world, None)
    for name in NAMES:
        assert np.array_equal(world.events[name].household, again[name].household)
        assert np.array_equal(world.events[name].day, again[name].day)


def test_offers_without_effect_change_nothing(plain):
    world = plain.context.world
    everyone = {5: np.ones(world.households.n, dtype=bool)}
    none = replayed(world, Offers(contacted=everyone, effect=EFFECTS["offer_none"]))
    for name in NAMES:
        assert np.array_equal(world.events[name].household, none[name].household)


def test_only_those_contacted_can_have_another_outcome(plain):
    world = plain.context.world
    some = np.arange(world.households.n) % 3 == 0
    offers = Offers(contacted={6: some}, effect=EFFECTS["offer_strong"])
    with_list = replayed(world, offers)
    for name in OUTCOMES:
        a, b = world.events[name], with_list[name]
        mine, theirs = ~some[a.household], ~some[b.household]
        assert np.array_equal(a.household[mine], b.household[theirs])
        assert np.array_equal(a.day[mine], b.day[theirs])
    assert sum(len(with_list[n].household) for n in OUTCOMES) < sum(
        len(world.events[n].household) for n in OUTCOMES
    )


def test_a_one_off_offer_shows_each_household_one_of_its_two_outcomes(plain):
    world, month = plain.context.world, 6
    treated = np.arange(world.households.n) % 2 == 0
    strong = EFFECTS["offer_strong"]
    untouched = outcome_under(world, None, month)
    everyone = {month: np.ones(world.households.n, dtype=bool)}
    offered = outcome_under(world, Offers(contacted=everyone, effect=strong), month)
    listed = outcome_under(world, Offers(contacted={month: treated}, effect=strong), month)
    assert np.array_equal(listed, np.where(treated, offered, untouched))


def test_potential_outcomes_never_get_worse_by_an_offer_that_helps(plain):
    table = potential(plain.context.world, 6, EFFECTS["offer_strong"])
    assert table["theta"].min() > 0.2
    assert table["y1"].sum() <= table["y0"].sum()
    assert 0.4 < table["uptake"].mean() < 0.7


def test_the_composite_is_a_severe_outcome_or_two_different_ones(plain):
    world = plain.context.world
    marks = dated(world.streams, world.events)
    cutoff = int(world.months[7]) - 1
    edge = composite(marks, world.households.n, cutoff)
    count, severe = np.zeros(world.households.n, dtype=int), set()
    for (name, kind), mark in marks.items():
        inside = (mark.day > cutoff + 28) & (mark.day <= cutoff + 182)
        if kind == "severe":
            severe |= set(mark.household[inside].tolist())
        elif name != "O7":
            count[np.unique(mark.household[inside])] += 1
    expected = severe | set(np.flatnonzero(count >= 2).tolist())
    assert set(np.flatnonzero(edge).tolist()) == expected
    assert expected
