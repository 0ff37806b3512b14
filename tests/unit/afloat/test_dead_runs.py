"""A killed run holds up nobody; a living one, and one of Dagster's pages, are left alone."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from dagster import DagsterRunStatus

from afloat.dead_runs import LOCK_TAG, give_back, living

POOL = "writer"


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    with dg.instance_for_test(temp_dir=str(tmp_path)) as made:
        made.event_log_storage.set_concurrency_slots(POOL, 1)
        yield made


def started(instance: dg.DagsterInstance, tags: dict[str, str]) -> str:
    """A run that works and holds the only place in the pool."""

    @dg.job
    def nothing() -> None: ...

    run = instance.create_run_for_job(nothing, status=DagsterRunStatus.STARTED, tags=tags)
    claimed = instance.event_log_storage.claim_concurrency_slot(POOL, run.run_id, "step")
    assert claimed.is_claimed
    return run.run_id


def holders(instance: dg.DagsterInstance) -> set[str]:
    return instance.event_log_storage.get_concurrency_run_ids()


def status(instance: dg.DagsterInstance, run_id: str) -> DagsterRunStatus:
    run = instance.get_run_by_id(run_id)
    assert run is not None
    return run.status


def test_what_a_killed_run_held_is_given_back(instance: dg.DagsterInstance, tmp_path: Path) -> None:
    with living(tmp_path) as tags:
        run = started(instance, tags)
    # A killed process leaves its file, and no lock on it.
    (tmp_path / "living" / tags[LOCK_TAG]).touch()
    assert give_back(instance, tmp_path) == [run]
    assert holders(instance) == set()
    assert status(instance, run) == DagsterRunStatus.FAILURE
    assert not list((tmp_path / "living").iterdir())


def test_a_run_killed_between_two_steps_is_ended_too(
    instance: dg.DagsterInstance, tmp_path: Path
) -> None:
    with living(tmp_path) as tags:
        run = started(instance, tags)
    instance.event_log_storage.free_concurrency_slots_for_run(run)
    assert give_back(instance, tmp_path) == []
    assert status(instance, run) == DagsterRunStatus.FAILURE


def test_a_living_run_keeps_what_it_holds(instance: dg.DagsterInstance, tmp_path: Path) -> None:
    with living(tmp_path) as tags:
        run = started(instance, tags)
        assert give_back(instance, tmp_path) == []
        assert status(instance, run) == DagsterRunStatus.STARTED
        assert holders(instance) == {run}


def test_a_run_of_the_pages_is_left_to_dagster(
    instance: dg.DagsterInstance, tmp_path: Path
) -> None:
    run = started(instance, {})
    assert give_back(instance, tmp_path) == []
    assert holders(instance) == {run}


def test_a_run_that_ended_holds_nothing_any_more(
    instance: dg.DagsterInstance, tmp_path: Path
) -> None:
    run = started(instance, {})
    instance.run_storage.delete_run(run)
    assert give_back(instance, tmp_path) == [run]
    assert holders(instance) == set()
