"""Dagster runs from the command line: the jobs that the pages launch, with the same history."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from afloat.dead_runs import give_back, living
from contracts.errors import AfloatError
from contracts.months import parse_month
from contracts.place import load_place
from contracts.workspace import REPOSITORY, Workspace, default_root
from contracts.zones import Zone
from releases.standing import forget_state, remember_state, standing_release, state_of

if TYPE_CHECKING:
    import dagster as dg
    from dagster._core.execution.plan.objects import StepFailureData
    from dagster_shared.error import SerializableErrorInfo

STOPPED = "DagsterExecutionInterruptedError"
"""What Dagster makes of SIGINT and SIGTERM."""


class RunFailed(AfloatError):
    """A Dagster run did not end well."""

    exit_code = 9


def prepare(*, place: str, month: str, anew: bool = False) -> str | None:
    """Everything up to the sealed release; what has arrived first, and the rest where it is new.

    Retention, loading, the register and the changes of level run whenever this is asked for: the
    law and the day decide there.

    Args:
        place: Name of the place.
        month: Release month, such as ``2026-10``.
        anew: Work everything out again, also where nothing is new.

    Returns:
        The release that stands because nothing is new; None where one was made.

    Raises:
        RunFailed: If a step or a blocking check failed; the message names the step.
    """
    from pipelines.definitions import arriving, made_from_it

    day, settings = parse_month(month), load_place(place)
    workspace = Workspace(root=default_root(), place=place)
    _run("prepare_release", place=place, month=month, only=arriving())
    with workspace.warehouse().read(Zone.IDENTITY) as con:
        state = state_of(con, place=settings, month=day, workspace=workspace)
    stands = None if anew else standing_release(workspace, day, state)
    if stands is not None:
        return stands
    forget_state(workspace, day)
    _run("prepare_release", place=place, month=month, only=made_from_it())
    remember_state(workspace, day, state)
    return None


def publish(*, place: str, month: str) -> None:
    """The lists of an approved release.

    Raises:
        RunFailed: If the gate refused; the message says why.
    """
    _run("publish_lists", place=place, month=month)


def _run(job: str, *, place: str, month: str, only: Sequence[dg.AssetKey] | None = None) -> None:
    # Dagster keeps its history where this says; its own default would be the user's home.
    os.environ.setdefault("DAGSTER_HOME", str(REPOSITORY / "dagster_home"))
    import dagster as dg

    from pipelines.definitions import defs
    from pipelines.partitions import partition_key

    home = Path(os.environ["DAGSTER_HOME"])
    with dg.DagsterInstance.get() as instance, living(home) as tags:
        give_back(instance, home)
        result = defs.resolve_job_def(job).execute_in_process(
            instance=instance,
            partition_key=partition_key(month=month, place=place),
            raise_on_error=False,
            asset_selection=only,
            tags=tags,
            run_config={"loggers": {"console": {"config": {"log_level": "INFO"}}}},
        )
    if not result.success:
        raise RunFailed(
            _why(result), next_step="Mend that and run again; nothing half-made is left."
        )


def _why(result: dg.ExecuteInProcessResult) -> str:
    said = [
        f"Step {event.step_key}: {_reason(event.step_failure_data)}"
        for event in result.all_events
        if event.is_step_failure
    ]
    return " ".join(said) or "A blocking check did not pass; the log above names it."


def _chain(error: SerializableErrorInfo | None) -> list[SerializableErrorInfo]:
    """The error, what caused it, and so on; where nothing did, what was being handled."""
    chain = []
    while error is not None:
        chain.append(error)
        error = error.cause or error.context
    return chain


def _reason(failure: StepFailureData) -> str:
    told = failure.user_failure_data
    if told is not None and told.description:
        return told.description
    chain = _chain(failure.error)
    # A statement that is cut off fails too, so the signal is not always the first of the chain.
    if any(error.cls_name == STOPPED for error in chain):
        return "it was stopped by a signal before it had finished."
    # The text of an unexpected error may quote a row: its kind is enough here.
    kind = chain[min(1, len(chain) - 1)].cls_name if chain else "an unknown error"
    return f"it ended with {kind}; Dagster's pages hold the whole account."
