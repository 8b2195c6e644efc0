"""Games that strategic makers play on the engine: taxes, a stock, a commons, a common good, a river."""

from coopsim.society.games.commons import CommonsGame
from coopsim.society.games.effort import EffortGame
from coopsim.society.games.harvest import HarvestGame, StockMap
from coopsim.society.games.river import RiverGame
from coopsim.society.games.tax import TaxGame

__all__ = ["CommonsGame", "EffortGame", "HarvestGame", "RiverGame", "StockMap", "TaxGame"]
