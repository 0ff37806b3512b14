"""Kinds of place: who lives there in what tenure, how deprived, under which councils."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from scipy.special import ndtr, ndtri

from synthetic.streams import Floats

NATIONAL_TENURE = (0.623, 0.083, 0.088, 0.206)
NATIONAL_GROUPS = (0.817, 0.093, 0.040, 0.029, 0.021)
NATIONAL_TEMPORARY = 2.6
"""Households in temporary homes for each 1,000, England outside London."""
MOST_DEPRIVED = 0.2
DECILES = 10
# Multiplier on the national mean by deprivation decile: value in decile 1, 5 and 10.
GRADIENTS: Mapping[str, tuple[float, float, float]] = MappingProxyType(
    {
        "emergency": (1.35, 1.0, 0.70),
        "uc": (1.9, 0.95, 0.35),
        "arrears": (2.3, 0.9, 0.3),
        "duty": (2.2, 0.95, 0.3),
        "children": (2.2, 0.9, 0.35),
        "depression": (1.2, 1.0, 0.82),
        "smi": (1.7, 0.95, 0.55),
        "crisis": (1.9, 0.95, 0.5),
        "stale": (1.5, 1.0, 0.7),
    }
)


@dataclass(frozen=True, kw_only=True)
class District:
    """A council below the county: which neighbourhoods are its, by position, and its feed."""

    code: str
    neighbourhoods: tuple[int, ...]
    uc_feed: str = ""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """What a place is like before anything happens.

    Attributes:
        tenure: Shares of owners, council, association and private tenants.
        groups: Shares of ethnic groups, in the order of :data:`settings.GROUPS`.
        deprived: Share of areas in the nation's most deprived two deciles.
        temporary: Households in temporary homes for each 1,000.
        transliterated: Times the usual share of names written otherwise.
        districts: Councils below the county; none where one council does everything.
        merges_in_month: Month, counted from the first, in which the districts become one council.
    """

    tenure: tuple[float, float, float, float] = NATIONAL_TENURE
    groups: tuple[float, float, float, float, float] = NATIONAL_GROUPS
    deprived: float = MOST_DEPRIVED
    temporary: float = NATIONAL_TEMPORARY
    transliterated: float = 1.0
    districts: tuple[District, ...] = ()
    merges_in_month: int | None = None

    @property
    def social(self) -> float:
        """Share of social tenants."""
        return self.tenure[1] + self.tenure[2]

    @property
    def lean(self) -> float:
        """Mean of the areas' deprivation on a scale on which the nation's is standard normal."""
        return float(-ndtri(MOST_DEPRIVED) + ndtri(self.deprived))

    def scaled(self, gradient: str) -> float:
        """Rate of something here, as a multiple of the nation's, from where its areas stand."""
        edges = -ndtri(np.arange(1, DECILES) / DECILES)
        above = ndtr(self.lean - np.concatenate([edges, [-np.inf]]))
        shares = np.diff(np.concatenate([[0.0], above]))
        by_decile = decile_gradient(gradient)
        return float((shares * by_decile).sum() / by_decile.mean())


def decile_gradient(name: str) -> Floats:
    """Multiplier in each deprivation decile, 1 to 10, on straight lines between what is known."""
    known = np.log(np.array(GRADIENTS[name]))
    return np.asarray(np.exp(np.interp(np.arange(1, DECILES + 1), [1, 5, 10], known)))


def _minority(white: float) -> tuple[float, float, float, float, float]:
    """National proportions among the minority groups, for a place with that share of White."""
    rest = [share / (1 - NATIONAL_GROUPS[0]) * (1 - white) for share in NATIONAL_GROUPS[1:]]
    return (white, *rest)  # type: ignore[return-value]  # one and four are five


# Seven districts of one neighbourhood each, and five of which two share a benefits service.
_COAST = tuple(
    District(code=code, neighbourhoods=(i,), uc_feed="northern" if i < 2 else "southern")
    for i, code in enumerate(("ferry", "holme", "sands", "cliffe", "marsh"))
)
_SHIRE = tuple(
    District(code=code, neighbourhoods=(i,))
    for i, code in enumerate(("arden", "bourne", "chase", "dene", "eaton", "fosse", "grange"))
)

KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "average_unitary": Kind(),
        "northern_metro": Kind(
            tenure=(0.57, 0.14, 0.08, 0.21), groups=_minority(0.88), deprived=0.45
        ),
        "outer_london": Kind(
            tenure=(0.52, 0.12, 0.09, 0.27),
            groups=_minority(0.48),
            deprived=0.25,
            temporary=18.9,
            transliterated=2.0,
        ),
        "coastal_two_tier": Kind(
            tenure=(0.65, 0.04, 0.09, 0.22),
            groups=_minority(0.94),
            deprived=0.32,
            districts=_COAST,
            merges_in_month=18,
        ),
        "shire_low": Kind(
            tenure=(0.72, 0.03, 0.10, 0.15),
            groups=_minority(0.93),
            deprived=0.05,
            districts=_SHIRE,
        ),
    }
)
