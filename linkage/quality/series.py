"""What is counted by month to see whether a source still records what it did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, kw_only=True)
class Series:
    """Events that are counted by month.

    Attributes:
        name: Short name, such as ``ctax_orders``.
        says: What is counted, in plain words.
        source: Key of the source.
        table: Its table.
        dated: The column with the event's date.
        where: Which rows are counted.
        outcomes: Outcomes that are made of them.
    """

    name: str
    says: str
    source: str
    table: str
    dated: str
    where: str = "TRUE"
    outcomes: tuple[str, ...] = ()


SERIES: Final = (
    Series(
        name="ctax_orders", says="council tax liability orders", source="ctax",
        table="ctax_recovery", dated="stage_date", where="stage = 'LO'",
        outcomes=("O3", "edge_of_crisis"),
    ),
    Series(
        name="ctax_enforcement", says="council tax debts passed to enforcement agents",
        source="ctax", table="ctax_recovery", dated="stage_date", where="stage = 'EA_REF'",
        outcomes=("O3", "edge_of_crisis"),
    ),
    Series(
        name="rent_actions", says="actions on rent arrears", source="rent", table="rent_action",
        dated="action_date", outcomes=("O2", "edge_of_crisis"),
    ),
    Series(
        name="hclic_cases", says="approaches to the homelessness service", source="hclic",
        table="hclic_case", dated="approach_date", outcomes=("O1", "edge_of_crisis"),
    ),
    Series(
        name="hclic_duties", says="homelessness duties", source="hclic", table="hclic_duty",
        dated="start_date", outcomes=("O1", "edge_of_crisis"),
    ),
    Series(
        name="welfare_awards", says="discretionary awards that somebody asked for",
        source="welfare", table="welfare_award", dated="decision_date",
        where="route IN ('APPLIED', 'REFERRED')", outcomes=("O9", "edge_of_crisis"),
    ),
    Series(
        name="uc_awards", says="Universal Credit assessment periods", source="uc",
        table="uc_award", dated="ap_end",
    ),
    Series(
        name="uc_deductions", says="Universal Credit deductions", source="uc",
        table="uc_deduction", dated="ap_end",
    ),
    Series(
        name="mh_referrals", says="mental health referrals", source="mh", table="mh_referral",
        dated="received_date", outcomes=("O7", "edge_of_crisis"),
    ),
    Series(
        name="ae_attendances", says="emergency attendances", source="ecds",
        table="ae_attendance", dated="arrival_ts", outcomes=("O7", "O8", "edge_of_crisis"),
    ),
    Series(
        name="gp_medication", says="prescriptions", source="gp", table="gp_medication",
        dated="month",
    ),
    Series(
        name="gp_encounters", says="encounters in general practice", source="gp",
        table="gp_encounter", dated="date",
    ),
    Series(
        name="hreg_applications", says="applications to the housing register", source="hreg",
        table="hreg_application", dated="registered_date",
    ),
    Series(
        name="asc_events", says="adult social care events", source="asc",
        table="asc_cld_event", dated="event_start_date",
    ),
    Series(
        name="asc_concerns", says="concerns about an adult's safety", source="asc",
        table="asc_safeguarding", dated="concern_date",
    ),
    Series(
        name="cs_contacts", says="contacts with children's services", source="cs",
        table="cs_contact", dated="cont_contact_date",
    ),
    Series(
        name="cs_referrals", says="referrals of children in need", source="cs",
        table="cs_cin", dated="cine_referral_date",
    ),
)  # fmt: skip
