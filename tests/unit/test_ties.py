"""Trust, knowledge and rivalry: fixed points, bounds and symmetry."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from coopsim.model import CoopModel
from coopsim.society import ties
from coopsim.society.ties import TiesParams
from tests.system.parts import params, small

KM = np.array([[0.0, 10.0, 60.0], [10.0, 0.0, 40.0], [60.0, 40.0, 0.0]])
NEAR = np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]], dtype=bool)
rate = st.floats(0.001, 1.0)


def founded(**changes):
    p = params(TiesParams, **changes)
    return p, ties.founded(p, KM, NEAR, np.zeros((3, 3), np.bool_))


class TestTrust:
    @given(rate, rate, st.floats(0.0, 1.0), st.floats(0.0, 1.0))
    def test_expected_fixed_point(self, gain, loss, keep, start):
        """E[T'] = T + p·η₊(1 − T) − (1 − p)·η₋·T settles at η₊p/(η₊p + η₋(1 − p)); one step moves towards it."""
        up = ties.promise(
            np.array([[start]]), np.array([[True]]), np.array([[False]]), np.array([[gain]]), loss
        )
        down = ties.promise(
            np.array([[start]]), np.array([[False]]), np.array([[True]]), np.array([[gain]]), loss
        )
        expected = keep * up[0, 0] + (1 - keep) * down[0, 0]
        slope = gain * keep + loss * (1 - keep)
        star = gain * keep / slope
        assert_allclose(expected - star, (1 - slope) * (start - star), atol=1e-12)
        assert 0.0 <= down[0, 0] <= start <= up[0, 0] <= 1.0

    def test_a_breach_weighs_more_than_a_promise_kept_in_the_same_year(self):  # pragma: allowlist secret
        t = np.full((1, 1), 0.5)
        both = ties.promise(t, np.array([[True]]), np.array([[True]]), np.array([[0.1]]), 0.2)
        assert both[0, 0] == pytest.approx(0.4)

    def test_nothing_promised_nothing_changed(self):
        t = np.full((2, 2), 0.3)
        no = np.zeros((2, 2), np.bool_)
        assert_array_equal(ties.promise(t, no, no, np.ones((2, 2)), 1.0), t)

    @pytest.mark.parametrize(("gain", "loss", "broken"), [(0.06, 0.2, 0.1), (0.2, 0.1, 0.4)])
    def test_the_engine_settles_there(self, gain, loss, broken):
        """Fully animated pacts whose pairs keep their word with a constant probability, many pairs, late years.

        The mean of 190 pairs over 40 late years; a pair remembers about 1/slope years, hence the error."""
        spec = small(
            {
                "submodels.companies": False, "submodels.people": False, "submodels.finance": False,
                "submodels.elections": False, "submodels.wood": False, "submodels.land": False,
                "submodels.water": False, "society.ties.pairwise_promises": True,
                "society.ties.trust_gain": gain, "society.ties.trust_loss": loss,
                "society.ties.violation_base": broken, "society.ties.trust_neglect": 0.0,
                "society.ties.rivalry_trust_erosion": 0.0, "society.pacts.max_members": 30,
                "society.pacts.fte_per_member_full": 0.001, "governance.choice.moves.leave_pact.allowed": False,
                "governance.boundary.admission": "open", "governance.payoff.animation_funding.fte_per_pact": 1.0,
                "governance.choice.proposals_per_year": 0, "governance.payoff.review_years": 30,
            },
            years=120, territories=20, population=1000.0, companies=0, vacant_ha=0.0, nodes=[], stocks=[],
        )  # fmt: skip
        spec = spec.but({"event": [{"when": 0, "what": "pact_founded", "amount": 1.0}]})
        model = CoopModel(spec, 3, views=False)
        model.world.pacts.fte = np.ones(len(model.world.pacts))
        off = ~np.eye(20, dtype=np.bool_)
        late = []
        for tick in range(480):
            model.step()
            model.world.pacts.fte[:] = 1.0  # finance, which pays the animator, is switched off
            if tick >= 320 and tick % 4 == 3:
                late.append(model.world.ties.trust[off].mean())
        model.release()
        assert len(model.world.pacts) == 1
        keep = 1 - broken
        slope = gain * keep + loss * broken
        star = gain * keep / slope
        variance = keep * broken * (gain + loss) ** 2 / (1 - (1 - slope) ** 2)  # of one pair, about
        error = np.sqrt(variance / 190 * (2 / slope) / 40)
        assert abs(np.mean(late) - star) < 4 * error


class TestKnowledge:
    @given(st.floats(0.0, 1.0), rate, rate)
    def test_fixed_point(self, meetings, gain, forgetting):
        """K' = (K + g·m(1 − K))(1 − f) settles at g·m(1 − f)/(1 − (1 − g·m)(1 − f))."""
        p, s = founded(knowledge_gain=gain, knowledge_forgetting=forgetting)
        m = np.full((3, 3), meetings)
        x = gain * meetings
        star = x * (1 - forgetting) / (1 - (1 - x) * (1 - forgetting))
        before = s.knowledge.copy()
        ties.meet(p, s, m)
        off = ~np.eye(3, dtype=np.bool_)
        assert_allclose(
            (s.knowledge - star)[off], ((1 - x) * (1 - forgetting) * (before - star))[off], atol=1e-12
        )
        assert_array_equal(np.diagonal(s.knowledge), 0.0)

    def test_falls_with_distance_at_the_start(self):
        p, s = founded()
        assert_allclose(s.knowledge[0, 1] / s.knowledge[0, 2], np.exp(50.0 / p.knowledge_decay_km))


class TestRivalry:
    def test_two_neighbours_who_both_bid(self):
        p, s = founded()
        before, trust = s.rivalry.copy(), s.trust.copy()
        ties.bids(p, s, np.array([True, True, False]), competitive_call=False)
        assert (
            s.rivalry[0, 1]
            == s.rivalry[1, 0]
            == pytest.approx(before[0, 1] + p.rivalry_gain * (1 - before[0, 1]))
        )
        assert s.rivalry[1, 2] == pytest.approx(before[1, 2] * (1 - p.rivalry_forgetting))
        assert s.trust[0, 1] == pytest.approx(trust[0, 1] * (1 - p.rivalry_trust_erosion))
        assert s.trust[1, 2] == trust[1, 2]
        assert s.rivalry[0, 2] < before[0, 2]  # bidders who are no neighbours

    def test_a_competitive_call_makes_rivals_of_neighbours(self):
        p, s = founded()
        _, calm = founded()
        nobody = np.zeros(3, np.bool_)
        ties.bids(p, s, nobody, competitive_call=True)
        ties.bids(p, calm, nobody, competitive_call=False)
        assert (s.rivalry[NEAR] > calm.rivalry[NEAR]).all()
        assert_array_equal(s.rivalry[~NEAR], calm.rivalry[~NEAR])


def test_founding_is_symmetric_without_self():
    _, s = founded()
    for name in ("trust", "knowledge", "rivalry", "identity"):
        matrix = getattr(s, name)
        assert_array_equal(matrix, matrix.T)
        assert_array_equal(np.diagonal(matrix), 0.0)


def test_neighbour_mean():
    _, s = founded()
    values = np.arange(9.0).reshape(3, 3)
    assert_allclose(s.neighbour_mean(values), [1.0, (3 + 5) / 2, 7.0])
    s.adjacent[:] = False
    assert_array_equal(s.neighbour_mean(values), 0.0)
