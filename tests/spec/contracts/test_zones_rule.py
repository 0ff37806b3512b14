"""One package opens several zones, and one module opens DuckDB files: read off the code itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from contracts.workspace import REPOSITORY

PACKAGES = (
    "afloat", "bench", "contracts", "docs", "fairness", "features", "linkage", "models",
    "pipelines", "releases", "surfaces", "synthetic",
)  # fmt: skip
CROSSING = "linkage/crossing/"
OPENER = "contracts/warehouse.py"
# It times sealing, on a file of its own that holds nothing.
UNSEALERS = (OPENER, "bench/sealing.py")
# They lay copies of an invented place into a file of their own, apart from every place's folder.
FILES_OF_THEIR_OWN = ("bench/claims/features.py", "bench/copies.py", "bench/scale/run.py")


def code_files() -> Iterator[tuple[str, str]]:
    for package in PACKAGES:
        for path in sorted((REPOSITORY / package).rglob("*.py")):
            yield path.relative_to(REPOSITORY).as_posix(), path.read_text(encoding="utf-8")


def faults(where: str, code: str) -> list[str]:
    """Every way in which a module opens what it should not."""
    found = []
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Attribute):
            if node.attr == "open_zones" and not where.startswith((CROSSING, OPENER)):
                found.append("opens several zones")
            if node.attr in {"unseal", "_unseal"} and where not in UNSEALERS:
                found.append("unseals")
        if isinstance(node, ast.Name) and node.id == "unseal" and where not in UNSEALERS:
            found.append("unseals")
        if isinstance(node, ast.Call):
            found += _opens(where, node)
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            words = node.value.split()
            if words[:1] == ["ATTACH"] and where != OPENER:
                found.append("attaches a file")
    return found


def _opens(where: str, call: ast.Call) -> list[str]:
    """``duckdb.connect`` is for files in one module, and in memory (without a path) elsewhere."""
    made = ast.unparse(call.func)
    if made != "duckdb.connect" or where in (OPENER, *FILES_OF_THEIR_OWN) or not call.args:
        return []
    return ["opens a DuckDB file"]


def test_only_the_crossing_opens_several_zones_and_only_one_module_opens_files() -> None:
    # unseal is defined in contracts/sealed.py; naming it there is no use of it.
    wrong = {where: faults(where, code) for where, code in code_files()}
    assert {where: what for where, what in wrong.items() if what} == {}


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("with w.open_zones(a, write=[b]) as con: pass", "opens several zones"),
        ("from contracts.sealed import unseal\nunseal(a, b, key=k, purpose='x')", "unseals"),
        ("con.execute(f\"ATTACH '{path}' AS other\")", "attaches a file"),
        ("import duckdb\nduckdb.connect(str(path))", "opens a DuckDB file"),
    ],
)
def test_a_module_that_did_would_be_found(code: str, fault: str) -> None:
    assert fault in faults("features/build.py", code)


def test_memory_and_the_crossing_are_left_alone() -> None:
    assert faults("linkage/engine/link.py", "duckdb.connect(config={'threads': 2})") == []
    assert faults(f"{CROSSING}open.py", "w.open_zones(a)") == []
    assert Path(REPOSITORY / OPENER).exists()
