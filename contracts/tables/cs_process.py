"""Children's services: contacts, help, assessment, protection and care."""

from __future__ import annotations

from contracts.columns import Kind, Table, column
from contracts.tables.codes import REFERRAL_SOURCES
from contracts.tables.cs_codes import (
    CEASED_REASONS,
    FACTOR_CLASSES,
    FACTORS,
    LEGAL_CLASSES,
    LEGAL_STATUSES,
    PLAN_CATEGORIES,
    PRIMARY_NEEDS,
    START_REASONS,
)

_PERSON = "Person in the system."

CS_CONTACT = Table(
    name="cs_contact",
    source="cs",
    says="One row for each contact about a child.",
    key=("cont_contact_id",),
    business=(
        column("cont_contact_id", Kind.TEXT, "I", "Contact.", required=True),
        column("cont_person_id", Kind.TEXT, "I", _PERSON, required=True),
        column("cont_contact_date", Kind.DATE, "O", "When.", required=True),
        column("cont_contact_source_code", Kind.CODE, "O", "Who made it.", codes=REFERRAL_SOURCES),
        column(
            "outcome",
            Kind.CODE,
            "O",
            "What followed.",
            codes={
                "No Further Action": "nothing",
                "Information and Advice": "information and advice",
                "EH Referral": "early help",
                "CIN Referral": "a referral to social care",
            },
        ),
    ),
)

CS_EARLY_HELP = Table(
    name="cs_early_help",
    source="cs",
    says="One row for each spell of early help; spells led by partners are often missing.",
    key=("earl_episode_id",),
    periods=(("earl_episode_start_date", "earl_episode_end_date"),),
    business=(
        column("earl_episode_id", Kind.TEXT, "I", "Spell.", required=True),
        column("earl_person_id", Kind.TEXT, "I", _PERSON, required=True),
        column("earl_episode_start_date", Kind.DATE, "O", "From.", required=True),
        column("earl_episode_end_date", Kind.DATE, "O", "To."),
        column(
            "earl_episode_reason", Kind.CODE, "S", "Main need at the start.", codes=PRIMARY_NEEDS
        ),
        column(
            "earl_episode_end_reason",
            Kind.CODE,
            "O",
            "Why it ended.",
            codes={
                "NEEDS_MET": "needs met",
                "STEP_UP": "went on to social care",
                "DISENGAGED": "the family no longer took part",
                "MOVED": "moved away",
                "OTHER": "other",
            },
        ),
        column(
            "earl_episode_organisation",
            Kind.CODE,
            "O",
            "Who leads.",
            codes={
                "COUNCIL": "the council",
                "SCHOOL": "a school",
                "HEALTH": "a health service",
                "VOLUNTARY": "a voluntary organisation",
            },
        ),
    ),
)

CS_CIN = Table(
    name="cs_cin",
    source="cs",
    says="One row for each child referred, and the time in need that followed.",
    key=("cine_referral_id", "cine_person_id"),
    periods=(("cine_referral_date", "cine_close_date"),),
    business=(
        column("cine_referral_id", Kind.TEXT, "I", "Referral.", required=True),
        column("cine_person_id", Kind.TEXT, "I", _PERSON, required=True),
        column("cine_referral_date", Kind.DATE, "O", "When.", required=True),
        column("cine_referral_source_code", Kind.CODE, "O", "Who made it.", codes=REFERRAL_SOURCES),
        column("cine_cin_primary_need_code", Kind.CODE, "S", "Main need.", codes=PRIMARY_NEEDS),
        column("cine_referral_nfa", Kind.BOOLEAN, "O", "Nothing followed."),
        column("cine_close_date", Kind.DATE, "O", "When it closed."),
        column(
            "cine_close_reason",
            Kind.CODE,
            "O",
            "Why it closed.",
            codes={
                "RC1": "adopted",
                "RC2": "died",
                "RC3": "child arrangements order",
                "RC4": "special guardianship order",
                "RC5": "passed to another council",
                "RC6": "passed to adult services",
                "RC7": "any other reason",
                "RC8": "nothing further after an assessment",
                "RC9": "passed to early help",
            },
            code_classes={"RC1": "X"},
        ),
    ),
)

