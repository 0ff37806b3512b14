"""Code lists of the Client Level Data return, whose codes are the words themselves."""

from __future__ import annotations

from collections.abc import Iterable


def _words(*codes: str) -> dict[str, str]:
    return {code: code[:1].lower() + code[1:] for code in codes}


def _each(head: str, tails: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"{head}{tail}" for tail in tails)


# 2021 census list.
ASC_ETHNICITY = _words(
    "English, Welsh, Scottish, Northern Irish or British",
    "Irish",
    "Gypsy or Irish Traveller",
    "Roma",
    "Any other White background",
    "White and Black Caribbean",
    "White and Black African",
    "White and Asian",
    "Any other Mixed or Multiple ethnic background",
    "Indian",
    "Pakistani",
    "Bangladeshi",
    "Chinese",
    "Any other Asian background",
    "African",
    "Caribbean",
    "Any other Black, Black British or Caribbean background",
    "Arab",
    "Any other ethnic group",
    "No data - Refused",
    "No data - Undeclared or Not known",
)

SUPPORT_REASONS = _words(
    "Physical Support: Access and mobility only",
    "Physical Support: Personal care support",
    "Sensory Support: Support for visual impairment",
    "Sensory Support: Support for hearing impairment",
    "Sensory Support: Support for dual impairment",
    "Support with Memory and Cognition",
    "Learning Disability Support",
    "Mental Health Support",
    "Social Support: Substance misuse support",
    "Social Support: Asylum seeker support",
    "Social Support: Support to Carer",
    "Social Support: Support for Social Isolation/Other",
)

ACCOMMODATION = _words(
    "Owner occupier or shared ownership scheme",
    "Tenant",
    "Tenant - private landlord",
    "Settled mainstream housing with family / friends",
    "Supported accommodation / supported lodgings / supported group home",
    "Shared lives scheme",
    "Sheltered housing / extra care",
    "Mobile accommodation",
    "Approved premises",
    "Rough sleeper / squatting",
    "Night shelter / emergency hostel",
    "Refuge",
    "Placed in temporary accommodation by the council",
    "Staying with family / friends as a short-term guest",
    "Acute / long-term healthcare residential facility or hospital",
    "Registered care home",
    "Registered nursing home",
    "Prison / Young offenders institution / detention centre",
    "Other temporary accommodation",
    "Unknown",
)

EMPLOYMENT = _words(
    "Paid: Less than 16 hours a week",
    "Paid: 16 or more hours a week",
    "Paid: Hours per week unknown",
    "Not in Paid Employment (seeking work)",
    "Not in Paid Employment (not actively seeking work / retired)",
    "Not in Paid Employment (voluntary work only)",
    "Unknown",
)

ROUTES = _words(
    "Community / other route",
    "Discharge from hospital",
    "Planned entry (transition)",
    "Prison",
    "Self-funder with depleted funds",
)

EVENT_OUTCOMES = _words(
    "Progress to Reablement/ST-Max",
    "Progress to Assessment",
    "Progress to Re-assessment / Unplanned Review",
    "Progress to Support Planning / Services",
    "Progress to End of Life Care",
    "Progress to financial assessment",
    "Admitted to hospital",
    "No change in package",
    "Service ended as planned",
    "Provision of service",
    *_each(
        "NFA - ",
        (
            "Deceased",
            "Moved to another LA",
            "100% NHS funded care",
            "Information & Advice / Signposting only",
            "Self-funded client",
            "Support declined",
            "Support ended: Other reason",
            "No services offered: Other reason",
            "Other",
        ),
    ),
)

SERVICE_TYPES = _words(
    *_each("Long Term Support: ", ("Community", "Residential Care", "Nursing Care", "Prison")),
    *_each("Short Term Support: ", ("ST-Max", "Ongoing Low Level", "Other Short Term")),
    *_each("Carer Support: ", ("Direct to Carer", "Support involving the person cared-for")),
)
