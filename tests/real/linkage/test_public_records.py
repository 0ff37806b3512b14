"""The engine on public benchmark records, with the recipes that a new set of records would need.

Known figures: FEBRL 3 without its identity number, pair F1 0.975 with stock Splink; historical
people with Splink's documented 50k recipe, cluster F1 0.838.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from linkage.engine import comparisons as compare
from linkage.engine.link import Linkage, link_records
from linkage.engine.settings import LinkSettings

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"


def _read(name: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    folder = DATA / name
    if not folder.exists():
        pytest.skip(f"the public records {name} are not beside the repository")
    records = pl.read_parquet(folder / "records.parquet").sort("record_id")
    truth = pl.read_parquet(folder / "truth.parquet").sort("record_id")
    number = pl.int_range(records.height, dtype=pl.Int64()).alias("record_id")
    return records.with_columns(number), truth.with_columns(number)


def _pairs(frame: pl.DataFrame, *by: str) -> int:
    size = pl.col("len").cast(pl.Int64())
    return int(frame.group_by(by).len().select((size * (size - 1) // 2).sum()).item())


def _quality(linkage: Linkage, truth: pl.DataFrame) -> tuple[float, float, float]:
    placed = linkage.links.join(truth, on="record_id")
    hits = _pairs(placed, "cluster", "person_id")
    precision = hits / _pairs(placed, "cluster")
    recall = hits / _pairs(placed, "person_id")
    return precision, recall, 2 * precision * recall / (precision + recall)


def _febrl() -> tuple[pl.DataFrame, pl.DataFrame, LinkSettings]:
    records, truth = _read("linkage_febrl3")
    born = pl.col("date_of_birth")
    frame = records.select(
        "record_id",
        pl.col("given_name").alias("first"),
        pl.col("surname").alias("last"),
        pl.format(
            "{}-{}-{}", born.str.slice(0, 4), born.str.slice(4, 2), born.str.slice(6, 2)
        ).alias("dob"),
        "postcode",
        "suburb",
        "address_1",
        "street_number",
        pl.col("given_name").str.slice(0, 3).alias("first_3"),
        pl.col("surname").str.slice(0, 3).alias("last_3"),
        pl.col("address_1").str.slice(0, 4).alias("street_4"),
    )
    settings = LinkSettings(
        comparisons=(
            compare.name("first", swapped_with="last", swap_counts=True),
            compare.name("last", swapped_with="first"),
            compare.birth_date("dob"),
            compare.text("suburb"),
            compare.text("address_1"),
            compare.equal("postcode", m=0.8, u=0.001),
            compare.equal("street_number", m=0.8, u=0.01),
        ),
        blocks=(
            ("dob",),
            ("first", "last"),
            ("postcode", "suburb"),
            ("first_3", "last_3"),
            ("address_1",),
            ("last_3", "postcode"),
            ("first_3", "postcode"),
            ("suburb", "street_4"),
        ),
        fit_on=(("dob",), ("first", "last"), ("postcode",)),
        sure=(("dob", "last"), ("dob", "first"), ("dob", "postcode")),
        sure_recall=0.8,
        threshold=0.5,
        per_person=2.5,
    )
    return frame, truth, settings


def _historical() -> tuple[pl.DataFrame, pl.DataFrame, LinkSettings]:
    records, truth = _read("linkage_historical_people")
    postcode = pl.col("postcode")
    frame = records.select(
        "record_id",
        pl.col("first_name").alias("first"),
        pl.col("surname").alias("last"),
        "dob",
        "birth_place",
        "occupation",
        "gender",
        "postcode",
        postcode.str.extract(r"^(\S+ \S)").alias("sector"),
        postcode.str.extract(r"^(\S+)").alias("district"),
        pl.col("dob").str.slice(0, 4).alias("year"),
        pl.col("dob").str.slice(5).alias("month_day"),
        pl.col("first_name").str.slice(0, 1).alias("first_1"),
        pl.col("first_name").str.slice(0, 3).alias("first_3"),
        pl.col("surname").str.slice(0, 3).alias("last_3"),
        pl.col("surname").str.slice(0, 4).alias("last_4"),
    )
    settings = LinkSettings(
        comparisons=(
            compare.name("first"),
            compare.name("last"),
            compare.birth_date("dob"),
            compare.ladder(
                "place", ("postcode", "sector", "district"), m=0.6, u=(0.0003, 0.001, 0.003)
            ),
            compare.equal("birth_place", m=0.7, u=0.01, rarity=True),
            compare.equal("occupation", m=0.9, u=0.05, rarity=True),
            compare.equal("gender", m=0.95, u=0.6),
        ),
        blocks=(
            ("dob",),
            ("first", "last"),
            ("postcode", "first_1"),
            ("last", "district"),
            ("first", "district"),
            ("first_3", "last_3", "birth_place"),
            ("year", "last"),
            ("first_3", "month_day", "last_3"),
            ("last_4", "year", "first_1"),
            ("first", "year", "birth_place"),
            ("last_4", "sector"),
            ("postcode", "year"),
            ("postcode", "birth_place"),
            ("last", "birth_place"),
        ),
        fit_on=(("first", "last"), ("dob",)),
        sure=(("first", "last", "dob"), ("first", "last", "postcode")),
        sure_recall=0.5,
        threshold=0.95,
        fit_pairs=3e6,
        per_person=10,
    )
    return frame, truth, settings


def test_febrl_without_its_identity_number(
    record_property: Callable[[str, object], None],
) -> None:
    frame, truth, settings = _febrl()
    linkage = link_records(frame, settings, seed=7)
    precision, recall, f1 = _quality(linkage, truth)
    record_property("febrl3-pair-f1", f1)
    assert linkage.model.fitted
    assert f1 >= 0.985, f"precision {precision:.4f}, recall {recall:.4f}, F1 {f1:.4f}"


def test_febrl_with_declared_probabilities_alone() -> None:
    frame, truth, settings = _febrl()
    few = frame.head(1200)
    linkage = link_records(few, settings, seed=7)
    _, _, f1 = _quality(linkage, truth.head(1200))
    assert not linkage.model.fitted
    assert f1 >= 0.975


def test_historical_people(record_property: Callable[[str, object], None]) -> None:
    frame, truth, settings = _historical()
    linkage = link_records(frame, settings, seed=7)
    precision, recall, f1 = _quality(linkage, truth)
    record_property("historical-cluster-f1", f1)
    assert f1 >= 0.87, f"precision {precision:.4f}, recall {recall:.4f}, F1 {f1:.4f}"


def test_the_same_links_on_repeat_and_on_one_thread() -> None:
    frame, _, settings = _febrl()
    first = link_records(frame, settings, seed=7, threads=2)
    again = link_records(
        frame.sample(fraction=1.0, shuffle=True, seed=3), settings, seed=7, threads=1
    )
    assert first.links.equals(again.links)
    assert first.edges.equals(again.edges)
