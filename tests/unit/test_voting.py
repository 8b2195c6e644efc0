"""Voting rules on cases small enough to count by hand."""

import numpy as np
import pytest

from coopsim.errors import ScenarioError
from coopsim.governance.voting import VOTING, Ballot


def adopts(rule, yes, **ballot):
    return VOTING.build(rule).adopted(Ballot.of(yes, **ballot))


def test_the_rules_that_scenarios_can_name():
    assert set(VOTING) >= {
        "consent",
        "double_majority",
        "majority",
        "quorum",
        "supermajority",
        "unanimity",
        "weighted",
    }


def test_a_misspelt_rule_names_the_nearest():
    with pytest.raises(ScenarioError, match="did you mean 'majority'"):
        VOTING.build("majorty")


@pytest.mark.parametrize(
    ("rule", "yes", "expected"),
    [
        ("majority", [1, 1, 0], True),
        ("majority", [1, 1, 0, 0], False),  # a tie rejects
        ("supermajority", [1, 1, 0], True),  # exactly two thirds
        ("supermajority", [1, 1, 1, 0, 0], False),
        ({"rule": "supermajority", "share": 0.6}, [1, 1, 1, 0, 0], True),
        ("unanimity", [1, 1, 1], True),
        ("unanimity", [1, 1, 0], False),
        ("consent", [1, 1, 0], False),  # without more, a no is an objection
    ],
)
def test_heads(rule, yes, expected):
    assert adopts(rule, yes) is expected


def test_two_thirds_is_reached_for_every_size_of_council():
    for thirds in range(1, 80):
        yes = np.arange(3 * thirds) < 2 * thirds
        assert adopts("supermajority", yes)
        assert not adopts("supermajority", yes & (np.arange(yes.size) > 0))


def test_the_absent_count_neither_way():
    assert adopts("majority", [1, 1, 0, 0, 0], present=[1, 1, 1, 0, 0])
    assert not adopts("majority", [1, 1, 0], present=[0, 0, 0])
    assert adopts("unanimity", [1, 0], present=[1, 0])


def test_weights_decide_where_they_count():
    assert adopts("weighted", [1, 0, 0], weight=[6, 3, 2])
    assert not adopts("weighted", [1, 0, 0], weight=[5, 3, 2])  # exactly half is not more than half
    assert not adopts("majority", [1, 0, 0], weight=[6, 3, 2])
    assert not adopts({"rule": "weighted", "share": 0.6}, [1, 0, 0], weight=[6, 3, 1])


def test_a_quota_of_votes_does_not_fall_when_voters_are_absent():
    rule = {"rule": "weighted", "quota": 9}
    assert adopts(rule, [1, 1, 0], weight=[6, 3, 2])
    assert not adopts(rule, [1, 0, 1], weight=[6, 3, 2])
    assert not adopts(rule, [1, 0, 0], weight=[6, 3, 2], present=[1, 0, 0])
    assert adopts("weighted", [1, 0, 0], weight=[6, 3, 2], present=[1, 0, 0])
    assert not adopts({"rule": "weighted", "quota": 12}, [1, 1, 1], weight=[6, 3, 2])


def test_one_vote_tells_even_among_a_billion():
    weight = [500_000_000, 499_999_999, 1]
    assert not adopts("weighted", [1, 0, 0], weight=weight)
    assert adopts("weighted", [1, 0, 1], weight=weight)
    assert adopts({"rule": "weighted", "quota": 999_999_999}, [1, 1, 0], weight=weight)
    assert not adopts({"rule": "weighted", "quota": 10**9}, [1, 1, 0], weight=weight)


def test_a_negative_quota_is_refused():
    with pytest.raises(ScenarioError, match="quota"):
        VOTING.build({"rule": "weighted", "quota": -1})


def test_consent_passes_over_the_lukewarm():
    assert adopts("consent", [1, 0, 0], objects=[0, 0, 0])
    assert not adopts("consent", [1, 1, 0], objects=[0, 0, 1])
    assert adopts("consent", [1, 1, 0], objects=[0, 0, 1], present=[1, 1, 0])
    assert not adopts("consent", [0, 0, 0], objects=[0, 0, 0])  # somebody must want it


def test_quorum_wants_more_than_half_of_the_members():
    assert not adopts("quorum", [1, 1, 0, 0], present=[1, 1, 0, 0])
    assert adopts("quorum", [1, 1, 0, 0], present=[1, 1, 1, 0])
    assert not adopts({"rule": "quorum", "then": "unanimity"}, [1, 1, 0, 0], present=[1, 1, 1, 0])


def test_quorum_refuses_an_unknown_inner_rule():
    with pytest.raises(ScenarioError, match="no voting rule has this name"):
        VOTING.build({"rule": "quorum", "then": "acclamation"})


