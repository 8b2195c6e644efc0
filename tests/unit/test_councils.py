"""Councils: what a seat's utility is made of, drafts, tallies, the menu, and the effects of moves."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from coopsim.economy.finance import LINE
from coopsim.resources.land import Use
from coopsim.schedule.councils import phase
from coopsim.schedule.moves import carry_out, possible
from coopsim.schedule.moves.effect import EFFECTS
from coopsim.society import councils as soc
from coopsim.society.councils import Chance, CouncilParams, Expectations
from coopsim.society.elections import Councils
from coopsim.society.moves import CANDIDATES, INDEX
from coopsim.world import founded
from tests.system.parts import params, small

FIRST_MENU = {"rates", "works", "pact"}


def seats(*ideals, territory=None) -> Councils:
    n = len(ideals)
    zero = np.zeros(n, np.int64)
    territory = zero if territory is None else np.array(territory)
    size = int(territory.max()) + 1
    return Councils(
        seat_id=np.arange(n, dtype=np.uint64), territory=territory, commune=territory.copy(), party=zero, rank=zero,
        ideal=np.array(ideals, float), reelected=np.zeros(n, np.bool_), votes=np.zeros((size, 3)),
        municipal=np.zeros((size, 3), np.int64), winner=np.zeros(size, np.int64), rounds=np.ones(size, np.int64),
        alternation=np.zeros(size, np.bool_),
        executive=np.array([int(np.flatnonzero(territory == i)[0]) for i in range(size)]),
        changed=np.zeros(size, np.bool_),
    )  # fmt: skip


def utility(
    s, p=None, competence=1.0, money=1.0, unemployment=None, salience=0.0, perception=1.0, chance=0.0, **e
):
    p = p or params(CouncilParams)
    n, t = s.territory.size, s.executive.size
    expected = Expectations.zeros(t, 1)
    for name, value in e.items():
        getattr(expected, name)[:] = value
    draws = Chance(*(np.full((n, 1), x) for x in (np.broadcast_to(chance, 3))))
    one = np.ones(t)
    u = p.unemployment_reference if unemployment is None else unemployment
    out = soc.seat_utility(
        p, s, np.full(n, competence), expected, u * one, salience * one, money * one, perception * one, draws
    )
    return out[:, 0]


class TestUtility:
    def test_each_term(self):
        """Growth wants jobs, sobriety wants resources, autonomy dislikes ceding, the short run likes to be seen."""
        p = params(CouncilParams)
        s = seats((0.8, 0.3, 0.6))
        assert_allclose(utility(s, jobs=1.0), 2 * p.weight_jobs * 0.8)
        assert_allclose(utility(s, resources=1.0), 8 * p.weight_resources * 0.2)
        assert_allclose(
            utility(s, resources=1.0, salience=0.5, perception=0.4), 8 * p.weight_resources * 0.2 * 1.5 * 0.4
        )
        assert_allclose(utility(s, social=1.0), p.weight_social)
        assert_allclose(utility(s, revenue=1.0, money=0.7), 0.7)
        assert_allclose(utility(s, cost=1.0, money=0.7), -0.7 * (1 + p.cost_bias))
        assert_allclose(utility(s, visible=1.0), p.weight_visible * 1.4)
        assert_allclose(utility(s, ceded=1.0), -2 * p.weight_power * 0.7)
        assert_allclose(utility(s), 0.0, atol=1e-12)

    def test_unemployment_makes_jobs_dear(self):
        p = params(CouncilParams)
        s = seats((0.5, 0.5, 0.5))
        more = utility(s, jobs=1.0, unemployment=p.unemployment_reference + 0.1)
        assert_allclose(more, utility(s, jobs=1.0) * 1.3)

    def test_what_comes_late_is_discounted_more_by_the_short_sighted(self):
        p = params(CouncilParams)
        near, far = seats((0.5, 0.5, 0.0)), seats((0.5, 0.5, 1.0))
        assert_allclose(
            utility(near, jobs=1.0, delay=2.0),
            p.weight_jobs * np.exp(-2 * (p.discount_base + p.discount_myopia)),
        )
        assert_allclose(utility(far, jobs=1.0, delay=2.0), p.weight_jobs * np.exp(-2 * p.discount_base))

    def test_errors_fall_with_competence_and_have_mean_one(self):
        p = params(CouncilParams)
        s = seats((0.5, 0.5, 0.5))
        able = utility(s, jobs=1.0, competence=1.0, chance=(2.0, 0.0, 0.0))
        assert_allclose(able, p.weight_jobs)
        sd = p.expectation_error * 0.5
        half = utility(s, jobs=1.0, competence=0.5, chance=(2.0, 0.0, 0.0))
        assert_allclose(half, p.weight_jobs * np.exp(2 * sd - sd**2 / 2))
        z = (np.arange(20_000) + 0.5) / 20_000
        from scipy.stats import norm

        mean = np.mean(np.exp(sd * norm.ppf(z) - sd**2 / 2))
        assert mean == pytest.approx(1.0, abs=1e-3)

    def test_noise_is_added(self):
        p = params(CouncilParams)
        assert_allclose(
            utility(seats((0.5, 0.5, 0.5)), chance=(0.0, 1.0, 1.0)), p.vote_noise + p.context_noise
        )

    def test_money_weighs_more_in_need(self):
        p = params(CouncilParams)
        one = np.ones(3)
        out = soc.money_weight(p, np.array([-1.0, 0.0, 2.0]), 0 * one, one)
        assert out[0] < out[1] < out[2]
        assert out[1] == pytest.approx(p.finance_weight_base + p.finance_weight_need / 2)
        assert p.finance_weight_base < out[0]
        assert out[2] < p.finance_weight_base + p.finance_weight_need


class TestDrafts:
    @given(st.lists(st.floats(-3.0, 3.0), min_size=5, max_size=5), st.lists(st.booleans(), min_size=5, max_size=5),
           st.integers(0, 6))  # fmt: skip
    def test_the_best_allowed_above_the_threshold(self, wish, allowed, slots):
        p = params(CouncilParams, draft_threshold=0.0)
        s = seats((0.5, 0.5, 0.5))
        wish, allowed = np.array([wish]), np.array([allowed])
        out = soc.drafted(p, s, wish, allowed, np.array([slots]))[0]
        assert out.sum() <= slots
        assert not out[~allowed[0]].any()
        assert not out[wish[0] <= 0.0].any()
        left = allowed[0] & (wish[0] > 0.0) & ~out
        if left.any():
            assert out.sum() == slots
            assert out.sum() == 0 or wish[0][left].max() <= wish[0][out].min()

    def test_the_president_drafts(self):
        s = replace(seats((0.5, 0.5, 0.5), (0.5, 0.5, 0.5)), executive=np.array([1]))
        u = np.array([[5.0, -5.0], [-5.0, 5.0]])
        out = soc.drafted(params(CouncilParams), s, u, np.ones((1, 2), np.bool_), np.array([2]))
        assert_array_equal(out, [[False, True]])

    def test_tally(self):
        s = seats((0, 0, 0), (0, 0, 0), (0, 0, 0), territory=[0, 0, 1])
        yes = np.array([[True, False], [True, True], [False, True]])
        favour, against = soc.tally(s, yes, 2)
        assert_array_equal(favour, [[2, 1], [0, 1]])
        assert_array_equal(against, [[0, 1], [1, 0]])


def test_perception_approaches_the_truth():
    p = params(CouncilParams, uptake_per_yr=0.5)
    seen = soc.perceive(p, np.zeros((2, 2)), np.full((2, 2), 0.8), np.array([1.0, 0.0]))
    assert_allclose(seen, [[0.4, 0.4], [0.0, 0.0]])


@pytest.fixture
def world():
    return founded(small({"governance.payoff.subsidy.max": 10.0}), 0)


class TestMenu:
    def test_rules_forbid(self):
        for move in {c.move for c in CANDIDATES}:
            w = founded(small({f"governance.choice.moves.{move}.allowed": False}), 0)
            barred = [m for m, c in enumerate(CANDIDATES) if c.move == move]
            assert not possible(w)[:, barred].any()

    def test_bounds(self, world):
        f = world.finance
        f.subsidy[:] = [0.0, 10.0, 5.0]
        f.tax_pct[:] = [world.rules.tax_low[0], world.rules.tax_high[1], 25.0]
        menu = possible(world)
        assert_array_equal(menu[:, INDEX["subsidy_up"]], [True, False, True])
        assert_array_equal(menu[:, INDEX["subsidy_down"]], [False, True, True])
        assert_array_equal(menu[:, INDEX["tax_down"]], [False, True, True])
        assert_array_equal(menu[:, INDEX["tax_up"]], [True, False, True])

    def test_a_council_in_debt_that_loses_money_may_not_spend(self, world):
        f = world.finance
        f.year[:, :, LINE["services"]] = -1e6
        f.debt[:] = [0.0, 10.0, 10.0] * f.budget
        menu = possible(world)
        spends = [m for m, c in enumerate(CANDIDATES) if c.payer == "council"]
        assert menu[0, spends].any()
        assert not menu[1:, spends].any()
        assert menu[1, INDEX["tax_up"]]

    def test_a_pact_needs_somebody_to_make_it_with(self):
        w = founded(small(), 0)
        assert possible(w)[:, INDEX["propose_pact"]].all()
        w.ties.adjacent[:] = False
        assert not possible(w)[:, INDEX["propose_pact"]].any()

    def test_one_pact_at_a_time(self, world):
        world.pacts.found(
            np.uint64(1), np.array([True, True, False]), np.ones(6, np.bool_), 0, 0, world.signals.cfe
        )
        assert_array_equal(possible(world)[:, INDEX["propose_pact"]], [False, False, True])


class TestEffects:
    """Each move changes what it names, and somebody pays."""

    def applied(self, world, key, i=1):
        before = {
            "tax": world.finance.tax_pct.copy(), "subsidy": world.finance.subsidy.copy(),
            "marketing": world.finance.marketing.copy(), "wish": world.land.wish.copy(),
            "brownfield": world.land.uses[:, Use.BROWNFIELD].copy(), "grouping": world.wood.grouping.copy(),
            "programmes": world.programmes.copy(),
        }  # fmt: skip
        carry_out(world, i, key)
        after = {
            "tax": world.finance.tax_pct, "subsidy": world.finance.subsidy, "marketing": world.finance.marketing,
            "wish": world.land.wish, "brownfield": world.land.uses[:, Use.BROWNFIELD],
            "grouping": world.wood.grouping, "programmes": world.programmes,
        }  # fmt: skip
        return {name: after[name] - old for name, old in before.items()}

    @pytest.mark.parametrize(
        ("key", "what", "sign", "line"),
        [
            ("tax_up", "tax", 1, None), ("tax_down", "tax", -1, None), ("subsidy_up", "subsidy", 1, None),
            ("subsidy_down", "subsidy", -1, None), ("marketing", "marketing", 1, "marketing"),
            ("open_land", "wish", 1, None), ("recycle_brownfield", "brownfield", -1, "remediation"),
            ("wood_mobilisation", "grouping", 1, "programmes"), ("firm_support", "programmes", 1, "programmes"),
            ("eit_animation", "programmes", 1, "programmes"), ("housing_programme", "programmes", 1, "programmes"),
        ],
    )  # fmt: skip
    def test_one_move(self, world, key, what, sign, line):
        world.finance.subsidy[:] = 5.0
        world.land.uses[:, Use.NAF] -= 20.0
        world.land.uses[:, Use.BROWNFIELD] += 20.0
        change = self.applied(world, key)
        mine = change.pop(what)
        assert (sign * mine).max() > 0
        assert all(not np.any(other) for other in change.values())
        if mine.shape[0] == world.size:
            assert not np.any(mine[[0, 2]])
        flows = world.finance.flows
        if line is None:
            assert not flows.any()
        else:
            assert flows[1, LINE[line]] < 0
            flows[1, LINE[line]] = 0.0
            assert not flows.any()

    def test_every_move_of_the_first_menu_is_tested_or_a_pact(self):
        """Later moves bring their own tests with the module of their behaviour."""
        first = {key for key, x in EFFECTS.items() if type(x).__module__.rpartition(".")[2] in FIRST_MENU}
        assert first == {"tax_up", "tax_down", "subsidy_up", "subsidy_down", "marketing", "open_land",
                         "recycle_brownfield", "wood_mobilisation", "propose_pact"}  # fmt: skip

    def test_a_move_waits_for_its_time(self, world):
        phase.adopt(world, 1, INDEX["subsidy_up"])
        phase.apply_due(world)
        assert world.finance.subsidy[1] == 0.0
        world.tick += int(world.rules.delay[1])
        phase.apply_due(world)
        assert world.finance.subsidy[1] > 0.0
        assert world.pending == []

    def test_moves_stay_within_bounds(self, world):
        for _ in range(40):
            for key in ("subsidy_up", "tax_up"):
                carry_out(world, 0, key)
            for key in ("subsidy_down", "tax_down"):
                carry_out(world, 2, key)
        assert world.finance.subsidy[0] == 10.0
        assert world.finance.subsidy[2] == 0.0
        assert world.finance.tax_pct[0] == min(world.rules.tax_high[0], world.params.finance.tax_ceiling_pct)
        assert world.finance.tax_pct[2] == world.rules.tax_low[2]
