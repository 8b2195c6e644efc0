"""The legal rules of bodies against public sources: the double majority, silence, the seats of a committee.

Checked against public pages (see `scenarios/law/bodies.toml`): the qualified majority of CGCT L5211-5, II as
beaunecoteetsud.com (« La modification des statuts ») and the AMF (« Quelles règles de majorité pour définir l'intérêt
communautaire ? ») state it; silence of CGCT L5211-17 as doctrine.fr gives the article; the colleges of a local water
commission as gesteau.fr gives them. NOT verified: the figures of a real vote (no order of a prefect with its counts was
found), and the veto of the commune above a quarter of the people (text of L5211-5, II not found in the pages read).
"""

import numpy as np
import pytest

from coopsim.governance.voting import VOTING, Ballot
from coopsim.society.bodies import apportioned
from coopsim.world.founding_bodies import law

RULE = VOTING.build("double_majority")


def vote(answers, people):
    """Answers of municipal councils: yes, no, or silence for three months."""
    return RULE.adopted(
        Ballot.of(
            [a == "yes" for a in answers], population=people, group=range(len(people)),
            present=[a != "silence" for a in answers],
        )
    )  # fmt: skip


TWELVE = np.full(12, 100.0)


@pytest.mark.parametrize(
    ("yes", "people", "adopted"),
    [
        # two thirds of the communes with more than half of the people
        (8, TWELVE, True),
        (7, TWELVE, False),
        # eight small communes of twelve: two thirds of the councils, and less than half of the people
        (8, np.r_[np.full(8, 50.0), np.full(4, 150.0)], False),
        # or at least half of the councils with more than two thirds of the people
        (6, np.r_[np.full(6, 300.0), np.full(6, 100.0)], True),
        (6, np.r_[np.full(6, 150.0), np.full(6, 100.0)], False),
        (5, np.r_[np.full(5, 1000.0), np.full(7, 10.0)], False),
    ],
)
def test_the_two_ways_of_the_qualified_majority(yes, people, adopted):
    """Beaune: « deux tiers des communes représentant plus de la moitié de la population », or half with two thirds."""
    assert vote(["yes"] * yes + ["no"] * (12 - yes), people) == adopted


def test_who_does_not_answer_within_three_months_is_held_to_agree():
    """CGCT L5211-17: « À défaut de délibération dans ce délai, sa décision est réputée favorable »."""
    assert vote(["silence"] * 12, TWELVE)
    assert vote(["yes"] * 2 + ["silence"] * 6 + ["no"] * 4, TWELVE)
    assert not vote(["yes"] * 2 + ["silence"] * 5 + ["no"] * 5, TWELVE)
    assert all(
        rule["silence_months"] == 3 and rule["rule"] == "double_majority" for rule in law()["statutes"]
    )


def test_the_seats_of_a_local_water_commission():
    """R212-30: elected at least half, users at least a quarter, the State the rest: forty members at the limits."""
    found = next(s for s in law()["seats"] if s["kind"] == "local_water_commission")
    elected, users, state = 20, 10, 10
    assert elected >= found["elected_least"] * 40
    assert users >= found["users_least"] * 40
    assert state <= (1.0 - found["elected_least"] - found["users_least"]) * 40


def test_no_member_of_a_petr_has_more_than_half_of_the_seats():
    """CGCT L5741-1, II (not verified): a member with nine tenths of the people sits on half of the seats."""
    most = next(s["most"] for s in law()["seats"] if s["kind"] == "petr")
    seats = apportioned(np.array([90_000.0, 6_000.0, 4_000.0]), 30, most)
    assert seats.tolist() == [15, 9, 6]
    assert apportioned(np.array([43_924.0, 45_320.0]), 40, most).tolist() == [20, 20]


def test_every_fact_of_the_law_says_its_source_and_whether_it_was_verified():
    tables = law()
    facts = [*tables["power"].values(), *tables["statutes"], *tables["seats"]]
    assert all(fact["article"] and fact["source"] and "verified" in fact for fact in facts)
    assert {fact["article"] for fact in facts if not fact["verified"]} == {
        "Code de l'environnement L211-7, I, 3°, 7° and 12°",
        "Code forestier L123-1 to L123-3",
        "CGCT L5741-2",
        "CGCT L5741-1, II",
    }
