"""One card for each listed household, made from verified bytes alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from contracts.place import Place
from releases.evidence import LISTED, read_parquet
from releases.list_period import contact_dates, prefix_of, references
from releases.naming import home, household_name, people
from releases.reasons import Story, offers, stories
from releases.verify import ApprovedRelease


@dataclass(frozen=True, kw_only=True)
class Card:
    """One household on a list.

    Attributes:
        household_id: For joining what was recorded back; never shown.
        reference: Code such as ``HE-0417``; its only name outside the list.
        name: How the household is called.
        address: The address line.
        postcode: The postcode, where known.
        contact_by: The day by which to make contact; drawn by lot.
        story: What is said of it.
        offers: What could help.
    """

    household_id: int
    reference: str
    name: str
    address: str
    postcode: str
    adults: int
    children: int
    contact_by: date
    story: Story
    offers: tuple[str, ...]

    @property
    def where(self) -> str:
        """Address, people and reference in one line."""
        return " · ".join((self.address, people(self.adults, self.children), self.reference))


def neighbourhood_cards(
    approved: ApprovedRelease, place: Place, days: Sequence[date]
) -> dict[str, list[Card]]:
    """Cards of every neighbourhood of the place, by date and then by lot.

    Args:
        approved: The permission, with the bytes.
        place: The place as it was sealed.
        days: Working days over which contact is spread.

    Raises:
        ReleaseRefused: If a sentence holds something that lists never show.
    """
    contacts = _listed_contacts(approved)
    told = stories(
        read_parquet(approved.files["reasons.parquet"]),
        health_sentence=place.wording.health_sentence,
    )
    seed = approved.manifest.fingerprint
    names = {code: chosen.name for code, chosen in place.neighbourhoods.items()}
    return {
        code: _cards(
            contacts.filter(pl.col("neighbourhood_code") == code),
            told,
            place,
            days,
            seed=seed,
            prefix=prefix_of(code, names),
        )
        for code in place.neighbourhoods
    }


def _listed_contacts(approved: ApprovedRelease) -> pl.DataFrame:
    """Contacts of the households that the sealed selection lists, and of no others."""
    listed = read_parquet(approved.files["selection.parquet"]).filter(
        (pl.col("route") == LISTED) & (pl.col("outcome") == approved.manifest.outcome)
    )
    contacts = read_parquet(approved.contacts)
    return contacts.join(listed.select("household_id").unique(), on="household_id", how="semi")


def _cards(
    contacts: pl.DataFrame,
    told: Mapping[int, Story],
    place: Place,
    days: Sequence[date],
    *,
    seed: str,
    prefix: str,
) -> list[Card]:
    households: list[int] = contacts["household_id"].to_list()
    drawn = contact_dates(households, seed=seed, days=days)
    codes = references(households, seed=seed, prefix=prefix)
    rows = {row["household_id"]: row for row in contacts.rows(named=True)}
    return [
        _card(rows[household], told[household], place, by, codes[household])
        for household, by in drawn.items()
    ]


def _card(row: Mapping[str, Any], story: Story, place: Place, by: date, reference: str) -> Card:
    adults, children = row["adults"] or 0, row["children"] or 0
    return Card(
        household_id=row["household_id"],
        reference=reference,
        name=household_name(
            row["first_name"],
            row["last_name"],
            address=row["address_line"],
            adults=adults,
            children=children,
        ),
        address=home(row["address_line"]),
        postcode=row["postcode"] or "",
        adults=adults,
        children=children,
        contact_by=by,
        story=story,
        offers=offers(story, place),
    )
