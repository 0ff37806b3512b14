"""What may lie where Spark's workers read, and what is said where Spark cannot be had."""

from __future__ import annotations

import builtins
from pathlib import Path

import duckdb
import pytest
from pydantic import ValidationError

from contracts.columns import ColumnClass
from contracts.engines import EngineSettings
from contracts.errors import SettingsError, ZoneRefused
from contracts.made import MADE
from contracts.made.table import MadeTable
from contracts.zones import Zone, may_lie
from features.build import build_features
from features.made import FEATURE
from features.mapped import map_features
from features.plan import Plan
from features.spark.lake import check_classes, opened_lake, tables_read
from features.spark.session import spark_sql
from tests.unit.features.handmade import INDEX, northmere
from tests.unit.features.invented import invented

SPARK = EngineSettings(name="spark", master="local[1]")
CLOSED = frozenset({ColumnClass.IDENTIFIER, ColumnClass.PROTECTED, ColumnClass.SAFETY})


def columns_read() -> list[tuple[MadeTable, str]]:
    tables = tables_read(Plan(northmere()))
    return [(MADE[table], name) for table, names in tables.items() for name in names]


def test_no_identifier_group_or_safety_marker_leaves_and_only_what_may_lie_there() -> None:
    found = [
        next(one for one in table.columns if one.name == name) for table, name in columns_read()
    ]
    assert len(found) > 250
    assert not [one.name for one in found if one.cls in CLOSED]
    assert all(may_lie(one, Zone.MODELLING) for one in found)


def test_what_may_not_lie_in_the_zone_is_refused() -> None:
    people = MADE["household_member"]
    with pytest.raises(ZoneRefused, match=r"household_member\.person_id"):
        check_classes([(people, "person_id")], SPARK)


def test_special_category_data_needs_a_word_before_they_leave_the_machine(tmp_path: Path) -> None:
    check_classes(columns_read(), SPARK)
    away = SPARK.model_copy(update={"lake": tmp_path})
    with pytest.raises(SettingsError, match="special category data of ae_attendance, emergency"):
        check_classes(columns_read(), away)
    with pytest.raises(SettingsError, match="special category data of feature"):
        check_classes([(FEATURE, name) for name in FEATURE.names], away)
    check_classes(columns_read(), away.model_copy(update={"special_in_lake": True}))


def test_the_lake_is_private_beside_the_zone_and_gone_at_the_end(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "modelling.duckdb")) as con:
        with opened_lake(con, SPARK) as lake:
            (lake / "x").write_text("y")
            assert lake.parent == tmp_path
            assert lake.stat().st_mode & 0o077 == 0
        assert not lake.exists()


def test_the_lake_goes_when_a_step_fails_and_must_be_there_when_it_starts(tmp_path: Path) -> None:
    def fail(settings: EngineSettings) -> None:
        with opened_lake(duckdb.connect(), settings):
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail(SPARK.model_copy(update={"lake": tmp_path}))
    assert not list(tmp_path.iterdir())
    with pytest.raises(SettingsError, match="nowhere is no folder"):
        fail(SPARK.model_copy(update={"lake": tmp_path / "nowhere"}))


def test_a_cluster_needs_a_lake_that_it_can_see() -> None:
    with pytest.raises(ValidationError, match="cannot see this machine's working folder"):
        EngineSettings(name="spark", master="spark://host:7077")


def test_without_spark_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = builtins.__import__

    def without(name: str, *rest: object, **more: object) -> object:
        if name.startswith("pyspark"):
            raise ImportError(name)
        return whole(name, *rest, **more)  # type: ignore[arg-type] # as given

    monkeypatch.setattr(builtins, "__import__", without)
    made = invented(3, history_months=6)
    place = northmere(history_months=6).model_copy(update={"engine": SPARK})
    con = made.connect()
    with pytest.raises(SettingsError, match=r"Spark is not installed"):
        build_features(con, place=place, month=INDEX)
    tables = con.sql("SELECT table_name FROM duckdb_tables() WHERE table_name = 'feature'")
    assert not tables.fetchall(), "nothing half done is left"


def test_sql_is_said_in_sparks_words() -> None:
    said = spark_sql(
        "SELECT v.* EXCLUDE (k), date_diff('day', DATE '1970-01-01', d) AS n, "
        "CAST([a] AS DOUBLE[]) AS l FROM m2026_10.t v"
    )
    assert said == (
        "SELECT v.* EXCEPT (k), DATEDIFF(DAY, CAST('1970-01-01' AS DATE), d) AS n, "
        "CAST(ARRAY(a) AS ARRAY<DOUBLE>) AS l FROM t AS v"
    )


def test_features_go_through_a_function_in_order_of_household() -> None:
    import pyarrow as pa

    made = invented(3, history_months=6)
    con = made.connect()
    build_features(con, place=northmere(history_months=6), month=INDEX)
    schema = pa.schema([("household_id", pa.int64()), ("size", pa.float32())])

    def twice(batches):  # type: ignore[no-untyped-def] # as an engine calls it
        for batch in batches:
            assert batch.schema.names == ["household_id", "household_adults"]
            yield pa.RecordBatch.from_arrays(batch.columns, schema=schema)

    found = map_features(
        con,
        engine=EngineSettings(),
        month=INDEX,
        names=["household_adults"],
        function=twice,
        schema=schema,
    )
    households = con.sql(
        f"SELECT household_id FROM {made.schema}.feature WHERE snapshot_date = DATE '{INDEX}' "
        "ORDER BY household_id"
    ).fetchall()
    assert found.column("household_id").to_pylist() == [one for (one,) in households]
