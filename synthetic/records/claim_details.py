"""What else homelessness, benefit and health systems write beside what everything leans on.

As in :mod:`details`: finished tables in, the same tables with further columns filled.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import polars as pl

from synthetic.records.base import Context
from synthetic.records.details import Frames, filled, pick, uniform


def with_claim_details(context: Context, frames: Frames) -> dict[str, pl.DataFrame]:
    """Every table with its further columns filled."""
    out = dict(frames)
    for name, fill in _FILLS.items():
        if name in out:
            out[name] = fill(context, out[name], frames)
    return out


# ---- homelessness -------------------------------------------------------------------------------


def _case(context: Context, rows: pl.DataFrame, frames: Frames) -> pl.DataFrame:
    """Known once assessed: the notice, why a tenancy ended, where they stayed, their work."""
    u = {
        name: uniform(context, rows, name, "case_ref")
        for name in ("notice", "sub", "where", "work")
    }
    by = uniform(context, rows, "referred", "case_ref")
    private = rows["reason_loss"].is_in(["END_PRS_AST", "END_PRS_NOT_AST"]).fill_null(value=False)
    assessed = rows["reason_loss"].is_not_null()
    old_rule = rows["approach_date"] < pl.date(2026, 5, 1)
    notice = pl.Series(
        np.where(
            private & (u["notice"] < 0.7),
            np.where(rows.select(old_rule).to_series(), "S21", "S8"),
            np.where(u["notice"] < 0.8, "NONE", "NTQ"),
        ).astype(str)
    )
    sub = {"SELL": 0.36, "RELET": 0.2, "ARREARS_INCOME_DROP": 0.12, "ARREARS_BUDGET": 0.1}
    sub |= {"ARREARS_RENT_INCREASE": 0.1, "DISREPAIR_COMPLAINT": 0.02, "OTHER": 0.1}
    stay = {"PRS_SELF": 0.32, "FAMILY": 0.24, "FRIENDS": 0.1, "COUNCIL": 0.08, "RP": 0.08}
    stay |= {"NFA_NOT_ROUGH": 0.06, "ROUGH": 0.04, "OWNER": 0.02, "REFUGE": 0.01, "OTHER": 0.05}
    work = {"FT": 0.16, "PT": 0.13, "UNEMPLOYED_SEEK": 0.33, "UNEMPLOYED_SICK": 0.2, "HOME": 0.08}
    work |= {"RETIRED": 0.03, "STUDENT": 0.02, "OTHER": 0.02}
    body = {
        "NIL": 0.75,
        "AGENCY": 0.06,
        "JOBCENTRE": 0.03,
        "SOCIAL_SERVICES": 0.03,
        "PROBATION": 0.02,
    }
    kinds = _household_types(rows, frames["hclic_person"])
    found = pl.DataFrame(
        {
            "application_date": rows["assessment_date"],
            "valid_notice": notice,
            "reason_sub_prs": pick(u["sub"], sub),
            "accom_at_application": pick(u["where"], stay),
            "household_type": kinds,
            "employment_status": pick(u["work"], work),
            "referral_source": pick(by, body),
        }
    )
    known = [pl.when(assessed).then(pl.col(name)).alias(name) for name in found.columns]
    found = found.with_columns(known).with_columns(
        pl.when(private).then(pl.col("reason_sub_prs")).alias("reason_sub_prs")
    )
    return filled(rows, found)


def _household_types(rows: pl.DataFrame, people: pl.DataFrame) -> pl.Series:
    """The return's household types, from who is on the case."""
    part = pl.col("relationship_to_applicant")
    each = people.group_by("case_ref").agg(
        (part != "CHILD").sum().alias("adults"),
        (part == "CHILD").sum().alias("children"),
        (part == "PARTNER").any().alias("couple"),
        pl.col("sex").filter(part == "APPLICANT").first().alias("sex"),
    )
    sex = pl.col("sex").fill_null("O")
    kind = (
        pl.when(pl.col("adults") >= 3)
        .then(
            pl.when(pl.col("children") > 0)
            .then(pl.lit("THREE_ADULT_DEP"))
            .otherwise(pl.lit("THREE_ADULT_NODEP"))
        )
        .when(pl.col("couple"))
        .then(
            pl.when(pl.col("children") > 0)
            .then(pl.lit("COUPLE_DEP"))
            .otherwise(pl.lit("COUPLE_NODEP"))
        )
        .when(pl.col("adults") == 2)
        .then(pl.lit("OTHER"))
        .when(pl.col("children") > 0)
        .then(pl.format("LONE_PARENT_{}", sex))
        .otherwise(pl.format("SINGLE_{}", sex))
    )
    joined = rows.select("case_ref").join(
        each.select("case_ref", kind.alias("kind")),
        on="case_ref",
        how="left",
        maintain_order="left",
    )
    return joined["kind"].fill_null("OTHER")


