"""The river against algebra: limit case L4, the linear reservoir, drought stages, common rations."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopsim.resources import water
from coopsim.scenario.parameters import section_defaults
from tests.rivers import shared

PARAMS = water.WaterParams(**section_defaults("resources.water"))
UPSTREAM_FIRST, PROPORTIONAL, PRIORITY, PER_CAPITA, PACT = range(5)
flow = st.floats(0.0, 10.0).map(lambda x: 0.0 if x < 1e-6 else x)  # no ratios of denormal numbers
SEED = st.integers(0, 2**32 - 1)
share = st.floats(0.0, 1.0).map(lambda x: 0.0 if x < 1e-6 else x)


def river(seed: int, *, chain: bool = False) -> dict[str, np.ndarray]:
    """Nodes 0..n-1, each flowing to a later one (the next one in a chain), drawn on by one use.

    Drawn by numbers and not by hypothesis's own floats, which nearly always leave no water to share or too much.
    """
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 9))
    down = np.array([i + (1 if chain else int(rng.integers(1, n - i + 1))) for i in range(n)])
    down[down >= n] = -1
    local = rng.lognormal(0.0, 1.0, n) * (rng.random(n) < 0.8)
    natural = water.accumulate(np.arange(n), down, local)
    asked = rng.choice([0.05, 0.3, 1.0]) * rng.random(n) * (rng.random(n) < 0.7)
    floor = rng.choice([0.5, 1.0, 1.02]) * rng.random(n) * (rng.random(n) < 0.7)
    return {"down": down, "q": local, "d": asked * natural, "kappa": rng.random(n), "floor": floor * natural}


def run(r, code, *, use=water.OTHER, params=PARAMS, population=None, pact=None, doe=0.0, staged=1):
    """Run one quarter of constant flow; all water is drawn by one use; groundwater at its steady state."""
    n = r["q"].size
    people = np.ones(n) if population is None else population
    graph = water.river_graph(r["down"], r["floor"], np.full(n, doe), people, r["kappa"], params)
    rules = water.sharing(
        np.full(n, code),
        np.full(n, -1) if pact is None else pact,
        np.zeros(n),
        np.full(n, staged),
        graph,
        params,
    )
    runoff = np.tile(r["q"], (9, 1))
    demand = np.zeros((9, n, 4))
    demand[:, :, use] = r["d"]
    ground = water.periodic_groundwater(np.tile(r["q"], (36, 1)), graph.recharge, graph.release)
    return water.quarter(graph, rules, runoff, np.zeros((9, n)), demand, ground)


def mean_withdrawal(quarter):
    return quarter.withdrawn.sum(axis=1) / (9 * water.SECONDS_PER_DEKAD)


@given(seed=SEED)
def test_upstream_first_on_a_chain(seed):
    r = river(seed, chain=True)
    expected, arriving = [], 0.0
    for q, d, kappa, floor in zip(r["q"], r["d"], r["kappa"], r["floor"], strict=True):
        arriving += q
        expected.append(min(d, max(0.0, arriving - floor)))
        arriving -= kappa * expected[-1]
    got = run(r, UPSTREAM_FIRST)
    np.testing.assert_allclose(mean_withdrawal(got), expected, rtol=1e-9, atol=1e-9)
    last = float(np.sum(r["q"] - r["kappa"] * np.array(expected)))
    assert got.flow[-1] == pytest.approx(last, rel=1e-9, abs=1e-9)


def exact_ration(r) -> float:
    """``min_i (sum of q above and at i - E_i)/(d_i + sum of kappa d above i)`` over one basin, clipped to [0, 1]."""
    n = r["q"].size
    path = [{i} for i in range(n)]  # the nodes whose water passes at i
    for i in range(n):
        if r["down"][i] >= 0:
            path[r["down"][i]] |= path[i]
    ratios = [1.0]
    for i in range(n):
        above = sorted(path[i] - {i})
        asked = r["d"][i] + float(np.sum(r["kappa"][above] * r["d"][above]))
        if asked > 0:
            ratios.append((float(r["q"][sorted(path[i])].sum()) - r["floor"][i]) / asked)
    return max(0.0, min(ratios))


@given(seed=SEED)
def test_proportional_on_a_tree(seed):
    r = river(seed)
    outlet = np.flatnonzero(r["down"] < 0)
    r["down"][outlet[:-1]] = outlet[-1]  # one basin: every outlet but the last joins it
    ration = exact_ration(r)
    got = run(r, PROPORTIONAL)
    np.testing.assert_allclose(mean_withdrawal(got), ration * r["d"], rtol=1e-9, atol=1e-9)
    last = float(np.sum(r["q"] - r["kappa"] * ration * r["d"]))
    assert got.flow[outlet[-1]] == pytest.approx(last, rel=1e-9, abs=1e-9)


@given(seed=SEED, code=st.sampled_from([UPSTREAM_FIRST, PROPORTIONAL, PRIORITY, PER_CAPITA, PACT]))
def test_no_intake_brings_its_reach_below_the_floor(seed, code):
    r = river(seed)
    got = run(r, code)
    arriving = got.inflow + got.runoff - got.stored
    taken = got.withdrawn.sum(axis=1)
    floor = r["floor"] * 9 * water.SECONDS_PER_DEKAD
    drawn = taken > 0
    assert np.all((arriving - taken)[drawn] >= floor[drawn] - 1e-6 * np.maximum(1.0, arriving[drawn]))


def test_recession_of_the_linear_reservoir_is_exact():
    params = replace(PARAMS, reservoir_days=33.0)
    graph = water.river_graph(np.array([-1]), np.zeros(1), np.zeros(1), np.ones(1), np.zeros(1), params)
    rules = water.sharing(np.zeros(1), np.full(1, -1), np.zeros(1), np.zeros(1), graph, params)
    dry, none = np.zeros((9, 1)), np.zeros((9, 1, 4))
    got = water.quarter(graph, rules, dry, dry, none, np.array([1e6]))
    days = 9 * water.DAYS_PER_DEKAD
    assert got.groundwater[0] == pytest.approx(1e6 * np.exp(-days / 33.0), rel=1e-12)
    assert got.outflow[0] == pytest.approx(1e6 * (1 - np.exp(-days / 33.0)), rel=1e-12)


@given(days=st.floats(1.0, 1000.0), recharge=st.floats(0.0, 1.0))
def test_a_mean_year_ends_with_the_groundwater_it_began_with(days, recharge):
    params = replace(PARAMS, reservoir_days=days, groundwater_share=recharge)
    graph = water.river_graph(np.array([1, -1]), np.zeros(2), np.zeros(2), np.ones(2), np.zeros(2), params)
    rules = water.sharing(np.zeros(2), np.full(2, -1), np.zeros(2), np.zeros(2), graph, params)
    year = 1.0 + np.sin(np.linspace(0, 6, 36))[:, None] * np.array([0.9, 0.5])
    start = water.periodic_groundwater(year, graph.recharge, graph.release)
    ground, out = start, 0.0
    for q in range(4):
        part = year[9 * q : 9 * q + 9]
        got = water.quarter(graph, rules, part, np.zeros((9, 2)), np.zeros((9, 2, 4)), ground)
        ground, out = got.groundwater, out + got.outflow[1]
    np.testing.assert_allclose(ground, start, rtol=1e-9, atol=1e-6)
    assert out == pytest.approx(year.sum() * water.SECONDS_PER_DEKAD, rel=1e-9)


@pytest.mark.parametrize(
    ("ratio", "level"),
    [(1.3, 0), (1.2501, 0), (1.2499, 1), (1.001, 1), (0.999, 2), (0.801, 2), (0.799, 3), (-0.5, 3)],
)
def test_the_stage_is_read_on_flow_less_unrestricted_net_use(ratio, level):
    doe, kappa, asked = 2.0, 0.5, 1.0
    q = ratio * doe + kappa * asked
    r = {"down": np.array([-1]), "q": np.array([max(q, 0.0)]), "d": np.array([asked]),
         "kappa": np.array([kappa]), "floor": np.zeros(1)}  # fmt: skip
    got = run(r, PRIORITY, doe=doe)
    assert got.levels[0].tolist() == [9 if n == level else 0 for n in range(4)]
    cut = (0.0, *PARAMS.cut_other)[level]
    assert mean_withdrawal(got)[0] == pytest.approx(min(asked * (1 - cut), r["q"][0]), rel=1e-12)
    assert mean_withdrawal(run(r, PRIORITY, doe=doe, staged=0))[0] == pytest.approx(min(asked, r["q"][0]))


@given(
    q=st.tuples(flow, flow), floor=st.tuples(flow, flow), kappa=share,
    people=st.tuples(st.floats(0.1, 1e4), st.floats(0.1, 1e4)),
)  # fmt: skip
def test_one_allowance_per_head_on_two_nodes(q, floor, kappa, people):
    top = 20.0 / min(people)
    first = (q[0] - floor[0]) / people[0]
    second = (q[0] + q[1] - floor[1]) / (kappa * people[0] + people[1])
    head = np.clip(min(first, second), 0.0, top)
    r = {"down": np.array([1, -1]), "q": np.array(q), "d": top * np.array(people), "kappa": np.array([kappa, 0.3]),
         "floor": np.array(floor)}  # fmt: skip
    got = run(r, PER_CAPITA, population=np.array(people))
    np.testing.assert_allclose(
        mean_withdrawal(got), head * np.array(people), rtol=1e-6, atol=1e-7 * r["d"].max()
    )


@given(q=st.tuples(flow, flow), d=st.tuples(st.floats(0.01, 10), st.floats(0.01, 10)), floor=flow)
def test_a_pact_takes_the_smallest_cut_that_gives_the_last_reach_its_floor(q, d, floor):
    """Two members, irrigation only, no floor upstream and no target: the State's rule cuts nobody upstream."""
    r = {"down": np.array([1, -1]), "q": np.array(q), "d": np.array(d), "kappa": np.zeros(2),
         "floor": np.array([0.0, floor])}  # fmt: skip
    got = run(r, PACT, use=water.IRRIGATION, pact=np.zeros(2, dtype=int))
    # (1 - cut)·d1 <= q1, and what node 2 takes never brings it below the floor.
    natural = q[0] + q[1]
    kept = min(1.0, max(0.0, (natural - floor) / (d[0] + d[1])))
    if natural < floor:
        assert got.below_natural[1] == 9  # no cut helps: the State's rule stays, and nothing is made worse
    elif kept * d[0] <= q[0]:
        np.testing.assert_allclose(mean_withdrawal(got), kept * np.array(d), rtol=1e-6, atol=1e-7)
    assert got.below_caused.sum() == 0


