"""Which code made a release: every source file of the packages, and the libraries beside it."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from contracts.fingerprint import of_file, of_value
from contracts.workspace import REPOSITORY
from releases.signing import readable_json

PACKAGES = (
    "contracts", "surfaces", "linkage", "features", "models", "fairness", "releases", "pipelines",
    "afloat",
)  # fmt: skip
_SUFFIXES = frozenset({".py", ".sql", ".html", ".css", ".toml", ".json", ".jinja"})
_LIBRARIES = (
    "cryptography", "duckdb", "interpret-core", "lightgbm", "numba", "numpy", "polars", "pyarrow",
    "scikit-learn", "scipy", "shap", "splink",
)  # fmt: skip


def source_files(root: Path = REPOSITORY) -> dict[str, str]:
    """Path below ``root`` to the fingerprint of each Python, SQL, template and style source."""
    found = (
        path
        for package in PACKAGES
        for path in (root / package).rglob("*")
        if path.suffix in _SUFFIXES and "__pycache__" not in path.parts and path.is_file()
    )
    return {path.relative_to(root).as_posix(): of_file(path) for path in sorted(found)}


def code_bytes(fingerprint: str | None = None, root: Path = REPOSITORY) -> tuple[str, bytes]:
    """The code's fingerprint, and what ``code.json`` says of it.

    Args:
        fingerprint: Given where the caller knows the code in another way, such as a build number.
        root: The repository.
    """
    if fingerprint is not None:
        return fingerprint, readable_json({"fingerprint": fingerprint})
    content = {
        "files": source_files(root),
        "libraries": {name: _version(name) for name in _LIBRARIES},
        "python": platform.python_version(),
    }
    digest = of_value(content)
    return digest, readable_json({"fingerprint": digest, **content})


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "not installed"
