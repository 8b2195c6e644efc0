"""The methods of calibration against answers that are known. Tolerances are stated beside their reason."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from coopsim_calibration.abc_pool import Posterior, adjusted
from coopsim_calibration.abc_smc import smc
from coopsim_calibration.emulator import fit, quality
from coopsim_calibration.history import Wave, ranges, remaining, spread
from coopsim_calibration.identify import contraction, recover, uniformity, verdict
from coopsim_calibration.predictive import predictive_table
from coopsim_calibration.scores import absolute_error, crps, tail
from coopsim_calibration.sensitivity import indices, morris, morris_points, saltelli_points, sobol
from coopsim_calibration.targets import Target


def ishigami(u, a=7.0, b=0.1):
    """Ishigami and Homma (1990) on the unit cube."""
    x = np.pi * (2.0 * u - 1.0)
    return np.sin(x[:, 0]) + a * np.sin(x[:, 1]) ** 2 + b * x[:, 2] ** 4 * np.sin(x[:, 0])


ISHIGAMI_S = np.array([0.3139, 0.4424, 0.0])
ISHIGAMI_T = np.array([0.5576, 0.4424, 0.2437])
G_A = np.array([0.0, 1.0, 4.5, 9.0])


def sobol_g(u):
    """Sobol's G function (Saltelli and Sobol 1995)."""
    return np.prod((np.abs(4.0 * u - 2.0) + G_A) / (1.0 + G_A), axis=1)


def g_first_order():
    parts = 1.0 / (3.0 * (1.0 + G_A) ** 2)
    return parts / (np.prod(1.0 + parts) - 1.0)


def g_total():
    parts = 1.0 / (3.0 * (1.0 + G_A) ** 2)
    return parts * np.prod(1.0 + parts) / (1.0 + parts) / (np.prod(1.0 + parts) - 1.0)


class TestSensitivity:
    def test_sobol_of_ishigami(self):
        # 4,096 base points: the standard error of an index is below 0.01
        u = saltelli_points(3, 4096, seed=0)
        first, total = indices(3, ishigami(u))
        assert np.abs(first - ISHIGAMI_S).max() < 0.02
        assert np.abs(total - ISHIGAMI_T).max() < 0.02

    def test_sobol_of_the_g_function(self):
        u = saltelli_points(4, 4096, seed=0)
        first, total = indices(4, sobol_g(u))
        assert np.abs(first - g_first_order()).max() < 0.02
        assert np.abs(total - g_total()).max() < 0.02

    def test_sobol_on_the_emulator_holds_its_error(self):
        # 150 noisy runs: the interval over functions of the emulator holds the true index within 0.05
        rng = np.random.default_rng(0)
        u = stats.qmc.LatinHypercube(3, rng=rng).random(150)
        noise = 0.3
        emulator = fit(u, ishigami(u) + rng.normal(0.0, noise, len(u)), noise**2)
        found = sobol([*"abc"], emulator, 256, seed=0)
        assert np.abs(found["S1"] - ISHIGAMI_S).max() < 0.08
        assert (found["S1_low"] - 0.05 <= ISHIGAMI_S).all()
        assert (found["S1_high"] + 0.05 >= ISHIGAMI_S).all()

    def test_error_of_a_poor_emulator_widens_the_indices(self):
        rng = np.random.default_rng(1)
        widths = []
        for count in (15, 150):
            u = stats.qmc.LatinHypercube(3, rng=rng).random(count)
            found = sobol([*"abc"], fit(u, ishigami(u), 1e-4), 64, seed=0)
            widths.append((found["ST_high"] - found["ST_low"]).mean())
        assert widths[0] > 2.0 * widths[1]

    def test_morris_of_a_linear_function_is_exact(self):
        # elementary effects of a linear function are its slopes: no tolerance but rounding
        slopes = np.array([3.0, -1.0, 0.0, 0.5])
        u = morris_points(4, 10, seed=0)
        found = morris([*"abcd"], u, u @ slopes, scale=2.0)
        assert np.allclose(found["mu_star"], np.abs(slopes), atol=1e-9)
        assert np.allclose(found["sigma"], 0.0, atol=1e-9)
        assert np.allclose(found["mu_star_in_errors"], np.abs(slopes) / 2.0, atol=1e-9)


