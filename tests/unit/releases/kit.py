"""A small invented month, as the steps before the gate leave it, and people to decide on it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from contracts.asof import RAW
from contracts.place import Place, load_place
from contracts.warehouse import month_schema
from contracts.workspace import Workspace
from contracts.zones import Zone
from fairness.reading import read_input
from fairness.result import AuditResult, Row, overall_of
from fairness.run import audit_of
from fairness.verdicts import Verdict
from linkage.crossing import for_release
from models.report import OutcomeReport, RankingReport
from releases import approve, record_decision, seal_release
from releases.decisions import Decision, DecisionPayload, expiry, file_name, signed_bytes
from releases.keys import BOARD_FOLDER, ensure_builder, load_private_key, make_person_key
from releases.manifest import SealedRelease
from releases.verify import ApprovedRelease

MONTH = date(2026, 10, 31)
DECIDED = date(2026, 11, 13)
TODAY = date(2026, 11, 16)
SCHEMA = month_schema(MONTH)
SCORED, KNOWN, AUDITED = f"modelling.{SCHEMA}", f"identity.{SCHEMA}", f"audit.{SCHEMA}"
PATH = [
    (Zone.MODELLING, SCHEMA),
    (Zone.AUDIT, SCHEMA),
    (Zone.IDENTITY, SCHEMA),
    (Zone.IDENTITY, RAW),
]
BUILDER = "data-team"
REASON = "The range for one small group is wide; the team looks again before the next list."
CHAIR, OFFICER, THIRD = "board-chair", "data-protection-officer", "resident-member"

PEOPLE = [
    ("AMARA", "OKOYE", "12 QUAYSIDE ROW, FLAT 3", 2, 2),
    ("Colin", "Thwaite", "4 Ropewalk Court", 1, 0),
    (None, None, "27 Signal Street", 2, 3),
    ("Farida", "Aziz", "9 Tar Lane", 2, 1),
    ("Dorothy", "Penhale", "1 Chandlers Mews", 1, 0),
    ("JORDAN", "O'BRIEN", "18 ST JOHN'S VIEW, FLAT 11A", 1, 0),
    ("Ingrid", "Lindqvist-Rao", "30 Slipway Road", 2, 4),
    ("Susan", "Gale", "6 Windlass Close", 2, 0),
    ("Tomasz", "Wieczorek", "2 Foundry Yard", 1, 0),
    (None, "Dell", "15 Beacon Terrace", 1, 2),
]
MOST = [
    (
        "Rent and the tenancy",
        "Rent arrears have grown in each of the last 3 months.",
        "Housing account, 31 October",
    ),
    (
        "Council tax",
        "Three council tax payments have been missed since June, after 4 years with none.",
        "Council tax account, 31 October",
    ),
    (
        "Benefits and earnings",
        "Universal Credit was reduced in October.",
        "Department for Work and Pensions, October",
    ),
    (
        "Help with housing",
        "A notice to leave has been recorded by the housing options team.",
        "Housing options, 29 October",
    ),
]
ALSO = [
    ("Everyday costs", "Two emergency awards were made this year.", "Welfare support, 30 October"),
    ("Health", "Depression was first coded in March.", "GP records, October"),
    ("Changes at home", "An adult left the home in August.", "Council tax account, 31 October"),
]
STRENGTHS = ["Same home for 6 years.", "Rent has been paid on time in 9 of 12 months."]


def steady_place() -> Place:
    """Northmere under a policy with the dates that these tests count from."""
    place = load_place("northmere")
    policy = place.fairness.model_copy(
        update={
            "agreed_on": date(2026, 9, 1),
            "expires_on": date(2027, 8, 31),
            "decision_valid_days": 60,
            "deciders": 2,
        }
    )
    return place.model_copy(update={"fairness": policy})


@dataclass(kw_only=True)
class Kit:
    """One workspace, sealed and decided on as a test asks."""

    folder: Path
    place: Place = field(default_factory=lambda: load_place("northmere"))
    listed: int = 10
    keys: dict[str, Path] = field(default_factory=dict)

    @property
    def workspace(self) -> Workspace:
        return Workspace(root=self.folder / "var", place=self.place.name)

    @property
    def board_folder(self) -> Path:
        return self.workspace.home / BOARD_FOLDER

    @contextmanager
    def tables(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """All three zones to write, each table by its plain name; the modelling zone's first."""
        warehouse = self.workspace.warehouse(1)
        with warehouse.open_zones(Zone.MODELLING, write=list(Zone)) as con:
            for zone, schema in PATH:
                con.execute(f"CREATE SCHEMA IF NOT EXISTS {zone}.{schema}")
            con.execute(f"SET search_path = '{','.join(f'{z}.{s}' for z, s in PATH)}'")
            yield con

    def ready(self, *, audit: str = "passed") -> Kit:
        """Tables, files and keys, as they are just before sealing."""
        with self.tables() as con:
            make_tables(con, self.place, listed=self.listed)
            made = month_audit(audit, self.place, con)
        self.workspace.lasting_key()
        make_files(self.workspace, self.place, made)
        for person in (CHAIR, OFFICER, THIRD):
            self.add_person(person)
        ensure_builder(self.workspace, BUILDER, board_folder=self.board_folder)
        return self

    def add_person(self, person: str) -> None:
        self.keys[person] = self.folder / "people" / f"{person}.pem"
        make_person_key(person, private_path=self.keys[person], board_folder=self.board_folder)

    def seal(
        self, place: Place | None = None, builder: str = BUILDER, code: str = "test"
    ) -> SealedRelease:
        with for_release(self.workspace.warehouse(1), MONTH) as con:
            return seal_release(
                con,
                place=place or self.place,
                month=MONTH,
                workspace=self.workspace,
                builder=builder,
                code_fingerprint=code,
                board_folder=self.board_folder,
            )

    def decide(self, release: SealedRelease, person: str, **changes: Any) -> Path:
        settings = {
            "decision": "approve",
            "private_key_path": self.keys.get(person, self.folder / "none.pem"),
            "decided_on": DECIDED,
            "place": self.place,
            "board_folder": self.board_folder,
            **changes,
        }
        return record_decision(
            self.workspace, release_id=release.release_id, person=person, **settings
        )

    def force(
        self, release: SealedRelease, person: str, *, key: str | None = None, **changes: Any
    ) -> Path:
        """Put a signed file into the log past the front door, as somebody with the key could."""
        decided_on = changes.get("decided_on", DECIDED)
        settings = {
            "release_id": release.release_id,
            "manifest": release.fingerprint,
            "policy": release.manifest.policy,
            "person": person,
            "decision": Decision.APPROVE,
            "reason": "",
            "decided_on": decided_on,
            "expires_on": expiry(decided_on, self.place.fairness),
            **changes,
        }
        payload = DecisionPayload(**settings)
        path = self.workspace.decisions / release.release_id / file_name(payload)
        path.parent.mkdir(parents=True, exist_ok=True)
        private = load_private_key(self.keys[key or person])
        path.write_bytes(signed_bytes(payload, private))
        return path

    def rewrite(self, path: Path, content: bytes) -> None:
        """Change a file that is meant never to change."""
        path.chmod(0o644)
        path.write_bytes(content)

    def copy_to(self, folder: Path) -> Kit:
        """The same workspace and keys somewhere else, to be spoilt there."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        keys = {person: folder / "people" / f"{person}.pem" for person in self.keys}
        return replace(self, folder=folder, keys=keys)

    def approve(self, release_id: str, **changes: Any) -> ApprovedRelease:
        settings = {
            "place": self.place,
            "today": TODAY,
            "board_folder": self.board_folder,
            **changes,
        }
        return approve(self.workspace, release_id=release_id, **settings)

    def approved(self, *, audit: str = "passed") -> ApprovedRelease:
        """The whole way, with two approvals."""
        release = self.ready(audit=audit).seal()
        kind = {"decision": "approve"}
        if audit == "needs_reason":
            kind = {"decision": "approve_with_reason", "reason": REASON}
        for person in (CHAIR, OFFICER):
            self.decide(release, person, **kind)
        return self.approve(release.release_id)


def make_files(workspace: Workspace, place: Place, audit: AuditResult) -> None:
    """What models and audit leave in the month's folder."""
    month = workspace.month(MONTH)
    for outcome in place.outcomes:
        home = month / "models" / outcome
        home.mkdir(parents=True, exist_ok=True)
        (home / "booster.txt").write_text(f"tree {outcome}\n", encoding="utf-8")
        (home / "model.json").write_text("{}\n", encoding="utf-8")
    (month / "audit.json").write_bytes(audit.to_bytes())
    (month / "fairness-report.html").write_text("<p>report</p>\n", encoding="utf-8")
    (month / "evaluation.json").write_text(json.dumps(evaluation(place)), encoding="utf-8")


