"""The shipped place's settings with parts taken out, for tests of a place that lacks something."""

from __future__ import annotations

from contracts.workspace import REPOSITORY


def settings_without(*names: str, place: str = "northmere") -> str:
    """A shipped place's settings with whole sources and outcomes taken out."""
    text = (REPOSITORY / "places" / place / "place.toml").read_text(encoding="utf-8")
    kept, skip = [], False
    for line in text.splitlines():
        if line.startswith("["):
            skip = any(
                line.startswith((f"[sources.{n}]", f"[sources.{n}.", f"[outcomes.{n}]"))
                for n in names
            )
        if not skip:
            kept.append(line)
    return "\n".join(kept)
