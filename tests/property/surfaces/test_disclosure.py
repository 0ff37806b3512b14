"""What is hidden stays hidden, and what is shown is rounded."""

from __future__ import annotations

from itertools import product

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from surfaces.disclosure import Disclosure

SIZES = st.one_of(st.integers(0, 25), st.integers(0, 400))


def named(counts):
    return {f"g{index}": count for index, count in enumerate(counts)}


COUNTS = st.lists(SIZES, min_size=1, max_size=7).map(named)
MIXED = st.tuples(st.integers(0, 4), st.lists(SIZES, min_size=2, max_size=6)).map(
    lambda parts: named([parts[0], *parts[1]])
)
LIMITS = st.builds(lambda minimum: Disclosure(minimum=minimum), st.sampled_from([5, 8, 10, 20, 50]))


@given(COUNTS, LIMITS)
def test_every_small_count_is_hidden(counts, limits):
    published = limits.published(counts)
    assert all(published[key] is None for key, count in counts.items() if count < limits.minimum)


@given(COUNTS, LIMITS)
def test_never_one_alone(counts, limits):
    hidden = limits.hidden(counts)
    assert len(hidden) != 1 or len(counts) == 1


@given(COUNTS, LIMITS)
def test_what_is_shown_is_a_multiple_within_half_a_base(counts, limits):
    for key, shown in limits.published(counts).items():
        if shown is not None:
            assert shown % limits.base == 0
            assert abs(shown - counts[key]) * 2 <= limits.base


@given(COUNTS, LIMITS)
def test_nothing_is_hidden_where_nothing_is_small(counts, limits):
    assume(min(counts.values()) >= limits.minimum)
    assert not limits.hidden(counts)


@given(MIXED, LIMITS)
def test_the_total_leaves_several_values_for_each_hidden_count(counts, limits):
    """A reader who knows the exact total and every shown count exactly."""
    hidden = limits.hidden(counts)
    if len(hidden) == len(counts):
        return
    left = sum(counts[key] for key in hidden)
    for target in hidden:
        if counts[target] >= limits.minimum:
            continue
        others = [counts[key] < limits.minimum for key in hidden if key != target]
        possible = [
            value
            for value in range(limits.minimum)
            if _fits(left - value, small=others, minimum=limits.minimum)
        ]
        assert counts[target] in possible
        assert len(possible) >= limits.base


def _fits(rest, *, small, minimum):
    """Whether counts of these kinds can add up to the rest."""
    least = sum(0 if under else minimum for under in small)
    if all(small):
        return least <= rest <= (minimum - 1) * len(small)
    return rest >= least


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 4), st.integers(0, 16), st.integers(0, 16))
def test_a_reader_who_knows_the_rule_itself_cannot_name_a_hidden_count(first, second, third):
    """Every table that would be published just so is tried: a hidden count has several values."""
    limits = Disclosure(minimum=5)
    counts = {"a": first, "b": second, "c": third}
    seen = (limits.published(counts), limits.shown(first + second + third))
    small = {key for key in counts if counts[key] < 5}
    alike = [
        guess
        for guess in (
            dict(zip("abc", tried, strict=True)) for tried in product(range(22), repeat=3)
        )
        if {key for key in guess if guess[key] < 5} == small
        and (limits.published(guess), limits.shown(sum(guess.values()))) == seen
    ]
    for key in small:
        assert len({guess[key] for guess in alike}) >= 2
