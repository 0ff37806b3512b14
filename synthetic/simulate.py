"""The one way in: make an invented place, deliver its extracts, and seal its truth."""

from __future__ import annotations

import hashlib
import logging
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import polars as pl

from contracts import fingerprint
from contracts.errors import SettingsError
from contracts.lasting_key import FILE_NAME
from contracts.months import month_end
from contracts.place import Place
from contracts.workspace import Workspace
from contracts.zone_keys import write_key
from synthetic.build import build_world
from synthetic.deliveries import Sent, deliver
from synthetic.injections import Preset, chosen_preset
from synthetic.marginals import measure
from synthetic.planted import (
    note_households,
    note_people,
    second_accounts,
    without_silent_landlords,
)
from synthetic.records.addresses import area_lookup, gazetteer
from synthetic.records.adult_care import care_tables
from synthetic.records.attendance import attendance_tables
from synthetic.records.base import Context, person_stays, sorted_members
from synthetic.records.childhood import cases as childhood
from synthetic.records.children import process_tables
from synthetic.records.claim_details import with_claim_details
from synthetic.records.claims import uc_claims
from synthetic.records.crises import crisis_tables
from synthetic.records.cross_references import cross_references
from synthetic.records.ctax import account_rows, accounts
from synthetic.records.details import with_details
from synthetic.records.family_files import family_tables
from synthetic.records.gp import clinical_tables, patient_rows
from synthetic.records.hclic import cases as hclic_cases
from synthetic.records.hclic import hclic_tables, loss_reasons
from synthetic.records.hospital import attendance_rows, referral_rows
from synthetic.records.notices import award_rows, badge_rows
from synthetic.records.optional import case_rows, elector_rows
from synthetic.records.parties import discount_rows, party_rows
from synthetic.records.practice import practice_tables
from synthetic.records.recovery import missed_instalments, recovery_rows
from synthetic.records.register import register_tables
from synthetic.records.rent import tenancies
from synthetic.records.rent_money import rent_tables
from synthetic.records.schools import pupil_rows, roll
from synthetic.records.support import cts_rows, shbe_tables
from synthetic.records.support_needs import support_rows
from synthetic.records.transactions import transaction_rows
from synthetic.records.uc import uc_tables
from synthetic.records.welfare import welfare_tables
from synthetic.senders import Senders
from synthetic.settings import Switches, chosen_size
from synthetic.targets import Marginal
from synthetic.truth import FOLDER, seal
from synthetic.world import World

log = logging.getLogger(__name__)
KEY_NAME = "pseudonym.key"


def pseudonym_key(seed: int) -> bytes:
    """The sender's key of an invented place: 32 bytes from its seed."""
    return hashlib.sha256(f"pseudonym:{seed}".encode()).digest()


def _write_lasting_key(workspace: Workspace, pseudonyms: bytes) -> None:
    """An invented place has an invented key too, so that its releases are the same everywhere."""
    path = workspace.keys / FILE_NAME
    if not path.exists():
        write_key(path, hashlib.sha256(b"lasting:" + pseudonyms).digest())


