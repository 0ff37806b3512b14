"""Any log of genuine decisions is judged as a plain reading of the rule would judge it."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from releases.decisions import (
    Decision,
    DecisionPayload,
    expiry,
    file_name,
    parse_decision,
    signed_bytes,
)
from releases.judge import Question, judge
from releases.keys import Board
from releases.manifest import REQUIRED_FILES, DecisionRule, Manifest, PolicyRef
from tests.unit.releases.kit import BUILDER, CHAIR, DECIDED, OFFICER, REASON, THIRD, steady_place

PEOPLE = (CHAIR, OFFICER, THIRD)
POLICY = steady_place().fairness


@pytest.fixture(scope="module")
def pairs():
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return {person: Ed25519PrivateKey.generate() for person in (*PEOPLE, BUILDER)}


def _manifest(audit):
    digest = "0" * 64
    return Manifest(
        place="northmere",
        month="2026-10",
        outcome="edge_of_crisis",
        builder=BUILDER,
        files=dict.fromkeys(sorted(REQUIRED_FILES), digest),
        fingerprints={},
        policy=PolicyRef.of(POLICY),
        rule=DecisionRule.of(POLICY),
        audit=audit,
    )


votes = st.fixed_dictionaries(
    {
        "decision": st.sampled_from(
            [Decision.APPROVE, Decision.APPROVE_WITH_REASON, Decision.REFUSE]
        ),
        "reason": st.sampled_from(["", "yes", REASON]),
        "days": st.integers(0, 90),
        "withdrawn": st.booleans(),
    }
)


def _counts(vote, audit, today):
    """The rule as the board would say it: a standing approval, in time, with its reason."""
    if vote["withdrawn"] or vote["decision"] is Decision.REFUSE or vote["days"] + 60 < today:
        return False
    if vote["decision"] is Decision.APPROVE_WITH_REASON:
        return vote["reason"] == REASON
    return audit == "passed"


@settings(max_examples=300, deadline=None)
@given(
    cast=st.dictionaries(st.sampled_from(PEOPLE), votes),
    audit=st.sampled_from(["passed", "needs_reason", "failed"]),
    later=st.integers(0, 80),
)
def test_judged_as_the_rule_says(pairs, cast, audit, later):
    manifest = _manifest(audit)
    last = max((vote["days"] for vote in cast.values()), default=0)
    today = last + later
    log = [
        signed
        for person, vote in cast.items()
        for signed in _signed(manifest, person, vote, pairs[person])
    ]
    board = Board(
        people={person: pairs[person].public_key() for person in PEOPLE},
        builders={BUILDER: pairs[BUILDER].public_key()},
    )
    question = Question(
        manifest=manifest, policy=POLICY, board=board, today=DECIDED + timedelta(days=today)
    )
    verdict = judge(question, log)
    refused = any(
        vote["decision"] is Decision.REFUSE and not vote["withdrawn"] for vote in cast.values()
    )
    enough = sum(_counts(vote, audit, today) for vote in cast.values()) >= POLICY.deciders
    assert bool(verdict.approvals) == (enough and not refused and audit != "failed")
    assert bool(verdict.approvals) != bool(verdict.refusals)
    assert len({given.person for given in verdict.approvals}) in {0, POLICY.deciders}


def _signed(manifest, person, vote, key):
    kinds = [vote["decision"]] + [Decision.WITHDRAW] * vote["withdrawn"]
    for kind in kinds:
        decided_on = DECIDED + timedelta(days=vote["days"])
        payload = DecisionPayload(
            release_id=manifest.release_id,
            manifest=manifest.fingerprint,
            policy=manifest.policy,
            person=person,
            decision=kind,
            reason=vote["reason"],
            decided_on=decided_on,
            expires_on=expiry(decided_on, POLICY),
        )
        yield parse_decision(signed_bytes(payload, key), file_name(payload))
