"""Deliveries and seal, through the one way in."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from contracts import fingerprint
from contracts.errors import SettingsError
from contracts.manifest import read_manifest
from contracts.place import Place, load_place
from contracts.tables import TABLES
from contracts.workspace import Workspace
from synthetic import SimulationReport, Switches, simulate
from synthetic.truth import FOLDER

# Written where councils merge; what a place's own sources record is the rest.
RECORDED = [name for name in TABLES if name != "id_crosswalk"]
SEED = 5


def run(folder: Path, place: Place | None = None, **settings: Any) -> SimulationReport:
    chosen: dict[str, Any] = {"size": "tiny", "preset": "B0", "seed": SEED, "months": 12}
    return simulate(
        place=place or load_place("northmere"),
        workspace=Workspace(root=folder, place="northmere"),
        **(chosen | settings),
    )


def changed(**settings: Any) -> Place:
    """Northmere with some settings replaced."""
    return Place.model_validate(load_place("northmere").model_dump() | settings)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, SimulationReport]:
    folder = tmp_path_factory.mktemp("made")
    told: list[str] = []
    report = run(folder, progress=told.append)
    assert len(told) > 30
    return folder / "northmere", report


def read(home: Path, table: str) -> list[pl.DataFrame]:
    files = sorted((home / "landing").glob(f"{table}-20*/{table}.csv"))
    return [pl.read_csv(file, infer_schema=False) for file in files]


@pytest.mark.parametrize("table", RECORDED)
def test_every_table_comes_as_history_and_as_the_last_month(made, table: str):
    home, report = made
    folders = sorted((home / "landing").glob(f"{table}-20*"))
    assert [folder.name[-10:] for folder in folders] == ["2026-09-30", "2026-10-31"]
    history, newest = read(home, table)
    assert history.height + newest.height == report.rows[table]
    if newest.height:
        assert newest["recorded_date"].min() > "2026-09-30"
        assert newest["recorded_date"].max() <= "2026-10-31"
    assert history["recorded_date"].max() <= "2026-09-30"


@pytest.mark.parametrize("table", RECORDED)
def test_manifests_say_what_was_sent(made, table: str):
    home, _ = made
    for folder in (home / "landing").glob(f"{table}-20*"):
        manifest = read_manifest(folder)
        path = folder / manifest.file
        assert manifest.sha256 == fingerprint.of_file(path)
        assert manifest.row_count == pl.read_csv(path, infer_schema=False).height
        assert manifest.retain_until.year >= 2028
        assert manifest.extract_to.isoformat() == folder.name[-10:]


def test_headers_are_the_places_own_names(made):
    home, _ = made
    for frame in read(home, "ctax_account"):
        assert "occupation_date" in frame.columns
        assert "vacation_date" in frame.columns
        assert "liability_start" not in frame.columns
    assert read(home, "rent_tenancy")[0].columns == list(TABLES["rent_tenancy"].names)


def test_codes_and_dates_are_written_as_the_place_writes_them(tmp_path: Path):
    mapping = {
        "columns": {"disc_code": "code"},
        "codes": {"disc_code": {"SP": "SPD25"}},
        "date_format": "%d/%m/%Y",
    }
    sources = load_place("northmere").model_dump()["sources"]
    sources["ctax"]["tables"]["ctax_discount"] = mapping
    run(tmp_path, changed(sources=sources), months=8)
    history = read(tmp_path / "northmere", "ctax_discount")[0]
    assert "SP" in set(history["code"])
    assert "SPD25" not in set(history["code"])
    assert history["start_date"].str.contains(r"^\d\d/\d\d/\d{4}$").all()
    assert history["recorded_date"].str.contains(r"^\d\d/\d\d/\d{4}$").all()


def test_a_place_without_health_or_benefits_is_a_place(tmp_path: Path):
    settings = load_place("northmere").model_dump()
    kept = {key: settings["sources"][key] for key in ("llpg", "area", "ctax")}
    outcomes = {key: settings["outcomes"][key] for key in ("edge_of_crisis", "O3")}
    report = run(tmp_path, changed(sources=kept, outcomes=outcomes), months=8)
    assert set(report.rows) == {name for name, table in TABLES.items() if table.source in kept}


def test_a_silent_source_sends_nothing_in_the_last_month(tmp_path: Path):
    run(tmp_path, months=8, switches=Switches(silent_source="welfare"))
    landing = tmp_path / "northmere" / "landing"
    assert len(list(landing.glob("welfare_award-*"))) == 1
    assert len(list(landing.glob("rent_balance-*"))) == 2


def test_only_invented_places_are_simulated(tmp_path: Path):
    with pytest.raises(SettingsError, match="not marked as invented"):
        run(tmp_path, changed(invented=False))
    assert not (tmp_path / "northmere").exists()


def test_the_report_is_of_what_was_made(made):
    home, report = made
    assert (report.size, report.preset, report.seed, report.months) == ("tiny", "B0", SEED, 12)
    assert report.deliveries == len(list((home / "landing").iterdir())) == 2 * len(TABLES)
    sealed = (home / FOLDER / "fingerprint.txt").read_text(encoding="utf-8").strip()
    assert report.truth_fingerprint == sealed
    assert {m.name for m in report.marginals} >= {"O1 recorded in six months", "tenure PRS"}


def test_the_summary_tells_what_was_made_and_what_missed(made):
    _, report = made
    missed = [m for m in report.marginals if not m.met]
    text = report.summary()
    assert f"{sum(report.rows.values()):,} rows" in text
    assert text.count("meant") == len(missed)
    assert all(m.name in text for m in missed)


def test_the_senders_key_is_32_bytes_and_comes_from_the_seed(made, tmp_path: Path):
    home, _ = made
    key = (home / "keys" / "pseudonym.key").read_bytes()
    assert len(key) == 32
    run(tmp_path, seed=SEED + 1, months=8)
    assert (tmp_path / "northmere" / "keys" / "pseudonym.key").read_bytes() != key


def test_a_new_run_leaves_nothing_of_the_one_before(tmp_path: Path):
    run(tmp_path, months=8)
    stray = tmp_path / "northmere" / "landing" / "rent_balance-2019-01-31"
    stray.mkdir()
    run(tmp_path, months=8)
    assert not stray.exists()


_AGAIN = """
import sys
from pathlib import Path
from contracts.place import load_place
from contracts.workspace import Workspace
from synthetic import simulate
made = simulate(place=load_place("northmere"), workspace=Workspace(root=Path(sys.argv[1]),
    place="northmere"), size="tiny", preset="B0", seed=5, months=12)
sys.stdout.write(made.landing_fingerprint + made.truth_fingerprint)
"""


@pytest.mark.parametrize("threads", ["1", "3"])
def test_the_same_seed_gives_the_same_bytes_whatever_the_threads(
    made, tmp_path: Path, threads: str
):
    _, report = made
    again = subprocess.run(
        [sys.executable, "-c", _AGAIN, str(tmp_path)],
        env=os.environ | {"POLARS_MAX_THREADS": threads, "OMP_NUM_THREADS": threads},
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[3],
    )
    assert again.stdout == report.landing_fingerprint + report.truth_fingerprint


def test_another_seed_gives_another_place(made, tmp_path: Path):
    _, report = made
    other = run(tmp_path, seed=SEED + 1)
    assert other.landing_fingerprint != report.landing_fingerprint
    assert other.truth_fingerprint != report.truth_fingerprint


def test_switches_that_are_off_change_nothing(made, tmp_path: Path):
    _, report = made
    same = run(tmp_path, switches=Switches(group=("MIXED", "OTHER")))
    assert same.landing_fingerprint == report.landing_fingerprint
