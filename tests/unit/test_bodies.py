"""Bodies that cross borders: who sits and votes, what the law lets them do, what they own, owe and change."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopsim.economy.finance import LINE
from coopsim.errors import ScenarioError
from coopsim.model import CoopModel
from coopsim.run import simulate
from coopsim.scenario import load_scenario, section_defaults, shipped_cases
from coopsim.schedule import body_effects, body_outlook, body_stores, perimeters
from coopsim.schedule.bodies import _refused, bodies_phase, body_ballot, delegates
from coopsim.schedule.body_accounts import settle_accounts
from coopsim.schedule.body_state import charter_members, lent_posts
from coopsim.schedule.water import lent_capacity, management, water_phase, yearly_needs
from coopsim.society import bodies as rules
from coopsim.society.bodies import BodyParams
from coopsim.society.body_moves import BODY_INDEX, BODY_MOVES
from coopsim.tables.bodies import ACCOUNT, KINDS, POWER, POWERS, BodyTable
from coopsim.world.founding import founded
from coopsim.world.founding_bodies import law, powers_of
from tests.system.invariants import Broken, check_bodies, snapshot
from tests.system.test_symmetry import shuffled, sorted_run

FULL = {"governance.choice.body_decisions": "full", "governance.position.body_seats": "statutory"}
P = BodyParams(**section_defaults("society.bodies"))


def world_of(changes=None, name="figeac-status-quo", seed=0):
    return founded(load_scenario(name).but(FULL | (changes or {})), seed)


def lived(years, changes=None, seed=0):
    """A world at the end of some years of Figeac in which bodies decide."""
    model = CoopModel(load_scenario("figeac-status-quo").but(FULL | (changes or {})), seed, views=False)
    for _ in range(4 * years):
        model.step()
    model.release()
    return model.world


def row(world, code):
    return world.bodies.code.index(code)


# --- the account, in closed form ---


@given(st.floats(0, 1e5), st.floats(-1e5, 1e5), st.floats(0, 0.2))
def test_a_body_collects_its_running_cost_its_interest_and_a_share_of_its_debt(running, debt, rate):
    need = rules.need(P, running, debt, rate)
    assert need == pytest.approx(running + max(debt, 0.0) * (rate + 1.0 / P.amortisation_years))


def test_the_debt_falls_by_what_is_repaid_and_by_nothing_else():
    table = BodyTable.of(("a",), ("A",), np.array([1], np.uint64), np.zeros(1, np.int64),
                         np.zeros((1, len(POWERS)), bool), np.ones((1, 2)), np.ones((1, 2), np.int64),
                         np.array([-1]), np.zeros((1, 0), bool), np.zeros(1, bool))  # fmt: skip
    table.post(0, "works", 1000.0)
    assert table.debt[0] == 1000.0
    for _ in range(3):
        owed = float(table.debt[0])
        table.post(0, "operation", 50.0)
        table.post(0, "interest", 0.03 * owed)
        table.post(0, "contributions", rules.need(P, 50.0, owed, 0.03))
        assert table.debt[0] == pytest.approx(owed * (1.0 - 1.0 / P.amortisation_years))
    assert table.debt[0] == pytest.approx(-table.total.sum())


@given(
    st.floats(0, 1e5),
    st.lists(st.tuples(st.floats(0, 1e5), st.integers(0, 40)), min_size=1, max_size=6),
    st.booleans(),
)
def test_contributions_sum_to_the_bill(bill, members, by_seats):
    people, seats = np.array([m[0] for m in members]), np.array([m[1] for m in members])
    each = rules.contributions(bill, people, seats, by_seats=by_seats)
    assert each.sum() == pytest.approx(bill)
    assert (each >= 0.0).all()
    if by_seats and seats.sum() > 0:
        assert each == pytest.approx(bill * seats / seats.sum())


@given(st.floats(0, 1e6), st.floats(1, 1e6))
def test_most_of_a_water_service_costs_the_same_whatever_it_sells(volume, start):
    found = rules.operation(P, 100.0, volume, start)
    assert found == pytest.approx(100.0 * (P.fixed_cost_share + (1 - P.fixed_cost_share) * volume / start))
    everything = replace(P, fixed_cost_share=1.0)
    assert rules.operation(everything, 100.0, volume, start) == pytest.approx(100.0)


def test_users_pay_a_service_and_members_the_others_to_the_last_euro():
    world = world_of()
    before = world.finance.flows.copy()
    settle_accounts(world)
    table = world.bodies
    line = dict(zip([name for name, _ in ACCOUNT], table.total.T, strict=True))
    services = table.service >= 0
    assert (line["users"][services] > 0).all()
    assert (line["contributions"][~services] > 0).all()
    assert line["users"][~services].sum() == line["contributions"][services].sum() == 0.0
    flows = world.finance.flows - before
    assert -flows[:, LINE["body_contributions"]].sum() == pytest.approx(line["contributions"].sum())
    assert table.paid.sum() == pytest.approx(line["contributions"].sum())
    # nothing new is under way: what members pay was among their services until now
    assert flows.sum(axis=1) == pytest.approx(np.zeros(world.size), abs=1e-9)
    assert table.debt == pytest.approx(np.zeros(len(table)), abs=1e-9)


def test_works_are_borrowed_less_the_aid_and_raise_the_price():
    world = world_of()
    b = row(world, "sm_limargue_segala")
    settle_accounts(world)
    price = world.bodies.price[b]
    body_effects.works(world, b, 1000.0)
    assert world.bodies.debt[b] == pytest.approx(1000.0 * (1 - P.agency_share))
    settle_accounts(world)
    charge = rules.annuity(P, 1000.0, world.params.finance.interest_per_yr)
    assert world.bodies.price[b] - price == pytest.approx(1000.0 * charge / world.bodies.volume[b])


def test_the_tax_for_rivers_pays_what_a_board_asks_in_addition_up_to_its_ceiling():
    """CGI 1530 bis: 40 EUR per inhabitant (actu-environnement.com, 2018)."""
    world = world_of({"governance.payoff.river_board_funding": "gemapi_tax"})
    b = row(world, "sm_dordogne_cere")
    members = world.bodies.members(b)
    settle_accounts(world)
    assert not world.bodies.levied.any()  # nothing in addition yet
    body_effects.works(world, b, 5000.0)
    settle_accounts(world)
    charge = rules.annuity(P, 5000.0, world.params.finance.interest_per_yr)
    assert world.bodies.levied.sum() == pytest.approx(charge)
    assert not world.bodies.levied[~members].any()
    body_effects.works(world, b, 5e7)
    settle_accounts(world)
    assert world.finance.french is not None
    raised = world.finance.french.amounts["river_tax"][members]  # what councils raise already counts
    assert world.bodies.levied[members] == pytest.approx(0.040 * world.people.population[members] - raised)
    assert world.finance.flows[:, LINE["river_levy"]].sum() == pytest.approx(
        charge + world.bodies.levied.sum()
    )


# --- seats ---


def test_seats_by_highest_averages_one_each_none_above_half():
    """The PETR of the case: two members, each at the limit that the law sets (CGCT L5741-1)."""
    world = world_of()
    b = row(world, "petr_fqvd")
    people = world.bodies.share[b] * world.places.population
    members = world.bodies.members(b)
    most = next(s["most"] for s in law()["seats"] if s["kind"] == "petr")
    assert rules.apportioned(people[members], 40, most).tolist() == [20, 20]
    assert rules.apportioned(np.array([900.0, 60.0, 40.0]), 10, most).tolist() == [5, 3, 2]
    assert rules.apportioned(np.array([900.0, 60.0, 40.0]), 10).tolist() == [8, 1, 1]


@given(st.lists(st.floats(1, 1e5), min_size=1, max_size=8), st.integers(0, 60))
def test_every_member_sits_and_all_seats_are_given(people, extra):
    seats = rules.apportioned(np.array(people), len(people) + extra)
    assert seats.sum() == len(people) + extra
    assert seats.min() >= 1
    for more, fewer in itertools.permutations(range(len(people)), 2):
        assert people[more] <= people[fewer] or seats[more] >= seats[fewer]


def test_delegates_sit_by_the_statutes_or_one_for_the_people_served():
    world = world_of()
    b = row(world, "sm_limargue_segala")
    rows, members = delegates(world, b)
    assert np.bincount(members, minlength=world.size).tolist() == world.bodies.seats[b].tolist()
    assert (world.councils.territory[rows] == members).all()
    for i in np.unique(members):
        assert rows[members == i][0] == world.councils.executive[i]
        assert len(set(rows[members == i])) == (members == i).sum()
    plain = world_of({"governance.position.body_seats": "served"})
    rows, members = delegates(plain, b)
    assert rows.tolist() == plain.councils.executive[members].tolist()
    assert delegates(plain, row(plain, "petr_fqvd"))[0].size == 40


def test_statutory_seats_can_turn_a_vote():
    """Two members with as many seats, one with more people: it decides alone where people count, never by seats."""
    found = {}
    for seats in ("served", "statutory"):
        world = world_of(
            {"governance.position.body_seats": seats, "governance.aggregation.body_rule": "weighted"}
        )
        b = row(world, "sm_limargue_segala")
        _, members = delegates(world, b)
        served = world.bodies.served(b, world.people.population)
        larger = members == int(np.argmax(served))
        found[seats] = world.rules.body_rule.adopted(body_ballot(world, b, larger, members))
    assert found == {"served": True, "statutory": False}


def test_the_default_is_what_it_was():
    world = world_of(
        {"governance.choice.body_decisions": "water_works", "governance.position.body_seats": "served"}
    )
    for _ in range(8):
        bodies_phase(world)
        world.tick += 1
    assert not world.bodies.total.any()
    assert not world.bodies.drafted.any()


# --- powers ---


def test_powers_by_code_by_name_and_by_law():
    assert powers_of("petr", "1540;3505;4020").tolist() == [
        name in ("environment", "territorial_project", "economic_promotion") for name in POWERS
    ]
    assert powers_of("river_board", "1528;water_quantity")[
        [POWER["river_works"], POWER["water_quantity"]]
    ].all()
    assert powers_of("water_syndicate", "").sum() == 0
    assert set(law()["power"]) == set(POWERS)
    assert {kind for power in law()["power"].values() for kind in power["by_law"]} <= set(KINDS)
    assert all(move.power in (*POWERS, "") for move in BODY_MOVES)


def refused(world, code, key):
    b = row(world, code)
    view = body_outlook.Outlook.blank(world)
    _refused(world, b, BODY_INDEX[key], view, *delegates(world, b))
    return [line for line in world.journal if line["outcome"] == "refused"]


def test_a_move_beyond_its_powers_is_refused_with_the_article():
    world = world_of({"governance.choice.body_moves.transfer_power.allowed": False})
    (line,) = refused(world, "sm_dordogne_cere", "low_flow_support")
    assert "L211-7" in line["reason_fr"]
    assert "gestion quantitative" in line["reason_fr"]
    assert world.bodies.refused.sum() == 1
    assert not world.bodies.pending
    assert (world.bodies.store_node < 0).all()


def test_a_power_that_another_body_holds_there_is_not_asked_for():
    world = world_of()
    lines = refused(world, "sm_cele_lot_median", "abstraction_plan")
    assert "SM du bassin du Lot" in lines[-1]["reason_fr"]
    assert perimeters.held_by(world, row(world, "sm_dordogne_cere"), POWER["water_quantity"]) == -1


def test_a_transferred_power_is_held_after_the_delay_and_not_before():
    world = world_of()
    b, power = row(world, "sm_dordogne_cere"), POWER["water_quantity"]
    world.bodies.pending.append((5, b, "transfer_power", power))
    for tick in range(7):
        world.tick = tick
        body_effects.apply_due(world)
        assert bool(world.bodies.powers[b, power]) == (tick >= 5)
    other = row(world, "sm_cele_lot_median")
    world.bodies.pending.append((6, other, "transfer_power", power))
    body_effects.apply_due(world)
    assert not world.bodies.powers[other, power]
    assert world.journal[-1]["outcome"] == "lapsed"


# --- the legal vote of communes and members ---


def statutes(world, code, refusing=()):
    """The vote of the communes of a body, all in favour but some, nobody silent."""
    b = row(world, code)
    rows, by_commune = perimeters.voters(world, b)
    group = world.councils.commune[rows] if by_commune else world.councils.territory[rows]
    return perimeters.statutes_ballot(world, b, ~np.isin(group, refusing), rows, by_commune=by_commune)


SPOKEN = {"society.bodies.silence_share": 0.0}


def test_communes_vote_on_a_water_service_and_intercommunalities_on_the_others():
    world = world_of(SPOKEN)
    communes = np.isin(
        world.electorate.territory, np.flatnonzero(world.bodies.members(row(world, "siaep_sud_segala")))
    )
    assert perimeters.counted(statutes(world, "siaep_sud_segala")) == (communes.sum(), 0, 0)
    assert perimeters.counted(statutes(world, "sm_dordogne_cere")) == (4, 0, 0)


def test_the_largest_member_above_a_quarter_can_block_alone():
    world = world_of(SPOKEN)
    rule = world.rules.bodies.statutes
    people = world.bodies.served(row(world, "sm_dordogne_cere"), world.people.population)
    largest = int(np.argmax(people))
    assert people[largest] > 0.25 * people.sum()
    assert rule.adopted(statutes(world, "sm_dordogne_cere"))
    assert not rule.adopted(statutes(world, "sm_dordogne_cere", [largest]))
    smallest = int(np.argmin(np.where(people > 0, people, np.inf)))
    assert rule.adopted(statutes(world, "sm_dordogne_cere", [smallest]))


def test_silence_is_agreement():
    world = world_of({"society.bodies.silence_share": 1.0})
    everybody = np.arange(world.electorate.commune.size)
    ballot = statutes(world, "siaep_sud_segala", everybody)
    assert perimeters.counted(ballot)[:2] == (0, 0)
    assert world.rules.bodies.statutes.adopted(ballot)
    assert not world_of(SPOKEN).rules.bodies.statutes.adopted(
        statutes(world_of(SPOKEN), "siaep_sud_segala", everybody)
    )


def test_a_commune_without_a_seat_in_the_council_is_counted_too():
    world = world_of(SPOKEN | {"governance.position.council_seats": 3})
    yes, no, silent = perimeters.counted(statutes(world, "siaep_sud_segala"))
    assert no == 0
    assert silent > 80
    assert yes + silent == (world.electorate.territory == world.places.code.index("200067361")).sum()


def test_the_people_of_a_perimeter_are_those_that_the_body_serves():
    world = world_of(SPOKEN)
    b = row(world, "siaep_sud_segala")
    ballot = statutes(world, "siaep_sud_segala")
    _, first = np.unique(ballot.group, return_index=True)
    assert ballot.population[first].sum() == pytest.approx(
        world.bodies.served(b, world.people.population).sum()
    )


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
    views = {int(b): body_outlook.outlook(world, int(b)) for b in np.flatnonzero(table.service >= 0)}
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
    assert not body_outlook.outlook(world, b).possible[BODY_INDEX["wetland_works"]]


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
    climate = body_outlook.driest(world)
    before = body_outlook.dry_year(world, climate, management(world, np.ones((9, 1))))
    view = body_outlook.outlook(world, b)
    assert view.possible[m]
    target = int(view.target[m])
    body_effects.EFFECTS[key](world, b, target)
    store = (target, float(world.bodies.store_capacity[b])) if key == "low_flow_support" else None
    plain = replace(management(world, np.ones((9, 1))), released=None, stored=None)
    after = body_outlook.dry_year(world, climate, plain, store)
    assert view.expected.resources[:, m] == pytest.approx(before[0] - after[0])
    assert view.expected.social[:, m] == pytest.approx(100 * P.irrigation_weight * (before[1] - after[1]))
    assert view.expected.resources[:, m].any() or view.expected.social[:, m].any()


def test_before_any_summer_a_board_knows_nothing():
    world = world_of()
    assert not body_outlook.outlook(world, row(world, "sm_bassin_lot")).possible.any()


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


# --- a whole run ---


def test_bodies_decide_and_the_journal_tells_why():
    run = simulate(load_scenario("figeac-status-quo").but(FULL), seed=0, years=8)
    journal = run.journal
    votes = journal[journal["kind"] == "body-vote"]
    assert {"passed", "rejected"} <= set(votes["outcome"])
    assert votes["decisive"].notna().all()
    assert (votes["reason_fr"] != votes["reason_en"]).all()
    refusals = journal[(journal["kind"] == "body") & (journal["outcome"] == "refused")]
    assert len(refusals) > 0
    assert refusals["reason_fr"].str.contains("compétence").all()
    last = run.system.iloc[-1]
    assert last["body_proposals"] > last["body_adopted"] > 0
    assert last["bodies"] == 19


def test_a_move_that_the_rules_close_is_never_drafted():
    closed = {f"governance.choice.body_moves.{move.key}.allowed": False for move in BODY_MOVES}
    run = simulate(load_scenario("figeac-status-quo").but(FULL | closed), seed=0, years=4)
    assert not run.journal["kind"].isin(["body", "body-vote"]).any()


def test_what_nobody_needs_is_not_prepared():
    """A service that passes its stress test drafts nothing."""
    world = world_of({"society.councils.supply_target_pressure": 5.0})
    for b in np.flatnonzero(world.bodies.service >= 0):
        assert not body_outlook.outlook(world, int(b)).possible.any()
    short = world_of({"society.councils.supply_target_pressure": 0.5})
    b = row(short, "siaep_sud_segala")
    assert (
        body_outlook.outlook(short, b)
        .possible[[BODY_INDEX["reduce_leaks"], BODY_INDEX["expand_water_supply"]]]
        .all()
    )


# --- what the invariants see, and rows without a rank ---


SPOILED = {
    "debt": lambda b: b.debt.__setitem__(0, b.debt[0] + 1.0),
    "a contribution nobody pays": lambda b: b.post(0, "contributions", 10.0),
    "a seat in a body that is no more": lambda b: b.alive.__setitem__(0, False),
    "people served twice": lambda b: b.share.__setitem__(int(np.argmax(b.service >= 0)), 1.0),
    "a store too full": lambda b: b.store.__setitem__(0, 1.0),
    "spending that brings money": lambda b: b.post(0, "works", -1e7),
    "a debt taken over by nobody": lambda b: b.post(0, "taken_over", 5.0),
}


@pytest.mark.parametrize("spoil", SPOILED.values(), ids=SPOILED)
def test_the_invariants_see_a_spoiled_body(spoil):
    world = world_of()
    before = snapshot(world)
    settle_accounts(world)
    check_bodies(world, before)
    spoil(world.bodies)
    with pytest.raises(Broken):
        check_bodies(world, before)


def test_the_order_of_the_case_changes_nothing(tmp_path):
    """Every digit and every line of the journal, with all bodies deciding after four summers."""
    spec = load_scenario("figeac-status-quo").but(FULL | {"society.councils.supply_target_pressure": 0.7})
    folder = shuffled(shipped_cases()["figeac"], tmp_path / "figeac", 5)
    moved = spec.but({"case.name": str(folder), "name": spec.name})
    before, after = (sorted_run(simulate(s, seed=1, years=5)) for s in (spec, moved))
    np.testing.assert_array_equal(before[0], after[0])
    np.testing.assert_array_equal(before[1], after[1])
    assert before[2] == after[2]
    assert any(line["kind"] == "body-vote" for line in before[2])


def test_bodies_that_only_keep_accounts_leave_the_luck_of_others_alone():
    """All moves closed: the same world to the last digit, and the same debts."""
    closed = {f"governance.choice.body_moves.{move.key}.allowed": False for move in BODY_MOVES}
    spec = load_scenario("figeac-status-quo").but({"governance.choice.body_decisions": "water_works"})
    plain, full = (simulate(s, seed=2, years=3).territories for s in (spec, spec.but(FULL | closed)))
    for name in ("jobs", "population", "trust", "low_flow_share", "standing_wood_m3", "proposals", "passed"):
        np.testing.assert_array_equal(plain[name], full[name])
    np.testing.assert_allclose(plain["debt_keur"], full["debt_keur"], rtol=1e-9)


def test_two_services_cannot_serve_the_same_people():
    twice = [{"body": "a", "population_share": 0.7}, {"body": "b", "population_share": 0.7}]
    with pytest.raises(ScenarioError, match="serve more than the people"):
        founded(load_scenario("voting-power").but({"case.synthetic.bodies": twice}), 0)
