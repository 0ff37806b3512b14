"""What every record builder needs: who lived where on a day, keyed hashes, and typed frames."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from contracts.columns import Column, Kind
from contracts.tables import TABLES
from synthetic.events import Events
from synthetic.faultlog import FaultLog
from synthetic.paths import NONE
from synthetic.settings import Faults, Switches
from synthetic.stays import OPEN, Changes, Memberships, PersonStays, Spells
from synthetic.streams import Flags, Ints, Streams, Strings
from synthetic.world import World

NO_NUMBER = -1


@dataclass(frozen=True, kw_only=True)
class Context:
    """The finished world and the settings of its records.

    Attributes:
        world: What happened.
        spells: Stays in dwellings, by household and day.
        members: Stays in households, by household.
        changes: Separations, deaths of partners, new partners.
        faults: Shares of faults.
        key: The sender's key for pseudonyms.
        links: Truth of every identity record, filled by the builders.
        log: Truth of every fault and of what was planted, filled by the builders.
        happened: True events of the processes that only records need, filled by the builders.
    """

    world: World
    spells: Spells
    members: Memberships
    changes: Changes
    faults: Faults
    key: bytes
    links: list[pl.DataFrame] = field(default_factory=list)
    log: FaultLog = field(default_factory=FaultLog)
    happened: dict[str, Events] = field(default_factory=dict)

    @property
    def streams(self) -> Streams:
        """The place's random numbers."""
        return self.world.streams

    @property
    def switches(self) -> Switches:
        """The planted switches."""
        return self.world.switches

    @property
    def months(self) -> Ints:
        """First day of each month and of the one after the last."""
        return self.world.months

    @property
    def first_day(self) -> int:
        """First day of the simulated months."""
        return int(self.world.months[0])

    @property
    def last_day(self) -> int:
        """Last simulated day; nothing is recorded after it."""
        return self.world.last_day

    def link(self, source: str, local_id: list[str] | pl.Series, person: Ints) -> None:
        """Note for the sealed truth which person each record is about."""
        self.links.append(
            pl.DataFrame(
                {"local_id": pl.Series(local_id, dtype=pl.String), "person": person}
            ).with_columns(pl.lit(source).alias("source"))
        )


def lag(context: Context, name: str, median: float, sigma: float, *ids: Any) -> Ints:
    """Days from an event until its source system knew it, at least one."""
    usual = median * context.faults.late
    days = np.maximum(context.streams.lognormal_days(f"lag:{name}", usual, sigma, *ids), 1)
    context.log.late(name, days)
    return days


def present(members: Memberships, household: Ints, day: Ints) -> tuple[Ints, Ints]:
    """Everybody in each household on a day.

    Args:
        members: Memberships, sorted by household.
        household: Household of each row.
        day: Day of each row.

    Returns:
        Index of the row and of the membership, one pair for each member present.
    """
    low = np.searchsorted(members.household, household, side="left")
    high = np.searchsorted(members.household, household, side="right")
    row, member = expanded(low, high)
    there = (members.starts[member] <= day[row]) & (day[row] < members.ends[member])
    return row[there], member[there]


def expanded(low: Ints, high: Ints) -> tuple[Ints, Ints]:
    """Every index from ``low`` to ``high`` (exclusive) of each row, with the row's number."""
    count = np.maximum(high - low, 0)
    row = np.repeat(np.arange(len(low)), count)
    inside = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    return row, low[row] + inside


