"""What was done to the records on purpose, for the sealed truth: every fault, one row each."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import polars as pl

from synthetic.streams import Flags, Ints

PERSON, HOME, RECORD = "person", "home", "record"
NOBODY = -1


@dataclass
class FaultLog:
    """Faults as the record builders make them.

    One fault of one source may be noted in several goes, and the same thing more than once (a
    source sees a person alike in all of its records): the tables count each thing once.
    """

    _hit: dict[tuple[str, str, str], list[Ints]] = field(default_factory=dict)
    _open: dict[tuple[str, str, str], list[Ints]] = field(default_factory=dict)
    _planted: dict[str, list[tuple[Ints, Ints]]] = field(default_factory=dict)
    _late: dict[str, list[Ints]] = field(default_factory=dict)

    def note(
        self,
        fault: str,
        source: str,
        about: Ints,
        hit: Flags,
        among: Flags | None = None,
        *,
        what: str = PERSON,
    ) -> None:
        """Note whom a fault hit.

        Args:
            fault: F01 to F24.
            source: Source of the records; a second file of a source is a source of its own.
            about: Number of the person, home or record of each row.
            hit: Whether the row has the fault.
            among: Whether the row could have it; all of them where not given.
            what: What ``about`` numbers.
        """
        key = (fault, source, what)
        self._hit.setdefault(key, []).append(about[hit])
        self._open.setdefault(key, []).append(about if among is None else about[among])

    def plant(
        self, injection: str, household: Ints, hit: Flags, person: Ints | None = None
    ) -> None:
        """Note the households of a planted difference, and the persons where it is theirs alone."""
        about = np.full(len(household), NOBODY) if person is None else person
        self._planted.setdefault(injection, []).append((household[hit], about[hit]))

    def planted(self) -> pl.DataFrame:
        """Everybody whom a planted difference touched: ``injection``, ``household``, ``person``."""
        schema = {"injection": pl.String, "household": pl.Int64, "person": pl.Int64}
        parts = [pl.DataFrame(schema=schema)]
        for name, rows in self._planted.items():
            household, person = (np.concatenate(column) for column in zip(*rows, strict=True))
            parts.append(
                pl.DataFrame({"household": household, "person": person}).select(
                    pl.lit(name).alias("injection"),
                    pl.col("household").cast(pl.Int64),
                    pl.when(pl.col("person") > NOBODY).then(pl.col("person")).cast(pl.Int64),
                )
            )
        return pl.concat(parts).unique().sort(*schema, nulls_last=True)

    def late(self, name: str, days: Ints) -> None:
        """Note how many days after their events some records of one kind were made (F23)."""
        self._late.setdefault(name, []).append(np.asarray(days).ravel())

    def delays(self) -> pl.DataFrame:
        """Records of each kind, their median delay in days, and the share over a month late."""
        rows = []
        for name, parts in self._late.items():
            days = np.concatenate(parts)
            if len(days):
                rows.append((name, len(days), float(np.median(days)), float((days > 31).mean())))
        schema = {
            "kind": pl.String,
            "records": pl.Int64,
            "median_days": pl.Float64,
            "over_a_month": pl.Float64,
        }
        return pl.DataFrame(rows, schema=schema, orient="row").sort("kind")

    def hits(self) -> pl.DataFrame:
        """Every fault: ``fault``, ``source``, ``what`` and ``about``."""
        parts = [
            pl.DataFrame({"about": np.unique(np.concatenate(rows))}).select(
                pl.lit(fault).alias("fault"),
                pl.lit(source).alias("source"),
                pl.lit(what).alias("what"),
                pl.col("about").cast(pl.Int64),
            )
            for (fault, source, what), rows in self._hit.items()
        ]
        schema = {"fault": pl.String, "source": pl.String, "what": pl.String, "about": pl.Int64}
        return pl.concat([pl.DataFrame(schema=schema), *parts]).sort(*schema)

    def rates(self) -> pl.DataFrame:
        """How many could have had each fault in each source, and how many had it."""
        rows = []
        sizes: dict[tuple[int, ...], int] = {}
        for key, parts in self._open.items():
            seen = tuple(id(part) for part in parts)
            if seen not in sizes:
                sizes[seen] = len(np.unique(np.concatenate(parts)))
            hit = len(np.unique(np.concatenate(self._hit[key])))
            rows.append((*key, sizes[seen], hit))
        schema = {
            "fault": pl.String,
            "source": pl.String,
            "what": pl.String,
            "exposed": pl.Int64,
            "hit": pl.Int64,
        }
        return pl.DataFrame(rows, schema=schema, orient="row").sort("fault", "source", "what")
