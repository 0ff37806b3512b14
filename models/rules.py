"""Plain rules that a model must beat before it is worth its trouble.

Each could be run on a spreadsheet. A rule sums what is recorded and takes a missing value as
nothing recorded; a rule none of whose columns a place has is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from models.calibration import Sigmoid
from models.sampling import Floats, Matrix

RANDOM = "random"
TALLY = "tally"
TAKE_THE_BEST = "take_the_best"


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A sum of columns; more ranks higher.

    Attributes:
        name: Short key.
        says: The rule in plain words.
        parts: Columns that are added up, where the place has them.
        sign: -1 where less of it ranks higher, as with deprivation deciles.
        at_least: From which value of ``sign * sum`` on the rule counts as met, for tallies.
    """

    name: str
    says: str
    parts: tuple[str, ...]
    sign: int = 1
    at_least: float = 1.0

    def score(self, x: Matrix, names: Sequence[str]) -> Floats | None:
        """The rule's score of each row; None where the place has none of its columns."""
        at = [names.index(part) for part in self.parts if part in names]
        if not at:
            return None
        worst = 0.0 if self.sign > 0 else np.nanmax(x[:, at], initial=0.0)
        known = np.where(np.isnan(x[:, at]), worst, x[:, at])
        return np.asarray(self.sign * known.astype(np.float64).sum(axis=1))


@dataclass(frozen=True, kw_only=True)
class FittedRules:
    """Rules as applied: which are met first in the take-the-best order was learnt, nothing else.

    Attributes:
        rules: The rules that the place has columns for.
        order: Positions in ``rules``, the one that most often came before an event first.
        best: Name of the ranking that did best on what was learnt from.
        sigmoid: The best ranking's score, spread out, to a probability.
    """

    rules: tuple[Rule, ...]
    order: tuple[int, ...]
    best: str = RANDOM
    sigmoid: Sigmoid = field(default_factory=Sigmoid)

    @property
    def names(self) -> tuple[str, ...]:
        """Every ranking, plain and combined."""
        return (RANDOM, *(rule.name for rule in self.rules), TALLY, TAKE_THE_BEST)

    @property
    def sayings(self) -> dict[str, str]:
        """Every ranking in plain words."""
        return {
            RANDOM: "households in random order",
            **{rule.name: rule.says for rule in self.rules},
            TALLY: "how many of the rules above a household meets",
            TAKE_THE_BEST: "the strongest of the rules above first, the next to settle ties",
        }

    def scores(self, x: Matrix, names: Sequence[str], luck: Floats) -> dict[str, Floats]:
        """Every ranking's score of each row."""
        found = {RANDOM: luck}
        met = np.zeros((len(x), len(self.rules)))
        for at, rule in enumerate(self.rules):
            score = rule.score(x, names)
            if score is not None:
                found[rule.name] = score
                met[:, at] = score >= rule.at_least
        found[TALLY] = met.sum(axis=1)
        places = 2.0 ** np.arange(len(self.order) - 1, -1, -1)
        found[TAKE_THE_BEST] = met[:, list(self.order)] @ places
        return found


def fit_rules(
    rules: Sequence[Rule], x: Matrix, y: Floats, weight: Floats, names: Sequence[str]
) -> FittedRules:
    """Order the rules by how often an event followed where each was met."""
    have = tuple(rule for rule in rules if any(part in names for part in rule.parts))
    rates = []
    for rule in have:
        score = rule.score(x, names)
        met = weight * ((score if score is not None else np.zeros(len(x))) >= rule.at_least)
        rates.append(float((met * y).sum()) / (float(met.sum()) + 1.0))
    order = sorted(range(len(have)), key=lambda at: (-rates[at], have[at].name))
    return FittedRules(rules=have, order=tuple(order))


def choose_best(scores: dict[str, Floats], y: Floats, weight: Floats) -> str:
    """The ranking with the best average precision; the first by name on a tie."""
    from sklearn.metrics import average_precision_score

    if not 0 < y.sum() < len(y):
        return RANDOM
    found = {
        name: float(average_precision_score(y, score, sample_weight=weight))
        for name, score in scores.items()
    }
    return min(found, key=lambda name: (-found[name], name))


def spread_out(score: Floats) -> Floats:
    """A rule's score on a scale on which a sigmoid can turn it into a probability."""
    return np.asarray(np.sign(score) * np.log1p(np.abs(score)))
