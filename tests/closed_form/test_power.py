"""Power indices where the answer can be counted or derived."""

import math
from fractions import Fraction
from itertools import combinations, pairwise
from math import comb, factorial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopsim.errors import ScenarioError
from coopsim.governance import VOTING, Ballot, power
from coopsim.governance.blocs import bloc_power
from coopsim.governance.power import banzhaf, decisive, majority_quota, shapley_shubik
from coopsim.governance.statutes import statutes
from coopsim.lab import formulas_voting


@st.composite
def games(draw: st.DrawFn, largest: int = 12, members: int = 8) -> tuple[list[int], int]:
    weights = draw(st.lists(st.integers(0, largest), min_size=1, max_size=members).filter(any))
    return weights, draw(st.integers(1, sum(weights)))


def counted(weights: list[int], wins) -> tuple[list[int], list[Fraction]]:
    """Swings and Shapley–Shubik by asking about every coalition."""
    n = len(weights)
    swing, index = [0] * n, [Fraction(0)] * n
    for member in range(n):
        others = [j for j in range(n) if j != member]
        for size in range(n):
            for coalition in combinations(others, size):
                if wins([*coalition, member]) and not wins(coalition):
                    swing[member] += 1
                    index[member] += Fraction(factorial(size) * factorial(n - 1 - size), factorial(n))
    return swing, index


def by_rule(weights: list[int], quota: int):
    """Whether the voting rule of the engine adopts what a coalition is in favour of."""
    rule = VOTING.build({"rule": "weighted", "quota": quota})

    def wins(coalition) -> bool:
        yes = np.isin(np.arange(len(weights)), list(coalition))
        return rule.adopted(Ballot.of(yes, weight=weights))

    return wins


@given(game=games())
def test_equal_to_what_the_voting_rule_says_of_every_coalition(game):
    weights, quota = game
    swing, index = counted(weights, by_rule(weights, quota))
    np.testing.assert_allclose(decisive(weights, quota) * 2 ** (len(weights) - 1), swing, atol=1e-10)
    np.testing.assert_allclose(banzhaf(weights, quota), np.array(swing) / sum(swing), atol=1e-13)
    np.testing.assert_allclose(shapley_shubik(weights, quota), [float(x) for x in index], atol=1e-13)
    exact = formulas_voting.indices(weights, quota)
    np.testing.assert_allclose(exact[0], np.array(swing) / sum(swing), rtol=1e-15)
    np.testing.assert_allclose(exact[1], [float(x) for x in index], rtol=1e-15)


@given(game=games(members=6), chance=st.floats(0, 1))
def test_decisive_is_a_sum_over_coalitions_of_the_others(game, chance):
    weights, quota = game
    n = len(weights)
    expected = np.zeros(n)
    for member in range(n):
        others = [j for j in range(n) if j != member]
        for size in range(n):
            for coalition in combinations(others, size):
                if quota - weights[member] <= sum(weights[j] for j in coalition) < quota:
                    expected[member] += chance**size * (1 - chance) ** (n - 1 - size)
    np.testing.assert_allclose(decisive(weights, quota, chance), expected, atol=1e-12)


@settings(max_examples=30)
@given(game=games(largest=400, members=40))
def test_by_weight_by_halves_and_member_by_member_agree(game):
    weights, quota = game
    members = np.array(weights)
    reduced = power._reduced(members, quota)
    for chances, shares in (power._nodes(int((members > 0).sum())), (np.array([0.5]), np.ones(1))):
        one, other = (f(reduced, chances, shares) for f in (power._by_weight, power._by_halves))
        np.testing.assert_allclose(one, other, atol=1e-11)
    voting = [w for w in weights if w]
    swept = formulas_voting._multilinear(voting, quota)
    np.testing.assert_allclose(banzhaf(voting, quota), swept[0], atol=1e-11)
    np.testing.assert_allclose(shapley_shubik(voting, quota), swept[1], atol=1e-11)


