"""Issued numbers tell nobody what they were made for."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from contracts.tables import TABLES
from synthetic.issuing import REFERENCE, Issuer, permuted, reference_columns
from synthetic.records.base import references


@pytest.mark.parametrize("digits", [5, 7, 9])
def test_every_number_becomes_another_and_none_is_shared(digits: int):
    numbers = np.arange(20_000)
    out = permuted(3, "CT", numbers, digits)
    assert len(np.unique(out)) == len(out)
    assert out.min() >= 0
    assert out.max() < 10**digits
    assert not np.array_equal(out, permuted(4, "CT", numbers, digits))
    assert not np.array_equal(out, permuted(3, "PR", numbers, digits))


def test_issued_numbers_do_not_keep_the_order_or_the_neighbours():
    out = permuted(1, "HP", np.arange(5_000), 8)
    assert abs(np.corrcoef(np.arange(5_000), out)[0, 1]) < 0.05
    assert np.mean(np.abs(np.diff(out)) < 1_000) < 0.01


def test_two_holders_number_alike_things_differently():
    refs = references("CT", np.arange(50), 8).tolist()
    assert Issuer(seed=1, holder="ferry").issued(refs) != Issuer(seed=1, holder="holme").issued(
        refs
    )


def test_parts_of_local_ids_are_issued_each_and_other_texts_kept():
    ids = pl.Series(["CT00000001|PY000000007", "HC000003|2", "0a1f|3"])
    out = Issuer(seed=1, holder="ferry").local_ids(ids, "ferry")
    account, party = out[0].split("|")
    assert account.startswith("ferry:CT")
    assert party.startswith("ferry:PY")
    assert out[1].endswith("|2")
    assert out[2] == "0a1f|3"


def test_no_local_id_holds_the_number_of_its_person(tiny):
    links = pl.concat(tiny.context.links)
    inside = links.filter(pl.col("source") == "rent")
    issued = Issuer(seed=tiny.context.streams.seed).local_ids(inside["local_id"])
    number = issued.str.split("|").list.last().str.extract(r"(\d+)$").cast(pl.Int64)
    person = inside["person"]
    assert (number == person).sum() <= 1
    assert abs(np.corrcoef(number.to_numpy(), person.to_numpy())[0, 1]) < 0.15
    assert issued.n_unique() == inside["local_id"].n_unique()


@pytest.mark.parametrize("name", ["ctax_party", "rent_person", "hclic_case", "welfare_applicant"])
def test_every_reference_of_a_delivered_table_is_an_issued_one(tiny, name: str):
    rows = tiny.frames[name]
    columns = reference_columns(TABLES[name], rows)
    assert columns
    issued = Issuer(seed=tiny.context.streams.seed).frame(TABLES[name], rows)
    for column in columns:
        assert issued[column].n_unique() == rows[column].n_unique()
        assert (issued[column] == rows[column]).sum() <= 0.01 * rows.height
        assert REFERENCE.fullmatch(issued[column].drop_nulls()[0])


def test_homes_do_not_number_their_uprn(tiny):
    homes = tiny.context.world.dwellings
    assert len(np.unique(homes.uprn)) < homes.n + 1
    assert abs(np.corrcoef(np.arange(homes.n), homes.uprn)[0, 1]) < 0.15
