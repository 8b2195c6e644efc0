"""Rules exactly at a bound: more than half is not half, below a threshold is not at it (from mutants that lived)."""

from fractions import Fraction

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from coopsim.governance import LAND, openings
from coopsim.governance.agreements import agreement_faults
from coopsim.governance.cost_games import population_shares
from coopsim.governance.debate_formats import MovingDebate
from coopsim.governance.pact_growth import GROWTH
from coopsim.governance.power import majority_quota
from coopsim.governance.seats import community_seats, highest_averages
from coopsim.governance.water_allocation import WATER, WaterContext
from coopsim.resources.land import LandParams, Use
from coopsim.resources.land.market import vacancy
from coopsim.resources.water.graph import release_share
from coopsim.resources.water.supply import water_security
from coopsim.resources.wood import GROWTH as GROWTH_OF_WOOD
from coopsim.resources.wood import GrowthContext
from coopsim.scenario.parameters import section_defaults
from tests.contracts.test_resource_rules import ground
from tests.unit.test_debate_formats import after
from tests.unit.test_seats import LAW


def test_half_of_the_seats_is_not_more_than_half():
    people = [5000, 3000, 2000]
    assert "half" not in agreement_faults(people, [10, 6, 4], LAW)
    assert "half" in agreement_faults(people, [11, 5, 4], LAW)


def test_one_pair_out_of_order_is_enough():
    assert "order" in agreement_faults([5000, 3000, 2000], [10, 4, 6], LAW)
    assert "order" not in agreement_faults([5000, 3000, 2000], [10, 5, 5], LAW)


@pytest.mark.parametrize(("seats", "strays"), [((10, 6, 4), False), ((8, 6, 6), True), ((10, 4, 6), True)])
def test_a_share_of_seats_strays_on_either_side(seats, strays):
    """Shares of inhabitants are 1/2, 3/10 and 1/5; a fifth more or less is allowed."""
    assert ("gap" in agreement_faults([50_000, 30_000, 20_000], seats, LAW)) is strays


def test_two_seats_are_excused_where_the_averages_alone_give_one():
    """Of 26 seats two are 7.7 %, for 3.2 % of the inhabitants; of 900 people the averages give none, so no excuse."""
    for smallest, alone, strays in ((1500, 1, False), (900, 0, True)):
        people = np.array([20_000, 12_000, 9_000, 5_000, smallest])
        assert highest_averages(people, int(LAW.community_table(people.sum())))[-1] == alone
        assert ("gap" in agreement_faults(people, [10, 6, 5, 3, 2], LAW)) is strays


def test_as_many_seats_as_communes_is_one_for_each():
    assert_array_equal(community_seats([900, 50, 50], LAW, size=3), [1, 1, 1])


def test_a_majority_is_of_one_half_unless_said_otherwise():
    assert majority_quota([3, 3, 4]) == 6
    assert majority_quota([3, 3, 4], Fraction(2, 3)) == 7


def test_shares_of_very_few_inhabitants_are_still_those_of_inhabitants():
    members = np.array([True, True, False])
    assert_allclose(population_shares(np.array([0.6, 0.2, 9.0]), members), [0.75, 0.25, 0.0])
    assert_allclose(population_shares(np.zeros(3), members), [0.5, 0.5, 0.0])


def test_between_equal_camps_those_for_speak_first():
    assert_allclose(after(MovingDebate(rate=0.5, turns=1), [0.6, 0.4]), [0.6, 0.5])


def test_a_nucleus_begins_with_two_subjects():
    rule = GROWTH.build("networking")
    assert [rule.first_subjects(allowed) for allowed in (1, 2, 5)] == [1, 2, 2]


def test_a_river_at_its_threshold_is_not_below_it():
    thresholds = np.array([1.0, 0.5, 0.25])
    context = WaterContext(
        **{name: np.zeros((1, 4)) for name in ("consumed", "demand")},
        **_node(thresholds),
    )
    assert [context.level(0, arriving) for arriving in (2.0, 1.999, 1.0, 0.999, 0.5, 0.499)] == [
        0,
        1,
        1,
        2,
        2,
        3,
    ]


def _node(thresholds):
    """What a context of one node needs besides; 2 m³/s is what the river is to keep."""
    facts = {
        name: np.zeros(1) for name in WaterContext.__dataclass_fields__ if name not in ("consumed", "demand")
    }
    return facts | {"staged": np.ones(1), "thresholds": thresholds, "doe": np.array([2.0])}


def test_no_volume_at_all_is_a_quota():
    assert WATER.build({"rule": "quota", "volume_share": 0.0}).volume_share == 0.0
    with pytest.raises(ValueError, match="volume_share"):
        WATER.build({"rule": "quota", "volume_share": -0.01})


def test_a_market_of_half_a_hectare_has_its_own_vacancy():
    params = LandParams(**section_defaults("resources.land"))
    uses = np.zeros((2, len(Use)))
    uses[0, Use.OCCUPIED], uses[0, Use.VACANT] = 0.4, 0.1
    assert_allclose(vacancy(uses, params), [0.2, params.price_vacancy])


def test_wood_that_does_not_grow_stands_until_it_is_cut():
    """At rest under its harvest: with no growth all is left without a cut, and nothing with one."""
    volume, rate = np.array([100.0, 100.0, 100.0]), np.array([0.0, 0.0, 0.4])
    context = GrowthContext(volume, np.full(3, 120.0), rate, np.array([0.0, 5.0, 5.0]))
    assert_allclose(GROWTH_OF_WOOD.build("steady").after(context), [120.0, 0.0, 60.0])


def test_a_reservoir_gives_back_the_share_of_its_days():
    """Ten days and a bit are a 36th of a year: a reservoir of 20 days empties by 1 − exp(−10.15/20) of itself."""
    assert_allclose(release_share(np.array([20.0])), 1.0 - np.exp(-365.25 / 36.0 / 20.0), rtol=2e-3)


def test_water_security_moves_towards_what_was_met():
    assert_allclose(water_security(np.array([0.5, 0.5]), np.array([0.9, 0.1]), 0.7), [0.62, 0.38])


def test_each_territory_opens_land_by_its_own_rule():
    """Two rules in one place: every row is what its rule gives it alone."""
    context = next(c for c in map(ground, range(50)) if c.asked.shape[0] >= 4)
    names = ["race", "cap"]
    rules = [LAND.build(names[n % 2]) for n in range(context.asked.shape[0])]
    found = openings(rules, context)
    for n, rule in enumerate(rules):
        alone = rule.opening(context.rows(np.array([n])))
        assert_allclose(found.naf[n], alone.naf[0])
        assert_allclose(found.brownfield[n], alone.brownfield[0])
    assert found.naf.sum() > 0.0
