"""Elections: seats are filled by the law, chance is keyed, outcomes and incumbents count as written."""

import tomllib
from dataclasses import fields, replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopsim.governance.seats import SeatLaw, list_seats, seats_by_territory, second_round
from coopsim.rng import pair_ids
from coopsim.society.elections import (
    Councils,
    ElectionParams,
    Electorate,
    Mandate,
    _transferred,
    elect,
    election_day,
    first_tick,
    founding_tick,
    is_election,
    list_positions,
    memory,
    presidents,
    territory_voter_position,
    valence,
)

SCENARIOS = Path(__file__).parents[2] / "scenarios"
SECTION = tomllib.loads((SCENARIOS / "parameters" / "elections.toml").read_text(encoding="utf-8"))["society"][
    "elections"
]
PARAMS = ElectionParams(**{name: table["value"] for name, table in SECTION.items()})
LAW_TABLE = tomllib.loads((SCENARIOS / "law" / "councils.toml").read_text(encoding="utf-8"))
LAW = SeatLaw.from_table(LAW_TABLE, date(2026, 3, 15))
LAW_2020 = SeatLaw.from_table(LAW_TABLE, date(2020, 3, 15))


def make_electorate(territories: int, communes: int, seed: int = 3, people=None) -> Electorate:
    """Communities of one town and villages, ids unlike rows."""
    n = territories * communes
    territory = np.repeat(np.arange(territories), communes)
    ids = pair_ids(np.arange(n, dtype=np.uint64) + np.uint64(17), seed)
    if people is None:
        people = np.tile(np.round(8000.0 / np.arange(1, communes + 1) ** 1.3), territories)
    return Electorate(
        commune=ids,
        territory=territory,
        population=people,
        municipal_seats=LAW.municipal_council(people),
        community_seats=seats_by_territory(territory, people, ids, LAW),
        voters=territory_voter_position(ids, pair_ids(territory, 99), PARAMS, seed),
    )


def taken(electorate: Electorate, rows: np.ndarray) -> Electorate:
    return Electorate(**{field.name: getattr(electorate, field.name)[rows] for field in fields(Electorate)})


def neutral(count: int) -> Mandate:
    return Mandate(np.zeros(count), np.ones(count), np.full(count, 26.0), np.zeros(count), np.ones(count))


def history(electorate: Electorate, params: ElectionParams, seed: int, elections: int) -> list[Councils]:
    out = [elect(electorate, LAW_2020, params, seed, -24)]
    for k in range(elections):
        out.append(elect(electorate, LAW, params, seed, 24 * k, out[-1]))
    return out


electorates = st.builds(make_electorate, st.integers(1, 4), st.integers(1, 12), st.integers(0, 2**32))


def test_the_parameter_file_holds_exactly_the_parameters_of_the_module():
    assert set(SECTION) == {field.name for field in fields(ElectionParams)}


def legal_values(table: dict) -> st.SearchStrategy:
    """Any value that a scenario may give to a parameter."""
    value = table["value"]
    if isinstance(value, str):
        return st.sampled_from(table["choices"])
    low, high = table["legal"]
    if isinstance(value, list):
        return st.tuples(*[st.floats(low, high)] * len(value))
    return st.integers(low, high) if isinstance(low, int) else st.floats(low, high)


legal_params = st.fixed_dictionaries({name: legal_values(table) for name, table in SECTION.items()})


