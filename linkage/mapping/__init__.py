"""A draft of how an unseen file maps to the declared tables, for a person to finish.

``look_at`` takes a sample and says what it is taken for; ``draft_toml`` writes that as settings.
Nothing that runs reads a draft, and no value of an identifying or special column is ever in one.
"""

from __future__ import annotations

from linkage.mapping.draft import draft_toml
from linkage.mapping.propose import Match, Proposal, look_at, propose
from linkage.mapping.sample import Sample, take_sample

__all__ = ["Match", "Proposal", "Sample", "draft_toml", "look_at", "propose", "take_sample"]
