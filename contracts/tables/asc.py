"""Adult social care: events in the shape of the Client Level Data return, people, safeguarding."""

from __future__ import annotations

from contracts.columns import Kind, Table, column
from contracts.tables.asc_codes import (
    ACCOMMODATION,
    ASC_ETHNICITY,
    EMPLOYMENT,
    EVENT_OUTCOMES,
    ROUTES,
    SERVICE_TYPES,
    SUPPORT_REASONS,
)

ASC_CLD_EVENT = Table(
    name="asc_cld_event",
    source="asc",
    says="One row for each request, assessment, service or review. Event references may repeat.",
    key=("la_person_id", "event_type", "event_ref", "event_start_date"),
    periods=(("event_start_date", "event_end_date"),),
    business=(
        column("la_person_id", Kind.TEXT, "I", "Person in the social care system.", required=True),
        column("nhs_number_pseudo", Kind.TEXT, "I", "Traced pseudonym of the NHS number."),
        column(
            "client_type",
            Kind.CODE,
            "O",
            "Part in the event.",
            required=True,
            codes={
                "Service User": "service user",
                "Carer": "carer",
                "Carer known by association": "carer known through the person cared for",
            },
        ),
        column(
            "gender",
            Kind.CODE,
            "P",
            "Gender as recorded.",
            codes={"Male": "male", "Female": "female", "Other": "other", "Unknown": "not known"},
        ),
        column("ethnicity", Kind.CODE, "P", "Ethnic group.", codes=ASC_ETHNICITY),
        column("birth_month", Kind.INTEGER, "I", "Month of birth.", low=1, high=12),
        column("birth_year", Kind.INTEGER, "I", "Year of birth.", low=1900, high=2100),
        column("date_of_death", Kind.DATE, "I", "Date of death."),
        column(
            "primary_support_reason", Kind.CODE, "S", "Main reason for help.", codes=SUPPORT_REASONS
        ),
        column(
            "accommodation_status",
            Kind.CODE,
            "O",
            "Where the person lives.",
            codes=ACCOMMODATION,
            code_classes={"Refuge": "X"},
        ),
        column("employment_status", Kind.CODE, "O", "Work.", codes=EMPLOYMENT),
        column("has_unpaid_carer", Kind.BOOLEAN, "O", "Somebody cares without pay."),
        column(
            "event_type",
            Kind.CODE,
            "O",
            "Kind of event.",
            required=True,
            codes={
                "Request": "request for support",
                "Assessment": "assessment",
                "Service": "service",
                "Review": "review",
            },
        ),
        column("event_ref", Kind.TEXT, "O", "The system's reference.", required=True),
        column("event_start_date", Kind.DATE, "O", "From.", required=True),
        column("event_end_date", Kind.DATE, "O", "To."),
        column("request_route_of_access", Kind.CODE, "O", "Way in of a request.", codes=ROUTES),
        column("event_outcome", Kind.CODE, "O", "What followed.", codes=EVENT_OUTCOMES),
        column("service_type", Kind.CODE, "O", "Kind of service.", codes=SERVICE_TYPES),
        column("service_component", Kind.TEXT, "O", "What the service is."),
        column(
            "delivery_mechanism",
            Kind.CODE,
            "O",
            "How it is paid for.",
            codes={
                "Direct Payment": "direct payment",
                "CASSR Managed Personal Budget": "personal budget, managed by the council",
                "CASSR Commissioned Support": "commissioned by the council",
            },
        ),
        column("review_reason", Kind.TEXT, "O", "Why a review was held."),
        column(
            "review_outcomes_achieved",
            Kind.CODE,
            "O",
            "Whether what was aimed for came about.",
            codes={"Fully": "fully", "Partially": "partly", "Not achieved": "not"},
        ),
        column("unit_cost", Kind.MONEY, "O", "Cost of a unit.", unit="GBP", low=0),
        column(
            "cost_frequency",
            Kind.CODE,
            "O",
            "What a unit is.",
            codes={"Hourly": "hour", "Weekly": "week", "Session": "session", "One-off": "once"},
        ),
        column("planned_units_pw", Kind.NUMBER, "O", "Units.", unit="units per week", low=0),
    ),
)

ASC_PERSON = Table(
    name="asc_person",
    source="asc",
    says="One row for each person in the social care system.",
    key=("la_person_id",),
    business=(
        column("la_person_id", Kind.TEXT, "I", "Person in the social care system.", required=True),
        column("first_name", Kind.TEXT, "I", "First name."),
        column("last_name", Kind.TEXT, "I", "Last name."),
        column("dob", Kind.DATE, "I", "Date of birth."),
        column("uprn", Kind.UPRN, "I", "Home on file."),
        column("postcode", Kind.TEXT, "I", "Postcode on file."),
        column("nino_hash", Kind.TEXT, "I", "Keyed hash of the National Insurance number."),
        column("phone_hash", Kind.TEXT, "I", "Keyed hash of a telephone number."),
    ),
)

ASC_SAFEGUARDING = Table(
    name="asc_safeguarding",
    source="asc",
    says="One row for each safeguarding concern and kind of abuse that it is about.",
    key=("concern_id", "concern_type"),
    periods=(("concern_date", "s42_enquiry_start"), ("s42_enquiry_start", "s42_enquiry_end")),
    business=(
        column("concern_id", Kind.TEXT, "I", "Concern.", required=True),
        column("la_person_id", Kind.TEXT, "I", "Person in the social care system.", required=True),
        column("concern_date", Kind.DATE, "S", "When it was raised.", required=True),
        column(
            "concern_type",
            Kind.CODE,
            "S",
            "Kind of abuse or neglect.",
            required=True,
            codes={
                "NEGLECT": "neglect",
                "SELF_NEGLECT": "self-neglect",
                "PHYSICAL": "physical",
                "PSYCHOLOGICAL": "psychological",
                "FINANCIAL": "financial or material",
                "SEXUAL": "sexual",
                "DOMESTIC": "domestic abuse",
                "DISCRIMINATORY": "discriminatory",
                "ORGANISATIONAL": "organisational",
                "MODERN_SLAVERY": "modern slavery",
            },
            code_classes={"DOMESTIC": "X", "SEXUAL": "X", "MODERN_SLAVERY": "X"},
        ),
        column("s42_enquiry_start", Kind.DATE, "S", "When an enquiry in law began."),
        column("s42_enquiry_end", Kind.DATE, "S", "When it ended."),
        column(
            "location",
            Kind.CODE,
            "S",
            "Where.",
            codes={
                "OWN_HOME": "own home",
                "CARE_HOME": "care home",
                "HOSPITAL": "hospital",
                "COMMUNITY": "community service or public place",
                "OTHER": "other",
            },
        ),
        column(
            "source_of_risk",
            Kind.CODE,
            "S",
            "Who the risk came from.",
            codes={
                "KNOWN": "somebody known to the person",
                "UNKNOWN": "somebody not known to the person",
                "SERVICE_PROVIDER": "a service",
            },
        ),
        column(
            "outcome",
            Kind.CODE,
            "S",
            "What became of the risk.",
            outcome_side=True,
            codes={
                "RISK_REMAINED": "it remained",
                "REDUCED": "it was reduced",
                "REMOVED": "it was removed",
            },
        ),
    ),
)

TABLES = (ASC_CLD_EVENT, ASC_PERSON, ASC_SAFEGUARDING)
