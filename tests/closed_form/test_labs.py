"""The engine, reduced by a scenario file, gives the exact results of the laboratories for any legal parameters."""

import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopsim.errors import ScenarioError
from coopsim.i18n import set_lang
from coopsim.lab import formulas, labs, run_lab
from coopsim.lab.engine import Bench, varied
from coopsim.lab.experiments import EXPERIMENTS
from coopsim.lab.results import Estimate, Expected, compare
from coopsim.lab.values import checked
from coopsim.run import simulate
from coopsim.scenario import load_scenario, shipped
from tests import lab_draws

# A run takes up to some seconds: few draws in `make test`, many in the thorough profile.
FEW = max(4, settings.default.max_examples // 5)
NAMES = sorted(EXPERIMENTS)


def gaps(result):
    return {name: (r.simulated, r.exact, r.tolerance) for name, r in result.results.items() if not r.ok}


def test_every_laboratory_has_its_file_and_its_code():
    assert set(labs()) == set(EXPERIMENTS)
    assert set(labs()) == {path.stem for path in shipped("lab").glob("*.toml")}


@pytest.mark.parametrize("name", NAMES)
def test_shipped_values(name):
    result = run_lab(name)
    assert result.ok, gaps(result)
    found = json.loads(json.dumps(result.to_json(), allow_nan=False))
    assert set(found) == {"lab", "parameters", "results"}
    assert set(found["parameters"]) == set(labs()[name].parameters)
    for one in found["results"].values():
        assert set(one) == {"simulated", "exact", "tolerance", "ok"}
        assert isinstance(one["tolerance"], float)
        assert type(one["simulated"]) is type(one["exact"])


def check(name):
    """Return the property that a deterministic laboratory is exact to 1e-6 for every draw."""

    @given(lab_draws.DETERMINISTIC[name])
    @settings(max_examples=FEW)
    def holds(parameters):
        result = run_lab(name, parameters)
        assert result.ok, gaps(result)
        for one in result.results.values():
            exact = list(one.exact.values()) if isinstance(one.exact, dict) else one.exact
            assert one.tolerance <= 1e-6 * max(1.0, np.max(np.abs(exact or 0.0)))

    return holds


test_anticommons = check("anticommons")
test_coalition = check("coalition")
test_cost_sharing = check("cost-sharing")
test_opinion_of_means = check("opinion")
test_public_good = check("public-good")
test_fish_war = check("fish-war")
test_keeping_a_pact = check("keeping-a-pact")
test_river_treaty = check("river-treaty")
test_static_commons = check("static-commons")
test_land = check("land")
test_logistic_harvest = check("logistic-harvest")
test_river = check("river")
test_siting_shares = check("siting-shares")
test_tax_race = check("tax-race")
test_voting_power = check("voting-power")


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"p": 1.0}, 1.0),
        ({"p": 0.0}, 0.0),
        ({"p": 0.3, "eta_minus": 0.0}, 1.0),
        ({"p": 0.3, "eta_plus": 0.0}, 0.0),
        ({"p": 1.0, "eta_plus": 0.0}, None),
    ],
)
def test_trust_without_luck(parameters, expected):
    """Where promises are all kept or all broken, or only gains or losses count, nothing is left to chance."""
    found = run_lab("trust", parameters).results["steady_trust"]
    assert found.exact == expected
    assert found.ok
    assert found.tolerance == 1e-6


def test_growth_without_noise():
    result = run_lab("gibrat", {"g": 0.3, "sigma": 0.0, "t": 7.25})
    assert result.ok, gaps(result)
    assert all(one.tolerance == 1e-6 for one in result.results.values())


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"p": 0.0, "q": 0.9, "t": 30}, 0.0),
        ({"p": 1.0, "q": 0.0, "t": 1}, 1.0),
        ({"p": 0.3, "q": 0.3, "t": 0}, 0.0),
    ],
)
def test_adoption_without_luck(parameters, expected):
    """Where nobody begins, all do, or no quarter has gone by."""
    found = run_lab("bass", parameters).results["adopted_share"]
    assert found.simulated == found.exact == expected
    assert found.tolerance == 1e-6


