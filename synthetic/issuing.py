"""Numbers as each council's own systems issue them, and what becomes of them when councils merge.

Inside the simulator a reference says what it numbers. Nothing of that may leave it: each holder of
a source has a keyed permutation of its own, so an issued number tells nobody which person, home or
household it was made for, and two districts may issue the same one.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from contracts.columns import Kind, Table
from synthetic.streams import Ints, Streams

REFERENCE = re.compile(r"([A-Z]{1,3})(\d{5,10})")
_ROUNDS = 4


def permuted(seed: int, name: str, numbers: Ints, digits: int) -> Ints:
    """Each number below ``10 ** digits`` as another, no two alike, by a keyed Feistel network.

    Args:
        seed: Seed of the place.
        name: Key beside the seed; another name is another order.
        numbers: Numbers from 0 up to, not including, ``10 ** digits``.
        digits: How many digits a number has.
    """
    streams, limit = Streams(seed), 10**digits
    half = (int(limit - 1).bit_length() + 1) // 2
    mask = (1 << half) - 1
    out = numbers.astype(np.int64)
    todo = np.arange(len(out))
    while len(todo):
        left, right = out[todo] >> half, out[todo] & mask
        for step in range(_ROUNDS):
            mixed = streams.each(f"issued:{name}:{step}", right) * (mask + 1)
            left, right = right, left ^ np.floor(mixed).astype(np.int64)
        out[todo] = (left << half) | right
        # A number that has left the range walks on until it is back: the walk is a permutation too.
        todo = todo[out[todo] >= limit]
    return out


@dataclass(frozen=True, kw_only=True)
class Issuer:
    """One holder's numbers.

    Attributes:
        seed: Seed of the place.
        holder: Code of the holder; empty where a source has one.
    """

    seed: int
    holder: str = ""

    def issued(self, references: list[str]) -> list[str]:
        """The holder's own number for each reference of the simulator; other texts as they are."""
        found = [REFERENCE.fullmatch(text) for text in references]
        groups: dict[tuple[str, int], list[int]] = {}
        for row, match in enumerate(found):
            if match:
                groups.setdefault((match[1], len(match[2])), []).append(row)
        out = list(references)
        for (prefix, digits), rows in groups.items():
            numbers = np.array(
                [int(references[row][len(prefix) :]) for row in rows], dtype=np.int64
            )
            own = permuted(self.seed, f"{self.holder}:{prefix}", numbers, digits)
            for row, number in zip(rows, own.tolist(), strict=True):
                out[row] = f"{prefix}{number:0{digits}d}"
        return out

    def mapping(self, values: pl.Series) -> pl.DataFrame:
        """The simulator's references in a column, each once, with their issued numbers."""
        unique = values.drop_nulls().unique().sort()
        return pl.DataFrame(
            {"inside": unique, "issued": pl.Series(self.issued(unique.to_list()), dtype=pl.String)}
        )

    def frame(self, table: Table, rows: pl.DataFrame) -> pl.DataFrame:
        """A table's rows with issued numbers in every column that holds references."""
        return rows.with_columns(
            self.column(rows[name]).alias(name) for name in reference_columns(table, rows)
        )

    def column(self, values: pl.Series) -> pl.Series:
        """A column of references as issued numbers."""
        known = self.mapping(values)
        return values.replace_strict(known["inside"], known["issued"], default=None)

    def local_ids(self, values: pl.Series, prefix: str = "") -> pl.Series:
        """Local ids of one or more parts joined by bars, as the pipeline will know them."""
        parts = values.str.split("|").explode()
        said = self.column(parts)
        if prefix:
            own = parts.str.contains(f"^{REFERENCE.pattern}$")
            said = pl.select(
                pl.when(own).then(pl.lit(f"{prefix}:") + said).otherwise(said)
            ).to_series()
        row = pl.Series(np.repeat(np.arange(len(values)), values.str.count_matches(r"\|") + 1))
        joined = (
            pl.DataFrame({"row": row, "part": said})
            .group_by("row", maintain_order=True)
            .agg(pl.col("part").str.join("|"))
        )
        return joined["part"]


def reference_columns(table: Table, rows: pl.DataFrame) -> list[str]:
    """Columns of a table that hold the simulator's references."""
    out = []
    for column in table.business:
        if column.kind is not Kind.TEXT or column.cls != "I" or column.name not in rows.columns:
            continue
        first = rows[column.name].drop_nulls().head(1)
        if len(first) and REFERENCE.fullmatch(str(first[0])):
            out.append(column.name)
    return out


def issued_key(seed: int, what: str) -> bytes:
    """A key of the place for hashes that no number may be read from."""
    return hashlib.sha256(f"{what}:{seed}".encode()).digest()


Frames = Mapping[str, pl.DataFrame]
