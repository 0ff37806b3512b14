"""Deliveries that are refused whole: what is said, and that nothing is changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from contracts.errors import DeliveryRefused
from contracts.place import Place
from linkage.ingest import Outcome, load_delivery, raise_if_bad
from tests.unit.ingest.deliveries import (
    TODAY,
    content_of,
    deliver,
    everywhere,
    northmere,
    sound_rows,
    state,
)

Spoil = Callable[[Path, Place], Path]
TABLE = "rent_tenancy"


def _content(place: Place, count: int = 10) -> bytes:
    return content_of(place, TABLE, sound_rows(TABLE, count))


def _with_content(change: Callable[[bytes], bytes], **manifest: object) -> Spoil:
    """A delivery whose manifest fits the changed content, but for what ``manifest`` says."""
    return lambda landing, place: deliver(
        landing, place, TABLE, folder="drop", content=change(_content(place)), **manifest
    )


def _changed_afterwards(change: Callable[[bytes], bytes]) -> Spoil:
    """A delivery whose file was changed after its manifest was made."""

    def spoil(landing: Path, place: Place) -> Path:
        folder = deliver(landing, place, TABLE, folder="drop")
        file = folder / f"{TABLE}.csv"
        file.write_bytes(change(file.read_bytes()))
        return folder

    return spoil


def _manifest(**fields: object) -> Spoil:
    return lambda landing, place: deliver(landing, place, TABLE, folder="drop", **fields)


def _no_manifest(landing: Path, place: Place) -> Path:
    folder = deliver(landing, place, TABLE, folder="drop")
    (folder / "manifest.json").unlink()
    return folder


def _no_file(landing: Path, place: Place) -> Path:
    folder = deliver(landing, place, TABLE, folder="drop")
    (folder / f"{TABLE}.csv").unlink()
    return folder


def _broken_json(landing: Path, place: Place) -> Path:
    folder = deliver(landing, place, TABLE, folder="drop")
    (folder / "manifest.json").write_text('{"table": "rent_ten', encoding="utf-8")
    return folder


def _cut_last_line(content: bytes) -> bytes:
    return content[: content.rindex(b",true,")]


def _drop_rows(content: bytes) -> bytes:
    return b"\n".join(content.split(b"\n")[:8]) + b"\n"


def _latin_1(content: bytes) -> bytes:
    return content.replace(b"pay_ref-4", "pay_réf-4".encode("latin-1"))


def _no_header(content: bytes) -> bytes:
    return content.split(b"\n", 1)[1]


REFUSALS = {
    # what is wrong: (how it is made, what the message must hold)
    "no manifest": (_no_manifest, ["drop", "there is no manifest.json"]),
    "manifest is not JSON": (_broken_json, ["drop", "manifest.json cannot be used", "JSON"]),
    "no file": (_no_file, ["drop", "rent_tenancy.csv", "not in the delivery"]),
    "agreement has run out": (
        _manifest(retain_until="2026-02-28"),
        [
            "drop",
            "rent_tenancy.csv",
            "NM-003",
            "until 2026-02-28",
            "today is 2026-03-01",
            "new manifest",
        ],
    ),
    "no date to keep it until": (_manifest(retain_until=None), ["retain_until"]),
    "no agreement": (_manifest(sharing_agreement_ref=""), ["sharing_agreement_ref"]),
    "another agreement": (
        _manifest(sharing_agreement_ref="NM-999"),
        ["sharing_agreement_ref is 'NM-999'", "place has 'NM-003'"],
    ),
    "another controller": (
        _manifest(controller="Southmere Council"),
        ["controller is 'Southmere Council'", "'Northmere Council'"],
    ),
    "another purpose": (_manifest(purpose_code="fraud"), ["purpose_code is 'fraud'"]),
    "another table's file": (
        _manifest(table="rent_person"),
        ["rent_tenancy.csv", "not the header"],
    ),
    "fingerprint differs": (
        _manifest(sha256="0" * 64),
        ["rent_tenancy.csv", "not the one that its manifest describes", "sha256", "10 whole rows"],
    ),
    "row count differs": (
        _manifest(row_count=12),
        ["rent_tenancy.csv", "has 10 rows", "says 12", "row_count", "cut short"],
    ),
    "cut short on the way": (
        _changed_afterwards(_cut_last_line),
        ["rent_tenancy.csv", "sha256", "9 whole rows", "says 10", "row 10 has 14 values", "19"],
    ),
    "rows lost on the way": (
        _changed_afterwards(_drop_rows),
        ["rent_tenancy.csv", "7 whole rows", "says 10", "cut short"],
    ),
    "cut short at the source": (
        _with_content(_cut_last_line),
        ["rent_tenancy.csv", "row 10 has 14 values where the header has 19"],
    ),
    "quotation mark never closed": (
        _with_content(lambda content: content.replace(b"pay_ref-6", b'"pay_ref-6')),
        ["rent_tenancy.csv", "row 6 opens a quotation mark that is never closed"],
    ),
    "text after a quotation mark": (
        _with_content(lambda content: content.replace(b"pay_ref-6", b'"pay_ref"-6')),
        ["rent_tenancy.csv", "row 6 has text after a closing quotation mark"],
    ),
    "a row too long": (
        _with_content(lambda content: content.replace(b"pay_ref-6", b"pay,ref,6")),
        ["rent_tenancy.csv", "row 6 has 21 values where the header has 19"],
    ),
    "Latin-1": (
        _with_content(_latin_1),
        ["rent_tenancy.csv", "row 4, column pay_ref", "not UTF-8", "CSV UTF-8"],
    ),
    "UTF-16": (
        _with_content(lambda content: content.decode().encode("utf-16")),
        ["rent_tenancy.csv", "UTF-16, not UTF-8"],
    ),
    "cut inside a character": (
        _with_content(lambda content: content.rstrip() + "é".encode()[:1]),
        ["rent_tenancy.csv", "ends in the middle of a character", "cut short"],
    ),
    "Excel workbook": (
        _with_content(lambda content: b"PK\x03\x04\xff\xfe" + content),
        ["rent_tenancy.csv", "an Excel workbook"],
    ),
    "empty file": (_with_content(lambda content: b"", row_count=0), ["the file is empty"]),
    "header with another name": (
        _with_content(lambda content: content.replace(b"landlord", b"owner", 1)),
        ["rent_tenancy.csv", "missing landlord", "not known column owner", "place.toml"],
    ),
    "header with one more": (
        _with_content(lambda content: content.replace(b"\n", b",x\n").replace(b",x", b",notes", 1)),
        ["rent_tenancy.csv", "not known column notes"],
    ),
    "header with one twice": (
        _with_content(lambda content: content.replace(b"row_hash\n", b"row_hash,uprn\n", 1)),
        ["given twice uprn"],
    ),
    "no header": (
        _with_content(_no_header),
        ["rent_tenancy.csv", "the first line is not the header", "Expected: tenancy_ref, pay_ref"],
    ),
    "semicolons": (
        _with_content(lambda content: content.replace(b",", b";")),
        ["not the header", "parted by semicolons"],
    ),
}


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    """One warehouse for all refusals, since none may change it."""
    return duckdb.connect()


@pytest.fixture(scope="module")
def before(con, tmp_path_factory) -> dict[str, list[tuple[object, ...]]]:
    """What it holds: a sound delivery of the same table, and one of another."""
    place = northmere()
    for table in (TABLE, "llpg_blpu"):
        folder = deliver(tmp_path_factory.mktemp("earlier"), place, table, sound_rows(table, 5))
        assert load_delivery(con, place=place, folder=folder, today=TODAY).loaded_rows == 5
    return state(con)


@pytest.mark.parametrize("case", REFUSALS)
def test_refused_whole(case, con, before, tmp_path):
    spoil, said = REFUSALS[case]
    place = northmere()
    folder = spoil(tmp_path / "landing", place)

    result = load_delivery(con, place=place, folder=folder, today=TODAY)

    assert result.outcome is Outcome.REFUSED
    assert (result.loaded_rows, result.quarantined_rows) == (0, 0)
    message = f"{result.message} {result.next_step}"
    assert [part for part in said if part not in message] == []
    assert "delivery" in message.lower()
    assert "-4" not in message, "a refusal quotes no value"
    assert state(con) == before
    with pytest.raises(DeliveryRefused, match="drop"):
        raise_if_bad(result)


def test_refused_where_the_place_has_no_such_source(con, before, tmp_path):
    place = northmere()
    folder = deliver(tmp_path, place, "mh_referral")
    without = place.model_copy(
        update={"sources": {key: how for key, how in place.sources.items() if key != "mh"}}
    )
    result = load_delivery(con, place=without, folder=folder, today=TODAY)
    assert result.outcome is Outcome.REFUSED
    assert "source mh, which place northmere does not have" in result.message
    assert "[sources.mh]" in result.next_step
    assert state(con) == before


def test_kept_to_the_last_day_of_the_agreement(con, tmp_path):
    place = northmere()
    folder = deliver(tmp_path, place, TABLE, retain_until=TODAY.isoformat())
    assert load_delivery(con, place=place, folder=folder, today=TODAY).outcome is Outcome.LOADED


def test_file_without_a_folder(con, tmp_path):
    loose = tmp_path / "rent.csv"
    loose.write_text("a,b\n", encoding="utf-8")
    result = load_delivery(con, place=northmere(), folder=loose, today=TODAY)
    assert result.outcome is Outcome.REFUSED
    assert "by itself" in result.message
    assert "folder of its own" in result.next_step


def test_a_delivery_that_was_taken_away(con, tmp_path):
    result = load_delivery(con, place=northmere(), folder=tmp_path / "gone", today=TODAY)
    assert result.outcome is Outcome.REFUSED
    assert "Delivery gone: it is not there" in result.message


def test_rows_about_somebody_accused_are_kept_nowhere(tmp_path: Path) -> None:
    con, place = duckdb.connect(), everywhere()
    rows = sound_rows("env_asb_case", 20)
    rows[6]["role"] = "SUBJECT"
    folder = deliver(tmp_path, place, "env_asb_case", rows)
    result = load_delivery(con, place=place, folder=folder, today=TODAY)
    assert result.outcome is Outcome.REFUSED
    assert "1 rows have a role that no place may hold" in result.message
    assert con.execute("SELECT count(*) FROM raw.quarantine").fetchall() == [(0,)]
    assert con.execute("SELECT count(*) FROM raw.env_asb_case").fetchall() == [(0,)]


def test_a_source_that_is_off_by_default_is_refused_where_the_place_does_not_have_it(
    tmp_path: Path,
) -> None:
    folder = deliver(tmp_path, everywhere(), "elector", sound_rows("elector", 3))
    result = load_delivery(duckdb.connect(), place=northmere(), folder=folder, today=TODAY)
    assert result.outcome is Outcome.REFUSED
    assert "does not have" in result.message
