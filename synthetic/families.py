"""Families over a month: deaths, separations, births, new partners, grown children who go."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from synthetic.latent import Latent
from synthetic.people import PARTNER
from synthetic.population import PRS
from synthetic.stays import DIED, OPEN, PARTNER_DIED, PARTNER_IN, SEPARATED

if TYPE_CHECKING:
    from synthetic.homes import Homes

SEPARATED_STAYS_IN_AREA = 0.5


def deaths(homes: Homes, month: int, latent: Latent) -> None:
    """Deaths of a partner follow the bereavement shock; the old who live alone die too."""
    age = np.where(homes.head >= 0, homes.months[month] - homes.people.dob[homes.head], 0) / 365.25
    hit = latent.shocks["bereave"][month] & homes.alive & (homes.partner >= 0)
    who = np.flatnonzero(hit & (age > 50) & (homes.since < homes.months[month]))
    who = who[homes.streams.each("death", who, month) < np.where(age[who] > 65, 0.6, 0.2)]
    day = homes.day_in("death", month, who)
    lost = np.where(
        homes.streams.each("who", who, month) < 0.55, homes.head[who], homes.partner[who]
    )
    stays = np.where(lost == homes.head[who], homes.partner[who], homes.head[who])
    homes.left[lost] = homes.death_day[lost] = day
    homes.head[who], homes.partner[who] = stays, -1
    homes.diary.changed(who, day, PARTNER_DIED, lost)
    yearly = 0.004 * np.exp(0.09 * np.clip(age - 60, 0, 40))
    alone = homes.alive & (homes.partner < 0) & (homes.households.kind == 0) & (age > 60)
    u = homes.streams.at("death:alone", month).random(len(age))
    gone = np.flatnonzero(alone & (u < yearly / 12) & (homes.since < homes.months[month]))
    day = homes.day_in("death:alone", month, gone)
    homes.death_day[homes.head[gone]] = day
    homes.end(gone, day, DIED)


def separations(homes: Homes, month: int, latent: Latent) -> None:
    """A partner leaves: half of them for a home of their own nearby, half for elsewhere."""
    hit = latent.shocks["breakup"][month] & homes.alive & (homes.partner >= 0)
    who = np.flatnonzero(hit & (homes.since < homes.months[month]))
    day = homes.day_in("separates", month, who, low=3)
    goes = homes.partner[who].copy()
    homes.left[goes] = day
    homes.partner[who] = -1
    homes.diary.changed(who, day, SEPARATED, goes)
    near = homes.streams.each("near", who, month) < SEPARATED_STAYS_IN_AREA
    places = np.arange(homes.next_reserve, homes.households.n)[: int(near.sum())]
    homes.next_reserve += len(places)
    goes, day = goes[near][: len(places)], day[near][: len(places)]
    settled, dwelling = homes.market.placed(places, np.full(len(places), PRS), month)
    order = np.searchsorted(places, settled)
    homes.settle(settled, dwelling, day[order])
    homes.alive[settled], homes.began[settled] = True, day[order]
    homes.head[settled] = goes[order]
    homes.diary.second_homes.append((goes[order], settled, day[order]))


def new_members(homes: Homes, month: int) -> None:
    """Births, new partners, and grown children who go."""
    joins = np.flatnonzero((homes.people.joins == month) & homes.alive[homes.people.household])
    home = homes.people.household[joins]
    born = (homes.people.role[joins] != PARTNER) & (homes.began[home] <= homes.people.dob[joins])
    homes.joined[joins[born]] = homes.people.dob[joins[born]]
    free = (homes.people.role[joins] == PARTNER) & (homes.partner[home] < 0)
    free &= homes.since[home] < homes.months[month]
    new = joins[free]
    _, once = np.unique(homes.people.household[new], return_index=True)
    new = new[once]
    hosts = homes.people.household[new]
    day = homes.day_in("partner", month, hosts)
    homes.joined[new], homes.partner[hosts] = day, new
    homes.diary.changed(hosts, day, PARTNER_IN, new)
    goes = np.flatnonzero((homes.people.leaves == month) & (homes.left == OPEN))
    homes.left[goes] = homes.day_in("leaves", month, goes)
