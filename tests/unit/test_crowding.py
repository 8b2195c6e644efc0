"""The weight of the public actor: who gives less above a threshold, and that nobody does by default."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from coopsim.model import CoopModel
from coopsim.scenario import load_scenario, section_defaults
from coopsim.scenario.governance_councils import POSTURES
from coopsim.schedule.finance.contributions import given as paid_by
from coopsim.schedule.firms import citizens, loops
from coopsim.society.crowding import CrowdingParams, kept
from coopsim.tables import SCOPES
from coopsim.world import founded
from tests.system.parts import small

DEFAULT = CrowdingParams(**section_defaults("society.crowding"))
ON = {"society.crowding.slope": 1.0}
ACTOR = {"governance.position.posture": "actor"}
share = st.floats(0.0, 1.0)


def test_nobody_gives_less_by_default() -> None:
    assert (kept(DEFAULT, np.linspace(0.0, 1.0, 11), 3) == 1.0).all()


@given(share, share, st.floats(0.0, 20.0), share, st.integers(0, 4))
def test_gifts_fall_above_the_threshold_only_and_never_below_nothing(low, more, slope, threshold, posture):
    p = CrowdingParams(threshold, slope, DEFAULT.posture_weight)
    here, there = float(kept(p, low, posture)), float(kept(p, min(low + more, 1.0), posture))
    assert 0.0 <= there <= here <= 1.0
    if low + DEFAULT.posture_weight[posture] <= threshold:
        assert here == 1.0


def test_the_slope_is_what_a_unit_of_weight_takes_away() -> None:
    p = CrowdingParams(0.5, 0.8, (0.0, 0.1))
    assert_allclose(kept(p, np.array([0.5, 0.75, 1.0]), 0), [1.0, 0.8, 0.6])
    assert_allclose(kept(p, 0.6, np.array([0, 1])), [0.92, 0.84])


def test_each_posture_has_its_weight() -> None:
    assert len(DEFAULT.posture_weight) == len(POSTURES)
    assert DEFAULT.posture_weight[POSTURES.index("partner")] == 0.0


def pact(**keys: object):
    voluntary = {
        "governance.payoff.pact_contribution": "voluntary",
        "governance.payoff.animation_funding.share": 0.8,
        "society.pacts.conditional_share": 0.9,
        "society.pacts.start_contribution": 0.8,
    }
    world = founded(small(voluntary | keys), 0)
    world.pacts.found(
        np.uint64(7), np.ones(3, np.bool_), np.ones(len(SCOPES), np.bool_), 0, 0, world.signals.cfe
    )
    first = paid_by(world, 0).copy()
    world.tick = 4
    return first, paid_by(world, 0).copy()


def test_members_of_a_pact_pay_less_of_an_animation_that_is_mostly_public() -> None:
    free, same = pact(), pact(**ACTOR)
    assert_array_equal(free, same)
    first, then = pact(**ON)
    assert_allclose(first, 0.7 * free[0])
    assert_allclose(then, 0.7 * 0.7 * free[1])  # they give as the others gave, and fewer want to
    actor = pact(**ON, **ACTOR)
    assert (actor[0] < first).all()
    few = pact(**ON, **{"governance.payoff.animation_funding.share": 0.4})
    assert_allclose(few[0], free[0])


def test_inhabitants_subscribe_less_to_a_work_that_is_mostly_public() -> None:
    public = {"governance.payoff.energy.grant_share": 0.8}
    plain, put_off = (founded(load_scenario("citizen-capital", keys), 0) for keys in (public, public | ON))
    assert_allclose(citizens.left(put_off, loops.gift(put_off)), 0.7 * citizens.left(plain))
    assert_array_equal(citizens.left(put_off), citizens.left(plain))
    assert (
        citizens.part(put_off, loops.gift(put_off), 8.0) <= citizens.part(plain, loops.gift(plain), 8.0)
    ).all()


@pytest.mark.parametrize(("match", "part"), [(0.5, 1.0), (3.0, 0.75)])
def test_companies_give_less_to_a_foundation_that_is_mostly_public(match, part) -> None:
    def first_year(keys):
        spec = load_scenario(
            "foundation", {"event": [], "governance.payoff.foundation.public_match": match} | keys
        )
        model = CoopModel(spec, 1, views=False)
        while model.world.foundation is None and model.world.tick < 8:
            model.step()
        return model.world.foundation

    plain, put_off = first_year({}), first_year(ON)
    assert plain.given.sum() > 0.0
    assert_allclose(put_off.given, part * plain.given)
    assert_allclose(put_off.matched, match * put_off.given)
