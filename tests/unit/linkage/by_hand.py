"""Households of people whose records are linked by hand, so that only households are tested."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

import polars as pl

from contracts.months import month_ends
from contracts.place import Place
from linkage.households import HouseholdReport, build_households
from tests.unit.linkage.hand_made import MONTH, PLACE, HandMade, day

_KEPT_FRESH = {
    "ctax_recovery": {"recovery_id": "", "stage_date": None},
    "rent_balance": {"pay_ref": "fresh", "balance_date": None},
    "hclic_duty": {"case_ref": "", "start_date": None},
    "elector": {"elector_no": "", "added_date": None},
}


class ByHand(HandMade):
    """Raw tables, and people who are given by name.

    A record is written ``source:local id``.
    """

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[str, tuple[int, int | None, str | None, list[str]]] = {}

    def who(self, name: str, born: int | None, *records: str, surname: str | None = None) -> Self:
        """A person with a month of birth such as 198502."""
        number = 100 + len(self.known)
        self.known[name] = (number, born, surname or name, list(records))
        return self

    def school(self, upn: str, uprn: int, *census: str) -> Self:
        for when in census:
            self.add(
                "school_pupil", when, upn=upn, census_date=day(when), home_uprn=uprn, postcode="x"
            )
        return self

    def case(self, ref: str, approach: str, *roles: str, **values: Any) -> Self:
        """A homelessness case with one person for each role."""
        known = values.pop("known", approach)
        self.add("hclic_case", known, case_ref=ref, approach_date=day(approach), **values)
        for seq, role in enumerate(roles, start=1):
            self.add(
                "hclic_person",
                known,
                case_ref=ref,
                person_seq=seq,
                relationship_to_applicant=role,
            )
        return self

    def placed(
        self, ref: str, start: str, uprn: int | None, end: str | None = None, **ta: Any
    ) -> Self:
        ta = {"ta_type": "PSL", "placement_seq": 1, **ta}
        return self.add(
            "hclic_ta",
            end or start,
            case_ref=ref,
            placement_uprn=uprn,
            start_date=day(start),
            end_date=day(end) if end else None,
            **ta,
        )

    def fresh(self, last: date) -> None:
        """The systems go on recording other people's affairs in every month."""
        for when in month_ends(date(2025, 9, 1), last):
            for table, columns in _KEPT_FRESH.items():
                values = {
                    name: when if value is None else value or str(when)
                    for name, value in columns.items()
                }
                self.add(table, str(when), **values)

    def build(self, month: date = MONTH, place: Place = PLACE) -> HouseholdReport:
        schema = f"m{month:%Y_%m}"
        self.con.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        links, people, names = [], [], []
        for number, born, surname, records in self.known.values():
            people.append((number, born))
            names.append((number, surname))
            for record in records:
                source, local_id = record.split(":", 1)
                links.append((source, local_id, number))
        self._table(schema, "person_link", links, ("source", "local_id", "person_id"))
        self._table(schema, "person", people, ("person_id", "birth_ym"))
        self._table(schema, "person_identity", names, ("person_id", "last_name"))
        self.con.execute(
            f"CREATE OR REPLACE TABLE {schema}.person_protected AS SELECT person_id, "
            "NULL::VARCHAR AS ethnic_group, NULL::VARCHAR AS sex, NULL::VARCHAR AS disability "
            f"FROM {schema}.person"
        )
        return build_households(
            self.con, place=place, month=month, pseudonym_key=b"key", id_key=b"id"
        )

    def _table(self, schema: str, name: str, rows: list[Any], columns: tuple[str, ...]) -> None:
        kinds = {c: pl.Int64 if c in ("person_id", "birth_ym") else pl.String for c in columns}
        frame = pl.DataFrame(rows, schema=kinds, orient="row")
        self.con.register("hand", frame.to_arrow())
        self.con.execute(f"CREATE OR REPLACE TABLE {schema}.{name} AS SELECT * FROM hand")
        self.con.unregister("hand")

    # ---- reading --------------------------------------------------------------------------------

    def rows(self, table: str, month: date = MONTH) -> pl.DataFrame:
        found: pl.DataFrame = self.con.sql(f"SELECT * FROM m{month:%Y_%m}.{table}").pl()
        return found

    def of(self, name: str, when: str = "2026-10-31") -> dict[str, Any] | None:
        """The household of a person at a month end."""
        number = self.known[name][0]
        found = self.con.sql(
            f"""SELECT s.* FROM m2026_10.household_snapshot s
                JOIN m2026_10.household_member m USING (household_id, snapshot_date)
                WHERE m.person_id = {number} AND snapshot_date = DATE '{when}'
                AND m.share = 'main'"""
        ).pl()
        return found.to_dicts()[0] if found.height else None

    def households(self, when: str = "2026-10-31") -> set[frozenset[str]]:
        """Who is together, by name."""
        names = {number: name for name, (number, *_) in self.known.items()}
        members = self.rows("household_member").filter(
            (pl.col("snapshot_date") == day(when)) & (pl.col("share") == "main")
        )
        groups: dict[int, set[str]] = {}
        for household, person in members.select("household_id", "person_id").iter_rows():
            groups.setdefault(household, set()).add(names[person])
        return {frozenset(group) for group in groups.values()}

    def events(self) -> list[tuple[str, str]]:
        found = self.rows("household_event").sort("event_date", "event")
        return [(str(when), event) for when, event in found.select("event_date", "event").rows()]


def street(*uprns: int) -> ByHand:
    """Homes in one area."""
    place = ByHand()
    place.area()
    for uprn in uprns or range(101, 106):
        place.home(uprn)
    return place
