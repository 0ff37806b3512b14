"""What of the last month still holds: records that stand as they did, and what they weigh."""

from __future__ import annotations

import polars as pl

from linkage.engine.ordered import rows_of
from linkage.engine.records import Ints, places, without
from linkage.engine.result import Linkage
from linkage.engine.settings import RECORD


def within(column: str, numbers: Ints) -> pl.Expr:
    """Whether a column holds one of the numbers."""
    return pl.col(column).is_in(pl.Series(numbers, dtype=pl.Int64()).implode())


def settled_in(previous: Linkage, now: pl.DataFrame) -> Ints:
    """Records that stand as they did, in a group none of whose others has left it.

    What one such record weighs beside another is known from the last month.
    """
    was = previous.standing.select(
        RECORD, pl.col("grp").alias("was"), pl.col("stands").alias("did")
    )
    both_ = rows_of(was, now[RECORD].to_numpy()).join(now, on=RECORD, maintain_order="left")
    whole = both_.group_by("was").agg(pl.col("grp").n_unique().alias("parts"))
    stay = both_.filter("did", "stands").join(
        whole.filter(pl.col("parts") == 1), on="was", how="semi", maintain_order="left"
    )
    return stay[RECORD].to_numpy()


def still_near(pairs: pl.DataFrame, now: pl.DataFrame, settled: Ints) -> pl.DataFrame:
    """Pairs by probability of records that stand as they did, unless keys now join the two."""
    nodes, groups = now[RECORD].to_numpy(), now["grp"].to_numpy()
    loose = without(nodes, settled)
    kept = pairs.filter(~within("a", loose) & ~within("b", loose))
    a, b = (places(kept[side], nodes) for side in ("a", "b"))
    joined = (a >= 0) & (b >= 0) & (groups[a] == groups[b])
    return kept.filter(pl.Series(~joined))


def standing_now(previous: Linkage, near: Ints, now: pl.DataFrame) -> pl.DataFrame:
    """record_id, grp and stands of the near records: as now, or as before."""
    others = rows_of(previous.standing, without(near, now[RECORD].to_numpy())).drop("part")
    return pl.concat([others, now]).sort(RECORD)
