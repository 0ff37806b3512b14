"""What a run that ended badly says of itself."""

from __future__ import annotations

import dagster as dg
import pytest
from dagster._core.errors import DagsterExecutionInterruptedError

from afloat.runs import _why


def run_of(error: BaseException, cause: BaseException | None = None) -> dg.ExecuteInProcessResult:
    @dg.op
    def step() -> None:
        try:
            if cause is not None:
                raise cause
        finally:
            raise error

    @dg.job
    def work() -> None:
        step()

    return work.execute_in_process(raise_on_error=False)


def test_a_run_that_was_stopped_says_so():
    # What DuckDB makes of a signal in the middle of a statement.
    cut_off = run_of(DagsterExecutionInterruptedError(), RuntimeError("Query interrupted"))
    assert _why(cut_off) == "Step step: it was stopped by a signal before it had finished."


@pytest.mark.parametrize("kind", [ValueError, KeyError])
def test_an_unexpected_error_is_named_by_its_kind_alone(kind: type[Exception]):
    said = _why(run_of(kind("a row of somebody")))
    assert kind.__name__ in said
    assert "somebody" not in said
