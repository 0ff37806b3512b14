"""What the hunters look for, in words, for whoever shows it without looking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, kw_only=True)
class Hunted:
    """One way in which the future, or the same people twice, reaches what a model learns from.

    Attributes:
        says: What never is so where all is well.
        next_step: What to do where it is.
        certain: Whether it is a leak whatever else holds; a person looks at the others.
    """

    says: str
    next_step: str
    certain: bool = True


_CROSS = "Let the month cross again, and build its features anew."
_MAPPING = "See in the place's settings which column is mapped to the day of recording."
_HOUSEHOLDS = "Build the month's households again, and let it cross."

HUNTED: Mapping[str, Hunted] = MappingProxyType(
    {
        "known_later": Hunted(
            says="No row was recorded, or replaced, after the release month.", next_step=_CROSS
        ),
        "ends_before_it_begins": Hunted(
            says="No row was replaced before it was recorded.", next_step=_CROSS
        ),
        "recorded_ahead": Hunted(
            says="What is over when it is recorded was not recorded before it happened.",
            next_step=_MAPPING,
            certain=False,
        ),
        "recorded_at_once": Hunted(
            says="The day of an event does not stand in for the day of its recording.",
            next_step=f"{_MAPPING} A feed that truly records at once may be left.",
            certain=False,
        ),
        "later_months": Hunted(
            says="No household is of a month after the release month.", next_step=_HOUSEHOLDS
        ),
        "twice_in_a_month": Hunted(
            says="A household comes once in a month.", next_step=_HOUSEHOLDS
        ),
        "moved_in_later": Hunted(
            says="Nobody moved in after the month end at which they live there.",
            next_step=_HOUSEHOLDS,
            certain=False,
        ),
        "same_people_twice": Hunted(
            says="No two households of a month are the very same people.",
            next_step="See which key was issued again under another number.",
            certain=False,
        ),
        "strange_columns": Hunted(
            says="The features are the catalogue's and no others.",
            next_step="Build the features again.",
        ),
        "not_as_known": Hunted(
            says="Features counted again, without any row that was known later, are the same.",
            next_step="Build the features again; if they differ still, one reads the future.",
        ),
    }
)
"""Each hunter's, by its name."""
