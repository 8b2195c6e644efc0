"""Public purchases, levies and caps, contracts of reciprocity, and what attracts."""

import numpy as np
import pytest

from coopsim.economy import procurement as buy
from coopsim.economy.finance import LINE
from coopsim.economy.prices import answer
from coopsim.economy.procurement import ProcurementParams
from coopsim.economy.reciprocity import ReciprocityParams, giver_keeps
from coopsim.errors import ScenarioError
from coopsim.model import CoopModel
from coopsim.scenario import load_scenario
from coopsim.scenario.parameters import section_defaults
from coopsim.schedule.firms import incentives, procurement
from coopsim.schedule.moves import EFFECTS, carry_out, expectation
from coopsim.schedule.pacts import reciprocity
from coopsim.schedule.resources import levies
from coopsim.schedule.resources.pledges import given_up, in_force

P = ProcurementParams(**section_defaults("economy.procurement"))
R = ReciprocityParams(**section_defaults("economy.reciprocity"))


def model(name: str = "procurement-none", seed: int = 1, ticks: int = 1, **keys: object) -> CoopModel:
    changes = {key.replace("__", "."): value for key, value in keys.items()}
    out = CoopModel(load_scenario(name).but({**changes, "name": name}), seed, views=False)
    for _ in range(ticks):
        out.step()
    return out


# purchases


def test_the_observed_share_stays_at_home_and_nothing_is_bought_twice() -> None:
    base = buy.weights(P, np.array([100.0, 300.0]), np.array([[0.0, 30.0], [30.0, 0.0]]))
    usual = buy.shares(base, buy.outside_weight(P, base), np.ones((2, 2)), np.zeros(2))
    assert usual[1, 1] == pytest.approx(P.local_share_start)
    assert (usual.sum(axis=1) <= 1.0 + 1e-12).all()
    given = buy.shares(base, buy.outside_weight(P, base), np.ones((2, 2)), np.array([0.2, 0.0]))
    assert given[0].sum() <= 1.0
    assert given[0, 0] == pytest.approx(0.2 + 0.8 * usual[0, 0])
    np.testing.assert_allclose(given[1], usual[1])


def test_what_comes_home_leaves_others() -> None:
    world = model("procurement-alone").world
    flow = procurement.moved(world)
    buyer = world.places.code.index("200067361")
    assert flow[buyer, buyer] > 0.0
    assert (np.delete(flow[buyer], buyer) <= 1e-9).all()
    assert not np.delete(flow, buyer, axis=0).any()
    assert flow[buyer].sum() > 0.0  # the rest comes from outside the case


def test_companies_adjust_once_to_a_level_of_orders_and_buyers_pay_more() -> None:
    lived = model("procurement-alone", ticks=2, submodels__councils=False)
    plain = model("procurement-none", ticks=2, submodels__councils=False)
    world, buyer = lived.world, lived.world.places.code.index("200067361")
    assert world.local.purchased[buyer].sum() > 0.0
    line = LINE["services"]
    paid = plain.world.finance.year[:, buyer, line].sum() - world.finance.year[:, buyer, line].sum()
    assert paid > 0.0
    for _ in range(40):
        lived.step()
    target = procurement.moved(world).sum(axis=0)[buyer]
    assert world.local.purchased[buyer].sum() == pytest.approx(target, rel=0.1)


# levies and caps


def test_demand_answers_to_a_levy_and_the_levy_is_paid_to_the_intercommunalite() -> None:
    assert answer(np.array([0.0]), 4.0, 0.3)[0] == 1.0
    assert answer(np.array([4.0]), 4.0, 0.5)[0] == pytest.approx(2.0**-0.5)
    plain, taxed = model(ticks=4), model(ticks=4, governance__payoff__water_price__levy_eur_per_m3=1.0)
    a, b = plain.world, taxed.world
    assert (b.signals.water["needs"] < a.signals.water["needs"]).all()
    fees = (b.finance.year - a.finance.year)[3, :, LINE["fees"]]
    np.testing.assert_allclose(fees, 0.25 * b.signals.water["needs"] / 1000.0, rtol=0.01)
    cost = levies.water_cost(b)
    assert cost is not None
    assert (cost[:, b.sectors.public] == 0.0).all()