def stay_on(spells: Spells, household: Ints, day: Ints) -> Ints:
    """Index of the stay that each household is in on a day, -1 where it has none."""
    scale = 2**32
    key = spells.household * scale + spells.starts + scale // 2
    index = np.searchsorted(key, household * scale + day + scale // 2, side="right") - 1
    found = (index >= 0) & (spells.household[index] == household) & (day < spells.ends[index])
    return np.where(found, index, -1)


def sorted_members(members: Memberships) -> Memberships:
    """The memberships by household, then role, then person."""
    order = np.lexsort((members.person, members.role, members.household))
    return Memberships(
        person=members.person[order],
        household=members.household[order],
        role=members.role[order],
        starts=members.starts[order],
        ends=members.ends[order],
    )


def keyed_hashes(key: bytes, what: str, values: Ints) -> Strings:
    """A keyed hash of each value: the same in every source, meaningless without the key."""
    unique, inverse = np.unique(values, return_inverse=True)
    hashed = [
        hashlib.blake2b(f"{what}:{value}".encode(), key=key, digest_size=16).hexdigest()
        for value in unique.tolist()
    ]
    return np.array(hashed, dtype=object)[inverse]


def uprn_pseudonyms(key: bytes, uprn: Ints) -> Strings:
    """The sender's pseudonym of each UPRN: hex HMAC-SHA256 of its digits."""
    unique, inverse = np.unique(uprn, return_inverse=True)
    hashed = [
        hmac.new(key, str(value).encode(), hashlib.sha256).hexdigest() for value in unique.tolist()
    ]
    return np.array(hashed, dtype=object)[inverse]


def references(prefix: str, numbers: Ints, width: int = 7) -> Strings:
    """Reference numbers such as ``CT0000123``."""
    return np.array([f"{prefix}{number:0{width}d}" for number in numbers.tolist()], dtype=object)


def blanked(values: Any, blank: Flags) -> Strings:
    """The values with some of them taken away."""
    out = np.array(values, dtype=object)
    out[blank] = None
    return out


def frame(table: str, columns: Mapping[str, Any], recorded: Ints) -> pl.DataFrame:
    """A typed frame of a table's business columns and ``recorded_date``.

    Dates are days since 1970 with :data:`OPEN` or :data:`NONE` for none; integers and UPRNs have
    :data:`NO_NUMBER` for none; money has NaN; text has None. Columns not given are left empty.
    """
    declared = TABLES[table]
    unknown = set(columns) - {column.name for column in declared.business}
    if unknown:
        raise KeyError(f"{table} has no columns {sorted(unknown)}")
    height = len(recorded)
    series = [
        _series(column, columns[column.name])
        if column.name in columns
        else pl.Series(column.name, [None] * height, dtype=_carried(column))
        for column in declared.business
    ]
    series.append(pl.Series("recorded_date", recorded.astype(np.int32)).cast(pl.Date))
    return pl.DataFrame(series)


def _carried(column: Column) -> pl.DataType:
    return pl.Float64() if column.kind is Kind.MONEY else column.polars_type


def _series(column: Column, values: Any) -> pl.Series:
    name, kind = column.name, column.kind
    if kind is Kind.DATE:
        return _dates(name, np.asarray(values, dtype=np.int64))
    if kind in (Kind.INTEGER, Kind.UPRN):
        numbers = np.asarray(values, dtype=np.int64)
        none = numbers == NO_NUMBER if kind is Kind.UPRN else numbers < NO_NUMBER
        return _without(pl.Series(name, numbers), none)
    if kind in (Kind.MONEY, Kind.NUMBER):
        money = np.asarray(values, dtype=np.float64)
        return _without(pl.Series(name, np.round(money, 2)), np.isnan(money))
    if kind is Kind.TIMESTAMP:
        return pl.Series(name, np.asarray(values, dtype=np.int64)).cast(pl.Datetime("us"))
    if kind is Kind.BOOLEAN:
        return pl.Series(name, np.asarray(values, dtype=bool))
    texts = values if isinstance(values, pl.Series) else np.asarray(values, dtype=object).tolist()
    return pl.Series(name, texts, dtype=pl.String)


def _dates(name: str, days: Ints) -> pl.Series:
    none = (days >= OPEN) | (days <= NONE)
    return _without(pl.Series(name, np.where(none, 0, days).astype(np.int32)), none).cast(pl.Date)


def _without(series: pl.Series, none: Flags) -> pl.Series:
    if not none.any():
        return series
    return pl.select(
        pl.when(pl.Series(none)).then(None).otherwise(series).alias(series.name)
    ).to_series()


def text(*parts: Any) -> list[str]:
    """Local ids such as ``account|party``, joined by bars."""
    return ["|".join(map(str, row)) for row in zip(*parts, strict=True)]


def person_stays(context: Context) -> PersonStays:
    """Where each person truly lived, from day to day."""
    members, spells = context.members, context.spells
    low = np.searchsorted(spells.household, members.household, side="left")
    high = np.searchsorted(spells.household, members.household, side="right")
    row, spell = expanded(low, high)
    starts = np.maximum(members.starts[row], spells.starts[spell])
    ends = np.minimum(members.ends[row], spells.ends[spell])
    real = starts < ends
    row, spell, starts, ends = row[real], spell[real], starts[real], ends[real]
    order = np.lexsort((starts, members.person[row]))
    return PersonStays(
        person=members.person[row][order],
        household=members.household[row][order],
        dwelling=spells.dwelling[spell][order],
        starts=starts[order],
        ends=ends[order],
    )
