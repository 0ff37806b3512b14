"""Which ranking is worth its trouble: the simpler one unless the gain is beyond doubt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from models.report import Difference, ModelName

Compare = Callable[[str, str], Difference]


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What is recommended and what ships, and why."""

    recommended: str
    recommended_because: str
    shipped: ModelName
    shipped_because: str
    differences: tuple[Difference, ...]


def choose(compare: Compare, *, rule: str) -> Choice:
    """Judge the trees, the logistic regression and the best rule by precision on real lists.

    Recommended is the simplest that nothing more complex beats with a range wholly above zero.
    The trees ship unless they lose to the logistic regression or to the rule with a range wholly
    below zero; then the logistic regression does.
    """
    trees_plain = compare("lightgbm", "logistic")
    trees_rule = compare("lightgbm", rule)
    plain_rule = compare("logistic", rule)
    if wins(trees_plain) and wins(trees_rule):
        recommended, because = "lightgbm", f"{trees_rule.says} {trees_plain.says}"
    elif wins(plain_rule):
        recommended = "logistic"
        because = f"It beats the rule, and the trees do not beat it beyond doubt. {plain_rule.says}"
    else:
        recommended = rule
        because = f"Nothing more complex beats it beyond doubt. {trees_rule.says}"
    shipped: ModelName = "lightgbm"
    why = "The trees lose to neither the logistic regression nor the best rule beyond doubt."
    if loses(trees_plain) or loses(trees_rule):
        shipped = "logistic"
        lost = trees_plain if loses(trees_plain) else trees_rule
        why = f"The trees lose beyond doubt. {lost.says}"
    return Choice(
        recommended=recommended,
        recommended_because=because,
        shipped=shipped,
        shipped_because=why,
        differences=(trees_rule, trees_plain, plain_rule),
    )


def wins(difference: Difference) -> bool:
    """Whether the first has more precision, with a range wholly above zero."""
    return difference.precision.low is not None and difference.precision.low > 0


def loses(difference: Difference) -> bool:
    """Whether the first has less precision, with a range wholly below zero."""
    return difference.precision.high is not None and difference.precision.high < 0
