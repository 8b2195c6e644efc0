"""Phase 5, once a year: who manages the business zones, what occupants share, and whether their charter holds."""

import numpy as np

from coopsim.economy import siting_zones as zone
from coopsim.metrics import sum_by
from coopsim.rng import Purpose, uniform
from coopsim.scenario.dates import TICKS_PER_YEAR
from coopsim.types import BoolArray, FloatArray
from coopsim.world.land_rules import MANAGERS
from coopsim.world.state import World

_EPCI, _CHARTER = MANAGERS.index("epci"), MANAGERS.index("charter")


def zones_year(world: World) -> None:
    """Renew the charters and what the EPCI does in their place; occupants pay a charter, the council pays its own."""
    state, manager = world.zones, world.rules.plots.manager
    helped = world.programme("share_zone")
    if world.tick % TICKS_PER_YEAR or not (manager.any() or state.share.any() or helped.any()):
        return
    p, c, t = world.params.zones, world.companies, world.size
    rows = c.rows()
    rows = rows[~world.sectors.public[c.sector[rows]]]
    where, jobs = c.territory[rows], c.jobs[rows]
    every = sum_by(where, jobs, t)
    cost = zone.animation_keur(p, every, world.params.finance.animation_cost_per_fte)
    saving = zone.saving_per_job(p, jobs, uniform(world.seed, Purpose.ZONE, c.id[rows], 0))
    charter = manager == _CHARTER
    _, share, net = zone.signatories(where, jobs, saving, cost, charter)
    holds = charter & (share > 0.0) & (share >= world.rules.plots.majority)
    _write(world, holds, share)
    epci = manager == _EPCI
    # where nobody manages, a programme of the council does a part of it, already paid
    level = p.epci_take_up * np.where(epci, 1.0, np.where(manager == 0, helped, 0.0))
    mean = sum_by(where, jobs * saving, t) / np.maximum(every, 1e-12)
    state.years = state.years + holds
    state.share = np.where(holds, share, level)
    state.net = np.where(holds, net, level**2 * mean)
    paid = np.where(epci, cost, 0.0)
    state.cost = state.cost + paid
    if world.spec.submodels.finance and epci.any():
        world.finance.post("animation", paid)


def _write(world: World, holds: BoolArray, share: FloatArray) -> None:
    before = (world.zones.share > 0.0) & (world.rules.plots.manager == _CHARTER)
    for i in np.flatnonzero(holds != before):
        name, percent = world.places.name[i], 100.0 * share[i]
        on = bool(holds[i])
        world.write(
            world.places.code[i], "zone", "charter", amount=float(share[i]), outcome="signed" if on else "ended",
            reason_fr=f"{name} : charte des zones {'signée' if on else 'sans majorité'} "
            f"({percent:.0f} % des emplois)",
            reason_en=f"{name}: charter of the zones {'signed' if on else 'without a majority'} "
            f"({percent:.0f} % of jobs)",
        )  # fmt: skip


def density_factor(world: World) -> FloatArray | float:
    """Return the land wanted per job over what it would be without shared plots, shape (T,) or 1."""
    if not world.zones.share.any():
        return 1.0
    out: FloatArray = 1.0 - world.params.zones.land_saving * world.zones.share
    return out


def indicators(world: World) -> dict[str, FloatArray]:
    """Return the indicators of zones, each (T,)."""
    return {"zone_members_share": world.zones.share, "zone_saving_keur_per_job": world.zones.net}
