"""The audit in one word, by the verdicts and by what the policy says of a check not passed."""

from __future__ import annotations

import pytest

from fairness.result import Row, overall_of
from fairness.verdicts import Verdict
from tests.unit.fairness.invented import policy

PASSED, UNCERTAIN, NOT_PASSED, TOO_FEW = Verdict
POLICY = policy(
    link_rate={"floor": 0.9, "if_not_passed": "stop"},
    reach={"floor": 0.8, "if_not_passed": "reason"},
)


def rows(check, *verdicts):
    return [
        Row(check=check, attribute="sex", group=str(at), verdict=verdict)
        for at, verdict in enumerate(verdicts)
    ]


@pytest.mark.parametrize(
    ("links", "reach", "overall"),
    [
        ((PASSED, PASSED), (PASSED, PASSED), "passed"),
        ((PASSED, UNCERTAIN), (PASSED, UNCERTAIN), "passed"),
        ((PASSED, TOO_FEW), (PASSED, TOO_FEW), "passed"),
        ((PASSED, PASSED), (UNCERTAIN, UNCERTAIN), "needs_reason"),
        ((UNCERTAIN, TOO_FEW), (PASSED, PASSED), "failed"),
        ((PASSED, PASSED), (PASSED, NOT_PASSED), "needs_reason"),
        ((PASSED, NOT_PASSED), (PASSED, PASSED), "failed"),
        ((PASSED, NOT_PASSED), (PASSED, NOT_PASSED), "failed"),
        ((TOO_FEW, TOO_FEW), (PASSED, PASSED), "failed"),
        ((PASSED, PASSED), (TOO_FEW, TOO_FEW), "needs_reason"),
        ((), (PASSED,), "failed"),
        ((PASSED,), (), "needs_reason"),
        ((None,), (PASSED,), "failed"),
    ],
)
def test_overall(links, reach, overall):
    found = [*rows("link_rate", *links), *rows("reach", *reach)]
    assert overall_of(found, problems=(), policy=POLICY) == overall


def test_an_audit_that_could_not_be_made_failed():
    found = [*rows("link_rate", PASSED), *rows("reach", PASSED)]
    assert overall_of(found, problems=("Nobody was on a list.",), policy=POLICY) == "failed"


def test_a_policy_without_checks_passes_nothing():
    bare = POLICY.model_copy(update={"checks": {}})
    assert overall_of(rows("reach", PASSED), problems=(), policy=bare) == "failed"


def test_a_check_that_the_policy_does_not_have_stops_nothing():
    found = [*rows("link_rate", PASSED), *rows("reach", PASSED), *rows("precision", NOT_PASSED)]
    assert overall_of(found, problems=(), policy=POLICY) == "passed"
