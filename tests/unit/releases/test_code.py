"""The code's fingerprint."""

import json

from contracts.workspace import REPOSITORY
from releases.code import PACKAGES, code_bytes, source_files


def _tree(folder):
    for name in ("contracts/a.py", "releases/templates/list.html", "linkage/sql/x.sql"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("one")
    (folder / "contracts" / "__pycache__").mkdir()
    (folder / "contracts" / "__pycache__" / "a.py").write_text("cache")
    (folder / "contracts" / "notes.md").write_text("notes")
    (folder / "tests").mkdir()
    (folder / "tests" / "test_a.py").write_text("test")
    return folder


def test_sources_and_templates_count_and_nothing_else(tmp_path):
    assert set(source_files(_tree(tmp_path))) == {
        "contracts/a.py",
        "linkage/sql/x.sql",
        "releases/templates/list.html",
    }


def test_any_change_of_a_source_shows(tmp_path):
    tree = _tree(tmp_path)
    first, content = code_bytes(root=tree)
    assert json.loads(content)["fingerprint"] == first
    assert code_bytes(root=tree) == (first, content)
    (tree / "linkage" / "sql" / "x.sql").write_text("two")
    assert code_bytes(root=tree)[0] != first


def test_libraries_are_named():
    content = json.loads(code_bytes()[1])
    assert content["libraries"]["duckdb"].startswith("2.")
    assert content["files"]["releases/verify.py"]


def test_a_given_fingerprint_stands():
    assert code_bytes("build 7")[0] == "build 7"


def test_every_package_of_ours_is_looked_at():
    made = {path.parent.name for path in REPOSITORY.glob("*/__init__.py")} - {"tests", "docs"}
    assert made - {"synthetic"} <= set(PACKAGES)