def _case_person(context: Context, rows: pl.DataFrame, _: Frames) -> pl.DataFrame:
    u = uniform(context, rows, "person", "case_ref", "person_seq")
    adult = rows["relationship_to_applicant"] != "CHILD"
    declined = pick(
        u, {"HETEROSEXUAL": 0.52, "GAY_LESBIAN": 0.025, "OTHER": 0.015, "NOT_STATED": 0.1}
    )
    same = pick(uniform(context, rows, "gender", "case_ref", "person_seq"), {"Y": 0.7, "N": 0.005})
    minority = (rows["ethnicity"] != "WHITE").fill_null(value=False)
    from_where = np.where(minority & (u < 0.35), "NON_EEA", np.where(u > 0.96, "EEA", "UK"))
    return filled(
        rows,
        pl.DataFrame(
            {
                "gender_identity": same,
                "nationality_group": pl.Series(from_where.astype(str)),
                "sexual_orientation": declined,
                "adult": adult,
            }
        )
        .with_columns(
            pl.when("adult").then(pl.col(name)).alias(name)
            for name in ("gender_identity", "sexual_orientation")
        )
        .with_columns((pl.Series(u < 0.03) & (rows["sex"] == "F") & adult).alias("pregnant"))
        .drop("adult"),
    )


def _duty(context: Context, rows: pl.DataFrame, _: Frames) -> pl.DataFrame:
    u = uniform(context, rows, "home", "case_ref", "duty")
    homes = {"PRS_SELF": 0.4, "RP": 0.25, "COUNCIL": 0.2, "FAMILY": 0.1, "FRIENDS": 0.05}
    home = pick(u, homes)
    return filled(
        rows,
        rows.with_columns(home.alias("home")).select(
            pl.when(pl.col("duty") == "MAIN").then(pl.lit("ACCEPTED")).alias("decision"),
            pl.when(pl.col("end_reason") == "SECURED_6M")
            .then(pl.col("home"))
            .alias("outcome_accom"),
        ),
    )


def _placement(context: Context, rows: pl.DataFrame, _: Frames) -> pl.DataFrame:
    u = uniform(context, rows, "rate", "case_ref", "placement_seq")
    rates = {"BB": 72.0, "NIGHTLY_PAID_SC": 64.0, "HOSTEL_REFUGE": 38.0, "PSL": 31.0}
    rate = pl.col("ta_type").replace_strict(rates, default=24.0) * (0.9 + 0.2 * pl.col("rate"))
    far = pl.col("placement_uprn").is_null() & (pl.col("rate") < 0.4)
    return filled(
        rows,
        rows.with_columns(u).select(far.alias("out_of_area"), rate.round(2).alias("nightly_rate")),
    )


# ---- benefits -----------------------------------------------------------------------------------


