"""Names of attributes, groups, sources and routes as people read them, in a fixed order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from fairness.recording import RECORDED
from fairness.result import Row

NOT_RECORDED: Final = "Not recorded"
BOTH: Final = " & "
"""Between the two attributes, and the two values, of a pair."""

ATTRIBUTES: Final[Mapping[str, str]] = {
    "ethnic_group": "Ethnic group of lead person",
    "age_band": "Age of lead person",
    "sex": "Sex of lead person",
    "disability": "Disability recorded",
    "tenure": "How the home is held",
    "deprivation": "Neighbourhood, by tenths from the most deprived",
    "neighbourhood": "Neighbourhood",
    "small_area": "Small area (about 1,500 people)",
}
SHORT: Final[Mapping[str, str]] = {
    "ethnic_group": "Ethnic group",
    "age_band": "Age",
    "sex": "Sex",
    "disability": "Disability",
    "tenure": "How the home is held",
    "deprivation": "Deprivation of the neighbourhood",
    "neighbourhood": "Neighbourhood",
    "small_area": "Small area",
}
_GROUPS: Final[Mapping[str, Mapping[str, str]]] = {
    "ethnic_group": {
        "ASIAN": "Asian or Asian British",
        "BLACK": "Black or Black British",
        "MIXED": "Mixed or multiple",
        "WHITE": "White",
        "OTHER": "Other ethnic group",
    },
    "age_band": {
        "16-24": "Under 25",
        "25-34": "25 to 34",
        "35-49": "35 to 49",
        "50-64": "50 to 64",
        "65+": "65 and over",
    },
    "sex": {"F": "Women", "M": "Men"},
    "disability": {"Y": "Yes", "N": "No"},
    "tenure": {
        "OWNER": "Owner",
        "PRS": "Private rent",
        "SOCIAL": "Social rent",
        "COUNCIL": "Council rent",
        "RP": "Housing association rent",
        "TA": "Temporary accommodation",
        "SUPPORTED": "Supported housing",
        "UNKNOWN": NOT_RECORDED,
    },
    "small_area": {"OTHERS": "All other small areas"},
    "deprivation": {
        "1-2": "Tenths 1 and 2 (most deprived)",
        "3-4": "Tenths 3 and 4",
        "5-6": "Tenths 5 and 6",
        "7-8": "Tenths 7 and 8",
        "9-10": "Tenths 9 and 10",
    },
}
_WHO: Final[Mapping[str, str]] = {
    "ethnic_group": "households led by someone whose ethnic group is recorded as {label}",
    "age_band": "households led by someone aged {label}",
    "sex": "households led by {label}",
    "disability": "households with “{label}” recorded for disability",
    "tenure": "households whose home is held as {label}",
    "deprivation": "households in neighbourhoods of {label}",
    "neighbourhood": "households in {label}",
    "small_area": "households in small area {label}",
}
_PROPER = frozenset({"ethnic_group", "neighbourhood", "small_area"})

ROUTES: Final[Mapping[str, str]] = {
    "ALREADY_SUPPORTED": "A service works with them already",
    "RESTRICTED": "Held back by a safety rule, or because somebody objected",
    "COMMUNAL": "They live in a communal home",
    "HEALTH_PRACTICE": "Only health records tell of them: for their practice to offer",
}
HOMES: Final[Mapping[str, str]] = {
    "MULTI_HOUSEHOLD_UNRESOLVED": "Several households at one address that cannot be told apart",
    "COMMUNAL": "Communal homes",
    "NO_FIXED_ABODE": "No fixed home",
}


def group_label(attribute: str, group: str) -> str:
    """A group as it stands in a table."""
    if BOTH in attribute:
        return ", ".join(group_label(*part) for part in parts(attribute, group))
    if group == "NOT_RECORDED":
        return NOT_RECORDED
    return _GROUPS.get(attribute, {}).get(group, group)


def who(attribute: str, group: str) -> str:
    """A group inside a sentence."""
    if BOTH in attribute:
        first, *more = (who(*part) for part in parts(attribute, group))
        return f"{first} and {more[0].removeprefix('households ')}"
    label = group_label(attribute, group)
    if label == NOT_RECORDED:
        return f"households for whom “{SHORT[attribute].lower()}” is not recorded"
    if attribute not in _PROPER:
        label = label[0].lower() + label[1:]
    return _WHO[attribute].format(label=label)


def parts(attribute: str, group: str) -> list[tuple[str, str]]:
    """Each attribute of a pair with its value."""
    return list(zip(attribute.split(BOTH), group.split(BOTH), strict=True))


def in_order(rows: Sequence[Row]) -> list[Row]:
    """Rows of one attribute in their fixed order, with "not recorded" last."""

    def position(row: Row) -> tuple[int, str]:
        if group_label(row.attribute, row.group) == NOT_RECORDED:
            return (999, row.group)
        known = list(_GROUPS.get(row.attribute, {}))
        return (known.index(row.group) if row.group in known else 998, row.group)

    return sorted((row for row in rows if row.group != RECORDED), key=position)
