"""Amounts on rent accounts: rent charged, benefit received, payments, and payments that bounced.

They add up: between the last balances of two months lie exactly the amounts of the month between.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from synthetic.records.base import Context, frame, references
from synthetic.records.rent import tenancies
from synthetic.streams import Flags, Floats, Ints, Strings

_PAYS = ("RDD", "RSO", "RCP", "RPY")
_PAY_WEIGHTS = np.array([0.46, 0.14, 0.26, 0.14])


def transaction_rows(context: Context, balances: pl.DataFrame) -> pl.DataFrame:
    """``rent_transaction`` from the balances that the landlord keeps.

    Args:
        context: The world.
        balances: ``rent_balance``.
    """
    last = _month_balances(balances)
    book = tenancies(context)
    account = pl.DataFrame(
        {"pay_ref": pl.Series(book.pay_ref.tolist(), dtype=pl.String), "tenancy": book.number}
    )
    rows = last.join(account, on="pay_ref", how="inner").sort("tenancy", "balance_date")
    tenancy = rows["tenancy"].to_numpy()
    day = rows["balance_date"].cast(pl.Int32).to_numpy().astype(np.int64)
    balance = rows["balance"].to_numpy().astype(np.float64)
    owed = np.round(rows["rent"].to_numpy() * rows["weeks"].to_numpy(), 2)
    fresh = np.r_[True, tenancy[1:] != tenancy[:-1]]
    before = np.where(fresh, np.nan, np.r_[0.0, balance[:-1]])
    there = ~np.isnan(before)
    paid: Floats = np.asarray(
        np.round(np.where(there, before + owed - balance, 0.0), 2), dtype=np.float64
    )
    household = book.household[tenancy]
    parts = [
        _part(tenancy, day - 24, np.full(len(day), "DBR"), owed, there),
        *_credits(context, household, (tenancy, day, there), paid),
        *_bounced(context, household, (tenancy, day, there), owed),
    ]
    return _frame(parts)


def _month_balances(balances: pl.DataFrame) -> pl.DataFrame:
    """The last balance of each account and month, the weeks since the one before, and the rent."""
    owing = pl.col("weeks_owed").abs() > 0.05
    return (
        balances.with_columns(
            pl.col("balance_date").dt.truncate("1mo").alias("month"),
            pl.when(owing).then(pl.col("balance") / pl.col("weeks_owed")).alias("rent"),
        )
        .sort("pay_ref", "balance_date")
        .group_by("pay_ref", "month", maintain_order=True)
        .agg(
            pl.col("balance_date").last(),
            pl.col("balance").last(),
            pl.len().alias("weeks"),
            pl.col("rent").drop_nulls().last(),
        )
        .with_columns(pl.col("rent").fill_null(100.0).round(2))
    )


_Part = tuple[Ints, Ints, Strings, Floats]
Rows = tuple[Ints, Ints, Flags]
"""Tenancy and day of each balance, and whether there is one before it."""


def _part(tenancy: Ints, day: Ints, code: Strings, amount: Floats, rows: Flags) -> _Part:
    return tenancy[rows], day[rows], np.asarray(code, dtype=object)[rows], amount[rows]


def _credits(context: Context, household: Ints, rows: Rows, paid: Floats) -> list[_Part]:
    """What came in: part of it from benefit, the rest as the household pays.

    Less than nothing is a charge that was put back.
    """
    tenancy, day, there = rows
    streams, households = context.streams, context.world.households
    month = np.clip(
        np.searchsorted(context.months, day, side="right") - 1, 0, context.world.latent.months - 1
    )
    on_uc = context.world.latent.on_uc[month, household]
    direct = on_uc & (streams.each("apa", household) < 0.35)
    housing = (households.age_band[household] == 4) & (streams.each("hb", household) < 0.5)
    benefit = np.where(direct, 0.86, np.where(housing, 0.8, 0.0))
    inflow = paid > 0
    from_benefit: Floats = np.asarray(
        np.round(np.where(inflow, paid * benefit, 0.0), 2), dtype=np.float64
    )
    own: Floats = np.asarray(
        np.round(np.where(inflow, paid - from_benefit, 0.0), 2), dtype=np.float64
    )
    how = np.array(_PAYS, dtype=object)[streams.choice("rent:pays", _PAY_WEIGHTS, household)]
    source = np.where(direct, "RUC", "RHB")
    return [
        _part(tenancy, day - 9, source, -from_benefit, there & (from_benefit > 0)),
        _part(tenancy, day - 6, how, -own, there & (own > 0)),
        _part(tenancy, day - 2, np.full(len(day), "WON"), -paid, there & (paid < 0)),
    ]


def _bounced(context: Context, household: Ints, rows: Rows, owed: Floats) -> list[_Part]:
    """A direct debit that the bank sends back in a month in which arrears grow."""
    tenancy, day, there = rows
    event = context.world.events["arrears"].kept()
    months = len(context.months)
    key = np.unique(event.household * months + event.month)
    month = np.searchsorted(context.months, day, side="right") - 1
    worse = np.isin(household * months + month, key)
    debit = context.streams.choice("rent:pays", _PAY_WEIGHTS, household) == 0
    sent_back = there & worse & debit & (context.streams.each("rent:bounced", tenancy, day) < 0.6)
    amount = np.round(owed * 0.5, 2)
    return [
        _part(tenancy, day - 12, np.full(len(day), "RDD"), -amount, sent_back),
        _part(tenancy, day - 8, np.full(len(day), "RDN"), amount, sent_back),
    ]


def _frame(parts: list[_Part]) -> pl.DataFrame:
    tenancy, day, code, amount = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.lexsort((code.astype(str), day, tenancy))
    tenancy, day, code, amount = tenancy[order], day[order], code[order], amount[order]
    columns = {
        "trans_id": pl.Series(references("TR", np.arange(len(tenancy)), 9).tolist()),
        "pay_ref": references("PR", tenancy, 7),
        "trans_date": day,
        "post_date": day + 1 + tenancy % 2,
        "trans_code": code,
        "amount": amount,
    }
    return frame("rent_transaction", columns, day + 1 + tenancy % 2)
