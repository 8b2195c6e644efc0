"""The ecological filter on the budget: what it avoids, what it reduces, what it adapts, and who pays."""

import pytest
from numpy.testing import assert_allclose, assert_array_equal

from coopsim.economy.finance import LINE
from coopsim.resources.land import Use
from coopsim.schedule.land import era, ground
from coopsim.schedule.moves import carry_out, expectation, possible
from coopsim.society.moves import INDEX
from coopsim.world import founded
from tests.system.invariants import live
from tests.system.parts import small

KEY = "governance.scope.budget.era_filter"
OPEN = INDEX["open_land"]


def world_of(step, **land):
    rules = {KEY: step, "governance.scope.land.opening": "race", **land}
    world = founded(small(rules), 0)
    uses = world.land.uses
    for use in (Use.VACANT, Use.BROWNFIELD, Use.PIPELINE):  # nothing to build on
        uses[:, Use.NAF] += uses[:, use]
        uses[:, use] = 0.0
    return world


@pytest.mark.parametrize("use", [Use.VACANT, Use.BROWNFIELD, Use.PIPELINE])
def test_no_zone_where_what_is_there_could_hold_it(use):
    world, free = world_of("avoid"), world_of("none")
    for w in (world, free):
        w.land.uses[1, use] = 1.001 * era.block(w)[1]
        w.land.uses[2, use] = 0.999 * era.block(w)[2]
    assert_array_equal(possible(world)[:, OPEN], [True, False, True])
    assert possible(free)[:, OPEN].all()


def test_a_zone_on_the_programme_counts_as_there():
    world = world_of("avoid")
    carry_out(world, 0, "open_land")
    assert_array_equal(possible(world)[:, OPEN], [False, True, True])


def test_smaller_zones_are_expected_smaller_and_are_smaller():
    worlds = [world_of(step) for step in ("avoid", "avoid_reduce")]
    for world in worlds:
        carry_out(world, 1, "open_land")
    part = 1.0 - worlds[0].params.commitments.era_reduction
    assert part < 1.0
    assert_allclose(worlds[1].land.wish[1], part * worlds[0].land.wish[1])
    plain, less = (expectation(world, "open_land") for world in worlds)
    assert (plain.jobs > 0.0).all()
    for term in ("jobs", "cost", "resources"):
        assert_allclose(getattr(less, term), part * getattr(plain, term))


def test_adapted_zones_seal_less_and_their_council_pays():
    less, adapted = world_of("avoid_reduce"), world_of("avoid_reduce_adapt")
    before = ground.indicators(less)["artificialised_ha"]
    for world in (less, adapted):
        carry_out(world, 1, "open_land")
        world.finance.flows[:] = 0.0
        ground.land_phase(world)
    opened = adapted.land.opened
    assert_array_equal(opened > 0.0, [False, True, False])
    assert_allclose(opened, less.land.opened)
    p = adapted.params
    spent = [w.finance.flows[:, LINE["land_development"]] for w in (less, adapted)]
    assert_allclose(spent[1], spent[0] - p.commitments.era_adapt_keur_per_ha * opened)
    sealed = [ground.indicators(w)["artificialised_ha"] for w in (less, adapted)]
    assert_allclose(sealed[0] - sealed[1], p.commitments.era_open_soil * p.land.sealed_economic * opened)
    assert (sealed[1] >= before - 1e-9).all()
    e = [expectation(w, "open_land") for w in (less, adapted)]
    assert (e[1].cost > e[0].cost).all()


def test_one_territory_alone_may_have_it():
    rules = {
        "territory": [
            {"code": "T02", "from": 0, "governance": {"scope": {"budget": {"era_filter": "avoid"}}}}
        ]
    }
    world = founded(small(rules), 0)
    world.land.uses[:, Use.VACANT] += 100.0
    assert_array_equal(era.avoided(world), [False, True, False])


def test_runs_keep_every_balance_and_open_less():
    plan = {"governance.choice.decision_maker": {"rule": "fixed", "moves": [{"move": "open_land"}]}}
    found = [
        live(small({KEY: step, "governance.scope.land.opening": "race"} | plan, years=3)).world
        for step in ("none", "avoid_reduce_adapt")
    ]
    assert not found[0].commitments.adapted.any()
    assert found[1].commitments.adapted.sum() > 0.0
    assert found[1].land.opened.sum() < found[0].land.opened.sum()
