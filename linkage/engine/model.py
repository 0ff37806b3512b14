"""What was learnt of how records agree: kept whole, and compared from run to run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from math import log2
from typing import Any, Self

import polars as pl

STEADY = "STEADY"
DRIFTED = "DRIFTED"
NOT_COMPARABLE = "NOT_COMPARABLE"
FREQUENCY_SCHEMA = {"column": pl.String(), "value": pl.String(), "share": pl.Float64()}
# Probabilities are kept to this many digits, so that a model read back is the model written.
DIGITS = 12
_DRIFT_SCHEMA = {
    "comparison": pl.String(),
    "level": pl.Int64(),
    "m_before": pl.Float64(),
    "m_after": pl.Float64(),
    "u_before": pl.Float64(),
    "u_after": pl.Float64(),
    "weight_before": pl.Float64(),
    "weight_after": pl.Float64(),
    "change": pl.Float64(),
}


@dataclass(frozen=True, kw_only=True)
class FittedLevel:
    """Agreement at one level of a comparison; "all others" comes last.

    Attributes:
        comparison: Name of the comparison.
        position: From 0, the closest agreement.
        m: Share of true pairs at this level.
        u: Share of chance pairs at this level.
        learnt: False where both stand as declared.
    """

    comparison: str
    position: int
    m: float
    u: float
    learnt: bool

    @property
    def weight(self) -> float:
        """Bits by which the level speaks for one person."""
        return log2(self.m / self.u)


@dataclass(frozen=True, kw_only=True)
class Threshold:
    """From where on the pairs of a band are linked.

    Attributes:
        band: Name of the band.
        weight: Least weight in bits, the prior left out.
        probability: The probability that this weight stands for.
    """

    band: str
    weight: float
    probability: float


@dataclass(frozen=True, kw_only=True)
class FittedModel:
    """Agreement probabilities as they were used.

    Attributes:
        prior: Share of matches among all pairs that exact keys left open.
        slope: Factor on a pair's bits; 1 unless people's decisions say that the bits claim too
            much or too little.
        levels: Agreement by comparison and level.
        thresholds: As chosen; empty until pairs were scored.
        fitted: True where they were learnt from these records.
        seed: Of the sampling.
        defaults_used: Levels, as "comparison.position.m", at which the declared value stands.
        records: Records that it was made for.
        floor: Share taken for a value that no two records held.
        fullest_block: Records in the fullest block value that the pair budget allowed.
        frequencies: column, value, share: how common the values are by which rarity is weighed.
    """

    prior: float
    slope: float = 1.0
    levels: tuple[FittedLevel, ...]
    thresholds: tuple[Threshold, ...] = ()
    fitted: bool
    seed: int
    defaults_used: tuple[str, ...]
    records: int
    floor: float = 1e-6
    fullest_block: int = 0
    frequencies: pl.DataFrame = field(repr=False, compare=False)

    def of(self, comparison: str) -> tuple[FittedLevel, ...]:
        """The levels of one comparison, "all others" last."""
        return tuple(level for level in self.levels if level.comparison == comparison)

    def to_json(self) -> str:
        """Everything but the frequencies, in one order: the same text for the same model."""
        plain = {
            "prior": self.prior,
            "slope": self.slope,
            "levels": [vars(level) for level in self.levels],
            "thresholds": [vars(one) for one in self.thresholds],
            "fitted": self.fitted,
            "seed": self.seed,
            "defaults_used": list(self.defaults_used),
            "records": self.records,
            "floor": self.floor,
            "fullest_block": self.fullest_block,
        }
        return json.dumps(plain, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str, frequencies: pl.DataFrame) -> Self:
        """The model that :meth:`to_json` wrote."""
        plain: Mapping[str, Any] = json.loads(text)
        nested = {
            "levels": tuple(FittedLevel(**level) for level in plain["levels"]),
            "thresholds": tuple(Threshold(**one) for one in plain["thresholds"]),
            "defaults_used": tuple(plain["defaults_used"]),
        }
        return cls(**{**plain, **nested}, frequencies=frequencies)

    @cached_property
    def fingerprint(self) -> str:
        """Sixteen letters that differ where the model or its frequencies differ."""
        digest = blake2b(self.to_json().encode(), digest_size=8)
        rows = self.frequencies.sort("column", "value").iter_rows()
        for column, value, share in rows:
            digest.update(f"{column}\x1f{value}\x1f{share!r}\x1e".encode())
        return digest.hexdigest()


@dataclass(frozen=True, kw_only=True)
class ModelDrift:
    """What changed between two models.

    Attributes:
        levels: One row a level: comparison, level, m and u before and after, the weight in bits
            before and after, and its change.
        prior: Change of the prior in bits.
        largest: Largest change of a weight in bits; 0 where they can't be compared.
        where: "comparison.level" of the largest change.
        verdict: ``STEADY``, ``DRIFTED``, or ``NOT_COMPARABLE`` where the comparisons differ.
    """

    levels: pl.DataFrame
    prior: float
    largest: float
    where: str
    verdict: str


def compare_models(
    before: FittedModel, after: FittedModel, *, tolerance: float = 1.0
) -> ModelDrift:
    """How far agreement has drifted from one run to another.

    Args:
        before: Of the earlier run.
        after: Of the later run.
        tolerance: Largest change of a level's weight, in bits, that is still ``STEADY``.
    """
    places = [(level.comparison, level.position) for level in before.levels]
    if places != [(level.comparison, level.position) for level in after.levels]:
        empty = pl.DataFrame(schema=_DRIFT_SCHEMA)
        return ModelDrift(levels=empty, prior=0.0, largest=0.0, where="", verdict=NOT_COMPARABLE)
    rows = [
        (old.comparison, old.position, old.m, new.m, old.u, new.u, old.weight, new.weight)
        for old, new in zip(before.levels, after.levels, strict=True)
    ]
    changes = [new - old for *_, old, new in rows]
    levels = pl.DataFrame(
        [(*row, change) for row, change in zip(rows, changes, strict=True)],
        schema=_DRIFT_SCHEMA,
        orient="row",
    )
    at = max(range(len(changes)), key=lambda n: abs(changes[n]), default=None)
    largest = 0.0 if at is None else abs(changes[at])
    return ModelDrift(
        levels=levels,
        prior=log2(after.prior / before.prior),
        largest=largest,
        where="" if at is None else f"{places[at][0]}.{places[at][1]}",
        verdict=STEADY if largest <= tolerance else DRIFTED,
    )
