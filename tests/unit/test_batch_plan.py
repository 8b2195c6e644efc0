"""Plans: every mistake is told with its line, value, bounds and nearest name; distributions draw what they say."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from coopsim.batch.chunks import chunks_of
from coopsim.batch.design import points, quantiles
from coopsim.batch.job import job_of
from coopsim.batch.parameter import Parameter
from coopsim.batch.plan import Plan
from coopsim.batch.plan_file import load_plan, shipped_plans
from coopsim.errors import ScenarioError
from coopsim.i18n import set_lang

HEAD = 'schema = 1\nname = "wrong"\n'
RUN = '[run]\nscenarios = ["trust"]\n'
GRID = '[design]\nkind = "grid"\n'
DRAWN = '[design]\nkind = "sobol"\npoints = 4\n'
KEY = '[[parameter]]\nkey = "society.ties.trust_gain"\n'
UNIFORM = KEY + 'distribution = "uniform"\nlow = 0.1\nhigh = 0.4\n'

# name: text after the head, line, key, French words, English words, nearest name
WRONG = {
    "unknown table": (RUN + "[recrd]\n", 5, "recrd", "clé inconnue", "unknown key", "record"),
    "unknown key": ('[run]\nscenarios = ["trust"]\nreplicate = 3\n', 5, "run.replicate", "clé inconnue", "unknown key",
                    "replicates"),
    "no scenario": ("[run]\nscenarios = []\n", 4, "run.scenarios", "nombre d'éléments", "wrong number of items", ""),
    "unknown scenario": ('[run]\nscenarios = ["trst"]\n', 4, "run.scenarios[1]", "aucun scénario livré",
                         "no shipped scenario", "trust"),
    "missing file": ('[run]\nscenarios = ["./mine.toml"]\n', 4, "run.scenarios[1]", "n'existe pas",
                     "does not exist", ""),
    "no replicates": (RUN + "replicates = 0\n", 5, "run.replicates", "hors des bornes", "out of bounds", ""),
    "negative seed": (RUN + "seed = -1\n", 5, "run.seed", "hors des bornes", "out of bounds", ""),
    "too many years": (RUN + "years = 501\n", 5, "run.years", "hors des bornes", "out of bounds", ""),
    "twice the same scenario": ('[run]\nscenarios = ["trust", "trust"]\n', 4, "run.scenarios[2]", "donné deux fois",
                                "given twice", ""),
    "contrast of nobody": (RUN + 'contrasts = [["trust", "mistrust"]]\n', 5, "run.contrasts[1]",
                           "n'est pas dans le plan", "not in the plan", "trust"),
    "contrast with oneself": (RUN + 'contrasts = [["trust", "trust"]]\n', 5, "run.contrasts[1]",
                              "deux scénarios différents", "two different scenarios", ""),
    "change of a scenario": ('[run]\nscenarios = [{scenario = "trust", set = {society.ties.trust_gian = 0.2}}]\n', 4,
                             "society.ties.trust_gian", "clé inconnue", "unknown key", "trust_gain"),
    "two horizons": ('[run]\nscenarios = ["trust", "land"]\n', 4, "run.scenarios[2]", "même horizon", "same horizon",
                     ""),
    "unknown design": (RUN + '[design]\nkind = "sobl"\n' + UNIFORM, 6, "design.kind", "choix inconnu",
                       "unknown choice", "sobol"),
    "design without points": (RUN + '[design]\nkind = "sobol"\n' + UNIFORM, 5, "design.points", "nombre de points",
                              "number of points", ""),
    "points without effect": (RUN + GRID + "points = 8\n" + KEY + "values = [0.1]\n", 7, "design.points", "sans effet",
                              "no effect", ""),
    "odd levels": (RUN + '[design]\nkind = "morris"\npoints = 2\nlevels = 5\n' + UNIFORM, 8, "design.levels",
                   "pair", "even", ""),
    "design without parameters": (RUN + GRID, 6, "design.kind", "n'a pas de paramètres", "has no parameters", ""),
    "no distribution": (RUN + DRAWN + KEY, 8, "parameter[1].distribution", "demande une loi", "needs a distribution",
                        ""),
    "no values": (RUN + GRID + KEY, 7, "parameter[1].values", "demande « values »", "needs 'values'", ""),
    "no upper bound": (RUN + DRAWN + KEY + 'distribution = "uniform"\nlow = 0.1\n', 8, "parameter[1].high",
                       "demande « high »", "needs 'high'", ""),
    "inverted bounds": (RUN + DRAWN + KEY + 'distribution = "uniform"\nlow = 0.4\nhigh = 0.1\n', 11,
                        "parameter[1].low", "pas sous « high »", "not below 'high'", ""),
    "logarithm of zero": (RUN + DRAWN + KEY + 'distribution = "log_uniform"\nlow = 0.0\nhigh = 0.1\n', 11,
                          "parameter[1].low", "nombre positif", "positive number", ""),
    "mode outside": (RUN + DRAWN + KEY + 'distribution = "triangular"\nlow = 0.1\nhigh = 0.2\nmode = 0.3\n', 13,
                     "parameter[1].mode", "hors des bornes", "out of bounds", ""),
    "mode without effect": (RUN + DRAWN + UNIFORM + "mode = 0.2\n", 13, "parameter[1].mode", "sans effet",
                            "no effect", ""),
    "bounds that leave nothing": (
        RUN + DRAWN + KEY + 'distribution = "normal"\nmean = 0.0\nsd = 0.01\nlow = 0.5\nhigh = 0.9\n', 9,
        "society.ties.trust_gain", "ne laissent rien", "leave nothing", "",
    ),
    "numbers and words": (RUN + GRID + KEY + 'values = [0.1, "high"]\n', 9, "parameter[1].values", "une seule sorte",
                          "one sort", ""),
    "values and levels": (RUN + GRID + KEY + "values = [0.1]\nlevels = 3\n", 10, "parameter[1].levels",
                          "pas les deux", "not both", ""),
    "lists of two lengths": (
        RUN + '[design]\nkind = "list"\n' + KEY + "values = [0.1, 0.2]\n"
        + '[[parameter]]\nkey = "society.ties.trust_loss"\nvalues = [0.1]\n', 7,
        "parameter", "autant de valeurs", "same number of values", "",
    ),
    "parameter twice": (RUN + GRID + (KEY + "values = [0.1]\n") * 2, 11, "parameter[2].key", "donné deux fois",
                        "given twice", ""),
    "unknown parameter": (RUN + DRAWN + UNIFORM.replace("gain", "gian"), 9, "society.ties.trust_gian",
                          "clé inconnue", "unknown key", "trust_gain"),
    "value out of bounds": (RUN + DRAWN + UNIFORM.replace("0.4", "4.0"), 9, "society.ties.trust_gain",
                            "hors des bornes", "out of bounds", ""),
    "word in the middle": (
        RUN + GRID + '[[parameter]]\nkey = "governance.aggregation.council_rule"\n'
        'values = ["majority", "majorty", "quorum"]\n', 8,
        "governance.aggregation.council_rule", "aucune règle", "no voting rule", "majority",
    ),
    "horizon as a parameter": (RUN + GRID + '[[parameter]]\nkey = "horizon.years"\nvalues = [3, 4]\n', 8,
                               "parameter[1].key", "ne peut pas varier", "cannot vary", ""),
    "unknown indicator": (RUN + '[record]\nindicators = ["jobs", "trst"]\n', 6, "record.indicators[2]",
                          "indicateur inconnu", "unknown indicator", "trust"),
    "unknown record": (RUN + '[record]\nwhat = "monthly"\n', 6, "record.what", "choix inconnu", "unknown choice", ""),
    "too many runs": (
        RUN + GRID + "".join(
            f'[[parameter]]\nkey = "society.ties.{k}"\nlow = 0.1\nhigh = 0.2\nlevels = 1000\n'
            for k in ("trust_gain", "trust_loss", "trust_start")
        ), 5, "design", "trop de simulations", "too many runs", "",
    ),
    "syntax": (RUN + "replicates = \n", 5, "", "syntaxe TOML", "TOML syntax", ""),
    "bad name": ('[run]\nscenarios = ["trust"]\n', 2, "name", "caractères refusés", "characters refused", ""),
}  # fmt: skip


def plan_of(text, folder, head=HEAD):
    path = folder / "wrong.toml"
    path.write_text(head + text, encoding="utf-8")
    return load_plan(path)


@pytest.mark.parametrize("name", WRONG)
def test_one_clear_message(name, tmp_path):
    text, line, key, fr, en, near = WRONG[name]
    head = HEAD.replace("wrong", "../wrong") if name == "bad name" else HEAD
    with pytest.raises(ScenarioError) as caught:
        job_of(plan_of(text, tmp_path, head), tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["wrong.toml"], "nothing may be written"
    assert len(caught.value.problems) == 1, str(caught.value)
    problem = caught.value.problems[0]
    assert (problem.line, problem.key, problem.nearest) == (line, key, near)
    assert problem.file.endswith(".toml")
    for lang, words in (("fr", fr), ("en", en)):
        set_lang(lang)
        assert words in str(caught.value)


def test_all_mistakes_are_told_at_once(tmp_path):
    text = '[run]\nscenarios = ["trst", "lnd"]\n[design]\nkind = "grid"\n' + KEY + "values = [0.1]\n"
    with pytest.raises(ScenarioError) as caught:
        job_of(plan_of(text, tmp_path), tmp_path / "out")
    assert [problem.nearest for problem in caught.value.problems] == ["trust", "land"]


def test_keys_are_tried_in_a_plan_that_is_refused_for_something_else(tmp_path):
    varied = '[[parameter]]\nkey = "society.ties.trust_gan"\nvalues = [0.1]\n' + KEY + "values = [0.1]\n"
    text = RUN + "replicatess = 3\n" + GRID + varied + '[record]\nindicators = ["trst"]\n'
    with pytest.raises(ScenarioError) as caught:
        plan_of(text, tmp_path)
    assert [p.nearest for p in caught.value.problems] == ["replicates", "trust_gain", "trust"], str(
        caught.value
    )
    assert [p.line for p in caught.value.problems] == sorted(p.line for p in caught.value.problems)


def test_unknown_plan_has_a_nearest_name():
    with pytest.raises(ScenarioError) as caught:
        load_plan("outside-shar")
    assert caught.value.problems[0].nearest == "outside-share"


@pytest.mark.parametrize("name", sorted(shipped_plans()))
def test_shipped_plans_are_sound(name, tmp_path):
    plan = load_plan(name)
    assert plan.name == name
    assert plan.title
    assert plan.question
    job = job_of(plan, tmp_path)
    assert len(job) == plan.run_count == sum(map(len, chunks_of(job)))


LAWS = {
    "uniform": (Parameter(key="x", distribution="uniform", low=2.0, high=6.0), stats.uniform(2.0, 4.0)),
    "log_uniform": (
        Parameter(key="x", distribution="log_uniform", low=0.1, high=10.0),
        stats.loguniform(0.1, 10.0),
    ),
    "triangular": (
        Parameter(key="x", distribution="triangular", low=0.0, high=10.0, mode=2.0),
        stats.triang(0.2, 0.0, 10.0),
    ),
    "normal": (Parameter(key="x", distribution="normal", mean=3.0, sd=2.0), stats.norm(3.0, 2.0)),
    "cut normal": (
        Parameter(key="x", distribution="normal", mean=0.0, sd=1.0, low=-0.5, high=2.0),
        stats.truncnorm(-0.5, 2.0),
    ),
    "log_normal": (Parameter(key="x", distribution="log_normal", mean=2.0, sd=1.0), None),
}


@pytest.mark.parametrize("name", LAWS)
def test_distributions_have_their_quantiles(name):
    parameter, law = LAWS[name]
    u = np.linspace(0.001, 0.999, 999)
    found = np.array(quantiles(parameter, u))
    if law is not None:
        np.testing.assert_allclose(found, law.ppf(u), rtol=1e-9, atol=1e-12)
    else:  # mean and standard deviation are those of the values
        many = np.array(quantiles(parameter, (np.arange(400_000) + 0.5) / 400_000))
        np.testing.assert_allclose([many.mean(), many.std()], [2.0, 1.0], rtol=3e-3)


@given(
    low=st.floats(-1e6, 1e6), width=st.floats(1e-6, 1e6), share=st.floats(0, 1), integer=st.booleans(),
    u=st.lists(st.floats(0, 1), min_size=1, max_size=20),
    law=st.sampled_from(["uniform", "triangular", "normal"]),
)  # fmt: skip
def test_values_stay_inside_their_bounds(low, width, share, integer, u, law):
    high = low + width
    mode = min(max(low + share * width, low), high)
    own = {"triangular": {"mode": mode}, "normal": {"mean": mode, "sd": width}}.get(law, {})
    p = Parameter(key="x", distribution=law, low=low, high=high, integer=integer, **own)
    found = quantiles(p, np.array(u))
    assert all((round(low) if integer else low) <= x <= (round(high) if integer else high) for x in found)
    assert all(isinstance(x, int if integer else float) for x in found)


def parameters(count):
    return [{"key": f"k{n}", "distribution": "uniform", "low": 0.0, "high": 1.0} for n in range(count)]


@pytest.mark.parametrize(
    ("kind", "base", "count"),
    [("latin_hypercube", 10, 10), ("sobol", 8, 8), ("morris", 5, 20), ("saltelli", 4, 32)],
)
def test_designs_have_their_points(kind, base, count):
    plan = Plan(
        name="p", run={"scenarios": ["trust"]}, design={"kind": kind, "points": base}, parameter=parameters(3)
    )
    laid = points(plan)
    assert len(laid) == plan.point_count == count
    assert laid == points(plan), "the same plan gives the same points"
    table = np.array([list(point.values()) for point in laid])
    assert ((table >= 0.0) & (table <= 1.0)).all()
    other = points(plan.model_copy(update={"design": plan.design.model_copy(update={"seed": 1})}))
    assert laid != other
    if kind == "latin_hypercube":  # one point in each tenth of every parameter
        assert [sorted(np.floor(10 * column).astype(int)) for column in table.T] == [list(range(10))] * 3
    if kind == "morris":  # a trajectory moves one parameter at a time
        moves = (np.diff(table.reshape(5, 4, 3), axis=1) != 0).sum(axis=2)
        assert (moves == 1).all()


def test_grids_and_lists():
    run = {"scenarios": ["trust"]}
    spread = {"key": "a", "distribution": "log_uniform", "low": 0.1, "high": 10.0, "levels": 3}
    grid = Plan(
        name="p", run=run, design={"kind": "grid"}, parameter=[spread, {"key": "b", "values": ["x", "y"]}]
    )
    assert [round(point["a"], 9) for point in points(grid)] == [0.1, 0.1, 1.0, 1.0, 10.0, 10.0]
    assert [point["b"] for point in points(grid)] == ["x", "y"] * 3
    pairs = [{"key": "a", "values": [1, 2]}, {"key": "b", "values": [True, False]}]
    assert points(Plan(name="p", run=run, design={"kind": "list"}, parameter=pairs)) == [
        {"a": 1, "b": True}, {"a": 2, "b": False},
    ]  # fmt: skip
    assert points(Plan(name="p", run=run)) == [{}]


def test_scenario_files_stand_beside_their_plan(tmp_path, monkeypatch):
    (tmp_path / "plans").mkdir()
    text = 'schema = 1\nname = "mine"\n[horizon]\nyears = 1\n[case.synthetic]\nterritories = 2\n'
    (tmp_path / "plans" / "mine.toml").write_text(text, encoding="utf-8")
    path = tmp_path / "plans" / "plan.toml"
    path.write_text(HEAD + '[run]\nscenarios = ["mine.toml"]\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    job = job_of(load_plan(Path("plans/plan.toml")), tmp_path / "out")
    assert (job.labels, job.lanes[0].years) == (("mine",), 1)
