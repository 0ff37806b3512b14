"""The gate from a workspace: which release, and without anything but its files and decisions."""

import dataclasses
import shutil
from datetime import date

import pytest

from contracts.errors import DataMissing, ReleaseRefused
from releases import approve, approve_latest, check_seal, latest_release
from releases.keys import load_board
from releases.verify import verify_release
from tests.unit.releases.kit import CHAIR, MONTH, OFFICER, TODAY, Kit, steady_place


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    kit = Kit(place=steady_place(), folder=tmp_path_factory.mktemp("made"))
    return kit, kit.approved()


@pytest.fixture
def kit(made, tmp_path):
    return made[0].copy_to(tmp_path / "kit")


def test_neither_zones_nor_month_files_are_needed(kit, made):
    shutil.rmtree(kit.workspace.zones)
    for path in sorted(kit.workspace.month(MONTH).rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    assert kit.approve(made[1].release_id).files == made[1].files


def test_a_recipient_can_verify_with_copies_alone(kit, made, tmp_path):
    release_id = made[1].release_id
    for name in ("releases", "decisions"):
        (kit.workspace.home / name / release_id).rename(tmp_path / name)
    (tmp_path / "releases").rename(tmp_path / release_id)
    approved = verify_release(
        tmp_path / release_id,
        tmp_path / "decisions",
        board=load_board(kit.board_folder),
        place=kit.place,
        today=TODAY,
    )
    assert approved.files == made[1].files


def test_the_latest_release_is_the_one_asked(kit, made):
    approved = approve_latest(kit.workspace, place=kit.place, month=MONTH, today=TODAY)
    assert approved.release_id == made[1].release_id
    later = kit.seal(code="later build")
    with pytest.raises(ReleaseRefused, match="Nobody has decided"):
        approve_latest(kit.workspace, place=kit.place, month=MONTH, today=TODAY)
    assert latest_release(kit.workspace, MONTH) == later.folder


def test_a_pointer_that_is_turned_permits_nothing_new(kit):
    """It names a release; what it names is verified like any other."""
    other = kit.seal(code="later build")
    (kit.workspace.releases / "2026-10-latest.txt").write_text("../../elsewhere")
    with pytest.raises(DataMissing, match="not the name of a release"):
        approve_latest(kit.workspace, place=kit.place, month=MONTH, today=TODAY)
    (kit.workspace.releases / "2026-10-latest.txt").write_text(other.release_id)
    with pytest.raises(ReleaseRefused, match="Nobody has decided"):
        approve_latest(kit.workspace, place=kit.place, month=MONTH, today=TODAY)


def test_a_month_without_a_release(kit):
    with pytest.raises(DataMissing, match="No release is sealed for 2026-09"):
        latest_release(kit.workspace, date(2026, 9, 30))


def test_the_seal_alone_can_be_checked(kit, made):
    folder = kit.workspace.releases / made[1].release_id
    board = load_board(kit.board_folder)
    assert check_seal(folder) == check_seal(folder, board) == ()
    kit.rewrite(folder / "manifest.sig", b"00\n")
    assert check_seal(folder) == ()
    assert check_seal(folder, board) == ("The builder's signature of the manifest is wrong.",)
    kit.rewrite(folder / "scores.parquet", b"")
    assert check_seal(folder) == ("The scores changed after sealing (scores.parquet).",)


def test_no_board_no_list(kit, made):
    with pytest.raises(ReleaseRefused, match="not a member of the board"):
        approve(
            kit.workspace,
            place=kit.place,
            release_id=made[1].release_id,
            today=TODAY,
            board_folder=kit.folder / "nobody",
        )


def test_decisions_name_no_person_but_by_role(kit, made):
    for path in (kit.workspace.decisions / made[1].release_id).iterdir():
        assert any(role in path.name for role in (CHAIR, OFFICER))


def test_approvals_are_read_only(made):
    with pytest.raises(dataclasses.FrozenInstanceError):
        made[1].approvals[0].person = "me"
