"""Statistics of patterns against samples whose answer is known, and the verdicts that follow."""

import math

import numpy as np
import pytest
from scipy import stats

from coopsim.patterns.judging import TestResult as Result
from coopsim.patterns.judging import origin
from coopsim.patterns.spec import Test as PatternTest
from coopsim.patterns.statistics import Figure, figure, mean_of, reached, share, taken

LABEL = {"fr": "essai", "en": "test"}


def a_test(**given):
    runs = given.pop("runs", ["a", "b"])
    facts = {"label": LABEL, "statistic": "difference", "measure": "jobs", "above": 0.0, "runs": runs} | given
    if facts.get("sweep"):
        facts.pop("runs")
    return PatternTest.model_validate(facts)


WORLDS = np.array([[1.0, 2.0, 4.0, 8.0], [2.0, 2.0, 2.0, 10.0], [np.nan, 3.0, 5.0, np.nan]])


class TestTaken:
    def test_the_last_year_or_the_one_asked_for(self):
        assert taken(WORLDS[:2], a_test()).tolist() == [8.0, 10.0]
        assert taken(WORLDS[:2], a_test(year=2)).tolist() == [2.0, 2.0]

    def test_a_mean_counts_years_with_a_value_only(self):
        assert taken(WORLDS, a_test(take="mean")).tolist() == [3.75, 4.0, 4.0]
        assert taken(WORLDS, a_test(take="mean", **{"from": 3}, year=3)).tolist() == [4.0, 2.0, 5.0]

    def test_a_change_is_last_minus_first(self):
        assert taken(WORLDS[:2], a_test(take="change", **{"from": 2}, year=3)).tolist() == [2.0, 0.0]

    def test_a_dip_is_the_year_before_minus_the_year_after(self):
        falls = np.array([[5.0, 9.0, 3.0, 6.0, 7.0, 1.0]])  # year 2: 5 - 3; year 5: 6 - 1
        assert taken(falls, a_test(take="dip", years=[2, 5])).tolist() == [3.5]

    def test_first_year_above_a_level_or_one_more_than_the_horizon(self):
        assert taken(WORLDS[:2], a_test(take="first_year", reach=3.0)).tolist() == [3.0, 4.0]
        assert taken(WORLDS[:2], a_test(take="first_year", reach=20.0)).tolist() == [5.0, 5.0]

    def test_half_time(self):
        assert taken(WORLDS[:2], a_test(take="half_time")).tolist() == [3.0, 4.0]