CS_ASSESSMENT_FACTOR = Table(
    name="cs_assessment_factor",
    source="cs",
    says="One row for each factor found in an assessment.",
    key=("cina_assessment_id", "factor"),
    business=(
        column("cina_assessment_id", Kind.TEXT, "I", "Assessment.", required=True),
        column("cina_person_id", Kind.TEXT, "I", _PERSON, required=True),
        column("cina_assessment_auth_date", Kind.DATE, "O", "When it was signed off."),
        column(
            "factor",
            Kind.CODE,
            "S",
            "What was found.",
            required=True,
            codes=FACTORS,
            code_classes=FACTOR_CLASSES,
        ),
    ),
)

CS_S47 = Table(
    name="cs_s47",
    source="cs",
    says="One row for each enquiry into whether a child suffers significant harm.",
    key=("s47e_s47_enquiry_id",),
    periods=(("s47e_start_date", "s47e_end_date"),),
    business=(
        column("s47e_s47_enquiry_id", Kind.TEXT, "I", "Enquiry.", required=True),
        column("s47e_person_id", Kind.TEXT, "I", _PERSON, required=True),
        column("s47e_start_date", Kind.DATE, "O", "From.", required=True),
        column("s47e_end_date", Kind.DATE, "O", "To."),
        column("s47e_nfa", Kind.BOOLEAN, "O", "Nothing followed."),
        column(
            "s47e_outcome",
            Kind.CODE,
            "S",
            "What it found.",
            outcome_side=True,
            codes={
                "CONFERENCE": "concerns borne out, child protection conference",
                "NO_CONFERENCE": "concerns borne out, no conference",
                "NOT_BORNE_OUT": "concerns not borne out",
            },
        ),
    ),
)

CS_CP_PLAN = Table(
    name="cs_cp_plan",
    source="cs",
    says="One row for each child protection plan.",
    key=("cppl_cp_plan_id",),
    periods=(("cppl_start_date", "cppl_end_date"),),
    business=(
        column("cppl_cp_plan_id", Kind.TEXT, "I", "Plan.", required=True),
        column("cppl_person_id", Kind.TEXT, "I", _PERSON, required=True),
        column("cppl_start_date", Kind.DATE, "O", "From.", required=True),
        column("cppl_end_date", Kind.DATE, "O", "To."),
        column(
            "cppl_initial_category", Kind.CODE, "S", "Category at first.", codes=PLAN_CATEGORIES
        ),
        column("cppl_latest_category", Kind.CODE, "S", "Category now.", codes=PLAN_CATEGORIES),
    ),
)

CS_CLA = Table(
    name="cs_cla",
    source="cs",
    says="One row for each episode of a child who is looked after.",
    key=("clae_cla_episode_id",),
    periods=(
        ("clae_start_date", "clae_ceased_date"),
        ("clae_entered_care_date", "clae_start_date"),
    ),
    business=(
        column("clae_cla_episode_id", Kind.TEXT, "I", "Episode.", required=True),
        column("clae_person_id", Kind.TEXT, "I", _PERSON, required=True),
        column("clae_start_date", Kind.DATE, "O", "From.", required=True),
        column("clae_start_reason", Kind.CODE, "O", "Why it began.", codes=START_REASONS),
        column("clae_ceased_date", Kind.DATE, "O", "To."),
        column(
            "clae_ceased_reason",
            Kind.CODE,
            "O",
            "Why it ended.",
            codes=CEASED_REASONS,
            code_classes={"E11": "X", "E12": "X"},
        ),
        column(
            "clae_legal_status",
            Kind.CODE,
            "S",
            "Legal status.",
            required=True,
            codes=LEGAL_STATUSES,
            code_classes=LEGAL_CLASSES,
        ),
        column("clae_entered_care_date", Kind.DATE, "O", "When care began."),
        column("clae_uasc", Kind.BOOLEAN, "P", "An unaccompanied child who seeks asylum."),
    ),
)

TABLES = (
    CS_CONTACT,
    CS_EARLY_HELP,
    CS_CIN,
    CS_ASSESSMENT_FACTOR,
    CS_S47,
    CS_CP_PLAN,
    CS_CLA,
)