def month_audit(overall: str, place: Place, con: duckdb.DuckDBPyConnection) -> AuditResult:
    """A real audit of the month's tables, with verdicts that make it say a given word."""
    quick = place.model_copy(
        update={"training": place.training.model_copy(update={"replicates": 200})}
    )
    made = audit_of(read_input(con, place=quick, month=MONTH), place=quick, month=MONTH)
    missed = {"passed": None, "needs_reason": "reach", "failed": "link_rate"}[overall]
    rows = tuple(
        Row(
            check=check,
            attribute="sex",
            group="F",
            base=200,
            rate=0.4,
            verdict=Verdict.NOT_PASSED if check == missed else Verdict.PASSED,
        )
        for check in place.fairness.checks
    )
    said = overall_of(rows, problems=(), policy=place.fairness)
    return made.model_copy(update={"rows": rows, "problems": (), "overall": said})


def evaluation(place: Place) -> dict[str, Any]:
    """The part of an evaluation that a list speaks of, as :mod:`models.report` writes it."""
    figure = {"value": 0.41, "low": 0.37, "high": 0.45}
    ranking = RankingReport(
        says="the model", listed=600, listed_events=246,
        **dict.fromkeys(("precision", "recall", "lift", "auroc", "average_precision"), figure),
    )  # fmt: skip
    outcome = OutcomeReport(
        outcome=place.listed_outcome.value,
        trained=True,
        rankings={"lightgbm": ranking},
        shipped_model="lightgbm",
    )
    return {"outcomes": {outcome.outcome: outcome.model_dump(mode="json")}}


