"""A sealed file opens whole, with its own key and as what it is, or not at all."""

from __future__ import annotations

import os

import pytest

from contracts import sealed
from contracts.errors import ZoneRefused
from contracts.sealed import SealKey, seal, unseal

KEY = SealKey(secret=b"k" * 32)
OTHER = SealKey(secret=b"o" * 32)
HEADER = 48
TAG = 16


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch):
    """Several chunks without megabytes."""
    monkeypatch.setattr(sealed, "CHUNK", 64)


def sealed_file(tmp_path, content, *, name="identity"):
    plain, path = tmp_path / "plain", tmp_path / "zone.sealed"
    plain.write_bytes(content)
    seal(plain, path, key=KEY, purpose=name)
    return path


def opened(path, tmp_path, *, key=KEY, purpose="identity"):
    out = tmp_path / "out"
    unseal(path, out, key=key, purpose=purpose)
    return out.read_bytes()


@pytest.mark.parametrize("size", [0, 1, 63, 64, 65, 128, 1000])
def test_what_is_sealed_comes_back(tmp_path, size):
    content = os.urandom(size)
    assert opened(sealed_file(tmp_path, content), tmp_path) == content


def test_nothing_of_the_content_can_be_read(tmp_path):
    content = b"AMARA OKOYE, 12 QUAYSIDE ROW" * 20
    path = sealed_file(tmp_path, content)
    assert b"OKOYE" not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0


def test_the_same_content_is_never_sealed_alike(tmp_path):
    first = sealed_file(tmp_path, b"x" * 100).read_bytes()
    second = sealed_file(tmp_path, b"x" * 100).read_bytes()
    assert first[HEADER:] != second[HEADER:]


@pytest.mark.parametrize("at", [0, 9, 20, HEADER, HEADER + 70, -1])
def test_a_flipped_byte_is_found(tmp_path, at):
    path = sealed_file(tmp_path, os.urandom(300))
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)
    with pytest.raises(ZoneRefused):
        opened(path, tmp_path)
    assert not (tmp_path / "out").exists(), "nothing half opened is left"


CHUNKS = [HEADER + n * (64 + TAG) for n in range(4)]


@pytest.mark.parametrize("length", [0, 10, HEADER, HEADER + 5, *CHUNKS[1:], -1])
def test_a_file_cut_short_is_found(tmp_path, length):
    path = sealed_file(tmp_path, os.urandom(300))
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(ZoneRefused, match="damaged"):
        opened(path, tmp_path)


def test_chunks_that_are_swapped_or_added_are_found(tmp_path):
    path = sealed_file(tmp_path, os.urandom(300))
    whole = path.read_bytes()
    first, second = whole[CHUNKS[0] : CHUNKS[1]], whole[CHUNKS[1] : CHUNKS[2]]
    for content in (
        whole[: CHUNKS[0]] + second + first + whole[CHUNKS[2] :],
        whole + first,
        whole + b"\0",
    ):
        path.write_bytes(content)
        with pytest.raises(ZoneRefused, match="damaged"):
            opened(path, tmp_path)


def test_another_key_is_said_to_be_another(tmp_path):
    path = sealed_file(tmp_path, b"content")
    with pytest.raises(ZoneRefused, match="another key"):
        opened(path, tmp_path, key=OTHER)


def test_one_zone_cannot_be_put_in_the_place_of_another(tmp_path):
    path = sealed_file(tmp_path, b"content", name="identity")
    with pytest.raises(ZoneRefused, match="damaged"):
        opened(path, tmp_path, purpose="modelling")


def test_a_crash_while_sealing_leaves_what_was_there(tmp_path, monkeypatch):
    path = sealed_file(tmp_path, b"before")
    (tmp_path / "plain").write_bytes(b"after")

    def crash(_):
        raise OSError("no space left")

    monkeypatch.setattr(sealed.os, "fsync", crash)
    with pytest.raises(OSError, match="no space"):
        seal(tmp_path / "plain", path, key=KEY, purpose="identity")
    assert opened(path, tmp_path) == b"before"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["out", "plain", "zone.sealed"]


def test_a_key_never_shows_its_secret():
    assert KEY.secret.hex() not in repr(KEY)
    assert str(KEY.secret) not in repr(KEY)
    assert KEY.derived(b"a") != KEY.derived(b"b")
    assert KEY.name != OTHER.name
