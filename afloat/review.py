"""`afloat review`: doubtful pairs of records, looked at by a person who says what they see."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from contracts.months import month_key, parse_month
from contracts.place import load_place
from contracts.workspace import Workspace, default_root
from contracts.zones import Zone
from linkage.people.decisions import Decision

review = typer.Typer(
    help="Doubtful pairs of records: list them, make their pages, record what a reviewer says.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
_out = Console(highlight=False, soft_wrap=True)

PlaceName = Annotated[str, typer.Argument(help="Name of a folder in places/.")]
Month = Annotated[str, typer.Argument(help="Month of the pairs, such as 2026-10.")]


@review.command(name="list")
def list_pairs(place: PlaceName = "northmere", month: Month = "2026-10") -> None:
    """List the month's pairs that nobody has decided yet. Shows no name."""
    from linkage.people.review_pages import pairs_to_review

    with _workspace(place).warehouse().read(Zone.IDENTITY) as con:
        pairs = pairs_to_review(con, parse_month(month))
    table = Table("pair", "band", "stands as", "sources")
    for row in pairs.iter_rows(named=True):
        sources = f"{row['source_a']}, {row['source_b']}"
        table.add_row(row["pair_id"], row["band"], row["status"], sources)
    _out.print(table)


@review.command()
def pages(place: PlaceName = "northmere", month: Month = "2026-10") -> None:
    """Make a page for each pair, names side by side, in the place's review folder."""
    from linkage.people.review_pages import write_review_pages

    workspace, when = _workspace(place), parse_month(month)
    folder = workspace.home / "review" / month_key(when)
    with workspace.warehouse().read(Zone.IDENTITY) as con:
        made = write_review_pages(con, place=load_place(place), month=when, folder=folder)
    _out.print(f"{len(made)} pages in {folder}")


@review.command()
def decide(
    place: PlaceName,
    month: Month,
    pair: Annotated[str, typer.Argument(help="The pair, as its page names it.")],
    says: Annotated[Decision, typer.Option(help="What the reviewer says.")],
    reviewer: Annotated[str, typer.Option(help="Name of the reviewer.")],
) -> None:
    """Record what a reviewer says of a pair. In force from the next linking on."""
    from linkage.people.decisions import record_pair_decision

    with _workspace(place).warehouse().write(Zone.IDENTITY) as con:
        record_pair_decision(
            con,
            month=parse_month(month),
            pair_id=pair,
            decision=says,
            reviewer=reviewer,
            decided_on=datetime.now(tz=UTC).date(),
        )
    _out.print("Recorded.")


def _workspace(place: str) -> Workspace:
    return Workspace(root=default_root(), place=place)
