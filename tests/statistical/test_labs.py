"""The random laboratories over many parameters and seeds, and sited projects against the siting shares.

Draws are fixed (seeds 0-59, derandomised parameters). A laboratory that misses its 3 standard errors looks again
with three more seeds, so a right engine fails a draw about once in 10,000; sums of squares are judged at 1e-5 on
each side.
"""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from scipy.stats import chi2

from coopsim.economy import siting
from coopsim.lab import adoption, chances, labs, run_lab
from coopsim.lab.engine import Bench, play, varied
from coopsim.lab.experiments import EXPERIMENTS
from coopsim.lab.values import checked
from coopsim.model import CoopModel
from coopsim.scenario import load_scenario
from coopsim.schedule.councils.phase import siting_shares
from tests import lab_draws

pytestmark = pytest.mark.slow
SEEDS = range(60)
MANY = max(4, settings.default.max_examples // 10)


def check(name):
    @given(lab_draws.RANDOM[name])
    @settings(max_examples=MANY, derandomize=True, database=None)
    def holds(parameters):
        result = run_lab(name, parameters)
        assert result.ok, {k: (r.simulated, r.exact, r.tolerance) for k, r in result.results.items()}

    return holds


test_bass = check("bass")
test_gibrat = check("gibrat")
test_opinion_of_pairs = check("opinion")
test_trust = check("trust")


def bench(name, parameters, changes):
    values = checked(labs()[name], parameters)
    spec = varied(load_scenario(name), {**EXPERIMENTS[name].changes(values), **changes})
    return Bench(spec, labs()[name].max_rounds), values


def as_wide_as_they_say(z):
    """Gaps over standard errors have the spread of a standard normal: tolerances are neither wide nor narrow."""
    return chi2.ppf(1e-5, len(z)) < np.square(z).sum() < chi2.ppf(1 - 1e-5, len(z))


@pytest.mark.parametrize("sigma", [0.1, 0.4])
def test_growth_misses_by_its_standard_errors(sigma):
    place, values = bench("gibrat", {"sigma": sigma, "t": 2.5}, {"case.synthetic.companies": 4000})
    exact = chances.growth_exact(values)
    looks = [chances.growth_estimates(place, values, (seed,)) for seed in SEEDS]
    for name, expected in exact.items():
        z = [(look[name].value - expected) / look[name].standard_error for look in looks]
        assert as_wide_as_they_say(z), name
        assert abs(np.mean(z)) < 4.3 / math.sqrt(len(z)), name


@pytest.mark.parametrize("p", [0.3, 0.9])
def test_trust_misses_by_its_standard_error(p):
    place, values = bench("trust", {"p": p}, {"case.synthetic.territories": 31})
    looks = [chances.trust_estimate(place, values, (seed,)) for seed in SEEDS]
    z = [(look.value - chances.trust_exact(values)["steady_trust"]) / look.standard_error for look in looks]
    assert as_wide_as_they_say(z)
    assert abs(np.mean(z)) < 4.3 / math.sqrt(len(z))


@pytest.mark.parametrize(("p", "q", "t"), [(0.01, 0.3, 12), (0.002, 0.5, 13), (0.1, 0.0, 5)])
def test_adoption_misses_by_its_standard_error(p, q, t):
    place, values = bench("bass", {"p": p, "q": q, "t": t}, {})
    looks = [adoption.adoption_estimate(place, values, (seed,)) for seed in SEEDS]
    z = [
        (look.value - adoption.adoption_exact(values)["adopted_share"].value) / look.standard_error
        for look in looks
    ]
    assert as_wide_as_they_say(z)
    assert abs(np.mean(z)) < 4.3 / math.sqrt(len(z))


def test_sited_projects_follow_the_siting_shares():
    """Projects that the engine sites, over some years, against its own exact shares: 3 standard errors each."""
    utilities = [1.0, 0.4, -0.3, 0.0]
    values = checked(labs()["siting-shares"], {"V": utilities})
    changes = {
        **EXPERIMENTS["siting-shares"].changes(values),
        "economy.siting.projects_per_yr": 10000.0,
        "economy.siting.projects_reference_population": 30000.0,
        "economy.siting.reconsider_per_quarter": 0.0,
        "economy.companies.exit_young_per_yr": 0.0,
        "economy.companies.exit_old_per_yr": 0.0,
        "economy.companies.exit_cash_per_quarter": 0.0,
    }
    model = CoopModel(varied(load_scenario("siting-shares"), changes), 0, views=False)
    world, p = model.world, model.world.params.siting
    weight, people = world.places.market_weight, world.places.population
    asked = sum(
        len(
            siting.external_projects(
                p, 0, tick, world.places.id, weight, people, world.sectors.project_weight
            )
        )
        for tick in range(12)
    )
    shares = siting_shares(world)[:, 0]
    play(model, 12)
    table = world.companies
    won = np.bincount(table.territory[table.rows()], minlength=3)
    counts = np.append(won, asked - won.sum())
    model.release()
    assert asked > 25_000
    error = np.sqrt(asked * shares * (1.0 - shares))
    assert (np.abs(counts - asked * shares) < 3.0 * error).all()
