"""Strategic makers in the engine: who plays what, kept and broken plans, decisions of people, membership."""

import numpy as np
import pytest

from coopsim.economy.finance import LINE
from coopsim.errors import ScenarioError
from coopsim.lab.engine import play
from coopsim.model import CoopModel
from coopsim.scenario import load_scenario
from coopsim.scenario.plausibility import plausibility
from coopsim.schedule.councils.strategy import effort_game
from coopsim.schedule.pacts import membership

MAKER = "governance.choice.decision_maker"
N = 4  # quarters


def engine(name, changes=None) -> CoopModel:
    return CoopModel(load_scenario(name, changes or {}), 0, views=False)


def maker(rule, **fields):
    return {"rule": rule, **fields}


def own(code, **table):
    return {"code": code, "governance": {"choice": {"decision_maker": table}}}


class TestWhoPlays:
    def test_only_councils_with_the_objective_are_players(self):
        """Two of three draw on the commons; the third votes and takes nothing."""
        made = engine("static-commons", {
            "case.synthetic.territories": 3, MAKER: "heuristic",
            "territory": [own(c, rule="best_reply", objective="rent") for c in ("T01", "T02")],
        })  # fmt: skip
        world = play(made, 60 * N)
        rows = [world.places.code.index(c) for c in ("T01", "T02", "T03")]
        assert world.strategies[rows] == pytest.approx([0.8 / 3, 0.8 / 3, 0.0], abs=1e-9)

    def test_a_fixed_effort_is_brought_inside_the_bounds(self):
        world = play(engine("static-commons", {MAKER: maker("fixed", objective="rent", strategy=-3.0)}), N)
        assert world.strategies == pytest.approx(np.zeros(world.size))

    def test_planned_moves_need_no_vote(self):
        plan = maker("fixed", moves=[{"move": "tax_up", "times": 2.0}])
        made = engine("figeac-status-quo", {MAKER: plan, "horizon.years": 2})
        before = made.world.finance.tax_pct.copy()
        world = play(made, 1)
        assert world.signals.proposals.sum() == 0
        assert (world.finance.tax_pct > before).any()


class TestImitation:
    def test_neighbours_copy_the_one_who_does_best(self):
        changes = {
            MAKER: maker("imitate", objective="rent"),
            "case.synthetic.territories": 4,
            "territory": [own("T01", rule="fixed", objective="rent", strategy=0.1)],
        }
        world = play(engine("static-commons", changes), 3 * N)
        assert world.strategies == pytest.approx(np.full(4, 0.1))


class TestPromises:
    def breach_in_year_two(self, watch, years=None, back=None):
        """One takes too much from its second year on; what another one does, year by year."""
        rule = maker("trigger", objective="rent", discount_factor=0.999)
        if years is not None:
            rule["punishment_years"] = years
        broken = [{**own("T01", rule="fixed", objective="rent", strategy=0.3), "from": N}]
        broken += [{**own("T01", **rule), "from": back}] if back else []
        made = engine("keeping-a-pact", {
            "case.synthetic.territories": 3, MAKER: rule, "society.ties.detection_base": watch, "territory": broken,
        })  # fmt: skip
        seen = [play(made, N).strategies.copy() for _ in range(6)]
        other = made.world.places.code.index("T02")
        return [float(year[other]) for year in seen]

    def test_what_is_seen_is_punished_for_ever(self):
        path = self.breach_in_year_two(watch=1.0, back=2 * N)
        assert path == pytest.approx([1 / 6] * 2 + [1 / 4] * 4)

    def test_what_is_not_seen_is_not_punished(self):
        """Seen once in a hundred years, and not with this seed: enough to deter, not to be caught."""
        assert self.breach_in_year_two(watch=0.01, back=2 * N) == pytest.approx([1 / 6] * 6)

    def test_punishment_of_two_years_ends(self):
        """Who punished broke no promise: the plan is taken up again by all."""
        path = self.breach_in_year_two(watch=1.0, years=2, back=2 * N)
        assert path == pytest.approx([1 / 6, 1 / 6, 1 / 4, 1 / 4, 1 / 6, 1 / 6])


