"""Every registered rule of growth signs the same contract; a new rule is tested for free."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopsim.errors import ScenarioError
from coopsim.governance.pact_growth import GROWTH, Concentration, Diffusion, Networking


@given(rule=st.sampled_from(sorted(GROWTH)), limit=st.integers(2, 60), allowed=st.integers(1, 6))
def test_sizes_and_subjects_are_possible(rule, limit, allowed):
    built = GROWTH.build(rule)
    most = built.most_members(limit)
    assert most >= 2
    assert most <= limit * getattr(built, "widening", 1.0)
    assert 1 <= built.first_subjects(allowed) <= allowed


@pytest.mark.parametrize("make", [lambda: Concentration(1), lambda: Diffusion(0.5), lambda: Networking(51)])
def test_parameters_have_bounds(make):
    with pytest.raises(ScenarioError):
        make()


def test_the_three_logics_differ_in_what_they_ask():
    asked = {name: (r.deepens, r.invites, r.links) for name, r in ((n, GROWTH.build(n)) for n in GROWTH)}
    assert asked["concentration"] == (True, False, False)
    assert asked["diffusion"] == (True, True, False)
    assert asked["networking"] == (True, False, True)
    assert asked["on_request"] == (False, False, False)
