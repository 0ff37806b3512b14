"""Runs whose process is gone: what they held of Dagster is given back before the next one starts.

A step holds a place in the pool of those that write a place's zones. A process that was killed
cannot give it back, and Dagster's own watch over that works only while its daemon does: the next
run would wait for ever. So each run of ours holds a lock for as long as its process lives.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

if TYPE_CHECKING:
    import dagster as dg

LOCK_TAG = "afloat/lock"


@contextmanager
def living(home: Path) -> Iterator[dict[str, str]]:
    """Hold a lock of this process's own; the tags by which its run is known to hold it.

    Args:
        home: Dagster's folder.
    """
    folder = home / "living"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{uuid4().hex}.lock"
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        try:
            yield {LOCK_TAG: path.name}
        finally:
            path.unlink(missing_ok=True)


def give_back(instance: dg.DagsterInstance, home: Path) -> list[str]:
    """End every run whose process is gone and free what ended runs hold; the ids of those freed.

    A run that was started from Dagster's pages has no lock of ours and is left to its daemon.

    Args:
        instance: Where the runs are recorded.
        home: Dagster's folder.
    """
    import dagster as dg

    freed = []
    working = dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED])
    for run in instance.get_runs(working):
        name = run.tags.get(LOCK_TAG)
        if name is not None and not _is_held(home / "living" / name):
            instance.report_run_failed(run, "Its process ended before it did.")
            (home / "living" / name).unlink(missing_ok=True)
    for run_id in sorted(instance.event_log_storage.get_concurrency_run_ids()):
        holder = instance.get_run_by_id(run_id)
        if holder is None or holder.is_finished:
            instance.event_log_storage.free_concurrency_slots_for_run(run_id)
            freed.append(run_id)
    return freed


def _is_held(lock: Path) -> bool:
    try:
        handle = os.open(lock, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False
