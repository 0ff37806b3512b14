"""The steps of the walk as plain calls, for timing and for evidence: no Dagster in between."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Self

from contracts.months import month_end
from contracts.place import Place, load_place
from contracts.workspace import Workspace, default_root
from contracts.zones import Zone

LAST_MONTH = month_end(date(2026, 10, 31))


@dataclass(frozen=True, kw_only=True)
class Walk:
    """One invented place, and the way through it.

    Attributes:
        place: Settings.
        workspace: Folder of the place.
        size: Size of the place.
        preset: ``average_unitary`` or ``B0``.
        today: Day of loading.
        seed: Of the invented place.
        inject: Planted differences, with their strengths.
    """

    place: Place
    workspace: Workspace
    size: str
    today: date
    preset: str = "average_unitary"
    seed: int = 1
    inject: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        *,
        size: str,
        today: date,
        preset: str = "average_unitary",
        root: Path | None = None,
        seed: int = 1,
    ) -> Self:
        """Northmere at a size, in a root folder or the usual one."""
        return cls(
            place=load_place("northmere"),
            workspace=Workspace(root=root or default_root(), place="northmere"),
            size=size,
            today=today,
            preset=preset,
            seed=seed,
        )

    def run(self, *steps: str) -> None:
        """Run steps by name, in the order given."""
        known: dict[str, Callable[[], object]] = {
            "simulate": self.simulate,
            "load": self.load,
            "people": self.people,
            "households": self.households,
            "crossing": self.crossing,
            "features": self.features,
            "labels": self.labels,
            "models": self.models,
            "scores": self.scores,
            "selection": self.selection,
            "explanations": self.explanations,
            "audit": self.audit,
        }
        for step in steps:
            known[step]()

    def simulate(self) -> None:
        """Invent the place."""
        from synthetic import simulate

        simulate(
            place=self.place,
            workspace=self.workspace,
            size=self.size,
            preset=self.preset,
            seed=self.seed,
            inject=self.inject,
        )

    def load(self) -> None:
        """Load its deliveries."""
        from linkage.ingest import ensure_raw, load_landing

        with self.workspace.warehouse().write(Zone.IDENTITY) as con:
            ensure_raw(con)
            load_landing(con, place=self.place, landing=self.workspace.landing, today=self.today)

    def people(self) -> None:
        """Link people."""
        from linkage.people import link_people

        with self.workspace.warehouse().write(Zone.IDENTITY) as con:
            link_people(
                con,
                place=self.place,
                month=LAST_MONTH,
                seed=self.place.training.seed,
                id_key=self.workspace.id_key(),
            )

    def households(self) -> None:
        """Build households."""
        from linkage.households import build_households

        key = (self.workspace.keys / "pseudonym.key").read_bytes()
        with self.workspace.warehouse().write(Zone.IDENTITY) as con:
            build_households(
                con,
                place=self.place,
                month=LAST_MONTH,
                pseudonym_key=key,
                id_key=self.workspace.id_key(),
            )

    def crossing(self) -> None:
        """Carry the month to the modelling and audit zones."""
        from linkage.crossing import cross_month, crossing, numbers_salt

        warehouse = self.workspace.warehouse()
        with crossing(warehouse) as con:
            cross_month(con, month=LAST_MONTH, salt=numbers_salt(warehouse, LAST_MONTH))

    def features(self) -> None:
        """Build features."""
        from features.build import build_features

        with self.workspace.warehouse().write(Zone.MODELLING) as con:
            build_features(con, place=self.place, month=LAST_MONTH)

    def labels(self) -> None:
        """Build labels."""
        from features.labels import build_labels

        with self.workspace.warehouse().write(Zone.MODELLING) as con:
            build_labels(con, place=self.place, month=LAST_MONTH)

    def models(self) -> None:
        """Train and evaluate."""
        from models import train_and_evaluate

        with self.workspace.warehouse().write(Zone.MODELLING) as con:
            train_and_evaluate(
                con,
                place=self.place,
                month=LAST_MONTH,
                folder=self.workspace.month(LAST_MONTH),
            )

    def scores(self) -> None:
        """Score the release month."""
        from models import score_month

        with self.workspace.warehouse().write(Zone.MODELLING) as con:
            folder = self.workspace.month(LAST_MONTH)
            score_month(con, place=self.place, month=LAST_MONTH, folder=folder)

    def selection(self) -> None:
        """Select households."""
        from models import select_households

        with self.workspace.warehouse().write(Zone.MODELLING) as con:
            folder = self.workspace.month(LAST_MONTH)
            select_households(con, place=self.place, month=LAST_MONTH, folder=folder)

    def explanations(self) -> None:
        """Explain the selection."""
        from models import explain_selection

        with self.workspace.warehouse().write(Zone.MODELLING) as con:
            folder = self.workspace.month(LAST_MONTH)
            explain_selection(con, place=self.place, month=LAST_MONTH, folder=folder)

    def audit(self) -> None:
        """Audit the selection."""
        from fairness import run_audit
        from linkage.crossing import for_audit

        with for_audit(self.workspace.warehouse(), LAST_MONTH) as con:
            folder = self.workspace.month(LAST_MONTH)
            run_audit(con, place=self.place, month=LAST_MONTH, folder=folder)
