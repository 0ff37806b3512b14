"""Rent accounts of the council and, by agreement, of other registered providers."""

from __future__ import annotations

from contracts.columns import Kind, Table, column
from contracts.tables.codes import ETHNIC_GROUPS, RECORDED_SEX, YES_NO_NOT_STATED

ACTION_GROUPS = {
    "CONTACT": "contact tried",
    "SUPPORT": "support offered",
    "AGREEMENT": "repayment agreement",
    "PRE_NOTICE": "letter before notice",
    "NOTICE": "notice seeking possession",
    "PRE_COURT": "preparing for court",
    "COURT": "court",
    "ORDER": "possession order",
    "BREACH_ORDER": "order broken",
    "WARRANT": "warrant of possession",
    "EVICTED": "eviction",
    "DWP_DIRECT": "rent paid direct from benefit",
    "CLOSED": "closed",
}

RENT_TENANCY = Table(
    name="rent_tenancy",
    source="rent",
    says="One row for each tenancy.",
    key=("tenancy_ref",),
    periods=(("start_date", "end_date"),),
    business=(
        column("tenancy_ref", Kind.TEXT, "I", "Tenancy reference.", required=True),
        column("pay_ref", Kind.TEXT, "I", "Rent account.", required=True),
        column("uprn", Kind.UPRN, "I", "The property."),
        column("landlord", Kind.CODE, "O", "COUNCIL, or the provider's code.", required=True),
        column(
            "tenure",
            Kind.CODE,
            "O",
            "Kind of tenancy.",
            required=True,
            codes={
                "SECURE": "secure",
                "INTRODUCTORY": "introductory",
                "FLEXIBLE": "flexible",
                "ASSURED": "assured",
                "NON_SECURE": "non-secure",
                "LICENCE": "licence",
                "TEMP_ACCOM": "temporary accommodation",
                "MESNE_PROFIT": "charge for use and occupation",
                "LEASEHOLD": "leasehold",
                "FREEHOLD": "freehold",
                "GARAGE": "garage",
            },
        ),
        column("start_date", Kind.DATE, "O", "Start of the tenancy.", required=True),
        column("end_date", Kind.DATE, "O", "End of the tenancy."),
        column(
            "end_reason",
            Kind.CODE,
            "O",
            "Why it ended.",
            outcome_side=True,
            codes={
                "TRANSFER": "transfer",
                "EVICTED": "evicted",
                "ABANDONED": "abandoned",
                "DIED": "death",
                "NOTICE": "tenant gave notice",
                "RTB": "bought",
            },
        ),
        column("rent_net_pw", Kind.MONEY, "O", "Weekly rent.", unit="GBP per week", low=0),
        column("service_charge_pw", Kind.MONEY, "O", "Service charge.", unit="GBP per week", low=0),
        column("rent_weeks", Kind.INTEGER, "O", "Rent weeks in a year.", low=48, high=53),
        column("bedrooms", Kind.INTEGER, "O", "Bedrooms.", low=0, high=12),
        column("breathing_space", Kind.BOOLEAN, "O", "Enforcement must pause."),
        column("breathing_space_end", Kind.DATE, "O", "Until when."),
        column("uc_direct_to_landlord", Kind.BOOLEAN, "O", "Rent element paid to the landlord."),
    ),
)

RENT_PERSON = Table(
    name="rent_person",
    source="rent",
    says="One row for each person on a tenancy.",
    key=("tenancy_ref", "person_local_id"),
    business=(
        column("tenancy_ref", Kind.TEXT, "I", "Tenancy reference.", required=True),
        column("person_local_id", Kind.TEXT, "I", "Person in the housing system.", required=True),
        column("title", Kind.TEXT, "I", "Title."),
        column("first_name", Kind.TEXT, "I", "First name."),
        column("last_name", Kind.TEXT, "I", "Last name."),
        column("dob", Kind.DATE, "I", "Date of birth."),
        column(
            "role",
            Kind.CODE,
            "O",
            "Part in the tenancy.",
            required=True,
            codes={
                "TENANT": "tenant",
                "JOINT": "joint tenant",
                "HOUSEHOLD_MEMBER": "household member",
            },
        ),
        column("nino_hash", Kind.TEXT, "I", "Keyed hash of the National Insurance number."),
        column("phone_hash", Kind.TEXT, "I", "Keyed hash of a telephone number."),
        column("ethnicity", Kind.CODE, "P", "Ethnic group, five groups.", codes=ETHNIC_GROUPS),
        column("sex", Kind.CODE, "P", "Sex as recorded.", codes=RECORDED_SEX),
        column("disability_flag", Kind.CODE, "P", "Disability recorded.", codes=YES_NO_NOT_STATED),
    ),
)

