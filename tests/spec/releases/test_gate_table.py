"""The gate as a table: what was done, and what it says. Nothing below may ever make a list."""

import json
import re
from dataclasses import replace
from datetime import date, timedelta
from string import Formatter

import pytest

from contracts.errors import DecisionRefused, ReleaseRefused
from contracts.place import FairnessPolicy
from releases import is_approved, write_lists
from releases.decisions import Decision
from releases.keys import load_board, load_private_key
from releases.manifest import Manifest
from releases.reading import signature_bytes
from releases.refusals import Refusal
from releases.signing import readable_json, sign
from tests.unit.releases.kit import BUILDER, CHAIR, DECIDED, MONTH, OFFICER, REASON, THIRD, TODAY

WITH_REASON = {"decision": Decision.APPROVE_WITH_REASON, "reason": REASON}


def both(kit, release, **changes):
    kit.decide(release, CHAIR, **changes)
    kit.decide(release, OFFICER, **changes)


def nobody(kit, release):
    return None


def one(kit, release):
    kit.decide(release, CHAIR)


def same_person_twice(kit, release):
    kit.decide(release, CHAIR)
    kit.force(release, CHAIR, **WITH_REASON)


def two_names_one_key(kit, release):
    board = kit.board_folder
    (board / "vice-chair.pem").write_bytes((board / f"{CHAIR}.pem").read_bytes())
    kit.decide(release, CHAIR)
    kit.force(release, "vice-chair", key=CHAIR)


def builder_by_name(kit, release):
    kit.add_person(BUILDER)
    kit.decide(release, CHAIR)
    kit.force(release, BUILDER)


def builder_by_key(kit, release):
    board = kit.board_folder
    (board / "vice-chair.pem").write_bytes((board / "builders" / f"{BUILDER}.pem").read_bytes())
    kit.keys["vice-chair"] = kit.workspace.keys / "builder.key"
    kit.decide(release, CHAIR)
    kit.force(release, "vice-chair")


def refused(kit, release):
    both(kit, release)
    kit.decide(release, THIRD, decision="refuse")


def withdrawn(kit, release):
    both(kit, release)
    kit.decide(release, OFFICER, decision="withdraw", decided_on=TODAY)


def expired(kit, release):
    both(kit, release)
    return {"today": DECIDED + timedelta(days=61)}


def one_expired(kit, release):
    kit.decide(release, CHAIR)
    kit.decide(release, OFFICER, decided_on=DECIDED + timedelta(days=5))
    return {"today": DECIDED + timedelta(days=61)}


def stretched(kit, release):
    kit.decide(release, CHAIR)
    kit.force(release, OFFICER, expires_on=date(2099, 1, 1))


def from_the_future(kit, release):
    both(kit, release)
    return {"today": DECIDED - timedelta(days=1)}


def before_the_month_ended(kit, release):
    kit.decide(release, CHAIR)
    kit.force(release, OFFICER, decided_on=MONTH - timedelta(days=1))


def replayed(kit, release):
    """Approvals of one release laid beside another, with the new release's name."""
    other = kit.seal(code="another build")
    both(kit, other)
    there = kit.workspace.decisions / other.release_id
    there.rename(kit.workspace.decisions / release.release_id)


def replayed_and_renamed(kit, release):
    replayed(kit, release)
    for path in (kit.workspace.decisions / release.release_id).iterdir():
        other = json.loads(path.read_bytes())["payload"]
        text = path.read_text().replace(other["manifest"], release.fingerprint)
        kit.rewrite(path, text.replace(other["release_id"], release.release_id).encode())


def under_another_policy(kit, release):
    kit.decide(release, CHAIR)
    policy = release.manifest.policy.model_copy(update={"version": 9})
    kit.force(release, OFFICER, policy=policy)


def unknown_person(kit, release):
    kit.decide(release, CHAIR)
    kit.add_person("stranger")
    (kit.board_folder / "stranger.pem").unlink()
    kit.force(release, "stranger")