class TestDoubleMajority:
    """CGCT L5211-5: nine communes, the first of them large or not."""

    EVEN = np.full(9, 100.0)

    def test_two_thirds_of_councils_with_more_than_half_of_the_people(self):
        assert adopts("double_majority", [1] * 6 + [0] * 3, population=self.EVEN)

    def test_five_councils_of_nine_need_two_thirds_of_the_people(self):
        people = np.array([100.0] * 5 + [50.0] * 4)
        assert adopts("double_majority", [1] * 5 + [0] * 4, population=people)  # 500 of 700
        assert not adopts("double_majority", [1] * 5 + [0] * 4, population=self.EVEN)

    def test_two_thirds_of_councils_are_not_enough_without_half_of_the_people(self):
        people = np.array([10.0] * 6 + [20.0] * 3)
        assert not adopts("double_majority", [1] * 6 + [0] * 3, population=people)  # exactly half
        people[0] = 11.0
        assert adopts("double_majority", [1] * 6 + [0] * 3, population=people)

    def test_two_thirds_of_the_people_are_not_enough_without_half_of_the_councils(self):
        people = np.array([24.0, 24.0, 24.0, 24.0, 1, 1, 1, 1, 1])
        assert not adopts("double_majority", [1] * 4 + [0] * 5, population=people)

    def test_the_largest_commune_has_a_veto_above_a_quarter_of_the_people(self):
        quarter = np.array([25.0] + [9.375] * 8)
        most = [0] + [1] * 8
        assert adopts("double_majority", most, population=quarter)  # exactly a quarter
        assert not adopts("double_majority", most, population=quarter + np.eye(9)[0])
        assert adopts({"rule": "double_majority", "veto": 1.0}, most, population=quarter + np.eye(9)[0])

    def test_silence_counts_as_agreement(self):
        yes, present = [0] * 9, [1] * 3 + [0] * 6
        assert adopts("double_majority", yes, present=present, population=self.EVEN)
        strict = {"rule": "double_majority", "silence_is_yes": False}
        assert not adopts(strict, yes, present=present, population=self.EVEN)

    # Eleven communes: what the preamble of a transfer of powers would count (L5211-17, same majority).
    TOWN_AND_VILLAGES = np.array([2400.0, 1300, 900, 700, 600, 500, 400, 400, 300, 300, 200])  # 8,000 people

    def test_eight_of_eleven_councils_with_just_more_than_half_of_the_people(self):
        """Two thirds of 11 is 7.33: eight councils are needed, and 4,001 people; the town holds 30 %."""
        people = self.TOWN_AND_VILLAGES
        assert people.sum() == 8000
        against = np.array([3, 4, 5])  # 700 + 600 + 500: eight for, 6,200 people
        yes = np.ones(11)
        yes[against] = 0
        assert adopts("double_majority", yes, population=people)
        yes[6] = 0  # seven councils, 5,800 people: 72.5 % of the people is above two thirds, seven above half
        assert adopts("double_majority", yes, population=people)
        yes[1] = 0  # six councils, 4,500 people: above half of each, two thirds of neither
        assert not adopts("double_majority", yes, population=people)

    def test_the_town_alone_stops_ten_villages(self):
        people = self.TOWN_AND_VILLAGES
        ten = np.arange(11) > 0  # ten councils of eleven, 5,600 people of 8,000
        assert not adopts("double_majority", ten, population=people)
        smaller = people.copy()
        smaller[0] = 1866.0  # 1,866 of 7,466 is just under a quarter
        assert adopts("double_majority", ten, population=smaller)
        smaller[0] = 1867.0  # 1,867 of 7,467: 4 × 1,867 = 7,468 is just above
        assert not adopts("double_majority", ten, population=smaller)

    def test_a_silent_town_does_not_use_its_veto(self):
        """Silence is agreement, for the veto as for the count: eight councils, 7,200 people of 8,000."""
        people = self.TOWN_AND_VILLAGES
        yes, present = np.zeros(11), np.ones(11)
        present[0] = 0  # the town lets three months pass
        yes[[1, 2, 3, 4, 5, 6, 7]] = 1  # 4,800 people without the town
        assert adopts("double_majority", yes, population=people, present=present)
        strict = {"rule": "double_majority", "silence_is_yes": False}
        assert not adopts(strict, yes, population=people, present=present)

    def test_two_communes_of_a_quarter_each_are_one_veto_only(self):
        """The veto is the most populous commune's, not that of every commune above a quarter."""
        people = np.array([30.0, 28.0, 14.0, 14.0, 14.0])
        assert adopts("double_majority", [1, 0, 1, 1, 1], population=people)
        assert not adopts("double_majority", [0, 1, 1, 1, 1], population=people)

    def test_each_council_speaks_with_one_voice_whatever_its_seats(self):
        rule = {"rule": "double_majority", "veto": 0.4}
        group = [0] * 5 + [1] * 4 + [2] * 3
        people = [300.0] * 5 + [350.0] * 4 + [350.0] * 3
        yes = [0] * 5 + [1, 1, 1, 0] + [1, 1, 0]
        assert adopts(rule, yes, group=group, population=people)
        assert not adopts("majority", yes)
        yes[5] = 0  # two votes of four are no majority: that council refuses
        assert not adopts(rule, yes, group=group, population=people)
        present = [1] * 5 + [1, 1, 1, 0] + [1] * 3  # one refusal is absent: two votes of three
        assert adopts(rule, yes, group=group, population=people, present=present)

    def test_the_yes_of_the_absent_does_not_carry_their_council(self):
        yes, present = [1, 1, 0, 0], [0, 0, 1, 1]
        assert not adopts("double_majority", yes, present=present, group=[0, 0, 0, 1])


@pytest.mark.parametrize(
    ("needed", "low", "high"), [(4, 0.45, 0.45), (5, 0.3, 0.5), (6, 0.2, 0.7), (7, 0.05, 0.9)]
)
def test_gridlock_interval_of_seven_single_peaked_voters(needed, low, high):
    """A q-majority keeps every status quo in [x_(n−q+1), x_(q)] (Black 1948; Krehbiel 1998)."""
    ideal = np.array([0.05, 0.2, 0.3, 0.45, 0.5, 0.7, 0.9])
    rule = VOTING.build({"rule": "supermajority", "share": needed / 7})
    grid = np.arange(0, 101) / 100

    def beaten(status_quo: float) -> bool:
        gain = np.abs(status_quo - ideal) - np.abs(grid[:, None] - ideal)
        return any(rule.adopted(Ballot.of(row > 1e-12)) for row in gain)

    kept = np.array([x for x in grid if not beaten(x)])
    assert (kept.min(), kept.max()) == (low, high)
    np.testing.assert_allclose(np.diff(kept), 0.01)
