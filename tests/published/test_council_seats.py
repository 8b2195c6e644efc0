"""Seats by the law on real populations and real results.

Municipal populations of 2022: INSEE, legal populations in force on 1 January 2025 (Licence Ouverte 2.0).
Results of March and June 2020: ministère de l'Intérieur (Licence Ouverte 2.0).
"""

import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from coopsim.governance import VOTING, Ballot
from coopsim.governance.power import banzhaf, shapley_shubik
from coopsim.governance.seats import SeatLaw, community_seats, list_seats, second_round

LAW_FILE = Path(__file__).parents[2] / "scenarios" / "law" / "councils.toml"

# fmt: off
GRAND_FIGEAC = [
    9757, 4394, 1481, 1278, 1134, 1070, 943, 929, 783, 770, 732, 722, 720, 707, 621, 614, 558, 549, 523,
    523, 517, 467, 445, 429, 403, 366, 361, 357, 347, 340, 339, 323, 309, 302, 301, 301, 282, 277, 254,
    247, 242, 242, 242, 241, 238, 235, 234, 232, 221, 213, 205, 202, 201, 197, 195, 194, 191, 185, 183,
    182, 182, 176, 175, 175, 173, 168, 164, 160, 158, 142, 136, 134, 132, 129, 122, 122, 116, 111, 107,
    106, 98, 96, 93, 93, 92, 90, 88, 86, 74, 70, 62, 44,
]
CAUVALDOR = [
    3496, 3449, 3199, 1968, 1639, 1429, 1335, 1279, 1154, 1073, 993, 955, 845, 796, 771, 735, 694, 683,
    666, 657, 655, 604, 571, 514, 488, 487, 486, 485, 464, 448, 426, 416, 415, 411, 406, 399, 391, 389,
    376, 360, 356, 353, 343, 341, 334, 318, 311, 309, 296, 292, 292, 273, 264, 264, 264, 256, 246, 240,
    226, 224, 208, 201, 185, 183, 174, 170, 165, 165, 163, 151, 145, 141, 106, 96, 95, 89, 74,
]
# fmt: on


@pytest.fixture(scope="module")
def law() -> SeatLaw:
    return SeatLaw.from_table(tomllib.loads(LAW_FILE.read_text(encoding="utf-8")), date(2020, 3, 15))


class TestCommunityCouncils:
    """CGCT L5211-6-1 on the two communities of the PETR Figeac, Quercy – Vallée de la Dordogne."""

    def test_grand_figeac(self, law):
        seats = community_seats(GRAND_FIGEAC, law)
        assert sum(GRAND_FIGEAC) == 43_924
        assert seats.sum() == 125
        assert list(seats[:8]) == [20, 9, 3, 2, 2, 2, 2, 1]  # Figeac, Capdenac-Gare, Bagnac-sur-Célé, …
        assert (seats[8:] == 1).all()

    def test_grand_figeac_before_the_added_tenth(self, law):
        seats = community_seats(GRAND_FIGEAC, replace(law, added_share=0.0))
        assert seats.sum() == 114  # 38 of the table and 76 communes too small for one
        assert list(seats[:5]) == [15, 7, 2, 2, 1]

    def test_cauvaldor(self, law):
        seats = community_seats(CAUVALDOR, law)
        assert sum(CAUVALDOR) == 45_320
        assert seats.sum() == 103
        assert list(seats[:12]) == [7, 6, 6, 3, 3, 2, 2, 2, 2, 2, 2, 1]  # Gramat, Saint-Céré, Souillac, …
        assert community_seats(CAUVALDOR, replace(law, added_share=0.0)).sum() == 94

    def test_voting_power_of_one_centre_and_of_several(self, law):
        """20 seats of 125 are worth more than their share in a council of small communes."""
        seats = community_seats(GRAND_FIGEAC, law)
        assert banzhaf(seats, 63)[0] == pytest.approx(0.267, abs=5e-4)
        assert shapley_shubik(seats, 63)[0] == pytest.approx(0.187, abs=5e-4)
        several = community_seats(CAUVALDOR, law)
        assert banzhaf(several, 52)[:3] == pytest.approx([0.0728, 0.0607, 0.0607], abs=5e-5)
        assert shapley_shubik(several, 52)[:3] == pytest.approx([0.0715, 0.0606, 0.0606], abs=5e-5)


class TestMunicipalResults:
    """Code électoral L262 and L273-8 on the elections of 2020: municipal, then community seats."""

    def test_cahors_first_round(self, law):
        votes = np.array([3339, 1112, 499, 440, 302, 158])
        needed, _ = second_round(votes[None] / votes.sum(), law)
        assert not needed[0]
        assert list(list_seats(votes, 33, law)) == [28, 3, 1, 1, 0, 0]
        assert list(list_seats(votes, 24, law)) == [20, 2, 1, 1, 0, 0]

    def test_figeac_two_rounds_four_lists(self, law):
        first = np.array([1171, 729, 496, 376, 154])
        needed, stands = second_round(first[None] / first.sum(), law)
        assert needed[0]
        assert list(stands[0]) == [True, True, True, True, False]
        votes = np.array([1187, 818, 479, 301])
        assert list(list_seats(votes, 29, law)) == [22, 4, 2, 1]
        assert list(list_seats(votes, 21, law)) == [15, 3, 2, 1]

    def test_saint_etienne_second_round(self, law):
        assert list(list_seats([14_139, 9_861], 59, law)) == [47, 12]

    @pytest.mark.parametrize(
        ("population", "seats"), [(19_878, 33), (9_792, 29), (172_565, 59), (20_224, 35)]
    )
    def test_size_of_these_councils(self, law, population, seats):
        assert law.municipal_council(population) == seats


def test_a_change_of_statutes_is_harder_among_several_centres(law):
    """CGCT L5211-5: shares of random votes that pass, 10.5 % and 2.6 % by exact count."""
    rule, draws = VOTING.build("double_majority"), 4000
    chance = np.random.default_rng(46)
    for people, exact in ((np.array(GRAND_FIGEAC), 0.105), (np.array(CAUVALDOR), 0.026)):
        votes = chance.random((draws, people.size)) < 0.5
        passed = sum(rule.adopted(Ballot.of(yes, population=people)) for yes in votes) / draws
        assert passed == pytest.approx(exact, abs=3 * np.sqrt(exact * (1 - exact) / draws))
    assert GRAND_FIGEAC[0] / sum(GRAND_FIGEAC) < 0.25  # Figeac stands just below a veto
