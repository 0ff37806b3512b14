"""The report's tables that are not by group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fairness.comparisons import Compared
from fairness.labels import ATTRIBUTES, group_label
from fairness.result import AuditResult, Proxy
from fairness.tables import NOT_SHOWN, Line, Section, Table
from features.catalogue import CATALOGUE
from surfaces.words import in_100, sentence, thousands

_COIN = 0.5


def sources_table(audit: AuditResult, names: Mapping[str, str]) -> Table:
    """How often each source's records met another source, of those that should."""
    lines = tuple(
        Line(
            label=sentence(names.get(source.source, source.source)),
            cells=(NOT_SHOWN,)
            if source.records is None or source.linked is None
            else (thousands(source.records), in_100(source.linked)),
        )
        for source in audit.sources
    )
    return Table(
        caption="Records that should have met another source, and did",
        first="Source",
        figures=("Records", "Met, in 100"),
        sections=(Section(title="", lines=lines),),
    )


def seen_table(audit: AuditResult, names: Mapping[str, str]) -> Table:
    """How many households are to be found in each source."""
    lines = tuple(
        Line(
            label=sentence(names.get(seen.source, seen.source)),
            cells=(NOT_SHOWN,)
            if seen.households is None or seen.share is None
            else (thousands(seen.households), in_100(seen.share)),
        )
        for seen in audit.seen
    )
    return Table(
        caption="Households with a home that are to be found in each source",
        first="Source",
        figures=("Households", "In every 100"),
        sections=(Section(title="", lines=lines),),
    )


def proxies_table(audit: AuditResult, *, range_name: str) -> Table:
    """How well the features tell each protected group from everybody else, and which do."""
    says = {feature.name: feature.says for feature in CATALOGUE}

    def line(proxy: Proxy) -> Line:
        return Line(
            label=group_label(proxy.attribute, proxy.group),
            cells=(
                in_100(proxy.area),
                f"{in_100(proxy.low)} to {in_100(proxy.high)}",
                "; ".join(says.get(name, name) for name in proxy.features)
                if proxy.low > _COIN
                else "no better than a coin",
            ),
        )

    return Table(
        caption="How often records would tell the household that is in the group, in 100",
        first="Group",
        figures=("Told right, in 100", range_name.capitalize(), "Records that tell most"),
        sections=tuple(
            Section(
                title=title,
                lines=tuple(line(one) for one in audit.proxies if one.attribute == attribute),
            )
            for attribute, title in ATTRIBUTES.items()
            if any(one.attribute == attribute for one in audit.proxies)
        ),
        worded=True,
    )


def rankings_table(rankings: Sequence[Compared]) -> Table:
    """The list beside simpler ways of making one."""
    lines = tuple(
        Line(
            label=sentence(ranking.name) + (" (this list)" if ranking.ships else ""),
            cells=_compared(ranking),
        )
        for ranking in rankings
    )
    return Table(
        caption="Lists of the same length made in other ways, on the same past months",
        first="How the list is made",
        figures=(
            "Suggested",
            "Later needed help, in 100 suggested",
            "Suggested, in 100 who needed help",
        ),
        sections=(Section(title="", lines=lines),),
    )


def kinds_table(kinds: Sequence[Compared]) -> Table:
    """How a list for each event would do, under the kind of record that tells of it."""
    sections = tuple(
        Section(
            title=sentence(kind),
            lines=tuple(
                Line(label=sentence(event.name), cells=_compared(event))
                for event in kinds
                if event.kind == kind
            ),
        )
        for kind in dict.fromkeys(event.kind for event in kinds)
    )
    return Table(
        caption="A list for each event, by what the record of it shows",
        first="Event",
        figures=("Suggested", "Right, in 100 suggested", "Suggested, in 100 it came to"),
        sections=sections,
    )


def left_out_table(counts: Sequence[tuple[str, int | None]]) -> Table:
    """Who cannot be on a list."""
    lines = tuple(
        Line(label=text, cells=(NOT_SHOWN if count is None else thousands(count),))
        for text, count in counts
    )
    nobody = (Line(label="Nobody was left out by rule", cells=("0",)),)
    return Table(
        caption="Households left out this month, and why",
        first="Why",
        figures=("Households",),
        sections=(Section(title="", lines=lines or nobody),),
    )


def _compared(compared: Compared) -> tuple[str, ...]:
    if compared.listed is None:
        return ("not measured",)
    return (thousands(compared.listed), compared.right, compared.reached)