class TestSeats:
    @given(values=legal_params, seed=st.integers(0, 2**63 - 1), growth=st.floats(-0.5, 0.5))
    def test_any_legal_parameters_elect_whole_councils(self, values, seed, growth):
        electorate, params = make_electorate(2, 7), ElectionParams(**values)
        mandate = replace(neutral(2), jobs_growth=np.array([growth, 0.0]))
        before = elect(electorate, LAW, params, seed, 0)
        after = elect(electorate, LAW, params, seed, params.period_ticks, before, mandate)
        for councils in (before, after):
            assert np.isfinite(councils.votes).all()
            assert np.isfinite(councils.ideal).all()
            np.testing.assert_array_equal(councils.municipal.sum(axis=1), electorate.municipal_seats)
            assert councils.seat_id.size == electorate.community_seats.sum()
            assert councils.territory[councils.executive].tolist() == [0, 1]

    @given(electorate=electorates, seed=st.integers(0, 2**63 - 1), old=st.booleans())
    def test_every_seat_is_filled_and_the_first_list_governs(self, electorate, seed, old):
        law = LAW_2020 if old else LAW
        councils = elect(electorate, law, PARAMS, seed, -24)
        n = electorate.commune.size
        np.testing.assert_array_equal(np.bincount(councils.commune, minlength=n), electorate.community_seats)
        np.testing.assert_array_equal(councils.municipal.sum(axis=1), electorate.municipal_seats)
        first = councils.municipal[np.arange(n), councils.winner]
        assert (2 * first >= electorate.municipal_seats).all()
        held = np.bincount(councils.commune, weights=councils.party == councils.winner[councils.commune])
        assert (2 * held >= electorate.community_seats).all()
        assert np.unique(councils.seat_id).size == councils.seat_id.size
        np.testing.assert_array_equal(councils.territory, electorate.territory[councils.commune])

    @given(electorate=electorates, seed=st.integers(0, 2**63 - 1))
    def test_votes_are_shares_and_two_rounds_follow_the_law(self, electorate, seed):
        councils = elect(electorate, LAW, PARAMS, seed, 0)
        np.testing.assert_allclose(councils.votes.sum(axis=1), 1.0)
        assert councils.votes.min() >= 0.0
        np.testing.assert_array_equal(councils.winner, np.argmax(councils.votes, axis=1))
        one_round = councils.rounds == 1
        assert (councils.votes.max(axis=1)[one_round] > 0.5).all()

    def test_flagged_lists_share_the_seats_from_a_thousand_inhabitants(self):
        people = np.where(np.arange(40) % 2 == 0, 999.0, 1000.0)
        electorate = replace(make_electorate(1, 40, people=people), community_seats=np.full(40, 7))
        councils = elect(electorate, LAW, PARAMS, 1, 0)
        held = np.zeros((40, 3), dtype=np.int64)
        np.add.at(held, (councils.commune, councils.party), 1)
        flagged = list_seats(councils.votes, electorate.community_seats, LAW)
        np.testing.assert_array_equal(held[1::2], flagged[1::2])
        assert (flagged[::2].max(axis=1) < 7).any()
        # in the order of the table all seven sit for the majority, which has at least eight of fifteen
        assert (held[::2].max(axis=1) == 7).all()

    def test_villages_voted_by_name_before_2026(self):
        electorate = make_electorate(20, 12)
        small = electorate.population < 1000
        old = elect(electorate, LAW_2020, PARAMS, 1, -24)
        new = elect(electorate, LAW, PARAMS, 1, -24)
        np.testing.assert_array_equal(old.votes, new.votes)
        assert (old.municipal.max(axis=1) == electorate.municipal_seats)[small].all()
        assert (new.municipal.max(axis=1) < electorate.municipal_seats)[small].any()
        np.testing.assert_array_equal(old.municipal[~small], new.municipal[~small])

    def test_ranks_count_from_the_head_of_each_list(self):
        councils = elect(make_electorate(3, 6), LAW, PARAMS, 1, 0)
        for commune, party in {(c, p) for c, p in zip(councils.commune, councils.party, strict=True)}:
            ranks = councils.rank[(councils.commune == commune) & (councils.party == party)]
            assert ranks.tolist() == list(range(ranks.size))


