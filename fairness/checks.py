"""The checks of an audit, in the order in which a board should read them.

Links and records come first: a group whose records were not joined, or not made, looks well served
by every figure that is worked out from those records.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from fairness.metrics import FALSE_OMISSION, LIST_SHARE, MISSED, PRECISION, REACH, Share


@dataclass(frozen=True, kw_only=True)
class CheckSpec:
    """One check.

    Attributes:
        key: Its name in a place's policy and in ``audit.json``.
        title: What it asks, as a heading.
        meaning: What its figure is, as a sentence.
        base: What its base counts.
        share: The rate that it compares, where it is worked out from the test dates.
        per_100: Whether its figure is out of every 100.
    """

    key: str
    title: str
    meaning: str
    base: str
    share: Share | None = None
    per_100: bool = True


LINK_RATE: Final = CheckSpec(
    key="link_rate",
    title="Were records joined up?",
    meaning="Of every 100 records that should meet another source, how many did.",
    base="Records",
)
RECORDING: Final = CheckSpec(
    key="recording",
    title="Do we know who people are?",
    meaning="Of every 100 households, for how many this was recorded.",
    base="Households",
)
CALIBRATION: Final = CheckSpec(
    key="calibration",
    title="Were the expectations right?",
    meaning="Households expected to need help for every one that did: 1.00 is exactly right.",
    base="Needed help",
    per_100=False,
)
CHECKS: Final = (
    LINK_RATE,
    RECORDING,
    CheckSpec(
        key="list_share",
        title="Who is on the list?",
        meaning=(
            "Of every 100 households, how many were suggested. The ratio is the part of the list "
            "that a group has over the part of recorded need that it has."
        ),
        base="Households",
        share=LIST_SHARE,
    ),
    CheckSpec(
        key="reach",
        title="Who would the list reach, and who would it miss?",
        meaning="Of every 100 households who went on to need help, how many were suggested.",
        base="Needed help",
        share=REACH,
    ),
    CheckSpec(
        key="missed",
        title="Who needed help and was not suggested?",
        meaning="Of every 100 households who went on to need help, how many were not suggested.",
        base="Needed help",
        share=MISSED,
    ),
    CheckSpec(
        key="false_omission",
        title="How many of those left off the list needed help?",
        meaning="Of every 100 households not suggested, how many went on to need help.",
        base="Not suggested",
        share=FALSE_OMISSION,
    ),
    CALIBRATION,
    CheckSpec(
        key="precision",
        title="How often was a suggestion right?",
        meaning="Of every 100 households suggested, how many went on to need help.",
        base="Suggested",
        share=PRECISION,
    ),
)
SHARES: Final = {spec.key: spec.share for spec in CHECKS if spec.share is not None}
KEYS: Final = tuple(spec.key for spec in CHECKS)
