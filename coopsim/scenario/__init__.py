"""Scenario and case files: what a run is, validated before anything moves."""

from coopsim.scenario.document import document_model
from coopsim.scenario.events import EVENTS, Event, EventKind
from coopsim.scenario.governance import Governance
from coopsim.scenario.load import load_scenario
from coopsim.scenario.overlay import parse_override
from coopsim.scenario.parameters import Parameter, parameters, section_defaults
from coopsim.scenario.scenario import Scenario
from coopsim.scenario.shipped import shipped, shipped_cases, shipped_scenarios

__all__ = [
    "EVENTS",
    "Event",
    "EventKind",
    "Governance",
    "Parameter",
    "Scenario",
    "document_model",
    "load_scenario",
    "parameters",
    "parse_override",
    "section_defaults",
    "shipped",
    "shipped_cases",
    "shipped_scenarios",
]
