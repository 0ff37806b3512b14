"""General practice: registrations by home pseudonym, conditions and medication."""

from __future__ import annotations

import numpy as np
import polars as pl

from synthetic.causes import H
from synthetic.faultlog import RECORD
from synthetic.identity import unlinkable
from synthetic.people import PARTNER, YEAR
from synthetic.population import solved_intercept
from synthetic.records.addresses import lsoa_codes
from synthetic.records.base import (
    Context,
    blanked,
    expanded,
    frame,
    keyed_hashes,
    lag,
    present,
    uprn_pseudonyms,
)
from synthetic.settings import GROUPS
from synthetic.stays import OPEN, PersonStays
from synthetic.streams import Flags, Floats, Ints, Strings

OPTED_OUT = 0.055
HEALTH_LAG = 45
PRACTICES = 10
# Which practices fall silent first, of the ten.
SILENT_FIRST = (7, 2, 5, 0, 8, 3, 6, 1, 9, 4)
_LETTERS = ("AAAAAAAAAAABCC", "HHHJJJKKLR", "MMNNNP", "DEFG", "S")


def shared(context: Context, person: Ints) -> Flags:
    """Whether the sender shares a person's health records: opt-outs are taken away before."""
    people, switches = context.world.people, context.switches
    group = np.isin(people.group[person], [GROUPS.index(name) for name in switches.group])
    u = context.streams.each("ndoo", person)
    out = u < OPTED_OUT * (1 + switches.more_opt_outs * group)
    if switches.more_opt_outs:
        extra = out & (u >= OPTED_OUT)
        context.log.plant("B6", people.household[person], extra, person)
    return np.asarray(~out, dtype=bool)


def nhs_pids(context: Context, person: Ints) -> Strings:
    """The sender's pseudonym of each person."""
    return keyed_hashes(context.key, "nhs", person)


def one_adult(context: Context, name: str, household: Ints, day: Ints) -> tuple[Ints, Ints]:
    """Row and person: head or partner of each household on a day, the same for the same name."""
    members = context.members
    row, member = present(context.members, household, day)
    head = members.role[member] <= PARTNER
    row, member = row[head], member[head]
    u = context.streams.each(f"who:{name}", members.person[member], household[row])
    order = np.lexsort((u, row))
    row, member = row[order], member[order]
    first = np.r_[True, row[1:] != row[:-1]] if len(row) else np.zeros(0, dtype=bool)
    return row[first], members.person[member[first]]


def _registered(context: Context, stays: PersonStays) -> tuple[PersonStays, Ints, Ints]:
    """Stays that the practice heard of, the number of each registration, and its practice."""
    world, streams, faults = context.world, context.streams, context.faults
    first = np.r_[True, stays.person[1:] != stays.person[:-1]]
    age = (stays.starts - world.people.dob[stays.person]) / YEAR
    young = (age >= 20) & (age < 35)
    stale = np.where(young, faults.stale_gp_young, faults.stale_gp) * 1.6
    kept_old = ~first & (streams.each("gp:stale", stays.person, stays.starts) < stale)
    log, stay = context.log, np.arange(len(first))
    log.note("F15", "gp, ages 20 to 34", stay, kept_old & young, ~first & young, what=RECORD)
    log.note("F15", "gp", stay, kept_old & ~young, ~first & ~young, what=RECORD)
    heard = ~kept_old
    heard &= shared(context, stays.person)
    kept = PersonStays(**{name: getattr(stays, name)[heard] for name in stays.__dataclass_fields__})
    area = world.dwellings.area[kept.dwelling]
    far = streams.each("gp:practice", kept.household) < 0.15
    practice = np.where(far, (area * 7 + 3) % PRACTICES, area % PRACTICES)
    new = np.r_[True, (kept.person[1:] != kept.person[:-1]) | (practice[1:] != practice[:-1])]
    return kept, np.cumsum(new) - 1, practice


