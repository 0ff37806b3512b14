"""What was loaded under a former council's references goes on under the new one's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from contracts.errors import DataMissing
from contracts.place import Place
from contracts.tables import TABLES
from linkage.ingest import ensure_raw, load_landing
from linkage.ingest.crosswalk import apply_crosswalk
from linkage.rights.requests import Asked, Kind, Step, decide, receive, requests
from tests.unit.ingest.deliveries import TODAY, deliver, northmere, sound_row


def merged_place() -> Place:
    """Northmere with council tax of two councils, and a crosswalk between them."""
    settings = northmere().model_dump()
    tax = settings["sources"]["ctax"] | {"controller": "", "agreement": "", "tables": {}}
    tax["controllers"] = {
        "old": {"controller": "Old Council", "agreement": "O-1"},
        "new": {"controller": "New Council", "agreement": "N-1"},
    }
    more = {
        "ctax": tax,
        "crosswalk": {
            "controller": "New Council",
            "agreement": "N-2",
            "lawful_basis": "public task",
        },
    }
    return Place.model_validate(settings | {"sources": settings["sources"] | more})


def account(reference: str, number: int) -> dict[str, str]:
    return sound_row(TABLES["ctax_account"], number) | {"account_ref": reference}


def pair(**changed: str) -> dict[str, str]:
    row = {
        "of_source": "ctax",
        "of_column": "account_ref",
        "old_controller": "old",
        "old_id": "118",
        "new_controller": "new",
        "new_id": "9003",
        "changed_on": "2026-01-01",
    }
    return sound_row(TABLES["id_crosswalk"], 1) | row | changed


def loaded(folder: Path, pairs: list[dict[str, str]]) -> tuple[duckdb.DuckDBPyConnection, Place]:
    place, con = merged_place(), duckdb.connect()
    accounts = [account("118", 1), account("119", 2)]
    send(folder, place, "ctax_account", accounts, of=("Old Council", "O-1"))
    send(folder, place, "ctax_account", [account("118", 3)], of=("New Council", "N-1"))
    send(folder, place, "id_crosswalk", pairs, of=("New Council", "N-2"))
    ensure_raw(con)
    result = load_landing(con, place=place, landing=folder, today=TODAY)
    assert [one.outcome.value for one in result.deliveries] == ["loaded"] * 3, result.summary
    return con, place


def send(folder: Path, place: Place, table: str, rows: list[Any], *, of: tuple[str, str]) -> None:
    """A delivery of a table from a controller, under its agreement."""
    deliver(
        folder,
        place,
        table,
        rows,
        folder=f"{table}-{of[0][:3]}",
        controller=of[0],
        sharing_agreement_ref=of[1],
    )


def references(con: duckdb.DuckDBPyConnection) -> list[str]:
    found = con.execute("SELECT account_ref FROM raw.ctax_account ORDER BY ALL").fetchall()
    return [row[0] for row in found]


def test_an_old_reference_becomes_the_new_one_and_its_neighbours_stay(tmp_path: Path):
    con, _ = loaded(tmp_path, [pair()])
    assert references(con) == ["new:118", "new:9003", "old:119"]


def test_the_same_number_of_another_council_is_another_account(tmp_path: Path):
    con, _ = loaded(tmp_path, [pair(old_id="118", new_id="118")])
    # 118 of the old council and 118 of the new one are now the same account, as the crosswalk says.
    assert references(con) == ["new:118", "new:118", "old:119"]


def test_applying_it_again_changes_nothing(tmp_path: Path):
    con, place = loaded(tmp_path, [pair()])
    before = references(con)
    assert apply_crosswalk(con, place) == 0
    assert references(con) == before


@pytest.mark.parametrize(
    "wrong", [{"of_column": "band"}, {"old_controller": "elsewhere"}, {"of_source": "rents"}]
)
def test_a_crosswalk_of_something_unknown_replaces_nothing(tmp_path: Path, wrong: dict[str, str]):
    with pytest.raises(DataMissing, match="id_crosswalk"):
        loaded(tmp_path, [pair(), pair(**({"old_id": "119"} | wrong))])


def test_an_objection_and_a_correction_follow_their_record(tmp_path: Path):
    """Or they would end on the day on which the councils merge."""
    con, place = loaded(tmp_path, [pair(old_id="777")])
    key = {"account_ref": "old:118"}
    wanted = {"received_on": TODAY, "table": "ctax_account", "key": key, "column": "property_ref"}
    for kind, asked in (
        (Kind.OBJECTION, Asked(received_on=TODAY, source="ctax", local_id="old:118|P1")),
        (Kind.CORRECTION, Asked.model_validate(wanted | {"value": "mended"})),
    ):
        number = receive(con, kind, asked, by="officer", reason="asked", on=TODAY)
        decide(con, number, Step.UPHELD, by="head", reason="data_owner", on=TODAY)
    send(tmp_path, place, "id_crosswalk", [pair()], of=("New Council", "N-2"))
    for _ in range(2):
        load_landing(con, place=place, landing=tmp_path, today=TODAY)
    first, second = requests(con)
    assert (first.local_id, first.holds) == ("new:9003|P1", True)
    assert (second.key, second.decided_on) == ({"account_ref": "new:9003"}, TODAY)
    steps = con.execute("SELECT count(*) FROM rights.request").fetchall()
    assert steps == [(6,)], "received, decided and renumbered, each once"
    mended = con.execute(
        "SELECT account_ref FROM raw.ctax_account WHERE property_ref = 'mended'"
    ).fetchall()
    assert mended == [("new:9003",)]
