"""Quotas of water: volumes that a use may consume in a season, held for good, and in one rule sold between holders.

A quota comes before the river: it bounds what companies and irrigation ask for. What the river then lacks is shared
by the State's drought stages, which no quota lifts. Volumes count water consumed, not withdrawn, so that a sale
takes nothing from the river below the buyer and the seller: what a use gives back, it gives back whoever holds the
right.

Fixed volumes shared between irrigators are French law (collective bodies, code de l'environnement R211-112 and
R214-31-1); their sale is not: the right to withdraw cannot be sold in France today. It can in the Murray-Darling
basin, in Spain and in Chile, which is what the second rule studies. Drinking water is outside both.
"""

from dataclasses import dataclass
from typing import ClassVar

from coopsim.governance.water_allocation import WATER, WaterContext
from coopsim.i18n import Text
from coopsim.registry import Traits
from coopsim.types import FloatArray

_MOST = 10.0


@WATER.register("quota")
@dataclass(frozen=True, slots=True)
class Quota:
    """Fixed volumes for companies and irrigation, then the State's drought stages.

    Parameters
    ----------
    volume_share : float, 1
        Volumes given, as a share of what the same season of a mean year of the start consumes.
    per_head : bool
        Whether the volume of a basin is given by inhabitants instead of by what each consumed.
    """

    volume_share: float = 0.9
    per_head: bool = False

    traits: ClassVar[Traits] = Traits(
        Text(
            "volumes fixes pour les entreprises et l'irrigation, puis les restrictions de l'État",
            "fixed volumes for companies and irrigation, then the State's restrictions",
        ),
        "Code de l'environnement, articles R211-112 and R214-31-1",
        ("LC58",),
    )
    kernel_code: ClassVar[int] = 2  # that of the State's rule, which shares what the river lacks

    def __post_init__(self) -> None:
        if not 0.0 <= self.volume_share <= _MOST:
            raise ValueError("volume_share must lie in 0-10")

    def ration(self, context: WaterContext) -> FloatArray:
        """Return demand, which is within the quotas already, cut by the drought stages."""
        return context.walk(context.state_wish, state=True)[0]


@WATER.register("tradable_quota")
@dataclass(frozen=True, slots=True)
class TradableQuota(Quota):
    """The same volumes, which holders of one basin may sell to each other each season.

    Parameters
    ----------
    transaction_eur_per_m3 : float, EUR/m3
        Cost of a sale (contract, meter, approval), paid by the buyer, by m3 consumed.
    """

    transaction_eur_per_m3: float = 0.05

    traits: ClassVar[Traits] = Traits(
        Text(
            "volumes fixes que leurs titulaires peuvent se vendre dans le bassin (hors du droit français actuel)",
            "fixed volumes that their holders may sell in the basin (outside French law today)",
        ),
        "Montgomery (1972), Journal of Economic Theory 5; Stavins (1995), J. Environ. Econ. Manage. 29",
        ("LC58",),
    )

    def __post_init__(self) -> None:
        Quota.__post_init__(self)
        if self.transaction_eur_per_m3 < 0.0:
            raise ValueError("transaction_eur_per_m3 must not be negative")
