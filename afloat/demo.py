"""The whole way on an invented place, for somebody who wants to see what Afloat does."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date

from afloat.runs import prepare, publish
from contracts.errors import ReleaseRefused
from contracts.months import parse_month
from contracts.place import Place, load_place
from contracts.workspace import Workspace, default_root

PLACE = "northmere"
MONTH = "2026-10"
SEED = 1
# An invented place has an invented board. Its private keys lie on this host only because nobody
# real depends on them; SECURITY.md says where real ones belong.
MEMBERS = ("demo-board-chair", "demo-board-member")
REASON = (
    "Approved for a demonstration on an invented place. The checks that did not pass are named in "
    "the report; the team looks at them again before the next release."
)


def show(*, size: str, say: Callable[[str], None], today: date) -> None:
    """Invent a place, prepare a release, have an invented board decide, publish, and say where."""
    started = time.monotonic()
    place, workspace = load_place(PLACE), Workspace(root=default_root(), place=PLACE)
    _title(say, started, f"1 of 4  Inventing {place.wording.council} ({size})")
    _invent(place, workspace, size, say)
    _title(say, started, "2 of 4  From dropped extracts to a sealed release")
    prepare(place=PLACE, month=MONTH)
    _title(say, started, "3 of 4  The invented board decides")
    release = _decide(place, workspace, say, today)
    _title(say, started, "4 of 4  One list for each neighbourhood")
    publish(place=PLACE, month=MONTH)
    _point(workspace, release, say, time.monotonic() - started)


def _title(say: Callable[[str], None], started: float, text: str) -> None:
    say("")
    say(f"{text}   [{time.monotonic() - started:.0f} s]")


def _invent(place: Place, workspace: Workspace, size: str, say: Callable[[str], None]) -> None:
    from synthetic import simulate

    simulate(
        place=place,
        workspace=workspace,
        size=size,
        preset="average_unitary",
        seed=SEED,
        progress=say,
    )


def _decide(place: Place, workspace: Workspace, say: Callable[[str], None], today: date) -> str:
    from releases import approve, latest_release, record_decision
    from releases.keys import make_person_key

    release = latest_release(workspace, parse_month(MONTH)).name
    try:
        approve(workspace, place=place, release_id=release, today=today)
    except ReleaseRefused as refusal:
        say(f"Before the decision: {refusal.what}")
    else:
        say("The board had already approved this very release.")
        return release
    for person in MEMBERS:
        private = workspace.keys / f"{person}.key"
        if not private.exists():
            make_person_key(person, private_path=private, board_folder=workspace.home / "board")
        record_decision(
            workspace,
            release_id=release,
            decision="approve_with_reason",
            person=person,
            private_key_path=private,
            reason=REASON,
            decided_on=today,
            place=place,
        )
        say(f"{person} has decided.")
    return release


def _point(workspace: Workspace, release: str, say: Callable[[str], None], seconds: float) -> None:
    say("")
    say(f"Done in {seconds / 60:.1f} minutes. Everything is invented; look at:")
    say(f"  the board's report   {workspace.releases / release / 'fairness-report.html'}")
    month = workspace.month(parse_month(MONTH))
    say(f"  the model's report   {month / 'model-report.html'}")
    for page in sorted((workspace.outbox / release).glob("*.html")):
        say(f"  a list               {page}")
    say("  the graph            make ui, then http://localhost:3000")
    say(f"  the release again    .venv/bin/afloat verify {release}")
    say("Next: read README.md, 'Bring your own extracts'.")
