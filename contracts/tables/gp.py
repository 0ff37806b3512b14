"""Primary care, pseudonymised by the sender.

No name comes with any of these. ``nhs_pid`` and ``puprn`` are keyed pseudonyms; the council joins
them to a home by ``puprn`` and overlapping dates, and to nobody by name.
"""

from __future__ import annotations

from contracts.columns import Kind, Table, column
from contracts.tables.codes import OF_HOMES, RECORDED_SEX

ETHNIC_16 = {letter: f"census ethnic category {letter}" for letter in "ABCDEFGHJKLMNPRS"}
ETHNIC_16 |= {"Z": "asked and not stated", "99": "not known"}

CLUSTERS = {
    "DEPR": "depression",
    "SMI": "severe mental illness",
    "DEM": "dementia",
    "LD": "learning disability",
    "AUTISM": "autism",
    "DM": "diabetes",
    "COPD": "chronic obstructive pulmonary disease",
    "AST": "asthma",
    "CHD": "coronary heart disease",
    "STIA": "stroke",
    "HF": "heart failure",
    "AF": "atrial fibrillation",
    "HYP": "high blood pressure",
    "CKD": "chronic kidney disease",
    "CAN": "cancer",
    "EPIL": "epilepsy",
    "RA": "rheumatoid arthritis",
    "OST": "osteoporosis",
    "PALCARE": "palliative care",
    "OBES": "obesity",
    "SMOK_CURR": "smoking",
    "ALC_HARM": "harmful drinking",
    "SUBST_MISUSE": "substance misuse",
    "CHRONIC_PAIN": "chronic pain",
    "ANXIETY": "anxiety",
    "SELF_HARM": "self-harm",
    "DV_CODED": "domestic abuse, coded by the practice",
    "CARER": "carer",
    "HOUSING_PROBLEM": "housing problem",
    "FINANCIAL_PROBLEM": "money problem",
    "FRAIL": "frailty",
}

BNF_SECTIONS = {
    "0403": "antidepressants",
    "0401": "hypnotics and anxiolytics",
    "0402": "antipsychotics",
    "040702": "opioids",
    "0410": "dependence",
    "0404": "stimulants",
    "0301": "breathing, relievers",
    "0302": "breathing, preventers",
    "0601": "diabetes",
    "0411": "dementia",
}

PID = column("nhs_pid", Kind.TEXT, "I", "Keyed pseudonym of the NHS number.", required=True)

GP_PATIENT = Table(
    name="gp_patient",
    source="gp",
    says="One row for each registration with a practice.",
    key=("nhs_pid", "reg_start"),
    periods=(("reg_start", "reg_end"),),
    business=(
        PID,
        column("practice_ods", Kind.CODE, "Q", "Practice.", required=True),
        column("reg_start", Kind.DATE, "O", "Registered from.", required=True),
        column("reg_end", Kind.DATE, "O", "Registered to."),
        column(
            "reg_end_reason",
            Kind.CODE,
            "O",
            "Why it ended.",
            codes={
                "DEATH": "death",
                "MOVED": "moved",
                "REMOVED": "taken off the list",
                "FP69": "no answer to a letter",
                "DUPLICATE": "registered twice",
            },
        ),
        column("birth_year", Kind.INTEGER, "Q", "Year of birth.", low=1900, high=2100),
        column("birth_month", Kind.INTEGER, "Q", "Month of birth.", low=1, high=12),
        column("sex", Kind.CODE, "P", "Sex as recorded.", codes=RECORDED_SEX),
        column("ethnic16", Kind.CODE, "P", "Census ethnic category.", codes=ETHNIC_16),
        column("interpreter_needed", Kind.BOOLEAN, "P", "Needs an interpreter."),
        column("main_language_group", Kind.CODE, "P", "Group of main languages."),
        column("lsoa21", Kind.CODE, "Q", "Census 2021 area of the home."),
        column("puprn", Kind.TEXT, "I", "Keyed pseudonym of the UPRN."),
        column("living_alone_ind", Kind.BOOLEAN, "Q", "Nobody else is registered at the home."),
        column("care_home_ind", Kind.BOOLEAN, "Q", "The home is a care home."),
        column(
            "practice_dsa_in_place",
            Kind.BOOLEAN,
            "O",
            "The practice shares its data; rows of others are left out.",
            required=True,
        ),
    ),
)

