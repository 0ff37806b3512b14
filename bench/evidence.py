"""Recomputes every figure that the README and the docs claim.

``make evidence`` writes ``evidence.json`` and ``docs/evidence.md``. A claim that falls short says
so, and the command then ends with 1. ``--only linkage,gate`` measures some subjects and keeps the
rest.
"""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Mapping
from typing import Any

from bench.claim import Claim, Measurement, as_row
from bench.claims import (
    crash,
    demo,
    explaining,
    features,
    gate,
    house,
    households,
    leaks,
    linkage,
    mapping,
    million,
    pages,
    real_data,
    scale,
)
from contracts.workspace import REPOSITORY

JSON_FILE = REPOSITORY / "evidence.json"
PAGE = REPOSITORY / "docs" / "evidence.md"

SUBJECTS: Mapping[str, Measurement] = {
    "demo": demo.measure,
    "linkage": linkage.measure,
    "place-linkage": linkage.measure_place,
    "link-floor": linkage.measure_floor,
    "households": households.measure,
    "features": features.measure,
    "leaks": leaks.measure,
    "million": million.measure,
    "scale": scale.measure,
    "real": real_data.measure,
    "explaining": explaining.measure,
    "gate": gate.measure,
    "crash": crash.measure,
    "map": mapping.measure,
    "pages": pages.measure,
    "house": house.measure,
}


def main() -> int:
    """Measure, write, and say what falls short."""
    chosen = _chosen(sys.argv[1:])
    rows = _kept(chosen)
    for subject in chosen:
        print(f"measuring {subject} ...", flush=True)
        for claim in _measured(subject):
            rows.append({"subject": subject, **as_row(claim)})
            print(f"  {claim.id}: {claim.value} {claim.unit} {_word(claim.holds)}", flush=True)
    order = list(SUBJECTS)
    rows.sort(key=lambda row: (order.index(row["subject"]), row["id"]))
    JSON_FILE.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")
    PAGE.write_text(_page(rows), encoding="utf-8")
    short = [row["id"] for row in rows if not row["holds"]]
    print(f"{len(rows)} claims; fall short: {', '.join(short) or 'none'}")
    return 1 if short else 0


def _chosen(arguments: list[str]) -> list[str]:
    if "--only" not in arguments:
        return list(SUBJECTS)
    return arguments[arguments.index("--only") + 1].split(",")


def _kept(chosen: list[str]) -> list[dict[str, Any]]:
    if set(chosen) == set(SUBJECTS) or not JSON_FILE.exists():
        return []
    rows: list[dict[str, Any]] = json.loads(JSON_FILE.read_text(encoding="utf-8"))
    return [row for row in rows if row["subject"] not in chosen]


def _measured(subject: str) -> list[Claim]:
    try:
        return list(SUBJECTS[subject]())
    except Exception as error:  # noqa: BLE001 - one subject that breaks must not hide the others
        traceback.print_exc()
        return [
            Claim(
                id=f"{subject}-broke",
                what=f"The measurement of {subject} ended with {type(error).__name__}.",
                value=None,
                unit="",
                bar="to be measured",
                holds=False,
                seconds=0.0,
            )
        ]


def _page(rows: list[dict[str, Any]]) -> str:
    lines = [
        "# Evidence",
        "",
        "Recomputed by `make evidence`; nothing here is typed in. A figure without a bar is only",
        "reported.",
        "",
        "| | What | Found | Bar | Holds | Note |",
        "|---|---|---|---|---|---|",
    ]
    for row in rows:
        value = (
            "not measured" if row["value"] is None else f"{row['value']:g} {row['unit']}".strip()
        )
        word = _word(row["holds"]) if row["bar"] else ""
        lines.append(
            f"| `{row['id']}` | {row['what']} | {value} | {row['bar']} | {word} | {row['note']} |"
        )
    return "\n".join(lines) + "\n"


def _word(holds: bool) -> str:  # noqa: FBT001 - one plain value in, one word out
    return "yes" if holds else "falls short"


if __name__ == "__main__":
    sys.exit(main())