def _uc_award(context: Context, rows: pl.DataFrame, frames: Frames) -> pl.DataFrame:
    """The two-child limit to April 2026, elements added up, and what is asked of the claimant."""
    key = ["uc_claim_hash", "ap_end"]
    parts = frames["uc_element"].filter(pl.col("element") != "STANDARD")
    total = (
        parts.unique([*key, "element"]).group_by(key).agg(pl.col("amount_pm").sum().alias("sum"))
    )
    u = uniform(context, rows, "claim", "uc_claim_hash")
    limited = (pl.col("ap_end") < pl.date(2026, 4, 6)) & (pl.col("claim") < 0.45)
    works = pl.col("earnings_pm") > 0
    told = pl.col("claim") * 97 % 1
    ill = pl.col("ill").fill_null(value=False)
    sick = parts.filter(pl.col("element").is_in(["LCW", "LCWRA"])).select(key).unique()
    joined = (
        rows.with_columns(u)
        .join(total, on=key, how="left", maintain_order="left")
        .join(sick.with_columns(ill=True), on=key, how="left", maintain_order="left")
    )
    asked = (
        pl.when(works & (told < 0.55))
        .then(pl.lit("WORKING_REQS"))
        .when(works)
        .then(pl.lit("WORKING_NO_REQS"))
        .when(ill)
        .then(pl.lit("NO_REQS"))
        .when(told < 0.62)
        .then(pl.lit("SEARCHING"))
        .when(told < 0.75)
        .then(pl.lit("PREPARING"))
        .otherwise(pl.lit("NO_REQS"))
    )
    own = pl.col("claim") > 0.93
    found = joined.select(
        (pl.col("ap_end") + pl.duration(days=7)).alias("pay_date"),
        pl.when(limited)
        .then(pl.min_horizontal("children_count", 2))
        .otherwise(pl.col("children_count"))
        .alias("children_paid_count"),
        pl.col("sum").fill_null(0.0).round(2).alias("total_elements_pm"),
        (own & works).alias("self_emp_flag"),
        (own & works & (pl.col("earnings_pm") < 600)).alias("mif_applied"),
        pl.when(told < 0.04).then(210.0).otherwise(0.0).alias("unearned_income_pm"),
        pl.when(told > 0.95).then(4200.0).otherwise(0.0).alias("capital"),
        pl.when((told > 0.981) & ~works)
        .then(142.0)
        .otherwise(0.0)
        .alias("benefit_cap_reduction_pm"),
        pl.when(pl.col("claim") < 0.45).then(asked).alias("conditionality"),
        (told < 0.2).alias("mp_to_landlord"),
    )
    return filled(rows, found)


def _shbe_claim(context: Context, rows: pl.DataFrame, _: Frames) -> pl.DataFrame:
    u = uniform(context, rows, "rooms", "claim_ref")
    v = pl.col("rooms") * 97 % 1
    spare = pl.col("rooms") > 0.9
    private = pl.col("tenancy_type") == "PRIVATE_DEREG_LHA"
    found = rows.with_columns(u).select(
        pl.lit(1).alias("bedrooms_needed"),
        pl.when(spare).then(2).otherwise(1).alias("bedrooms_occupied"),
        pl.lit(0.0).alias("rsrs_reduction_pct"),
        pl.lit(0.0).alias("benefit_cap_reduction_pw"),
        pl.when(private).then((30 * v).round(2)).alias("lha_shortfall_pw"),
        pl.when(v < 0.1).then(1).otherwise(0).alias("nondep_count"),
        pl.when(v < 0.1).then(19.65).otherwise(0.0).alias("nondep_deduction_pw"),
        pl.lit(0.0).alias("gross_earnings_pw"),
        pl.lit(0.0).alias("net_earnings_pw"),
        pl.lit(0.0).alias("self_emp_pw"),
        pl.when(pl.col("claim_type") == "STANDARD")
        .then((180 + 90 * v).round(2))
        .alias("other_income_pw"),
        (9000 * v**4).round(2).alias("capital"),
        pl.when(pl.col("overpayment_recovery_pw") > 0)
        .then((300 + 900 * v).round(2))
        .alias("overpayment_balance"),
        (pl.col("award_start") - pl.duration(days=4)).alias("claim_received"),
        pl.max_horizontal("award_start", pl.col("scan_date") - pl.duration(days=25)).alias(
            "last_assessed"
        ),
        pl.when(pl.col("award_end").is_not_null())
        .then(pl.when(v < 0.5).then(pl.lit("MOVED")).otherwise(pl.lit("DEATH")))
        .alias("end_reason"),
    )
    return filled(rows, found)


