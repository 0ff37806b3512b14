"""`afloat register` and `afloat retention`: what is held, why, and until when."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated

import typer
from rich.console import Console

from contracts.errors import DataMissing
from contracts.place import load_place
from contracts.workspace import Workspace, default_root
from contracts.zones import Zone

_out = Console(highlight=False, soft_wrap=True)
_Place = Annotated[str, typer.Argument(help="Name of a folder in places/.")]


def register(place: _Place = "northmere") -> None:
    """Write the legal register as a page, and say which entries are not in force."""
    from linkage.ingest import ensure_raw
    from linkage.rights.register import register_lines, write_register

    settings, workspace = load_place(place), Workspace(root=default_root(), place=place)
    with workspace.warehouse().write(Zone.IDENTITY) as con:
        ensure_raw(con)
        lines = register_lines(con, place=settings, today=_today())
    page = write_register(lines, place=settings, today=_today(), folder=workspace.home)
    for line in lines:
        for fault in line.faults:
            _out.print(fault, markup=False)
    _out.print(f"Register: {page}", markup=False)


def retention(
    place: _Place = "northmere",
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would go; delete nothing.")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Check the chain of certificates; delete nothing.")
    ] = False,
) -> None:
    """Delete deliveries that may no longer be held, with what was made from them, and certify it.

    A run does this first. Doing it twice changes nothing.
    """
    from linkage.rights.certificates import broken_links
    from linkage.rights.due import due_deliveries
    from linkage.rights.retention import apply_retention, certificates_of

    settings, workspace = load_place(place), Workspace(root=default_root(), place=place)
    if check:
        faults = broken_links(certificates_of(workspace))
        if faults:
            raise DataMissing(
                f"The certificates of {place} are not whole: {'; '.join(faults)}.",
                next_step="Take them back from a copy; a lost one is written again by a run.",
            )
        _out.print("The chain of certificates is whole.")
        return
    warehouse = workspace.warehouse(settings.training.threads)
    with warehouse.read(Zone.IDENTITY) as con:
        due = due_deliveries(con, place=settings, today=_today())
    for one in due:
        _out.print(f"{one.delivery_id}: could be held until {one.kept_until} ({one.rule})")
    if dry_run:
        _out.print(f"{len(due)} deliveries would go.")
        return
    written = apply_retention(
        warehouse,
        place=settings,
        today=_today(),
        certificates=certificates_of(workspace),
        landing=workspace.landing,
    )
    _out.print(f"{len(due)} deliveries deleted.")
    for path in written:
        _out.print(f"Certificate: {path}", markup=False)


def _today() -> date:
    return datetime.now(tz=UTC).date()