def signed_by_somebody_else(kit, release):
    kit.decide(release, CHAIR)
    kit.force(release, OFFICER, key=THIRD)


def reason_edited(kit, release):
    both(kit, release, **WITH_REASON)
    path = next((kit.workspace.decisions / release.release_id).iterdir())
    kit.rewrite(path, path.read_bytes().replace(b"wide", b"tiny"))


def refusal_edited(kit, release):
    both(kit, release)
    path = kit.decide(release, THIRD, decision="refuse")
    content = path.read_bytes().replace(b'"refuse"', b'"approve"')
    kit.rewrite(path, content)
    path.rename(path.with_name(path.name.replace("refuse", "approve")))


def refusal_erased(kit, release):
    path = kit.decide(release, THIRD, decision="refuse")
    both(kit, release)
    path.unlink()


def decision_renamed(kit, release):
    both(kit, release)
    path = next((kit.workspace.decisions / release.release_id).iterdir())
    path.rename(path.with_name("2026-11-14-someone-approve.json"))


def stray_decision(kit, release):
    both(kit, release)
    (kit.workspace.decisions / release.release_id / "approved.txt").write_text("approved")


def not_json(kit, release):
    both(kit, release)
    (kit.workspace.decisions / release.release_id / "third.json").write_text("[" * 100_000)


def linked_decision(kit, release):
    kit.decide(release, CHAIR)
    path = kit.decide(release, OFFICER)
    elsewhere = kit.folder / "elsewhere.json"
    path.rename(elsewhere)
    path.symlink_to(elsewhere)


def failed_yet_approved(kit, release):
    kit.force(release, CHAIR, **WITH_REASON)
    kit.force(release, OFFICER, **WITH_REASON)


def without_reasons(kit, release):
    kit.force(release, CHAIR)
    kit.force(release, OFFICER)


def one_without_reason(kit, release):
    kit.decide(release, CHAIR, **WITH_REASON)
    kit.force(release, OFFICER)


def empty_words(kit, release):
    kit.decide(release, CHAIR, **WITH_REASON)
    kit.force(
        release, OFFICER, decision=Decision.APPROVE_WITH_REASON, reason="ok ok ok ok ok ok ok ok"
    )


def policy_softened(kit, release):
    both(kit, release)
    policy = kit.place.fairness.model_copy(update={"decision_valid_days": 900})
    return {"place": kit.place.model_copy(update={"fairness": policy})}


def policy_over(kit, release):
    both(kit, release)
    return {"today": date(2027, 9, 1)}


def policy_not_agreed(kit, release):
    both(kit, release)
    return {"today": date(2026, 8, 31)}


def another_place(kit, release):
    both(kit, release)
    return {"place": kit.place.model_copy(update={"name": "southmere"})}


def changed(name):
    def act(kit, release):
        both(kit, release)
        path = release.folder / name
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        kit.rewrite(path, bytes(content))

    return act


def removed(name):
    def act(kit, release):
        both(kit, release)
        (release.folder / name).unlink()

    return act


def file_added(kit, release):
    both(kit, release)
    (release.folder / "models" / "notes.txt").write_text("added later")


def file_linked(kit, release):
    both(kit, release)
    path = release.folder / "scores.parquet"
    path.rename(kit.folder / "scores.parquet")
    path.symlink_to(kit.folder / "scores.parquet")


def no_release(kit, release):
    both(kit, release)
    release.folder.rename(kit.folder / "gone")


def no_manifest(kit, release):
    both(kit, release)
    (release.folder / "manifest.json").unlink()


def manifest_edited(kit, release):
    """A new list with a manifest to match, under the old name and with the old decisions."""
    both(kit, release)
    _reseal(kit, release, {"selection.parquet": b"another list"}, builder_signs=False)


def manifest_signed_again(kit, release):
    both(kit, release)
    _reseal(kit, release, {"selection.parquet": b"another list"}, builder_signs=True)


