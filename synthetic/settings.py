"""Sizes, presets, faults and switches: everything that a run of the simulator can be told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from contracts.errors import SettingsError

GROUPS = ("WHITE", "ASIAN", "BLACK", "MIXED", "OTHER")


@dataclass(frozen=True, kw_only=True)
class Size:
    """How large a place is.

    Attributes:
        households: Households at the start.
        months: Months of history.
        futures: Simulated futures for each household and cutoff of the oracle.
    """

    households: int
    months: int
    futures: int


SIZES: Mapping[str, Size] = MappingProxyType(
    {
        "tiny": Size(households=500, months=36, futures=16),
        "village": Size(households=900, months=36, futures=16),
        "small": Size(households=5_000, months=48, futures=32),
        "demo": Size(households=20_000, months=60, futures=16),
        "place": Size(households=100_000, months=60, futures=8),
    }
)


@dataclass(frozen=True, kw_only=True)
class Faults:
    """Shares of records with a fault, independent of need: each a switch, off at 0.

    :data:`synthetic.catalogue.CATALOGUE` says which of these make up F01 to F24. The ones that hit
    some groups harder are marked, and are what :data:`EVEN_FAULTS` takes away.
    """

    typo: float = 0.015
    confused_letters: float = 0.003
    """Of records in one field; a third of it elsewhere."""
    day_month_swapped: float = 0.006
    default_birth_date: float = 0.005
    default_birth_date_abroad: float = 0.06
    """Of people from some name pools (differential)."""
    nickname: float = 0.08
    name_order: float = 0.04
    """Of people from some name pools (differential)."""
    transliterated: float = 0.15
    """Of people from some name pools (differential)."""
    married_name: float = 0.012
    """Of grown women in a year."""
    hyphen_lost: float = 0.30
    twins: float = 0.015
    same_full_name: float = 0.003
    missing_uprn: float = 1.0
    """Times the share that each source has in an average home."""
    shell_uprn: float = 0.06
    care_of: float = 0.01
    stale_gp: float = 0.08
    stale_gp_young: float = 0.18
    """Of people aged 20 to 34 (differential)."""
    stale_ctax: float = 0.02
    stale_rent: float = 0.01
    stale_hreg: float = 0.12
    stale_asc: float = 0.08
    stale_cs: float = 0.10
    stale_school: float = 0.05
    missing_uprn_renters: float = 1.5
    """How many times more often private renters lack a UPRN (differential)."""
    duplicate: Mapping[str, float] = field(
        default_factory=lambda: MappingProxyType(
            {
                "rent": 0.01,
                "hclic": 0.05,
                "welfare": 0.03,
                "asc": 0.02,
                "cs": 0.03,
            }
        )
    )
    wrong_nino: float = 0.007
    wrong_nino_migrants: float = 3.0
    """How many times more often those new to the country have a wrong number (differential)."""
    deceased_open: float = 0.12
    """Of accounts whose payer died: about 0.3 % of all live accounts."""
    not_a_person: float = 0.04
    sex_differs: float = 0.004
    ethnicity_differs: float = 0.04
    ethnicity_differs_mixed: float = 3.0
    """How many times more often sources disagree about Mixed and Other people (differential)."""
    late: float = 1.0
    """Times the usual delay between an event and its record; 0 for the next day."""
    corrected: float = 0.01


EVEN_FAULTS = Faults(
    default_birth_date_abroad=0.005,
    name_order=0.0,
    transliterated=0.0,
    stale_gp_young=0.08,
    missing_uprn_renters=1.0,
    wrong_nino_migrants=1.0,
    ethnicity_differs_mixed=1.0,
)


@dataclass(frozen=True, kw_only=True)
class Switches:
    """Planted unfairness, drift and breaks: all off unless named, each with its size.

    :data:`synthetic.injections.INJECTIONS` says which of these make up B1 to B8.

    Attributes:
        group: Ethnic groups that the group switches act on.
        labels_recorded: Share of that group's crisis records kept.
        features_recorded: Share of that group's other records kept.
        contact_shift: Shift of contact propensity in SD for that group.
        quiet: SD by which contact is lower for recent migrants and older private renters.
        watched: SD by which contact is higher in children's processes for Black and Mixed families
            and on estates where officers are seen more.
        spurious: Monthly rate of records without need, times positive contact propensity.
        unlinked: Extra share of that group's records that cannot be linked.
        unlinked_names: Extra share of records that cannot be linked, of people whose names are
            transliterated.
        insecurity_shift: Shift of true housing insecurity in SD for that group.
        health_proxy: Log-odds by which disabled people's households have more health records at
            the same need.
        silent_practices: Practices, of ten, that do not share.
        more_opt_outs: Times by which that group opts out more often, beyond 1.
        silent_landlords: Share of association homes whose landlord sends no rent account.
        second_accounts: Share of households of six or more with a second live account at home.
        macro_step: Log shift of job losses and benefit errors from ``macro_month`` on.
        macro_month: Month, counted from the first, of that step and of the breaks below.
        doubled: A process of which from that month on more is recorded, and by what share.
        renamed: (table, column, code, new code): a code that its source renames in that month.
        silent_source: A source that sends nothing in the last month.
        uc_version_2_from: Month, counted from the first, from which Universal Credit notices come
            in the second version of the share; the months before come in the first.
    """

    group: tuple[str, ...] = ("ASIAN", "BLACK")
    labels_recorded: float = 1.0
    features_recorded: float = 1.0
    contact_shift: float = 0.0
    quiet: float = 0.0
    watched: float = 0.0
    spurious: float = 0.0
    unlinked: float = 0.0
    unlinked_names: float = 0.0
    insecurity_shift: float = 0.0
    health_proxy: float = 0.0
    silent_practices: int = 0
    more_opt_outs: float = 0.0
    silent_landlords: float = 0.0
    second_accounts: float = 0.0
    macro_step: float = 0.0
    macro_month: int = 46
    doubled: tuple[str, float] | None = None
    renamed: tuple[str, str, str, str] | None = None
    silent_source: str | None = None
    uc_version_2_from: int = 0

    def __post_init__(self) -> None:
        wrong = sorted(set(self.group) - set(GROUPS))
        shares = (
            self.labels_recorded,
            self.features_recorded,
            self.unlinked,
            self.unlinked_names,
            self.spurious,
            self.silent_landlords,
            self.second_accounts,
            self.silent_practices / 10,
        )
        if wrong or not all(0.0 <= share <= 1.0 for share in shares):
            raise SettingsError(
                f"A switch cannot be set: unknown groups {wrong}, or a share outside 0 to 1.",
                next_step=f"Choose groups from {list(GROUPS)} and shares between 0 and 1.",
            )

    @property
    def moves_need(self) -> bool:
        """Whether this world differs from the one on which intercepts are solved."""
        plain = Switches()
        names = ("insecurity_shift", "contact_shift", "quiet", "watched", "macro_step")
        return any(getattr(self, name) != getattr(plain, name) for name in names)


def chosen_size(name: str, months: int | None) -> Size:
    """The size of that name, with another number of months where one is given.

    Raises:
        SettingsError: If there is no such size, or too few months for a release.
    """
    if name not in SIZES:
        raise SettingsError(
            f"There is no size {name!r}.", next_step=f"Choose one of {list(SIZES)}."
        )
    size = SIZES[name]
    if months is None:
        return size
    if not 8 <= months <= 120:
        raise SettingsError(
            f"{months} months cannot be simulated.", next_step="Choose between 8 and 120."
        )
    return replace(size, months=months)
