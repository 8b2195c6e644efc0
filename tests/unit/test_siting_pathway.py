"""The siting pathway: projects answer with the cheapest way to a score; promises, follow-up and accounts hold."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.optimize import minimize_scalar

from coopsim.economy import siting_pathway as path
from coopsim.economy.siting import Requests
from coopsim.economy.siting_pathway import PathwayParams
from coopsim.errors import ScenarioError
from coopsim.model import CoopModel
from coopsim.run import simulate
from coopsim.scenario import load_scenario, section_defaults
from coopsim.schedule.siting import path as siting_path
from coopsim.world import founded
from tests.system.invariants import live

PARAMS = PathwayParams(**section_defaults("economy.siting_pathway"))
FAMILY = "siting-pathway-criteria"


def answer(p, real, asked, quality, penalty=0.0, compensation=0.0):
    one = np.ones(1)
    found = path.best_response(
        p, np.array([[real]]), asked * one, quality * one, penalty * one, compensation * one
    )
    return {name: getattr(found, name)[0, 0] for name in ("effort", "gap", "compensated", "cost", "refused")}


def score(p, real, quality, effort, gap):
    return real + effort + (1.0 - quality * (1.0 + p.overstatement_weight)) * gap


@given(
    real=st.floats(0.0, 1.0), asked=st.floats(0.0, 1.0), quality=st.floats(0.01, 0.9),
    penalty=st.floats(0.0, 10.0), weight=st.floats(0.0, 2.0),
)  # fmt: skip
def test_a_project_that_is_not_refused_reaches_the_score_within_what_can_be_shown(
    real, asked, quality, penalty, weight
):
    p = replace(PARAMS, overstatement_weight=weight)
    found = answer(p, real, asked, quality, penalty)
    if found["refused"]:
        assert found["effort"] == found["gap"] == 0.0
        return
    assert score(p, real, quality, found["effort"], found["gap"]) >= asked - 1e-8
    assert found["effort"] >= 0.0
    assert found["effort"] <= p.effort_most
    assert 0.0 <= found["gap"] <= 1.0 - real - found["effort"] + 1e-9


@given(
    real=st.floats(0.0, 0.9), asked=st.floats(0.1, 1.0), quality=st.floats(0.01, 0.45), penalty=st.floats(0.0, 6.0)
)  # fmt: skip
def test_no_other_effort_reaches_the_score_for_less(real, asked, quality, penalty):
    """Against a numerical search over effort, the gap following from the score."""
    p = replace(PARAMS, effort_most=1.0)
    found = answer(p, real, asked, quality, penalty)
    worth, missing = 1.0 - 2.0 * quality, max(asked - real, 0.0)

    def cost(effort):
        gap = max(missing - effort, 0.0) / worth
        if gap > 1.0 - real - effort + 1e-12:
            return 1e6
        return 0.5 * p.effort_cost_keur * effort**2 + penalty * gap

    best = minimize_scalar(cost, bounds=(0.0, 1.0 - real), method="bounded", options={"xatol": 1e-10})
    assert found["cost"] <= min(best.fun, cost(missing) if missing <= 1.0 - real else np.inf) + 1e-6


def test_criteria_that_are_not_checked_are_met_in_words_only():
    found = answer(PARAMS, 0.4, 0.5, PARAMS.grid_quality)
    assert found["effort"] == 0.0
    assert found["gap"] == pytest.approx(0.1 / 0.8)
    assert found["cost"] == 0.0


def test_what_is_seen_cannot_be_talked_away():
    found = answer(PARAMS, 0.4, 0.5, PARAMS.shared_quality)
    assert found["gap"] == 0.0
    assert found["effort"] == pytest.approx(0.1)
    assert answer(PARAMS, 0.1, 0.5, PARAMS.shared_quality)["refused"]


def test_a_gap_that_will_be_charged_is_replaced_by_effort():
    quiet, charged = (answer(PARAMS, 0.4, 0.5, PARAMS.grid_quality, penalty) for penalty in (0.0, 0.4))
    assert charged["effort"] == pytest.approx(0.4 / (PARAMS.effort_cost_keur * 0.8))
    assert charged["gap"] < quiet["gap"]


def test_compensation_opens_the_door_of_those_who_cannot_change():
    found = answer(PARAMS, 0.1, 0.5, PARAMS.shared_quality, compensation=1.0)
    assert not found["refused"]
    assert found["compensated"] == pytest.approx(0.4)
    assert found["cost"] == pytest.approx(0.4)


def test_penalty_is_the_present_value_of_its_years():
    found = path.penalty_per_gap(PARAMS, np.array([0.0, 1.0, 5.0]), np.full(3, 2.0), 0.1)
    worth = [0.0, 1 / 1.05, sum(1.05**-n for n in range(1, 6))]
    assert_allclose(found, 0.2 * np.array(worth))


def test_conduct_is_keyed_by_the_project_and_as_wide_as_said():
    ids = np.arange(1, 2001, dtype=np.uint64)
    p = replace(PARAMS, heterogeneity=0.6)
    real = path.conduct(p, 3, ids)
    assert_allclose(path.conduct(p, 3, ids[::-1])[::-1], real)
    assert real.min() >= 0.2
    assert real.max() <= 0.8
    assert real.std() == pytest.approx(0.6 / np.sqrt(12), rel=0.05)
    assert np.unique(path.conduct(PARAMS, 3, ids)) == [0.5]


def test_no_file_is_opened_where_nothing_is_asked_and_all_are_ordinary():
    world = founded(load_scenario("figeac-status-quo"), 0)
    none = np.zeros(0, np.int64)
    empty = Requests(none.astype(np.uint64), none, np.zeros(0), np.zeros(0), none, none, np.zeros(0))
    assert siting_path.open_files(world, empty) is None


def lived(changes, years=8, seed=2, name=FAMILY):
    return live(load_scenario(name, changes), seed, 4 * years).world


def test_companies_wait_for_the_end_of_their_file_on_a_reserved_plot():
    model = CoopModel(load_scenario("siting-pathway-shared"), 1)
    world, seen = model.world, 0
    for _ in range(16):
        model.step()
        for due, row in world.pathway.waiting:
            assert due - world.tick <= world.params.pathway.shared_wait
            assert row["id"][0] not in world.companies.id[world.companies.rows()]
            seen += 1
    assert seen
    assert world.pathway.agreements


def test_staff_time_is_paid_and_penalties_are_received():
    free = {"governance.payoff.animation_funding.fte_per_pact": 0.0}
    world = lived({"governance.scope.siting.followup_years": 5, **free})
    assert (world.pathway.cost > 0.0).any()
    assert world.pathway.compensation.sum() > 0.0
    assert world.finance.outside.sum() != 0.0


def test_follow_up_compares_promised_jobs_with_those_found():
    run = simulate(load_scenario(FAMILY, {"governance.scope.siting.followup_years": 2}), seed=1, years=8)
    lines = [line for line in run.journal.to_dict("records") if line["move"] == "followed"]
    assert lines
    assert {line["outcome"] for line in lines} <= {"kept", "short"}
    assert "emplois promis" in lines[0]["reason_fr"]
    assert "jobs promised" in lines[0]["reason_en"]


def test_people_come_with_the_posts_that_nobody_fills_locally():
    few, many = (lived({"economy.siting_pathway.brought_share": share}) for share in (0.0, 1.0))
    assert few.pathway.brought.sum() == 0.0
    assert many.pathway.brought.sum() > 0.0
    assert many.people.population.sum() > few.people.population.sum()


def test_conduct_changes_water():
    """The same companies, half of them frugal, use less or more water than ordinary ones."""
    world = lived({"economy.siting_pathway.water_swing": 0.8})
    assert world.pathway.water.any()
    assert not lived({"economy.siting_pathway.water_swing": 0.0}).pathway.water.any()


def test_anchored_companies_leave_less():
    world = lived({"economy.siting_pathway.anchor_swing": 1.0}, years=5)
    rows = np.flatnonzero(np.isin(world.companies.id, np.array(list(world.pathway.agreements), np.uint64)))
    for name in world.pathway.agreements:
        world.pathway.agreements[name].real = np.array([0.5, 0.5, 1.0])
    assert siting_path.anchored(world, rows).all()
    for name in world.pathway.agreements:
        world.pathway.agreements[name].real = np.array([0.5, 0.5, 0.5])
    assert not siting_path.anchored(world, rows).any()


def test_a_seller_below_the_market_draws_projects_and_loses_revenue():
    world = founded(load_scenario(FAMILY, {"governance.payoff.land_price_policy": 0.0}), 0)
    cost = siting_path._plot_cost(world, np.array([1, 8]))
    assert (cost < 0.0).all()
    world = founded(load_scenario(FAMILY, {"governance.payoff.remediation_provision": 500.0}), 0)
    assert (siting_path._plot_cost(world, np.array([1, 8])) > 0.0).all()


def test_criteria_without_any_weight_are_refused():
    names = ("local_jobs", "environment", "anchoring")
    with pytest.raises(ScenarioError, match=r"weight|poids"):
        load_scenario(FAMILY, {f"governance.scope.siting.criteria.{name}": 0.0 for name in names})


def test_a_weight_moves_who_is_refused():
    only = {
        "governance.scope.siting.criteria.local_jobs": 0.0,
        "governance.scope.siting.criteria.anchoring": 0.0,
    }
    base = lived({"governance.information.siting_interview": "guided"})
    green = lived({"governance.information.siting_interview": "guided", **only})
    assert base.pathway.refused.sum() != green.pathway.refused.sum()
