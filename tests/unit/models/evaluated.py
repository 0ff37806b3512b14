"""An evaluation written by hand, for the pages that are made from one."""

from __future__ import annotations

from datetime import date

from contracts.months import month_ends
from models.closer_report import (
    BlockedOut,
    Closer,
    CurvePoint,
    HorizonReport,
    KnownTo,
    LearningPoint,
    NetBenefit,
    Newcomers,
    OtherHouseholds,
    Refits,
    SmoothCalibration,
    Tested,
    Timing,
)
from models.left import Leaving
from models.measured import Difference, Measured
from models.report import (
    CalibrationBand,
    Evaluation,
    LeadTime,
    MonthReport,
    NeighbourhoodReport,
    OutcomeReport,
    RankingReport,
    RegretReport,
    SplitRow,
    Steadiness,
    WayReport,
)

MONTHS = month_ends(date(2026, 1, 31), date(2026, 4, 30))


def of(value: float, low: float, high: float) -> Measured:
    return Measured(value=value, low=low, high=high)


def ranking(says: str, precision: float) -> RankingReport:
    return RankingReport(
        says=says,
        listed=1234,
        listed_events=284,
        precision=of(precision, precision - 0.04, precision + 0.04),
        recall=of(0.4, 0.35, 0.45),
        lift=of(6.1, 5.0, 7.2),
        auroc=of(0.82, 0.80, 0.84),
        average_precision=of(0.16, 0.14, 0.18),
        expected_over_observed=of(1.04, 0.95, 1.12),
        expected_over_observed_listed=of(0.98, 0.9, 1.1),
        expected_over_observed_top=of(0.9, 0.8, 1.05),
        calibration_slope=of(1.02, 0.94, 1.1),
    )


def difference(first: str, second: str, gain: Measured) -> Difference:
    even = of(0.0, -0.01, 0.01)
    return Difference(
        first=first,
        second=second,
        precision=gain,
        recall=even,
        auroc=even,
        average_precision=even,
        says="",
    )


def fitted(listed: int = 400) -> Tested:
    return Tested(
        rows=20_000,
        events=417,
        listed=listed,
        listed_events=90,
        precision=of(0.22, 0.18, 0.26),
        recall=of(0.3, 0.25, 0.35),
        auroc=of(0.8, 0.77, 0.83),
        average_precision=of(0.15, 0.12, 0.18),
    )


def closer() -> Closer:
    small = of(0.005, -0.002, 0.011)
    return Closer(
        outcome="edge_of_crisis",
        smooth_calibration=SmoothCalibration(
            index=of(0.0049, 0.0035, 0.0070),
            ninth_tenth=of(0.0064, 0.0050, 0.0144),
            points=[
                CurvePoint(expected=at / 50, observed=of(at / 55, at / 70, at / 40))
                for at in range(1, 12)
            ],
        ),
        net_benefit=[
            NetBenefit(
                threshold=at / 20,
                chosen=900 // at**2,
                model=of(3 / at, 2 / at, 4 / at),
                rule=of(2 / at, 1 / at, 3 / at),
                everyone=of(-40 * at, -45 * at, -35 * at),
                gain=of(1 / at, 0.5 / at, 2 / at),
            )
            for at in range(1, 9)
        ],
        newcomers=Newcomers(newcomers=fitted(7), others=fitted()),
        known_to=[
            KnownTo(
                key="any",
                says="any of these",
                listed=of(0.7, 0.65, 0.75),
                listed_events=of(0.9, 0.85, 0.95),
                everyone=of(0.2, 0.19, 0.21),
            )
        ],
        refits=Refits(
            kind="logistic",
            months=MONTHS,
            rows=9199,
            households_with_event=245,
            everything=fitted(),
            block_out=[
                BlockedOut(
                    key=key,
                    sources=[key],
                    features=12,
                    tested=fitted(),
                    difference=difference("everything", f"without {key}", gain),
                )
                for key, gain in (("rent", of(0.03, 0.01, 0.05)), ("health", small))
            ],
            learning_curve=[
                LearningPoint(
                    share=share,
                    households=int(4000 * share),
                    households_with_event=int(240 * share),
                    tested=fitted(),
                )
                for share in (0.125, 0.25, 0.5, 1.0)
            ],
            other_households=OtherHouseholds(
                met=fitted(), unmet=fitted(), difference=difference("met", "unmet", small)
            ),
        ),
        timing=Timing(
            tested=MONTHS[:2],
            learnt_until=date(2025, 2, 28),
            periods=100_000,
            events=900,
            ends=3000,
            horizons=[
                HorizonReport(
                    months=months,
                    rows=9000,
                    events=20 * months,
                    expected=0.004 * months,
                    observed=0.0039 * months,
                    expected_over_observed=of(1.03, 0.9, 1.2),
                    auroc=of(0.78, 0.74, 0.82),
                    slope=of(1.0, 0.9, 1.1),
                )
                for months in (3, 6, 12)
            ],
            concordance=of(0.61, 0.55, 0.67),
            median_error_months=2.4,
            median_error_alone=3.0,
        ),
    )


