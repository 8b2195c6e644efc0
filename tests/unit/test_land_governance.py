"""The last parcels, the pooled guarantee, density, protection, zones managed in common: what each rule changes."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from coopsim.economy import siting_zones as zone
from coopsim.economy.finance import LINE
from coopsim.economy.siting_zones import ZoneParams
from coopsim.errors import ScenarioError
from coopsim.governance.land_opening import LAND, LandContext
from coopsim.governance.land_services import shared_needs
from coopsim.resources.land import Use
from coopsim.run import simulate
from coopsim.scenario import load_scenario, section_defaults
from coopsim.schedule.land import ground, zones
from coopsim.schedule.land import rights as land_rights
from coopsim.schedule.moves import carry_out, expectation
from coopsim.society.moves import PROGRAMMES
from coopsim.world import founded
from tests.system.invariants import live
from tests.system.parts import small

ZONES = ZoneParams(**section_defaults("economy.zones"))


def table(**pairs):
    names = ("economy", "housing", "energy", "mobility")
    out = np.zeros((1, 4, 4))
    for pair, value in pairs.items():
        a, b = (names.index(name) for name in pair.split("_"))
        out[0, a, b] = out[0, b, a] = value
    return out


def asks(economy=0.0, housing=0.0, other=0.0, room=np.inf, synergy=None, energy=0.0, naf=1000.0):
    return LandContext(
        asked=np.array([[economy, housing, other]]), naf=np.array([naf]), brownfield=np.zeros(1),
        envelope=np.array([room]), consumed=np.zeros(1), pact=np.full(1, -1),
        brownfield_first=np.zeros(1, np.bool_), synergy=synergy, energy_share=np.array([energy]),
    )  # fmt: skip


class TestGrid:
    def test_two_uses_on_one_plot_spare_the_land_of_the_partner(self):
        got = LAND.build({"rule": "grid", "coordinator": 1.0}).opening(
            asks(4.0, 3.0, synergy=table(economy_housing=0.2))
        )
        assert_allclose(got.saved, [[0.0, 0.6, 0.0]])
        assert_allclose(got.naf, [[4.0, 2.4, 0.0]])

    def test_the_strongest_synergy_comes_first_and_each_hectare_is_matched_once(self):
        synergy = table(economy_mobility=0.4, economy_housing=0.1, housing_mobility=0.2)
        saved = shared_needs(asks(2.0, 5.0, 3.0, synergy=synergy))
        # mobility 2 with the economy, 1 with housing; two partners share what is saved
        assert_allclose(saved, [[0.0, 0.1, 0.8 + 0.1]])

    def test_what_disturbs_is_kept_apart(self):
        assert not shared_needs(asks(2.0, 5.0, synergy=table(economy_housing=-0.3))).any()

    def test_energy_is_its_part_of_other_uses(self):
        saved = shared_needs(asks(9.0, 0.0, 10.0, synergy=table(economy_energy=0.5), energy=0.2))
        assert_allclose(saved, [[0.0, 0.0, 1.0]])

    def test_a_coordinator_without_power_makes_no_match(self):
        context = asks(4.0, 3.0, 2.0, room=5.0, synergy=table(economy_housing=0.5))
        idle, cap = LAND.build({"rule": "grid", "coordinator": 0.0}).opening(context), LAND.build("cap")
        assert_allclose(idle.naf, cap.opening(context).naf)
        assert not idle.saved.any()

    def test_scarce_room_cuts_what_is_shared_too(self):
        got = LAND.build({"rule": "grid", "coordinator": 1.0}).opening(
            asks(4.0, 4.0, room=3.6, synergy=table(economy_housing=0.2))
        )
        assert got.naf.sum() == pytest.approx(3.6)
        assert_allclose(got.saved, [[0.0, 0.4, 0.0]])

    def test_the_strongest_service_leaves_what_it_does_not_want(self):
        got = LAND.build("services").opening(asks(4.0, 3.0, 2.0, room=5.0))
        assert_allclose(got.naf, [[4.0, 1.0, 0.0]])
        rule = {"rule": "services", "order": ["housing"]}
        assert_allclose(LAND.build(rule).opening(asks(4.0, 3.0, 2.0, room=5.0)).naf, [[2.0, 3.0, 0.0]])

    @pytest.mark.parametrize(
        "rule", [{"rule": "grid", "coordinator": 1.5}, {"rule": "services", "order": ["hospital"]}]
    )
    def test_bad_parameters_are_refused(self, rule):
        with pytest.raises(ScenarioError):
            load_scenario("last-parcels", {"governance.scope.land.opening": rule})

    def test_requests_wait_for_the_next_meeting_and_meetings_are_paid(self):
        spec = small({"governance.scope.land.opening": "grid", "resources.land.grid_rounds": 4})
        world = founded(spec, 0)
        for tick in range(8):
            world.tick = tick
            before = world.land.taken.sum()
            ground.land_phase(world)
            assert (world.land.taken.sum() > before) == (tick % 4 == 0)
            assert world.land.held.any() == (tick % 4 != 0)
        paid = -world.finance.flows[:, LINE["animation"]]
        assert_allclose(paid, 8 * 0.25 * world.params.land.grid_keur)

    def test_on_the_same_land_the_grid_meets_more_needs(self):
        changes = {"record.journal": False}
        runs = {
            name: simulate(load_scenario(name, changes), seed=4, years=6).territories.iloc[-10:]
            for name in ("last-parcels-services", "last-parcels")
        }
        ratio = {name: run["land_needs_per_ha"].to_numpy() for name, run in runs.items()}
        assert_allclose(ratio["last-parcels-services"], 1.0)
        assert (ratio["last-parcels"] > 1.0).all()


class TestGuarantee:
    def test_a_commune_that_keeps_its_hectare_strands_it(self):
        world = founded(load_scenario("last-parcels-guarantee"), 0)
        ground.land_phase(world)
        total = ground.period_envelope(world)
        wanted = total.copy()
        kept = land_rights.usable(world, total, 1.0, wanted)
        assert (kept <= total + 1e-9).all()
        assert (kept < 0.99 * total).any()
        pooled = founded(load_scenario("last-parcels-services"), 0)
        ground.land_phase(pooled)
        assert_allclose(land_rights.usable(pooled, total, 1.0, wanted), total)

    def test_unused_guarantees_serve_partners_and_are_counted_once(self):
        spec = load_scenario(
            "figeac-status-quo",
            {"governance.scope.land.pool_guarantee": "pact", "governance.scope.land.consumption_cap_share": 0.05,
             "governance.boundary.pacts_allowed": ["land"]},
        )  # fmt: skip
        world = founded(spec, 0)
        ground.land_phase(world)
        members = np.arange(world.size) < 3
        scopes = np.array([False, False, True, False, False, False])
        world.pacts.found(np.uint64(1), members, scopes, 0, 0, np.zeros(world.size))
        total = np.full(world.size, 10.0)
        wanted = np.where(np.arange(world.size) == 0, 14.0, 2.0)
        out = land_rights.usable(world, total, 1.0, wanted)
        assert out[0] == pytest.approx(14.0)
        assert out[:3].sum() == pytest.approx(30.0)
        assert_allclose(out[3:], 10.0)
        assert world.land.lent.sum() == pytest.approx(0.0)

    def test_without_a_pact_nothing_is_lent(self):
        world = live(
            load_scenario("figeac-status-quo", {"governance.scope.land.pool_guarantee": "pact"}), 1, 8
        ).world
        assert not world.land.lent.any()


class TestDensityAndProtection:
    def test_denser_dwellings_take_less_land_and_a_few_fewer_are_built(self):
        free = {"governance.scope.land.opening": "race"}
        usual = founded(load_scenario("zone-commons-sale", free), 0)
        dense = founded(
            load_scenario("zone-commons-sale", free | {"governance.scope.land.density_min": 60.0}), 0
        )
        for world in (usual, dense):
            ground.land_phase(world)
            assert (world.land.consumed[:, 1] > 0.0).all()
        factor = 60.0 / usual.params.people.dwellings_per_ha
        taken = [w.land.consumed[:, 1] for w in (usual, dense)]
        assert_allclose(taken[1], taken[0] * factor ** -(1 + usual.params.land.dense_demand_elasticity))
        assert_allclose(
            dense.signals.built, usual.signals.built * factor**-usual.params.land.dense_demand_elasticity
        )

    def test_protected_land_is_never_opened_and_costs_its_upkeep(self):
        world = live(small({"governance.scope.land.protected_share": 0.4}), 0, 8).world
        assert (world.land.uses[:, Use.PROTECTED] >= 0.4 * world.places.area - 1e-6).all()
        assert (world.land.shielded > 0.0).all()


class TestZones:
    @given(st.integers(0, 200))
    def test_nobody_signs_at_a_loss_and_money_adds_up(self, seed):
        rng = np.random.default_rng(seed)
        where, jobs = rng.integers(0, 3, 60), rng.lognormal(2, 1, 60)
        saving = zone.saving_per_job(ZONES, jobs, rng.random(60))
        cost = rng.uniform(5.0, 60.0, 3)
        signs, share, net = zone.signatories(where, jobs, saving, cost, np.array([True, True, False]))
        every = np.bincount(where, jobs, 3)
        inside = np.bincount(where, jobs * signs, 3)
        assert_allclose(share, inside / every)
        assert not signs[where == 2].any()
        fee = cost / np.maximum(inside, 1e-12)
        assert (saving[signs] * share[where][signs] > fee[where][signs]).all()
        gained = np.bincount(where, jobs * signs * saving, 3) * share - cost * (inside > 0)
        assert_allclose(net * every, gained, atol=1e-9)
        assert (net >= -1e-12).all()

    def test_a_charter_that_costs_more_than_it_spares_finds_nobody(self):
        where, jobs = np.zeros(5, int), np.full(5, 10.0)
        signs, share, net = zone.signatories(where, jobs, np.full(5, 0.1), np.array([50.0]), np.ones(1, bool))
        assert not signs.any()
        assert share[0] == net[0] == 0.0

    def test_large_companies_have_less_to_share(self):
        saved = zone.saving_per_job(ZONES, np.array([5.0, 50.0, 500.0]), np.full(3, 0.5))
        assert (np.diff(saved) < 0).all()
        assert saved[1] == pytest.approx(ZONES.saving_keur / 2)

    def test_a_charter_needs_its_majority(self):
        for majority, holds in ((0.0, True), (1.0, False)):
            spec = load_scenario("zone-commons-charter", {"governance.position.zone_majority": majority})
            world = founded(spec, 0)
            zones.zones_year(world)
            assert world.zones.share.any() == holds

    def test_shared_plots_spare_land_and_the_epci_pays_its_own(self):
        world = founded(load_scenario("zone-commons-epci"), 0)
        before = ground.density(world)
        zones.zones_year(world)
        assert_allclose(ground.density(world), before * (1.0 - ZONES.land_saving * ZONES.epci_take_up))
        assert_allclose(-world.finance.flows[:, LINE["animation"]], world.zones.cost)
        assert (world.zones.cost > 0.0).all()

    def test_public_plots_go_to_the_uses_they_are_kept_for(self):
        spec = load_scenario("zone-commons", {"governance.scope.land.public_land_priority": 400.0})
        world = founded(spec, 0)
        g = world.land
        public, vacant = g.public.copy(), g.uses[:, Use.VACANT].copy()
        some = 0.5 * np.minimum(public, vacant - public)
        ground.occupy(world, some, np.zeros(world.size))
        assert_allclose(g.public, public)
        ground.occupy(world, some, some)
        assert_allclose(g.public, public - some)


class TestMoves:
    def test_a_land_company_buys_private_plots_at_their_price(self):
        world = founded(small(), 0)
        private = world.land.uses[:, Use.VACANT] - world.land.public
        price = ground.price(world)
        carry_out(world, 1, "fonciere")
        bought = world.params.zones.land_company_share * private[1]
        assert world.land.uses[1, Use.VACANT] - world.land.public[1] == pytest.approx(private[1] - bought)
        assert_allclose(world.finance.flows[:, LINE["land_development"]], [0.0, -bought * price[1], 0.0])

    @pytest.mark.parametrize("key", ["share_zone", "temporary_use"])
    def test_a_programme_is_paid_by_who_decides_and_fades_like_the_others(self, key):
        world = founded(small(), 0)
        carry_out(world, 2, key)
        level = world.programmes[:, PROGRAMMES.index(key)]
        assert_allclose(level, [0.0, 0.0, world.params.councils.programme_step])
        spent = world.finance.flows[:, LINE["programmes"]]
        assert spent[2] < 0.0
        assert not spent[:2].any()
        assert (expectation(world, key).cost >= 0.0).all()

    def test_temporary_use_brings_brownfield_back(self):
        world = founded(load_scenario("figeac-status-quo"), 0)
        alone = ground._brownfield_return(world)
        world.programmes[0, PROGRAMMES.index("temporary_use")] = 0.5
        lent = ground._brownfield_return(world)
        assert lent[0] == pytest.approx(alone + 0.5 * world.params.zones.temporary_return)
        assert_allclose(lent[1:], alone)

    def test_helped_zones_share_without_a_manager(self):
        world = founded(load_scenario("figeac-status-quo"), 0)
        world.programmes[3, PROGRAMMES.index("share_zone")] = 0.5
        zones.zones_year(world)
        assert world.zones.share[3] == pytest.approx(0.5 * ZONES.epci_take_up)
        assert not np.delete(world.zones.share, 3).any()


def test_provisions_restore_the_plots_of_those_who_leave():
    bare = live(load_scenario("siting-pathway-criteria"), 1, 60).world
    kept = live(
        load_scenario("siting-pathway-criteria", {"governance.payoff.remediation_provision": 2000.0}), 1, 60
    ).world
    assert not bare.land.provisioned.any()
    assert (kept.land.provisioned > 0.0).any()
    # half of the owned plots are covered: brownfield from them is half of what it would be
    world = founded(small(), 0)
    rows = world.companies.rows()
    world.companies.owned[rows] = True
    held = np.bincount(world.companies.territory[rows], world.companies.land[rows], 3)
    leaving = 0.1 * held
    world.land.provisioned = 0.5 * (held + leaving)
    before = world.land.uses[:, Use.BROWNFIELD].copy()
    world.params = replace(world.params, land=replace(world.params.land, resold_share=0.4))
    ground._leave(world, np.zeros(3), leaving)
    assert_allclose(world.land.uses[:, Use.BROWNFIELD] - before, 0.6 * 0.5 * leaving)
