"""One ranking of some tested rows as plain values."""

from __future__ import annotations

from models.closer_report import Tested
from models.evaluate import Draws, Judged


def tested_of(judged: Judged, name: str, draws: dict[str, Draws]) -> Tested:
    """How a ranking did.

    Args:
        judged: The rows.
        name: The ranking.
        draws: Every ranking's measures, as ``models.evaluate.evaluate`` gives them.
    """
    ranking, measures = judged.rankings[name], draws[name]
    return Tested(
        rows=len(judged.y),
        events=int(judged.y.sum()),
        listed=int(ranking.chosen.sum()),
        listed_events=int((ranking.chosen * judged.y).sum()),
        precision=measures.measured("precision"),
        recall=measures.measured("recall"),
        auroc=measures.measured("auroc"),
        average_precision=measures.measured("ap"),
    )
