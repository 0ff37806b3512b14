"""The whole way once on an invented place, shared by the tests of one module.

The place is in the environment while the module runs, so a module uses one of them.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from afloat.runs import prepare
from contracts.place import Place, load_place
from contracts.workspace import REPOSITORY, Workspace
from synthetic import simulate
from tests.pipeline.routes import dagster_home
from tests.settings import settings_without

MONTH = "2026-10"
# Fewer trees, test months and resamples than a place would use: these tests ask whether each step
# does what it should with what came before, not how good the model is.
# Nothing is fitted again for the report either.
QUICK = (
    "\n[training]\nreplicates = 200\ntrees = 60\norigins = 2\n"
    "\n[reporting]\nblock_out = false\nlearning_curve = false\nother_households = false\n"
)


@event.listens_for(Engine, "connect")
def _never_wait_for_the_disk(connection: object, _: object) -> None:
    """Dagster's history need not outlive a test, and waiting for the disk is a tenth of a run."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA synchronous = OFF")


@dataclass(frozen=True, kw_only=True)
class Whole:
    """A place after a full run up to the sealed release."""

    place: Place
    workspace: Workspace
    instance: dg.DagsterInstance


def prepared(
    folder: Path,
    *,
    name: str = "northmere",
    preset: str = "average_unitary",
    size: str = "small",
    at_once: bool = False,
    without: tuple[str, ...] = (),
) -> Iterator[Whole]:
    """Invent a place, hide its truth, and prepare its release through Dagster's job."""
    # Dagster knows the places that were there when its definitions were first read in this process.
    shutil.copytree(REPOSITORY / "places", folder / "places")
    settings = folder / "places" / name / "place.toml"
    settings.write_text(settings_without(*without, place=name) + QUICK, encoding="utf-8")
    workspace = Workspace(root=folder / "var", place=name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AFLOAT_PLACES", str(folder / "places"))
        patch.setenv("AFLOAT_HOME", str(workspace.root))
        patch.setenv("DAGSTER_HOME", str(dagster_home(folder / "dagster")))
        place = load_place(name)
        simulate(
            place=place, workspace=workspace, size=size, preset=preset, seed=3, at_once=at_once
        )
        # The pipeline has to do without the truth: it is not there while it runs.
        shutil.move(workspace.home / "truth", folder / "truth-elsewhere")
        prepare(place=name, month=MONTH)
        shutil.move(folder / "truth-elsewhere", workspace.home / "truth")
        with dg.DagsterInstance.get() as instance:
            yield Whole(place=place, workspace=workspace, instance=instance)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    """A place with every source."""
    yield from prepared(tmp_path_factory.mktemp("whole"))


@pytest.fixture(scope="module")
def lean(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    """A place with no health feed and no benefits feed."""
    yield from prepared(
        tmp_path_factory.mktemp("lean"),
        size="village",
        without=("gp", "mh", "ecds", "uc", "shbe", "O7"),
    )
