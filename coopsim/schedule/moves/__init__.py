"""The moves of councils: what can be made, what is expected, what is carried out."""

from dataclasses import replace
from importlib import import_module
from pkgutil import iter_modules

import numpy as np

from coopsim.schedule.land import era
from coopsim.schedule.moves.effect import EFFECTS, Expected
from coopsim.schedule.moves.filtering import filtered
from coopsim.schedule.outlook import outlook
from coopsim.society.councils import Expectations
from coopsim.society.moves import CANDIDATES, KEYS
from coopsim.society.projection import Outlook
from coopsim.types import BoolArray
from coopsim.world.state import World

for _module in sorted(m.name for m in iter_modules(__path__)):
    import_module(f"{__name__}.{_module}")
if set(EFFECTS) != set(KEYS):
    raise RuntimeError(f"moves without behaviour: {sorted(set(KEYS) - set(EFFECTS))}")

_PAID = np.array([c.payer == "council" for c in CANDIDATES])


def possible(world: World) -> BoolArray:
    """Return the menu of each council now: rules, bounds, balanced budget, what can be made; shape (T, M)."""
    f, out = world.finance, world.rules.allowed.copy()
    for m in np.flatnonzero(out.any(axis=0)):
        out[:, m] &= EFFECTS[KEYS[m]].possible(world)
        if KEYS[m] in era.WEARS and world.rules.plots.era.any():
            out[:, m] &= ~era.avoided(world)
    debt = f.debt > world.params.finance.debt_limit_share * f.budget
    broke = world.rules.balanced & debt & (f.balance_per_yr() < 0.0)
    out &= ~(broke[:, None] & _PAID[None, :])
    return out


def expectations(world: World, look: Outlook | None = None) -> Expectations:
    """Return what each council expects of each candidate that is on some menu, shape (T, M) each.

    Parameters
    ----------
    look : Outlook or None
        What councils look at; None takes it of the world as it is.
    """
    look = outlook(world) if look is None else look
    e = replace(Expectations.zeros(world.size, len(KEYS)), doubt=look.pact_doubt)
    for m in np.flatnonzero(world.rules.allowed.any(axis=0)):
        _put(world, look, e, int(m), filtered(world, KEYS[m], EFFECTS[KEYS[m]].expect(world, look)))
    return e


def expectation(world: World, key: str, look: Outlook | None = None) -> Expectations:
    """Return what each council expects of one candidate, on the menu or not, shape (T, 1) each."""
    look = outlook(world) if look is None else look
    e = Expectations.zeros(world.size, 1)
    _put(world, look, e, 0, filtered(world, key, EFFECTS[key].expect(world, look)))
    return e


def carry_out(world: World, council: int, key: str, times: float = 1.0) -> None:
    """Change what the move changes, and post what it costs to who pays it."""
    if key in era.WEARS:
        times *= float(era.size(world)[council])
    EFFECTS[key].carry_out(world, council, times)


def _put(world: World, look: Outlook, e: Expectations, m: int, x: Expected) -> None:
    """Write one move in the shares that seats weigh: of jobs, and of the yearly budget."""
    p, sp, fp = world.params.councils, world.params.siting, world.params.finance
    jobs, budget = np.maximum(look.jobs, 1.0), np.maximum(look.budget, 1e-9)
    tax_per_job = 0.01 * look.tax_pct * sp.base_keur_per_job
    stays = 1.0 - p.crowding_out
    net = 0.5 * p.horizon_years * x.jobs_per_yr * stays * (tax_per_job - fp.centrality_per_arrived_job)
    e.jobs[:, m] = 100.0 * (p.horizon_years * x.jobs_per_yr * stays + x.jobs) / jobs
    e.revenue[:, m] = 100.0 * (x.revenue + net) / budget
    e.cost[:, m] = 100.0 * x.cost / budget
    e.visible[:, m], e.delay[:, m] = x.visible, x.delay
    e.habit[:, m] = x.habit
    e.resources[:, m], e.social[:, m], e.ceded[:, m] = x.resources, x.social, x.ceded
