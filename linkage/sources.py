"""What each source is called on people's pages."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_KNOWN = {
    "llpg": "Address gazetteer",
    "area": "Area lookup",
    "ctax": "Council tax",
    "rent": "Rent accounts",
    "hclic": "Homelessness",
    "hreg": "Housing register",
    "asc": "Adult social care",
    "cs": "Children's services",
    "school": "School census",
    "welfare": "Discretionary welfare",
    "bbadge": "Blue badge",
    "asb": "Environment and anti-social behaviour",
    "elect": "Electoral register",
    "shbe": "Housing Benefit",
    "uc": "Universal Credit",
    "dwp_other": "Other DWP awards",
    "gp": "General practice",
    "ecds": "Emergency care",
    "mh": "Mental health",
}
NAMES: Final[Mapping[str, str]] = MappingProxyType(_KNOWN)