# --- the parameters set the keys that the file declares, and the ordinary engine runs the file ---


def leaves(tree, path=""):
    if isinstance(tree, dict):
        return {
            k: v for name, part in tree.items() for k, v in leaves(part, f"{path}.{name}".lstrip(".")).items()
        }
    return {path: tree}


OTHER = {
    "bass": {"p": 0.02, "q": 0.5, "n": 150_000, "t": 40},
    "opinion": {"rule": "hegselmann-krause", "n": 50, "epsilon": 0.3, "mu": 0.05},
    "anticommons": {"n": 9, "groups": 3},
    "cost-sharing": {"costs": {"A": 1.0, "B": 2.0, "A+B": 2.5}},
    "public-good": {
        "phi": 0.3,
        "slope": 0.8,
        "bias": 0.2,
        "c0": 0.7,
        "mpcr": 0.5,
        "fine": 1.0,
        "detection": 0.9,
    },
    "coalition": {"n": 4, "b": 2.0, "c": 3.0, "exit_penalty": 1.0, "benefits": [1.0, 2.0], "transfers": True},
    "fish-war": {"n": 3, "alpha": 0.4, "beta": 0.8},
    "keeping-a-pact": {"n": 4, "p": 0.5, "delta": 0.4},
    "river-treaty": {"a1": 2.0, "b1": 2.0, "a2": 3.0, "b2": 0.5, "E": 7.0},
    "static-commons": {"n": 3, "a": 2.0, "b": 3.0, "w": 0.1},
    "gibrat": {"g": 0.05, "sigma": 0.3, "t": 60.0},
    "land": {"area": 500.0, "cap": 20.0, "lag": 3},
    "logistic-harvest": {"r": 0.4, "K": 50.0, "q": 0.02, "E": 3.0},
    "river": {name: [0.1, 0.2, 0.3] for name in ("inflow", "demand", "consumed", "floor")},
    "siting-shares": {"V": [0.0, 0.1, 0.2], "shift": 0.0, "drop": 0},
    "tax-race": {"n": 4, "gamma": 2.0, "phi": 0.5, "U0": 1.0},
    "trust": {"eta_plus": 0.2, "eta_minus": 0.4, "p": 0.9},
    "voting-power": {"weights": [5, 3, 9], "quota": None, "votes": [3, 2], "seats": 4},
}


@pytest.mark.parametrize("name", NAMES)
def test_parameters_set_the_keys_they_declare(name):
    info, base = labs()[name], load_scenario(name)
    before = leaves(varied(base, EXPERIMENTS[name].changes(checked(info, {}))).document())
    for parameter, value in OTHER[name].items():
        after = leaves(varied(base, EXPERIMENTS[name].changes(checked(info, {parameter: value}))).document())
        moved = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
        declared = info.parameters[parameter].keys
        assert all(any(key.startswith(d) for d in declared) for key in moved), (parameter, moved)
        if parameter not in ("shift", "drop", "benefits"):  # these set their keys in further runs
            assert bool(moved) == bool(declared), parameter


@pytest.mark.parametrize("name", NAMES)
def test_a_laboratory_is_an_ordinary_scenario(name):
    run = simulate(load_scenario(name), years=1)
    assert len(run.territories) == 4 * len(run.codes)
    assert np.isfinite(run.arrays[0]).all()


@pytest.mark.parametrize("name", NAMES)
def test_texts(name):
    info = labs()[name]
    texts = [info.title, info.question, info.change, info.look]
    texts += [p.text for p in info.parameters.values()] + [r.text for r in info.results.values()]
    assert all(text.fr and text.en and text.fr != text.en for text in texts)


