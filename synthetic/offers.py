"""Offers of help and what they change: the counterfactual worlds of one seed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit

from synthetic.causes import H
from synthetic.latent import Latent
from synthetic.population import Households
from synthetic.streams import Flags, Floats, Streams

UPTAKE = 0.55
EFFECT_MONTHS = 6


@dataclass(frozen=True, kw_only=True)
class Effect:
    """How much an accepted offer shrinks the hazard of each crisis."""

    base: float = 0.25
    acute: float = 0.20
    chronic: float = -0.12

    def size(self, households: Households, latent: Latent, month: int) -> Floats:
        """Share by which each household's hazards would shrink: more in acute strain."""
        theta = self.base + self.acute * np.tanh(latent.acute[month] - 1.0)
        theta = theta + self.chronic * np.tanh(households.factors[:, H] - 1.0)
        return np.asarray(np.clip(theta, 0.0, 0.8), dtype=np.float64)


EFFECTS: Mapping[str, Effect] = {
    "offer_none": Effect(base=0.0, acute=0.0, chronic=0.0),
    "offer_default": Effect(),
    "offer_strong": Effect(base=0.55),
}


@dataclass(frozen=True, kw_only=True)
class Offers:
    """Who is offered a conversation in which month, and what it does."""

    contacted: Mapping[int, Flags]
    effect: Effect = EFFECTS["offer_default"]

    def taken_up(self, streams: Streams, households: Households, month: int) -> Flags:
        """Who of those contacted in a month says yes; the least recorded are the least reached."""
        chance = expit(logit(UPTAKE) + 0.35 * households.contact)
        return self.contacted[month] & (streams.at("up", month).random(households.n) < chance)

    def shrinkage(
        self, streams: Streams, households: Households, latent: Latent, month: int
    ) -> Floats:
        """Share by which each household's crisis hazards shrink in a month."""
        helped = np.zeros(households.n, dtype=bool)
        for since in range(1, EFFECT_MONTHS + 1):
            if month - since in self.contacted:
                helped |= self.taken_up(streams, households, month - since)
        return np.where(helped, self.effect.size(households, latent, month), 0.0)
