"""Stays: of households in dwellings, of persons in households, and how they came about."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from synthetic.streams import Ints

OPEN = 2**31 - 1
MOVED, LEFT_AREA, DIED, EVICTED, TO_TEMPORARY, STILL_THERE = range(6)
SEPARATED, PARTNER_DIED, PARTNER_IN = range(3)


@dataclass(frozen=True, kw_only=True)
class Spells:
    """Stays of households in dwellings, one row a stay."""

    household: Ints
    dwelling: Ints
    starts: Ints
    ends: Ints
    ended_by: Ints


@dataclass(frozen=True, kw_only=True)
class Memberships:
    """Stays of persons in households, one row a stay; ``ends`` is exclusive or :data:`OPEN`."""

    person: Ints
    household: Ints
    role: Ints
    starts: Ints
    ends: Ints


@dataclass(frozen=True, kw_only=True)
class Changes:
    """Changes in who heads a household, one row a change."""

    household: Ints
    day: Ints
    kind: Ints
    person: Ints


@dataclass(frozen=True, kw_only=True)
class PersonStays:
    """Stays of persons in dwellings, by person and start; ``ends`` is exclusive."""

    person: Ints
    household: Ints
    dwelling: Ints
    starts: Ints
    ends: Ints


class Diary:
    """What happened to homes and households, noted as it happens."""

    def __init__(self) -> None:
        self._spells: list[tuple[Ints, Ints, Ints, Ints, Ints]] = []
        self._changes: list[tuple[Ints, Ints, Ints, Ints]] = []
        self.second_homes: list[tuple[Ints, Ints, Ints]] = []

    def left(self, who: Ints, dwelling: Ints, since: Ints, day: Ints, why: Ints) -> None:
        """Households left their homes.

        Args:
            who: Households.
            dwelling: Home of each.
            since: First day of the stay.
            day: Day of leaving.
            why: Reason, such as :data:`MOVED`.
        """
        self._spells.append((who, dwelling, since, day, why))

    def changed(self, who: Ints, day: Ints, kind: int, person: Ints) -> None:
        """Households gained or lost a partner."""
        self._changes.append((who, day, np.full(len(who), kind), person))

    def spells(self, home: Ints, since: Ints) -> Spells:
        """Every stay in a dwelling, by household and day.

        Args:
            home: Present home of each household, -1 for none.
            since: First day there.
        """
        here = np.flatnonzero(home >= 0)
        still = np.full(len(here), OPEN), np.full(len(here), STILL_THERE)
        rows = [*self._spells, (here, home[here], since[here], *still)]
        parts = [np.concatenate(column) for column in zip(*rows, strict=True)]
        order = np.lexsort((parts[2], parts[0]))
        columns = [part[order] for part in parts]
        return Spells(
            household=columns[0],
            dwelling=columns[1],
            starts=columns[2],
            ends=columns[3],
            ended_by=columns[4],
        )

    def changes(self) -> Changes:
        """Separations, deaths of a partner and new partners, by household and day."""
        parts = [np.concatenate(column) for column in zip(*self._changes, strict=True)]
        order = np.lexsort((parts[1], parts[0]))
        return Changes(
            household=parts[0][order],
            day=parts[1][order],
            kind=parts[2][order],
            person=parts[3][order],
        )
