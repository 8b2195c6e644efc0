"""Explorer: drivers, regimes and conditions against known answers; worst cases lived again; the page over HTTP."""

import re
import tomllib
from html import unescape
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from coopsim.batch.running import run_batch
from coopsim.errors import ScenarioError
from coopsim.i18n import Text, set_lang
from coopsim.indicators import BY_NAME
from coopsim.run import simulate
from coopsim.scenario import load_scenario
from coopsim_viz import stage as stages
from coopsim_viz.explorer import page as pages
from coopsim_viz.explorer.cases import scenario_of, worst
from coopsim_viz.explorer.folders import known
from coopsim_viz.explorer.prim import prim
from coopsim_viz.explorer.regimes import cells, cut
from coopsim_viz.explorer.sensitivity import correlation_ratio, sensitivity
from coopsim_viz.explorer.view import Factor, View, hits, least_settled
from coopsim_viz.explorer.words import EXPLORE
from coopsim_viz.room import Room
from coopsim_viz.room.driver import Driver
from coopsim_viz.server import explorer_page, phones
from coopsim_viz.stage import Stage
from tests.system.parts import small

PLAN = """schema = 1
name = "{name}"
[run]
scenarios = ["trust", {{ scenario = "trust", label = "hasty", set = {{ society.ties.trust_start = 0.6 }} }}]
replicates = 2
years = 2
[design]
kind = "{kind}"
points = {points}
[[parameter]]
key = "society.ties.violation_base"
distribution = "uniform"
low = 0.0
high = 0.6
[[parameter]]
key = "society.ties.trust_gain"
role = "lever"
distribution = "log_uniform"
low = 0.02
high = 0.3
[record]
what = "horizon"
indicators = ["trust", "rivalry", "pacts", "population"]
"""


def lived(folder, kind="latin_hypercube", points=16):
    plan = folder / "plan.toml"
    plan.write_text(PLAN.format(name="trials", kind=kind, points=points), encoding="utf-8")
    return run_batch(plan, folder / "trials", workers=1)


@pytest.fixture(scope="module")
def batch(tmp_path_factory):
    return lived(tmp_path_factory.mktemp("batch"))


@pytest.fixture
def view(batch):
    set_lang("en")
    return View(batch, BY_NAME["trust"], "trust", "hasty")


def factor(values, key="f", *, numeric=True):
    return Factor(key, Text(key, key), "", list(values), numeric, log=False)


GRID = np.stack(np.meshgrid(np.linspace(0, 1, 20), np.linspace(0, 1, 20)), axis=-1).reshape(-1, 2)


class TestDrivers:
    def test_the_share_of_a_sum_of_two_factors_is_its_variance(self):
        y = 3 * GRID[:, 0] + GRID[:, 1]
        group = [np.searchsorted(np.unique(column), column) for column in GRID.T]
        found = [correlation_ratio(g, y)[0] for g in group]
        np.testing.assert_allclose(found, [0.9, 0.1], atol=0.05)  # variances 9 to 1

    def test_a_factor_without_effect_stays_below_the_line_in_95_of_100(self):
        rng = np.random.default_rng(5)
        group = np.arange(64) % 8
        found = np.array([correlation_ratio(group, rng.normal(size=64)) for _ in range(600)])
        assert 0.025 < np.mean(found[:, 0] > found[:, 1]) < 0.08
        assert found[:, 0].mean() < 0.08  # without the adjustment 7 / 63

    @pytest.mark.parametrize("y", [np.ones(10), np.arange(10.0)])
    def test_nothing_to_tell(self, y):
        assert correlation_ratio(np.zeros(10, dtype=int), y) == (0.0, 0.0)

    def test_of_a_batch(self, view):
        """Trust falls where promises are broken more often."""
        alone = View(view.batch, view.indicator, "trust")
        found = sensitivity(alone)
        assert found.method == "share"
        by_key = {driver.factor.key: driver for driver in found.drivers}
        assert by_key["society.ties.violation_base"].sign == -1
        assert found.drivers[0].factor.key == "society.ties.violation_base"
        assert found.drivers[0].value > found.chance

    def test_a_morris_plan_gets_its_own_method(self, tmp_path):
        found = sensitivity(View(lived(tmp_path, "morris", 4), BY_NAME["trust"], "trust"))
        assert found.method == "morris"
        assert {driver.sign for driver in found.drivers} <= {-1, 0, 1}
        assert all(driver.value > 0 and driver.high >= driver.value for driver in found.drivers)
        assert np.isnan(found.chance)


