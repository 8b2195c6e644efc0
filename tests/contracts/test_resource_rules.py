"""Every registered rule of water, wood and land signs its contract; new rules are tested for free."""

from dataclasses import dataclass, fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopsim.governance import (
    LAND,
    WATER,
    WOOD,
    LandContext,
    WaterContext,
    WoodContext,
    as_ration,
    harvests,
    kernel_arrays,
    openings,
)
from coopsim.model import CoopModel
from coopsim.resources import water
from coopsim.resources.water import kernel
from coopsim.resources.wood import GROWTH, GrowthContext, harvestable, increment
from coopsim.scenario import load_scenario
from coopsim.scenario.parameters import section_defaults

PARAMS = water.WaterParams(**section_defaults("resources.water"))
SEED = st.integers(0, 2**32 - 1)
WIDE = ("runoff", "boundary", "demand")  # dekads on the first axis, nodes on the second


# Rivers ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class River:
    """Everything that a quarter takes, before the rules."""

    down: np.ndarray
    floor: np.ndarray
    doe: np.ndarray
    people: np.ndarray
    kappa: np.ndarray
    pact: np.ndarray
    doe_share: np.ndarray
    staged: np.ndarray
    runoff: np.ndarray
    boundary: np.ndarray
    demand: np.ndarray
    ground: np.ndarray
    params: water.WaterParams

    def run(self, codes, ration=None):
        graph = water.river_graph(self.down, self.floor, self.doe, self.people, self.kappa, self.params)
        rules = water.sharing(codes, self.pact, self.doe_share, self.staged, graph, self.params)
        return water.quarter(graph, rules, self.runoff, self.boundary, self.demand, self.ground, ration)

    def under(self, *names):
        """Run with these rules, one for all nodes or one for each, compiled or not."""
        rules = [WATER.build(name) for name in (names if len(names) > 1 else names * self.down.size)]
        return self.run(kernel_arrays(rules)[0], as_ration(rules))

    def reordered(self, order):
        """The same river with its nodes numbered in another order."""
        rank = np.argsort(order)
        down = np.array([rank[d] if d >= 0 else -1 for d in self.down[order]])
        nodes = {f.name: getattr(self, f.name)[order] for f in fields(self)
                 if f.name not in ("down", *WIDE, "params")}  # fmt: skip
        wide = {name: getattr(self, name)[:, order] for name in WIDE}
        return replace(self, down=down, **nodes, **wide)


def river(seed: int, dekads: int = 9, nodes: int | None = None) -> River:
    """A random river, dry in part, with floors and targets that bind now and then."""
    rng = np.random.default_rng(seed)
    n = nodes or int(rng.integers(1, 12))
    down = np.array(
        [int(rng.integers(i + 1, n)) if i + 1 < n and rng.random() < 0.9 else -1 for i in range(n)]
    )
    module = rng.lognormal(0.0, 0.8, n)
    cumulated = water.accumulate(water.topology(down)[0], down, module)
    wet = rng.choice([0.05, 0.15, 0.4, 1.0])
    # Small demands everywhere bind on the floor of a lower reach, large ones at their own intake.
    demand = (
        rng.lognormal(rng.choice([-5.0, -3.0]), 1.0, (dekads, n, 4))
        * (rng.random((n, 4)) < 0.8)
        * module[:, None]
    )
    demand[:, rng.random(n) < 0.2] = 0.0
    params = replace(
        PARAMS,
        drinking_exempt=bool(rng.random() < 0.7),
        irrigation_consumed=float(rng.uniform(0.3, 1.0)),
        stage_thresholds=tuple(sorted(rng.uniform(0.3, 2.0, 3), reverse=True)),
        cut_drinking=(0.0, 0.0, float(rng.choice([0.0, 0.1]))),
    )
    runoff = wet * module * rng.lognormal(0.0, 0.2, (dekads, n))
    tight = 0.9 * wet * rng.random()  # a floor that part of the flow of these dekads exceeds
    return River(
        down=down,
        floor=rng.choice([0.0, 0.1, tight], n, p=[0.2, 0.2, 0.6]) * cumulated,
        doe=rng.choice([np.nan, 0.12, 0.3], n) * cumulated,
        people=rng.choice([0.0, 1.0], n, p=[0.1, 0.9]) * rng.lognormal(8, 1, n),
        kappa=rng.random(n),
        pact=rng.integers(-1, 3, n),
        doe_share=rng.choice([0.0, 0.8], n),
        staged=rng.integers(0, 2, n),
        runoff=runoff,
        boundary=wet * (rng.random(n) < 0.2) * rng.lognormal(0.0, 1.0, (dekads, n)),
        demand=demand,
        ground=wet * module * rng.uniform(1e6, 2e6, n),
        params=params,
    )


