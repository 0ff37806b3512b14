"""Empty homes and who gets them."""

from __future__ import annotations

import numpy as np

from synthetic.dwellings import Dwellings
from synthetic.population import COUNCIL, OWNER, PRS, RP, TA, Households
from synthetic.streams import Floats, Ints, Streams


class Market:
    """Matches movers to empty homes of the tenure they want, like areas to like.

    Attributes:
        vacant: Whether each home is empty.
    """

    def __init__(self, streams: Streams, households: Households, dwellings: Dwellings) -> None:
        self._streams, self._deprivation = streams, households.d
        self._tenure = dwellings.tenure[: dwellings.homes]
        by_area = np.zeros(int(dwellings.area.max()) + 1)
        by_area[households.area] = households.d
        self._poverty: Floats = by_area[dwellings.area[: dwellings.homes]]
        self.vacant = np.zeros(dwellings.homes, dtype=bool)

    def placed(self, who: Ints, wanted: Ints, month: int) -> tuple[Ints, Ints]:
        """Give homes to as many movers as there are homes.

        Args:
            who: Households that look for a home.
            wanted: Tenure that each looks for.
            month: The month.

        Returns:
            The households that found one, and its number.
        """
        found: list[Ints] = [np.zeros(0, dtype=np.int64)]
        homes: list[Ints] = [np.zeros(0, dtype=np.int64)]
        for tenure in (OWNER, COUNCIL, RP, PRS, TA):
            movers = who[wanted == tenure]
            free = np.flatnonzero(self.vacant & (self._tenure == tenure))
            count = min(len(movers), len(free))
            movers = movers[np.argsort(self._streams.each("queue", movers, month))[:count]]
            free = free[np.argsort(self._streams.each("offered", free, month))[:count]]
            lean = self._deprivation[movers] + 0.8 * self._streams.normal("match", movers, month)
            found.append(movers[np.argsort(lean, kind="stable")])
            homes.append(free[np.argsort(self._poverty[free], kind="stable")])
            self.vacant[free] = False
        return np.concatenate(found), np.concatenate(homes)
