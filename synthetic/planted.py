"""Planted differences that are in the records and not in how they are kept, and truth of both."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from synthetic.faultlog import PERSON
from synthetic.people import CHILD, GROWN, HEAD, OTHER
from synthetic.population import PRS, RP, WITH_CHILDREN
from synthetic.records.base import Context, frame, lag, present, references, text
from synthetic.records.ctax import Accounts
from synthetic.records.rent import Tenancies
from synthetic.settings import GROUPS
from synthetic.stays import OPEN
from synthetic.streams import Flags, Ints

LARGE = 6


def note_people(context: Context) -> None:
    """Twins, children who bear a parent's name, and namesakes in one postcode (F10 to F12)."""
    people, homes = context.world.people, context.world.dwellings
    child = np.isin(people.role, (CHILD, GROWN))
    ids = np.arange(people.n)
    day = people.household * 2**20 + people.dob + 2**18
    same_day = child & (np.unique(day[child], return_counts=True)[1][_place(day, child)] > 1)
    born = people.role == CHILD
    context.log.note("F10", "birth", ids, same_day & born, born, what=PERSON)
    heads = np.flatnonzero(people.role == HEAD)
    head = np.full(context.world.households.n, -1)
    head[people.household[heads]] = heads
    parent = head[people.household]
    same = child & (parent >= 0) & (people.first == people.first[parent])
    same &= people.last == people.last[parent]
    context.log.note("F11", "birth", ids, same, what=PERSON)
    stay = context.spells.household
    home = np.full(context.world.households.n, -1)
    home[stay] = context.spells.dwelling
    lived = home[people.household] >= 0
    where = homes.postcode[np.maximum(home[people.household], 0)]
    name = [f"{a}|{b}|{c}" for a, b, c in zip(people.first, people.last, where, strict=True)]
    _, index, count = np.unique(np.array(name), return_inverse=True, return_counts=True)
    context.log.note("F12", "birth", ids, (count[index] > 1) & lived & ~same, lived, what=PERSON)


def _place(key: Ints, among: Flags) -> Ints:
    unique = np.unique(key[among])
    return np.minimum(np.searchsorted(unique, key), max(len(unique) - 1, 0))


def note_households(context: Context) -> None:
    """Whom the differences of contact touch (B1 and B2)."""
    h, switches, areas = context.world.households, context.switches, context.world.areas
    ids = np.arange(h.n)
    if switches.quiet:
        context.log.plant("B1", ids, h.migrant | ((h.tenure == PRS) & (h.age_band >= 3)))
    if switches.watched:
        seen = np.isin(h.group, (2, 3)) | areas.estate[h.area]
        context.log.plant("B2", ids, seen & np.isin(h.kind, WITH_CHILDREN))
    if switches.insecurity_shift or switches.labels_recorded < 1 or switches.features_recorded < 1:
        group = np.isin(h.group, [GROUPS.index(name) for name in switches.group])
        name = "needier" if switches.insecurity_shift else "thinned"
        context.log.plant(name, ids, group)


# ---- silent landlords ---------------------------------------------------------------------------


def without_silent_landlords(
    context: Context, book: Tenancies, frames: Mapping[str, pl.DataFrame]
) -> dict[str, pl.DataFrame]:
    """The rent tables without the homes of associations that send no rent accounts (B7)."""
    share = context.switches.silent_landlords
    if not share:
        return dict(frames)
    homes = context.world.dwellings
    area = homes.area[book.dwelling]
    silent = (homes.tenure[book.dwelling] == RP) & (
        context.streams.each("landlord:area", area) < share
    )
    context.log.plant("B7", book.household, silent)
    gone = {
        "tenancy_ref": set(book.tenancy_ref[silent].tolist()),
        "pay_ref": set(book.pay_ref[silent].tolist()),
    }
    held = pl.col("local_id").str.split("|").list.first().is_in(gone["tenancy_ref"])
    context.links[:] = [
        rows.filter(~((pl.col("source") == "rent") & held)) for rows in context.links
    ]
    out = {}
    for name, rows in frames.items():
        column = "tenancy_ref" if "tenancy_ref" in rows.columns else "pay_ref"
        here = column in rows.columns
        out[name] = rows.filter(~pl.col(column).is_in(gone[column])) if here else rows
    return out


# ---- homes that look like several households ----------------------------------------------------


def second_accounts(
    context: Context, book: Accounts, frames: Mapping[str, pl.DataFrame]
) -> dict[str, pl.DataFrame]:
    """A second live council tax account at some large homes, in another adult's name (B8)."""
    share = context.switches.second_accounts
    if not share:
        return dict(frames)
    row, member = present(context.members, book.household, book.starts + 1)
    large = np.bincount(row, minlength=len(book.number)) >= LARGE
    hit = large & ~book.not_a_person & (context.streams.each("second", book.household) < share)
    role = context.members.role[member]
    adult = np.isin(role, (GROWN, OTHER)) | ((role > HEAD) & (role < CHILD))
    first = hit[row] & adult
    account, index = np.unique(row[first], return_index=True)
    person = context.members.person[member[first][index]]
    context.log.plant("B8", book.household, hit)
    reference = references("CU", account, 8)
    party = references("PZ", account, 9)
    home, people = book.dwelling[account], context.world.people
    known = book.opened[account] + lag(context, "ctax:second", 20, 0.5, account)
    tenure = context.world.dwellings
    rows = {
        "account_ref": reference,
        "property_ref": references("P", home, 9),
        "uprn": tenure.uprn[home],
        "liability_start": book.starts[account] + 10,
        "liability_end": np.full(len(account), OPEN),
        "band": np.array(list("ABCDEFGH"), dtype=object)[tenure.band[home]],
        "annual_charge_pa": np.full(len(account), 0.0),
        "payment_method": np.full(len(account), "NONE", dtype=object),
    }
    names = [
        f"{b.upper()}, {a.upper()}"
        for a, b in zip(people.first[person], people.last[person], strict=True)
    ]
    parties = {
        "account_ref": reference,
        "party_ref": party,
        "position": np.zeros(len(account), dtype=np.int64),
        "role": np.full(len(account), "lead", dtype=object),
        "liability_type": np.full(len(account), "6", dtype=object),
        "name_raw": np.array(names, dtype=object),
        "dob": np.full(len(account), OPEN),
    }
    context.link("ctax", text(reference, party), person)
    return dict(frames) | {
        "ctax_account": pl.concat([frames["ctax_account"], frame("ctax_account", rows, known)]),
        "ctax_party": pl.concat([frames["ctax_party"], frame("ctax_party", parties, known)]),
    }