class TestEmulator:
    def test_errors_left_out_are_standard(self):
        # 120 points: 95 % within ±2 has a binomial 99.9 % interval of 0.87 to 1
        rng = np.random.default_rng(2)
        u = rng.random((120, 3))
        truth = np.sin(4.0 * u[:, 0]) + u[:, 1] ** 2
        emulator = fit(u, truth + rng.normal(0.0, 0.1, 120), 0.01)
        said = quality("y", emulator)
        assert 0.87 <= said["within_2"] <= 1.0
        assert 0.7 < said["rms"] < 1.3
        assert said["q2"] > 0.8

    def test_held_out_points_lie_where_it_says(self):
        rng = np.random.default_rng(3)
        u, new = rng.random((80, 2)), rng.random((400, 2))

        def f(x):
            return np.sin(5.0 * x[:, 0]) * np.cos(3.0 * x[:, 1])

        mean, variance = fit(u, f(u) + rng.normal(0.0, 0.05, 80), 0.0025).predict(new)
        errors = (f(new) - mean) / np.sqrt(variance)
        assert (np.abs(errors) < 3.0).mean() > 0.95
        assert np.abs(f(new) - mean).mean() < 0.05

    def test_a_constant_result_is_no_trouble(self):
        mean, _ = fit(np.random.default_rng(0).random((20, 2)), np.full(20, 4.0), 0.0).predict(
            np.full((1, 2), 0.5)
        )
        assert mean == pytest.approx(4.0)


class TestHistoryMatching:
    @staticmethod
    def wave(f, u, z, variance):
        return Wave([fit(u, f(u), 0.0)], np.array([z]), np.array([variance]))

    def test_share_not_ruled_out_of_a_line(self):
        # |u - 0.5| < 3·0.05: exactly 0.3 of [0, 1]; 20,000 points and a linear emulator leave 0.005
        u = np.linspace(0.0, 1.0, 15)[:, None]
        left = remaining([self.wave(lambda x: x[:, 0], u, 0.5, 0.05**2)], 1, seed=0)
        assert left.share == pytest.approx(0.3, abs=0.005)
        found = ranges(["a"], left.points)
        assert found["low"][0] == pytest.approx(0.365, abs=0.01)
        assert found["high"][0] == pytest.approx(0.635, abs=0.01)

    def test_ring_of_two_parameters(self):
        # 1 - 3·sd < r²·4 < 1 + 3·sd in the quarter disc: area π/16·6·sd with sd = 0.05
        rng = np.random.default_rng(0)
        u = stats.qmc.LatinHypercube(2, rng=rng).random(60)
        wave = self.wave(lambda x: 4.0 * (x**2).sum(axis=1), u, 1.0, 0.05**2)
        assert remaining([wave], 2, seed=0).share == pytest.approx(np.pi / 16.0 * 0.3, abs=0.01)

    def test_a_second_wave_rules_out_more_and_keeps_the_truth(self):
        def f(x):
            return np.sin(6.0 * x[:, 0]) + x[:, 1]

        truth = np.array([[0.2, 0.4]])
        z, rng = float(f(truth)[0]), np.random.default_rng(1)
        first = self.wave(f, stats.qmc.LatinHypercube(2, rng=rng).random(12), z, 1e-4)
        left = remaining([first], 2, seed=0)
        second = self.wave(f, spread(left.points, 20, seed=0), z, 1e-4)
        both = remaining([first, second], 2, seed=0)
        assert both.share <= left.share
        assert (second.implausibility(truth) < 3.0).all()
        assert (first.implausibility(truth) < 3.0).all()

    def test_everything_can_be_ruled_out(self):
        u = np.linspace(0.0, 1.0, 15)[:, None]
        left = remaining([self.wave(lambda x: x[:, 0], u, 9.0, 0.01)], 1, seed=0)
        assert left.share == 0.0
        assert ranges(["a"], left.points)["ruled_out"][0] == 1.0

    def test_points_of_a_wave_are_apart(self):
        points = np.random.default_rng(0).random((500, 2))
        chosen = spread(points, 25, seed=0)
        gaps = np.sort(np.linalg.norm(chosen[:, None] - chosen[None], axis=2), axis=1)[:, 1]
        assert len(chosen) == 25
        assert gaps.min() > 0.1


