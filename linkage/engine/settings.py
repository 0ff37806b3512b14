"""What a linkage is told: which columns are compared, how, and what may never be joined."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

RECORD = "record_id"


@dataclass(frozen=True, kw_only=True)
class Level:
    """One degree of agreement of a comparison.

    Attributes:
        when: SQL condition on ``<column>_l`` and ``<column>_r``.
        m: Share of true pairs at this level, used where too few pairs were there to learn it.
        u: Share of chance pairs at this level, likewise.
        rarity: Column whose rare values weigh more; None where rarity plays no part. A column of
            lists holds the groups of forms that a value belongs to: two values weigh by how common
            the group is that they share.
    """

    when: str
    m: float
    u: float
    rarity: str | None = None


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Two records seen through one attribute, from the closest level to the last, "all others".

    Attributes:
        name: Name of the comparison.
        missing: SQL condition under which it says nothing.
        levels: Levels from the closest agreement on.
        other_m: As in :class:`Level`, for pairs at no level.
        other_u: Likewise.
    """

    name: str
    missing: str
    levels: tuple[Level, ...]
    other_m: float
    other_u: float

    def to_splink(self) -> dict[str, Any]:
        """The comparison as Splink's settings write it, without probabilities."""
        levels: list[dict[str, Any]] = [
            {"sql_condition": self.missing, "is_null_level": True, "label_for_charts": "missing"}
        ]
        for position, level in enumerate(self.levels):
            levels.append({"sql_condition": level.when, "label_for_charts": f"level {position}"})
        levels.append({"sql_condition": "ELSE", "label_for_charts": "all others"})
        return {"output_column_name": self.name, "comparison_levels": levels}

    @property
    def defaults(self) -> tuple[tuple[float, float], ...]:
        """(m, u) of every level that says something, "all others" last."""
        known = tuple((level.m, level.u) for level in self.levels)
        return (*known, (self.other_m, self.other_u))


@dataclass(frozen=True, kw_only=True)
class ExactKey:
    """Records that share every one of these values are one person, if ``agree`` holds as well.

    Attributes:
        rule_id: Name of the rule, kept with every link that it makes.
        columns: The key; a record without one of them is passed over.
        agree: SQL condition on ``l.`` and ``r.`` that a mistyped or shared key would fail.
        confidence: Confidence of the links.
        most: A key value held by more records than this is a placeholder and links nobody.
        most_people: Likewise a value whose holders fall into more people than this by ``agree``.
    """

    rule_id: str
    columns: tuple[str, ...]
    agree: str = "true"
    confidence: float = 0.99
    most: int = 60
    most_people: int = 3


@dataclass(frozen=True, kw_only=True)
class LinkSettings:
    """Everything that a linkage is told.

    Attributes:
        comparisons: What is compared.
        blocks: Pairs that are looked at: each entry is a tuple of columns that must be equal.
        keys: Exact keys, tried before anything is estimated.
        fit_on: Pairs among which agreement is learnt; a comparison that uses one of the columns is
            learnt from the other entries.
        sure: Columns whose joint equality is taken as a match when the share of matches among all
            pairs is estimated.
        sure_recall: Share of all true pairs that ``sure`` is thought to find.
        never: SQL condition on ``l.`` and ``r.`` under which two records are not one person,
            whatever else agrees; None where there is none.
        apart: Likewise, but only looked at among records that would otherwise be joined: such as
            two lines of a form that lists each person once.
        weigh: SQL condition on ``l.`` and ``r.`` for a pair to be weighed at all; None weighs
            every pair that a block brings.
        handles: Columns that only keys and ``apart`` use; records that differ in nothing else are
            weighed once.
        threshold: Least probability of a link, where no error is stated or nothing was learnt.
        error: Stated share of false links among the estimated links; the threshold of each band is
            then chosen for these records. None keeps ``threshold``.
        floor: Least probability of a link where an error is stated, however few are false above it.
        band: SQL on ``l.`` and ``r.`` that gives the band of a pair as text, such as what evidence
            it has; each band gets a threshold of its own. None makes one band of all pairs.
        review_from: Least probability of the pairs under the threshold that are kept for review.
        company: True where an estimated link between two clusters needs others beside it, as many
            as the smaller cluster has groups of records.
        pairs_per_record: Pairs that may be looked at, by record; block values are dropped, the
            fullest first, until the rest are within it, and what was dropped is told.
        rule_id: Name of the probabilistic rule.
        least_to_fit: With fewer records the declared probabilities are used as they stand.
        per_person: Records a person is expected to have, for the share of matches without fitting.
        fit_pairs: Most pairs looked at in each estimation.
        fit_records: Most records that agreement is learnt from; of more, a sample drawn by number.
    """

    comparisons: tuple[Comparison, ...]
    blocks: tuple[tuple[str, ...], ...]
    keys: tuple[ExactKey, ...] = ()
    fit_on: tuple[tuple[str, ...], ...] = ()
    sure: tuple[tuple[str, ...], ...] = ()
    sure_recall: float = 0.6
    never: str | None = None
    apart: str | None = None
    weigh: str | None = None
    handles: tuple[str, ...] = ()
    threshold: float = 0.9
    error: float | None = None
    floor: float = 0.5
    band: str | None = None
    review_from: float = 0.5
    company: bool = True
    pairs_per_record: float = 50.0
    rule_id: str = "PROBABILITY"
    least_to_fit: int = 1500
    per_person: float = 2.0
    fit_pairs: float = 1e6
    fit_records: int = 1_000_000

    @property
    def compared(self) -> tuple[str, ...]:
        """Names of the comparisons."""
        return tuple(comparison.name for comparison in self.comparisons)