def context_of(world: World, preset: Preset, key: bytes) -> Context:
    """Everything that the record builders need."""
    return Context(
        world=world,
        spells=world.homes.spells(),
        members=sorted_members(world.homes.memberships()),
        changes=world.homes.changes(),
        faults=preset.records_faults(),
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
    frames = second_accounts(context, book, frames)
    progress("recording rent, homelessness, awards and benefits")
    frames |= without_silent_landlords(context, tenancies(context), rent_tables(context))
    frames |= hclic_tables(context) | welfare_tables(context)
    frames |= uc_tables(context, claims) | shbe_tables(context)
    homeless = hclic_cases(context)
    frames["hclic_support"] = support_rows(context, homeless, loss_reasons(context, homeless))
    frames["rent_transaction"] = transaction_rows(context, frames["rent_balance"])
    frames["dwp_award"] = award_rows(context, claims)
    frames |= cross_references(context, book)
    frames |= _of_some_places(context, place, progress)
    progress("recording health")
    frames["gp_patient"] = patient_rows(context, person_stays(context))
    frames |= clinical_tables(context) | practice_tables(context)
    frames["mh_referral"] = referral_rows(context)
    frames["ae_attendance"] = attendance_rows(context)
    frames |= crisis_tables(context, frames["mh_referral"], frames["ae_attendance"])
    frames = with_claim_details(context, with_details(context, frames))
    note_people(context)
    note_households(context)
    return {name: frame for name, frame in frames.items() if name in place.tables}


def _of_some_places(
    context: Context, place: Place, progress: Callable[[str], None]
) -> dict[str, pl.DataFrame]:
    """Tables of sources that many a place lacks: they are made only where it has them."""
    progress("recording the register, care, children and schools")
    frames: dict[str, pl.DataFrame] = {}
    have = set(place.sources)
    if "hreg" in have:
        frames |= register_tables(context)
    if "asc" in have:
        frames |= care_tables(context)
    if "bbadge" in have:
        frames["blue_badge"] = badge_rows(context)
    if have & {"cs", "school"}:
        children = childhood(context)
        frames |= process_tables(context, children) | family_tables(context, children)
        pupils = roll(context)
        frames["school_pupil"] = pupil_rows(context, pupils, children)
        frames |= attendance_tables(context, pupils)
    if "elect" in have:
        frames["elector"] = elector_rows(context)
    if "asb" in have:
        frames["env_asb_case"] = case_rows(context)
    return frames


@dataclass(frozen=True, kw_only=True)
class SimulationReport:
    """What a run made.

    Attributes:
        place: Name of the place.
        size: Size.
        preset: Preset.
        seed: Seed.
        months: Months of history.
        last_month: Last day of the last month.
        rows: Rows delivered, by table.
        deliveries: Number of delivery folders.
        landing_fingerprint: Fingerprint of everything delivered.
        truth_fingerprint: Fingerprint of the sealed truth.
        marginals: What was meant and what was achieved.
    """

    place: str
    size: str
    preset: str
    seed: int
    months: int
    last_month: date
    rows: Mapping[str, int]
    deliveries: int
    landing_fingerprint: str
    truth_fingerprint: str
    marginals: tuple[Marginal, ...]

    def summary(self) -> str:
        """A few lines for people: what was made, and which measures missed their target."""
        missed = [marginal for marginal in self.marginals if not marginal.met]
        rows, months = sum(self.rows.values()), f"{self.months} months to {self.last_month}"
        within = f"{len(self.marginals) - len(missed)} of {len(self.marginals)} measures"
        lines = [
            f"Invented place {self.place}: {self.size}, {self.preset}, seed {self.seed}, {months}.",
            f"{self.deliveries} deliveries with {rows:,} rows.",
            f"{within} of the place are within their tolerance.",
        ]
        lines += [f"  {m.name}: meant {m.target:.4g}, made {m.achieved:.4g}" for m in missed]
        return "\n".join(lines)


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
    inject: Mapping[str, float] | None = None,
    no_fault: tuple[str, ...] = (),
    at_once: bool = False,
) -> SimulationReport:
    """Make an invented place: its deliveries, the sender's key, and the sealed truth.

    Args:
        place: The place whose sources, names and codes are used.
        workspace: Where the files go; earlier deliveries there are replaced.
        size: A name in :data:`settings.SIZES`.
        preset: A name in :data:`injections.PRESETS`.
        seed: Every random number comes from it.
        months: Months of history, where not the size's own.
        last_month: Any day of the last month.
        progress: Told what is being done.
        switches: Planted unfairness and breaks, in place of the preset's own.
        inject: Planted differences by their names in :data:`injections.INJECTIONS`, with strengths.
        no_fault: Faults, F01 to F24, that no record is to have.
        at_once: True for one delivery of each table from each controller, the last month in it.

    Raises:
        SettingsError: If the size, preset, months or switches cannot be used, or if the place is
            not marked as invented.
    """
    if not place.invented:
        raise SettingsError(
            f"The place {place.name!r} is not marked as invented.",
            next_step="Simulate only for a place with invented = true in its settings.",
        )
    tell = progress or log.info
    chosen, kind = chosen_size(size, months), chosen_preset(preset, inject, no_fault)
    kind = kind if switches is None else replace(kind, switches=switches)
    last = month_end(last_month)
    tell("walking households through their months")
    count = len(place.neighbourhoods)
    world = build_world(seed=seed, size=chosen, preset=kind, neighbourhoods=count, last_month=last)
    context = context_of(world, kind, pseudonym_key(seed))
    frames = records(context, place, tell)
    marginals = measure(context, frames)
    senders = Senders(context=context, place=place, at_once=at_once)
    sent = _delivered(workspace, senders, frames, last=last, tell=tell)
    settings: dict[str, Any] = {"place": place.name, "size": size, "preset": preset, "seed": seed}
    planted = {"inject": dict(inject or {}), "no_fault": list(no_fault)}
    sealed = seal(
        workspace.home / FOLDER,
        senders,
        futures=chosen.futures,
        settings=settings | planted | {"months": chosen.months, "last_month": last.isoformat()},
        marginals=marginals,
        progress=tell,
    )
    return SimulationReport(
        **settings,
        months=chosen.months,
        last_month=last,
        rows=_rows(sent),
        deliveries=len(sent),
        landing_fingerprint=fingerprint.of_value({s.folder: s.sha256 for s in sent}),
        truth_fingerprint=sealed,
        marginals=tuple(marginals),
    )


def _delivered(
    workspace: Workspace,
    senders: Senders,
    frames: Mapping[str, pl.DataFrame],
    *,
    last: date,
    tell: Callable[[str], None],
) -> list[Sent]:
    _clear(workspace)
    (workspace.keys / KEY_NAME).write_bytes(senders.context.key)
    _write_lasting_key(workspace, senders.context.key)
    return deliver(senders, workspace.landing, frames, last_month=last, progress=tell)


def _rows(sent: list[Sent]) -> dict[str, int]:
    rows: dict[str, int] = {}
    for one in sent:
        rows[one.table] = rows.get(one.table, 0) + one.rows
    return rows


def _clear(workspace: Workspace) -> None:
    """Take away an earlier run's deliveries and truth, and make the folders."""
    for folder in (workspace.landing, workspace.home / FOLDER):
        if folder.exists():
            shutil.rmtree(folder)
        folder.mkdir(parents=True)
    workspace.keys.mkdir(parents=True, exist_ok=True)
