"""Whether a sealed release still says what a run would: data, settings and code are the same.

What a run is made of is brought down to one fingerprint; where the one that a release was sealed
from has not changed, working everything out again would end in the same bytes.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import duckdb

from contracts.asof import RAW
from contracts.fingerprint import of_bytes, of_value
from contracts.made.rights import RIGHTS
from contracts.place import Place
from contracts.training_stop import STOP_FILE
from contracts.workspace import Workspace
from releases.code import code_bytes
from releases.gate import latest_release
from releases.reading import check_seal

STANDING_FILE = "standing.json"


def state_of(
    con: duckdb.DuckDBPyConnection, *, place: Place, month: date, workspace: Workspace
) -> str:
    """Fingerprint of all that a release of a month is made of.

    Every row that was loaded, every objection and correction, the settings, the code with its
    libraries, what stops training, the secret that people are numbered under, and what earlier
    months were made of: people and lists are carried on from them.

    Args:
        con: The identity zone, to read, with all that has arrived in it.
        place: The place's settings.
        month: Index date of the release month.
        workspace: The place's folder.
    """
    months = workspace.month(month).parent
    earlier = sorted(months.glob(f"*/{STANDING_FILE}"))
    stops = workspace.month(month) / STOP_FILE
    return of_value(
        {
            "rows": _rows(con),
            "place": place.model_dump(mode="json"),
            "code": code_bytes()[0],
            "stops": of_bytes(stops.read_bytes()) if stops.exists() else None,
            "numbers": of_bytes(b"standing" + workspace.id_key()),
            "earlier": {
                path.parent.name: _read(path)["state"]
                for path in earlier
                if path.parent.name < workspace.month(month).name
            },
        }
    )


def standing_release(workspace: Workspace, month: date, state: str) -> str | None:
    """The month's newest release, where it was sealed from this state and its seal holds."""
    file = workspace.month(month) / STANDING_FILE
    if not file.exists() or (kept := _read(file))["state"] != state:
        return None
    folder = workspace.releases / kept["release"]
    if not folder.is_dir() or latest_release(workspace, month) != folder or check_seal(folder):
        return None
    return folder.name


def remember_state(workspace: Workspace, month: date, state: str) -> None:
    """Keep the state that the month's newest release was sealed from."""
    file = workspace.month(month) / STANDING_FILE
    kept = {"state": state, "release": latest_release(workspace, month).name}
    half = file.with_suffix(".half")
    half.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    half.replace(file)


def forget_state(workspace: Workspace, month: date) -> None:
    """From here on nothing is known of the month's state, until a run has ended well."""
    (workspace.month(month) / STANDING_FILE).unlink(missing_ok=True)


def _read(file: Path) -> dict[str, str]:
    kept: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    return kept


def _rows(con: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """For every loaded table and book how many rows it has and the sum of their hashes."""
    names = con.execute(
        """SELECT schema_name, table_name FROM duckdb_tables()
        WHERE schema_name IN (?, ?) ORDER BY ALL""",
        [RAW, RIGHTS],
    ).fetchall()
    found = {}
    for schema, table in names:
        sums = con.execute(f"SELECT count(*), sum(hash(t)) FROM {schema}.{table} t").fetchall()[0]
        found[f"{schema}.{table}"] = [str(one) for one in sums]
    return found
