"""Every invariant at every tick: of every shipped scenario, and of random ones drawn inside the legal bounds."""

import inspect

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coopsim.economy.finance import LINE
from coopsim.economy.funders import FunderState
from coopsim.economy.water_market import MarketState
from coopsim.registry import Registry, is_ours
from coopsim.resources.land import Use
from coopsim.scenario import load_scenario, shipped_scenarios
from coopsim.scenario.governance import Governance
from coopsim.scenario.strict import Strict
from coopsim.schedule.firms import phase as firms
from coopsim.schedule.land import ground
from tests.system.balance import Broken, snapshot
from tests.system.invariants import check_world, live, watched
from tests.system.parts import small
from tests.system.random_scenarios import rules_of_the_game, scenarios

NATIONAL = ("france-status-quo",)  # 4.5 million companies: a few quarters in test_france.py
SHIPPED = sorted(
    name
    for name, path in shipped_scenarios().items()
    if path.parent.name == "scenarios" and name not in NATIONAL
)
LABS = sorted(name for name, path in shipped_scenarios().items() if path.parent.name == "lab")
FAMILIES = sorted(name for name, path in shipped_scenarios().items() if path.parent.name == "families")
YEARS_OF_A_LAB = 10


@pytest.mark.parametrize("name", SHIPPED)
def test_every_tick_of_a_shipped_scenario(name):
    live(load_scenario(name), seed=0)


@pytest.mark.parametrize("name", LABS)
def test_the_first_years_of_a_lab(name):
    spec = load_scenario(name)
    live(spec, seed=0, ticks=min(spec.ticks, 4 * YEARS_OF_A_LAB))


@pytest.mark.parametrize("name", FAMILIES)
def test_the_first_years_of_a_family(name):
    spec = load_scenario(name)
    live(spec, seed=0, ticks=min(spec.ticks, 12))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 11))
@pytest.mark.parametrize("name", SHIPPED)
def test_every_tick_of_ten_more_worlds(name, seed):
    live(load_scenario(name), seed)


def leaves(model, path=""):
    """Every key of a section of the scenario, dotted; a rule or a list is one key."""
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, Strict):
            yield from leaves(field.annotation, f"{path}{name}.")
        else:
            yield f"{path}{name}"


def test_random_scenarios_draw_every_rule_of_the_game():
    drawn = {*rules_of_the_game(), "payoff.joint_project", "payoff.reciprocity"}  # these name territories
    missing = [key for key in leaves(Governance) if not any(f"{key}.".startswith(f"{d}.") for d in drawn)]
    assert missing == []
    kinds = {rule["rule"] if isinstance(rule, dict) else rule for rule in makers_drawn()}
    makers = Registry.all["decision maker"]
    assert kinds == {name for name in makers if is_ours(makers[name])}


def makers_drawn():
    found = []

    @settings(max_examples=300, database=None, derandomize=True)
    @given(rules_of_the_game()["choice.decision_maker"])
    def collect(rule):
        found.append(rule)

    collect()
    return found


_RUNS = {"deadline": None, "suppress_health_check": list(HealthCheck)}


@settings(max_examples=60, **_RUNS)
@given(scenarios())
def test_random_scenarios(drawn):
    spec, seed = drawn
    live(spec, seed)


@pytest.mark.slow
@settings(max_examples=1000, **_RUNS)
@given(scenarios(years=10))
def test_a_thousand_random_scenarios(drawn):
    spec, seed = drawn
    live(spec, seed)


