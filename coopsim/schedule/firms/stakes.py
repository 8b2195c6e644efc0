"""Public stakes in companies that their workers take over: they make more takeovers possible, and cost capital.

A territorial body may hold up to half of the capital of a SCIC (law of 10 September 1947, article 19 septies, since the
law of 31 July 2014; not verified against the text). Closing companies whose workers would carry on often lack equity:
the stake of the rules fills a part of that gap. The council pays its part of the equity of each takeover when it
happens. It gets no dividend (reserves of such companies are not shared out), and what it put in is gone if they close.
"""

import numpy as np

from coopsim.metrics import sum_by
from coopsim.tables.companies import SCIC, SCOP
from coopsim.types import BoolArray, FloatArray
from coopsim.world.state import World


def helped(world: World, takeover: FloatArray) -> FloatArray:
    """Return the chance that workers take a closing company over once the public stake is offered, shape (T,)."""
    stake = world.rules.council.public_stake
    if not stake.any():
        return takeover
    more = world.params.commitments.stake_takeovers * stake
    return np.minimum(takeover + more, 1.0)


def taken_over(world: World) -> BoolArray | None:
    """Return which companies belong to their workers already, one entry per row; None where nobody buys stakes."""
    if not world.rules.council.public_stake.any():
        return None
    c = world.companies
    form = c.form[: c.used]
    return np.asarray((form == SCOP) | (form == SCIC))


def buy(world: World, before: BoolArray | None) -> None:
    """Pay the stakes in the companies taken over since ``before``, in the same rows."""
    if before is None:
        return
    c, p = world.companies, world.params.commitments
    form = c.form[: before.size]
    new = ((form == SCOP) | (form == SCIC)) & ~before & c.alive[: before.size]
    if not new.any():
        return
    jobs = sum_by(c.territory[: before.size][new], c.jobs[: before.size][new], world.size)
    paid = world.rules.council.public_stake * p.stake_keur_per_job * jobs
    world.commitments.stakes = world.commitments.stakes + paid
    if world.spec.submodels.finance:
        world.finance.post("projects", paid)
