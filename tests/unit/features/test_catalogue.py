"""What the catalogue promises of itself."""

from __future__ import annotations

import re
import string

import pytest

from bench.plain import before_sql, block_sql
from contracts.columns import ColumnClass
from contracts.tables import DWP_SOURCES, HEALTH_SOURCES, SOURCES, TABLES
from features.blocks import AREAS, BEFORE, BLOCKS, HOUSEHOLDS, NEIGHBOURS
from features.catalogue import BY_NAME, CATALOGUE, COVER_HELPERS, HELPERS, MEASURES, WINDOWS
from features.declare import Block, Cover, Derived, Theme, Unit, words_of
from features.known import areas_sql
from features.reads import cover_of, most_sensitive, reads
from features.timeline import Timeline
from tests.unit.features.handmade import INDEX

FORBIDDEN_CLASSES = {
    ColumnClass.PROTECTED,
    ColumnClass.IDENTIFIER,
    ColumnClass.CRIMINAL,
    ColumnClass.SAFETY,
}
NEVER_SAID = (
    "risk|vulnerable|flag|score|target|refus|failed|predict|caus|because|abuse|violence|drug|"
    "alcohol|police|immigra|ethnic|disab|depress|mental|nhs|hospital|gp|£|pound|uc|cts|hb|dwp|lha"
)
SQL_WORDS = frozenset(
    {
        "arg_max",
        "date_diff",
        "lag",
        "k",
        "snapshot_date",
        "known_month",
        "gone",
        "any_value",
        "bigint",
        "sum",
        "floor",
        "least",
        "year",
        "month",
        "count",
        "max",
        "min",
        "median",
        "coalesce",
        "nullif",
        "round",
        "try_cast",
    }
)

SAID = tuple(feature for feature in CATALOGUE if feature.sentence)


def test_names_are_unique_and_no_helper_is_a_feature() -> None:
    assert len(BY_NAME) == len(CATALOGUE) >= 200
    assert not set(BY_NAME) & set(HELPERS)
    assert all(name.startswith("_") for name in HELPERS)


def test_every_cover_but_everyone_has_its_helper() -> None:
    assert set(COVER_HELPERS) == set(Cover) - {Cover.EVERYONE}
    assert set(COVER_HELPERS.values()) <= set(HELPERS)


def test_no_protected_identifying_criminal_or_safety_column_is_read() -> None:
    for feature in CATALOGUE:
        assert reads(feature), feature.name
        classes = {column.cls for column in reads(feature).values()}
        assert not classes & FORBIDDEN_CLASSES, feature.name


def test_special_category_columns_come_from_health_alone() -> None:
    for feature in CATALOGUE:
        special = {n for n, column in reads(feature).items() if column.cls is ColumnClass.SPECIAL}
        assert {TABLES[name.split(".")[0]].source for name in special} <= HEALTH_SOURCES
        assert bool(special) == (feature.theme is Theme.HEALTH), feature.name


def test_nothing_written_after_an_outcome_is_read() -> None:
    read = {name: made for feature in CATALOGUE for name, made in reads(feature).items()}
    assert not [name for name, column in read.items() if column.outcome_side]
    assert any(column.outcome_side for table in TABLES.values() for column in table)


def test_blocks_cannot_even_see_a_forbidden_column() -> None:
    for block in BLOCKS.values():
        for name in block.columns:
            column = TABLES[block.table][name]
            assert column.cls not in FORBIDDEN_CLASSES, f"{block.table}.{name}"
            assert not column.outcome_side, f"{block.table}.{name}"


def test_the_sql_names_no_forbidden_column() -> None:
    line = Timeline(schema="m2026_10", snapshots=(INDEX,))
    for block in BLOCKS.values():
        measures = {n: m for n, m in MEASURES.items() if m.block == block.name}
        sql = block_sql(block, measures, line=line, day=INDEX)
        hidden = {
            column.name
            for column in TABLES[block.table]
            if column.cls in FORBIDDEN_CLASSES or column.outcome_side
        }
        # Keys partition the versions and join them to a household; no value is made of them.
        keys = {block.attach.value, *TABLES[block.table].key}
        assert not (hidden - keys) & words_of(sql), block.name
    for sql in (before_sql({}, line=line, day=INDEX), areas_sql(line.schema)):
        assert not words_of(sql) & {"x_restricted", "lead_person_id", "adults_65p", "person_id"}


def test_a_measure_uses_only_columns_of_its_block() -> None:
    for name, measure in MEASURES.items():
        if measure.block not in (HOUSEHOLDS, AREAS, BEFORE, NEIGHBOURS):
            allowed = SQL_WORDS | set(BLOCKS[measure.block].columns)
            assert words_of(measure.sql) <= allowed, name


