"""What was written down, against what was declared and against what happened."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from contracts.columns import Kind
from contracts.tables import SOURCES, TABLES
from synthetic import paths
from synthetic.causes import K
from synthetic.outcomes import dated
from synthetic.records.claims import uc_claims
from synthetic.records.ctax import accounts
from synthetic.records.processes import need_of
from synthetic.records.rent import tenancies
from synthetic.records.schools import roll
from synthetic.settings import Size
from synthetic.simulate import records
from synthetic.stays import OPEN

# So rare that a tiny place may have none.
RARE = {"cs_cla", "cs_cp_plan", "mh_detention", "uprn_succession"}
EPOCH = pl.lit(0).cast(pl.Date)


def days(frame: pl.DataFrame, column: str) -> np.ndarray:
    return frame[column].cast(pl.Int32).to_numpy()


# Written where councils merge; what a place's own sources record is the rest.
RECORDED = [name for name in TABLES if name != "id_crosswalk"]


@pytest.mark.parametrize("name", RECORDED)
def test_every_table_keeps_its_declaration(tiny, name: str):
    table, frame = TABLES[name], tiny.frames[name]
    assert frame.columns == [*(column.name for column in table.business), "recorded_date"]
    assert frame.height > 0 or name in RARE
    assert frame["recorded_date"].null_count() == 0
    for column in table.business:
        values = frame[column.name].drop_nulls()
        if column.required:
            assert len(values) == frame.height, f"{column.name} has gaps"
        if column.codes is not None:
            assert set(values.unique()) <= set(column.codes), column.name
        if column.low is not None and len(values):
            assert values.min() >= column.low, column.name
        if column.high is not None and len(values):
            assert values.max() <= column.high, column.name
        if column.kind is Kind.UPRN:
            assert values.min() is None or values.min() > 0


@pytest.mark.parametrize("name", RECORDED)
def test_no_key_has_two_versions_of_one_day(tiny, name: str):
    frame = tiny.frames[name].filter(
        pl.col("recorded_date").cast(pl.Int32) <= tiny.context.last_day
    )
    assert not frame.select(*TABLES[name].key, "recorded_date").is_duplicated().any()


@pytest.mark.parametrize(
    ("name", "known_only_after"),
    [
        ("ctax_account", "liability_end"),
        ("ctax_account", "liability_start"),
        ("ctax_discount", "end_date"),
        ("ctax_recovery", "stage_date"),
        ("ctax_cts", "award_to"),
        ("rent_tenancy", "end_date"),
        ("rent_balance", "balance_date"),
        ("rent_action", "action_date"),
        ("rent_arrangement", "end_date"),
        ("hclic_case", "approach_date"),
        ("hclic_case", "closed_date"),
        ("hclic_duty", "start_date"),
        ("hclic_duty", "end_date"),
        ("hclic_ta", "end_date"),
        ("welfare_award", "decision_date"),
        ("uc_award", "ap_end"),
        ("shbe_claim", "scan_date"),
        ("gp_patient", "reg_start"),
        ("gp_patient", "reg_end"),
        ("gp_condition", "latest_date"),
        ("gp_medication", "month"),
        ("mh_referral", "received_date"),
        ("mh_referral", "closed_date"),
        ("hreg_application", "closed_date"),
        ("hreg_application", "last_bid_date"),
        ("asc_cld_event", "event_start_date"),
        ("asc_cld_event", "event_end_date"),
        ("asc_safeguarding", "s42_enquiry_start"),
        ("asc_safeguarding", "s42_enquiry_end"),
        ("cs_contact", "cont_contact_date"),
        ("cs_early_help", "earl_episode_end_date"),
        ("cs_cin", "cine_close_date"),
        ("cs_s47", "s47e_end_date"),
        ("cs_cp_plan", "cppl_end_date"),
        ("cs_cla", "clae_ceased_date"),
        ("school_pupil", "census_date"),
        ("school_attendance", "term_end"),
        ("school_exclusion", "start_date"),
        ("blue_badge", "start_date"),
        ("rent_transaction", "post_date"),
        ("gp_measure", "date"),
        ("gp_encounter", "date"),
        ("gp_fit_note", "issued"),
        ("gp_referral_sp", "closed_date"),
        ("emergency_admission", "discharge_date"),
        ("mh_detention", "end_date"),
        ("tt_referral", "end_date"),
    ],
)
def test_no_version_knows_a_date_that_had_not_come(tiny, name: str, known_only_after: str):
    frame = tiny.frames[name].drop_nulls(known_only_after)
    assert frame.filter(pl.col(known_only_after) > pl.col("recorded_date")).height == 0


def test_first_versions_of_spells_do_not_know_their_end(tiny):
    ends = {
        "ctax_account": "liability_end",
        "rent_tenancy": "end_date",
        "hclic_duty": "end_date",
        "hclic_case": "closed_date",
        "ctax_cts": "award_to",
        "hclic_ta": "end_date",
    }
    for name, column in ends.items():
        first = (
            tiny.frames[name]
            .sort("recorded_date", maintain_order=True)
            .unique(list(TABLES[name].key), keep="first", maintain_order=True)
        )
        assert first[column].null_count() == first.height, name


def test_a_household_is_liable_at_one_home_at_a_time(tiny):
    book = accounts(tiny.context)
    same = book.household[1:] == book.household[:-1]
    assert np.all(book.ends[:-1][same] <= book.starts[1:][same])
    assert np.all(book.starts < book.ends)
    assert np.all(book.closed[book.ends < OPEN] > book.opened[book.ends < OPEN])


def test_deductions_add_up_to_the_awards_total(tiny):
    total = (
        tiny.frames["uc_deduction"]
        .group_by("uc_claim_hash", "ap_end")
        .agg(pl.col("amount_pm").sum().alias("parts"))
    )
    award = (
        tiny.frames["uc_award"]
        .unique(["uc_claim_hash", "ap_end"])
        .join(total, on=["uc_claim_hash", "ap_end"], how="left")
        .with_columns(pl.col("parts").fill_null(0.0))
    )
    assert (award["deductions_total_pm"] - award["parts"]).abs().max() < 0.006
    assert award.filter(pl.col("parts") > 0).height > 20


def test_the_feed_carries_some_claims_and_notices_at_least_every_third_period(tiny):
    claims = uc_claims(tiny.context)
    seen = tiny.frames["uc_award"]["uc_claim_hash"].n_unique()
    assert 0.5 < seen / len(claims.number) < 0.85
    gaps = (
        tiny.frames["uc_award"]
        .unique(["uc_claim_hash", "ap_end"])
        .sort("uc_claim_hash", "ap_end")
        .with_columns(pl.col("ap_end").diff().over("uc_claim_hash").dt.total_days().alias("gap"))
    )
    assert gaps["gap"].max() <= 31 * 3 + 1


def test_enforcement_in_the_records_is_exactly_what_was_recorded(tiny):
    context = tiny.context
    book = accounts(context)
    rows = tiny.frames["ctax_recovery"].filter(pl.col("stage").is_in(["LO", "EA_REF"]))
    order = rows.filter(pl.col("stage") == "LO").select("account_ref", order="stage_date")
    agents = rows.filter((pl.col("stage") == "EA_REF") & (pl.col("debt_at_stage") >= 250))
    pairs = order.join(agents.select("account_ref", agents="stage_date"), on="account_ref").filter(
        (pl.col("agents") - pl.col("order")).dt.total_days().is_between(0, 90)
    )
    found = set(zip(pairs["account_ref"], days(pairs, "order").tolist(), strict=True))
    event = context.world.events["O3"].kept()
    account = book.on(event.household, event.day)
    course = paths.enforcement(context.streams, event.day, event.household, event.month)
    there = account >= 0
    expected = set(zip(book.reference[account[there]], course.order[there].tolist(), strict=True))
    # One stage in a hundred was recorded without its debt; a chain may meet an older order too.
    assert len(expected - found) <= max(2, 0.03 * len(expected))
    assert len(found - expected) <= max(2, 0.05 * len(expected))


def test_duties_in_the_records_are_exactly_what_was_recorded(tiny):
    context = tiny.context
    marks = dated(context.streams, {k: e.kept() for k, e in context.world.events.items()})
    duty = tiny.frames["hclic_duty"].unique(["case_ref", "duty"])
    start = duty.filter(pl.col("duty").is_in(["PREVENTION", "RELIEF"]))
    first = start.group_by("case_ref").agg(pl.col("start_date").min())
    assert set(days(first, "start_date")) == set(marks["O1", "any"].day)
    severe = duty.filter(pl.col("duty").is_in(["RELIEF", "MAIN"]))
    assert set(days(severe, "start_date")) == set(marks["O1", "severe"].day)


def test_possession_in_the_records_is_exactly_what_was_recorded(make):
    made = make(seed=3)
    context = made.context
    book = tenancies(context)
    marks = dated(context.streams, {k: e.kept() for k, e in context.world.events.items()})
    orders = made.frames["rent_action"].filter(
        pl.col("action_group").is_in(["ORDER", "WARRANT", "EVICTED"])
    )
    expected = 0
    for household, day in zip(marks["O2", "any"].household, marks["O2", "any"].day, strict=True):
        row = book.on(np.array([household]), np.array([day - 1]))[0]
        expected += int(row >= 0 and day <= context.last_day)
    assert expected > 0
    assert abs(orders.height - expected) <= 1


def test_crises_of_mental_health_reach_the_records_unless_the_person_opted_out(tiny):
    referrals = tiny.frames["mh_referral"].unique("referral_id")
    crisis = referrals.filter(
        pl.col("team_type").is_in(["A02", "A19", "A20", "A21", "A22"])
        | pl.col("clin_resp_priority").is_in(["1", "4"])
    )
    harm = tiny.frames["ae_attendance"].filter(pl.col("diagnosis_group") == "SELF_HARM")
    event = tiny.context.world.events["O7"].kept()
    missing = len(event.day) - crisis.height - harm.height
    assert 0 <= missing <= 0.15 * len(event.day)


def test_awards_after_asking_are_exactly_what_was_recorded(tiny):
    award = tiny.frames["welfare_award"].filter(
        (pl.col("decision") == "AWARDED")
        & pl.col("route").is_in(["APPLIED", "REFERRED"])
        & pl.col("scheme").is_in(["DHP", "HSF", "LWA", "CRF_CRISIS", "CRF_HOUSING"])
        & ~pl.col("need").is_in(["WHITE_GOODS", "OTHER"])
    )
    event = tiny.context.world.events["O9"].kept()
    # A household that left on the very day may have nobody to hang the award on.
    assert set(days(award, "decision_date")) <= set(event.day)
    assert award.height >= len(event.day) - 2


def test_funds_change_on_the_first_of_april_2026(tiny):
    award = tiny.frames["welfare_award"]
    new = award.filter(pl.col("decision_date") >= pl.date(2026, 4, 1))
    assert not set(new["scheme"]) & {"DHP", "HSF"}
    old = award.filter(pl.col("decision_date") < pl.date(2026, 4, 1))
    assert not any(scheme.startswith("CRF") for scheme in old["scheme"].unique())


def test_bulk_payments_are_not_asked_for(tiny):
    bulk = tiny.frames["welfare_award"].filter(pl.col("route") == "PROACTIVE_BULK")
    assert bulk.height > 0
    assert bulk["application_date"].null_count() == bulk.height


def test_five_attendances_come_about_where_a_spell_of_visits_began(tiny):
    visits = tiny.frames["ae_attendance"].filter(
        (pl.col("dept_type") == "01") & (pl.col("attendance_category") != "2")
    )
    often = visits.group_by("nhs_pid").len().filter(pl.col("len") >= 5).height
    assert often > 0


def test_health_extracts_name_nobody(tiny):
    health = [table for source in ("gp", "ecds", "mh") for table in SOURCES[source]]
    for name in (table.name for table in health if "nhs_pid" in table.names):
        for value in tiny.frames[name]["nhs_pid"].head(50):
            assert len(value) == 32
            assert int(value, 16) >= 0


def test_companies_and_occupiers_are_nobody_in_the_truth(tiny):
    party = tiny.frames["ctax_party"].with_columns(
        (pl.col("account_ref") + "|" + pl.col("party_ref")).alias("local_id")
    )
    links = pl.concat(tiny.context.links).filter(pl.col("source") == "ctax")
    nobody = party.join(links, on="local_id", how="anti")
    assert nobody.height > 0
    assert nobody["name_raw"].str.contains(r"LTD|LLP|OCCUPIER|OWNER").all()


def test_every_identity_record_has_one_person_in_the_truth(tiny):
    keys = {
        "rent": ("rent_person", ["tenancy_ref", "person_local_id"]),
        "hclic": ("hclic_person", ["case_ref", "person_seq"]),
        "welfare": ("welfare_applicant", ["person_local_id"]),
        "uc": ("uc_member", ["uc_claim_hash", "member_seq"]),
        "shbe": ("shbe_member", ["claim_ref", "member_seq"]),
        "hreg": ("hreg_member", ["app_ref", "member_id"]),
        "asc": ("asc_person", ["la_person_id"]),
        "cs": ("cs_person", ["pers_person_id"]),
        "school": ("school_pupil", ["upn"]),
        "bbadge": ("blue_badge", ["badge_no"]),
        "elect": ("elector", ["elector_no"]),
    }
    links = pl.concat(tiny.context.links)
    assert not links.select("source", "local_id").is_duplicated().any()
    for source, (table, key) in keys.items():
        local = tiny.frames[table].select(
            pl.concat_str(pl.col(key).cast(pl.String), separator="|").alias("local_id")
        )
        known = links.filter(pl.col("source") == source)
        assert local.join(known, on="local_id", how="anti").height == 0, source


def test_amounts_on_a_rent_account_add_up_to_its_balances(tiny):
    balance = (
        tiny.frames["rent_balance"]
        .sort("pay_ref", "balance_date")
        .group_by("pay_ref", pl.col("balance_date").dt.truncate("1mo").alias("month"))
        .agg(pl.col("balance").last(), pl.col("balance_date").last())
        .sort("pay_ref", "month")
        .with_columns(pl.col("balance").diff().over("pay_ref").alias("moved"))
        .drop_nulls("moved")
    )
    amounts = tiny.frames["rent_transaction"].group_by("pay_ref").agg(pl.col("amount").sum())
    whole = balance.group_by("pay_ref").agg(pl.col("moved").sum()).join(amounts, on="pay_ref")
    assert whole.height > 50
    # Balances are kept to the penny, and so is each of a month's three amounts.
    assert (whole["moved"] - whole["amount"]).abs().max() < 1.0


def test_a_bounced_direct_debit_follows_one_that_was_paid(tiny):
    rows = tiny.frames["rent_transaction"]
    bounced = rows.filter(pl.col("trans_code") == "RDN")
    paid = rows.filter(pl.col("trans_code") == "RDD").with_columns(-pl.col("amount"))
    assert bounced.height > 0
    assert bounced.join(paid, on=["pay_ref", "amount"], how="anti").height == 0


def test_nobody_is_on_a_plan_or_in_care_without_a_referral(tiny):
    known = tiny.frames["cs_cin"]["cine_person_id"].implode()
    for table, person in (("cs_cp_plan", "cppl_person_id"), ("cs_cla", "clae_person_id")):
        assert tiny.frames[table][person].is_in(known).all(), table


def test_the_school_knows_who_is_looked_after(tiny):
    in_care = tiny.frames["school_pupil"].filter("in_care")["upn"].n_unique()
    assert in_care <= tiny.frames["cs_cla"]["clae_person_id"].n_unique()


def test_free_meals_go_to_every_household_on_universal_credit_from_september_2026(tiny):
    pupils = tiny.frames["school_pupil"]
    share = pupils.group_by("fsm_rule_era").agg(pl.col("fsm_eligible").mean())
    eras = dict(share.iter_rows())
    assert eras["ALL_UC"] > eras["EARNINGS"]


def test_admissions_are_attendances_that_ended_in_a_bed(tiny):
    bed = tiny.frames["ae_attendance"].filter(pl.col("discharge") == "ADMITTED")
    days = bed.select("nhs_pid", admit_date=pl.col("arrival_ts").dt.date()).unique()
    admitted = tiny.frames["emergency_admission"].select("nhs_pid", "admit_date")
    assert admitted.height == days.height
    assert admitted.join(days, on=["nhs_pid", "admit_date"], how="anti").height == 0


def test_absence_follows_need_at_home(make):
    made = make(size=Size(households=2_000, months=24, futures=2), seed=5)
    pupils = roll(made.context)
    terms = made.frames["school_attendance"]
    missed = terms["sessions_authorised"] + terms["sessions_unauthorised"]
    rate = (missed / terms["sessions_possible"]).to_numpy()
    load = need_of(made.context, pupils.household, pupils.month, K)
    assert np.corrcoef(load, rate)[0, 1] > 0.1


def test_a_source_that_a_place_lacks_is_not_made(make, northmere, tiny):
    lean = northmere.model_copy(
        update={"sources": {k: v for k, v in northmere.sources.items() if k not in ("cs", "asc")}}
    )
    context = replace(tiny.context, links=[], happened={})
    frames = records(context, lean, lambda _: None)
    assert not any(name.startswith(("cs_", "asc_")) for name in frames)
    assert frames["school_pupil"].equals(tiny.frames["school_pupil"])


def test_what_an_account_owes_is_what_recovery_had_told_by_then(tiny):
    account = tiny.frames["ctax_account"]
    owing = account.filter(pl.col("costs_outstanding") > 0)
    orders = tiny.frames["ctax_recovery"].filter(pl.col("stage") == "LO")
    known = orders.group_by("account_ref").agg(pl.col("recorded_date").min().alias("ordered"))
    joined = owing.join(known, on="account_ref", how="left")
    assert owing.height > 0
    assert (joined["ordered"] <= joined["recorded_date"]).mean() > 0.9
    assert (account["live_ind"] == account["liability_end"].is_null()).all()


def test_section_21_dies_on_the_first_of_may_2026(tiny):
    late = tiny.frames["hclic_case"].filter(pl.col("approach_date") >= pl.date(2026, 5, 1))
    assert "S21" not in late["valid_notice"].to_list()
    assert "S21" in tiny.frames["hclic_case"]["valid_notice"].to_list()


def test_elements_of_an_award_add_up(tiny):
    key = ["uc_claim_hash", "ap_end"]
    parts = tiny.frames["uc_element"].filter(pl.col("element") != "STANDARD")
    total = parts.unique([*key, "element"]).group_by(key).agg(pl.col("amount_pm").sum())
    award = tiny.frames["uc_award"].join(total, on=key)
    assert (award["total_elements_pm"] - award["amount_pm"]).abs().max() < 0.02
