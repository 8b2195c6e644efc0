"""Phase 11: municipal elections; councils, executives and competence follow."""

from dataclasses import replace

import numpy as np

from coopsim.metrics import sum_by
from coopsim.schedule.councils.succession import departures, forget
from coopsim.schedule.pacts.leadership import exit_leaders
from coopsim.schedule.shocks import shock_levels
from coopsim.society import elections
from coopsim.society.elections import Councils, Mandate
from coopsim.types import BoolArray, FloatArray
from coopsim.world.state import World


def elections_phase(world: World) -> None:
    """Hold municipal elections when they are due, or where an event calls them; councils and competence follow."""
    departures(world)
    if not world.spec.submodels.elections:
        return
    if elections.is_election(world.tick, world.spec.start_year, world.params.elections):
        _hold(world, np.ones(world.size, dtype=np.bool_))
        return
    if any(what == "elections_now" for _, what, _, _ in world.shocks):
        called = shock_levels(world, "elections_now") > 0.0
        _hold(world, called)
        exit_leaders(world, np.flatnonzero(called & world.councils.changed), elected=True)


def _hold(world: World, voted: BoolArray) -> None:
    """Let the communes of some territories, shape (T,), vote."""
    p = world.params.elections
    s, f = world.signals, world.finance
    jobs = np.maximum(world.people.filled + world.people.own_account, 1.0)
    before = np.where(s.jobs_at_election > 0, s.jobs_at_election, jobs)
    mandate = Mandate(
        jobs_growth=jobs / before - 1.0,
        services=1.0 + np.clip(f.balance_per_yr() / f.budget, -0.5, 0.5),
        tax_rate=f.tax_pct,
        crises=np.clip(s.crisis_ticks / p.period_ticks, 0.0, 1.0),
        salience=1.0 + s.salience,
        near=world.ties.adjacent.astype(np.float64),
    )
    law = world.law
    new = elections.elect(world.electorate, law, p, world.seed, world.tick, world.councils, mandate)
    kept = elections.memory(new, p)
    start = world.params.councils.competence_start
    mean = sum_by(world.councils.territory, world.competence, world.size) / np.maximum(
        np.bincount(world.councils.territory, minlength=world.size), 1
    )
    competence = start + (mean[new.territory] - start) * kept
    if voted.all():
        world.competence, world.councils, world.minds.home = competence, replace(new), None
    else:
        new = _some(world, new, competence, voted)
    # a new presidency brings its own view of costs back, less what staff remember
    bias = world.params.councils.cost_bias
    lost = np.where(new.changed, 1.0 - p.staff_continuity, 0.0)
    world.minds.bias = world.minds.bias + lost * (bias - world.minds.bias)
    forget(world, new.changed, p.alternation_knowledge_loss)
    s.jobs_at_election = np.where(voted, jobs, s.jobs_at_election)
    s.crisis_ticks = np.where(voted, 0.0, s.crisis_ticks)
    for i in np.flatnonzero(voted):
        seat = int(new.executive[i])
        changed = bool(new.changed[i])
        x = new.ideal[seat]
        world.write(
            world.places.code[i], "election", "alternation" if changed else "re-election", amount=float(changed),
            outcome="changed" if changed else "kept",
            reason_fr=f"{world.places.name[i]} : {'nouvelle présidence' if changed else 'présidence reconduite'} "
            f"(croissance {x[0]:.2f}, coopération {x[1]:.2f})".replace(".", ","),
            reason_en=f"{world.places.name[i]}: {'new presidency' if changed else 'presidency renewed'} "
            f"(growth {x[0]:.2f}, cooperation {x[1]:.2f})",
        )  # fmt: skip


def _some(world: World, new: Councils, competence: FloatArray, voted: BoolArray) -> Councils:
    """Seat the councils of the territories that voted beside those that did not; returns them all."""
    old, home = world.councils, world.minds.home
    councils, row = elections.merged(old, new, voted, world.electorate)
    world.competence = np.concatenate([world.competence, competence])[row]
    known = home is not None and home.shape == old.ideal.shape
    world.minds.home = np.concatenate([home, new.ideal])[row] if known and home is not None else None
    world.councils = councils
    return councils
