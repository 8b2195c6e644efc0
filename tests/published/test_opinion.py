"""Published numbers of groups under bounded confidence, from the ordinary engine.

References
----------
.. [D2000] Deffuant, Neau, Amblard & Weisbuch (2000), *Mixing beliefs among interacting agents*, Advances in Complex
   Systems 3; Weisbuch, Deffuant, Amblard & Nadal (2002), *Meet, discuss, and segregate!*, Complexity 7: uniform
   start, mu = 0.5, about 1/2ε groups, the smallest not counted.
.. [HK2002] Hegselmann & Krause (2002), *Opinion dynamics and bounded confidence*, JASSS 5(3) 2: evenly spaced start.
.. [BKR2003] Ben-Naim, Krapivsky & Redner (2003), *Bifurcations and patterns in compromise processes*, Physica D 183.
"""

from time import perf_counter

import numpy as np
import pytest

from coopsim.governance.deliberation import HegselmannKrause, Sitting
from coopsim.lab import formulas_opinion as theory
from coopsim.lab import labs, run_lab
from coopsim.lab.engine import Bench, varied
from coopsim.lab.opinions import opinion_changes, opinion_measured
from coopsim.lab.values import checked
from coopsim.rng import birth_ids
from coopsim.scenario import load_scenario

PAIRS = {0.5: {1}, 0.3: {1}, 0.2: {2}, 0.15: {3}, 0.1: {4, 5}}  # [D2000]
MEANS = {0.05: 9, 0.1: 4, 0.15: 3, 0.2: 2, 0.21: 1}  # [HK2002]


def plain_means(n, epsilon):
    """Evenly spaced opinions that take means of those in reach, as the rule is written."""
    x = np.arange(n) / (n - 1)
    while True:
        heard = np.abs(x[:, None] - x[None, :]) <= epsilon + 1e-10
        after = (heard @ x) / heard.sum(axis=1)
        if np.abs(after - x).max() < 1e-12:
            return np.count_nonzero(np.diff(np.sort(x)) > epsilon) + 1
        x = after


def plain_pairs(x, epsilon, mu, rng):
    """Opinions after pairs drawn one after the other met, until nobody can be moved to another group."""
    x = list(x)
    n = len(x)
    while True:
        for a, b in zip(*rng.integers(0, n, (2, 20 * n)).tolist(), strict=True):
            gap = x[b] - x[a]
            if abs(gap) <= epsilon:
                x[a] += mu * gap
                x[b] -= mu * gap
        ordered = np.sort(x)
        cuts = np.flatnonzero(np.diff(ordered) > epsilon) + 1
        if all(np.ptp(group) <= epsilon for group in np.split(ordered, cuts)):
            return np.diff([0, *cuts, n])


def major(sizes, epsilon):
    return int((sizes >= theory.MINOR * min(2.0 * epsilon, 1.0) * sizes.sum()).sum())


@pytest.mark.parametrize("epsilon", PAIRS)
def test_meetings_two_by_two(epsilon):
    result = run_lab("opinion", {"rule": "deffuant", "n": 1000, "epsilon": epsilon, "mu": 0.5})
    assert result.results["clusters"].simulated in PAIRS[epsilon]
    assert result.results["mean_drift"].simulated == pytest.approx(0.0, abs=1e-12)
    assert result.ok


@pytest.mark.parametrize("epsilon", PAIRS)
def test_theory_gives_the_published_numbers_alone(epsilon):
    low, high = theory.pair_groups(1000, epsilon)
    assert set(range(low, high + 1)) == PAIRS[epsilon]


@pytest.mark.parametrize("epsilon", PAIRS)
def test_meetings_from_a_drawn_start(epsilon):
    """Uniform opinions that are drawn, as published, rather than evenly spaced."""
    values = checked(labs()["opinion"], {"rule": "deffuant", "n": 1000, "epsilon": epsilon, "mu": 0.5})
    changes = {**opinion_changes(values), "society.councils.opinions_start": "uniform"}
    found = opinion_measured(Bench(varied(load_scenario("opinion"), changes), 500), values)
    assert found["clusters"] in PAIRS[epsilon]
    assert found["mean_drift"] == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("epsilon", MEANS)
