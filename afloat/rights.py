"""`afloat rights`: objections, restrictions and corrections, recorded and decided."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from contracts.workspace import Workspace, default_root
from contracts.zones import Zone

rights = typer.Typer(
    help="Record and decide objections, restrictions and corrections. A request is a file, so that "
    "no name or number of anybody stands on a command line.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
_out = Console(highlight=False, soft_wrap=True)
_File = Annotated[Path, typer.Argument(help="TOML file of the request; see docs/adr/0017.")]
_By = Annotated[str, typer.Option(help="Role of who records this, such as rights-officer.")]
_Place = Annotated[str, typer.Option("--place", help="Name of a folder in places/.")]
_Reason = Annotated[str, typer.Option(help="Code of the reason.")]


@rights.command(name="object")
def object_(file: _File, by: _By, place: _Place = "northmere") -> None:
    """Somebody objects. It needs no reason, and holds while it is being looked at."""
    _receive("objection", file, by=by, reason="asked", place=place)


@rights.command()
def restrict(file: _File, by: _By, reason: _Reason = "asked", place: _Place = "northmere") -> None:
    """Somebody's records are not to be used until something is settled."""
    _receive("restriction", file, by=by, reason=reason, place=place)


@rights.command()
def correct(file: _File, by: _By, reason: _Reason = "wrong", place: _Place = "northmere") -> None:
    """A value is said to be wrong. It holds once it is upheld."""
    _receive("correction", file, by=by, reason=reason, place=place)


@rights.command()
def decide(
    request: Annotated[str, typer.Argument(help="Number of the request, such as R-0001.")],
    decision: Annotated[str, typer.Option(help="upheld, refused or withdrawn.")],
    by: _By,
    reason: _Reason,
    place: _Place = "northmere",
) -> None:
    """Uphold, refuse or withdraw a request; it takes effect at once and at every later run."""
    from contracts.errors import SettingsError
    from linkage.rights.requests import Step
    from linkage.rights.requests import decide as record

    if decision not in set(Step) - {Step.RECEIVED}:
        raise SettingsError(
            "There is no such decision.", next_step="Choose upheld, refused or withdrawn."
        )
    workspace = Workspace(root=default_root(), place=place)
    with workspace.warehouse().write(Zone.IDENTITY) as con:
        record(con, request, Step(decision), by=by, reason=reason, on=_today())
    _take_effect(workspace)


@rights.command(name="list")
def list_(place: _Place = "northmere") -> None:
    """Every request, where it stands, and how long it has been waiting."""
    from linkage.rights.requests import Step, overdue, requests

    with Workspace(root=default_root(), place=place).warehouse().write(Zone.IDENTITY) as con:
        every = requests(con)
    table = Table("request", "kind", "stands", "days since received", "due", "overdue")
    for one in every:
        late, open_ = overdue(one, _today()), one.step is Step.RECEIVED
        table.add_row(
            one.request_id,
            one.kind.value,
            one.step.value,
            str((_today() - one.received_on).days),
            str(one.due_on) if open_ else "",
            f"{late.days} days" if late else "",
        )
    _out.print(table)


def _receive(kind: str, file: Path, *, by: str, reason: str, place: str) -> None:
    from linkage.ingest import ensure_raw
    from linkage.rights.requests import Kind, read_asked, receive

    workspace, asked = Workspace(root=default_root(), place=place), read_asked(file)
    with workspace.warehouse().write(Zone.IDENTITY) as con:
        ensure_raw(con)
        number = receive(con, Kind(kind), asked, by=by, reason=reason, on=_today())
    _out.print(f"Recorded: {number}. Delete the file when it is no longer needed.")
    _take_effect(workspace)


def _take_effect(workspace: Workspace) -> None:
    """Corrections into the as-known view; households off lists, now."""
    from linkage.rights.apply import apply_corrections, withheld_households
    from releases.withheld import withhold_from_lists

    with workspace.warehouse().write(Zone.IDENTITY) as con:
        apply_corrections(con)
        households = withheld_households(con)
    for release in withhold_from_lists(workspace, households):
        _out.print(
            f"The lists of {release} were taken back. Make them again: afloat list {release}"
        )


def _today() -> date:
    return datetime.now(tz=UTC).date()
