"""`afloat`: what people do outside Dagster's pages."""

from __future__ import annotations

import os
import sys
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import click
import typer
from rich.console import Console
from rich.table import Table

from afloat.duties import register, retention
from afloat.review import review
from afloat.rights import rights
from contracts.errors import AfloatError
from contracts.place import load_place, place_names
from contracts.workspace import Workspace, default_root
from contracts.zones import Zone

HELP = """Find households that may welcome help early, say why, and prove that the choice is fair.

The way: drop deliveries in the landing folder, `load` them, `run` a month, let two board members
`decide`, then `list`. Dagster's pages (`make ui`) show the same way as a graph.
"""

# Typer's own tracebacks print local values, which may be somebody's data: they stay off.
app = typer.Typer(
    help=HELP,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(review, name="review")
out = Console(highlight=False, soft_wrap=True)

PlaceName = Annotated[str, typer.Argument(help="Name of a folder in places/.")]
Month = Annotated[str, typer.Argument(help="Release month, such as 2026-10.")]
PlaceOption = Annotated[str, typer.Option("--place", help="Name of a folder in places/.")]


class Size(StrEnum):
    """Sizes of an invented place."""

    TINY = "tiny"
    VILLAGE = "village"
    SMALL = "small"
    DEMO = "demo"
    PLACE = "place"


class Verdict(StrEnum):
    """What a board member can decide."""

    APPROVE = "approve"
    APPROVE_WITH_REASON = "approve_with_reason"
    REFUSE = "refuse"


@app.command()
def places() -> None:
    """List the places that have settings, and say whether each can be used."""
    table = Table("place", "sources", "lists from", "neighbourhoods")
    for name in place_names():
        place = load_place(name)
        areas = ", ".join(area.name for area in place.neighbourhoods.values())
        table.add_row(name, ", ".join(place.sources), str(place.listed_outcome), areas)
    out.print(table)


@app.command()
def simulate(
    place: PlaceName = "northmere",
    size: Annotated[
        Size, typer.Option(help="Households: 500, 5,000, 20,000, 100,000.")
    ] = Size.DEMO,
    preset: Annotated[
        str,
        typer.Option(
            help="Kind of place: average_unitary, northern_metro, outer_london, coastal_two_tier, "
            "shire_low, or the fair control B0."
        ),
    ] = "average_unitary",
    inject: Annotated[
        list[str] | None,
        typer.Option(help="Unfairness to plant, B1 to B8, and its strength, such as B3=0.5."),
    ] = None,
    no_fault: Annotated[
        list[str] | None, typer.Option(help="A fault, F01 to F24, that no record is to have.")
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same place.")] = 1,
) -> None:
    """Invent a place: deliveries in its landing folder, and sealed truth beside them."""
    from synthetic import simulate as invent
    from synthetic.injections import parse_injections

    report = invent(
        place=load_place(place),
        workspace=_workspace(place),
        size=str(size),
        preset=preset,
        seed=seed,
        inject=parse_injections(inject or []),
        no_fault=tuple(no_fault or ()),
        progress=_say,
    )
    out.print(report.summary())


@app.command()
def load(place: PlaceName = "northmere") -> None:
    """Check the deliveries in the landing folder against the contract, and load them.

    Loading the same delivery twice changes nothing. Ends with 4 where a delivery was refused, and
    with 5 where rows went to quarantine.
    """
    from linkage.ingest import ensure_raw, load_landing, raise_if_bad

    workspace = _workspace(place)
    with workspace.warehouse().write(Zone.IDENTITY) as con:
        ensure_raw(con)
        result = load_landing(
            con,
            place=load_place(place),
            landing=workspace.landing,
            today=_today(),
            progress=lambda done, total, one: _say(f"{done} of {total}: {one.message}"),
        )
    out.print(result.summary)
    raise_if_bad(result)


@app.command(name="map")
def map_file(
    file: Annotated[Path, typer.Argument(help="A file that a sender or vendor has made.")],
    place: PlaceOption,
    table: Annotated[str, typer.Option(help="Afloat's table, where you know it.")] = "",
) -> None:
    """Draft the settings for a file nobody has seen: its table, columns, dates and codes.

    Looks at the first 2,000 rows and writes a draft into the place's drafts folder, each line with
    how sure it is. No run reads a draft: a person finishes it and moves it into place.toml.
    """
    from afloat.mapping import draft_mapping

    draft_mapping(file, place=load_place(place).name, table=table, say=_say)


@app.command()
def run(
    place: PlaceName = "northmere",
    month: Month = "2026-10",
    anew: Annotated[  # noqa: FBT002 - an option of the command line has to have a default
        bool, typer.Option("--anew", help="Work everything out again, also if nothing is new.")
    ] = False,
) -> None:
    """Go the whole way from deliveries to a sealed release for the board. Makes no list.

    Where rows, settings and code are what the month's release was sealed from, it stands.
    """
    from afloat.runs import prepare

    stands = prepare(place=place, month=month, anew=anew)
    if stands is not None:
        out.print(f"Nothing is new since release {stands} was sealed: it stands.")
    _say_release(place, month)


app.command()(register)
app.command()(retention)
app.add_typer(rights, name="rights")


@app.command()
def keys(
    person: Annotated[str | None, typer.Argument(help="Role, such as board-chair.")] = None,
    private: Annotated[
        Path | None, typer.Option(help="Where the private key goes; keep it off this host.")
    ] = None,
    place: PlaceOption = "northmere",
    zones: Annotated[  # noqa: FBT002 - an option of the command line has to have a default
        bool, typer.Option("--zones", help="Seal the place's zones under a new key.")
    ] = False,
) -> None:
    """Make a board member's key pair, or change the key that the place's zones are sealed with.

    A member's public half goes to the place's board folder. With --zones a new key file takes the
    old one's place; where AFLOAT_ZONE_KEY holds the new key, AFLOAT_ZONE_KEY_OLD holds the old one.
    """
    if zones:
        count = _workspace(place).warehouse().change_key()
        out.print(f"Zones sealed under the new key: {count}. Keep a copy of it elsewhere.")
        return
    if person is None or private is None:
        raise click.UsageError("Name the person and --private, or give --zones.")
    _make_person_key(person, private, place)


def _make_person_key(person: str, private: Path, place: str) -> None:
    from releases.keys import default_board_folder, make_person_key

    folder = default_board_folder(_workspace(place))
    made = make_person_key(person, private_path=private, board_folder=folder)
    out.print(f"Public key: {made}\nPrivate key: {private} (only {person} should hold it)")


@app.command()
def decide(
    release: Annotated[str, typer.Argument(help="Release, as `afloat run` names it.")],
    decision: Annotated[Verdict, typer.Option(help="What you decide.")],
    person: Annotated[str, typer.Option(help="Your role, as your public key is named.")],
    key: Annotated[Path, typer.Option(help="Your private key.")],
    place: PlaceOption = "northmere",
    reason: Annotated[str, typer.Option(help="Your reason, in a sentence or more.")] = "",
) -> None:
    """Record a board member's decision on a release, bound to its fingerprint and signed.

    Two different people decide; whoever built the release may not. Read the release's
    fairness-report.html first.
    """
    from releases import record_decision

    path = record_decision(
        _workspace(place),
        release_id=release,
        decision=str(decision),
        person=person,
        private_key_path=key,
        reason=reason,
        decided_on=_today(),
        place=load_place(place),
    )
    out.print(f"Recorded: {path}")


@app.command()
def verify(
    release: Annotated[str, typer.Argument(help="Release to verify.")],
    place: PlaceOption = "northmere",
) -> None:
    """Say whether a release is whole, approved and in force. Ends with 8 where it is not."""
    from releases import approve

    approved = approve(
        _workspace(place), place=load_place(place), release_id=release, today=_today()
    )
    out.print(f"Release {approved.release_id} is whole and approved.")


@app.command(name="list")
def make_lists(
    release: Annotated[str, typer.Argument(help="Approved release.")],
    place: PlaceOption = "northmere",
) -> None:
    """Make the lists of an approved release: one page and one table for each neighbourhood."""
    from releases import approve, write_lists

    workspace = _workspace(place)
    approved = approve(workspace, place=load_place(place), release_id=release, today=_today())
    for path in write_lists(approved, outbox=workspace.outbox):
        out.print(str(path))


@app.command()
def demo(
    size: Annotated[Size, typer.Option(help="Size of the invented place.")] = Size.DEMO,
) -> None:
    """Go the whole way on an invented place, with an invented board's decision."""
    from afloat.demo import show

    show(size=str(size), say=_say, today=_today())


def _say_release(place: str, month: str) -> None:
    from contracts.months import parse_month
    from releases import latest_release

    folder = latest_release(_workspace(place), parse_month(month))
    out.print(f"\nRelease for the board: {folder.name}")
    out.print(f"Report: {folder / 'fairness-report.html'}")
    out.print(f"Next, by two board members: afloat decide {folder.name} --place {place} --help")


def _workspace(place: str) -> Workspace:
    return Workspace(root=default_root(), place=place)


def _today() -> date:
    return datetime.now(tz=UTC).date()


def _say(line: str) -> None:
    out.print(f"  {line}", markup=False, soft_wrap=True)


def main() -> None:
    """Run a command; an error that the user can mend is shown without a traceback."""
    code = 0
    try:
        app(standalone_mode=False)
    except AfloatError as error:
        said = f"{error.what}\n{error.next_step}"
        Console(stderr=True, highlight=False).print(said, markup=False)
        code = error.exit_code
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except click.exceptions.Exit as end:
        code = end.exit_code
    except click.Abort:
        code = 130
    sys.stdout.flush()
    sys.stderr.flush()
    # DuckDB's binding reports its own objects as leaked when an interpreter winds down, which reads
    # like a fault of the command. Everything of ours is closed and written by now.
    os._exit(code)


if __name__ == "__main__":
    main()