class TestChance:
    @given(electorate=electorates, order_seed=st.integers(0, 2**32 - 1))
    def test_the_order_of_communes_does_not_count(self, electorate, order_seed):
        order = np.random.default_rng(order_seed).permutation(electorate.commune.size)
        moved = taken(electorate, order)
        before, after = elect(electorate, LAW, PARAMS, 4, 0), elect(moved, LAW, PARAMS, 4, 0)
        np.testing.assert_array_equal(after.votes, before.votes[order])
        first, second = np.argsort(before.seat_id), np.argsort(after.seat_id)
        np.testing.assert_array_equal(after.seat_id[second], before.seat_id[first])
        np.testing.assert_array_equal(after.ideal[second], before.ideal[first])
        np.testing.assert_array_equal(after.seat_id[after.executive], before.seat_id[before.executive])

    def test_a_community_votes_the_same_whoever_else_exists(self):
        electorate = make_electorate(4, 8)
        alone = taken(electorate, np.flatnonzero(electorate.territory == 0))
        for together, single in zip(
            history(electorate, PARAMS, 8, 3), history(alone, PARAMS, 8, 3), strict=True
        ):
            rows = together.territory == 0
            np.testing.assert_array_equal(together.seat_id[rows], single.seat_id)
            np.testing.assert_array_equal(together.ideal[rows], single.ideal)
            assert together.seat_id[together.executive[0]] == single.seat_id[single.executive[0]]

    def test_seed_and_tick_change_the_votes(self):
        electorate = make_electorate(2, 6)
        base = elect(electorate, LAW, PARAMS, 1, 24).votes
        np.testing.assert_array_equal(base, elect(electorate, LAW, PARAMS, 1, 24).votes)
        for seed, tick in ((2, 24), (1, 48), (1, -24), (1, 0)):
            assert not np.array_equal(base, elect(electorate, LAW, PARAMS, seed, tick).votes)

    def test_without_weight_every_list_wins_as_often(self):
        """No closeness, no advantage: three lists, one chance in three to be re-elected."""
        params = replace(PARAMS, closeness=0.0, incumbency=0.0, three_lists_from=0)
        electorate = make_electorate(100, 20)
        past = history(electorate, params, 5, 2)
        for before, after in pairwise(past):
            kept = (before.winner == after.winner).mean()
            assert kept == pytest.approx(1 / 3, abs=3 * np.sqrt(2 / 9 / electorate.commune.size))


