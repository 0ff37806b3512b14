"""What holds for every test."""

from __future__ import annotations

from hypothesis import settings

# The same examples on every run and machine: a change is red for what it changed.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile("steady")
