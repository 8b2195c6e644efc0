"""Arguments of votes: terms that add up, means by side, the decisive one in a sentence, lines made when read."""

import pickle

import numpy as np
import pytest
from numpy.testing import assert_allclose

from coopsim.outputs import JOURNAL_COLUMNS
from coopsim.run import simulate
from coopsim.schedule.councils import phase
from coopsim.schedule.journal import VoteLine, told
from coopsim.schedule.moves import expectations
from coopsim.schedule.outlook import outlook
from coopsim.society.arguments import Heard, because, decisive, hear
from coopsim.society.councils import TERMS, Terms
from coopsim.world import founded
from tests.system.parts import small

FRENCH = {
    "power": "la perte de pouvoir", "resources": "l'eau et les ressources gagnées", "cost": "le coût",
    "context": "l'actualité de l'année",
}  # fmt: skip


def means(**values):
    return [values.get(name, 0.0) for name in TERMS]


def term(name):
    return TERMS.index(name)


class TestDecisive:
    def test_the_largest_against_the_largest(self):
        found = decisive(means(power=-1.2, resources=0.4, image=0.1), passed=False)
        assert found == ([term("power")], term("resources"))

    def test_as_many_as_are_needed(self):
        """Neither 0.3 nor 0.25 alone outweighs a cost of 0.4, both do; 0.1 need not be named."""
        found = decisive(means(jobs=0.3, social=0.25, image=0.1, cost=-0.4), passed=True)
        assert found == ([term("jobs"), term("social")], term("cost"))

    def test_the_news_where_reasons_point_the_other_way(self):
        found = decisive(means(jobs=0.2, cost=-0.1, context=-0.5), passed=False)
        assert found == ([term("context")], term("jobs"))

    def test_nothing_where_not_even_the_news_explains_it(self):
        assert decisive(means(jobs=0.2, context=0.5), passed=False) == ([], term("jobs"))

    def test_personal_noise_is_no_reason(self):
        assert decisive(means(jobs=0.1, noise=9.0), passed=True)[0] == [term("jobs")]

    def test_what_rounds_to_nothing_is_not_named(self):
        assert decisive(means(jobs=0.2, image=-0.004), passed=True) == ([term("jobs")], -1)


class TestSentence:
    def test_the_loss_of_power_outweighs_water(self):
        told_ = because(means(power=-1.2, resources=0.4), passed=False)
        assert told_.fr == (
            "la perte de pouvoir (−1,20 % du budget) l'emporte sur l'eau et les ressources gagnées (+0,40 %)"
        )
        assert told_.en == (
            "the loss of power (−1.20 % of the budget) outweighs water and resources gained (+0.40 %)"
        )

    def test_two_reasons_are_plural(self):
        told_ = because(means(jobs=0.3, social=0.25, cost=-0.4), passed=True)
        assert told_.fr == (
            "les emplois gagnés (+0,30 % du budget) et les besoins couverts (+0,25 %) l'emportent sur le coût (−0,40 %)"
        )
        assert told_.en.startswith(
            "jobs won (+0.30 % of the budget) and needs met (+0.25 %) outweigh the cost"
        )

    def test_nothing_on_the_other_side(self):
        assert because(means(revenue=0.5), passed=True).fr.endswith("rien de notable en face")

    def test_the_news_tips_the_balance(self):
        told_ = because(means(jobs=0.2, cost=-0.25, context=0.1), passed=True)
        assert told_.fr == (
            "l'actualité de l'année (+0,10 % du budget) fait pencher la balance malgré le coût (−0,25 %)"
        )
        assert "tips the balance despite the cost" in told_.en

    def test_divided(self):
        assert "partagent" in because(means(jobs=0.2, cost=-0.1, context=0.1), passed=False).fr


def terms(seats, moves=1, **values):
    zero = np.zeros((seats, moves))
    return Terms(
        **{name: values.get(name, zero) for name in TERMS if name != "advice"}, advice=values.get("advice")
    )


def test_means_of_the_two_sides():
    jobs = np.array([[1.0, 5.0], [2.0, 5.0], [-3.0, 5.0], [7.0, 5.0]])
    yes = np.array([[True, True], [True, False], [False, True], [True, True]])
    centre = np.array([True, False, True, False])
    territory = np.array([0, 0, 0, 1])
    heard = hear(territory, terms(4, 2, jobs=jobs), yes, centre, [(0, 0), (1, 1)])
    assert heard.favour.tolist() == [2, 1]
    assert heard.against.tolist() == [1, 0]
    whole, for_it, against = heard.means(0)
    k = term("jobs")
    assert (whole[k], for_it[k], against[k]) == (0.0, 1.5, -3.0)
    assert heard.means(1)[1][k] == 5.0
    assert np.isnan(heard.means(1)[2]).all()
    assert (heard.centre.tolist(), heard.centre_yes.tolist()) == ([2, 0], [1, 0])


def test_no_vote_no_argument():
    heard = hear(np.zeros(2, np.int64), terms(2), np.ones((2, 1), np.bool_), np.zeros(2, np.bool_), [])
    assert heard.favour.size == 0


