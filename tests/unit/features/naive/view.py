"""Every feature again, one household and one snapshot at a time, in plain Python.

Written from the meaning of each feature, with real dates instead of month numbers, so that the two
ways of counting can only agree where both are right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import cached_property
from typing import Any

from contracts.months import add_months
from contracts.tables import TABLES
from tests.unit.features.handmade import Handmade

Row = dict[str, Any]
Number = float | None


def in_last(day: date | None, snapshot: date, months: int) -> bool:
    """Whether a day lies in the last months up to a snapshot."""
    return day is not None and add_months(snapshot, -months) < day <= snapshot


def whole(day: date | datetime | None) -> date | None:
    return day.date() if isinstance(day, datetime) else day


class View:
    """One household at one snapshot, as it was known then or on a later day."""

    def __init__(
        self, made: Handmade, household: int, snapshot: date, *, known: date | None = None
    ) -> None:
        self.made, self.household, self.t = made, household, snapshot
        self.known_on = known or snapshot
        self.people = {
            row["person_id"]
            for row in made.month["household_member"]
            if row["household_id"] == household and row["snapshot_date"] == snapshot
        }
        self.here = next(
            row
            for row in made.month["household_snapshot"]
            if row["household_id"] == household and row["snapshot_date"] == snapshot
        )
        self.before = [
            row
            for row in made.month["household_snapshot"]
            if row["household_id"] == household and row["snapshot_date"] < snapshot
        ]
        self._versions: dict[str, list[Row]] = {}
        self._known: dict[str, list[Row]] = {}
        self._keys: dict[str, set[str]] = {}
        self._rows: dict[tuple[str, str], list[Row]] = {}

    @cached_property
    def neighbours(self) -> list[View]:
        """The other households of the area at the same month end."""
        return [
            View(self.made, row["household_id"], self.t, known=self.known_on)
            for row in self.made.month["household_snapshot"]
            if row["snapshot_date"] == self.t
            and row["lsoa21"] == self.here["lsoa21"]
            and row["household_id"] != self.household
        ]

    def versions(self, table: str) -> list[Row]:
        """Every version recorded by then, in the order in which they were learnt."""
        if table not in self._versions:
            rows = [r for r in self.made.raw.get(table, []) if r["recorded_date"] <= self.known_on]
            rows.sort(
                key=lambda r: (
                    r["recorded_date"],
                    r["extract_date"],
                    r["row_number"],
                    r["delivery_id"],
                )
            )
            self._versions[table] = rows
        return self._versions[table]

    def known(self, table: str) -> list[Row]:
        if table not in self._known:
            latest: dict[tuple[Any, ...], Row] = {}
            for row in self.versions(table):
                latest[tuple(row[name] for name in TABLES[table].key)] = row
            self._known[table] = list(latest.values())
        return self._known[table]

    def keys(self, attach: str) -> set[str]:
        if attach not in self._keys:
            self._keys[attach] = self._found(attach)
        return self._keys[attach]

    def _found(self, attach: str) -> set[str]:
        if attach == "nhs_pid":
            return self._patients()
        if attach == "pay_ref":
            tenancies = self.keys("tenancy_ref")
            return {
                row["pay_ref"]
                for row in self.known("rent_tenancy")
                if row["tenancy_ref"] in tenancies and row["tenure"] != "GARAGE"
            }
        source, table, names, role, roles = _ATTACH[attach]
        linked = {
            row["local_id"]
            for row in self.made.month["person_link"]
            if row["source"] == source and row["person_id"] in self.people
        }
        return {
            row[attach]
            for row in self.known(table)
            if "|".join(str(row[name]) for name in names) in linked
            and (role is None or row[role] in roles)
        }

    def _patients(self) -> set[str]:
        shared = [
            row
            for row in self.made.month["household_snapshot"]
            if row["snapshot_date"] == self.t and row["uprn_key"] == self.here["uprn_key"]
        ]
        if self.here["uprn_key"] is None or len(shared) != 1:
            return set()
        if self.here["hh_kind"] != "HOUSEHOLD":
            return set()
        homes = {
            row["puprn"]
            for row in self.made.month["dwelling"]
            if row["uprn_key"] == self.here["uprn_key"] and row["puprn"] is not None
        }
        return {
            row["nhs_pid"]
            for row in self.known("gp_patient")
            if row["puprn"] in homes
            and row["practice_dsa_in_place"]
            and row["reg_start"] <= self.t
            and (row["reg_end"] is None or row["reg_end"] > self.t)
        }

    def rows(self, table: str, attach: str) -> list[Row]:
        """Known rows of a table that reach the household by a key."""
        if (table, attach) not in self._rows:
            keys, column = self.keys(attach), _CALLED.get(table, attach)
            self._rows[table, attach] = [r for r in self.known(table) if r[column] in keys]
        return self._rows[table, attach]

    def live(self, row: Row, start: str, end: str) -> bool:
        return row[start] <= self.t and (row[end] is None or row[end] > self.t)

    def last(self, row: Row, name: str, months: int) -> bool:
        return in_last(whole(row[name]), self.t, months)

    def days(self, day: date | datetime) -> int:
        found = whole(day)
        assert found is not None
        return (self.t - found).days

    # -- whom a source can speak of ---------------------------------------------------------------

    def ended_long_ago(self, end: date | None) -> bool:
        return end is not None and end <= add_months(self.t, -12)

    def ctax(self) -> bool:
        return any(
            row["liability_start"] <= self.t and not self.ended_long_ago(row["liability_end"])
            for row in self.rows("ctax_account", "account_ref")
        )

    def rent(self) -> bool:
        return any(
            row["tenure"] != "GARAGE"
            and row["start_date"] <= self.t
            and not self.ended_long_ago(row["end_date"])
            for row in self.rows("rent_tenancy", "tenancy_ref")
        )

    def uc(self) -> bool:
        return any(self.last(row, "ap_end", 12) for row in self.rows("uc_award", "uc_claim_hash"))

    def claims_now(self) -> list[Row]:
        newest: dict[str, Row] = {}
        for row in self.rows("shbe_claim", "claim_ref"):
            if row["scan_date"] > self.t:
                continue
            have = newest.get(row["claim_ref"])
            if have is None or row["scan_date"] > have["scan_date"]:
                newest[row["claim_ref"]] = row
        return list(newest.values())

    def shbe(self) -> bool:
        return any(
            row["award_start"] <= self.t and not self.ended_long_ago(row["award_end"])
            for row in self.claims_now()
        )

    def school(self) -> bool:
        return any(self.last(row, "census_date", 12) for row in self.rows("school_pupil", "upn"))

    def health(self) -> bool:
        return bool(self.keys("nhs_pid"))


_ATTACH: dict[str, tuple[str, str, tuple[str, ...], str | None, tuple[str, ...]]] = {
    "account_ref": (
        "ctax",
        "ctax_party",
        ("account_ref", "party_ref"),
        "role",
        ("lead", "liable"),
    ),
    "tenancy_ref": (
        "rent",
        "rent_person",
        ("tenancy_ref", "person_local_id"),
        "role",
        ("TENANT", "JOINT"),
    ),
    "uc_claim_hash": (
        "uc",
        "uc_member",
        ("uc_claim_hash", "member_seq"),
        "role",
        ("CLAIMANT", "PARTNER"),
    ),
    "claim_ref": (
        "shbe",
        "shbe_member",
        ("claim_ref", "member_seq"),
        "role",
        ("CLAIMANT", "PARTNER"),
    ),
    "case_ref": (
        "hclic",
        "hclic_person",
        ("case_ref", "person_seq"),
        "relationship_to_applicant",
        ("APPLICANT", "PARTNER"),
    ),
    "person_local_id": ("welfare", "welfare_applicant", ("person_local_id",), None, ()),
    "upn": ("school", "school_pupil", ("upn",), None, ()),
    "pers_person_id": ("cs", "cs_person", ("pers_person_id",), None, ()),
    "la_person_id": ("asc", "asc_person", ("la_person_id",), None, ()),
    "app_ref": (
        "hreg",
        "hreg_member",
        ("app_ref", "member_id"),
        "relationship",
        ("APPLICANT", "PARTNER"),
    ),
}

# The column of a table that holds a child's key.
_CALLED = {
    "cs_contact": "cont_person_id",
    "cs_early_help": "earl_person_id",
    "cs_cin": "cine_person_id",
}

ORACLE: dict[str, Callable[[View], Number]] = {}


def unless(covered: Callable[[View], bool], value: Callable[[View], Number]) -> Callable[..., Any]:
    return lambda v: value(v) if covered(v) else None


def count(
    name: str,
    months: int,
    where: Callable[[Row], bool],
    *,
    table: str,
    attach: str,
    dated: str,
    covered: Callable[[View], bool] = lambda v: True,
) -> None:
    def value(v: View) -> Number:
        rows = v.rows(table, attach)
        return float(sum(1 for row in rows if v.last(row, dated, months) and where(row)))

    ORACLE[name] = unless(covered, value)


def since(
    name: str,
    where: Callable[[Row], bool],
    months: int,
    *,
    table: str,
    attach: str,
    dated: str,
    covered: Callable[[View], bool] = lambda v: True,
) -> None:
    def value(v: View) -> Number:
        rows = v.rows(table, attach)
        days = [v.days(r[dated]) for r in rows if v.last(r, dated, months) and where(r)]
        return float(min(days)) if days else None

    ORACLE[name] = unless(covered, value)


def yes_no(
    name: str, value: Callable[[View], bool], covered: Callable[[View], bool] = lambda v: True
) -> None:
    ORACLE[name] = unless(covered, lambda v: 1.0 if value(v) else 0.0)


def by_key(rows: Iterable[Row], key: str) -> list[list[Row]]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row[key], []).append(row)
    return list(groups.values())


def largest(values: Iterable[Number]) -> Number:
    known = [value for value in values if value is not None]
    return float(max(known)) if known else None


def total(values: Iterable[Number]) -> Number:
    known = [value for value in values if value is not None]
    return float(sum(known)) if known else None
