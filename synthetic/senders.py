"""Who sends what: one council, or districts each for their own homes until they become one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
import polars as pl

from contracts.columns import Table
from contracts.holders import Holder, local_ids
from contracts.place import Place
from synthetic.issuing import Issuer
from synthetic.records.base import Context, frame, keyed_hashes, references, stay_on
from synthetic.records.claims import uc_claims
from synthetic.records.ctax import accounts
from synthetic.records.hclic import cases
from synthetic.records.rent import tenancies
from synthetic.streams import Ints, Strings

CROSSWALK = "id_crosswalk"
_ANCHORS = ("account_ref", "tenancy_ref", "pay_ref", "case_ref", "uc_claim_hash", "claim_ref")
_HOMES = ("uprn", "current_uprn")


@dataclass
class Senders:
    """Splits each table between the controllers that the place's settings name.

    A row belongs to the district in which its account, tenancy, case or claim lies. A controller of
    a source that is neither a district nor a feed takes over from them in the month in which they
    merge; it issues numbers of its own, and says in a crosswalk which took the place of which.

    Attributes:
        context: The world and what was noted of it.
        place: Whose controllers to use.
        at_once: Whether everything comes in one delivery, the last month in it.
    """

    context: Context
    place: Place
    at_once: bool = False
    _districts: dict[str, pl.DataFrame] = field(default_factory=dict)
    _former: dict[tuple[str, str, str], list[pl.Series]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if any(len(source.holders) > 1 for source in self.place.sources.values()):
            self._districts = _by_district(self.context)

    @property
    def uc_second_from(self) -> date | None:
        """First day on which the Universal Credit share comes in its second version."""
        month = self.context.switches.uc_version_2_from
        if month <= 0:
            return None
        day = int(self.context.months[min(month, len(self.context.months) - 1)])
        return date(1970, 1, 1) + timedelta(day)

    @property
    def merges_on(self) -> int | None:
        """First day of the merged council, None where there is none in these months."""
        month, months = self.context.world.kind.merges_in_month, self.context.months
        if not self._districts or month is None or month >= len(months) - 1:
            return None
        return int(months[month])

    def successor(self, source: str) -> str | None:
        """Code of the controller that takes over a source, if one does."""
        known = {code for d in self.context.world.kind.districts for code in (d.code, d.uc_feed)}
        new = [code for code in self.place.sources[source].holders if code not in known]
        return new[0] if new and self.merges_on is not None else None

    def issuer(self, holder: str) -> Issuer:
        """The numbers of one holder."""
        return Issuer(seed=self.context.streams.seed, holder=holder)

    def split(self, table: Table, rows: pl.DataFrame) -> Iterator[tuple[Holder, pl.DataFrame]]:
        """Each controller's rows of a table, with the numbers that it issued."""
        holders = self.place.sources[table.source].holders
        if len(holders) == 1:
            (holder,) = holders.values()
            yield holder, self.issuer(holder.code).frame(table, rows)
            return
        code, new = self._codes(table, rows), self.successor(table.source)
        for name, holder in holders.items():
            mine = rows.filter(code == name)
            if new is not None and name != new:
                self._note_former(table, name, mine)
            yield holder, self.issuer(name).frame(table, mine)

    def _codes(self, table: Table, rows: pl.DataFrame) -> pl.Series:
        """Code of the controller that sends each row."""
        new = self.successor(table.source)
        here = self._sender(table.source, self._district_of(table, rows))
        if new is None:
            return here
        later = rows["recorded_date"].cast(pl.Int32) >= int(self.merges_on or 0)
        return pl.select(pl.when(later).then(pl.lit(new)).otherwise(here)).to_series()

    def _sender(self, source: str, district: pl.Series) -> pl.Series:
        holders, districts = self.place.sources[source].holders, self.context.world.kind.districts
        codes = [d.code if d.code in holders else d.uc_feed for d in districts]
        return district.replace_strict(list(range(len(codes))), codes, return_dtype=pl.String)

    def _district_of(self, table: Table, rows: pl.DataFrame) -> pl.Series:
        """District of each row, by the reference that ties it to a home; the first where none."""
        for name in (*_ANCHORS, *_HOMES):
            key = f"{table.source}.{name}" if name in _ANCHORS else "uprn"
            if name in table.names and key in self._districts:
                known = self._districts[key]
                found = rows[name].replace_strict(known["ref"], known["district"], default=0)
                return found.fill_null(0)
        return pl.Series(np.zeros(rows.height, dtype=np.int64))

    def _note_former(self, table: Table, holder: str, rows: pl.DataFrame) -> None:
        for name in sorted(local_ids(table.source) & set(table.names)):
            self._former.setdefault((table.source, name, holder), []).append(rows[name])

    def crosswalk(self) -> pl.DataFrame:
        """Every number that a former district had issued, beside the one that replaced it."""
        parts = []
        for (source, name, holder), columns in self._former.items():
            inside = pl.concat(columns).drop_nulls().unique().sort()
            new = self.successor(source) or ""
            old = self.issuer(holder).issued(inside.to_list())
            count = len(inside)
            rows = {
                "of_source": [source] * count,
                "of_column": [name] * count,
                "old_controller": [holder] * count,
                "old_id": old,
                "new_controller": [new] * count,
                "new_id": self.issuer(new).issued(inside.to_list()),
                "changed_on": np.full(count, self.merges_on or 0),
            }
            parts.append(frame(CROSSWALK, rows, np.full(count, self.merges_on or 0)))
        return pl.concat(parts) if parts else frame(CROSSWALK, {}, np.zeros(0, dtype=np.int64))

    def links(self, links: pl.DataFrame) -> pl.DataFrame:
        """Truth of every identity record, by the local ids that the pipeline ends up with."""
        parts = []
        for (source,), rows in links.group_by("source", maintain_order=True):
            name = str(source)
            holders = self.place.sources[name].holders if name in self.place.sources else {}
            alone = pl.Series([""] * rows.height)
            codes = self._last_codes(name, rows) if len(holders) > 1 else alone
            for code in codes.unique().sort().to_list():
                mine = rows.filter(codes == code)
                prefix = holders[code].prefix if code in holders else ""
                local = self.issuer(code).local_ids(mine["local_id"], prefix)
                parts.append(mine.with_columns(local.alias("local_id")))
        return pl.concat(parts).sort("source", "local_id")

    def _last_codes(self, source: str, rows: pl.DataFrame) -> pl.Series:
        new = self.successor(source)
        if new is not None:
            return pl.Series([new] * rows.height)
        first = rows["local_id"].str.split("|").list.first()
        district = pl.Series(np.zeros(rows.height, dtype=np.int64))
        for name in _ANCHORS:
            if f"{source}.{name}" in self._districts:
                known = self._districts[f"{source}.{name}"]
                found = first.replace_strict(known["ref"], known["district"], default=None)
                district = found.fill_null(district)
        return self._sender(source, district)