def test_an_engine_that_does_not_settle_reports_nothing():
    values = checked(labs()["fish-war"], {})
    spec = varied(load_scenario("fish-war"), EXPERIMENTS["fish-war"].changes(values))
    found = EXPERIMENTS["fish-war"].measured(Bench(spec, max_rounds=2), values)
    assert set(found.values()) == {None}
    assert not compare(found["nash_total_share"], 0.5, relative=False).ok


# --- wrong input: name, value, legal range, nearest name; all at once ---


@pytest.mark.parametrize(
    ("name", "parameters", "words"),
    [
        ("fish-war", {"n": 0}, ["n", "0", "1 – 20"]),
        ("fish-war", {"n": 2.5}, ["n", "2.5", "whole number"]),
        ("fish-war", {"n": True}, ["n", "True", "whole number"]),
        ("fish-war", {"alpha": "a"}, ["alpha", "'a'", "0.05 – 0.9"]),
        ("fish-war", {"beta": math.nan}, ["beta", "nan", "0.3 – 0.99"]),
        ("fish-war", {"beta": None}, ["beta", "null", "0.3 – 0.99"]),
        ("fish-war", {"alhpa": 0.3}, ["alhpa", "'alpha'"]),
        ("fish-wat", {}, ["fish-wat", "'fish-war'"]),
        ("static-commons", {"a": 1.0, "w": 1.0}, ["w", "1.0", "w < a"]),
        ("static-commons", {"n": 0}, ["n", "0", "1 – 1000"]),
        ("keeping-a-pact", {"delta": 1.5}, ["delta", "1.5", "0 – 1"]),
        ("coalition", {"transfers": 1}, ["transfers", "1", "true or false"]),
        ("coalition", {"benefits": [1.0, 0.0]}, ["benefits", "0.0001 – 10000"]),
        ("river-treaty", {"b2": 0.0}, ["b2", "0.0", "0.001 – 1000"]),
        ("logistic-harvest", {"r": 0.1, "q": 0.01, "E": 9.1}, ["E", "9.1", "0 – 9"]),
        ("tax-race", {"U0": 4}, ["U0", "4", "-3 – 3", "or absent"]),
        ("river", {"inflow": [1.0]}, ["demand", "1 numbers"]),
        ("river", {"inflow": 1.0}, ["inflow", "list"]),
        ("river", {"consumed": [0.1, 1.1, 0.2]}, ["consumed[2]", "1.1", "0 – 1"]),
        ("siting-shares", {"V": [1.0, 2.0]}, ["V", "3 to 100 numbers"]),
        ("siting-shares", {"drop": 4}, ["drop", "4", "0 – 3"]),
        ("gibrat", {"t": 1.1}, ["t", "1.1", "0.25"]),
        ("gibrat", {"sigma": 1.0, "t": 10}, ["sigma", "1.0", "0 – 0.9486"]),
        ("land", {"lag": 0}, ["lag", "0", "1 – 80"]),
        ("trust", {"p": 1.5}, ["p", "1.5", "0 – 1"]),
        ("voting-power", {"weights": [1, 2.5]}, ["weights", "whole number"]),
        ("voting-power", {"weights": [4, 4, 3]}, ["quota", "12", "1 – 11", "or null"]),
        ("voting-power", {"weights": [0, 0], "votes": [0]}, ["weights", "votes", "above 0"]),
        ("voting-power", {"weights": [9_999_999, *[10**7] * 39], "quota": None}, ["40 members", "at most"]),
        ("voting-power", {"quota": 0}, ["quota", "1 – 1e+10"]),
        ("voting-power", {"seats": -1}, ["seats", "0 – 1000"]),
        ("opinion", {"rule": "voter"}, ["rule", "voter", "deffuant, hegselmann-krause"]),
        ("opinion", {"n": 1001}, ["n", "1001", "1 – 1000"]),
        ("opinion", {"epsilon": -0.1}, ["epsilon", "-0.1", "0 – 1"]),
        ("opinion", {"mu": 0.6}, ["mu", "0.6", "0.01 – 0.5"]),
        ("bass", {"p": 0.7, "q": 0.4}, ["q", "0.4", "0 – 0.3"]),
        ("bass", {"p": 1e-5}, ["p", "1e-05", "0.0001 – 1"]),
        ("bass", {"n": 1000}, ["n", "1000", "100000 – 500000"]),
        ("bass", {"t": 2.5}, ["t", "2.5", "whole number"]),
        ("anticommons", {"n": 3, "groups": 4}, ["groups", "4", "1 – 3"]),
        ("anticommons", {"n": 1001}, ["n", "1001", "1 – 1000"]),
        ("cost-sharing", {"costs": {"A": 1.0, "B": 1.0}}, ["costs", "without a cost: A+B"]),
        ("cost-sharing", {"costs": {"A": 1.0, "A+B": 1.0}}, ["costs", "'B' has no cost alone", "A+B"]),
        ("cost-sharing", {"costs": {"A": -1.0}}, ["costs", "-1.0", "each 0 – 1e+12 k€"]),
        ("cost-sharing", {"costs": {"A": 1.0, "A+A": 1.0}}, ["costs", "written twice", "A+A"]),
        ("cost-sharing", {"costs": {chr(65 + n): 1.0 for n in range(13)}}, ["costs", "13", "1 – 12"]),
        ("cost-sharing", {"costs": [1.0, 2.0]}, ["costs", "table of numbers"]),
        ("cost-sharing", {"costs": {}}, ["costs", "1 to 4095 numbers"]),
        ("public-good", {"t": 1.5}, ["t", "1.5", "whole number"]),
        ("public-good", {"t": 500}, ["t", "500", "0 – 499"]),
        ("public-good", {"slope": 5.1}, ["slope", "5.1", "0 – 5"]),
        ("public-good", {"phi": 1.1}, ["phi", "1.1", "0 – 1"]),
    ],
)
def test_wrong_parameters(name, parameters, words):
    with pytest.raises(ScenarioError) as caught:
        run_lab(name, parameters)
    assert all(word in str(caught.value) for word in words), str(caught.value)