SPOILS = {
    "a hectare appears": lambda w: w.land.uses.__setitem__((0, Use.VACANT), w.land.uses[0, Use.VACANT] + 1.0),
    "natural land comes back": lambda w: w.land.uses.__setitem__(
        (0, slice(0, 3)), w.land.uses[0, :3] + np.array([1.0, 0.0, -1.0])
    ),
    "protected land is built on": lambda w: w.land.uses.__setitem__(
        (1, slice(1, 3)), w.land.uses[1, 1:3] + np.array([-1e-3, 1e-3])
    ),
    "a company takes a plot": lambda w: w.companies.land.__setitem__(0, w.companies.land[0] + 1e-3),
    "a post is counted twice": lambda w: w.signals.posts.__setitem__(
        (0, 0), w.signals.posts[0, 0] * (1 + 1e-8)
    ),
    "a company is counted twice": lambda w: w.signals.results.__setitem__(
        (0, 7), w.signals.results[0, 7] + 1
    ),
    "two companies share an id": lambda w: w.companies.id.__setitem__(1, w.companies.id[0]),
    "wood grows on its own": lambda w: w.wood.volume.__setitem__(0, w.wood.volume[0] * (1 + 1e-8)),
    "water vanishes": lambda w: w.signals.water.__setitem__("imbalance", np.array([1e-8])),
    "debt moves without a flow": lambda w: w.finance.debt.__setitem__(0, w.finance.debt[0] * 1.001 + 1.0),
    "shared revenue is made of nothing": lambda w: _pay(w, "shared_revenue", 10.0),
    "a fine goes nowhere": lambda w: _pay(w, "fines", 10.0),
    "calls exceed their envelope": lambda w: _pay(w, "outside_funding", 10.0),
    "subsidies bring money": lambda w: _pay(w, "subsidies", 10.0),
    "employed more than active": lambda w: w.people.own_account.__setitem__(0, 2 * w.people.active[0]),
    "negative workers": lambda w: w.people.workers.__setitem__((0, 1), -1.0),
    "population is not a number": lambda w: w.people.population.__setitem__(2, np.nan),
    "trust is one-sided": lambda w: w.ties.trust.__setitem__((0, 1), 0.9),
    "trust beyond one": lambda w: w.ties.trust.__setitem__((slice(None), slice(None)), 1.1),
    "a pact of one": lambda w: w.pacts.members.__setitem__((0, slice(1, 3)), False),
    "a lost pact": lambda w: setattr(w.signals, "dissolved", 3),
    "a person appears": lambda w: w.people.population.__setitem__(0, w.people.population[0] + 1.0),
    "a dwelling appears": lambda w: w.people.dwellings.__setitem__(0, w.people.dwellings[0] + 1.0),
    "an exchange of nothing": lambda w: w.companies.partner.__setitem__(slice(0, 2), [2, 1]),
    "a company is its own partner": lambda w: w.companies.partner.__setitem__(3, 4),
    "an unknown form": lambda w: w.companies.form.__setitem__(0, 4),
    "a stage reached tomorrow": lambda w: w.companies.since.__setitem__(0, w.tick + 1),
    "own funds from nowhere": lambda w: w.pacts.capital.__setitem__(0, 5.0),
    "water is sold to nobody": lambda w: setattr(w.local, "water_market", _sold(w.size)),
    "a guarantee fund pays what it has not": lambda w: setattr(w.local, "funders", _emptied(w.size)),
    "more public plots than plots": lambda w: w.land.public.__setitem__(0, w.land.uses[0, Use.VACANT] + 1.0),
}


def _sold(size: int) -> MarketState:
    out = MarketState.founded(size)
    out.balance[0] = 5.0
    return out


def _emptied(size: int) -> FunderState:
    out = FunderState.founded(size)
    out.claims[0] = 5.0
    return out


def _pay(world, line: str, amount: float) -> None:
    world.finance.year[world.tick % 4][0, LINE[line]] += amount
    world.finance.debt[0] -= amount


@pytest.fixture
def lived():
    """A world with a pact at the end of a tick, and its snapshot."""
    from coopsim.model import CoopModel

    spec = small().but({"event": [{"when": 0, "what": "pact_founded", "amount": 1.0}]})
    held = []
    model = CoopModel(spec, 0, phases=watched(lambda world, before: held.append(before)), views=False)
    for _ in range(3):
        model.step()
    model.release()
    model.world.tick -= 1
    return model.world, held[-1]


def test_the_checks_pass_on_a_sound_world(lived):
    check_world(*lived)


@pytest.mark.parametrize("spoil", SPOILS.values(), ids=SPOILS)
def test_the_checks_can_fail(lived, spoil):
    world, before = lived
    spoil(world)
    with pytest.raises(Broken):
        check_world(world, before)


@given(st.floats(0.0, 1e4), st.integers(0, 2))
def test_selling_a_plot_moves_it_and_pays_for_the_public_part(area, i):
    """Land sold is land occupied; the council is paid for its own plots only, at the price of the moment."""
    from coopsim.world import founded

    world = founded(small(), 0)
    price, vacant = ground.price(world)[i], world.land.uses[i, Use.VACANT]
    wanted = np.zeros(3)
    wanted[i] = area
    before = snapshot(world)
    ground.occupy(world, wanted)
    moved = vacant - world.land.uses[i, Use.VACANT]
    assert moved == pytest.approx(min(area, vacant))
    share = world.params.finance.public_vacant_share
    assert world.finance.flows[i, LINE["land_sales"]] == pytest.approx(share * moved * price)
    assert world.land.uses.sum() == pytest.approx(world.places.area.sum(), rel=1e-12)
    assert (before.naf == world.land.uses[:, Use.NAF]).all()


def test_nobody_works_twice(monkeypatch):
    """Companies that close or leave after people were hired do not lend their workers to the others."""
    shares = []
    plain = firms.ker.company_quarter
    spec = small({"economy.siting.reconsider_per_quarter": 0.2}).but(
        {"event": [{"when": 4, "what": "firm_closure", "amount": 0.5}]}
    )
    position = list(inspect.signature(plain.py_func).parameters).index("filled")
    monkeypatch.setattr(
        firms.ker, "company_quarter", lambda *a: (shares.append(a[position].copy()), plain(*a))
    )
    live(spec)
    assert len(shares) == spec.ticks
    assert np.max(shares) == 1.0
    assert np.min(shares) > 0.5
