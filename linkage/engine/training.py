"""Splink learns how true pairs agree."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
import polars as pl

from linkage.engine.asking import columns_in
from linkage.engine.model import DIGITS, FREQUENCY_SCHEMA, FittedLevel, FittedModel
from linkage.engine.records import holding
from linkage.engine.runs import Ints, mixed
from linkage.engine.settings import RECORD, Comparison, LinkSettings
from linkage.engine.sharing import Sharing

if TYPE_CHECKING:
    from splink import Linker

logger = logging.getLogger(__name__)
_LEAST_CHANCE = 1e-6


def fit(shared: Sharing, settings: LinkSettings, *, seed: int, memory: str = "2GB") -> FittedModel:
    """Agreement probabilities, learnt where there is enough to learn from.

    With fewer than ``settings.least_to_fit`` records, and at every level that no pair reached, the
    declared value stands.

    Args:
        shared: The records.
        settings: What is compared.
        seed: Of the sampling.
        memory: The most that the queries may hold, such as ``2GB``.
    """
    count = len(shared.numbers)
    chance = max(min(0.5, (settings.per_person - 1) / max(count - 1, 1)), 1e-9)
    if count < settings.least_to_fit or not settings.fit_on:
        logger.info("Linkage: %d records are too few to learn from; declared values used.", count)
        nothing: list[list[dict[str, Any]]] = [
            [{} for _ in comparison.defaults] for comparison in settings.comparisons
        ]
        return _filled(nothing, settings, prior=chance, records=count, fitted=False, seed=seed)
    at = sampled(shared.numbers, most=settings.fit_records, seed=seed)
    prior = _share_of_matches(shared, at, settings) or chance
    # Sums over threads come in any order, and a seeded sample is drawn per thread.
    with holding(_needed(shared.ordered, settings)[at], 1, memory) as con:
        learnt = _learnt(con, shared, at, settings, prior=prior, seed=seed)
    speaking = [
        [one for one in written["comparison_levels"] if not one.get("is_null_level")]
        for written in learnt["comparisons"]
    ]
    return _filled(speaking, settings, prior=prior, records=count, fitted=True, seed=seed)


def sampled(numbers: Ints, *, most: int, seed: int) -> Ints:
    """Places of about that many of the records, chosen by their numbers and the seed alone."""
    if len(numbers) <= most:
        return np.arange(len(numbers))
    drawn = mixed(numbers ^ mixed(np.array([seed])).astype(np.int64))
    return np.flatnonzero(drawn < np.uint64(most / len(numbers) * 2**64))


def _needed(records: pl.DataFrame, settings: LinkSettings) -> pl.DataFrame:
    """The record's number and the columns that agreement is learnt from."""
    said = " ".join(
        part
        for comparison in settings.comparisons
        for part in (comparison.missing, *(level.when for level in comparison.levels))
    )
    among = {RECORD, *columns_in(said, records.columns), *chain.from_iterable(settings.fit_on)}
    return records.select(column for column in records.columns if column in among)


def _share_of_matches(shared: Sharing, at: Ints, settings: LinkSettings) -> float:
    """Share of matches among all pairs, from those that share what only one person should have.

    It is 0 where nothing tells of any.

    Raises:
        ValueError: If these are more than is consistent with the recall that is stated.
    """
    found = [np.zeros(0, dtype=np.int64)]
    for columns in settings.sure:
        _, one, other = shared.runs(columns, at).all_pairs()
        found.append(one * len(shared.numbers) + other)
    pairs = np.sort(np.concatenate(found))
    sure = int((np.diff(pairs, prepend=-1) > 0).sum())
    possible = len(at) * (len(at) - 1) / 2
    if sure > possible * settings.sure_recall:
        raise ValueError(
            f"{sure} of {possible:.0f} pairs of records agree on {settings.sure}: more than a"
            f" recall of {settings.sure_recall} allows. State in `sure` what only one person has."
        )
    return sure / settings.sure_recall / possible


def _learnt(
    con: duckdb.DuckDBPyConnection,
    shared: Sharing,
    at: Ints,
    settings: LinkSettings,
    *,
    prior: float,
    seed: int,
) -> dict[str, Any]:
    """Splink's own settings after training, with the probabilities that it could learn."""
    linker = _linker(con, "records", _blank_settings(settings, prior=prior))
    training = linker.training
    training.estimate_u_using_random_sampling(max_pairs=settings.fit_pairs, seed=seed, num_chunks=1)
    for columns in settings.fit_on:
        sizes = shared.runs(columns, at).sizes
        # Splink would first count a sample of the pairs to see whether they are too many.
        many = (sizes * (sizes - 1) // 2).sum() > settings.fit_pairs
        training.estimate_parameters_using_expectation_maximisation(
            _rule(columns),
            estimate_without_term_frequencies=True,
            max_pairs=settings.fit_pairs if many else None,
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


def _rule(columns: tuple[str, ...]) -> Any:
    from splink import block_on

    return block_on(*columns)


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
