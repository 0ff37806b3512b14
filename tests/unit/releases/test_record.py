"""Recording a decision: who is told what, and what the log looks like afterwards."""

import json
import stat

import pytest

from contracts.errors import DataMissing, DecisionRefused, SettingsError
from releases.decisions import has_substance
from tests.unit.releases.kit import BUILDER, CHAIR, OFFICER, REASON, THIRD, Kit, steady_place


@pytest.fixture(scope="module")
def sealed(tmp_path_factory):
    kit = Kit(place=steady_place(), folder=tmp_path_factory.mktemp("sealed")).ready()
    kit.seal()
    return kit


@pytest.fixture
def kit(sealed, tmp_path):
    return sealed.copy_to(tmp_path / "kit")


def test_a_decision_is_bound_to_release_and_policy(kit):
    release = kit.seal()
    path = kit.decide(release, CHAIR, decision="approve_with_reason", reason=f" {REASON}\n")
    payload = json.loads(path.read_bytes())["payload"]
    assert payload["manifest"] == release.fingerprint
    assert payload["policy"]["fingerprint"] == release.manifest.policy.fingerprint
    assert payload["reason"] == REASON
    assert payload["expires_on"] == "2027-01-12"
    assert path.name == "2026-11-13-board-chair-approve-with-reason.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o444


def test_the_log_only_grows(kit):
    release = kit.seal()
    first = kit.decide(release, CHAIR)
    before = first.read_bytes()
    kit.decide(release, OFFICER, decision="refuse")
    kit.decide(release, CHAIR, decision="withdraw")
    assert first.read_bytes() == before
    assert len(list(first.parent.iterdir())) == 3
    assert [path.name for path in first.parent.parent.iterdir()] == [release.release_id]


@pytest.mark.parametrize("again", ["approve", "approve_with_reason", "refuse"])
def test_nobody_decides_twice(kit, again):
    release = kit.seal()
    kit.decide(release, CHAIR)
    with pytest.raises(DecisionRefused, match=r"more than once|already"):
        kit.decide(release, CHAIR, decision=again, reason=REASON)


def test_who_withdrew_does_not_decide_again(kit):
    release = kit.seal()
    kit.decide(release, CHAIR)
    kit.decide(release, CHAIR, decision="withdraw")
    for again in ("refuse", "withdraw"):
        with pytest.raises(DecisionRefused):
            kit.decide(release, CHAIR, decision=again)


def test_the_builder_does_not_decide(kit):
    release = kit.seal()
    with pytest.raises(DecisionRefused, match="built this release"):
        kit.decide(release, BUILDER, private_key_path=kit.workspace.keys / "builder.key")


def test_a_stranger_does_not_decide(kit):
    release = kit.seal()
    with pytest.raises(DecisionRefused, match="not a member of the board"):
        kit.decide(release, "passer-by", private_key_path=kit.keys[CHAIR])


def test_nobody_decides_with_another_s_key(kit):
    release = kit.seal()
    with pytest.raises(DecisionRefused, match="signature"):
        kit.decide(release, CHAIR, private_key_path=kit.keys[THIRD])


@pytest.mark.parametrize("person", ["Board Chair", "../x", ""])
def test_a_name_that_is_no_role_is_not_repeated(kit, person):
    with pytest.raises(DecisionRefused, match="no role name") as refusal:
        kit.decide(kit.seal(), person)
    assert not person or person not in str(refusal.value)


def test_a_decision_that_there_is_not(kit):
    with pytest.raises(DecisionRefused, match="approve, approve_with_reason, refuse, withdraw"):
        kit.decide(kit.seal(), CHAIR, decision="maybe")


def test_no_key_no_decision(kit):
    with pytest.raises(SettingsError, match="cannot be opened"):
        kit.decide(kit.seal(), CHAIR, private_key_path=kit.folder / "nowhere.pem")


def test_a_changed_release_is_not_decided_on(kit):
    release = kit.seal()
    kit.rewrite(release.folder / "scores.parquet", b"")
    with pytest.raises(DecisionRefused, match="scores changed after sealing"):
        kit.decide(release, CHAIR)


def test_a_spoilt_log_is_not_added_to(kit):
    release = kit.seal()
    kit.rewrite(kit.decide(release, CHAIR), b"{}")
    with pytest.raises(DecisionRefused, match="changed or cannot be read"):
        kit.decide(release, OFFICER)


@pytest.mark.parametrize("release_id", ["", "../2026-10", "2026-10-XYZ", "/etc"])
def test_only_release_names_name_releases(kit, release_id):
    from dataclasses import replace

    with pytest.raises(DataMissing, match="not the name of a release"):
        kit.decide(replace(kit.seal(), release_id=release_id), CHAIR)


def test_a_refused_decision_leaves_nothing(kit):
    release = kit.seal()
    with pytest.raises(DecisionRefused):
        kit.decide(release, CHAIR, private_key_path=kit.keys[THIRD])
    assert not kit.workspace.decisions.exists()


@pytest.mark.parametrize(
    ("reason", "enough"),
    [
        (REASON, True),
        ("", False),
        ("ok", False),
        ("approved approved approved approved", False),
        ("............................", False),
        ("1234567890 1234567890 1234 5678", False),
        ("We looked at both groups again.", True),
        ("Rydym wedi edrych eto ar y grwpiau.", True),
    ],
)
def test_substance(reason, enough):
    assert has_substance(reason) is enough
