"""One value, one spelling, one signature."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from releases.signing import is_signed, parse_readable, readable_json, sign

VALUE = {"b": [1, 2.5, None, True], "a": "Ł"}


def test_there_and_back():
    assert parse_readable(readable_json(VALUE)) == VALUE


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b'{"a": 1, "a": 2}\n',
        b'{\n  "a": 1\n}',
        b'{\n  "a": 1\n}\n\n',
        b'{\n  "a": NaN\n}\n',
        b'{\n  "a": 1.0e0\n}\n',
        b'{\n  "b": 1,\n  "a": 1\n}\n',
        b"\xff\xfe",
        b"[" * 5000,
    ],
)
def test_another_spelling_is_not_the_same_file(content):
    with pytest.raises(ValueError, match=r".+"):
        parse_readable(content)


def test_a_signature_is_the_key_s_and_the_value_s():
    key, other = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    signature = sign(key, VALUE)
    assert signature == sign(key, dict(reversed(VALUE.items())))
    assert is_signed(key.public_key(), VALUE, signature)
    assert not is_signed(other.public_key(), VALUE, signature)
    assert not is_signed(key.public_key(), {**VALUE, "a": "L"}, signature)


@pytest.mark.parametrize(
    "spelling", [str.upper, lambda text: f"{text} ", lambda text: "", str.title]
)
def test_a_signature_has_one_spelling_too(spelling):
    key = Ed25519PrivateKey.generate()
    signature = spelling("".join(["ab" * 64]))
    assert not is_signed(key.public_key(), VALUE, signature)
    real = sign(key, VALUE)
    if spelling(real) != real:
        assert not is_signed(key.public_key(), VALUE, spelling(real))
