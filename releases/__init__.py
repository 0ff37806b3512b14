"""The gate: a release is sealed, people decide on it, and only then can lists be had.

:mod:`releases.keys`: key pairs of the people who decide and of the builder.
:mod:`releases.seal`: the evidence of one month, in one folder that is named by its own content.
:mod:`releases.record`: signed decisions, each bound to one release and one policy.
:mod:`releases.verify`: the only place where an ``ApprovedRelease`` can come from.
:mod:`releases.lists`: one list a neighbourhood, from an ``ApprovedRelease`` and nothing else.
"""