GP_CONDITION = Table(
    name="gp_condition",
    source="gp",
    says="One row for each condition register that a patient is on.",
    key=("nhs_pid", "cluster"),
    periods=(("first_date", "latest_date"), ("first_date", "resolved_date")),
    business=(
        PID,
        column(
            "cluster",
            Kind.CODE,
            "S",
            "Register.",
            permitted=OF_HOMES,
            required=True,
            codes=CLUSTERS,
            code_classes={"DV_CODED": "X"},
        ),
        column("first_date", Kind.DATE, "S", "First coded.", required=True, permitted=OF_HOMES),
        column("latest_date", Kind.DATE, "S", "Last coded.", permitted=OF_HOMES),
        column("resolved_date", Kind.DATE, "S", "Coded as resolved."),
    ),
)

GP_MEASURE = Table(
    name="gp_measure",
    source="gp",
    says="One row for each measure taken. Most patients have none: missing is not low.",
    key=("nhs_pid", "measure", "date"),
    business=(
        PID,
        column(
            "measure",
            Kind.CODE,
            "S",
            "What was measured.",
            required=True,
            codes={
                "PHQ9": "depression score, 0 to 27",
                "GAD7": "anxiety score, 0 to 21",
                "AUDITC": "drinking score, 0 to 12",
                "EFI": "frailty index, 0 to 1",
                "BMI": "body mass index",
                "SMOKING": "1 smokes, 0 does not",
            },
        ),
        column("date", Kind.DATE, "S", "When.", required=True),
        column("value", Kind.NUMBER, "S", "Value.", low=0, high=100),
    ),
)

GP_MEDICATION = Table(
    name="gp_medication",
    source="gp",
    says="One row for each patient, section of the formulary and month.",
    key=("nhs_pid", "bnf_section", "month"),
    business=(
        PID,
        column(
            "bnf_section",
            Kind.CODE,
            "S",
            "Section of the formulary.",
            permitted=OF_HOMES,
            required=True,
            codes=BNF_SECTIONS,
        ),
        column(
            "month", Kind.DATE, "S", "First day of the month.", required=True, permitted=OF_HOMES
        ),
        column("items", Kind.INTEGER, "S", "Items.", low=0, high=200, permitted=OF_HOMES),
    ),
)

GP_ENCOUNTER = Table(
    name="gp_encounter",
    source="gp",
    says="One row for each appointment or other contact with a practice.",
    key=("nhs_pid", "date", "mode", "role"),
    business=(
        PID,
        column("date", Kind.DATE, "S", "When.", required=True, permitted=OF_HOMES),
        column(
            "mode",
            Kind.CODE,
            "S",
            "How.",
            required=True,
            codes={
                "F2F": "face to face",
                "PHONE": "telephone",
                "ONLINE": "online",
                "HOME": "at home",
                "ADMIN": "administration",
            },
        ),
        column(
            "role",
            Kind.CODE,
            "S",
            "With whom.",
            required=True,
            codes={
                "GP": "general practitioner",
                "NURSE": "nurse",
                "OTHER": "other staff",
            },
        ),
        column(
            "status",
            Kind.CODE,
            "S",
            "What became of it.",
            permitted=OF_HOMES,
            codes={"ATTENDED": "attended", "DNA": "did not attend", "CANCELLED": "cancelled"},
        ),
    ),
)

GP_FIT_NOTE = Table(
    name="gp_fit_note",
    source="gp",
    says="One row for each statement of fitness for work.",
    key=("nhs_pid", "issued"),
    periods=(("from_date", "to_date"),),
    business=(
        PID,
        column("issued", Kind.DATE, "S", "When it was given.", required=True, permitted=OF_HOMES),
        column("from_date", Kind.DATE, "S", "From."),
        column("to_date", Kind.DATE, "S", "To."),
        column(
            "diagnosis_group",
            Kind.CODE,
            "S",
            "Group of diagnoses.",
            codes={
                "MENTAL": "mental and behavioural",
                "MUSCULOSKELETAL": "muscles and joints",
                "RESPIRATORY": "breathing",
                "INJURY": "injury",
                "OTHER": "other",
            },
        ),
    ),
)

GP_REFERRAL_SP = Table(
    name="gp_referral_sp",
    source="gp",
    says="One row for each offer of social prescribing.",
    key=("nhs_pid", "offered_date"),
    periods=(("offered_date", "referral_date"), ("referral_date", "closed_date")),
    business=(
        PID,
        column("offered_date", Kind.DATE, "S", "When it was offered.", required=True),
        column("accepted", Kind.BOOLEAN, "S", "Accepted."),
        column("declined", Kind.BOOLEAN, "S", "Declined."),
        column("referral_date", Kind.DATE, "S", "When it was passed on."),
        column("closed_date", Kind.DATE, "S", "When it closed."),
    ),
)

TABLES = (
    GP_PATIENT,
    GP_CONDITION,
    GP_MEASURE,
    GP_MEDICATION,
    GP_ENCOUNTER,
    GP_FIT_NOTE,
    GP_REFERRAL_SP,
)
