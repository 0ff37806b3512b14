"""Splink: learning how true pairs agree, and scoring the pairs that exact keys left open."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl

from linkage.engine.settings import RECORD, FittedModel, LinkSettings

if TYPE_CHECKING:
    from splink import Linker

logger = logging.getLogger(__name__)
_FEWEST_CHANCE = 1e-6


def fit(
    con: duckdb.DuckDBPyConnection, table: str, settings: LinkSettings, *, seed: int
) -> FittedModel:
    """Agreement probabilities, learnt where there is enough to learn from.

    With fewer than ``settings.least_to_fit`` records, and at every level that no pair reached, the
    declared value stands.
    """
    count = con.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0]
    chance = min(0.5, (settings.per_person - 1) / max(count - 1, 1))
    blank = _blank_settings(settings, prior=max(chance, 1e-9))
    if count < settings.least_to_fit or not settings.fit_on:
        logger.info("Linkage: %d records are too few to learn from; declared values used.", count)
        return _filled(blank, settings, fitted=False)
    linker = _linker(con, table, blank)
    training = linker.training
    if settings.sure:
        training.estimate_probability_two_random_records_match(
            _rules(settings.sure), recall=settings.sure_recall
        )
    training.estimate_u_using_random_sampling(max_pairs=settings.fit_pairs, seed=seed)
    for rule in _rules(settings.fit_on):
        training.estimate_parameters_using_expectation_maximisation(
            rule, estimate_without_term_frequencies=True, max_pairs=settings.fit_pairs
        )
    learnt = linker.misc.save_model_to_json()
    linker.table_management.delete_tables_created_by_splink_from_db()
    return _filled(learnt, settings, fitted=True)


def score(
    con: duckdb.DuckDBPyConnection, table: str, pairs: str, model: FittedModel, *, threshold: float
) -> pl.DataFrame:
    """Probability of a match for each of the pairs, from ``threshold`` on.

    Args:
        con: Connection that holds both tables.
        table: Records.
        pairs: Table of pairs with ``join_key_l`` and ``join_key_r``.
        model: From :func:`fit`.
        threshold: Least probability kept.

    Returns:
        Columns a, b, confidence, weight; ordered.
    """
    linker = _linker(con, table, deepcopy(dict(model.splink)))
    registered = _api(con).register(pairs)
    linker.table_management.register_blocked_pairs_for_predict(registered)
    found = linker.inference.predict(threshold_match_probability=threshold, warning_mode="never")
    edges: pl.DataFrame = con.sql(
        f"""SELECT least({RECORD}_l, {RECORD}_r) AS a, greatest({RECORD}_l, {RECORD}_r) AS b,
                   round(match_probability, 6) AS confidence, round(match_weight, 4) AS weight
            FROM {found.physical_name} ORDER BY a, b"""
    ).pl()
    linker.table_management.delete_tables_created_by_splink_from_db()
    return edges


def _api(con: duckdb.DuckDBPyConnection) -> Any:
    from splink import DuckDBAPI

    return DuckDBAPI(con)


def _linker(con: duckdb.DuckDBPyConnection, table: str, settings: dict[str, Any]) -> Linker:
    from splink import Linker

    # Splink's own log tells of tables and levels by the thousand; ours tells counts.
    logging.getLogger("splink").setLevel(logging.ERROR)
    return Linker(_api(con).register(table), settings, log_level=None)


def _rules(entries: Sequence[tuple[str, ...]]) -> list[Any]:
    from splink import block_on

    return [block_on(*columns) for columns in entries]


def _blank_settings(settings: LinkSettings, *, prior: float) -> dict[str, Any]:
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": RECORD,
        "probability_two_random_records_match": prior,
        "comparisons": [comparison.to_splink() for comparison in settings.comparisons],
        "blocking_rules_to_generate_predictions": [],
        "retain_matching_columns": False,
        "em_convergence": 0.001,
        "linker_uid": "afloat",
    }


def _filled(learnt: dict[str, Any], settings: LinkSettings, *, fitted: bool) -> FittedModel:
    """Every level with both probabilities: learnt where they were, declared where not."""
    model, stood = deepcopy(learnt), []
    for comparison, written in zip(settings.comparisons, model["comparisons"], strict=True):
        speaking = [one for one in written["comparison_levels"] if not one.get("is_null_level")]
        for position, (level, (m, u)) in enumerate(zip(speaking, comparison.defaults, strict=True)):
            for key, default in (("m_probability", m), ("u_probability", u)):
                if not isinstance(level.get(key), float):
                    level[key] = default
                    stood.append(f"{comparison.name}.{position}.{key[0]}")
                level[key] = max(level[key], _FEWEST_CHANCE)
    return FittedModel(splink=model, fitted=fitted, defaults_used=tuple(stood))
