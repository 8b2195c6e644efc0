"""Resilience after a shock: depth, recovery time and area lost, between two runs of one world."""

from coopsim.resilience.measures import RECOVERED, Setback, setback
from coopsim.resilience.study import Resilience, middle, parsed_event, resilience, twins

__all__ = ["RECOVERED", "Resilience", "Setback", "middle", "parsed_event", "resilience", "setback", "twins"]
