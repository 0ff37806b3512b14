"""Splink learns how true pairs agree."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl

from linkage.engine.model import DIGITS, FREQUENCY_SCHEMA, FittedLevel, FittedModel
from linkage.engine.records import holding
from linkage.engine.settings import RECORD, Comparison, LinkSettings
from linkage.engine.sharing import Sharing

if TYPE_CHECKING:
    from splink import Linker

logger = logging.getLogger(__name__)
_LEAST_CHANCE = 1e-6


def fit(
    con: duckdb.DuckDBPyConnection, table: str, settings: LinkSettings, *, seed: int
) -> FittedModel:
    """Agreement probabilities, learnt where there is enough to learn from.

    With fewer than ``settings.least_to_fit`` records, and at every level that no pair reached, the
    declared value stands.
    """
    count = con.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0]
    chance = max(min(0.5, (settings.per_person - 1) / max(count - 1, 1)), 1e-9)
    if count < settings.least_to_fit or not settings.fit_on:
        logger.info("Linkage: %d records are too few to learn from; declared values used.", count)
        nothing: list[list[dict[str, Any]]] = [
            [{} for _ in comparison.defaults] for comparison in settings.comparisons
        ]
        return _filled(nothing, settings, prior=chance, records=count, fitted=False, seed=seed)
    if count > settings.fit_records:
        table = sampled(con, table, share=settings.fit_records / count, seed=seed)
    learnt = _learnt(con, table, settings, prior=chance, seed=seed)
    speaking = [
        [one for one in written["comparison_levels"] if not one.get("is_null_level")]
        for written in learnt["comparisons"]
    ]
    prior = float(learnt["probability_two_random_records_match"])
    return _filled(speaking, settings, prior=prior, records=count, fitted=True, seed=seed)


def learnt_from(shared: Sharing, settings: LinkSettings, *, seed: int, memory: str) -> FittedModel:
    """:func:`fit` on a connection of its own.

    Args:
        shared: The records.
        settings: What is compared.
        seed: Of the sampling.
        memory: The most that the queries may hold.
    """
    # Sums over threads come in any order, and a seeded sample is drawn per thread.
    with holding(shared.ordered, 1, memory) as con:
        return fit(con, "records", settings, seed=seed)


def sampled(con: duckdb.DuckDBPyConnection, table: str, *, share: float, seed: int) -> str:
    """Make a table of that share of the records, chosen by their numbers and the seed alone."""
    last = int(share * 2**64) - 1
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE learnt_from AS SELECT * FROM {table}
            WHERE hash({RECORD}, {seed}) <= {last}::UBIGINT ORDER BY {RECORD}"""
    )
    return "learnt_from"


def _learnt(
    con: duckdb.DuckDBPyConnection, table: str, settings: LinkSettings, *, prior: float, seed: int
) -> dict[str, Any]:
    """Splink's own settings after training, with the probabilities that it could learn."""
    linker = _linker(con, table, _blank_settings(settings, prior=prior))
    training = linker.training
    if settings.sure:
        training.estimate_probability_two_random_records_match(
            _rules(settings.sure), recall=settings.sure_recall
        )
    training.estimate_u_using_random_sampling(max_pairs=settings.fit_pairs, seed=seed, num_chunks=1)
    for rule in _rules(settings.fit_on):
        training.estimate_parameters_using_expectation_maximisation(
            rule, estimate_without_term_frequencies=True, max_pairs=settings.fit_pairs
        )
    learnt: dict[str, Any] = linker.misc.save_model_to_json()
    linker.table_management.delete_tables_created_by_splink_from_db()
    return learnt


def _linker(con: duckdb.DuckDBPyConnection, table: str, settings: dict[str, Any]) -> Linker:
    from splink import DuckDBAPI, Linker

    # Splink's own log tells of tables and levels by the thousand; ours tells counts.
    logging.getLogger("splink").setLevel(logging.ERROR)
    known = DuckDBAPI(con).register(table)
    return Linker(known, settings, log_level=None, validate_settings=False)


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


def _filled(
    learnt: list[list[dict[str, Any]]],
    settings: LinkSettings,
    *,
    prior: float,
    records: int,
    fitted: bool,
    seed: int,
) -> FittedModel:
    """Every level with both probabilities: learnt where they were, declared where not."""
    levels: list[FittedLevel] = []
    stood: list[str] = []
    for comparison, written in zip(settings.comparisons, learnt, strict=True):
        for level, missing in _levels(comparison, written, prior=prior):
            levels.append(level)
            stood += missing
    return FittedModel(
        prior=_rounded(prior),
        levels=tuple(levels),
        fitted=fitted,
        seed=seed,
        defaults_used=tuple(stood),
        records=records,
        frequencies=pl.DataFrame(schema=FREQUENCY_SCHEMA),
    )


def _levels(
    comparison: Comparison, written: list[dict[str, Any]], *, prior: float
) -> Iterator[tuple[FittedLevel, list[str]]]:
    for position, (found, (m, u)) in enumerate(zip(written, comparison.defaults, strict=True)):
        seen_m, seen_u = found.get("m_probability"), found.get("u_probability")
        missing = [
            f"{comparison.name}.{position}.{name}"
            for name, value in (("m", seen_m), ("u", seen_u))
            if not isinstance(value, float)
        ]
        true = seen_m if isinstance(seen_m, float) else m
        chance = _of_chance_alone(seen_u, true, prior) if isinstance(seen_u, float) else u
        level = FittedLevel(
            comparison=comparison.name,
            position=position,
            m=_rounded(max(true, _LEAST_CHANCE)),
            u=_rounded(max(chance, _LEAST_CHANCE)),
            learnt=len(missing) < 2,
        )
        yield level, missing


def _of_chance_alone(seen: float, true: float, prior: float) -> float:
    """Agreement of two different people, from that of pairs drawn at random.

    A random pair is one person twice with the chance ``prior``: among few records that share is
    larger than the chance that two people agree by accident, and would hide it. At most nine
    tenths of what was seen is taken away, since what is taken away is itself an estimate.
    """
    return max((seen - prior * true) / (1 - prior), seen / 10)


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")