def _by_district(context: Context) -> dict[str, pl.DataFrame]:
    """District of everything that ties a row to a home: references by source, and UPRNs."""
    world, spells = context.world, context.spells
    of_area = np.zeros(int(world.areas.neighbourhood.max()) + 1, dtype=np.int64)
    for index, district in enumerate(world.kind.districts):
        inside = [number for number in district.neighbourhoods if number < len(of_area)]
        of_area[inside] = index
    of_home = of_area[world.areas.neighbourhood[world.dwellings.area]]
    book, rents, files, claims = (
        accounts(context),
        tenancies(context),
        cases(context),
        uc_claims(context),
    )

    def at(household: Ints, day: Ints) -> Ints:
        stay = stay_on(spells, household, day)
        area = of_area[world.areas.neighbourhood[world.households.area[household]]]
        return np.where(stay >= 0, of_home[spells.dwelling[np.maximum(stay, 0)]], area)

    tax = [book.reference, references("CU", book.number, 8)]
    homes = of_home[rents.dwelling]
    stays = np.arange(len(spells.household))
    claim_day = np.maximum(claims.starts + 1, context.first_day)
    return {
        "ctax.account_ref": _known(np.concatenate(tax), np.tile(of_home[book.dwelling], 2)),
        "rent.tenancy_ref": _both(rents.tenancy_ref, references("TG", rents.number, 7), homes),
        "rent.pay_ref": _both(rents.pay_ref, references("PG", rents.number, 7), homes),
        "hclic.case_ref": _known(files.reference, at(files.household, files.approach)),
        "shbe.claim_ref": _known(references("HB", stays, 7), of_home[spells.dwelling]),
        "uc.uc_claim_hash": _known(
            keyed_hashes(context.key, "uc", claims.number), at(claims.household, claim_day)
        ),
        "uprn": _known(world.dwellings.uprn, of_home),
    }


def _both(first: Strings, second: Strings, district: Ints) -> pl.DataFrame:
    return _known(np.concatenate([first, second]), np.tile(district, 2))


def _known(refs: Strings | Ints, district: Ints) -> pl.DataFrame:
    table = pl.DataFrame({"ref": pl.Series(refs.tolist()), "district": district})
    return table.unique("ref", keep="first", maintain_order=True)
