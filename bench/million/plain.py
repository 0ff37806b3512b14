"""A plain Splink run on three tables: its own comparisons, training, prediction and clusters.

It is written as Splink's own guides are, with its library's comparisons and the defaults of its
training: a million pairs to learn chance agreement from, and every blocked pair to learn the rest
from. Two things make it cheaper than the defaults, so that the comparison is not won by them: term
frequencies are left out while it learns, and matching columns are not carried along.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from bench.million.people import REGISTERS

LINKED_FROM = 0.95
# Where a plain run would be cut is for whoever runs it to say: it is judged at the best of these.
CUTS = (0.9, 0.95, 0.99, 0.999)


def linked(records: Path, *, threads: int) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Link the registers as Splink's own guide does.

    Args:
        records: Parquet file of the records.
        threads: Threads.

    Returns:
        The nodes (register, local_id, person), the predicted pairs (each end's register and
        local_id, and the probability), and Splink's own clusters.
    """
    from splink import DuckDBAPI, Linker

    logging.getLogger("splink").setLevel(logging.ERROR)
    con = duckdb.connect(config={"threads": threads})
    names = [register.name for register in REGISTERS]
    for name in names:
        con.execute(
            f"""CREATE TABLE {name} AS
                SELECT * EXCLUDE (person), local_id AS unique_id, left(dob, 4) AS birth_year,
                       regexp_extract(postcode, '^(.+)..$', 1) AS sector
                FROM read_parquet('{records}') WHERE register = '{name}'"""
        )
    api = DuckDBAPI(con)
    tables = [api.register(name, dataset_display_name=name) for name in names]
    linker = Linker(tables, _settings(), log_level=None)
    _train(linker)
    predicted = linker.inference.predict(threshold_match_probability=min(CUTS))
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(
        predicted, threshold_match_probability=LINKED_FROM
    )
    pairs: pl.DataFrame = con.sql(
        f"""SELECT source_dataset_l, unique_id_l, source_dataset_r, unique_id_r, match_probability
            FROM {predicted.physical_name}"""
    ).pl()
    found: pl.DataFrame = con.sql(f"SELECT cluster_id FROM {clusters.physical_name}").pl()
    nodes = pl.read_parquet(records, columns=["register", "local_id", "person"])
    return nodes, pairs, found


def _settings() -> Any:
    import splink.comparison_library as cl
    from splink import SettingsCreator

    return SettingsCreator(
        link_type="link_and_dedupe",
        comparisons=[
            cl.NameComparison("first").configure(term_frequency_adjustments=True),
            cl.NameComparison("last").configure(term_frequency_adjustments=True),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            cl.PostcodeComparison("postcode"),
            *(cl.ExactMatch(column) for column in ("uprn", "nino", "nhs", "sex")),
        ],
        blocking_rules_to_generate_predictions=_blocks(),
        retain_matching_columns=False,
    )


def _blocks() -> list[Any]:
    from splink import block_on

    from bench.million.mapping import settings

    return [block_on(*columns) for columns in settings().blocks]


def _train(linker: Any) -> None:
    from splink import block_on

    training = linker.training
    training.estimate_probability_two_random_records_match(
        [block_on("nino"), block_on("nhs"), block_on("first", "last", "dob", "postcode")],
        recall=0.8,
    )
    training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for columns in (("last", "dob"), ("postcode", "first")):
        training.estimate_parameters_using_expectation_maximisation(
            block_on(*columns), estimate_without_term_frequencies=True
        )