def test_all_mistakes_at_once_and_in_french():
    set_lang("fr")
    with pytest.raises(ScenarioError) as caught:
        run_lab("fish-war", {"n": 99, "alpha": -1, "gama": 2})
    assert len(caught.value.problems) == 3
    assert "reçu : 99" in str(caught.value)
    assert "inconnu" in str(caught.value)


# --- how a gap is judged ---


def test_judgement():
    assert compare(1e7 + 1.0, 1e7, relative=True).ok
    assert not compare(1e7 + 11.0, 1e7, relative=True).ok
    assert not compare(1e-9, 2e-9, relative=True).ok
    assert compare(1e-9, 2e-9, relative=False).ok
    assert not compare([1.0, 2.0], [1.0, 2.1], relative=False).ok
    assert not compare(None, 1.0, relative=False).ok
    assert compare(None, None, relative=False).ok
    assert compare(Estimate(1.29, 0.1), 1.0, relative=False).ok
    assert compare(5.0, Expected(4.5, 0.5), relative=False).ok
    assert not compare(5.01, Expected(4.5, 0.5), relative=False).ok
    assert compare(5.0 + 5e-7, Expected(5.0, 0.0), relative=False).ok
    assert compare(Estimate(1.49, 0.1), Expected(1.0, 0.2), relative=False).ok
    assert not compare(Estimate(1.51, 0.1), Expected(1.0, 0.2), relative=False).ok
    assert compare(5.0, Expected(4.5, 0.5), relative=False).exact == 4.5
    assert not compare(Estimate(1.31, 0.1), 1.0, relative=False).ok


# --- the closed forms, against their definitions ---


