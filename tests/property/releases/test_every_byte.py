"""Whatever byte is turned, in whichever file of the release or its decisions, no list is had."""

import shutil

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.errors import ReleaseRefused
from releases.keys import load_board
from releases.verify import verify_release
from tests.unit.releases.kit import CHAIR, OFFICER, REASON, TODAY, Kit, steady_place

ASK = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def approved(tmp_path_factory):
    kit = Kit(place=steady_place(), folder=tmp_path_factory.mktemp("approved")).ready(
        audit="needs_reason"
    )
    release = kit.seal()
    for person in (CHAIR, OFFICER):
        kit.decide(release, person, decision="approve_with_reason", reason=REASON)
    return kit, release.folder, kit.workspace.decisions / release.release_id


def _files(*folders):
    return sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())


def _verify(kit, release, decisions):
    board = load_board(kit.board_folder)
    return verify_release(release, decisions, board=board, place=kit.place, today=TODAY)


def _refused(kit, release, decisions):
    with pytest.raises(ReleaseRefused) as refusal:
        _verify(kit, release, decisions)
    assert refusal.value.reasons
    assert all(reason.endswith(".") for reason in refusal.value.reasons)


def test_untouched_it_is_approved(approved):
    assert _verify(*approved).release_id == approved[1].name


@ASK
@given(data=st.data())
def test_one_turned_byte(approved, data):
    kit, release, decisions = approved
    files = _files(release, decisions)
    path = data.draw(st.sampled_from(files))
    content = path.read_bytes()
    position = data.draw(st.integers(0, len(content) - 1))
    turned = data.draw(st.integers(1, 255))
    changed = bytearray(content)
    changed[position] ^= turned
    path.chmod(0o644)
    try:
        path.write_bytes(bytes(changed))
        _refused(kit, release, decisions)
    finally:
        path.write_bytes(content)
    _verify(kit, release, decisions)


@ASK
@given(data=st.data())
def test_a_cut_or_lengthened_file(approved, data):
    kit, release, decisions = approved
    path = data.draw(st.sampled_from(_files(release, decisions)))
    content = path.read_bytes()
    other = data.draw(
        st.one_of(
            st.integers(0, len(content) - 1).map(lambda end: content[:end]),
            st.binary(min_size=1, max_size=4).map(lambda tail: content + tail),
            st.sampled_from([b" ", b"\n", b"\r\n", b"\x00", b"{}"]).map(
                lambda tail: content + tail
            ),
        )
    )
    path.chmod(0o644)
    try:
        path.write_bytes(other)
        _refused(kit, release, decisions)
    finally:
        path.write_bytes(content)


def test_every_file_taken_away(approved, tmp_path):
    kit, release, decisions = approved
    for path in _files(release, decisions):
        kept = tmp_path / "kept"
        shutil.move(path, kept)
        try:
            _refused(kit, release, decisions)
        finally:
            shutil.move(kept, path)
    _verify(kit, release, decisions)


@ASK
@given(name=st.text(min_size=1, max_size=20), content=st.binary(max_size=40))
def test_any_file_added(approved, name, content):
    kit, release, decisions = approved
    safe = name.replace("/", "-").replace("\x00", "-").encode("utf-8", "ignore").decode()
    if safe in {"", ".", ".."}:
        safe = "added"
    for folder in (release, decisions):
        path = folder / safe
        if path.exists():
            continue
        path.write_bytes(content)
        try:
            _refused(kit, release, decisions)
        finally:
            path.unlink()


@given(content=st.binary(max_size=200))
def test_no_bytes_break_the_reading_of_a_decision(content):
    from releases.decisions import parse_decision

    with pytest.raises(ValueError, match=r".+"):
        parse_decision(content, "x.json")
