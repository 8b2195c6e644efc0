"""Stability of pacts: cores and values against closed forms, imposed memberships, the command."""

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from coopsim.cli import app
from coopsim.errors import ScenarioError
from coopsim.lab import formulas_games, formulas_sharing
from coopsim.model import CoopModel
from coopsim.scenario import load_scenario
from coopsim.stability import Pact, chosen_pacts, pact_worlds, pacts_of_run, stability
from coopsim.stability.figure import picture
from coopsim.stability.game import PactGame, bits, blocking_without_transfers
from coopsim.stability.imposed import imposed
from coopsim.stability.words import sentences

TINY = {
    "schema": 1,
    "name": "tiny",
    "horizon": {"years": 3},
    "case": {"synthetic": {"territories": 4}},
}


def game(worth, received):
    return PactGame(np.array([worth], dtype=float), np.array([received], dtype=float))


class TestGames:
    def test_the_majority_game_has_an_empty_core_and_a_least_core_of_a_third(self):
        majority = [0, 0, 0, 1, 0, 1, 1, 1]
        found = game(majority, [1 / 3] * 3)
        assert found.least_core() == pytest.approx(1 / 3)
        assert found.slack() == pytest.approx(1 / 3)
        assert not found.in_core()
        assert found.shapley() == pytest.approx([1 / 3] * 3)
        block = found.blocking()
        assert len(block.members) == 2
        assert block.gain == pytest.approx(1 / 3)

    def test_the_glove_game_gives_all_to_the_side_that_is_short(self):
        """Players 0 and 1 hold a left glove, player 2 the only right one (Shapley & Shubik 1969)."""
        gloves = [0, 0, 0, 0, 0, 1, 1, 1]
        assert game(gloves, [0, 0, 1]).in_core()
        assert game(gloves, [0, 0, 1]).shapley() == pytest.approx([1 / 6, 1 / 6, 2 / 3])
        shared = game(gloves, [0.2, 0.2, 0.6])
        assert not shared.in_core()
        assert set(shared.blocking().members) in ({0, 2}, {1, 2})
        assert shared.least_core() == pytest.approx(0.0, abs=1e-9)

    def test_a_convex_game_has_its_shapley_value_in_the_core(self):
        size = bits(4).sum(axis=1)
        convex = game(size**2 - size, [3.0] * 4)
        assert convex.in_core()
        assert convex.shapley() == pytest.approx([3.0] * 4)
        assert convex.least_core() < 0

    def test_worths_come_from_payoffs(self):
        payoff = np.zeros((1, 4, 2))
        payoff[0] = [[5, 7], [5, 9], [6, 7], [8, 8]]  # nobody, the first alone, the second alone, both
        found = PactGame.of(payoff)
        assert found.worth[0].tolist() == [0, 0, 0, 4]
        assert found.received[0].tolist() == [3, 1]

    def test_without_transfers_all_members_of_a_block_must_gain(self):
        utility = np.zeros((2, 8, 3))
        utility[:, 3] = [1.0, -0.1, 0.0]  # one of the two loses: no block
        assert blocking_without_transfers(utility) is None
        utility[:, 5] = [0.5, 0.0, 0.2]
        block = blocking_without_transfers(utility)
        assert block.members == (0, 2)
        assert block.gain == pytest.approx(0.2)


def lab(name, **changes):
    return load_scenario(name).but({"horizon.years": 4, "name": name, **changes})


