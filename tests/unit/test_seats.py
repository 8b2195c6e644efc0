"""Legal seats: tables, highest averages, ties, caps, lists and rounds."""

import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from coopsim.errors import ScenarioError
from coopsim.governance.seats import (
    SeatLaw,
    community_seats,
    highest_averages,
    list_seats,
    seats_by_territory,
    second_round,
    table_order_seats,
    winner_bonus,
)

TABLE = tomllib.loads(
    (Path(__file__).parents[2] / "scenarios" / "law" / "councils.toml").read_text(encoding="utf-8")
)
LAW = SeatLaw.from_table(TABLE, date(2026, 3, 15))

communes = st.lists(st.integers(20, 60_000), min_size=2, max_size=60).map(np.array)
ballots = st.lists(st.integers(1, 40_000), min_size=1, max_size=7).map(np.array)


class TestLawOfADay:
    def test_lists_stand_in_every_commune_from_2026(self):
        assert SeatLaw.from_table(TABLE, date(2020, 3, 15)).list_from == 1000
        assert SeatLaw.from_table(TABLE, date(2026, 3, 14)).list_from == 1000
        assert LAW.list_from == 0

    def test_a_day_before_every_version_is_refused(self):
        with pytest.raises(ScenarioError, match="municipal_council"):
            SeatLaw.from_table(TABLE, date(2008, 3, 9))

    def test_a_missing_value_is_named(self):
        table = {**TABLE, "community_election": [{"from": date(2014, 3, 23)}]}
        with pytest.raises(ScenarioError, match="flagged_from"):
            SeatLaw.from_table(table, date(2026, 3, 15))

    def test_every_version_names_its_article_and_its_source(self):
        for section, versions in TABLE.items():
            days = [version["from"] for version in versions]
            assert days == sorted(set(days)), section
            assert all(version["article"] and version["source"] for version in versions), section
        assert [version["from"].year for version in TABLE["renewal"]] == [2014, 2020, 2026]

    @pytest.mark.parametrize(
        ("population", "seats"),
        [
            (0, 7),
            (99, 7),
            (100, 11),
            (499, 11),
            (500, 15),
            (1499, 15),
            (1500, 19),
            (300_000, 69),
            (2_000_000, 69),
        ],
    )
    def test_municipal_council(self, population, seats):
        assert LAW.municipal_council(population) == seats

    @pytest.mark.parametrize(
        ("population", "seats"),
        [(1, 16), (3499, 16), (3500, 18), (39_999, 34), (40_000, 38), (1_000_000, 100), (1_000_001, 130)],
    )
    def test_community_council(self, population, seats):
        assert LAW.community_table(population) == seats

    @pytest.mark.parametrize("table", ["municipal", "community"])
    def test_tables_rise_with_population_and_do_not_end_in_the_middle(self, table):
        people, seats = getattr(LAW, f"{table}_population"), getattr(LAW, f"{table}_seats")
        assert people[0] == 0
        assert len(people) == len(seats)
        assert (np.diff(people) > 0).all()
        assert (np.diff(seats) > 0).all()


class TestHighestAverages:
    def test_by_hand(self):
        assert list(highest_averages([60, 28, 12], 5)) == [4, 1, 0]
        assert list(highest_averages([60, 28, 12], 6)) == [4, 2, 0]  # averages 12, 14, 12

    def test_all_that_tie_for_the_last_seat_get_one(self):
        assert list(highest_averages([10, 10, 4], 1)) == [1, 1, 0]

    def test_otherwise_the_tie_goes_to_most_votes_then_to_the_first(self):
        assert list(highest_averages([10, 10, 4], 1, share_ties=False)) == [1, 0, 0]
        assert list(highest_averages([30, 10], 3, np.array([2, 0]), share_ties=False)) == [4, 1]
        assert list(highest_averages([10, 30], 1, np.array([0, 2]), share_ties=False)) == [0, 3]

    def test_seats_held_count_in_the_average(self):
        assert list(highest_averages([100, 60], 1, np.array([1, 0]))) == [1, 1]

    def test_what_finds_no_taker_is_left_out(self):
        assert list(highest_averages([5, 3], 9, most=2)) == [2, 2]

    @pytest.mark.parametrize("votes", [[1.0, float("nan")], [1.0, -1.0], [float("inf")]])
    def test_claims_that_are_no_numbers_are_refused(self, votes):
        with pytest.raises(ScenarioError, match="0 or more"):
            highest_averages(votes, 3)

    @given(votes=ballots, seats=st.integers(0, 80))
    def test_no_seat_could_be_moved_to_a_higher_average(self, votes, seats):
        got = highest_averages(votes, seats, share_ties=False)
        assert got.sum() == seats
        if seats:
            worst = (votes / np.maximum(got, 1))[got > 0].min()
            assert (votes / (got + 1) <= worst * (1 + 1e-12)).all()

    @given(votes=ballots, seats=st.integers(0, 80))
    def test_one_more_seat_takes_none_away(self, votes, seats):
        fewer = highest_averages(votes, seats, share_ties=False)
        assert (highest_averages(votes, seats + 1, share_ties=False) >= fewer).all()


