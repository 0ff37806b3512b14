"""Sealed releases of each kind, made once and copied for every row of the table."""

from dataclasses import replace

import pytest

from tests.unit.releases.kit import Kit, steady_place


@pytest.fixture(scope="session")
def sealed(tmp_path_factory):
    made = {}

    def copy_of(audit, folder):
        if audit not in made:
            kit = Kit(
                place=steady_place(), folder=tmp_path_factory.mktemp(f"sealed-{audit}")
            ).ready(audit=audit)
            made[audit] = (kit, kit.seal())
        original, release = made[audit]
        kit = original.copy_to(folder)
        return kit, replace(release, folder=kit.workspace.releases / release.release_id)

    return copy_of
