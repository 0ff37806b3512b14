"""What pairs weigh: as Splink would weigh them, and rare values more than common ones."""

from __future__ import annotations

from dataclasses import replace

import duckdb
import numpy as np
import polars as pl
import pytest

from linkage.engine import comparisons as compare
from linkage.engine.model import FittedModel
from linkage.engine.scoring import frequencies, weights, with_shares
from linkage.engine.settings import Comparison, Level, LinkSettings
from linkage.engine.sharing import Sharing
from linkage.engine.training import fit

_ROWS = [
    ("ann", "smith", "1980-05-04", [1]),
    ("ann", "smith", "1980-05-04", [1]),
    ("anne", "smith", "1980-04-05", [1]),
    ("ann", "smith", None, None),
    ("ola", "ziegfeld", "1980-05-05", [2]),
    ("olla", "ziegfeld", "1980-01-01", [2]),
    ("mo", "khan", "1991-01-01", [3, 4]),
    ("moh", "khan", "1991-01-01", [4]),
    ("moha", "khan", "1990-01-01", [3]),
    ("mohe", "kahn", "1990-01-01", [3]),
]
_PAIRS = [(a, b) for a in range(10) for b in range(a + 1, 10)]


def weighed(settings: LinkSettings) -> tuple[dict[tuple[int, int], float], FittedModel]:
    """Weights of all pairs of the rows, under the declared probabilities."""
    con = duckdb.connect()
    text = pl.String()
    schema = {"first": text, "last": text, "dob": text, "forms": pl.List(pl.Int64())}
    rows = pl.DataFrame(_ROWS, schema=schema, orient="row").with_row_index("record_id")
    a, b = np.array(_PAIRS).T
    every = np.arange(rows.height)
    model = fit(Sharing(rows, every), settings, seed=1)
    shares, floor = frequencies(rows, every, settings)
    model = replace(model, frequencies=shares, floor=floor)
    found = weights(con, with_shares(rows, settings, model), (a, b), settings, model)
    assert found["n"].to_list() == list(range(len(_PAIRS)))
    return dict(zip(_PAIRS, found["weight"].to_list(), strict=True)), model


def by_splink(settings: LinkSettings, model: FittedModel) -> dict[tuple[int, int], float]:
    """Splink's own prediction with the same probabilities, its prior taken out."""
    from splink import DuckDBAPI, Linker

    written = []
    for comparison in settings.comparisons:
        plain = comparison.to_splink()
        levels = plain["comparison_levels"][1:]
        for said, fitted in zip(levels, model.of(comparison.name), strict=True):
            said["m_probability"], said["u_probability"] = fitted.m, fitted.u
        for said, level in zip(levels, comparison.levels, strict=False):
            if level.rarity is not None:
                said["tf_adjustment_column"] = level.rarity
        written.append(plain)
    con = duckdb.connect()
    schema = ["first", "last", "dob", "forms"]
    rows = pl.DataFrame(_ROWS, schema=schema, orient="row").with_row_index("record_id")
    con.register("given", rows.to_arrow())
    con.execute("CREATE TABLE rows AS SELECT * FROM given")
    linker = Linker(
        DuckDBAPI(con).register("rows"),
        {
            "link_type": "dedupe_only",
            "unique_id_column_name": "record_id",
            "probability_two_random_records_match": 0.5,
            "comparisons": written,
            "blocking_rules_to_generate_predictions": ["1=1"],
        },
        log_level=None,
    )
    found = linker.inference.predict(warning_mode="never").physical_name
    rows_of = con.sql(f"SELECT record_id_l, record_id_r, match_weight FROM {found}").fetchall()
    return {(min(a, b), max(a, b)): weight for a, b, weight in rows_of}


def test_pairs_weigh_what_splink_says() -> None:
    settings = LinkSettings(
        comparisons=(
            compare.name("first", swapped_with="last", swap_counts=True),
            compare.name("last", swapped_with="first"),
            compare.birth_date("dob"),
        ),
        blocks=(),
    )
    ours, model = weighed(settings)
    theirs = by_splink(settings, model)
    assert set(ours) == set(theirs) == set(_PAIRS)
    assert ours == pytest.approx(theirs, abs=1e-4)


def test_a_rare_name_weighs_more_than_a_common_one() -> None:
    last = compare.name("last")
    found, _ = weighed(LinkSettings(comparisons=(last,), blocks=()))
    # Four are called smith, two ziegfeld: half as common is one bit more.
    assert found[4, 5] - found[0, 1] == pytest.approx(1.0)


def test_forms_of_a_name_share_how_common_their_group_is() -> None:
    forms = Comparison(
        name="forms",
        missing=compare.missing("forms"),
        levels=(Level(when="list_has_any(forms_l, forms_r)", m=0.9, u=0.1, rarity="forms"),),
        other_m=0.1,
        other_u=0.9,
    )
    found, _ = weighed(LinkSettings(comparisons=(forms,), blocks=()))
    # Of nine with a group: three in 1, two in 2, three in 3, two in 4.
    assert found[0, 1] == pytest.approx(found[8, 9])
    assert found[4, 5] - found[0, 1] == pytest.approx(0.584963, abs=1e-4)
    # Who is in two groups is met through the one that is shared.
    assert found[6, 7] == pytest.approx(found[4, 5])
    assert found[6, 8] == pytest.approx(found[8, 9])
    assert found[0, 3] == 0
