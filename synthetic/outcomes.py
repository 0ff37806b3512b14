"""Which crises fall in a window, from true events: the definition that the oracle is held to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from synthetic import paths
from synthetic.events import Events
from synthetic.streams import Flags, Ints, Streams

GAP_DAYS, HORIZON_DAYS = 28, 182
ANY = ("O1", "O2", "O3", "O8", "O9")
SEVERE = ("O1", "O2", "O7")


@dataclass(frozen=True, kw_only=True)
class Dated:
    """Days on which events count, one row a day: of any kind, or of the severe kind alone."""

    household: Ints
    day: Ints


def dated(streams: Streams, events: Mapping[str, Events]) -> dict[tuple[str, str], Dated]:
    """The days that count of each outcome, ("O1", "any") and so on.

    O1 counts from its first duty, and as severe from relief or the main duty; O2 from the order,
    and as severe from the warrant or eviction; O3 from the liability order; O7 and O9 from the
    event itself; O8 from the fifth attendance.
    """
    out = {}
    for name in ("O7", "O9"):
        out[name, "any"] = Dated(household=events[name].household, day=events[name].day)
    out["O7", "severe"] = out["O7", "any"]
    home = events["O1"]
    duty = paths.homelessness(streams, home.day, home.household, home.month)
    out["O1", "any"] = Dated(household=home.household, day=duty.first_duty)
    out["O1", "severe"] = _several(home.household, duty.relief, duty.main)
    rent = events["O2"]
    court = paths.possession(streams, rent.day, rent.household, rent.month)
    out["O2", "any"] = _several(rent.household, court.order, court.warrant, court.evicted)
    out["O2", "severe"] = _several(rent.household, court.warrant, court.evicted)
    tax = events["O3"]
    chased = paths.enforcement(streams, tax.day, tax.household, tax.month)
    out["O3", "any"] = Dated(household=tax.household, day=chased.order)
    ill = events["O8"]
    fifth = paths.fifth_visit(streams, ill.day, ill.household, ill.month)
    out["O8", "any"] = Dated(household=ill.household, day=fifth)
    return out


def _several(household: Ints, *days: Ints) -> Dated:
    day = np.concatenate(days)
    real = day != paths.NONE
    return Dated(household=np.tile(household, len(days))[real], day=day[real])


def in_window(marks: Dated, n: int, cutoff: int) -> Flags:
    """Households with a day of this kind after the gap and within the horizon of a cutoff."""
    inside = (marks.day > cutoff + GAP_DAYS) & (marks.day <= cutoff + HORIZON_DAYS)
    out = np.zeros(n, dtype=bool)
    out[marks.household[inside]] = True
    return out


def composite(marks: Mapping[tuple[str, str], Dated], n: int, cutoff: int) -> Flags:
    """Edge of crisis: any severe outcome, or two or more different outcomes of any kind."""
    severe = np.zeros(n, dtype=bool)
    for name in SEVERE:
        severe |= in_window(marks[name, "severe"], n, cutoff)
    count = np.sum([in_window(marks[name, "any"], n, cutoff) for name in ANY], axis=0)
    return np.asarray(severe | (count >= 2), dtype=bool)
