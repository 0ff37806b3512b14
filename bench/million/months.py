"""The registers at two month ends."""

from __future__ import annotations

import numpy as np
import polars as pl


def two_months(records: pl.DataFrame, *, seed: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The registers at two month ends, two records in a hundred new, gone or changed in between.

    Args:
        records: From :func:`invented_records`.
        seed: The same seed gives the same months.
    """
    rng = np.random.default_rng(seed)
    draw = pl.Series(rng.random(records.height))
    other = records[rng.permutation(records.height)]
    moved = (draw >= 0.008) & (draw < 0.016)
    named = (draw >= 0.016) & (draw < 0.020)
    later = records.with_columns(
        *(
            pl.when(moved).then(other[column]).otherwise(pl.col(column)).alias(column)
            for column in ("postcode", "uprn")
        ),
        pl.when(named).then(other["last"]).otherwise(pl.col("last")).alias("last"),
    )
    return records.filter(draw >= 0.004), later.filter((draw < 0.004) | (draw >= 0.008))
