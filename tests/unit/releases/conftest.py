"""One approved release for the tests that only look at it."""

import pytest

from tests.unit.releases.kit import Kit, steady_place


@pytest.fixture(scope="session")
def approved_kit(tmp_path_factory):
    kit = Kit(place=steady_place(), folder=tmp_path_factory.mktemp("approved"))
    return kit, kit.approved()


@pytest.fixture
def approved(approved_kit):
    return approved_kit[1]
