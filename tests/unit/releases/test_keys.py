"""Key pairs: who holds what, and what is refused."""

import stat

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from contracts.errors import SettingsError
from contracts.workspace import Workspace
from releases.keys import (
    default_board_folder,
    ensure_builder,
    load_board,
    load_private_key,
    make_person_key,
)
from releases.signing import same_key

LOCK = "a long one"


def _make(folder, person="board-chair", **more):
    return make_person_key(
        person, private_path=folder / "own" / "key.pem", board_folder=folder / "board", **more
    )


def test_a_private_key_is_readable_by_its_owner_alone(tmp_path):
    public = _make(tmp_path)
    assert stat.S_IMODE((tmp_path / "own" / "key.pem").stat().st_mode) == 0o600
    assert public == tmp_path / "board" / "board-chair.pem"
    assert b"PRIVATE" not in public.read_bytes()


def test_a_pair_belongs_together(tmp_path):
    _make(tmp_path)
    private = load_private_key(tmp_path / "own" / "key.pem")
    board = load_board(tmp_path / "board")
    assert list(board.people) == ["board-chair"]
    assert same_key(board.people["board-chair"], private.public_key())


def test_a_passphrase_locks_the_private_key(tmp_path):
    _make(tmp_path, passphrase=LOCK)
    load_private_key(tmp_path / "own" / "key.pem", LOCK)
    for wrong in (None, "another"):
        with pytest.raises(SettingsError, match="cannot be opened"):
            load_private_key(tmp_path / "own" / "key.pem", wrong)


@pytest.mark.parametrize("name", ["", "Board Chair", "../chair", "chair.pem", "-chair", "chair\n"])
def test_only_role_names_name_people(tmp_path, name):
    with pytest.raises(SettingsError, match="role name"):
        _make(tmp_path, name)


def test_no_key_is_ever_replaced(tmp_path):
    _make(tmp_path)
    before = (tmp_path / "own" / "key.pem").read_bytes()
    with pytest.raises(SettingsError, match="already"):
        _make(tmp_path)
    with pytest.raises(SettingsError, match="already"):
        make_person_key(
            "board-chair", private_path=tmp_path / "new.pem", board_folder=tmp_path / "board"
        )
    assert (tmp_path / "own" / "key.pem").read_bytes() == before
    assert not (tmp_path / "new.pem").exists()


@pytest.mark.parametrize("content", [b"", b"not a key"])
def test_a_file_that_is_no_key_is_named(tmp_path, content):
    (tmp_path / "member.pem").write_bytes(content)
    with pytest.raises(SettingsError, match=r"member\.pem is not an Ed25519 public key"):
        load_board(tmp_path)


def test_another_kind_of_key_is_named(tmp_path):
    other = generate_private_key(SECP256R1()).public_key()
    content = other.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (tmp_path / "member.pem").write_bytes(content)
    with pytest.raises(SettingsError, match="not an Ed25519 public key"):
        load_board(tmp_path)


def test_no_board_folder_is_an_empty_board(tmp_path):
    board = load_board(tmp_path / "none")
    assert not board.people
    assert not board.builders


def test_the_builder_is_registered_apart_from_the_people(tmp_path):
    workspace = Workspace(root=tmp_path, place="northmere")
    folder = workspace.home / "board"
    first = ensure_builder(workspace, "data-team", board_folder=folder)
    again = ensure_builder(workspace, "data-team", board_folder=folder)
    board = load_board(folder)
    assert same_key(first.public_key(), again.public_key())
    assert list(board.builders) == ["data-team"]
    assert not board.people
    assert stat.S_IMODE((workspace.keys / "builder.key").stat().st_mode) == 0o600


def test_a_builder_registered_with_another_key_is_refused(tmp_path):
    workspace = Workspace(root=tmp_path, place="northmere")
    folder = workspace.home / "board"
    ensure_builder(workspace, "data-team", board_folder=folder)
    (workspace.keys / "builder.key").unlink()
    with pytest.raises(SettingsError, match="already"):
        ensure_builder(workspace, "data-team", board_folder=folder)
    make_person_key(
        "someone", private_path=workspace.keys / "builder.key", board_folder=tmp_path / "other"
    )
    with pytest.raises(SettingsError, match="another key"):
        ensure_builder(workspace, "data-team", board_folder=folder)


def test_who_builds_is_known_by_name_and_by_key(tmp_path):
    workspace = Workspace(root=tmp_path, place="northmere")
    folder = workspace.home / "board"
    key = ensure_builder(workspace, "data-team", board_folder=folder)
    disguised = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (folder / "board-chair.pem").write_bytes(disguised)
    _make(tmp_path / "x", "clerk")
    board = load_board(folder)
    assert board.builds("data-team")
    assert board.builds("board-chair")
    assert not board.builds("clerk")


def test_a_place_that_keeps_its_own_board_folder_is_asked_there(tmp_path, monkeypatch):
    monkeypatch.setenv("AFLOAT_PLACES", str(tmp_path / "places"))
    workspace = Workspace(root=tmp_path / "var", place="somewhere")
    assert default_board_folder(workspace) == workspace.home / "board"
    (tmp_path / "places" / "somewhere" / "board").mkdir(parents=True)
    assert default_board_folder(workspace) == tmp_path / "places" / "somewhere" / "board"