def readable(name):
    """The same rule run through its readable method: as a rule of a third party would."""
    cls = WATER[name]
    return type("Readable", (cls,), {"kernel_code": -1})()


@pytest.fixture(params=sorted(WATER), scope="module")
def water_rule(request):
    return request.param


COMPILED = [name for name in sorted(WATER) if WATER[name].kernel_code >= 0]


def codes(name, n):
    return np.full(n, WATER[name].kernel_code)


def test_codes_are_those_of_the_kernel():
    names = ("UPSTREAM_FIRST", "PROPORTIONAL", "PRIORITY", "PER_CAPITA", "PACT")
    rules = ("upstream_first", "proportional", "priority", "equal_per_capita", "pact")
    known = {rule: getattr(kernel, name) for rule, name in zip(rules, names, strict=True)}
    # quotas bound what is asked for; the State's rule shares what the river lacks
    known |= dict.fromkeys(("quota", "tradable_quota"), kernel.PRIORITY)
    assert {rule: WATER[rule].kernel_code for rule in COMPILED} == known


@pytest.mark.parametrize("water_rule", COMPILED)
@settings(max_examples=25)
@given(seed=SEED)
def test_the_compiled_rule_is_the_readable_one(water_rule, seed):
    r = river(seed, dekads=2)
    n = r.down.size
    fast = r.run(codes(water_rule, n))
    # The readable pact needs its groups, which only nodes under a pact have.
    rule = readable(water_rule)
    graph = water.river_graph(r.down, r.floor, r.doe, r.people, r.kappa, r.params)
    rules = water.sharing(codes(water_rule, n), r.pact, r.doe_share, r.staged, graph, r.params)
    rules.rule[kernel.CODE] = kernel.GIVEN
    slow = water.quarter(graph, rules, r.runoff, r.boundary, r.demand, r.ground, as_ration([rule] * n))
    scale = max(1.0, float(fast.demanded.max()))
    np.testing.assert_allclose(slow.withdrawn, fast.withdrawn, rtol=1e-6, atol=1e-7 * scale)
    np.testing.assert_allclose(slow.outflow, fast.outflow, rtol=1e-6, atol=1e-7 * scale)


@given(seed=SEED)
def test_water_rules_serve_no_more_than_is_asked_and_keep_the_balance(water_rule, seed):
    r = river(seed)
    got = r.under(water_rule)
    assert got.imbalance.max() < 1e-9
    assert got.withdrawn.min() >= 0
    assert got.outflow.min() >= 0
    assert np.all(got.withdrawn <= got.demanded * (1 + 1e-12))
    assert np.all(got.flow <= got.flow_natural * (1 + 1e-12))
    assert np.all(got.below_natural + got.below_caused == got.below)
    assert np.all(got.levels.sum(axis=1) == 9)


@given(seed=SEED, shuffle=SEED)
def test_the_numbering_of_nodes_does_not_matter(water_rule, seed, shuffle):
    r = river(seed)
    order = np.random.default_rng(shuffle).permutation(r.down.size)
    straight, shuffled = r.under(water_rule), r.reordered(order).under(water_rule)
    scale = max(1.0, float(straight.demanded.max()))
    np.testing.assert_allclose(shuffled.withdrawn, straight.withdrawn[order], rtol=1e-6, atol=1e-7 * scale)


