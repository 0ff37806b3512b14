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
        base: What its base counts.
        share: The rate that it compares, where it is worked out from the test dates.
        per_100: Whether its figure is out of every 100.
    """

    key: str
    title: str
    base: str
    share: Share | None = None
    per_100: bool = True


LINK_RATE: Final = CheckSpec(
    key="link_rate",
    title="Were records joined up?",
    base="Records",
)
RECORDING: Final = CheckSpec(
    key="recording",
    title="Do we know who people are?",
    base="Households",
)
CALIBRATION: Final = CheckSpec(
    key="calibration",
    title="Were the expectations right?",
    base="Needed help",
    per_100=False,
)
RESOLVED: Final = CheckSpec(
    key="resolved",
    title="Are households told apart?",
    base="Households",
)
LOCATED: Final = CheckSpec(
    key="located",
    title="Is it known which home a record is of?",
    base="Households",
)
COVERAGE: Final = CheckSpec(
    key="coverage",
    title="Does every source reach everybody?",
    base="Households",
)
CHECKS: Final = (
    COVERAGE,
    RESOLVED,
    LOCATED,
    LINK_RATE,
    RECORDING,
    CheckSpec(
        key="list_share",
        title="Who is on the list?",
        base="Households",
        share=LIST_SHARE,
    ),
    CheckSpec(
        key="reach",
        title="Who would the list reach, and who would it miss?",
        base="Needed help",
        share=REACH,
    ),
    CheckSpec(
        key="missed",
        title="Who needed help and was not suggested?",
        base="Needed help",
        share=MISSED,
    ),
    CheckSpec(
        key="false_omission",
        title="How many of those left off the list needed help?",
        base="Not suggested",
        share=FALSE_OMISSION,
    ),
    CALIBRATION,
    CheckSpec(
        key="precision",
        title="How often was a suggestion right?",
        base="Suggested",
        share=PRECISION,
    ),
)
SHARES: Final = {spec.key: spec.share for spec in CHECKS if spec.share is not None}
KEYS: Final = tuple(spec.key for spec in CHECKS)