class TestCommunityCouncil:
    @given(people=communes)
    def test_one_seat_at_least_none_above_half(self, people):
        seats = community_seats(people, LAW)
        assert seats.min() >= 1
        assert 2 * seats.max() <= seats.sum()
        assert (seats <= LAW.municipal_council(people)).all()

    @given(people=communes)
    def test_a_larger_commune_never_holds_fewer(self, people):
        seats = community_seats(people, LAW)
        assert (np.diff(seats[np.argsort(people, kind="stable")]) >= 0).all()

    @given(people=communes)
    def test_equal_communes_hold_as_many(self, people):
        people[1] = people[0]
        seats = community_seats(people, LAW)
        assert seats[0] == seats[1]

    @given(people=communes, seed=st.integers(0, 2**32 - 1))
    def test_the_order_of_communes_does_not_count(self, people, seed):
        order = np.random.default_rng(seed).permutation(people.size)
        np.testing.assert_array_equal(
            community_seats(people[order], LAW), community_seats(people, LAW)[order]
        )

    @given(people=communes)
    def test_size_of_the_council(self, people):
        """The table, one seat for each commune left out, a tenth if they are many; ties may add to it."""
        seats = community_seats(people, LAW)
        shared = highest_averages(people, int(LAW.community_table(people.sum())))
        first = shared.sum() + (shared == 0).sum()
        added = (shared == 0).sum() > 0.30 * LAW.community_table(people.sum())
        expected = first + (int(first * 0.1) if added else 0)
        uncapped = 2 * shared.max() < first and (seats < LAW.municipal_council(people)).all()
        assume(uncapped and np.unique(people).size == people.size)
        assert seats.sum() in (expected, expected + 1)

    def test_a_dominant_commune_stops_at_half(self):
        seats = community_seats([9000, 300, 200, 100], LAW)  # 22 of the table, 25 with the three others
        assert list(seats) == [12, 7, 4, 2]

    def test_two_communes_sit_as_equals(self):
        assert list(community_seats([9000, 100], LAW)) == [11, 11]

    def test_a_single_commune_keeps_its_council(self):
        assert list(community_seats([5000], LAW)) == [22]
        assert list(community_seats([2_000_000], LAW)) == [
            69
        ]  # the table has 130: no more than its councillors

    def test_no_commune_sends_more_than_its_councillors(self):
        """Two hamlets of a tiny community would have 8 seats each and have 7 councillors: it shrinks."""
        assert list(community_seats([90, 90], LAW)) == [7, 7]

    def test_no_commune_no_seat(self):
        assert community_seats([], LAW).size == 0

    def test_communes_too_small_for_a_seat_bring_their_own_and_a_tenth(self):
        people = [3000] * 2 + [40] * 7
        assert list(community_seats(people, replace(LAW, added_share=0.0))) == [11, 11] + [1] * 7
        # 22 + 7 = 29, a tenth is 2; 7 is more than 30 % of 22
        assert list(community_seats(people, LAW)) == [12, 12] + [1] * 7
        assert list(community_seats(people[:-1], LAW)) == [11, 11] + [1] * 6

    @given(people=communes, size=st.integers(1, 300))
    def test_a_chosen_size_is_kept(self, people, size):
        seats = community_seats(people, LAW, size)
        assert seats.sum() == size if people.size > 2 or size == 1 else size - seats.sum() in (0, 1)
        assert (seats >= 1).all() == (size >= people.size) or people.size > size
        if size > 1:
            assert 2 * seats.max() <= size


class TestSeveralCommunities:
    people = np.array([3000.0, 900, 400, 400, 5000, 700, 650, 100])
    territory = np.array([0, 0, 0, 0, 1, 1, 1, 1])
    ids = np.array([8, 7, 6, 5, 4, 3, 2, 1], dtype=np.uint64)

    def test_each_is_counted_apart(self):
        seats = seats_by_territory(self.territory, self.people, self.ids, LAW)
        np.testing.assert_array_equal(seats[:4], community_seats(self.people[:4], LAW))
        np.testing.assert_array_equal(seats[4:], community_seats(self.people[4:], LAW))

    @given(order=st.permutations(range(8)), size=st.integers(1, 40))
    def test_rows_do_not_count_even_when_equal_communes_tie(self, order, size):
        order = np.array(order)
        sizes = np.array([size, 0])
        seats = seats_by_territory(self.territory, self.people, self.ids, LAW, sizes)
        again = seats_by_territory(self.territory[order], self.people[order], self.ids[order], LAW, sizes)
        np.testing.assert_array_equal(again, seats[order])
        assert seats[:4].sum() == size

    def test_a_chosen_size_of_zero_is_the_legal_one(self):
        seats = seats_by_territory(self.territory, self.people, self.ids, LAW, np.array([0, 0]))
        np.testing.assert_array_equal(seats, seats_by_territory(self.territory, self.people, self.ids, LAW))


