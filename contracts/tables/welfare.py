"""Discretionary welfare awards and the people who applied."""

from __future__ import annotations

from contracts.columns import Kind, Table, column

WELFARE_APPLICANT = Table(
    name="welfare_applicant",
    source="welfare",
    says="One row for each person in the awards system.",
    key=("person_local_id",),
    business=(
        column("person_local_id", Kind.TEXT, "I", "Person in the awards system.", required=True),
        column("first_name", Kind.TEXT, "I", "First name."),
        column("last_name", Kind.TEXT, "I", "Last name."),
        column("dob", Kind.DATE, "I", "Date of birth."),
        column("nino_hash", Kind.TEXT, "I", "Keyed hash of the National Insurance number."),
        column("phone_hash", Kind.TEXT, "I", "Keyed hash of a telephone number."),
        column("uprn", Kind.UPRN, "I", "Address given."),
    ),
)

WELFARE_AWARD = Table(
    name="welfare_award",
    source="welfare",
    says="One row for each application or award.",
    key=("award_id",),
    periods=(("application_date", "decision_date"), ("from_date", "to_date")),
    business=(
        column("award_id", Kind.TEXT, "I", "Award.", required=True),
        column("person_local_id", Kind.TEXT, "I", "Person in the awards system.", required=True),
        column("uprn", Kind.UPRN, "I", "Address of the award."),
        column(
            "scheme",
            Kind.CODE,
            "O",
            "Scheme.",
            required=True,
            codes={
                "DHP": "Discretionary Housing Payment",
                "HSF": "Household Support Fund",
                "LWA": "local welfare assistance",
                "CRF_CRISIS": "Crisis and Resilience Fund, crisis",
                "CRF_HOUSING": "Crisis and Resilience Fund, housing",
                "CRF_RESILIENCE": "Crisis and Resilience Fund, resilience",
                "EHP": "exceptional hardship payment",
                "S17": "children's services payment",
            },
        ),
        column(
            "route",
            Kind.CODE,
            "O",
            "How it came about.",
            codes={
                "APPLIED": "the household applied",
                "REFERRED": "somebody referred the household",
                "PROACTIVE_BULK": "sent to everybody who qualified",
            },
        ),
        column("application_date", Kind.DATE, "O", "When it was asked for."),
        column("decision_date", Kind.DATE, "O", "When it was decided.", required=True),
        column(
            "decision",
            Kind.CODE,
            "O",
            "Decision.",
            required=True,
            codes={"AWARDED": "awarded", "REFUSED": "refused", "WITHDRAWN": "withdrawn"},
        ),
        column(
            "need",
            Kind.CODE,
            "O",
            "What for.",
            codes={
                "FOOD": "food",
                "ENERGY": "energy",
                "WHITE_GOODS": "white goods",
                "RENT_SHORTFALL_RSRS": "rent shortfall, spare room",
                "RENT_SHORTFALL_LHA": "rent shortfall, private rent",
                "BENEFIT_CAP": "benefit cap",
                "DEPOSIT_RIA": "deposit or rent in advance",
                "ARREARS": "arrears",
                "OTHER": "other",
            },
        ),
        column("amount", Kind.MONEY, "O", "Amount.", unit="GBP", low=0),
        column("from_date", Kind.DATE, "O", "Paid for time from."),
        column("to_date", Kind.DATE, "O", "Paid for time to."),
    ),
)

TABLES = (WELFARE_APPLICANT, WELFARE_AWARD)
