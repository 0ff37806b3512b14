"""What practices and mental health teams write beside what everything leans on.

As in :mod:`details`: finished tables in, the same tables with further columns filled.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from synthetic.records.base import Context
from synthetic.records.details import Frames, filled, pick, uniform


def patient(context: Context, rows: pl.DataFrame, _: Frames) -> pl.DataFrame:
    """Why a registration ended, and language."""
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


def referral(context: Context, rows: pl.DataFrame, _: Frames) -> pl.DataFrame:
    """Who referred, why, and why it closed."""
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
