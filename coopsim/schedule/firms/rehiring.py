"""Phase 1, when firms close: what companies of a pact take over of the orders, and with them of the posts.

The claim that the most cooperative territories are the most resilient (Labo de l'ESS 2020) needs a channel: companies
of the same sector, in any member territory, take over a share of the lost posts. The share is ``rehired_share`` × what
the animation achieves × mean trust among members; none outside a pact. Workers who find another post in the pact are
the labour market's affair (``society.people.pact_rehire_share``).
"""

import numpy as np

from coopsim.schedule.journal import membership
from coopsim.society.pact_life import working
from coopsim.tables.companies import ACTING
from coopsim.types import FloatArray
from coopsim.world.state import World


def rehire(world: World, lost: FloatArray) -> None:
    """Give part of the lost posts to companies of the same sector inside each pact.

    Parameters
    ----------
    lost : FloatArray, shape (T, K), jobs
        Posts of the companies that have just closed, by territory and sector.
    """
    if world.params.pact_life.rehired_share <= 0.0:
        return
    for row in world.pacts.active:
        if lost[world.pacts.members[row]].any():
            _take_over(world, int(row), lost)


def _take_over(world: World, row: int, lost: FloatArray) -> None:
    p, c, s = world.params, world.companies, world.signals
    m = world.pacts.members[row]
    trust = world.ties.trust[np.ix_(m, m)].sum() / float(m.sum() * (m.sum() - 1))
    share = p.pact_life.rehired_share * working(p.pacts, p.pact_life, world.pacts, row) * float(trust)
    offered = share * lost[m].sum(axis=0)
    rows = c.rows()
    rows = rows[m[c.territory[rows]]]
    there = s.posts[m].sum(axis=0)
    grown = np.divide(
        offered, there, out=np.zeros_like(offered), where=there > 0.0
    )  # nobody of the trade: nothing
    more = c.jobs[rows] * grown[c.sector[rows]]
    c.jobs[rows] += more
    np.add.at(s.posts, (c.territory[rows], c.sector[rows]), more)
    np.add.at(s.acting, (c.territory[rows], c.sector[rows]), more * (c.stage[rows] == ACTING))
    code = world.places.code[int(world.pacts.president[row])]
    taken = float(more.sum())
    world.write(
        code, "pact", "rehired", amount=taken, outcome="rehired",
        reason_fr=f"des entreprises du pacte reprennent {taken:.0f} emplois sur {lost[m].sum():.0f} perdus",
        reason_en=f"companies of the pact take over {taken:.0f} of {lost[m].sum():.0f} lost jobs",
        **membership(world, row),
    )  # fmt: skip
