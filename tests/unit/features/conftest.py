"""What the tests of features share."""

from __future__ import annotations

import pytest

from features import neighbours


@pytest.fixture(autouse=True)
def few_neighbours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Invented places have eleven households, so two others must be enough for an area."""
    monkeypatch.setattr(neighbours, "FEWEST", 2)