@given(seed=SEED, other=SEED)
def test_rivers_that_do_not_meet_do_not_act_on_each_other(water_rule, seed, other):
    a, b = river(seed), replace(river(other), params=river(seed).params)
    n = a.down.size
    joined = {
        f.name: np.concatenate([getattr(a, f.name), getattr(b, f.name)], axis=int(f.name in WIDE))
        for f in fields(River)
        if f.name not in ("down", "params")
    }
    down = np.concatenate([a.down, np.where(b.down >= 0, b.down + n, -1)])
    both = River(**joined, down=down, params=a.params)
    alone, together = a.under(water_rule), both.under(water_rule)
    np.testing.assert_allclose(together.withdrawn[:n], alone.withdrawn, rtol=1e-12)
    np.testing.assert_allclose(together.outflow[:n], alone.outflow, rtol=1e-12)


@settings(max_examples=200)
@given(seed=SEED)
def test_a_pact_is_never_worse_than_the_state_below_the_floor(seed):
    """Dekad by dekad: no node falls below its floor that the State's rule keeps, and none below loses water."""
    r = river(seed, dekads=1)
    n = r.down.size
    state, pact = r.run(codes("priority", n)), r.run(codes("pact", n))
    assert np.all(pact.below <= state.below)
    low = state.below > 0
    assert np.all(pact.flow[low] >= state.flow[low] * (1 - 1e-9))


def test_pacts_spare_the_river_somewhere():
    """The property above would hold for a pact that did nothing."""
    fewer = 0
    for seed in range(300):
        r = river(seed)
        n = r.down.size
        fewer += int(r.run(codes("priority", n)).below.sum() - r.run(codes("pact", n)).below.sum())
    assert fewer > 0


@given(seed=SEED, mix=SEED)
def test_any_mixture_of_rules_keeps_the_balance(seed, mix):
    r = river(seed)
    rng = np.random.default_rng(mix)
    got = r.under(*(str(rng.choice(sorted(WATER))) for _ in range(r.down.size)))
    assert got.imbalance.max() < 1e-9
    assert np.all(got.withdrawn <= got.demanded * (1 + 1e-12))


@pytest.mark.parametrize("name", ["constrained_equal_awards", "constrained_equal_losses", "talmud"])
@given(seed=SEED)
def test_bankruptcy_rules_award_by_claim_what_the_floors_leave(name, seed):
    """In a basin larger claims get more and lose more, uses of an intake are cut alike, nothing is taken from a
    reach that nature leaves below its floor and no other falls below; where not all is served, a reach binds."""
    r = river(seed, dekads=1)
    seen = {}

    def spy(**facts):
        seen["context"] = WaterContext(**facts)
        return WATER.build(name).ration(seen["context"])

    r.run(np.full(r.down.size, -1), spy)
    c = seen["context"]
    wish = WATER.build(name).ration(c)
    net = c.above((c.consumed * wish).sum(axis=1))
    asked_net = c.above((c.consumed * c.demand).sum(axis=1))
    claims, awards = c.demand.sum(axis=1), wish.sum(axis=1)
    slack = 1e-9 * (1.0 + c.natural)
    for nodes in c.basins():
        drawn = nodes[(claims + asked_net)[nodes] > 0]
        room = (np.maximum(c.natural - c.floor, 0.0) - net - awards)[drawn]
        assert np.all(room >= -slack[drawn])
        short = awards[nodes].sum() < claims[nodes].sum() * (1 - 1e-9)
        assert not short or np.any(room <= slack[drawn])
        order = nodes[np.argsort(claims[nodes])]
        assert np.all(np.diff(awards[order]) >= -1e-9 * claims[nodes].max())
        assert np.all(np.diff((claims - awards)[order]) >= -1e-9 * claims[nodes].max())
    served = claims > 0
    np.testing.assert_allclose(
        wish[served] * claims[served, None],
        c.demand[served] * awards[served, None],
        atol=1e-12 * claims.max(initial=1),
    )


