"""The tables that features are made of, and for each of them the only columns that may be read."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from contracts.made.crossed import Attach
from features.declare import Block, Cover

HOUSEHOLDS = "households"
AREAS = "areas"
BEFORE = "before"
"""The household's own earlier snapshots."""

_BLOCKS = (
    Block(
        name="recovery",
        table="ctax_recovery",
        attach=Attach.ACCOUNT,
        columns=("stage", "stage_date", "debt_at_stage"),
        cover=Cover.CTAX,
        dated="stage_date",
        months=36,
    ),
    Block(
        name="account",
        table="ctax_account",
        attach=Attach.ACCOUNT,
        columns=("liability_start", "liability_end", "payment_method", "breathing_space_until"),
        cover=Cover.CTAX,
    ),
    Block(
        name="account_past",
        table="ctax_account",
        attach=Attach.ACCOUNT,
        columns=("payment_method",),
        cover=Cover.CTAX,
        past=True,
    ),
    Block(
        name="support",
        table="ctax_cts",
        attach=Attach.ACCOUNT,
        columns=("award_from", "award_to"),
        cover=Cover.CTAX,
    ),
    Block(
        name="discount",
        table="ctax_discount",
        attach=Attach.ACCOUNT,
        columns=("disc_code", "start_date", "end_date"),
        cover=Cover.CTAX,
    ),
    Block(
        name="tenancy",
        table="rent_tenancy",
        attach=Attach.TENANCY,
        columns=("tenure", "start_date", "end_date", "uc_direct_to_landlord"),
        cover=Cover.RENT,
    ),
    Block(
        name="balance",
        table="rent_balance",
        attach=Attach.RENT_ACCOUNT,
        columns=("balance_date", "weeks_owed"),
        cover=Cover.RENT,
        dated="balance_date",
        months=13,
    ),
    Block(
        name="action",
        table="rent_action",
        attach=Attach.RENT_ACCOUNT,
        columns=("action_date", "action_group"),
        cover=Cover.RENT,
        dated="action_date",
        months=36,
    ),
    Block(
        name="agreement",
        table="rent_arrangement",
        attach=Attach.RENT_ACCOUNT,
        columns=("start_date", "end_date", "state"),
        cover=Cover.RENT,
    ),
    Block(
        name="uc_award",
        table="uc_award",
        attach=Attach.UC_CLAIM,
        columns=(
            "notice_type",
            "ap_end",
            "standard_allowance_pm",
            "earnings_pm",
            "deductions_total_pm",
            "sanction_reduction_pm",
            "net_award_pm",
        ),
        cover=Cover.UC,
        dated="ap_end",
        months=16,
    ),
    Block(
        name="uc_element",
        table="uc_element",
        attach=Attach.UC_CLAIM,
        columns=("ap_end", "lha_capped"),
        cover=Cover.UC,
        dated="ap_end",
        months=13,
    ),
    Block(
        name="uc_deduction",
        table="uc_deduction",
        attach=Attach.UC_CLAIM,
        columns=("ap_end", "reason", "amount_pm"),
        cover=Cover.UC,
        dated="ap_end",
        months=13,
    ),
    Block(
        name="hb_claim",
        table="shbe_claim",
        attach=Attach.HB_CLAIM,
        columns=(
            "scan_date",
            "hb_award_pw",
            "overpayment_recovery_pw",
            "award_start",
            "award_end",
        ),
        cover=Cover.SHBE,
    ),
    Block(
        name="case",
        table="hclic_case",
        attach=Attach.CASE,
        columns=("approach_date", "assessment_decision"),
        cover=Cover.EVERYONE,
        dated="approach_date",
        months=36,
    ),
    Block(
        name="duty",
        table="hclic_duty",
        attach=Attach.CASE,
        columns=("duty", "start_date", "end_date"),
        cover=Cover.EVERYONE,
        dated="start_date",
        months=36,
    ),
    Block(
        name="placement",
        table="hclic_ta",
        attach=Attach.CASE,
        columns=("start_date", "end_date"),
        cover=Cover.EVERYONE,
        dated="start_date",
        months=36,
    ),
    Block(
        name="award",
        table="welfare_award",
        attach=Attach.APPLICANT,
        columns=("scheme", "route", "decision_date", "decision", "need"),
        cover=Cover.EVERYONE,
        dated="decision_date",
        months=36,
    ),
    Block(
        name="patient",
        table="gp_patient",
        attach=Attach.PATIENT,
        columns=("reg_start",),
        cover=Cover.HEALTH,
    ),
    Block(
        name="condition",
        table="gp_condition",
        attach=Attach.PATIENT,
        columns=("cluster", "first_date", "latest_date"),
        cover=Cover.HEALTH,
    ),
    Block(
        name="medication",
        table="gp_medication",
        attach=Attach.PATIENT,
        columns=("bnf_section", "month", "items"),
        cover=Cover.HEALTH,
        dated="month",
        months=13,
    ),
    Block(
        name="referral",
        table="mh_referral",
        attach=Attach.PATIENT,
        columns=("received_date", "closed_date", "clin_resp_priority", "team_type"),
        cover=Cover.HEALTH,
        dated="received_date",
        months=36,
    ),
    Block(
        name="attendance",
        table="ae_attendance",
        attach=Attach.PATIENT,
        columns=("arrival_ts", "dept_type", "attendance_category", "diagnosis_group"),
        cover=Cover.HEALTH,
        dated="arrival_ts",
        months=24,
    ),
)

BLOCKS: Mapping[str, Block] = MappingProxyType({block.name: block for block in _BLOCKS})
