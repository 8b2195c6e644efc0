r"""Industrial ecology: companies that give and take by-products, brought together by an animator.

Once a year an animator of territory *i* approaches :math:`\lfloor \lambda a_i + u \rfloor` companies that have a
by-product to give (*a* the level of the programme, *u* a uniform draw): each is offered to the first company of each
territory in the radius that wants it. Inside a territory the two agree; across a border they do with the chance of
the trust between the territories; of those who agree the first is taken. An exchange ends when one side closes, moves
out of the radius, or with a yearly chance. It replaces a share of the wood that the taker buys, of the water of both,
and lowers the costs of both.
"""

from dataclasses import dataclass

import numpy as np

from coopsim.economy.synergy_kernels import match
from coopsim.rng import Purpose, stream_key, uniform
from coopsim.tables import CompanyTable, SectorTable
from coopsim.types import FloatArray, IdArray, IntArray


@dataclass(frozen=True, slots=True)
class SynergyParams:
    """Section ``economy.synergies``; units, ranges and sources stand in the parameter file."""

    contacts_per_yr: float
    radius_minutes: float
    min_jobs: float
    ends_per_yr: float
    wood_saving_share: float
    water_saving_share: float
    cost_saving_keur_per_job: float


@dataclass(slots=True)
class Exchanges:
    """What exchanges of by-products do, as phases read it until the next spring.

    Attributes
    ----------
    taking, linked : FloatArray, shape (T, K), jobs
        Posts of the companies that take a by-product, and of all that exchange one.
    count : FloatArray, shape (T,)
        Companies that give.
    ended : FloatArray, shape (T,)
        Exchanges ended since the start, by territory of the company left alone; cumulated.
    """

    taking: FloatArray
    linked: FloatArray
    count: FloatArray
    ended: FloatArray

    @classmethod
    def none(cls, territories: int, sectors: int) -> "Exchanges":
        """Return a world without exchanges."""
        zero = np.zeros((territories, sectors))
        return cls(zero, zero.copy(), np.zeros(territories), np.zeros(territories))

    def share(self, posts: FloatArray, *, taking: bool = False) -> FloatArray:
        """Return the share of posts in companies that exchange (or take), shape (T, K)."""
        part = self.taking if taking else self.linked
        out: FloatArray = np.clip(part / np.maximum(posts, 1e-12), 0.0, 1.0)
        return out


def seek(
    p: SynergyParams,
    companies: CompanyTable,
    sectors: SectorTable,
    places: IdArray,
    minutes: FloatArray,
    trust: FloatArray,
    level: FloatArray,
    seed: int,
    tick: int,
) -> int:
    """Let animators bring free companies together; returns the exchanges made.

    Parameters
    ----------
    places : IdArray, shape (T,)
        Ids of the territories.
    minutes, trust : FloatArray, shape (T, T)
    level : FloatArray, shape (T,), 0-1
        Level of the animation programme.
    """
    contacts = np.floor(p.contacts_per_yr * level + uniform(seed, Purpose.SYNERGY, places, tick)).astype(
        np.int64
    )
    contacts[level <= 0.0] = 0
    if not contacts.any():
        return 0
    c = companies
    free = c.alive[: c.used] & (c.partner[: c.used] == 0) & (c.jobs[: c.used] >= p.min_jobs)
    kind = c.sector[: c.used]
    luck = np.ones(c.used)
    here = np.flatnonzero(free & ((sectors.offered[kind] >= 0) | (sectors.wanted[kind] >= 0)))
    luck[here] = uniform(seed, Purpose.SYNERGY, c.id[here], tick, 1)
    givers, first_giver = _sorted(here[sectors.offered[kind[here]] >= 0], c.territory, luck, places.size)
    takers, first_taker = _sorted(here[sectors.wanted[kind[here]] >= 0], c.territory, luck, places.size)
    order = np.argsort(uniform(seed, Purpose.SYNERGY, places, tick, 2))
    return int(
        match(
            stream_key(seed, Purpose.SYNERGY, tick, 3), p.radius_minutes, order, contacts, minutes, trust,
            givers, first_giver, takers, first_taker, luck, c.id[: c.used], kind, sectors.offered, sectors.wanted,
            c.partner[: c.used],
        )
    )  # fmt: skip


def _sorted(rows: IntArray, territory: IntArray, luck: FloatArray, size: int) -> tuple[IntArray, IntArray]:
    """Return rows by territory, then luck, and the bounds of each territory among them, shape (T + 1,)."""
    rows = rows[np.lexsort((luck[rows], territory[rows]))]
    return rows, np.searchsorted(territory[rows], np.arange(size + 1))


def tally(companies: CompanyTable, sectors: SectorTable, exchanges: Exchanges) -> None:
    """Write who exchanges into ``exchanges``: posts by territory and sector, givers by territory."""
    c = companies
    rows = np.flatnonzero((c.partner[: c.used] > 0) & c.alive[: c.used])
    other = c.partner[rows] - 1
    offers, wants = sectors.offered[c.sector], sectors.wanted[c.sector]
    takes = (wants[rows] >= 0) & (wants[rows] == offers[other])
    # two companies that could each take what the other gives: the one with the larger id takes
    both = takes & (offers[rows] >= 0) & (wants[other] == offers[rows])
    takes &= ~both | (c.id[rows] > c.id[other])
    for out, part in ((exchanges.linked, np.ones_like(takes)), (exchanges.taking, takes)):
        out[:] = 0.0
        np.add.at(out, (c.territory[rows[part]], c.sector[rows[part]]), c.jobs[rows[part]])
    exchanges.count[:] = np.bincount(c.territory[rows[~takes]], minlength=exchanges.count.size)
