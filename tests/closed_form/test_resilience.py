"""Depth, recovery time and area lost, against shocks whose course is known."""

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose

from coopsim.errors import ScenarioError
from coopsim.resilience import RECOVERED, middle, parsed_event, resilience, setback, twins
from coopsim.scenario import load_scenario

STEP = 0.25
YEARS = np.arange(0, 40, STEP)
START = 20
DEPTH = np.array([0.3, 0.05])
TAU = np.array([2.0, 5.0])


def exponential(direction):
    """Two worlds that lose a share at once and regain it exponentially, on a base that grows."""
    calm = 100.0 * np.exp(0.02 * YEARS) * np.ones((2, 1))
    since = YEARS - YEARS[START]
    loss = np.where(since >= 0.0, DEPTH[:, None] * np.exp(-since / TAU[:, None]), 0.0)
    return calm * (1.0 - direction * loss), calm


@pytest.mark.parametrize("direction", [1, -1])
def test_exponential_recovery(direction):
    shocked, calm = exponential(direction)
    found = setback(shocked, calm, direction, START, STEP)
    assert_allclose(found.depth, DEPTH, rtol=1e-12)
    assert_allclose(found.trough, 0.0)
    # loss = RECOVERED × depth at τ ln(1/RECOVERED); told by the quarter after
    exact = TAU * math.log(1.0 / RECOVERED)
    assert ((found.recovery >= exact) & (found.recovery < exact + STEP)).all()
    horizon = YEARS[-1] - YEARS[START]
    # trapezoids of an exponential: exact but for (step/τ)²/12
    assert_allclose(found.area, DEPTH * TAU * (1.0 - np.exp(-horizon / TAU)), rtol=(STEP / TAU.min()) ** 2)
    assert found.recovered.all()


def test_linear_recovery_has_the_area_of_a_triangle():
    ticks = np.arange(41)
    calm = np.full((1, 41), 50.0)
    loss = np.clip(0.4 * (1.0 - (ticks - 10) / 20.0), 0.0, None) * (ticks >= 10)
    found = setback(calm * (1.0 - loss), calm, 1, 10, STEP)
    assert_allclose(found.area, 0.4 * 20 * STEP / 2.0)
    assert_allclose(found.recovery, 18 * STEP)  # nine tenths of twenty quarters


def test_a_loss_for_good_never_recovers_and_keeps_its_area():
    calm = np.full((1, 40), 10.0)
    shocked = calm.copy()
    shocked[:, 8:] = 9.0
    found = setback(shocked, calm, 1, 8)
    assert found.recovery == np.inf
    assert not found.recovered.any()
    assert_allclose(found.area, 0.1 * 31 * STEP)


def test_a_relapse_counts_until_it_is_over():
    calm = np.full((1, 12), 1.0)
    shocked = np.array([[1.0, 0.5, 1.0, 1.0, 0.8, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]])
    assert setback(shocked, calm, 1, 1).recovery == 4 * STEP


def test_no_shock_no_loss():
    calm = np.linspace(1.0, 2.0, 12)[None]
    found = setback(calm, calm, 1, 3)
    assert found.depth == 0.0
    assert found.area == 0.0
    assert np.isnan(found.recovery)
    assert not found.hit.any()


def test_a_gain_is_no_loss():
    calm = np.full((1, 12), 1.0)
    found = setback(calm * 1.2, calm, 1, 0)
    assert found.depth == 0.0
    assert_allclose(found.area, -0.2 * 11 * STEP)


def test_what_comes_before_the_shock_is_left_out():
    calm = np.full((1, 12), 1.0)
    shocked = calm.copy()
    shocked[:, 2] = 0.0
    assert setback(shocked, calm, 1, 3).depth == 0.0


@pytest.mark.parametrize(("direction", "start", "width"), [(0, 0, 12), (1, 12, 12), (1, -1, 12), (1, 0, 11)])
def test_what_cannot_be_measured_is_refused(direction, start, width):
    with pytest.raises(ValueError, match=r":|arrays"):
        setback(np.ones((1, width)), np.ones((1, 12)), direction, start)


def test_the_median_counts_who_never_recovers_as_last():
    assert middle(np.array([1.0, np.inf, 3.0])) == 3.0
    assert middle(np.array([np.inf, np.inf, 3.0])) == np.inf
    assert middle(np.array([np.nan, 2.0])) == 2.0
    assert math.isnan(middle(np.array([np.nan])))


def test_events_are_read_as_written():
    assert parsed_event("drought=0.6@2032-07-01+1") == {
        "what": "drought", "amount": 0.6, "when": "2032-07-01", "duration": 1,
    }  # fmt: skip
    assert parsed_event("firm_closure=0.3@4") == {"what": "firm_closure", "amount": 0.3, "when": 4}
    with pytest.raises(ScenarioError, match=r"drought 0\.6"):
        parsed_event("drought 0.6")


def test_twins_differ_by_the_shock_alone():
    spec = load_scenario("figeac-status-quo", {"horizon.years": 4})
    calm, shocked, first = twins(spec, [parsed_event("firm_closure=0.3@6")])
    assert first == 6
    assert calm.document() == spec.document()
    assert [e.what for e in shocked.events] == ["firm_closure"]
    with pytest.raises(ScenarioError):
        twins(spec, [])
    own = load_scenario("shocks-alone")
    calm, shocked, first = twins(own, [])
    assert not calm.events
    assert shocked.events == own.events
    assert first == min(e.tick for e in own.events)


def test_a_closure_costs_jobs_in_every_world_and_nothing_before():
    spec = load_scenario("figeac-status-quo", {"horizon.years": 3})
    (found,) = resilience([spec], [parsed_event("firm_closure=0.3@4")], replicates=2, workers=1)
    jobs = found.setbacks["jobs"]
    assert jobs.hit.all()
    assert (jobs.depth > 0.05).all()
    assert (jobs.area > 0.0).all()
    assert found.first == 4


class TestCommand:
    def run(self, *words):
        from typer.testing import CliRunner

        from coopsim.cli import app

        return CliRunner().invoke(app, ["resilience", *words], env={"LC_ALL": "C", "COLUMNS": "200"})

    @pytest.mark.parametrize(
        ("words", "told"),
        [
            (("figeac-status-quo", "--event", "flood"), "flood"),
            (("figeac-status-quo", "--event", "flood=0.5@4"), "flood"),
            (("figeac-status-quo", "--event", "drought=0.5@2099-01-01"), "2099"),
            (("figeac-status-quo",), "--event"),
            (("shocks-alone", "--replicates", "1"), "--replicates"),
        ],
    )
    def test_bad_input_is_told_before_any_run(self, words, told):
        found = self.run(*words, "--lang", "en")
        assert found.exit_code == 2
        assert told in found.stderr

    def test_json(self):
        import json

        words = (
            "figeac-status-quo",
            "--years",
            "2",
            "--event",
            "firm_closure=0.3@4",
            "--replicates",
            "2",
            "--workers",
            "1",
        )
        found = self.run(*words, "--json")
        assert found.exit_code == 0, found.stderr
        (only,) = json.loads(found.stdout)
        assert only["first_tick"] == 4
        assert len(only["indicators"]["jobs"]["depth"]) == 2