def normal_pool(count, seed, dimensions=1):
    """Conjugate normal: prior N(0, 1), one observation N(θ, 1); the posterior of y is N(y/2, 1/2)."""
    rng = np.random.default_rng(seed)
    u = rng.random((count, dimensions))
    return u, stats.norm.ppf(u) + rng.normal(size=u.shape)


def moments(found: Posterior):
    theta = stats.norm.ppf(np.clip(found.u[:, 0], 1e-9, 1.0 - 1e-9))
    mean = float(found.weights @ theta)
    return mean, float(found.weights @ (theta - mean) ** 2)


class TestAbc:
    def test_pool_gives_the_conjugate_normal(self):
        # 20,000 simulations, 2,000 kept: Monte Carlo error of the mean 0.02, of the variance 0.03
        u, y = normal_pool(20_000, 0)
        mean, variance = moments(adjusted(u, y, np.array([1.0]), 0.1))
        assert mean == pytest.approx(0.5, abs=0.05)
        assert variance == pytest.approx(0.5, abs=0.06)

    def test_regression_makes_up_for_a_wide_tolerance(self):
        # half of the pool is kept around an unlikely figure: without the regression the mean is near 0.7
        u, y = normal_pool(20_000, 1)
        mean, variance = moments(adjusted(u, y, np.array([2.0]), 0.5))
        assert mean == pytest.approx(1.0, abs=0.06)
        assert variance == pytest.approx(0.5, abs=0.07)

    def test_a_small_pool_does_not_seem_to_know(self):
        # figures that are pure noise: 4 parameters, 40 observations; without widening the mean contraction is 0.11
        rng = np.random.default_rng(0)
        gains = []
        for _ in range(40):
            u, y = rng.random((200, 4)), rng.normal(size=(200, 6))
            gains.append(contraction(adjusted(u, y, rng.normal(size=6), 0.2)))
        assert np.mean(gains) == pytest.approx(0.0, abs=0.08)

    def test_smc_gives_the_conjugate_normal(self):
        rng = np.random.default_rng(0)

        def simulate(u, name):
            return stats.norm.ppf(u) + rng.normal(size=u.shape)

        last = smc(simulate, 1, np.array([1.0]), 1500, 5, seed=0)[-1]
        mean, variance = moments(last.posterior)
        assert mean == pytest.approx(0.5, abs=0.08)
        assert variance == pytest.approx(0.5, abs=0.1)

    def test_smc_with_a_flat_prior_and_a_known_tolerance(self):
        # uniform kernel of half-width ε adds ε²/3 to the variance: 1 + 1.5²/3 = 1.75
        rng = np.random.default_rng(1)

        def simulate(u, name):
            return 20.0 * u - 10.0 + rng.normal(size=u.shape)

        found = smc(simulate, 1, np.array([0.0]), 2000, 3, 0, tolerances=[4.0, 2.5, 1.5], scale=np.ones(1))
        theta = 20.0 * found[-1].posterior.u[:, 0] - 10.0
        weights = found[-1].posterior.weights
        mean = weights @ theta
        assert found[-1].tolerance == 1.5
        assert weights @ (theta - mean) ** 2 == pytest.approx(1.75, abs=0.25)
        assert mean == pytest.approx(0.0, abs=0.15)

    def test_smc_stops_where_too_few_come_near(self):
        def simulate(u, name):
            return u + 5.0  # the figure observed is out of reach

        found = smc(simulate, 1, np.array([0.0]), 100, 9, 0, tolerances=[6.0, 5.5, 1.0], scale=np.ones(1))
        assert [round(g.tolerance, 2) for g in found] == [6.0, 5.5]

    def test_posterior_stays_inside_the_prior(self):
        u, y = normal_pool(500, 2)
        found = adjusted(u, y, np.array([9.0]), 0.2)
        assert ((found.u >= 0.0) & (found.u <= 1.0)).all()
        assert found.weights.sum() == pytest.approx(1.0)


