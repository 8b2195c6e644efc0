"""Bodies that merge, and services that neighbours connect."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopsim.scenario import section_defaults
from coopsim.schedule.bodies import effects as body_effects
from coopsim.schedule.bodies import outlook as body_outlook
from coopsim.schedule.bodies import perimeters
from coopsim.schedule.bodies.accounts import settle_accounts
from coopsim.schedule.resources.water import lent_capacity, yearly_needs
from coopsim.society import bodies as rules
from coopsim.society.bodies import BodyParams
from coopsim.society.body_moves import BODY_INDEX
from coopsim.tables.bodies import ACCOUNT
from tests.body_worlds import row, world_of

P = BodyParams(**section_defaults("society.bodies"))


# --- perimeters ---


def test_after_a_merger_everything_is_the_new_bodys():
    world = world_of()
    table, r = world.bodies, world.rivers
    gone, heir, third = (
        row(world, c) for c in ("siaep_sud_segala", "sm_limargue_segala", "autres_services_figeac")
    )
    body_effects.works(world, gone, 700.0)
    body_effects.works(world, heir, 100.0)
    body_effects.EFFECTS["interconnect_networks"](world, gone, third)

    def delivered():
        return (r.capacity * r.network_yield).sum()

    before = {
        "capacity": r.capacity.sum(), "delivered": delivered(), "served": r.served.sum(axis=0).copy(),
        "share": table.share[table.service >= 0].sum(axis=0).copy(), "seats": table.seats.sum(),
        "debt": table.debt.sum(), "volume": table.volume.sum(),
    }  # fmt: skip
    ordinary = table.ordinary[[gone, heir]].copy()
    perimeters.join(world, gone, heir)
    assert r.capacity.sum() == pytest.approx(before["capacity"])
    assert delivered() == pytest.approx(before["delivered"])
    np.testing.assert_allclose(r.served.sum(axis=0), before["served"])
    np.testing.assert_allclose(table.share[table.service >= 0].sum(axis=0), before["share"])
    assert table.seats.sum() == before["seats"]
    assert table.debt.sum() == pytest.approx(before["debt"])
    assert table.volume.sum() == pytest.approx(before["volume"])
    assert table.debt[gone] == pytest.approx(0.0)
    assert table.total[:, -1].sum() == pytest.approx(0.0)  # taken over
    assert table.debt == pytest.approx(-table.total.sum(axis=1))
    assert table.ordinary[heir] == pytest.approx(ordinary[1] + (1 - P.merger_saving_share) * ordinary[0])
    assert table.links == [(min(heir, third), max(heir, third), table.links[0][2])]
    assert not table.alive[gone]
    assert not table.members(gone).any()
    assert table.seats[heir, world.places.code.index("200067361")] > 10
    settle_accounts(world)
    assert not table.total[gone, : len(ACCOUNT) - 1][ACCOUNT.index(("users", "households"))]


def test_who_sits_together_follows_the_bodies():
    world = world_of()
    before = world.same_body.copy()
    perimeters.meet(world)
    np.testing.assert_array_equal(world.same_body, before)
    decazeville, figeac = (world.places.code.index(c) for c in ("200067064", "200067361"))
    assert not world.same_body[decazeville, figeac]
    perimeters.join(world, row(world, "eau_decazeville"), row(world, "autres_services_figeac"))
    assert world.same_body[decazeville, figeac]


def test_a_merger_with_a_body_that_is_no_more_lapses():
    world = world_of()
    a, b, c = (row(world, x) for x in ("siaep_sud_segala", "sm_limargue_segala", "autres_services_figeac"))
    perimeters.join(world, a, b)
    world.bodies.pending += [(0, c, "merge_bodies", a), (0, a, "reduce_leaks", -1)]
    body_effects.apply_due(world)
    assert [line["outcome"] for line in world.journal[-2:]] == ["lapsed", "lapsed"]
    assert world.bodies.alive[c]


def test_a_merger_has_one_price_for_all():
    """What some users pay more the others pay less, and the smaller partner cedes more of the decisions."""
    world = world_of(
        {"society.councils.supply_target_pressure": 0.5, "society.bodies.main_cost_keur_per_km": 0.0}
    )
    table = world.bodies
    table.price *= np.linspace(1.0, 2.0, len(table))
    m = BODY_INDEX["delegate_to_syndicate"]
    views = {int(b): body_outlook.outlook(world, int(b), None) for b in np.flatnonzero(table.service >= 0)}
    b, view = next((b, view) for b, view in views.items() if view.target[m] >= 0)
    partner = int(view.target[m])
    assert table.members(b).sum() == 1
    running = table.ordinary[partner] + (1 - P.merger_saving_share) * table.ordinary[b]
    one = 1000.0 * running / table.volume[[b, partner]].sum()
    water_of = world.params.water.drinking_m3_per_head * world.people.population
    rise = (
        (one - table.price[b]) * table.share[b] + (one - table.price[partner]) * table.share[partner]
    ) * water_of
    expected = 100.0 * P.user_weight * rise / 1000.0 / world.finance.budget
    assert view.expected.cost[:, m] == pytest.approx(expected)
    people = table.share[[b, partner]] @ world.people.population
    other = table.members(partner) & ~table.members(b)
    assert view.expected.ceded[table.members(b), m] == pytest.approx(
        P.transfer_ceded * people[1] / people.sum()
    )
    assert view.expected.ceded[other, m] == pytest.approx(P.transfer_ceded * people[0] / people.sum())


# --- networks ---


@given(
    st.lists(st.tuples(st.floats(0, 100), st.floats(0, 100)), min_size=2, max_size=5),
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.floats(0, 50)), max_size=4),
)
def test_neighbours_lend_only_what_they_do_not_need(services, mains):
    needed, capacity = np.array([s[0] for s in services]), np.array([s[1] for s in services])
    links = [(a, b, m) for a, b, m in mains if a != b and max(a, b) < len(services)]
    out = rules.interconnected(needed, capacity, links)
    assert out.sum() == pytest.approx(capacity.sum())
    assert (out >= np.minimum(capacity, needed) - 1e-9).all()
    short = np.maximum(needed - capacity, 0.0).sum()
    assert np.maximum(needed - out, 0.0).sum() <= short + 1e-9
    assert rules.interconnected(needed, capacity, []).tolist() == capacity.tolist()


def test_a_main_between_two_services_eases_the_short_one():
    world = world_of()
    r, table = world.rivers, world.bodies
    a, b = row(world, "siaep_sud_segala"), row(world, "sm_limargue_segala")
    r.capacity[table.service[a]] *= 0.5
    asked = world.rivers.yield_start * 1.4 * sum(yearly_needs(world)) / 365.0
    before = lent_capacity(world, asked)[table.service[a]]
    body_effects.EFFECTS["interconnect_networks"](world, a, b)
    body_effects.EFFECTS["interconnect_networks"](world, b, a)  # once is enough
    assert len(table.links) == 1
    assert lent_capacity(world, asked)[table.service[a]] > before
    assert lent_capacity(world, asked).sum() == pytest.approx(r.capacity.sum())