def test_means_of_those_in_reach(epsilon):
    result = run_lab("opinion", {"rule": "hegselmann-krause", "n": 1000, "epsilon": epsilon})
    found = result.results["clusters"]
    assert found.simulated == found.exact == MEANS[epsilon] == plain_means(1000, epsilon)
    assert result.results["mean_drift"].simulated is result.results["mean_drift"].exact is None


@pytest.mark.parametrize("n", [1, 2, 3, 6, 11, 21, 40])
def test_exact_arithmetic_is_the_plain_rule_where_distances_tie_with_the_bound(n):
    for k in range(n):
        epsilon = k / max(n - 1, 1)
        assert theory.mean_groups(n, epsilon) == (plain_means(n, epsilon) if n > 1 else 1)


def test_seats_that_only_hear_their_neighbours():
    """With the bound at the spacing, groups of three part from either end (Hegarty & Wedin 2016)."""
    for n in (9, 18, 30, 60):
        found = theory.mean_groups(n, 1.0 / (n - 1))
        assert abs(found - n / 3) <= 1.0


def test_taking_means_moves_the_mean_of_a_drawn_start():
    """Hegselmann & Krause do not conserve the mean, Deffuant et al. do."""
    values = checked(labs()["opinion"], {"rule": "hegselmann-krause", "n": 200, "epsilon": 0.2})
    changes = {**opinion_changes(values), "society.councils.opinions_start": "uniform"}
    with Bench(varied(load_scenario("opinion"), changes), 500).model() as model:
        before = model.world.councils.ideal.copy()
        model.step()
        after = model.world.councils.ideal
    assert np.abs(after.mean(axis=0) - before.mean(axis=0)).max() > 1e-3


def test_bifurcations_of_large_councils():
    """Numbers of major groups in the intervals of r = 1/2ε of the published diagram [BKR2003]."""
    found = [theory.many_groups(r) for r in (0.5, 1.86, 1.88, 2.71, 2.73, 4.0, 4.05, 4.87, 4.9)]
    assert found == [1, 1, 2, 2, 3, 3, 4, 4, 5]


def test_meetings_cannot_leave_more_groups_than_fit():
    assert theory.pair_groups(1000, 1.0) == (1, 1)
    assert theory.pair_groups(2, 0.99) == (2, 2)
    assert theory.pair_groups(5, 0.25 - 1e-9) == (5, 5)
    assert theory.pair_groups(5, 0.25)[1] == 4
    assert theory.pair_groups(1, 0.0) == (1, 1)


@pytest.mark.slow
@pytest.mark.parametrize("mu", [0.5, 0.1])
@pytest.mark.parametrize("n", [100, 1000])
def test_plain_meetings_stay_in_the_range_of_theory(n, mu):
    """Pairs drawn one after the other, bounds on either side of every bifurcation: the median of nine councils."""
    rng = np.random.default_rng(7)
    for epsilon in (0.4, 0.28, 0.26, 0.22, 0.19, 0.17, 0.13, 0.12, 0.11, 0.09):
        counts = [major(plain_pairs(np.arange(n) / (n - 1), epsilon, mu, rng), epsilon) for _ in range(9)]
        low, high = theory.pair_groups(n, epsilon)
        assert low <= np.median(counts) <= high, (epsilon, counts)


def test_a_session_of_many_rounds_is_fast():
    """A thousand seats until nobody moves (157 rounds at this bound), in well under a second."""
    opinions = np.arange(1000)[:, None] / 999
    sitting = Sitting(
        opinions, np.zeros(1000, np.int64), birth_ids(np.uint64(1), 0, np.arange(1000)),
        np.ones(1, np.uint64), 0, 0,
    )  # fmt: skip
    start = perf_counter()
    after = HegselmannKrause(0.205, 1000).after(sitting)
    assert perf_counter() - start < 1.0
    assert np.ptp(after) == 0.0
