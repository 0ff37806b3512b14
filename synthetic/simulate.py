"""The one way in: make an invented place, deliver its extracts, and seal its truth."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from datetime import date

import polars as pl

from contracts.months import month_end
from contracts.place import Place
from contracts.workspace import Workspace
from synthetic.build import build_world
from synthetic.deliveries import deliver
from synthetic.records.addresses import area_lookup, gazetteer
from synthetic.records.base import Context, sorted_members
from synthetic.records.claims import uc_claims
from synthetic.records.ctax import account_rows, accounts, discount_rows, party_rows
from synthetic.records.gp import clinical_tables, patient_rows, person_stays
from synthetic.records.hclic import hclic_tables
from synthetic.records.hospital import attendance_rows, referral_rows
from synthetic.records.recovery import missed_instalments, recovery_rows
from synthetic.records.rent import rent_tables
from synthetic.records.support import cts_rows, shbe_tables
from synthetic.records.uc import uc_tables
from synthetic.records.welfare import welfare_tables
from synthetic.settings import Preset, Switches, chosen_preset, chosen_size
from synthetic.world import World

log = logging.getLogger(__name__)
KEY_NAME = "pseudonym.key"


def pseudonym_key(seed: int) -> bytes:
    """The sender's key of an invented place: 32 bytes from its seed."""
    return hashlib.sha256(f"pseudonym:{seed}".encode()).digest()


def context_of(world: World, preset: Preset, key: bytes) -> Context:
    """Everything that the record builders need."""
    return Context(
        world=world,
        spells=world.homes.spells(),
        members=sorted_members(world.homes.memberships()),
        changes=world.homes.changes(),
        faults=preset.faults,
        key=key,
    )


def records(
    context: Context, place: Place, progress: Callable[[str], None]
) -> dict[str, pl.DataFrame]:
    """Every table of the sources that the place has."""
    progress("recording addresses and council tax")
    frames = gazetteer(context) | area_lookup(context, list(place.neighbourhoods))
    book, claims = accounts(context), uc_claims(context)
    missed = missed_instalments(context, book)
    frames["ctax_account"] = account_rows(context, book, missed)
    frames["ctax_party"] = party_rows(context, book)
    frames["ctax_discount"] = discount_rows(context, book)
    frames["ctax_recovery"] = recovery_rows(context, book, missed)
    frames["ctax_cts"] = cts_rows(context, book, claims)
    progress("recording rent, homelessness, awards and benefits")
    frames |= rent_tables(context) | hclic_tables(context) | welfare_tables(context)
    frames |= uc_tables(context, claims) | shbe_tables(context)
    progress("recording health")
    frames["gp_patient"] = patient_rows(context, person_stays(context))
    frames |= clinical_tables(context)
    frames["mh_referral"] = referral_rows(context)
    frames["ae_attendance"] = attendance_rows(context)
    return {name: frame for name, frame in frames.items() if name in place.tables}


def simulate(
    *,
    place: Place,
    workspace: Workspace,
    size: str,
    preset: str,
    seed: int,
    months: int | None = None,
    last_month: date = date(2026, 10, 31),
    progress: Callable[[str], None] | None = None,
    switches: Switches | None = None,
) -> None:
    tell = progress or log.info
    chosen = chosen_size(size, months)
    kind = chosen_preset(preset)
    last = month_end(last_month)
    tell("drawing households and walking them through their months")
    world = build_world(seed=seed, size=chosen, preset=kind, neighbourhoods=len(place.neighbourhoods), last_month=last)
    key = pseudonym_key(seed)
    context = context_of(world, kind, key)
    frames = records(context, place, tell)
    workspace.keys.mkdir(parents=True, exist_ok=True)
    (workspace.keys / KEY_NAME).write_bytes(key)
    sent = deliver(place, workspace.landing, frames, last_month=last, silent=kind.switches.silent_source, progress=tell)
    for s in sent: print(s.table, s.rows)
