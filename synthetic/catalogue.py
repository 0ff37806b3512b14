"""The fault catalogue: F01 to F24, the switches that make each up, and who is hit more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from types import MappingProxyType

from contracts.errors import SettingsError
from synthetic.settings import Faults


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One fault of records.

    Attributes:
        says: What goes wrong.
        hits: Who or what it happens to, and more to whom.
        switches: Fields of :class:`settings.Faults` that make it up; none where it needs no making.
    """

    says: str
    hits: str
    switches: tuple[str, ...] = ()


CATALOGUE: Mapping[str, Fault] = MappingProxyType(
    {
        "F01": Fault(
            says="one slip in a name",
            hits="names; twice as often where they are taken by telephone",
            switches=("typo",),
        ),
        "F02": Fault(
            says="0 for O, 1 for L, or a stray sign in a name",
            hits="names; three times as often in systems with one field for the name",
            switches=("confused_letters",),
        ),
        "F03": Fault(
            says="day and month of birth swapped",
            hits="those born on the 12th or before",
            switches=("day_month_swapped",),
        ),
        "F04": Fault(
            says="born on 1 January, or on 1 January 1900, because nobody knew",
            hits="everybody; far more people from countries where few births are registered",
            switches=("default_birth_date", "default_birth_date_abroad"),
        ),
        "F05": Fault(
            says="the everyday form of a first name, or no middle name",
            hits="people with such a name",
            switches=("nickname",),
        ),
        "F06": Fault(
            says="names in another order, a father's name as surname, or one name only",
            hits="some naming traditions",
            switches=("name_order",),
        ),
        "F07": Fault(
            says="another spelling in Latin letters",
            hits="some naming traditions; twice as often in outer London",
            switches=("transliterated",),
        ),
        "F08": Fault(
            says="a surname from before a marriage, in some sources only",
            hits="grown women",
            switches=("married_name",),
        ),
        "F09": Fault(
            says="a double-barrelled name cut short, or without its hyphen",
            hits="people with such a name",
            switches=("hyphen_lost",),
        ),
        "F10": Fault(
            says="twins: one birthday, one surname, one home",
            hits="children; they must not be merged",
            switches=("twins",),
        ),
        "F11": Fault(
            says="a son or daughter with a parent's whole name",
            hits="children at home; they must not be merged",
            switches=("same_full_name",),
        ),
        "F12": Fault(
            says="two people of one name in one postcode",
            hits="nobody is chosen: it comes about where many live closely",
        ),
        "F13": Fault(
            says="no UPRN",
            hits="every address; more often private renters and rooms",
            switches=("missing_uprn", "missing_uprn_renters"),
        ),
        "F14": Fault(
            says="the building's UPRN for a flat in it",
            hits="flats and rooms",
            switches=("shell_uprn",),
        ),
        "F15": Fault(
            says="an address that was left long ago",
            hits="movers; registrations with a practice more often at ages 20 to 34",
            switches=("stale_ctax", "stale_rent", "stale_gp", "stale_gp_young"),
        ),
        "F16": Fault(
            says="one person twice in one source",
            hits="those who come again",
            switches=("duplicate",),
        ),
        "F17": Fault(
            says="a temporary or wrong National Insurance number",
            hits="everybody with one; three times as often those new to the country",
            switches=("wrong_nino", "wrong_nino_migrants"),
        ),
        "F18": Fault(
            says="a landlord's or a hostel's address in place of the home's",
            hits="people in temporary homes most, private renters more",
            switches=("care_of",),
        ),
        "F19": Fault(
            says="the account of somebody who died stays open",
            hits="accounts whose payer died",
            switches=("deceased_open",),
        ),
        "F20": Fault(
            says='a company or "THE OCCUPIER" where a person should be',
            hits="council tax accounts; private rented homes more",
            switches=("not_a_person",),
        ),
        "F21": Fault(
            says="another sex than in other sources",
            hits="everybody; never a feature",
            switches=("sex_differs",),
        ),
        "F22": Fault(
            says="another ethnic group than in other sources",
            hits="everybody; three times as often Mixed and Other",
            switches=("ethnicity_differs", "ethnicity_differs_mixed"),
        ),
        "F23": Fault(
            says="a record that comes after the next extract",
            hits="every event: days in councils, six weeks in health",
            switches=("late",),
        ),
        "F24": Fault(
            says="a record put right or taken back later",
            hits="recovery stages, and sanctions ten times as often",
            switches=("corrected",),
        ),
    }
)


def without(faults: Faults, ids: Iterable[str]) -> Faults:
    """The faults with some of F01 to F24 switched off.

    Raises:
        SettingsError: If there is no such fault, or nothing that could be switched off.
    """
    off: dict[str, object] = {}
    for name in ids:
        if name not in CATALOGUE or not CATALOGUE[name].switches:
            raise SettingsError(
                f"There is no fault {name!r} that could be switched off.",
                next_step=f"Choose from {[i for i, f in CATALOGUE.items() if f.switches]}.",
            )
        for switch in CATALOGUE[name].switches:
            now = getattr(faults, switch)
            off[switch] = dict.fromkeys(now, 0.0) if isinstance(now, Mapping) else 0.0
    return replace(faults, **off)  # type: ignore[arg-type]  # the fields are named by the catalogue


def all_off() -> Faults:
    """Records without any fault."""
    return without(Faults(), [name for name, fault in CATALOGUE.items() if fault.switches])


SWITCHES = tuple(field.name for field in fields(Faults))
