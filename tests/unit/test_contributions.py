"""Voluntary contributions to a pact: what councils give, what it pays for, who is fined."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from coopsim.economy.finance import LINE
from coopsim.model import CoopModel
from coopsim.schedule.finance import phase as public
from coopsim.society.contributions import contributions, deterred
from coopsim.society.pacts import PactParams, efficiency
from tests.system.invariants import live
from tests.system.parts import params, small
from tests.system.random_scenarios import scenarios

share = st.floats(0.0, 1.0)
NO_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)  # a world takes seconds
VOLUNTARY = {
    "governance.payoff.pact_contribution": "voluntary",
    "governance.choice.moves.propose_pact.allowed": False,
    "governance.choice.moves.leave_pact.allowed": False,
    "governance.payoff.animation_funding.fte_per_pact": 0.5,
    "society.pacts.conditional_share": 0.6,
    "society.pacts.self_serving_bias": 0.2,
    "society.pacts.start_contribution": 0.5,
}
IN = np.ones(3, np.bool_)


def behaviour(**changes):
    return params(PactParams, conditional_share=0.6, conditional_slope=1.0, self_serving_bias=0.2,
                  start_contribution=0.5, contribution_return=0.4, **changes)  # fmt: skip


class TestCouncils:
    def test_give_as_the_others_gave(self):
        out = contributions(behaviour(), np.array([0.9, 0.6, 0.0]), IN, comply=False)
        assert_allclose(out, 0.6 * 0.8 * np.array([0.3, 0.45, 0.75]))

    def test_newcomers_start_and_are_not_counted(self):
        known = np.array([True, True, False])
        out = contributions(behaviour(), np.array([0.9, 0.6, 1.0]), known, comply=False)
        assert_allclose(out, [0.48 * 0.6, 0.48 * 0.9, 0.5])
        alone = np.array([True, False, False])
        assert_allclose(contributions(behaviour(), np.array([0.9, 0.0, 0.0]), alone, comply=False), 0.5)

    def test_all_they_owe_and_no_more(self):
        generous = replace(behaviour(), conditional_slope=5.0)
        assert_allclose(contributions(generous, np.full(3, 0.9), IN, comply=False), 1.0)

    @given(last=st.lists(share, min_size=2, max_size=6), comply=st.booleans())
    def test_a_gift_is_a_share(self, last, comply):
        last = np.array(last)
        out = contributions(behaviour(), last, np.ones(last.size, np.bool_), comply=comply)
        assert (out >= 0.0).all()
        assert (out <= 1.0).all()
        assert (out <= last.max() + 1e-12).all() or comply

    def test_a_fine_that_costs_what_withholding_brings(self):
        p = behaviour()
        assert deterred(p, 2.0, 0.3)  # 0.6 = 1 - 0.4: indifferent, pays
        assert not deterred(p, 2.0, 0.2999)
        assert deterred(params(PactParams, contribution_return=1.2), 0.0, 0.0)
        assert_allclose(contributions(p, np.array([0.1, 0.0, 0.7]), IN, comply=True), 1.0)


def years(changes=None, n=3, **case):
    """Live some years of three territories bound by one pact; returns the world at the end of each winter."""
    spec = small({**VOLUNTARY, **(changes or {})}, years=n, **case)
    spec = spec.but({"event": [{"when": 0, "what": "pact_founded", "amount": 1.0}], "name": "voluntary"})
    model = CoopModel(spec, 0, views=False)
    for tick in range(4 * n):
        model.step()
        if tick % 4 == 0:
            yield model.world
    model.release()


class TestPact:
    def test_gifts_melt_and_posts_with_them(self):
        """Alike councils: 0.5·0.48^t of the half post, and the efficiency of animation falls in proportion."""
        seen = [
            (w.finance.contribution.copy(), float(w.pacts.fte[0]), -w.finance.year[0][:, LINE["animation"]].sum())
            for w in years({"economy.finance.coordination_cost_per_member": 0.0, "economy.finance.setup_cost": 0.0})
        ]  # fmt: skip
        for t, (given_, fte, paid) in enumerate(seen):
            level = 0.5 * 0.48**t
            assert_allclose(given_, level)
            assert fte == pytest.approx(0.5 * level)
            # what is not paid is not spent
            assert paid == pytest.approx(0.25 * 60.0 * fte)
        p = params(PactParams)
        full = float(efficiency(p, np.array(0.5), np.array(3.0)))
        assert float(efficiency(p, np.array(seen[2][1]), np.array(3.0))) < 0.2 * full

    def test_less_animation_brings_less(self):
        """Owners are grouped by animation: under gifts that melt the harvest rises less than under assessed shares."""
        rules = {"governance.payoff.animation_funding.fte_per_pact": 2.0}
        harvest = {}
        for how in ("assessed", "voluntary"):
            *_, world = years({**rules, "governance.payoff.pact_contribution": how})
            harvest[how] = float(world.wood.harvest[world.wood.group == 0].sum())
        *_, none = years({"governance.payoff.animation_funding.fte_per_pact": 0.0})
        assert (
            float(none.wood.harvest[none.wood.group == 0].sum()) < harvest["voluntary"] < harvest["assessed"]
        )

    def test_outside_money_follows(self):
        """Half paid by the State: half of what is held, not half of what was wanted."""
        for world in years({"governance.payoff.animation_funding.share": 0.5}):
            posts = 0.25 * 60.0 * float(world.pacts.fte[0])
            assert float(world.finance.year[0][:, LINE["outside_funding"]].sum()) == pytest.approx(
                0.5 * posts
            )

    def test_a_fine_large_enough_makes_all_pay(self):
        fine = {
            "governance.payoff.sanctions.withholding_fine": 2.0,
            "society.ties.detection_base": 0.3,
            "society.pacts.contribution_return": 0.4,
        }
        levels = [w.finance.contribution.copy() for w in years(fine)]
        assert_allclose(levels[0], 0.5)
        assert_allclose(levels[1:], 1.0)
        almost = [w.finance.contribution.copy() for w in years({**fine, "society.ties.detection_base": 0.29})]
        assert_allclose(almost[1], 0.24)

    def test_monitoring_counts(self):
        """Money for monitoring makes the same fine deter."""
        fine = {
            "governance.payoff.sanctions.withholding_fine": 2.0,
            "society.ties.detection_base": 0.0,
            "society.ties.detection_per_keur": 0.01,
        }
        for keur, level in ((0.0, 0.24), (40.0, 1.0)):
            rules = {**fine, "governance.information.monitoring_budget_keur": keur}
            assert_allclose([w.finance.contribution for w in years(rules, n=2)][-1], level)

    def test_who_withholds_and_is_seen_pays_the_others(self):
        """Each winter half a k€ for each k€ withheld in the year that has just ended, none for the years before."""
        fine = {"governance.payoff.sanctions.withholding_fine": 0.5, "society.ties.detection_base": 1.0}
        worlds = years({**fine, "governance.payoff.animation_funding.share": 0.2})
        assert_array_equal(next(worlds).finance.year[0][:, LINE["fines"]], 0.0)
        for world, level in zip(worlds, (0.5, 0.24), strict=True):
            fines = world.finance.year[0][:, LINE["fines"]]
            people = world.people.population / world.people.population.sum()
            # the members' part of half a post, less what they gave of it
            owed = 0.5 * 0.5 * 60.0 * 0.8 * (1.0 - level) * people
            assert_allclose(fines.sum(), 0.0, atol=1e-9)
            assert_allclose(
                -fines, owed - (owed.sum() - owed) / 2.0, rtol=0.05
            )  # people move within the year
            assert world.finance.withheld.sum() > 0.0

    def test_assessed_shares_are_paid_whatever_councils_would_like(self):
        for world in years({"governance.payoff.pact_contribution": "assessed"}):
            assert_array_equal(world.finance.contribution, 1.0)
            assert_array_equal(world.finance.withheld, 0.0)
            assert float(world.pacts.fte[0]) == 0.5

    def test_who_comes_back_starts_anew(self):
        *_, world = years()
        world.pacts.members[0, 2] = False
        world.tick = 13
        public.animate(world)
        assert_allclose(world.finance.contribution[2], 1.0)
        assert world.finance.contributes_to[2] == 0
        world.pacts.members[0, 2] = True
        before = world.finance.contribution[:2].copy()
        public.animate(world)
        assert_allclose(world.finance.contribution[2], 0.5)
        assert_array_equal(world.finance.contribution[:2], before)

    def test_the_journal_tells(self):
        *_, world = years()
        lines = [line for line in world.journal if line["move"] == "contribution"]
        assert [line["amount"] for line in lines] == pytest.approx([0.5, 0.24, 0.1152])
        assert all(line["members"] == "T01;T02;T03" for line in lines)


@given(scenarios(), share, st.floats(0.0, 5.0), share, st.floats(0.0, 1e3))
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), phases=NO_SHRINKING)
def test_money_balances_in_any_world(drawn, phi, slope, start, fine):
    """Every invariant of every tick, whatever the members withhold and whoever is fined."""
    spec, seed = drawn
    spec = spec.but(
        {
            "governance.payoff.pact_contribution": "voluntary",
            "governance.payoff.sanctions.withholding_fine": fine,
            "society.pacts.conditional_share": phi,
            "society.pacts.conditional_slope": slope,
            "society.pacts.start_contribution": start,
            "event": [*spec.document()["event"], {"when": 0, "what": "pact_founded", "amount": 1.0}],
            "submodels": {"finance": True, "pacts": True},
            "name": "random",
        }
    )

    world = live(spec, seed).world
    assert ((world.finance.contribution >= 0.0) & (world.finance.contribution <= 1.0)).all()
    assert (world.finance.withheld >= 0.0).all()
