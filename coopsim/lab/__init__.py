"""Laboratories: limit cases that the ordinary engine, reduced by a scenario file, must reproduce.

Each is a scenario under ``scenarios/lab/`` with a ``[theory]`` table. This package maps the laboratory's
parameters to scenario keys, runs the engine, reads the world and compares with the closed form.
"""

from coopsim.lab.experiments import run_lab
from coopsim.lab.info import LabInfo, ParameterInfo, ResultInfo, labs
from coopsim.lab.results import Comparison, LabResult

__all__ = ["Comparison", "LabInfo", "LabResult", "ParameterInfo", "ResultInfo", "labs", "run_lab"]