def patient_rows(context: Context, stays: PersonStays) -> pl.DataFrame:
    """``gp_patient``: a registration, its address when it changes, and its end."""
    world, streams = context.world, context.streams
    kept, registration, practice = _registered(context, stays)
    opens = np.r_[True, registration[1:] != registration[:-1]]
    delay = 4 + np.floor(50 * streams.each("gp:joins", kept.person, kept.starts)).astype(np.int64)
    joined = np.maximum(kept.starts + delay, kept.starts)
    first = np.flatnonzero(opens)
    reg_start = joined[first][registration]
    recorded = joined + lag(context, "gp", HEALTH_LAG, 0.25, kept.person, kept.starts)
    moved = kept.starts >= context.first_day
    no_home = streams.each("gp:puprn", kept.person, kept.starts) < np.where(moved, 0.046, 0.014)
    spoilt = unlinkable(context, "gp", kept.person)
    puprn = uprn_pseudonyms(context.key, world.dwellings.uprn[kept.dwelling])
    dob = world.people.dob[kept.person].astype("datetime64[D]").astype("datetime64[M]")
    month = dob.astype(np.int64)
    silent = np.isin(practice, SILENT_FIRST[: context.switches.silent_practices])
    if context.switches.silent_practices:
        context.log.plant("B5", kept.household, silent, kept.person)
    columns = {
        "nhs_pid": nhs_pids(context, kept.person),
        "practice_ods": np.array([f"N8{p:02d}01" for p in range(PRACTICES)], dtype=object)[
            practice
        ],
        "reg_start": reg_start,
        "birth_year": 1970 + month // 12,
        "birth_month": month % 12 + 1,
        "sex": np.where(world.people.male[kept.person], "M", "F"),
        "ethnic16": _ethnic16(context, kept.person),
        "lsoa21": lsoa_codes(len(world.areas.d))[world.dwellings.area[kept.dwelling]],
        "puprn": blanked(puprn, no_home | spoilt),
        "living_alone_ind": _alone(context, kept),
        "practice_dsa_in_place": ~silent,
    }
    ends, end_known = _registration_ends(context, kept, registration, joined)
    last = np.flatnonzero(np.r_[registration[1:] != registration[:-1], True])
    over = last[ends < OPEN]
    closing = {name: np.asarray(values)[over] for name, values in columns.items()}
    closing["reg_end"] = ends[ends < OPEN]
    known = np.maximum(end_known[ends < OPEN], recorded[over] + 1)
    return pl.concat([frame("gp_patient", columns, recorded), frame("gp_patient", closing, known)])


def _alone(context: Context, kept: PersonStays) -> Flags:
    """Whether nobody else lived in the household when the practice heard of the home."""
    row, _ = present(context.members, kept.household, kept.starts)
    return np.asarray(np.bincount(row, minlength=len(kept.household)) <= 1, dtype=bool)


def _registration_ends(
    context: Context, kept: PersonStays, registration: Ints, joined: Ints
) -> tuple[Ints, Ints]:
    """End of each registration and when it was known: a new practice, a death, or a leaving.

    Some who leave stay on the list for good.
    """
    last = np.flatnonzero(np.r_[registration[1:] != registration[:-1], True])
    person = kept.person[last]
    following = np.minimum(last + 1, len(joined) - 1)
    changes = (kept.person[following] == person) & (following != last)
    died = context.world.homes.death_day[person]
    left = kept.ends[last]
    ghost = context.streams.each("gp:ghost", person) < 0.15
    slow = 30 + np.floor(150 * context.streams.each("gp:off", person)).astype(np.int64)
    ends = np.where(left < OPEN, np.where(ghost, OPEN, left + slow), OPEN)
    ends = np.where(died < OPEN, died, ends)
    ends = np.where(changes, joined[following], ends)
    ends = np.maximum(ends, joined[last])
    known = ends + lag(context, "gp:end", HEALTH_LAG, 0.25, person, last)
    return ends, known


def _ethnic16(context: Context, person: Ints) -> Strings:
    """Census categories as practices hold them: some not stated, some not known, some missing."""
    streams = context.streams
    group = context.world.people.group[person]
    u = streams.each("gp:eth", person)
    out = np.empty(len(person), dtype=object)
    for code, letters in enumerate(_LETTERS):
        mine = group == code
        picked = np.floor(u[mine] * len(letters)).astype(int)
        out[mine] = np.array(list(letters), dtype=object)[picked]
    missing = streams.each("gp:eth:none", person)
    out[missing < 0.10] = None
    out[missing < 0.05] = "Z"
    out[missing < 0.02] = "99"
    return out


# ---- conditions and medication ------------------------------------------------------------------

_PREVALENCE = {
    "DEPR": (0.108, 0.9),
    "ANXIETY": (0.07, 0.7),
    "SMI": (0.0125, 1.1),
    "COPD": (0.021, 0.5),
    "DM": (0.072, 0.3),
    "CHRONIC_PAIN": (0.06, 0.7),
    "SUBST_MISUSE": (0.009, 0.9),
}


_GRADIENTS = {"DEPR": "depression", "SMI": "smi"}


def _patients(context: Context) -> Ints:
    """Adults who are ever registered and share."""
    people = context.world.people
    ever = np.unique(context.members.person)
    adult = people.dob[ever] < context.last_day - 17 * YEAR
    return np.asarray(ever[adult & shared(context, ever)])


def _long_standing(context: Context, person: Ints) -> dict[str, Ints]:
    """Persons with each condition from before the first day."""
    world = context.world
    household = world.people.household[person]
    burden = world.households.factors[household, H]
    if context.switches.health_proxy:
        disabled = world.households.disability[household]
        burden = burden + context.switches.health_proxy * (disabled - disabled.mean())
        context.log.plant("B4", household, disabled)
    old = (context.first_day - world.people.dob[person]) / YEAR
    out = {}
    for cluster, (share, slope) in _PREVALENCE.items():
        eta = slope * burden
        eta = eta + (0.03 * (old - 45) if cluster in ("COPD", "DM") else 0.0)
        more = _GRADIENTS.get(cluster)
        a = solved_intercept(eta, share * (world.kind.scaled(more) if more else 1.0))
        p = 1 / (1 + np.exp(-(a + eta)))
        has = (context.streams.each(f"gp:{cluster}", person) < p) & (old > 17)
        out[cluster] = person[has]
    return out


