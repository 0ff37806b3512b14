"""How well linkage, households and models did, against what is true."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from tests.evaluation.truth import Truth


@dataclass(frozen=True, kw_only=True)
class PairScores:
    """Pairs of records said to be one person, against pairs that are."""

    true_pairs: int
    predicted_pairs: int
    right_pairs: int

    @property
    def precision(self) -> float:
        """Share of the predicted pairs that are right."""
        return self.right_pairs / self.predicted_pairs if self.predicted_pairs else float("nan")

    @property
    def recall(self) -> float:
        """Share of the true pairs that were found."""
        return self.right_pairs / self.true_pairs if self.true_pairs else float("nan")

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        found = self.predicted_pairs + self.true_pairs
        return 2 * self.right_pairs / found if found else float("nan")


def _pairs(frame: pl.DataFrame, by: list[str]) -> int:
    """Pairs of rows that agree on the columns."""
    sizes = frame.group_by(by).len()["len"].cast(pl.Int64)
    return int((sizes * (sizes - 1) // 2).sum())


def pairwise_linkage(
    person_link: pl.DataFrame, truth: Truth, *, across_sources: bool = True
) -> PairScores:
    """Pairs over records that both sides know.

    Args:
        person_link: source, local_id, person_id.
        truth: The truth.
        across_sources: Count only pairs of records from two different sources. Within a source,
            pairs are often given by the source's own reference and flatter the result.
    """
    joined = person_link.select("source", "local_id", "person_id").join(
        truth.links, on=["source", "local_id"], how="inner"
    )
    keys = {"true": ["person"], "predicted": ["person_id"], "right": ["person", "person_id"]}
    counts = {name: _pairs(joined, key) for name, key in keys.items()}
    if across_sources:
        for name, key in keys.items():
            counts[name] -= _pairs(joined, ["source", *key])
    return PairScores(
        true_pairs=counts["true"],
        predicted_pairs=counts["predicted"],
        right_pairs=counts["right"],
    )


@dataclass(frozen=True, kw_only=True)
class KinScores:
    """Links between two people who truly live, or lived, in one household.

    Attributes:
        links: Pairs of records that were joined, within a source as well as across.
        false: Those of two different people.
        within_household: Those of two people who at some time shared a household.
    """

    links: int
    false: int
    within_household: int

    @property
    def share(self) -> float:
        """False links inside a household, of all links."""
        return self.within_household / self.links if self.links else float("nan")


def false_links_within_households(person_link: pl.DataFrame, truth: Truth) -> KinScores:
    """How often two members of one household were taken for one person: the hardest error.

    Args:
        person_link: source, local_id, person_id.
        truth: The truth.
    """
    joined = person_link.select("source", "local_id", "person_id").join(
        truth.links.select("source", "local_id", pl.col("person").cast(pl.Int64)),
        on=["source", "local_id"],
    )
    links = _pairs(joined, ["person_id"])
    false = links - _pairs(joined, ["person_id", "person"])
    sizes = joined.group_by("person_id", "person").len()
    mixed = sizes.join(sizes, on="person_id", suffix="_other").filter(
        pl.col("person") < pl.col("person_other")
    )
    lived = truth.residency.select(pl.col("person").cast(pl.Int64), "household").unique()
    kin = (
        mixed.join(lived, on="person")
        .join(lived.rename({"person": "person_other"}), on=["person_other", "household"])
        .unique(["person_id", "person", "person_other"])
    )
    within = int((kin["len"].cast(pl.Int64) * kin["len_other"].cast(pl.Int64)).sum())
    return KinScores(links=links, false=false, within_household=within)


def recall_by_group(
    person_link: pl.DataFrame, truth: Truth, *, group: str = "ethnic_group"
) -> pl.DataFrame:
    """Recall over pairs of records from two sources, by a true attribute of the household.

    Args:
        person_link: source, local_id, person_id.
        truth: The truth.
        group: Column of the true households.

    Returns:
        group, people, true_pairs, right_pairs, recall; one row a group that has pairs, in order.
    """
    lived = truth.residency.select(pl.col("person").cast(pl.Int64), "household").join(
        truth.households.select("household", pl.col(group).cast(pl.String()).alias("group")),
        on="household",
    )
    joined = person_link.select("source", "local_id", "person_id").join(
        truth.links.select("source", "local_id", pl.col("person").cast(pl.Int64)),
        on=["source", "local_id"],
    )
    whose = joined.join(_majority(lived, "person", "group"), on="person")
    counted = []
    for (name,), rows in whose.sort("group").group_by("group", maintain_order=True):
        pairs = [
            _pairs(rows, key) - _pairs(rows, ["source", *key])
            for key in (["person"], ["person", "person_id"])
        ]
        counted.append((name, rows["person"].n_unique(), *pairs))
    columns = {"group": pl.String, "people": pl.Int64, "true_pairs": pl.Int64}
    return (
        pl.DataFrame(counted, schema={**columns, "right_pairs": pl.Int64}, orient="row")
        .filter(pl.col("true_pairs") > 0)
        .with_columns((pl.col("right_pairs") / pl.col("true_pairs")).alias("recall"))
    )


def _majority(frame: pl.DataFrame, key: str, value: str) -> pl.DataFrame:
    """The commonest value of each key; of equals, the smallest."""
    return (
        frame.group_by(key, value)
        .len()
        .sort(key, "len", value, descending=[False, True, False])
        .group_by(key, maintain_order=True)
        .first()
        .select(key, value)
    )


def _true_members(
    household_member: pl.DataFrame, person_link: pl.DataFrame, truth: Truth, snapshot: date
) -> pl.DataFrame:
    """household_id, person (true), household (true) of everybody placed at a snapshot."""
    people = person_link.join(truth.links, on=["source", "local_id"], how="inner")
    true_person = _majority(people, "person_id", "person")
    lived = truth.residency.filter(pl.col("month") == snapshot).select("person", "household")
    return (
        household_member.filter(pl.col("snapshot_date") == snapshot)
        .select("household_id", "person_id")
        .join(true_person, on="person_id", how="inner")
        .join(lived.with_columns(pl.col("person").cast(pl.Int64)), on="person", how="left")
        .sort("household_id", "person_id")
    )


def true_households(
    household_member: pl.DataFrame, person_link: pl.DataFrame, truth: Truth, snapshot: date
) -> pl.DataFrame:
    """household_id and household: the true household that most of its members belong to."""
    members = _true_members(household_member, person_link, truth, snapshot)
    return _majority(members.drop_nulls("household"), "household_id", "household")


@dataclass(frozen=True, kw_only=True)
class HouseholdScores:
    """How well people were put into households at one snapshot.

    Attributes:
        people: People placed whose person is known to the truth.
        right: Those whose true household is the one that most people of their predicted household
            belong to, where no other predicted household has more people of that true household.
            Somebody who had left the place by then is never right.
        pairs: Pairs of people who live together, predicted against true, of people both sides know.
    """

    people: int
    right: int
    pairs: PairScores

    @property
    def share_right(self) -> float:
        """Share of people in the right household."""
        return self.right / self.people if self.people else float("nan")


def household_assignment(
    household_member: pl.DataFrame, person_link: pl.DataFrame, truth: Truth, snapshot: date
) -> HouseholdScores:
    """People in the right household at a snapshot.

    A predicted household stands for the true household of most of its members; each true household
    is stood for once, by the predicted household that holds most of it, so that neither lumping
    strangers together nor splitting a family is rewarded.
    """
    members = _true_members(household_member, person_link, truth, snapshot)
    known = members.drop_nulls("household")
    overlap = known.group_by("household_id", "household").len()
    best_here = _first(overlap, by="household_id", then="household")
    best_there = _first(best_here, by="household", then="household_id")
    right = known.join(best_there, on=["household_id", "household"], how="semi").height
    pairs = PairScores(
        true_pairs=_pairs(known, ["household"]),
        predicted_pairs=_pairs(known, ["household_id"]),
        right_pairs=_pairs(known, ["household", "household_id"]),
    )
    return HouseholdScores(people=members.height, right=right, pairs=pairs)


def _first(overlap: pl.DataFrame, *, by: str, then: str) -> pl.DataFrame:
    ordered = overlap.sort(by, "len", then, descending=[False, True, False])
    return ordered.group_by(by, maintain_order=True).first().select(overlap.columns)
