from __future__ import annotations

import numpy as np
import pytest

from synthetic.faulty_names import as_one_field, hyphen_lost, misspelt, nicknamed, respelt
from synthetic.identity import COVERAGE, seen
from synthetic.names import POOL_NAMES
from synthetic.settings import SIZES, Size, Switches

WIDE = Size(households=2_500, months=8, futures=2)


def column(*values: str) -> np.ndarray:
    return np.array(values, dtype=object)


def test_a_source_always_sees_a_person_alike(tiny):
    ids = np.arange(300)
    once, again = seen(tiny.context, "rent", ids), seen(tiny.context, "rent", ids[::-1])
    assert list(once.last) == list(again.last[::-1])
    assert list(once.nino) == list(again.nino[::-1])


def test_hashes_agree_between_sources_so_that_people_can_be_joined(tiny):
    ids = np.arange(400)
    rent, welfare = seen(tiny.context, "rent", ids), seen(tiny.context, "welfare", ids)
    both = [(a, b) for a, b in zip(rent.nino, welfare.nino, strict=True) if a and b]
    assert len(both) > 50
    assert np.mean([a == b for a, b in both]) > 0.95


@pytest.mark.parametrize("source", COVERAGE)
def test_coverage_of_birth_dates_is_as_published(make, source: str):
    made = make(size=WIDE, seed=5)
    view = seen(made.context, source, np.arange(4_000))
    assert view.has_dob.mean() == pytest.approx(COVERAGE[source][0], abs=0.02)


def test_fault_rates_are_those_asked_for(make):
    made = make(size=WIDE, seed=5)
    people, ids = made.context.world.people, np.arange(5_000)
    british = ids[people.pool[ids] == POOL_NAMES.index("british")]
    view = seen(made.context, "uc", british)
    same = view.last == people.last[british]
    assert 0.90 < same.mean() < 0.99
    born = people.dob[british]
    assert 0.980 < (view.dob == born).mean() < 0.998


def test_names_of_some_pools_are_written_otherwise_but_not_in_the_fair_place(make):
    changed = {}
    for preset in ("average_unitary", "B0"):
        made = make(size=WIDE, seed=5, preset=preset)
        people = made.context.world.people
        pools = [POOL_NAMES.index(p) for p in ("south_asian_muslim", "east_african")]
        ids = np.flatnonzero(np.isin(people.pool, pools))
        view = seen(made.context, "uc", ids)
        changed[preset] = float((view.last != people.last[ids]).mean())
    assert changed["average_unitary"] > changed["B0"] + 0.04
    assert changed["B0"] < 0.06


def test_the_linkage_switch_spoils_only_its_group(make):
    switches = Switches(group=("ASIAN",), unlinked=0.5)
    made = make(size=SIZES["tiny"], preset="B0", switches=switches)
    people = made.context.world.people
    view = seen(made.context, "rent", np.arange(people.n))
    assert view.unlinkable[people.group == 1].mean() == pytest.approx(0.5, abs=0.15)
    assert not view.unlinkable[people.group != 1].any()
    assert all(value is None for value in view.nino[view.unlinkable])


def test_names_in_one_field_look_as_they_do_in_council_tax():
    title, first = column("Mr", "Mrs", "Ms"), column("John", "Jean", "Ana")
    middle, last = column("Paul", "", ""), column("Smith", "Jones", "Nowak")
    out = as_one_field(title, first, middle, last, np.array([0.1, 0.8, 0.95]))
    assert list(out) == ["SMITH, MR JOHN PAUL", "JEAN JONES", "MS A NOWAK"]


def test_written_faults_change_only_their_rows():
    first, last = column("Katherine", "Katherine"), column("Smith-Jones", "Smith-Jones")
    nicknamed(first, np.array([1]))
    hyphen_lost(last, np.array([1]))
    assert list(first) == ["Katherine", "Kate"]
    assert last[0] == "Smith-Jones"
    assert "-" not in last[1]


def test_one_slip_changes_one_name_a_little():
    for number in range(200):
        first, last = column("Margaret"), column("Thompson")
        misspelt(first, last, np.array([0]), np.array([number / 200]))
        assert (first[0] == "Margaret") or (last[0] == "Thompson")
        assert abs(len(first[0] + last[0]) - len("MargaretThompson")) <= 1


def test_another_spelling_is_one_that_people_use():
    first, last = column("Mohammed"), column("Hussain")
    respelt(first, last, np.array([0]), np.array([0.4]))
    assert first[0] in {"Muhammad", "Mohamed", "Mohammad", "Mohamad"}
    assert last[0] in {"Hussein", "Hossain", "Husain"}