class TestConditions:
    def test_the_box_of_a_corner_is_found(self):
        """It holds where x > 0.6 and y < 0.4: both conditions, nothing of a third factor."""
        third = np.random.default_rng(1).random(400)
        hit = (GRID[:, 0] > 0.6) & (GRID[:, 1] < 0.4)
        box = prim([factor(GRID[:, 0], "x"), factor(GRID[:, 1], "y"), factor(third, "z")], hit)
        ends = {c.factor.key: (c.low, c.high) for c in box.conditions}
        assert set(ends) == {"x", "y"}
        assert ends["x"] == (pytest.approx(0.6, abs=0.06), np.inf)
        assert ends["y"] == (-np.inf, pytest.approx(0.4, abs=0.06))
        assert box.density > 0.95
        assert box.coverage > 0.85
        assert box.base == pytest.approx(hit.mean())

    def test_luck_makes_no_condition(self):
        rng = np.random.default_rng(3)
        found = [
            prim([factor(x, f"f{n}") for n, x in enumerate(rng.random((3, 60)))], rng.random(60) < 0.5)
            for _ in range(5)
        ]
        assert min(len(box.conditions) for box in found) == 0
        assert max(len(box.conditions) for box in found) <= 2

    def test_words_are_kept_or_left(self):
        words = np.array(["own", "shared", "none"] * 30)
        box = prim([factor(words, "w", numeric=False)], words == "shared")
        assert box.conditions[0].words == ("shared",)
        assert (box.density, box.coverage) == (1.0, 1.0)
        set_lang("en")
        assert pages.condition_words(box.conditions[0]) == "W: shared"

    @pytest.mark.parametrize(("low", "high", "fr"), [
        (0.25, np.inf, "F ≥ 0,25"), (-np.inf, 1200.0, "F ≤ 1\u202f200"), (0.001, 0.02, "F entre 0,001 et 0,02"),
    ])  # fmt: skip
    def test_conditions_are_read_in_french(self, low, high, fr):
        set_lang("fr")
        condition = SimpleNamespace(factor=factor([1.0]), words=(), low=low, high=high)
        assert pages.condition_words(condition) == fr

    def test_aims(self, view):
        assert not (hits(view, "a") & hits(view, "b")).any()
        worse, better = hits(view, "worst"), hits(view, "best")
        assert worse.sum() == better.sum() == 4  # a fifth of 16 points, ties of the quantile included
        assert view.better[worse].max() < view.better[better].min()


class TestRegimes:
    def test_who_wins_in_each_cell(self):
        """B gains with x: A wins on the left, B on the right, nothing is clear where both are even."""
        xs, ys, worlds = [0.0, 1.0, 2.0], [0.0, 1.0], range(4)
        rows = [
            (p, w, (x - 1) * 10 + (-1) ** w)
            for p, (x, _) in enumerate((x, y) for x in xs for y in ys)
            for w in worlds
        ]
        runs = pd.DataFrame(rows, columns=["point", "seed", "y"])
        points = runs.groupby("point", as_index=False)["y"].mean()
        view = SimpleNamespace(runs=runs, points=points, indicator=BY_NAME["jobs"])
        x, y = factor([x for x in xs for _ in ys], "x"), factor(ys * 3, "y")
        found = cells(view, cut(x, 6), cut(y, 6))
        assert {(c.x, c.y): c.winner for c in found} == {
            (0, 0): "a", (0, 1): "a", (1, 0): "", (1, 1): "", (2, 0): "b", (2, 1): "b",
        }  # fmt: skip
        assert {c.worlds for c in found} == {4}
        less = SimpleNamespace(runs=runs, points=points, indicator=BY_NAME["unemployment"])
        assert [c.winner for c in cells(less, cut(x, 6), cut(y, 6))] == ["b", "b", "", "", "a", "a"]

    def test_many_values_are_cut_in_slices_of_the_logarithm(self):
        values = np.geomspace(0.001, 1.0, 64)
        sliced = cut(Factor("k", Text("k", "k"), "", values.tolist(), True, True), 64)
        np.testing.assert_allclose(np.diff(np.log(sliced.edges)), np.log(1000) / 4)
        assert np.bincount(sliced.slice).tolist() == [16] * 4

    def test_one_level_is_one_slice(self):
        assert cut(factor([2.0, 2.0]), 2).size == 1