class TestIdentifiability:
    def test_truths_are_recovered_and_the_idle_parameter_is_named(self):
        u, y = normal_pool(3000, 0, dimensions=2)
        found = recover(u, y[:, :1], 100, 0.2, seed=0)  # the second parameter moves nothing
        table = found.table(["seen", "idle"])
        assert table["sound"].all()
        assert table["identified"].tolist() == [True, False]
        assert table["contraction"][1] == pytest.approx(0.0, abs=0.05)
        assert table["correlation"][0] > 0.5

    def test_ranks_of_the_exact_posterior_are_uniform_and_a_narrow_one_is_told(self):
        u, y = normal_pool(400, 1)
        rng = np.random.default_rng(0)

        def exact(width):
            def infer(us, ys, z):
                theta = z / 2.0 + width * np.sqrt(0.5) * rng.normal(size=(400, 1))
                return Posterior(stats.norm.cdf(theta), np.full(400, 1.0 / 400))

            return infer

        good = recover(u, y, 300, 0.2, 0, exact(1.0))
        narrow = recover(u, y, 300, 0.2, 0, exact(0.4))
        right, wrong = uniformity(["a"], good.ranks), uniformity(["a"], narrow.ranks)
        assert right["uniform"][0]
        assert right["chi2_p"][0] > 0.01
        assert not wrong["uniform"][0]
        assert wrong["chi2_p"][0] < 1e-6
        assert good.table(["a"])["sound"][0]
        assert not narrow.table(["a"])["sound"][0]

    def test_contraction_of_the_conjugate_normal(self):
        # on the quantile scale Φ(θ), θ ~ N(0, 1/2): variance asin(1/3)/(2π) against 1/12
        theta = np.sqrt(0.5) * stats.norm.ppf((np.arange(4000) + 0.5) / 4000)
        found = contraction(Posterior(stats.norm.cdf(theta)[:, None], np.full(4000, 1.0 / 4000)))
        assert found[0] == pytest.approx(1.0 - 12.0 * np.arcsin(1.0 / 3.0) / (2.0 * np.pi), abs=0.002)

    def test_100_truths_of_a_common_pool_cover_what_they_promise(self):
        # 3 normals seen with noise, a pool of 4,000, leave one out: coverage within the 99 % binomial interval of
        # 100 truths; mean contraction 12·Var(E[u | y]) = 12·asin(1/4)/2π = 0.483, 100 truths and a pool leave 0.05
        u, y = normal_pool(4000, 5, dimensions=3)
        found = recover(u, y, 100, 0.2, seed=1)
        table = found.table([*"abc"])
        said = verdict(table, uniformity([*"abc"], found.ranks))
        assert said.passed
        assert (said.truths, said.refused, said.not_uniform, said.unidentified) == (100, (), (), ())
        exact = 12.0 * np.arcsin(0.25) / (2.0 * np.pi)
        assert table["contraction"].to_numpy() == pytest.approx(exact, abs=0.05)

    def test_a_small_pool_that_contracts_what_it_does_not_know_identifies_nothing(self):
        # the posterior is drawn around a wrong place: it contracts, and tells nothing of the truth
        u, y = normal_pool(400, 8)
        rng = np.random.default_rng(0)

        def elsewhere(us, ys, z):
            return Posterior(
                np.clip(rng.random() + 0.15 * rng.normal(size=(200, 1)), 0.0, 1.0), np.full(200, 1.0 / 200)
            )

        table = recover(u, y, 100, 0.2, 0, elsewhere).table(["a"])
        assert table["contraction"][0] > 0.5
        assert not table["identified"][0]

    def test_a_method_too_sure_of_itself_fails_and_is_named(self):
        u, y = normal_pool(2000, 5, dimensions=2)

        def narrow(us, ys, z):
            right = adjusted(us, ys, z, 0.2)
            middle = right.mean()
            return Posterior(
                np.column_stack([right.u[:, 0], middle[1] + 0.4 * (right.u[:, 1] - middle[1])]), right.weights
            )

        found = recover(u, y, 100, 0.2, 0, narrow)
        said = verdict(found.table([*"ab"]), uniformity([*"ab"], found.ranks))
        assert not said.passed
        assert said.refused == ("b",)
        assert said.not_uniform == ("b",)

    def test_chance_that_a_right_method_is_refused(self):
        # the exact size of the Clopper–Pearson test of 90 % at 99 %, 100 truths: below 1 %
        u, y = normal_pool(300, 6)
        found = recover(u, y, 100, 0.3, seed=0)
        table, ranks = found.table(["a"]), uniformity(["a"], found.ranks)
        alone = verdict(table, ranks).by_luck
        hits = stats.binom.rvs(100, 0.9, size=200_000, random_state=0)
        bounds = {int(h): stats.binomtest(int(h), 100).proportion_ci(0.99) for h in np.unique(hits)}
        refused = np.mean([not bounds[int(h)].low <= 0.9 <= bounds[int(h)].high for h in hits])
        assert alone == pytest.approx(refused, abs=0.001)
        assert alone < 0.01
        many = verdict(pd.concat([table] * 13), pd.concat([ranks] * 13)).by_luck
        assert many == pytest.approx(1.0 - (1.0 - alone) ** 13)

    def test_pool_ranks_are_uniform(self):
        u, y = normal_pool(2000, 3)
        assert uniformity(["a"], recover(u, y, 200, 0.2, 0).ranks)["uniform"][0]


