"""Guarantee funds, shared risk, own funds, territorial contracts, large programmes: closed forms and balances."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopsim.economy.energy import HEAT
from coopsim.economy.finance import LINE
from coopsim.economy.funders import FunderParams, bankable, operator_rate, outstanding, own_funds
from coopsim.errors import ScenarioError
from coopsim.model import CoopModel
from coopsim.scenario import load_scenario
from coopsim.scenario.parameters import section_defaults
from coopsim.schedule.finance.funder_accounts import give_back
from coopsim.schedule.firms import credit, loops
from coopsim.schedule.pacts import funders
from coopsim.tables.companies import ACTING, CONVINCED

P = FunderParams(**section_defaults("economy.funders"))


def lived(name: str, ticks: int, seed: int = 1, **keys: object):
    changes = {key.replace("__", "."): value for key, value in keys.items()}
    model = CoopModel(load_scenario(name).but({**changes, "name": name}), seed, views=False)
    for _ in range(ticks):
        model.step()
    return model.world


# banks


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_a_guarantee_opens_loans_and_closes_none(hazard, share):
    one = np.array([hazard])
    assert bankable(P, one, share)[0] >= bankable(P, one)[0]
    edge = P.bank_margin_per_yr / P.loss_share
    assert bankable(P, one)[0] == (hazard * P.loss_share <= P.bank_margin_per_yr)
    assert bankable(P, np.array([edge * (1 - 1e-9)]))[0]


def test_the_rate_of_a_lead_is_the_usual_one_and_many_carriers_bear_no_premium():
    assert operator_rate(P, 0.04, 0.0, 1.0) == pytest.approx(0.04)
    pi, q = P.operator_premium_per_yr, P.carrier_fails
    for n in (2, 3, 5):
        assert operator_rate(P, 0.04, 0.0, n) == pytest.approx(0.04 - pi * (1.0 - q ** (n - 1)))
    assert operator_rate(P, 0.04, 0.0, 60.0) == pytest.approx(0.04 - pi)
    assert operator_rate(P, 0.04, 1.0, 1.0) == pytest.approx(0.04 - pi)
    assert operator_rate(P, 0.001, 1.0, 1.0) == pytest.approx(0.0)  # money never costs less than nothing


def test_a_loan_is_paid_back_in_a_straight_line():
    loan, since = np.full(3, 70.0), np.zeros(3, np.int64)
    ticks = [0, int(2 * P.loan_years), int(4 * P.loan_years)]
    np.testing.assert_allclose([outstanding(P, loan, since, t)[0] for t in ticks], [70.0, 35.0, 0.0])


def test_own_funds_pay_in_the_end_what_the_grant_would_have_and_last_when_it_stops():
    capital, drawn = 0.0, 0.0
    for _ in range(4 * 60):
        drawn, capital = own_funds(P, capital, 10.0)
    assert drawn == pytest.approx(10.0, rel=1e-4)
    assert capital == pytest.approx(10.0 / (0.25 * P.own_funds_draw_per_yr), rel=1e-4)
    first, capital = own_funds(P, capital, 0.0)
    second, _ = own_funds(P, capital, 0.0)
    assert second == pytest.approx(first * (1.0 - 0.25 * P.own_funds_draw_per_yr))


# guarantee fund


def test_the_fund_opens_loans_that_banks_refuse_and_its_money_balances():
    plain, world = lived("figeac-status-quo", 14), lived("guarantee-fund", 14)
    state, c = world.local.funders, world.companies
    assert state.loan.size > 0
    assert (c.stage[c.rows()] == ACTING).sum() > (
        plain.companies.stage[plain.companies.rows()] == ACTING
    ).sum()
    np.testing.assert_allclose(state.capital + state.claims, state.endowed)
    assert (state.committed(P, world.tick) <= 5.0 * state.endowed * (1 + 1e-9)).all()
    people = lived("guarantee-fund", 1).people.population
    np.testing.assert_allclose(state.endowed, 0.005 * people, rtol=0.01)


def test_who_borrows_was_refused_without_the_fund():
    world = lived("guarantee-fund", 1)
    c = world.companies
    rows = c.rows()[:3000]
    c.stage[rows] = CONVINCED
    world.rules.funders.guaranteed[:] = 0.7
    state = credit.state_of(world)
    state.capital = state.capital + 1e6
    credit._lend(world, state)
    now = rows[c.stage[rows] == ACTING]
    assert now.size > 0
    assert not bankable(P, credit.hazard(world, now)).any()
    assert bankable(P, credit.hazard(world, now), 0.7).all()


def test_closures_draw_on_the_fund_and_never_below_nothing():
    world = lived("guarantee-fund", 14)
    state = world.local.funders
    state.capital = np.minimum(state.capital, 0.1)
    gone = np.isin(world.companies.id, state.company)
    world.companies.alive[gone] = False
    before = state.claims.copy()
    paid = credit._losses(world, state)
    assert paid.sum() > 0.0
    assert (state.capital >= 0.0).all()
    np.testing.assert_allclose(state.claims - before, paid)
    assert not state.loan.size


# works that a pact builds


def test_shared_risk_builds_what_a_lead_cannot():
    lead, shared = (lived(name, 40) for name in ("shared-risk-lead", "shared-risk"))
    assert lead.local.sites.sum() == 0.0
    assert shared.local.sites[HEAT].sum() > 0.0
    state = shared.local.funders
    assert state.shared_sites.sum() > 0.0
    assert (state.rate[HEAT][shared.local.sites[HEAT] > 0.0] < 0.04).all()


def test_carriers_pay_the_lender_when_users_leave_a_work():
    world = lived("shared-risk", 40)
    lost = np.zeros_like(world.local.sites)
    lost[HEAT] = 0.5 * world.local.sites[HEAT]
    world.local.sites = world.local.sites - lost
    before = world.finance.flows[:, LINE["interest"]].copy()
    credit.works_lost(world, lost)
    paid = before - world.finance.flows[:, LINE["interest"]]
    members = world.pacts.members[world.pacts.active].any(axis=0)
    assert (paid[members] > 0.0).all()
    assert (paid[~members] == 0.0).all()
    np.testing.assert_allclose(world.local.funders.carried[members], paid[members])


def test_one_carrier_pays_as_today():
    world = lived("figeac-status-quo", 1)
    assert credit.rate(world, 1.0) is None
    world.rules.funders.shared_risk[:] = True
    np.testing.assert_allclose(credit.rate(world, 1.0), world.params.local.energy.discount_per_yr)
    a, b = loops.offered(world), loops.offered(world, 3.0)
    assert (b < a).all()


# own funds of pacts


def test_own_funds_are_kept_drawn_and_given_back():
    cut, kept = (lived(name, 48) for name in ("animation-cut", "own-funds"))
    state = kept.local.funders
    assert state.put == pytest.approx(kept.pacts.capital.sum() + state.drawn + state.returned)
    row = kept.pacts.active[0]
    assert kept.pacts.fte[row] > cut.pacts.fte[cut.pacts.active[0]] + 0.1  # two years after the money stopped
    early = [lived(name, 4).pacts for name in ("animation-cut", "own-funds")]
    assert early[1].fte[early[1].active[0]] < early[0].fte[early[0].active[0]]
    kept.pacts.ended[:] = kept.tick
    give_back(kept)
    assert kept.pacts.capital.sum() == 0.0
    assert state.put == pytest.approx(state.drawn + state.returned)


# contracts and programmes


def test_a_contract_pays_by_the_targets_met_and_its_actions_cost_their_price():
    world = lived("territorial-contract", 10)
    state = world.local.funders
    assert (state.signed >= 0).any()
    i = int(np.flatnonzero(state.signed >= 0)[0])
    paid = world.finance.year[1, :, LINE["outside_funding"]]
    keur = 0.005 * world.people.population[i]
    assert paid[i] <= 0.8 * keur * (1 + 1e-3)
    assert paid[i] >= 0.8 * keur * (1.0 - 0.6) * (1 - 0.02)
    spent = -world.finance.year[1, i, LINE["programmes"]]
    assert spent >= (paid[i] + 0.2 * keur) * (1 - 0.01)
    assert (world.programmes[i] > lived("figeac-status-quo", 10).programmes[i]).any()


@pytest.mark.parametrize("floor", [0.0, 1.0])
def test_targets_out_of_reach_take_the_conditional_part_away(floor):
    target = [{"indicator": "firms_acting", "floor": floor}]
    world = lived("territorial-contract", 6, governance__payoff__territorial_contract__targets=target)
    state = world.local.funders
    signed = np.flatnonzero((state.signed >= 0) & (state.signed < 4))
    assert signed.size > 0
    expected = 0.8 * 0.005 * world.people.population * (1.0 if floor == 0.0 else 0.4)
    paid = world.finance.year[1, :, LINE["outside_funding"]]
    np.testing.assert_allclose(paid[signed], expected[signed], rtol=0.01)
    np.testing.assert_array_equal(state.met[signed], 1.0 if floor == 0.0 else 0.0)


def test_a_contract_pays_only_actions_that_serve_a_target():
    world = lived("territorial-contract", 1)
    keys = funders.serving(world, 0)
    assert "firm_support" in keys
    assert "housing_programme" in keys
    assert "eit_animation" not in keys


def test_a_contract_without_targets_is_refused():
    with pytest.raises(ScenarioError):
        load_scenario("figeac-status-quo", {"governance.payoff.territorial_contract.eur_per_head": 5.0})


def test_the_largest_wins_a_large_programme_and_pays_its_part():
    world = lived("large-programme", 2)
    state = world.local.funders
    assert len(state.grants) == 1
    last, i, keur = state.grants[0]
    assert (last, keur) == (20, 1000.0)
    assert world.finance.budget[i] == world.finance.budget.max()
    flows = world.finance.year[1, i]
    assert flows[LINE["outside_funding"]] == pytest.approx(1000.0)
    assert -flows[LINE["programmes"]] >= 1000.0 / 0.7 * (1 - 1e-9)


def test_members_of_a_pact_share_a_large_programme_and_nobody_wins_without_a_pact():
    alone = lived("large-programme-pacts", 2, society__pact_life__start_members=0)
    assert not alone.local.funders.grants
    world = lived("large-programme-pacts", 6, governance__payoff__large_programme__every_years=1)
    grants = world.local.funders.grants
    assert len({i for _, i, _ in grants}) == int(world.pacts.members[world.pacts.active[0]].sum())
    assert sum(keur for last, _, keur in grants if last == 24) == pytest.approx(1000.0)
