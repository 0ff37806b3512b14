"""Adult social care: who asked for support and who gets it, by dates and outcomes alone.

The reason for support says what somebody suffers from, so it never crosses.
"""

from __future__ import annotations

from features.catalogue.shelf import Shelf
from features.declare import Measure, Theme
from features.measures import any_live


def _shelf(block: str) -> Shelf:
    return Shelf(
        theme=Theme.CARE,
        block=block,
        owner="Director of Adult Social Care",
        source_words="Adult social care records",
    )


_REQUEST = _shelf("care_request")
_SERVICE = _shelf("care_service")

_ASKED = "event_type = 'Request'"
# Ended with nothing that the council gave, for whatever reason.
_NOTHING = (
    "event_outcome IN ('NFA - Information & Advice / Signposting only', "
    "'NFA - No services offered: Other reason', 'NFA - Support declined')"
)

HELPERS: dict[str, Measure] = {}

FEATURES = (
    *_REQUEST.counted(
        "care_requests",
        (12,),
        _ASKED,
        says="Requests for adult social care",
        one="The council was asked for care or support {when}",
        many="The council was asked for care or support {n} times {when}",
        latest="care_days_since_request",
    ),
    *_REQUEST.counted(
        "care_requests_without_service",
        (24,),
        f"{_ASKED} AND {_NOTHING}",
        says="Requests for adult social care that no service followed",
        one="A request for care or support ended without a service {when}",
        many="{N} requests for care or support have ended without a service {since}",
    ),
    _REQUEST.since(
        "care_days_since_request",
        "event_start_date",
        _ASKED,
        says="Days since the last request for adult social care of the last 36 months",
        one="The council was last asked for care or support {in_month}",
    ),
)

STRENGTHS = (
    _SERVICE.strengths(Theme.CONNECTED).yes_no(
        "strength_care_in_place",
        any_live("event_start_date", "event_end_date", "event_type = 'Service'"),
        says="A service of adult social care runs",
        direction=0,
        one="Care or support from the council was in place",
    ),
)
