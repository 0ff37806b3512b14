"""What came of lists: how early they were, and how each neighbourhood's did."""

from __future__ import annotations

import numpy as np

from models.bootstrap import Resamples, ratio
from models.evaluate import Judged, measured
from models.measures import tidy
from models.report import LeadTime, NeighbourhoodReport
from models.sampling import Flags

_LEAST_LEAD = 60


def lead_time(tested: Judged, chosen: Flags, resamples: Resamples) -> LeadTime:
    """How long before the event households were listed."""
    hit = chosen & (tested.y > 0) & np.isfinite(tested.lead_days)
    days = tested.lead_days[hit]
    early = hit & (np.nan_to_num(tested.lead_days) >= _LEAST_LEAD)
    columns = np.column_stack([hit, early]).astype(np.float64)
    seen, drawn = resamples.totals(tested.household, columns)
    quartiles = np.quantile(days, [0.25, 0.5, 0.75]) if len(days) else np.full(3, np.nan)
    months = np.bincount((days // 30).astype(np.int64)) if len(days) else np.zeros(0, np.int64)
    return LeadTime(
        events=int(hit.sum()),
        lower_quartile_days=tidy(quartiles[0]),
        median_days=tidy(quartiles[1]),
        upper_quartile_days=tidy(quartiles[2]),
        share_60_days_or_more=measured(float(ratio(seen[1], seen[0])), ratio(drawn[1], drawn[0])),
        by_30_days={f"{30 * at} to {30 * at + 29}": int(n) for at, n in enumerate(months) if n},
    )


def by_neighbourhood(
    tested: Judged, chosen: Flags, resamples: Resamples, sizes: dict[str, int]
) -> list[NeighbourhoodReport]:
    """Precision and recall of each neighbourhood's lists."""
    return [
        _neighbourhood(tested, chosen, resamples, code=code, at=at, size=size)
        for at, (code, size) in enumerate(sizes.items())
    ]


def _neighbourhood(
    tested: Judged, chosen: Flags, resamples: Resamples, *, code: str, at: int, size: int
) -> NeighbourhoodReport:
    here = tested.area == at
    listed, events = here & chosen, here & (tested.y > 0)
    columns = np.column_stack([listed, listed & events, events]).astype(np.float64)
    seen, drawn = resamples.totals(tested.household, columns)
    return NeighbourhoodReport(
        neighbourhood_code=code,
        list_size=size,
        listed=int(seen[0]),
        listed_events=int(seen[1]),
        precision=measured(float(ratio(seen[1], seen[0])), ratio(drawn[1], drawn[0])),
        recall=measured(float(ratio(seen[1], seen[2])), ratio(drawn[1], drawn[2])),
    )
