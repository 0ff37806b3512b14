"""Where a place's features and scores are computed: a setting, and nothing else differs."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from contracts.mapping import Positive, Settings, Text


class EngineSettings(Settings):
    """The engine that counts features, scores and explains."""

    name: Literal["duckdb", "spark"] = "duckdb"
    """duckdb: in this process. spark: where one machine is outgrown; `pip install afloat[spark]`
    and Java 17."""
    master: Text = "local[*]"
    """Where Spark runs, as its `--master` has it: `local[*]`, `spark://...`, `k8s://...`."""
    lake: Path | None = None
    """A folder that every worker can read and write. Without it files lie in the modelling zone's
    own working folder, which only a local Spark can see. They are gone after each step."""
    special_in_lake: bool = False
    """Whether columns of special category data may lie in `lake`, for as long as a step runs."""
    parts: Positive = 64
    """Into how many parts households are put; each has to fit into a worker's memory."""
    options: dict[str, str] = Field(default_factory=dict)
    """Further settings of Spark, such as `spark.executor.memory`."""

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if self.name == "spark" and self.lake is None and not self.master.startswith("local"):
            raise ValueError(
                f"lake: workers of {self.master} cannot see this machine's working folder; name a "
                "folder that they can"
            )
        return self
