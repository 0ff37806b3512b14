"""Which ranking is recommended and which model ships, from three differences in precision.

Ranges of trees less rule, trees less logistic regression, logistic regression less rule, in
points of 100.
"""

from __future__ import annotations

import pytest

from models.choose import choose
from models.report import Difference, Measured

TABLE = """
trees-rule | trees-plain | plain-rule | recommended | ships
  2 to  6  |   1 to  3   |   0 to  4  | lightgbm    | lightgbm
  2 to  6  |  -1 to  3   |   1 to  4  | logistic    | lightgbm
  2 to  6  |  -1 to  3   |  -1 to  4  | rule        | lightgbm
 -1 to  6  |   1 to  3   |  -2 to  1  | rule        | lightgbm
 -1 to  6  |   1 to  3   |   1 to  2  | logistic    | lightgbm
  1 to  6  |  -4 to -1   |   2 to  9  | logistic    | logistic
 -6 to -1  |  -1 to  1   |  -5 to -1  | rule        | logistic
 -1 to  1  |  -1 to  0   |  -1 to  1  | rule        | lightgbm
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


@pytest.mark.parametrize("row", ROWS, ids=[" / ".join(row[:3]) for row in ROWS])
def test_choice(row: list[str]) -> None:
    trees_rule, trees_plain, plain_rule, recommended, ships = row
    spans = {
        ("lightgbm", "rule"): trees_rule,
        ("lightgbm", "logistic"): trees_plain,
        ("logistic", "rule"): plain_rule,
    }
    choice = choose(lambda a, b: _difference(a, b, spans[a, b]), rule="rule")
    assert (choice.recommended, choice.shipped) == (recommended, ships)
    assert len(choice.differences) == 3
    assert choice.recommended_because.endswith(".")
    assert choice.shipped_because.endswith(".")