class TestHuman:
    def test_a_room_decides_and_nothing_moves_until_then(self):
        made = engine("tax-race", {MAKER: maker("human")})
        start = made.world.finance.tax_pct.copy()
        assert play(made, N).finance.tax_pct == pytest.approx(start)
        made.decide("T02", strategy=12.5)
        world = play(made, N)
        rows = {code: n for n, code in enumerate(world.places.code)}
        assert world.finance.tax_pct[rows["T02"]] == 12.5
        assert world.finance.tax_pct[rows["T01"]] == start[rows["T01"]]
        assert not world.decisions

    def test_decisions_stay_within_the_law(self):
        made = engine("tax-race", {MAKER: maker("human"), "governance.payoff.tax_rate_bounds": [0.0, 20.0]})
        made.decide("T01", strategy=400.0)
        world = play(made, N)
        assert world.finance.tax_pct[world.places.code.index("T01")] == 20.0

    def test_moves_are_made_once(self):
        made = engine(
            "figeac-status-quo",
            {MAKER: maker("human"), "horizon.years": 3, "economy.finance.rules": "simple"},
        )
        code = made.world.places.code[0]
        rate = float(made.world.finance.tax_pct[0])
        made.decide(code, moves=[("tax_up", 1.0)])
        step = made.world.params.councils.tax_step_points
        assert float(play(made, 2 * N).finance.tax_pct[0]) == pytest.approx(rate + step)

    @pytest.mark.parametrize(
        ("call", "word"),
        [
            ({"territory": "T9"}, "T03"),
            ({"territory": "T01", "moves": [("tax_upp", 1.0)]}, "tax_up"),
            ({"territory": "T01", "moves": [("tax_up", 0.0)]}, "> 0"),
            ({"territory": "T01", "strategy": float("nan")}, "finite"),
        ],
    )
    def test_wrong_decisions(self, call, word):
        made = engine("tax-race", {MAKER: maker("human")})
        with pytest.raises(ScenarioError, match=word):
            made.decide(**call)

    def test_only_where_people_decide(self):
        with pytest.raises(ScenarioError, match="human"):
            engine("tax-race").decide("T01", strategy=1.0)


class TestMembership:
    @pytest.mark.parametrize("members", [[0, 1], [0, 2, 3], [0, 1, 2, 3]])
    def test_what_leaving_is_worth(self, members):
        """Against the game itself: the others go on, the leaver acts alone."""
        made = engine(
            "coalition",
            {"case.synthetic.territories": 4, "case.synthetic.effort_benefit": [1.0, 2.0, 0.5, 4.0]},
        )
        play(made, 1)
        game = effort_game(made.world)
        inside = np.isin(np.arange(4), members)
        claims = membership.outside(game, inside)
        for i in members:
            rest = inside.copy()
            rest[i] = False
            assert claims[i] == pytest.approx(game.payoffs(game.efforts(rest))[i])

    def test_payments_keep_everybody_and_sum_to_zero(self):
        changes = {
            "case.synthetic.territories": 3, "case.synthetic.effort_benefit": [1.0, 1.0, 6.0],
            "governance.payoff.compensation": "outside_option",
        }  # fmt: skip
        made = engine("coalition", changes)
        world = play(made, N + 1)
        paid = world.finance.flows[:, LINE["compensation"]]
        assert world.pacts.members[world.pacts.active].sum() == 3
        assert paid.sum() == pytest.approx(0.0, abs=1e-9)
        rich = int(np.argmax(world.places.effort_benefit))
        assert paid[rich] < 0.0 < np.delete(paid, rich).min()
        without = play(engine("coalition", {**changes, "governance.payoff.compensation": "none"}), N + 1)
        assert without.pacts.members[without.pacts.active].sum() < 3

    def test_a_leaver_pays_the_penalty_to_the_others(self):
        made = engine("coalition", {"governance.boundary.exit_penalty_keur": 0.5})
        world = play(made, N + 1)
        assert world.pacts.members[world.pacts.active].sum() == 3
        fines = world.finance.flows[:, LINE["fines"]]
        assert fines.sum() == pytest.approx(0.0, abs=1e-12)
        assert (fines < 0.0).any()

    def test_notice_is_given_a_year_ahead(self):
        made = engine(
            "coalition", {"governance.boundary.exit": "notice", "governance.boundary.exit_penalty_keur": 0.0}
        )
        world = play(made, N + 1)
        assert world.pacts.members[world.pacts.active].sum() == 6
        world = play(made, N)
        assert world.pacts.members[world.pacts.active].sum() == 3


class TestSettings:
    @pytest.mark.parametrize(
        ("table", "word"),
        [
            (maker("fixed", moves=[{"move": "tax_upp"}]), "tax_up"),
            (maker("fixed", moves=[{"move": "tax_up", "times": -1.0}]), "positive"),
            (maker("best_reply", objective="rents"), "rent"),
            (maker("trigger", objective="rent", punishment_years=0), "1000"),
        ],
    )
    def test_wrong_makers_are_refused_with_the_scenario(self, table, word):
        with pytest.raises(ScenarioError, match=word):
            load_scenario("static-commons", {MAKER: table})

    def test_an_objective_that_the_case_says_nothing_about(self):
        spec = load_scenario("static-commons", {MAKER: maker("best_reply", objective="net_benefit")})
        assert any("effort_benefit" in str(problem.message) for problem in plausibility(spec))

    def test_the_fee_on_efforts_is_revenue(self):
        changes = {"governance.payoff.effort_fee_keur": 0.2, "submodels.finance": True}
        world = play(engine("static-commons", changes), 3 * N)
        without = play(engine("static-commons", {"submodels.finance": True}), 3 * N)
        fees, base = (w.finance.year[-1, :, LINE["fees"]] for w in (world, without))
        # posted on the efforts of the year before this session
        assert (fees - base > 0.0).all()
