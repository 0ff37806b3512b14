"""One neighbourhood's list as a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from contracts.place import Neighbourhood, Place
from releases.cards import Card
from releases.reasons import NO_STRENGTH
from releases.track_record import TrackRecord
from surfaces import OFFICIAL_SENSITIVE, MenuItem, render_page

_TEMPLATE = Path(__file__).parent / "templates" / "list.html"
_SHORT_ID = 12
OUTCOMES = (
    "We spoke and they accepted an offer",
    "We spoke and they said no thank you",
    "I could not reach them",
    "They already have the right support",
    "It was not right to make contact",
    "Wrong household or wrong details",
)
"""What a worker can record; the same words wherever it is recorded."""


@dataclass(frozen=True, kw_only=True)
class ListFacts:
    """What a page says of its list as a whole.

    Attributes:
        records_to: The day up to which records were looked at.
        until: The last day on which the list is used.
        approved_on: The day of the approval that made them enough.
        approvals: How many people approved.
        record: How often such lists were right before.
    """

    place: Place
    neighbourhood: Neighbourhood
    release_id: str
    fingerprint: str
    records_to: date
    until: date
    approved_on: date
    approvals: int
    record: TrackRecord | None


def page_bytes(cards: Sequence[Card], facts: ListFacts) -> bytes:
    """The page of one neighbourhood, with its style inside."""
    place = facts.place
    html = render_page(
        _TEMPLATE,
        wording=place.wording,
        marking=OFFICIAL_SENSITIVE,
        title="Early support list",
        menu=_menu(cards),
        cards=cards,
        facts=facts,
        outcomes=OUTCOMES,
        no_strength=NO_STRENGTH,
        says=place.outcomes[place.listed_outcome].says,
        fingerprint=facts.fingerprint[:_SHORT_ID],
    )
    return html.encode()


def _menu(cards: Sequence[Card]) -> tuple[MenuItem, ...]:
    households = (MenuItem("At a glance", "#glance"), MenuItem("Households", "#households"))
    return (*(households if cards else ()), MenuItem("If a household asks", "#asks"))
