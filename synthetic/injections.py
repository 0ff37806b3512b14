"""Unfairness that is planted so that an audit has something to find: B1 to B8, and B0 for none.

Each is made at a strength: 1 is the size that the catalogue names, 0.5 half of it. Any of them can
be planted in any kind of place, together or alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from contracts.errors import SettingsError
from synthetic.catalogue import without
from synthetic.kinds import KINDS, Kind
from synthetic.settings import EVEN_FAULTS, Faults, Switches

FAIR = "B0"
_Plant = Callable[[Switches, float], Switches]


@dataclass(frozen=True, kw_only=True)
class Injection:
    """One planted difference.

    Attributes:
        says: What is done to whom.
        finds: What an audit must find.
        plant: The switches with it, at a strength.
        most: Greatest strength that makes sense.
    """

    says: str
    finds: str
    plant: _Plant
    most: float


INJECTIONS: Mapping[str, Injection] = MappingProxyType(
    {
        "B1": Injection(
            says="contact 0.5 SD lower for recent migrants and older private renters of equal need",
            finds="fewer of them listed at equal need",
            plant=lambda now, size: replace(now, quiet=0.5 * size),
            most=4.0,
        ),
        "B2": Injection(
            says="contact 0.4 SD higher in children's processes for Black and Mixed families and "
            "on estates where officers are seen more",
            finds="more of them recorded at equal need, by records that institutions make",
            plant=lambda now, size: replace(now, watched=0.4 * size),
            most=4.0,
        ),
        "B3": Injection(
            says="10 in 100 more records of people with transliterated names cannot be linked",
            finds="the link rate fails its floor before any model is shown",
            plant=lambda now, size: replace(now, unlinked_names=0.10 * size),
            most=10.0,
        ),
        "B4": Injection(
            says="disabled people's households have more health records at the same need",
            finds="health features carry disability and nothing else",
            plant=lambda now, size: replace(now, health_proxy=0.8 * size),
            most=4.0,
        ),
        "B5": Injection(
            says="one practice of ten does not share, and its area has no health features",
            finds="the coverage map, and scores with and without health",
            plant=lambda now, size: replace(now, silent_practices=max(1, round(size))),
            most=9.0,
        ),
        "B6": Injection(
            says="Asian and Black patients opt out of sharing twice as often",
            finds="health coverage by group",
            plant=lambda now, size: replace(now, more_opt_outs=size),
            most=10.0,
        ),
        "B7": Injection(
            says="housing associations send no rent accounts",
            finds="performance by tenure; silence is not safety",
            plant=lambda now, size: replace(now, silent_landlords=size),
            most=1.0,
        ),
        "B8": Injection(
            says="4 in 10 homes of six or more have a second live account, so that they look like "
            "several households",
            finds="exclusions by household size",
            plant=lambda now, size: replace(now, second_accounts=0.4 * size),
            most=2.5,
        ),
        "thinned": Injection(
            says="3 in 10 crisis and other records of Asian and Black households are lost",
            finds="listing against an independent measure of need",
            plant=lambda now, size: replace(
                now, labels_recorded=1 - 0.3 * size, features_recorded=1 - 0.3 * size
            ),
            most=3.3,
        ),
        "spurious": Injection(
            says="records of possession and enforcement without need, where contact is higher",
            finds="a precision gap, and the share of records that institutions make",
            plant=lambda now, size: replace(now, spurious=0.002 * size),
            most=100.0,
        ),
        "needier": Injection(
            says="true housing insecurity 0.35 SD higher for Asian and Black households",
            finds="no alarm: a higher listing rate that matches need",
            plant=lambda now, size: replace(now, insecurity_shift=0.35 * size),
            most=4.0,
        ),
        "downturn": Injection(
            says="job losses and benefit errors rise by 0.6 in logs from month 46 on",
            finds="a break within one refresh",
            plant=lambda now, size: replace(now, macro_step=0.6 * size),
            most=3.0,
        ),
        "doubled": Injection(
            says="missed council tax is recorded twice as often from month 46 on",
            finds="a break within one refresh",
            plant=lambda now, size: replace(now, doubled=("missed", size)),
            most=1.0,
        ),
        "renamed": Injection(
            says="one code of awards is called something else from month 46 on",
            finds="rows in quarantine under the new code",
            plant=lambda now, _: replace(now, renamed=("welfare_award", "need", "ENERGY", "FUEL")),
            most=1.0,
        ),
    }
)


@dataclass(frozen=True, kw_only=True)
class Preset:
    """A kind of place with its faults and what is planted in it."""

    faults: Faults
    switches: Switches = field(default_factory=Switches)
    kind: Kind = KINDS["average_unitary"]

    def records_faults(self) -> Faults:
        """The faults, with names written otherwise as often as this kind of place has them."""
        share = min(1.0, self.faults.transliterated * self.kind.transliterated)
        return replace(self.faults, transliterated=share)


PRESETS: Mapping[str, Preset] = MappingProxyType(
    {name: Preset(faults=Faults(), kind=kind) for name, kind in KINDS.items()}
    | {FAIR: Preset(faults=EVEN_FAULTS)}
)


def chosen_preset(
    name: str, inject: Mapping[str, float] | None = None, no_fault: tuple[str, ...] = ()
) -> Preset:
    """The preset of that name, with differences planted and faults switched off.

    Args:
        name: A kind of place, or B0 for an average one in which every fault is even.
        inject: Names in :data:`INJECTIONS` with their strengths; B0 makes every fault even.
        no_fault: Faults of the catalogue to switch off.

    Raises:
        SettingsError: If there is no such preset, injection or fault, or a strength makes no sense.
    """
    if name not in PRESETS:
        raise SettingsError(
            f"There is no preset {name!r}.", next_step=f"Choose one of {list(PRESETS)}."
        )
    preset, switches = PRESETS[name], PRESETS[name].switches
    for key, size in (inject or {}).items():
        if key == FAIR:
            preset = replace(preset, faults=EVEN_FAULTS)
            continue
        known = INJECTIONS.get(key)
        if known is None or not 0 < size <= known.most:
            raise SettingsError(
                f"{key}={size:g} cannot be planted.",
                next_step=f"Choose from {[FAIR, *INJECTIONS]}, at a strength above 0"
                + ("." if known is None else f" and up to {known.most:g}."),
            )
        switches = known.plant(switches, size)
    return replace(preset, switches=switches, faults=without(preset.faults, no_fault))


def parse_injections(texts: list[str]) -> dict[str, float]:
    """``["B3=0.5", "B1"]`` as strengths; 1 where none is given.

    Raises:
        SettingsError: If a strength is not a number.
    """
    out = {}
    for text in texts:
        name, _, size = text.partition("=")
        try:
            out[name] = float(size) if size else 1.0
        except ValueError:
            raise SettingsError(
                f"{text!r} is not an injection and its strength.",
                next_step="Write it as B3=0.5, or B3 for its usual size.",
            ) from None
    return out
