"""The map of regimes: false discoveries, planes made smaller, cells won, pages and pictures."""

import numpy as np
import pytest
from scipy import stats

from coopsim.batch import job_of, load_plan
from coopsim.errors import ScenarioError
from coopsim.i18n import Text, set_lang
from coopsim.indicators import OUTCOMES
from coopsim.regimes import PLANES, benjamini_hochberg, check_plane, smaller
from coopsim.regimes.causes import Cause, causes_plan
from coopsim.regimes.figure import picture
from coopsim.regimes.page import page, silent
from coopsim.regimes.plane import Axis, Plane, p_values


def a_plane(winner, name="regimes-cost-mobility"):
    """Return a plane of 2 × 2 cells whose first outcome has the winners given and whose others are undecided."""
    shape = (len(OUTCOMES), 2, 2)
    won = np.zeros(shape, np.int64)
    won[0] = winner
    mean = np.where(won == 0, 0.5, 10.0 * won)
    axes = (
        Axis(
            "economy.siting.reconsider_per_quarter", Text("mobilité", "mobility"), "1/quarter", (0.001, 0.02)
        ),
        Axis("governance.information.diagnostic", Text("diagnostic", "diagnostic"), "", ("none", "shared")),
    )
    return Plane(
        name, Text("Coût", "Cost"), Text("Où ?", "Where?"), ("figeac-attractiveness", "figeac-cooperation"), 30, *axes,
        OUTCOMES, mean, mean - 1, mean + 1, np.where(won == 0, 0.5, 0.01), won, 6,
    )  # fmt: skip


class TestFalseDiscoveries:
    def test_as_scipy(self):
        p = np.random.default_rng(3).uniform(size=(3, 4, 5)) ** 2
        theirs = stats.false_discovery_control(p.ravel(), method="bh").reshape(p.shape)
        assert benjamini_hochberg(p) == pytest.approx(theirs)

    def test_cells_without_runs_do_not_count(self):
        p = np.array([0.01, np.nan, 0.02, 0.5])
        found = benjamini_hochberg(p)
        assert np.isnan(found[1])
        assert found[[0, 2, 3]] == pytest.approx([0.03, 0.03, 0.5])

    def test_pure_noise_wins_almost_nothing(self):
        rng = np.random.default_rng(0)
        won = [(benjamini_hochberg(p_values(rng.normal(size=(6, 225)))) <= 0.05).any() for _ in range(200)]
        assert np.mean(won) < 0.1  # 5 % expected

    def test_p_values_are_student_s(self):
        gap = np.random.default_rng(1).normal(0.4, 1.0, size=(8, 5))
        assert p_values(gap) == pytest.approx(stats.ttest_1samp(gap, 0.0).pvalue)

    def test_worlds_that_all_agree(self):
        gap = np.array([[0.0, 2.0, np.nan, 1.0], [0.0, 2.0, np.nan, np.nan]])
        assert p_values(gap).tolist() == [1.0, 0.0, 1.0, 1.0]


class TestPlans:
    @pytest.mark.parametrize("name", PLANES)
    def test_shipped_planes_cross_two_assumptions_of_two_regimes(self, name):
        plan = load_plan(name)
        check_plane(plan)
        assert plan.run_count <= 300  # four of them: 1,200 runs

    @pytest.mark.parametrize("name", PLANES)
    def test_smaller_ones_keep_the_ends_of_the_axes(self, name, tmp_path):
        plan, small = load_plan(name), smaller(load_plan(name), 2, 3)
        assert small.point_count == 4
        assert small.run.replicates == 3
        for before, after in zip(plan.parameter[:2], small.parameter[:2], strict=True):
            ends = {before.values[0], before.values[-1]}
            assert set(after.values) == ends
        assert len(job_of(small, tmp_path / "out")) == 24

    def test_the_same_people_whatever_the_number_of_territories(self):
        columns = {p.key.rpartition(".")[2]: p.values for p in load_plan("regimes-number-sharing").parameter}
        for name in ("population", "area_ha", "companies", "vacant_ha"):
            totals = [n * x for n, x in zip(columns["territories"], columns[name], strict=True)]
            assert totals == pytest.approx([totals[0]] * len(totals))

    @pytest.mark.parametrize(("cells", "worlds", "key"), [(1, None, "--cells"), (None, 0, "--replicates")])
    def test_too_small_is_refused(self, cells, worlds, key):
        with pytest.raises(ScenarioError, match=key):
            smaller(load_plan(PLANES[0]), cells, worlds)

    def test_a_plan_of_draws_is_no_plane(self):
        with pytest.raises(ScenarioError, match="two parameters"):
            check_plane(load_plan("screening"))

    def test_the_halves_of_the_regimes_cross_in_four_lanes(self, tmp_path):
        job = job_of(causes_plan(2), tmp_path / "out")
        assert len(job.lanes) == 4
        assert len({spec.hash for spec in job.lanes}) == 4
        moves = [spec.governance.choice.moves for spec in job.lanes]
        assert [m.marketing.allowed for m in moves] == [False, False, True, True]
        assert [m.propose_pact.allowed for m in moves] == [False, True, False, True]


class TestPage:
    def test_counts_and_silent_regimes(self):
        plane = a_plane([[1, -1], [1, 0]])
        assert plane.count(OUTCOMES[0]) == (1, 2, 1)
        never = silent([plane])
        assert OUTCOMES[0] not in never
        assert never[OUTCOMES[1]] == [0, 1]
        assert silent([a_plane([[1, 1], [1, 0]])])[OUTCOMES[0]] == [0]

    def test_says_where_each_wins_and_why_one_never_does(self):
        plane = a_plane([[1, 1], [1, 0]])
        causes = [
            Cause(effect, kind, name, 5.0, 4.0, 6.0, 6)
            for name in OUTCOMES
            for effect, kind in (
                ("attractiveness", "main"),
                ("pacts", "main"),
                ("attractiveness × pacts", "interaction"),
            )
        ]
        text = page([plane], ["regimes-cost-mobility.svg"], causes, "figeac-status-quo")
        assert "- Attracting wins nowhere, on no outcome." in text
        assert "- Cooperating wins somewhere on: Jobs at the workplace." in text
        assert f"Of {4 * len(OUTCOMES)} cells × outcomes: attracting wins 0, cooperating 3" in text
        assert "## Why" in text
        assert "| Jobs at the workplace (jobs) | **+5.00 (+4.00 to +6.00)** |" in text
        assert "![Cost: who wins" in text

    def test_in_french(self):
        set_lang("fr")
        text = page([a_plane([[1, -1], [1, 0]])], ["x.svg"], [], "figeac-status-quo")
        assert "Coopérer l'emporte quelque part sur : Emplois au lieu de travail." in text
        assert "## Pourquoi" not in text

    def test_the_picture_has_letters_legend_units_and_hatches(self):
        svg = picture(a_plane([[1, -1], [1, 0]])).decode()
        for told in ("C: cooperating wins", "A: attracting wins", "undecided", "mobility (1/quarter)", "diagnostic",
                     "Jobs at the workplace (jobs)", "mean of 6 paired worlds"):  # fmt: skip
            assert told in svg
        assert "<pattern" in svg  # the hatches
        assert svg == picture(a_plane([[1, -1], [1, 0]])).decode()