def _new_trouble(context: Context) -> tuple[Ints, Ints, Floats]:
    """Person, day and a number for each contact with primary care about mental health."""
    event = context.world.events["mental"].kept()
    row, person = one_adult(context, "mental", event.household, event.day)
    keep = shared(context, person)
    row, person = row[keep], person[keep]
    u = context.streams.each("mental:kind", event.household[row], event.month[row])
    return person, event.day[row], u


def clinical_tables(context: Context) -> dict[str, pl.DataFrame]:
    """``gp_condition`` and ``gp_medication``."""
    person = _patients(context)
    before = _long_standing(context, person)
    trouble = _new_trouble(context)
    return {
        "gp_condition": _condition_rows(context, before, trouble),
        "gp_medication": _medication_rows(context, before, trouble),
    }


def _condition_rows(
    context: Context, before: dict[str, Ints], trouble: tuple[Ints, Ints, Floats]
) -> pl.DataFrame:
    """A condition when it is first coded, and again each time it is coded anew."""
    names = list(before)
    person = [before[name] for name in names]
    cluster = [np.full(len(before[name]), code) for code, name in enumerate(names)]
    day = [
        context.first_day
        - 20
        - np.floor(3600 * context.streams.each(f"since:{name}", before[name]))
        for name in names
    ]
    who, when, u = trouble
    for code, name, low in ((0, "DEPR", 0.0), (1, "ANXIETY", 0.35)):
        # Somebody with the condition is coded anew far more often than somebody is diagnosed.
        known = np.isin(who, before[name])
        mine = (u >= low) & (u < low + np.where(known, 0.5, 0.05))
        person.append(who[mine])
        cluster.append(np.full(int(mine.sum()), code))
        day.append(when[mine].astype(np.float64))
    who, kind, when = np.concatenate(person), np.concatenate(cluster), np.concatenate(day)
    when = when.astype(np.int64)
    order = np.lexsort((when, kind, who))
    who, kind, when = who[order], kind[order], when[order]
    fresh = np.r_[True, (who[1:] != who[:-1]) | (kind[1:] != kind[:-1])]
    first = when[np.flatnonzero(fresh)][np.cumsum(fresh) - 1]
    columns = {
        "nhs_pid": nhs_pids(context, who),
        "cluster": np.array(names, dtype=object)[kind],
        "first_date": first,
        "latest_date": when,
    }
    return frame(
        "gp_condition", columns, when + lag(context, "gp:code", HEALTH_LAG, 0.25, who, when)
    )


def _medication_rows(
    context: Context, before: dict[str, Ints], trouble: tuple[Ints, Ints, Floats]
) -> pl.DataFrame:
    """Monthly items: long courses of those who had them, and new courses after a contact."""
    streams, months = context.streams, len(context.months) - 1
    who, when, u = trouble
    starts = u < 0.34
    month = np.searchsorted(context.months, when, side="right") - 1
    sleeps = (u >= 0.9) | (u < 0.03)
    depressed = before["DEPR"]
    long = depressed[streams.each("rx:long", depressed) < 0.84]
    nights = before["ANXIETY"][streams.each("rx:night", before["ANXIETY"]) < 0.2]
    parts = [
        (long, np.zeros(len(long), dtype=np.int64), "0403", 60.0),
        (who[starts], month[starts], "0403", 9.0),
        (nights, np.zeros(len(nights), dtype=np.int64), "0401", 30.0),
        (who[sleeps], month[sleeps], "0401", 2.0),
    ]
    out = []
    for person, first, section, mean in parts:
        length = 1 + np.floor(-mean * np.log(streams.each(f"rx:{section}:{mean}", person, first)))
        row, at = expanded(first, np.minimum(first + length.astype(np.int64), months))
        taken = streams.each(f"rx:taken:{section}", person[row], at) < 0.85
        out.append((person[row][taken], at[taken], section))
    return _medication_frame(context, out)


def _medication_frame(context: Context, parts: list[tuple[Ints, Ints, str]]) -> pl.DataFrame:
    frames = []
    for section in ("0403", "0401"):
        pairs = np.unique(
            np.concatenate([p * 1000 + m for p, m, which in parts if which == section])
        )
        person, month = pairs // 1000, pairs % 1000
        items = 1 + (context.streams.each(f"rx:items:{section}", person, month) < 0.12)
        columns = {
            "nhs_pid": nhs_pids(context, person),
            "bnf_section": np.full(len(person), section),
            "month": context.months[month],
            "items": items,
        }
        late = lag(context, f"rx:{section}", HEALTH_LAG, 0.15, person, month)
        frames.append(frame("gp_medication", columns, context.months[month + 1] + late))
    return pl.concat(frames)