@pytest.mark.parametrize(
    ("name", "awards"),
    [
        ("constrained_equal_awards", [1.0, 1.0, 1.0]),
        ("constrained_equal_losses", [0.0, 1.0, 2.0]),
        ("talmud", [0.5, 1.0, 1.5]),
    ],
)
def test_bankruptcy_rules_run_in_a_scenario(name, awards):
    """Three users of one river that ask for 1, 2 and 3 m³/s when it brings 3, all born upstream."""
    claims = [1.0, 2.0, 3.0]
    nodes = [
        {
            "node": f"N{n}",
            "territory": f"T0{n + 1}",
            "downstream": f"N{n + 1}" if n < 2 else "",
            "local_module_m3s": 3.0 if n == 0 else 0.0,
            "floor_m3s": 0.0,
            "other_demand_m3s": claim,
            "other_consumed_share": 1.0,
        }
        for n, claim in enumerate(claims)
    ]
    changes = {
        "case.synthetic.territories": 3,
        "case.synthetic.nodes": nodes,
        "governance.scope.water.allocation": name,
    }
    model = CoopModel(load_scenario("river").but(changes), seed=0, views=False)
    model.step()
    rivers, taken = model.world.rivers, model.world.signals.water["withdrawn_other"]
    model.release()
    got = [float(taken[rivers.node.index(node["node"])]) for node in nodes]
    np.testing.assert_allclose(np.array(got) / (9 * water.SECONDS_PER_DEKAD), awards, atol=1e-9)


def test_a_rule_written_in_python_runs_beside_the_compiled_ones():
    @dataclass(frozen=True)
    class Half:
        """A rule of a third party: half of everything."""

        traits = WATER["priority"].traits
        kernel_code = -1

        def ration(self, context: WaterContext):
            return 0.5 * context.demand

    r = replace(river(3, nodes=4), floor=np.zeros(4), doe=np.zeros(4))
    r = replace(r, runoff=r.runoff + 100.0)
    rules = [Half(), WATER.build("upstream_first"), Half(), WATER.build("priority")]
    code, doe_share = kernel_arrays(rules)
    assert code.tolist() == [-1, 0, -1, 2]
    assert doe_share.tolist() == [0.0] * 4
    got = r.run(code, as_ration(rules))
    np.testing.assert_allclose(got.withdrawn, got.demanded * np.array([0.5, 1, 0.5, 1])[:, None], rtol=1e-12)
    with pytest.raises(ValueError, match="ration"):
        r.run(code)
    assert as_ration(rules[1:2]) is None


def test_a_rule_cannot_change_the_run(water_rule):
    r = river(7)
    graph = water.river_graph(r.down, r.floor, r.doe, r.people, r.kappa, r.params)
    rules = water.sharing(codes(water_rule, r.down.size), r.pact, r.doe_share, r.staged, graph, r.params)
    seen = {}

    def spy(**facts):
        context = WaterContext(**facts)
        before = {f.name: getattr(context, f.name).copy() for f in fields(WaterContext)}
        wish = WATER[water_rule]().ration(context)
        seen.update(before=before, after=context)
        return wish

    rules.rule[kernel.CODE] = kernel.GIVEN
    ground = r.ground.copy()
    water.quarter(graph, rules, r.runoff, r.boundary, r.demand, r.ground, spy)
    for name, values in seen["before"].items():
        np.testing.assert_array_equal(getattr(seen["after"], name), values)
    np.testing.assert_array_equal(r.ground, ground)


# Wood --------------------------------------------------------------------------------------------------------