class TestVotes:
    def test_first_round_is_the_logit_of_closeness(self):
        params = replace(PARAMS, noise_sd=0.0, closeness=60.0)
        electorate = make_electorate(10, 10)
        centres, runs = list_positions(electorate, params, 2)
        distance = ((centres - electorate.voters[:, None]) ** 2).sum(axis=2)
        shares = np.where(runs, np.exp(-60.0 * distance), 0.0)
        shares /= shares.sum(axis=1, keepdims=True)
        councils = elect(electorate, LAW, params, 2, 0)
        clear = shares.max(axis=1) > 0.5
        assert clear.sum() > 20
        np.testing.assert_array_equal(councils.rounds == 1, clear)
        np.testing.assert_allclose(councils.votes[clear], shares[clear])

    def test_the_outgoing_list_gains_its_advantage(self):
        """Its odds against any other list are multiplied by the exponential of the advantage."""
        params = replace(PARAMS, noise_sd=0.0, incumbency=0.1)
        electorate = make_electorate(10, 10)
        before = elect(electorate, LAW, params, 2, 0)
        after = elect(electorate, LAW, params, 2, 24, before)
        rows = np.flatnonzero((before.rounds == 1) & (after.rounds == 1))
        assert rows.size > 20
        for row in rows:
            was, now, first = before.votes[row], after.votes[row], before.winner[row]
            others = (was > 0) & (np.arange(3) != first)
            gain = (now[first] / now[others]) / (was[first] / was[others])
            np.testing.assert_allclose(gain, np.exp(0.1))

    def test_voters_of_a_list_that_is_out_go_to_the_nearest(self):
        """Second rounds of two lists: loyal voters follow, the rest by closeness; nothing is lost."""
        params = replace(PARAMS, noise_sd=1.6, merger_loyalty=1.0, three_lists_from=0)
        electorate = make_electorate(200, 12)
        centres, _ = list_positions(electorate, params, 6)
        first = elect(electorate, replace(LAW, second_round_threshold=0.0), params, 6, 0)
        needed, stands = second_round(first.votes, LAW)
        assert (first.rounds == 1 + needed).all()  # with no threshold the second round repeats the first
        final = elect(electorate, LAW, params, 6, 0)
        merged = np.flatnonzero(needed & (stands.sum(axis=1) == 2) & (first.votes.min(axis=1) >= 0.05))
        assert merged.size > 10
        for row in merged:
            out = int(np.flatnonzero(~stands[row])[0])
            gap = ((centres[row] - centres[row, out]) ** 2).sum(axis=1)
            gap[out] = np.inf
            expected = first.votes[row].copy()
            expected[np.argmin(gap)] += expected[out]
            expected[out] = 0.0
            np.testing.assert_allclose(final.votes[row], expected)

    def test_number_of_lists_by_population(self):
        params = replace(PARAMS, two_lists_from=100, three_lists_from=1000)
        people = np.array([99.0, 100.0, 999.0, 1000.0, 50_000.0])
        electorate = make_electorate(1, 5, people=people)
        _, runs = list_positions(electorate, params, 1)
        assert runs.sum(axis=1).tolist() == [1, 2, 2, 3, 3]
        councils = elect(electorate, LAW, params, 1, 0)
        assert (councils.votes[~runs] == 0).all()
        assert councils.votes[0].max() == 1.0

    def test_growth_and_cooperation_are_dealt_apart(self):
        electorate = make_electorate(100, 20)
        centres, _ = list_positions(electorate, PARAMS, 1)
        for a, b in ((0, 1), (0, 2), (1, 2)):
            correlation = np.corrcoef(centres[..., a].ravel(), centres[..., b].ravel())[0, 1]
            assert abs(correlation) < 3 / np.sqrt(centres[..., 0].size)

    def test_positions_as_listed_keep_their_order(self):
        params = replace(PARAMS, list_pairing="as_listed", list_sd=0.0)
        centres, _ = list_positions(make_electorate(2, 3), params, 1)
        np.testing.assert_allclose(centres[..., 1], np.broadcast_to(PARAMS.list_cooperation, (6, 3)))
        np.testing.assert_allclose(centres[..., 0], np.broadcast_to(PARAMS.list_growth, (6, 3)))

    def test_lists_last_from_one_election_to_the_next(self):
        electorate = make_electorate(3, 5)
        quiet = replace(PARAMS, personal_sd=0.0)
        centres, _ = list_positions(electorate, quiet, 9)
        for councils in history(electorate, quiet, 9, 2):
            np.testing.assert_allclose(councils.ideal, centres[councils.commune, councils.party])

    def test_voters_stand_around_the_assumed_mean(self):
        n = 4000
        ids = pair_ids(np.arange(n), 1)
        place = territory_voter_position(ids, pair_ids(np.arange(n), 2), PARAMS, 1)
        spread = np.hypot(PARAMS.voter_sd_territory, PARAMS.voter_sd_commune)
        np.testing.assert_allclose(place.mean(axis=0), 0.5, atol=3 * spread / np.sqrt(n))
        np.testing.assert_allclose(place.std(axis=0), spread, rtol=0.05)
        shared = territory_voter_position(ids, np.full(n, 7, dtype=np.uint64), PARAMS, 1)
        np.testing.assert_allclose(shared.std(axis=0), PARAMS.voter_sd_commune, rtol=0.05)


