"""Names for invented people, drawn from their family's pool."""

from __future__ import annotations

import numpy as np

from synthetic.namepools import GROUP_POOLS, POOLS
from synthetic.streams import Flags, Floats, Ints, Streams, Strings

POOL_NAMES = tuple(POOLS)
_ERAS = (1950, 1980, 2005)


def _weights(count: int) -> Floats:
    """The commonest name is a few times as common as the middle one, as in life."""
    return np.asarray(1.0 / (np.arange(count) + 6.0))


def _draw(names: str, u: Floats) -> Strings:
    pool = np.array(names.split(), dtype=object)
    edges = np.cumsum(_weights(len(pool)))
    return np.asarray(pool[np.searchsorted(edges / edges[-1], u).clip(0, len(pool) - 1)])


def draw_pool(streams: Streams, group: Ints, ids: Ints) -> Ints:
    """The name pool of each family, as an index into :data:`POOL_NAMES`."""
    pool = np.zeros(len(group), dtype=np.int64)
    for code, shares in enumerate(GROUP_POOLS):
        mine = group == code
        index = np.array([POOL_NAMES.index(name) for name in shares])
        weights = np.array(list(shares.values()))
        pool[mine] = index[streams.choice("pool", weights, ids[mine])]
    return pool


def draw_last(streams: Streams, name: str, pool: Ints, ids: Ints) -> Strings:
    """A surname for each id."""
    out = np.empty(len(pool), dtype=object)
    u = streams.each(f"last:{name}", ids)
    for code, pool_name in enumerate(POOL_NAMES):
        mine = pool == code
        out[mine] = _draw(POOLS[pool_name]["last"], u[mine])
    return out


def draw_first(
    streams: Streams, name: str, *, pool: Ints, male: Flags, birth_year: Ints, ids: Ints
) -> Strings:
    """A first name for each id, by sex and, where a pool has them, by the years of birth."""
    out = np.empty(len(pool), dtype=object)
    u = streams.each(f"first:{name}", ids)
    era = np.searchsorted(np.array(_ERAS), birth_year, side="right")
    for code, pool_name in enumerate(POOL_NAMES):
        lists = POOLS[pool_name]
        for letter, is_male in (("F", False), ("M", True)):
            mine = (pool == code) & (male == is_male)
            if letter in lists:
                out[mine] = _draw(lists[letter], u[mine])
                continue
            for step in range(len(_ERAS) + 1):
                some = mine & (era == step)
                out[some] = _draw(lists[f"{letter}{step + 1}"], u[some])
    return out
