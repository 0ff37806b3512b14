from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from linkage.ids import stable_ids
from linkage.people.names import NameKind, name_part, plain, read_name, sound

word = st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=3, max_size=10).filter(
    lambda w: read_name(f"mr {w} {w}").kind is NameKind.PERSON
)
# At the end of a line "Senior" tells a father from his son; before a comma it is a surname.
surname = word.filter(lambda w: w not in {"senior", "junior", "esq", "jnr", "snr", "iii"})


@given(st.text(max_size=40))
def test_any_text_is_read_into_comparable_parts(text: str) -> None:
    field = read_name(text)
    assert (field.kind is NameKind.PERSON) == bool(field.people)
    for name in field.people:
        for part in (name.first, name.middle, name.last):
            assert part is None or re.fullmatch("[a-z]+", part)


@given(st.text(max_size=40))
def test_plain_is_stable(text: str) -> None:
    assert plain(plain(text)) == plain(text)


@given(word, word, surname)
def test_both_ways_of_writing_a_name_are_read_alike(first: str, middle: str, last: str) -> None:
    one = read_name(f"{last.upper()}, MR {first.upper()} {middle.upper()}").people
    other = read_name(f"Mr {first} {middle} {last}").people
    assert one == other


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", max_size=12))
def test_a_sound_is_short_and_repeats(text: str) -> None:
    code = sound(name_part(text))
    assert code is None or 2 <= len(code) <= len(text) + 2
    assert code == sound(name_part(text.upper()))


@given(st.sets(st.text(max_size=12), max_size=30))
def test_numbers_belong_to_names_not_to_their_order(names: set[str]) -> None:
    numbers = stable_ids(names, key=b"one")
    assert numbers == stable_ids(sorted(names, reverse=True), key=b"one")
    assert len(set(numbers.values())) == len(names)
    assert all(0 < number < 2**52 for number in numbers.values())