def test_a_cap_binds_what_it_says_and_leaves_drinking_water() -> None:
    world = model(governance__scope__water__abstraction_cap=0.5).world
    r = world.rivers
    drinking = np.ones(world.size)
    industry = (world.signals.posts_start * world.sectors.water[None, :]).sum(axis=1)
    irrigation = world.params.water.irrigation_m3_per_ha * r.irrigated
    less, dry = levies.capped(world, industry, irrigation)
    whole = industry + np.bincount(r.territory, weights=irrigation, minlength=world.size)
    kept = less + np.bincount(r.territory, weights=dry, minlength=world.size)
    np.testing.assert_allclose(kept, 0.5 * whole)
    assert levies.asked_under_levy(world, drinking, industry)[0] is drinking


def test_protected_forest_is_not_cut_and_a_levy_falls_on_conifer_alone() -> None:
    plain = model().world
    kept = model(governance__scope__wood__protected_share=0.4).world
    np.testing.assert_allclose(kept.wood.wanted, 0.6 * plain.wood.wanted)
    dear = model(governance__payoff__wood_price__levy_eur_per_m3=20.0).world
    conifer = plain.wood.group == 1
    assert (dear.wood.wanted[conifer] < plain.wood.wanted[conifer]).all()
    np.testing.assert_array_equal(dear.wood.wanted[~conifer], plain.wood.wanted[~conifer])


def test_buyers_served_first_at_home_import_no_more_where_the_wood_grows() -> None:
    plain = model().world
    first = model(governance__scope__wood__local_first=True).world
    assert np.abs(first.signals.wood["local_1"] - plain.signals.wood["local_1"]).max() > 1e-6


# reciprocity


def test_a_giver_stops_when_a_dry_year_costs_more_than_payment_penalty_and_what_is_ahead() -> None:
    assert giver_keeps(R, 100.0, 80.0, 100.0, 0.0, 5.0, 0.5)
    assert not giver_keeps(R, 200.0, 80.0, 100.0, 0.0, 5.0, 0.5)
    assert giver_keeps(R, 200.0, 80.0, 100.0, 100.0, 5.0, 0.0)
    # 3 years of patience × half the trust × 20 k€ of surplus
    assert giver_keeps(R, 130.0, 80.0, 100.0, 0.0, 5.0, 0.5)
    assert not giver_keeps(R, 131.0, 80.0, 100.0, 0.0, 5.0, 0.5)


OFFER = {"giver": "T02", "taker": "T01", "gives": "water", "share": 0.3, "keur_per_yr": 20.0, "years": 3}


def signed(**more: object) -> CoopModel:
    """Return a world in which farmers lose little, so that the city signs."""
    lived = model(
        "hinterland-reciprocity",
        0,
        1,
        economy__reciprocity__irrigation_keur_per_ha=0.005,
        governance__payoff__reciprocity__offers=[{**OFFER, **more}],
        society__ties__trust_start=1.0,
    )
    while not lived.world.local.contracts:
        lived.step()
    return lived


def test_both_councils_sign_the_city_pays_and_water_stays_in_the_river() -> None:
    world = signed(keur_per_yr=8.0).world
    lines = [line for line in world.journal if line["kind"] == "contract"]
    assert lines[-1]["outcome"] == "signed"
    assert lines[-1]["members"] == "T02;T01"
    forgone = given_up(world)
    assert forgone is not None
    np.testing.assert_allclose(forgone, [0.0, 0.3, 0.0, 0.0])
    np.testing.assert_allclose(in_force(world), [1.0, 1.0, 0.0, 0.0])
    gain = reciprocity.water_gain(world, world.local.contracts[0].offer)
    assert gain[0] > 0.0


def test_a_contract_without_penalty_breaks_where_the_year_is_dear_and_trust_falls() -> None:
    lived = signed(keur_per_yr=8.0)
    world = lived.world
    before = float(world.ties.trust[1, 0])
    contract = world.local.contracts[-1]
    world.rivers.irrigated = world.rivers.irrigated * 100.0
    while contract.ended < 0:
        lived.step()
    assert contract.broken
    assert float(world.ties.trust[1, 0]) < before
    assert given_up(world) is None
    assert world.finance.outside[list(_counterparts()).index("territories")] == pytest.approx(0.0, abs=1e-6)


