r"""Business zones managed in common: what pooled services save, what they cost, and who signs the charter.

A company of *L* jobs saves :math:`b_i = s\,m\,\theta_i\,L_h / (L_h + L)` a job and year on services that it shares
(parking, logistics, workshops, waste): large companies have their own, and the more jobs take part (*m*, a share) the
more there is to share. All pay the same fee a job for those who animate. A company signs when it saves more than the
fee; fees and savings follow from who signs, until nobody changes.
"""

from dataclasses import dataclass, field

import numpy as np

from coopsim.metrics import sum_by
from coopsim.types import BoolArray, FloatArray, IntArray

_ROUNDS = 30


@dataclass(frozen=True, slots=True)
class ZoneParams:
    """Section ``economy.zones``.

    Attributes
    ----------
    saving_keur : float, k€/job/yr
        Of a very small company when all take part.
    saving_half_jobs : float, jobs
        Size at which half of it is left.
    taste_spread : float, 1
        Spread of the saving between companies of one size.
    fixed_fte, fte_per_1000_jobs : float, FTE
        Posts that animate a territory's zones.
    land_saving : float, 1
        Land per job that members spare by sharing yards and car parks.
    epci_take_up : float, 1
        Share of jobs that use shared services where the EPCI alone manages.
    temporary_return : float, 1/yr
        Brownfield that a full programme of temporary use brings back to the market.
    temporary_keur : float, k€
        Cost of one decision of temporary use.
    land_company_share : float, 1
        Share of free private plots that one decision of a public land company buys.
    """

    saving_keur: float
    saving_half_jobs: float
    taste_spread: float
    fixed_fte: float
    fte_per_1000_jobs: float
    land_saving: float
    epci_take_up: float
    temporary_return: float
    temporary_keur: float
    land_company_share: float


@dataclass(slots=True)
class ZoneState:
    """Zones of each territory, (T,).

    Attributes
    ----------
    share : FloatArray, 1
        Share of private jobs that take part.
    net : FloatArray, k€/job/yr
        What a mean private job saves, fee deducted.
    cost : FloatArray, k€
        Paid by councils since the start.
    years : IntArray, yr
        Years of charter in force since the start.
    """

    share: FloatArray
    net: FloatArray
    cost: FloatArray
    years: IntArray = field(default_factory=lambda: np.zeros(0, np.int64))

    @classmethod
    def founded(cls, territories: int) -> "ZoneState":
        """Return zones that nobody manages."""
        zero = np.zeros(territories)
        return cls(zero.copy(), zero.copy(), zero.copy(), np.zeros(territories, np.int64))


def animation_keur(p: ZoneParams, jobs: FloatArray, keur_per_fte: float) -> FloatArray:
    """Return what animating the zones of a territory costs, k€/yr, shape (T,)."""
    out: FloatArray = keur_per_fte * (p.fixed_fte + p.fte_per_1000_jobs * jobs / 1000.0)
    return out


def saving_per_job(p: ZoneParams, jobs: FloatArray, draw: FloatArray) -> FloatArray:
    """Return what companies save when all take part, k€/job/yr; ``draw`` uniform (0, 1), same shape."""
    taste = 1.0 + p.taste_spread * (2.0 * draw - 1.0)
    out: FloatArray = p.saving_keur * taste * p.saving_half_jobs / (p.saving_half_jobs + jobs)
    return out


def signatories(
    territory: IntArray, jobs: FloatArray, saving: FloatArray, cost: FloatArray, asked: BoolArray
) -> tuple[BoolArray, FloatArray, FloatArray]:
    """Return who signs a charter where one is put to the occupants.

    Starting from all, companies that pay more than they save leave, until nobody does: the largest set of
    signatories that holds.

    Parameters
    ----------
    territory, jobs, saving : shape (N,)
        Row, jobs and full saving (k€/job/yr) of each private company.
    cost : FloatArray, shape (T,), k€/yr
    asked : BoolArray, shape (T,)

    Returns
    -------
    signs : BoolArray, shape (N,)
    share, net : FloatArray, shape (T,)
        Share of private jobs that sign; saving less fee of a mean private job, k€/yr.
    """
    t = cost.size
    every = np.maximum(sum_by(territory, jobs, t), 1e-12)
    signs = asked[territory]
    for _ in range(_ROUNDS):
        inside = sum_by(territory, jobs * signs, t)
        share = inside / every
        fee = np.divide(cost, inside, out=np.full(t, np.inf), where=inside > 0.0)
        stays = signs & (saving * share[territory] > fee[territory])
        if (stays == signs).all():
            break
        signs = stays
    inside = sum_by(territory, jobs * signs, t)
    share = inside / every
    gain = sum_by(territory, jobs * signs * saving, t) * share - np.where(inside > 0.0, cost, 0.0)
    return signs, share, gain / every
