"""Audits a month's release and writes ``audit.json``."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from contracts.errors import SettingsError
from contracts.place import FairnessPolicy, Place
from fairness.audit import audit_selection, everyone
from fairness.checks import KEYS
from fairness.findings import Finding
from fairness.links import link_findings
from fairness.pairs import pair_findings, published_pairs
from fairness.proxies import proxy_findings
from fairness.publish import publish, published_one
from fairness.reading import AuditInput, read_input
from fairness.recording import recording_findings
from fairness.result import (
    AUDIT_FILE,
    AuditResult,
    Method,
    Pairs,
    PolicyRef,
    Proxy,
    Row,
    SeenBySource,
    SourceLinks,
    Tested,
    overall_of,
)
from fairness.seen import seen_findings
from fairness.verdicts import PRIOR_WEIGHT
from linkage.quality.coverage import COVERED
from surfaces.disclosure import Disclosure
from surfaces.words import full_day

_LOG = logging.getLogger(__name__)
LISTED = "LISTED"
ATTRIBUTES = ("ethnic_group", "age_band", "sex", "disability", "tenure", "deprivation")
"""Columns of ``household_audit`` that a policy can choose from."""


def run_audit(
    con: duckdb.DuckDBPyConnection, *, place: Place, month: date, folder: Path
) -> AuditResult:
    """Audit a month by the place's policy and write ``audit.json``.

    All test dates are pooled and a household counts once. Protected attributes are read here and in
    the audit's own tables; no feature or model sees them.

    Args:
        con: Modelling and audit, as ``linkage.crossing.for_audit`` opens them.
        place: The place, whose policy the audit holds the release to.
        month: The release month's last day.
        folder: The month's folder.

    Raises:
        SettingsError: If the policy names a check or a group that Afloat does not know.
        DataMissing: If a step before this one has not run.
    """
    check_policy(place.fairness)
    read = read_input(con, place=place, month=month)
    result = audit_of(read, place=place, month=month)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / AUDIT_FILE).write_bytes(result.to_bytes())
    _LOG.info(
        "audit: %d verdicts on %d households, %s",
        result.method.verdicts,
        len(read.households),
        result.overall,
    )
    return result


def audit_of(read: AuditInput, *, place: Place, month: date) -> AuditResult:
    """The audit of what was read."""
    policy, seed = place.fairness, place.training.seed
    disclosure = Disclosure(minimum=policy.minimum_cell, base=policy.round_to)
    whole = everyone(read.rows, policy=policy, seed=seed, replicates=place.training.replicates)
    rows = publish(_findings(read, place=place), policy)
    pairs = _pairs(read, rows, place)
    problems = tuple(_problems(read, whole, policy=policy, month=month))
    return AuditResult(
        place=place.name,
        month=month,
        outcome=place.listed_outcome.value,
        policy=_policy_ref(policy, read.fingerprints["policy"]),
        tested=_tested(read.rows, disclosure),
        everyone={key: published_one(found, policy) for key, found in whole.items()},
        rows=rows,
        pairs=pairs,
        proxies=_proxies(read, place),
        problems=problems,
        overall=overall_of((*rows, *pairs.rows), problems=problems, policy=policy),
        method=_method(place, rows),
        sources=_sources(read.match_rate, disclosure),
        seen=_seen(read.coverage, disclosure),
        routes=_routes(read.routes, disclosure),
        homes=disclosure.published(read.homes),
        inputs=dict(sorted(read.fingerprints.items())),
        input_rows={
            "backtest": len(read.rows),
            "household_audit": len(read.households),
            "coverage": len(read.coverage),
            "match_rate": len(read.match_rate),
            "selection": sum(read.routes.values()),
        },
    )


def check_policy(policy: FairnessPolicy) -> None:
    """Refuse a policy that asks for what the audit doesn't know, rather than pass over it.

    Raises:
        SettingsError: Naming each unknown check or group.
    """
    unknown = sorted(set(policy.checks) - set(KEYS))
    if unknown:
        raise SettingsError(
            f"fairness.checks: there is no check {unknown}.", next_step=f"Choose from {list(KEYS)}."
        )
    strange = sorted(set(policy.groups) - set(ATTRIBUTES))
    if strange:
        raise SettingsError(
            f"fairness.groups: there is no group {strange}.",
            next_step=f"Choose from {list(ATTRIBUTES)}.",
        )


def _findings(read: AuditInput, *, place: Place) -> list[Finding]:
    policy, seed = place.fairness, place.training.seed
    return [
        *seen_findings(
            _named_areas(read.coverage, place), groups=policy.groups, policy=policy, seed=seed
        ),
        *link_findings(read.match_rate, groups=policy.groups, policy=policy),
        *recording_findings(read.households, groups=policy.groups, policy=policy),
        *audit_selection(
            read.rows,
            groups=policy.groups,
            policy=policy,
            seed=seed,
            replicates=place.training.replicates,
        ),
    ]


def _problems(
    read: AuditInput, whole: dict[str, Finding], *, policy: FairnessPolicy, month: date
) -> list[str]:
    """Why the audit could not be made: an audit of nothing never counts as fair."""
    rows = read.rows
    told = {
        "There are no test dates to audit.": rows.is_empty(),
        "Nobody was on a list on any test date.": not rows["selected"].any(),
        "Nobody is known to have needed help after any test date.": not rows["event"].any(),
        "The lists reached nobody who went on to need help.": (
            "reach" in whole and not whole["reach"].rate > 0
        ),
        "The policy holds the release to no check.": not policy.checks,
        f"The policy expired on {full_day(policy.expires_on)}.": policy.expires_on < month,
    }
    return [sentence for sentence, holds in told.items() if holds]


def _pairs(read: AuditInput, alone: Sequence[Row], place: Place) -> Pairs:
    policy = place.fairness
    found = pair_findings(
        read.rows,
        groups=policy.groups,
        policy=policy,
        seed=place.training.seed,
        replicates=place.training.replicates,
    )
    return published_pairs(found, policy, alone=alone)


def _proxies(read: AuditInput, place: Place) -> tuple[Proxy, ...]:
    found = proxy_findings(
        read.features,
        read.households,
        specs=read.specs,
        policy=place.fairness,
        training=place.training,
    )
    return tuple(
        Proxy(
            attribute=one.attribute,
            group=one.group,
            area=round(one.area, 2),
            low=round(one.low, 2),
            high=round(one.high, 2),
            features=one.features,
        )
        for one in found
    )


def _sources(rates: pl.DataFrame, disclosure: Disclosure) -> tuple[SourceLinks, ...]:
    overall = rates.filter(pl.col("group_kind") == "all").sort("source")
    sources = []
    for source, records, linked in overall.select("source", "records", "linked").iter_rows():
        shown = disclosure.shown(records)
        share = None if shown is None else round(linked / records, 2)
        sources.append(SourceLinks(source=source, records=shown, linked=share))
    return tuple(sources)


def _seen(coverage: pl.DataFrame, disclosure: Disclosure) -> tuple[SeenBySource, ...]:
    whole = coverage.filter(
        (pl.col("measure") == COVERED) & (pl.col("group_kind") == "neighbourhood")
    )
    totals = whole.group_by("source").agg(pl.col("base", "reached").sum()).sort("source")
    return tuple(
        SeenBySource(
            source=source,
            households=disclosure.shown(reached),
            share=round(reached / base, 2) if disclosure.shown(reached) else None,
        )
        for source, base, reached in totals.iter_rows()
    )


def _named_areas(coverage: pl.DataFrame, place: Place) -> pl.DataFrame:
    """Neighbourhoods by the names that the board knows."""
    names = {code: area.name for code, area in place.neighbourhoods.items()}
    value = pl.col("group_value")
    return coverage.with_columns(
        pl.when(pl.col("group_kind") == "neighbourhood")
        .then(value.replace(names))
        .otherwise(value)
        .alias("group_value")
    )


def _routes(routes: dict[str, int], disclosure: Disclosure) -> dict[str, int | None]:
    """The lists' own length is no secret; the other routes are a table in which counts may hide."""
    others = {route: count for route, count in routes.items() if route != LISTED}
    return {LISTED: disclosure.rounded(routes.get(LISTED, 0)), **disclosure.published(others)}


def _tested(rows: pl.DataFrame, disclosure: Disclosure) -> Tested:
    dates = rows["snapshot_date"].unique().sort().to_list()

    def households(which: pl.DataFrame) -> int | None:
        return disclosure.shown(which["household_id"].n_unique())

    return Tested(
        first=dates[0] if dates else None,
        last=dates[-1] if dates else None,
        dates=len(dates),
        households=households(rows),
        needed_help=households(rows.filter(pl.col("event"))),
        suggested=households(rows.filter(pl.col("selected"))),
    )


def _policy_ref(policy: FairnessPolicy, fingerprint: str) -> PolicyRef:
    return PolicyRef(
        id=policy.id,
        version=policy.version,
        agreed_on=policy.agreed_on,
        expires_on=policy.expires_on,
        fingerprint=fingerprint,
    )


def _method(place: Place, rows: Sequence[Row]) -> Method:
    policy = place.fairness
    return Method(
        seed=place.training.seed,
        replicates=place.training.replicates,
        prior_weight=PRIOR_WEIGHT,
        confidence=policy.confidence,
        verdict_probability=policy.verdict_probability,
        minimum_cell=policy.minimum_cell,
        round_to=policy.round_to,
        verdicts=sum(row.verdict is not None for row in rows),
    )