def _counterparts() -> tuple[str, ...]:
    from coopsim.economy.finance import COUNTERPARTS

    return COUNTERPARTS


def test_an_unknown_side_is_refused_with_the_nearest_code() -> None:
    with pytest.raises(ScenarioError, match="T01"):
        load_scenario("hinterland").but({"governance.payoff.reciprocity.offers": [{**OFFER, "taker": "T0l"}]})


# what attracts


def test_levels_pull_newcomers_as_far_as_they_are_raised() -> None:
    world = model("hinterland-attractiveness").world
    assert not np.any(incentives.newcomer_pull(world))
    for key in ("prospecting", "tax_exemption", "residential_programme", "cluster_subsidy"):
        e = expectation(world, key)
        assert (e.cost[:, 0] > 0.0).all(), key
        carry_out(world, 1, key)
        assert world.programme(key)[1] > 0.0
        assert not np.delete(world.programme(key), 1).any()
    pull = incentives.newcomer_pull(world)
    assert pull[1] > 0.0
    assert not np.delete(pull, 1).any()
    assert incentives.residential_pull(world)[1] > 0.0
    assert incentives.cluster_drift(world)[1].sum() >= 0.0


def test_an_exemption_is_paid_year_after_year_and_ends() -> None:
    lived = model("hinterland-attractiveness", submodels__councils=False)
    world = lived.world
    world.finance.subsidy[:] = 0.0
    world.local.exempt.append((world.tick + 8, np.array([0.0, 50.0, 0.0, 0.0])))
    lived.step()
    tax = 0.01 * world.finance.tax_pct[1] * world.params.siting.base_keur_per_job
    assert -world.finance.year[(world.tick - 1) % 4, 1, LINE["subsidies"]] == pytest.approx(0.25 * 50.0 * tax)
    for _ in range(8):
        lived.step()
    assert not world.local.exempt


def test_one_candidate_wins_all_have_paid() -> None:
    lived = model(
        "hinterland-attractiveness", submodels__councils=False, economy__moves__flagship_every_years=1.0
    )
    world = lived.world
    for i in range(4):
        assert EFFECTS["flagship_bid"].possible(world)[i]
        carry_out(world, i, "flagship_bid")
    assert not EFFECTS["flagship_bid"].possible(world).any()
    for _ in range(4):
        lived.step()
    assert world.local.flagship.sum() == 1.0
    assert not world.local.bids.any()
    winner = int(np.argmax(world.local.flagship))
    assert world.finance.marketing[winner] >= world.params.local.moves.flagship_image


def test_a_share_of_aided_companies_comes_convinced_and_values_the_aid_less() -> None:
    keys = {
        "submodels__councils": False,
        "governance__payoff__subsidy__min": 3.0,
        "economy__siting__projects_per_yr": 60.0,
    }
    plain = model("figeac-attractiveness", 3, 6, **keys).world
    bound = model(
        "figeac-attractiveness", 3, 6, **keys, governance__payoff__subsidy__conditionality=1.0
    ).world
    cost = bound.params.local.moves.compliance_cost_share
    np.testing.assert_allclose(incentives.aid_worth(bound), 1.0 - cost)
    for world, least in ((plain, 0), (bound, 2)):
        c, rows = world.companies, world.companies.rows()
        came = rows[c.external[rows] & (c.birth[rows] == world.tick - 1)]
        assert came.size
        assert c.stage[came].min() == least


def test_a_modulated_tax_is_not_asked_of_companies_in_transition_and_more_of_them_act() -> None:
    keys = {"submodels__councils": False, "governance__payoff__subsidy": {"min": 0.0, "max": 0.0}}
    plain = model("ebe-none", 2, 20, **keys)
    cut = model("ebe-none", 2, 20, **keys, governance__payoff__tax_modulation=1.0)
    a, b = plain.world, cut.world
    spared = incentives.modulated_tax(b)
    assert spared is not None
    private = b.signals.acting[:, ~b.sectors.public].sum(axis=1)
    paid = -b.finance.year[(b.tick - 1) % 4, :, LINE["subsidies"]]
    np.testing.assert_allclose(paid, 0.25 * spared * private, rtol=0.05)
    assert b.signals.acting.sum() > a.signals.acting.sum()
