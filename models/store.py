"""A fitted outcome on disk: the trees, the plain model, the calibration and what they are."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from contracts.errors import DataMissing
from contracts.fingerprint import of_file
from contracts.place import Outcome, Training
from models.additive import Additive
from models.booster import Booster
from models.calibration import Sigmoid
from models.fitting import Fits
from models.kinds import Model, ModelName
from models.logistic import Linear
from models.sampling import Floats, Matrix
from models.splits import Fit

FILES: dict[ModelName, str] = {
    "points": "points.json",
    "logistic": "logistic.json",
    "ebm": "ebm.json",
    "lightgbm": "booster.txt",
}
CALIBRATION_FILE = "calibration.json"
MODEL_FILE = "model.json"
FOLDER = "models"
_LIBRARIES = ("interpret-core", "lightgbm", "numba", "numpy", "scikit-learn", "scipy")


@dataclass(frozen=True, kw_only=True)
class Shipped:
    """The model of one outcome that scores and explains."""

    outcome: Outcome
    kind: ModelName
    model: Model
    sigmoid: Sigmoid

    @property
    def names(self) -> tuple[str, ...]:
        """The features that it was fitted on, in order."""
        return self.model.names

    def raw(self, x: Matrix) -> Floats:
        """Log-odds before calibration: what households are ranked by."""
        return self.model.raw(x)

    def probability(self, raw: Floats) -> Floats:
        """Calibrated probabilities."""
        return self.sigmoid.apply(raw)

    def contributions(self, x: Matrix) -> Floats:
        """What each feature added to the raw score; the last column is the base."""
        return self.model.contributions(x)

    def by_theme(self, x: Matrix, themes: Sequence[int]) -> Floats:
        """What each theme added to the raw score; the last column is the base."""
        return self.model.by_theme(x, themes)


def save(
    folder: Path, *, outcome: Outcome, fits: Fits, kind: ModelName, plan: Fit, training: Training
) -> Path:
    """Write an outcome's files below a release month's folder.

    Returns:
        The outcome's folder.
    """
    home = folder / FOLDER / outcome.value
    home.mkdir(parents=True, exist_ok=True)
    for name, model in fits.models.items():
        if isinstance(model, Booster):
            (home / FILES[name]).write_text(model.text, encoding="utf-8")
        elif isinstance(model, Additive | Linear):
            _write(home / FILES[name], model.as_json())
    sigmoids = {str(name): sigmoid.as_json() for name, sigmoid in fits.sigmoids.items()}
    _write(home / CALIBRATION_FILE, {"calibrated": fits.calibrated, **sigmoids})
    files = (*(FILES[name] for name in fits.models), CALIBRATION_FILE)
    _write(
        home / MODEL_FILE,
        {
            "outcome": outcome.value,
            "shipped_model": kind,
            "features": list(fits.booster.names),
            "trees": fits.booster.trees,
            "card": [vars(line) for line in fits.card],
            "training": training.model_dump(mode="json"),
            "learnt_from": [str(month) for month in plan.whole],
            "first_fit": [str(month) for month in plan.first],
            "later_block": [str(month) for month in plan.later],
            "gains": {name: model.gains() for name, model in fits.models.items()},
            "libraries": {name: version(name) for name in _LIBRARIES},
            "sha256": {name: of_file(home / name) for name in files},
        },
    )
    return home


def has_model(folder: Path, outcome: Outcome) -> bool:
    """Whether an outcome was trainable and its files were written."""
    return (folder / FOLDER / outcome.value / MODEL_FILE).exists()


def load_shipped(folder: Path, outcome: Outcome, *, threads: int) -> Shipped:
    """The model that scores and explains an outcome.

    Raises:
        DataMissing: If it was never written, or a file is not the one that was written.
    """
    home = folder / FOLDER / outcome.value
    if not has_model(folder, outcome):
        raise DataMissing(
            f"There is no model of {outcome.value} in {folder.name}.",
            next_step="Train the models first.",
        )
    facts = json.loads((home / MODEL_FILE).read_text(encoding="utf-8"))
    changed = [
        name
        for name, digest in facts["sha256"].items()
        if not (home / name).exists() or of_file(home / name) != digest
    ]
    if changed:
        raise DataMissing(
            f"Files of the model of {outcome.value} are missing or changed: {', '.join(changed)}.",
            next_step="Train the models again.",
        )
    kind: ModelName = facts["shipped_model"]
    values = json.loads((home / CALIBRATION_FILE).read_text(encoding="utf-8"))
    text = (home / FILES[kind]).read_text(encoding="utf-8")
    model: Model
    if kind == "lightgbm":
        model = Booster(text=text, names=tuple(facts["features"]), threads=threads)
    elif kind == "logistic":
        model = Linear.from_json(json.loads(text))
    else:
        model = Additive.from_json(json.loads(text))
    return Shipped(outcome=outcome, kind=kind, model=model, sigmoid=Sigmoid.from_json(values[kind]))


def check_columns(shipped: Shipped, names: tuple[str, ...]) -> None:
    """Stop where the feature table no longer has the columns that the model was fitted on.

    Raises:
        DataMissing: If it has not.
    """
    if shipped.names != names:
        lost = sorted(set(shipped.names) - set(names))
        new = sorted(set(names) - set(shipped.names))
        raise DataMissing(
            f"The model of {shipped.outcome.value} was fitted on other features: "
            f"missing {lost}, new {new}.",
            next_step="Train the models again.",
        )


def _write(path: Path, content: dict[str, Any]) -> None:
    text = json.dumps(content, indent=1, sort_keys=True, allow_nan=False, default=_plain)
    path.write_text(text + "\n", encoding="utf-8")


def _plain(value: object) -> object:
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(type(value).__name__)
