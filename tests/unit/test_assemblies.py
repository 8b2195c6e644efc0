"""Assemblies of a world: who sits there, under which rule, and what each member's votes are worth."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopsim.catalogue import explain, records
from coopsim.errors import ScenarioError
from coopsim.governance import VOTING, Ballot
from coopsim.scenario import load_scenario
from coopsim.schedule.bodies.phase import body_ballot
from coopsim.world.assemblies import bodies, councils
from coopsim.world.founding import founded
from tests.command_line import coopsim_

RULE = "governance.aggregation.body_rule"


def world_of(changes=None, name="voting-power"):
    return founded(load_scenario(name).but(changes or {}), seed=0)


def members(weights, rule):
    return {
        "case.synthetic.territories": len(weights),
        "case.synthetic.population": [float(w) for w in weights],
        RULE: rule,
    }


@settings(max_examples=15)
@given(
    weights=st.lists(st.integers(0, 30), min_size=1, max_size=5).filter(any),
    rule=st.sampled_from(
        ["weighted", "majority", "unanimity", "double_majority", {"rule": "weighted", "quota": 7}]
    ),
)
def test_power_in_a_body_is_how_often_its_ballots_turn(weights, rule):
    """Every coalition of delegates is put to the ballot that the run puts them to, with the run's own weights."""
    world = world_of(members(weights, rule))
    (body,) = bodies(world)
    weight = world.rivers.served[0] * world.people.population
    voters = np.flatnonzero(weight > 0)
    swings = np.zeros(world.size)
    for coalition in range(1 << voters.size):
        yes = (coalition >> np.arange(voters.size) & 1).astype(bool)
        for k in np.flatnonzero(~yes):
            more = yes.copy()
            more[k] = True
            rule = world.rules.body_rule
            after, before = (rule.adopted(body_ballot(world, 0, y, voters)) for y in (more, yes))
            swings[voters[k]] += after and not before
    expected = swings / max(swings.sum(), 1)
    rows = [body.codes.index(code) for code in world.places.code]
    np.testing.assert_allclose(body.power.banzhaf[rows], expected, atol=1e-12)


def test_members_of_a_body_stand_in_order_of_their_votes_whatever_their_number():
    (body,) = bodies(world_of(members([2, 9, 4, 4], "weighted")))
    assert body.codes == ("T02", "T03", "T04", "T01")
    assert body.power.votes.tolist() == [9, 4, 4, 2]
    assert body.power.quota == 10
    assert (body.kind, body.code, body.rule) == ("body", "assembly", "weighted")


def test_a_community_council_is_a_game_of_its_communes():
    found = {a.name: a for a in councils(world_of(name="figeac-status-quo"))}
    town, plural = found["Grand-Figeac"], found["Cauvaldor"]
    assert (town.members[0], town.power.votes[0], town.power.votes.sum(), town.power.quota) == (
        "Figeac",
        20,
        125,
        63,
    )
    assert town.power.banzhaf[0] == pytest.approx(0.267, abs=5e-4)
    assert town.power.shapley_shubik[0] == pytest.approx(0.187, abs=5e-4)
    assert plural.power.banzhaf[0] == pytest.approx(0.0728, abs=5e-5)
    assert plural.power.centres > 3 * town.power.centres
    for council in found.values():
        assert len(council.codes) == len(set(council.codes)) == len(council.members)
        assert council.power.banzhaf.sum() == pytest.approx(1.0)


def test_the_rule_of_a_council_counts():
    key = "governance.aggregation.council_rule"
    shares = []
    for rule in ("majority", {"rule": "supermajority", "share": 0.9}, "unanimity"):
        council = next(
            a for a in councils(world_of({key: rule}, "figeac-status-quo")) if a.name == "Grand-Figeac"
        )
        assert council.rule == rule
        shares.append(council.power.banzhaf[0])
    assert shares[0] > shares[1] > shares[2] == pytest.approx(1 / 92)


def test_a_commune_without_a_seat_is_there_without_power():
    """Three seats for Grand-Figeac: the others of its 92 communes still have their people."""
    world = world_of({"governance.position.council_seats": 3}, "figeac-status-quo")
    council = next(a for a in councils(world) if a.name == "Grand-Figeac")
    assert council.power.votes.sum() == 3
    assert len(council.members) == 92
    assert council.people.sum() == pytest.approx(43_924, rel=0.01)
    assert council.power.banzhaf[council.power.votes == 0].max() == 0.0


