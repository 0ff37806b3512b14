"""What became of households on a list: how many stayed, and why the others did not."""

from __future__ import annotations

from models.measured import Plain


class Leaving(Plain):
    """Households on the lists of tested months, by what became of them at the next month end.

    Each is counted once, under the first that holds.

    Attributes:
        listed: On a list, and the next month was tested too.
        not_known: No household goes on under its number.
        supported: In the service already.
        not_eligible: No longer among those of whom lists are made.
        stayed: On the list.
        barred: Kept off by a rule, or nothing could be said of it.
        health_practice: Took the health practice's route.
        new_model: Ranked too low by a model that was new that month.
        score_fell: Its score fell, and its rank was too low.
        others_rose: Its score did not fall, and its rank was too low.
    """

    listed: int
    not_known: int
    supported: int
    not_eligible: int
    stayed: int
    barred: int
    health_practice: int
    new_model: int
    score_fell: int
    others_rose: int
