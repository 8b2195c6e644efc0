"""Phase 11: municipal elections; councils, executives and competence follow."""

from dataclasses import replace

import numpy as np

from coopsim.metrics import sum_by
from coopsim.schedule.succession import departures, forget
from coopsim.society import elections
from coopsim.society.elections import Mandate
from coopsim.world.state import World


def elections_phase(world: World) -> None:
    """Hold municipal elections when they are due; councils, executives and competence follow."""
    departures(world)
    p = world.params.elections
    if not world.spec.submodels.elections or not elections.is_election(world.tick, world.spec.start_year, p):
        return
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
    world.competence = start + (mean[new.territory] - start) * kept
    world.councils = replace(new)
    world.minds.home = None
    # a new presidency brings its own view of costs back, less what staff remember
    bias = world.params.councils.cost_bias
    lost = np.where(new.changed, 1.0 - p.staff_continuity, 0.0)
    world.minds.bias = world.minds.bias + lost * (bias - world.minds.bias)
    forget(world, new.changed, p.alternation_knowledge_loss)
    s.jobs_at_election, s.crisis_ticks = jobs, np.zeros(world.size)
    for i in range(world.size):
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