def audit_rewritten_and_sealed(kit, release):
    """The builder writes a kinder word into the audit and seals that; the board then approves."""
    audit = json.loads((release.folder / "audit.json").read_bytes())
    audit["overall"] = "passed"
    content = {"audit.json": json.dumps(audit).encode()}
    forged = _reseal(kit, release, content, builder_signs=True, audit="passed")
    folder = release.folder.with_name(forged.release_id)
    release.folder.rename(folder)
    forged_release = replace(release, release_id=forged.release_id, fingerprint=forged.fingerprint)
    for person in (CHAIR, OFFICER):
        kit.force(forged_release, person, **WITH_REASON)
    return {"release_id": forged.release_id}


def unknown_builder(kit, release):
    both(kit, release)
    (kit.board_folder / "builders" / f"{BUILDER}.pem").unlink()


def signature_of_another(kit, release):
    both(kit, release)
    key = load_private_key(kit.keys[CHAIR])
    signature = sign(key, release.manifest.model_dump(mode="json"))
    kit.rewrite(release.folder / "manifest.sig", signature_bytes(signature))


def _reseal(kit, release, content, *, builder_signs, **changes):
    from contracts.fingerprint import of_bytes

    for name, new in content.items():
        kit.rewrite(release.folder / name, new)
    digests = {**release.manifest.files, **{name: of_bytes(new) for name, new in content.items()}}
    plain = {**release.manifest.model_dump(mode="json"), "files": digests, **changes}
    manifest = Manifest.model_validate_json(json.dumps(plain))
    kit.rewrite(release.folder / "manifest.json", readable_json(manifest.model_dump(mode="json")))
    if builder_signs:
        key = load_private_key(kit.workspace.keys / "builder.key")
        signature = sign(key, manifest.model_dump(mode="json"))
        kit.rewrite(release.folder / "manifest.sig", signature_bytes(signature))
    return manifest


