"""Invented vendors: what each calls the columns of a table, and how it writes dates and yes or no.

The names were written down before `afloat map` was tried on them. `civic`, `ledger` and `plain`
were looked at while its words were chosen; `harbour` and `terse` were not.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from contracts.columns import Column, Kind
from contracts.tables import TABLES
from linkage.mapping import draft_toml, look_at

EXTRA = ("Office", "Officer initials", "Batch")
"""Columns that every vendor adds, of which nothing is declared."""


@dataclass(frozen=True, kw_only=True)
class Vendor:
    """How one vendor writes files; names are in the order of the declaration, then the system's.

    ``codes``: ``ours``, ``words`` (what they mean), ``letters`` (the first three) or ``numbers``.
    """

    date: str
    yes: str
    no: str
    delimiter: str
    codes: str
    system: str
    tables: Mapping[str, str]


VENDORS: Mapping[str, Vendor] = {
    "civic": Vendor(
        date="%d/%m/%Y", yes="Y", no="N", delimiter=",", codes="ours",
        system="SOURCE_SYS|EXTRACT_DT|CREATED_DT|RECORD_HASH",
        tables={
            "ctax_account": "ACCOUNT_NO|PROP_REF|UPRN|OCC_DATE|VAC_DATE|VAL_BAND|ANNUAL_CHARGE"
            "|PAY_METHOD|BREATHING_SPACE_TO",
            "ctax_party": "ACCOUNT_NO|PARTY_REF|PARTY_SEQ|PARTY_ROLE|LIAB_TYPE|FULL_NAME|DOB"
            "|NINO_HASHED|TEL_HASH",
            "rent_tenancy": "TEN_REF|RENT_ACC_NO|UPRN|LANDLORD|TENURE_TYPE|TEN_START_DT"
            "|TEN_END_DT|TERM_REASON|NET_RENT|RENT_WKS|BEDS|UC_APA_IND",
            "rent_person": "TEN_REF|PERSON_ID|TITLE|FORENAME|SURNAME|DOB|PERSON_ROLE|NINO_HASH"
            "|PHONE_HASH|ETHNIC_ORIGIN|GENDER|DISAB_IND",
            "llpg_lpi": "LPI_KEY|UPRN|LOGICAL_STATUS|SAO_TEXT|PAO_TEXT|STREET_DESCRIPTOR"
            "|LOCALITY_NAME|TOWN_NAME|POSTCODE|START_DATE|END_DATE",
            "hclic_case": "CASE_NO|APPROACH_DT|ASSESS_DT|ASSESS_DECISION|LOSS_REASON|SAFETY_IND"
            "|LAST_SETTLED_UPRN|CLOSED_DT",
        },
    ),
    "ledger": Vendor(
        date="%d-%b-%Y", yes="1", no="0", delimiter="|", codes="letters",
        system="src_sys|snapshot_dt|audit_dt|chksum",
        tables={
            "ctax_account": "ct_acc_ref|ct_prop_ref|uprn|liab_start_dt|liab_end_dt|ct_band"
            "|annual_chg|paym_meth|brth_space_dt",
            "ctax_recovery": "recov_id|ct_acc_ref|tax_yr|recov_stage|recov_dt|debt_amt",
            "rent_tenancy": "tncy_ref|rent_pay_ref|prop_uprn|lndlrd|tenure_cd|commence_dt|term_dt"
            "|term_rsn|wkly_net_rent|chg_weeks|no_beds|uc_direct_ind",
            "rent_balance": "rent_pay_ref|bal_dt|arrears_bal|wks_owing",
            "uc_award": "claim_hash|notif_type|period_start|period_end|couple_ind|no_children"
            "|std_allow|net_earn|tot_deductions|sanction_amt|net_award|uprn|pcode",
            "hclic_person": "case_ref_no|person_no|fname|sname|birth_dt|gender|eth_grp|ni_hash"
            "|tel_hash|rel_to_app",
        },
    ),
    "plain": Vendor(
        date="%d %b %Y", yes="Yes", no="No", delimiter=";", codes="words",
        system="System|Extract date|Date recorded|Hash",
        tables={
            "ctax_account": "Account reference|Property reference|UPRN|Liable from|Liable to|Band"
            "|Annual charge|Payment method|Breathing space until",
            "rent_person": "Tenancy reference|Person number|Title|First name|Last name"
            "|Date of birth|Role|National insurance hash|Telephone hash|Ethnic group|Sex"
            "|Disabled?",
            "gp_patient": "Patient pseudonym|Practice code|Registration start|Registration end"
            "|Year of birth|Month of birth|Sex|Ethnicity 16|Address pseudonym"
            "|Practice agreement in place",
            "welfare_award": "Award number|Person ID|UPRN|Scheme|Route|Date applied|Date decided"
            "|Decision|Need|Amount awarded",
            "llpg_blpu": "UPRN|Parent UPRN|Logical status|BLPU class|Postal address code|LSOA"
            "|Ward|Start date|End date",
            "ae_attendance": "Attendance ID|Patient pseudonym|Arrival date and time"
            "|Department type|Attendance category|Diagnosis group",
        },
    ),
    "harbour": Vendor(
        date="%d.%m.%Y", yes="T", no="F", delimiter="\t", codes="words",
        system="OriginSystem|RunDate|LastUpdated|RowChecksum",
        tables={
            "ctax_account": "AccountNumber|PropertyKey|AddressUprn|OccupiedFrom|VacatedOn"
            "|CouncilTaxBand|YearlyCharge|PaymentType|MoratoriumEnd",
            "ctax_cts": "ClaimNumber|AccountNumber|ClaimGroup|WeeklyAward|AwardStart|AwardEnd"
            "|EndReason",
            "rent_tenancy": "TenancyNumber|RentAccount|Uprn|LandlordName|TenancyType|StartDate"
            "|TerminationDate|TerminationReason|NetWeeklyRent|RentWeeks|BedroomCount"
            "|UcPaidToLandlord",
            "rent_person": "TenancyNumber|CustomerId|Salutation|GivenName|FamilyName|BirthDate"
            "|TenantRole|NinoHash|MobileHash|Ethnicity|Gender|HasDisability",
            "hclic_case": "CaseId|DateOfApproach|DateAssessed|AssessmentOutcome|ReasonForLoss"
            "|SafetyFlag|LastSettledAddressUprn|DateClosed",
            "shbe_claim": "ClaimNumber|ScanDate|ClaimType|TenancyType|EligibleRent"
            "|WeeklyHousingBenefit|OverpaymentRecovery|AwardStart|AwardEnd|Uprn|Postcode",
        },
    ),
    "terse": Vendor(
        date="%Y%m%d", yes="Y", no="N", delimiter=",", codes="numbers",
        system="sys|xtr_dt|rec_dt|hsh",
        tables={
            "ctax_party": "acno|ptyno|posn|rol|ltyp|nam|dob|ninoh|telh",
            "rent_balance": "payref|baldt|bal|wks",
            "rent_tenancy": "tenref|payref|uprn|llord|tentyp|stdt|endt|endrsn|netrent|rwks|beds"
            "|ucdir",
            "uc_award": "clmhash|ntype|apstart|apend|cpl|chn|stdall|earn|dedtot|sanc|net|uprn|pc",
            "hclic_person": "caseref|pseq|fnam|lnam|dob|sex|eth|ninoh|telh|relapp",
            "welfare_award": "awdid|persid|uprn|schm|rte|appdt|decdt|decn|need|amt",
        },
    ),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Tried:
    """What came of one file: columns of the declaration, those mapped right, those mapped wrong."""

    vendor: str
    table: str
    taken_for: str
    columns: int
    right: int
    wrong: tuple[str, ...]
    path: Path
    draft: str


def native_files(landing: Path, folder: Path) -> dict[str, Path]:
    """The first delivery of each table of an invented place, under the declared names."""
    found = {}
    for table in TABLES:
        deliveries = sorted(landing.glob(f"{table}-*/{table}.csv"))
        if deliveries:
            found[table] = folder / f"{table}.csv"
            head, rest = deliveries[0].read_text(encoding="utf-8").split("\n", 1)
            ours = ",".join(TABLES[table].names)
            if len(head.split(",")) != len(TABLES[table].names):
                raise AssertionError(f"{table} is not as declared")
            found[table].write_text(f"{ours}\n{rest}", encoding="utf-8")
    return found


def vendor_file(vendor: Vendor, table: str, native: Path, target: Path) -> dict[str, str]:
    """Write a vendor's file from one as declared; returns declared name to the vendor's.

    Its columns are in the order of its own names, with three that nobody declared.
    """
    declared = TABLES[table]
    theirs = [*vendor.tables[table].split("|"), *vendor.system.split("|")]
    names = dict(zip(declared.names, theirs, strict=True))
    with native.open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    with target.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=vendor.delimiter)
        order = sorted(names, key=lambda name: names[name].lower()[::-1])
        writer.writerow([*EXTRA, *(names[name] for name in order)])
        for number, row in enumerate(rows):
            values = [_written(vendor, declared[name], row[name]) for name in order]
            writer.writerow([number % 9, "JS" if number % 2 else "MKP", f"B{number}", *values])
    return names


def _written(vendor: Vendor, column: Column, text: str) -> str:
    kind = column.kind
    if column.codes and text in column.codes and vendor.codes != "ours":
        at = list(column.codes).index(text)
        said = {"words": column.codes[text].title(), "letters": text[:3], "numbers": f"{at + 1}"}
        return said[vendor.codes]
    from datetime import date

    if kind is Kind.DATE and text:
        return date.fromisoformat(text).strftime(vendor.date)
    if kind is Kind.BOOLEAN and text:
        return vendor.yes if text == "true" else vendor.no
    return text


def try_vendors(natives: Mapping[str, Path], folder: Path) -> Iterator[Tried]:
    """Write every vendor's files and have them mapped.

    Args:
        natives: Table to a CSV of it with declared names.
        folder: Where to write.
    """
    for vendor_name, vendor in VENDORS.items():
        for table in vendor.tables:
            path = folder / f"{vendor_name}-{table}.csv"
            names = vendor_file(vendor, table, natives[table], path)
            sample, proposal = look_at(path)
            found = {match.column: match.native for match in proposal.matches}
            same = proposal.table == table
            wrong = [f"{c}={n}" for c, n in found.items() if not same or names.get(c) != n]
            yield Tried(
                vendor=vendor_name,
                table=table,
                taken_for=proposal.table,
                columns=len(names),
                right=len(found) - len(wrong),
                wrong=tuple(wrong),
                path=path,
                draft=draft_toml(sample, proposal),
            )