class TestPredictive:
    def test_posterior_predictive_of_the_conjugate_normal(self):
        # θ | y ~ N(y/2, 1/2), so a new figure is N(y/2, 3/2); 2,000 kept of 20,000, 4,000 draws: sd of the mean 0.04
        u, y = normal_pool(20_000, 7)
        rng = np.random.default_rng(0)
        draws = stats.norm.ppf(adjusted(u, y, np.array([1.0]), 0.1).sample(4_000, rng)) + rng.normal(
            size=(4_000, 1)
        )
        target = Target("unemployment", "system", "share", 2022, 2022, 1.0, 0.0, 0.0, 1.0)
        row = predictive_table([target], draws, y).iloc[0]
        spread = np.sqrt(1.5) * stats.norm.ppf(0.95)
        assert row["median"] == pytest.approx(0.5, abs=0.12)
        assert row["p05"] == pytest.approx(0.5 - spread, abs=0.2)
        assert row["p95"] == pytest.approx(0.5 + spread, abs=0.2)
        assert row["p_value"] == pytest.approx(2.0 * stats.norm.sf(0.5 / np.sqrt(1.5)), abs=0.06)
        assert row["prior_p95"] == pytest.approx(np.sqrt(2.0) * stats.norm.ppf(0.95), abs=0.1)
        assert row["inside"]
        far = Target("unemployment", "system", "share", 2022, 2022, 6.0, 0.0, 0.0, 1.0)
        assert not predictive_table([far], draws, y).iloc[0]["inside"]


class TestScores:
    def test_crps_of_a_normal(self):
        # standard normal at 0: 2φ(0) - 1/√π = 0.2337
        draws = stats.norm.ppf((np.arange(2000) + 0.5) / 2000)
        assert crps(draws, 0.0) == pytest.approx(2.0 / np.sqrt(2.0 * np.pi) - 1.0 / np.sqrt(np.pi), abs=0.002)

    def test_crps_of_one_value_is_its_error(self):
        assert crps(np.array([3.0]), 5.0) == 2.0
        assert absolute_error(np.array([1.0, 3.0, 9.0]), 5.0) == 2.0

    def test_tail(self):
        draws = np.arange(1000.0)
        assert tail(draws, 500.0) == pytest.approx(1.0, abs=0.01)
        assert tail(draws, -5.0) < 0.01


def test_tables_are_frames():
    assert isinstance(ranges(["a"], np.empty((0, 1))), pd.DataFrame)