R = Refusal
REFUSED = [
    # what was done                    audit           what it says
    (nobody, "passed", [R.NO_DECISION]),
    (one, "passed", [R.TOO_FEW]),
    (same_person_twice, "passed", [R.SAME_PERSON]),
    (two_names_one_key, "passed", [R.SAME_KEY]),
    (builder_by_name, "passed", [R.BUILDER_DECIDED]),
    (builder_by_key, "passed", [R.BUILDER_DECIDED]),
    (refused, "passed", [R.REFUSED]),
    (withdrawn, "passed", [R.WITHDRAWN, R.TOO_FEW]),
    (expired, "passed", [R.EXPIRED, R.TOO_FEW]),
    (one_expired, "passed", [R.EXPIRED, R.TOO_FEW]),
    (stretched, "passed", [R.WRONG_EXPIRY]),
    (from_the_future, "passed", [R.FROM_THE_FUTURE]),
    (before_the_month_ended, "passed", [R.TOO_EARLY]),
    (replayed, "passed", [R.OTHER_RELEASE]),
    (replayed_and_renamed, "passed", [R.DECISION_SIGNATURE, R.LOG_ERASED]),
    (under_another_policy, "passed", [R.OTHER_POLICY]),
    (unknown_person, "passed", [R.PERSON_UNKNOWN]),
    (signed_by_somebody_else, "passed", [R.DECISION_SIGNATURE]),
    (reason_edited, "passed", [R.DECISION_SIGNATURE]),
    (refusal_edited, "passed", [R.DECISION_SIGNATURE]),
    (refusal_erased, "passed", [R.LOG_ERASED]),
    (decision_renamed, "passed", [R.DECISION_MISNAMED]),
    (stray_decision, "passed", [R.DECISION_STRAY]),
    (not_json, "passed", [R.DECISION_UNREADABLE]),
    (linked_decision, "passed", [R.DECISION_UNREADABLE, R.TOO_FEW]),
    (nobody, "failed", [R.AUDIT_FAILED, R.NO_DECISION]),
    (failed_yet_approved, "failed", [R.AUDIT_FAILED]),
    (without_reasons, "needs_reason", [R.REASON_MISSING, R.TOO_FEW]),
    (one_without_reason, "needs_reason", [R.REASON_MISSING, R.TOO_FEW]),
    (empty_words, "needs_reason", [R.NO_SUBSTANCE, R.TOO_FEW]),
    (audit_rewritten_and_sealed, "failed", [R.AUDIT_DISAGREES]),
    (audit_rewritten_and_sealed, "needs_reason", [R.AUDIT_DISAGREES]),
    (policy_softened, "passed", [R.POLICY_SWAPPED]),
    (policy_over, "passed", [R.POLICY_EXPIRED, R.EXPIRED, R.TOO_FEW]),
    (policy_not_agreed, "passed", [R.POLICY_NOT_YET, R.FROM_THE_FUTURE]),
    (another_place, "passed", [R.OTHER_PLACE]),
    (changed("scores.parquet"), "passed", [R.FILE_CHANGED]),
    (changed("selection.parquet"), "passed", [R.FILE_CHANGED]),
    (changed("contacts.closed"), "passed", [R.FILE_CHANGED]),
    (changed("reasons.parquet"), "passed", [R.FILE_CHANGED]),
    (changed("explanations.parquet"), "passed", [R.FILE_CHANGED]),
    (changed("policy.json"), "passed", [R.FILE_CHANGED]),
    (changed("place.json"), "passed", [R.FILE_CHANGED]),
    (changed("audit.json"), "passed", [R.FILE_CHANGED]),
    (changed("fairness-report.html"), "passed", [R.FILE_CHANGED]),
    (changed("code.json"), "passed", [R.FILE_CHANGED]),
    (changed("models/edge_of_crisis/booster.txt"), "passed", [R.FILE_CHANGED]),
    (changed("manifest.sig"), "passed", [R.SIGNATURE_WRONG]),
    (removed("scores.parquet"), "passed", [R.FILE_MISSING]),
    (removed("manifest.sig"), "passed", [R.SIGNATURE_MISSING]),
    (file_added, "passed", [R.FILE_EXTRA]),
    (file_linked, "passed", [R.NOT_A_FILE, R.FILE_MISSING]),
    (no_release, "passed", [R.NO_RELEASE]),
    (no_manifest, "passed", [R.MANIFEST_MISSING]),
    (manifest_edited, "passed", [R.MANIFEST_CHANGED, R.SIGNATURE_WRONG, R.OTHER_RELEASE]),
    (manifest_signed_again, "passed", [R.MANIFEST_CHANGED, R.OTHER_RELEASE]),
    (unknown_builder, "passed", [R.BUILDER_UNKNOWN]),
    (signature_of_another, "passed", [R.SIGNATURE_WRONG]),
]


def _kind(reason):
    """Which refusal a sentence is."""
    (kind,) = [refusal for refusal in Refusal if re.fullmatch(_shape(refusal), reason, re.I)]
    return kind


def _shape(refusal):
    parts = Formatter().parse(refusal.value)
    return "".join(re.escape(text) + (".+" if name else "") for text, name, *_ in parts)


@pytest.mark.parametrize(
    ("act", "audit", "says"),
    REFUSED,
    ids=[f"{i:02d}-{act.__name__}-{audit}" for i, (act, audit, _) in enumerate(REFUSED)],
)
def test_refused(sealed, tmp_path, act, audit, says):
    kit, release = sealed(audit, tmp_path / "kit")
    changes = act(kit, release) or {}
    release_id = changes.pop("release_id", release.release_id)
    with pytest.raises(ReleaseRefused) as refusal:
        kit.approve(release_id, **changes)
    assert {_kind(reason) for reason in refusal.value.reasons} == set(says)
    assert not is_approved(
        kit.workspace.releases / release_id,
        kit.workspace.decisions / release_id,
        board=load_board(kit.board_folder),
        **{"place": kit.place, "today": TODAY, **changes},
    )
    assert not kit.workspace.outbox.exists()


