"""An ApprovedRelease comes from verify_release and from nowhere else, as far as Python allows."""

import copy
import dataclasses
import pickle
from types import SimpleNamespace

import pytest

from contracts.errors import ReleaseRefused
from releases import write_lists
from releases.lists import reference_table, render_lists
from releases.verify import ApprovedRelease, require_approved

FORGERIES = {
    "constructor": lambda real: ApprovedRelease(),
    "constructor with content": lambda real: ApprovedRelease(real.manifest, real.files),
    "copy": copy.copy,
    "deep copy": copy.deepcopy,
    "pickle": lambda real: pickle.loads(pickle.dumps(real)),  # noqa: S301 - that it fails is the test
    "old pickle": lambda real: pickle.dumps(real, protocol=0),
    "replace": dataclasses.replace,
    "subclass": lambda real: type("Mine", (ApprovedRelease,), {}),
    "new attribute": lambda real: setattr(real, "anything", 1),
    "changed attribute": lambda real: setattr(real, "files", {}),
    "forced attribute": lambda real: object.__setattr__(real, "files", {}),
    "changed bytes": lambda real: real.files.update({"scores.parquet": b""}),
    "changed approval": lambda real: setattr(real.approvals[0], "person", "me"),
    "changed manifest": lambda real: setattr(real.manifest, "audit", "passed"),
}


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES)
def test_cannot_be_forged(approved, forge):
    before = dict(approved.files)
    with pytest.raises((TypeError, AttributeError, ValueError)):
        forge(approved)
    assert dict(approved.files) == before


def test_an_empty_shell_is_good_for_nothing(tmp_path):
    shell = object.__new__(ApprovedRelease)
    with pytest.raises(TypeError, match="verify_release"):
        _ = shell.files
    with pytest.raises(ReleaseRefused, match="nothing else"):
        write_lists(shell, outbox=tmp_path)
    assert not list(tmp_path.iterdir())


class Disguised:
    """Says that it is an ApprovedRelease, and has all that one has."""

    __class__ = ApprovedRelease

    def __init__(self, real):
        self.__dict__.update(
            {name: getattr(real, name) for name in ("manifest", "files", "approvals")}
        )


@pytest.mark.parametrize("use", [write_lists, lambda it, outbox: render_lists(it), reference_table])
def test_lists_take_an_approved_release_and_nothing_else(approved, tmp_path, use):
    lookalike = SimpleNamespace(
        manifest=approved.manifest, files=approved.files, approvals=approved.approvals
    )
    for other in (None, "2026-10-abc", {}, approved.manifest, lookalike, Disguised(approved)):
        with pytest.raises(ReleaseRefused, match="nothing else"):
            use(other, outbox=tmp_path) if use is not reference_table else use(other)
    assert not list(tmp_path.iterdir())


def test_what_was_hashed_is_what_is_used(approved_kit, tmp_path):
    """Bytes changed on disk between check and use do not reach the list."""
    kit, approved = approved_kit
    own = kit.copy_to(tmp_path / "kit")
    permit = own.approve(approved.release_id)
    release = own.workspace.releases / approved.release_id
    for path in release.rglob("*.parquet"):
        own.rewrite(path, b"changed after the check")
    assert render_lists(permit) == render_lists(approved)
    with pytest.raises(ReleaseRefused, match="changed after sealing"):
        own.approve(approved.release_id)


def test_the_real_one_is_handed_through(approved):
    assert require_approved(approved) is approved
    assert approved.release_id == approved.manifest.release_id
    assert [given.person for given in approved.approvals] == [
        "board-chair",
        "data-protection-officer",
    ]