def test_derived_features_are_made_of_measures_that_they_name() -> None:
    for feature in CATALOGUE:
        if isinstance(feature.measure, Derived):
            named = words_of(feature.measure.sql) - {"coalesce", "nullif", "greatest"}
            assert named == set(feature.measure.inputs) <= set(MEASURES), feature.name


def test_the_class_is_that_of_the_most_sensitive_column() -> None:
    wrong = [feature.name for feature in CATALOGUE if feature.cls is not most_sensitive(feature)]
    assert wrong == []


def test_sources_are_those_of_the_register() -> None:
    assert {source for feature in CATALOGUE for source in feature.sources} <= set(SOURCES)


def test_health_reaches_a_home_and_never_a_sentence() -> None:
    for feature in CATALOGUE:
        is_health = bool(set(feature.sources) & HEALTH_SOURCES)
        assert is_health == (feature.theme is Theme.HEALTH), feature.name
        if is_health:
            assert feature.sentence is None
            assert not feature.strength
            assert "gp" in feature.sources
            assert feature.name.endswith("_to_latest")


def test_a_name_tells_its_window() -> None:
    for feature in CATALOGUE:
        told = re.search(r"_(\d+)m(_to_latest)?$", feature.name)
        assert told is None or feature.window == int(told.group(1)), feature.name


def test_a_strength_never_raises_an_estimate() -> None:
    for feature in CATALOGUE:
        assert feature.strength == feature.name.startswith("strength_")
        if feature.strength:
            assert feature.direction <= 0
            assert feature.sentence is not None


def test_every_strength_has_a_theme_of_its_own() -> None:
    strong = {feature.theme for feature in CATALOGUE if feature.strength}
    assert len(strong) == 9
    assert not strong & {feature.theme for feature in CATALOGUE if not feature.strength}


def test_every_window_of_a_place_is_served() -> None:
    assert {feature.window for feature in CATALOGUE} >= set(WINDOWS)


def test_sentences_are_plain() -> None:
    for feature in SAID:
        assert feature.sentence is not None
        for template in filter(None, (feature.sentence.one, feature.sentence.many)):
            assert not re.search(rf"\b({NEVER_SAID})", template, re.IGNORECASE), template
            assert template[0].isupper() or template.startswith("{N}")
            assert not template.endswith(".")


def test_braces_hold_what_the_value_can_fill() -> None:
    for feature in SAID:
        assert feature.sentence is not None
        for template in filter(None, (feature.sentence.one, feature.sentence.many)):
            fields = {name for _, name, _, _ in string.Formatter().parse(template) if name}
            assert fields <= {"N", "n", "when", "since", "now", "in_month"}
            assert feature.window is not None or not {"when", "since"} & fields, feature.name
            assert ("in_month" in fields) == (feature.unit is Unit.DAYS), feature.name


def test_companions_are_there() -> None:
    for feature in SAID:
        assert feature.sentence is not None
        if feature.sentence.longer:
            assert BY_NAME[feature.sentence.longer].window == 12
            assert feature.sentence.longer.startswith(feature.name.rsplit("_", 1)[0])
        if feature.sentence.latest:
            assert BY_NAME[feature.sentence.latest].unit is Unit.DAYS


def test_amounts_are_never_said() -> None:
    for feature in CATALOGUE:
        if feature.unit in (Unit.POUNDS, Unit.SHARE, Unit.WEEKS_OWED, Unit.TENTH) and (
            feature.sentence
        ):
            assert "{n}" not in feature.sentence.one
            assert "{N}" not in feature.sentence.one


def test_benefit_features_know_their_source() -> None:
    dwp = [feature for feature in CATALOGUE if set(feature.sources) & DWP_SOURCES]
    assert {feature.theme for feature in dwp} <= {Theme.BENEFITS, Theme.WORKING}
    assert {cover_of(m) for m in MEASURES.values() if m.block == "uc_award"} == {
        Cover.UC,
        Cover.EVERYONE,
    }


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"columns": ("no_such_column",)}, "no columns"),
        ({"columns": ("stage",), "dated": "stage_date", "months": 3}, "not among its columns"),
        ({"columns": ("stage", "stage_date"), "dated": "stage_date"}, "go together"),
    ],
)
def test_a_block_that_cannot_be_is_refused(wrong: dict[str, object], why: str) -> None:
    sound = BLOCKS["recovery"]
    given: dict[str, object] = {
        "name": "wrong",
        "table": sound.table,
        "attach": sound.attach,
        "cover": sound.cover,
    }
    with pytest.raises(ValueError, match=why):
        Block(**(given | wrong))  # type: ignore[arg-type] # wrong on purpose
