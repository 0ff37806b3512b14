"""Windows over the rows of each account or person, for every snapshot in one pass.

A row counts for an atom from one month until before another: from its recording, its event and its
start, until it is replaced, grown too old or ended. So what is added up costs the same for one
snapshot and for thirty-six, and the rest as many steps as months for which a row counts.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from features.compiled import Asked, Floats, Ints, Months, Rows, compiled

_SUM, _MAX, _MIN, _LAST, _MEDIAN, _KINDS, _AGES, _CARRIED, _CARRYING = range(9)


class Span(NamedTuple):
    """Rows that count for an atom, of one key: their value, day and event, and their snapshots.

    Attributes:
        x: Values.
        day: Days by which they are put in order.
        event: Months of their events, from the first snapshot on.
        start: First snapshot at which each counts.
        stop: First at which it no longer does.
    """

    x: Floats
    day: Floats
    event: Months
    start: Months
    stop: Months


@compiled
def atoms_of(
    rows: Rows, asked: Asked, part: tuple[int, int, int, int], out: Floats, which: Ints
) -> int:
    """Every atom of every account or person and snapshot at which any row of it counts at all.

    Args:
        rows: The rows.
        asked: The atoms, and the keys and snapshots.
        part: First row and entry, and the last ones, excluded; no key may lie across a border.
        out: A line for each atom, a key and snapshot each: written.
        which: Which key and snapshot that is: written.

    Returns:
        How many were written.
    """
    row, last_row, entry, last_entry = part
    room = _longest(rows.key, row, last_row)
    life = np.empty((3, room), np.int32)
    span = Span(
        np.empty(room),
        np.empty(room),
        np.empty(room, np.int32),
        np.empty(room, np.int32),
        np.empty(room, np.int32),
    )
    there = np.empty(asked.snapshots + 1, np.int64)
    value = np.empty(asked.snapshots)
    done = 0
    while row < last_row and entry < last_entry:
        key = rows.key[row]
        if key > asked.key[entry]:
            entry += 1
            continue
        end = row + 1
        while end < last_row and rows.key[end] == key:
            end += 1
        if key == asked.key[entry]:
            _rows_there(there, life, rows, asked, (row, end))
            first = done
            while entry < last_entry and asked.key[entry] == key:
                if there[asked.k[entry] - asked.first_k] > 0:
                    which[done] = entry
                    done += 1
                entry += 1
            for a in range(len(asked.atoms) if done > first else 0):
                count = _counting(span, life, rows, asked, (a, row, end))
                _one(value, span, count, asked.atoms[a])
                for at in range(first, done):
                    out[a, at] = value[asked.k[which[at]] - asked.first_k]
        row = end
    return done


@compiled
def _longest(key: Ints, first: int, last: int) -> int:
    """Most rows of any key."""
    longest, start = 0, first
    for r in range(first, last):
        if key[r] != key[start]:
            start = r
        longest = max(longest, r + 1 - start)
    return longest


@compiled
def _rows_there(there: Ints, life: Months, rows: Rows, asked: Asked, part: tuple[int, int]) -> None:
    """How many rows count at all at each snapshot, and from which until which each does."""
    past = np.any(asked.atoms[:, 7] == 1)
    there[:] = 0
    for r in range(part[0], part[1]):
        at = r - part[0]
        young = min(rows.event[r] + rows.keep - asked.first_k, asked.snapshots)
        life[0, at] = max(rows.seen[r] - asked.first_k, 0)
        life[1, at] = min(young, rows.gone[r] - asked.first_k)
        life[2, at] = young
        stop = young if past else life[1, at]
        if life[0, at] < stop:
            there[life[0, at]] += 1
            there[stop] -= 1
    for at in range(1, asked.snapshots):
        there[at] += there[at - 1]


@compiled
def _counting(
    span: Span, life: Months, rows: Rows, asked: Asked, which: tuple[int, int, int]
) -> int:
    """The rows of a key that count for an atom; how many."""
    a, row, end = which
    atom = asked.atoms[a]
    number, by, youngest, from_, until = atom[1], atom[2], atom[3], atom[5], atom[6]
    older, ends = atom[4] + atom[8], 2 if atom[7] else 1
    found = 0
    for r in range(row, end):
        x = rows.numbers[number, r]
        if np.isnan(x):
            continue
        event = rows.event[r] - asked.first_k
        start = max(life[0, r - row], event + youngest)
        stop = min(life[ends, r - row], event + older)
        if from_ >= 0:
            start = max(start, rows.months[from_, r] - asked.first_k)
        if until >= 0:
            stop = min(stop, rows.months[until, r] - asked.first_k)
        if start < stop:
            span.x[found], span.event[found] = x, event
            span.start[found], span.stop[found] = start, stop
            if by >= 0:
                span.day[found] = rows.numbers[by, r]
            found += 1
    return found


@compiled
def _one(value: Floats, span: Span, count: int, atom: Months) -> None:
    """One atom of one key at every snapshot."""
    op = atom[0]
    if op == _SUM:
        _sums(value, span, count)
    elif op in (_MAX, _MIN):
        _extremes(value, span, count, 1.0 if op == _MAX else -1.0)
    elif op == _LAST:
        _latest(value, span, count)
    elif op == _MEDIAN:
        _middles(value, span, count)
    elif op in (_KINDS, _AGES):
        _bits(value, span, count, op)
    else:
        _carried(value, span, count, atom)


@compiled
def _sums(value: Floats, span: Span, count: int) -> None:
    value[:] = 0.0
    for r in range(count):
        value[span.start[r]] += span.x[r]
        if span.stop[r] < len(value):
            value[span.stop[r]] -= span.x[r]
    for at in range(1, len(value)):
        value[at] += value[at - 1]


@compiled
def _extremes(value: Floats, span: Span, count: int, sign: float) -> None:
    """Largest values, or smallest where the sign is -1."""
    value[:] = -np.inf
    for r in range(count):
        x = sign * span.x[r]
        for at in range(span.start[r], span.stop[r]):
            value[at] = x if x > value[at] else value[at]
    for at in range(len(value)):
        value[at] = np.nan if value[at] == -np.inf else sign * value[at]


@compiled
def _latest(value: Floats, span: Span, count: int) -> None:
    value[:] = np.nan
    best = np.full(len(value), -np.inf)
    for r in range(count):
        x, day = span.x[r], span.day[r]
        for at in range(span.start[r], span.stop[r]):
            if day > best[at] or (day == best[at] and x > value[at]):
                best[at], value[at] = day, x


@compiled
def _bits(value: Floats, span: Span, count: int, op: int) -> None:
    """How many kinds there were, or a bit for each age in months of an event."""
    bits = np.zeros(len(value), np.int64)
    for r in range(count):
        for at in range(span.start[r], span.stop[r]):
            bits[at] |= np.int64(span.x[r]) if op == _KINDS else np.int64(1) << (at - span.event[r])
    for at in range(len(value)):
        left, found = bits[at], 0
        while left and op == _KINDS:
            left &= left - 1
            found += 1
        value[at] = found if op == _KINDS else bits[at]


@compiled
def _carried(value: Floats, span: Span, count: int, atom: Months) -> None:
    """Over the months between youngest and oldest: the values that stood, or how many did."""
    op, youngest, oldest, stands = atom[0], atom[3], atom[4], atom[8]
    months = oldest + stands
    seen = np.full((len(value), months), np.nan)
    best = np.empty((len(value), months))
    for r in range(count):
        x, day = span.x[r], span.day[r]
        for at in range(span.start[r], span.stop[r]):
            ago = at - span.event[r]
            was = seen[at, ago]
            if np.isnan(was) or day > best[at, ago] or (day == best[at, ago] and x > was):
                seen[at, ago], best[at, ago] = x, day
    for at in range(len(value)):
        total, nearest = 0.0, months + stands
        for ago in range(months - 1, youngest - 1, -1):
            nearest = nearest if np.isnan(seen[at, ago]) else ago
            if ago <= oldest and nearest < ago + stands:
                total += 1.0 if op == _CARRYING else seen[at, nearest]
        value[at] = total


@compiled
def _middles(value: Floats, span: Span, count: int) -> None:
    """Medians, from values in order that rows enter and leave again."""
    inside = np.empty(count)
    n = 0
    for at in range(len(value)):
        for r in range(count):
            if span.start[r] == at:
                n += 1
                place = n - 1
                while place > 0 and inside[place - 1] > span.x[r]:
                    inside[place] = inside[place - 1]
                    place -= 1
                inside[place] = span.x[r]
            elif span.stop[r] == at:
                n -= 1
                for place in range(np.searchsorted(inside[: n + 1], span.x[r]), n):
                    inside[place] = inside[place + 1]
        value[at] = inside[(n - 1) // 2] * 0.5 + inside[n // 2] * 0.5 if n else np.nan