def payoff(taxes, i, gamma, phi, outside):
    e = np.exp(-gamma * np.array(taxes))
    s = e / (e.sum() + (0.0 if outside is None else math.exp(outside)))
    return (1.0 - phi) * taxes[i] * s[i] + phi / len(taxes) * float(np.dot(taxes, s))


@given(lab_draws.RACES)
def test_nash_tax_cannot_be_improved_and_the_joint_tax_is_best(parameters):
    n, gamma, phi, outside = (parameters.get(name) for name in ("n", "gamma", "phi", "U0"))
    tax = formulas.nash_tax(n, gamma, phi, outside)
    here = payoff([tax] * n, 0, gamma, phi, outside)
    for other in np.linspace(0.0, 4.0 * tax, 41):
        assert payoff([other] + [tax] * (n - 1), 0, gamma, phi, outside) <= here * (1.0 + 1e-12)
    if outside is None:
        assert tax == pytest.approx(n / (gamma * (n - 1)) * (1.0 + phi / (n * (1.0 - phi))), rel=1e-12)
    else:
        joint = formulas.joint_tax(n, gamma, outside)
        best = payoff([joint] * n, 0, gamma, phi, outside)
        assert tax < joint * (1.0 + 1e-12)
        for other in np.linspace(0.0, 4.0 * joint, 41):
            assert payoff([other] * n, 0, gamma, phi, outside) <= best * (1.0 + 1e-12)


DIGITS = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 4), st.integers(0, 9)),
    min_size=1,
    max_size=6,
)


@given(DIGITS)
@settings(max_examples=500)
def test_ration_is_the_largest_that_keeps_every_floor_that_it_can_move(users):
    inflow, demand, quarters, floor = ([float(u[k]) for u in users] for k in range(4))
    consumed = [x / 4.0 for x in quarters]

    def keeps(share):
        flow = net = 0.0
        for q, d, kappa, e in zip(inflow, demand, consumed, floor, strict=True):
            flow += q
            if d + net > 0.0 and flow - share * d < e - 1e-9:
                return False
            flow, net = flow - kappa * share * d, net + kappa * d
        return True

    ration = formulas.ration(inflow, demand, consumed, floor)
    assert 0.0 <= ration <= 1.0
    assert keeps(ration) or ration == 0.0  # not even 0 helps where nature is below the floor
    assert ration == 1.0 or not keeps(ration + 1e-6)


@given(st.integers(1, 20), lab_draws.numbers(0.05, 0.9), lab_draws.numbers(0.3, 0.99))
def test_nash_share_is_a_best_reply_to_itself(n, alpha, beta):
    """With others at share h each, the best own share is (1 - (n-1)·h)(1 - αβ)."""
    each = formulas.nash_share(n, alpha, beta) / n
    assert each == pytest.approx((1.0 - (n - 1) * each) * (1.0 - alpha * beta), rel=1e-12)


@given(lab_draws.PROMISES)
def test_trust_error_is_that_of_simulated_promises(parameters):
    """The followed variance equals a direct sum over all histories of three years."""
    up, down, p = parameters["eta_plus"], parameters["eta_minus"], parameters["p"]
    level = formulas.steady_trust(up, down, p)
    if level is None:
        return
    mean = square = 0.0
    for history in range(8):
        trust, chance = level, 1.0
        for year in range(3):
            kept = history >> year & 1
            trust = trust + up * (1.0 - trust) if kept else trust * (1.0 - down)
            chance *= p if kept else 1.0 - p
        mean, square = mean + chance * trust, square + chance * (trust - level) ** 2
    assert mean == pytest.approx(level, abs=1e-12)
    forgotten = 1.0 - (p * (1.0 - up) + (1.0 - p) * (1.0 - down)) ** 3
    if forgotten > 1e-6:
        expected = math.sqrt(square / 100) / forgotten
        assert formulas.trust_error(up, down, p, 3, 100) == pytest.approx(expected, rel=1e-6, abs=1e-9)
