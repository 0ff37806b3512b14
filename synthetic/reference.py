"""The reference page of invented places, made from what the simulator declares.

``python -m synthetic.reference --write`` makes it; ``--check`` fails where it no longer says what
the declarations say.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

from contracts.pages import write_or_check
from contracts.workspace import REPOSITORY
from synthetic.catalogue import CATALOGUE
from synthetic.injections import INJECTIONS
from synthetic.kinds import KINDS, Kind
from synthetic.national import SECTIONS, Target, tolerance
from synthetic.settings import Faults

PAGE = REPOSITORY / "docs" / "reference" / "invented-places.md"


def markdown() -> str:
    """The whole page, as Markdown."""
    return "\n\n".join([*_opening(), *_kinds(), *_faults(), *_injections(), *_measures()]) + "\n"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [tuple(head), tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _opening() -> Iterator[str]:
    yield "# Invented places"
    yield (
        "<!-- Made from the declarations in synthetic/ by `python -m synthetic.reference --write`. "
        "Change those, not this page. -->"
    )
    yield (
        "`afloat simulate <place> --preset <kind>` invents a place. Any kind goes with any planted "
        "difference (`--inject B3=0.5`) and with any fault switched off (`--no-fault F16`). What "
        "was really so is sealed beside the deliveries, with every fault, every planted difference "
        "and every measure beside its target."
    )


def _kinds() -> Iterator[str]:
    yield "## Kinds of place"
    yield _table(
        (
            "preset",
            "owners, council, association, private %",
            "minority ethnic %",
            "areas in the most deprived fifth %",
            "in temporary homes per 1,000",
            "structure",
        ),
        [_kind(name, kind) for name, kind in KINDS.items()],
    )
    yield (
        "Health joins by address in all of them: a link from person to person (L1) is not built, "
        "so the strong health link of a northern city is simulated as one by address too."
    )


def _kind(name: str, kind: Kind) -> tuple[str, ...]:
    structure = f"county and {len(kind.districts)} districts" if kind.districts else "one council"
    if kind.merges_in_month is not None:
        structure += f", merged from month {kind.merges_in_month} on"
    return (
        f"`{name}`",
        " / ".join(f"{100 * share:.0f}" for share in kind.tenure),
        f"{100 * (1 - kind.groups[0]):.0f}",
        f"{100 * kind.deprived:.0f}",
        f"{kind.temporary:g}",
        structure,
    )


def _faults() -> Iterator[str]:
    yield "## Faults of records"
    usual = Faults()
    rows = []
    for name, fault in CATALOGUE.items():
        sizes = []
        for switch in fault.switches:
            size = getattr(usual, switch)
            plain = size if isinstance(size, int | float) else max(size.values())
            sizes.append(f"`{switch}` {plain:g}")
        rows.append((name, fault.says, fault.hits, ", ".join(sizes) or "comes about by itself"))
    yield _table(("fault", "what goes wrong", "whom it hits", "switch and usual size"), rows)


def _injections() -> Iterator[str]:
    yield "## Planted differences"
    rows = [(name, one.says, one.finds) for name, one in INJECTIONS.items()]
    rows.insert(0, ("B0", "nothing, and every fault hits all alike", "no alarm"))
    yield _table(("name", "at strength 1", "what an audit must find"), rows)


def _measures() -> Iterator[str]:
    yield "## Measures and their targets"
    yield (
        "Every run writes these, for its kind of place, beside what it made, into the sealed "
        "truth's `run.json`. Shares under 5 % may differ by half a point. **Planning figure**: "
        "from memory with low confidence, or assumed; never to be quoted as evidence."
    )
    for section, targets in SECTIONS.items():
        yield f"### {section}"
        rows = [_measure(name, target) for name, target in targets.items()]
        yield _table(("measure", "target", "tolerance", "of", "evidence"), rows)


def _measure(name: str, target: Target) -> tuple[str, ...]:
    said = "planning figure" if target.planning else target.tag
    more = ", more where areas are poorer" if target.gradient else ""
    slack = tolerance(target.value, target.slack)
    return (name, f"{target.value:g}{more}", f"± {slack:.4g}", target.year, said)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the page, or check that it is as the declarations have it.

    Returns:
        0 where all is well, 1 where the page is out of date.
    """
    return write_or_check(PAGE, markdown, module="synthetic.reference", arguments=arguments)


if __name__ == "__main__":
    sys.exit(main())
