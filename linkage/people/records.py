"""Person records in comparable form: names read, dates as text, places widened."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date

import duckdb
import polars as pl

from contracts.asof import as_known_sql
from linkage.engine.records import content_ids
from linkage.people.aliases import FIRST_NAMES, LAST_NAMES, first_initials
from linkage.people.names import (
    FEMALE_TITLES,
    MALE_TITLES,
    TITLES,
    NameKind,
    name_part,
    plain,
    read_name,
    sound,
)
from linkage.people.sources import identity_sql

logger = logging.getLogger(__name__)

_NAME_SCHEMA = {
    "title": pl.String(),
    "first": pl.String(),
    "middle": pl.String(),
    "last": pl.String(),
    "last_parts": pl.List(pl.String()),
    "first_forms": pl.List(pl.Int64()),
    "last_forms": pl.List(pl.Int64()),
    "first_sound": pl.String(),
    "last_sound": pl.String(),
    "initials": pl.List(pl.String()),
}


CONTENT = (
    "source",
    "local_id",
    "held_in",
    "in_system",
    "first",
    "middle",
    "last",
    "last_parts",
    "first_forms",
    "last_forms",
    "first_sound",
    "last_sound",
    "initial",
    "initials",
    "dob",
    "birth_year",
    "sex",
    "nino",
    "upn",
    "phone",
    "uprn",
    "postcode",
    "building",
    "sector",
)
"""Columns by which records are compared: a record is new when one of them changes."""

_RARE = 0.01


@dataclass(frozen=True, kw_only=True)
class PersonRecords:
    """Records to be linked.

    Attributes:
        frame: One row for each record and address it was held at; ``record_id`` is made of what
            the row says, so that it stays while the row does.
        set_aside: Rows whose name field holds no person, by kind.
    """

    frame: pl.DataFrame
    set_aside: dict[str, int]


def person_records(con: duckdb.DuckDBPyConnection, month: date) -> PersonRecords:
    """Every identity record known at the end of ``month``, ready to be compared.

    Args:
        con: Warehouse with the ``raw`` tables.
        month: Index date.
    """
    rows = con.sql(identity_sql(month)).pl()
    named = _with_names(rows)
    person = pl.col("kind") == NameKind.PERSON
    nameless = (pl.col("kind") == NameKind.EMPTY) & (pl.col("source") != "ctax")
    aside = named.filter(~(person | nameless)).unique(["source", "local_id"])
    counts = dict(aside.group_by("kind").len().sort("kind").iter_rows())
    if counts:
        logger.info("Linkage: %d council tax parties are not people.", sum(counts.values()))
    kept = named.filter(person | nameless).drop("kind")
    frame = _comparable(kept.join(_places(con, month), on="uprn", how="left"), month)
    return PersonRecords(frame=frame, set_aside=counts)


def _places(con: duckdb.DuckDBPyConnection, month: date) -> pl.DataFrame:
    """Postcode and building of each property."""
    places: pl.DataFrame = con.sql(
        f"""WITH lines AS ({as_known_sql("llpg_lpi", month)}),
                 homes AS ({as_known_sql("llpg_blpu", month)})
            SELECT h.uprn, coalesce(h.parent_uprn, h.uprn) AS building,
                   arg_min(l.postcode, (l.logical_status, l.lpi_key)) AS home_postcode
            FROM homes h LEFT JOIN lines l USING (uprn) GROUP BY h.uprn, h.parent_uprn"""
    ).pl()
    return places


def _with_names(rows: pl.DataFrame) -> pl.DataFrame:
    keys = ["name_raw", "first_raw", "last_raw", "title"]
    distinct = rows.select(keys).unique(maintain_order=True)
    read = pl.DataFrame(
        [_read(*values) for values in distinct.iter_rows()],
        schema={"kind": pl.String(), **_NAME_SCHEMA},
        orient="row",
    )
    lookup = pl.concat([distinct.rename({"title": "title_raw"}), read], how="horizontal")
    joined = rows.rename({"title": "title_raw"}).join(
        lookup, on=["name_raw", "first_raw", "last_raw", "title_raw"], how="left", nulls_equal=True
    )
    free = pl.col("name_raw").is_not_null()
    return joined.with_columns(
        pl.col("title").str.to_titlecase().alias("show_title"),
        *(
            pl.when(free)
            .then(pl.col(part).str.to_titlecase())
            .otherwise(pl.col(f"{part}_raw").str.strip_chars())
            .alias(f"show_{part}")
            for part in ("first", "last")
        ),
    ).drop("name_raw", "first_raw", "last_raw", "title_raw")


def _read(
    name_raw: str | None, first_raw: str | None, last_raw: str | None, title_raw: str | None
) -> tuple[object, ...]:
    """One name in comparable parts, whichever way it was held."""
    if name_raw is not None:
        field = read_name(name_raw)
        if not field.people:
            return (field.kind.value, *(None for _ in _NAME_SCHEMA))
        name = field.people[0]
        parts = _parts(name_raw, name.last)
        # "Mr & Mrs J Smith": it is not said whose initial it is, nor who of the two the line is.
        couple = any(other.first is None for other in field.people[1:])
        title = None if couple else name.title
        return (field.kind.value, *_row(title, name.first, name.middle, name.last, parts))
    given = [word for word in plain(first_raw).split() if word not in TITLES]
    title = plain(title_raw) or None
    first = name_part(given[0]) if given else None
    middle = name_part(given[1]) if len(given) > 1 else None
    last = name_part(last_raw)
    kind = NameKind.PERSON if first or last else NameKind.EMPTY
    return (kind.value, *_row(title, first, middle, last, _parts(last_raw, last)))


def _parts(text: str | None, last: str | None) -> list[str] | None:
    """The last name and, where it is double, both halves."""
    if last is None:
        return None
    words = plain(text).replace("'", "").replace("-", " ").split()
    halves = [word for word in words if len(word) > 2 and word != last and word in last]
    whole = "".join(halves) == last
    return [last, *(halves if whole else [])]


def _row(
    title: str | None,
    first: str | None,
    middle: str | None,
    last: str | None,
    parts: list[str] | None,
) -> tuple[object, ...]:
    first_forms = list(FIRST_NAMES.get(first or "", ())) or None
    last_forms = list(LAST_NAMES.get(last or "", ())) or None
    sounds = (sound(first), sound(last))
    initials = list(first_initials(first)) or None
    return (title, first, middle, last, parts, first_forms, last_forms, *sounds, initials)


def _comparable(rows: pl.DataFrame, month: date) -> pl.DataFrame:
    born = _plausible_birth(month)
    frame = rows.with_columns(
        born.dt.strftime("%Y-%m-%d").alias("dob"),
        pl.coalesce("sex", _sex_of_title()).alias("sex"),
        pl.coalesce("postcode", "home_postcode")
        .str.to_lowercase()
        .str.replace_all(" ", "")
        .alias("postcode"),
        pl.coalesce("building", "uprn").alias("building"),
    ).with_columns(
        pl.col("postcode").str.extract(r"^(.+)..$").alias("sector"),
        pl.col("dob").str.slice(0, 4).alias("birth_year"),
        pl.col("first").str.slice(0, 1).alias("initial"),
    )
    order = ["source", "local_id", "since", "uprn", "postcode", "until"]
    ordered = frame.drop("home_postcode").sort(order, nulls_last=True).unique(maintain_order=True)
    # Dates of a stay grow with every delivery; they are no part of who a record is about.
    return _with_bearers(ordered.select(content_ids(ordered, CONTENT), pl.all()))


def _with_bearers(frame: pl.DataFrame) -> pl.DataFrame:
    """How many in the place go by a name: name_lines, initial_lines, name_births and name_rare.

    Counted are council tax lines under the whole name, or under the last name and an initial, that
    had begun when a line began, so that what was linked does not change with those who come later;
    and the different dates of birth under the whole name. A name is rare where chance would bring
    another of that name to a given postcode less than once in a hundred.
    """
    lines = frame.filter(pl.col("source") == "ctax").unique("local_id", maintain_order=True)
    ranked = lines.select(
        "local_id",
        *(
            pl.col("since").fill_null(date.min).rank("max").over(*by).cast(pl.Int64()).alias(name)
            for name, by in (
                ("name_lines", ("first", "last")),
                ("initial_lines", ("initial", "last")),
            )
        ),
    ).with_columns(pl.lit("ctax").alias("source"))
    births = frame.group_by("first", "last").agg(
        pl.col("dob").drop_nulls().n_unique().alias("name_births")
    )
    few = frame["postcode"].n_unique() * _RARE
    # One person who moved once has two lines.
    rare = (pl.col("name_births") <= max(1, few)) & (
        pl.col("name_lines").fill_null(0) <= max(2, few)
    )
    return (
        frame.join(ranked, on=["source", "local_id"], how="left", maintain_order="left")
        .join(births, on=["first", "last"], how="left", nulls_equal=True, maintain_order="left")
        .with_columns(rare.alias("name_rare"))
    )


def _plausible_birth(month: date) -> pl.Expr:
    """A date of birth in the future was typed with two digits for the year."""
    dob = pl.col("dob")
    return pl.when(dob > month).then(dob.dt.offset_by("-100y")).otherwise(dob)


def _sex_of_title() -> pl.Expr:
    known = pl.col("title").is_in(sorted(FEMALE_TITLES))
    return (
        pl.when(known)
        .then(pl.lit("F"))
        .when(pl.col("title").is_in(sorted(MALE_TITLES)))
        .then(pl.lit("M"))
    )
