"""TRIPOD+AI and PROBAST+AI answered from the run; what only the place can know is left blank.

TRIPOD+AI (Collins and others, BMJ 2024) lists what a report of a prediction model must say, in 27
items; PROBAST+AI (Moons and others, BMJ 2025) asks of a model's making and of its testing, in four
domains each, what could mislead. Titles and questions in ``checklists.toml`` are our own short
words for them: whoever fills in the blanks reads the originals.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from contracts.place import Place
from models.report import Evaluation, OutcomeReport
from surfaces.disclosure import Disclosure
from surfaces.words import SOURCES, counted, full_month, in_100, listing, thousands

_ITEMS = Path(__file__).parent / "checklists.toml"
_GRADES: Final = {
    "yes": "1,000 or more: enough",
    "unknown": "100 to 999: it cannot be told whether they are enough",
    "no": "fewer than 100: too few",
}
_TOO_FEW = "too few to show"


@dataclass(frozen=True, kw_only=True)
class Item:
    """One item of a checklist.

    Attributes:
        number: Its number, or its domain.
        title: What it asks, in a few words of our own.
        answer: What the run says; empty where it is the place's to answer.
        place: What the place must add or say itself; empty where nothing is.
    """

    number: str
    title: str
    answer: str = ""
    place: str = ""


@dataclass(frozen=True, kw_only=True)
class Checklists:
    """The items of TRIPOD+AI, and the domains of PROBAST+AI for a model's making and testing."""

    tripod: tuple[Item, ...]
    making: tuple[Item, ...]
    testing: tuple[Item, ...]

    @property
    def blanks(self) -> int:
        """Items that wait for the place."""
        return sum(bool(item.place) for item in (*self.tripod, *self.making, *self.testing))


@cache
def _asked() -> dict[str, list[dict[str, str]]]:
    return tomllib.loads(_ITEMS.read_text(encoding="utf-8"))


def answered(evaluation: Evaluation, place: Place) -> Checklists:
    """Every item, with what the run and the place's settings say."""
    facts = facts_of(evaluation, place)
    found = {
        part: tuple(
            Item(**{name: text.format_map(facts) for name, text in item.items()}) for item in items
        )
        for part, items in _asked().items()
    }
    return Checklists(**found)


def facts_of(evaluation: Evaluation, place: Place) -> dict[str, str]:
    """What the items' braces may hold."""
    listed = evaluation.outcomes[place.listed_outcome.value]
    chosen, scoring = place.outcomes[place.listed_outcome], evaluation.scoring
    return {
        "council": place.wording.council + (" (invented)" if place.invented else ""),
        "neighbourhoods": str(len(place.neighbourhoods)),
        "sources": listing(SOURCES.get(source, source) for source in place.sources),
        "groups": listing(name.replace("_", " ") for name in place.fairness.groups),
        "policy": place.fairness.id,
        "says": chosen.says,
        "offer": chosen.offer,
        "outcome": place.listed_outcome.value,
        "horizon": f"from {evaluation.gap_days} days to {evaluation.horizon_months} months after "
        "the month end",
        "month": full_month(evaluation.month),
        "learnt_from": full_month(scoring.learnt_from),
        "learnt_until": full_month(scoring.learnt_until),
        "features": thousands(evaluation.features),
        "replicates": thousands(evaluation.replicates),
        "fits": str(len(evaluation.splits)),
        "eligible": _eligible(place),
        "helped": _helped(place),
        **_figures(listed, place),
    }


def _figures(listed: OutcomeReport, place: Place) -> dict[str, str]:
    policy = place.fairness
    limits = Disclosure(minimum=policy.minimum_cell, base=policy.round_to)

    def shown(count: int) -> str:
        found = limits.shown(count)
        return _TOO_FEW if found is None else thousands(found)

    households = shown(listed.households_with_event)
    return {
        "tested": tested_months(listed),
        "tested_rows": shown(listed.tested_rows),
        "tested_events": shown(listed.tested_events),
        "events_learnt_from": shown(listed.events_learnt_from),
        "households_with_event": households,
        "unknown": shown(listed.listed_outcome_unknown),
        "enough": f"Households with the event: {households} ({_GRADES[listed.enough_events]}).",
        "shipped": listed.shipped_model or "None",
        "shipped_because": listed.shipped_because or "",
        "recommended_because": listed.recommended_because or "Nothing could be recommended.",
        "how_it_did": _how_it_did(listed, place),
    }


def tested_months(listed: OutcomeReport) -> str:
    """The month ends tested, such as ``8 month ends, June 2025 to January 2026``."""
    months = [one.month for one in listed.months]
    if not months:
        return "no month end"
    span = f"{full_month(months[0])} to {full_month(months[-1])}"
    return f"{counted(len(months), 'month end')}, {span}"


def _eligible(place: Place) -> str:
    out = ["households under a safety rule"]
    if place.exclusions.communal:
        out.append("communal homes")
    if place.exclusions.already_supported:
        out.append("households that a crisis service already helps")
    return f"Every household with a home in the area that can be told apart; not {listing(out)}."


def _helped(place: Place) -> str:
    if place.exclusions.already_supported:
        return "Households that a crisis service is already helping are counted, and not listed."
    return "Help already given is no reason to be left off a list here."


def _how_it_did(listed: OutcomeReport, place: Place) -> str:
    shipped, says = listed.shipped, place.outcomes[place.listed_outcome].says
    if shipped is None or shipped.precision.value is None or shipped.recall.value is None:
        return "Not measured."
    return (
        f"Of every 100 listed {in_100(shipped.precision.value)} later {says}; of every 100 who "
        f"did, {in_100(shipped.recall.value)} had been listed. Ranges are in the tables."
    )
