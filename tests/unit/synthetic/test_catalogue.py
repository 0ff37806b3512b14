"""Every fault is a switch, comes at its rate, and is in the sealed truth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from contracts.errors import SettingsError
from synthetic.catalogue import CATALOGUE, SWITCHES, all_off, without
from synthetic.injections import PRESETS
from synthetic.settings import Faults, Size
from synthetic.simulate import context_of, pseudonym_key

SIZE = Size(households=2_500, months=24, futures=1)
# Sources that tell a fault's plain rate, the rate asked for, and how many standard errors to allow.
RATES = {
    "F01": (("ctax", "rent", "uc"), 0.015),
    "F03": (("ctax", "rent", "uc"), 0.006),
    "F04": (("ctax", "rent", "uc"), 0.005),
    "F05": (("ctax", "rent", "uc"), 0.08),
    "F06": (("ctax", "rent", "uc"), 0.04),
    "F07": (("ctax", "rent", "uc"), 0.15),
    "F08": (("ctax",), 0.4),
    "F09": (("ctax", "rent", "uc"), 0.30),
    "F11": (("birth",), 0.003),
    "F14": (("ctax", "rent"), 0.06),
    "F16": (("rent",), 0.01),
    "F17": (("ctax", "rent", "uc"), 0.007),
    "F19": (("ctax",), 0.12),
    "F20": (("ctax",), 0.04),
    "F21": (("ctax", "rent", "uc"), 0.004),
    "F22": (("rent", "hclic"), 0.02),
    "F24": (("ctax",), 0.01),
}


@pytest.fixture(scope="module")
def rates(make) -> pl.DataFrame:
    return make(size=SIZE, seed=2).context.log.rates()


@pytest.mark.parametrize("fault", RATES)
def test_a_fault_comes_at_its_rate(rates: pl.DataFrame, fault: str):
    sources, asked = RATES[fault]
    rows = rates.filter((pl.col("fault") == fault) & pl.col("source").is_in(sources))
    exposed, hit = int(rows["exposed"].sum()), int(rows["hit"].sum())
    assert exposed > 10
    # Some changes leave a name as it was, so a few of those chosen show nothing.
    spread = 4 * np.sqrt(asked * (1 - asked) * exposed)
    assert 0.75 * asked * exposed - spread <= hit <= 1.2 * asked * exposed + spread


def test_every_fault_that_is_made_is_in_the_log(rates: pl.DataFrame):
    assert set(rates["fault"]) == set(CATALOGUE) - {"F23"}


def test_late_records_are_in_the_log_by_kind(make):
    delays = make(size=SIZE, seed=2).context.log.delays()
    median = dict(zip(delays["kind"], delays["median_days"], strict=True))
    assert 4 <= median["ctax:open"] <= 10
    assert 35 <= median["ae"] <= 55


def test_every_switch_belongs_to_a_fault():
    named = {switch for fault in CATALOGUE.values() for switch in fault.switches}
    assert named == set(SWITCHES)


def test_a_place_without_faults_has_none(make):
    preset = replace(PRESETS["average_unitary"], faults=all_off())
    made = make(size=SIZE, seed=2)
    context = context_of(made.context.world, preset, pseudonym_key(2))
    from synthetic.identity import seen

    people, ids = context.world.people, np.arange(2_000)
    view = seen(context, "rent", ids)
    assert list(view.last) == list(people.last[ids])
    assert list(view.first) == list(people.first[ids])
    assert np.array_equal(view.dob, people.dob[ids])
    assert np.array_equal(view.male, people.male[ids])
    assert context.log.rates()["hit"].sum() == 0


def test_switching_one_fault_off_leaves_the_others():
    now = without(Faults(), ["F01", "F16"])
    assert now.typo == 0
    assert set(now.duplicate.values()) == {0.0}
    assert now.nickname == Faults().nickname


@pytest.mark.parametrize("wrong", ["F12", "F99"])
def test_what_cannot_be_switched_off_is_refused(wrong: str):
    with pytest.raises(SettingsError, match=wrong):
        without(Faults(), [wrong])
