"""Who sits and votes in a body, and what the law lets it do."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopsim.schedule.bodies import effects as body_effects
from coopsim.schedule.bodies import outlook as body_outlook
from coopsim.schedule.bodies import perimeters
from coopsim.schedule.bodies.phase import _refused, bodies_phase, body_ballot, delegates
from coopsim.society import bodies as rules
from coopsim.society.body_moves import BODY_INDEX, BODY_MOVES
from coopsim.tables.bodies import KINDS, POWER, POWERS
from coopsim.world.founding_bodies import law, powers_of
from tests.body_worlds import row, world_of

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
