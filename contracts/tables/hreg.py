"""The housing register: who has applied for a social home, and with whom they want to live."""

from __future__ import annotations

from contracts.columns import Kind, Table, column
from contracts.tables.codes import RECORDED_SEX

HREG_APPLICATION = Table(
    name="hreg_application",
    source="hreg",
    says="One row for each application to the housing register.",
    key=("app_ref",),
    periods=(("registered_date", "closed_date"),),
    business=(
        column("app_ref", Kind.TEXT, "I", "Application reference.", required=True),
        column("registered_date", Kind.DATE, "O", "When it was registered.", required=True),
        column("effective_band_date", Kind.DATE, "O", "From when it counts in its band."),
        column(
            "status",
            Kind.CODE,
            "O",
            "How it stands.",
            required=True,
            codes={
                "ACTIVE": "active",
                "SUSPENDED": "suspended",
                "HOUSED": "housed",
                "CANCELLED": "cancelled",
                "LAPSED": "lapsed at a review",
            },
        ),
        column(
            "band",
            Kind.CODE,
            "O",
            "The place's own band of priority.",
            codes={letter: f"band {letter}" for letter in "ABCD"},
        ),
        column("bedroom_need", Kind.INTEGER, "Q", "Bedrooms needed.", low=0, high=12),
        column(
            "reasonable_preference",
            Kind.CODE,
            "O",
            "Ground of preference in law.",
            codes={
                "HOMELESS": "homeless",
                "UNSATISFACTORY_OVERCROWDED": "unsatisfactory or overcrowded home",
                "MEDICAL_WELFARE": "medical or welfare",
                "HARDSHIP": "hardship if they cannot move",
                "NONE": "none",
            },
            code_classes={"MEDICAL_WELFARE": "S"},
        ),
        column("medical_award", Kind.BOOLEAN, "S", "Priority for a medical reason."),
        column("current_uprn", Kind.UPRN, "I", "Present home."),
        column("last_bid_date", Kind.DATE, "O", "Last bid for a home."),
        column("bids_12m", Kind.INTEGER, "O", "Bids in twelve months.", low=0),
        column("closed_date", Kind.DATE, "O", "When it closed."),
    ),
)

HREG_MEMBER = Table(
    name="hreg_member",
    source="hreg",
    says="One row for each person on an application: the household that people want to be.",
    key=("app_ref", "member_id"),
    business=(
        column("app_ref", Kind.TEXT, "I", "Application reference.", required=True),
        column("member_id", Kind.TEXT, "I", "Person in the register.", required=True),
        column("first_name", Kind.TEXT, "I", "First name."),
        column("last_name", Kind.TEXT, "I", "Last name."),
        column("dob", Kind.DATE, "I", "Date of birth."),
        column(
            "relationship",
            Kind.CODE,
            "Q",
            "Part in the household.",
            required=True,
            codes={
                "APPLICANT": "applicant",
                "PARTNER": "partner",
                "CHILD": "child",
                "OTHER": "other",
            },
        ),
        column("sex", Kind.CODE, "P", "Sex as recorded.", codes=RECORDED_SEX),
        column("pregnant", Kind.BOOLEAN, "S", "Expecting a child."),
        column("nino_hash", Kind.TEXT, "I", "Keyed hash of the National Insurance number."),
        column("phone_hash", Kind.TEXT, "I", "Keyed hash of a telephone number."),
    ),
)

TABLES = (HREG_APPLICATION, HREG_MEMBER)
