"""Every registered event changes what it names, where and when it is said to, and nothing before."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from coopsim.economy.finance import LINE
from coopsim.indicators import TERRITORY
from coopsim.model import CoopModel
from coopsim.rng import Purpose
from coopsim.run import simulate
from coopsim.scenario import EVENTS
from coopsim.schedule.firms import phase as firms
from tests.system.parts import small

WHEN, WHERE = 5, 1  # a spring, the second territory


def pair(what, amount, ticks=8, where=("T02",), changes=None, **event):
    """Live two worlds, one with the event; return them after ``ticks`` quarters."""
    base = small(changes or {})
    struck = base.but(
        {"event": [{"when": WHEN, "what": what, "amount": amount, "territories": list(where), **event}]}
    )
    models = [CoopModel(spec, 6, views=False) for spec in (base, struck)]
    for model in models:
        for _ in range(ticks):
            model.step()
        model.release()
    return models


def gap(models, name):
    """Difference of an indicator, event less none, by tick and territory."""
    j = TERRITORY.index(name)
    a, b = (m.recorder.territory[: m.recorder.ticks, :, j] for m in models)
    return b - a


def test_every_kind_has_its_test():
    assert set(EVENTS) == {"drought", "storm", "firm_closure", "demand_shock", "subsidy_cut", "population_inflow",
                           "pact_founded", "president_leaves", "elections_now", "leader_exit", "withholding",
                           "main_employer_leaves", "energy_price"}  # fmt: skip


# They change nothing where there is no pact with a president or dues: test_pact_life, test_stability.
OF_PACTS = {"subsidy_cut", "leader_exit", "withholding"}
OF_NETWORKS = {"energy_price"}  # nothing where no wood heat network is built: test_energy_works


@pytest.mark.parametrize("what", sorted(set(EVENTS) - OF_PACTS - OF_NETWORKS))
def test_nothing_before_something_after(what):
    amount = {
        "demand_shock": -0.5,
        "population_inflow": 500.0,
        "pact_founded": 1.0,
        "main_employer_leaves": 1.0,
        "president_leaves": 1.0,
        "elections_now": 1.0,
        "drought": 0.97,
    }.get(what, 0.6)
    ticks = 13 if what == "elections_now" else 8  # councils vote once a year, and later act on it
    models = pair(what, amount, ticks, where=("T01", "T02"))
    before, after = (m.recorder.territory for m in models)
    assert_array_equal(before[:WHEN], after[:WHEN])
    assert (before[WHEN:ticks] != after[WHEN:ticks]).any()
    fired = [row for row in models[1].world.journal if row["kind"] == "event"]
    assert [(row["tick"], row["move"], row["body"]) for row in fired] == [(WHEN, what, "T01,T02")]


def test_drought_takes_its_share_of_the_natural_flow_there():
    models = pair("drought", 0.7, ticks=WHEN + 1)
    dry, wet = models[1].world.signals.water["flow"], models[0].world.signals.water["flow"]
    assert dry[WHERE] < wet[WHERE]
    assert dry[0] == wet[0]  # upstream
    assert dry[2] < wet[2]  # downstream, by the same river
    assert models[1].world.signals.salience[WHERE] > models[0].world.signals.salience[WHERE]


def flows(duration):
    """Share of the flow of the unstruck world at the second node, quarter by quarter."""
    out = [pair("drought", 0.97, ticks=t + 1, duration=duration) for t in range(WHEN, WHEN + 5)]
    return [
        float(b.world.signals.water["flow"][WHERE] / a.world.signals.water["flow"][WHERE]) for a, b in out
    ]


def test_drought_lasts_as_long_as_it_says():
    """Afterwards only the groundwater that was not filled is missing, less and less (45 days)."""
    one, two = flows(1), flows(2)
    assert one[0] == two[0] < 0.85
    assert two[1] < one[1] - 0.1
    for ratio, last in ((one, 0), (two, 1)):
        assert ratio[last + 1] > 0.9
        assert ratio[last + 3] > 0.995


def test_storm_takes_its_share_of_the_standing_wood():
    models = pair("storm", 0.25, ticks=WHEN + 1)
    before = pair("storm", 0.25, ticks=WHEN)[0].world.wood.volume
    f = models[1].world.wood
    there = f.territory == WHERE
    assert_allclose(f.lost[there], 0.25 * before[there])
    assert_array_equal(f.lost[~there], 0.0)
    assert (f.volume[there] < models[0].world.wood.volume[there]).all()


def test_firm_closure_closes_up_to_its_share_of_private_jobs():
    models = pair("firm_closure", 0.5, ticks=WHEN + 1)
    closed = gap(models, "closed_jobs")[WHEN]
    start = pair("firm_closure", 0.5, ticks=WHEN)[0].world.signals.posts[WHERE].sum()
    assert 0.45 * start < closed[WHERE] <= 0.52 * start  # whole companies, and their ordinary closures
    assert_array_equal(closed[[0, 2]], 0.0)
    assert gap(models, "unemployment")[WHEN, WHERE] > 0.0
    assert gap(models, "companies")[WHEN, WHERE] < -50
    everything = pair("firm_closure", 1.0, ticks=WHEN + 1)
    survivors = everything[1].world.companies
    rows = survivors.rows()
    assert (survivors.birth[rows[survivors.territory[rows] == WHERE]] == WHEN).all()


def test_closing_everything_leaves_no_post_and_no_debt_of_posts():
    """Posts taken off one by one end at zero, not a rounding below it."""
    spec = small({"economy.siting.projects_per_yr": 0.0, "economy.companies.entry_per_inhabitant_yr": 0.0})
    spec = spec.but({"event": [{"when": 3, "what": "firm_closure", "amount": 1.0}]})
    for seed in range(10):
        model = CoopModel(spec, seed, views=False)
        for _ in range(3):
            model.step()
        model.phases[0].run(model.world)
        model.release()
        assert (model.world.signals.posts >= 0.0).all()
        assert_allclose(model.world.signals.posts, 0.0, atol=1e-9)
        assert model.world.companies.rows().size == 0


def test_demand_shock_moves_growth_by_its_amount_over_a_year(monkeypatch):
    """A fall of 40 % of external demand takes 10 % a quarter from the growth of a sector that exports everything."""
    drifts = []
    plain = firms.eco.drift
    monkeypatch.setattr(firms.eco, "drift", lambda *a: drifts.append(plain(*a)) or drifts[-1])
    pair("demand_shock", -0.4, ticks=WHEN + 5, where=("T01", "T02", "T03"))
    without, shocked = drifts[: WHEN + 5], drifts[WHEN + 5 :]
    change = [float((b - a).mean()) for a, b in zip(without, shocked, strict=True)]
    assert change[:WHEN] == [0.0] * WHEN
    assert change[WHEN] == pytest.approx(-0.1)
    assert change[WHEN + 3] == pytest.approx(-0.1, abs=0.01)  # tight labour eases a little
    assert abs(change[WHEN + 4]) < 0.02


FUNDED = {
    "governance.payoff.calls.type": "commons",
    "governance.payoff.calls.envelope_keur_per_yr": 1000.0,
}


def test_subsidy_cut_withdraws_outside_funding_there_and_for_its_time():
    models = pair("subsidy_cut", 0.6, ticks=WHEN + 1, changes=FUNDED)
    paid = [m.world.finance.year[WHEN % 4][:, LINE["outside_funding"]] for m in models]
    assert_allclose(paid[1][WHERE], 0.4 * paid[0][WHERE])
    assert_allclose(paid[1][[0, 2]], paid[0][[0, 2]])
    assert_allclose(paid[0].sum(), 250.0)
    after = pair("subsidy_cut", 0.6, ticks=WHEN + 5, changes=FUNDED)
    last = (WHEN + 4) % 4
    paid = [m.world.finance.year[last][:, LINE["outside_funding"]] for m in after]
    assert_allclose(paid[1].sum(), 250.0)


def test_subsidy_cut_takes_animators_away():
    """What the outside no longer pays is not replaced."""
    changes = {"governance.payoff.animation_funding.share": 0.5}
    spec = small(changes)
    events = [
        {"when": 0, "what": "pact_founded", "amount": 1.0},
        {"when": WHEN, "what": "subsidy_cut", "amount": 1.0},
    ]
    posts = []
    for chosen in (events[:1], events):
        model = CoopModel(spec.but({"event": chosen}), 6, views=False)
        for _ in range(WHEN + 1):
            model.step()
        model.release()
        posts.append(float(model.world.pacts.fte[0]))
    assert posts[1] == pytest.approx(0.5 * posts[0])


def test_population_inflow_brings_its_people_once():
    models = pair("population_inflow", 750.0)
    people = gap(models, "population")
    assert people[WHEN, WHERE] == pytest.approx(750.0, rel=0.05)
    assert abs(people[WHEN + 1, WHERE] - people[WHEN, WHERE]) < 75.0
    assert_allclose(people[WHEN, [0, 2]], 0.0, atol=1e-6)


def test_pact_founded_binds_those_named_on_what_the_rules_allow():
    models = pair(
        "pact_founded",
        1.0,
        where=("T01", "T03"),
        changes={"governance.boundary.pacts_allowed": ["water", "wood"]},
    )
    pacts = models[1].world.pacts
    assert_array_equal(pacts.members[0], [True, False, True])
    assert_array_equal(pacts.scopes[0], [True, True, False, False, False, False])
    assert int(pacts.founded[0]) == WHEN
    assert models[1].world.finance.pact_cost[0] > 0.0
    forbidden = pair(
        "pact_founded", 1.0, where=("T01", "T03"), changes={"governance.boundary.pacts_allowed": []}
    )
    assert len(forbidden[1].world.pacts) == 0


@pytest.mark.parametrize("what", sorted(EVENTS))
def test_an_event_of_a_switched_off_part_changes_nothing(what):
    kind = EVENTS[what]
    amount = -0.5 if what == "demand_shock" else min(kind.high, 0.6 if kind.high <= 1 else 500.0)
    models = pair(
        what, max(amount, kind.low), where=("T01", "T02"), changes={f"submodels.{kind.submodel}": False}
    )
    before, after = (m.recorder.territory[: m.recorder.ticks] for m in models)
    assert_array_equal(before, after)
    assert_array_equal(models[0].world.signals.salience, models[1].world.signals.salience)


def test_events_use_their_own_luck():
    """Which companies close is keyed by company and date: the same in another lane."""
    lanes = [{"governance.payoff.subsidy.max": 0.0}, {"governance.payoff.subsidy.max": 15.0}]
    gone = []
    for changes in lanes:
        spec = small(changes).but(
            {"event": [{"when": 0, "what": "firm_closure", "amount": 0.5, "territories": ["T02"]}]}
        )
        model = CoopModel(spec, 6, views=False)
        everybody = set(model.world.companies.id[model.world.companies.rows()].tolist())
        model.phases[0].run(model.world)
        gone.append(everybody - set(model.world.companies.id[model.world.companies.rows()].tolist()))
        model.release()
    assert gone[0] == gone[1]
    assert len(gone[0]) > 50
    assert Purpose.SHOCK not in (Purpose.EXIT, Purpose.GROWTH)


def test_two_events_on_one_day():
    spec = small().but(
        {
            "event": [
                {"when": 2, "what": "storm", "amount": 0.1},
                {"when": 2, "what": "population_inflow", "amount": 100.0},
            ]
        }
    )
    run = simulate(spec, seed=1, years=1)
    fired = run.journal[run.journal["kind"] == "event"]
    assert sorted(fired["move"]) == ["population_inflow", "storm"]
    assert np.isfinite(run.arrays[0]).all()
