"""Employment companies: who they hire, what is booked, who pays."""

import numpy as np
import pytest

from coopsim.economy.ebe import EbeParams, attitude, ease_of_others, staff, trust_won
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
    agency_share=0.6,
    agency_reserve=0.2,
    agency_interest=0.9,
    agency_trust_per_yr=0.5,
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


def test_an_associated_agency_begins_with_interest_and_trust_brings_the_other_round() -> None:
    both, won = np.array([True, False]), np.zeros(2)
    first = attitude(P, both, won)
    np.testing.assert_allclose(first, [0.9, 0.2])
    for _ in range(200):
        won = trust_won(P, won, np.ones(2), np.ones(2, np.bool_))
    np.testing.assert_allclose(attitude(P, both, won), 1.0, atol=1e-6)
    assert trust_won(P, one(0.0), one(1.0), np.array([True]))[0] == pytest.approx(0.125)


def test_a_perimeter_that_does_not_fit_slows_trust_and_nobody_at_work_wins_none() -> None:
    here = np.array([True, True, True, False])
    won = np.zeros(4)
    for _ in range(8):
        won = trust_won(P, won, np.array([1.0, 0.3, 0.0, 1.0]), here)
    assert won[0] > won[1] > won[2] == won[3] == 0.0


def test_a_told_agency_slows_hiring_and_an_associated_one_less() -> None:
    aside, associated, told, apart = (
        lived(6, **keys).world.people.sheltered.sum()
        for keys in (
            {},
            {"agency": "associated"},
            {"agency": "told"},
            {"agency": "told", "agency_overlap": 0.0},
        )
    )
    assert aside > associated > told > apart > 0.0


def test_the_journal_tells_how_far_the_agency_goes() -> None:
    world = lived(8, agency="told").world
    lines = [line for line in world.journal if line["move"] == "ebe_agency"]
    assert len(lines) == 2 * world.size
    assert lines[-1]["amount"] > lines[0]["amount"] > P.agency_reserve - 0.01
    assert not [line for line in lived(8).world.journal if line["move"] == "ebe_agency"]


def test_an_agency_aside_changes_nothing_whatever_its_perimeter() -> None:
    plain, same = lived(6).world, lived(6, agency_overlap=0.1).world
    np.testing.assert_array_equal(plain.people.sheltered, same.people.sheltered)
    np.testing.assert_array_equal(plain.signals.posts, same.signals.posts)