class TestLists:
    @pytest.mark.parametrize(
        ("seats", "bonus"), [(1, 0), (2, 1), (3, 1), (4, 2), (5, 3), (7, 4), (11, 6), (15, 8), (29, 15)]
    )
    def test_half_of_the_seats_rounded_up_above_four_down_below(self, seats, bonus):
        assert winner_bonus(seats, LAW) == bonus

    @given(votes=ballots, seats=st.integers(0, 69))
    def test_all_seats_are_filled_and_the_first_list_holds_half(self, votes, seats):
        got = list_seats(votes, seats, LAW)
        assert got.sum() == seats
        assert 2 * got[np.argmax(votes)] >= seats
        assert (got[votes < 0.05 * votes.sum()] == 0).all()

    @given(votes=ballots, seats=st.integers(0, 69))
    def test_more_votes_never_bring_fewer_seats(self, votes, seats):
        got = list_seats(votes, seats, LAW)
        assert (np.diff(got[np.argsort(votes, kind="stable")[: votes.size]]) >= 0).all() or np.unique(
            votes
        ).size < votes.size

    @given(votes=st.lists(ballots, min_size=1, max_size=6), seats=st.integers(0, 69))
    def test_rows_are_counted_apart(self, votes, seats):
        width = max(row.size for row in votes)
        table = np.array([np.pad(row, (0, width - row.size)) for row in votes])
        together = list_seats(table, np.full(len(votes), seats), LAW)
        for row, got in zip(table, together, strict=True):
            np.testing.assert_array_equal(got, list_seats(row, seats, LAW))

    @given(votes=ballots, seats=st.integers(0, 69), seed=st.integers(0, 2**32 - 1))
    def test_the_numbers_of_lists_do_not_count(self, votes, seats, seed):
        votes = np.unique(votes)
        order = np.random.default_rng(seed).permutation(votes.size)
        np.testing.assert_array_equal(
            list_seats(votes[order], seats, LAW), list_seats(votes, seats, LAW)[order]
        )

    def test_the_bonus_is_left_out_of_the_average(self):
        """Nine seats: five, then four by averages 60, 45, 30, 22.5."""
        assert list(list_seats([60, 45], 9, LAW)) == [7, 2]

    def test_a_list_below_five_percent_is_out(self):
        assert list(list_seats([960, 40], 69, LAW)) == [69, 0]
        assert list_seats([950, 50], 69, LAW)[1] == 1

    def test_a_vote_by_name_gives_every_seat_to_the_first_team(self):
        got = list_seats([[60, 40], [60, 40]], [11, 11], LAW, by_name=[True, False])
        assert got.tolist() == [[11, 0], [9, 2]]

    def test_order_of_the_table_sits_the_whole_majority_first(self):
        municipal, votes = np.array([[2, 9], [2, 9], [2, 9]]), np.array([[0.4, 0.6]] * 3)
        got = table_order_seats(municipal, votes, np.array([1, 10, 15]))
        assert got.tolist() == [[0, 1], [1, 9], [2, 13]]

    @given(votes=ballots, seats=st.integers(0, 30))
    def test_order_of_the_table_fills_every_seat(self, votes, seats):
        municipal = list_seats(votes, 15, LAW)[None]
        got = table_order_seats(municipal, votes[None].astype(float), np.array([seats]))
        assert got.sum() == seats
        assert got.min() >= 0
        if seats <= 15:
            assert (got <= municipal).all()


class TestSecondRound:
    def test_none_is_needed_above_half(self):
        needed, _ = second_round(np.array([[0.51, 0.49], [0.5, 0.5]]), LAW)
        assert needed.tolist() == [False, True]

    def test_lists_at_ten_percent_stand(self):
        _, stands = second_round(np.array([[0.45, 0.36, 0.10, 0.09]]), LAW)
        assert stands.tolist() == [[True, True, True, False]]

    def test_at_least_two_stand(self):
        votes = np.array([[0.09] * 11 + [0.01], [0.30, 0.08, 0.09] + [0.53 / 9] * 9])
        _, stands = second_round(votes, LAW)
        assert np.flatnonzero(stands[0]).tolist() == [0, 1]
        assert np.flatnonzero(stands[1]).tolist() == [0, 2]

    def test_a_list_without_votes_does_not_stand(self):
        _, stands = second_round(np.array([[1.0, 0.0, 0.0]]), LAW)
        assert stands.tolist() == [[True, False, False]]

    @given(votes=ballots, seats=st.integers(1, 69))
    def test_two_rounds_fill_every_seat(self, votes, seats):
        first = votes / votes.sum()
        needed, stands = second_round(first[None], LAW)
        last = np.where(stands[0], first, 0.0) if needed[0] else first
        got = list_seats(last, seats, LAW)
        assert got.sum() == seats
        assert 2 * got.max() >= seats