class TestTwoRounds:
    """The procedure of L262 and L264 in one commune, worked by hand: voters move by merger alone, or by chance."""

    CENTRES = np.array(
        [[[0.1, 0.5, 0.5], [0.8, 0.5, 0.5], [0.9, 0.5, 0.5]]]
    )  # the third stands near the second

    def second(self, first, loyalty=0.6):
        """Return who stands, and the votes of the second round, when closeness does not count otherwise."""
        shares = np.array([first])
        needed, stands = second_round(shares, LAW)
        params = replace(PARAMS, closeness=0.0, merger_loyalty=loyalty)
        assert needed[0]
        return stands[0].tolist(), _transferred(shares, stands, self.CENTRES, LAW, params)[0]

    def test_three_lists_above_ten_per_cent_meet_again(self):
        stands, votes = self.second([0.47, 0.41, 0.12])
        assert stands == [True, True, True]
        np.testing.assert_allclose(votes, [0.47, 0.41, 0.12])

    def test_a_list_between_five_and_ten_per_cent_merges_with_the_nearest(self):
        """Of its 8 %, 60 % follow it to the second list; the others split evenly: +1.6 and +6.4 points."""
        stands, votes = self.second([0.49, 0.43, 0.08])
        assert stands == [True, True, False]
        np.testing.assert_allclose(votes, [0.506, 0.494, 0.0])
        np.testing.assert_allclose(self.second([0.49, 0.43, 0.08], loyalty=1.0)[1], [0.49, 0.51, 0.0])

    def test_a_list_below_five_per_cent_cannot_merge(self):
        stands, votes = self.second([0.49, 0.47, 0.04], loyalty=1.0)
        assert stands == [True, True, False]
        np.testing.assert_allclose(votes, [0.51, 0.49, 0.0])

    def test_five_per_cent_exactly_may_merge(self):
        np.testing.assert_allclose(self.second([0.49, 0.46, 0.05], loyalty=1.0)[1], [0.49, 0.51, 0.0])

    def test_exactly_half_each_needs_a_second_round_a_list_alone_does_not(self):
        params = replace(
            PARAMS, closeness=0.0, noise_sd=0.0, incumbency=0.0, two_lists_from=100, three_lists_from=10**9
        )
        electorate = make_electorate(1, 2, people=np.array([5000.0, 50.0]))
        councils = elect(electorate, LAW, params, 1, 0)
        assert councils.rounds.tolist() == [2, 1]
        assert sorted(councils.votes[0].tolist()) == [0.0, 0.5, 0.5]
        assert sorted(councils.municipal[1].tolist()) == [0, 0, 7]


class TestJudgement:
    def test_two_thirds_of_outgoing_lists_win_at_neutral_judgement(self):
        past = history(make_electorate(60, 40), PARAMS, 12, 4)
        kept = np.mean([1 - councils.alternation.mean() for councils in past[2:]])
        assert 0.60 < kept < 0.70

    def test_a_neutral_mandate_is_no_mandate(self):
        electorate = make_electorate(4, 6)
        before = elect(electorate, LAW, PARAMS, 1, 0)
        with_it = elect(electorate, LAW, PARAMS, 1, 24, before, neutral(4))
        np.testing.assert_array_equal(with_it.votes, elect(electorate, LAW, PARAMS, 1, 24, before).votes)

    @given(shift=st.floats(-5, 5), values=st.lists(st.floats(-1, 1), min_size=3, max_size=3))
    def test_what_happens_to_all_changes_no_judgement(self, shift, values):
        here = replace(neutral(3), jobs_growth=np.array(values))
        everywhere = replace(here, jobs_growth=here.jobs_growth + shift, tax_rate=here.tax_rate + shift)
        np.testing.assert_allclose(valence(everywhere, PARAMS), valence(here, PARAMS), atol=1e-9)

    @pytest.mark.parametrize(
        ("name", "step", "sign"),
        [("jobs_growth", 0.02, 1), ("services", 0.1, 1), ("tax_rate", 2.0, -1), ("crises", 0.2, -1)],
    )
    def test_better_outcomes_than_the_neighbours_help(self, name, step, sign):
        mandate = replace(neutral(2), **{name: getattr(neutral(2), name) + np.array([step, 0.0])})
        credit = valence(mandate, PARAMS)
        assert sign * credit[0] > 0
        assert credit[0] == pytest.approx(-credit[1])

    def test_voters_compare_with_the_territories_near_them(self):
        near = np.array([[0.0, 1.0, 0.0, 0.0], [2.0, 0.0, 2.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0] * 4])
        growth = np.array([0.03, 0.0, -0.01, 0.5])
        credit = valence(replace(neutral(4), jobs_growth=growth, near=near), PARAMS)
        np.testing.assert_allclose(credit, PARAMS.valence_jobs * np.array([0.03, -0.01, -0.01, 0.0]))

    @given(values=st.lists(st.floats(-1, 1), min_size=5, max_size=5), order=st.permutations(range(5)))
    def test_the_order_of_territories_changes_no_judgement(self, values, order):
        mandate, order = replace(neutral(5), jobs_growth=np.array(values)), np.array(order)
        moved = replace(mandate, jobs_growth=mandate.jobs_growth[order])
        np.testing.assert_array_equal(valence(moved, PARAMS), valence(mandate, PARAMS)[order])

    def test_attention_weighs_the_crises(self):
        mandate = replace(neutral(2), crises=np.array([0.2, 0.0]))
        loud = replace(mandate, salience=np.array([3.0, 1.0]))
        assert valence(loud, PARAMS)[0] == pytest.approx(3 * valence(mandate, PARAMS)[0])

    def test_votes_of_the_outgoing_list_rise_with_its_record(self):
        electorate = make_electorate(2, 30)
        before = elect(electorate, LAW, PARAMS, 1, 0)
        last = None
        for growth in (-0.05, 0.0, 0.05):
            mandate = replace(neutral(2), jobs_growth=np.array([growth, 0.0]))
            after = elect(electorate, LAW, PARAMS, 1, 24, before, mandate)
            kept = np.bincount(electorate.territory, weights=after.winner == before.winner)
            assert last is None or (kept[0] >= last[0] and kept[1] <= last[1])
            last = kept

    def test_a_boundless_weight_is_a_threshold_at_the_mean(self):
        params = replace(PARAMS, valence_jobs=1e6)
        electorate = make_electorate(4, 15)
        before = elect(electorate, LAW, params, 1, 0)
        growth = np.array([0.01, -0.01, 0.02, -0.02])
        after = elect(electorate, LAW, params, 1, 24, before, replace(neutral(4), jobs_growth=growth))
        np.testing.assert_array_equal(after.alternation, growth[electorate.territory] < 0)