class TestCases:
    def test_the_worst_run_is_that_of_the_batch(self, view):
        """The scenario that the page gives lives the very run that the batch recorded."""
        case = worst(view)[0]
        assert case.y == view.runs["y"].min()
        for side, value in (("trust", case.a), ("hasty", case.b)):
            spec = load_scenario(scenario_of(view.batch, side, case.point).document())
            run = simulate(spec, case.seed)
            assert run.system["trust"].iloc[-1] == value

    def test_one_world_of_a_point(self, view):
        found = worst(view)
        assert len({case.point for case in found}) == len(found) == 8
        assert [case.y for case in found] == sorted(case.y for case in found)

    def test_what_a_batch_has_not_is_refused(self, batch):
        with pytest.raises(ScenarioError):
            scenario_of(batch, "trst", 0)
        with pytest.raises(ScenarioError):
            scenario_of(batch, "trust", 16)

    def test_the_least_settled_outcome(self, batch):
        assert least_settled(batch, "trust", "hasty") == "trust"  # no outcome was kept: the first indicator


def test_folders_are_found_one_level_deep(batch, tmp_path):
    assert known([batch.folder], tmp_path) == {"trials": batch.folder.resolve()}
    assert known([batch.folder.parent, batch.folder], tmp_path) == {"trials": batch.folder.resolve()}
    assert known([tmp_path / "nothing"], tmp_path) == {}


