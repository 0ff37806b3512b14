"""Who is listed and who goes to the health practice's route, written out.

Each row: the list's length; then every household from the highest score down as
``score-with-health>score-without``, with a star where no theme added more than health; then who is
listed and who is rerouted, by position from 0.
"""

from __future__ import annotations

import numpy as np
import pytest

from models.health import HealthShare, claims
from models.lists import needed, pick_lists

TABLE = """
size | households                        | listed | rerouted | why
2    | 9>9   8>8   7>7                   | 0 1    |          | no health at all
2    | 9>9   8>3*  7>7                   | 0 2    | 1        | only health put it on the list
2    | 9>9   8>7.5* 7>7                  | 0 1    |          | on the list without health too
2    | 9>9   8>7*  7>7                   | 0 1    |          | level with the next stays
2    | 9>9   8>3   7>7                   | 0 1    |          | another theme added more
2    | 9>9   8>3*                        | 0 1    |          | the list has room for all
1    | 9>2*  8>3*  7>4* 6>6              | 3      | 0 1 2    | one leaves after another
1    | 9>6.5* 8>3* 6>6                  | 0      | 1        | without health it would be listed
2    | 9>1*  8>8   7>6.5* 6>6           | 1 2    | 0        | so would this one, once another leaves
2    | 9>5*  8>4*  6>6  4.5>4.5          | 0 2    | 1        | one leaving lowers the cut
"""
ROWS = [line.split("|") for line in TABLE.strip().splitlines()[1:]]


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split()]


@pytest.mark.parametrize("row", ROWS, ids=[row[4].strip() for row in ROWS])
def test_routes(row: list[str]) -> None:
    size, households, listed, rerouted, _ = (cell.strip() for cell in row)
    score, without, on_top = [], [], []
    for one in households.split():
        with_health, rest = one.rstrip("*").split(">")
        score.append(float(with_health))
        without.append(float(rest))
        on_top.append(one.endswith("*"))
    silent = np.zeros(len(on_top), dtype=np.bool_)
    share = HealthShare(on_top=np.array(on_top), without=np.array(without), silent=silent)
    claim, luck = claims(np.array(score), share), np.zeros(len(score))
    team, sizes = np.zeros(len(score), dtype=np.int64), [int(size)]
    chosen = pick_lists(claim, luck, np.ones(len(score), dtype=np.bool_), team, sizes)
    away = ~chosen & (score >= needed(claim, luck, team, sizes))
    assert np.flatnonzero(chosen).tolist() == _numbers(listed)
    assert np.flatnonzero(away & on_top).tolist() == _numbers(rerouted)
