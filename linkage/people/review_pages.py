"""A page for each pair to review: two records side by side, in plain words, and no score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import duckdb
import polars as pl

from contracts.errors import DataMissing
from contracts.months import month_key
from contracts.place import Place
from contracts.warehouse import month_schema
from linkage.engine.settings import RECORD
from linkage.people.decisions import Decision, Status
from linkage.people.records import person_records
from linkage.people.review import agreement
from surfaces import OFFICIAL_SENSITIVE, render_page

_TEMPLATE = Path(__file__).parent / "templates" / "pair.html"
_NOT_HELD: Final = "not held"
_SOURCES: Final = MappingProxyType(
    {
        "ctax": "Council tax",
        "rent": "Rent account",
        "hclic": "Homelessness case",
        "welfare": "Welfare award",
        "uc": "Universal Credit",
        "shbe": "Housing Benefit",
        "hreg": "Housing register",
        "asc": "Adult social care",
        "cs": "Children's services",
        "school": "School census",
        "bbadge": "Blue badge",
    }
)
_STANDS: Final = MappingProxyType(
    {
        Status.LINKED.value: "The rules take them for one person.",
        Status.NOT_LINKED.value: "The rules take them for two people, but only just.",
        Status.KEPT_APART.value: (
            "They share a number that only one person should have, and contradict each other, so"
            " the rules keep them apart."
        ),
    }
)
# By position of the level in the comparison of that name, "all others" last.
_WORDS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "first": (
            "the same initial",
            "the same",
            "forms of one name",
            "first and last name the other way round",
            "spelt nearly the same",
            "sound the same",
            "an initial that fits",
            "somewhat alike",
            "different",
        ),
        "last": (
            "the same",
            "forms of one name",
            "one is part of the other",
            "spelt nearly the same",
            "sound the same",
            "somewhat alike",
            "different",
        ),
        "dob": (
            "the same",
            "the same, but 1 January often stands for a day not known",
            "day and month the other way round",
            "one digit differs",
            "two digits differ",
            "the same year",
            "different",
        ),
        "place": ("the same home", "the same postcode", "the same building", "nearby", "different"),
        "phone": ("the same", "different"),
        "nino": ("the same", "different"),
        "sex": ("the same", "recorded differently"),
    }
)


@dataclass(frozen=True, kw_only=True)
class Row:
    """A line of the page."""

    what: str
    first: str
    second: str
    agree: str


def write_review_pages(
    con: duckdb.DuckDBPyConnection, *, place: Place, month: date, folder: Path
) -> list[Path]:
    """Write the page of each pair that is to be reviewed and has no decision yet.

    Args:
        con: Identity zone.
        place: Its wording is used.
        month: Month of the pairs.
        folder: Where the pages go: it holds names, and belongs to the identity zone.

    Returns:
        The pages, in order.

    Raises:
        DataMissing: If people were not linked for that month.
    """
    pairs = pairs_to_review(con, month)
    frame = person_records(con, month).frame
    ends = _ends(pairs, frame)
    levels = agreement(ends, frame)
    held = frame.unique(RECORD)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for old in folder.glob("*.html"):
        old.unlink()
    records = {row[RECORD]: row for row in held.iter_rows(named=True)}
    agree = {(row["a"], row["b"]): row for row in levels.iter_rows(named=True)}
    paths = []
    for pair in ends.sort("pair_id").iter_rows(named=True):
        a, b = records[pair["a"]], records[pair["b"]]
        html = render_page(
            _TEMPLATE,
            wording=place.wording,
            marking=OFFICIAL_SENSITIVE,
            title="Records to compare",
            service="Records to compare",
            month=month,
            key=month_key(month),
            place=place.name,
            pair_id=pair["pair_id"],
            stands=_STANDS[pair["status"]],
            rows=_rows(a, b, agree[pair["a"], pair["b"]]),
            decisions=[str(one) for one in Decision],
        )
        path = folder / f"{pair['pair_id']}.html"
        path.write_text(html, encoding="utf-8")
        paths.append(path)
    return paths


def pairs_to_review(con: duckdb.DuckDBPyConnection, month: date) -> pl.DataFrame:
    """The month's pairs without a decision, as ``clerical_pair`` has them.

    Raises:
        DataMissing: If people were not linked for that month.
    """
    schema = month_schema(month)
    tables = con.execute(
        "SELECT table_schema || '.' || table_name FROM information_schema.tables"
    ).fetchall()
    known = {name for (name,) in tables}
    if f"{schema}.clerical_pair" not in known:
        raise DataMissing(
            f"People were not linked for {month_key(month)} yet.",
            next_step="Run that month first.",
        )
    done = (
        "WHERE pair_id NOT IN (SELECT pair_id FROM review.clerical_decision)"
        if "review.clerical_decision" in known
        else ""
    )
    found: pl.DataFrame = con.sql(
        f"SELECT * FROM {schema}.clerical_pair {done} ORDER BY band, pair_id"
    ).pl()
    return found


def _ends(pairs: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
    """The pairs with a and b: the latest row of each record."""
    latest = frame.sort("source", "local_id", "since", RECORD, nulls_last=False).unique(
        ["source", "local_id"], keep="last", maintain_order=True
    )
    for side in ("a", "b"):
        handle = latest.select(
            pl.col("source").alias(f"source_{side}"),
            pl.col("local_id").alias(f"local_id_{side}"),
            pl.col(RECORD).alias(side),
        )
        pairs = pairs.join(handle, on=[f"source_{side}", f"local_id_{side}"])
    return pairs


def _rows(a: dict[str, Any], b: dict[str, Any], levels: dict[str, Any]) -> list[Row]:
    def said(name: str) -> str:
        level = levels[name]
        return "one of them does not say" if level is None else _WORDS[name][level]

    def both(what: str, column: str, agree: str) -> Row:
        return Row(what=what, first=_shown(a[column]), second=_shown(b[column]), agree=agree)

    source = Row(
        what="Where from", first=_SOURCES[a["source"]], second=_SOURCES[b["source"]], agree=""
    )
    return [
        source,
        both("First name", "show_first", said("first")),
        both("Middle name", "middle", ""),
        both("Last name", "show_last", said("last")),
        both("Date of birth", "dob", said("dob")),
        both("Sex recorded", "sex", said("sex")),
        both("Postcode", "postcode", said("place")),
        both("There from", "since", ""),
        both("There until", "until", ""),
        # Both are held only as codes that cannot be read; whether they agree is all there is.
        Row(
            what="Telephone", first=_held(a["phone"]), second=_held(b["phone"]), agree=said("phone")
        ),
        Row(
            what="National Insurance number",
            first=_held(a["nino"]),
            second=_held(b["nino"]),
            agree=said("nino"),
        ),
    ]


def _shown(value: object) -> str:
    return _NOT_HELD if value is None else str(value)


def _held(value: object) -> str:
    return _NOT_HELD if value is None else "held"
