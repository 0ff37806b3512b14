"""The only code that opens an invented place's sealed truth: measures for tests and evidence."""

from tests.evaluation.measures import (
    HouseholdScores,
    KinScores,
    PairScores,
    false_links_within_households,
    household_assignment,
    pairwise_linkage,
    recall_by_group,
    true_households,
)
from tests.evaluation.oracle import OracleScores, oracle_auroc
from tests.evaluation.truth import Truth, TruthBroken, load_truth

__all__ = [
    "HouseholdScores",
    "KinScores",
    "OracleScores",
    "PairScores",
    "Truth",
    "TruthBroken",
    "false_links_within_households",
    "household_assignment",
    "load_truth",
    "oracle_auroc",
    "pairwise_linkage",
    "recall_by_group",
    "true_households",
]
