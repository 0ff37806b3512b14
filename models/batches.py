"""Scoring and explaining as functions of Arrow batches: one each, the same on every engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import pyarrow as pa

from features.mapped import BatchFunction
from models.sampling import Matrix
from models.store import Shipped

SCORED = pa.schema(
    [
        ("household_id", pa.int64()),
        ("outcome", pa.string()),
        ("raw_score", pa.float64()),
        ("probability", pa.float64()),
    ]
)
EXPLAINED = pa.schema([("household_id", pa.int64()), ("contributions", pa.list_(pa.float64()))])


def scorer(models: Sequence[Shipped]) -> BatchFunction:
    """The function that scores households by some models: a row for each of both.

    Args:
        models: The models, all fitted on the columns that follow ``household_id``, in their order.
    """
    models = tuple(models)

    def score(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            x = matrix_of(batch)
            for model in models:
                raw = model.raw(x)
                yield pa.RecordBatch.from_arrays(
                    [
                        batch.column("household_id"),
                        pa.array([model.outcome.value] * len(raw), pa.string()),
                        pa.array(raw),
                        pa.array(model.probability(raw)),
                    ],
                    schema=SCORED,
                )

    return score


def explainer(model: Shipped, themes: Sequence[int] | None = None) -> BatchFunction:
    """The function that says what each feature or theme added to a raw score; the base is last.

    Args:
        model: The model.
        themes: Number of each feature's theme; by feature where None.
    """

    def explain(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            x = matrix_of(batch)
            found = model.contributions(x) if themes is None else model.by_theme(x, themes)
            ends = pa.array(np.arange(len(x) + 1, dtype=np.int32) * found.shape[1])
            parts = pa.ListArray.from_arrays(ends, pa.array(found.ravel()))
            yield pa.RecordBatch.from_arrays(
                [batch.column("household_id"), parts], schema=EXPLAINED
            )

    return explain


def matrix_of(batch: pa.RecordBatch) -> Matrix:
    """Every column but ``household_id``; what is not known is not a number."""
    names = [name for name in batch.schema.names if name != "household_id"]
    x = np.empty((batch.num_rows, len(names)), dtype=np.float32)
    for at, name in enumerate(names):
        x[:, at] = batch.column(name).to_numpy(zero_copy_only=False)
    return x
