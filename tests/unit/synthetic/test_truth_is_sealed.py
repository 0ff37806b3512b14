"""Nothing that judges or reads data knows where the truth lies."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from synthetic.truth import FOLDER

ROOT = Path(__file__).parents[3]
OPEN_TO = {"synthetic"}
PACKAGES = sorted(
    path.name
    for path in ROOT.iterdir()
    if path.is_dir() and (path / "__init__.py").exists() and path.name not in OPEN_TO
)


def named(path: Path) -> list[int]:
    """Lines of a module whose texts, other than docstrings, name the truth's folder."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    said = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in said
        and FOLDER in node.value.replace("\\", "/").split("/")
    ]


@pytest.mark.parametrize("package", PACKAGES)
def test_no_other_package_names_the_truth(package: str):
    for path in (ROOT / package).rglob("*.py"):
        assert not named(path), f"{path.relative_to(ROOT)} names the sealed truth"


def test_no_other_test_opens_it():
    # The walk through the whole pipeline takes the truth away while it runs, to show that.
    folders = ("evaluation", "pipeline", "unit/synthetic")
    allowed = {ROOT / "tests" / folder for folder in folders}
    for path in (ROOT / "tests").rglob("*.py"):
        if not allowed & set(path.parents):
            assert not named(path), f"{path.relative_to(ROOT)} names the sealed truth"


def test_the_test_would_notice(tmp_path: Path):
    path = tmp_path / "peeks.py"
    path.write_text('"""Reads truth."""\nx = home / "truth"\ny = "var/truth/links.parquet"\n')
    assert sorted(named(path)) == [2, 3]
