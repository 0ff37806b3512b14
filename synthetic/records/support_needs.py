"""Support needs of homelessness cases: what the household lives with when it asks."""

from __future__ import annotations

import numpy as np
import polars as pl

from synthetic.causes import F, H
from synthetic.people import YEAR
from synthetic.records.base import Context, frame, lag, stay_on
from synthetic.records.hclic import Cases
from synthetic.records.processes import month_of, need_of
from synthetic.streams import Flags, Floats, Strings


def _needs(context: Context, book: Cases, abuse: Flags) -> dict[str, Flags]:
    """Each need of each case, from the household's need in the month of the approach."""
    world, streams = context.world, context.streams
    month = month_of(context, book.approach)
    burden = need_of(context, book.household, month, H)
    strain = need_of(context, book.household, month, F)
    head = world.homes.head[book.household]
    head = np.where(head >= 0, head, 0)
    old = (book.approach - world.people.dob[head]) / YEAR
    ill = world.households.disability[book.household]

    def happens(name: str, share: Floats | float) -> Flags:
        u = streams.each(f"hclic:need:{name}", book.household, book.month)
        return np.asarray(u < share)

    earlier = np.r_[False, book.household[1:] == book.household[:-1]]
    stays = stay_on(context.spells, book.household, book.approach) < 0
    return {
        "MENTAL_HEALTH": happens("mental", 0.215 * np.exp(0.42 * burden)),
        "PHYS_ILL_DISAB": happens("ill", np.where(ill, 0.50, 0.09)),
        "DOMESTIC_ABUSE": abuse,
        "LEARNING_DIS": happens("learning", np.where(ill, 0.08, 0.02)),
        "DRUG": happens("drug", 0.055 * np.exp(0.2 * burden)),
        "ALCOHOL": happens("alcohol", 0.045 * np.exp(0.2 * burden)),
        "OFFENDING": happens("offending", 0.08),
        "BUDGETING": happens("budgeting", 0.05 * np.exp(0.25 * strain)),
        "YP_18_25": (old < 26) & happens("young", 0.3),
        "CARE_LEAVER_18_20": (old < 21) & happens("leaver", 0.12),
        "OLD_AGE": (old > 70) & happens("old", 0.5),
        "REPEAT_HOMELESS": earlier | happens("again", 0.06),
        "ROUGH_SLEEP_HISTORY": stays | happens("rough", 0.05),
        "ARMED_FORCES": happens("forces", 0.012),
        "FORMER_ASYLUM": happens("asylum", 0.02),
        "SEXUAL_ABUSE": happens("sexual", 0.015),
        "NON_DOM_ABUSE": happens("other:abuse", 0.02),
        "EET_ACCESS": happens("work", 0.03),
    }


def support_rows(context: Context, book: Cases, reason: Strings) -> pl.DataFrame:
    """``hclic_support``: needs of the cases that were owed a duty, known once assessed.

    Args:
        context: The world.
        book: The cases.
        reason: Why each case lost its home.
    """
    needs = _needs(context, book, reason == "DOMESTIC_ABUSE")
    # Some offices note none at all for a case.
    noted = context.streams.each("hclic:noted", book.household, book.month) < 0.79
    parts = []
    for code, has in needs.items():
        rows = np.flatnonzero(has & book.duty & noted)
        columns = {"case_ref": book.reference[rows], "need_code": np.full(len(rows), code)}
        known = book.known[rows] + 6 + lag(context, f"hclic:{code}", 6, 0.5, book.number[rows])
        parts.append(frame("hclic_support", columns, known))
    return pl.concat(parts)
