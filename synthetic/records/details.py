"""What else the council's own systems write beside the columns that everything leans on.

Each function takes a finished table and fills columns that it leaves empty, from what the table and
the world already say; no other column changes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import polars as pl

from synthetic.records.base import Context
from synthetic.streams import Floats

Frames = Mapping[str, pl.DataFrame]
ARREARS_STAGES = ("LO", "LO_ARR", "AEO", "DFB", "EA_REF", "EA_VISIT")


def uniform(context: Context, frame: pl.DataFrame, name: str, *key: str) -> pl.Series:
    """A number in (0, 1) for each distinct key of a table, the same in all of its versions."""
    rank = frame.select(pl.struct(key).rank("dense"))
    ids = rank.to_series().to_numpy().astype(np.int64)
    return pl.Series(name, context.streams.each(f"detail:{name}", ids))


def pick(u: pl.Series, choices: Mapping[str, float]) -> pl.Series:
    """A code for each number, in the given shares; what is left over has none."""
    edges: Floats = np.cumsum(list(choices.values()))
    names = np.array([*choices, None], dtype=object)
    return pl.Series(names[np.searchsorted(edges, u.to_numpy())].tolist(), dtype=pl.String)


def with_details(context: Context, frames: Frames) -> dict[str, pl.DataFrame]:
    """Every table with its further columns filled."""
    out = dict(frames)
    for name, fill in _FILLS.items():
        if name in out:
            out[name] = fill(context, out[name], frames)
    return out


def _account(context: Context, rows: pl.DataFrame, frames: Frames) -> pl.DataFrame:
    """Balances from the latest stage of recovery that was known, payments from instalments."""
    debts = (
        frames["ctax_recovery"]
        .select("account_ref", "stage", "tax_year", "debt_at_stage", known="recorded_date")
        .sort("known")
    )
    u = uniform(context, rows, "pays", "account_ref")
    joined = (
        rows.with_row_index("row")
        .with_columns(u)
        .sort("recorded_date")
        .join_asof(
            debts,
            left_on="recorded_date",
            right_on="known",
            by="account_ref",
            check_sortedness=False,
        )
        .sort("row")
    )
    owes = pl.col("debt_at_stage").fill_null(0.0)
    pursued = pl.col("stage").is_in(ARREARS_STAGES)
    year = (pl.col("recorded_date").dt.offset_by("-3mo").dt.year()).cast(pl.String)
    this_year = pl.col("tax_year").str.starts_with(year)
    paid = pl.col("annual_charge_pa") * ((pl.col("pays") * 0.2) - 0.1)
    debit = pl.col("payment_method") == "DD"
    slips = pl.col("stage").is_in(["REM1", "REM2", "FINAL"])
    found = joined.select(
        pl.col("liability_end").is_null().alias("live_ind"),
        (paid + pl.when(this_year.fill_null(value=True)).then(owes).otherwise(0.0))
        .round(2)
        .alias("balance_cy"),
        pl.when(this_year)
        .then(0.0)
        .otherwise(owes)
        .fill_null(0.0)
        .round(2)
        .alias("balance_arrears"),
        pl.when(pursued).then(95.0).otherwise(0.0).alias("costs_outstanding"),
        pl.when(pursued)
        .then(pl.lit("NONE"))
        .when(pl.col("pays") < 0.14)
        .then(pl.lit("12"))
        .otherwise(pl.lit("10"))
        .alias("instalment_plan"),
        pl.when(pl.col("pays") < 0.92)
        .then(
            pl.col("recorded_date")
            - pl.duration(
                days=(pl.col("pays") * 25).cast(pl.Int64) + 95 * pursued.fill_null(value=False)
            )
        )
        .alias("last_payment_date"),
        pl.when(debit & slips).then(1).otherwise(0).cast(pl.Int64).alias("dd_rejected_12m"),
        (pl.col("pays") > 0.985).alias("vulnerable_flag"),
    )
    return filled(rows, found)


def filled(rows: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """The table with those columns in place of its own, in the order that it had."""
    typed = [found[name].cast(rows[name].dtype) for name in found.columns]
    return rows.with_columns(typed)


def _discount(context: Context, rows: pl.DataFrame, frames: Frames) -> pl.DataFrame:
    charge = frames["ctax_account"].unique("account_ref", keep="first", maintain_order=True)
    joined = rows.join(
        charge.select("account_ref", "annual_charge_pa"),
        on="account_ref",
        how="left",
        maintain_order="left",
    )
    share = pl.col("disc_code").replace_strict(
        {"SPD25": 0.25, "DISREG25": 0.25, "DISREG50": 0.5, "N": 1.0}, default=0.11
    )
    why = pick(
        uniform(context, rows, "disreg", "account_ref"),
        {"STUDENT": 0.35, "SMI": 0.3, "CARER": 0.2, "CAREWORKER": 0.05, "APPRENTICE": 0.1},
    )
    counted = rows["disc_code"].is_in(["DISREG25", "DISREG50"])
    return filled(
        rows,
        joined.select(
            pl.when(counted).then(why).alias("disreg_reason"),
            (pl.col("annual_charge_pa") * share / 52).round(2).alias("weekly_value_pw"),
        ),
    )


def _recovery(_: Context, rows: pl.DataFrame, __: Frames) -> pl.DataFrame:
    debt = pl.col("debt_at_stage").fill_null(400.0)
    visit = 310.0 + 0.075 * (debt - 1500).clip(lower_bound=0)
    return filled(
        rows,
        rows.select(
            pl.when(pl.col("stage") == "EA_REF")
            .then(75.0)
            .when(pl.col("stage") == "EA_VISIT")
            .then(visit.round(2))
            .alias("ea_fees"),
            pl.when(pl.col("stage") == "LO").then(pl.col("stage_date")).alias("court_hearing_date"),
        ),
    )


def _support(context: Context, rows: pl.DataFrame, _: Frames) -> pl.DataFrame:
    u = uniform(context, rows, "band", "claim_ref")
    bands = pick(u, {"1": 0.3, "2": 0.2, "3": 0.12, "4": 0.08})
    other = uniform(context, rows, "nondep", "claim_ref") < 0.08
    return filled(
        rows,
        pl.DataFrame(
            {
                "income_band": bands,
                "nondep_deduction_pw": pl.Series(np.where(other, 9.4, 0.0)),
                "exceptional_hardship_award": pl.Series(np.where(u > 0.97, 150.0, np.nan)).fill_nan(
                    None
                ),
            }
        ),
    )


def _tenancy(context: Context, rows: pl.DataFrame, _: Frames) -> pl.DataFrame:
    u = uniform(context, rows, "service", "tenancy_ref")
    pause = uniform(context, rows, "pause", "tenancy_ref", "recorded_date") < 0.004
    home = pl.col("tenure") != "GARAGE"
    return filled(
        rows,
        rows.with_columns(u, pause.alias("pause")).select(
            pl.when(home & (pl.col("service") < 0.45))
            .then((3 + 14 * pl.col("service")).round(2))
            .otherwise(0.0)
            .alias("service_charge_pw"),
            (pl.col("pause") & home).alias("breathing_space"),
            pl.when(pl.col("pause") & home)
            .then(pl.col("recorded_date") + pl.duration(days=60))
            .alias("breathing_space_end"),
        ),
    )


def _arrangement(context: Context, rows: pl.DataFrame, _: Frames) -> pl.DataFrame:
    often = pick(
        uniform(context, rows, "often", "agreement_id"),
        {"WEEKLY": 0.45, "MONTHLY": 0.4, "FORTNIGHTLY": 0.1, "FOUR_WEEKLY": 0.05},
    )
    due = rows.select((pl.col("start_date") + pl.duration(days=7)).alias("first_instalment_due"))
    return filled(rows, due.with_columns(often.alias("frequency")))


def _award(_: Context, rows: pl.DataFrame, __: Frames) -> pl.DataFrame:
    """Welfare awards for housing are for a time."""
    long = pl.col("scheme").is_in(["DHP", "CRF_HOUSING"]) & (pl.col("decision") == "AWARDED")
    long &= ~pl.col("need").is_in(["DEPOSIT_RIA"])
    return filled(
        rows,
        rows.select(
            pl.when(long).then(pl.col("decision_date")).alias("from_date"),
            pl.when(long).then(pl.col("decision_date") + pl.duration(days=90)).alias("to_date"),
        ),
    )


def _gazetteer(context: Context, rows: pl.DataFrame, _: Frames) -> pl.DataFrame:
    u = uniform(context, rows, "north", "lsoa21")
    near = uniform(context, rows, "near", "uprn")
    state = pl.when(pl.col("logical_status") == "6").then(pl.lit("1")).otherwise(pl.lit("2"))
    return filled(
        rows,
        rows.with_columns(u, near).select(
            pl.when(pl.col("near") > 0.1).then(state).alias("blpu_state"),
            (420_000 + 9_000 * pl.col("north") + 400 * pl.col("near")).round(2).alias("easting"),
            (530_000 + 9_000 * ((pl.col("north") * 97) % 1) + 400 * ((pl.col("near") * 89) % 1))
            .round(2)
            .alias("northing"),
        ),
    )


def _line(_: Context, rows: pl.DataFrame, __: Frames) -> pl.DataFrame:
    return filled(rows, rows.select(pl.repeat("ENG", pl.len()).alias("language")))


def _area(context: Context, rows: pl.DataFrame, _: Frames) -> pl.DataFrame:
    number = pl.col("lsoa21").str.slice(4).cast(pl.Int64)
    u = uniform(context, rows, "broadband", "lsoa21")
    return filled(
        rows,
        rows.with_columns(u).select(
            pl.format("E020{}", 9000 + number // 5 % 1000).alias("msoa21"),
            pl.lit("E06009999").alias("lad"),
            (pl.col("income_domain") * 1.35).clip(0, 0.95).round(3).alias("idaci"),
            pl.lit("A1").alias("rural_urban"),
            (0.72 + 0.27 * pl.col("broadband")).round(2).alias("broadband"),
            (2 + 30 * pl.col("income_domain")).round(1).alias("chc_register_need"),
        ),
    )


_FILLS: Mapping[str, Callable[[Context, pl.DataFrame, Frames], pl.DataFrame]] = {
    "ctax_account": _account,
    "ctax_discount": _discount,
    "ctax_recovery": _recovery,
    "ctax_cts": _support,
    "rent_tenancy": _tenancy,
    "rent_arrangement": _arrangement,
    "welfare_award": _award,
    "llpg_blpu": _gazetteer,
    "llpg_lpi": _line,
    "area_lookup": _area,
}
