"""Homelessness: the live case system with the items of the statutory return."""

from __future__ import annotations

from contracts.columns import Kind, Table, column
from contracts.tables.codes import ETHNIC_GROUPS, RECORDED_SEX

HCLIC_CASE = Table(
    name="hclic_case",
    source="hclic",
    says="One row for each homelessness application or approach.",
    key=("case_ref",),
    periods=(("approach_date", "assessment_date"), ("approach_date", "closed_date")),
    business=(
        column("case_ref", Kind.TEXT, "I", "Case reference.", required=True),
        column("approach_date", Kind.DATE, "O", "First contact.", required=True),
        column("assessment_date", Kind.DATE, "O", "First assessment."),
        column(
            "assessment_decision",
            Kind.CODE,
            "O",
            "Outcome of the assessment.",
            codes={
                "PREVENTION": "threatened with homelessness",
                "RELIEF": "homeless",
                "NOT_THREATENED": "not threatened",
                "NOT_ELIGIBLE": "not eligible",
                "WITHDREW": "withdrew",
                "ADVICE_ONLY": "advice only",
            },
        ),
        column(
            "reason_loss",
            Kind.CODE,
            "O",
            "Why the last settled home was lost or is at stake.",
            outcome_side=True,
            codes={
                "FAMILY_FRIENDS_UNABLE": "family or friends no longer able to help",
                "END_PRS_AST": "end of a private assured shorthold tenancy",
                "END_PRS_NOT_AST": "end of another private tenancy",
                "DOMESTIC_ABUSE": "domestic abuse",
                "RELATIONSHIP_NONVIOLENT": "relationship ended",
                "END_SOCIAL_TENANCY": "end of a social tenancy",
                "EVICT_SUPPORTED": "left supported housing",
                "OTHER_VIOLENCE": "other violence",
                "LEFT_INSTITUTION": "left an institution",
                "HOME_OFFICE_ASYLUM_END": "end of asylum accommodation",
                "OTHER_NOT_KNOWN": "other or not known",
            },
        ),
        column("safety_marker", Kind.BOOLEAN, "X", "Restricted for somebody's safety."),
        column("last_settled_uprn", Kind.UPRN, "I", "Last settled home."),
        column("closed_date", Kind.DATE, "O", "When the case closed."),
    ),
)

HCLIC_PERSON = Table(
    name="hclic_person",
    source="hclic",
    says="One row for each person on a homelessness case.",
    key=("case_ref", "person_seq"),
    business=(
        column("case_ref", Kind.TEXT, "I", "Case reference.", required=True),
        column("person_seq", Kind.INTEGER, "O", "1 for the applicant.", required=True, low=1),
        column("first_name", Kind.TEXT, "I", "First name."),
        column("last_name", Kind.TEXT, "I", "Last name."),
        column("dob", Kind.DATE, "I", "Date of birth."),
        column("sex", Kind.CODE, "P", "Sex as recorded.", codes=RECORDED_SEX),
        column("ethnicity", Kind.CODE, "P", "Ethnic group, five groups.", codes=ETHNIC_GROUPS),
        column("nino_hash", Kind.TEXT, "I", "Keyed hash of the National Insurance number."),
        column("phone_hash", Kind.TEXT, "I", "Keyed hash of a telephone number."),
        column(
            "relationship_to_applicant",
            Kind.CODE,
            "O",
            "Part in the household.",
            required=True,
            codes={
                "APPLICANT": "applicant",
                "PARTNER": "partner",
                "CHILD": "child",
                "OTHER": "other",
            },
        ),
    ),
)

HCLIC_DUTY = Table(
    name="hclic_duty",
    source="hclic",
    says="One row for each statutory duty that was owed.",
    key=("case_ref", "duty"),
    periods=(("start_date", "end_date"),),
    business=(
        column("case_ref", Kind.TEXT, "I", "Case reference.", required=True),
        column(
            "duty",
            Kind.CODE,
            "O",
            "Duty.",
            required=True,
            codes={
                "PREVENTION": "to prevent homelessness",
                "RELIEF": "to relieve homelessness",
                "MAIN": "main housing duty",
            },
        ),
        column("start_date", Kind.DATE, "O", "When it began.", required=True),
        column("end_date", Kind.DATE, "O", "When it ended."),
        column(
            "end_reason",
            Kind.CODE,
            "O",
            "Why it ended.",
            outcome_side=True,
            codes={
                "SECURED_6M": "home secured for six months",
                "HOMELESS": "became homeless",
                "D56_ELAPSED": "56 days passed",
                "CONTACT_LOST": "contact lost",
                "WITHDREW_OR_DIED": "withdrew or died",
                "NOT_KNOWN": "not known",
            },
        ),
    ),
)

HCLIC_TA = Table(
    name="hclic_ta",
    source="hclic",
    says="One row for each placement in temporary accommodation.",
    key=("case_ref", "placement_seq"),
    periods=(("start_date", "end_date"),),
    business=(
        column("case_ref", Kind.TEXT, "I", "Case reference.", required=True),
        column("placement_seq", Kind.INTEGER, "O", "Number of the placement.", required=True),
        column(
            "ta_type",
            Kind.CODE,
            "O",
            "Kind of accommodation.",
            required=True,
            codes={
                "BB": "bed and breakfast",
                "NIGHTLY_PAID_SC": "nightly paid, self-contained",
                "HOSTEL_REFUGE": "hostel or refuge",
                "PSL": "private sector leased",
                "LA_HA_STOCK": "council or housing association stock",
                "OTHER": "other",
            },
        ),
        column("placement_uprn", Kind.UPRN, "I", "Where."),
        column("start_date", Kind.DATE, "O", "From.", required=True),
        column("end_date", Kind.DATE, "O", "To."),
    ),
)

TABLES = (HCLIC_CASE, HCLIC_PERSON, HCLIC_DUTY, HCLIC_TA)
