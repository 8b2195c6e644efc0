"""The local economy that public action makes: employment companies, energy works, purchases, contracts."""

from dataclasses import dataclass, field

import numpy as np

from coopsim.economy.ebe import EbeParams
from coopsim.economy.energy import WORKS, EnergyParams
from coopsim.economy.funders import FunderState
from coopsim.economy.moves import MoveParams
from coopsim.economy.prices import PriceParams
from coopsim.economy.procurement import ProcurementParams
from coopsim.economy.reciprocity import ReciprocityParams
from coopsim.economy.water_market import MarketState
from coopsim.types import BoolArray, FloatArray


@dataclass(frozen=True, slots=True)
class LocalParams:
    """Parameters of the local economy."""

    ebe: EbeParams
    energy: EnergyParams
    procurement: ProcurementParams
    moves: MoveParams
    reciprocity: ReciprocityParams
    prices: PriceParams


@dataclass(frozen=True, slots=True)
class Offer:
    """One contract of reciprocity that two councils may sign, with the rows of the territories."""

    giver: int
    taker: int
    gives: str
    share: float
    keur_per_yr: float
    years: int
    penalty_keur: float


@dataclass(slots=True)
class Contract:
    """A contract of reciprocity that was signed; it keeps its terms whatever the rules become.

    Attributes
    ----------
    offer : Offer
    signed : int, tick
    ended : int, tick
        -1 while it is in force.
    broken : bool
        Whether a side did not keep its word.
    """

    offer: Offer
    signed: int
    ended: int = -1
    broken: bool = False


@dataclass(slots=True)
class LocalState:
    """State of the local economy; shape (T,) unless said otherwise.

    Attributes
    ----------
    ebe_years : FloatArray, persons · yr
        Worked in employment companies since the start.
    ebe_paid, ebe_avoided : FloatArray, k€
        Contributions paid for them, and what the public accounts book as saved, since the start.
    sites : FloatArray, shape (2, T)
        Establishments connected to heat networks and to energy loops.
    given : FloatArray, shape (2, T), 0-1
        Part of the investment in them that was given.
    energy_saved : FloatArray, k€
        Saved by the establishments connected since the start; may be negative.
    fuel : FloatArray, m3/yr
        Wood that the heat networks burn.
    purchased : FloatArray, shape (T, K), k€/yr
        Orders beyond those of the start to which companies have adjusted.
    ebe_granted : FloatArray, posts
        Asked for by the council, where it decides.
    ebe_trust : FloatArray, 0-1
        Trust that the employment companies have won with the employment agency.
    flagship : FloatArray
        Facilities that the State has given.
    bids : BoolArray
        Who has answered the State's next offer.
    exempt : list of (int, FloatArray)
        Last tick of an exemption, and the jobs exempt of each territory.
    contracts : list of Contract
    water_market : MarketState or None
        None until quotas of water are sold.
    funders : FunderState or None
        None until a contract, a programme, a guarantee or own funds is in force.
    """

    ebe_years: FloatArray
    ebe_paid: FloatArray
    ebe_avoided: FloatArray
    sites: FloatArray
    given: FloatArray
    energy_saved: FloatArray
    fuel: FloatArray
    purchased: FloatArray
    ebe_granted: FloatArray
    ebe_trust: FloatArray
    flagship: FloatArray
    bids: BoolArray
    exempt: list[tuple[int, FloatArray]] = field(default_factory=list)
    contracts: list[Contract] = field(default_factory=list)
    water_market: MarketState | None = None
    funders: FunderState | None = None

    @classmethod
    def none(cls, t: int, k: int) -> "LocalState":
        """Return the state of a first day: nothing of all this."""
        return cls(
            ebe_years=np.zeros(t),
            ebe_paid=np.zeros(t),
            ebe_avoided=np.zeros(t),
            sites=np.zeros((len(WORKS), t)),
            given=np.zeros((len(WORKS), t)),
            energy_saved=np.zeros(t),
            fuel=np.zeros(t),
            purchased=np.zeros((t, k)),
            ebe_granted=np.zeros(t),
            ebe_trust=np.zeros(t),
            flagship=np.zeros(t),
            bids=np.zeros(t, np.bool_),
        )