def make_tables(con: duckdb.DuckDBPyConnection, place: Place, *, listed: int = 10) -> None:
    """The month's tables: 40 scored households, the first of them listed."""
    outcome, codes = place.listed_outcome.value, list(place.neighbourhoods)
    con.execute(f"""
        CREATE TABLE identity.raw.delivery AS SELECT 'ctax_account-0123456789ab' AS delivery_id,
          'ctax_account' AS table_name, 'a.csv' AS file_name, repeat('ab', 32) AS sha256,
          '1' AS schema_version, DATE '2023-10-01' AS extract_from, DATE '2026-10-31' AS extract_to,
          'Northmere Council' AS controller, 'NM-002' AS sharing_agreement_ref,
          'prevention' AS purpose_code, DATE '2027-10-31' AS retain_until, 40 AS row_count,
          39 AS loaded_rows, 1 AS quarantined_rows;
        CREATE TABLE {SCORED}.score AS SELECT range::BIGINT AS household_id, '{outcome}' AS outcome,
          (1.5 - range * 0.0625)::DOUBLE AS raw_score,
          (0.4321 - range * 0.0101)::DOUBLE AS probability
          FROM range(40);
        CREATE TABLE {SCORED}.base_value AS SELECT '{outcome}' AS outcome, -2.0::DOUBLE AS value;
        CREATE TABLE {SCORED}.selection(household_id BIGINT, neighbourhood_code VARCHAR,
          outcome VARCHAR, route VARCHAR);
        CREATE TABLE {SCORED}.explanation(household_id BIGINT, outcome VARCHAR, feature VARCHAR,
          value DOUBLE, contribution DOUBLE, no_value_because VARCHAR);
        CREATE TABLE {SCORED}.reason(household_id BIGINT, kind VARCHAR, position INTEGER,
          theme VARCHAR, feature VARCHAR, sentence VARCHAR, source_line VARCHAR);
        CREATE TABLE {SCORED}.household_snapshot(household_id BIGINT, snapshot_date DATE,
          hh_kind VARCHAR, adults INTEGER, children_0_4 INTEGER, children_5_17 INTEGER,
          neighbourhood_code VARCHAR, x_restricted BOOLEAN);
        CREATE TABLE {KNOWN}.household_snapshot(household_id BIGINT, snapshot_date DATE,
          uprn_key BIGINT, lead_person_id BIGINT);
        CREATE TABLE {KNOWN}.person_identity(person_id BIGINT, title VARCHAR, first_name VARCHAR,
          last_name VARCHAR);
        CREATE TABLE {SCORED}.backtest AS SELECT '{outcome}' AS outcome,
          DATE '2026-04-30' AS origin, DATE '2026-04-30' AS snapshot_date,
          range::BIGINT AS household_id, '{codes[0]}' AS neighbourhood_code,
          range % 4 = 0 AS event, 0.5 AS raw_score,
          0.2 AS probability, range % 3 = 0 AS selected FROM range(40);
        CREATE TABLE {AUDITED}.household_audit AS SELECT DATE '2026-10-31' AS snapshot_date,
          range::BIGINT AS household_id, 'WHITE' AS ethnic_group, '25-34' AS age_band, 'F' AS sex,
          'N' AS disability, 'PRS' AS tenure, '1-2' AS deprivation FROM range(40);
        CREATE TABLE {SCORED}.feature AS SELECT DATE '2026-10-31' AS snapshot_date,
          range::BIGINT AS household_id, 1.0 AS household_adults FROM range(40);
        CREATE TABLE {AUDITED}.match_rate AS SELECT 'ctax' AS source, 'all' AS group_kind,
          'all' AS group_value, 40 AS records, 39 AS linked, 39.0 AS met,
          39.0 AS met_usual, 0.975 AS share,
          0.99 AS mean_confidence;
        CREATE TABLE {AUDITED}.coverage AS SELECT 'coverage' AS measure, 'gp' AS source,
          'sex' AS group_kind, 'F' AS group_value, 40 AS base, 38 AS reached, 40 AS households;
        CREATE TABLE {KNOWN}.dwelling(uprn_key BIGINT, address_line VARCHAR, postcode VARCHAR);
        """)
    for household in range(listed):
        _make_household(con, household, codes[household % len(codes)], outcome)