class TestRenewal:
    def test_a_founding_council_renews_nobody(self):
        councils = elect(make_electorate(2, 5), LAW, PARAMS, 1, -24)
        assert not councils.reelected.any()
        assert not councils.alternation.any()
        assert not councils.changed.any()

    def test_who_sat_before_keeps_a_share_of_where_it_stood(self):
        electorate = make_electorate(3, 10)
        before = elect(electorate, LAW, PARAMS, 1, 0)
        moved = replace(before, ideal=np.full_like(before.ideal, 0.9))
        fresh = elect(electorate, LAW, replace(PARAMS, persistence=0.0), 1, 24, moved)
        for share in (0.7, 1.0):
            after = elect(electorate, LAW, replace(PARAMS, persistence=share), 1, 24, moved)
            assert 0 < after.reelected.sum() < after.reelected.size
            expected = share * 0.9 + (1 - share) * fresh.ideal
            np.testing.assert_allclose(after.ideal[after.reelected], expected[after.reelected])
            np.testing.assert_array_equal(after.ideal[~after.reelected], fresh.ideal[~after.reelected])
            np.testing.assert_array_equal(after.reelected, np.isin(after.seat_id, before.seat_id))

    def test_a_change_of_person_costs_competence(self):
        params = replace(PARAMS, memory_reelected=0.9, memory_alternation=0.4)
        after = history(make_electorate(3, 10), params, 1, 1)[-1]
        assert set(memory(after, params)) == {0.4, 0.9}
        np.testing.assert_array_equal(memory(after, params) == 0.4, ~after.reelected)

    def test_an_alternation_moves_the_president(self):
        """Elections must matter: where the president changes, so does what is proposed."""
        past = history(make_electorate(150, 12), PARAMS, 3, 2)
        before, after = past[-2], past[-1]
        move = np.abs(after.ideal[after.executive] - before.ideal[before.executive]).mean(axis=1)
        assert 0.2 < after.changed.mean() < 0.8
        assert move[after.changed].mean() > 0.12
        assert move[after.changed].mean() > 3 * move[~after.changed].mean()

    def test_ideal_points_stay_in_their_space(self):
        wild = replace(PARAMS, personal_sd=0.5, list_sd=0.5)
        for councils in history(make_electorate(3, 8), wild, 1, 2):
            assert councils.ideal.min() >= 0.0
            assert councils.ideal.max() <= 1.0