def test_every_refusal_of_the_gate_is_in_the_table_or_is_named_here():
    elsewhere = {R.UNREADABLE_FILE, R.MANIFEST_UNREADABLE, R.NOTHING_TO_WITHDRAW}
    in_table = {refusal for _, _, says in REFUSED for refusal in says}
    assert set(Refusal) - in_table == elsewhere


def test_all_reasons_are_given_at_once(sealed, tmp_path):
    kit, release = sealed("failed", tmp_path / "kit")
    kit.force(release, CHAIR)
    (release.folder / "extra").write_text("x")
    kit.rewrite(release.folder / "scores.parquet", b"")
    with pytest.raises(ReleaseRefused) as refusal:
        kit.approve(release.release_id, today=date(2027, 9, 1))
    assert len(refusal.value.reasons) >= 5
    assert str(refusal.value).startswith("No list was made. ")


def two(kit, release):
    both(kit, release)
    return {}


def three(kit, release):
    both(kit, release)
    kit.decide(release, THIRD)
    return {}


def two_with_reasons(kit, release):
    both(kit, release, **WITH_REASON)
    return {}


def refusal_taken_back(kit, release):
    kit.decide(release, THIRD, decision="refuse")
    kit.decide(release, THIRD, decision="withdraw")
    both(kit, release)
    return {}


def last_day(kit, release):
    both(kit, release)
    return {"today": DECIDED + timedelta(days=60)}


def decided_apart(kit, release):
    """Two people sign on machines of their own, neither seeing the other's decision."""
    kit.force(release, CHAIR)
    kit.force(release, OFFICER)
    return {}


APPROVED = [
    (two, "passed"),
    (three, "passed"),
    (two_with_reasons, "passed"),
    (two_with_reasons, "needs_reason"),
    (refusal_taken_back, "passed"),
    (last_day, "passed"),
    (decided_apart, "passed"),
]


@pytest.mark.parametrize(("act", "audit"), APPROVED)
def test_approved(sealed, tmp_path, act, audit):
    kit, release = sealed(audit, tmp_path / "kit")
    approved = kit.approve(release.release_id, **act(kit, release))
    assert approved.release_id == release.release_id
    assert len({given.person for given in approved.approvals}) == 2
    assert write_lists(approved, outbox=kit.workspace.outbox)


NOT_RECORDED = [
    # what the chair asks for, the audit, and what the chair is told
    ({}, "failed", R.AUDIT_FAILED),
    (WITH_REASON, "failed", R.AUDIT_FAILED),
    ({}, "needs_reason", R.REASON_MISSING),
    ({**WITH_REASON, "reason": ""}, "passed", R.NO_SUBSTANCE),
    ({**WITH_REASON, "reason": "fine by me"}, "needs_reason", R.NO_SUBSTANCE),
    ({"decided_on": MONTH - timedelta(days=1)}, "passed", R.TOO_EARLY),
    ({"decided_on": date(2027, 9, 1)}, "passed", R.POLICY_EXPIRED),
    ({"decision": "withdraw"}, "passed", R.NOTHING_TO_WITHDRAW),
]


@pytest.mark.parametrize(("changes", "audit", "told"), NOT_RECORDED)
def test_not_recorded(sealed, tmp_path, changes, audit, told):
    kit, release = sealed(audit, tmp_path / "kit")
    with pytest.raises(DecisionRefused) as refusal:
        kit.decide(release, CHAIR, **changes)
    assert told in {_kind(reason) for reason in refusal.value.reasons}
    assert not (kit.workspace.decisions / release.release_id).exists()


def test_a_failed_audit_can_still_be_refused_in_writing(sealed, tmp_path):
    kit, release = sealed("failed", tmp_path / "kit")
    assert kit.decide(release, CHAIR, decision="refuse", reason="").exists()


def test_the_policy_of_the_table_is_the_place_s_own(sealed, tmp_path):
    kit, release = sealed("passed", tmp_path / "kit")
    content = (release.folder / "policy.json").read_bytes()
    assert FairnessPolicy.model_validate_json(content) == kit.place.fairness
