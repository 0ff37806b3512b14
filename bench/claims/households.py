"""Households of a million people: time and memory on top of linkage."""

from __future__ import annotations

import json
import resource
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from bench.apart import apart
from bench.claim import Claim, Stopwatch
from bench.copies import lay_copies
from bench.walk import LAST_MONTH, Walk
from contracts.warehouse import month_schema
from contracts.workspace import Workspace
from contracts.zones import Zone

PEOPLE = 1_000_000
MONTH_ENDS = 24
_MEMORY = "3500MB"


def measure() -> Iterator[Claim]:
    """CPU seconds and peak memory of building 24 month ends for a million people."""
    watch = Stopwatch()
    with tempfile.TemporaryDirectory() as folder:
        walk = Walk.of(size="small", today=datetime.now(tz=UTC).date(), root=Path(folder))
        walk.run("simulate", "load", "people")
        found = measured(walk, Path(folder) / "many")
    note = (
        f"{found['linked']:,.0f} linked people, of whom {found['people']:,.0f} are in a household "
        f"at the last of {MONTH_ENDS} month ends; 2 threads"
    )
    yield watch.claim(
        "household-cpu",
        "CPU seconds to build the households of a million people, on top of linkage",
        found["cpu_s"],
        unit="s",
        bar=("<=", 60),
        note=note,
    )
    yield watch.claim(
        "household-memory",
        "Peak memory of building the households of a million people",
        found["peak_gib"],
        unit="GiB",
        bar=("<=", 4),
        note=note,
    )


def measured(walk: Walk, root: Path) -> dict[str, float]:
    """Copies of a place whose people were linked, and their households in another process."""
    schema = month_schema(LAST_MONTH)
    key = (walk.workspace.keys / "pseudonym.key").read_bytes()
    many = Workspace(root=root, place=walk.place.name)
    with walk.workspace.warehouse().read(Zone.IDENTITY) as one:
        ((linked,),) = one.execute(f"SELECT count(*) FROM {schema}.person").fetchall()
        with many.warehouse().write(Zone.IDENTITY) as con:
            lay_copies(one, con, schema=schema, copies=-(-PEOPLE // linked), key=key)
    return apart("bench.claims.households", str(root), key.hex())


def _inside(root: Path, key: bytes) -> None:
    from contracts.place import load_place
    from linkage.households import build_households

    place = load_place("northmere")
    windows = place.windows.model_copy(update={"history_months": MONTH_ENDS - 1})
    many = Workspace(root=root, place=place.name)
    with many.warehouse().write(Zone.IDENTITY) as con:
        con.execute(f"SET memory_limit = '{_MEMORY}'")
        ((linked,),) = con.execute(
            f"SELECT count(*) FROM {month_schema(LAST_MONTH)}.person"
        ).fetchall()
        before = resource.getrusage(resource.RUSAGE_SELF)
        report = build_households(
            con,
            place=place.model_copy(update={"windows": windows}),
            month=LAST_MONTH,
            pseudonym_key=key,
            id_key=many.id_key(),
        )
    after = resource.getrusage(resource.RUSAGE_SELF)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(
        json.dumps(
            {
                "linked": linked,
                "people": report.people,
                "cpu_s": round(spent, 1),
                "peak_gib": round(after.ru_maxrss / 1024**2, 2),
            }
        )
    )


if __name__ == "__main__":
    _inside(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]))