@given(game=games(largest=400))
def test_both_indices_sum_to_one_and_rank_by_weight(game):
    weights, quota = game
    order = np.argsort(weights, kind="stable")
    for index in (banzhaf(weights, quota), shapley_shubik(weights, quota)):
        assert index.sum() == pytest.approx(1.0, abs=1e-12)
        assert all(index[a] <= index[b] + 1e-13 for a, b in pairwise(order))


@given(game=games(), scale=st.integers(1, 1000), seed=st.integers(0, 2**32 - 1))
def test_units_and_order_of_members_do_not_count(game, scale, seed):
    weights, quota = game
    order = np.random.default_rng(seed).permutation(len(weights))
    scaled = [scale * weights[j] for j in order]
    for index in (banzhaf, shapley_shubik):
        again = index(scaled, scale * quota)
        np.testing.assert_allclose(again, index(weights, quota)[order], atol=1e-14)
        np.testing.assert_allclose(index(scaled, scale * (quota - 1) + 1), again, atol=1e-14)


@given(game=games(), chance=st.floats(0, 1))
def test_a_game_and_its_dual_give_the_same_power(game, chance):
    weights, quota = game
    dual = sum(weights) - quota + 1
    np.testing.assert_allclose(
        decisive(weights, dual, 1 - chance), decisive(weights, quota, chance), atol=1e-13
    )
    np.testing.assert_allclose(banzhaf(weights, dual), banzhaf(weights, quota), atol=1e-13)
    np.testing.assert_allclose(shapley_shubik(weights, dual), shapley_shubik(weights, quota), atol=1e-13)


@pytest.mark.parametrize("n", [1, 2, 7, 200, 1000])
def test_equal_members_share_power_equally(n):
    quota = majority_quota([1] * n)
    np.testing.assert_allclose(banzhaf([1] * n, quota), 1 / n, rtol=1e-12)
    np.testing.assert_allclose(shapley_shubik([1] * n, quota), 1 / n, rtol=1e-10)
    # decisive when the others split just short of the quota
    np.testing.assert_allclose(decisive([1] * n, quota), comb(n - 1, quota - 1) / 2 ** (n - 1), rtol=1e-10)


def test_a_dictator_leaves_dummies():
    for index in (banzhaf, shapley_shubik):
        assert index([51, 30, 19], 51).tolist() == [1, 0, 0]
        assert index([10**9, 30, 19], 51).tolist() == [1, 0, 0]


@pytest.mark.parametrize("n", [4, 60, 1000])
def test_unanimity_makes_every_voice_equal_whatever_its_weight(n):
    """One coalition of 2^1000 still tells who is decisive."""
    weights = list(range(1, n + 1))
    np.testing.assert_allclose(banzhaf(weights, sum(weights)), 1 / n, rtol=1e-9)
    np.testing.assert_allclose(shapley_shubik(weights, sum(weights)), 1 / n, rtol=1e-9)
    np.testing.assert_allclose(banzhaf(weights, 1), 1 / n, rtol=1e-9)


@given(n=st.integers(2, 40))
def test_apex_game(n):
    """One large member wins with any other, the others only all together: it holds (n − 2)/n."""
    weights = [n - 2] + [1] * (n - 1) if n > 2 else [1, 1]
    quota = n - 1 if n > 2 else 1
    assert shapley_shubik(weights, quota)[0] == pytest.approx((n - 2) / n if n > 2 else 1 / 2, abs=1e-13)


@given(small=st.integers(1, 199), large=st.integers(1, 60), quota=st.integers(1, 250))
def test_one_bloc_among_small_members(small, large, quota):
    """The bloc decides at the places where it carries the count over the quota: w of n + 1 of them."""
    quota = min(quota, small + large)
    places = min(quota - 1, small) - max(quota - large, 0) + 1
    found = shapley_shubik([large] + [1] * small, quota)[0]
    assert found == pytest.approx(places / (small + 1), abs=1e-12)


