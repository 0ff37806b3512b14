from __future__ import annotations

import numpy as np

from synthetic.streams import Streams


def test_a_stream_is_fixed_by_seed_name_and_month():
    streams = Streams(3)
    first = streams.at("rent", 4).random(5)
    assert np.array_equal(first, Streams(3).at("rent", 4).random(5))
    for other in (Streams(4).at("rent", 4), streams.at("rent", 5), streams.at("rents", 4)):
        assert not np.array_equal(first, other.random(5))


def test_each_thing_has_its_own_number_whatever_else_is_asked():
    streams = Streams(3)
    ids = np.arange(1000)
    whole = streams.each("delay", ids, 2)
    assert np.array_equal(whole[[7, 3]], streams.each("delay", np.array([7, 3]), 2))
    assert not np.array_equal(whole, streams.each("delay", ids, 3))
    assert len(np.unique(whole)) == 1000


def test_swapped_ids_are_another_thing():
    streams = Streams(1)
    assert streams.each("x", 1, 2) != streams.each("x", 2, 1)


def test_numbers_are_uniform_and_pairs_of_names_unrelated():
    streams = Streams(11)
    ids = np.arange(200_000)
    u, v = streams.each("u", ids), streams.each("v", ids)
    assert abs(u.mean() - 0.5) < 0.003
    assert abs(u.var() - 1 / 12) < 0.001
    assert abs(np.corrcoef(u, v)[0, 1]) < 0.01
    assert abs(np.corrcoef(u[1:], u[:-1])[0, 1]) < 0.01
    assert np.histogram(u, 50, (0, 1))[0].std() < 3 * np.sqrt(4000)


def test_choice_follows_its_weights():
    picked = Streams(5).choice("pick", np.array([6.0, 3.0, 1.0]), np.arange(100_000))
    assert np.allclose(np.bincount(picked) / 100_000, [0.6, 0.3, 0.1], atol=0.01)