def line(votes=(10, 20), outcome="rejected", mistrust=np.nan, vetoed=False, centre=(0, 0), **values):
    sums = np.array(means(**values))[:, None]
    no, yes = votes[1], votes[0]
    heard = Heard(
        np.array([yes]), np.array([no]), sums * yes, sums * no, np.array([centre[0]]), np.array([centre[1]])
    )
    facts = {"kind": "vote", "votes_for": yes, "votes_against": no, "outcome": outcome}
    from coopsim.i18n import Text

    return VoteLine(facts, Text("proposer", "propose"), heard, 0, mistrust, vetoed=vetoed)


class TestLine:
    def test_made_when_read(self):
        one = line(power=-1.2, resources=0.4)
        assert "reason_fr" not in one
        assert one["reason_fr"].startswith("proposer : rejeté, 10 voix pour, 20 contre ; la perte de pouvoir")
        assert one["decisive"] == "power"
        assert one["yes_power"] == pytest.approx(-1.2)
        with pytest.raises(KeyError):
            one["nothing"]

    def test_the_centre_refuses(self):
        """Of 30 seats 8 are the centre's, one of which says yes; 14 of the other 22 do."""
        assert "la commune centre refuse" in line(votes=(15, 15), centre=(8, 1), power=-0.5)["reason_fr"]
        assert "centre" not in line(votes=(10, 20), centre=(8, 1), power=-0.5)["reason_fr"]

    def test_more_for_than_against_and_yet(self):
        assert "la règle en demande plus" in line(votes=(16, 14), power=-0.5)["reason_fr"]

    def test_distrust_is_told(self):
        text = line(mistrust=0.31, cost=-0.5)["reason_fr"]
        assert text.endswith("la défiance envers les partenaires en retire 0,31 %")
        assert "distrust" not in line(mistrust=0.01, cost=-0.5)["reason_en"]

    def test_a_veto(self):
        assert "bloqué par la voix de la nature" in line(votes=(20, 10), vetoed=True, jobs=0.5)["reason_fr"]

    def test_travels_as_a_plain_dictionary(self):
        again = pickle.loads(pickle.dumps(line(power=-1.2)))
        assert type(again) is dict
        assert again["decisive"] == "power"


class TestRuns:
    @pytest.fixture
    def world(self):
        return founded(small(), 0)

    def test_terms_add_up_to_the_utility(self, world):
        expected = expectations(world)
        parts = phase.seat_arguments(world, expected)
        found = sum(getattr(parts, name) for name in TERMS if name != "advice")
        assert_allclose(found, phase.seat_utilities(world, expected), atol=1e-12)

    def test_every_vote_of_a_run_has_its_arguments(self):
        run = simulate(small(), seed=1)
        votes = run.journal[run.journal["kind"] == "vote"]
        assert len(votes) > 20
        assert set(JOURNAL_COLUMNS) == set(run.journal.columns)
        for side, count in (("yes", "votes_for"), ("no", "votes_against")):
            some = votes[votes[count] > 0]
            total = some[[f"{side}_{name}" for name in TERMS]].sum(axis=1)
            assert (
                (total > 0) == (side == "yes")
            ).all()  # those who said yes wanted it, those who said no did not
            nobody = votes[votes[count] == 0]
            assert nobody[[f"{side}_{name}" for name in TERMS]].isna().all(axis=None)
        assert votes["decisive"].ne("").all()
        assert votes["reason_fr"].str.contains("voix pour").all()
        assert votes["reason_en"].str.contains("votes for").all()
        asked = votes["move"] == "propose_pact"
        assert (votes["mistrust"].notna() == asked).all()
        assert (votes.loc[asked, "mistrust"] > 0).all()

    def test_more_trust_less_mistrust(self):
        low, high = (founded(small({"society.ties.trust_start": x}), 0) for x in (0.1, 0.9))
        lost = []
        for world in (low, high):
            world.ties.trust[:] = 0.1 if world is low else 0.9
            lost.append(phase.mistrust(world, outlook(world).pact_doubt))
        assert (lost[0] > lost[1]).all()
        sure = founded(small({"society.councils.trust_discount": 0.0}), 0)
        assert_allclose(phase.mistrust(sure, outlook(sure).pact_doubt), 0.0, atol=1e-12)

    def test_votes_on_pacts_are_argued_too(self):
        sociable = {
            "society.pacts.invite_base": 50.0, "society.councils.propose_visibility": 3.0,
            "governance.boundary.admission": "open", "governance.payoff.review_years": 1,
        }  # fmt: skip
        journal = simulate(small(sociable, years=12), seed=3).journal
        votes = journal[journal["kind"] == "pact-vote"]
        assert {"join", "leave"} <= set(votes["move"])
        for side, count in (("yes", "votes_for"), ("no", "votes_against")):
            some = votes[votes[count] > 0]
            total = some[[f"{side}_{name}" for name in TERMS]].sum(axis=1)
            assert ((total > 0) == (side == "yes")).all()
        stays = votes[votes["move"] == "leave"]
        assert (stays["no_power"].dropna() >= 0).all()  # leaving gives power back
        assert votes["mistrust"].notna().all()
        assert votes["decisive"].ne("").all()

    def test_the_journal_changes_nothing(self):
        spec = small()
        silent = simulate(spec.but({"name": "small", "record.journal": False}), seed=2)
        loud = simulate(spec, seed=2)
        assert np.array_equal(loud.arrays[0], silent.arrays[0])
        assert len(told(silent.journal_rows)) == 0
