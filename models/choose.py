"""Which model is worth its trouble: the simpler one unless the gain is beyond doubt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from models.kinds import MODELS, ModelName
from models.measured import Difference

Compare = Callable[[str, str], Difference]


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What is recommended and what ships, and why."""

    recommended: str
    recommended_because: str
    shipped: ModelName
    shipped_because: str
    differences: tuple[Difference, ...]


def choose(compare: Compare, *, picked: ModelName, rule: str) -> Choice:
    """Judge the model that was picked by regret against every simpler one, and the best rule.

    What ships is the simplest model that the picked one does not beat by precision on real lists
    with a range wholly above zero. Recommended is the same, or the published rule where what ships
    does not beat it beyond doubt: a list can be made by hand then.
    """
    simpler = MODELS[: MODELS.index(picked)]
    gains = {name: compare(picked, name) for name in simpler}
    shipped = next((name for name in simpler if not wins(gains[name])), picked)
    if shipped == picked:
        because = "It was picked by regret, and beats every simpler model beyond doubt."
        if not simpler:
            because = "It was picked by regret, and nothing is simpler."
    else:
        because = f"The picked model ({picked}) does not beat it beyond doubt. "
        because += gains[shipped].says
    against_rule = compare(shipped, rule)
    recommended, why = (shipped, because) if wins(against_rule) else (rule, "")
    if recommended == rule:
        why = f"Nothing that ships beats it beyond doubt. {against_rule.says}"
    others = [compare(name, rule) for name in MODELS if name != shipped]
    return Choice(
        recommended=recommended,
        recommended_because=why,
        shipped=shipped,
        shipped_because=because,
        differences=(against_rule, *others, *gains.values()),
    )


def wins(difference: Difference) -> bool:
    """Whether the first has more precision, with a range wholly above zero."""
    return difference.precision.low is not None and difference.precision.low > 0