def forest(seed: int) -> WoodContext:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 15))
    volume = rng.lognormal(10, 2, n) * (rng.random(n) < 0.9)
    capacity = volume * rng.uniform(0.7, 3.0, n) + 1.0
    grown = increment(volume, capacity, rng.uniform(0.0, 0.3, n))
    return WoodContext(
        volume=volume,
        harvestable=harvestable(volume, grown),
        increment=grown,
        wanted=volume * rng.uniform(-0.1, 1.5, n),
        member=rng.random(n) < 0.5,
        breach=rng.random(n) < 0.3,
        increment_share=rng.uniform(0.0, 2.0, n),
        planned_share=rng.uniform(-0.1, 0.5, (3, n)),
    )


def wood_rule(name):
    return WOOD.build({"rule": name, "effort": 3.0} if name == "effort" else name)


def permuted(context, order):
    """The context with its rows (strata, territories) in another order; shares of councils have two axes."""
    return type(context)(*(
        getattr(context, f.name)[:, order] if f.name == "planned_share" else getattr(context, f.name)[order]
        for f in fields(context)
    ))  # fmt: skip


@pytest.mark.parametrize("name", sorted(WOOD))
@given(seed=SEED)
def test_harvest_stays_within_the_forest_and_follows_the_strata(name, seed):
    context, rule = forest(seed), wood_rule(name)
    before = {f.name: getattr(context, f.name).copy() for f in fields(context)}
    cut = rule.harvest(context)
    assert np.all(cut >= 0)
    assert np.all(cut <= context.harvestable)
    for key, values in before.items():
        np.testing.assert_array_equal(getattr(context, key), values)
    order = np.random.default_rng(seed).permutation(cut.size)
    np.testing.assert_allclose(rule.harvest(permuted(context, order)), cut[order], rtol=1e-12)


@given(seed=SEED)
def test_caps_hold_and_bind_members_only(seed):
    context = forest(seed)
    free, capped, charter = (
        wood_rule(n).harvest(context) for n in ("open_access", "increment_cap", "supply_charter")
    )
    assert np.all(capped <= context.cap() * (1 + 1e-12))
    keeps = context.member & ~context.breach
    np.testing.assert_array_equal(charter, np.where(keeps, capped, free))


def test_strata_may_follow_different_rules():
    context = forest(5)
    n = context.volume.size
    rules = [wood_rule("open_access" if s % 2 else "increment_cap") for s in range(n)]
    got = harvests(rules, context)
    for s, rule in enumerate(rules):
        assert got[s] == rule.harvest(context)[s]


@pytest.mark.parametrize("name", sorted(GROWTH))
@given(seed=SEED, part=st.floats(0, 1))
def test_stocks_never_go_negative(name, seed, part):
    context = forest(seed)
    capacity = np.maximum(context.volume / 1.2, 1.0)
    grown = increment(context.volume, capacity, np.full(context.volume.size, 0.2))
    cut = part * harvestable(context.volume, grown)
    after = GROWTH.build(name).after(GrowthContext(context.volume, capacity, np.full_like(cut, 0.2), cut))
    assert np.all(after >= 0)
    assert np.all(np.isfinite(after))


# Land --------------------------------------------------------------------------------------------------------


def ground(seed: int) -> LandContext:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 10))
    table = rng.uniform(-0.5, 1.0, (n, 4, 4))
    return LandContext(
        asked=rng.lognormal(0, 1.5, (n, 3)) * (rng.random((n, 3)) < 0.8),
        naf=rng.lognormal(1, 2, n),
        brownfield=rng.lognormal(0, 1.5, n) * (rng.random(n) < 0.7),
        envelope=np.where(rng.random(n) < 0.1, np.inf, rng.lognormal(2, 1, n)),
        consumed=rng.lognormal(1, 1, n),
        pact=rng.integers(-1, 3, n),
        brownfield_first=rng.random(n) < 0.5,
        synergy=0.5 * (table + table.transpose(0, 2, 1)),
        energy_share=rng.random(n),
    )


