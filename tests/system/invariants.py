"""What holds at the end of every tick of every run, whatever the rules; and a way to live a run under watch.

The checks state the balance of each stock in its own words: they read the world's state and never call
the sub-models, so that a bug of a sub-model cannot excuse itself. Tolerances are those of rounding:
sums of thousands of terms to 1e-9 relative, land tables that convert clips against each other to 1e-6.
A new balance goes to the module of its subject (`balances_*`) and into `check_world`.
"""

from collections.abc import Callable
from dataclasses import fields

import numpy as np

from coopsim.model import CoopModel
from coopsim.schedule import QUARTER, Phase
from tests.system.balance import EXACT, Before, require, snapshot
from tests.system.balances_economy import (
    check_companies,
    check_funders,
    check_local_economy,
    check_money,
    check_siting,
)
from tests.system.balances_nature import check_land, check_water, check_wood
from tests.system.balances_society import (
    check_bodies,
    check_commitments,
    check_hires,
    check_pacts_and_ties,
    check_people,
    check_society,
)


def check_world(world, before: Before) -> None:
    """Raise `Broken` with the first invariant that the tick just lived does not respect."""
    for check in (
        check_finite,
        check_no_negative_stock,
        check_water,
        check_land,
        check_wood,
        check_companies,
        check_people,
        check_money,
        check_pacts_and_ties,
        check_bodies,
        check_local_economy,
        check_funders,
        check_siting,
        check_society,
        check_commitments,
    ):
        check(world, before)


def check_finite(world, before: Before) -> None:
    """No stock, flow or signal is NaN; infinite is nothing but an absent bound."""
    del before
    for name in ("people", "finance", "land", "wood", "companies", "ties", "pacts", "signals"):
        table = getattr(world, name)
        for field in fields(table):
            value = getattr(table, field.name)
            if isinstance(value, np.ndarray) and value.dtype.kind == "f":
                require(np.isfinite(value), world, f"{name}.{field.name} is not finite")


def check_no_negative_stock(world, before: Before) -> None:
    """Nothing that is counted, stored or owed to nature is negative; shares stay within 0 and 1."""
    del before
    crowd, f, c = world.people, world.finance, world.companies
    living = c.rows()
    stocks = {
        "land uses": world.land.uses,
        "pipeline": world.land.ring,
        "public vacant land": world.land.public,
        "consumed land": world.land.consumed,
        "standing wood": world.wood.volume,
        "harvest": world.wood.harvest,
        "groundwater": world.rivers.groundwater,
        "network yield": world.rivers.network_yield,
        "population": crowd.population,
        "dwellings": crowd.dwellings,
        "workers": crowd.workers,
        "own-account": crowd.own_account,
        "posts": world.signals.posts,
        "acting posts": world.signals.acting,
        "vacancies": world.signals.vacancies,
        "output": world.signals.output,
        "jobs of a company": c.jobs[living],
        "land of a company": c.land[living],
        "productivity": c.productivity[living],
        "subsidy": f.subsidy,
        "tax": f.tax_pct,
        "subsidies paid": f.subsidies_paid,
        "pact cost": f.pact_cost,
        "leases": world.signals.leases,
        "centrality": f.centrality_stock,
        "animation posts": world.pacts.fte,
        "calls held back": world.signals.calls_held,
    }
    for name, value in stocks.items():
        require(value >= 0.0, world, f"negative {name}", float(np.min(value, initial=0.0)))
    shares = {
        "marketing": f.marketing,
        "programmes": world.programmes,
        "water ration": world.signals.water_ration,
        "land ration": world.signals.land_ration,
        "water security": world.rivers.security,
        "habitable share": crowd.habitable_share,
        "competence": world.competence,
        "salience": world.signals.salience,
        "perceived dependence": world.perceived,
        "kept promises": world.signals.kept,
        "ideal point": world.councils.ideal,
        "network yield": world.rivers.network_yield,
        **{
            k: world.signals.water[k]
            for k in world.signals.water
            if k.startswith(("unmet", "below", "caused"))
        },
    }
    for name, value in shares.items():
        inside = (value >= 0.0) & (value <= 1.0 + EXACT)
        require(inside, world, f"share {name} outside 0-1", value[~inside])


def watched(each: Callable[[object, Before], None] = check_world) -> tuple[Phase, ...]:
    """Return the quarter with a snapshot before it, a bound on hires after the labour market, checks at its end."""
    held: list[Before] = []

    def begin(world) -> None:
        held[:] = [snapshot(world)]

    def hires(world) -> None:
        if world.spec.submodels.people:
            check_hires(world)

    def end(world) -> None:
        each(world, held[0])

    phases: list[Phase] = [Phase("snapshot", begin)]
    for phase in QUARTER:
        phases.append(phase)
        if phase.name == "people":
            phases.append(Phase("bound on hires", hires))
    return (*phases, Phase("invariants", end))


def live(spec, seed: int = 0, ticks: int | None = None):
    """Live a run with every invariant checked at every tick; return the model at its end, released."""
    model = CoopModel(spec, seed, phases=watched(), views=False)
    try:
        for _ in range(spec.ticks if ticks is None else ticks):
            model.step()
            require(
                np.isfinite(model.recorder.territory[: model.recorder.ticks]),
                model.world,
                "an indicator is not finite",
            )
    finally:
        model.release()
    return model
