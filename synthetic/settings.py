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
        "small": Size(households=5_000, months=48, futures=32),
        "demo": Size(households=20_000, months=60, futures=16),
        "place": Size(households=100_000, months=60, futures=8),
    }
)


@dataclass(frozen=True, kw_only=True)
class Faults:
    """Shares of records with a fault, independent of need.

    The names follow the fault catalogue; the ones that hit some groups harder are marked, and are
    what :data:`EVEN_FAULTS` takes away.
    """

    typo: float = 0.015
    confused_letters: float = 0.003
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
    hyphen_lost: float = 0.30
    twins: float = 0.015
    same_full_name: float = 0.003
    shell_uprn: float = 0.06
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
    not_a_person: float = 0.04
    sex_differs: float = 0.004
    ethnicity_differs: float = 0.04
    corrected: float = 0.01
    silent_practice: bool = True
    """One practice of ten does not share its data (differential by area)."""


EVEN_FAULTS = Faults(
    default_birth_date_abroad=0.005,
    name_order=0.0,
    transliterated=0.0,
    stale_gp_young=0.08,
    missing_uprn_renters=1.0,
    silent_practice=False,
)


@dataclass(frozen=True, kw_only=True)
class Switches:
    """Planted unfairness, drift and breaks: all off unless named, each with its size.

    Attributes:
        group: Ethnic groups that the group switches act on.
        labels_recorded: Share of that group's crisis records kept (B1).
        features_recorded: Share of that group's other records kept (B1, B4).
        contact_shift: Shift of contact propensity in SD for that group (B1c).
        spurious: Monthly rate of records without need, times positive contact propensity (B2).
        unlinked: Extra share of that group's records that cannot be linked (B3).
        insecurity_shift: Shift of true housing insecurity in SD for that group (B5).
        macro_step: Log shift of job losses and benefit errors from ``macro_month`` on.
        macro_month: Month, counted from the first, of that step.
        silent_source: A source that sends nothing in the last month.
        uc_version_2_from: Month, counted from the first, from which Universal Credit notices come
            in the second version of the share; the months before come in the first.
    """

    group: tuple[str, ...] = ("ASIAN", "BLACK")
    labels_recorded: float = 1.0
    features_recorded: float = 1.0
    contact_shift: float = 0.0
    spurious: float = 0.0
    unlinked: float = 0.0
    insecurity_shift: float = 0.0
    macro_step: float = 0.0
    macro_month: int = 46
    silent_source: str | None = None
    uc_version_2_from: int = 0

    def __post_init__(self) -> None:
        wrong = sorted(set(self.group) - set(GROUPS))
        shares = (self.labels_recorded, self.features_recorded, self.unlinked, self.spurious)
        if wrong or not all(0.0 <= share <= 1.0 for share in shares):
            raise SettingsError(
                f"A switch cannot be set: unknown groups {wrong}, or a share outside 0 to 1.",
                next_step=f"Choose groups from {list(GROUPS)} and shares between 0 and 1.",
            )


@dataclass(frozen=True, kw_only=True)
class Preset:
    """A kind of place: its faults and its planted switches."""

    faults: Faults
    switches: Switches = Switches()


PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        "average_unitary": Preset(faults=Faults()),
        "B0": Preset(faults=EVEN_FAULTS),
        "B1": Preset(
            faults=EVEN_FAULTS,
            switches=Switches(labels_recorded=0.7, features_recorded=0.7),
        ),
        "B1c": Preset(faults=EVEN_FAULTS, switches=Switches(contact_shift=-0.5)),
        "B2": Preset(faults=EVEN_FAULTS, switches=Switches(spurious=0.002)),
        "B3": Preset(faults=EVEN_FAULTS, switches=Switches(unlinked=0.10)),
        "B4": Preset(faults=EVEN_FAULTS, switches=Switches(features_recorded=0.7)),
        "B5": Preset(faults=EVEN_FAULTS, switches=Switches(insecurity_shift=0.35)),
    }
)


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


def chosen_preset(name: str) -> Preset:
    """The preset of that name.

    Raises:
        SettingsError: If there is no such preset.
    """
    if name not in PRESETS:
        raise SettingsError(
            f"There is no preset {name!r}.", next_step=f"Choose one of {list(PRESETS)}."
        )
    return PRESETS[name]
