"""Why nothing may be trained in a release month: written by the quality step, obeyed by models.

A file in the month's folder, so that a model refuses by whatever route it was asked for.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from contracts.errors import TrainingStopped

STOP_FILE = "training-stop.json"


class Stop(BaseModel):
    """One unexplained change of level.

    Attributes:
        source: Key of the source.
        month: End of the first month at the new level.
        outcomes: Outcomes that are made of what changed.
        says: What changed, how much and when, in words.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: str
    month: date
    outcomes: tuple[str, ...]
    says: str


def write_stops(folder: Path, stops: Sequence[Stop]) -> Path:
    """Record what stops training in a month; an empty list says that nothing does.

    Args:
        folder: The month's folder; made where it is missing.
        stops: Every unexplained change.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / STOP_FILE
    content = [stop.model_dump(mode="json") for stop in stops]
    path.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return path


def read_stops(folder: Path) -> tuple[Stop, ...]:
    """What stops training in a month; nothing where the quality step recorded nothing."""
    path = folder / STOP_FILE
    if not path.exists():
        return ()
    return tuple(Stop.model_validate(one) for one in json.loads(path.read_bytes()))


def refuse_if_stopped(folder: Path) -> None:
    """Refuse to train where a change of level is recorded that nothing explains.

    Every model reads every source of its place, as outcome or as feature, so none is trained.

    Raises:
        TrainingStopped: Naming each change, and the ways on.
    """
    stops = read_stops(folder)
    if not stops:
        return
    sources = sorted({stop.source for stop in stops})
    hit = sorted({outcome for stop in stops for outcome in stop.outcomes})
    touched = f" Outcomes made of this: {', '.join(hit)}." if hit else ""
    raise TrainingStopped(
        f"No model is trained across a change that nothing explains: "
        f"{'; '.join(stop.says for stop in stops)}.{touched}",
        next_step="Ask the source's owner what happened. Where a delivery is at fault, have it "
        "sent again. Where it is real, add a dated [[calendar]] entry to place.toml (from, to, "
        f"says, hits = {json.dumps(sources)}; exclude = true keeps its months out of training). "
        "absent = true under the source runs without it. Then run again.",
    )
