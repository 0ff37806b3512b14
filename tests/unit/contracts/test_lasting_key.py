"""The key that lasts: made once, kept to its owner, and what is closed under it."""

import base64

import pytest

from contracts.errors import SettingsError, ZoneRefused
from contracts.lasting_key import (
    FILE_NAME,
    KEY,
    close_bytes,
    held_lasting_key,
    lasting_key,
    open_bytes,
)
from contracts.sealed import SealKey


@pytest.fixture(autouse=True)
def no_key_from_outside(monkeypatch):
    monkeypatch.delenv(KEY, raising=False)


def test_it_is_made_once_and_kept_to_its_owner(tmp_path):
    first = lasting_key(tmp_path)
    assert lasting_key(tmp_path) == first == held_lasting_key(tmp_path)
    assert (tmp_path / FILE_NAME).stat().st_mode & 0o077 == 0


def test_none_is_made_by_looking_or_where_something_needs_the_old_one(tmp_path):
    assert held_lasting_key(tmp_path) is None
    with pytest.raises(SettingsError, match="A release sealed before needs the key"):
        lasting_key(tmp_path, needed_by="A release sealed before")
    assert not list(tmp_path.iterdir())


def test_the_environment_goes_before_the_file(tmp_path, monkeypatch):
    lasting_key(tmp_path)
    monkeypatch.setenv(KEY, base64.b64encode(bytes(range(32))).decode())
    assert lasting_key(tmp_path) == SealKey(secret=bytes(range(32)))
    monkeypatch.setenv(KEY, "too short")
    with pytest.raises(SettingsError, match=f"{KEY} holds no key"):
        lasting_key(tmp_path)


def test_a_file_that_others_can_read_is_refused(tmp_path):
    lasting_key(tmp_path)
    (tmp_path / FILE_NAME).chmod(0o644)
    with pytest.raises(SettingsError, match="Others can read"):
        held_lasting_key(tmp_path)


def test_equal_bytes_close_to_equal_bytes_and_open_again():
    key = SealKey(secret=b"k" * 32)
    closed = close_bytes(b"plain words", key=key, purpose="contacts")
    assert closed == close_bytes(b"plain words", key=key, purpose="contacts")
    assert b"plain" not in closed
    assert open_bytes(closed, key=key, purpose="contacts") == b"plain words"


@pytest.mark.parametrize("other", ["key", "purpose", "bit", "cut"])
def test_nothing_else_opens_it(other):
    key = SealKey(secret=b"k" * 32)
    closed = close_bytes(b"plain words", key=key, purpose="contacts")
    with pytest.raises(ZoneRefused, match="do not open"):
        open_bytes(
            {"bit": bytes([closed[0] ^ 1]) + closed[1:], "cut": closed[:10]}.get(other, closed),
            key=SealKey(secret=b"x" * 32) if other == "key" else key,
            purpose="scores" if other == "purpose" else "contacts",
        )
