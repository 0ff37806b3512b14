"""Where things lie and what a run is about: the only resource that assets take."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import dagster as dg
import duckdb

from contracts.errors import AfloatError
from contracts.months import parse_month
from contracts.place import Place, load_place
from contracts.warehouse import Warehouse, month_schema
from contracts.workspace import Workspace, default_root
from contracts.zones import Zone
from pipelines.partitions import MONTH, PLACE


@dataclass(frozen=True, kw_only=True)
class Run:
    """One release month of one place.

    Attributes:
        place: The place's settings.
        month: The index date: last day of the release month.
        workspace: The place's folder.
    """

    place: Place
    month: date
    workspace: Workspace

    @property
    def schema(self) -> str:
        """Schema of this release month in each zone."""
        return month_schema(self.month)

    @property
    def folder(self) -> Path:
        """Files of this release month."""
        return self.workspace.month(self.month)

    @property
    def warehouse(self) -> Warehouse:
        """The place's zones."""
        return self.workspace.warehouse(self.place.training.threads)

    @contextmanager
    def write(self, zone: Zone) -> Iterator[duckdb.DuckDBPyConnection]:
        """One zone, to write; what the packages refuse becomes a failed step."""
        with refusals(), self.warehouse.write(zone) as con:
            yield con

    @contextmanager
    def read(self, zone: Zone) -> Iterator[duckdb.DuckDBPyConnection]:
        """One zone, to read."""
        with refusals(), self.warehouse.read(zone) as con:
            yield con


class AfloatHome(dg.ConfigurableResource[None]):
    """The folder of all places' folders.

    Attributes:
        root: Empty for ``AFLOAT_HOME``, or ``var`` beside the code.
        builder: Name under which releases are sealed and signed.
    """

    root: str = ""
    builder: str = "data-team"

    def workspace(self, place: str) -> Workspace:
        """The place's folder."""
        return Workspace(root=Path(self.root) if self.root else default_root(), place=place)

    def run(self, context: dg.AssetExecutionContext | dg.AssetCheckExecutionContext) -> Run:
        """What the partition asks for."""
        key = context.partition_key
        if not isinstance(key, dg.MultiPartitionKey):
            raise dg.Failure("Choose one month and one place.", allow_retries=False)
        dimensions = key.keys_by_dimension
        with refusals():
            return Run(
                place=load_place(dimensions[PLACE]),
                month=parse_month(dimensions[MONTH]),
                workspace=self.workspace(dimensions[PLACE]),
            )


@contextmanager
def refusals() -> Iterator[None]:
    """Turn an error that a user can mend into a failure that says what to do, with no traceback."""
    try:
        yield
    except AfloatError as error:
        raise dg.Failure(
            description=str(error),
            metadata={"what": error.what, "next step": error.next_step},
            allow_retries=False,
        ) from None