@settings(max_examples=30)
@given(seed=SEED, code=st.sampled_from([UPSTREAM_FIRST, PROPORTIONAL, PRIORITY, PER_CAPITA, PACT]))
def test_water_balance_of_each_node(seed, code):
    r = river(seed)
    got = run(r, code, pact=np.arange(r["q"].size) % 2)
    assert got.imbalance.max() < 1e-12
    assert got.outflow.min() >= 0
    below = got.inflow.copy()
    for i, down in enumerate(r["down"]):
        if down >= 0:
            below[down] -= got.outflow[i]
    np.testing.assert_allclose(below, 0.0, atol=1e-6 * max(1.0, got.outflow.max()))


# --- bankruptcy rules ---


def equal_awards(claims, estate):
    """Divide an estate by raising everybody's award together, one claim served after the other."""
    left, awards = estate, [0.0] * len(claims)
    open_to = sorted(range(len(claims)), key=lambda n: claims[n])
    while open_to:
        smallest = open_to.pop(0)
        awards[smallest] = min(claims[smallest], left / (len(open_to) + 1))
        left -= awards[smallest]
    return np.array(awards)


def equal_losses(claims, estate):
    return np.array(claims) - equal_awards(claims, sum(claims) - estate)


def talmud(claims, estate):
    """Aumann and Maschler's theorem B: equal awards of half-claims up to half of their sum, then equal losses."""
    halves = [0.5 * c for c in claims]
    if estate <= sum(halves):
        return equal_awards(halves, estate)
    return np.array(claims) - equal_awards(halves, sum(claims) - estate)


