"""Accounts of bodies: what they cost, who pays, what is borrowed and passed on to the price of water."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopsim.economy.finance import LINE
from coopsim.errors import ScenarioError
from coopsim.run import simulate
from coopsim.scenario import load_scenario, section_defaults, shipped_cases
from coopsim.schedule.bodies import effects as body_effects
from coopsim.schedule.bodies import outlook as body_outlook
from coopsim.schedule.bodies.accounts import settle_accounts
from coopsim.society import bodies as rules
from coopsim.society.bodies import BodyParams
from coopsim.society.body_moves import BODY_INDEX, BODY_MOVES
from coopsim.tables.bodies import ACCOUNT, POWERS, BodyTable
from coopsim.world.founding import founded
from tests.body_worlds import FULL, row, world_of
from tests.system.balance import Broken, snapshot
from tests.system.balances_society import check_bodies
from tests.system.test_symmetry import shuffled, sorted_run

P = BodyParams(**section_defaults("society.bodies"))


# --- the account, in closed form ---


@given(st.floats(0, 1e5), st.floats(-1e5, 1e5), st.floats(0, 0.2))
def test_a_body_collects_its_running_cost_its_interest_and_a_share_of_its_debt(running, debt, rate):
    need = rules.need(P, running, debt, rate)
    assert need == pytest.approx(running + max(debt, 0.0) * (rate + 1.0 / P.amortisation_years))


def test_the_debt_falls_by_what_is_repaid_and_by_nothing_else():
    table = BodyTable.of(("a",), ("A",), np.array([1], np.uint64), np.zeros(1, np.int64),
                         np.zeros((1, len(POWERS)), bool), np.ones((1, 2)), np.ones((1, 2), np.int64),
                         np.array([-1]), np.zeros((1, 0), bool), np.zeros(1, bool))  # fmt: skip
    table.post(0, "works", 1000.0)
    assert table.debt[0] == 1000.0
    for _ in range(3):
        owed = float(table.debt[0])
        table.post(0, "operation", 50.0)
        table.post(0, "interest", 0.03 * owed)
        table.post(0, "contributions", rules.need(P, 50.0, owed, 0.03))
        assert table.debt[0] == pytest.approx(owed * (1.0 - 1.0 / P.amortisation_years))
    assert table.debt[0] == pytest.approx(-table.total.sum())


@given(
    st.floats(0, 1e5),
    st.lists(st.tuples(st.floats(0, 1e5), st.integers(0, 40)), min_size=1, max_size=6),
    st.booleans(),
)
def test_contributions_sum_to_the_bill(bill, members, by_seats):
    people, seats = np.array([m[0] for m in members]), np.array([m[1] for m in members])
    each = rules.contributions(bill, people, seats, by_seats=by_seats)
    assert each.sum() == pytest.approx(bill)
    assert (each >= 0.0).all()
    if by_seats and seats.sum() > 0:
        assert each == pytest.approx(bill * seats / seats.sum())


@given(st.floats(0, 1e6), st.floats(1, 1e6))
def test_most_of_a_water_service_costs_the_same_whatever_it_sells(volume, start):
    found = rules.operation(P, 100.0, volume, start)
    assert found == pytest.approx(100.0 * (P.fixed_cost_share + (1 - P.fixed_cost_share) * volume / start))
    everything = replace(P, fixed_cost_share=1.0)
    assert rules.operation(everything, 100.0, volume, start) == pytest.approx(100.0)


def test_users_pay_a_service_and_members_the_others_to_the_last_euro():
    world = world_of()
    before = world.finance.flows.copy()
    settle_accounts(world)
    table = world.bodies
    line = dict(zip([name for name, _ in ACCOUNT], table.total.T, strict=True))
    services = table.service >= 0
    assert (line["users"][services] > 0).all()
    assert (line["contributions"][~services] > 0).all()
    assert line["users"][~services].sum() == line["contributions"][services].sum() == 0.0
    flows = world.finance.flows - before
    assert -flows[:, LINE["body_contributions"]].sum() == pytest.approx(line["contributions"].sum())
    assert table.paid.sum() == pytest.approx(line["contributions"].sum())
    # nothing new is under way: what members pay was among their services until now
    assert flows.sum(axis=1) == pytest.approx(np.zeros(world.size), abs=1e-9)
    assert table.debt == pytest.approx(np.zeros(len(table)), abs=1e-9)


def test_works_are_borrowed_less_the_aid_and_raise_the_price():
    world = world_of()
    b = row(world, "sm_limargue_segala")
    settle_accounts(world)
    price = world.bodies.price[b]
    body_effects.works(world, b, 1000.0)
    assert world.bodies.debt[b] == pytest.approx(1000.0 * (1 - P.agency_share))
    settle_accounts(world)
    charge = rules.annuity(P, 1000.0, world.params.finance.interest_per_yr)
    assert world.bodies.price[b] - price == pytest.approx(1000.0 * charge / world.bodies.volume[b])


def test_the_tax_for_rivers_pays_what_a_board_asks_in_addition_up_to_its_ceiling():
    """CGI 1530 bis: 40 EUR per inhabitant (actu-environnement.com, 2018)."""
    world = world_of({"governance.payoff.river_board_funding": "gemapi_tax"})
    b = row(world, "sm_dordogne_cere")
    members = world.bodies.members(b)
    settle_accounts(world)
    assert not world.bodies.levied.any()  # nothing in addition yet
    body_effects.works(world, b, 5000.0)
    settle_accounts(world)
    charge = rules.annuity(P, 5000.0, world.params.finance.interest_per_yr)
    assert world.bodies.levied.sum() == pytest.approx(charge)
    assert not world.bodies.levied[~members].any()
    body_effects.works(world, b, 5e7)
    settle_accounts(world)
    assert world.finance.french is not None
    raised = world.finance.french.amounts["river_tax"][members]  # what councils raise already counts
    assert world.bodies.levied[members] == pytest.approx(0.040 * world.people.population[members] - raised)
    assert world.finance.flows[:, LINE["river_levy"]].sum() == pytest.approx(
        charge + world.bodies.levied.sum()
    )


# --- a whole run ---


def test_bodies_decide_and_the_journal_tells_why():
    run = simulate(load_scenario("figeac-status-quo").but(FULL), seed=0, years=8)
    journal = run.journal
    votes = journal[journal["kind"] == "body-vote"]
    assert {"passed", "rejected"} <= set(votes["outcome"])
    assert votes["decisive"].notna().all()
    assert (votes["reason_fr"] != votes["reason_en"]).all()
    refusals = journal[(journal["kind"] == "body") & (journal["outcome"] == "refused")]
    assert len(refusals) > 0
    assert refusals["reason_fr"].str.contains("compétence").all()
    last = run.system.iloc[-1]
    assert last["body_proposals"] > last["body_adopted"] > 0
    assert last["bodies"] == 19


def test_a_move_that_the_rules_close_is_never_drafted():
    closed = {f"governance.choice.body_moves.{move.key}.allowed": False for move in BODY_MOVES}
    run = simulate(load_scenario("figeac-status-quo").but(FULL | closed), seed=0, years=4)
    assert not run.journal["kind"].isin(["body", "body-vote"]).any()


def test_what_nobody_needs_is_not_prepared():
    """A service that passes its stress test drafts nothing."""
    world = world_of({"society.councils.supply_target_pressure": 5.0})
    for b in np.flatnonzero(world.bodies.service >= 0):
        assert not body_outlook.outlook(world, int(b), None).possible.any()
    short = world_of({"society.councils.supply_target_pressure": 0.5})
    b = row(short, "siaep_sud_segala")
    assert (
        body_outlook.outlook(short, b, None)
        .possible[[BODY_INDEX["reduce_leaks"], BODY_INDEX["expand_water_supply"]]]
        .all()
    )


# --- what the invariants see, and rows without a rank ---


SPOILED = {
    "debt": lambda b: b.debt.__setitem__(0, b.debt[0] + 1.0),
    "a contribution nobody pays": lambda b: b.post(0, "contributions", 10.0),
    "a seat in a body that is no more": lambda b: b.alive.__setitem__(0, False),
    "people served twice": lambda b: b.share.__setitem__(int(np.argmax(b.service >= 0)), 1.0),
    "a store too full": lambda b: b.store.__setitem__(0, 1.0),
    "spending that brings money": lambda b: b.post(0, "works", -1e7),
    "a debt taken over by nobody": lambda b: b.post(0, "taken_over", 5.0),
}


@pytest.mark.parametrize("spoil", SPOILED.values(), ids=SPOILED)
def test_the_invariants_see_a_spoiled_body(spoil):
    world = world_of()
    before = snapshot(world)
    settle_accounts(world)
    check_bodies(world, before)
    spoil(world.bodies)
    with pytest.raises(Broken):
        check_bodies(world, before)


def test_the_order_of_the_case_changes_nothing(tmp_path):
    """Every digit and every line of the journal, with all bodies deciding after four summers."""
    spec = load_scenario("figeac-status-quo").but(FULL | {"society.councils.supply_target_pressure": 0.7})
    folder = shuffled(shipped_cases()["figeac"], tmp_path / "figeac", 5)
    moved = spec.but({"case.name": str(folder), "name": spec.name})
    before, after = (sorted_run(simulate(s, seed=1, years=5)) for s in (spec, moved))
    np.testing.assert_array_equal(before[0], after[0])
    np.testing.assert_array_equal(before[1], after[1])
    assert before[2] == after[2]
    assert any(line["kind"] == "body-vote" for line in before[2])


def test_bodies_that_only_keep_accounts_leave_the_luck_of_others_alone():
    """All moves closed: the same world to the last digit, and the same debts."""
    closed = {f"governance.choice.body_moves.{move.key}.allowed": False for move in BODY_MOVES}
    spec = load_scenario("figeac-status-quo").but({"governance.choice.body_decisions": "water_works"})
    plain, full = (simulate(s, seed=2, years=3).territories for s in (spec, spec.but(FULL | closed)))
    for name in ("jobs", "population", "trust", "low_flow_share", "standing_wood_m3", "proposals", "passed"):
        np.testing.assert_array_equal(plain[name], full[name])
    np.testing.assert_allclose(plain["debt_keur"], full["debt_keur"], rtol=1e-9)


def test_two_services_cannot_serve_the_same_people():
    twice = [{"body": "a", "population_share": 0.7}, {"body": "b", "population_share": 0.7}]
    with pytest.raises(ScenarioError, match="serve more than the people"):
        founded(load_scenario("voting-power").but({"case.synthetic.bodies": twice}), 0)
