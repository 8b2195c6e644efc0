"""Water, land and wood: what comes in is what goes out and what stays."""

import numpy as np

from coopsim.resources.land import Use
from tests.system.balance import EXACT, LAND, Before, require, same


def check_water(world, before: Before) -> None:
    """At each node: inflow + boundary + runoff = outflow + consumption + change of groundwater."""
    del before
    gap = world.signals.water.get("imbalance", np.zeros(1))
    require(gap < EXACT, world, "water balance", float(np.max(gap, initial=0.0)))
    caused = world.signals.water.get("caused")
    above, needs = world.signals.water.get("above"), world.signals.water.get("needs")
    if above is not None and needs is not None and world.rules.local.water_block.any():
        require((above >= 0.0) & (above <= needs * (1 + EXACT) + EXACT), world, "more water dear than used")
    if caused is not None:
        require(caused <= world.signals.water["below"] + EXACT, world, "more low flow caused than seen")


def check_land(world, before: Before) -> None:
    """Uses sum to the area and equal what companies hold; natural land only falls, and only as booked."""
    uses, g = world.land.uses, world.land
    same(uses.sum(axis=1), world.places.area, world, "uses do not sum to the area")
    if not world.spec.submodels.land:
        return
    c = world.companies
    rows = c.rows()
    held = np.bincount(c.territory[rows], weights=c.land[rows], minlength=world.size)
    same(held, uses[:, Use.OCCUPIED], world, "companies' land is not the occupied land", LAND)
    same(g.ring.sum(axis=1), uses[:, Use.PIPELINE], world, "pipeline is not its ring", LAND)
    require(uses[:, Use.NAF] <= before.naf, world, "natural land rose")
    shielded = g.shielded - before.shielded
    require(shielded >= 0.0, world, "protection falls")
    same(
        uses[:, Use.PROTECTED] - before.protected,
        shielded,
        world,
        "protected land moved",
        scale=world.places.area,
    )
    require(g.met[:, 1:] <= g.asked[:, 1:] * (1 + EXACT) + EXACT, world, "more needs met than asked for")
    require(g.met.sum(axis=1) >= g.taken * (1 - EXACT) - EXACT, world, "land taken for nothing")
    same(g.lent.sum(), 0.0, world, "rights lent are not rights got", scale=np.abs(g.lent).sum())
    fallen = before.naf - uses[:, Use.NAF] - shielded
    booked = (g.consumed - before.consumed).sum(axis=1)
    same(fallen, booked, world, "consumed land is not the fall of natural land", scale=world.places.area)
    require((g.let_share >= 0.0) & (g.let_share <= 1.0 + LAND), world, "more leased than given")
    require(world.signals.leases >= 0.0, world, "rents below nothing")
    require(
        g.public <= uses[:, Use.VACANT] * (1 + LAND) + LAND,
        world,
        "more public plots than vacant land",
        (g.public - uses[:, Use.VACANT]).max(),
    )


def check_wood(world, before: Before) -> None:
    """ΔV = increment − harvest − losses, stratum by stratum; no cut above the stock."""
    f = world.wood
    lost = f.lost - before.lost
    require(lost >= 0.0, world, "wood comes back from the dead")
    if not world.spec.submodels.wood or not len(f):
        same(f.volume, before.volume - lost, world, "wood moves while switched off")
        return
    require(f.harvest <= (before.volume - lost) * (1 + EXACT) + EXACT, world, "harvest above the stock")
    if world.params.wood.growth == "logistic":
        same(f.volume, before.volume + f.increment - f.harvest - lost, world, "wood balance")
    if world.signals.wood.get("delivered") is not None:
        require(
            world.signals.wood["delivered"] <= f.harvest.sum() * (1 + EXACT),
            world,
            "deliveries above harvest",
        )
