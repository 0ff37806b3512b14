"""Reference pages that are made from the code: written by one command, compared by another."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path


def write_or_check(
    page: Path, text: Callable[[], str], *, module: str, arguments: Sequence[str] | None = None
) -> int:
    """Write a page (``--write``), or check that it says what the code says (``--check``).

    Args:
        page: The page in ``docs/reference``.
        text: Makes what it should say.
        module: What to run, such as ``contracts.reference``.
        arguments: Of the command line; the process's own where not given.

    Returns:
        0 where all is well, 1 where the page is out of date.
    """
    parser = argparse.ArgumentParser(prog=f"python -m {module}")
    chosen = parser.add_mutually_exclusive_group(required=True)
    chosen.add_argument("--write", action="store_true", help=f"make docs/reference/{page.name}")
    chosen.add_argument("--check", action="store_true", help="fail where the page is out of date")
    writes = parser.parse_args(arguments).write
    content = text()
    if writes:
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(content, encoding="utf-8")
        return 0
    if page.exists() and page.read_text(encoding="utf-8") == content:
        return 0
    sys.stderr.write(
        f"docs/reference/{page.name} is out of date: the code says something else. "
        f"Run python -m {module} --write, or make fix.\n"
    )
    return 1