def test_a_rule_of_councils_and_people_is_no_game_of_seats():
    found = councils(
        world_of({"governance.aggregation.council_rule": "double_majority"}, "figeac-status-quo")
    )
    by_size = {len(a.members): a for a in found}
    assert by_size[92].power is None
    assert by_size[12].power.quota is None  # few enough for every coalition to be asked
    assert by_size[12].power.votes.sum() == 31
    assert by_size[92].members[0] == "Figeac"


def test_bodies_that_are_no_water_service_vote_by_delegates():
    found = {a.code: a for a in bodies(world_of(name="figeac-status-quo"))}
    assert found["petr_fqvd"].power.votes.tolist() == [20, 20]
    board = found["sm_dordogne_cere"]
    assert board.power.votes.tolist() == [15, 8, 6, 1]
    assert board.power.banzhaf.tolist() == pytest.approx([0.7, 0.1, 0.1, 0.1])
    assert found["sm_limargue_segala"].power.votes.tolist() == [
        10,
        10,
    ]  # by its statutes, not by people served


def test_a_synthetic_body_serves_every_territory():
    changes = {
        "case.synthetic.bodies": [
            {"body": "a", "population_share": 0.25},
            {"body": "b", "kind": "petr", "seats": 3},
        ]
    }
    world = world_of(changes)
    assert world.rivers.body == ("a",)
    np.testing.assert_allclose(world.rivers.served, 0.25)
    water, petr = bodies(world)
    assert water.power.votes.tolist() == [1, 1, 1, 0, 0, 0]  # a quarter of 4, 4, 4, 2, 2, 1 in whole votes
    assert petr.power.votes.tolist() == [3] * 6
    with pytest.raises(ScenarioError, match="given twice"):
        world_of({"case.synthetic.bodies": [{"body": "a"}, {"body": "a"}]})


# --- what `explain` tells ---


def test_explain_a_case_and_a_scenario_on_it():
    (case,) = explain("figeac")
    (scenario,) = explain("figeac-cooperation")
    for record in (case, scenario):
        council = next(a for a in record["assemblies"] if a["name"] == "Grand-Figeac")
        assert (council["first"], council["members"], council["votes"], council["needed"]) == (
            "Figeac",
            92,
            125,
            63,
        )
        assert council["banzhaf"] == pytest.approx(0.267, abs=5e-4)
        assert sum(member["shapley_shubik"] for member in council["each"]) == pytest.approx(1.0)
        assert all(a["members"] > 1 for a in record["assemblies"])
        assert council["statutes_pass"] == pytest.approx(0.1048, abs=5e-5)
        assert (
            council["statutes_power"]
            == council["each"][0]["statutes_power"]
            == pytest.approx(0.209, abs=5e-4)
        )
        petr = next(a for a in record["assemblies"] if a["name"].startswith("PETR"))
        assert "statutes_pass" not in petr


def test_explain_says_nothing_of_assemblies_where_there_is_no_case():
    preset = next(r["name"] for r in records("scenarios") if r["type"] == "preset")
    assert "assemblies" not in explain(preset)[0]


def test_explained_on_screen_and_as_json():
    for lang, words in (
        ("fr", ("Qui pèse", "Figeac", "26,7", "18,7")),
        ("en", ("Who weighs", "Figeac", "26.7", "18.7")),
    ):
        shown = coopsim_("explain", "figeac", "--lang", lang).stdout
        assert all(word in shown for word in words)
    (record,) = json.loads(coopsim_("explain", "figeac", "--json").stdout)
    assert record["assemblies"][0]["assembly_en"] == "council"


def test_weights_and_quota_are_the_ballots_own():
    rule = VOTING.build({"rule": "weighted", "quota": 12})
    votes, quota = rule.game(Ballot.of(np.zeros(6), weight=[4, 4, 4, 2, 2, 1]))
    assert (votes.tolist(), quota) == ([4, 4, 4, 2, 2, 1], 12)
