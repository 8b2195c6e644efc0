"""Relays: who serves whom, what the money enlists, what they and large clients bring; direct outreach saturates."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from coopsim.economy import kernels as ker
from coopsim.economy import relay_kernels, relays, transition
from coopsim.economy.relays import RelayParams
from coopsim.economy.transition import ALL, LARGE_ONLY, WITH_RELAYS, TransitionParams
from coopsim.model import CoopModel
from coopsim.rng import Purpose, birth_ids, entity_ids, stream_key, uniform
from coopsim.run import simulate
from coopsim.scenario import load_scenario, section_defaults
from coopsim.tables import CompanyTable
from tests.system.parts import sectors

P = RelayParams(**section_defaults("economy.relays"))
PLACES = entity_ids("territory", ("A", "B", "C"))


def companies(n=900, seed=0, acting=0.1):
    r = np.random.default_rng(seed)
    t = CompanyTable.empty(n)
    t.add(
        id=birth_ids(np.uint64(5), -1, np.arange(n)),
        territory=r.choice(3, n, p=[0.2, 0.7, 0.1]),
        sector=r.integers(0, 2, n),
        jobs=np.exp(r.normal(1.5, 1.3, n)),
        stage=np.where(r.random(n) < acting, 3, r.integers(0, 3, n)),
    )
    return t


KINDS = sectors(public=[False, True], local_purchase=[0.4, 0.2], export_share=[0.3, 0.0])


class TestFounding:
    def test_as_many_as_private_companies_keep_busy(self):
        c = companies()
        found = relays.founded(P, c, KINDS, PLACES, 50.0)
        private = np.bincount(c.territory[:900][c.sector[:900] == 0], minlength=3)
        assert_array_equal(found.count[0], np.ceil(private / P.clients_per_accountant))
        assert_array_equal(found.count[1], np.ceil(private / P.clients_per_banker))
        assert found.id.size == found.count.sum() == np.unique(found.id).size
        for kind in range(2):
            for i in range(3):
                rows = slice(found.first[kind, i], found.first[kind, i] + found.count[kind, i])
                assert (found.territory[rows] == i).all()

    def test_nobody_to_serve(self):
        found = relays.founded(P, CompanyTable.empty(4), KINDS, PLACES, 50.0)
        relays.enlist(P, found, np.full(3, 1e6), 0, 1)
        assert found.id.size == 0
        assert_array_equal(found.active_count(), 0.0)


class TestEnlisting:
    def found(self, **values):
        p = replace(P, clients_per_accountant=5.0, clients_per_banker=5.0, **values)
        return p, relays.founded(p, companies(), KINDS, PLACES, 50.0)

    @given(st.floats(0.0, 200.0), st.integers(0, 99))
    def test_never_more_than_the_money_pays(self, budget, seed):
        p, found = self.found(willing_share=1.0, turnover_per_yr=0.3)
        for year in range(3):
            relays.enlist(p, found, np.array([budget, 2 * budget, 0.0]), seed, 4 * year + 1)
            limit = np.floor(np.array([budget, 2 * budget, 0.0]) / p.cost_keur)
            assert (found.active_count() <= limit).all()

    def test_all_willing_none_leaving_all_paid(self):
        p, found = self.found(willing_share=1.0, turnover_per_yr=0.0)
        relays.enlist(p, found, np.full(3, 1e6), 0, 1)
        assert found.active.all()

    def test_active_ones_are_paid_before_others_are_approached(self):
        p, found = self.found(willing_share=1.0, turnover_per_yr=0.0)
        budget = np.array([0.0, 5.5 * p.cost_keur, 0.0])
        relays.enlist(p, found, budget, 3, 1)
        first = found.active.copy()
        assert first.sum() == 5
        relays.enlist(p, found, budget, 3, 5)
        assert_array_equal(found.active, first)

    def test_money_that_stops_ends_them(self):
        p, found = self.found(willing_share=1.0)
        relays.enlist(p, found, np.full(3, 1e6), 0, 1)
        relays.enlist(p, found, np.zeros(3), 0, 5)
        assert not found.active.any()

    def test_unwilling(self):
        p, found = self.found(willing_share=0.0)
        relays.enlist(p, found, np.full(3, 1e6), 0, 1)
        assert not found.active.any()


def talk(c, found, p, pull, steps=(0.3, 0.2, 0.1), tick=9, seed=4):
    n = c.used
    relay_kernels.relay_year(
        tick, stream_key(seed, Purpose.RELAY_TALK, tick), relays.client_keys(seed), np.array(steps),
        p.accountant_max_jobs, p.banker_min_jobs, found.first, found.count, found.active, pull, c.id[:n],
        c.territory[:n], c.sector[:n], c.jobs[:n], c.stage[:n], c.since[:n], c.alive[:n], ~KINDS.public,
    )  # fmt: skip


class TestTalking:
    @pytest.mark.parametrize("seed", range(4))
    def test_is_the_plain_rule(self, seed):
        """The compiled year against one company after the other, in plain words."""
        c = companies(400, seed)
        found = relays.founded(P, c, KINDS, PLACES, 50.0)
        found.active = uniform(seed, Purpose.RELAY, found.id, 0) < 0.6
        pull = np.random.default_rng(seed).uniform(0, 0.5, (3, 2))
        before = c.stage.copy()
        draws = uniform(seed, Purpose.RELAY_TALK, c.id, 9)
        own = [uniform(seed, Purpose.RELAY_CLIENT, c.id, 0, kind) for kind in range(2)]
        talk(c, found, P, pull, seed=seed)
        moved = 0
        for f in range(400):
            i, stage = c.territory[f], before[f]
            expected = stage
            if KINDS.public[c.sector[f]] == 0 and stage < 3:
                serving = []
                if c.jobs[f] < P.accountant_max_jobs and found.count[0, i]:
                    serving.append(found.active[found.first[0, i] + int(own[0][f] * found.count[0, i])])
                if c.jobs[f] >= P.banker_min_jobs and found.count[1, i]:
                    serving.append(found.active[found.first[1, i] + int(own[1][f] * found.count[1, i])])
                no_step = (1 - (0.3, 0.2, 0.1)[stage]) ** sum(serving) * (1 - pull[i, c.sector[f]])
                expected = stage + (draws[f] < 1 - no_step)
            assert c.stage[f] == expected
            assert c.since[f] == (9 if expected > stage else 0)
            moved += expected > stage
        assert moved > 20

    def test_without_relays_and_pull_nothing_moves(self):
        c = companies()
        found = relays.founded(P, c, KINDS, PLACES, 50.0)
        before = c.stage.copy()
        talk(c, found, P, np.zeros((3, 2)), steps=(1.0, 1.0, 1.0))
        assert_array_equal(c.stage, before)

    def test_an_accountant_keeps_its_clients(self):
        """The same client asks the same relay, whatever else is in the territory."""
        c = companies()
        found = relays.founded(P, c, KINDS, PLACES, 50.0)
        found.active[:] = True
        a, b = companies(), companies()
        talk(a, found, P, np.zeros((3, 2)))
        b.alive[::2] = False
        talk(b, found, P, np.zeros((3, 2)))
        assert_array_equal(a.stage[1::2], b.stage[1::2])

    def test_large_clients_count_by_what_they_buy_here(self):
        c = companies(acting=0.5)
        n, large = c.used, 20.0
        bought, acting = np.zeros(3), np.zeros(3)
        relay_kernels.large_clients(large, c.territory[:n], c.sector[:n], c.jobs[:n], c.stage[:n], c.alive[:n],
                             KINDS.local_purchase, bought, acting)  # fmt: skip
        spent = c.jobs * KINDS.local_purchase[c.sector]
        big = (c.jobs >= large) & (c.stage == 3)
        assert_allclose(bought, np.bincount(c.territory, spent, 3))
        assert_allclose(acting, np.bincount(c.territory[big], spent[big], 3))
        assert (acting > 0).any()


class TestDirectOutreach:
    T = TransitionParams(**section_defaults("economy.transition"))

    def test_defaults_reach_everybody_alike(self):
        out = transition.reach(self.T, np.array([0.0, 1.0]), np.full(2, ALL), np.full(2, 0.1), 0.5)
        rate = self.T.outreach_base_per_yr + np.array([0.0, self.T.outreach_programme_per_yr])
        assert_array_equal(out, 0.25 * np.column_stack([rate, rate]))

    def test_large_only_puts_the_same_places_on_fewer(self):
        out = 4 * transition.reach(self.T, np.ones(1), np.array([LARGE_ONLY]), np.array([0.1]), 0.5)[0]
        assert out[0] == pytest.approx(self.T.outreach_base_per_yr)
        places = 0.1 * (out[1] - self.T.outreach_base_per_yr)
        assert places == pytest.approx(self.T.outreach_programme_per_yr)

    def test_relays_take_their_part_of_the_programme(self):
        both, whole = (
            transition.reach(self.T, np.ones(1), np.array([kind]), np.array([0.1]), 0.4)
            for kind in (WITH_RELAYS, ALL)
        )
        base = 0.25 * self.T.outreach_base_per_yr
        assert_allclose(both - base, 0.6 * (whole - base))

    @pytest.mark.parametrize("radar", [0.0, 0.04, 0.5, 1.0])
    def test_direct_outreach_never_leaves_its_radar(self, radar):
        """Met with certainty again and again: the share reached is that of the radar, and stays there."""
        n = 20_000
        stage = np.zeros(n, np.int64)
        seen = []
        for tick in range(3):
            self.quarter(stage, tick, radar)
            seen.append((stage > 0).mean())
        assert seen[0] == seen[2] == pytest.approx(radar, abs=4 * np.sqrt(0.25 / n))

    def quarter(self, stage, tick, radar):
        n = stage.size
        par = np.zeros(ker.N_PARAMS)
        par[[ker.P_ASK, ker.P_CASH_MIN, ker.P_CASH_MAX, ker.P_LARGE_JOBS]] = 1e9, -1e9, 1e9, 50.0
        par[ker.P_RADAR_SMALL] = radar
        channels = np.zeros((1, ker.N_CHANNELS))
        channels[0, ker.C_SMALL] = 1.0
        one, zero = np.ones(1), np.zeros(n, np.int64)
        ker.company_quarter(
            tick, np.uint64(1), np.uint64(2), stream_key(0, Purpose.TRANSITION, tick),
            stream_key(0, Purpose.RADAR, 0), par, np.arange(n, dtype=np.uint64), zero, zero, np.full(n, 5.0),
            np.ones(n), np.zeros(n), np.zeros(n), np.zeros(n, np.bool_), zero, stage, np.zeros(n, np.int32),
            np.zeros(n, np.int8), np.ones(n, np.bool_), 60 * one, 54 * one, 0.1 * one, np.zeros((1, 1)), 0 * one, one,
            np.ones(1, np.bool_), one, np.ones((1, 1)), np.zeros((1, 1)), np.zeros((1, 1)), channels, np.zeros(n),
            np.zeros(n), np.zeros((1, 1)), np.zeros((1, ker.N_RESULTS)),
        )  # fmt: skip


def test_relays_reach_more_than_workshops_with_the_same_money():
    end = {}
    for name in ("relays-workshops", "relays-accountants"):
        run = simulate(load_scenario(name), seed=1, years=4)
        last = run.territories[run.territories["tick"] == run.territories["tick"].max()]
        end[name] = (last["firms_reached"].mean(), last["active_relays"].sum())
    assert end["relays-workshops"][1] == 0
    assert end["relays-accountants"][1] > 0
    assert end["relays-accountants"][0] > 2 * end["relays-workshops"][0]


def test_views_show_stage_form_and_partner():
    model = CoopModel(load_scenario("relays-all"), 0)
    for _ in range(6):
        model.step()
    w = model.world
    rows = w.companies.rows()
    aware = rows[w.companies.stage[rows] > 0]
    views = [model.company(int(row)) for row in aware[:5]]
    assert all(0 <= view.stage_tick <= 5 for view in views)
    assert {view.form for view in views} == {"conventional"}
    assert {view.partner for view in views} == {-1}
    model.release()