@pytest.mark.parametrize("name", sorted(LAND))
@given(seed=SEED)
def test_no_rule_opens_land_that_is_not_there_or_not_asked_for(name, seed):
    context, rule = ground(seed), LAND.build(name)
    before = {f.name: getattr(context, f.name).copy() for f in fields(context)}
    got = rule.opening(context)
    slack = 1e-12 * (1 + context.asked.sum())
    assert got.naf.min() >= 0
    assert got.brownfield.min() >= 0
    saved = np.zeros_like(got.naf) if got.saved is None else got.saved
    assert saved.min() >= 0
    assert np.all(got.naf + got.brownfield + saved <= context.asked + slack)
    assert np.all(got.naf.sum(axis=1) <= context.naf + slack)
    assert np.all(got.brownfield.sum(axis=1) <= context.brownfield + slack)
    assert np.all(got.brownfield[:, 2] == 0)  # roads are not built on brownfield
    for key, values in before.items():
        np.testing.assert_array_equal(getattr(context, key), values)
    order = np.random.default_rng(seed).permutation(context.naf.size)
    np.testing.assert_allclose(
        rule.opening(permuted(context, order)).naf, got.naf[order], rtol=1e-9, atol=slack
    )


@given(seed=SEED)
def test_the_envelope_holds_alone_and_pooled(seed):
    context = ground(seed)
    room = context.envelope - context.consumed
    alone = LAND.build("cap").opening(context).naf.sum(axis=1)
    assert np.all(alone <= np.maximum(room, 0) * (1 + 1e-12))
    pooled = LAND.build("shared_reserve").opening(context).naf.sum(axis=1)
    for pact in set(context.pact.tolist()) - {-1}:
        members = context.pact == pact
        assert pooled[members].sum() <= max(0.0, room[members].sum()) * (1 + 1e-9)
    outside = context.pact < 0
    np.testing.assert_allclose(pooled[outside], alone[outside], rtol=1e-12)
    for name in ("brownfield_first", "services", "grid"):
        capped = LAND.build({"rule": name, "capped": True}).opening(context).naf.sum(axis=1)
        assert np.all(capped <= np.maximum(room, 0) * (1 + 1e-9))


def test_a_pooled_account_serves_a_member_whose_own_is_spent():
    context = LandContext(
        asked=np.array([[4.0, 0, 0], [0, 0, 0]]), naf=np.full(2, 100.0), brownfield=np.zeros(2),
        envelope=np.array([5.0, 5.0]), consumed=np.array([5.0, 2.0]), pact=np.zeros(2, dtype=int),
        brownfield_first=np.zeros(2, dtype=bool),
    )  # fmt: skip
    assert LAND.build("cap").opening(context).naf.sum() == 0.0
    assert LAND.build("shared_reserve").opening(context).naf[0, 0] == pytest.approx(3.0)


@given(seed=SEED)
def test_brownfield_goes_first_where_the_rule_says_so(seed):
    context = ground(seed)
    got = LAND.build("brownfield_first").opening(context)
    fit = context.asked[:, :2].sum(axis=1)
    np.testing.assert_allclose(got.brownfield.sum(axis=1), np.minimum(fit, context.brownfield), rtol=1e-12)
    race = LAND.build("race").opening(context)
    np.testing.assert_allclose(
        race.brownfield.sum(axis=1),
        np.where(context.brownfield_first, got.brownfield.sum(axis=1), 0.0),
        rtol=1e-12,
    )


def test_territories_may_follow_different_land_rules():
    context = ground(11)
    n = context.naf.size
    rules = [LAND.build("cap" if i % 2 else "race") for i in range(n)]
    got = openings(rules, context)
    for i, rule in enumerate(rules):
        np.testing.assert_array_equal(got.naf[i], rule.opening(context).naf[i])


@pytest.mark.parametrize(("table", "name"), [(t, n) for t in (WATER, WOOD, LAND, GROWTH) for n in sorted(t)])
def test_every_rule_says_what_it_is(table, name):
    traits = table[name].traits
    assert traits.summary.fr
    assert traits.summary.en
    assert traits.source
