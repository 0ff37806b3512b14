"""Homelessness: the live case system with the items of the statutory return."""

from __future__ import annotations

from contracts.columns import Kind, Table, column
from contracts.tables.codes import ETHNIC_GROUPS, RECORDED_SEX, YES_NO_NOT_STATED
from contracts.tables.hclic_codes import (
    ACCOMMODATION,
    DUTY_ENDS,
    EMPLOYMENT,
    HOUSEHOLD_TYPES,
    LOSS_CLASSES,
    LOSS_REASONS,
    PRIVATE_REASONS,
    REFERRER_CLASSES,
    REFERRERS,
    SUPPORT_NEEDS,
    SUPPORT_NEEDS_CLASSES,
)

HCLIC_CASE = Table(
    name="hclic_case",
    source="hclic",
    says="One row for each homelessness application or approach.",
    key=("case_ref",),
    periods=(("approach_date", "assessment_date"), ("approach_date", "closed_date")),
    business=(
        column("case_ref", Kind.TEXT, "I", "Case reference.", required=True),
        column("approach_date", Kind.DATE, "O", "First contact.", required=True),
        column("application_date", Kind.DATE, "O", "Application under section 184."),
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
            "valid_notice",
            Kind.CODE,
            "O",
            "Notice that the household had been given.",
            codes={
                "S21": "section 21, private landlords, to April 2026",
                "S8": "section 8",
                "NTQ": "notice to quit",
                "NONE": "none",
            },
        ),
        column(
            "reason_loss",
            Kind.CODE,
            "O",
            "Why the last settled home was lost or is at stake.",
            outcome_side=True,
            codes=LOSS_REASONS,
            code_classes=LOSS_CLASSES,
        ),
        column(
            "reason_sub_prs",
            Kind.CODE,
            "O",
            "Why a private tenancy ended.",
            outcome_side=True,
            codes=PRIVATE_REASONS,
        ),
        column(
            "accom_at_application",
            Kind.CODE,
            "O",
            "Where they stayed when they applied.",
            outcome_side=True,
            codes=ACCOMMODATION,
            code_classes={"REFUGE": "X", "HOSPITAL_PSYCH": "S", "CUSTODY": "C"},
        ),
        column("household_type", Kind.CODE, "Q", "Household.", codes=HOUSEHOLD_TYPES),
        column("employment_status", Kind.CODE, "O", "Work.", codes=EMPLOYMENT),
        column(
            "referral_source",
            Kind.CODE,
            "O",
            "Body that referred them.",
            codes=REFERRERS,
            code_classes=REFERRER_CLASSES,
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
        column(
            "gender_identity",
            Kind.CODE,
            "P",
            "Whether gender is the same as at birth.",
            codes=YES_NO_NOT_STATED,
        ),
        column("ethnicity", Kind.CODE, "P", "Ethnic group, five groups.", codes=ETHNIC_GROUPS),
        column(
            "nationality_group",
            Kind.CODE,
            "P",
            "Group of nationalities.",
            codes={
                "UK": "United Kingdom",
                "IE": "Ireland",
                "EEA": "European Economic Area",
                "NON_EEA": "elsewhere",
                "NOT_KNOWN": "not known",
            },
        ),
        column(
            "sexual_orientation",
            Kind.CODE,
            "P",
            "Sexual orientation.",
            codes={
                "HETEROSEXUAL": "heterosexual",
                "GAY_LESBIAN": "gay or lesbian",
                "OTHER": "other",
                "NOT_STATED": "asked and not stated",
            },
        ),
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
        column("pregnant", Kind.BOOLEAN, "S", "Expecting a child."),
    ),
)

HCLIC_SUPPORT = Table(
    name="hclic_support",
    source="hclic",
    says="One row for each support need of a case.",
    key=("case_ref", "need_code"),
    business=(
        column("case_ref", Kind.TEXT, "I", "Case reference.", required=True),
        column(
            "need_code",
            Kind.CODE,
            "S",
            "Need.",
            required=True,
            outcome_side=True,
            codes=SUPPORT_NEEDS,
            code_classes=SUPPORT_NEEDS_CLASSES,
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
            codes=DUTY_ENDS,
        ),
        column(
            "decision",
            Kind.CODE,
            "O",
            "Decision on the main duty.",
            outcome_side=True,
            codes={
                "ACCEPTED": "accepted",
                "NOT_PRIORITY": "no priority need",
                "INTENTIONAL": "homeless by intention",
                "NOT_HOMELESS": "not homeless",
            },
        ),
        column(
            "outcome_accom",
            Kind.CODE,
            "O",
            "Home at the end.",
            outcome_side=True,
            codes=ACCOMMODATION,
            code_classes={"REFUGE": "X", "HOSPITAL_PSYCH": "S", "CUSTODY": "C"},
        ),
        column("outcome_uprn", Kind.UPRN, "I", "Where that home is."),
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
                "NO_ACCOM_SECURED": "nothing was secured",
            },
        ),
        column("placement_uprn", Kind.UPRN, "I", "Where."),
        column("out_of_area", Kind.BOOLEAN, "O", "In another council's area."),
        column("start_date", Kind.DATE, "O", "From.", required=True),
        column("end_date", Kind.DATE, "O", "To."),
        column("nightly_rate", Kind.MONEY, "O", "Cost.", unit="GBP per night", low=0),
    ),
)

TABLES = (HCLIC_CASE, HCLIC_PERSON, HCLIC_SUPPORT, HCLIC_DUTY, HCLIC_TA)