@pytest.fixture
def stage(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    room = Room({"A": small({"name": "a"}), "B": small({"name": "b"})}, tmp_path / "session", seed=2)
    room.opened()
    made = Stage(room, Driver(room), address="http://room.test", code="ABC234")
    stages.put(made)
    yield made
    stages.current().close()
    stages._STAGE.clear()


@pytest.fixture
def server(stage):
    with TestClient(Starlette(routes=phones.ROUTES), base_url="http://room.test") as client:
        yield client


class TestPage:
    def test_without_a_batch_it_says_what_to_do(self, server, stage):
        for lang, word in (("fr", "Aucune campagne"), ("en", "No batch")):
            page = server.get(f"/explorer?lang={lang}").text
            assert word in page
            assert "coopsim batch explorer" in page
            assert str(stage.folder.parent) in page  # where it looked

    def test_the_shipped_example_is_a_plan(self):
        from coopsim.batch import load_plan

        assert load_plan("explorer").design.kind == "sobol"

    @pytest.mark.parametrize("look", ["0-1", "0", "1"])
    def test_every_part_is_there(self, server, stage, batch, look):
        stage.batches = (batch.folder,)
        page = server.get(f"/explorer?lang=fr&de={look}&ind=trust")
        assert page.status_code == 200
        text = unescape(page.text)
        for name in ("matters", "conditions", "worst"):
            assert f">{EXPLORE[name].fr}</h2>" in text
        assert text.count("<svg ") >= (2 if look == "0-1" else 1)
        assert (">Où chaque régime l'emporte" in text) == (text.count('id="regimes"') == 1)
        assert (EXPLORE["r_none"].fr in text) == (look != "0-1")
        assert not re.search(r"(src|href)=['\"]?(https?:)?//", page.text)
        english = [w.en for n, w in EXPLORE.items() if w.en != w.fr and len(w.en) > 5 and f">{w.en}<" in text]
        assert english == []

    def test_the_address_chooses(self, server, stage, batch):
        stage.batches = (batch.folder,)
        page = server.get(
            "/explorer?lang=en&campagne=trials&de=0-1&ind=rivalry&x=society.ties.trust_gain"
            "&y=society.ties.violation_base&cible=worst"
        ).text
        for value in ("rivalry", "society.ties.trust_gain", "worst", "0-1"):
            assert f'<option value="{value}" selected>' in page
        nonsense = server.get("/explorer?de=9-9&ind=%3Cscript%3E&x=__class__&y=&cible=all")
        assert nonsense.status_code == 200
        assert "<script>" not in nonsense.text

    def test_other_folders_stay_closed(self, server, stage, batch):
        for name in ("../trials", str(batch.folder), "nothing"):
            page = server.get("/explorer", params={"campagne": name, "lang": "en"})
            assert "not in the list" in page.text
            assert (
                server.get("/explorer/scenario", params={"campagne": name, "point": "0"}).status_code == 404
            )

    def test_it_is_not_for_the_room(self, server, monkeypatch):
        monkeypatch.setattr(explorer_page, "_HERE", ("127.0.0.1",))
        assert server.get("/explorer").status_code == 403
        assert server.get("/explorer/scenario").status_code == 403
        assert server.post("/explorer/ouvrir").status_code == 403

    def test_a_case_is_taken_away_as_a_scenario(self, server, stage, batch):
        stage.batches = (batch.folder,)
        page = server.get("/explorer?de=0-1&ind=trust").text
        found = [a.replace("&amp;", "&") for a in re.findall(r'href="(/explorer/scenario[^"]+)"', page)]
        assert len(found) == 16
        spec = load_scenario(tomllib.loads(server.get(found[1]).text))
        assert (
            spec.section("society.ties")["trust_gain"]
            == batch.points["society.ties.trust_gain"][
                worst(View(batch, BY_NAME["trust"], "trust", "hasty"))[0].point
            ]
        )
        for bad in ("point=99", "point=1e3", "point=0&cote=C", "point=0&de=7"):
            assert server.get(f"/explorer/scenario?campagne=trials&de=0-1&{bad}").status_code == 404


class TestOpening:
    def form(self, stage, **more):
        return {"jeton": stage.token, "campagne": "trials", "de": "0-1", "point": "3", "graine": "1"} | more

    def test_a_case_opens_on_the_wall_and_is_the_same_run(self, server, stage, batch):
        stage.batches = (batch.folder,)
        page = server.get(f"/explorer?de=0-1&ind=trust&jeton={stage.token}").text
        assert page.count('action="/explorer/ouvrir') == 8
        answer = server.post("/explorer/ouvrir", data=self.form(stage), follow_redirects=False)
        assert answer.status_code == 303
        now = stages.current()
        assert now is not stage
        assert (now.token, now.code, now.batches) == (stage.token, stage.code, stage.batches)
        assert now.folder.name == "session-p3-g1"
        now.room.live(8)
        rows = batch.horizon(["trust"]).set_index(["scenario", "point", "seed"])["trust"]
        for lane, side in (("A", "trust"), ("B", "hasty")):
            assert now.room.lanes[lane].lived().series("trust")[-1] == rows[side, 3, 1]

    def test_who_is_not_the_facilitator_opens_nothing(self, server, stage, batch):
        stage.batches = (batch.folder,)
        assert server.post("/explorer/ouvrir", data=self.form(stage, jeton="guess")).status_code == 403
        assert 'action="/explorer/ouvrir' not in server.get("/explorer?de=0-1").text
        assert stages.current() is stage

    def test_a_session_under_way_is_not_closed_unasked(self, server, stage, batch):
        stage.batches = (batch.folder,)
        stage.room.live(1)
        page = server.post("/explorer/ouvrir?lang=en", data=self.form(stage))
        assert "a session is under way" in page.text
        assert stages.current() is stage
        assert 'name="sure"' in page.text
        server.post("/explorer/ouvrir", data=self.form(stage, sure="oui"), follow_redirects=False)
        assert stages.current() is not stage

    @pytest.mark.parametrize("change", [{"graine": "x"}, {"point": "99"}, {"campagne": "other"}, {"de": "5"}])
    def test_a_refused_case_is_told(self, server, stage, batch, change):
        stage.batches = (batch.folder,)
        page = server.post("/explorer/ouvrir", data=self.form(stage, **change))
        assert 'role="alert"' in page.text
        assert stages.current() is stage
