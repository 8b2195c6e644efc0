"""Every registered form of deliberation signs the same contract; a new one is tested for free."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopsim.governance.deliberation import DELIBERATION, DeliberationRule, Sitting
from coopsim.rng import birth_ids

AXES = 3


@st.composite
def sittings(draw: st.DrawFn) -> Sitting:
    """Councils of 0 to 12 seats; opinions are drawn on a grid too, so that distances tie with bounds."""
    sizes = draw(st.lists(st.integers(0, 12), min_size=1, max_size=4))
    n = sum(sizes)
    grid = st.integers(0, 20).map(lambda k: k / 20)
    opinion = st.one_of(grid, st.floats(0.0, 1.0, allow_subnormal=False))
    flat = draw(st.lists(opinion, min_size=n * AXES, max_size=n * AXES))
    return Sitting(
        opinions=np.array(flat, dtype=np.float64).reshape(n, AXES),
        council=np.repeat(np.arange(len(sizes)), sizes),
        seat_id=birth_ids(np.uint64(draw(st.integers(0, 2**62))), 0, np.arange(n)),
        council_id=birth_ids(np.uint64(5), 0, np.arange(len(sizes))),
        seed=draw(st.integers(-(2**40), 2**40)),
        tick=draw(st.integers(0, 400)),
    )


@pytest.fixture(params=sorted(DELIBERATION), scope="module")
def rule(request: pytest.FixtureRequest) -> DeliberationRule:
    return DELIBERATION.build(request.param)


@given(sitting=sittings())
def test_opinions_stay_among_those_of_their_council(rule, sitting):
    after = rule.after(sitting)
    assert after.shape == sitting.opinions.shape
    for c in np.unique(sitting.council):
        here = sitting.council == c
        before = sitting.opinions[here]
        assert (after[here] >= before.min(axis=0) - 1e-15).all()
        assert (after[here] <= before.max(axis=0) + 1e-15).all()


@given(sitting=sittings())
def test_the_sitting_is_not_changed(rule, sitting):
    shown = [np.array(x) for x in (sitting.opinions, sitting.council, sitting.seat_id, sitting.council_id)]
    after = rule.after(sitting)
    assert not np.shares_memory(after, sitting.opinions)
    told = (sitting.opinions, sitting.council, sitting.seat_id, sitting.council_id)
    assert all(np.array_equal(a, b) for a, b in zip(shown, told, strict=True))


@given(sitting=sittings(), shuffle=st.integers(0, 2**32 - 1))
def test_rows_do_not_count(rule, sitting, shuffle):
    order = np.random.default_rng(shuffle).permutation(sitting.council.size)
    moved = replace(
        sitting,
        opinions=sitting.opinions[order],
        council=sitting.council[order],
        seat_id=sitting.seat_id[order],
    )
    assert np.array_equal(rule.after(moved), rule.after(sitting)[order])


@given(sitting=sittings(), shuffle=st.integers(0, 2**32 - 1))
def test_the_order_of_councils_does_not_count(rule, sitting, shuffle):
    order = np.random.default_rng(shuffle).permutation(sitting.council_id.size)
    renamed = replace(
        sitting, council=np.argsort(order)[sitting.council], council_id=sitting.council_id[order]
    )
    assert np.array_equal(rule.after(renamed), rule.after(sitting))


@given(sitting=sittings())
def test_councils_do_not_hear_each_other(rule, sitting):
    together = rule.after(sitting)
    for c in range(sitting.council_id.size):
        here = sitting.council == c
        alone = replace(
            sitting,
            opinions=sitting.opinions[here],
            council=np.zeros(here.sum(), np.int64),
            seat_id=sitting.seat_id[here],
            council_id=sitting.council_id[c : c + 1],
        )
        assert np.array_equal(rule.after(alone), together[here])


@given(sitting=sittings())
def test_axes_are_debated_apart(rule, sitting):
    together = rule.after(sitting)
    for axis in range(AXES):
        alone = replace(sitting, opinions=sitting.opinions[:, axis : axis + 1])
        assert np.array_equal(rule.after(alone)[:, 0], together[:, axis])


@given(sitting=sittings())
def test_a_seat_alone_keeps_its_opinion(rule, sitting):
    after = rule.after(sitting)
    alone = np.bincount(sitting.council, minlength=1)[sitting.council] == 1
    assert np.array_equal(after[alone], sitting.opinions[alone])


@given(sitting=sittings(), opinion=st.floats(0.0, 1.0))
def test_a_shared_opinion_stays(rule, sitting, opinion):
    same = replace(sitting, opinions=np.full_like(sitting.opinions, opinion))
    assert np.array_equal(rule.after(same), same.opinions)


@given(sitting=sittings())
def test_the_same_sitting_ends_the_same_way(rule, sitting):
    assert np.array_equal(rule.after(sitting), rule.after(sitting))


def test_names_its_bound(rule):
    assert isinstance(rule, DeliberationRule)
    assert 0.0 <= rule.confidence <= 1.0
    assert hash(rule) == hash(replace(rule))
