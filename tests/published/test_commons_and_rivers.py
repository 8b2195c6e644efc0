"""Published tables of commons and river treaties, from the ordinary engine.

Commons: Ostrom, Walker & Gardner (1992), *Covenants with and without a sword*, APSR 86(2): eight users, yield
23X - 0.25X² of a total of X tokens, 5 a token elsewhere; 8 tokens each at the equilibrium (64), 36 at the optimum,
39.5 % of the largest net yield.

River: Ambec & Sprumont (2002), *Sharing a river*, Journal of Economic Theory 107, on three users alike with
benefits 10x - x²/2 and inflows 12, 0 and 3: downstream-incremental shares worked by hand below.
"""

import numpy as np
import pytest

from coopsim.economy.finance import LINE
from coopsim.lab import run_lab
from coopsim.lab.engine import play
from coopsim.model import CoopModel
from coopsim.scenario import load_scenario
from coopsim.schedule.councils.strategy import river_game

DESIGN = {"n": 8, "a": 23.0, "b": 0.25, "w": 5.0}


def test_eight_users_of_a_commons():
    found = {name: one.simulated for name, one in run_lab("static-commons", DESIGN).results.items()}
    assert found["nash_effort"] == pytest.approx(64.0, rel=1e-6)
    assert found["nash_effort"] / 8 == pytest.approx(8.0, rel=1e-6)
    assert found["optimum_effort"] == pytest.approx(36.0, rel=1e-6)
    assert found["rent_ratio"] == pytest.approx(0.395, abs=0.0005)


@pytest.mark.parametrize(("maker", "rent"), [("best_reply", 128.0), ("joint", 324.0)])
def test_rents_of_the_eight_users(maker, rent):
    """18·64 - 0.25·64² = 128 and 18·36 - 0.25·36² = 324, from the wood that the engine cut."""
    changes = {
        "case.synthetic.territories": 8,
        "case.synthetic.stocks": [
            {"volume_m3": 23.0 / (0.5 / 23.0), "capacity_m3": 23.0 / (0.5 / 23.0), "growth_rate_per_yr": 2.0}
        ],
        "resources.wood.catchability": 0.5 / 23.0,
        "resources.wood.effort_cost": 5.0,
        "governance.choice.decision_maker": {"rule": maker, "objective": "rent"},
    }
    model = CoopModel(load_scenario("static-commons", changes), 0, views=False)
    world = play(model, 4 * 40)
    assert 4.0 * world.wood.harvest[0] - 5.0 * world.strategies.sum() == pytest.approx(rent, rel=1e-6)


def test_three_users_along_a_river():
    """v(1) = 50 (it takes 10 of 12); v(12) = 84 (6 each); v(123): 15 shared by three, 5 each, 3·37.5 = 112.5."""
    nodes = [
        {
            "node": "N1",
            "territory": "T01",
            "downstream": "N2",
            "local_module_m3s": 12.0,
            "other_consumed_share": 1.0,
        },
        {"node": "N2", "territory": "T02", "downstream": "N3", "other_consumed_share": 1.0},
        {"node": "N3", "territory": "T03", "local_module_m3s": 3.0, "other_consumed_share": 1.0},
    ]
    changes = {
        "case.synthetic.territories": 3,
        "case.synthetic.nodes": nodes,
        "case.synthetic.water_benefit": 10.0,
        "case.synthetic.water_saturation": 1.0,
        "governance.payoff.compensation": "downstream",
        "governance.choice.decision_maker": {"rule": "joint", "objective": "water_benefit", "inertia": 1.0},
    }
    model = CoopModel(load_scenario("river-treaty", changes), 0, views=False)
    world = play(model, 4 * 40 + 1)
    rows = [world.places.code.index(code) for code in ("T01", "T02", "T03")]
    game = river_game(world)
    water = game.taken(game.strategies)[0]
    assert water[rows] == pytest.approx([5.0, 5.0, 5.0])
    shares = game.benefits(water) + world.finance.flows[:, LINE["compensation"]]
    assert shares[rows] == pytest.approx([50.0, 34.0, 28.5])
    assert np.abs(world.finance.flows[:, LINE["compensation"]].sum()) < 1e-9
