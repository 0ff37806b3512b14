"""One tiny world for all tests that only read it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import polars as pl
import pytest

from contracts.place import Place, load_place
from contracts.tables import SOURCES
from synthetic.build import build_world
from synthetic.injections import PRESETS
from synthetic.records.base import Context
from synthetic.settings import SIZES, Size, Switches
from synthetic.simulate import context_of, pseudonym_key, records

LAST = date(2026, 10, 31)
SEED = 7


@dataclass(frozen=True)
class Made:
    context: Context
    frames: dict[str, pl.DataFrame]


@pytest.fixture(scope="session")
def northmere() -> Place:
    return load_place("northmere")


@pytest.fixture(scope="session")
def everywhere(northmere: Place) -> Place:
    """Northmere, with the sources that are off by default too."""
    one = northmere.sources["hreg"]
    more = {source: one for source in SOURCES if source not in northmere.sources}
    return northmere.model_copy(update={"sources": more | dict(northmere.sources)})


@pytest.fixture(scope="session")
def make(everywhere: Place) -> Callable[..., Made]:
    def made(
        *,
        size: Size = SIZES["tiny"],
        preset: str = "average_unitary",
        switches: Switches | None = None,
        seed: int = SEED,
    ) -> Made:
        kind = PRESETS[preset]
        if switches is not None:
            kind = replace(kind, switches=switches)
        world = build_world(seed=seed, size=size, preset=kind, neighbourhoods=4, last_month=LAST)
        context = context_of(world, kind, pseudonym_key(seed))
        return Made(context, records(context, everywhere, lambda _: None))

    return made


@pytest.fixture(scope="session")
def tiny(make: Callable[..., Made]) -> Made:
    return make()
