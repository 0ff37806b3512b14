"""What an invented place is meant to look like: every measure with its target and evidence.

Tags say how good the evidence for a number is. ``F``: seen in a published source. ``F>``:
arithmetic on such. ``M+``, ``M``, ``M-``: from memory, with high, middling or low confidence.
``A``: assumed. ``D``: chosen for the simulator. Numbers tagged ``M-``, ``A`` or ``D`` are planning
figures.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

SLACK = 0.10
SMALL, POINTS = 0.05, 0.005
PLANNING = frozenset({"M-", "A", "D"})


@dataclass(frozen=True, kw_only=True)
class Target:
    """One number that a place is fitted to.

    Attributes:
        value: What it is in the nation.
        tag: How good the evidence is.
        year: Year or years that it is of.
        gradient: Deprivation gradient by which another kind of place has more or less of it.
        against: The gradient of a measure that is a multiple of the place's own mean.
        slack: Relative tolerance, or half the range where one is given; shares under 5 % may
            differ by half a point instead.
    """

    value: float
    tag: str
    year: str
    gradient: str = ""
    against: str = ""
    slack: float = SLACK

    @property
    def planning(self) -> bool:
        """Whether it may only be shown as a planning figure."""
        return self.tag in PLANNING


def tolerance(value: float, slack: float = SLACK) -> float:
    """Largest difference allowed: a tenth, or half a point for shares under 5 %."""
    return max(slack * value, POINTS if value < SMALL else 0.0)


def _all(tag: str, year: str, **values: float) -> dict[str, Target]:
    return {
        name.replace("_", " "): Target(value=value, tag=tag, year=year)
        for name, value in values.items()
    }


_SIZES = (0.301, 0.340, 0.160, 0.129, 0.046, 0.024)
AGES = (0, 5, 10, 15, 20, 25, 35, 50, 65, 80, 120)
_AGES = (0.054, 0.059, 0.060, 0.057, 0.060, 0.136, 0.195, 0.194, 0.135, 0.050)
_BANDS = (0.24, 0.196, 0.219, 0.156, 0.097, 0.051, 0.035, 0.006)

_PEOPLE = {
    **{
        f"household size {size}": Target(value=share, tag="M", year="2021")
        for size, share in enumerate(_SIZES, start=1)
    },
    **{
        f"age {low} and over, to the next band": Target(value=share, tag="M", year="2021")
        for low, share in zip(AGES[:-1], _AGES, strict=True)
    },
    **_all(
        "M",
        "2021",
        one_person_66_and_over=0.128,
        one_person_under_66=0.174,
        couple_with_dependent_children=0.189,
        couple_without_children=0.167,
        couple_with_grown_children=0.062,
        couple_66_and_over=0.092,
        lone_parent_with_dependent_children=0.069,
        lone_parent_with_grown_children=0.042,
        household_with_a_disabled_person=0.32,
        people_who_are_disabled=0.173,
    ),
    "people per household": Target(value=2.36, tag="F", year="2021", slack=0.05),
    "births for each 1,000 people": Target(value=10.0, tag="M", year="2023"),
    "people who move in a year": Target(value=0.10, tag="M", year="2021-23", slack=0.15),
    "moves a year, OWNER": Target(value=0.04, tag="M", year="2021-23"),
    "moves a year, social": Target(value=0.06, tag="M", year="2021-23"),
    "moves a year, PRS": Target(value=0.24, tag="M", year="2021-23"),
}

_HOMES = {
    **{
        f"band {letter}": Target(value=share, tag="M", year="2024")
        for letter, share in zip("ABCDEFGH", _BANDS, strict=True)
    },
    "in temporary homes for each 1,000": Target(value=2.6, tag="F", year="2024", slack=0.25),
    "social renting among Black households": Target(value=0.43, tag="M", year="2016-21", slack=0.2),
    "social renting among White households": Target(value=0.16, tag="M", year="2016-21"),
}

_COUNCIL_TAX = {
    "council tax reminder a year per account": Target(
        value=0.25, tag="M-", year="typical", gradient="arrears"
    ),
    "council tax final notice a year per account": Target(
        value=0.09, tag="M-", year="typical", gradient="arrears"
    ),
    "council tax summons a year per account": Target(
        value=0.13, tag="M-", year="typical", gradient="arrears"
    ),
    "council tax liability order a year per account": Target(
        value=0.11, tag="M-", year="typical", gradient="arrears"
    ),
    "council tax enforcement agents a year per account": Target(
        value=0.07, tag="M-", year="typical", gradient="arrears"
    ),
    "accounts paid by direct debit": Target(value=0.72, tag="M-", year="typical"),
    "single person discount": Target(value=0.33, tag="M", year="2024"),
    "student exemption": Target(value=0.01, tag="M", year="2024"),
    "council tax support": Target(value=0.15, tag="M", year="2023-25", gradient="uc"),
}

_RENT = {
    "rent accounts in debit": Target(value=0.34, tag="M-", year="typical", slack=0.12),
    "rent accounts over 4 weeks": Target(value=0.105, tag="M-", year="typical", slack=0.14),
    "rent accounts over 8 weeks": Target(value=0.05, tag="M-", year="typical", slack=0.2),
    "notices a year per tenancy": Target(value=0.09, tag="M-", year="typical", slack=0.12),
    "possession orders a year per tenancy": Target(value=0.007, tag="M-", year="typical"),
    "evictions a year per tenancy": Target(value=0.002, tag="M-", year="typical"),
    "council rent a week": Target(value=102.5, tag="M", year="2024-25"),
    "association rent a week": Target(value=112.5, tag="M", year="2024-25"),
}

_HOMELESSNESS = {
    "duties a year per household": Target(value=0.0138, tag="F>", year="2023-24", gradient="duty"),
    "relief among first duties": Target(value=0.55, tag="F>", year="2023-24"),
    "end of assured shorthold among prevention": Target(value=0.39, tag="F", year="2023-24"),
    "end of assured shorthold among relief": Target(value=0.12, tag="F", year="2023-24"),
    "family or friends among first duties": Target(value=0.27, tag="M-", year="2023-24"),
    "prevention ended with a home": Target(value=0.52, tag="M", year="2023-24"),
    "relief ended with a home": Target(value=0.33, tag="M", year="2023-24"),
}

_BENEFITS = {
    "households on Universal Credit": Target(value=0.22, tag="F>", year="2025", gradient="uc"),
    "claims with a deduction": Target(value=0.47, tag="F", year="2025"),
    "mean deduction a month": Target(value=68.0, tag="F", year="2025"),
    "claims under a sanction": Target(value=0.016, tag="F>", year="2024"),
    "claims with children": Target(value=0.52, tag="F", year="2024"),
    "claims with a housing element": Target(value=0.65, tag="M", year="2025"),
    "claims with limited capability for work": Target(value=0.33, tag="M-", year="2025"),
    "claims with help for childcare": Target(value=0.027, tag="F", year="2024"),
    "private tenants on claims whose allowance is below rent": Target(
        value=0.50, tag="M", year="2025"
    ),
}

_HEALTH = {
    "adults on the depression register": Target(
        value=0.132, tag="A", year="2022-23", gradient="depression"
    ),
    "people with severe mental illness": Target(
        value=0.010, tag="M", year="2023-24", gradient="smi"
    ),
    "people with COPD": Target(value=0.019, tag="M", year="2023-24"),
    "adults with diabetes": Target(value=0.075, tag="M", year="2023-24"),
    "adults on antidepressants in a year": Target(value=0.15, tag="F", year="2024-25"),
    "emergency attendances a year per person": Target(
        value=0.47, tag="M", year="2023-25", gradient="emergency"
    ),
    "people with five attendances in a year": Target(
        value=0.0067, tag="F", year="2019-20", gradient="emergency"
    ),
    "people opted out": Target(value=0.055, tag="M", year="2023-25"),
}

# Multiplier on the place's mean where areas are poorest and richest (deciles 1 and 10).
_GRADIENTS = {
    "households on Universal Credit, decile 1": Target(
        value=1.9, tag="A", year="2025", against="uc", slack=0.15
    ),
    "households on Universal Credit, decile 10": Target(
        value=0.35, tag="A", year="2025", against="uc", slack=0.15
    ),
    "recovery of council tax, decile 1": Target(
        value=2.3, tag="A", year="2025", against="arrears", slack=0.15
    ),
    "recovery of council tax, decile 10": Target(
        value=0.3, tag="A", year="2025", against="arrears", slack=0.15
    ),
    "homelessness duties, decile 1": Target(
        value=2.2, tag="A", year="2025", against="duty", slack=0.15
    ),
    "homelessness duties, decile 10": Target(
        value=0.3, tag="A", year="2025", against="duty", slack=0.15
    ),
    "emergency attendances, decile 1": Target(
        value=1.35, tag="F>", year="2019-20", against="emergency", slack=0.15
    ),
    "emergency attendances, decile 10": Target(
        value=0.70, tag="F>", year="2019-20", against="emergency", slack=0.15
    ),
    "mental health crises, decile 1": Target(
        value=1.9, tag="A", year="2025", against="crisis", slack=0.15
    ),
    "mental health crises, decile 10": Target(
        value=0.5, tag="A", year="2025", against="crisis", slack=0.15
    ),
}

TARGETS: Mapping[str, Target] = MappingProxyType(
    _PEOPLE | _HOMES | _COUNCIL_TAX | _RENT | _HOMELESSNESS | _BENEFITS | _HEALTH | _GRADIENTS
)

SECTIONS: Mapping[str, Mapping[str, Target]] = MappingProxyType(
    {
        "Households and people": _PEOPLE,
        "Homes": _HOMES,
        "Council tax": _COUNCIL_TAX,
        "Rent": _RENT,
        "Homelessness": _HOMELESSNESS,
        "Benefits": _BENEFITS,
        "Health": _HEALTH,
        "Deprivation": _GRADIENTS,
    }
)