class TestFigures:
    def test_a_difference_is_student_s_paired_interval(self):
        rng = np.random.default_rng(1)
        a, b = rng.normal(3.0, 1.0, 30), rng.normal(0.0, 1.0, 30)
        found = figure(a_test(), [a, b])
        theirs = stats.ttest_rel(a, b).confidence_interval(0.95)
        assert (found.mean, found.low, found.high) == pytest.approx(((a - b).mean(), theirs.low, theirs.high))
        assert found.n == 30

    def test_worlds_without_a_value_are_left_out(self):
        found = figure(a_test(), [np.array([1.0, np.nan, 3.0]), np.array([0.0, 0.0, 1.0])])
        assert (found.mean, found.n) == (1.5, 2)

    def test_a_relative_difference_is_over_the_mean_of_the_base(self):
        found = figure(a_test(relative=True), [np.array([11.0, 33.0]), np.array([10.0, 30.0])])
        assert found.mean == pytest.approx(0.1)

    def test_a_ratio_leaves_out_a_base_of_zero(self):
        found = figure(
            a_test(statistic="ratio", above=1.0), [np.array([4.0, 6.0, 1.0]), np.array([2.0, 2.0, 0.0])]
        )
        assert (found.mean, found.n) == (2.5, 2)

    def test_an_interaction_is_a_difference_of_differences(self):
        test = a_test(statistic="interaction", runs=["a", "b", "c", "d"])
        cells = [np.array([9.0, 10.0]), np.array([4.0, 4.0]), np.array([3.0, 3.0]), np.array([2.0, 1.0])]
        assert figure(test, cells).mean == pytest.approx(4.0)  # (5 - 1 + 6 - 2) / 2

    def test_a_share_has_the_interval_of_wilson(self):
        found = share(np.array([1.0] * 7 + [0.0] * 3))
        theirs = stats.binomtest(7, 10).proportion_ci(0.95, method="wilson")
        assert (found.mean, found.low, found.high) == pytest.approx((0.7, theirs.low, theirs.high))

    def test_a_slope_is_that_of_least_squares_in_its_unit(self):
        test = a_test(statistic="slope", sweep="s", unit=0.5)
        x = (0.0, 1.0, 3.0)
        operands = [2.0 * value + np.array([0.0, 5.0]) for value in x]
        assert figure(test, operands, x).mean == pytest.approx(1.0)

    def test_an_inverted_u_needs_an_inner_best_that_beats_both_ends(self):
        test = a_test(statistic="inverted_u", sweep="s")
        noise = np.array([-0.1, 0.0, 0.1])
        arch = [1.0 + noise, 3.0 - noise, 2.0 + noise]
        found = figure(test, arch)
        assert found.mean == pytest.approx(1.0)  # against the better end
        assert reached(found, test.mark)
        assert found.detail == pytest.approx((1.0, 3.0, 2.0))
        rising = figure(test, [1.0 + noise, 2.0 + noise, 3.0 - noise])
        assert (rising.mean, rising.low, rising.high) == (0.0, 0.0, 0.0)
        assert not reached(rising, test.mark)

    def test_an_ordering_is_as_strong_as_its_weakest_step(self):
        test = a_test(statistic="ordering", runs=["a", "b", "c"])
        noise = np.array([-0.1, 0.0, 0.1])
        assert figure(test, [5.0 + noise, 3.0 - noise, 2.0 + noise]).mean == pytest.approx(1.0)
        assert not reached(figure(test, [5.0 + noise, 3.0 - noise, 4.0 + noise]), test.mark)

    def test_a_cliff_falls_in_one_step_and_a_slope_in_all(self):
        test = a_test(statistic="cliff", sweep="s", above=0.5)
        worlds = np.array([0.0, 1.0])
        slope = [value + worlds for value in (0.0, 1.0, 2.0, 3.0, 4.0)]
        cliff = [value + worlds for value in (4.0, 4.0, 3.9, 0.1, 0.0)]
        assert figure(test, slope).mean == pytest.approx(0.25)
        assert figure(test, cliff).mean == pytest.approx(0.95)

    def test_nothing_measured_reaches_no_mark(self):
        found = mean_of(np.array([np.nan, np.nan]))
        assert found.n == 0
        for kind in ("above", "below", "at_least", "at_most"):
            assert not reached(found, (kind, 0.0))
        assert not reached(found, ("within", (-1.0, 1.0)))
        assert not reached(found, ("mean_between", (-1.0, 1.0)))


@pytest.mark.parametrize(
    ("mark", "low", "high", "passes"),
    [
        (("above", 0.0), 0.1, 1.0, True), (("above", 0.0), 0.0, 1.0, False), (("below", 0.0), -1.0, -0.1, True),
        (("below", 0.0), -1.0, 0.0, False), (("at_least", 2.0), 2.0, 3.0, True), (("at_least", 2.0), 1.9, 3.0, False),
        (("at_most", 0.1), 0.0, 0.1, True), (("at_most", 0.1), 0.0, 0.2, False),
        (("within", (-1.0, 1.0)), -1.0, 1.0, True),
        (("within", (-1.0, 1.0)), -1.1, 0.0, False), (("mean_between", (0.4, 0.6)), -5.0, 6.0, True),
        (("mean_between", (0.6, 0.7)), 0.65, 0.35, False),
    ],
)  # fmt: skip
def test_marks_are_reached_by_the_whole_interval_or_by_the_mean(mark, low, high, passes):
    assert reached(Figure((low + high) / 2, low, high, 20), mark) is passes


class TestOrigin:
    def judged(self, test, mean):
        found = Figure(mean, mean - 0.1, mean + 0.1, 20)
        return Result(test, found, reached(found, test.mark))

    @pytest.mark.parametrize(
        ("left", "told"),
        [(1.2, "emergent"), (0.5, "emergent"), (0.3, "in part"), (0.1, "built in"), (-0.8, "built in")],
    )
    def test_by_what_is_left_of_an_effect(self, left, told):
        test = a_test()
        assert origin(self.judged(test, 1.0), self.judged(test, left)) == told

    def test_of_a_ratio_by_its_distance_from_one(self):
        test = a_test(statistic="ratio", above=1.0)
        assert origin(self.judged(test, 3.0), self.judged(test, 1.1)) == "built in"
        assert origin(self.judged(test, 3.0), self.judged(test, 2.5)) == "emergent"

    def test_of_a_level_by_its_mark(self):
        test = a_test(statistic="level", runs=["a"], above=None, at_most=0.5)
        assert origin(self.judged(test, 0.2), self.judged(test, 0.3)) == "emergent"
        assert origin(self.judged(test, 0.2), self.judged(test, 0.9)) == "built in"


def test_a_single_world_has_no_interval():
    found = mean_of(np.array([2.0]))
    assert found.mean == 2.0
    assert math.isnan(found.low)
    assert not reached(found, ("above", 0.0))