def _make_household(
    con: duckdb.DuckDBPyConnection, household: int, code: str, outcome: str
) -> None:
    first, last, address, adults, children = PEOPLE[household % len(PEOPLE)]
    small = children // 2
    insert(con, "selection", household, code, outcome, "LISTED")
    insert(
        con, "household_snapshot", household, MONTH, "HOUSEHOLD", adults, small,
        children - small, code, False,
    )  # fmt: skip
    con.execute(
        f"INSERT INTO {KNOWN}.household_snapshot VALUES (?, ?, ?, ?)",
        [household, MONTH, 100 + household, 1000 + household],
    )
    insert(con, "person_identity", 1000 + household, "MS", first, last)
    insert(con, "dwelling", 100 + household, address, "NM1 2AB")
    raw = 1.5 - household * 0.0625
    for feature, value, part, why in (("a", 3.0, 1.0, None), ("b", None, raw + 1.0, "BLANK")):
        insert(con, "explanation", household, outcome, feature, value, part, why)
    theme, sentence, source = MOST[household % len(MOST)]
    insert(con, "reason", household, "MOST", 1, theme, "a", sentence, source)
    theme, sentence, source = ALSO[household % len(ALSO)]
    insert(con, "reason", household, "ALSO", 1, theme, "b", sentence, source)
    for place, strength in enumerate(STRENGTHS[: household % 3]):
        insert(
            con, "reason", household, "STRENGTH", place, "Settled home", "c", strength,
            "Council tax account, 31 October",
        )  # fmt: skip
    insert(
        con, "reason", household, "NOT_KNOWN", 1, "", None,
        "Whether anyone's working hours have changed.", "",
    )  # fmt: skip


def insert(con: duckdb.DuckDBPyConnection, table: str, *values: object) -> None:
    marks = ", ".join("?" for _ in values)
    con.execute(f"INSERT INTO {SCHEMA}.{table} VALUES ({marks})", list(values))