class TestPresident:
    """Three communes of 5000, 3000 and 900 inhabitants with 3, 2 and 1 seats of their first lists."""

    people = np.array([3000.0, 5000.0, 900.0])
    commune = np.array([0, 0, 1, 1, 1, 2])
    party = np.zeros(6, dtype=np.int64)
    winner = np.zeros(3, dtype=np.int64)

    def chosen(self, growth, candidates, party=None, winner=None):
        electorate = make_electorate(1, 3, people=self.people)
        ideal = np.column_stack([growth, np.full(6, 0.5), np.full(6, 0.5)])
        party = self.party if party is None else np.array(party)
        winner = self.winner if winner is None else np.array(winner)
        return int(presidents(electorate, self.commune, party, ideal, winner, candidates)[0])

    def test_the_head_of_the_largest_commune_when_alone_to_stand(self):
        assert self.chosen([0.2, 0.2, 0.9, 0.9, 0.9, 0.2], candidates=1) == 2

    def test_each_councillor_votes_for_the_nearest(self):
        assert self.chosen([0.2, 0.2, 0.9, 0.9, 0.9, 0.85], candidates=2) == 2
        assert self.chosen([0.2, 0.2, 0.9, 0.9, 0.3, 0.2], candidates=2) == 0

    def test_a_tie_goes_to_the_larger_commune(self):
        assert self.chosen([0.2, 0.2, 0.9, 0.9, 0.9, 0.2], candidates=2) == 2

    def test_only_heads_of_governing_lists_stand(self):
        growth = [0.2, 0.2, 0.9, 0.3, 0.3, 0.3]
        assert self.chosen(growth, 3, party=[0, 0, 0, 1, 1, 0], winner=[0, 1, 0]) == 3

    @settings(max_examples=20)
    @given(electorate=electorates, seed=st.integers(0, 2**32))
    def test_the_president_heads_the_first_list_of_a_commune_of_its_own_community(self, electorate, seed):
        councils = elect(electorate, LAW, PARAMS, seed, 0)
        head = councils.executive
        np.testing.assert_array_equal(councils.territory[head], np.arange(head.size))
        assert (councils.rank[head] == 0).all()
        np.testing.assert_array_equal(councils.party[head], councils.winner[councils.commune[head]])

    def test_a_council_with_fewer_seats_than_communes_still_has_a_president(self):
        electorate = make_electorate(2, 10)
        seats = seats_by_territory(
            electorate.territory, electorate.population, electorate.commune, LAW, np.array([1, 4])
        )
        councils = elect(replace(electorate, community_seats=seats), LAW, PARAMS, 1, 0)
        assert councils.territory[councils.executive].tolist() == [0, 1]


class TestCalendar:
    @pytest.mark.parametrize(
        ("start", "founding", "first"), [(2020, -24, 0), (2022, -8, 16), (2026, -24, 0), (2027, -4, 20)]
    )
    def test_the_last_election_before_the_run_and_the_first_in_it(self, start, founding, first):
        assert founding_tick(start, PARAMS) == founding
        assert [tick for tick in range(24) if is_election(tick, start, PARAMS)] == [first]
        assert is_election(founding, start, PARAMS)
        assert (first_tick(start, PARAMS) - first) % 24 == 0

    def test_the_law_of_an_election_is_that_of_its_quarter(self):
        assert election_day(founding_tick(2022, PARAMS), 2022) == date(2020, 3, 30)
        assert election_day(16, 2022) == date(2026, 3, 30)
        assert SeatLaw.from_table(LAW_TABLE, election_day(-8, 2022)) == LAW_2020
        assert SeatLaw.from_table(LAW_TABLE, election_day(16, 2022)) == LAW
        assert election_day(3, 2022) == date(2022, 12, 30)