def outcome() -> OutcomeReport:
    return OutcomeReport(
        outcome="edge_of_crisis",
        trained=True,
        events_learnt_from=2345,
        households_with_event=612,
        enough_events="unknown",
        tested_rows=40_123,
        tested_events=812,
        base_rate=0.02,
        listed_outcome_unknown=44,
        best_rule="arrears_12m",
        rankings={
            "logistic": ranking("a weighted sum of what is recorded (logistic regression)", 0.23),
            "arrears_12m": ranking(
                "how many letters, notices and court steps about arrears in 12 months", 0.21
            ),
            "random": ranking("households in random order", 0.05),
        },
        differences=[difference("logistic", "arrears_12m", of(0.02, 0.01, 0.03))],
        regret=RegretReport(
            months=4,
            ways=[WayReport(way="average", says="the best on average", regret=0.007, picks="ebm")],
            way="average",
            picked="ebm",
        ),
        recommended="logistic",
        recommended_because="It was picked by regret.",
        shipped_model="logistic",
        shipped_because="It was picked by regret.",
        steadiness=Steadiness(
            overlap=0.76,
            overlap_anew=0.6,
            precision_gained=of(-0.001, -0.005, 0.004),
            precision_health_practice=of(0.08, 0.06, 0.1),
            leaving=Leaving(
                listed=900,
                not_known=9,
                supported=18,
                not_eligible=12,
                stayed=760,
                barred=3,
                health_practice=40,
                new_model=16,
                score_fell=30,
                others_rose=12,
            ),
        ),
        lead_time=LeadTime(
            events=284,
            median_days=91.0,
            lower_quartile_days=60.0,
            upper_quartile_days=130.0,
            share_60_days_or_more=of(0.74, 0.68, 0.79),
            by_30_days={"30 to 59": 12, "60 to 89": 120, "90 to 119": 152},
        ),
        months=[
            MonthReport(
                month=month,
                rows=10_000,
                events=200,
                listed=300,
                listed_events=70,
                auroc=0.82,
                average_precision=0.16,
                learnt_until=date(2025, 5, 31),
            )
            for month in MONTHS
        ],
        neighbourhoods=[
            NeighbourhoodReport(
                neighbourhood_code=code,
                list_size=20,
                listed=listed,
                listed_events=30,
                precision=of(0.23, 0.18, 0.28),
                recall=of(0.3, 0.2, 0.4),
            )
            for code, listed in (("N1", 150), ("N2", 9))
        ],
        calibration_bands=[
            CalibrationBand(rows=2000, expected=at / 100, observed=at / 110) for at in range(1, 21)
        ],
        trees=80,
    )


def evaluation() -> Evaluation:
    """Every part of it, with figures that a page can be checked against."""
    split = SplitRow(
        learnt_from=date(2024, 4, 30),
        learnt_until=date(2025, 5, 31),
        months_learnt_from=14,
        first_fit_until=date(2024, 7, 31),
        later_from=date(2025, 2, 28),
        later_until=date(2025, 5, 31),
        tested_from=MONTHS[0],
        tested_until=MONTHS[-1],
    )
    return Evaluation(
        place="northmere",
        month=date(2026, 10, 31),
        seed=1,
        replicates=1000,
        gap_days=28,
        horizon_months=6,
        features=252,
        list_sizes={"N1": 20, "N2": 20},
        splits=[split],
        scoring=split,
        outcomes={"edge_of_crisis": outcome()},
        closer=closer(),
    )