class TestLaboratories:
    def test_efforts_for_a_common_good_agree_with_the_closed_form(self):
        """Members of a coalition of k among n make k·b/c each, others b/c (Barrett 1994)."""
        n, b, c = 5, 1.0, 1.0
        spec = lab("coalition", **{"case.synthetic.territories": n, "society.councils.effort_cost": c})
        codes = tuple(spec.territory_names)

        def payoff(k, own, total):
            del k
            return b * total - 0.5 * c * own**2

        for k in (3, 4):
            inside = payoff(k, k * b / c, (k * k + n - k) * b / c)
            left = payoff(k - 1, b / c, ((k - 1) ** 2 + n - k + 1) * b / c)
            rides = payoff(k, b / c, ((k - 1) * k + 1 + n - k) * b / c)
            found = stability(spec, Pact(0, codes[:k], 0), [0], spec.start_year + 1, most=1, workers=1)
            assert found.game is None
            assert found.over_leaving["money"].mean == pytest.approx([inside - left] * k)
            assert found.over_riding["money"].mean == pytest.approx([inside - rides] * k)
            stable = formulas_games.stable_size(n, b, c, 0.0)
            assert (inside - left >= 0) == (k <= stable)

    def test_a_joint_work_has_the_shapley_value_of_its_costs(self):
        costs = {"N": 160.0, "F": 140.0, "P": 250.0, "N+F": 300.0, "N+P": 380.0, "F+P": 370.0, "N+F+P": 410.0}
        names = {"N": "T01", "F": "T02", "P": "T03"}
        table = [
            {"members": [names[part] for part in group.split("+")], "keur": cost}
            for group, cost in costs.items()
        ]
        spec = lab(
            "cost-sharing",
            **{
                "governance.payoff.joint_project.costs": table,
                "governance.payoff.animation_funding.fte_per_pact": 0.0,
                "economy.finance.coordination_cost_per_member": 0.0,
                "economy.finance.setup_cost": 0.0,
                "economy.finance.interest_per_yr": 0.0,
            },
        )
        found = stability(spec, Pact(0, ("T01", "T02", "T03"), 0), [0], spec.start_year + 1, workers=1)
        cost = {frozenset(group.split("+")): value for group, value in costs.items()}
        exact = formulas_sharing.shapley(cost)
        saved = [costs[name] - exact[name] for name in names]
        years = 2
        assert found.game.shapley() * years == pytest.approx(saved, rel=1e-6)
        assert found.game.received[0] * years == pytest.approx(saved, rel=1e-6)  # the lab's rule is Shapley's
        worth = found.game.mean_worth() * years
        assert worth[0b011] == pytest.approx(160 + 140 - 300, abs=1e-6)
        assert worth[0b111] == pytest.approx(160 + 140 + 250 - 410, rel=1e-6)
        assert found.shapley_payment == pytest.approx(found.paid, abs=1e-6)


class TestImposed:
    def test_only_the_members_are_in_and_nobody_comes_or_goes(self):
        rules = {"choice": {"moves": {"propose_pact": {"allowed": True}}}}
        spec = load_scenario({**TINY, "territory": [{"code": "T03", "from": 2, "governance": rules}]})
        world = lived(imposed(spec, ("T02", "T04"), 4, spec.start_year + 2))
        assert len(world.pacts) == 1
        assert world.pacts.founded.tolist() == [4]
        assert [world.places.code[i] for i in np.flatnonzero(world.pacts.members[0])] == ["T02", "T04"]
        assert len(lived(imposed(spec, ("T02",), 4, spec.start_year + 2)).pacts) == 0

    def test_who_withholds_pays_no_animation_and_there_are_fewer_posts(self):
        spec = load_scenario(TINY)
        members = ("T01", "T02")
        fair = lived(imposed(spec, members, 0, spec.start_year))
        unfair = lived(imposed(spec, members, 0, spec.start_year, withholds="T01"))
        row = fair.places.code.index("T01")
        assert unfair.finance.pact_cost[row] < fair.finance.pact_cost[row]
        assert unfair.pacts.fte[0] < fair.pacts.fte[0]
        assert unfair.finance.withheld[row] > 0
        others = [i for i in range(fair.size) if i != row]
        assert unfair.finance.pact_cost[others] == pytest.approx(fair.finance.pact_cost[others])

    def test_worlds_of_a_large_pact_are_those_of_leavers(self):
        masks, whole = pact_worlds(("a", "b", "c", "d"), most=3)
        assert not whole
        assert masks == [0, 0b1110, 0b1101, 0b1011, 0b0111, 0b1111]
        masks, whole = pact_worlds(("a", "b", "c"), most=3)
        assert whole
        assert sorted(masks) == [0, 3, 5, 6, 7]


