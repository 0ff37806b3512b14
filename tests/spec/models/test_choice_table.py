"""Which model ships, from the picked model's gains over every simpler one, in points of 100.

Then what is recommended, from what ships less the published rule.
"""

from __future__ import annotations

import pytest

from models.choose import choose
from models.measured import Difference, Measured

TABLE = """
picked   | less points | less logistic | less ebm | ships    | it less the rule | recommended
points   |             |               |          | points   |   1 to 3         | points
points   |             |               |          | points   |  -1 to 3         | rule
logistic |   1 to 3    |               |          | logistic |   1 to 3         | logistic
logistic |  -1 to 3    |               |          | points   |   1 to 3         | points
logistic |  -3 to -1   |               |          | points   |   1 to 3         | points
ebm      |   1 to 3    |   1 to 3      |          | ebm      |   1 to 3         | ebm
ebm      |   1 to 3    |   0 to 3      |          | logistic |   1 to 3         | logistic
lightgbm |   1 to 3    |   1 to 3      |  1 to 3  | lightgbm |   1 to 3         | lightgbm
lightgbm |   1 to 3    |   1 to 3      | -1 to 3  | ebm      |  -2 to 3         | rule
lightgbm |   1 to 3    |  -1 to 3      |  1 to 3  | logistic |  -3 to -1        | rule
lightgbm |  -1 to 3    |   1 to 3      |  1 to 3  | points   |   1 to 3         | points
"""
ROWS = [[cell.strip() for cell in line.split("|")] for line in TABLE.strip().splitlines()[1:]]


def _difference(first: str, second: str, span: str) -> Difference:
    low, high = (float(part) / 100 for part in span.split(" to "))
    gap = Measured(value=(low + high) / 2, low=low, high=high)
    return Difference(
        first=first,
        second=second,
        precision=gap,
        recall=gap,
        auroc=gap,
        average_precision=gap,
        says=f"{first} against {second}.",
    )


@pytest.mark.parametrize("row", ROWS, ids=[" / ".join(row[:4]) for row in ROWS])
def test_choice(row: list[str]) -> None:
    picked, points, logistic, ebm, ships, over_rule, recommended = row
    spans = {"points": points, "logistic": logistic, "ebm": ebm, "rule": over_rule}
    choice = choose(lambda one, two: _difference(one, two, spans[two]), picked=picked, rule="rule")
    assert (choice.shipped, choice.recommended) == (ships, recommended)
    assert choice.recommended_because.endswith(".")
    assert choice.shipped_because.endswith(".")
    compared = {(one.first, one.second) for one in choice.differences}
    assert {(name, "rule") for name in ("points", "logistic", "ebm", "lightgbm")} <= compared