def garment(claims, estate):
    """The contested garment: what each concedes goes to the other, the rest is halved."""
    a, b = (max(0.0, estate - c) for c in claims)  # conceded by the first, by the second
    return np.array([b + (estate - a - b) / 2, a + (estate - a - b) / 2])


BANKRUPTCY = {
    "constrained_equal_awards": equal_awards,
    "constrained_equal_losses": equal_losses,
    "talmud": talmud,
}
claims_ = st.lists(st.floats(0.01, 10.0), min_size=1, max_size=8)


@pytest.mark.parametrize("rule", sorted(BANKRUPTCY))
@given(claims=claims_, part=st.floats(0.0, 1.0), irrigation=st.floats(0.0, 1.0))
def test_an_estate_shared_along_a_river(rule, claims, part, irrigation):
    """All that is taken is consumed, whatever its use, so that the last reach is the estate."""
    assert PARAMS.irrigation_consumed == 1.0
    estate = part * sum(claims)
    got = shared(rule, estate, claims, split=(0.0, 0.0, irrigation, 1.0 - irrigation))
    np.testing.assert_allclose(got, BANKRUPTCY[rule](claims, estate), rtol=1e-9, atol=1e-9)


@given(claims=claims_, part=st.floats(0.0, 1.0))
def test_any_two_claims_share_what_both_get_as_a_contested_garment(claims, part):
    got = shared("talmud", part * sum(claims), claims)
    for i in range(len(claims)):
        for j in range(i):
            both = garment([claims[i], claims[j]], got[i] + got[j])
            np.testing.assert_allclose([got[i], got[j]], both, atol=1e-9)


@given(claims=claims_, part=st.floats(0.0, 1.0))
def test_awards_and_losses_are_each_others_mirror_and_the_talmud_is_its_own(claims, part):
    estate, total = part * sum(claims), sum(claims)
    for rule, mirror in (("constrained_equal_awards", "constrained_equal_losses"), ("talmud", "talmud")):
        lost = np.array(claims) - shared(mirror, total - estate, claims)
        np.testing.assert_allclose(shared(rule, estate, claims), lost, atol=1e-9)


@given(claims=claims_, part=st.floats(0.0, 1.0), returned=st.floats(0.0, 1.0))
@pytest.mark.parametrize("rule", sorted(BANKRUPTCY))
def test_water_that_comes_back_is_shared_again(rule, claims, part, returned):
    """The last reach gives ``(1 - r)·(a_1 + … + a_(n-1)) + a_n``, the first ``a_1``: the level fits both."""
    flow = part * sum(claims)
    got = shared(rule, flow, claims, returned=returned)
    kappa = 1.0 - returned
    room = [flow - kappa * got[:n].sum() - got[n] for n in range(len(claims))]
    assert min(room) >= -1e-9
    assert np.allclose(got, claims) or min(room) <= 1e-9
    order = np.argsort(claims, kind="stable")
    assert np.all(np.diff(got[order]) >= -1e-9)
    assert np.all(np.diff((np.array(claims) - got)[order]) >= -1e-9)