RENT_BALANCE = Table(
    name="rent_balance",
    source="rent",
    says="One row for each rent account and week.",
    key=("pay_ref", "balance_date"),
    business=(
        column("pay_ref", Kind.TEXT, "I", "Rent account.", required=True),
        column("balance_date", Kind.DATE, "O", "Week of the balance.", required=True),
        column("balance", Kind.MONEY, "O", "Owed where positive.", required=True, unit="GBP"),
        column("weeks_owed", Kind.NUMBER, "O", "Balance over weekly rent.", unit="weeks"),
    ),
)

TRANSACTION_CODES = {
    "DBR": "basic rent",
    "DSC": "service charge",
    "DHE": "heating",
    "DWR": "water",
    "DCC": "court costs",
    "DTA": "basic rent, temporary accommodation",
    "RHB": "Housing Benefit",
    "RHA": "Housing Benefit, put right",
    "RUC": "Universal Credit",
    "RDP": "deduction from benefit",
    "RDD": "direct debit",
    "RDN": "unpaid direct debit",
    "RSO": "standing order",
    "RCP": "card",
    "RBR": "cash at a shop",
    "RPY": "cash at a shop",
    "RBA": "enforcement agents",
    "WOF": "written off",
    "WON": "written on again",
}

RENT_TRANSACTION = Table(
    name="rent_transaction",
    source="rent",
    says="One row for each amount on a rent account.",
    key=("trans_id",),
    business=(
        column("trans_id", Kind.TEXT, "I", "Transaction.", required=True),
        column("pay_ref", Kind.TEXT, "I", "Rent account.", required=True),
        column("trans_date", Kind.DATE, "O", "Effective date.", required=True),
        column("post_date", Kind.DATE, "O", "When it was posted."),
        column(
            "trans_code",
            Kind.CODE,
            "O",
            "What it is.",
            required=True,
            codes=TRANSACTION_CODES,
        ),
        column("amount", Kind.MONEY, "O", "Charged where positive.", required=True, unit="GBP"),
    ),
)

RENT_ACTION = Table(
    name="rent_action",
    source="rent",
    says="One row for each action on a rent account.",
    key=("pay_ref", "action_seq"),
    business=(
        column("pay_ref", Kind.TEXT, "I", "Rent account.", required=True),
        column("action_seq", Kind.INTEGER, "O", "Number of the action.", required=True),
        column("action_date", Kind.DATE, "O", "When it was done.", required=True),
        column("action_code", Kind.TEXT, "O", "The landlord's own code."),
        column("action_group", Kind.CODE, "O", "What it was.", required=True, codes=ACTION_GROUPS),
        column("balance_at_action", Kind.MONEY, "O", "Balance then.", unit="GBP"),
    ),
)

RENT_ARRANGEMENT = Table(
    name="rent_arrangement",
    source="rent",
    says="One row for each agreement to repay.",
    key=("agreement_id",),
    periods=(("start_date", "end_date"),),
    business=(
        column("agreement_id", Kind.TEXT, "I", "Agreement.", required=True),
        column("pay_ref", Kind.TEXT, "I", "Rent account.", required=True),
        column("start_date", Kind.DATE, "O", "From.", required=True),
        column("end_date", Kind.DATE, "O", "To."),
        column(
            "frequency",
            Kind.CODE,
            "O",
            "How often.",
            codes={
                "WEEKLY": "each week",
                "FORTNIGHTLY": "each fortnight",
                "FOUR_WEEKLY": "every four weeks",
                "MONTHLY": "each month",
            },
        ),
        column("amount", Kind.MONEY, "O", "Each instalment.", unit="GBP", low=0),
        column(
            "state",
            Kind.CODE,
            "O",
            "How it stands.",
            required=True,
            codes={
                "live": "live",
                "breached": "broken",
                "completed": "completed",
                "cancelled": "cancelled",
            },
        ),
        column("court_ordered", Kind.BOOLEAN, "O", "Ordered by a court."),
        column("first_instalment_due", Kind.DATE, "O", "First instalment due."),
    ),
)

TABLES = (
    RENT_TENANCY,
    RENT_PERSON,
    RENT_BALANCE,
    RENT_TRANSACTION,
    RENT_ACTION,
    RENT_ARRANGEMENT,
)