def _shbe_member(context: Context, rows: pl.DataFrame, _: Frames) -> pl.DataFrame:
    u = uniform(context, rows, "member", "claim_ref", "member_seq")
    kind = pick(u, {"PIP": 0.35, "AA": 0.35, "DLA": 0.1, "PREMIUM": 0.2})
    other = pl.col("role") == "NONDEP"
    return filled(
        rows,
        rows.with_columns(u, kind.alias("kind")).select(
            pl.when("disability_flag").then(pl.col("kind")).alias("disability_benefit"),
            (pl.col("member") > 0.93).alias("carer_flag"),
            pl.when(other)
            .then(pl.format("{}", 1 + (5 * pl.col("member")).cast(pl.Int64)))
            .alias("nondep_income_band"),
            (other & (pl.col("member") < 0.1)).alias("student_flag"),
        ),
    )


# ---- health -------------------------------------------------------------------------------------


def _patient(context: Context, rows: pl.DataFrame, _: Frames) -> pl.DataFrame:
    u = uniform(context, rows, "list", "nhs_pid")
    why = {"MOVED": 0.3, "DEATH": 0.06, "FP69": 0.03, "REMOVED": 0.01}
    minority = rows["ethnic16"].is_in(list("HJKMNS")).fill_null(value=False)
    language = np.where(minority & (u < 0.5), "OTHER", "ENGLISH")
    reason = pick(uniform(context, rows, "left", "nhs_pid", "reg_start"), why)
    return filled(
        rows,
        rows.with_columns(
            u, pl.Series("language", language.astype(str)), reason.alias("reason")
        ).select(
            pl.when(pl.col("reg_end").is_not_null()).then(pl.col("reason")).alias("reg_end_reason"),
            pl.when(pl.col("list") > 0.4)
            .then((pl.col("language") == "OTHER") & (pl.col("list") < 0.45))
            .alias("interpreter_needed"),
            pl.when(pl.col("list") > 0.4).then(pl.col("language")).alias("main_language_group"),
            pl.lit(value=False).alias("care_home_ind"),
        ),
    )


def _referral(context: Context, rows: pl.DataFrame, _: Frames) -> pl.DataFrame:
    u = uniform(context, rows, "reason", "referral_id")
    crisis = pl.col("team_type").is_in(["A02", "A19", "A20", "A21", "A22", "A11"])
    why = {"04": 0.3, "05": 0.25, "14": 0.08, "11": 0.1, "03": 0.05, "09": 0.06, "24": 0.06}
    harm = pick(u, {"18": 0.62, "15": 0.25, "02": 0.06, "04": 0.04})
    calm = pick(u, why)
    by = pick(
        uniform(context, rows, "by", "referral_id"),
        {"GP": 0.55, "SELF": 0.2, "A_AND_E": 0.12, "POLICE": 0.03, "LA": 0.03, "CRISIS_LINE": 0.07},
    )
    over = pick(
        uniform(context, rows, "over", "referral_id"),
        {"COMPLETED": 0.5, "NO_FURTHER": 0.2, "NOT_ATTENDED": 0.15, "DECLINED": 0.05},
    )
    police = pl.col("team_type") == "A20"
    return filled(
        rows,
        rows.with_columns(
            harm.alias("harm"), calm.alias("calm"), by.alias("by"), over.alias("over")
        ).select(
            pl.when(pl.col("closed_date").is_not_null()).then(pl.col("over")).alias("close_reason"),
            pl.when(police).then(pl.lit("POLICE")).otherwise(pl.col("by")).alias("source"),
            pl.when(crisis).then(pl.col("harm")).otherwise(pl.col("calm")).alias("primary_reason"),
        ),
    )


_FILLS: Mapping[str, Callable[[Context, pl.DataFrame, Frames], pl.DataFrame]] = {
    "hclic_case": _case,
    "hclic_person": _case_person,
    "hclic_duty": _duty,
    "hclic_ta": _placement,
    "uc_award": _uc_award,
    "shbe_claim": _shbe_claim,
    "shbe_member": _shbe_member,
    "gp_patient": _patient,
    "mh_referral": _referral,
}