def lived(spec):
    model = CoopModel(spec, 0, views=False)
    try:
        model.run()
        return model.world
    finally:
        model.release()


class TestPacts:
    def test_the_run_tells_its_pacts_with_their_largest_membership(self):
        event = {"when": 2, "what": "pact_founded", "amount": 1.0, "territories": ["T01", "T03", "T04"]}
        found = pacts_of_run(load_scenario({**TINY, "event": [event]}), 0)
        assert (found[0].members, found[0].tick, found[0].number) == (("T01", "T03", "T04"), 2, 1)

    def test_a_pact_may_be_named_by_its_number_or_its_members(self):
        spec = load_scenario(TINY)
        known = [Pact(1, ("T01", "T02"), 4)]
        names = spec.territory_names
        assert chosen_pacts(spec, known, []) == known
        assert chosen_pacts(spec, known, ["1"]) == known
        assert chosen_pacts(spec, known, [f"T04+{names['T02']}"]) == [Pact(0, ("T02", "T04"), 0)]
        for text, word in (("7", "1"), ("T01", "T01"), ("T01+T0x", "did you mean")):
            with pytest.raises(ScenarioError, match=word):
                chosen_pacts(spec, known, [text])


def command(*words):
    return CliRunner().invoke(app, ["stability", *words], env={"LC_ALL": "C", "COLUMNS": "160"})


@pytest.fixture
def tiny(tmp_path):
    path = tmp_path / "tiny.toml"
    path.write_text(
        'schema = 1\nname = "tiny"\n[horizon]\nyears = 2\n[case.synthetic]\nterritories = 4\n',
        encoding="utf-8",
    )
    return str(path)


class TestCommand:
    def test_it_tells_gains_core_and_shapley_value(self, tiny, tmp_path):
        words = (tiny, "--pact", "T01+T02", "--year", "2027", "--replicates", "2", "--workers", "1")
        done = command(
            *words, "--figure", str(tmp_path / "p.svg"), "--save", str(tmp_path / "p.json"), "--json"
        )
        assert done.exit_code == 0, done.output
        told = json.loads(done.stdout)
        pact = told["pacts"][0]
        assert [member["code"] for member in pact["members"]] == ["T01", "T02"]
        assert sum(pact["money_game"]["shapley"]) == pytest.approx(pact["money_game"]["worth_of_all"])
        assert sum(pact["money_game"]["received"]) == pytest.approx(pact["money_game"]["worth_of_all"])
        assert pact["runs"] == 2 * 4
        assert (tmp_path / "p.svg").read_bytes().startswith(b"<?xml")
        assert json.loads((tmp_path / "p.json").read_text(encoding="utf-8")) == told
        french = command(*words, "--lang", "fr")
        assert french.exit_code == 0
        assert "valeur de Shapley" in french.stdout

    @pytest.mark.parametrize(
        ("words", "part"),
        [
            (("--pact", "T01+T0x"), "did you mean"),
            (("--pact", "T01"), "two members"),
            (("--replicates", "0"), "1 – 10000"),
            (("--most", "13"), "1 – 12"),
            (("--figure", "x.pdf"), ".svg"),
            (("--pact", "T01+T02", "--year", "1999"), "2026"),
        ],
    )
    def test_bad_input_is_told_before_any_long_work(self, tiny, words, part):
        done = command(tiny, *words)
        assert done.exit_code == 2
        assert part in done.stderr


def test_sentences_and_picture_follow_the_numbers():
    spec = load_scenario(TINY)
    found = stability(spec, Pact(0, ("T01", "T02"), 0), [0, 1], spec.start_year, workers=1)
    told = " ".join(sentences(found, 10))
    assert ("in the core" in told) or ("not in the core" in told)
    assert picture(found, "png") == picture(found, "png")
    assert found.runs == 2 * (2 + 2)
    assert found.game.worth[:, 0b01].tolist() == [0.0, 0.0]
