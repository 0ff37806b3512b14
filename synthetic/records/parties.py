"""Who is named on a council tax account, in one free field, and the discounts on it."""

from __future__ import annotations

import numpy as np
import polars as pl

from synthetic.faulty_names import as_one_field
from synthetic.identity import Seen, seen
from synthetic.namepools import COMPANIES
from synthetic.people import GROWN, HEAD, OTHER, PARTNER
from synthetic.records.base import (
    Context,
    blanked,
    frame,
    keyed_hashes,
    lag,
    present,
    references,
    text,
)
from synthetic.records.ctax import Accounts
from synthetic.stays import OPEN
from synthetic.streams import Flags, Ints, Strings


def party_rows(context: Context, book: Accounts) -> pl.DataFrame:
    """``ctax_party``: who is named on each account, in one field."""
    row, person, role = _liable(context, book)
    streams = context.streams
    view = seen(context, "ctax", person)
    name = as_one_field(
        view.title, view.first, view.middle, view.last, streams.each("format", person, row)
    )
    joint = _joint_lines(context, book, row, role=role, view=view, name=name)
    company = book.not_a_person[row]
    keep = ~joint & ~(company & (role > 0))
    position = role
    name = np.where(company, _companies(context, book.number)[row], name)
    reused = streams.each("party", person, row) < 0.7
    party = np.where(reused, person * 10, person * 10 + 1 + row % 9)
    party = np.where(company, 900_000_000 + row, party)
    tenure = context.world.dwellings.tenure[book.dwelling[row]]
    ground = np.array(["7", "4", "4", "4", "6"], dtype=object)[tenure]
    columns = {
        "account_ref": book.reference[row],
        "party_ref": references("PY", party, 9),
        "position": position,
        "role": np.array(["lead", "liable", "non_liable"], dtype=object)[np.minimum(role, 2)],
        "liability_type": np.where(company, "8", np.where(role >= 2, "0", ground)),
        "name_raw": name,
        "dob": np.where(view.has_dob & ~company, view.dob, OPEN),
        "nino_hash": blanked(view.nino, company),
        "phone_hash": blanked(view.phone, company),
        "email_hash": _emails(context, person, company | view.unlinkable),
    }
    columns = {key: np.asarray(values)[keep] for key, values in columns.items()}
    real = keep & ~company
    context.link(
        "ctax", text(book.reference[row][real], references("PY", party, 9)[real]), person[real]
    )
    return frame("ctax_party", columns, book.opened[row][keep])


def _emails(context: Context, person: Ints, without: Flags) -> Strings:
    """A keyed hash of the address that some gave."""
    given = context.streams.each("id:ctax:email", person) < 0.42
    return blanked(keyed_hashes(context.key, "email", person), without | ~given)


def _liable(context: Context, book: Accounts) -> tuple[Ints, Ints, Ints]:
    """Account, person and place on the bill (0 lead, 1 joint, 2 and on not liable)."""
    members, people = context.members, context.world.people
    row, member = present(members, book.household, book.starts + 1)
    person, role = members.person[member], members.role[member]
    adult = people.dob[person] < book.starts[row] - 18 * 365
    u = context.streams.each("on:bill", person, row)
    named = np.isin(role, (HEAD, PARTNER)) | ((role == OTHER) & (u < 0.55))
    named |= (role == GROWN) & (u < 0.06)
    row, person, role = row[adult & named], person[adult & named], role[adult & named]
    order = np.lexsort((person, role, row))
    row, person, role = row[order], person[order], role[order]
    starts = np.flatnonzero(np.r_[True, row[1:] != row[:-1]])
    place = np.arange(len(row)) - np.repeat(starts, np.diff(np.r_[starts, len(row)]))
    joint = np.isin(role, (HEAD, PARTNER, OTHER))
    return row, person, np.where(place == 0, 0, np.where(joint, place, place + 1))


def _joint_lines(
    context: Context,
    book: Accounts,
    row: Ints,
    *,
    role: Ints,
    view: Seen,
    name: Strings,
) -> Flags:
    """Some couples are one line, ``MR & MRS J SMITH``; the second party's own line is dropped."""
    dropped = np.zeros(len(row), dtype=bool)
    first, last = view.first, view.last
    second = np.flatnonzero(
        (role == 1) & (context.streams.each("joint:line", book.number)[row] < 0.08)
    )
    second = second[(second > 0)]
    second = second[(row[second - 1] == row[second]) & (last[second - 1] == last[second])]
    for index in second.tolist():
        name[index - 1] = f"MR & MRS {first[index - 1][:1].upper()} {last[index].upper()}"
        dropped[index] = True
    return dropped


def _companies(context: Context, account: Ints) -> Strings:
    names = np.array([*COMPANIES, "THE OCCUPIER", "THE OCCUPIER", "THE OWNER"], dtype=object)
    picked = np.floor(len(names) * context.streams.each("company", account)).astype(int)
    return np.asarray(names[picked])


def discount_rows(context: Context, book: Accounts) -> pl.DataFrame:
    """``ctax_discount``: single adults, and a few others; some last too long."""
    streams, households = context.streams, context.world.households
    u = streams.each("discount", book.number)
    disabled = households.disability[book.household]
    kinds = {
        "SPD25": (book.adults == 1) & (u < 0.82),
        "DBR": disabled & (streams.each("dbr", book.household) < 0.08),
        "DISREG25": (book.adults == 2) & (streams.each("disreg", book.household) < 0.04),
        "N": (book.adults >= 2)
        & (households.age_band[book.household] == 0)
        & (streams.each("students", book.household) < 0.95),
    }
    parts = []
    for code, has in kinds.items():
        rows = np.flatnonzero(has & ~book.not_a_person)
        start = book.starts[rows]
        known = book.opened[rows] + lag(context, f"discount:{code}", 6, 0.6, rows)
        ends = book.ends[rows]
        closed = np.maximum(book.closed[rows], known + 1)
        base = {
            "account_ref": book.reference[rows],
            "disc_code": np.full(len(rows), code),
            "start_date": start,
        }
        parts.append(frame("ctax_discount", base | {"end_date": np.full(len(rows), OPEN)}, known))
        over = (ends < OPEN) & (streams.each("discount:stays", rows) >= 0.04)
        parts.append(
            frame(
                "ctax_discount",
                {key: values[over] for key, values in base.items()} | {"end_date": ends[over]},
                closed[over],
            )
        )
    return pl.concat(parts)
