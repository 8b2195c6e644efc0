"""Every registered form of deliberation signs the same contract; a new one is tested for free."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopsim.governance import debate_formats  # noqa: F401 - registers
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


# --- with a presidency, guests and inhabitants in the room ---


@st.composite
def rooms(draw: st.DrawFn) -> Sitting:
    """Sittings where some seats preside, guests sit and the voters of each seat's commune stand somewhere."""
    sitting = draw(sittings())
    n, councils = sitting.council.size, sitting.council_id.size
    guests = draw(st.integers(0, 4))
    chance = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    return replace(
        sitting,
        presides=chance.random(n) < 0.2,
        voters=chance.random((n, AXES)),
        guests=chance.random((guests, AXES)),
        guest_council=chance.integers(0, councils, guests),
    )


def sub(room: Sitting, here: np.ndarray, c: int) -> Sitting:
    """Return the room of one council."""
    mine = room.guest_council == c
    return replace(
        room, opinions=room.opinions[here], council=np.zeros(here.sum(), np.int64), seat_id=room.seat_id[here],
        council_id=room.council_id[c : c + 1], presides=room.presides[here], voters=room.voters[here],
        guests=room.guests[mine], guest_council=np.zeros(mine.sum(), np.int64),
    )  # fmt: skip


@given(room=rooms())
def test_opinions_stay_among_those_of_the_room(rule, room):
    after = rule.after(room)
    assert ((after >= 0.0) & (after <= 1.0)).all()
    if getattr(rule, "format", "") == "theatre_forum":
        return  # inhabitants stand around the voters of their commune, anywhere from 0 to 1
    for c in np.unique(room.council):
        here = room.council == c
        inside = np.concatenate([room.opinions[here], room.guests[room.guest_council == c]])
        assert (after[here] >= inside.min(axis=0) - 1e-15).all()
        assert (after[here] <= inside.max(axis=0) + 1e-15).all()


@given(room=rooms())
def test_rooms_do_not_hear_each_other(rule, room):
    together = rule.after(room)
    for c in range(room.council_id.size):
        here = room.council == c
        assert np.array_equal(rule.after(sub(room, here, c)), together[here])


@given(room=rooms(), shuffle=st.integers(0, 2**32 - 1))
def test_rows_of_a_room_do_not_count(rule, room, shuffle):
    order = np.random.default_rng(shuffle).permutation(room.council.size)
    moved = replace(
        room, opinions=room.opinions[order], council=room.council[order], seat_id=room.seat_id[order],
        presides=room.presides[order], voters=room.voters[order],
    )  # fmt: skip
    assert np.array_equal(rule.after(moved), rule.after(room)[order])
