"""The world: all state of a run, and how it is founded from a scenario and a case."""

from coopsim.world.founding import founded
from coopsim.world.state import Params, Places, Rivers, Signals, World

__all__ = ["Params", "Places", "Rivers", "Signals", "World", "founded"]
