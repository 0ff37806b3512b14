"""What would have happened: the same seed, with and without an offer."""

from __future__ import annotations

import numpy as np
import polars as pl
from scipy.special import expit, logit

from synthetic.offers import UPTAKE, Effect, Offers
from synthetic.outcomes import composite, dated
from synthetic.streams import Flags
from synthetic.world import World, replayed


def outcome_under(world: World, offers: Offers | None, month: int) -> Flags:
    """The true composite after a month's end for every household, under a policy of offers."""
    events = replayed(world, offers)
    cutoff = int(world.months[month + 1]) - 1
    return composite(dated(world.streams, events), world.households.n, cutoff)


def potential(world: World, month: int, effect: Effect | None = None) -> pl.DataFrame:
    """Both potential outcomes of every household alive at a month's end.

    Args:
        world: The world.
        month: The month at whose end an offer would be made.
        effect: What an accepted offer does.

    Returns:
        One row a household: ``y0`` untouched, ``y1`` if offered (uptake included), the size of
        the effect and the chance of taking it up.
    """
    chosen = effect or Effect()
    everyone = Offers(contacted={month: world.at_risk[month].alive}, effect=chosen)
    here = np.flatnonzero(world.at_risk[month].alive)
    theta = chosen.size(world.households, world.latent, month)
    uptake = expit(logit(UPTAKE) + 0.35 * world.households.contact)
    day = int(world.months[month + 1]) - 1
    return pl.DataFrame(
        {
            "household": here,
            "y0": outcome_under(world, None, month)[here],
            "y1": outcome_under(world, everyone, month)[here],
            "theta": theta[here],
            "uptake": uptake[here],
        }
    ).with_columns(pl.lit(day).cast(pl.Int32).cast(pl.Date).alias("month"))
