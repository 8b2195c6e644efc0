"""What the moves of bodies do: rivers, wetlands, water spared, forest charters, shared diagnostics."""

from dataclasses import replace

import numpy as np
import pytest

from coopsim.scenario import section_defaults
from coopsim.schedule.bodies import effects as body_effects
from coopsim.schedule.bodies import outlook as body_outlook
from coopsim.schedule.bodies import stores as body_stores
from coopsim.schedule.bodies.accounts import settle_accounts
from coopsim.schedule.bodies.dry_summer import DrySummer
from coopsim.schedule.body_state import charter_members, lent_posts
from coopsim.schedule.resources.water import management, water_phase, yearly_needs
from coopsim.society.bodies import BodyParams
from coopsim.society.body_moves import BODY_INDEX
from tests.body_worlds import lived, row, world_of

P = BodyParams(**section_defaults("society.bodies"))


# --- rivers ---


def test_a_store_gives_back_what_it_held():
    world = world_of()
    b = row(world, "sm_bassin_lot")
    (node, dam) = body_stores.sites(world, b)
    assert world.bodies.nodes[b, [node, dam]].all()
    cost = [body_stores.store_cost(world, b, n) / body_stores.store_volume(world, b, n) for n in (node, dam)]
    assert max(cost) == pytest.approx(P.new_dam_factor * min(cost))  # new, or below reservoirs that exist
    body_effects.EFFECTS["low_flow_support"](world, b, node)
    body_effects.EFFECTS["low_flow_support"](
        world, row(world, "sm_cele_lot_median"), node
    )  # one store a node
    assert (world.bodies.store_node >= 0).sum() == 1
    assert body_stores.sites(world, b) == []
    level = []
    for tick in range(9):
        world.tick = tick
        before = float(world.bodies.store[b])
        factor = world.climate.quarter(tick)[:, None] * np.ones((1, len(world.rivers.node)))
        managed = management(world, factor)
        moved = -float(managed.released.sum()) * 876_600.0
        water_phase(world)
        level.append(float(world.bodies.store[b]))
        assert level[-1] - before == pytest.approx(moved, abs=1e-3)
        assert world.signals.water["imbalance"].max() < 1e-9
    assert level[0] > 0
    assert level[2] == pytest.approx(0.0)
    assert max(level) <= world.bodies.store_capacity[b] * (1 + 1e-12)


def test_wetlands_send_runoff_to_the_ground_up_to_a_limit():
    world = world_of()
    b = row(world, "sm_dordogne_cere")
    start = world.rivers.graph.recharge.copy()
    for _ in range(5):
        body_effects.EFFECTS["wetland_works"](world, b, -1)
    inside = world.bodies.nodes[b]
    assert world.rivers.graph.recharge[inside] - start[inside] == pytest.approx(P.wetland_max)
    assert world.rivers.graph.recharge[~inside] == pytest.approx(start[~inside])
    world.tick = 12
    assert not body_outlook.outlook(world, b, DrySummer.seen(world)).possible[BODY_INDEX["wetland_works"]]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("code", "key"),
    [
        ("sm_dordogne_cere", "wetland_works"),
        ("sm_bassin_lot", "abstraction_plan"),
        ("sm_bassin_lot", "low_flow_support"),
    ],
)
def test_the_expected_effect_is_what_the_same_year_brings(code, key):
    """The projection of a move, and the same dry year once the move is made: the same functions, the same figures."""
    closed = ("wetland_works", "abstraction_plan", "low_flow_support")
    world = lived(3, {f"governance.choice.body_moves.{name}.allowed": False for name in closed}, seed=1)
    world.rules = replace(world.rules, bodies=world_of().rules.bodies)
    b, m = row(world, code), BODY_INDEX[key]
    dry = DrySummer.seen(world)
    before = dry.brings(management(world, np.ones((9, 1))))
    view = body_outlook.outlook(world, b, DrySummer.seen(world))
    assert view.possible[m]
    target = int(view.target[m])
    body_effects.EFFECTS[key](world, b, target)
    store = (target, float(world.bodies.store_capacity[b])) if key == "low_flow_support" else None
    plain = replace(management(world, np.ones((9, 1))), released=None, stored=None)
    after = replace(dry).brings(plain, store)
    assert view.expected.resources[:, m] == pytest.approx(before[0] - after[0])
    assert view.expected.social[:, m] == pytest.approx(100 * P.irrigation_weight * (before[1] - after[1]))
    assert view.expected.resources[:, m].any() or view.expected.social[:, m].any()


def test_before_any_summer_a_board_knows_nothing():
    world = world_of()
    assert not body_outlook.outlook(world, row(world, "sm_bassin_lot"), DrySummer.seen(world)).possible.any()


def test_an_abstraction_plan_cuts_together_inside_the_perimeter_only():
    world = world_of()
    b = row(world, "sm_bassin_lot")
    body_effects.EFFECTS["abstraction_plan"](world, b, -1)
    plan = management(world, np.ones((9, 1))).plan
    assert ((plan >= 0) == world.bodies.nodes[b]).all()
    assert len(set(plan[plan >= 0])) == 1


# --- sobriety, wood, PETR ---


def test_a_sobriety_plan_spares_water_until_it_ends():
    world = world_of()
    b = row(world, "eau_bouriane")
    i = world.places.code.index("244600482")
    before = yearly_needs(world)[0]
    body_effects.EFFECTS["sobriety_plan"](world, b, -1)
    after = yearly_needs(world)[0]
    assert after[i] == pytest.approx(before[i] * (1 - P.sobriety_saving))
    assert np.delete(after, i) == pytest.approx(np.delete(before, i))
    world.tick = 4 * P.sobriety_years
    settle_accounts(world)
    assert yearly_needs(world)[0] == pytest.approx(before)


def test_a_charter_groups_owners_and_caps_conifer_for_its_members_only():
    world = world_of()
    b = row(world, "charte_forestiere")
    members = world.bodies.members(b)
    before = world.wood.grouping.copy()
    body_effects.EFFECTS["group_forest_owners"](world, b, -1)
    body_effects.EFFECTS["supply_charter"](world, b, -1)
    moved = world.wood.grouping > before
    assert moved.any()
    assert members[world.wood.territory[moved]].all()
    assert charter_members(world).tolist() == members.tolist()
    assert world.bodies.debt[b] == pytest.approx(2 * world.params.councils.grouping_cost_keur)


def test_a_diagnostic_is_shared_until_it_is_out_of_date():
    world = world_of()
    b = row(world, "petr_fqvd")
    members = world.bodies.members(b)
    assert not world.rules.diagnostic.any()
    body_effects.EFFECTS["shared_diagnostic"](world, b, -1)
    assert (world.rules.diagnostic[members] == 2).all()
    assert not world.rules.diagnostic[~members].any()
    world.tick = 4 * P.diagnostic_years
    body_effects.lend_diagnostics(world)
    assert not world.rules.diagnostic.any()


def test_posts_are_lent_to_pacts_in_which_two_members_sit():
    world = world_of()
    b = row(world, "petr_fqvd")
    body_effects.EFFECTS["pact_animation"](world, b, -1)
    members = world.bodies.members(b)
    assert lent_posts(world, members) == P.animation_fte
    alone = np.zeros(world.size, bool)
    alone[int(np.argmax(members))] = True
    assert lent_posts(world, alone) == 0.0
    world.tick = 4 * P.staff_years
    assert lent_posts(world, members) == 0.0