@pytest.mark.parametrize(("members", "largest"), [(200, 9), (200, 1000), (1000, 20), (36, 10**6)])
def test_large_games_have_a_whole_to_share(members, largest):
    weights = np.random.default_rng(5).integers(1, largest + 1, members)
    quota = majority_quota(weights)
    order = np.argsort(weights, kind="stable")
    for index in (banzhaf(weights, quota), shapley_shubik(weights, quota)):
        assert index.sum() == pytest.approx(1.0, abs=1e-10)
        assert np.diff(index[order]).min() > -1e-10


def test_as_many_nodes_as_the_bound_asks_for():
    """Few members are integrated exactly, a thousand with an eighth of the nodes that this would take."""
    assert [power._nodes(n)[0].size for n in (1, 2, 3, 40)] == [1, 1, 2, 20]
    assert power._nodes(1000)[0].size < 130
    for n in (50, 200, 1000):  # ∫ C(n-1, k) p^k (1 - p)^(n-1-k) = 1/n for every k
        p, share = power._nodes(n)
        for k in (0, n // 3, n // 2):
            log = math.lgamma(n) - math.lgamma(k + 1) - math.lgamma(n - k)
            mean = float(share @ np.exp(log + k * np.log(p) + (n - 1 - k) * np.log1p(-p)))
            assert mean == pytest.approx(1 / n, abs=2e-13)


def test_members_without_a_vote_change_nobodys_power():
    for index in (banzhaf, shapley_shubik):
        found = index([3, 0, 2, 2, 0], 4)
        assert found[[1, 4]].tolist() == [0, 0]
        np.testing.assert_allclose(found[[0, 2, 3]], index([3, 2, 2], 4), rtol=1e-14)
    np.testing.assert_allclose(decisive([3, 0, 2, 2, 0], 4)[[0, 2, 3]], decisive([3, 2, 2], 4), rtol=1e-14)


@pytest.mark.parametrize(
    ("weights", "quota", "message"),
    [
        ([], 1, "not an empty one"),
        ([1, 2.5], 1, "whole numbers"),
        ([1, -2], 1, "whole numbers"),
        ([1, float("nan")], 1, "whole numbers"),
        ([[1, 2]], 1, "a list of weights"),
        ([1, 2], 0, "between 1 and the total"),
        ([1, 2], 4, "between 1 and the total"),
        ([0, 0], 1, "between 1 and the total"),
        ([1] * 1001, 500, "too many members"),
        (np.random.default_rng(1).integers(1, 10**7, 200), 10**9 // 2, "too large to be counted"),
    ],
)
def test_a_game_that_is_none_or_too_large_is_refused(weights, quota, message):
    for index in (banzhaf, shapley_shubik):
        with pytest.raises(ScenarioError, match=message):
            index(weights, quota)


# --- blocs of voters under any rule ---


def asked(rule, ballot: Ballot, bloc, blocs: int):
    """Both indices, by asking the rule about every coalition of blocs."""

    def wins(coalition) -> bool:
        yes = np.isin(bloc, list(coalition))
        return rule.adopted(
            Ballot.of(yes, weight=ballot.weight, population=ballot.population, group=ballot.group)
        )

    swing, index = counted([1] * blocs, wins)
    total = max(sum(swing), 1)
    return [s / total for s in swing], [float(x) for x in index]


@settings(max_examples=20)
@given(
    seats=st.lists(st.integers(0, 4), min_size=1, max_size=6).filter(any),
    people=st.lists(st.integers(1, 50), min_size=6, max_size=6),
    share=st.sampled_from([0.0, 0.5, 0.6, 2 / 3, 1.0]),
)
@pytest.mark.parametrize("name", sorted(VOTING))
def test_power_of_blocs_is_what_the_rule_says_of_every_coalition(name, seats, people, share):
    """Whatever the rule: its game, where it has one, agrees with how it adopts."""
    share = min(share, 0.95) if name == "by_colleges" else share  # the one rule that never asks for all
    table = {"rule": name} | ({"share": share} if "share" in VOTING.parameters(name) else {})
    rule = VOTING.build(table)
    bloc = np.repeat(np.arange(len(seats)), seats)
    ballot = Ballot.of(np.zeros(bloc.size), weight=bloc + 1, population=np.array(people)[bloc], group=bloc)
    found = bloc_power(rule, ballot, bloc, len(seats))
    banzhaf_, shapley = asked(rule, ballot, bloc, len(seats))
    np.testing.assert_allclose(found.banzhaf, banzhaf_, atol=1e-12)
    np.testing.assert_allclose(found.shapley_shubik, shapley, atol=1e-12)


def test_a_rule_without_a_quota_among_many_blocs_has_no_power_that_could_be_told():
    bloc = np.arange(13)
    assert bloc_power(VOTING.build("double_majority"), Ballot.of(np.zeros(13)), bloc, 13) is None
    quorum = VOTING.build({"rule": "quorum", "then": "double_majority"})
    assert bloc_power(quorum, Ballot.of(np.zeros(13)), bloc, 13) is None
    assert bloc_power(quorum, Ballot.of(np.zeros(5)), bloc[:5], 5).quota is None


def test_whoever_is_not_in_favour_objects_where_a_rule_is_asked():
    class Heard:
        """A majority, unless the first bloc objects; it says nothing of votes and a quota."""

        traits = VOTING["consent"].traits

        def adopted(self, ballot: Ballot) -> bool:
            return 2 * ballot.in_favour > ballot.voters and not ballot.objects[ballot.group == 0].any()

    found = bloc_power(Heard(), Ballot.of(np.zeros(3), group=np.arange(3)), np.arange(3), 3)
    assert found.quota is None
    np.testing.assert_allclose(found.banzhaf, [3 / 5, 1 / 5, 1 / 5])
    np.testing.assert_allclose(found.shapley_shubik, [2 / 3, 1 / 6, 1 / 6])


def test_as_many_centres_as_equal_blocs():
    equal = bloc_power(VOTING.build("majority"), Ballot.of(np.zeros(7)), np.arange(7), 7)
    assert equal.centres == pytest.approx(7.0)
    alone = bloc_power(VOTING.build("majority"), Ballot.of(np.zeros(7)), np.array([0] * 5 + [1, 2]), 3)
    assert alone.centres == 1.0
    never = bloc_power(
        VOTING.build({"rule": "weighted", "quota": 9}), Ballot.of(np.zeros(7)), np.arange(7), 7
    )
    assert never.centres == 0.0
    assert never.taken([6, 5]).votes.tolist() == [1, 1]


# --- the double majority of councils and people ---


@given(
    people=st.lists(st.integers(1, 40), min_size=1, max_size=8),
    shares=st.lists(st.sampled_from([0.0, 0.25, 0.5, 2 / 3, 0.9, 1.0]), min_size=5, max_size=5),
)
def test_statutes_are_what_the_rule_says_of_every_vote(people, shares):
    names = ("councils", "people_half", "councils_half", "people", "veto")
    rule = VOTING.build({"rule": "double_majority", **dict(zip(names, shares, strict=True))})
    n, found = len(people), statutes(rule, people)
    votes = np.arange(1 << n)
    wins = np.array(
        [rule.adopted(Ballot.of(vote >> np.arange(n) & 1 == 1, population=people)) for vote in votes], float
    )
    assert found.passes == pytest.approx(wins.mean(), abs=1e-12)
    for i in range(n):
        against = votes[votes >> i & 1 == 0]
        decides = (wins[against | 1 << i] - wins[against]).mean()
        assert found.decisive[i] == pytest.approx(decides, abs=1e-12)


def test_statutes_of_many_equal_communes_follow_the_binomial_law():
    """Two thirds of 300 equal communes, or half of them with two thirds of the people: two thirds either way."""
    found = statutes(VOTING.build("double_majority"), [100] * 300)
    passes = sum(comb(300, k) for k in range(101)) / 2**300
    assert found.passes == pytest.approx(passes, rel=1e-12)
    np.testing.assert_allclose(found.decisive, comb(299, 100) / 2**299, rtol=1e-9)


def test_statutes_of_a_whole_country_are_not_counted():
    assert statutes(VOTING.build("double_majority"), [50_000] * 900) is None
    assert statutes(VOTING.build("double_majority"), [1] * 1001) is None
