"""A score that fits on a card: at most ten yes-or-no lines with whole points, learnt.

Each line asks whether one feature is at least, or at most, a number. Lines are taken one at a time,
the one that explains most of what is left; their weights become whole points from 1 to 5, and the
sum of points is what a household is ranked by.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.additive import Additive, Curve
from models.sampling import Flags, Floats, Sample
from models.spec import FeatureSpec

MOST_LINES = 10
MOST_POINTS = 5
_CUTS = 8
_WORTH_A_LINE = 6.6
LEAST_HOUSEHOLDS = 10
"""Fewest different households with an event that a line must be true of."""
_RIDGE = 1.0


@dataclass(frozen=True, kw_only=True)
class CardLine:
    """One line of a card.

    Attributes:
        feature: Position of the feature.
        cut: The number that it is compared with.
        above: True where a value of at least the cut scores, False where one below it does.
        points: What it scores.
    """

    feature: int
    cut: float
    above: bool
    points: int


def fit_card(sample: Sample, specs: Sequence[FeatureSpec]) -> tuple[CardLine, ...]:
    """The lines of a card, the weightiest first; none where nothing is worth a line.

    A feature with a direction only scores in it.
    """
    asked, met = _questions(sample, specs)
    taken: list[int] = []
    weights = np.zeros(0)
    chance = np.full(len(sample.y), np.average(sample.y, weights=sample.weight))
    while len(taken) < MOST_LINES:
        worth = _worth(met, sample, chance)
        worth[taken] = 0.0
        if not len(worth) or worth.max() < _WORTH_A_LINE:
            break
        taken.append(int(worth.argmax()))
        weights, chance = _weigh(met[:, taken].astype(np.float64), sample)
    top = max(weights, default=0.0)
    lines = [
        CardLine(feature=at, cut=cut, above=above, points=round(MOST_POINTS * weight / top))
        for (at, cut, above), weight in zip([asked[n] for n in taken], weights, strict=True)
        if top > 0 and round(MOST_POINTS * weight / top) >= 1
    ]
    return tuple(sorted(lines, key=lambda line: (-line.points, line.feature)))


def fit_points(
    sample: Sample, specs: Sequence[FeatureSpec]
) -> tuple[Additive, tuple[CardLine, ...]]:
    """The card as a model of log-odds, and the card itself; the order is that of its points."""
    card = fit_card(sample, specs)
    met = [_met(sample.x[:, line.feature], line.cut, above=line.above) for line in card]
    total = np.zeros(len(sample.y))
    for line, flags in zip(card, met, strict=True):
        total += line.points * flags
    unit = float(_weigh(total[:, None], sample)[0][0]) if card else 0.0
    rate = float(np.clip(np.average(sample.y, weights=sample.weight), 1e-6, 1 - 1e-6))
    mean = [float(np.average(flags, weights=sample.weight)) for flags in met]
    curves = []
    for line, share in zip(card, mean, strict=True):
        yes, no = unit * line.points * (1 - share), -unit * line.points * share
        values = (no, yes) if line.above else (yes, no)
        curves.append(Curve(feature=line.feature, cuts=(line.cut,), values=values, unknown=no))
    names = tuple(spec.name for spec in specs)
    base = float(np.log(rate / (1 - rate)))
    return Additive(names=names, intercept=base, curves=tuple(curves)), card


_Asked = tuple[int, float, bool]


def _questions(sample: Sample, specs: Sequence[FeatureSpec]) -> tuple[list[_Asked], Flags]:
    """The best cut of every feature and direction, and which rows meet it."""
    flat = np.full(len(sample.y), np.average(sample.y, weights=sample.weight))
    asked: list[_Asked] = []
    met: list[Flags] = []
    for at, spec in enumerate(specs):
        column = sample.x[:, at]
        cuts = _cuts(column)
        for above in (True, False):
            if spec.monotone == (-1 if above else 1) or not len(cuts):
                continue
            flags = np.column_stack([_met(column, cut, above=above) for cut in cuts])
            worth = np.where(_common(flags, sample), _worth(flags, sample, flat), 0.0)
            best = int(worth.argmax())
            if not worth[best]:
                continue
            asked.append((at, cuts[best], above))
            met.append(flags[:, best])
    return asked, np.column_stack(met) if met else np.zeros((len(sample.y), 0), dtype=np.bool_)


def _cuts(column: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> list[float]:
    """Numbers that a line may ask about: low counts, then wider."""
    known = np.unique(column[np.isfinite(column)])[1:]
    if len(known) > _CUTS:
        known = np.unique(np.quantile(known, np.linspace(0, 1, _CUTS), method="lower"))
    return [float(cut) for cut in known]


def _met(
    column: np.ndarray[tuple[int, ...], np.dtype[np.float32]], cut: float, *, above: bool
) -> Flags:
    """Rows whose value is known and on the scoring side of the cut."""
    return column >= cut if above else column < cut


def _common(met: Flags, sample: Sample) -> Flags:
    """Columns that hold for enough different households with an event.

    A household's months are alike: a line that a few households meet for years is not a rule.
    """
    events = sample.y > 0
    _, at = np.unique(sample.household[events], return_inverse=True)
    held = np.zeros((at.max(initial=-1) + 1, met.shape[1]), dtype=np.bool_)
    np.logical_or.at(held, at, met[events])
    return np.asarray(held.sum(axis=0) >= LEAST_HOUSEHOLDS)


def _worth(met: Flags, sample: Sample, chance: Floats) -> Floats:
    """Score test of each column: how much it explains of what is left, 0 where it points down."""
    slack = sample.weight * (sample.y - chance)
    bend = sample.weight * chance * (1 - chance)
    pull = (slack @ met) - slack.sum() * (bend @ met) / bend.sum()
    inside = bend @ met
    spread = inside * (1 - inside / bend.sum())
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where((pull > 0) & (spread > 0), pull**2 / spread, 0.0)


def _weigh(x: Floats, sample: Sample) -> tuple[Floats, Floats]:
    """Ridge logistic regression of a few columns: their weights, and each row's chance."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=1 / _RIDGE, solver="newton-cholesky", tol=1e-8)
    model.fit(x, sample.y, sample_weight=sample.weight)
    chance = model.predict_proba(x)[:, 1]
    return np.asarray(model.coef_[0], dtype=np.float64), np.asarray(chance, dtype=np.float64)
