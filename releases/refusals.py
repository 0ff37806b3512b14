"""Every sentence that the gate can say no with.

One place, so that the truth table in the tests and the words that people read cannot drift apart.
"""

from __future__ import annotations

from enum import StrEnum

NEXT_STEP = "Put every point right, or ask the board for a decision, and try again."


class Refusal(StrEnum):
    """A rule that was not met; the value is its sentence."""

    NO_RELEASE = "There is no sealed release {release}."
    NOT_A_FILE = "{path} in the release folder is not a plain file."
    UNREADABLE_FILE = "{path} in the release folder cannot be read."
    MANIFEST_MISSING = "The release has no manifest."
    MANIFEST_UNREADABLE = (
        "The manifest of the release was changed after sealing: it cannot be read."
    )
    MANIFEST_CHANGED = (
        "The manifest was changed after sealing: it does not match the release's name."
    )
    SIGNATURE_MISSING = "The builder's signature of the manifest is missing."
    SIGNATURE_WRONG = "The builder's signature of the manifest is wrong."
    BUILDER_UNKNOWN = "The release was sealed by {person}, who is not a known builder."
    FILE_CHANGED = "{what} changed after sealing ({path})."
    FILE_MISSING = "{what} is missing from the release ({path})."
    FILE_EXTRA = "A file that was not sealed lies in the release ({path})."
    OTHER_PLACE = "The release is for {sealed}, not for {asked}."

    AUDIT_FAILED = "The fairness audit of this release failed, so it cannot be approved."
    AUDIT_DISAGREES = "The fairness audit does not say what the manifest says of it."
    POLICY_SWAPPED = (
        "The fairness policy in force ({now}) is not the one this release was judged by ({then})."
    )
    POLICY_EXPIRED = "The fairness policy expired on {day}."
    POLICY_NOT_YET = "The fairness policy was not agreed before {day}."

    NO_DECISION = "Nobody has decided on this release; {needed} different people must approve it."
    TOO_FEW = "Only {have} of the {needed} approvals needed from different people counts."
    SAME_PERSON = "{person} decided more than once; each person decides once."
    SAME_KEY = "{one} and {other} sign with the same key, so they count as one person."
    BUILDER_DECIDED = "{person} built this release and so may not decide on it."
    REFUSED = "{person} refused this release."
    WITHDRAWN = "{person} withdrew their decision."
    EXPIRED = "The decision of {person} expired on {day}."
    REASON_MISSING = "{person} approved without the written reason that this audit calls for."
    NO_SUBSTANCE = "The reason that {person} gave says too little."
    DECISION_UNREADABLE = "A decision was changed or cannot be read ({file})."
    DECISION_STRAY = "Something that is not a decision lies among the decisions ({file})."
    DECISION_MISNAMED = "A decision was renamed after signing ({file})."
    DECISION_SIGNATURE = "The signature of the decision of {person} is wrong."
    PERSON_UNKNOWN = "{person} is not a member of the board."
    OTHER_RELEASE = "The decision of {person} is about another release."
    OTHER_POLICY = "The decision of {person} was taken under another fairness policy."
    FROM_THE_FUTURE = "The decision of {person} is dated in the future, {day}."
    TOO_EARLY = "The decision of {person} is dated {day}, before the month of the release ended."
    WRONG_EXPIRY = "The decision of {person} does not expire when the policy says."
    NOTHING_TO_WITHDRAW = "{person} withdrew a decision that is not in the log."
    LOG_ERASED = "A decision that {person} had seen is missing from the log."

    def says(self, **details: object) -> str:
        """The sentence with its details filled in, its first letter a capital."""
        sentence = self.value.format(**details)
        return sentence[0].upper() + sentence[1:]


_PLAIN_NAMES = {
    "scores.parquet": "The scores",
    "selection.parquet": "The list of households",
    "contacts.closed": "The names and addresses of listed households",
    "explanations.parquet": "The explanations",
    "base_values.parquet": "The base values of the explanations",
    "reasons.parquet": "The reasons",
    "audit.json": "The fairness audit",
    "fairness-report.html": "The fairness report",
    "evaluation.json": "The evaluation",
    "policy.json": "The fairness policy",
    "place.json": "The place's settings",
    "data.json": "The record of the data used",
    "catalogue.json": "The catalogue of features",
    "code.json": "The record of the code used",
    "manifest.json": "The manifest",
    "manifest.sig": "The signature of the manifest",
}


def plain_name(path: str) -> str:
    """What a file of a release is, in words."""
    if path.startswith("models/"):
        return "A model file"
    return _PLAIN_NAMES.get(path, "A file")


def stray_sentence(file: str) -> str:
    """What is said of a file in the log that is no decision as decisions are written."""
    known = Refusal.DECISION_UNREADABLE if file.endswith(".json") else Refusal.DECISION_STRAY
    return known.says(file=file)
