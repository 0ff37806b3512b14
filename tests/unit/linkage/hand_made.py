"""A few rows of the raw tables, written by hand."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

import duckdb
import polars as pl

from contracts.columns import Kind
from contracts.months import month_ends
from contracts.place import load_place
from contracts.tables import TABLES
from linkage.households import build_households
from linkage.ingest.schema import loaded_columns
from linkage.people import link_people

MONTH = date(2026, 10, 31)
_FILL = {
    Kind.TEXT: "x",
    Kind.INTEGER: 1,
    Kind.MONEY: 0,
    Kind.NUMBER: 0.0,
    Kind.DATE: date(2020, 1, 1),
    Kind.BOOLEAN: False,
    Kind.UPRN: 1,
}


def day(text: str) -> date:
    return date.fromisoformat(text)


class HandMade:
    """Raw tables in memory; every row is known from ``known`` on."""

    def __init__(self) -> None:
        self.con = duckdb.connect(config={"threads": 2})
        self.con.execute("CREATE SCHEMA raw")
        self._rows = 0
        for table in TABLES.values():
            types = loaded_columns(table)
            columns = ", ".join(f"{name} {kind}" for name, kind in types.items())
            self.con.execute(f"CREATE TABLE raw.{table.name} ({columns})")

    def add(self, table_name: str, known: str = "2022-01-01", **values: Any) -> Self:
        table = TABLES[table_name]
        self._rows += 1
        row = {
            "source_system": "test",
            "extract_date": day(known),
            "recorded_date": day(known),
            "row_hash": str(self._rows),
            "delivery_id": "d",
            "row_number": self._rows,
        }
        for column in table.business:
            if column.name in values:
                row[column.name] = values.pop(column.name)
            elif column.required and column.codes:
                row[column.name] = next(iter(column.codes))
            elif column.required:
                row[column.name] = _FILL.get(column.kind, "x")
            else:
                row[column.name] = None
        assert not values, f"{table_name} has no {sorted(values)}"
        names = ", ".join(row)
        marks = ", ".join("?" for _ in row)
        self.con.execute(
            f"INSERT INTO raw.{table_name} ({names}) VALUES ({marks})", [*row.values()]
        )
        return self

    # ---- short forms ----------------------------------------------------------------------------

    def home(self, uprn: int, postcode: str = "NM1 1AA", **blpu: Any) -> Self:
        known = blpu.pop("known", "2020-01-01")
        blpu = {"blpu_class": "RD04", "logical_status": "1", "lsoa21": "E01000001", **blpu}
        self.add("llpg_blpu", known, uprn=uprn, **blpu)
        return self.add(
            "llpg_lpi",
            known,
            lpi_key=f"L{uprn}",
            uprn=uprn,
            logical_status="1",
            paon=str(uprn % 1000),
            street="HIGH STREET",
            town="NORTHMERE",
            postcode=postcode,
        )

    def area(self) -> Self:
        return self.add(
            "area_lookup", "2020-01-01", lsoa21="E01000001", neighbourhood_code="N1", imd_decile=3
        )

    def account(
        self,
        ref: str,
        uprn: int | None,
        start: str,
        names: list[str],
        *,
        end: str | None = None,
        known: str | None = None,
        property_ref: str = "x",
        **party: Any,
    ) -> Self:
        known = known or start
        self.add(
            "ctax_account",
            known,
            account_ref=ref,
            property_ref=f"{property_ref}{uprn}" if property_ref == "x" else property_ref,
            uprn=uprn,
            liability_start=day(start),
            liability_end=day(end) if end else None,
        )
        for position, name in enumerate(names):
            self.add(
                "ctax_party",
                known,
                account_ref=ref,
                party_ref=f"{ref}p{position}",
                position=position,
                role="lead" if position == 0 else "liable",
                name_raw=name,
                **party,
            )
        return self

    def tenancy(
        self,
        ref: str,
        uprn: int,
        start: str,
        people: list[dict[str, Any]],
        end: str | None = None,
        **tenancy: Any,
    ) -> Self:
        values = {"landlord": "COUNCIL", "tenure": "SECURE", **tenancy}
        self.add(
            "rent_tenancy",
            start,
            tenancy_ref=ref,
            pay_ref=ref,
            uprn=uprn,
            start_date=day(start),
            end_date=day(end) if end else None,
            **values,
        )
        for number, person in enumerate(people):
            row = {
                "person_local_id": f"{ref}p{number}",
                "role": "TENANT" if not number else "JOINT",
            }
            self.add("rent_person", start, tenancy_ref=ref, **{**row, **person})
        return self

    def claim(
        self,
        ref: str,
        uprn: int | None,
        periods: list[tuple[str, str]],
        members: list[dict[str, Any]],
        postcode: str | None = None,
    ) -> Self:
        for start, end in periods:
            self.add(
                "uc_award",
                end,
                uc_claim_hash=ref,
                ap_start=day(start),
                ap_end=day(end),
                uprn=uprn,
                postcode=postcode,
                notice_type="CHANGE",
            )
        for seq, member in enumerate(members, start=1):
            row = {"role": "CLAIMANT" if seq == 1 else "CHILD"}
            self.add(
                "uc_member", periods[0][1], uc_claim_hash=ref, member_seq=seq, **{**row, **member}
            )
        return self

    def table(self, name: str) -> pl.DataFrame:
        return self.con.sql(f"SELECT * FROM m2026_10.{name}").pl()

    def people(self, source: str | None = None) -> dict[str, int]:
        """local_id to person_id."""
        links = self.table("person_link")
        if source:
            links = links.filter(pl.col("source") == source)
        return dict(
            links.select(pl.col("source") + ":" + pl.col("local_id"), "person_id").iter_rows()
        )


def person(
    first: str | None, last: str | None, dob: str | None = None, **more: Any
) -> dict[str, Any]:
    return {"first_name": first, "last_name": last, "dob": day(dob) if dob else None, **more}


_NORTHMERE = load_place("northmere")
PLACE = _NORTHMERE.model_copy(
    update={"windows": _NORTHMERE.windows.model_copy(update={"history_months": 12})}
)

MONTHLY = [(f"2026-{m:02d}-01", f"2026-{m:02d}-28") for m in range(1, 11)]
ANN = person("Ann", "Lowe", "1985-02-02", nino_hash="n1", sex="F")
BEN = person("Ben", "Hart", "1983-06-16", nino_hash="n2", sex="M")


def built(raw: HandMade) -> None:
    # The systems go on recording other people's affairs in every month.
    for month in month_ends(date(2025, 10, 1), MONTH):
        known, number = str(month), str(month)
        raw.add("ctax_recovery", known, recovery_id=number, stage_date=month)
        raw.add("rent_balance", known, pay_ref="fresh", balance_date=month, balance=0)
        raw.add("hclic_case", known, case_ref=number, approach_date=month)
    link_people(raw.con, place=PLACE, month=MONTH, seed=1, id_key=b"id")
    build_households(raw.con, place=PLACE, month=MONTH, pseudonym_key=b"key", id_key=b"id")


def at(raw: HandMade, when: str = "2026-10-31") -> pl.DataFrame:
    return raw.table("household_snapshot").filter(pl.col("snapshot_date") == day(when))


def together(raw: HandMade, when: str = "2026-10-31") -> set[frozenset[str]]:
    """Households as sets of records."""
    members = raw.table("household_member").filter(pl.col("snapshot_date") == day(when))
    links = (
        raw.table("person_link")
        .group_by("person_id")
        .agg((pl.col("source") + ":" + pl.col("local_id")).min().alias("record"))
    )
    groups = members.join(links, on="person_id").group_by("household_id").agg("record")
    return {frozenset(records) for records in groups["record"]}


def street() -> HandMade:
    """Five homes in one area."""
    place = HandMade().area()
    for uprn in range(101, 106):
        place.home(uprn)
    return place
