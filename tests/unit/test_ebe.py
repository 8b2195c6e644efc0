"""Employment companies: who they hire, what is booked, who pays."""

import numpy as np
import pytest

from coopsim.economy.ebe import EbeParams, ease_of_others, staff
from coopsim.economy.finance import LINE
from coopsim.model import CoopModel
from coopsim.scenario import load_scenario

P = EbeParams(
    contribution_keur=18.93,
    avoided_keur=18.0,
    long_term_share=0.5,
    willing_share=0.5,
    leave_per_yr=0.1,
    search_efficiency=0.5,
    team_fte_per_post=0.03,
)


def one(x: float) -> np.ndarray:
    return np.array([x])


def test_posts_are_filled_at_the_pace_until_there_are_no_more() -> None:
    now, years = one(0.0), []
    for _ in range(40):
        now = staff(P, now, one(1000.0), one(50.0), one(20.0))
        years.append(float(now[0]))
    assert years[0] == pytest.approx(5.0)
    assert max(years) <= 50.0
    assert years[-1] == pytest.approx(50.0)


def test_only_the_willing_among_those_long_out_of_work_are_hired() -> None:
    now = one(0.0)
    for _ in range(200):
        now = staff(P, now, 100.0 - now, one(1000.0), one(1000.0))
    assert now[0] == pytest.approx(25.0, rel=0.02)


def test_a_post_withdrawn_is_lost_at_once() -> None:
    assert staff(P, one(40.0), one(1000.0), one(10.0), one(20.0))[0] == 10.0


def test_the_others_find_work_more_easily_only_as_far_as_those_hired_searched_less() -> None:
    assert ease_of_others(P, one(20.0), one(100.0))[0] == pytest.approx(1.1)
    assert ease_of_others(P, one(20.0), one(0.0))[0] == 1.0


def lived(quarters: int, **keys: object) -> CoopModel:
    changes = {f"governance.payoff.ebe.{key}": value for key, value in keys.items()}
    model = CoopModel(
        load_scenario("ebe").but({**changes, "name": "ebe", "submodels.councils": False}), 3, views=False
    )
    for _ in range(quarters):
        model.step()
    return model


def test_nobody_is_counted_twice_and_the_books_add_up() -> None:
    world = lived(24).world
    p, crowd, state = world.params.local.ebe, world.people, world.local
    assert (crowd.sheltered > 20.0).all()
    np.testing.assert_allclose(crowd.employed + crowd.seekers, crowd.active)
    np.testing.assert_allclose(state.ebe_paid, p.contribution_keur * state.ebe_years)
    np.testing.assert_allclose(state.ebe_avoided, p.avoided_keur * state.ebe_years)
    assert any(line["move"] == "ebe" for line in world.journal)


def test_the_intercommunalite_pays_its_share_and_the_team() -> None:
    none, local = lived(4, posts=0).world, lived(4, local_share=0.5).world
    line = LINE["programmes"]
    paid = none.finance.year[:, :, line].sum() - local.finance.year[:, :, line].sum()
    p = local.params.local.ebe
    team = local.params.finance.animation_cost_per_fte * p.team_fte_per_post * 87 * local.size
    assert paid == pytest.approx(0.5 * local.local.ebe_paid.sum() + team)


def test_posts_close_when_the_rules_end_them() -> None:
    model = lived(12)
    world = model.world
    before = world.people.sheltered.sum()
    shut = load_scenario("ebe").but({"governance.payoff.ebe.posts": 0, "name": "ebe"})
    from coopsim.world.rules import compile_rules

    world.rules = compile_rules(shut, world.places.code, world.tick)
    model.step()
    assert before > 0.0
    assert world.people.sheltered.sum() == 0.0
