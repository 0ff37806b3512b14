"""What crosses from the identity zone to the modelling zone of what was delivered.

Every column crosses by its class: ordinary and quasi columns do, others only where their
declaration permits it, direct identifiers never. A code that is more sensitive than its column
stays behind. In place of a key comes a number that is made for
the run, and with each row the days between which it was known. How a key reaches a household is
worked out on the identity side; the modelling zone sees the household's number and the key's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from contracts.columns import Column, Kind, column
from contracts.made.linkage import HOUSEHOLD, SNAPSHOT
from contracts.made.table import MadeTable
from contracts.tables import TABLES as DELIVERED
from contracts.zones import Zone, codes_withheld, may_lie

KNOWN = (
    column("known_from", Kind.DATE, "O", "Day on which this version was recorded."),
    column("known_to", Kind.DATE, "O", "Day on which the next was; none while it stands."),
)


class Attach(StrEnum):
    """A key by which rows reach a household: through the people who live there then."""

    ACCOUNT = "account_ref"
    TENANCY = "tenancy_ref"
    RENT_ACCOUNT = "pay_ref"
    UC_CLAIM = "uc_claim_hash"
    HB_CLAIM = "claim_ref"
    CASE = "case_ref"
    APPLICANT = "person_local_id"
    PATIENT = "nhs_pid"
    PUPIL = "upn"
    CHILD = "pers_person_id"
    CARE = "la_person_id"
    REGISTER = "app_ref"

    @property
    def source(self) -> str:
        """The source whose identity records make the attachment."""
        return _SOURCE[self]

    @property
    def number(self) -> str:
        """The column that stands in the key's place in the modelling zone."""
        return number_of(self.value)

    @property
    def table(self) -> str:
        """The table of which household it reaches when."""
        return f"reach_{self.name.lower()}"


_SOURCE = {
    Attach.ACCOUNT: "ctax",
    Attach.TENANCY: "rent",
    Attach.RENT_ACCOUNT: "rent",
    Attach.UC_CLAIM: "uc",
    Attach.HB_CLAIM: "shbe",
    Attach.CASE: "hclic",
    Attach.APPLICANT: "welfare",
    Attach.PATIENT: "gp",
    Attach.PUPIL: "school",
    Attach.CHILD: "cs",
    Attach.CARE: "asc",
    Attach.REGISTER: "hreg",
}


def number_of(key: str) -> str:
    """Name of the column that holds a number in a key's place."""
    return f"{key}_no"


@dataclass(frozen=True, kw_only=True)
class Crossed:
    """A delivered table that crosses.

    Attributes:
        table: Its name.
        keys: The identifiers that a number takes the place of; others stay behind.
        called: Identifiers that another table knows by another name, which the number is of.
    """

    table: str
    keys: tuple[str, ...]
    called: Mapping[str, str] = field(default_factory=dict)

    @property
    def numbered(self) -> Mapping[str, str]:
        """Each identifier, and the name of the key that its number is of."""
        return {key: self.called.get(key, key) for key in self.keys}

    @property
    def carried(self) -> tuple[Column, ...]:
        """The columns that cross as they are."""
        return tuple(c for c in DELIVERED[self.table].business if may_lie(c, Zone.MODELLING))

    @property
    def withheld(self) -> Mapping[str, tuple[str, ...]]:
        """Columns to the codes that stay behind, as their own class is not allowed to cross.

        Where the column may be empty it crosses empty; where it may not, its row stays behind.
        """
        found = {c.name: codes_withheld(c, Zone.MODELLING) for c in self.carried}
        return {name: codes for name, codes in found.items() if codes}

    @property
    def made(self) -> MadeTable:
        """The table as it lies in the modelling zone."""
        numbers = (
            column(number_of(name), Kind.INTEGER, "O", f"A number in place of `{key}`.")
            for key, name in self.numbered.items()
        )
        return MadeTable(
            name=self.table,
            says=f"Every version of a row of `{self.table}` that was known by the release month.",
            zone=Zone.MODELLING,
            columns=(*numbers, *self.carried, *KNOWN),
        )


def _of_child(table: str, key: str) -> Crossed:
    return Crossed(table=table, keys=(key,), called={key: Attach.CHILD})


CROSSED = (
    Crossed(table="area_lookup", keys=()),
    Crossed(table="ctax_account", keys=("account_ref",)),
    Crossed(table="ctax_cts", keys=("account_ref",)),
    Crossed(table="ctax_discount", keys=("account_ref",)),
    Crossed(table="ctax_recovery", keys=("account_ref", "recovery_id")),
    Crossed(table="rent_tenancy", keys=("tenancy_ref", "pay_ref")),
    Crossed(table="rent_balance", keys=("pay_ref",)),
    Crossed(table="rent_transaction", keys=("pay_ref",)),
    Crossed(table="rent_action", keys=("pay_ref",)),
    Crossed(table="rent_arrangement", keys=("pay_ref",)),
    Crossed(table="uc_award", keys=("uc_claim_hash",)),
    Crossed(table="uc_element", keys=("uc_claim_hash",)),
    Crossed(table="uc_deduction", keys=("uc_claim_hash",)),
    Crossed(table="shbe_claim", keys=("claim_ref",)),
    Crossed(table="hclic_case", keys=("case_ref",)),
    Crossed(table="hclic_duty", keys=("case_ref",)),
    Crossed(table="hclic_ta", keys=("case_ref",)),
    Crossed(table="welfare_award", keys=("person_local_id",)),
    Crossed(table="gp_patient", keys=("nhs_pid",)),
    Crossed(table="gp_condition", keys=("nhs_pid",)),
    Crossed(table="gp_medication", keys=("nhs_pid",)),
    Crossed(table="mh_referral", keys=("nhs_pid",)),
    Crossed(table="ae_attendance", keys=("nhs_pid", "att_id")),
    Crossed(table="gp_fit_note", keys=("nhs_pid",)),
    Crossed(table="gp_encounter", keys=("nhs_pid",)),
    Crossed(table="tt_referral", keys=("nhs_pid",)),
    Crossed(table="nhs111_call", keys=("nhs_pid",)),
    Crossed(table="emergency_admission", keys=("nhs_pid",)),
    Crossed(table="school_pupil", keys=("upn",)),
    Crossed(table="school_attendance", keys=("upn",)),
    Crossed(table="school_exclusion", keys=("upn",)),
    _of_child("cs_contact", "cont_person_id"),
    _of_child("cs_early_help", "earl_person_id"),
    _of_child("cs_cin", "cine_person_id"),
    Crossed(table="asc_cld_event", keys=("la_person_id",)),
    Crossed(table="hreg_application", keys=("app_ref",)),
)

_REACHES = tuple(
    MadeTable(
        name=attach.table,
        says=f"One row for each household that a `{attach}` reaches at a month end.",
        zone=Zone.MODELLING,
        columns=(
            HOUSEHOLD,
            SNAPSHOT,
            column("key", Kind.INTEGER, "O", f"The number in place of `{attach}`."),
            *KNOWN,
        ),
    )
    for attach in Attach
)

TABLES = (*(crossed.made for crossed in CROSSED), *_REACHES)
